//! Icons, marks and initials: what one sees before one reads (UI.md 3 to 5).

use crate::assets;
use crate::words::Words;
use app::mail::Mark;
use maud::{Markup, html};

/// A symbol of `icons.svg`, for the eye only: words stand beside it, or an `aria-label` around it.
pub fn icon(name: &str) -> Markup {
    html! { svg.icon aria-hidden="true" { use href=(symbol(name)) {} } }
}

/// 16 instead of 20 pixels.
pub fn small_icon(name: &str) -> Markup {
    html! { svg.icon.small aria-hidden="true" { use href=(symbol(name)) {} } }
}

/// How an item stands to the CRM, by shape. The word must stand beside it: [`mark_word`].
pub fn mark(mark: &Mark) -> Markup {
    let name = mark_name(mark);
    html! { svg class={ "mark " (name) } aria-hidden="true" { use href=(symbol(&format!("state-{name}"))) {} } }
}

/// The mark of a row that changes when the pane does: the script replaces it by its id.
pub fn mark_with_id(id: &str, mark: &Mark) -> Markup {
    let name = mark_name(mark);
    html! { svg id=(id) class={ "mark " (name) } aria-hidden="true" { use href=(symbol(&format!("state-{name}"))) {} } }
}

/// The same, 24 pixels, beside a heading.
pub fn mark_big(mark: &Mark) -> Markup {
    let name = mark_name(mark);
    html! { svg class={ "mark big " (name) } aria-hidden="true" { use href=(symbol(&format!("state-{name}"))) {} } }
}

fn mark_name(mark: &Mark) -> &'static str {
    match mark {
        Mark::None => "none",
        Mark::Pending => "pending",
        Mark::Tracked => "tracked",
        Mark::Regarding(..) => "regarding",
        Mark::Failed { .. } => "failed",
    }
}

/// The word of the mark: "Tracked regarding".
pub fn mark_word(mark: &Mark, words: &Words) -> String {
    words.t(match mark {
        Mark::None => "mark-none",
        Mark::Pending => "mark-pending",
        Mark::Tracked => "mark-tracked",
        Mark::Regarding(..) => "mark-regarding",
        Mark::Failed { .. } => "mark-failed",
    })
}

/// A record's type in its hue: records are squares, activities circles. `name` is the definition's `icon`.
pub fn type_icon(name: &str) -> Markup {
    shaped(name, name, "")
}

/// The same at the head of a page.
pub fn type_icon_big(name: &str) -> Markup {
    shaped(name, name, " big")
}

/// An e-mail that came or went.
pub fn mail_icon(outgoing: bool) -> Markup {
    shaped("mail", if outgoing { "mail-out" } else { "mail-in" }, "")
}

fn shaped(name: &str, symbol: &str, size: &str) -> Markup {
    // The stylesheet names hues after what people call things, the definitions after their symbol.
    let class = match name {
        "mail" => "email",
        "note" => "letter",
        other => other,
    };
    html! { span class={ "type " (class) (size) } { (icon(symbol)) } }
}

/// What stands behind a name, and so the outline of its initials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Colleague,
    Contact,
    Unknown,
}

/// Round initials. They are drawn by the stylesheet, so that neither screen readers nor copies meet them.
pub fn avatar(name: &str, who: Who) -> Markup {
    sized_avatar(name, who, "")
}

/// The same, 40 pixels, at the head of a message.
pub fn avatar_big(name: &str, who: Who) -> Markup {
    sized_avatar(name, who, " big")
}

fn sized_avatar(name: &str, who: Who, size: &str) -> Markup {
    let kind = match who {
        Who::Colleague => "",
        Who::Contact => " contact",
        Who::Unknown => " unknown",
    };
    html! { span class={ "avatar" (kind) (size) } data-initials=(initials(name)) aria-hidden="true" {} }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|it| it.chars().find(|it| it.is_alphanumeric()));
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).flat_map(char::to_uppercase).collect()
}

fn symbol(name: &str) -> String {
    format!("{}#{name}", assets::address("icons.svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_name() {
        assert_eq!(initials("Åsa Maria Lindström"), "ÅL");
        assert_eq!(initials("“info” åkeri"), "IÅ");
        assert_eq!(initials("asa@example"), "A");
        assert_eq!(initials(" "), "");
    }
}
