//! Where users stand in the organization: units, roles, teams.

use crate::commit::{Commit, Stamp};
use crate::db::{Cell, Db, Row};
use crate::records;
use anyhow::Result;
use domain::entity::Catalog;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Role, Standing};
use domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A user with all that decides what the user may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub standing: Standing,
    /// Keys of roles ([`domain::privilege::Role::id`]).
    pub roles: Vec<Guid>,
    pub name: String,
    pub email: String,
    pub language: Option<String>,
    /// Set when the person was found by a session.
    pub session: Option<Found>,
}

/// The session by which a person was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub id: Guid,
    pub csrf: String,
    pub seen: Timestamp,
}

/// Who is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Who<'a> {
    User(Guid),
    /// SHA-256 of a session's token.
    Session(&'a [u8; 32], Timestamp),
    /// SHA-256 of a script's token.
    Token(&'a [u8; 32]),
}

/// `None` when there is nobody, or the user is disabled. One round trip: it precedes every request.
pub async fn person(db: &Db, who: Who<'_>) -> Result<Option<Person>> {
    // PostgreSQL has to be told the types of a bare parameter and of NULL.
    let (whom, values): (&str, Vec<Cell>) = match who {
        Who::User(user) => (
            "SELECT CAST($1 AS BYTEA), CAST(NULL AS BYTEA), CAST(NULL AS TEXT), CAST(0 AS BIGINT)",
            vec![user.into()],
        ),
        Who::Session(hash, now) => (
            "SELECT userid, sessionid, csrf, seenon FROM session WHERE tokenhash = $1 AND expireson > $2",
            vec![hash.to_vec().into(), now.into()],
        ),
        Who::Token(hash) => (
            "SELECT userid, CAST(NULL AS BYTEA), CAST(NULL AS TEXT), CAST(0 AS BIGINT) FROM token WHERE tokenhash = $1",
            vec![hash.to_vec().into()],
        ),
    };
    // In SQLite a cast to an unknown type word would turn the key into a number.
    let whom = match db {
        Db::Sqlite(_) => whom.replace("AS BYTEA", "AS BLOB"),
        Db::Postgres(_) => whom.to_owned(),
    };
    let sql = format!(
        "WITH who (userid, sessionid, csrf, seenon) AS ({whom})
         SELECT CAST(0 AS BIGINT), u.systemuserid, u.businessunitid, u.fullname, u.internalemailaddress, u.uilanguage,
                who.sessionid, who.csrf, who.seenon
             FROM who JOIN systemuser u ON u.systemuserid = who.userid
             WHERE COALESCE(u.isdisabled, FALSE) = FALSE AND u.recycledon IS NULL
         UNION ALL SELECT 1, r.systemuserid, r.roleid, NULL, NULL, NULL, NULL, NULL, NULL
             FROM who JOIN systemuserroles r ON r.systemuserid = who.userid AND r.recycledon IS NULL
         UNION ALL SELECT 2, t.systemuserid, t.teamid, NULL, NULL, NULL, NULL, NULL, NULL
             FROM who JOIN teammembership t ON t.systemuserid = who.userid AND t.recycledon IS NULL
         UNION ALL SELECT 3, b.businessunitid, b.parentbusinessunitid, NULL, NULL, NULL, NULL, NULL, NULL
             FROM businessunit b"
    );
    read(&db.rows(&sql, &values).await?)
}

fn read(rows: &[Row]) -> Result<Option<Person>> {
    let mut person: Option<Person> = None;
    let (mut roles, mut teams) = (Vec::new(), BTreeSet::new());
    let mut children: BTreeMap<Guid, Vec<Guid>> = BTreeMap::new();
    for row in rows {
        match row.int(0)? {
            0 => person = Some(found(row)?),
            1 => roles.push(row.guid(2)?),
            2 => {
                teams.insert(row.guid(2)?);
            }
            _ => {
                if let Some(parent) = row.maybe(2, Row::guid)? {
                    children.entry(parent).or_default().push(row.guid(1)?);
                }
            }
        }
    }
    Ok(person.map(|mut person| {
        person.standing.units_below = below(person.standing.unit, &children);
        person.standing.teams = teams;
        person.roles = roles;
        person
    }))
}

fn found(row: &Row) -> Result<Person> {
    let session = match (row.maybe(6, Row::guid)?, row.maybe(7, Row::text)?) {
        (Some(id), Some(csrf)) => Some(Found { id, csrf: csrf.to_owned(), seen: row.time(8)? }),
        _ => None,
    };
    Ok(Person {
        standing: Standing {
            user: row.guid(1)?,
            unit: row.guid(2)?,
            units_below: BTreeSet::new(),
            teams: BTreeSet::new(),
        },
        roles: vec![],
        name: row.maybe(3, Row::text)?.unwrap_or_default().to_owned(),
        email: row.maybe(4, Row::text)?.unwrap_or_default().to_owned(),
        language: row.maybe(5, Row::text)?.map(str::to_owned),
        session,
    })
}

/// All units under this one. A loop among units, which no form makes, ends here too.
fn below(unit: Guid, children: &BTreeMap<Guid, Vec<Guid>>) -> BTreeSet<Guid> {
    let mut found = BTreeSet::new();
    let mut left = vec![unit];
    while let Some(unit) = left.pop() {
        for child in children.get(&unit).into_iter().flatten() {
            if found.insert(*child) {
                left.push(*child);
            }
        }
    }
    found
}

/// By primary address.
pub async fn by_address(db: &Db, address: &str) -> Result<Option<Guid>> {
    let sql = "SELECT s.recordid FROM emailsearch s JOIN systemuser u ON u.systemuserid = s.recordid
               WHERE s.address = $1 AND s.entity = 'systemuser' AND s.col = 'internalemailaddress'
                   AND u.recycledon IS NULL";
    db.row(sql, &[domain::text::folded(address).into()]).await?.map(|row| row.guid(0)).transpose()
}

/// The unit without a parent, if there is one yet.
pub async fn root_unit(db: &Db) -> Result<Option<Guid>> {
    let sql = "SELECT businessunitid FROM businessunit WHERE parentbusinessunitid IS NULL ORDER BY createdon LIMIT 1";
    db.row(sql, &[]).await?.map(|row| row.guid(0)).transpose()
}

/// Gives the user a ready-made role. Harmless to repeat.
pub fn grant_role(
    commit: &mut Commit,
    catalog: &Catalog,
    user: Guid,
    role: &str,
    stamp: Stamp,
) -> Result<()> {
    let role = Role::id_of(role);
    records::tie(commit, catalog, "systemuserroles", ("systemuserid", user), ("roleid", role), stamp)?;
    Ok(())
}

/// Harmless to repeat.
pub fn add_to_team(
    commit: &mut Commit,
    catalog: &Catalog,
    user: Guid,
    team: Guid,
    stamp: Stamp,
) -> Result<()> {
    records::tie(commit, catalog, "teammembership", ("teamid", team), ("systemuserid", user), stamp)?;
    Ok(())
}

/// The unit of a user who is not disabled, or of a team. `None` when there is no such owner.
pub async fn unit_of(db: &Db, owner: &RecordRef) -> Result<Option<Guid>> {
    let sql = match owner.entity.as_str() {
        "systemuser" => {
            "SELECT businessunitid FROM systemuser
             WHERE systemuserid = $1 AND COALESCE(isdisabled, FALSE) = FALSE AND recycledon IS NULL"
        }
        "team" => "SELECT businessunitid FROM team WHERE teamid = $1 AND recycledon IS NULL",
        _ => return Ok(None),
    };
    let row = db.row(sql, &[owner.id.into()]).await?;
    Ok(row.map(|row| row.maybe(0, Row::guid)).transpose()?.flatten())
}

/// `en` or `sv`.
pub fn choose_language(commit: &mut Commit, user: Guid, language: &str) {
    commit.push(
        "UPDATE systemuser SET uilanguage = $2, versionnumber = versionnumber + 1 WHERE systemuserid = $1",
        vec![user.into(), language.into()],
    );
}

/// The addresses that are the user's own, folded.
pub async fn own_addresses(db: &Db, user: Guid) -> Result<Vec<String>> {
    let sql = "SELECT address FROM emailsearch WHERE recordid = $1 AND entity = 'systemuser'
               UNION SELECT address FROM mailaccount WHERE userid = $1";
    let rows = db.rows(sql, &[user.into()]).await?;
    rows.iter().map(|row| Ok(domain::text::folded(row.text(0)?))).collect()
}
