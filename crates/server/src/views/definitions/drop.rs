//! The question before something is dropped: how many records lose something, and whether that is known.

use crate::session::Visitor;
use crate::views::icon::icon;
use crate::views::shell::{self, Page, Place};
use maud::{Markup, html};

#[derive(Debug)]
pub struct Question<'a> {
    /// What goes, in the reader's language.
    pub name: &'a str,
    /// Where the answer goes.
    pub action: &'a str,
    pub back: &'a str,
    pub rows: u64,
    /// Whole records go, and not only what they hold in a column.
    pub records: bool,
    /// Another number was typed.
    pub wrong: bool,
}

pub fn question(visitor: &Visitor, it: &Question<'_>) -> Markup {
    let words = &visitor.words;
    let title = words.with("definition-drop-title", &[("name", it.name.into())]);
    let count = || vec![("count", i64::try_from(it.rows).unwrap_or(i64::MAX).into())];
    let key = match (it.rows, it.records) {
        (0, _) => "definition-drop-unused",
        (_, true) => "definition-drop-records",
        (_, false) => "definition-drop-used",
    };
    let main = html! {
        main #main.page.narrow {
            div.page-head { div { h1 { (title) } } }
            @if it.wrong {
                div.banner.bad role="alert" { (icon("warning")) p { (words.with("definition-drop-wrong", &count())) } }
            }
            form.card method="post" action=(it.action) {
                (shell::csrf(visitor)) (shell::method("DELETE"))
                div.inside.stack.wide {
                    p { (words.with(key, &count())) }
                    @if it.rows == 0 {
                        input type="hidden" name="rows" value="0";
                    } @else {
                        div.field {
                            label for="f-rows" { (words.with("definition-drop-count", &count())) }
                            input.input id="f-rows" name="rows" inputmode="numeric" autocomplete="off" required;
                        }
                    }
                }
                footer.line {
                    button.button.danger.primary { (icon("trash")) (words.t("definition-drop")) }
                    a.button.quiet href=(it.back) { (words.t("form-cancel")) }
                }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}
