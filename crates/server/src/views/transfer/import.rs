//! A file that becomes records: what its columns become, how far it has come, what went wrong.

use super::frame;
use crate::session::Visitor;
use crate::views::icon::icon;
use crate::views::shell;
use crate::words::Words;
use app::transfer::kept::{Kept, Stage};
use app::transfer::{Place, Twins, Wrong, mapping};
use domain::entity::{EntityDef, FieldKind};
use formats::sheet::{Encoding, Line, Sheet};
use maud::{Markup, html};

/// Rows that are shown before anything happens.
const PREVIEW: usize = 10;
/// Rows of a report on its page; its file has them all.
const SHOWN: usize = 50;
/// Characters of a cell that are shown.
const SHORT: usize = 40;

pub struct Choosing<'a> {
    pub def: &'a EntityDef,
    pub kept: &'a Kept,
    pub sheet: &'a Sheet,
    /// One for each heading.
    pub places: &'a [Option<Place>],
    pub twins: Twins,
    pub trouble: Option<String>,
}

pub struct Report<'a> {
    pub def: &'a EntityDef,
    pub kept: &'a Kept,
    pub stage: Stage,
    pub wrong: &'a [Wrong],
}

fn count(number: u64) -> fluent_bundle::FluentValue<'static> {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

fn here(kept: &Kept) -> String {
    format!("/transfer/{}/import/{}", kept.entity, kept.id)
}

fn short(text: &str) -> String {
    let more = if text.chars().count() > SHORT { "…" } else { "" };
    text.chars().take(SHORT).chain(more.chars()).collect()
}

/// What a place is called in the reader's language.
pub fn called(def: &EntityDef, place: &Place, words: &Words) -> String {
    let label =
        |it: &str| def.column(it).map_or_else(|| it.to_owned(), |it| words.label(&it.label).to_owned());
    match place {
        Place::Key => words.t("import-key"),
        Place::Column(column) => label(column),
        Place::Id(column) => words.with("import-key-of", &[("column", label(column).into())]),
    }
}

pub fn choosing(visitor: &Visitor, it: &Choosing<'_>) -> Markup {
    let words = &visitor.words;
    let title = words.with("import-title", &[("file", it.kept.name.as_str().into())]);
    let encoding = match it.sheet.encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Utf16 => "UTF-16",
        Encoding::Windows1252 => "Windows-1252",
    };
    let lines: Vec<Line> = it.sheet.rows().take(PREVIEW).collect();
    let given = |name: &str| {
        it.places.iter().flatten().any(|it| matches!(it, Place::Column(c) | Place::Id(c) if c == name))
    };
    let needed: Vec<&str> = mapping::takes(it.def)
        .filter(|it| it.required && it.kind != FieldKind::Boolean && !given(&it.name))
        .map(|it| words.label(&it.label))
        .collect();
    let inside = html! {
        @if let Some(trouble) = &it.trouble {
            div.banner.bad role="alert" { (icon("warning")) p { (trouble) } }
        } @else if !needed.is_empty() {
            div.banner.warn { (icon("warning")) p { (words.with("import-needed", &[("columns", needed.join(", ").into())])) } }
        }
        p { (words.with("import-rows", &[("count", count(it.kept.rows))])) " · " (encoding) }
        form.card method="post" action=(here(it.kept)) aria-labelledby="places" {
            header { h2 #places { (words.t("import-places")) } }
            (shell::csrf(visitor))
            div.inside.form {
                @for (at, heading) in it.sheet.headings.iter().enumerate() { (place(visitor, it, at, heading, &lines)) }
            }
            div.inside { (twins(visitor, it.twins)) }
            footer.line.wrap {
                button.button.primary { (words.with("import-do", &[("count", count(it.kept.rows))])) }
                button.button.quiet name="_method" value="DELETE" { (words.t("form-cancel")) }
            }
        }
        section.card aria-labelledby="preview" {
            header { h2 #preview { (words.t("import-preview")) } }
            div.table-frame tabindex="0" role="region" aria-label=(words.t("import-preview")) {
                table.table.plain {
                    thead { tr {
                        th.number scope="col" { (words.t("import-line")) }
                        @for heading in &it.sheet.headings { th scope="col" { (short(heading)) } }
                    } }
                    tbody { @for line in &lines { tr {
                        td.number { (line.number) }
                        @for cell in &line.cells { td { (short(cell)) } }
                    } } }
                }
            }
        }
    };
    frame(visitor, it.def, &title, &inside)
}

/// What one column of the file becomes.
fn place(visitor: &Visitor, it: &Choosing<'_>, at: usize, heading: &str, lines: &[Line]) -> Markup {
    let words = &visitor.words;
    let id = format!("place-{at}");
    let chosen = it.places.get(at).and_then(Option::as_ref);
    let example = lines.iter().filter_map(|it| it.cells.get(at)).find(|it| !it.is_empty());
    let option = |place: &Place| {
        html! { option value=(place) selected[chosen == Some(place)] { (called(it.def, place, words)) } }
    };
    html! {
        div.field {
            label for=(id) {
                @if heading.is_empty() { (words.t("import-nameless")) } @else { (short(heading)) }
                @if let Some(example) = example { span.faint { " · " (short(example)) } }
            }
            span.select {
                select id=(id) name={ "place." (at) } {
                    option value="" { (words.t("import-leave")) }
                    @for column in mapping::takes(it.def) {
                        (option(&Place::Column(column.name.clone())))
                        @if column.kind == FieldKind::Lookup { (option(&Place::Id(column.name.clone()))) }
                    }
                    (option(&Place::Key))
                }
                (icon("chevron-down"))
            }
        }
    }
}

fn twins(visitor: &Visitor, chosen: Twins) -> Markup {
    let words = &visitor.words;
    let ways = [
        ("skip", Twins::Skip, "import-twins-skip"),
        ("update", Twins::Update, "import-twins-update"),
        ("make", Twins::Make, "import-twins-make"),
    ];
    html! {
        fieldset.stack {
            legend { (words.t("import-twins")) }
            @for (value, way, key) in ways {
                label.choice { input type="radio" name="twins" value=(value) checked[way == chosen]; span { (words.t(key)) } }
            }
        }
    }
}

pub fn outcome(visitor: &Visitor, it: &Report<'_>) -> Markup {
    let words = &visitor.words;
    let title = words.with("import-title", &[("file", it.kept.name.as_str().into())]);
    let tally = &it.kept.tally;
    let said = match it.stage {
        Stage::Choosing | Stage::Running => "import-running",
        Stage::Stopped => "import-stopped",
        Stage::Ended => "import-ended",
    };
    let counts = [
        ("import-made", tally.made),
        ("import-updated", tally.updated),
        ("import-skipped", tally.skipped),
        ("import-failed", tally.failed),
    ];
    let inside = html! {
        section.card #progress aria-labelledby="said" {
            header { h2 #said { (words.t(said)) } }
            div.inside.stack role="status" {
                @if it.stage != Stage::Ended {
                    progress max=(it.kept.rows) value=(tally.rows) aria-labelledby="said" {}
                }
                p.number { (words.with("import-progress", &[("rows", count(tally.rows)), ("all", count(it.kept.rows))])) }
                ul.plain { @for (key, number) in counts { @if number > 0 || key == "import-made" {
                    li { (words.with(key, &[("count", count(number))])) }
                } } }
            }
            footer.line.wrap {
                @if it.stage == Stage::Stopped {
                    form method="post" action=(here(it.kept)) { (shell::csrf(visitor)) button.button.primary { (icon("retry")) (words.t("import-go-on")) } }
                }
                a.button.primary[it.stage == Stage::Ended] href={ "/records/" (it.def.name) } { (words.t("bulk-back")) }
            }
        }
        @if !it.wrong.is_empty() { (wrong(visitor, it)) }
    };
    frame(visitor, it.def, &title, &inside)
}

fn wrong(visitor: &Visitor, it: &Report<'_>) -> Markup {
    let words = &visitor.words;
    html! {
        section.card aria-labelledby="wrong" {
            header {
                h2 #wrong { (words.t("import-report")) }
                a.button.quiet href={ (here(it.kept)) "/report" } download { (icon("download")) (words.t("import-download")) }
            }
            div.table-frame tabindex="0" role="region" aria-label=(words.t("import-report")) {
                table.table.plain {
                    thead { tr {
                        th.number scope="col" { (words.t("import-line")) }
                        th scope="col" { (words.t("import-column")) }
                        th scope="col" { (words.t("import-why")) }
                    } }
                    tbody { @for one in it.wrong.iter().take(SHOWN) { tr {
                        td.number { (one.line) } td { (short(&one.column)) } td { (one.sentence) }
                    } } }
                }
            }
            @if it.wrong.len() > SHOWN { footer { p.faint { (words.t("import-report-more")) } } }
        }
    }
}
