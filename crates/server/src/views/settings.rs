//! The visitor's own settings: language, theme, and where they are signed in.

use super::icon::icon;
use super::shell::{self, Page, Place, Theme};
use crate::session::Visitor;
use crate::words::Language;
use app::sign_in::SessionRow;
use domain::entity::{Catalog, EntityDef};
use maud::{Markup, html};

pub fn page(visitor: &Visitor, sessions: &[SessionRow]) -> Markup {
    let words = &visitor.words;
    let title = words.t("settings");
    let main = html! {
        main #main.page.narrow {
            div.page-head {
                div { h1 #me { (title) } p { (visitor.who.name) " · " (visitor.who.email) } }
                (sign_out(visitor))
            }
            (choices(visitor))
            section.card aria-labelledby="sessions-title" {
                header { h2 #sessions-title { (words.t("sessions-title")) } }
                ul.rows { @for session in sessions { li.row { (row(visitor, session)) } } }
                footer.line {
                    form method="post" action="/settings/sessions" {
                        (shell::csrf(visitor)) (shell::method("DELETE"))
                        button.button.danger { (words.t("sessions-end-all")) }
                    }
                    small { (words.t("sessions-end-all-hint")) }
                }
            }
            @if visitor.who.actor.administers() { (for_administrators(visitor)) }
            p { a href="/privacy" { (words.t("privacy-link")) } }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}

fn for_administrators(visitor: &Visitor) -> Markup {
    let words = &visitor.words;
    html! {
        section.card aria-label=(words.t("definitions")) {
            ul.rows {
                li.row {
                    (icon("columns"))
                    span { a.name href="/settings/types" { (words.t("definitions")) } span.meta { (words.t("definitions-hint")) } }
                    span {}
                }
            }
        }
    }
}

fn sign_out(visitor: &Visitor) -> Markup {
    html! {
        form method="post" action="/sign-out" { (shell::csrf(visitor)) button.button { (visitor.words.t("sign-out")) } }
    }
}

fn choices(visitor: &Visitor) -> Markup {
    let words = &visitor.words;
    html! {
        form.card method="post" action="/settings" aria-labelledby="looks-title" {
            (shell::csrf(visitor))
            header { h2 #looks-title { (words.t("settings-looks")) } }
            div.inside.form {
                fieldset.stack {
                    legend.legend { (words.t("settings-language")) }
                    @for (language, name) in [(Language::Swedish, "Svenska"), (Language::English, "English")] {
                        label.choice lang=(language.code()) {
                            input type="radio" name="language" value=(language.code()) checked[words.language == language];
                            span { (name) }
                        }
                    }
                }
                fieldset.stack {
                    legend.legend { (words.t("settings-theme")) }
                    @for (theme, key) in [(Theme::Device, "theme-device"), (Theme::Light, "theme-light"), (Theme::Dark, "theme-dark")] {
                        label.choice {
                            input type="radio" name="theme" value=(theme.name()) checked[visitor.theme == theme];
                            span { (words.t(key)) }
                        }
                    }
                }
            }
            footer { button.button.primary { (words.t("form-save")) } }
        }
    }
}

fn row(visitor: &Visitor, session: &SessionRow) -> Markup {
    let words = &visitor.words;
    html! {
        (icon(if session.remembered { "lock" } else { "globe" }))
        span {
            span.name { (device(&session.device, &words.t("session-unknown"))) }
            span.meta {
                (words.with("session-since", &[("time", words.when(session.created, visitor.now).into())]))
                " · " (words.with("session-seen", &[("time", words.when(session.seen, visitor.now).into())]))
                @if session.remembered { " · " (words.t("session-remembered")) }
            }
        }
        span.end {
            @if session.this_one {
                span.badge.accent { (words.t("session-this")) }
            } @else {
                form method="post" action="/settings/sessions" {
                    (shell::csrf(visitor)) (shell::method("DELETE"))
                    input type="hidden" name="session" value=(session.id);
                    button.button { (words.t("session-end")) }
                }
            }
        }
    }
}

/// `Firefox, Linux` out of what browsers call themselves; the order matters, since they imitate one another.
fn device(agent: &str, unknown: &str) -> String {
    let find =
        |names: &[(&'static str, &'static str)]| names.iter().find(|it| agent.contains(it.0)).map(|it| it.1);
    let browser = find(&[
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) if agent.is_empty() => unknown.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

/// What a phone's bar has no room for.
pub fn more(visitor: &Visitor, catalog: &Catalog) -> Markup {
    let words = &visitor.words;
    let title = words.t("rail-more");
    // What one browses comes before activities of all kinds.
    let mut types: Vec<&EntityDef> = domain::view::listed(catalog).collect();
    types.sort_by_key(|it| (!it.browsable, domain::text::folded(words.plural(it))));
    let main = html! {
        main #main.page.narrow {
            div.page-head { div { h1 { (title) } } (sign_out(visitor)) }
            section.card aria-label=(words.t("all-records")) {
                ul.rows {
                    @for def in types {
                        li.row { (super::icon::type_icon(&def.icon)) span { a.name href={ "/records/" (def.name) } { (words.plural(def)) } } span {} }
                    }
                }
            }
            section.card aria-label=(words.t("settings")) {
                ul.rows {
                    li.row { (icon("trash")) span { a.name href="/recycle-bin" { (words.t("bin")) } } span {} }
                    li.row { (icon("settings")) span { a.name href="/settings" { (words.t("settings")) } } span {} }
                    @if visitor.who.actor.administers() {
                        li.row { (icon("columns")) span { a.name href="/settings/types" { (words.t("definitions")) } } span {} }
                    }
                    li.row { (icon("eye")) span { a.name href="/privacy" { (words.t("privacy-link")) } } span {} }
                }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(device(edge, "?"), "Edge, Windows");
        assert_eq!(
            device("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "?"),
            "Firefox, Linux"
        );
        assert_eq!(device("", "?"), "?");
        assert_eq!(device("a-mail-client", "?"), "a-mail-client");
    }
}
