//! `records.toml` as rows: who there is, whom they deal with, and what about.

use super::{PASSWORD, People, text};
use crate::sign_in::hashed_password;
use crate::{App, Result, users};
use anyhow::{Context, bail};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value, Values};
use domain::time::Timestamp;
use std::collections::BTreeMap;
use store::{Commit, Stamp};
use toml::{Table, Value as Toml};

pub(super) struct Built {
    pub people: People,
    /// By the keys of the file.
    pub records: BTreeMap<String, RecordRef>,
}

/// The order in which types are made: what others point at comes first.
const ORDER: [&str; 10] = [
    "businessunit",
    "systemuser",
    "connectionrole",
    "account",
    "contact",
    "lead",
    "opportunity",
    "incident",
    "annotation",
    "connection",
];

pub(super) async fn build(app: &App) -> Result<Built> {
    let file: Table = text("records.toml")?.parse().context("Reading the records of the demo")?;
    let mut builder = Builder {
        app,
        system: users::system(app),
        password: hashed_password(PASSWORD.to_owned()).await?,
        now: app.now(),
        built: Built { people: vec![], records: BTreeMap::new() },
        units: BTreeMap::new(),
        commit: Commit::new(),
    };
    for entity in ORDER {
        for row in tables(&file, entity)? {
            builder.add(entity, row)?;
        }
    }
    let Builder { commit, built, .. } = builder;
    app.db.commit(commit).await?;
    point_at_primary_contacts(app, &file, &built).await?;
    Ok(built)
}

fn tables<'a>(file: &'a Table, entity: &str) -> Result<Vec<&'a Table>> {
    let rows =
        file.get(entity).and_then(Toml::as_array).with_context(|| format!("There is no [[{entity}]]"))?;
    Ok(rows.iter().filter_map(Toml::as_table).collect())
}

struct Builder<'a> {
    app: &'a App,
    system: Actor,
    password: String,
    now: Timestamp,
    built: Built,
    /// The unit of each user.
    units: BTreeMap<Guid, Guid>,
    commit: Commit,
}

impl Builder<'_> {
    fn add(&mut self, entity: &str, row: &Table) -> Result<()> {
        let key = row.get("key").and_then(Toml::as_str).context("A demo record has no key")?;
        let mut record = Record::new(entity, self.app.new_id());
        for (name, value) in row {
            self.set(&mut record, name, value).with_context(|| format!("{entity} {key}"))?;
        }
        self.built.records.insert(key.to_owned(), record.reference());
        match entity {
            "systemuser" => self.add_user(row, &record)?,
            "connection" => return self.add_connection(record),
            "contact" | "lead" => {
                let name = format!("{} {}", record.text("firstname"), record.text("lastname"));
                record.values.insert("fullname".to_owned(), name.trim().into());
            }
            "incident" => {
                let number = format!("CAS-{:04}", 1200 + self.built.records.len());
                record.values.insert("ticketnumber".to_owned(), number.into());
            }
            _ => {}
        }
        self.create(record, age(row))
    }

    fn create(&mut self, mut record: Record, days_ago: i64) -> Result<()> {
        let owner = record.owner().map_or(Guid::NIL, |it| it.id);
        if let Some(unit) = self.units.get(&owner) {
            let unit = RecordRef::new("businessunit", *unit);
            record.values.insert("owningbusinessunit".to_owned(), unit.into());
        }
        let stamp = Stamp { by: owner, at: Timestamp(self.now.0 - days_ago * Timestamp::DAY) };
        let scope = self.system.scope(Action::Create, &record.entity);
        store::records::create(&mut self.commit, &self.app.catalog, &record, &scope, stamp)?;
        Ok(())
    }

    /// One field of the file: a column by its name, or one of the shorter words that the file uses.
    /// Nobody's language is set: the visitor's browser says it.
    fn set(&self, record: &mut Record, name: &str, value: &Toml) -> anyhow::Result<()> {
        let column = match (record.entity.as_str(), name) {
            (_, "key" | "role" | "demo_as" | "age_days" | "primary" | "name_sv" | "language") => {
                return Ok(());
            }
            (_, "owner") => "ownerid",
            (_, "unit") => "businessunitid",
            (_, "about") => "objectid",
            (_, "customer") => "customerid",
            (_, "close_in_days") => "estimatedclosedate",
            (_, "record1") => "record1id",
            (_, "record2") => "record2id",
            (_, "role1") => "record1roleid",
            (_, "role2") => "record2roleid",
            ("businessunit", "parent") => "parentbusinessunitid",
            ("account", "parent") => "parentaccountid",
            ("contact", "parent") => "parentcustomerid",
            ("opportunity", "contact") => "parentcontactid",
            ("incident", "contact") => "primarycontactid",
            (_, column) => column,
        };
        let value = match (column, value) {
            ("estimatedvalue", Toml::Integer(kronor)) => Value::Int(kronor * 10_000),
            ("estimatedclosedate", Toml::Integer(days)) => {
                Value::Time(Timestamp(self.now.0 + days * Timestamp::DAY))
            }
            (_, Toml::Integer(number)) => Value::Int(*number),
            (_, Toml::Boolean(truth)) => Value::Bool(*truth),
            (column, Toml::String(text)) if self.is_lookup(&record.entity, column) => {
                let found = self.built.records.get(text);
                Value::Ref(found.cloned().with_context(|| format!("“{text}” names no record yet"))?)
            }
            (_, Toml::String(text)) => Value::Text(text.clone()),
            (_, other) => bail!("{name} holds {}", other.type_str()),
        };
        record.values.insert(column.to_owned(), value);
        Ok(())
    }

    fn is_lookup(&self, entity: &str, column: &str) -> bool {
        let def = self.app.catalog.get(entity);
        def.and_then(|it| it.column(column)).is_some_and(|it| !it.targets.is_empty())
    }

    fn add_user(&mut self, row: &Table, record: &Record) -> Result<()> {
        let word = |name: &str| row.get(name).and_then(Toml::as_str).map(str::to_owned);
        let unit = record.get("businessunitid").record().context("A demo user has no unit")?.id;
        self.units.insert(record.id, unit);
        store::user::grant_role(
            &mut self.commit,
            &self.app.catalog,
            record.id,
            &word("role").context("A demo user has no role")?,
            Stamp { by: Guid::NIL, at: self.now },
        )?;
        store::session::put_password(&mut self.commit, record.id, &self.password);
        if let (Some(part), Some(name), Some(email)) =
            (word("demo_as"), word("fullname"), word("internalemailaddress"))
        {
            self.built.people.push((part, name, email, record.id));
        }
        Ok(())
    }

    /// There and back (9.6).
    fn add_connection(&mut self, mut there: Record) -> Result<()> {
        let mut back = Record::new("connection", self.app.new_id());
        for (from, to) in [
            ("record1id", "record2id"),
            ("record2id", "record1id"),
            ("record1roleid", "record2roleid"),
            ("record2roleid", "record1roleid"),
            ("ownerid", "ownerid"),
        ] {
            back.values.insert(to.to_owned(), there.get(from).clone());
        }
        back.values.extend(Values::from([
            ("ismaster".to_owned(), false.into()),
            ("relatedconnectionid".to_owned(), there.reference().into()),
        ]));
        there.values.extend(Values::from([
            ("ismaster".to_owned(), true.into()),
            ("relatedconnectionid".to_owned(), back.reference().into()),
        ]));
        self.create(there, 0)?;
        self.create(back, 0)
    }
}

fn age(row: &Table) -> i64 {
    row.get("age_days").and_then(Toml::as_integer).unwrap_or(200)
}

/// Accounts and contacts point at each other; one direction is set when both are there.
async fn point_at_primary_contacts(app: &App, file: &Table, built: &Built) -> Result<()> {
    let write = users::system(app).scope(Action::Write, "account");
    let mut commit = Commit::new();
    for row in tables(file, "account")? {
        let reference =
            |name: &str| row.get(name).and_then(Toml::as_str).and_then(|it| built.records.get(it));
        let (Some(account), Some(contact)) = (reference("key"), reference("primary")) else { continue };
        let before = store::records::get(&app.db, &app.catalog, account, &write).await?;
        let before = before.context("A demo account was not made")?;
        let changed = Values::from([("primarycontactid".to_owned(), contact.clone().into())]);
        let by = before.owner().map_or(Guid::NIL, |it| it.id);
        store::records::update(&mut commit, &app.catalog, &before, &changed, &write, app.stamp(by))?;
    }
    Ok(app.db.commit(commit).await?)
}
