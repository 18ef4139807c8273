//! How the engines go about the questions, as they say themselves.

use super::company::Company;
use super::questions::{Asked, Case};
use crate::place::Engine;
use anyhow::Result;
use domain::privilege::Action;
use std::fmt::Write as _;

/// Of each question the plan, as few lines as show it.
pub struct Plans(Vec<(String, Vec<Step>)>);

pub async fn of(company: &Company, cases: &[Case]) -> Result<Plans> {
    let mut plans = Vec::new();
    for case in cases {
        let Some(Asked::Question(ask)) = case.asked.first() else { continue };
        let app = &company.app;
        let types = store::ask::types(&app.catalog, ask)?;
        let scopes = case.actor(company).scopes(Action::Read, types.iter().map(String::as_str));
        let steps = store::ask::plan(&app.db, &app.catalog, ask, &scopes).await?;
        plans.push((case.name.clone(), telling(&steps)));
    }
    Ok(Plans(plans))
}

/// Of the engine's steps those that read or sort, without their costs; `whole`: it reads a whole table, by no index.
struct Step {
    text: String,
    whole: bool,
}

fn telling(steps: &[String]) -> Vec<Step> {
    // What SQLite calls an inner question by.
    let inner: Vec<&str> = steps
        .iter()
        .flat_map(|it| ["CO-ROUTINE ", "MATERIALIZE "].map(|word| it.trim_start().strip_prefix(word)))
        .flatten()
        .collect();
    let step = |it: &String| {
        let text = it.split("  (cost=").next().unwrap_or(it).trim_start_matches([' ', '-', '>']);
        if text.contains("Subquery Scan") || text.strip_prefix("SCAN ").is_some_and(|it| inner.contains(&it))
        {
            return None;
        }
        let words = ["SEARCH ", "SCAN ", "USE TEMP", "Scan ", "Index Cond:", "Sort", "HashAggregate"];
        let tells = words.iter().any(|it| text.contains(it)) && !text.starts_with("Sort ");
        let whole = text.contains("Seq Scan on ") || (text.starts_with("SCAN ") && !text.contains(" USING "));
        // The last of all characters ends a range of words.
        tells.then(|| Step { text: text.replace('\u{10FFFF}', "…"), whole })
    };
    steps.iter().filter_map(step).collect()
}

impl Plans {
    pub fn sentence(&self, engine: Engine) -> String {
        let whole = self.0.iter().filter(|(_, steps)| steps.iter().any(|it| it.whole));
        let whole: Vec<&str> = whole.map(|it| it.0.as_str()).collect();
        let word = match whole.as_slice() {
            [] => "every question goes by indexes, as its plan shows".to_owned(),
            some => format!("**a whole table is read** for {}", some.join("; ")),
        };
        format!("{}: {word}.", engine.name())
    }

    pub fn text(&self, engine: Engine) -> String {
        let mut text = format!("\n### Plans of {}\n", engine.name());
        for (name, steps) in &self.0 {
            let steps: Vec<&str> = steps.iter().map(|it| it.text.as_str()).collect();
            // Writing to a String cannot fail.
            let _ = write!(text, "\n{name}:\n\n```text\n{}\n```\n", steps.join("\n"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(steps: &[&str], whole: &[&str]) {
        let steps: Vec<String> = steps.iter().map(|it| (*it).to_owned()).collect();
        let found: Vec<String> =
            telling(&steps).into_iter().filter(|it| it.whole).map(|it| it.text).collect();
        assert_eq!(found, whole);
    }

    #[test]
    fn reading_a_whole_table_is_noticed() {
        check(&["SCAN t"], &["SCAN t"]);
        check(&["CO-ROUTINE s", "SCAN s", "SEARCH t USING INDEX contact_createdon (createdon<?)"], &[]);
        check(&["SCAN t USING INDEX activitypointer_sortdate"], &[]);
        check(
            &["      ->  Seq Scan on contact t  (cost=0.00..1.00 rows=1 width=8)"],
            &["Seq Scan on contact t"],
        );
        check(&["  ->  Bitmap Heap Scan on share s  (cost=50.29..307.06 rows=1 width=40)"], &[]);
        check(&["  ->  Index Scan using contact_pkey on contact t  (cost=0.43..8.45 rows=1 width=40)"], &[]);
    }

    #[test]
    fn only_what_reads_or_sorts_is_told() {
        let steps =
            ["Limit", "  ->  Sort  (cost=1..2)", "        Sort Key: t.o", "SubPlan 1"].map(str::to_owned);
        let told: Vec<String> = telling(&steps).into_iter().map(|it| it.text).collect();
        assert_eq!(told, ["Sort"]);
    }
}
