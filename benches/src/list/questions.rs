//! What is asked of the big world.

use super::company::Company;
use crate::people;
use anyhow::{Context, Result, ensure};
use app::lists::Wanted;
use domain::ask::{Ask, Pick, Place, Sort};
use domain::filter::{Direction, Filter};
use domain::privilege::Actor;
use domain::record::Value;
use std::ops::RangeInclusive;
use std::time::Duration;

const PAGE: u32 = app::lists::PAGE;
const DEEP: usize = 1_000;
/// Pages around the deep one, in turns.
const AROUND: usize = 20;
/// Hits of quick find.
const HITS: u32 = 8;
/// Different questions of one case, in turns.
const VARIANTS: usize = 50;

pub struct Case {
    pub name: String,
    /// How many rows each question must find.
    pub expects: RangeInclusive<usize>,
    /// In turns.
    pub asked: Vec<Asked>,
    pub times: Vec<Duration>,
    who: Who,
}

pub enum Asked {
    Question(Box<Ask>),
    List(Box<Wanted>),
    Find(String),
}

#[derive(Debug, Clone, Copy)]
enum Who {
    Bo,
    Eva,
}

impl Who {
    fn actor(self, company: &Company) -> &Actor {
        match self {
            Who::Bo => &company.bo,
            Who::Eva => &company.eva,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Who::Bo => "administrator",
            Who::Eva => "salesperson",
        }
    }
}

impl Case {
    pub fn actor<'a>(&self, company: &'a Company) -> &'a Actor {
        self.who.actor(company)
    }

    /// How many rows were found.
    pub async fn ask(&self, company: &Company, number: usize) -> Result<usize> {
        let (app, actor) = (&company.app, self.actor(company));
        match &self.asked[number % self.asked.len()] {
            Asked::Question(ask) => Ok(app::ask::ask(app, actor, ask).await?.rows.len()),
            Asked::List(wanted) => Ok(app::lists::page(app, actor, wanted).await?.rows.len()),
            Asked::Find(words) => {
                let found = app::find::quick_find(app, actor, words).await?;
                Ok(found.iter().map(|it| it.hits.len()).sum())
            }
        }
    }

    /// Whether the target is meant for it.
    pub fn is_held_to_it(&self) -> bool {
        !matches!(self.asked.first(), Some(Asked::Find(_)))
    }
}

pub async fn all(company: &Company) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for who in [Who::Bo, Who::Eva] {
        let page = depth(company);
        for (name, places) in
            [("page 1".to_owned(), vec![None]), (format!("page {page}"), around(company, who, page).await?)]
        {
            let expects = PAGE as usize..=PAGE as usize;
            let case = |what: &str, asked| {
                let name = format!("{}, {name}{what}", who.name());
                Case { name, expects: expects.clone(), asked, times: vec![], who }
            };
            let questions = places.iter().map(|it| Asked::Question(Box::new(question(it.clone()))));
            let lists = places.iter().map(|it| Asked::List(Box::new(wanted(company, it.clone()))));
            cases.push(case("", questions.collect()));
            cases.push(case(", as the web app lists", lists.collect()));
        }
        cases.extend(finding(company, who));
    }
    Ok(cases)
}

/// Of a small world a page that is there.
fn depth(company: &Company) -> usize {
    DEEP.min(company.activities / 1_000)
}

fn question(after: Option<Place>) -> Ask {
    let mut ask = Ask::of("activitypointer");
    let columns = ["activitytypecode", "subject", "regardingobjectid", "sortdate", "statecode"];
    ask.source.columns = Pick::These(columns.map(str::to_owned).to_vec());
    ask.order = vec![sort("sortdate")];
    (ask.limit, ask.after) = (PAGE, after);
    ask
}

fn sort(column: &str) -> Sort {
    Sort { alias: "t".to_owned(), column: column.to_owned(), direction: Direction::Descending }
}

fn wanted(company: &Company, after: Option<Place>) -> Wanted {
    let def = company.app.catalog.get("activitypointer");
    let columns = def.map(|it| app::lists::columns(it, &[])).unwrap_or_default();
    Wanted {
        entity: "activitypointer".to_owned(),
        columns: columns.iter().map(|it| it.name.clone()).collect(),
        source: None,
        filter: Filter::everything(),
        order: None,
        after,
    }
}

/// Where pages around this one begin: behind the rows before them, all of which are read once for it.
async fn around(company: &Company, who: Who, page: usize) -> Result<Vec<Option<Place>>> {
    let mut ask = question(None);
    ask.limit = u32::try_from(page)? * PAGE;
    let rows = app::ask::ask(&company.app, who.actor(company), &ask).await?.rows;
    let first = page.saturating_sub(AROUND).max(1);
    let mut places = Vec::new();
    for before in (first..page).rev() {
        let last = rows.get(before * PAGE as usize - 1).context("There are fewer pages")?;
        let value = last.record.get("sortdate").clone();
        ensure!(value != Value::Null, "An activity has no date");
        places.push(Some(Place { values: vec![value], id: last.record.id }));
    }
    Ok(places)
}

fn finding(company: &Company, who: Who) -> Vec<Case> {
    let rare = |it: usize| people::rare_word(people::mixed(it) % company.contacts);
    let two = |it: usize| {
        let mixed = people::mixed(it);
        format!("{} {}", people::first_name(mixed), people::common_last_name(mixed >> 8))
    };
    let prefix = |it: usize| people::common_last_name(it).chars().take(3).collect();
    // What is rare need not be eva's; two words may both be common and seldom stand together.
    let few = match who {
        Who::Bo => 1..=1,
        Who::Eva => 0..=1,
    };
    let case = |name: &str, expects, asked: Vec<Asked>| Case {
        name: format!("{}, quick find: {name}", who.name()),
        expects,
        asked,
        times: vec![],
        who,
    };
    let words = |text: &dyn Fn(usize) -> String| {
        (0..VARIANTS).map(|it| Asked::Question(Box::new(hits(&text(it))))).collect()
    };
    let all_types = (0..VARIANTS).map(|it| Asked::Find(two(it))).collect();
    vec![
        case("a rare word", few, words(&rare)),
        case("two common words", 0..=HITS as usize, words(&two)),
        case("a prefix", 1..=HITS as usize, words(&prefix)),
        case("two common words, all types", 0..=1_000, all_types),
    ]
}

/// As quick find asks for contacts.
fn hits(words: &str) -> Ask {
    let mut ask = Ask::of("contact");
    ask.source.filter = Filter::Words(domain::text::words(words));
    ask.order = vec![sort("createdon")];
    ask.limit = HITS;
    ask
}
