//! Rows of a file into records, by the path that all writing takes: many to a commit, one by one where that fails.

use super::cell::Manner;
use super::kept;
use super::mapping::Place;
use super::rows::{Fault, Row, Rows};
use crate::changes::Changes;
use crate::{App, Error, Result, duplicates};
use domain::entity::{EntityDef, FieldKind};
use domain::id::RecordRef;
use domain::privilege::{Action, Actor};
use domain::record::{Value, Values};
use domain::text::alike;
use formats::sheet::{Line, Sheet};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Rows of one commit: large enough to be quick, small enough that nobody waits for it.
const TOGETHER: usize = 100;

/// What happens to a row that is like a record that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Twins {
    #[default]
    Skip,
    /// Its cells go into that record.
    Update,
    /// It becomes one more.
    Make,
}

/// What is to be done with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub entity: String,
    /// One for each heading; `None`: left out.
    pub places: Vec<Option<Place>>,
    pub twins: Twins,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Rows that were looked at.
    pub rows: u64,
    pub made: u64,
    pub updated: u64,
    pub skipped: u64,
    pub failed: u64,
}

/// A row that did not become a record, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// In the file.
    pub line: u64,
    /// The heading, when it is about one column.
    pub column: String,
    pub sentence: String,
}

/// Whether records are really written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earnest {
    Yes,
    /// Everything is looked at, nothing is written.
    Rehearsal,
}

/// Who imports, and how.
pub struct Import<'a> {
    pub app: &'a App,
    pub actor: &'a Actor,
    pub plan: &'a Plan,
    pub manner: &'a Manner,
    pub earnest: Earnest,
    /// Puts words to what is wrong with a row.
    pub say: &'a (dyn Fn(&Fault) -> String + Send + Sync),
}

/// A row with what is to be done about it.
struct Step {
    line: u64,
    deed: Deed,
}

enum Deed {
    Make(Values),
    Update(RecordRef, Values),
    Skip,
    Wrong(Vec<Fault>),
}

/// Whether people can put records of this type into the world by a file: as in the web app's forms.
pub fn takes(actor: &Actor, def: &EntityDef) -> bool {
    !def.readonly && !def.intersect && def.name != "email" && actor.may(Action::Create, &def.name)
}

impl Import<'_> {
    /// Goes through the rows behind those of `from`. `told` hears of each step and gets what went wrong in it. With
    /// `keep`, how far it came is written down in the same commit.
    pub async fn run(
        &self,
        sheet: &Sheet,
        from: Tally,
        mut keep: Option<&mut kept::Kept>,
        mut told: impl FnMut(&Tally, &[Wrong]),
    ) -> Result<Tally> {
        let def = self.app.catalog.get(&self.plan.entity).ok_or(Error::NotFound)?;
        if !takes(self.actor, def) {
            return Err(Error::NotAllowed);
        }
        let mut rows = Rows::new(self.app, self.actor, def, &self.plan.places, self.manner);
        let mut tally = from;
        let (mut steps, mut waiting) = (Vec::new(), HashSet::new());
        let done = usize::try_from(from.rows).unwrap_or(usize::MAX);
        for line in sheet.rows().skip(done) {
            let row = rows.read(&line).await?;
            // A row that is like one before it has to find that one.
            let own = self.signs(def, &row.values);
            if steps.len() >= TOGETHER || own.iter().any(|it| waiting.contains(it)) {
                self.flush(sheet, &mut steps, &mut tally, keep.as_deref_mut(), &mut told).await?;
                waiting.clear();
            }
            steps.push(self.step(def, &line, row).await?);
            waiting.extend(own);
        }
        self.flush(sheet, &mut steps, &mut tally, keep, &mut told).await?;
        Ok(tally)
    }

    /// What two rows that are the same have in common, at least.
    fn signs(&self, def: &EntityDef, values: &Values) -> Vec<String> {
        if self.plan.twins == Twins::Make {
            return vec![];
        }
        let told = |it: &&domain::entity::ColumnDef| {
            it.kind == FieldKind::Email || it.name == def.primary || it.name == "lastname"
        };
        let columns = def.columns.iter().filter(told).map(|it| it.name.as_str());
        columns.filter_map(|it| values.get(it).and_then(Value::text)).map(alike).collect()
    }

    async fn step(&self, def: &EntityDef, line: &Line, row: Row) -> Result<Step> {
        let deed = if row.faults.is_empty() { self.deed(def, row).await? } else { Deed::Wrong(row.faults) };
        Ok(Step { line: line.number, deed })
    }

    async fn deed(&self, def: &EntityDef, row: Row) -> Result<Deed> {
        let Row { key, values, .. } = row;
        if self.plan.twins == Twins::Make && key.is_none() {
            return Ok(Deed::Make(values));
        }
        let there = match key.map(|it| RecordRef::new(&def.name, it)) {
            Some(record) => {
                let read = self.actor.scope(Action::Read, &def.name);
                let there = store::records::reaches(&self.app.db, &self.app.catalog, &record, &read).await?;
                // A key that nobody has is one of another world.
                if there { vec![record] } else { self.twins(def, &values).await? }
            }
            None => self.twins(def, &values).await?,
        };
        Ok(match (there.as_slice(), self.plan.twins) {
            ([], _) | ([_, ..], Twins::Make) => Deed::Make(values),
            ([_, ..], Twins::Skip) => Deed::Skip,
            ([one], Twins::Update) => Deed::Update(one.clone(), values),
            (_, Twins::Update) => Deed::Wrong(vec![Fault::SeveralTwins]),
        })
    }

    /// Records like it. The same address says more than the same name.
    async fn twins(&self, def: &EntityDef, values: &Values) -> Result<Vec<RecordRef>> {
        let addresses: Values = values
            .iter()
            .filter(|it| def.column(it.0).is_some_and(|it| it.kind == FieldKind::Email))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for values in [&addresses, values] {
            let found = duplicates::of(self.app, self.actor, &def.name, values, None).await?;
            if !found.is_empty() {
                return Ok(found.into_iter().map(|it| it.record).collect());
            }
        }
        Ok(vec![])
    }

    async fn flush(
        &self,
        sheet: &Sheet,
        steps: &mut Vec<Step>,
        tally: &mut Tally,
        mut keep: Option<&mut kept::Kept>,
        told: &mut impl FnMut(&Tally, &[Wrong]),
    ) -> Result<()> {
        let mut steps = std::mem::take(steps);
        if let Ok((after, wrong)) = self.write(sheet, &mut steps, *tally, keep.as_deref_mut()).await {
            *tally = after;
            told(tally, &wrong);
            return Ok(());
        }
        for step in steps {
            let line = step.line;
            let mut alone = [step];
            let outcome = match self.write(sheet, &mut alone, *tally, keep.as_deref_mut()).await {
                Err(error @ Error::Broken(_)) => return Err(error),
                Err(error) => {
                    let mut failed = [Step { line, deed: Deed::Wrong(vec![Fault::Failed(error)]) }];
                    self.write(sheet, &mut failed, *tally, keep.as_deref_mut()).await?
                }
                Ok(outcome) => outcome,
            };
            *tally = outcome.0;
            told(tally, &outcome.1);
        }
        Ok(())
    }

    /// These steps in one commit, with how far it came.
    async fn write(
        &self,
        sheet: &Sheet,
        steps: &mut [Step],
        mut tally: Tally,
        keep: Option<&mut kept::Kept>,
    ) -> Result<(Tally, Vec<Wrong>)> {
        let mut changes = Changes::new(self.app, self.actor);
        let mut wrong = Vec::new();
        for step in steps {
            let done = match &step.deed {
                Deed::Make(values) => {
                    changes.create(&self.plan.entity, None, values.clone()).await.map(|_| tally.made += 1)
                }
                Deed::Update(record, values) => {
                    changes.update(record, None, values.clone()).await.map(|()| tally.updated += 1)
                }
                Deed::Skip => {
                    tally.skipped += 1;
                    Ok(())
                }
                Deed::Wrong(_) => Ok(()),
            };
            if let Err(error) = done {
                step.deed = Deed::Wrong(faults(error)?);
            }
            tally.rows += 1;
            if let Deed::Wrong(faults) = &step.deed {
                tally.failed += 1;
                wrong.extend(faults.iter().map(|it| self.wrong(sheet, step.line, it)));
            }
        }
        if self.earnest == Earnest::Yes {
            let after = match keep.as_deref() {
                Some(keep) => Some(keep.advance(&mut changes, tally, &wrong)?),
                None => None,
            };
            changes.commit().await?;
            if let (Some(keep), Some(after)) = (keep, after) {
                *keep = after;
            }
        }
        Ok((tally, wrong))
    }

    fn wrong(&self, sheet: &Sheet, line: u64, fault: &Fault) -> Wrong {
        let at = fault.column().and_then(|column| {
            self.plan.places.iter().position(|it| match it {
                Some(Place::Column(it) | Place::Id(it)) => it == column,
                _ => false,
            })
        });
        let heading = at.and_then(|it| sheet.headings.get(it)).map(String::as_str);
        let column = heading.or(fault.column()).unwrap_or_default().to_owned();
        Wrong { line, column, sentence: (self.say)(fault) }
    }
}

/// What is the row's own fault; anything else ends the import.
fn faults(error: Error) -> Result<Vec<Fault>> {
    match error {
        Error::Invalid(problems) => Ok(problems.into_iter().map(Fault::Of).collect()),
        Error::Broken(_) => Err(error),
        other => Ok(vec![Fault::Failed(other)]),
    }
}
