//! Mailboxes, and what scripts do with their messages.

use crate::world::{EVA, World, letter, maildir, user_with};
use connect::testing::server;
use serde_json::json;

/// Eva with a Maildir of three letters.
fn with_maildir(world: World) -> World {
    let world = world.with_eva();
    let path = world.path("Maildir");
    maildir(&path, &["one", "two", "three"].map(letter));
    let said = world.run(&["mailbox", "add", "--user", EVA, "--maildir", path.to_str().unwrap()]).expect(0);
    assert_eq!(said.out.trim().len(), 36, "{said:#?}");
    world
}

#[test]
fn a_maildir_is_added_listed_and_tried() {
    let world = with_maildir(World::on_sqlite());
    let said = world.run(&["mailbox", "list"]).expect(0);
    assert!(said.out.contains(EVA) && said.out.contains("Maildir"), "{said:#?}");
    let said = world.run(&["mailbox", "test", "--user", EVA]).expect(0);
    assert!(said.out.contains("3 messages"), "{said:#?}");
    std::fs::remove_dir_all(world.path("Maildir")).unwrap();
    world.run(&["mailbox", "test"]).expect(1).in_one_sentence(&[EVA, "INBOX"]);
}

#[test]
fn no_mailbox_is_said_as_such() {
    let world = World::on_sqlite().with_eva();
    world.run(&["mailbox", "test"]).expect(3).in_one_sentence(&["There is no mailbox yet"]);
    world.run(&["sync", "--once", "--user", EVA]).expect(3).in_one_sentence(&["has no mailbox yet"]);
    let track = ["track", "--user", EVA, "--message-id", "one@contoso.example"];
    world.run(&track).expect(3);
}

#[test]
fn a_script_tracks_and_untracks() {
    for world in World::on_both() {
        let world = with_maildir(world);
        let id = "<one@contoso.example>";
        let row = world.run(&["track", "--user", EVA, "--message-id", id, "--json"]).expect(0).json();
        assert_eq!(row["messageid"], "one@contoso.example", "{row:#}");
        assert_eq!((&row["state"], &row["reason"]), (&json!("tracked"), &json!("asked")), "{row:#}");
        assert_eq!((&row["owner"]["name"], &row["regarding"]), (&json!("Eva Ek"), &json!(null)), "{row:#}");

        let again = world.run(&["track", "--user", EVA, "--message-id", id, "--json"]).expect(0).json();
        assert_eq!(again["email"], row["email"], "tracking twice is harmless");

        let untrack = ["untrack", "--user", EVA, "--message-id", "one@contoso.example", "--json"];
        let done = world.run(&untrack).expect(0).json();
        assert_eq!(done, json!({ "email": row["email"], "done": "copy_deleted", "heir": null }));
        world.run(&untrack).expect(3).in_one_sentence(&["does not track this message"]);
    }
}

#[test]
fn untracking_needs_no_mailbox() {
    let world = with_maildir(World::on_sqlite());
    world.run(&["track", "--user", EVA, "--message-id", "two@contoso.example"]).expect(0);
    std::fs::remove_dir_all(world.path("Maildir")).unwrap();
    let said = world.run(&["untrack", "--user", EVA, "--message-id", "two@contoso.example"]).expect(0);
    assert_eq!(said.out, "Untracked; the copy is deleted.\n");
}

#[test]
fn a_mailbox_is_removed_and_what_was_tracked_from_it_stays() {
    for world in World::on_both() {
        let world = with_maildir(world);
        let (path, second) = (world.path("Maildir"), world.path("Second"));
        maildir(&second, &[letter("four")]);
        world.run(&["mailbox", "add", "--user", EVA, "--maildir", second.to_str().unwrap()]).expect(0);
        world.run(&["track", "--user", EVA, "--message-id", "one@contoso.example"]).expect(0);
        world.run(&["sync", "--once"]).expect(0);
        assert_eq!(world.count("mailcursor"), 2);

        let remove = |more: &[&str]| world.run(&[&["mailbox", "remove", "--user", EVA], more].concat());
        remove(&[]).expect(2).in_one_sentence(&["several mailboxes"]);
        remove(&["--maildir", "/nowhere"]).expect(3).in_one_sentence(&["no such mailbox"]);
        let said = remove(&["--maildir", path.to_str().unwrap()]).expect(0);
        assert!(said.out.contains("Maildir; what was tracked from it stays."), "{said:#?}");
        assert_eq!((world.count("mailcursor"), world.count("email"), world.count("blob")), (1, 1, 2));
        let said = world.run(&["mailbox", "list"]).expect(0);
        assert!(!said.out.contains("Maildir") && said.out.contains("Second"), "{said:#?}");
        world.run(&["sync", "--once"]).expect(0);

        // Taken back without the mailbox: nothing waits for it.
        world.run(&["untrack", "--user", EVA, "--message-id", "one@contoso.example"]).expect(0);
        remove(&[]).expect(0);
        remove(&[]).expect(3).in_one_sentence(&["no such mailbox"]);
        world.run(&["mailbox", "list"]).expect(3);
        assert!(second.join("new").is_dir(), "nothing in it was touched");
    }
}

#[test]
fn what_cannot_be_tracked_is_explained() {
    let world = with_maildir(World::on_sqlite());
    let track = |id: &str, regarding: &str| {
        world.run(&["track", "--user", EVA, "--message-id", id, "--regarding", regarding])
    };
    let missing = "account/019ab2c4-7d11-7000-8000-5d2f3c9a1b77";
    track("nowhere@contoso.example", missing).expect(3);
    track("one@contoso.example", missing).expect(3).in_one_sentence(&["There is no such record"]);
    track("one@contoso.example", "Contoso").expect(2).in_one_sentence(&["write TYPE/GUID"]);
}

#[test]
fn one_pass_tells_the_truth_in_its_exit_code() {
    for world in World::on_both() {
        let world = with_maildir(world);
        let said = world.run(&["sync", "--once"]).expect(0);
        assert_eq!(said.out, format!("{EVA}: 3 read, 0 tracked, 3 left alone.\n"), "{said:#?}");
        assert!(said.err.contains("INBOX: 3 read"), "plain lines where there is no terminal: {said:#?}");
        std::fs::remove_dir_all(world.path("Maildir")).unwrap();
        let said = world.run(&["sync", "--once", "--user", EVA]).expect(1);
        said.in_one_sentence(&[EVA, "INBOX"]);
    }
}

#[test]
fn a_mailbox_on_a_real_server_is_tracked_from() {
    let server = server();
    for world in World::on_both() {
        let world = world.with_eva();
        let login = user_with(&letter("imap"));
        let add_as = |login: &str, url: &str, password: &str, more: &[&str]| {
            let words =
                ["mailbox", "add", "--user", EVA, "--imap", url, "--login", login, "--password-stdin"];
            world.run_with(password, &[words.as_slice(), more].concat())
        };
        let add = |url: &str, password: &str, more: &[&str]| add_as(&login, url, password, more);
        let tls = format!("imaps://{}:{}", server.host, server.imaps);
        let plain = format!("imap://{}:{}", server.host, server.imap);
        let ca = ["--ca", server.certificate.to_str().unwrap()];
        add(&tls, "wrong", &ca).expect(1).in_one_sentence(&["did not accept the user name and password"]);
        add(&tls, "secret", &[]).expect(1).in_one_sentence(&["certificate", "is not trusted"]);
        add("imap://127.0.0.1:9", "secret", &[]).expect(1).in_one_sentence(&["does not answer"]);
        world.run(&["mailbox", "list"]).expect(3);

        // By STARTTLS, and then another mailbox without any protection, because it was asked for.
        add(&plain, "secret", &ca).expect(0);
        add(&plain, "secret", &ca).expect(1).in_one_sentence(&["The mailbox is taken already"]);
        let change = |password: &str, login: &[&str]| {
            let words = ["mailbox", "password", "--user", EVA, "--password-stdin"];
            world.run_with(password, &[words.as_slice(), login].concat())
        };
        change("wrong", &[]).expect(1).in_one_sentence(&["did not accept the user name"]);
        change("secret", &[]).expect(0);
        let second = user_with(&letter("second"));
        add_as(&second, &plain, "secret", &["--insecure-plaintext"]).expect(0);
        let said = world.run(&["mailbox", "list"]).expect(0);
        assert_eq!(said.out.matches("not encrypted").count(), 1, "{said:#?}");
        assert!(!said.out.contains("secret"), "{said:#?}");

        change("secret", &[]).expect(2).in_one_sentence(&["several mailboxes", "--login"]);
        change("secret", &["--login", "nobody"]).expect(3).in_one_sentence(&["no such mailbox"]);

        let track = ["track", "--user", EVA, "--message-id", "imap@contoso.example", "--json"];
        let row = world.run(&track).expect(0).json();
        assert_eq!(row["state"], "tracked", "{row:#}");
    }
}
