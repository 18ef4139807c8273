//! Clients that others wrote for Dataverse, unmodified, against the real program: every step of theirs goes well.

#![expect(clippy::unwrap_used, reason = "A test that cannot go on shall stop there")]

mod driver;
mod server;

use driver::{Driver, check};
use server::{Door, Engine};

#[test]
fn dynamics_web_api_works_on_sqlite() {
    check(Driver::JavaScript("dynamics-web-api.mjs"), Engine::Sqlite, Door::Http);
}

#[test]
fn dynamics_web_api_works_on_postgres() {
    check(Driver::JavaScript("dynamics-web-api.mjs"), Engine::Postgres, Door::Https);
}

#[test]
fn dataverse_client_works_on_sqlite() {
    check(Driver::Python("dataverse_client.py"), Engine::Sqlite, Door::Https);
}

#[test]
fn dataverse_client_works_on_postgres() {
    check(Driver::Python("dataverse_client.py"), Engine::Postgres, Door::Https);
}

#[test]
fn python_odata_works_on_sqlite() {
    check(Driver::Python("python_odata.py"), Engine::Sqlite, Door::Https);
}

#[test]
fn python_odata_works_on_postgres() {
    check(Driver::Python("python_odata.py"), Engine::Postgres, Door::Http);
}

#[test]
fn odata_csdl_understands_the_model_of_sqlite() {
    check(Driver::JavaScript("csdl.mjs"), Engine::Sqlite, Door::Http);
}

#[test]
fn odata_csdl_understands_the_model_of_postgres() {
    check(Driver::JavaScript("csdl.mjs"), Engine::Postgres, Door::Https);
}
