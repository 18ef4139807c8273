use super::*;
use std::fs;

/// Settles options and variables beside a file of the installed package (when there is text for one).
fn settled(
    options: &Options,
    variables: &[(&str, &str)],
    installed: Option<&str>,
) -> Result<Config, Vec<String>> {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("regarding.toml");
    if let Some(text) = installed {
        fs::write(&file, text).unwrap();
    }
    let home = [("HOME", "/home/eva")];
    let variables =
        home.iter().chain(variables).map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect();
    settle(options, &Surroundings { variables, installed: file })
}

#[track_caller]
fn check(variables: &[(&str, &str)], installed: &str, sentences: &[&str]) {
    let wrong = settled(&Options::default(), variables, Some(installed)).unwrap_err();
    assert_eq!(wrong.len(), sentences.len(), "{wrong:#?}");
    for (said, expected) in wrong.iter().zip(sentences) {
        assert!(said.contains(expected), "{said}");
        assert!(said.ends_with(['.', '?']), "{said}");
    }
}

#[test]
fn an_option_beats_a_variable_which_beats_the_file() {
    let file = "listen = '127.0.0.1:1'\nlog = 'info'\ntime_zone = 'Europe/Stockholm'";
    let options = Options { listen: Some("127.0.0.1:3".into()), ..Options::default() };
    let variables = [("REGARDING_LISTEN", "127.0.0.1:2"), ("REGARDING_LOG", "debug"), ("RUST_LOG", "trace")];
    let config = settled(&options, &variables, Some(file)).unwrap();
    assert_eq!(config.listen, "127.0.0.1:3");
    assert_eq!(config.log.as_deref(), Some("debug"));
    assert_eq!(config.time_zone, Some(Tz::Europe__Stockholm));
    assert_eq!(config.data, PathBuf::from("/home/eva/.local/share/regarding"));
}

#[test]
fn everything_usual_needs_no_word() {
    let config = settled(&Options::default(), &[], None).unwrap();
    assert_eq!(config.listen, "127.0.0.1:8080");
    assert_eq!((config.database, config.file, config.log), (None, None, None));
}

#[test]
fn a_named_data_directory_is_a_world_of_its_own() {
    let data = tempfile::tempdir().unwrap();
    let options = Options { data: Some(data.path().to_string_lossy().into_owned()), ..Options::default() };
    let installed = Some("database = 'postgres://db/regarding'");
    let config = settled(&options, &[], installed).unwrap();
    assert_eq!((config.database, config.file), (None, None));
    fs::write(data.path().join("regarding.toml"), "listen = 'localhost:9000'").unwrap();
    assert_eq!(settled(&options, &[], installed).unwrap().listen, "localhost:9000");
}

#[test]
fn a_relative_data_directory_lies_beside_its_file() {
    let config = settled(&Options::default(), &[], Some("data = 'world'")).unwrap();
    assert_eq!(config.data, config.file.unwrap().with_file_name("world"));
}

#[test]
fn a_certificate_and_its_key_come_together() {
    let file = "tls_cert = 'crm.pem'\ntls_key = '/etc/ssl/private/crm.key'";
    let config = settled(&Options::default(), &[], Some(file)).unwrap();
    let certificate = config.file.unwrap().with_file_name("crm.pem");
    assert_eq!(config.tls, Some(TlsFiles { certificate, key: "/etc/ssl/private/crm.key".into() }));
    check(&[("REGARDING_TLS_CERT", "crm.pem")], "", &["REGARDING_TLS_CERT names a certificate: name its"]);
    check(&[], "tls_key = 'crm.key'", &["names a private key: name its certificate"]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    check(
        &[("REGARDING_LISTEN", "eight"), ("REGARDING_DATABSE", "postgres://x/y")],
        "databse = 'x'\ncolour = 'red'\ndata = '/dev/null'\ntime_zone = 'Europe/Stokholm'\nlog = 'a=b=c'\n\
         public_url = 'crm.example.com'\ndatabase = 7",
        &[
            "REGARDING_DATABSE is no setting. Did you mean REGARDING_DATABASE?",
            "“colour” in",
            "“database” in",
            "Did you mean “database”?",
            "/dev/null is no directory",
            "REGARDING_LISTEN: “eight” is no address",
            "is no address of a site",
            "Did you mean Europe/Stockholm?",
            "“a=b=c” is no level",
        ],
    );
}

#[test]
fn a_password_in_a_bad_database_address_is_not_repeated() {
    let options = Options { database: Some("mysql://eva:hemligt@db/crm".into()), ..Options::default() };
    let wrong = settled(&options, &[], None).unwrap_err().join(" ");
    assert!(wrong.contains("--database is no address") && !wrong.contains("hemligt"), "{wrong}");
    let file = "database = \"postgres://eva:hemligt@db/crm";
    let wrong = settled(&Options::default(), &[], Some(file)).unwrap_err().join(" ");
    assert!(wrong.starts_with("Line 1 of ") && !wrong.contains("hemligt"), "{wrong}");
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let options = Options { config: Some("/no/such.toml".into()), ..Options::default() };
    let wrong = settled(&options, &[], None).unwrap_err();
    assert_eq!(wrong, ["The configuration file /no/such.toml cannot be read: it does not exist."]);
}

#[test]
fn addresses_are_told_from_other_words() {
    let source = Source::Option("listen");
    for good in ["127.0.0.1:8080", "[::1]:80", "localhost:0", "crm.example.com:443"] {
        assert!(address(&source, good).is_ok(), "{good}");
    }
    for bad in ["", "8080", ":8080", "::1:80", "127.0.0.1", "127.0.0:80", "localhost:80808", "a b:80"] {
        assert!(address(&source, bad).is_err(), "{bad}");
    }
    for good in ["https://crm.example.com", "http://127.0.0.1:8080/", "https://[::1]:8443", "https://[::1]"] {
        assert!(web_address(&source, good).is_ok(), "{good}");
    }
    for bad in ["crm.example.com", "https://", "https://host/path", "https://host:port"] {
        assert!(web_address(&source, bad).is_err(), "{bad}");
    }
}

#[test]
fn how_much_is_told_is_a_level() {
    let source = Source::Option("log");
    for good in ["warn", "INFO", "off", "warn,connect=debug", "connect=debug"] {
        assert!(log_filter(&source, good).is_ok(), "{good}");
    }
    for bad in ["loud", "warn,loud", "connect=loud", "debug info"] {
        assert!(log_filter(&source, bad).unwrap_err().contains("write error, warn, info"), "{bad}");
    }
}
