//! What finds a record: its words for quick find, its addresses for mail.

use crate::commit::Commit;
use domain::entity::{EntityDef, FieldKind};
use domain::id::Guid;
use domain::record::Record;
use domain::text;
use std::collections::BTreeSet;

/// A longer word is cut, in records and in questions alike.
const LONGEST_WORD: usize = 64;
/// A record's first words are enough to find it.
const MOST_WORDS: usize = 40;
/// A question's further words are not looked at.
const MOST_ASKED: usize = 8;

/// Whether the column decides what finds the record.
pub(crate) fn counts(column: &domain::entity::ColumnDef) -> bool {
    column.search || column.kind == FieldKind::Email
}

/// Adds the words and addresses of a record that has none yet. One row per statement: the engines put them together.
pub(crate) fn add(commit: &mut Commit, def: &EntityDef, record: &Record) {
    for word in words(def, record) {
        commit.push(
            "INSERT INTO word (word, entity, recordid) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            vec![word.into(), def.name.as_str().into(), record.id.into()],
        );
    }
    for (address, column) in addresses(def, record) {
        commit.push(
            "INSERT INTO emailsearch (address, entity, recordid, col) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            vec![address.into(), def.name.as_str().into(), record.id.into(), column.into()],
        );
    }
}

/// Nothing finds the record any more.
pub(crate) fn remove(commit: &mut Commit, def: &EntityDef, record: Guid) {
    if def.columns.iter().any(counts) {
        commit.push("DELETE FROM word WHERE recordid = $1", vec![record.into()]);
        commit.push("DELETE FROM emailsearch WHERE recordid = $1", vec![record.into()]);
    }
}

/// The words of a question, as the words of records are kept.
pub(crate) fn asked(words: &[String]) -> Vec<String> {
    let mut asked: Vec<String> = Vec::new();
    for word in words {
        let word = text::clipped(&text::folded(word), LONGEST_WORD);
        if !word.is_empty() && !asked.contains(&word) {
            asked.push(word);
        }
    }
    asked.truncate(MOST_ASKED);
    asked
}

fn words(def: &EntityDef, record: &Record) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for column in def.columns.iter().filter(|it| it.search) {
        for word in text::words(record.text(&column.name)) {
            let word = text::clipped(&word, LONGEST_WORD);
            if words.len() < MOST_WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

fn addresses<'a>(def: &'a EntityDef, record: &Record) -> BTreeSet<(String, &'a str)> {
    let columns = def.columns.iter().filter(|it| it.kind == FieldKind::Email);
    columns
        .map(|it| (text::folded(record.text(&it.name)), it.name.as_str()))
        .filter(|(address, _)| !address.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::entity::Catalog;

    #[test]
    fn a_contact_is_found_by_name_and_address() {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get("contact").unwrap();
        let record = Record::new("contact", Guid::NIL)
            .with("fullname", "Åsa Öberg")
            .with("emailaddress2", "Asa@Example.com");
        assert_eq!(words(def, &record), ["åsa", "öberg", "asa@example.com", "asa", "example", "com"]);
        assert_eq!(
            addresses(def, &record),
            BTreeSet::from([("asa@example.com".to_owned(), "emailaddress2")])
        );
    }

    #[test]
    fn endless_texts_have_few_short_words() {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get("contact").unwrap();
        let long: Vec<String> = (0..500).map(|it| format!("{it}{}", "å".repeat(100))).collect();
        let words = words(def, &Record::new("contact", Guid::NIL).with("fullname", long.join(" ")));
        assert_eq!(words.len(), MOST_WORDS);
        assert!(words.iter().all(|it| it.len() <= LONGEST_WORD));
    }
}
