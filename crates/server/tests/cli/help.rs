//! Help that people like to read.

use crate::world::{bare, finish};
use std::path::Path;

const COMMANDS: [&str; 24] = [
    "demo",
    "serve",
    "doctor",
    "user",
    "user add",
    "user password",
    "user remove",
    "token",
    "token create",
    "mailbox",
    "mailbox add",
    "mailbox password",
    "mailbox test",
    "mailbox list",
    "mailbox remove",
    "entity",
    "entity apply",
    "entity list",
    "entity show",
    "entity export",
    "entity drop",
    "track",
    "untrack",
    "sync",
];

fn help(command: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
    finish(bare(Path::new("/"), &words), "").expect(0).out
}

#[test]
fn every_command_gives_an_example_of_itself() {
    for command in COMMANDS {
        let help = help(command);
        let examples = help.split_once("Example").unwrap_or_else(|| panic!("{help}")).1;
        assert!(examples.contains(&format!("regarding {command}")), "{help}");
    }
}

#[test]
fn the_overview_names_every_command() {
    let overview = help("");
    for command in COMMANDS.iter().filter(|it| !["user", "token", "mailbox", "entity"].contains(it)) {
        assert!(overview.contains(&format!("\n  {command} ")), "{command}: {overview}");
    }
}

#[test]
fn no_line_is_too_long_for_a_terminal() {
    for command in COMMANDS.iter().chain(&[""]) {
        for line in help(command).lines() {
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
    }
}

#[test]
fn options_about_serving_are_shown_where_something_is_served() {
    assert!(help("serve").contains("--listen") && help("demo").contains("--listen"));
    assert!(!help("track").contains("--listen") && !help("mailbox add").contains("--time-zone"));
}

#[test]
fn whoever_says_nothing_gets_the_overview() {
    let said = finish(bare(Path::new("/"), &[]), "").expect(2);
    assert!(said.err.contains("Try it:"), "{said:#?}");
}

#[test]
fn a_mistyped_command_is_guessed() {
    let said = finish(bare(Path::new("/"), &["serv"]), "").expect(2);
    assert!(said.err.contains("serve"), "{said:#?}");
}
