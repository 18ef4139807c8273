//! Why a definition is not changed, as sentences that say what to do instead.

use crate::entity::BadDefinition;
use std::fmt;

/// Names in it are those of types, columns and keys as the file says them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The file cannot be read, or does not fit together.
    Unusable {
        why: String,
    },
    NoName {
        name: String,
    },
    /// The name is one that the program itself needs.
    Reserved {
        name: String,
    },
    /// It came with the product and is changed by nobody.
    Standard {
        name: String,
    },
    Taken {
        name: String,
    },
    /// A column for a standard type begins with a prefix of the customer's own.
    NoPrefix {
        column: String,
    },
    SetTaken {
        set: String,
    },
    /// Two ways from one type to others would have one name.
    WayTaken {
        entity: String,
        way: String,
    },
    NoSuchEntity {
        name: String,
    },
    NoSuchColumn {
        entity: String,
        column: String,
    },
    NoSuchKey {
        entity: String,
        key: String,
    },
    NoSuchOptionSet {
        name: String,
    },
    NoSuchRelationship {
        name: String,
    },
    NoSuchRole {
        name: String,
    },
    /// What a definition says of this can never change afterwards.
    Stays {
        name: String,
        what: What,
    },
    /// A text may only become longer.
    Shorter {
        column: String,
        max: usize,
    },
    /// A choice may be called otherwise; it may not go while records may hold it.
    OptionGone {
        column: String,
        value: i64,
    },
    TargetGone {
        column: String,
        target: String,
    },
    /// It cannot go while this needs it.
    Needed {
        name: String,
        by: String,
    },
    NoLabel {
        name: String,
    },
    TooLong {
        column: String,
        max: usize,
        most: usize,
    },
    TwoOptions {
        column: String,
        value: i64,
    },
    NotForCustomers {
        name: String,
    },
    NoKeyColumn {
        key: String,
        column: String,
    },
    TooMany {
        name: String,
        most: usize,
    },
    /// Two records have the same values in the columns of a new key.
    NotUnique {
        key: String,
    },
}

/// What stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Kind,
    Ownership,
    Primary,
    Set,
    Surname,
    Activities,
    Connections,
    Intersect,
}

impl What {
    pub fn name(self) -> &'static str {
        match self {
            What::Kind => "kind",
            What::Ownership => "ownership",
            What::Primary => "primary column",
            What::Set => "set",
            What::Surname => "order by surname",
            What::Activities => "activities",
            What::Connections => "connections",
            What::Intersect => "two ends",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Unusable { why } => write!(out, "This definition cannot be used: {why}."),
            Refusal::NoName { name } => write!(
                out,
                "“{name}” is no name: it takes 1 to 48 small letters, digits or _, and begins with a letter."
            ),
            Refusal::Reserved { name } => {
                write!(
                    out,
                    "The program needs the name “{name}” itself: choose another one, such as new_{name}."
                )
            }
            Refusal::Standard { name } => {
                write!(
                    out,
                    "“{name}” came with the product and stays as it is; add columns of your own to its type."
                )
            }
            Refusal::Taken { name } => write!(out, "There is a “{name}” already."),
            Refusal::NoPrefix { column } => write!(
                out,
                "A column for a standard type begins with a prefix of your own, so that no later version of the product brings one of the same name: new_{column} instead of {column}."
            ),
            Refusal::SetTaken { set } => {
                write!(out, "Another type is called “{set}” in the Web API: choose another set.")
            }
            Refusal::WayTaken { entity, way } => {
                write!(out, "The type {entity} has a “{way}” already: call the relationship otherwise.")
            }
            Refusal::NoSuchEntity { name } => write!(out, "There is no type “{name}”."),
            Refusal::NoSuchColumn { entity, column } => {
                write!(out, "The type {entity} has no column “{column}”.")
            }
            Refusal::NoSuchKey { entity, key } => write!(out, "The type {entity} has no key “{key}”."),
            Refusal::NoSuchOptionSet { name } => write!(out, "There is no list of choices “{name}”."),
            Refusal::NoSuchRelationship { name } => write!(out, "There is no relationship “{name}”."),
            Refusal::NoSuchRole { name } => write!(out, "There is no role “{name}”."),
            Refusal::Stays { name, what } => {
                write!(out, "The {} of “{name}” stays as it is: records rely on it.", what.name())
            }
            Refusal::Shorter { column, max } => {
                write!(
                    out,
                    "“{column}” takes {max} characters, and records may hold as many: it can only take more."
                )
            }
            Refusal::OptionGone { column, value } => {
                write!(
                    out,
                    "“{column}” keeps its choice {value}, which records may hold: it can only be called otherwise."
                )
            }
            Refusal::TargetGone { column, target } => {
                write!(out, "“{column}” goes on leading to {target}, where records may point.")
            }
            Refusal::Needed { name, by } => write!(out, "“{name}” is needed by {by}: drop that first."),
            Refusal::NoLabel { name } => write!(out, "“{name}” needs a label that people can read."),
            Refusal::TooLong { column, max, most } => {
                write!(out, "“{column}” cannot take {max} characters: between 1 and {most} can be chosen.")
            }
            Refusal::TwoOptions { column, value } => write!(out, "“{column}” has the choice {value} twice."),
            Refusal::NotForCustomers { name } => {
                write!(out, "“{name}” asks for something that only the product's own types have.")
            }
            Refusal::NoKeyColumn { key, column } => {
                write!(
                    out,
                    "“{column}” cannot be part of the key “{key}”: a key takes short texts, numbers, dates, choices and lookups."
                )
            }
            Refusal::TooMany { name, most } => write!(out, "“{name}” has too many of them: at most {most}."),
            Refusal::NotUnique { key } => {
                write!(out, "Records share the values of the key “{key}”: make them differ first.")
            }
        }
    }
}

impl std::error::Error for Refusal {}

impl From<BadDefinition> for Refusal {
    fn from(bad: BadDefinition) -> Refusal {
        Refusal::Unusable { why: format!("{}: {}", bad.entity, bad.why) }
    }
}
