//! Users and tokens, on both engines.

use crate::running::Running;
use crate::world::{EVA, World, letter, maildir};
use std::time::Duration;

#[test]
fn a_user_is_added_once() {
    for world in World::on_both() {
        let add = ["user", "add", EVA, "--name", "Eva Ek", "--role", "administrator", "--password-stdin"];
        let said = world.run_with("hemligt och långt\n", &add).expect(0);
        assert_eq!(said.out.trim().len(), 36, "{said:#?}");
        let again = ["user", "add", "EVA@example.test", "--name", "Eva", "--password-stdin"];
        let said = world.run_with("hemligt och långt\n", &again).expect(1);
        said.in_one_sentence(&["There is a user EVA@example.test already."]);
    }
}

#[test]
fn a_wrong_user_is_explained() {
    let world = World::on_sqlite();
    let add = |email: &str, role: &str, password: &str| {
        world.run_with(password, &["user", "add", email, "--name", "Bo", "--role", role, "--password-stdin"])
    };
    add("bo@example.test", "boss", "hemligt och långt")
        .expect(2)
        .in_one_sentence(&["There is no role “boss”", "salesperson"]);
    add("bo", "salesperson", "hemligt och långt").expect(2).in_one_sentence(&["“bo” is no e-mail address."]);
    add("bo@example.test", "salesperson", "kort").expect(1).in_one_sentence(&["password", "8"]);
    let add = ["user", "add", "bo@example.test", "--name", "Bo", "--unit", "Nowhere", "--password-stdin"];
    world
        .run_with("hemligt och långt", &add)
        .expect(3)
        .in_one_sentence(&["There is no business unit “Nowhere”."]);
}

#[test]
fn a_token_is_printed_and_nothing_else() {
    for world in World::on_both() {
        let world = world.with_eva();
        let said = world.run(&["token", "create", "--user", EVA, "--name", "Report"]).expect(0);
        let token = said.out.trim_end();
        assert!(token.len() >= 32 && token.chars().all(|it| it.is_ascii_hexdigit()), "{said:#?}");
        assert_eq!(said.err, "");
        let said = world.run(&["token", "create", "--user", "nobody@example.test"]).expect(3);
        said.in_one_sentence(&["There is no user nobody@example.test."]);
    }
}

/// Whether somebody gets in by the form.
fn signs_in(server: &Running, password: &str) -> bool {
    let password = password.replace(' ', "+");
    let answer = server.post_as("", "/sign-in", &format!("email={EVA}&password={password}"));
    assert!(answer.starts_with("HTTP/1.1 303 ") || answer.starts_with("HTTP/1.1 422 "), "{answer}");
    answer.contains("set-cookie: regarding=")
}

#[test]
fn a_new_password_is_the_only_one() {
    for world in World::on_both() {
        let world = world.with_eva();
        let server = Running::start(world.command(&["serve"]));
        assert!(signs_in(&server, "hemligt och långt"));
        assert_eq!(world.count("session"), 1);

        let change = ["user", "password", EVA, "--password-stdin"];
        world.run_with("kort\n", &change).expect(1).in_one_sentence(&["password", "8"]);
        world.run(&change[..3]).expect(2).in_one_sentence(&["--password-stdin"]);
        let said = world.run_with("blå cykel\n", &change).expect(0);
        assert!(said.out.contains(EVA) && !said.out.contains("cykel"), "{said:#?}");
        assert_eq!(world.count("session"), 0, "who was signed in signs in anew");
        assert!(!signs_in(&server, "hemligt och långt"));
        assert!(signs_in(&server, "blå cykel"));
        let nobody = ["user", "password", "nobody@example.test", "--password-stdin"];
        world.run_with("blå cykel", &nobody).expect(3).in_one_sentence(&["There is no user"]);
    }
}

#[test]
fn who_was_removed_is_out_and_nothing_is_deleted() {
    for world in World::on_both() {
        let world = world.with_eva();
        let token = world.run(&["token", "create", "--user", EVA]).expect(0).out;
        let path = world.path("Maildir");
        maildir(&path, &[letter("one")]);
        world.run(&["mailbox", "add", "--user", EVA, "--maildir", path.to_str().unwrap()]).expect(0);
        world.run(&["track", "--user", EVA, "--message-id", "one@contoso.example"]).expect(0);
        let server = Running::start(world.command(&["serve"]));
        assert!(signs_in(&server, "hemligt och långt"));
        assert!(server.get_as(&token, "/").starts_with("HTTP/1.1 200 "));

        let remove = ["user", "remove", EVA];
        let said = world.run(&remove).expect(0);
        assert_eq!(said.out, format!("{EVA} can sign in no more. Nothing was deleted.\n"));
        // The server asks anew who holds a token every few seconds.
        while server.get_as(&token, "/").starts_with("HTTP/1.1 200 ") {
            std::thread::sleep(Duration::from_millis(200));
        }
        assert!(server.get_as(&token, "/").starts_with("HTTP/1.1 401 "), "the token opens nothing");
        assert!(!signs_in(&server, "hemligt och långt"));
        assert_eq!((world.count("session"), world.count("token")), (0, 0));
        assert_eq!((world.count("email"), world.count("tracking"), world.count("systemuser")), (1, 1, 1));
        world.run(&["sync", "--once"]).expect(3).in_one_sentence(&["There is no mailbox"]);
        world
            .run(&["track", "--user", EVA, "--message-id", "one@contoso.example"])
            .expect(1)
            .in_one_sentence(&["is disabled"]);
        world.run(&remove).expect(0);
        world
            .run(&["user", "remove", "nobody@example.test"])
            .expect(3)
            .in_one_sentence(&["There is no user"]);
    }
}

#[test]
fn the_doctor_finds_everything_in_order() {
    for world in World::on_both() {
        let said = world.with_eva().run(&["doctor"]).expect(0);
        assert!(said.out.lines().all(|it| it.starts_with("good  ")), "{said:#?}");
    }
}
