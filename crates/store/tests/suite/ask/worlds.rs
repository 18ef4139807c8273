//! A small world with every kind of column, full of empty values, ties and awkward letters.

use super::questions::{Dice, ENTITIES, filled};
use crate::company::{ADMIN, BO, Company, EVA, HEAD, NORTH, TEAM, at, guid};
use domain::entity::{Catalog, EntityDef, FieldKind, parse};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::Record;
use store::testing::{World, postgres, serializable, sqlite};
use store::{Db, Stamp, migrate, records, share};

pub struct Things {
    company: Company,
    /// Alive, as an administrator reads them.
    pub records: Vec<Record>,
    /// Whom they are shared with for reading.
    pub shares: Vec<(Guid, RecordRef)>,
}

fn definition(head: &str, columns: &[(&str, &str)]) -> EntityDef {
    let label = "{ en = 'a', sv = 'b' }";
    let mut toml = format!("icon = 'a'\nlabel = {label}\nplural = {label}\n{head}\n");
    for (name, rest) in columns {
        toml = format!("{toml}[[column]]\nname = '{name}'\nlabel = {label}\n{rest}\n");
    }
    parse(&toml).unwrap()
}

const OPTIONS: &str = "options = [{ value = 1, label = { en = 'a', sv = 'a' } }, { value = 2, label = { en = 'b', sv = 'b' } }, \
                       { value = 12, label = { en = 'c', sv = 'c' } }]";

pub fn catalog() -> Catalog {
    let (kind, kinds) = (format!("kind = 'choice'\n{OPTIONS}"), format!("kind = 'choices'\n{OPTIONS}"));
    let mut all = Catalog::standard_types().unwrap();
    all.push(definition(
        "name = 'thing'\nset = 'things'\nownership = 'user'\nprimary = 'name'\ncustom = true",
        &[
            ("name", "kind = 'text'\nmax = 20"),
            ("code", "kind = 'text'\nmax = 20"),
            ("mail", "kind = 'email'\nmax = 20"),
            ("rank", "kind = 'integer'"),
            ("amount", "kind = 'money'"),
            ("weight", "kind = 'decimal'"),
            ("ratio", "kind = 'float'"),
            ("yes", "kind = 'boolean'"),
            ("seen", "kind = 'datetime'"),
            ("kind", &kind),
            ("kinds", &kinds),
            ("parentid", "kind = 'lookup'\ntargets = ['thing']"),
            ("aboutid", "kind = 'lookup'\ntargets = ['thing', 'fellow']"),
        ],
    ));
    all.push(definition(
        "name = 'fellow'\nset = 'fellows'\nownership = 'user'\nprimary = 'fullname'\nsurname = true\ncustom = true",
        &[("fullname", "kind = 'text'\nmax = 30"), ("thingid", "kind = 'lookup'\ntargets = ['thing']")],
    ));
    all.push(definition(
        "name = 'piece'\nset = 'pieces'\nownership = 'child'\nprimary = 'label'",
        &[("thingid", "kind = 'lookup'\ntargets = ['thing']"), ("label", "kind = 'text'\nmax = 20")],
    ));
    all.push(definition(
        "name = 'tie'\nset = 'ties'\nownership = 'organization'\nprimary = 'thingid'\nintersect = true",
        &[
            ("thingid", "kind = 'lookup'\ntargets = ['thing']"),
            ("fellowid", "kind = 'lookup'\ntargets = ['fellow']"),
        ],
    ));
    Catalog::of(all, vec![]).unwrap()
}

/// One on each engine, with the same records.
pub async fn things() -> Vec<Things> {
    let mut all = vec![];
    for world in [sqlite().await, postgres().await, serializable().await] {
        all.push(Things::on(world).await);
    }
    all
}

pub async fn on_sqlite() -> Things {
    Things::on(sqlite().await).await
}

impl Things {
    async fn on(world: World) -> Things {
        let catalog = catalog();
        migrate::migrate(&world.db, &catalog).await.unwrap();
        let company = Company { world, catalog };
        let mut things = Things { company, records: vec![], shares: vec![] };
        things.fill(&mut Dice(7)).await;
        things
    }

    async fn fill(&mut self, dice: &mut Dice) {
        let admin = self.admin();
        let mut made = vec![];
        for (nth, (entity, first, count)) in (0..).zip(ENTITIES) {
            for n in first..first + count {
                let record = self.record(dice, entity, n);
                let scope = admin.scope(Action::Create, if entity == "piece" { "thing" } else { entity });
                let stamp = Stamp { by: admin.user(), at: at(i64::from(n / 3) + nth) };
                let catalog = &self.company.catalog;
                self.company.commit(|it| records::create(it, catalog, &record, &scope, stamp)).await.unwrap();
                made.push(record.reference());
            }
        }
        for reference in made {
            let record = self.company.get(&admin, &reference).await.unwrap();
            let own = matches!(record.entity.as_str(), "thing" | "fellow");
            if own && dice.below(3) == 0 {
                self.share(dice, &record).await;
            }
            if own && dice.below(8) == 0 {
                self.company.delete(&admin, &record, 500).await.unwrap();
            } else {
                self.records.push(record);
            }
        }
    }

    fn record(&self, dice: &mut Dice, entity: &str, n: u8) -> Record {
        let def = self.company.catalog.get(entity).unwrap();
        let mut record = Record::new(entity, guid(n));
        for column in def.columns.iter().filter(|it| filled(it)) {
            let needed = matches!(entity, "piece" | "tie") && column.kind == FieldKind::Lookup;
            if needed || dice.below(4) > 0 {
                record.values.insert(column.name.clone(), dice.value(&column.name));
            }
        }
        if def.column("ownerid").is_some() {
            let owner = match dice.below(3) {
                0 => RecordRef::new("team", guid(TEAM)),
                1 => RecordRef::new("systemuser", guid(EVA)),
                _ => RecordRef::new("systemuser", guid(BO)),
            };
            record = record.with("ownerid", owner);
            record = record.with("owningbusinessunit", RecordRef::new("businessunit", guid(NORTH)));
        }
        record
    }

    async fn share(&mut self, dice: &mut Dice, record: &Record) {
        let scope = self.admin().scope(Action::Share, &record.entity);
        let right = [Action::Read, Action::Write][usize::from(dice.below(2))];
        let (reference, catalog) = (record.reference(), &self.company.catalog);
        self.company
            .commit(|it| share::grant(it, catalog, guid(EVA), &reference, &[right], &scope))
            .await
            .unwrap();
        if right == Action::Read {
            self.shares.push((guid(EVA), reference));
        }
    }

    pub fn name(&self) -> &'static str {
        self.company.world.name
    }

    pub fn db(&self) -> &Db {
        self.company.db()
    }

    pub fn catalog(&self) -> &Catalog {
        &self.company.catalog
    }

    pub fn admin(&self) -> Actor {
        self.company.actor(ADMIN, HEAD, &[NORTH], &[], &["administrator"])
    }

    /// Reads what she and her team own, and what is shared with her.
    pub fn eva(&self) -> Actor {
        self.company.actor(EVA, HEAD, &[], &[TEAM], &["salesperson"])
    }
}
