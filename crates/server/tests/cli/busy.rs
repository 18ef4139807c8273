//! Somebody tracks a message that is a lot of work, and everybody else is answered meanwhile. The server has a single
//! thread for all requests: whatever held it up would hold up all of them.

use crate::running::{Running, heard};
use crate::world::{EVA, World, count, letter, maildir};
use std::fmt::Write as _;
use store::Db;
use store::content::{Part, get};

const BO: &str = "bo@example.test";

#[test]
fn a_message_of_50_mb_holds_up_nobody_on_sqlite() {
    others_are_answered(World::on_sqlite(), &of_50_mb());
}

#[test]
fn a_message_of_50_mb_holds_up_nobody_on_postgres() {
    others_are_answered(World::on_postgres(), &of_50_mb());
}

#[test]
fn a_message_to_10_000_holds_up_nobody_on_sqlite() {
    others_are_answered(World::on_sqlite(), &to_10_000());
}

#[test]
fn a_message_to_10_000_holds_up_nobody_on_postgres() {
    others_are_answered(World::on_postgres(), &to_10_000());
}

/// Half of it a file, half of it words that are indexed. Without Message-ID: all of it is hashed.
fn of_50_mb() -> String {
    let mut text = String::from(
        "From: bo@contoso.example\r\nTo: eva@example.test\r\nSubject: Ritning\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
    );
    while text.len() < 25_000_000 {
        text.push_str("Hej Eva, här är ritningen av bron över ån, som vi talade om i går.\r\n");
    }
    text.push_str(
        "--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=ritning.pdf\r\n\r\n",
    );
    while text.len() < 50_000_000 {
        text.push_str("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n");
    }
    text + "--b--\r\n"
}

fn to_10_000() -> String {
    let mut text = String::from(
        "From: bo@contoso.example\r\nMessage-ID: <many@contoso.example>\r\nTo: eva@example.test",
    );
    for number in 0..10_000 {
        let _ = write!(text, ",\r\n Person {number} <person{number}@contoso.example>");
    }
    text + "\r\nSubject: Till alla\r\n\r\nHej!\r\n"
}

/// Eva has the heavy message and Bo a light one, each in a mailbox of their own; their tokens and mailboxes.
fn people(world: &World, heavy: &str) -> [(String, String); 2] {
    let add = ["user", "add", BO, "--name", "Bo By", "--password-stdin"];
    world.run_with("hemligt och långt\n", &add).expect(0);
    [(EVA, heavy.to_owned()), (BO, letter("light"))].map(|(who, message)| {
        let path = world.path(who);
        maildir(&path, &[message]);
        let add = ["mailbox", "add", "--user", who, "--maildir", path.to_str().unwrap()];
        let mailbox = world.run(&add).expect(0).out.trim().to_owned();
        (world.run(&["token", "create", "--user", who]).expect(0).out, mailbox)
    })
}

fn others_are_answered(world: World, heavy: &str) {
    let world = world.with_eva();
    let [(eva, hers), (bo, his)] = people(&world, heavy);
    let mut command = world.command(&["serve"]);
    command.env("TOKIO_WORKER_THREADS", "1");
    let server = Running::start(command);
    let click = format!("_method=PUT&mailbox={hers}&folder=INBOX&uid=1");
    let pane = format!("/pane?mailbox={his}&folder=INBOX&uid=1");
    let others = [(&eva, "/"), (&bo, "/mail"), (&bo, pane.as_str()), (&bo, "/records/account")];

    let meanwhile = world.look(async |db| {
        let click = server.send_as(&eva, "/pane/tracking", &click);
        let mut meanwhile = 0;
        loop {
            for (who, door) in others {
                let answer = server.get_as(who, door);
                assert!(
                    answer.starts_with("HTTP/1.1 200 ") || answer.starts_with("HTTP/1.1 303 "),
                    "{door}: {answer}"
                );
            }
            // All were answered, and only now it is looked whether the copy is there.
            if is_stored(db).await {
                break;
            }
            meanwhile += 1;
        }
        let answer = heard(click);
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        let email = db.rows("SELECT activityid FROM email", &[]).await.unwrap()[0].guid(0).unwrap();
        let copy = get(db, email, Part::Raw).await.unwrap().unwrap();
        assert!(copy == heavy.as_bytes(), "the copy is the message");
        meanwhile
    });
    eprintln!("{meanwhile} times all others were answered before the copy was there");
    assert!(meanwhile >= 3, "others were held up");
}

async fn is_stored(db: &Db) -> bool {
    count(db, "email WHERE contentstate = 1").await == 1
}
