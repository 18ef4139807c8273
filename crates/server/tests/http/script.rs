//! A script of somebody's, which speaks to the Web API.

use crate::world::{Page, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::Value as Json;

/// A script of somebody's.
pub struct Script<'a> {
    pub world: &'a World,
    token: String,
}

pub async fn script<'a>(world: &'a World, part: &str) -> Script<'a> {
    let user = app::users::by_email(&world.app, &world.visitor(part).email).await.unwrap().unwrap();
    let token = app::users::new_token(&world.app, user, "test").await.unwrap();
    Script { world, token }
}

impl Script<'_> {
    pub fn token(&self) -> &str {
        &self.token
    }

    pub async fn ask(&self, method: &str, path: &str, body: Option<Json>, prefer: &str) -> Page {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/data/v9.2/{path}"))
            .header("host", "crm.example")
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        let request = if prefer.is_empty() { request } else { request.header("prefer", prefer) };
        let body = body.map_or_else(Body::empty, |it| Body::from(it.to_string()));
        self.world.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Json {
        read(&self.ask("GET", path, None, "").await)
    }

    pub async fn post(&self, path: &str, body: Json) -> Page {
        self.ask("POST", path, Some(body), "").await
    }

    /// The key of a new record.
    pub async fn make(&self, set: &str, body: Json) -> String {
        let page = self.post(set, body).await;
        let address = page.is(204).header("odata-entityid").to_owned();
        address[address.len() - 37..address.len() - 1].to_owned()
    }

    pub async fn me(&self) -> String {
        self.get("WhoAmI").await["UserId"].as_str().unwrap().to_owned()
    }
}

#[track_caller]
pub fn read(page: &Page) -> Json {
    assert!(page.status.is_success(), "{}", page.text());
    serde_json::from_slice(&page.bytes).unwrap()
}
