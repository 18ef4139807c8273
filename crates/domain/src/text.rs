//! Text as two database engines and two languages agree on it.

/// Lower case by Unicode rules, with å, ä and ö kept: neither engine lowers `Å` like the other (decision 6).
pub fn folded(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).filter(|it| *it != '\0').collect()
}

/// The pairs of large and small letters that searches and comparisons hold for alike: those of Latin, Greek and Cyrillic
/// writing outside ASCII, each one character long on both sides. Given out as a list, because both database engines get
/// the same one and so agree (decision 6).
pub fn letter_pairs() -> impl Iterator<Item = (char, char)> {
    let letters = ('\u{C0}'..='\u{24F}').chain('\u{370}'..='\u{52F}').chain('\u{1E00}'..='\u{1EFF}');
    letters.filter_map(|large| {
        let mut lower = large.to_lowercase();
        let small = lower.next()?;
        (small != large && lower.next().is_none()).then_some((large, small))
    })
}

/// A text as comparisons see it: ASCII letters and [`letter_pairs`] small, all else as it is.
pub fn alike(text: &str) -> String {
    text.chars().map(alike_char).collect()
}

fn alike_char(letter: char) -> char {
    match letter {
        _ if letter.is_ascii() => letter.to_ascii_lowercase(),
        '\u{C0}'..='\u{24F}' | '\u{370}'..='\u{52F}' | '\u{1E00}'..='\u{1EFF}' => {
            let mut lower = letter.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(small), None) => small,
                _ => letter,
            }
        }
        other => other,
    }
}

/// The words of a text, folded, in order, without punctuation: what quick find compares.
/// An address counts as one word and as its parts.
pub fn words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let mut words: Vec<String> = Vec::new();
    for chunk in folded.split_whitespace() {
        let whole = chunk.trim_matches(|it: char| !it.is_alphanumeric());
        let parts = whole.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        for word in std::iter::once(whole).chain(parts) {
            if !word.is_empty() && !words.iter().any(|it| it == word) {
                words.push(word.to_owned());
            }
        }
    }
    words
}

/// At most `limit` bytes, cut between characters; NUL, which PostgreSQL refuses, is left out.
pub fn clipped(text: &str, limit: usize) -> String {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_letters_stay_themselves() {
        assert_eq!(folded(" ÅSA Öberg\0 "), "åsa öberg");
    }

    #[test]
    fn comparing_minds_no_case_and_every_dot() {
        assert_eq!(alike("ÅSA Öberg ΣΊΣΥΦΟΣ İx"), "åsa öberg σίσυφοσ İx");
        let pairs: Vec<(char, char)> = letter_pairs().collect();
        assert!(pairs.contains(&('Å', 'å')));
        let text: String = pairs.iter().map(|it| it.0).collect();
        let small: String = pairs.iter().map(|it| it.1).collect();
        assert_eq!(alike(&text), small);
    }

    #[test]
    fn an_address_is_found_by_whole_and_by_part() {
        assert_eq!(
            words("Åsa <asa@adventure-works.example>"),
            ["åsa", "asa@adventure-works.example", "asa", "adventure", "works", "example"]
        );
    }

    #[test]
    fn cutting_never_splits_a_letter() {
        assert_eq!(clipped("aå\0b", 2), "a");
        assert_eq!(clipped("aå\0b", 9), "aåb");
    }
}
