use super::*;
use crate::odata::options;
use crate::question::samples::{ask, asker, catalog, expand};
use proptest::prelude::*;

fn bound(entity: &str, text: &str) -> Result<Bound, BadQuery> {
    let catalog = catalog();
    query(&catalog, &asker(), catalog.get(entity).unwrap(), &options::parse(text)?)
}

#[track_caller]
fn check(entity: &str, text: &str, expected: &str) {
    let found = bound(entity, text).map_or_else(
        |it| it.to_string(),
        |it| {
            let below = if it.expand.is_empty() { String::new() } else { format!(" {}", expand(&it.expand)) };
            ask(&it.ask) + &below
        },
    );
    assert_eq!(found, expected, "{text}");
}

#[track_caller]
fn filtered(filter: &str, expected: &str) {
    check(
        "contact",
        &format!("$select=lastname&$filter={filter}"),
        &format!("contact t [lastname] where {expected} limit 5000"),
    );
}

#[track_caller]
fn sampled(filter: &str, expected: &str) {
    check(
        "sample",
        &format!("$select=name&$filter={filter}"),
        &format!("sample t [name] where {expected} limit 5000"),
    );
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    check("contact", text, expected);
}

const GUID: &str = "00000000-0000-0000-0000-000000000007";

#[test]
fn a_list_is_asked_for() {
    check("contact", "", "contact t [*] limit 5000");
    check(
        "contact",
        "$select=fullname,_parentcustomerid_value,contactid&$top=3&$count=true",
        "contact t [fullname, parentcustomerid, contactid] limit 3 count",
    );
    check("contact", "$select=FullName,*", "contact t [*] limit 5000");
    check(
        "contact",
        "$orderby=lastname desc,firstname",
        "contact t [*] order t.lastname desc, t.firstname limit 5000",
    );
    check(
        "contact",
        "$orderby=parentcustomerid_account/name&$select=lastname",
        "contact t [lastname] outer parentcustomerid=accountid (account o1 []) order o1.name limit 5000",
    );
    check(
        "contact",
        "$search=Åsa%20Öberg&$filter=lastname eq 'x'",
        "contact t [*] where (words [\"åsa\", \"öberg\"] and lastname=\"x\") limit 5000",
    );
}

#[test]
fn columns_are_compared() {
    filtered("lastname eq 'O''Neil'", "lastname=\"O'Neil\"");
    filtered("'x' lt lastname", "lastname>\"x\"");
    filtered("tolower(lastname) eq 'x'", "lastname=\"x\"");
    filtered("lastname ne 'x'", "(lastname null or lastname<>\"x\")");
    filtered("lastname eq null", "lastname null");
    filtered("lastname ne null", "!lastname null");
    filtered("lastname gt null", "false");
    filtered("firstname eq lastname", "firstname=lastname");
    filtered("lastname in ('a','b')", "lastname in [\"a\", \"b\"]");
    filtered("lastname in ('a',null)", "(lastname null or lastname in [\"a\"])");
    filtered(&format!("contactid eq {GUID}"), "contactid=contact/7");
    filtered(&format!("_parentcustomerid_value eq '{GUID}'"), "parentcustomerid=/7");
    filtered(&format!("_ownerid_value eq {GUID}"), "ownerid=/7");
    filtered(
        "lastname eq 'a' and (firstname eq 'b' or firstname eq 'c')",
        "(lastname=\"a\" and (firstname=\"b\" or firstname=\"c\"))",
    );
}

#[test]
fn values_become_what_their_column_holds() {
    sampled("money gt 12.5", "money>125000");
    sampled("decimal le 0.25", "decimal<=250000");
    sampled("number eq 3", "number=3");
    sampled("float lt 1e2", "float<100f");
    sampled("truth eq true", "truth=true");
    sampled("truth", "truth=true");
    sampled("not truth", "(truth null or truth<>true)");
    sampled("state in (1,2)", "state in [1, 2]");
    sampled("day eq 2026-11-23", "day=2026-11-23T00:00:00Z");
    sampled("time ge 2026-11-23T18:00:00.5%2B01:00", "time>=2026-11-23T17:00:00Z");
    sampled("document ne null", "!document null");
    check("sample", "$filter=name eq 5", "name holds a text, and “5” is none: write it in quotes: 'text'.");
    check(
        "sample",
        "$filter=number eq 'x'",
        "number holds a whole number, and “x” is none: write a whole number such as 1.",
    );
    check("sample", "$filter=states gt '1'", "states has no order: it holds several choices.");
    check(
        "sample",
        "$filter=name eq number",
        "name and number cannot be compared so: one holds a text, the other a whole number.",
    );
}

#[test]
fn not_means_what_is_empty_too() {
    filtered("not (lastname eq 'x')", "(lastname null or lastname<>\"x\")");
    filtered("not (lastname ne 'x')", "lastname=\"x\"");
    filtered("not (lastname eq null)", "!lastname null");
    filtered("not contains(lastname,'x')", "(lastname null or !lastname contains \"x\")");
    filtered("contains(lastname,'x') eq false", "(lastname null or !lastname contains \"x\")");
    filtered(
        "not (lastname eq 'x' or firstname gt 'y')",
        "((lastname null or lastname<>\"x\") and (firstname null or !firstname>\"y\"))",
    );
    filtered("not (lastname in ('a',null))", "(!lastname null and (lastname null or !lastname in [\"a\"]))");
    filtered("not not (lastname eq 'x')", "lastname=\"x\"");
    filtered(
        "parentcustomerid_account/name ne 'x'",
        "!exists(account accountid=parentcustomerid name=\"x\")",
    );
}

#[test]
fn texts_have_functions() {
    filtered("startswith(lastname,'Å')", "lastname begins \"Å\"");
    filtered("endswith(tolower(lastname),'g')", "lastname ends \"g\"");
    filtered("contains(lastname, '50%25')", "lastname contains \"50%\"");
    refused("$filter=contains(lastname)", "contains takes a column and a text: contains(name,'x').");
    refused(
        "$filter=length(lastname) eq 3",
        "A filter compares a column with a value, such as name eq 'x'; calculations are not known.",
    );
    refused(
        "$filter=substringof('x',lastname)",
        "The function “substringof” is not known in filters: known are contains, startswith, endswith, tolower, toupper \
         and those of Microsoft.Dynamics.CRM.",
    );
}

#[test]
fn query_functions_are_those_of_fetchxml() {
    let crm = "Microsoft.Dynamics.CRM.";
    let of = |call: &str, expected: &str| sampled(&format!("{crm}{call}"), expected);
    of("In(PropertyName='number',PropertyValues=[\"1\",\"2\"])", "number in [1, 2]");
    of("NotIn(PropertyName='name',PropertyValues=['x'])", "(name null or !name in [\"x\"])");
    of("Between(PropertyName='number',PropertyValues=['1','5'])", "(number>=1 and number<=5)");
    of("ContainValues(PropertyName='states',PropertyValues=['1','2'])", "states has [1, 2]");
    of(
        "LastXDays(PropertyName='day',PropertyValue=2)",
        "(day>=2026-11-21T00:00:00Z and day<=2026-11-23T21:30:00Z)",
    );
    of("Today(PropertyName='day')", "(day>=2026-11-23T00:00:00Z and day<2026-11-24T00:00:00Z)");
    of(
        "On(PropertyName='day',PropertyValue='2026-11-23')",
        "(day>=2026-11-23T00:00:00Z and day<2026-11-24T00:00:00Z)",
    );
    of("EqualUserId(PropertyName='user')", "user in [systemuser/1]");
    of("EqualUserId(PropertyName='_user_value') eq false", "(user null or !user in [systemuser/1])");
    refused(
        "$filter=Microsoft.Dynamics.CRM.InFiscalYear(PropertyName='createdon',PropertyValue=2026)",
        "“InFiscalYear” cannot be used: Fiscal periods are not known here: write the dates with on-or-after and \
         on-or-before.",
    );
    refused(
        "$filter=Microsoft.Dynamics.CRM.Today(PropertyNam='createdon')",
        "Today takes PropertyName='…' and PropertyValue or PropertyValues, not “PropertyNam” so.",
    );
}

#[test]
fn other_records_are_asked_about() {
    filtered(
        "parentcustomerid_account/name eq 'Contoso'",
        "exists(account accountid=parentcustomerid name=\"Contoso\")",
    );
    filtered(&format!("parentcustomerid_account/accountid eq {GUID}"), "parentcustomerid=account/7");
    filtered("parentcustomerid_account eq null", "parentcustomerid null");
    filtered("ownerid/Microsoft.Dynamics.CRM.team/name eq 'x'", "exists(team teamid=ownerid name=\"x\")");
    let way = "contact_customer_accounts";
    let some = |condition: &str, expected: &str| {
        check(
            "account",
            &format!("$select=name&$filter={condition}"),
            &format!("account t [name] where {expected} limit 5000"),
        );
    };
    let exists = |inner: &str| format!("exists(contact parentcustomerid=accountid {inner})");
    some(&format!("{way}/any()"), &exists("true"));
    some(&format!("{way}/any(c:c/lastname eq 'x')"), &exists("lastname=\"x\""));
    some(&format!("not {way}/any(c:c/lastname eq 'x')"), &format!("!{}", exists("lastname=\"x\"")));
    some(
        &format!("{way}/all(c:c/lastname eq 'x')"),
        &format!("!{}", exists("(lastname null or lastname<>\"x\")")),
    );
    some(
        "tie/any(c:c/lastname eq 'x')",
        "exists(tie accountid=accountid exists(contact contactid=contactid lastname=\"x\"))",
    );
    some(
        &format!("{way}/any(c:c/ownerid/fullname eq 'x')"),
        &exists("exists(systemuser systemuserid=ownerid fullname=\"x\")"),
    );
    some(
        &format!("{way}/any(c:Microsoft.Dynamics.CRM.Today(PropertyName='createdon'))"),
        &exists("(createdon>=2026-11-22T23:00:00Z and createdon<2026-11-23T23:00:00Z)"),
    );
    let wrong = |condition: &str, expected: &str| check("account", &format!("$filter={condition}"), expected);
    wrong(&format!("{way}/any(c:name eq 'x')"), "Inside any(…) and all(…), write c/name for the column.");
    wrong(
        &format!("{way}/lastname eq 'x'"),
        "“contact_customer_accounts” leads to several records: write contact_customer_accounts/any(…).",
    );
    wrong("ownerid/any(c:c/fullname eq 'x')", "“ownerid” leads to one record: write ownerid/….");
}

#[test]
fn what_hangs_below_is_expanded() {
    check(
        "account",
        "$select=name&$expand=contact_customer_accounts($select=lastname;$filter=lastname ne null;$orderby=lastname desc;\
         $top=2;$expand=createdby($select=fullname)),createdby/$ref",
        "account t [name] limit 5000 {contact_customer_accounts: contact by parentcustomerid: contact t [lastname] \
         where !lastname null order t.lastname desc limit 2 {createdby: createdby to systemuser: systemuser t [fullname] limit 1}; \
         createdby: createdby to systemuser refs: systemuser t [] limit 1}",
    );
    refused("$expand=account", "contact has no property “account”.");
    refused("$expand=createdby,createdby", "$expand names “createdby” twice.");
    refused("$expand=createdby($levels=2)", "$levels is not supported in $expand.");
    refused(
        "$expand=createdby/createdby",
        "$expand goes step by step: write createdby($expand=…) instead of “createdby/createdby”.",
    );
    let deep = |n: usize| format!("$expand={}createdby{}", "createdby($expand=".repeat(n), ")".repeat(n));
    check("contact", &deep(10), "$expand goes at most 10 levels deep.");
    assert!(bound("contact", &deep(9)).is_ok());
}

#[test]
fn totals_are_applied() {
    check(
        "opportunity",
        "$apply=filter(statecode eq 0)/groupby((_ownerid_value,parentaccountid/name),aggregate($count as n,estimatedvalue with sum as total))\
         /orderby(total desc)/top(3)",
        "totals [_ownerid_value=t.ownerid, parentaccountid_name=o1.name] [n=Count(t.), total=Sum(t.estimatedvalue)] \
         opportunity t [] where statecode=0 outer parentaccountid=accountid (account o1 []) order total. desc limit 3",
    );
    check(
        "contact",
        "$apply=aggregate(lastname with max as last)&$orderby=last",
        "totals [] [last=Max(t.lastname)] contact t [] order last. limit 5000",
    );
    check("contact", "$apply=groupby((lastname))", "totals [lastname=t.lastname] [] contact t [] limit 5000");
    refused("$apply=aggregate(lastname with sum as s)", "lastname cannot be summed: it holds a text.");
    refused(
        "$apply=filter(lastname eq 'x')",
        "$apply wants a groupby(…) or aggregate(…); a filter alone is $filter.",
    );
    refused(
        "$apply=aggregate($count as n)&$select=lastname",
        "$apply shows totals: $select and $expand do not go with it, and its filter is filter(…)/….",
    );
    refused("$apply=aggregate($count as n)&$orderby=m", "No group and no total is called “m”, to order by.");
    let outputs = bound("contact", "$apply=groupby((lastname),aggregate($count as n))").unwrap().outputs;
    let names: Vec<&str> = outputs.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["lastname", "n"]);
}

#[test]
fn mistakes_are_answered() {
    refused("$select=frstname", "contact has no property “frstname”. Did you mean “firstname”?");
    refused(
        "$select=parentcustomerid_account/name",
        "$select names columns of contact itself: write $expand=parentcustomerid_account($select=…) instead of \
         “parentcustomerid_account/name”.",
    );
    refused("$filter=lastnam eq 'x'", "contact has no property “lastnam”. Did you mean “lastname”?");
    refused("$filter=lastname", "lastname is compared with nothing: write lastname eq ….");
    refused("$filter=lastname add 1", "A calculation is no condition: compare a column with a value.");
    refused(
        "$filter=lastname eq @p",
        "Nothing says what @p is: write @p=VALUE into the query (at character 1).",
    );
    refused("$skip=5", "$skip is not supported: follow @odata.nextLink from page to page.");
    refused("$orderby=lastname add 1", "$orderby takes names of columns, such as name desc.");
}

#[test]
fn what_is_too_large_is_refused() {
    let many = vec!["lastname eq 'x'"; 501].join(" or ");
    refused(&format!("$filter={many}"), "A question has at most 500 conditions.");
    let values = vec!["'x'"; 2_001].join(",");
    refused(&format!("$filter=lastname in ({values})"), "A question has at most 2000 values in its lists.");
    let deep = format!("$filter={}lastname eq 'x'{}", "not (".repeat(49), ")".repeat(49));
    assert!(bound("contact", &deep).is_ok());
    let lambdas = format!("{}lastname eq 'x'{}", "a eq 1 or (b eq 1 and (".repeat(60), "))".repeat(60));
    assert!(bound("contact", &format!("$filter={lambdas}")).is_err());
}

#[test]
fn the_token_is_carried_back() {
    let place = Place { values: vec![7.into()], id: domain::id::Guid::NIL };
    assert_eq!(read_skip_token(&skip_token(&place)), Ok(place));
    assert!(read_skip_token("tampered").is_err());
}

proptest! {
    #[test]
    fn no_filter_makes_it_panic(
        path in "lastname|createdon|ownerid|createdby/fullname|contact_customer_accounts|[a-z_/]{1,20}",
        op in "eq|ne|gt|in|has",
        value in "null|'x'|1|1.5|true|2026-11-23|\\(1,'x',null\\)|[^&]{0,12}",
    ) {
        for text in [format!("{path} {op} {value}"), format!("not ({path} {op} {value})"), format!("{path}/any(c:c/{path} {op} {value})")] {
            let encoded = text.replace('%', "%25").replace('+', "%2B");
            let _ = bound("contact", &format!("$filter={encoded}&$orderby={path}&$expand={path}"));
        }
    }
}
