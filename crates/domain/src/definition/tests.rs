use super::*;
use crate::entity::{FieldKind, Label};

const PROJECT: &str = include_str!("../../../../testdata/project.toml");

fn label(text: &str) -> Label {
    Label { en: text.to_owned(), sv: text.to_owned() }
}

fn applied(before: &Definitions, file: &str) -> Result<Change, Refusal> {
    change(before, Wish::Apply(read(file)?))
}

/// With the sample file applied.
fn projects() -> Definitions {
    applied(&Definitions::default(), PROJECT).unwrap().definitions
}

fn said(change: &Change) -> String {
    change.steps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_file_makes_a_type_that_is_one_like_the_others() {
    let change = applied(&Definitions::default(), PROJECT).unwrap();
    let project = change.catalog.get("project").unwrap();
    assert!(project.custom && project.browsable && project.activities && project.connections);
    assert_eq!(project.column("ownerid").unwrap().kind, FieldKind::Lookup);
    assert_eq!(project.column("statecode").unwrap().options.len(), 2);
    let regarding = change.catalog.get("email").unwrap().column("regardingobjectid").unwrap();
    assert!(regarding.targets.contains(&"project".to_owned()), "Set Regarding knows it");
    let connected = change.catalog.get("connection").unwrap().column("record1id").unwrap();
    assert!(connected.targets.contains(&"project".to_owned()), "Add connection knows it");
    assert!(change.catalog.get("account").unwrap().column("new_segment").unwrap().custom);
    let phases = &project.column("phase").unwrap().options;
    assert_eq!(*phases, change.catalog.option_set("project_phase").unwrap().options);
    assert!(change.catalog.get("project_contact").unwrap().intersect);
}

#[test]
fn applying_twice_changes_nothing() {
    assert_eq!(said(&applied(&projects(), PROJECT).unwrap()), "");
}

#[test]
fn what_is_written_is_read_the_same() {
    let before = projects();
    let text = written(&before, None);
    let again = applied(&Definitions::default(), &text).unwrap_or_else(|it| panic!("{it}\n{text}"));
    assert_eq!(again.definitions, before, "{text}");
    assert!(written(&before, Some("account")).starts_with("[[entity]]\nname = \"account\"\nextend = true\n"));
    assert_eq!(written(&before, Some("contact")), "");
}

#[track_caller]
fn refused(before: &Definitions, file: &str, why: &str) {
    let text = applied(before, file).map(|it| said(&it)).unwrap_err().to_string();
    assert!(text.contains(why), "{text}");
    assert!(text.ends_with('.') && !text.contains(".."), "{text}");
}

fn of_columns(columns: &str) -> String {
    format!("name='bike'\nlabel='Bike'\n[[column]]\nname='name'\nkind='text'\nlabel='Name'\n{columns}")
}

#[test]
fn what_is_usual_need_not_be_said() {
    let change = applied(&Definitions::default(), &of_columns("")).unwrap();
    let bike = change.catalog.get("bike").unwrap();
    assert_eq!(
        (bike.set.as_str(), bike.plural.sv.as_str(), bike.primary.as_str()),
        ("bikes", "Bike", "name")
    );
    assert_eq!(bike.column("name").unwrap().max, Some(200));
}

#[test]
fn a_wrong_file_says_what_is_wrong_and_where() {
    let none = Definitions::default();
    refused(&none, "name='a'\nb=", "line 2");
    refused(&none, "", "names no type");
    refused(&none, "label='a'", "needs a name");
    refused(&none, &of_columns("[[column]]\nname='x'\nkind='colour'\nlabel='X'"), "bike: the column x");
    refused(&none, &of_columns("[[column]]\nname='x'\nkind='text'\nlabel='X'\nmaxx=2"), "maxx");
    refused(&none, &of_columns("[[column]]\nname='x'\nkind='lookup'\nlabel='X'\ntargets=['y']"), "“y”");
    refused(&none, &of_columns("[[column]]\nname='x'\nkind='choice'\nlabel='X'\noption_set='y'"), "“y”");
    refused(&none, "name='account'\nextend=true\nbrowsable=true", "“browsable” stays");
    refused(
        &none,
        "name='nothing'\nextend=true\n[[column]]\nname='new_a'\nkind='text'\nlabel='X'",
        "no type",
    );
}

#[test]
fn names_that_are_taken_are_refused() {
    let none = Definitions::default();
    for name in ["word", "session", "definition", "invoice", "sqlite_x", "pg_x", "fulltext"] {
        refused(&none, &of_columns("").replace("'bike'", &format!("'{name}'")), "choose another");
    }
    for name in ["Bike", "bi ke", "1bike", "bike\\\"; DROP TABLE account"] {
        refused(&none, &of_columns("").replace("'bike'", &format!("\"{name}\"")), "is no name");
    }
    refused(&none, &of_columns("").replace("'bike'", &format!("'b{}'", "i".repeat(48))), "is no name");
    refused(&none, &of_columns("").replace("'bike'", "'account'"), "came with the product");
    refused(&none, &format!("set='accounts'\n{}", of_columns("")), "called “accounts”");
    refused(&none, &format!("set='EntityDefinitions'\n{}", of_columns("")), "EntityDefinitions");
    for name in ["bikeid", "versionnumber", "sortkey", "recycledon"] {
        refused(
            &none,
            &of_columns(&format!("[[column]]\nname='{name}'\nkind='text'\nlabel='X'")),
            "needs the name",
        );
    }
    refused(&none, &of_columns("[[column]]\nname='createdon'\nkind='text'\nlabel='X'"), "needs the name");
    refused(&none, &of_columns("[[column]]\nname='name'\nkind='text'\nlabel='X'"), "twice");
    let pair = "[[column]]\nname='who'\nkind='lookup'\nlabel='X'\ntargets=['account','contact']\n\
                [[column]]\nname='whotype'\nkind='text'\nlabel='X'";
    refused(&none, &of_columns(pair), "“whotype”");
}

#[test]
fn a_column_of_a_standard_type_has_a_prefix_of_its_own() {
    let file = |name: &str| {
        format!("name='account'\nextend=true\n[[column]]\nname='{name}'\nkind='text'\nlabel='X'")
    };
    refused(&Definitions::default(), &file("budget"), "new_budget instead of budget");
    refused(&Definitions::default(), &file("address1_x"), "new_address1_x");
    refused(&Definitions::default(), &file("name"), "came with the product");
    assert!(applied(&Definitions::default(), &file("acme_budget")).is_ok());
}

#[test]
fn two_ways_never_have_one_name() {
    let none = Definitions::default();
    let lookup = |way: &str| {
        of_columns(&format!(
            "[[column]]\nname='new_x'\nkind='lookup'\nlabel='X'\ntargets=['account']\nrelationships={{account='{way}'}}"
        ))
    };
    refused(&none, &lookup("Contact_Customer_Accounts"), "call the relationship otherwise");
    refused(&none, &lookup("name"), "call the relationship otherwise");
    assert!(applied(&none, &lookup("account_bikes")).is_ok());
}

#[test]
fn only_what_hurts_no_record_changes() {
    let before = projects();
    let with = |from: &str, to: &str| {
        assert!(PROJECT.contains(from), "{from}");
        PROJECT.replacen(from, to, 1)
    };
    refused(&before, &with("kind = \"money\"", "kind = \"integer\""), "The kind of “budget” stays");
    refused(&before, &with("ownership = \"user\"", "ownership = \"organization\""), "ownership");
    refused(&before, &with("set = \"projects\"", "set = \"undertakings\""), "set");
    refused(&before, &with("activities = true", "activities = false"), "activities");
    refused(&before, &with("max = 160", "max = 100"), "can only take more");
    refused(&before, &with("{ value = 2, ", "{ value = 7, "), "keeps its choice 2");
    refused(
        &before,
        &with("targets = [\"account\"]", "targets = [\"contact\"]"),
        "goes on leading to account",
    );
    let change = applied(&before, &with("max = 160", "max = 200")).unwrap();
    assert_eq!(said(&change), "Change the column project.name");
    let change =
        applied(&before, &with("targets = [\"account\"]", "targets = [\"account\", \"contact\"]")).unwrap();
    assert_eq!(
        said(&change),
        "Change the column project.customer; Note the type of what project.customer leads to"
    );
    let unsearched = with("search = true", "search = false");
    let change = applied(&before, &unsearched).unwrap();
    assert!(said(&change).contains("quick find of project"), "{}", said(&change));
}

#[track_caller]
fn check(before: &Definitions, wish: Wish, expected: &str) {
    let text = change(before, wish).map_or_else(|it| it.to_string(), |it| said(&it));
    assert!(text.contains(expected), "{text}");
}

#[test]
fn what_others_need_is_not_dropped() {
    let before = projects();
    let drop = |column: &str| Wish::DropColumn { entity: "project".into(), column: column.into() };
    check(&before, drop("name"), "primary column");
    check(&before, drop("number"), "needed by number");
    check(&before, drop("createdon"), "came with the product");
    check(&before, drop("nothing"), "no column “nothing”");
    check(&before, drop("budget"), "Drop the column project.budget");
    check(&before, Wish::DropEntity("account".into()), "came with the product");
    check(&before, Wish::DropEntity("nothing".into()), "no type “nothing”");
    check(&before, Wish::DropOptionSet("project_phase".into()), "needed by project.phase");
    check(&before, Wish::DropRelationship("project_contact".into()), "Drop the type project_contact");
    check(
        &before,
        Wish::DropRelationship("account_project_customer".into()),
        "Drop the column project.customer",
    );
    check(&before, Wish::DropKey { entity: "project".into(), key: "number".into() }, "Drop the key number");
}

#[test]
fn a_type_goes_with_its_ties_and_not_while_a_lookup_leads_there() {
    let before = projects();
    let change = change(&before, Wish::DropEntity("project".into())).unwrap();
    assert_eq!(said(&change), "Drop the type project; Drop the type project_contact");
    assert!(change.definitions.grants.is_empty());
    let lookup = ColumnDef {
        targets: vec!["project".into()],
        ..ColumnDef::new("new_project", FieldKind::Lookup, label("Project"))
    };
    let add = Wish::AddColumn { entity: "incident".into(), column: lookup };
    let before = super::change(&before, add).unwrap().definitions;
    check(&before, Wish::DropEntity("project".into()), "needed by incident.new_project");
}

#[test]
fn a_lookup_to_whatever_takes_activities_goes_on_doing_so() {
    let file = of_columns("[[column]]\nname='about'\nkind='lookup'\nlabel='X'\ntargets=['@activities']");
    let before = applied(&projects(), &file).unwrap();
    let seen = before.catalog.get("bike").unwrap().column("about").unwrap().clone();
    assert!(seen.targets.contains(&"project".to_owned()));
    let wish = |column| Wish::ChangeColumn { entity: "bike".into(), column };
    let column = ColumnDef { label: label("About"), ..seen };
    let after = super::change(&before.definitions, wish(column)).unwrap().definitions;
    assert_eq!(after.columns("bike").iter().find(|it| it.name == "about").unwrap().targets, ["@activities"]);
    check(&after, Wish::DropEntity("project".into()), "Drop the type project");
}

#[test]
fn roles_say_more_or_less_of_a_type_by_its_name() {
    use crate::id::Guid;
    use crate::privilege::{Actor, Reach, Standing};
    let definitions = projects();
    let catalog = definitions.catalog().unwrap();
    let roles = definitions.roles(Role::standard().unwrap());
    let actor = |role: &str| {
        let standing =
            Standing { user: Guid::NIL, unit: Guid::NIL, units_below: [].into(), teams: [].into() };
        let roles = roles.iter().filter(|it| it.name == role).cloned().collect();
        Actor::new(standing, roles, catalog.clone())
    };
    let everything = |role: &str, action| *actor(role).scope(action, "project").reach() == Reach::Everything;
    assert!(everything("salesperson", Action::Read), "granted in the file");
    assert!(actor("salesperson").may(Action::Write, "project") && !everything("salesperson", Action::Write));
    assert!(!actor("salesperson").may(Action::Delete, "project"), "the file says less than @custom");
    assert!(actor("manager").may(Action::Delete, "project"), "as @custom says");
}
