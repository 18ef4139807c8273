//! The tracking code at the end of a subject (3.3.1), by which an answer without any of the usual headers is known.

use crate::id::Guid;
use sha2::{Digest, Sha256};

const PREFIX: &str = "CRM:";
/// Dataverse's codes are a number of the user and a counter that begins anew at 999; these say nothing of users, and nine
/// digits from the message's own key do not come again soon.
const DIGITS: usize = 9;
/// Characters of a subject with its code (AU-45).
pub const LONGEST_SUBJECT: usize = 200;

/// The code of the message with this key: `CRM:004519283`.
pub fn of(message: Guid) -> String {
    let digest = Sha256::new().chain_update(b"token:").chain_update(message.as_bytes()).finalize();
    let number = digest.iter().take(7).fold(0_u64, |sum, it| sum << 8 | u64::from(*it));
    format!("{PREFIX}{:0width$}", number % 10_u64.pow(9), width = DIGITS)
}

/// The code that ends this subject, if one does (AU-40): the prefix and at least three digits.
pub fn of_subject(subject: &str) -> Option<&str> {
    let last = subject.split_whitespace().next_back()?;
    let digits =
        last.get(..PREFIX.len()).filter(|it| it.eq_ignore_ascii_case(PREFIX)).map(|it| &last[it.len()..])?;
    ((3..=20).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit())).then_some(last)
}

/// The subject with its code at the end; what is too long for both is cut before the code (AU-45).
pub fn added(subject: &str, token: &str) -> String {
    if subject.trim_end().ends_with(token) {
        return subject.to_owned();
    }
    let room = LONGEST_SUBJECT.saturating_sub(token.chars().count() + 1);
    let kept: String = subject.trim_end().chars().take(room).collect();
    format!("{kept} {token}").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_messages_own_and_found_again() {
        let token = of(Guid::v7(1, [7; 10]));
        assert_eq!(token.len(), 13);
        assert_ne!(token, of(Guid::v7(1, [8; 10])));
        assert_eq!(of_subject(&added("Offert på 240 cyklar", &token)), Some(token.as_str()));
        assert_eq!(of_subject("Re: Offert CRM:0001011"), Some("CRM:0001011"));
        assert_eq!(of_subject("Offert crm:0001011  "), Some("crm:0001011"));
        for subject in ["", "Offert", "CRM:", "CRM: 0001011", "CRM:12", "0001011", "åäöå1234", "CRM:123 x"]
        {
            assert_eq!(of_subject(subject), None, "{subject}");
        }
    }

    #[test]
    fn a_long_subject_makes_room() {
        let long = added(&"å".repeat(300), "CRM:123456789");
        assert_eq!(long.chars().count(), LONGEST_SUBJECT);
        assert!(long.ends_with(" CRM:123456789"));
        assert_eq!(added(&long, "CRM:123456789"), long);
        assert_eq!(added("", "CRM:123456789"), "CRM:123456789");
    }
}
