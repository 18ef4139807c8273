//! What can be done with records beyond changing their columns: closing, qualifying, merging, sharing, sending.

pub mod close;
pub mod derive;
pub mod fill_in;
pub mod merge;
pub mod message;
pub mod promote;
pub mod qualify;
pub mod receive;
pub mod send;
pub mod share;
pub mod team;

/// Why an action makes no sense as things are; the sentence is for whoever asked for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("This {entity} is closed already.")]
    Closed { entity: String },
    #[error("{status} is no status that a {entity} can end with here.")]
    NoSuchEnd { entity: String, status: i64 },
    #[error("Accounts, contacts, leads and cases can be merged, each with one of its own type.")]
    NotMergeable,
    #[error("A record is not merged with itself.")]
    Itself,
    #[error("One of the two was merged into another record already.")]
    Merged,
    #[error(
        "The two belong to different records. Leave out PerformParentingChecks to merge them all the same."
    )]
    OtherParent,
    #[error("Rights on a record are given to a user or a team.")]
    NoPrincipal,
    #[error("Only a draft can be sent.")]
    NoDraft,
    #[error("It is addressed to nobody: put somebody into To, Cc or Bcc.")]
    Nobody,
    #[error("This template is for records of the type {wanted}.")]
    OtherType { wanted: String },
    #[error("The message says neither who sent it nor who it is for.")]
    NoMessage,
    /// Automatic tracking leaves the message alone.
    #[error("{0}")]
    NotWanted(receive::Why),
}
