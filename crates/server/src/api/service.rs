//! What the service says of itself: the list of its sets, and `$metadata`.

use super::call::{Call, Caller};
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use axum::http::{Method, StatusCode};
use domain::entity::Catalog;
use serde_json::{Value as Json, json};
use std::sync::{Arc, Mutex, PoisonError};

/// The service document (OData 4.0 JSON Format 5).
pub fn document(caller: &Caller, call: &Call) -> Result {
    if call.method != Method::GET {
        return Err(Trouble::no_method());
    }
    let sets = caller.app().catalog.all().filter(|it| !it.intersect);
    let names = sets.map(|it| it.set.as_str()).chain(super::metadata::SETS);
    let sets: Vec<Json> = names.map(|it| json!({ "name": it, "kind": "EntitySet", "url": it })).collect();
    Ok(Reply::ok(&json!({ "@odata.context": format!("{}$metadata", caller.base), "value": sets })))
}

/// The whole model as CSDL, always as XML: some clients ask for it without saying so.
pub fn metadata(caller: &Caller, call: &Call) -> Result {
    if call.method != Method::GET {
        return Err(Trouble::no_method());
    }
    let document = written(&caller.app().catalog);
    Ok(Reply::of(StatusCode::OK, "application/xml; charset=utf-8", document.as_bytes().to_vec()))
}

/// The last document that was written, and of what: definitions change seldom, and clients ask at each start.
static LAST: Mutex<Option<(Catalog, Arc<str>)>> = Mutex::new(None);

fn written(catalog: &Catalog) -> Arc<str> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, document)) = last.as_ref()
        && of.is_same(catalog)
    {
        return Arc::clone(document);
    }
    let document: Arc<str> = super::metadata::csdl::document(catalog).into();
    *last = Some((catalog.clone(), Arc::clone(&document)));
    document
}
