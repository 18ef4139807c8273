//! JOIN: tables beside the first one, in the tree in which a question has them.

use super::Meaning;
use super::syntax::{Condition, Joined};
use crate::question::{BadQuery, bad, quoted};
use domain::ask::{Join, JoinKind, Source};
use domain::entity::FieldKind;
use domain::filter::{Filter, Op};

/// How each table but the first hangs on one before it.
pub(super) struct Joins(Vec<Hung>);

struct Hung {
    kind: JoinKind,
    on: usize,
    from: String,
    to: String,
    filter: Filter,
}

impl Joins {
    /// What hangs on the table of this number.
    pub fn below(&self, at: usize, meaning: &Meaning<'_>) -> Vec<Join> {
        let hung = self.0.iter().enumerate().filter(|(_, it)| it.on == at);
        hung.map(|(index, it)| {
            let table = &meaning.tables[index + 1];
            let source = Source {
                entity: table.def.name.clone(),
                alias: table.alias.clone(),
                columns: meaning.columns(index + 1),
                filter: it.filter.clone(),
                joins: self.below(index + 1, meaning),
            };
            Join { kind: it.kind, from: it.from.clone(), to: it.to.clone(), source }
        })
        .collect()
    }
}

impl Meaning<'_> {
    pub(super) fn joins(&mut self, joined: &[Joined]) -> Result<Joins, BadQuery> {
        let mut all: Vec<Hung> = Vec::new();
        for each in joined {
            self.table(&each.table)?;
            let hung = self.hung(each)?;
            // Who has no partner has none that has one: what hangs inside makes what it hangs on so, too.
            let mut on = hung.on;
            while hung.kind == JoinKind::Inner && on > 0 {
                all[on - 1].kind = JoinKind::Inner;
                on = all[on - 1].on;
            }
            all.push(hung);
        }
        Ok(Joins(all))
    }

    fn hung(&self, joined: &Joined) -> Result<Hung, BadQuery> {
        let here = self.tables.len() - 1;
        let conditions = match &joined.on {
            Condition::All(all) => all.iter().collect(),
            only => vec![only],
        };
        let mut tie = None;
        let mut filters = Vec::new();
        for condition in conditions {
            if let Condition::Columns(left, Op::Eq, right) = condition {
                let (left, right) = (self.field(left)?, self.field(right)?);
                let ends = match (left.0 == here, right.0 == here) {
                    (true, false) => Some((right, left)),
                    (false, true) => Some((left, right)),
                    _ => None,
                };
                if let (Some(ends), None) = (ends, &tie) {
                    tie = Some(ends);
                    continue;
                }
            }
            let (at, filter) = self.leaf(condition)?;
            if at != here {
                return bad(format!(
                    "ON says of {} alone what it takes; other conditions stand in WHERE.",
                    quoted(&joined.table.name)
                ));
            }
            filters.push(filter);
        }
        let Some(((on, from), (_, to))) = tie else {
            return bad(format!(
                "ON says which columns tie {} to a table before it.",
                quoted(&joined.table.name)
            ));
        };
        for end in [&from, &to] {
            if end.kind != FieldKind::Lookup {
                return bad(format!(
                    "Tables are joined by their keys and lookups: {} holds {}.",
                    end.name,
                    end.holds()
                ));
            }
        }
        let filter = match (filters.pop(), filters.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Filter::All(filters.into_iter().chain(last).collect()),
        };
        Ok(Hung { kind: joined.kind, on, from: from.name, to: to.name, filter })
    }
}
