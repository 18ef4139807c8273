//! How numbers, sums and sizes are written: `2,160,000 kr` in English, `2 160 000 kr` in Swedish, with no-break spaces.

use super::{Language, Words};
use fluent_bundle::FluentValue;

/// Keeps a number and its unit on one line.
const TIGHT: char = '\u{a0}';

impl Words {
    pub fn number(&self, number: i64) -> String {
        grouped(self.language, number)
    }

    /// Ten-thousandths of a krona; parts of a krona are shown when there are any.
    pub fn money(&self, ten_thousandths: i64) -> String {
        let hundredths = (i128::from(ten_thousandths.unsigned_abs()) + 50) / 100;
        let sign = if ten_thousandths < 0 { "−" } else { "" };
        let whole = grouped(self.language, i64::try_from(hundredths / 100).unwrap_or(i64::MAX));
        match hundredths % 100 {
            0 => format!("{sign}{whole}{TIGHT}kr"),
            parts => format!("{sign}{whole}{}{parts:02}{TIGHT}kr", self.decimal_sign()),
        }
    }

    /// Millionths, without zeros at the end.
    pub fn decimal(&self, millionths: i64) -> String {
        let sign = if millionths < 0 { "−" } else { "" };
        let parts = millionths.unsigned_abs();
        let whole = grouped(self.language, i64::try_from(parts / 1_000_000).unwrap_or(i64::MAX));
        match format!("{:06}", parts % 1_000_000).trim_end_matches('0') {
            "" => format!("{sign}{whole}"),
            rest => format!("{sign}{whole}{}{rest}", self.decimal_sign()),
        }
    }

    /// `412 kB`, `1.2 MB`; a kB is 1,000 bytes.
    pub fn size(&self, bytes: u64) -> String {
        match bytes {
            0..1_000 => format!("{bytes}{TIGHT}B"),
            1_000..999_500 => format!("{}{TIGHT}kB", (bytes + 500) / 1_000),
            _ => {
                let tenths = (bytes + 50_000) / 100_000;
                format!("{}{}{}{TIGHT}MB", tenths / 10, self.decimal_sign(), tenths % 10)
            }
        }
    }

    fn decimal_sign(&self) -> char {
        match self.language {
            Language::English => '.',
            Language::Swedish => ',',
        }
    }
}

/// How a number inside of a text is written; other values as they are.
pub(super) fn written(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "Only whole numbers are handed over.")]
        FluentValue::Number(number) => Some(grouped(language, number.value as i64)),
        _ => None,
    }
}

fn grouped(language: Language, number: i64) -> String {
    let between = match language {
        Language::English => ',',
        Language::Swedish => TIGHT,
    };
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(between);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: impl Fn(&Words) -> String, english: &str, swedish: &str) {
        let words = |language| Words::new(language, chrono_tz::UTC);
        let plain = |language| text(&words(language)).replace(TIGHT, " ");
        assert_eq!(
            (plain(Language::English).as_str(), plain(Language::Swedish).as_str()),
            (english, swedish)
        );
    }

    #[test]
    fn thousands_stand_apart() {
        check(|it| it.number(7), "7", "7");
        check(|it| it.number(38_319), "38,319", "38 319");
        check(|it| it.number(-1_000), "−1,000", "−1 000");
    }

    #[test]
    fn parts_of_a_krona_show_only_when_there_are_any() {
        check(|it| it.money(21_600_000_000), "2,160,000 kr", "2 160 000 kr");
        check(|it| it.money(995_000), "99.50 kr", "99,50 kr");
        check(|it| it.money(-5_000), "−0.50 kr", "−0,50 kr");
        check(|it| it.money(i64::MIN), "−922,337,203,685,477.58 kr", "−922 337 203 685 477,58 kr");
    }

    #[test]
    fn sizes_have_at_most_one_decimal() {
        check(|it| it.size(0), "0 B", "0 B");
        check(|it| it.size(412_300), "412 kB", "412 kB");
        check(|it| it.size(999_700), "1.0 MB", "1,0 MB");
        check(|it| it.size(1_240_000), "1.2 MB", "1,2 MB");
    }
}
