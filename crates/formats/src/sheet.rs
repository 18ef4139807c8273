//! Tables as text (RFC 4180): what spreadsheets write is read, whatever its encoding and separator, and what is written
//! here opens in them unharmed.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;
use std::fmt;

/// Bytes of a file that is read.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// Columns of a file that is read.
pub const MOST_COLUMNS: usize = 500;
/// So many characters tell which separator a file has.
const SAMPLE: usize = 64 * 1024;
/// So many rows tell it.
const SAMPLE_ROWS: usize = 20;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    Comma,
    Semicolon,
    Tab,
}

impl Separator {
    const ALL: [Separator; 3] = [Separator::Comma, Separator::Semicolon, Separator::Tab];

    fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
            Separator::Tab => b'\t',
        }
    }
}

/// How the file wrote its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    Windows1252,
}

/// A table that was read: its first line names the columns. Cells are cut apart when the rows are looked at, so that it
/// takes no more memory than its text.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub encoding: Encoding,
    pub separator: Separator,
    pub headings: Vec<String>,
    text: String,
    /// Lines before `text` that belong to nobody (`sep=;`).
    before: u64,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line of the file it begins in, from 1.
    pub number: u64,
    pub cells: Vec<String>,
}

/// Why a file is no table that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSheet {
    /// There is no line with names of columns.
    Empty,
    TooLarge,
    TooWide,
}

impl fmt::Display for BadSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadSheet::Empty => write!(f, "The file has no line with names of columns."),
            BadSheet::TooLarge => {
                write!(f, "The file is larger than {} MB: cut it into smaller ones.", LARGEST / 1024 / 1024)
            }
            BadSheet::TooWide => write!(f, "The file has more than {MOST_COLUMNS} columns."),
        }
    }
}

impl std::error::Error for BadSheet {}

impl Sheet {
    /// Reads a file of at most [`LARGEST`] bytes. Nothing else about it can be so wrong that it is refused.
    pub fn read(bytes: &[u8]) -> Result<Sheet, BadSheet> {
        if bytes.len() > LARGEST {
            return Err(BadSheet::TooLarge);
        }
        let (text, encoding) = decoded(bytes);
        let (text, said, before) = without_preamble(&text);
        let separator = said.unwrap_or_else(|| likeliest(&text));
        let headings = cut(&text, separator).next().ok_or(BadSheet::Empty)?.cells;
        if headings.len() > MOST_COLUMNS {
            return Err(BadSheet::TooWide);
        }
        Ok(Sheet { encoding, separator, headings, text, before })
    }

    /// The rows below the headings, without those in which nothing stands. Cells beyond the last heading are left out.
    pub fn rows(&self) -> impl Iterator<Item = Line> + '_ {
        cut(&self.text, self.separator).skip(1).map(|mut line| {
            line.number += self.before;
            line.cells.truncate(self.headings.len());
            line
        })
    }
}

/// Rows in which something stands.
fn cut(text: &str, separator: Separator) -> impl Iterator<Item = Line> + '_ {
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.byte())
        .from_reader(text.as_bytes());
    // Text in memory with rows of any length has nothing that could fail.
    let records = reader.into_records().map_while(Result::ok);
    let (mut seen, mut number) = (0, 1);
    let numbered = records.map(move |it| {
        let begin = it.position().and_then(|it| usize::try_from(it.byte()).ok()).unwrap_or(seen);
        let rest = text.get(begin..).unwrap_or_default();
        // Empty lines before it are left out without being counted.
        let gap = rest.len() - rest.trim_start_matches('\n').len();
        number += text.get(seen..begin + gap).unwrap_or_default().matches('\n').count() as u64;
        seen = begin + gap;
        (number, it)
    });
    numbered.filter(|(_, it)| it.iter().any(|cell| !cell.trim().is_empty())).map(|(number, it)| Line {
        number,
        cells: it.iter().map(|cell| unguarded(cell.trim()).to_owned()).collect(),
    })
}

/// By its mark if it has one, else by what its bytes can be. Lines end with LF alone.
fn decoded(bytes: &[u8]) -> (String, Encoding) {
    let zeros = |odd: usize| bytes.iter().take(512).skip(odd).step_by(2).filter(|it| **it == 0).count();
    let some = bytes.len().min(512) / 2;
    let (text, encoding) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (String::from_utf8_lossy(rest), Encoding::Utf8),
        [0xFF, 0xFE, rest @ ..] => (UTF_16LE.decode_without_bom_handling(rest).0, Encoding::Utf16),
        [0xFE, 0xFF, rest @ ..] => (UTF_16BE.decode_without_bom_handling(rest).0, Encoding::Utf16),
        // Of most letters in Europe one half is zero.
        _ if some > 1 && zeros(1) * 2 > some => {
            (UTF_16LE.decode_without_bom_handling(bytes).0, Encoding::Utf16)
        }
        _ if some > 1 && zeros(0) * 2 > some => {
            (UTF_16BE.decode_without_bom_handling(bytes).0, Encoding::Utf16)
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
            Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, Encoding::Windows1252),
        },
    };
    (text.replace('\0', "").replace("\r\n", "\n").replace('\r', "\n"), encoding)
}

/// Excel says the separator in a line of its own: `sep=;`.
fn without_preamble(text: &str) -> (String, Option<Separator>, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let said = first.trim_end_matches('\r').trim_matches('"').strip_prefix("sep=");
    match said.and_then(|it| Separator::ALL.into_iter().find(|one| it.as_bytes() == [one.byte()])) {
        Some(separator) => (rest.to_owned(), Some(separator), 1),
        None => (text.to_owned(), None, 0),
    }
}

/// The separator that gives most rows as many cells as there are headings, of several those with more cells.
fn likeliest(text: &str) -> Separator {
    let sample = domain::text::clipped(text, SAMPLE);
    let score = |it: &Separator| {
        let widths: Vec<usize> = cut(&sample, *it).take(SAMPLE_ROWS).map(|it| it.cells.len()).collect();
        let first = widths.first().copied().unwrap_or_default();
        if first < 2 { (0, 0) } else { (widths.iter().filter(|it| **it == first).count(), first) }
    };
    // Of equals the last one wins, and the comma is the usual one.
    Separator::ALL.into_iter().rev().max_by_key(score).unwrap_or(Separator::Comma)
}

/// The mark at the beginning of a file by which Excel knows that it is UTF-8.
pub const MARK: &str = "\u{FEFF}";

/// One row as text, with its line end (RFC 4180 2).
pub fn line<T: AsRef<[u8]>>(cells: impl IntoIterator<Item = T>, separator: Separator) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator.byte())
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Memory takes all that is written.
    let _ = writer.write_record(cells);
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Spreadsheets take what begins like this for a formula, which may do harm to its reader.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe in front.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The opposite of [`guarded`].
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|it| it.starts_with(FORMULA)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], encoding: Encoding, separator: Separator, expected: &[&[&str]]) {
        let sheet = Sheet::read(bytes).unwrap();
        assert_eq!((sheet.encoding, sheet.separator), (encoding, separator));
        let mut all = vec![sheet.headings.clone()];
        all.extend(sheet.rows().map(|it| it.cells));
        assert_eq!(all, expected);
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_of_a_spreadsheet_is_understood() {
        let expected: &[&[&str]] = &[&["Namn", "Ort"], &["Åsa Öberg", "Malmö"]];
        let text = "Namn;Ort\r\nÅsa Öberg;Malmö\r\n";
        let of = Separator::Semicolon;
        check(text.as_bytes(), Encoding::Utf8, of, expected);
        check(format!("\u{FEFF}{text}").as_bytes(), Encoding::Utf8, of, expected);
        check(&utf16(&format!("\u{FEFF}{text}"), u16::to_le_bytes), Encoding::Utf16, of, expected);
        check(&utf16(&format!("\u{FEFF}{text}"), u16::to_be_bytes), Encoding::Utf16, of, expected);
        check(&utf16(text, u16::to_le_bytes), Encoding::Utf16, of, expected);
        check(&utf16(text, u16::to_be_bytes), Encoding::Utf16, of, expected);
        check(b"Namn;Ort\n\xC5sa \xD6berg;Malm\xF6", Encoding::Windows1252, of, expected);
    }

    #[test]
    fn the_separator_is_what_makes_rows_alike() {
        let two: &[&[&str]] = &[&["a", "b"], &["1,5", "x; y"]];
        check(b"a\tb\n1,5\tx; y\n", Encoding::Utf8, Separator::Tab, two);
        check(b"a,b\n\"1,5\",x; y\n", Encoding::Utf8, Separator::Comma, two);
        check(b"sep=;\r\na;b\r\n1,5;\"x; y\"\r\n", Encoding::Utf8, Separator::Semicolon, two);
        check(b"name\nContoso\n", Encoding::Utf8, Separator::Comma, &[&["name"], &["Contoso"]]);
    }

    #[test]
    fn quotes_line_ends_and_gaps_are_understood() {
        let text = "a,b\n\"one\ntwo\",\"say \"\"yes\"\"\"\n\n,\nlast,1,more\n\"open";
        check(
            text.as_bytes(),
            Encoding::Utf8,
            Separator::Comma,
            &[&["a", "b"], &["one\ntwo", "say \"yes\""], &["last", "1"], &["open"]],
        );
        let numbers: Vec<u64> = Sheet::read(text.as_bytes()).unwrap().rows().map(|it| it.number).collect();
        assert_eq!(numbers, [2, 6, 7]);
        let text = "sep=,\r\na,b\r\n\r\none,\"x\r\ny\"\r\n\r\n\r\ntwo,\r\n";
        let numbers: Vec<u64> = Sheet::read(text.as_bytes()).unwrap().rows().map(|it| it.number).collect();
        assert_eq!(numbers, [4, 8]);
    }

    #[test]
    fn what_is_no_table_is_said_to_be_none() {
        assert_eq!(Sheet::read(b"").unwrap_err(), BadSheet::Empty);
        assert_eq!(Sheet::read(b"\n , \n").unwrap_err(), BadSheet::Empty);
        assert_eq!(Sheet::read(&vec![b','; LARGEST + 1]).unwrap_err(), BadSheet::TooLarge);
        assert_eq!(Sheet::read("a,".repeat(501).as_bytes()).unwrap_err(), BadSheet::TooWide);
    }

    #[test]
    fn what_is_written_is_read_again_and_is_no_formula() {
        let cells = ["=1+1", "+46 8 123", "-", "@SUM(A1)", "a\"b", "two\nlines", "å;ä", "'quoted", ""];
        let text = line(cells.iter().map(|it| guarded(it).into_owned()), Separator::Semicolon);
        assert!(text.ends_with("\r\n") && text.starts_with("'=1+1;'+46 8 123;'-;'@SUM(A1);"), "{text}");
        let sheet = Sheet::read(text.as_bytes()).unwrap();
        assert_eq!(sheet.headings, cells);
    }
}
