//! What the web app says, in the reader's language: texts from the `.ftl` files, and how times and sums are written.

mod amounts;
mod times;

use domain::entity::{EntityDef, Label};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

pub use chrono_tz::Tz;
pub use times::{ahead_of_utc, local_zone};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Swedish,
}

impl Language {
    /// `en` or `sv`.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Swedish => "sv",
        }
    }

    /// `None` for a language that we do not speak.
    pub fn of(code: &str) -> Option<Language> {
        match code.split('-').next()?.trim().to_ascii_lowercase().as_str() {
            "en" => Some(Language::English),
            "sv" => Some(Language::Swedish),
            _ => None,
        }
    }

    /// The browser's wish (RFC 9110 12.5.4): the first language with the highest weight that we speak, or else English.
    pub fn wished(accept_language: &str) -> Language {
        let mut best = (0.0, Language::English);
        for wish in accept_language.split(',') {
            let mut parts = wish.split(';');
            let language = parts.next().and_then(Language::of);
            let weight = parts
                .find_map(|it| it.trim().strip_prefix("q="))
                .map_or(1.0, |it| it.trim().parse::<f32>().unwrap_or(0.0));
            if let Some(language) = language.filter(|_| weight > best.0) {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// Everything a view needs to speak to one reader.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    pub language: Language,
    /// The clock on the reader's wall.
    pub zone: Tz,
}

impl Words {
    pub fn new(language: Language, zone: Tz) -> Words {
        Words { language, zone }
    }

    /// The text with this key; the key itself when there is none, which a test forbids.
    pub fn t(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The text with this key and these values. Integers choose the plural and are written in the reader's way.
    pub fn with(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        self.format(key, Some(&args))
    }

    pub fn label<'a>(&self, label: &'a Label) -> &'a str {
        match self.language {
            Language::English => &label.en,
            Language::Swedish => &label.sv,
        }
    }

    /// The name of a type: "Account", "Konto".
    pub fn entity<'a>(&self, def: &'a EntityDef) -> &'a str {
        self.label(&def.label)
    }

    /// "Accounts", "Konton".
    pub fn plural<'a>(&self, def: &'a EntityDef) -> &'a str {
        self.label(&def.plural)
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = match self.language {
            Language::English => &*ENGLISH,
            Language::Swedish => &*SWEDISH,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|it| it.value()) else {
            debug_assert!(false, "There is no text “{key}”");
            return key.to_owned();
        };
        bundle.format_pattern(pattern, args, &mut vec![]).into_owned()
    }
}

macro_rules! texts {
    ($language:literal: $($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../locales/", $language, "/", $name, ".ftl")))),*]
    };
}

const FILES: usize = 10;
const IN_ENGLISH: [(&str, &str); FILES] = texts!(
    "en": "common", "records", "sign-in", "settings", "mail", "pane", "demo", "definitions", "lists", "transfer",
);
const IN_SWEDISH: [(&str, &str); FILES] = texts!(
    "sv": "common", "records", "sign-in", "settings", "mail", "pane", "demo", "definitions", "lists", "transfer",
);

static ENGLISH: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(Language::English, &IN_ENGLISH));
static SWEDISH: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(Language::Swedish, &IN_SWEDISH));

/// What a file says twice or wrongly is left out; a test keeps that from happening.
fn bundle(language: Language, files: &[(&str, &str)]) -> FluentBundle<FluentResource> {
    let name: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![name]);
    // The marks around inserted values would end up in copied text and in attributes.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| amounts::written(Language::English, value),
        Language::Swedish => |value, _| amounts::written(Language::Swedish, value),
    }));
    for (_, text) in files {
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*text).to_owned());
        let _ = bundle.add_resource(resource);
    }
    bundle
}

#[cfg(test)]
#[path = "words/tests.rs"]
mod tests;
