//! Types for the tests: the standard ones, and those that a customer made.

use domain::entity::{Catalog, Choice, Label, OptionSet, parse};

const PROJECT: &str = r#"
name = "new_project"
schema = "new_Project"
set = "new_projects"
ownership = "user"
label = { en = "Project", sv = "Projekt" }
plural = { en = "Projects", sv = "Projekt" }
description = { en = "Work with an end", sv = "Arbete med ett slut" }
icon = "project"
primary = "new_name"
activities = true
connections = true
browsable = true
custom = true

[[key_of]]
name = "new_code"
label = { en = "Code", sv = "Kod" }
columns = ["new_code"]
"#;

/// Name, schema name, kind and whatever else the column says.
const COLUMNS: [(&str, &str, &str, &str); 15] = [
    ("new_name", "new_Name", "text", "max = 200\nsearch = true\nlist = true\nrequired = true"),
    ("new_code", "new_Code", "text", "max = 20"),
    ("new_mail", "new_Mail", "email", "max = 100"),
    ("new_site", "new_Site", "url", "max = 100"),
    ("new_text", "new_Text", "memo", "max = 4000"),
    ("new_hours", "new_Hours", "integer", "least = 0\nmost = 100"),
    ("new_budget", "new_Budget", "money", ""),
    ("new_rate", "new_Rate", "decimal", "precision = 3"),
    ("new_share", "new_Share", "float", ""),
    ("new_open", "new_Open", "boolean", "initial = 1"),
    ("new_begin", "new_Begin", "date", ""),
    ("new_met", "new_Met", "datetime", ""),
    (
        "new_kind",
        "new_Kind",
        "choice",
        "options = [{ value = 7, label = { en = \"Inner\", sv = \"Inre\" } }]",
    ),
    ("new_sizes", "new_Sizes", "choices", "option_set = \"new_size\""),
    ("new_plan", "new_Plan", "file", ""),
];

const LOOKUP: &str = r#"
[[column]]
name = "new_accountid"
schema = "new_AccountId"
kind = "lookup"
label = { en = "Account", sv = "Konto" }
targets = ["account"]
relationships = { account = "new_account_project" }
on_delete = "restrict"
custom = true
"#;

const TIE: &str = r#"
name = "new_project_contact"
schema = "new_Project_Contact"
set = "new_project_contactset"
ownership = "organization"
label = { en = "Tie", sv = "Band" }
plural = { en = "Ties", sv = "Band" }
icon = "connection"
primary = "name"
custom = true
intersect = true

[[column]]
name = "name"
kind = "text"
label = { en = "Name", sv = "Namn" }
internal = true

[[column]]
name = "new_projectid"
kind = "lookup"
label = { en = "Project", sv = "Projekt" }
targets = ["new_project"]

[[column]]
name = "contactid"
kind = "lookup"
label = { en = "Contact", sv = "Kontakt" }
targets = ["contact"]
"#;

pub fn world() -> Catalog {
    let mut project = PROJECT.to_owned();
    for (name, schema, kind, more) in COLUMNS {
        let label = format!("label = {{ en = \"{schema}\", sv = \"På svenska: {name}\" }}");
        let column =
            format!("\n[[column]]\nname = \"{name}\"\nschema = \"{schema}\"\nkind = \"{kind}\"\n{label}\n");
        project.push_str(&column);
        project.push_str("custom = true\n");
        project.push_str(more);
        project.push('\n');
    }
    project.push_str(LOOKUP);
    let mut types = Catalog::standard_types().unwrap();
    types.extend([project.as_str(), TIE].map(|it| parse(it).unwrap()));
    let choice = |value, en: &str, sv: &str| Choice {
        value,
        label: Label { en: en.into(), sv: sv.into() },
        state: None,
    };
    let sizes = OptionSet {
        name: "new_size".into(),
        label: Label { en: "Size".into(), sv: "Storlek".into() },
        options: vec![choice(1, "Small", "Liten"), choice(2, "Large", "Stor")],
        custom: true,
    };
    Catalog::of(types, vec![sizes]).unwrap()
}
