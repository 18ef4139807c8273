//! Text as two database engines and two languages agree on it.

/// Lower case by Unicode rules, with å, ä and ö kept: neither engine lowers `Å` like the other (decision 6).
pub fn folded(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).filter(|it| *it != '\0').collect()
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
