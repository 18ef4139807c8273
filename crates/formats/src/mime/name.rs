//! File names that are safe on any system, and still what the sender meant.

use super::words::turns_direction;

const LONGEST: usize = 200;
const LONGEST_EXTENSION: usize = 20;
const NAMELESS: &str = "attachment";

/// A name without folders, control characters, direction marks, characters that some system forbids, leading dots and
/// Windows' reserved names: letters of every language stay. At most 200 bytes, never empty.
pub fn clean_filename(name: &str) -> String {
    let folders: Vec<String> = name.split(is_separator).map(letters).collect();
    // A name that ends with a slash is the folder before it.
    let last = folders.iter().rposition(|it| !it.trim_matches(is_loose).is_empty()).unwrap_or_default();
    let (mut stem, extension) = split(&folders[last]);
    if stem.is_empty() {
        // `åäö/.pdf`: the sender's name for it ended up as a folder.
        let before =
            folders[..last].iter().rev().map(|it| it.trim_matches(is_loose)).find(|it| !it.is_empty());
        stem = before.unwrap_or_default();
    }
    let name = match (stem.is_empty(), extension.is_empty()) {
        (true, true) => NAMELESS.to_owned(),
        (true, false) => extension.to_owned(),
        (false, true) => stem.to_owned(),
        (false, false) => format!("{stem}.{extension}"),
    };
    bounded(&unreserved(name))
}

/// What may not stand at the end of a name, nor dots at its start.
fn is_loose(letter: char) -> bool {
    letter == '.' || letter.is_whitespace()
}

/// Slashes, and letters that some systems turn into slashes.
fn is_separator(letter: char) -> bool {
    matches!(letter, '/' | '\\' | '\u{2044}' | '\u{2215}' | '\u{FF0F}' | '\u{FF3C}')
}

/// Only letters that may stand in a name, without spaces and dots around them.
fn letters(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        let is_invisible =
            matches!(letter, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{FEFF}' | '\u{2060}');
        match letter {
            _ if letter.is_control() || is_invisible || turns_direction(letter) => {}
            // Noncharacters and tags, which only machines see.
            '\u{FFF0}'..='\u{FFFC}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}' => {}
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => out.push('_'),
            // Many spaces push the real extension out of sight.
            _ if letter.is_whitespace() && (out.is_empty() || out.ends_with(' ')) => {}
            _ if letter.is_whitespace() => out.push(' '),
            _ => out.push(letter),
        }
    }
    // The leading dots go later: `..pdf` has an extension and no stem.
    out.trim_end_matches(is_loose).trim_start().to_owned()
}

/// Stem and extension, both without dots and spaces around them.
fn split(name: &str) -> (&str, &str) {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let extension = extension.trim_matches(is_loose);
    if extension.len() > LONGEST_EXTENSION {
        return (name.trim_matches(is_loose), "");
    }
    (stem.trim_matches(is_loose), extension)
}

/// `con.txt` is a device on Windows, whatever follows the dot.
fn unreserved(name: String) -> String {
    let base = name.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let numbered = base.strip_prefix("COM").or(base.strip_prefix("LPT"));
    let is_port = numbered.is_some_and(|it| {
        matches!(it, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
    });
    let is_device = matches!(base.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$");
    if is_port || is_device { format!("_{name}") } else { name }
}

/// Cut in the stem, so that the extension stays.
fn bounded(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = split(name);
    let room = LONGEST - extension.len() - usize::from(!extension.is_empty());
    let stem = domain::text::clipped(stem, room);
    let stem = stem.trim_end_matches(is_loose);
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(clean_filename(name), expected);
    }

    #[test]
    fn good_names_stay() {
        check("Offert 2026.pdf", "Offert 2026.pdf");
        check("räksmörgås.tar.gz", "räksmörgås.tar.gz");
        check("契約書.docx", "契約書.docx");
    }

    #[test]
    fn evil_names_become_good_ones() {
        check("åäö/..\0.pdf", "åäö.pdf");
        check("../../etc/passwd", "passwd");
        check("C:\\Users\\eva\\a.pdf", "a.pdf");
        check("...hidden", "hidden");
        check("photo\u{202E}gpj.exe", "photogpj.exe");
        check("a\r\nb.txt", "ab.txt");
        check("invoice.pdf          .exe", "invoice.pdf.exe");
        check("a<b>:c|d?.txt. . ", "a_b__c_d_.txt");
        check("con.txt", "_con.txt");
        check("LPT1", "_LPT1");
        check("a／b.txt", "b.txt");
    }

    #[test]
    fn there_is_always_a_name() {
        check("", "attachment");
        check("../..", "attachment");
        check("\0\u{202E}", "attachment");
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = clean_filename(&format!("{}.pdf", "å".repeat(500)));
        assert!(name.len() <= 200 && name.ends_with("å.pdf"), "{name}");
    }

    proptest! {
        #[test]
        fn every_name_is_safe_and_stays_as_it_is(name in "\\PC*|.*") {
            let clean = clean_filename(&name);
            prop_assert!(!clean.is_empty() && clean.len() <= 200);
            prop_assert!(!clean.starts_with('.') && !clean.ends_with(['.', ' ']));
            prop_assert!(!clean.chars().any(|it| it.is_control() || is_separator(it) || turns_direction(it)));
            prop_assert_eq!(clean_filename(&clean), clean);
        }
    }
}
