use super::*;
use proptest::prelude::*;
use std::fmt::Write;

const MIXED: &str = "multipart/mixed;boundary=batch_1";
const HTTP: &str = "Content-Type: application/http\nContent-Transfer-Encoding: binary\n";

/// Each request on a line of its own; those of a change set behind a stroke.
fn summary(parts: &[Part]) -> String {
    let mut out = String::new();
    let mut line = |mark: &str, it: &Request| {
        let id = it.content_id.as_deref().unwrap_or("-");
        let headers: Vec<String> = it.headers.iter().map(|it| format!("{}={}", it.0, it.1)).collect();
        let body = String::from_utf8_lossy(&it.body).replace("\r\n", "\n");
        let after = if it.depends_on.is_empty() {
            String::new()
        } else {
            format!(" after {}", it.depends_on.join(","))
        };
        let _ = writeln!(out, "{mark}{id} {} {} {headers:?} {body:?}{after}", it.method, it.url);
    };
    for part in parts {
        match part {
            Part::One(it) => line("", it),
            Part::ChangeSet(all) => all.iter().for_each(|it| line("| ", it)),
        }
    }
    out
}

/// With both kinds of line ends.
#[track_caller]
fn check(body: &str, expected: &str) {
    for body in [body.to_owned(), body.replace('\n', "\r\n")] {
        let batch = parse(MIXED, body.as_bytes()).unwrap_or_else(|it| panic!("{body}: {it}"));
        assert_eq!((summary(&batch.parts).as_str(), batch.form), (expected, Form::Multipart), "{body}");
    }
}

#[track_caller]
fn check_json(body: &str, expected: &str) {
    let batch = parse("application/json;odata.metadata=minimal", body.as_bytes());
    let batch = batch.unwrap_or_else(|it| panic!("{body}: {it}"));
    assert_eq!((summary(&batch.parts).as_str(), batch.form), (expected, Form::Json), "{body}");
}

#[track_caller]
fn check_refused(content_type: &str, body: &str, expected: &str) {
    let refused = parse(content_type, body.as_bytes()).expect_err("It is refused").to_string();
    assert!(refused.contains(expected), "{refused}");
}

#[test]
fn requests_stand_between_boundaries() {
    check("--batch_1--", "");
    check(
        &format!(
            "A preamble\n--batch_10\n--batch_1\n{HTTP}\nGET accounts?$top=1 HTTP/1.1\nAccept: a/b\n\n\n\
             --batch_1  \n{HTTP}\nDELETE https://crm.example/api/data/v9.2/accounts(1)\n--batch_1--\nAn epilogue"
        ),
        "- GET accounts?$top=1 [\"Accept=a/b\"] \"\"\n\
         - DELETE https://crm.example/api/data/v9.2/accounts(1) [] \"\"\n",
    );
}

#[test]
fn a_change_set_is_a_batch_within() {
    check(
        &format!(
            "--batch_1\nContent-Type: multipart/mixed; boundary=\"c\"\n\n\
             --c\n{HTTP}Content-ID: 1\n\n\npost /api/data/v9.2/accounts HTTP/1.1\nX: a\n b\n\n{{\"name\":\n\"x\"}}\n\
             --c\n{HTTP}\nPATCH $1/name HTTP/1.1\ncontent-id: 2\n\n{{}}\n--c--\n\n\
             --batch_1\n{HTTP}\nGET $2 HTTP/1.1\n\n--batch_1--\n"
        ),
        "| 1 POST /api/data/v9.2/accounts [\"X=a b\"] \"{\\\"name\\\":\\n\\\"x\\\"}\"\n\
         | 2 PATCH $1/name [\"content-id=2\"] \"{}\"\n\
         - GET $2 [] \"\"\n",
    );
}

#[test]
fn json_batches_have_groups_that_hold_whole() {
    check_json(
        r#"{"requests":[
            {"id":"a","method":"get","url":"accounts","headers":{"accept":"x"}},
            {"id":"b","atomicityGroup":"g","method":"POST","url":"accounts","body":{"n" : 1.000000000000000000001}},
            {"id":"c","atomicityGroup":"g","dependsOn":["b"],"method":"PATCH","url":"$b","body":null},
            {"id":"d","atomicityGroup":"h","dependsOn":["g"],"method":"PUT","url":"x","headers":{"Content-Type":"text/plain"},"body":"t\"ext"},
            {"id":"e","method":"PUT","url":"x","headers":{"content-type":"image/png"},"body":"_-8"}]}"#,
        "a GET accounts [\"accept=x\"] \"\"\n\
         | b POST accounts [] \"{\\\"n\\\" : 1.000000000000000000001}\"\n\
         | c PATCH $b [] \"\" after b\n\
         | d PUT x [\"Content-Type=text/plain\"] \"t\\\"ext\" after g\n\
         e PUT x [\"content-type=image/png\"] \"\u{fffd}\u{fffd}\"\n",
    );
    check_json(r#"{"requests":[]}"#, "");
}

#[test]
fn what_is_no_batch_is_refused() {
    for (content_type, body, expected) in [
        ("text/plain", "", "sent as multipart/mixed with a boundary, or as application/json"),
        ("multipart/mixed", "--b--", "needs a boundary"),
        ("multipart/mixed; boundary=\"\"", "----", "needs a boundary"),
        (MIXED, "", "without its last boundary, --batch_1--"),
        (
            MIXED,
            "--batch_1\nContent-Type: application/http\n\nGET x HTTP/1.1\n\n",
            "without its last boundary",
        ),
        (MIXED, "--batch_1\n\nGET x HTTP/1.1\n\n--batch_1--", "needs “Content-Type: application/http”"),
        (
            MIXED,
            "--batch_1\nnonsense\n\n--batch_1--",
            "Expected a header or an empty line, but “nonsense” follows",
        ),
        (MIXED, "--batch_1\nA: \u{1}\n\n--batch_1--", "bytes that are no text"),
        (MIXED, "--batch_1\nContent-Type: application/http\n\n--batch_1--", "Expected a request such as"),
        (
            MIXED,
            "--batch_1\nContent-Type: application/http\n\nG\u{c5}T x\n--batch_1--",
            "Expected a request such as",
        ),
        (
            MIXED,
            "--batch_1\nContent-Type: application/http\n\nGET x y z\n--batch_1--",
            "Expected a request such as",
        ),
        (
            MIXED,
            "--batch_1\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\n\nGET x\n--c--\n--batch_1--",
            "GET stands outside",
        ),
        (
            MIXED,
            "--batch_1\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: multipart/mixed; boundary=d\n\n--c--\n--batch_1--",
            "cannot hold a change set",
        ),
        ("application/json", "", "Line 1, column 0 of the batch"),
        ("application/json", "{\"requests\":[{\"url\":\"x\"}]}", "Line 1,"),
        (
            "application/json",
            "{\"requests\":[{\"method\":\"GET X\",\"url\":\"x\"}]}",
            "Request 1: The method is one such as",
        ),
        (
            "application/json",
            "{\"requests\":[{\"method\":\"GET\",\"url\":\"x\\r\\ny\"}]}",
            "no control characters",
        ),
        (
            "application/json",
            "{\"requests\":[{\"method\":\"GET\",\"url\":\"x\",\"id\":\"1\"},{\"method\":\"GET\",\"url\":\"x\",\"id\":\"1\"}]}",
            "the id “1”",
        ),
    ] {
        check_refused(content_type, body, expected);
    }
    let grouped =
        |group: &str| format!("{{\"method\":\"POST\",\"url\":\"x\",\"atomicityGroup\":\"{group}\"}}");
    let apart = format!("{{\"requests\":[{},{},{}]}}", grouped("a"), grouped("b"), grouped("a"));
    check_refused("application/json", &apart, "group “a” do not stand together");
}

#[test]
fn more_than_a_thousand_requests_are_refused() {
    let one = format!("--batch_1\n{HTTP}\nGET x HTTP/1.1\n\n");
    let of = |count: usize| format!("{}--batch_1--", one.repeat(count));
    assert_eq!(parse(MIXED, of(1_000).as_bytes()).map(|it| it.parts.len()), Ok(1_000));
    check_refused(MIXED, &of(1_001), "at most 1000 requests");
    let set = format!("--c\n{HTTP}\nPOST x HTTP/1.1\n\n").repeat(600);
    let set = format!("--batch_1\nContent-Type: multipart/mixed; boundary=c\n\n{set}--c--\n");
    check_refused(MIXED, &format!("{set}{set}--batch_1--"), "at most 1000 requests");
    let requests = vec!["{\"method\":\"GET\",\"url\":\"x\"}"; 1_001].join(",");
    check_refused("application/json", &format!("{{\"requests\":[{requests}]}}"), "at most 1000 requests");
}

fn answer(id: &str, status: u16, body: &str) -> Answer {
    Answer {
        content_id: Some(id.to_owned()),
        group: None,
        status,
        headers: vec![("OData-Version".to_owned(), "4.0".to_owned())],
        body: body.as_bytes().to_vec(),
    }
}

#[test]
fn answers_are_written_as_they_were_asked_for() {
    let answers = [
        AnswerPart::One(Answer { content_id: None, ..answer("", 200, "{\"a\": 1.00}") }),
        AnswerPart::ChangeSet(vec![answer("1", 204, ""), answer("2", 412, "{}")]),
    ];
    let (content_type, body) = write(Form::Multipart, &answers, "b1");
    assert_eq!(content_type, "multipart/mixed; boundary=b1");
    let head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n";
    assert_eq!(
        String::from_utf8_lossy(&body),
        format!(
            "--b1\r\n{head}\r\nHTTP/1.1 200 OK\r\nOData-Version: 4.0\r\n\r\n{{\"a\": 1.00}}\r\n\
             --b1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_b1_1\r\n\r\n\
             --changesetresponse_b1_1\r\n{head}Content-ID: 1\r\n\r\nHTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n\r\n\r\n\
             --changesetresponse_b1_1\r\n{head}Content-ID: 2\r\n\r\nHTTP/1.1 412 Precondition Failed\r\nOData-Version: 4.0\r\n\r\n{{}}\r\n\
             --changesetresponse_b1_1--\r\n--b1--\r\n"
        )
    );
}

#[test]
fn json_answers_embed_what_is_json() {
    let mut picture = answer("c", 200, "");
    picture.headers = vec![("Content-Type".to_owned(), "image/png".to_owned())];
    picture.body = vec![0xff, 0xef];
    let mut text = answer("d", 200, "5");
    text.headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
    let grouped = Answer { group: Some("g".to_owned()), ..answer("b", 204, "") };
    let answers = [
        AnswerPart::One(answer("a", 200, "{\"a\": 1.00}")),
        AnswerPart::ChangeSet(vec![grouped]),
        AnswerPart::One(picture),
        AnswerPart::One(text),
    ];
    let (content_type, body) = write(Form::Json, &answers, "");
    assert!(content_type.starts_with("application/json"));
    assert_eq!(
        String::from_utf8_lossy(&body),
        "{\"responses\":[\
         {\"id\":\"a\",\"status\":200,\"headers\":{\"odata-version\":\"4.0\"},\"body\":{\"a\": 1.00}},\
         {\"id\":\"b\",\"atomicityGroup\":\"g\",\"status\":204,\"headers\":{\"odata-version\":\"4.0\"}},\
         {\"id\":\"c\",\"status\":200,\"headers\":{\"content-type\":\"image/png\"},\"body\":\"_-8\"},\
         {\"id\":\"d\",\"status\":200,\"headers\":{\"content-type\":\"text/plain\"},\"body\":\"5\"}]}"
    );
}

/// Requests as a client writes them.
fn written(parts: &[Part]) -> String {
    let mut out = String::new();
    let mut one = |boundary: &str, it: &Request| {
        let _ = write!(out, "--{boundary}\r\n{}", HTTP.replace('\n', "\r\n"));
        if let Some(id) = &it.content_id {
            let _ = write!(out, "Content-ID: {id}\r\n");
        }
        let _ = write!(out, "\r\n{} {} HTTP/1.1\r\n", it.method, it.url);
        for (name, value) in &it.headers {
            let _ = write!(out, "{name}: {value}\r\n");
        }
        let _ = write!(out, "\r\n{}\r\n", String::from_utf8_lossy(&it.body));
    };
    for part in parts {
        match part {
            Part::One(it) => one("batch_1", it),
            Part::ChangeSet(all) => all.iter().for_each(|it| one("batch_1", it)),
        }
    }
    out + "--batch_1--"
}

proptest! {
    #[test]
    fn what_a_client_writes_is_read_as_it_was_meant(
        requests in proptest::collection::vec(
            ("[A-Z]{3,6}", "[!-~å]{1,20}", proptest::option::of("[a-z0-9]{1,4}"), "[A-Z][a-z-]{0,9}x", "[!-~å]{0,9}", "(\\{[ -~å\r\n]{0,30}\\})?"),
            0..5,
        )
    ) {
        let parts: Vec<Part> = requests
            .into_iter()
            .map(|(method, url, content_id, name, value, body)| Part::One(Request {
                content_id,
                method,
                url,
                headers: vec![(name, value)],
                body: body.into_bytes(),
                ..Request::default()
            }))
            .collect();
        let text = written(&parts);
        prop_assert_eq!(parse(MIXED, text.as_bytes()), Ok(Batch { form: Form::Multipart, parts }), "{}", text);
    }

    #[test]
    fn no_batch_panics(pieces in proptest::collection::vec(
        proptest::sample::select(vec![
            "--b", "--c", "--", "\r\n", "\n", "\n\n", "Content-Type: ", "application/http", "multipart/mixed; boundary=c",
            "Content-ID: 1\n", "GET x HTTP/1.1\n", "POST y\n", "{}", ":", "\"", " ", "å",
        ]),
        0..60,
    )) {
        let body = pieces.concat();
        let _ = parse("multipart/mixed; boundary=b", body.as_bytes());
        let _ = parse("application/json", body.as_bytes());
    }
}
