use super::*;

fn read<T>(text: &str, item: fn(&mut Cursor) -> Result<T, BadOData>) -> Result<T, BadOData> {
    let mut cursor = Cursor::new(text);
    let found = item(&mut cursor)?;
    if cursor.is_at_end() { Ok(found) } else { Err(cursor.expected("the end")) }
}

#[track_caller]
fn check(text: &str, expected: &[Expand]) {
    assert_eq!(read(text, expand).as_deref(), Ok(expected), "{text}");
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let refused = read(text, expand).expect_err(text).to_string();
    assert!(refused.contains(expected), "{text}: {refused}");
}

fn path(text: &str) -> ColumnPath {
    text.split('/').map(str::to_owned).collect()
}

fn item(name: &str, options: ExpandOptions) -> Expand {
    Expand { path: path(name), of: ExpandOf::Records, options: Box::new(options) }
}

#[test]
fn relationships_are_expanded_by_name() {
    check("a, b/C.d", &[item("a", ExpandOptions::default()), item("b/C.d", ExpandOptions::default())]);
    check("a/$ref", &[Expand { of: ExpandOf::References, ..item("a", ExpandOptions::default()) }]);
    let filter = parse::parse("x eq 1").ok();
    let counted =
        Expand { of: ExpandOf::Count, ..item("a", ExpandOptions { filter, ..ExpandOptions::default() }) };
    check("a/$count(filter=x eq 1)", &[counted]);
    check("*", &[item("*", ExpandOptions::default())]);
}

#[test]
fn options_stand_in_brackets_between_semicolons_and_nest() {
    let inner = ExpandOptions { select: vec![path("fullname")], ..ExpandOptions::default() };
    let outer = ExpandOptions {
        select: vec![path("name"), path("x/y")],
        filter: parse::parse("contains(name,';)') and a in (1,2)").ok(),
        order_by: vec![
            OrderBy { by: Expr::Path(path("name")), direction: Direction::Descending },
            OrderBy { by: Expr::Path(path("b")), direction: Direction::Ascending },
        ],
        top: Some(3),
        skip: None,
        count: Some(true),
        expand: vec![item("primarycontactid", inner)],
        levels: Some(Levels::Max),
    };
    check(
        "accounts($select=name,x/y;$filter=contains(name,';)') and a in (1,2);$orderby=name desc,b asc; top=3;\
         $count=true;$Expand=primarycontactid($select=fullname);$levels=max)",
        &[item("accounts", outer)],
    );
}

#[test]
fn columns_are_selected_by_path_or_star() {
    assert_eq!(
        read("name, x/y,*,A.B.*", select),
        Ok(vec![path("name"), path("x/y"), path("*"), path("A.B.*")])
    );
    assert!(read("name,", select).is_err());
    assert!(read("a b", select).is_err());
}

#[test]
fn records_are_ordered_by_expressions() {
    let by = |text: &str| read(text, order_by).map(|it| it.len());
    assert_eq!(by("name   asc,year(createdon) desc , a/b"), Ok(3));
    assert_eq!(by("a gt b desc"), Ok(1));
    assert!(by("name up").is_err());
}

#[test]
fn mistakes_are_named() {
    check_refused("a()", "an option that fits here");
    check_refused("a($select=x,)", "a column or *");
    check_refused("a($select=x&$top=1)", "stands a semicolon");
    check_refused("a($search=x)", "inside $expand");
    check_refused("a($top=1;$top=2)", "an option that fits here, once");
    check_refused("a($top=x)", "a whole number");
    check_refused("a($levels=04)", "a number of levels");
    check_refused("a/$ref($select=x)", "an option that fits here");
    check_refused("a/$count($count=true)", "an option that fits here");
    check_refused("a($filter=b = 1)", "Write “eq” instead of “=”");
    check_refused("a($select=x", "';' or ')' after the option");
    check_refused("a/$value", "$ref or $count");
    check_refused(&"a($expand=".repeat(10_000), "nested more than 100 deep");
}
