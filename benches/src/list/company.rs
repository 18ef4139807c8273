//! The big world: activities by the million in ten units, contacts with their words, and eva, who has rows of her own, a
//! unit, and shares.

use crate::kept::Kept;
use crate::people::{People, account, mixed};
use crate::place::Engine;
use crate::sheet::{Sheet, key, time};
use anyhow::{Context, Result};
use app::changes::Changes;
use app::users::NewUser;
use app::{App, Settings};
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::{Value, Values};
use std::time::Instant;
use store::Cell;

/// Grows with every change of what this world is made of.
const MAKE: u32 = 1;
const MOST_CONTACTS: usize = 1_000_000;
const MOST_SHARES: usize = 10_000;
/// With so many colleagues the same is shared.
const OTHER_SHARES: usize = 9;
const COLLEAGUES: usize = 100;
/// Of the colleagues, and so of the activities, every tenth is in eva's unit.
const UNITS: usize = 10;
/// Every so many an activity is eva's own.
const OWN: usize = 200;
const KINDS: [&str; 4] = ["email", "task", "phonecall", "appointment"];

const BO: &str = "bo@adventure.example";
const EVA: &str = "eva@adventure.example";

pub struct Company {
    pub app: App,
    /// Reads everything.
    pub bo: Actor,
    pub eva: Actor,
    pub activities: usize,
    pub contacts: usize,
}

impl Company {
    /// Opens it; makes it when it is not there.
    pub async fn open(engine: Engine, activities: usize) -> Result<Company> {
        let kept = Kept::of(engine, &format!("list-{activities}-{MAKE}"))?;
        let contacts = activities.min(MOST_CONTACTS);
        if !kept.is_made().await? {
            let started = Instant::now();
            println!("Making {contacts} contacts and {activities} activities on {}", engine.name());
            kept.clear().await?;
            let world = furnish(&kept.settings, activities, contacts).await?;
            kept.fill(world.sheets()).await?;
            println!("It took {:.0} s", started.elapsed().as_secs_f64());
        }
        let app = App::open(&kept.settings).await?;
        let (bo, eva) = (actor(&app, BO).await?, actor(&app, EVA).await?);
        Ok(Company { app, bo, eva, activities, contacts })
    }

    pub fn sentence(&self) -> String {
        format!(
            "{} activities (the twins alone, of four kinds) and {} contacts with seven words each; eva's role reaches her \
             unit, which has a tenth of both; every {OWN}th activity is her own, and {} more are shared with her, as with {OTHER_SHARES} colleagues each. Asked \
             in the program itself, one question after the other, up to {} times {} times in turns; a page has 50 rows. \
             *As the web app lists*: with the count of all, up to 5,000, and the names of what they regard. Quick find: the \
             newest 8 contacts; *all types*: as on the search page, not held to the target.",
            self.activities,
            self.contacts,
            shares(self.activities),
            super::TURNS,
            super::TIMES,
        )
    }
}

async fn actor(app: &App, email: &str) -> Result<Actor> {
    let user = app::users::by_email(app, email).await?.context("Nobody lives in this world")?;
    app::users::actor(app, user).await?.context("Nobody acts in this world")
}

fn shares(activities: usize) -> usize {
    MOST_SHARES.min(activities / 10)
}

struct World {
    activities: usize,
    people: People,
    eva: Guid,
    unit: Guid,
}

/// Tables, bo, eva and her unit.
async fn furnish(settings: &Settings, activities: usize, contacts: usize) -> Result<World> {
    let app = App::open(settings).await?;
    let user = |email: &str, name: &str, role: &str, unit| NewUser {
        email: email.into(),
        name: name.into(),
        role: role.into(),
        password: "long enough".into(),
        unit,
    };
    app::users::add(&app, &user(BO, "Bo Berg", "administrator", None)).await?;
    let bo = actor(&app, BO).await?;
    let mut changes = Changes::new(&app, &bo);
    let values = Values::from([
        ("name".to_owned(), Value::from("Syd")),
        ("parentbusinessunitid".to_owned(), Value::Ref(RecordRef::new("businessunit", bo.unit()))),
    ]);
    let unit = changes.create("businessunit", None, values).await?;
    changes.commit().await?;
    let eva = app::users::add(&app, &user(EVA, "Eva Ek", "manager", Some(unit))).await?;
    let owners = (0..COLLEAGUES).map(|it| (key(1, it), unit_of(it, unit))).collect();
    Ok(World { activities, people: People { count: contacts, per_account: 5, owners }, eva, unit })
}

fn unit_of(colleague: usize, evas: Guid) -> Guid {
    match colleague % UNITS {
        0 => evas,
        other => key(7, other),
    }
}

impl World {
    fn sheets(&self) -> Vec<Sheet<'_>> {
        let mut sheets = vec![Sheet::counted("systemuser", USER, COLLEAGUES, |it| self.user(it))];
        sheets.extend(self.people.sheets());
        sheets.push(Sheet::counted("activitypointer", POINTER, self.activities, |it| self.activity(it)));
        sheets.push(Sheet::counted("share", SHARE, shares(self.activities) * (1 + OTHER_SHARES), |it| {
            self.share(it)
        }));
        sheets
    }

    fn user(&self, number: usize) -> Vec<Cell> {
        let name = format!("Kollega {number}");
        let address = format!("colleague{number}@adventure.example");
        let mut row: Vec<Cell> =
            vec![key(1, number).into(), 1_i64.into(), name.to_lowercase().into(), name.into()];
        row.extend([address.into(), unit_of(number, self.unit).into(), false.into(), time(number).into()]);
        row
    }

    fn owner(&self, activity: usize) -> (Guid, Guid) {
        if activity.is_multiple_of(OWN) {
            return (self.eva, self.unit);
        }
        self.people.owners[mixed(activity) % COLLEAGUES]
    }

    fn activity(&self, number: usize) -> Vec<Cell> {
        let subject = format!("Angående leverans {number}");
        let (owner, unit) = self.owner(number);
        let at = time(number);
        let regarding = number.is_multiple_of(2).then(|| account(mixed(number) % self.people.accounts()));
        let mut row: Vec<Cell> = vec![key(5, number).into(), 1_i64.into(), subject.to_lowercase().into()];
        row.extend([
            kind(number).into(),
            subject.into(),
            regarding.into(),
            regarding.map(|_| "account").into(),
        ]);
        row.extend([Cell::from(at), 1_i64.into(), 2_i64.into()]);
        row.extend([owner.into(), "systemuser".into(), unit.into(), Cell::from(at), at.into()]);
        row
    }

    /// Evenly over all of them, and none that eva could read without. Hers first.
    fn share(&self, number: usize) -> Vec<Cell> {
        let all = shares(self.activities);
        let with = if number < all { self.eva } else { key(1, number / all) };
        let mut of = number % all * (self.activities / all);
        while self.owner(of).1 == self.unit {
            of += 1;
        }
        let sorted_by = format!("angående leverans {of}");
        vec![with.into(), key(5, of).into(), kind(of).into(), 1_i64.into(), time(of).into(), sorted_by.into()]
    }
}

fn kind(activity: usize) -> &'static str {
    KINDS[(mixed(activity) >> 8) % KINDS.len()]
}

const USER: &str =
    "systemuserid, versionnumber, sortkey, fullname, internalemailaddress, businessunitid, isdisabled,
    createdon";
const POINTER: &str = "activityid, versionnumber, sortkey, activitytypecode, subject, regardingobjectid,
    regardingobjectidtype, sortdate, statecode, statuscode, ownerid, owneridtype, owningbusinessunit, createdon,
    modifiedon";
const SHARE: &str = "principalid, recordid, entity, rights, createdon, sortkey";
