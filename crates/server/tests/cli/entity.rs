//! Types of one's own, as files, on both engines.

use crate::world::World;

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/project.toml");

#[test]
fn a_file_makes_a_type_and_says_what_it_did() {
    for world in World::on_both() {
        let world = world.with_eva();
        let dry = world.run(&["entity", "apply", PROJECT, "--dry-run"]).expect(0);
        assert!(dry.out.contains("Add the type project\n"), "{dry:#?}");
        world.run(&["entity", "show", "project"]).expect(3).in_one_sentence(&["no type “project”"]);

        let said = world.run(&["entity", "apply", PROJECT]).expect(0);
        assert_eq!(said.out, dry.out);
        assert_eq!(world.run(&["entity", "apply", PROJECT]).expect(0).out, "", "all is so already");

        let list = world.run(&["entity", "list", "--own"]).expect(0);
        let lines: Vec<&str> = list.out.lines().collect();
        assert!(lines[0].starts_with("account") && lines[0].contains("standard, 1 own"), "{list:#?}");
        assert!(
            lines[1].starts_with("project") && lines[1].ends_with("activities, connections"),
            "{list:#?}"
        );
        assert_eq!(lines.len(), 2);
        let show = world.run(&["entity", "show", "project"]).expect(0);
        assert!(
            show.out.contains("lookup to account") && show.out.contains("Key number: number"),
            "{show:#?}"
        );
    }
}

#[test]
fn what_was_exported_can_be_applied_elsewhere() {
    for world in World::on_both() {
        let world = world.with_eva();
        world.run(&["entity", "apply", PROJECT]).expect(0);
        let file = world.run(&["entity", "export"]).expect(0).out;
        let other = World::on_sqlite().with_eva();
        other.run_with(&file, &["entity", "apply", "-"]).expect(0);
        assert_eq!(other.run(&["entity", "export"]).expect(0).out, file);
        world.run(&["entity", "export", "nothing"]).expect(3).in_one_sentence(&["nothing"]);
    }
}

#[test]
fn dropping_is_explained() {
    for world in World::on_both() {
        let world = world.with_eva();
        world.run(&["entity", "apply", PROJECT]).expect(0);
        let drop = |name: &str| world.run(&["entity", "drop", name]);
        drop("project.number").expect(1).in_one_sentence(&["needed by number"]);
        world.run(&["entity", "drop", "project.number", "--key"]).expect(0);
        assert_eq!(
            drop("project.number").expect(0).out.lines().next(),
            Some("Drop the column project.number")
        );
        drop("project_phase").expect(1).in_one_sentence(&["needed by project.phase"]);
        drop("account").expect(1).in_one_sentence(&["came with the product"]);
        drop("nothing").expect(3).in_one_sentence(&["no type “nothing”"]);
        drop("project").expect(0);
        drop("project_phase").expect(0);
        drop("account.new_segment").expect(0);
        assert_eq!(world.run(&["entity", "export"]).expect(0).out, "");
    }
}

#[test]
fn a_wrong_file_is_explained_in_one_sentence() {
    let world = World::on_sqlite().with_eva();
    let apply = |file: &str| world.run_with(file, &["entity", "apply", "-"]);
    apply("name = 'a'\nb =").expect(1).in_one_sentence(&["line 2"]);
    apply("name = 'word'\nlabel = 'W'\n[[column]]\nname = 'name'\nkind = 'text'\nlabel = 'N'")
        .expect(1)
        .in_one_sentence(&["needs the name “word” itself"]);
    world.run(&["entity", "apply", "/nowhere.toml"]).expect(2).in_one_sentence(&["/nowhere.toml"]);
}
