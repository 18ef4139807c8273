//! The demo's world behind the router, and people who look at it through a browser.

use app::demo::Visitor;
use app::{App, Settings};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use server::words::Tz;
use server::{Web, WebSettings};
use tempfile::TempDir;
use tower::ServiceExt;

pub struct World {
    pub app: App,
    router: Router,
    visitors: Vec<Visitor>,
    /// Removed with the world.
    folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The page without its frame.
    pub fn main(&self) -> String {
        let text = self.text();
        text.find("<main").map_or(text.clone(), |at| text[at..].to_owned())
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    #[track_caller]
    pub fn says(&self, text: &str) -> &Page {
        assert!(self.text().contains(text), "“{text}” is missing in {}: {}", self.status, self.main());
        self
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Page {
        assert!(!self.text().contains(text), "“{text}” is shown: {}", self.main());
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Page {
        assert_eq!(self.status.as_u16(), status, "{}", self.main());
        self
    }

    /// Where the link with these words leads.
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let text = self.text();
        let end = text.find(&format!(">{words}<")).unwrap_or_else(|| panic!("No “{words}” in {text}"));
        let start = text[..end].rfind("href=\"").unwrap() + 6;
        text[start..].split('"').next().unwrap().replace("&amp;", "&")
    }

    /// The value of the first hidden field with this name.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let field = format!("name=\"{name}\" value=\"");
        let start = text.find(&field).unwrap_or_else(|| panic!("No field {name} in {text}")) + field.len();
        text[start..].split('"').next().unwrap().to_owned()
    }
}

impl World {
    pub async fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data: folder.path().to_owned(), database: None };
        let app = App::open(&settings).await.unwrap();
        let visitors = app::demo::furnish(&app).await.unwrap();
        let settings =
            WebSettings { secure_cookies: false, demo: true, time_zone: Tz::Europe__Stockholm, api_rate: 0 };
        let router = server::router(Web::new(app.clone(), settings));
        World { app, router, visitors, folder }
    }

    /// Another server in earnest on the same data, which has been asked nothing yet.
    pub async fn another(&self) -> (App, Router) {
        let settings = Settings { data: self.folder.path().to_owned(), database: None };
        let app = App::open(&settings).await.unwrap();
        let settings =
            WebSettings { secure_cookies: false, demo: false, time_zone: Tz::Europe__Stockholm, api_rate: 0 };
        let router = server::router(Web::new(app.clone(), settings));
        (app, router)
    }

    pub async fn send(&self, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Page {
            status: parts.status,
            headers: parts.headers,
            bytes: to_bytes(body, usize::MAX).await.unwrap().into(),
        }
    }

    /// As somebody who is not signed in.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// As somebody who is not signed in.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(form(Request::post(path), fields)).await
    }

    pub fn visitor(&self, part: &str) -> &Visitor {
        self.visitors.iter().find(|it| it.part == part).unwrap()
    }

    /// `seller`, `colleague`, `outsider` or `administrator`.
    pub async fn sign_in(&self, part: &str) -> Person<'_> {
        let page = self.get(&format!("/link/{}", self.visitor(part).code)).await;
        let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
        let mut person = Person { world: self, cookie, csrf: String::new() };
        person.csrf = person.get("/settings").await.hidden("csrf");
        person
    }
}

pub fn form(request: axum::http::request::Builder, fields: &[(&str, &str)]) -> Request<Body> {
    let body = serde_urlencoded::to_string(fields).unwrap();
    request.header("content-type", "application/x-www-form-urlencoded").body(body.into()).unwrap()
}

/// Somebody signed in, with a browser that speaks English.
pub struct Person<'a> {
    pub world: &'a World,
    pub cookie: String,
    pub csrf: String,
}

impl Person<'_> {
    pub async fn get(&self, path: &str) -> Page {
        let path = path.split('#').next().unwrap();
        self.world.send(Request::get(path).header("cookie", &self.cookie).body(Body::empty()).unwrap()).await
    }

    /// The script asks for a fragment.
    pub async fn fragment(&self, path: &str, id: &str) -> Page {
        let request = Request::get(path).header("cookie", &self.cookie).header("x-fragment", id);
        self.world.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form of the person's own.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let fields = [fields, &[("csrf", &self.csrf)]].concat();
        self.world.send(form(Request::post(path).header("cookie", &self.cookie), &fields)).await
    }

    /// A form of the person's own that the script sends, for a fragment.
    pub async fn fragment_of(&self, path: &str, id: &str, fields: &[(&str, &str)]) -> Page {
        let fields = [fields, &[("csrf", &self.csrf)]].concat();
        let request = Request::post(path).header("cookie", &self.cookie).header("x-fragment", id);
        self.world.send(form(request, &fields)).await
    }

    /// A form with a file (RFC 7578).
    pub async fn upload(&self, path: &str, csrf: &str, name: &str, bytes: &[u8]) -> Page {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
             --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: image/png\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat();
        let request = Request::post(path).header("cookie", &self.cookie);
        let request = request.header("content-type", "multipart/form-data; boundary=edge");
        self.world.send(request.body(body.into()).unwrap()).await
    }

    /// A form that another page made the browser send.
    pub async fn forged(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.world.send(form(Request::post(path).header("cookie", &self.cookie), fields)).await
    }

    /// The record with this name, out of its type's list.
    pub async fn find(&self, entity: &str, name: &str) -> String {
        self.get(&format!("/records/{entity}")).await.link(name)
    }
}
