//! What the name of a message's file says: `1700000000.M1P2.host,S=10:2,Sab`. Pure.

/// A file name in `cur` or `new`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name<'a> {
    /// What stays when flags change: the part before the colon.
    pub base: &'a str,
    /// The letters after `:2,`: capitals are flags, small letters are Dovecot's keywords.
    pub letters: &'a str,
}

impl<'a> Name<'a> {
    /// None for what is no message: hidden files, and names that could break our own index.
    pub fn of(file: &'a str) -> Option<Name<'a>> {
        let (base, info) = file.split_once(':').unwrap_or((file, ""));
        let usable = !base.is_empty() && !base.starts_with('.') && !base.contains(['\n', '\r']);
        usable.then(|| Name { base, letters: info.strip_prefix("2,").unwrap_or("") })
    }

    /// The file name with exactly these letters, in ASCII order as the Maildir specification wants them.
    pub fn with_letters(&self, letters: &str) -> String {
        let mut sorted: Vec<char> = letters.chars().collect();
        sorted.sort_unstable();
        sorted.dedup();
        format!("{}:2,{}", self.base, sorted.into_iter().collect::<String>())
    }
}

/// When the message was delivered, in Unix seconds: the number that the name begins with.
pub fn delivered(base: &str) -> Option<i64> {
    let digits = base.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(base.len());
    base[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, wanted: Option<(&str, &str)>) {
        assert_eq!(Name::of(file).map(|name| (name.base, name.letters)), wanted);
    }

    #[test]
    fn a_name_holds_base_and_letters() {
        check("1700000000.M1P2.host,S=10:2,Sab", Some(("1700000000.M1P2.host,S=10", "Sab")));
        check("1700000000.M1P2.host", Some(("1700000000.M1P2.host", "")));
        check("1.x:1,experimental", Some(("1.x", "")));
        check(".hidden", None);
        check("1.x\ny", None);
    }

    #[test]
    fn letters_are_kept_in_order() {
        assert_eq!(Name { base: "1.x", letters: "" }.with_letters("bSaFa"), "1.x:2,FSab");
    }

    #[test]
    fn the_name_begins_with_the_time_of_delivery() {
        assert_eq!(delivered("1700000000.M1P2.host"), Some(1_700_000_000));
        assert_eq!(delivered("message"), None);
    }
}
