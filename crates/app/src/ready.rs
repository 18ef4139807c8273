//! What is there before anybody makes anything: the ready-made roles, a currency, the organization itself.

use crate::{App, users};
use anyhow::{Context, Result};
use domain::id::{Guid, RecordRef};
use domain::privilege::Action;
use domain::record::Record;
use store::{Commit, Failure, Stamp, setting};

/// The setting that says which of these rows are there.
const READY: &str = "ready";
/// Changes when there is more to make ready.
const VERSION: &str = "1";

/// The key of the currency that comes with the product; money is given in it unless said otherwise.
pub(crate) fn currency() -> RecordRef {
    RecordRef::new("transactioncurrency", Guid::named("transactioncurrency", "SEK"))
}

/// Makes what is missing; one question when nothing is.
pub(crate) async fn make_ready(app: &App) -> Result<()> {
    if setting::get(&app.db, READY).await?.as_deref() == Some(VERSION) {
        return Ok(());
    }
    let mut rows: Vec<Record> = app
        .roles
        .iter()
        .map(|it| Record::new("role", it.id()).with("name", it.label.en.as_str()).with("ismanaged", true))
        .collect();
    rows.push(
        Record::new("transactioncurrency", currency().id)
            .with("currencyname", "Svensk krona")
            .with("isocurrencycode", "SEK")
            .with("currencysymbol", "kr")
            .with("currencyprecision", 2)
            .with("exchangerate", 1_000_000),
    );
    rows.push(
        Record::new("organization", app.new_id())
            .with("name", "Organization")
            .with("basecurrencyid", currency())
            .with("isauditenabled", true),
    );
    let (system, stamp) = (users::system(app), Stamp { by: Guid::NIL, at: app.now() });
    let mut commit = Commit::new();
    setting::put(&mut commit, READY, VERSION);
    for row in rows {
        let scope = system.scope(Action::Create, &row.entity);
        store::records::create(&mut commit, &app.catalog, &row, &scope, stamp)?;
    }
    match app.db.commit(commit).await {
        // Another server that starts at the same moment did the same.
        Ok(()) | Err(Failure::Changed) => Ok(()),
        Err(Failure::Broken(error)) => Err(error).context("Making the ready-made records"),
    }
}
