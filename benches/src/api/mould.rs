//! The rows that the product writes for a new contact, to be written again for others of the same name.

use crate::rows::{Kind, names};
use anyhow::{Context, Result};
use domain::id::Guid;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use store::{Cell, Db, Engine};

/// Where the rows of a contact are, and the column that says which contact's they are. The contacts themselves first.
const TABLES: [(&str, &str); 4] =
    [("contact", "contactid"), ("word", "recordid"), ("emailsearch", "recordid"), ("change", "recordid")];
/// Only those that were created through the product have a change.
const CREATED: &str = "SELECT recordid FROM change WHERE entity = 'contact' AND operation = 'create'";

pub struct Mould {
    /// Without rows: the tables and their columns.
    pub kinds: Vec<Kind>,
    /// By the last name.
    of: HashMap<String, Cast>,
}

/// The rows of one contact, table by table.
struct Cast {
    key: Cell,
    /// When it was made.
    stamp: Cell,
    rows: Vec<Vec<Vec<Cell>>>,
}

/// Rows, table by table.
pub type Rows = Vec<Vec<Vec<Cell>>>;

impl Mould {
    pub async fn read(db: &Db) -> Result<Mould> {
        let mut kinds = Vec::new();
        let mut casts: HashMap<Vec<u8>, (String, Cast)> = HashMap::new();
        for (number, (table, owner)) in TABLES.into_iter().enumerate() {
            let columns = columns(db, table).await?;
            let sql = format!("SELECT {} FROM {table} WHERE {owner} IN ({CREATED})", names(&columns));
            let at = |name: &str| columns.iter().position(|it| it == name).context("A column is missing");
            let owner = at(owner)?;
            for row in db.rows(&sql, &[]).await? {
                if number == 0 {
                    let name = row.text(at("lastname")?)?.to_owned();
                    let (key, stamp) = (row.0[owner].clone(), row.0[at("createdon")?].clone());
                    let cast = Cast { key, stamp, rows: vec![vec![]; TABLES.len()] };
                    casts.insert(bytes(&row.0[owner]).to_vec(), (name, cast));
                }
                let (_, cast) = casts.get_mut(bytes(&row.0[owner])).context("A row is nobody's")?;
                cast.rows[number].push(row.0);
            }
            kinds.push(Kind { table, columns, rows: vec![] });
        }
        Ok(Mould { kinds, of: casts.into_values().collect() })
    }

    /// All rows of all tables of the database.
    pub async fn rows(db: &Db) -> Result<usize> {
        let sql = match db.engine() {
            Engine::Sqlite => {
                "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            }
            Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
        };
        let mut rows = 0;
        for table in db.rows(sql, &[]).await? {
            let counted = db.row(&format!("SELECT COUNT(*) FROM \"{}\"", table.text(0)?), &[]).await?;
            rows += usize::try_from(counted.context("No count")?.int(0)?)?;
        }
        Ok(rows)
    }

    pub fn count(&self) -> usize {
        self.of.values().flat_map(|it| &it.rows).map(Vec::len).sum()
    }

    /// The rows of new contacts of these names, made now, and their keys.
    pub fn fresh<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<(Rows, Vec<Guid>)> {
        let (mut all, mut keys) = (vec![vec![]; self.kinds.len()], vec![]);
        let now = now();
        for name in names {
            let cast = self.of.get(name).context("Nobody of this name was created")?;
            let key = new_id(now);
            for (kind, rows) in cast.rows.iter().enumerate() {
                for row in rows {
                    let mut row: Vec<Cell> = row.iter().map(|it| cast.filled(it, key, now)).collect();
                    if self.kinds[kind].table == "change" {
                        row[0] = new_id(now).into();
                    }
                    all[kind].push(row);
                }
            }
            keys.push(key);
        }
        Ok((all, keys))
    }
}

impl Cast {
    fn filled(&self, cell: &Cell, key: Guid, now: i64) -> Cell {
        if *cell == self.key {
            key.into()
        } else if *cell == self.stamp {
            now.into()
        } else {
            cell.clone()
        }
    }
}

async fn columns(db: &Db, table: &str) -> Result<Vec<String>> {
    let sql = match db.engine() {
        Engine::Sqlite => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
        Engine::Postgres => format!(
            "SELECT column_name::text FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
        ),
    };
    db.rows(&sql, &[]).await?.iter().map(|it| Ok(it.text(0)?.to_owned())).collect()
}

fn bytes(cell: &Cell) -> &[u8] {
    match cell {
        Cell::Bytes(bytes) => bytes,
        _ => &[],
    }
}

/// In microseconds.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Ordered by time, as the product's are.
pub fn new_id(now: i64) -> Guid {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut tail = [0; 10];
    tail[2..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    Guid::v7(u64::try_from(now / 1000).unwrap_or_default(), tail)
}
