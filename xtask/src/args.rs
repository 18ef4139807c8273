//! Reads the words of a command line, so that each task says which ones it knows.

use anyhow::{Result, bail};

pub struct Args {
    words: Vec<String>,
    rest: Vec<String>,
}

impl Args {
    /// What stands after a lone `--` is kept apart for whoever is called in the end.
    pub fn new(words: impl IntoIterator<Item = String>) -> Args {
        let mut words: Vec<String> = words.into_iter().collect();
        let rest = match words.iter().position(|it| it == "--") {
            Some(at) => words.split_off(at).into_iter().skip(1).collect(),
            None => Vec::new(),
        };
        Args { words, rest }
    }

    /// Takes the next word that is no option.
    pub fn word(&mut self) -> Option<String> {
        let at = self.words.iter().position(|it| !it.starts_with('-'))?;
        Some(self.words.remove(at))
    }

    /// Takes `--name`; whether it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|it| it != name);
        self.words.len() != before
    }

    /// Takes each `--name VALUE` and `--name=VALUE`.
    pub fn values(&mut self, name: &str) -> Result<Vec<String>> {
        let mut values = Vec::new();
        let mut left = Vec::new();
        let mut words = std::mem::take(&mut self.words).into_iter();
        while let Some(word) = words.next() {
            if word == name {
                match words.next() {
                    Some(value) if !value.starts_with('-') => values.push(value),
                    _ => bail!("{name} wants a value"),
                }
            } else if let Some(value) = word.strip_prefix(name).and_then(|it| it.strip_prefix('=')) {
                values.push(value.to_owned());
            } else {
                left.push(word);
            }
        }
        self.words = left;
        Ok(values)
    }

    /// What stood after `--`; an error when a word before it was understood by nobody.
    pub fn finish(self) -> Result<Vec<String>> {
        match self.words.first() {
            Some(word) => bail!("Nothing is known of {word:?} here; --help says what is"),
            None => Ok(self.rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_words_and_the_rest_are_told_apart() {
        let mut args = args("--reset --only store --only=app pane -- --reset x");
        assert_eq!(args.values("--only").unwrap(), ["store", "app"]);
        assert!(args.flag("--reset"));
        assert!(!args.flag("--reset"));
        assert_eq!(args.word().as_deref(), Some("pane"));
        assert_eq!(args.finish().unwrap(), ["--reset", "x"]);
    }

    #[test]
    fn an_unknown_word_or_a_missing_value_is_an_error() {
        assert!(args("--rset").finish().is_err());
        assert!(args("--only").values("--only").is_err());
        assert!(args("--only --reset").values("--only").is_err());
    }
}
