//! Words as Dataverse shows them in definitions: in each language, and in the reader's.

use super::ids::metadata_id;
use crate::words::Language;
use domain::entity::Label;
use serde_json::{Value, json};

/// The numbers Windows gives languages, which Dataverse goes by.
pub const ENGLISH: i64 = 1033;
pub const SWEDISH: i64 = 1053;

/// `of` is what the label belongs to: its own keys come from there.
pub fn label(label: &Label, of: &str, language: Language) -> Value {
    let english = localized(&label.en, ENGLISH, of);
    let swedish = localized(&label.sv, SWEDISH, of);
    let user = match language {
        Language::English => english.clone(),
        Language::Swedish => swedish.clone(),
    };
    json!({ "LocalizedLabels": [english, swedish], "UserLocalizedLabel": user })
}

/// Where nobody wrote anything.
pub fn no_label() -> Value {
    json!({ "LocalizedLabels": [], "UserLocalizedLabel": null })
}

fn localized(text: &str, code: i64, of: &str) -> Value {
    json!({
        "Label": text,
        "LanguageCode": code,
        "IsManaged": false,
        "MetadataId": metadata_id("label", &format!("{of}.{code}")),
        "HasChanged": null,
    })
}

/// What may or may not be changed about a definition: a `BooleanManagedProperty`.
pub fn managed(value: bool, name: &str) -> Value {
    json!({ "Value": value, "CanBeChanged": value, "ManagedPropertyLogicalName": name })
}
