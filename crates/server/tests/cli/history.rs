//! The history of a record, on both engines.

use crate::world::{EVA, World};

#[test]
fn a_record_says_who_made_it() {
    for world in World::on_both() {
        let add = ["user", "add", EVA, "--name", "Eva Ek", "--role", "administrator", "--password-stdin"];
        let said = world.run_with("hemligt och långt\n", &add).expect(0);
        let record = format!("systemuser/{}", said.out.trim());
        let said = world.run(&["history", &record]).expect(0);
        assert!(said.out.contains("created it"), "{said:#?}");
        let json = world.run(&["history", &record, "--json", "--user", EVA]).expect(0).json();
        let first = json.as_array().unwrap().last().unwrap();
        assert_eq!(first["operation"], "create");
        assert!(first["at"].as_str().unwrap().ends_with('Z'), "{first}");
    }
}

#[test]
fn what_is_not_there_has_no_history() {
    let world = World::on_sqlite().with_eva();
    let nowhere = "account/00000000-0000-0000-0000-000000000000";
    world.run(&["history", nowhere]).expect(3).in_one_sentence(&["There is no record account/"]);
    world.run(&["history", "nothing/00000000-0000-0000-0000-000000000000"]).expect(3);
    world.run(&["history", "account"]).expect(2);
}
