//! A lead turns out to be worth something: it becomes an account, a contact and an opportunity.

use super::Refusal;
use crate::changes::Changes;
use crate::{App, Error, Result};
use domain::derive;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value, Values};

/// What shall become of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Qualifying {
    pub account: bool,
    pub contact: bool,
    pub opportunity: bool,
    /// Whose opportunity it is, when it is neither the new account's nor the new contact's.
    pub customer: Option<RecordRef>,
    /// `None`: qualified.
    pub status: Option<i64>,
}

const QUALIFIED: i64 = 1;

/// Makes the records out of the lead's columns, all or none, and closes the lead. Its mail and activities stay with it; the
/// new records say which lead they came from. Returns what was made: account, contact, opportunity.
pub async fn qualify(app: &App, actor: &Actor, lead: Guid, wanted: &Qualifying) -> Result<Vec<RecordRef>> {
    // Know
    let mut changes = Changes::new(app, actor);
    let record = RecordRef::new("lead", lead);
    let before = changes.held(Action::Write, &record).await?;

    // Decide
    if before.get("statecode").int() != Some(0) {
        return Err(Refusal::Closed { entity: "lead".to_owned() }.into());
    }
    let state = state(app, wanted)?;
    let mut account = before.get("parentaccountid").record().cloned();
    let mut contact = before.get("parentcontactid").record().cloned();

    // Do
    let mut made = Vec::new();
    if wanted.account {
        let mut values = begun(app, &before, "account")?;
        // A lead without a company is a person.
        values.entry("name".to_owned()).or_insert_with(|| before.text("fullname").into());
        account = Some(make(&mut changes, "account", values, &mut made).await?);
    }
    if wanted.contact {
        let mut values = begun(app, &before, "contact")?;
        values.extend(account.clone().map(|it| ("parentcustomerid".to_owned(), it.into())));
        let new = make(&mut changes, "contact", values, &mut made).await?;
        if let Some(account) = account.as_ref().filter(|_| wanted.account) {
            let first = Values::from([("primarycontactid".to_owned(), new.clone().into())]);
            changes.update(account, None, first).await?;
        }
        contact = Some(new);
    }
    let mut closed = state;
    if wanted.opportunity {
        let mut values = begun(app, &before, "opportunity")?;
        let customer = wanted.customer.clone().or(account.clone()).or(contact.clone());
        values.extend(customer.map(|it| ("customerid".to_owned(), it.into())));
        values.extend(account.clone().map(|it| ("parentaccountid".to_owned(), it.into())));
        values.extend(contact.clone().map(|it| ("parentcontactid".to_owned(), it.into())));
        let opportunity = make(&mut changes, "opportunity", values, &mut made).await?;
        closed.insert("qualifyingopportunityid".to_owned(), opportunity.into());
    }
    closed.extend(account.map(|it| ("parentaccountid".to_owned(), it.into())));
    closed.extend(contact.map(|it| ("parentcontactid".to_owned(), it.into())));
    changes.update(&record, Some(before.version), closed).await?;
    changes.commit().await?;
    Ok(made)
}

fn state(app: &App, wanted: &Qualifying) -> Result<Values> {
    let def = app.catalog.get("lead").ok_or(Error::NotFound)?;
    let options = def.column("statuscode").map(|it| it.options.as_slice()).unwrap_or_default();
    let mut ends = options.iter().filter(|it| it.state == Some(QUALIFIED)).map(|it| it.value);
    let status = match wanted.status {
        None => ends.next(),
        Some(status) if ends.any(|it| it == status) => Some(status),
        Some(status) => return Err(Refusal::NoSuchEnd { entity: "lead".to_owned(), status }.into()),
    };
    Ok(Values::from([
        ("statecode".to_owned(), Value::Int(QUALIFIED)),
        ("statuscode".to_owned(), status.into()),
    ]))
}

fn begun(app: &App, lead: &Record, entity: &str) -> Result<Values> {
    let from = app.catalog.get("lead").ok_or(Error::NotFound)?;
    let target = app.catalog.get(entity).ok_or(Error::NotFound)?;
    Ok(derive::initial(lead, from, target))
}

async fn make(
    changes: &mut Changes<'_>,
    entity: &str,
    values: Values,
    made: &mut Vec<RecordRef>,
) -> Result<RecordRef> {
    let record = RecordRef::new(entity, changes.create(entity, None, values).await?);
    made.push(record.clone());
    Ok(record)
}
