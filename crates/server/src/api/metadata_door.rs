//! The door to the definitions: who asks is shown them, who administers may change them.

use super::call::{Call, Caller};
use super::metadata::{self, Asked, Reader, Refused};
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use crate::words::Language;
use app::definitions;
use axum::http::{Method, StatusCode};
use serde_json::Value as Json;

pub use super::metadata::knows;

pub async fn answer(caller: &Caller, call: &Call) -> Result {
    let reader =
        Reader { catalog: &caller.app().catalog, language: Language::wished(call.header("accept-language")) };
    if call.method == Method::GET {
        let asked = Asked { reader, base: &caller.base, path: &call.path, options: &call.options };
        return Ok(shown(&metadata::read(&asked)?));
    }
    let body = call.object()?;
    let wished = metadata::wish(reader, call.method.as_str(), &call.path, &call.options.aliases, &body)?;
    let mut address = wished.made.map(|it| format!("{}{it}", caller.base));
    for wish in wished.wishes {
        grant(caller, wish).await?;
    }
    let reply = Reply::no_content();
    Ok(match address.take() {
        Some(address) => reply.header("OData-EntityId", address),
        None => reply,
    })
}

/// A client of this API states no numbers: what it wishes to drop goes with all that uses it, as it does in Dataverse.
/// People are asked, in the web app and on the command line.
async fn grant(caller: &Caller, wish: domain::definition::Wish) -> Result<()> {
    // A wish may build on the one before.
    let app = caller.app().clone();
    match definitions::change(&app, &caller.actor, wish.clone(), None).await {
        Err(app::Error::InUse { rows }) => definitions::change(&app, &caller.actor, wish, Some(rows)).await?,
        done => done?,
    };
    Ok(())
}

fn shown(value: &Json) -> Reply {
    match value {
        Json::Null => Reply::no_content(),
        Json::Object(_) | Json::Array(_) => Reply::ok(value),
        Json::String(text) => {
            Reply::of(StatusCode::OK, "text/plain; charset=utf-8", text.clone().into_bytes())
        }
        other => Reply::of(StatusCode::OK, "text/plain", other.to_string().into_bytes()),
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Trouble {
        match refused {
            Refused::NotThere(what) => Trouble::no_such(what),
            Refused::Unreadable(what) => Trouble::bad_value(what),
            Refused::NoMethod => Trouble::no_method(),
        }
    }
}
