//! What can go wrong in a way that somebody can act on. All else is [`Error::Broken`].

use anyhow::anyhow;
use connect::Trouble;
use domain::tracking::Refusal;
use tokio::task::JoinError;

pub type Result<T> = std::result::Result<T, Error>;

/// `Display` is the sentence for a terminal; the web app says the same in the reader's language.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Refused(Refusal),
    /// An action that makes no sense as things are.
    #[error("{0}")]
    Action(#[from] crate::actions::Refusal),
    /// The mailbox does not answer, or answers no.
    #[error("{0}")]
    Mailbox(#[from] Trouble),
    #[error("There is no such record, or it is not yours to see.")]
    NotFound,
    #[error("Your role does not allow this.")]
    NotAllowed,
    /// Too many wrong passwords for one address.
    #[error("Too many attempts. Wait {seconds} seconds.")]
    TooMany { seconds: i64 },
    #[error("Somebody else changed this at the same moment. Look at it again.")]
    Changed,
    /// A definition that is not changed like this.
    #[error("{0}")]
    Definition(#[from] domain::definition::Refusal),
    /// What is to be dropped is used: it goes only when this number is stated.
    #[error("{rows} records use it: it goes with their number stated.")]
    InUse { rows: u64 },
    /// What would be deleted with a record, by type (D-19).
    #[error("{} would be deleted with it.", listed(.counts))]
    Depends { counts: Vec<(String, u64)> },
    /// What keeps a record from being deleted, by type.
    #[error("It cannot be deleted while others hang on it: {}.", listed(.counts))]
    HeldBack { counts: Vec<(String, u64)> },
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Invalid(Vec<Problem>),
    /// Nothing a user can mend; logged once, at the rim.
    #[error(transparent)]
    Broken(#[from] anyhow::Error),
}

fn listed(counts: &[(String, u64)]) -> String {
    let each: Vec<String> = counts.iter().map(|(entity, count)| format!("{count} {entity}")).collect();
    each.join(", ")
}

/// Why a value was not taken. `column` is empty when it is about the whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("{column} is needed.")]
    Missing { column: String },
    #[error("{column} takes at most {max} characters.")]
    TooLong { column: String, max: usize },
    #[error("{column} takes at least {min} characters.")]
    TooShort { column: String, min: usize },
    #[error("{column} is no e-mail address.")]
    NoAddress { column: String },
    #[error("{column} is no number.")]
    NoNumber { column: String },
    #[error("{column} is no date.")]
    NoDate { column: String },
    #[error("{column} leads to no record that you may see.")]
    NoRecord { column: String },
    #[error("{column} is not one of the choices.")]
    NoChoice { column: String },
    #[error("{column} is taken already.")]
    Taken { column: String },
    #[error("{column} is at least {least}.")]
    TooSmall { column: String, least: i64 },
    #[error("{column} is at most {most}.")]
    TooLarge { column: String, most: i64 },
    #[error("{column} does not take a value of this kind.")]
    WrongKind { column: String },
    #[error("There is no {column} here.")]
    Unknown { column: String },
    #[error("{column} cannot be changed.")]
    Fixed { column: String },
}

impl Problem {
    pub fn column(&self) -> &str {
        match self {
            Problem::Missing { column }
            | Problem::TooLong { column, .. }
            | Problem::TooShort { column, .. }
            | Problem::NoAddress { column }
            | Problem::NoNumber { column }
            | Problem::NoDate { column }
            | Problem::NoRecord { column }
            | Problem::NoChoice { column }
            | Problem::Taken { column }
            | Problem::TooSmall { column, .. }
            | Problem::TooLarge { column, .. }
            | Problem::WrongKind { column }
            | Problem::Unknown { column }
            | Problem::Fixed { column } => column,
        }
    }
}

impl From<store::Failure> for Error {
    fn from(failure: store::Failure) -> Error {
        match failure {
            store::Failure::Changed => Error::Changed,
            store::Failure::Broken(error) => Error::Broken(error),
        }
    }
}

/// How a task ended before its time. What a panic says may quote somebody's mail: it is not repeated.
pub(crate) fn broke_off(ended: &JoinError) -> anyhow::Error {
    if ended.is_panic() { anyhow!("A task panicked") } else { anyhow!("A task was stopped") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_panic_says_is_not_repeated() {
        let ended = tokio::spawn(async { panic!("Dear Göran") }).await.unwrap_err();
        assert_eq!(format!("{:#}", broke_off(&ended)), "A task panicked");
    }
}
