//! What holds for this run: options, then the environment, then one TOML file, then what is usual.
//! Everything that is wrong is found in one go, and said as sentences.

mod nearest;

use crate::words::Tz;
use clap::Args;
use nearest::nearest;
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// The names of all settings, as they stand in the file.
const KEYS: [&str; 9] =
    ["data", "database", "listen", "tls_cert", "tls_key", "public_url", "time_zone", "api_rate", "log"];

/// Settings that mean something to `serve` and `demo` alone.
pub const SERVING: [&str; 6] = ["listen", "tls_cert", "tls_key", "public_url", "time_zone", "api_rate"];

/// Variables of the same family that are no settings.
const OTHER_VARIABLES: [&str; 2] = ["REGARDING_TEST_", "REGARDING_RELEASE_"];

const HEADING: &str = "Options of every command";

/// What may be said on every command line. Nothing is judged here: [`settle`] does, for all sources alike.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::doc_markdown, reason = "These words are the help, and people see no Markdown there")]
pub struct Options {
    /// Directory of everything that is kept [env: REGARDING_DATA]
    #[arg(long, global = true, value_name = "DIR", help_heading = HEADING)]
    pub data: Option<String>,
    /// postgres://USER@HOST/NAME; without it, SQLite in the data directory [env: REGARDING_DATABASE]
    #[arg(long, global = true, value_name = "URL", help_heading = HEADING)]
    pub database: Option<String>,
    /// TOML file with these settings [env: REGARDING_CONFIG]
    #[arg(long, global = true, value_name = "FILE", help_heading = HEADING)]
    pub config: Option<String>,
    /// Address that `serve` and `demo` listen on [env: REGARDING_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "HOST:PORT", help_heading = HEADING)]
    pub listen: Option<String>,
    /// Serve HTTPS with this certificate, a PEM file with its chain; with --tls-key [env: REGARDING_TLS_CERT]
    #[arg(long, global = true, value_name = "FILE", help_heading = HEADING)]
    pub tls_cert: Option<String>,
    /// The private key of that certificate, a PEM file [env: REGARDING_TLS_KEY]
    #[arg(long, global = true, value_name = "FILE", help_heading = HEADING)]
    pub tls_key: Option<String>,
    /// Address that people type, such as https://crm.example.com [env: REGARDING_PUBLIC_URL]
    #[arg(long, global = true, value_name = "URL", help_heading = HEADING)]
    pub public_url: Option<String>,
    /// Times are shown as there, such as Europe/Stockholm [env: REGARDING_TIME_ZONE]
    #[arg(long, global = true, value_name = "NAME", help_heading = HEADING)]
    pub time_zone: Option<String>,
    /// Requests of the Web API that each user may make in five minutes; 0: any number [env: REGARDING_API_RATE] [default: 30000]
    #[arg(long, global = true, value_name = "N", help_heading = HEADING)]
    pub api_rate: Option<String>,
    /// How much is told on standard error: warn, info, debug [env: REGARDING_LOG, RUST_LOG]
    #[arg(long, global = true, value_name = "LEVEL", help_heading = HEADING)]
    pub log: Option<String>,
}

impl Options {
    fn get(&self, key: &str) -> Option<&String> {
        match key {
            "data" => self.data.as_ref(),
            "database" => self.database.as_ref(),
            "config" => self.config.as_ref(),
            "listen" => self.listen.as_ref(),
            "tls_cert" => self.tls_cert.as_ref(),
            "tls_key" => self.tls_key.as_ref(),
            "public_url" => self.public_url.as_ref(),
            "time_zone" => self.time_zone.as_ref(),
            "api_rate" => self.api_rate.as_ref(),
            "log" => self.log.as_ref(),
            _ => None,
        }
    }
}

/// Everything that is settled, and sound as far as can be seen without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub data: PathBuf,
    /// `None`: SQLite in the data directory.
    pub database: Option<String>,
    /// `HOST:PORT`.
    pub listen: String,
    /// `None`: plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Without a slash at its end; `None`: people come to `listen`.
    pub public_url: Option<String>,
    /// `None`: as the machine does.
    pub time_zone: Option<Tz>,
    /// Requests of the Web API per user in five minutes; 0: any number.
    pub api_rate: u32,
    /// A filter of `tracing`; `None`: what is usual for the command.
    pub log: Option<String>,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
}

/// Two PEM files that nobody has opened yet: only who serves may need to read the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// What surrounds the program. A value, so that tests need not change their own.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub variables: BTreeMap<String, String>,
    /// The file of an installed package: `/etc/regarding/regarding.toml`.
    pub installed: PathBuf,
}

impl Surroundings {
    pub fn real() -> Surroundings {
        let text = |it: std::ffi::OsString| it.into_string().ok();
        Surroundings {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| Some((text(name)?, text(value)?)))
                .collect(),
            installed: PathBuf::from("/etc/regarding/regarding.toml"),
        }
    }

    /// An empty variable counts as none.
    fn get(&self, name: &str) -> Option<&String> {
        self.variables.get(name).filter(|it| !it.is_empty())
    }
}

/// Who said it, as a sentence about it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Option(&'static str),
    Variable(String),
    File(PathBuf, &'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Option(key) => write!(out, "--{}", key.replace('_', "-")),
            Source::Variable(name) => out.write_str(name),
            Source::File(file, key) => write!(out, "“{key}” in {}", file.display()),
        }
    }
}

fn variable(key: &str) -> String {
    format!("REGARDING_{}", key.to_uppercase())
}

/// The settings of this run, or everything that is wrong with them, a sentence each.
pub fn settle(options: &Options, around: &Surroundings) -> Result<Config, Vec<String>> {
    let mut wrong = misspelt_variables(around);
    let file = choose_file(options, around, &mut wrong);
    let table = file.as_deref().map(|it| read_file(it, &mut wrong)).unwrap_or_default();
    let find = |key: &'static str| {
        let option = options.get(key).map(|it| (Source::Option(key), it.clone()));
        let name = variable(key);
        let from_variable = || around.get(&name).map(|it| (Source::Variable(name.clone()), it.clone()));
        let rust_log = || (key == "log").then(|| around.get("RUST_LOG")).flatten();
        let from_rust_log = || rust_log().map(|it| (Source::Variable("RUST_LOG".to_owned()), it.clone()));
        let from_file = || Some((Source::File(file.clone()?, key), table.get(key)?.clone()));
        option.or_else(from_variable).or_else(from_rust_log).or_else(from_file)
    };
    let data = judge(find("data"), data_directory, &mut wrong);
    let database = judge(find("database"), database_url, &mut wrong);
    let listen = judge(find("listen"), address, &mut wrong);
    let tls = tls_files(find("tls_cert"), find("tls_key"), &mut wrong);
    let public_url = judge(find("public_url"), web_address, &mut wrong);
    let time_zone = judge(find("time_zone"), zone, &mut wrong);
    let api_rate = judge(find("api_rate"), rate, &mut wrong).unwrap_or(API_RATE);
    let log = judge(find("log"), log_filter, &mut wrong);
    let data = data.or_else(|| usual_data(around));
    if data.is_none() {
        wrong.push("There is no home directory to keep data in: name a directory with --data.".to_owned());
    }
    match data {
        Some(data) if wrong.is_empty() => {
            let listen = listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
            Ok(Config { data, database, listen, tls, public_url, time_zone, api_rate, log, file })
        }
        _ => Err(wrong),
    }
}

/// 100 requests a second, all the time.
const API_RATE: u32 = 30_000;

fn rate(source: &Source, value: &str) -> Result<u32, String> {
    value
        .trim()
        .parse()
        .map_err(|_| format!("{source} is a number of requests in five minutes, or 0 for any number."))
}

fn judge<T>(
    found: Option<(Source, String)>,
    judgement: fn(&Source, &str) -> Result<T, String>,
    wrong: &mut Vec<String>,
) -> Option<T> {
    let (source, value) = found?;
    judgement(&source, &value).map_err(|it| wrong.push(it)).ok()
}

/// One without the other is a slip.
fn tls_files(
    certificate: Option<(Source, String)>,
    key: Option<(Source, String)>,
    wrong: &mut Vec<String>,
) -> Option<TlsFiles> {
    match (certificate, key) {
        (Some((certificate, its_file)), Some((key, key_file))) => {
            Some(TlsFiles { certificate: beside(&certificate, &its_file), key: beside(&key, &key_file) })
        }
        (Some((source, _)), None) => {
            wrong.push(format!("{source} names a certificate: name its private key with --tls-key, too."));
            None
        }
        (None, Some((source, _))) => {
            wrong.push(format!("{source} names a private key: name its certificate with --tls-cert, too."));
            None
        }
        (None, None) => None,
    }
}

/// A relative path in the file begins where the file is.
fn beside(source: &Source, path: &str) -> PathBuf {
    match source {
        Source::File(file, _) => file.parent().unwrap_or(Path::new("")).join(path),
        Source::Option(_) | Source::Variable(_) => PathBuf::from(path),
    }
}

/// `~/.local/share/regarding`, as the XDG base directories have it.
fn usual_data(around: &Surroundings) -> Option<PathBuf> {
    let share = around.get("XDG_DATA_HOME").map(PathBuf::from);
    let share = share.or_else(|| Some(Path::new(around.get("HOME")?).join(".local/share")));
    share.map(|it| it.join("regarding"))
}

/// A data directory that was named is a world of its own and has its file inside; otherwise the installed package's
/// file is the one, so that `regarding user add` and the service speak of the same database.
fn choose_file(options: &Options, around: &Surroundings, wrong: &mut Vec<String>) -> Option<PathBuf> {
    if let Some(file) = options.config.as_ref().or_else(|| around.get("REGARDING_CONFIG")) {
        return Some(PathBuf::from(file));
    }
    let inside = |data: PathBuf| Some(data.join("regarding.toml")).filter(|it| it.is_file());
    if let Some(data) = options.data.as_ref().or_else(|| around.get("REGARDING_DATA")) {
        return inside(PathBuf::from(data));
    }
    match around.installed.metadata() {
        Ok(_) => Some(around.installed.clone()),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            wrong.push(format!(
                "You may not read {}: run this as the user of the service (sudo -u regarding …), or name another \
                 world with --data.",
                around.installed.display()
            ));
            None
        }
        Err(_) => usual_data(around).and_then(inside),
    }
}

/// The texts of the file by their keys.
fn read_file(file: &Path, wrong: &mut Vec<String>) -> BTreeMap<String, String> {
    let shown = file.display();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            wrong.push(format!("The configuration file {shown} cannot be read: {}.", why(&error)));
            return BTreeMap::new();
        }
    };
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            wrong.push(not_toml(file, &text, &error));
            return BTreeMap::new();
        }
    };
    let mut texts = BTreeMap::new();
    for (key, value) in table {
        match value {
            _ if !KEYS.contains(&key.as_str()) => {
                let meant =
                    nearest(&key, KEYS).map(|it| format!(" Did you mean “{it}”?")).unwrap_or_default();
                wrong.push(format!("“{key}” in {shown} is no setting.{meant}"));
            }
            toml::Value::String(text) => {
                texts.insert(key, text);
            }
            other => wrong.push(format!(
                "“{key}” in {shown} takes a text in quotation marks, not a value of the type {}.",
                other.type_str()
            )),
        }
    }
    texts
}

/// The parser's message without the line it quotes, which may hold a password.
fn not_toml(file: &Path, text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |it| it.start);
    let line = text.get(..start).unwrap_or_default().matches('\n').count();
    let first = error.message().lines().next().unwrap_or_default();
    format!("Line {} of {} is not understood: {first}.", line + 1, file.display())
}

/// `REGARDING_DATABSE` would be passed over in silence, and the wrong database used.
fn misspelt_variables(around: &Surroundings) -> Vec<String> {
    let known: Vec<String> = KEYS.iter().chain(&["config"]).map(|it| variable(it)).collect();
    let candidates = || known.iter().map(String::as_str);
    around
        .variables
        .keys()
        .filter(|it| it.starts_with("REGARDING_") && !known.contains(it))
        .filter(|it| !OTHER_VARIABLES.iter().any(|other| it.starts_with(other)))
        .filter_map(|it| Some((it, nearest(it, candidates())?)))
        .map(|(name, meant)| format!("The variable {name} is no setting. Did you mean {meant}?"))
        .collect()
}

fn data_directory(source: &Source, value: &str) -> Result<PathBuf, String> {
    let data = beside(source, value);
    // What is remembered of it, such as the place of a mailbox, must hold in every working directory.
    let data = std::path::absolute(&data).unwrap_or(data);
    let shown = data.display();
    match std::fs::read_dir(&data) {
        _ if value.is_empty() => Err(format!("{source} is empty: name a directory.")),
        Ok(_) => Ok(data),
        // It is made when it is needed.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(data),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            Err(format!("{source}: {shown} is no directory."))
        }
        Err(error) => Err(format!("{source}: the directory {shown} cannot be read: {}.", why(&error))),
    }
}

/// The value is never repeated: it may hold a password.
fn database_url(source: &Source, value: &str) -> Result<String, String> {
    let rest = value.strip_prefix("postgres://").or_else(|| value.strip_prefix("postgresql://"));
    if rest.is_some_and(|it| !it.is_empty()) {
        return Ok(value.to_owned());
    }
    Err(format!(
        "{source} is no address of a database: write postgres://USER@HOST/NAME, or leave it out for SQLite in the data \
         directory."
    ))
}

fn address(source: &Source, value: &str) -> Result<String, String> {
    let sound =
        value.rsplit_once(':').is_some_and(|(host, port)| is_host(host) && port.parse::<u16>().is_ok());
    if sound {
        return Ok(value.to_owned());
    }
    Err(format!("{source}: “{value}” is no address to listen on: write HOST:PORT, such as 127.0.0.1:8080."))
}

/// The reason in words that also fit a file's name that was mistyped.
pub fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        kind => kind.to_string(),
    }
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
pub fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        return inner.parse::<IpAddr>().is_ok_and(|it| it.is_ipv6());
    }
    let is_name = |it: char| it.is_alphanumeric() || it == '-' || it == '.' || it == '_';
    let numeric = host.chars().all(|it| it.is_ascii_digit() || it == '.');
    !host.is_empty() && host.chars().all(is_name) && (!numeric || host.parse::<IpAddr>().is_ok())
}

fn web_address(source: &Source, value: &str) -> Result<String, String> {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let authority = rest.map(|it| it.trim_end_matches('/'));
    let (host, port) =
        match authority.and_then(|it| it.rsplit_once(':').filter(|(_, port)| !port.contains(']'))) {
            Some((host, port)) => (Some(host), port.parse::<u16>().is_ok()),
            None => (authority, true),
        };
    if port && host.is_some_and(is_host) {
        return Ok(value.trim_end_matches('/').to_owned());
    }
    Err(format!("{source}: “{value}” is no address of a site: write https://HOST, without a path."))
}

fn zone(source: &Source, value: &str) -> Result<Tz, String> {
    value.parse().map_err(|_| {
        let names = chrono_tz::TZ_VARIANTS.iter().map(|it| it.name());
        let meant = nearest(value, names).unwrap_or("Europe/Stockholm");
        format!("{source}: “{value}” is no time zone. Did you mean {meant}?")
    })
}

fn log_filter(source: &Source, value: &str) -> Result<String, String> {
    // A filter takes a single word that is no level for the name of a part.
    let is_level = |it: &str| it.contains('=') || it.trim().parse::<LevelFilter>().is_ok();
    match EnvFilter::try_new(value) {
        Ok(_) if value.split(',').all(is_level) => Ok(value.to_owned()),
        Ok(_) | Err(_) => Err(format!(
            "{source}: “{value}” is no level: write error, warn, info, debug or trace, or part=level, such as \
             warn,connect=debug."
        )),
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
