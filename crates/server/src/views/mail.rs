//! The web mailbox: folders, the list of one folder, and room for the message and its pane beside them.

use super::icon::{mark_with_id, mark_word};
use super::pane::Reader;
use super::{escaped, hint, icon, small_icon};
use crate::words::Words;
use app::demo::Hint;
use app::mail::{FolderPage, FolderRow, Item, Mark, MessageRow};
use connect::Role;
use maud::{Markup, html};

/// What the mailbox shows: always the folders, mostly a list, sometimes a message.
pub struct MailPage<'a> {
    pub folders: &'a [FolderRow],
    pub list: &'a FolderPage,
    /// The list starts below this message.
    pub before: Option<u32>,
    /// The message that is open.
    pub open: Option<u32>,
    /// The message and its pane; without them the list has the screen of a phone for itself.
    pub message: Option<Markup>,
    pub hint: Option<&'a Hint>,
    pub toasts: Markup,
}

pub fn page(reader: Reader<'_>, page: &MailPage<'_>) -> Markup {
    html! {
        main.mail.reads[page.message.is_some()].lists[page.message.is_none()] id="main" {
            (folders(reader, page))
            (messages(reader, page))
            @match &page.message {
                Some(message) => (message),
                None => (nothing_chosen(reader, page)),
            }
        }
    }
}

fn nothing_chosen(reader: Reader<'_>, page: &MailPage<'_>) -> Markup {
    let words = reader.words();
    html! {
        section.message aria-label=(words.t("mail-message")) {
            div.empty {
                (icon("mail"))
                h2 { (words.t("mail-choose-message")) }
                p { (words.t("mail-choose-message-text")) }
            }
        }
        div.pane { @if let Some(hint) = page.hint { section { (hint::hint(reader.visitor, hint, &reader.visitor.place)) } } }
    }
}

fn folders(reader: Reader<'_>, page: &MailPage<'_>) -> Markup {
    let words = reader.words();
    let (known, others): (Vec<_>, Vec<_>) = page.folders.iter().partition(|it| it.role != Role::Other);
    html! {
        nav.folders aria-label=(words.t("mail-folders")) {
            ul { @for it in known { (folder(words, it, page)) } }
            @if !others.is_empty() {
                h2 { (words.t("mail-other-folders")) }
                ul { @for it in others { (folder(words, it, page)) } }
            }
            @if reader.visitor.demo { div.below { (hint::reply(reader.visitor, "quiet")) } }
        }
    }
}

fn folder(words: &Words, folder: &FolderRow, page: &MailPage<'_>) -> Markup {
    let here = folder.name == page.list.folder;
    html! {
        li {
            a href=(folder_address(&folder.name)) data-swap="main" data-push aria-current=[here.then_some("page")] {
                (icon(folder_icon(folder.role)))
                span.one-line { (folder_name(words, folder)) }
                @if folder.unseen > 0 {
                    span.number { (words.number(i64::from(folder.unseen))) span.visually-hidden { " " (words.t("mail-unread")) } }
                }
            }
        }
    }
}

fn folder_icon(role: Role) -> &'static str {
    match role {
        Role::Inbox => "mailbox",
        Role::Drafts => "edit",
        Role::Sent => "sent",
        Role::Archive => "archive",
        Role::Junk => "filter",
        Role::Trash => "trash",
        Role::Other => "folder",
    }
}

fn folder_name(words: &Words, folder: &FolderRow) -> String {
    match folder.role {
        Role::Inbox => words.t("mail-inbox"),
        Role::Drafts => words.t("mail-drafts"),
        Role::Sent => words.t("mail-sent"),
        Role::Archive => words.t("mail-archive"),
        Role::Junk => words.t("mail-junk"),
        Role::Trash => words.t("mail-trash"),
        Role::Other => folder.name.clone(),
    }
}

/// How the folder of this list is called.
pub fn title(words: &Words, folders: &[FolderRow], name: &str) -> String {
    folders.iter().find(|it| it.name == name).map_or_else(|| name.to_owned(), |it| folder_name(words, it))
}

fn messages(reader: Reader<'_>, page: &MailPage<'_>) -> Markup {
    let words = reader.words();
    let list = page.list;
    html! {
        section.messages aria-label=(words.t("mail-messages")) data-keep-scroll {
            header {
                h1 { (title(words, page.folders, &list.folder)) }
                (folder_choice(words, page))
            }
            @if page.message.is_none() {
                @if let Some(hint) = page.hint { div.below.only-narrow { (hint::hint(reader.visitor, hint, &reader.visitor.place)) } }
                (page.toasts)
            }
            @if list.messages.is_empty() {
                div.empty {
                    (icon("mailbox"))
                    h2 { (words.t("mail-empty-folder")) }
                    p { (words.t("mail-empty-folder-text")) }
                }
            }
            ul { @for it in &list.messages { li { (row(reader, it, page)) } } }
            (pages(words, page))
        }
    }
}

/// Where the folders have no room beside the list, they fold out above it.
fn folder_choice(words: &Words, page: &MailPage<'_>) -> Markup {
    html! {
        details.folder-choice {
            summary { (words.t("mail-change-folder")) }
            div.menu {
                @for it in page.folders {
                    a.item href=(folder_address(&it.name)) {
                        (icon(folder_icon(it.role))) span { (folder_name(words, it)) }
                        @if it.unseen > 0 { span.faint { (words.number(i64::from(it.unseen))) } }
                    }
                }
            }
        }
    }
}

fn pages(words: &Words, page: &MailPage<'_>) -> Markup {
    let address = folder_address(&page.list.folder);
    html! {
        @if page.before.is_some() || page.list.before.is_some() {
            nav.pages.below aria-label=(words.t("mail-messages")) {
                @if page.before.is_some() { a.button.quiet href=(address) { (words.t("mail-newest")) } }
                @if let Some(before) = page.list.before {
                    a.button.quiet.older href={ (address) "&before=" (before) } { (words.t("mail-older")) (small_icon("chevron-right")) }
                }
            }
        }
    }
}

fn row(reader: Reader<'_>, message: &MessageRow, page: &MailPage<'_>) -> Markup {
    let words = reader.words();
    let before = page.before.map(|it| format!("&before={it}")).unwrap_or_default();
    let address = format!("{}&uid={}{before}", folder_address(&page.list.folder), message.uid);
    let subject = message.envelope.subject.trim();
    // When it was sent; but nobody writes from the future.
    let at = message.envelope.date.into_iter().chain(message.received).min();
    html! {
        a.message-row.unread[!message.seen] href=(address) data-swap="main" data-push
            aria-current=[(page.open == Some(message.uid)).then_some("true")] {
            (mark_with_id(&mark_id(message.uid), &message.mark))
            span.from.one-line { (who(words, message, page)) }
            @if let Some(at) = at { time datetime=(at) { (reader.said(at)) } } @else { span {} }
            span.subject.one-line {
                @if subject.is_empty() { (words.t("mail-no-subject")) } @else { (subject) }
            }
            (about(reader, message.uid, &message.mark))
        }
    }
}

/// Whom a row is about: the sender; in Sent and Drafts those it goes to.
fn who(words: &Words, message: &MessageRow, page: &MailPage<'_>) -> String {
    let outgoing = page
        .folders
        .iter()
        .any(|it| it.name == page.list.folder && matches!(it.role, Role::Sent | Role::Drafts));
    let envelope = &message.envelope;
    let name = |it: &domain::envelope::Person| super::message::shown(it);
    if outgoing && !envelope.to.is_empty() {
        return envelope.to.iter().take(3).map(name).collect::<Vec<_>>().join(", ");
    }
    envelope.from.as_ref().map_or_else(|| words.t("mail-no-sender"), name)
}

/// What changes beside the pane when a tracking changes: the marks in the list and above the message.
pub fn marks(reader: Reader<'_>, uid: u32, mark: &Mark) -> Markup {
    html! {
        (mark_with_id(&mark_id(uid), mark))
        (about(reader, uid, mark))
        (jump(reader, mark))
    }
}

fn mark_id(uid: u32) -> String {
    format!("mark-{uid}")
}

/// The last line of a row: what it is about, in the hue of its type, or the state in a word.
fn about(reader: Reader<'_>, uid: u32, mark: &Mark) -> Markup {
    let words = reader.words();
    let id = format!("about-{uid}");
    match mark {
        Mark::None => html! { span id=(id) class="visually-hidden" { (mark_word(mark, words)) } },
        Mark::Pending | Mark::Tracked => html! { span.about id=(id) { (mark_word(mark, words)) } },
        Mark::Regarding(record, name) => {
            let symbol = reader.catalog.get(&record.entity).map_or("account", |it| &it.icon);
            html! {
                span id=(id) class={ "about " (symbol) } {
                    span.visually-hidden { (mark_word(mark, words)) }
                    (icon(symbol))
                    span.one-line { (regarding_name(words, name.as_deref())) }
                }
            }
        }
        Mark::Failed { next_try } => {
            html! {
                span.about id=(id) {
                    @match next_try {
                        Some(at) => (words.with("mail-mark-failed", &[("when", reader.said(*at).into())])),
                        None => (mark_word(mark, words)),
                    }
                }
            }
        }
    }
}

fn regarding_name(words: &Words, name: Option<&str>) -> String {
    name.map_or_else(|| words.t("mail-mark-hidden"), ToOwned::to_owned)
}

/// On a phone: the strip above the text that tells the state and leads to the pane below.
pub fn jump(reader: Reader<'_>, mark: &Mark) -> Markup {
    let words = reader.words();
    html! {
        a.jump id="jump" href="#pane" {
            (super::mark(mark))
            span.one-line {
                @match mark {
                    Mark::Regarding(_, name) => (regarding_name(words, name.as_deref())),
                    Mark::None | Mark::Pending | Mark::Tracked | Mark::Failed { .. } => (mark_word(mark, words)),
                }
            }
            (small_icon("chevron-down"))
        }
    }
}

/// When there is nothing to show at all: no mailbox, or one that does not answer.
pub fn empty(symbol: &str, title: &str, text: &Markup) -> Markup {
    html! {
        main.page id="main" {
            section.card { div.empty { (icon(symbol)) h1 { (title) } (text) } }
        }
    }
}

pub fn folder_address(folder: &str) -> String {
    format!("/mail?folder={}", escaped(folder))
}

/// Where the message is read.
pub fn message_address(item: &Item) -> String {
    format!("{}&uid={}", folder_address(&item.folder), item.uid)
}
