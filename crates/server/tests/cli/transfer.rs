//! Records out into files and in again, on both engines.

use crate::world::{EVA, World};

const PEOPLE: &str = "Förnamn;Efternamn;E-post;Företag;Skonummer\r\n\
                      Åsa;Öst;asa@import.example;Bell AB;38\r\n\
                      Bo;Väst;no address;;41\r\n\
                      Dan;Syd;;Nowhere AB;\r\n\
                      Åsa;Öst;ASA@import.example;;\r\n";

#[test]
fn what_goes_in_comes_out() {
    for world in World::on_both() {
        let world = world.with_eva();
        let import = |entity: &str, text: &str, more: &[&str]| {
            world.run_with(text, &[&["import", entity, "-", "--user", EVA], more].concat())
        };
        let said =
            import("account", "name,Telephone\nBell AB,+46 8 123\n", &["--map", "Telephone=telephone1"]);
        assert!(said.expect(0).out.contains("Imported 1, "));
        let dry = import("contact", PEOPLE, &["--dry-run"]).expect(1);
        assert!(
            dry.out.contains("E-post: emailaddress1") && dry.out.contains("Skonummer: left out"),
            "{dry:#?}"
        );
        assert_eq!(world.count("contact"), 0);
        let said = import("contact", PEOPLE, &[]).expect(1);
        assert!(said.out.ends_with("Imported 1, update 0, skip 1; failed 2\n"), "{said:#?}");
        assert!(said.err.contains("line 3, E-post: ") && said.err.contains("line 4, Företag: "), "{said:#?}");

        let csv = world.run(&["export", "contact"]).expect(0).out;
        assert!(csv.contains("Bell AB") && csv.contains("asa@import.example"), "{csv}");
        let json =
            world.run(&["export", "contact", "--format", "json", "--columns", "lastname"]).expect(0).json();
        assert_eq!(json[0]["lastname"], "Öst");
        let accounts = world.run(&["export", "account", "--columns", "telephone1"]).expect(0).out;
        assert!(accounts.contains(",Bell AB,'+46 8 123"), "{accounts}");
        let again = import("account", &accounts, &["--twins", "update"]).expect(0);
        assert!(again.out.ends_with("Imported 0, update 1, skip 0; failed 0\n"), "{again:#?}");
        assert_eq!(world.run(&["export", "account", "--columns", "telephone1"]).expect(0).out, accounts);
        let again = import("contact", &csv, &["--twins", "update"]).expect(0);
        assert!(again.out.ends_with("Imported 0, update 1, skip 0; failed 0\n"), "{again:#?}");
    }
}

#[test]
fn many_rows_go_in_and_out_page_by_page() {
    for world in World::on_both() {
        let world = world.with_eva();
        let rows: Vec<String> = (0..1_234).map(|it| format!("Firm {it},firm{it}@many.example\n")).collect();
        let rows = rows.concat();
        let text = format!("name,email\n{rows}");
        let said = world.run_with(&text, &["import", "account", "-", "--user", EVA]).expect(0);
        assert!(said.out.ends_with("Imported 1234, update 0, skip 0; failed 0\n"), "{said:#?}");
        let csv = world.run(&["export", "account", "--columns", "name"]).expect(0).out;
        assert_eq!(csv.lines().count(), 1_235);
        let json = world.run(&["export", "account", "--format", "json"]).expect(0).json();
        assert_eq!(json.as_array().unwrap().len(), 1_234);
        let again = world.run_with(&text, &["import", "account", "-", "--user", EVA]).expect(0);
        assert!(again.out.ends_with("Imported 0, update 0, skip 1234; failed 0\n"), "{again:#?}");
    }
}

#[test]
fn what_makes_no_sense_is_said_in_one_sentence() {
    let world = World::on_sqlite().with_eva();
    world.run(&["export", "nothing"]).expect(3).in_one_sentence(&["no type “nothing”"]);
    world.run(&["export", "account", "--columns", "x"]).expect(2).in_one_sentence(&["no column x"]);
    let import = |text: &str, more: &[&str]| {
        world.run_with(text, &[&["import", "account", "-", "--user", EVA], more].concat())
    };
    import("", &[]).expect(1).in_one_sentence(&["names of columns"]);
    import("a,b\n1,2\n", &[]).expect(2).in_one_sentence(&["--map"]);
    import("a,b\n1,2\n", &["--map", "c=name"]).expect(2).in_one_sentence(&["“c”"]);
    import("a,b\n1,2\n", &["--map", "a=createdon"]).expect(2).in_one_sentence(&["createdon"]);
    world
        .run(&["import", "account", "/nowhere.csv", "--user", EVA])
        .expect(2)
        .in_one_sentence(&["/nowhere.csv"]);
}
