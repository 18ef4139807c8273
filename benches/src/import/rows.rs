//! The rows that an import writes, taken from one, so that the limit inserts just as many of the same.

use crate::rows::Kind;
use anyhow::{Context, Result};
use store::Db;

/// A table, which of its rows come from messages, and the order in which they were written.
const TABLES: [(&str, &str, &str); 11] = [
    ("email", "TRUE", "activityid"),
    ("activitypointer", "TRUE", "activityid"),
    ("activityparty", "TRUE", "activityid, position"),
    ("activitymimeattachment", "TRUE", "objectid, attachmentnumber"),
    ("tracking", "TRUE", "emailid"),
    ("job", "TRUE", "subject"),
    ("change", "entity = 'email'", "recordid"),
    ("blob", "TRUE", "ownerid, part, chunk"),
    ("beginning", "TRUE", "recordid"),
    ("word", "entity = 'email'", "recordid"),
    ("document", "TRUE", "docid"),
];

pub struct Rows {
    pub tables: Vec<Kind>,
    messages: usize,
}

impl Rows {
    /// From a SQLite database, where the words of the full text can be read again.
    pub async fn read(db: &Db, messages: usize) -> Result<Rows> {
        let mut tables = Vec::new();
        for (table, which, order) in TABLES {
            let sql = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns = db.rows(&sql, &[]).await?;
            let mut columns: Vec<String> =
                columns.iter().map(|it| Ok(it.text(0)?.to_owned())).collect::<Result<_>>()?;
            let mut from = table.to_owned();
            if table == "document" {
                columns.push("words".to_owned());
                from.push_str(" JOIN fulltext ON fulltext.rowid = docid");
            }
            let names: Vec<String> = columns.iter().map(|it| format!("\"{it}\"")).collect();
            let sql = format!("SELECT {} FROM {from} WHERE {which} ORDER BY {order}", names.join(", "));
            let rows = db.rows(&sql, &[]).await.with_context(|| format!("Reading {table}"))?;
            tables.push(Kind { table, columns, rows: rows.into_iter().map(|it| it.0).collect() });
        }
        Ok(Rows { tables, messages })
    }

    pub fn per_message(&self) -> String {
        let rows: usize = self.tables.iter().map(|it| it.rows.len()).sum();
        let tenths = rows * 10 / self.messages;
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    pub fn tables(&self) -> usize {
        self.tables.len()
    }
}
