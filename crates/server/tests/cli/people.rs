//! Users and tokens, on both engines.

use crate::world::{EVA, World};

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

#[test]
fn the_doctor_finds_everything_in_order() {
    for world in World::on_both() {
        let said = world.with_eva().run(&["doctor"]).expect(0);
        assert!(said.out.lines().all(|it| it.starts_with("good  ")), "{said:#?}");
    }
}
