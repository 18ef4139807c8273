//! As much of WebDriver (W3C) as the stories need, over plain HTTP/1.1 to a chromedriver on this machine.

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long something may take to appear; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(20);
/// How WebDriver names the key of an element (12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
pub const ENTER: &str = "\u{e007}";
pub const DOWN: &str = "\u{e015}";

/// What is looked at, and how.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub width: u32,
    pub language: &'static str,
    /// Whether pages may run scripts.
    pub script: bool,
    pub dark: bool,
}

impl Look {
    pub const DESK: Look = Look { width: 1280, language: "en", script: true, dark: false };
    pub const PHONE: Look = Look { width: 375, ..Look::DESK };
}

pub struct Browser {
    driver: String,
    session: String,
}

impl Browser {
    pub fn open(look: Look) -> Browser {
        let Ok(driver) = std::env::var("REGARDING_TEST_WEBDRIVER") else {
            panic!(
                "REGARDING_TEST_WEBDRIVER is not set: run `cargo xtask test`, which starts a chromedriver"
            );
        };
        let driver = driver.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let answer = ask(&driver, "POST", "/session", &capabilities(look)).unwrap();
        let session = format!("/session/{}", answer["sessionId"].as_str().unwrap());
        let browser = Browser { driver, session };
        if look.dark {
            browser.tell(
                "Emulation.setEmulatedMedia",
                &json!({"features": [{"name": "prefers-color-scheme", "value": "dark"}]}),
            );
        }
        browser
    }

    pub fn go(&self, url: &str) {
        self.post("/url", &json!({ "url": url })).unwrap();
    }

    pub fn url(&self) -> String {
        let url = ask(&self.driver, "GET", &format!("{}/url", self.session), &Value::Null).unwrap();
        url.as_str().unwrap().to_owned()
    }

    /// Waits for what this path names and presses it. What is replaced in that moment is looked for again.
    pub fn click(&self, xpath: &str) {
        self.until(&format!("Nothing to press at {xpath}"), || {
            let element = self.find(xpath)?;
            // A person scrolls away from under the bars; without script the driver's own scrolling has to do.
            let there = json!({"script": "arguments[0].scrollIntoView({block: 'center'})", "args": [{ELEMENT: element}]});
            let _ = self.post("/execute/sync", &there);
            self.post(&format!("/element/{element}/click"), &json!({})).ok()
        });
    }

    pub fn type_into(&self, xpath: &str, text: &str) {
        self.until(&format!("No field at {xpath}"), || {
            let element = self.find(xpath)?;
            self.post(&format!("/element/{element}/value"), &json!({ "text": text })).ok()
        });
    }

    /// Waits until it is there.
    pub fn see(&self, xpath: &str) {
        self.until(&format!("There is no {xpath}"), || self.find(xpath));
    }

    pub fn has(&self, xpath: &str) -> bool {
        self.find(xpath).is_some()
    }

    /// How far it is from the top of the window, in CSS pixels.
    pub fn top(&self, xpath: &str) -> f64 {
        self.until(&format!("There is no {xpath}"), || {
            let element = self.find(xpath)?;
            let measure = json!({"script": "return arguments[0].getBoundingClientRect().top", "args": [{ELEMENT: element}]});
            self.post("/execute/sync", &measure).ok()?.as_f64()
        })
    }

    /// The picture of the whole page, in `target/screenshots`.
    pub fn picture(&self, name: &str) {
        let size = self.tell("Page.getLayoutMetrics", &json!({}));
        let size = &size["cssContentSize"];
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let picture =
            self.tell("Page.captureScreenshot", &json!({"captureBeyondViewport": true, "clip": clip}));
        let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join(format!("{name}.png")), unbase64(picture["data"].as_str().unwrap()))
            .unwrap();
    }

    fn find(&self, xpath: &str) -> Option<String> {
        let found = self.post("/element", &json!({"using": "xpath", "value": xpath})).ok()?;
        found[ELEMENT].as_str().map(ToOwned::to_owned)
    }

    #[track_caller]
    fn until<T>(&self, complaint: &str, look: impl Fn() -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return found;
            }
            if Instant::now() > end {
                self.picture("failed");
                panic!("{complaint}, on {} (see target/screenshots/failed.png)", self.url());
            }
            sleep(Duration::from_millis(50));
        }
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        ask(&self.driver, "POST", &format!("{}{path}", self.session), body)
    }

    /// Says something in Chromium's own protocol.
    fn tell(&self, command: &str, params: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": params })).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ask(&self.driver, "DELETE", &self.session, &Value::Null);
    }
}

fn capabilities(look: Look) -> Value {
    let mut args: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--hide-scrollbars",
    ]
    .map(ToOwned::to_owned)
    .into();
    args.push("--window-size=1280,900".to_owned());
    let mut options = json!({ "args": args });
    if look.width < 500 {
        let metrics = json!({"width": look.width, "height": 812, "pixelRatio": 1, "touch": true});
        options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
    }
    options["prefs"] = json!({"intl.accept_languages": look.language});
    if !look.script {
        options["prefs"]["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}})
}

/// One request on a connection of its own. The error is WebDriver's, such as `no such element`.
fn ask(driver: &str, method: &str, path: &str, body: &Value) -> Result<Value, String> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {driver}\r\nConnection: close\r\n");
    let _ = write!(request, "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut line = TcpStream::connect(driver).unwrap();
    line.write_all(request.as_bytes()).unwrap();
    let mut answer = BufReader::new(line);
    let mut length = 0;
    loop {
        let mut header = String::new();
        answer.read_line(&mut header).unwrap();
        match header.trim().to_ascii_lowercase().split_once(':') {
            Some(("content-length", value)) => length = value.trim().parse().unwrap(),
            None if header.trim().is_empty() => break,
            Some(_) | None => {}
        }
    }
    let mut text = vec![0; length];
    answer.read_exact(&mut text).unwrap();
    let answer: Value = serde_json::from_slice(&text).unwrap();
    match answer["value"]["error"].as_str() {
        Some(error) => Err(format!("{error}: {}", answer["value"]["message"])),
        None => Ok(answer["value"].clone()),
    }
}

/// RFC 4648 4, as chromedriver writes it.
fn unbase64(text: &str) -> Vec<u8> {
    let digit = |it: u8| match it {
        b'A'..=b'Z' => Some(it - b'A'),
        b'a'..=b'z' => Some(it - b'a' + 26),
        b'0'..=b'9' => Some(it - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::with_capacity(text.len() / 4 * 3));
    for six in text.bytes().filter_map(digit) {
        bits = (bits << 6 | u32::from(six)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}
