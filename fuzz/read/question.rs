//! Reads bytes as FetchXML, and as SQL.

use domain::ask::Asker;
use domain::entity::Catalog;
use domain::id::Guid;
use domain::time::Timestamp;
use formats::question::{BadQuery, Fetched};
use std::sync::OnceLock;

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::standard().expect("The standard types"))
}

fn asker() -> Asker {
    let now = Timestamp::from_seconds(1_795_430_460);
    Asker { user: Guid::NIL, unit: Guid::NIL, teams: vec![Guid::NIL], now, ahead_of_utc: 60 }
}

pub fn fetchxml(bytes: &[u8]) -> Result<Fetched, BadQuery> {
    formats::fetchxml::read(&String::from_utf8_lossy(bytes), catalog(), &asker())
}

pub fn tsql(bytes: &[u8]) -> Result<Fetched, BadQuery> {
    formats::tsql::read(&String::from_utf8_lossy(bytes), catalog(), &asker())
}
