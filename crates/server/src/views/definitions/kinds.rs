//! The kinds of columns that people can add, in the order in which they are offered.

use domain::entity::{ColumnDef, FieldKind};

/// What else a column of a kind says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    Nothing,
    Length,
    Choices,
    Targets,
}

/// One kind: how addresses and files call it, the key of its word, what else it says.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    pub word: &'static str,
    pub extra: Extra,
    pub kind: FieldKind,
}

const fn of(name: &'static str, word: &'static str, extra: Extra, kind: FieldKind) -> Kind {
    Kind { name, word, extra, kind }
}

/// What people can choose from.
pub const OFFERED: [Kind; 16] = [
    of("text", "kind-text", Extra::Length, FieldKind::Text),
    of("memo", "kind-memo", Extra::Length, FieldKind::Memo),
    of("choice", "kind-choice", Extra::Choices, FieldKind::Choice),
    of("choices", "kind-choices", Extra::Choices, FieldKind::Choices),
    of("boolean", "kind-boolean", Extra::Nothing, FieldKind::Boolean),
    of("date", "kind-date", Extra::Nothing, FieldKind::Date),
    of("datetime", "kind-datetime", Extra::Nothing, FieldKind::DateTime),
    of("integer", "kind-integer", Extra::Nothing, FieldKind::Integer),
    of("money", "kind-money", Extra::Nothing, FieldKind::Money),
    of("decimal", "kind-decimal", Extra::Nothing, FieldKind::Decimal),
    of("float", "kind-float", Extra::Nothing, FieldKind::Float),
    of("lookup", "kind-lookup", Extra::Targets, FieldKind::Lookup),
    of("email", "kind-email", Extra::Length, FieldKind::Email),
    of("phone", "kind-phone", Extra::Length, FieldKind::Phone),
    of("url", "kind-url", Extra::Length, FieldKind::Url),
    of("file", "kind-file", Extra::Nothing, FieldKind::File),
];

const OURS: Kind = of("key", "kind-key", Extra::Nothing, FieldKind::Key);

/// The kind that an address names.
pub fn kind(name: &str) -> Option<&'static Kind> {
    OFFERED.iter().find(|it| it.name == name)
}

/// The kind of a column.
pub fn kind_of(column: &ColumnDef) -> &'static Kind {
    OFFERED.iter().find(|it| it.kind == column.kind).unwrap_or(&OURS)
}
