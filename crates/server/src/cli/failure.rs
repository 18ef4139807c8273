//! How a command can end badly: as a sentence for the person, and as a number for the script.

use app::Error;
use connect::Trouble;
use domain::definition;
use domain::tracking::Refusal;
use std::process::ExitCode;

pub type Outcome = Result<ExitCode, Failure>;

#[derive(Debug)]
pub enum Failure {
    /// It was tried and did not work: 1.
    Failed(String),
    /// Nothing was tried: 2.
    Usage(Vec<String>),
    /// What was named is not there: 3.
    NotFound(String),
}

impl Failure {
    pub fn failed(sentence: impl Into<String>) -> Failure {
        Failure::Failed(sentence.into())
    }

    pub fn usage(sentence: impl Into<String>) -> Failure {
        Failure::Usage(vec![sentence.into()])
    }

    pub fn not_found(sentence: impl Into<String>) -> Failure {
        Failure::NotFound(sentence.into())
    }

    pub fn sentences(&self) -> &[String] {
        match self {
            Failure::Failed(sentence) | Failure::NotFound(sentence) => std::slice::from_ref(sentence),
            Failure::Usage(sentences) => sentences,
        }
    }

    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Failed(_) => 1,
            Failure::Usage(_) => 2,
            Failure::NotFound(_) => 3,
        })
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::NotFound | Error::Refused(Refusal::NoSuchRecord) | Error::Mailbox(Trouble::Gone) => {
                Failure::NotFound(error.to_string())
            }
            Error::Broken(error) => Failure::from(error),
            Error::Definition(
                definition::Refusal::NoSuchEntity { .. } | definition::Refusal::NoSuchColumn { .. },
            ) => Failure::NotFound(error.to_string()),
            Error::Refused(_)
            | Error::Action(_)
            | Error::Mailbox(_)
            | Error::NotAllowed
            | Error::Definition(_)
            | Error::InUse { .. }
            | Error::Changed
            | Error::TooMany { .. }
            | Error::Depends { .. }
            | Error::HeldBack { .. }
            | Error::Invalid(_) => Failure::Failed(error.to_string()),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::Failed(format!("{error:#}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vanished_message_is_not_found_and_a_closed_mailbox_has_failed() {
        assert!(matches!(Failure::from(Error::Mailbox(Trouble::Gone)), Failure::NotFound(_)));
        assert!(matches!(Failure::from(Error::Mailbox(Trouble::LoginRefused)), Failure::Failed(_)));
    }
}
