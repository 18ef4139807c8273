use super::read;
use crate::question::samples::{ask, asker, catalog};
use proptest::prelude::*;

#[track_caller]
fn check(sql: &str, expected: &str) {
    let found = read(sql, &catalog(), &asker());
    assert_eq!(found.map_or_else(|it| it.to_string(), |it| ask(&it.ask)), expected, "{sql}");
}

#[track_caller]
fn names(sql: &str, expected: &str) {
    let outputs = read(sql, &catalog(), &asker()).unwrap().outputs;
    let names: Vec<String> =
        outputs.iter().map(|it| format!("{}={}.{}", it.name, it.alias, it.column)).collect();
    assert_eq!(names.join(" "), expected, "{sql}");
}

#[track_caller]
fn filtered(condition: &str, expected: &str) {
    check(
        &format!("SELECT name FROM sample WHERE {condition}"),
        &format!("sample t [name] where {expected} limit 5000"),
    );
}

#[test]
fn rows_are_selected() {
    check("SELECT lastname, firstname FROM contact", "contact t [lastname, firstname] limit 5000");
    check(
        "select top 5 LastName from dbo.Contact as c order by c.lastname desc;",
        "contact t [lastname] order t.lastname desc limit 5",
    );
    check(
        "SELECT DISTINCT TOP (3) [lastname] AS l FROM \"contact\" c ORDER BY l",
        "distinct contact t [lastname] order t.lastname limit 3",
    );
    check(
        "SELECT lastname FROM contact ORDER BY lastname OFFSET 20 ROWS FETCH NEXT 10 ROWS ONLY",
        "contact t [lastname] order t.lastname limit 10 skip 20",
    );
    names("SELECT lastname l, c.contactid FROM contact c", "l=t.lastname contactid=t.contactid");
    let all = read("SELECT a.* FROM tie a", &catalog(), &asker()).unwrap().outputs;
    let all: Vec<&str> = all.iter().map(|it| it.name.as_str()).take(4).collect();
    assert_eq!(all, ["tieid", "name", "contactid", "accountid"]);
}

#[test]
fn conditions_are_those_of_sql() {
    filtered("name = 'O''Neil'", "name=\"O'Neil\"");
    filtered("name <> N'x'", "name<>\"x\"");
    filtered("5 < number", "number>5");
    filtered("NOT name = 'x'", "!name=\"x\"");
    filtered("NOT NOT name = 'x'", "name=\"x\"");
    filtered("name LIKE 'a%' AND name NOT LIKE '%b'", "(name begins \"a\" and !name ends \"b\")");
    filtered(
        "number IN (1, -2) OR (number BETWEEN 3 AND 4 AND money >= 1.5)",
        "(number in [1, -2] or ((number>=3 and number<=4) and money>=15000))",
    );
    filtered("name IS NULL AND number IS NOT NULL", "(name null and !number null)");
    filtered("number NOT IN (1)", "!number in [1]");
    filtered("truth = 1 AND float > 1e3", "(truth=true and float>1000f)");
    filtered(
        "time >= '2026-11-23' AND time < '2026-11-24 10:00:00'",
        "(time>=2026-11-23T00:00:00Z and time<2026-11-24T10:00:00Z)",
    );
    filtered("unit = '00000000-0000-0000-0000-000000000007'", "unit=businessunit/7");
    check(
        "SELECT firstname FROM contact WHERE firstname = lastname",
        "contact t [firstname] where firstname=lastname limit 5000",
    );
}

#[test]
fn tables_are_joined() {
    check(
        "SELECT c.lastname, a.name AS account FROM contact c JOIN account a ON c.parentcustomerid = a.accountid AND a.name LIKE 'A%' \
         LEFT JOIN systemuser u ON u.systemuserid = a.ownerid WHERE a.name <> 'x' AND u.fullname IS NULL",
        "contact t [lastname] where (t1:name<>\"x\" and t2:fullname null) \
         inner parentcustomerid=accountid (account t1 [name] where name begins \"a\" \
         outer ownerid=systemuserid (systemuser t2 [])) limit 5000",
    );
    check(
        "SELECT c.lastname FROM contact c LEFT JOIN account a ON c.parentcustomerid = a.accountid \
         INNER JOIN systemuser u ON u.systemuserid = a.ownerid",
        "contact t [lastname] inner parentcustomerid=accountid (account t1 [] \
         inner ownerid=systemuserid (systemuser t2 [])) limit 5000",
    );
    names(
        "SELECT c.ownerid, a.ownerid FROM contact c JOIN account a ON c.parentcustomerid = a.accountid",
        "ownerid=t.ownerid a.ownerid=t1.ownerid",
    );
}

#[test]
fn totals_are_counted() {
    check("SELECT COUNT(*) FROM contact", "totals [] [count=Count(t.)] contact t [] limit 5000");
    check(
        "SELECT ownerid, COUNT(*) AS n, COUNT(DISTINCT parentaccountid) AS d, SUM(estimatedvalue) AS s FROM opportunity \
         WHERE statecode = 0 GROUP BY ownerid ORDER BY COUNT(*) DESC, s",
        "totals [ownerid=t.ownerid] [n=Count(t.), d=CountDistinct(t.parentaccountid), s=Sum(t.estimatedvalue)] \
         opportunity t [] where statecode=0 order n. desc, s. limit 5000",
    );
    check(
        "SELECT YEAR(createdon) AS y, MAX(createdon) FROM contact GROUP BY YEAR(createdon), MONTH(createdon) ORDER BY MONTH(createdon)",
        "totals [y=t.createdon by Year, group1=t.createdon by Month] [max_createdon=Max(t.createdon)] contact t [] \
         order group1. limit 5000",
    );
    check("SELECT lastname, COUNT(*) FROM contact", "“lastname” stands in a total or in GROUP BY.");
    check("SELECT SUM(lastname) FROM contact", "lastname cannot be summed: it holds a text.");
    check(
        "SELECT COUNT(*) FROM contact ORDER BY lastname",
        "ORDER BY takes groups and totals that the query shows.",
    );
}

#[test]
fn anything_else_is_refused() {
    check("DELETE FROM contact", "Only SELECT is read here.");
    check("", "Only SELECT is read here.");
    check(
        "SELECT lastname FROM contact; DROP TABLE contact",
        "Expected the end of the query, but “DROP” follows.",
    );
    check("SELECT lastname FROM contact -- x", "Comments (--) are not read in a query.");
    check("SELECT lastname FROM (SELECT 1)", "Queries within queries are not read here.");
    check(
        "SELECT lastname FROM contact WHERE contactid IN (SELECT x FROM y)",
        "Queries within queries are not read here.",
    );
    check("SELECT lastname FROM contact UNION SELECT 1", "UNION is not read here.");
    check(
        "SELECT lastname FROM contact GROUP BY lastname HAVING COUNT(*) > 1",
        "HAVING is not read here: filter the totals where they are used.",
    );
    check(
        "SELECT lastname FROM contact RIGHT JOIN account a ON 1 = 1",
        "RIGHT JOIN is not read here: JOIN and LEFT JOIN are.",
    );
    check(
        "SELECT UPPER(lastname) FROM contact",
        "The function “upper” is not known: COUNT, SUM, AVG, MIN, MAX, YEAR, MONTH and DAY are.",
    );
    check(
        "SELECT lastname FROM contact WHERE lastname = NULL",
        "Nothing equals NULL: write IS NULL or IS NOT NULL.",
    );
    check("SELECT lastnam FROM contact", "contact has no column “lastnam”. Did you mean “lastname”?");
    check("SELECT lastname FROM contcat", "There is no table “contcat”. Did you mean “contact”?");
    check("SELECT c.lastname FROM contact", "No table of the query is called “c”.");
    check(
        "SELECT ownerid FROM contact c JOIN account a ON c.parentcustomerid = a.accountid",
        "“ownerid” is a column of several tables: write the table before it.",
    );
    check(
        "SELECT c.lastname FROM contact c JOIN account a ON a.name = 'x'",
        "ON says which columns tie “a” to a table before it.",
    );
    check(
        "SELECT c.lastname FROM contact c JOIN account a ON a.name = c.lastname",
        "Tables are joined by their keys and lookups: lastname holds a text.",
    );
    check("SELECT lastname FROM contact WHERE lastname = 'x", "Nothing closes “'x”: a ' is missing.");
    check(
        "SELECT TOP 0 lastname FROM contact",
        "A query gives 1 to 5000 rows, not 0: page with OFFSET … FETCH NEXT ….",
    );
}

#[test]
fn what_is_too_large_is_refused() {
    let deep =
        format!("SELECT name FROM sample WHERE {}name = 'x'{}", "(".repeat(10_000), ")".repeat(10_000));
    check(&deep, "Conditions are nested at most 90 deep.");
    let many = vec!["name = 'x'"; 501].join(" OR ");
    check(&format!("SELECT name FROM sample WHERE {many}"), "A query has at most 500 conditions.");
    let values = vec!["1"; 2_001].join(",");
    check(&format!("SELECT name FROM sample WHERE number IN ({values})"), "A query has at most 2000 values.");
    let joins = (0..16)
        .map(|it| format!(" JOIN account a{it} ON a{it}.accountid = c.parentcustomerid"))
        .collect::<Vec<_>>()
        .concat();
    check(&format!("SELECT c.lastname FROM contact c{joins}"), "A query joins at most 15 tables.");
    let nots = format!("SELECT name FROM sample WHERE {}name = 'x'", "NOT ".repeat(200_000));
    check(&nots, "sample t [name] where name=\"x\" limit 5000");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,100}", words in proptest::collection::vec(
        prop_oneof!["SELECT|FROM|WHERE|JOIN|LEFT|ON|GROUP|BY|ORDER|TOP|AS|AND|OR|NOT|IN|LIKE|IS|NULL|OFFSET", "contact|account|a|c|lastname|accountid|parentcustomerid|'x'|1|[(),.*=<>;-]"], 0..30)) {
        let _ = read(&text, &catalog(), &asker());
        let _ = read(&format!("SELECT {}", words.join(" ")), &catalog(), &asker());
        let _ = read(&format!("SELECT lastname FROM contact WHERE {}", words.join(" ")), &catalog(), &asker());
    }
}
