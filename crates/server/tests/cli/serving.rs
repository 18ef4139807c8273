//! The server as a process: it says when it is ready, answers, and ends when it is told to.

use crate::running::Running;
use crate::world::{EVA, World, bare, finish};
use std::io::BufRead;
use std::net::TcpListener;

#[test]
fn the_server_answers_as_soon_as_it_says_so_and_ends_when_told() {
    for (world, signal) in World::on_both().into_iter().zip(["-TERM", "-INT"]) {
        let mut server = Running::start(world.command(&["serve"]));
        assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "));
        assert!(server.get("/sign-in").starts_with("HTTP/1.1 200 "));
        assert_eq!(server.end_by(signal).code(), Some(0));
    }
}

#[test]
fn a_token_opens_the_door() {
    let world = World::on_sqlite().with_eva();
    let token = world.run(&["token", "create", "--user", EVA]).expect(0).out;
    let server = Running::start(world.command(&["serve"]));
    assert!(server.get_as(&token, "/").starts_with("HTTP/1.1 200 "));
}

#[test]
fn two_servers_never_meet_on_one_sqlite() {
    let world = World::on_sqlite().with_eva();
    let mut first = Running::start(world.command(&["serve"]));
    let second = || world.run(&["serve", "--listen", "127.0.0.1:0"]);
    second().expect(1).in_one_sentence(&["Another server is at work on", "--data"]);
    // Commands work beside it.
    world
        .run_with(
            "hemligt och långt",
            &["user", "add", "bo@example.test", "--name", "Bo", "--password-stdin"],
        )
        .expect(0);
    world.run(&["doctor"]).expect(0);
    assert!(first.get("/healthz").starts_with("HTTP/1.1 200 "));
    first.end_by("-KILL");
    let third = Running::start(world.command(&["serve"]));
    assert!(third.get("/healthz").starts_with("HTTP/1.1 200 "), "it is free however the first one ended");
}

#[test]
fn several_servers_share_a_postgres() {
    let world = World::on_postgres();
    let servers = [(); 2].map(|()| Running::start(world.command(&["serve"])));
    assert!(servers.iter().all(|it| it.get("/healthz").starts_with("HTTP/1.1 200 ")));
}

#[test]
fn a_demo_is_not_reset_while_it_is_shown() {
    let world = World::on_sqlite();
    let demo = Running::start(world.command(&["demo"]));
    let reset = world.run(&["demo", "--reset", "--listen", "127.0.0.1:0"]).expect(1);
    reset.in_one_sentence(&["Another server is at work on"]);
    assert!(demo.get("/sign-in").starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_taken_address_is_explained() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let world = World::on_sqlite();
    for command in ["serve", "demo"] {
        let said = world.run(&[command, "--listen", &address]).expect(1);
        said.in_one_sentence(&[&address, "already", "--listen"]);
    }
    assert!(!world.path("data").exists(), "who holds the address holds the world");
}

#[test]
fn the_demo_prints_links_keeps_its_world_and_makes_a_new_one_on_request() {
    let world = World::on_sqlite();
    let mut links = Vec::new();
    for (words, makes) in [(["demo"].as_slice(), true), (&["demo"], false), (&["demo", "--reset"], true)] {
        let mut demo = Running::start(world.command(words));
        assert_eq!(demo.before.contains("Making a world"), makes, "{words:?}");
        let mut text = String::new();
        while !text.contains("Ctrl-C") {
            assert!(demo.lines.read_line(&mut text).unwrap() > 0, "{text}");
        }
        assert_eq!(text.matches("/link/").count(), 4, "{text}");
        let path = &text[text.find("/link/").unwrap()..];
        let path = path.split_whitespace().next().unwrap().to_owned();
        let answer = demo.get(&path);
        assert!(answer.starts_with("HTTP/1.1 303 ") && answer.contains("set-cookie: "), "{answer}");
        links.push(path);
        assert_eq!(demo.end_by("-TERM").code(), Some(0));
    }
    assert_ne!(links[0], links[1], "a link is good for one run");
}

#[test]
fn the_demo_leaves_other_directories_alone() {
    let world = World::on_sqlite().with_eva();
    let data = world.path("data");
    for words in [["demo"].as_slice(), &["demo", "--reset"]] {
        let mut command = bare(world.place.path(), words);
        command.arg("--data").arg(&data).args(["--listen", "127.0.0.1:0"]);
        finish(command, "").expect(2).in_one_sentence(&["no demo's world"]);
    }
    world.run(&["token", "create", "--user", EVA]).expect(0);
}
