//! Where one whole response of a server ends, and what its last line says. Pure.

use crate::{MESSAGE_LIMIT, Trouble};

/// No response is longer: a message of the largest size, and what the server says around it.
const LIMIT: u64 = MESSAGE_LIMIT + 1024 * 1024;

/// Remembers what was already looked at, so that a large message is not searched again with each packet.
#[derive(Debug, Default)]
pub struct Reach {
    /// Where the present line starts: after the last literal.
    line: usize,
    /// Everything before is known to hold no further line end.
    looked: usize,
}

impl Reach {
    /// How far the first response in `arrived` reaches; none when it has not arrived entirely. A response is a
    /// line; when that ends in `{n}`, also the n bytes after it and another line (RFC 9051, 4.3).
    pub fn of_first(&mut self, arrived: &[u8]) -> Result<Option<usize>, Trouble> {
        let may_have_literals = may_have_literals(arrived);
        loop {
            let bytes = self.looked as u64;
            if bytes > LIMIT {
                return Err(Trouble::TooLarge { bytes });
            }
            let Some(unseen) = arrived.get(self.looked..) else { return Ok(None) };
            let Some(newline) = unseen.iter().position(|byte| *byte == b'\n') else {
                self.looked = arrived.len();
                return Ok(None);
            };
            let end = self.looked + newline + 1;
            match announced(&arrived[self.line..end]) {
                Some(bytes) if may_have_literals => {
                    self.line = end.saturating_add(bytes);
                    self.looked = self.line;
                }
                _ => {
                    *self = Reach::default();
                    return Ok(Some(end));
                }
            }
        }
    }

    /// How many bytes are still to come at least, given how many there are.
    pub fn wanting(&self, arrived: usize) -> usize {
        self.looked.saturating_sub(arrived)
    }
}

/// Human text may end in `{5}`; only data carries literals.
fn may_have_literals(response: &[u8]) -> bool {
    let Some(data) = response.strip_prefix(b"* ") else { return false };
    let word = data.split(|byte| matches!(byte, b' ' | b'\r')).next().unwrap_or(data);
    ![&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|status| word.eq_ignore_ascii_case(status))
}

/// The n of a line that ends in `{n}`.
fn announced(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\r\n")?.strip_suffix(b"}")?;
    let open = line.iter().rposition(|byte| *byte == b'{')?;
    let digits = std::str::from_utf8(&line[open + 1..]).ok()?;
    digits.strip_suffix('+').unwrap_or(digits).parse().ok()
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    No,
    Bad,
}

/// The last line of the answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub outcome: Outcome,
    /// The response code in capitals, such as `NOPERM` (RFC 5530); empty when there is none.
    pub code: String,
    /// The server's own words, for recognizing; they are never shown or logged.
    pub text: String,
}

/// The answer, when this line is the one to the command with this tag.
pub fn answer(line: &[u8], tag: &str) -> Option<Answer> {
    let rest = line.strip_prefix(tag.as_bytes())?.strip_prefix(b" ")?;
    let rest = String::from_utf8_lossy(rest.trim_ascii());
    let (word, text) = rest.split_once(' ').unwrap_or((&rest, ""));
    let outcome = match word.to_ascii_uppercase().as_str() {
        "OK" => Outcome::Ok,
        "NO" => Outcome::No,
        "BAD" => Outcome::Bad,
        _ => return None,
    };
    let code = text.strip_prefix('[').and_then(|rest| rest.split([']', ' ']).next()).unwrap_or("");
    Some(Answer { outcome, code: code.to_ascii_uppercase(), text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stream: &str, wanted: &[&str]) {
        // Byte by byte is the worst way to arrive.
        let mut reach = Reach::default();
        let (mut inbox, mut got) = (Vec::new(), Vec::new());
        for byte in stream.bytes() {
            inbox.push(byte);
            if let Some(end) = reach.of_first(&inbox).unwrap() {
                got.push(String::from_utf8(inbox.drain(..end).collect()).unwrap());
            }
        }
        assert_eq!(got, wanted);
    }

    #[test]
    fn a_line_is_a_response() {
        check("* OK hello\r\n* 3 EXISTS\r\n* 4 EX", &["* OK hello\r\n", "* 3 EXISTS\r\n"]);
    }

    #[test]
    fn literals_belong_to_their_response() {
        check(
            "* 1 FETCH (A {3}\r\n\r\n) B {0}\r\n C {2}\r\nxy)\r\nR1 OK done\r\n",
            &["* 1 FETCH (A {3}\r\n\r\n) B {0}\r\n C {2}\r\nxy)\r\n", "R1 OK done\r\n"],
        );
    }

    #[test]
    fn braces_in_human_text_announce_nothing() {
        check("* NO try {5}\r\nR1 OK {9}\r\n", &["* NO try {5}\r\n", "R1 OK {9}\r\n"]);
    }

    #[test]
    fn an_endless_literal_is_refused_before_it_arrives() {
        let refused = Reach::default().of_first(b"* 1 FETCH (BODY[] {4000000000}\r\n");
        assert!(matches!(refused, Err(Trouble::TooLarge { .. })));
        let refused = Reach::default().of_first(b"* 1 FETCH (BODY[] {18446744073709551615}\r\n");
        assert!(matches!(refused, Err(Trouble::TooLarge { .. })));
    }

    #[test]
    fn an_answer_tells_outcome_and_code() {
        let got = answer(b"R7 NO [NOPERM] You may not\r\n", "R7").unwrap();
        assert_eq!((got.outcome, got.code.as_str()), (Outcome::No, "NOPERM"));
        assert_eq!(answer(b"R7 ok\r\n", "R7").unwrap().outcome, Outcome::Ok);
        assert_eq!(answer(b"R71 OK x\r\n", "R7"), None);
        assert_eq!(answer(b"* OK x\r\n", "R7"), None);
    }
}
