//! What has to hold of any bytes. The fuzz target and the test that replays its seeds both use it.

use formats::odata::{Expr, Options, batch, expr, options, path, prefer};

/// Panics when something does that must not.
pub fn read(bytes: &[u8]) {
    let batch_type = "multipart/mixed; boundary=b";
    for content_type in [batch_type, "application/json"] {
        let _ = batch::parse(content_type, bytes);
    }
    let known = |id: &str| (id.len() < 3).then(|| "accounts(1)".to_owned());
    let followed = batch::follow_in_body(bytes, &known);
    assert!(followed.len() <= bytes.len() * 12, "A reference grows by no more than what it stands for");
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = batch::follow_in_url(text, &known);
    let _ = prefer::parse(text).annotations.wants(text);
    let _ = path::parse(text);
    if let Ok(found) = expr::parse(text) {
        is_written_as_it_is_read(&found);
    }
    if let Ok(found) = options::parse(text).and_then(Options::resolve) {
        found.filter.iter().for_each(is_written_as_it_is_read);
    }
}

/// Compared as text, because NaN is no equal of itself.
fn is_written_as_it_is_read(expr: &Expr) {
    let text = expr.to_string();
    match expr::parse(&text) {
        Ok(again) => assert_eq!(again.to_string(), text),
        // Resolved aliases may grow beyond what is read from one text.
        Err(why) => assert!(
            why.what.contains("nested")
                || why.what.contains("bytes")
                || why.what.contains("follow each other"),
            "{text}: {why}"
        ),
    }
}
