//! What is wrong before anything is tried: all of it at once, exit code 2.

use crate::world::{World, bare, finish};
use std::fs;

#[test]
fn everything_wrong_is_said_at_once() {
    let world = World::on_sqlite();
    let file = world.path("settings.toml");
    fs::write(&file, "databse = 'x'\nlog = 7\ntime_zone = 'Europe/Stokholm'").unwrap();
    let mut command =
        bare(world.place.path(), &["doctor", "--data", "/dev/null", "--database", "mysql://a:hemligt@b"]);
    command.arg("--config").arg(&file).env("REGARDING_LISTEN", "eight").env("REGARDING_DATA_DIR", "x");
    let said = finish(command, "").expect(2);
    for sentence in [
        "Did you mean “database”?",
        "“log” in",
        "Did you mean Europe/Stockholm?",
        "--data: /dev/null is no directory.",
        "--database is no address of a database",
        "REGARDING_LISTEN: “eight” is no address to listen on",
    ] {
        assert!(said.err.contains(sentence), "{sentence}: {said:#?}");
    }
    assert_eq!(said.err.lines().count(), 6, "{said:#?}");
    assert!(!said.err.contains("hemligt"), "{said:#?}");
}

#[test]
fn a_level_that_there_is_not_is_refused() {
    let world = World::on_sqlite();
    world.run(&["serve", "--log", "loud"]).expect(2).in_one_sentence(&["--log: “loud” is no level", "warn"]);
}

#[test]
fn a_slip_in_the_data_directory_makes_no_empty_world() {
    let world = World::on_sqlite();
    let track = ["track", "--user", "eva@example.test", "--message-id", "a@b"];
    world.run(&track).expect(2).in_one_sentence(&["There is no data directory"]);
    assert!(!world.path("data").exists());
}

#[test]
fn a_data_directory_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::on_sqlite().with_eva();
    assert_eq!(world.path("data").metadata().unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn the_home_directory_is_used_when_nothing_is_said() {
    let world = World::on_sqlite();
    let command = bare(world.place.path(), &["doctor"]);
    let said = finish(command, "").expect(1);
    assert!(said.out.contains(".local/share/regarding"), "{said:#?}");
}

#[test]
fn synchronizing_for_ever_is_what_serve_does() {
    let world = World::on_sqlite();
    world.run(&["sync"]).expect(2).in_one_sentence(&["--once", "regarding serve"]);
}

#[test]
fn everything_wrong_with_a_mailbox_is_said_at_once() {
    let world = World::on_sqlite();
    let add =
        ["mailbox", "add", "--user", "eva@example.test", "--imap", "https://mail.example", "--ca", "/no.pem"];
    let said = world.run(&add).expect(2);
    assert!(said.err.contains("/no.pem cannot be read: it does not exist."), "{said:#?}");
    assert!(said.err.contains("“https://mail.example” is no mail server"), "{said:#?}");
}

#[test]
fn a_password_is_asked_for_by_its_option() {
    let world = World::on_sqlite();
    world
        .run(&["user", "add", "eva@example.test", "--name", "Eva"])
        .expect(2)
        .in_one_sentence(&["--password-stdin"]);
    let add = ["user", "add", "eva@example.test", "--name", "Eva", "--password-stdin"];
    world.run_with("\n", &add).expect(2).in_one_sentence(&["There is no password"]);
}

#[test]
fn a_certificate_that_cannot_be_shown_is_explained_before_anything_is_made() {
    let world = World::on_sqlite();
    for command in ["serve", "demo"] {
        let words = [command, "--listen", "127.0.0.1:0", "--tls-cert", "/no.pem", "--tls-key", "/no.key"];
        world.run(&words).expect(2).in_one_sentence(&["The certificate /no.pem cannot be read", "not exist"]);
        world.run(&words[..5]).expect(2).in_one_sentence(&["--tls-cert", "--tls-key, too"]);
    }
    assert!(!world.path("data").exists());
}
