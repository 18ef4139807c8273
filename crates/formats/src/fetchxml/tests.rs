use super::read;
use crate::question::samples::{ask, asker, catalog, id};
use crate::question::{Output, Shown, cookie};
use domain::ask::Place;
use proptest::prelude::*;

fn shown(outputs: &[Output]) -> String {
    let each = outputs.iter().map(|it| {
        let mark = if it.shown == Shown::Column { "" } else { "!" };
        format!("{}{mark}={}.{}", it.name, it.alias, it.column)
    });
    each.collect::<Vec<_>>().join(" ")
}

/// A question whose element is given, and how it is understood.
#[track_caller]
fn check(xml: &str, expected: &str) {
    let found = read(xml, &catalog(), &asker());
    assert_eq!(found.map_or_else(|it| it.to_string(), |it| ask(&it.ask)), expected);
}

#[track_caller]
fn about(within: &str, expected: &str) {
    let xml = format!("<fetch><entity name='contact'><attribute name='lastname'/>{within}</entity></fetch>");
    let expected = format!("contact t [lastname]{expected}");
    check(&xml, &expected);
}

#[track_caller]
fn refused(within: &str, expected: &str) {
    let xml = format!("<fetch><entity name='contact'><attribute name='lastname'/>{within}</entity></fetch>");
    check(&xml, expected);
}

#[test]
fn columns_filter_and_order() {
    about("", " limit 5000");
    about("<order attribute='lastname' descending='true'/>", " order t.lastname desc limit 5000");
    about(
        "<filter type='or'><condition attribute='lastname' operator='like' value='A%'/><filter>\
         <condition attribute='emailaddress1' operator='null'/>\
         <condition attribute='contactid' operator='eq' value='00000000-0000-0000-0000-000000000007'/></filter></filter>",
        " where (lastname begins \"A\" or (emailaddress1 null and contactid=contact/7)) limit 5000",
    );
    about(
        "<filter><condition attribute='lastname' operator='in'><value>Å &amp; B</value><value>&#67;</value></condition></filter>",
        " where lastname in [\"Å & B\", \"C\"] limit 5000",
    );
    about(
        "<filter><condition attribute='firstname' operator='ne' valueof='lastname'/></filter>",
        " where firstname<>lastname limit 5000",
    );
    about(
        "<filter><condition attribute='parentcustomeridname' operator='eq' value='Contoso'/></filter>",
        " where (exists(account accountid=parentcustomerid name=\"Contoso\") or \
         exists(contact contactid=parentcustomerid fullname=\"Contoso\")) limit 5000",
    );
    about("<filter type='or'/>", " limit 5000");
}

#[test]
fn other_types_stand_beside() {
    about(
        "<link-entity name='account' from='accountid' to='parentcustomerid' alias='a' link-type='outer'>\
         <attribute name='name'/><order attribute='name'/><filter><condition attribute='name' operator='not-null'/></filter>\
         <link-entity name='systemuser' from='systemuserid' to='ownerid'/></link-entity>\
         <filter><condition entityname='a' attribute='accountid' operator='null'/></filter>",
        " where t1:accountid null outer parentcustomerid=accountid (account t1 [name] where !name null \
         inner ownerid=systemuserid (systemuser t2 [])) order t1.name limit 5000",
    );
    about(
        "<link-entity name='account' from='accountid' to='parentcustomerid' intersect='true' visible='false'/>\
         <order entityname='account1' attribute='name'/>",
        " inner parentcustomerid=accountid (account t1 []) order t1.name limit 5000",
    );
}

#[test]
fn mere_existence_is_a_condition() {
    let link = |kind: &str| {
        format!(
            "<link-entity name='email' from='regardingobjectid' to='contactid' link-type='{kind}'><filter>\
             <condition attribute='subject' operator='eq' value='x'/></filter></link-entity>"
        )
    };
    let exists = "exists(email regardingobjectid=contactid subject=\"x\")";
    about(&link("exists"), &format!(" where {exists} limit 5000"));
    about(&link("in"), &format!(" where {exists} limit 5000"));
    let filter = |kind| format!("<filter type='or'>{}</filter>", link(kind));
    about(&filter("any"), &format!(" where {exists} limit 5000"));
    about(&filter("not all"), &format!(" where {exists} limit 5000"));
    about(&filter("not any"), &format!(" where !{exists} limit 5000"));
    let all = format!(" where (exists(email regardingobjectid=contactid true) and !{exists}) limit 5000");
    about(&filter("all"), &all);
}

#[test]
fn totals_are_counted() {
    check(
        "<fetch aggregate='true'><entity name='opportunity'><attribute name='opportunityid' alias='n' aggregate='count'/>\
         <attribute name='estimatedvalue' alias='sum' aggregate='sum'/>\
         <attribute name='ownerid' alias='who' aggregate='countcolumn' distinct='true'/>\
         <attribute name='createdon' alias='month' groupby='true' dategrouping='month'/>\
         <order alias='sum' descending='true'/></entity></fetch>",
        "totals [month=t.createdon by Month] [n=Count(t.), sum=Sum(t.estimatedvalue), who=CountDistinct(t.ownerid)] \
         opportunity t [] order sum. desc limit 5000",
    );
    let wrong = |attribute: &str, expected: &str| {
        check(&format!("<fetch aggregate='1'><entity name='contact'>{attribute}</entity></fetch>"), expected);
    };
    wrong("", "A question for totals has at least one <attribute> with “aggregate” or “groupby”.");
    wrong(
        "<attribute name='lastname' alias='n'/>",
        "In a question for totals “lastname” says “aggregate” or “groupby”.",
    );
    wrong(
        "<attribute name='lastname' alias='n' aggregate='sum'/>",
        "lastname cannot be summed: it holds a text.",
    );
    wrong(
        "<attribute name='lastname' alias='n' aggregate='median'/>",
        "“aggregate” is count, countcolumn, sum, avg, min or max, not “median”.",
    );
    wrong("<attribute name='lastname' aggregate='max'/>", "An element “attribute” has no attribute “alias”.");
    wrong(
        "<attribute name='lastname' alias='a b' aggregate='max'/>",
        "“a b” is no alias: it takes 1 to 100 letters, digits or _, and does not begin with a digit.",
    );
    wrong(
        "<attribute name='lastname' alias='m' aggregate='max'/><order attribute='lastname'/>",
        "Totals are ordered by what they are called: <order alias=\"…\" />.",
    );
}

#[test]
fn pages_are_counted_or_carried() {
    let page = |attributes: &str, expected: &str| {
        let expected = format!("contact t [lastname] {expected}");
        let expected = if expected.contains('.') || expected.contains('“') {
            expected.replacen("contact t [lastname] ", "", 1)
        } else {
            expected
        };
        check(
            &format!(
                "<fetch {attributes}><entity name='contact'><attribute name='lastname'/></entity></fetch>"
            ),
            &expected,
        );
    };
    page("page='1' count='2'", "limit 2");
    page("page='3' count='2'", "limit 2 skip 4");
    page("count='999999'", "limit 5000");
    page("top='7'", "limit 7");
    page("count='7' returntotalrecordcount='true' no-lock='true'", "limit 7 count");
    page("top='0'", "“top” is a whole number from 1 on, not “0”.");
    page("page='x'", "“page” is a whole number from 1 on, not “x”.");
    page(
        "page='99999'",
        "Pages are counted through to row 50000 at most; send the paging cookie of the page before to go on.",
    );
    page(
        "page='2' top='3'",
        "“top” and “page” do not go together: write “count” and “page” to get page after page.",
    );
    let cookie = cookie(1, &Place { values: vec![], id: id(9) });
    let escaped = cookie.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    page(&format!("page='2' count='2' paging-cookie='{escaped}'"), "limit 2 after []");
    page(
        "page='2' paging-cookie='x'",
        "The paging cookie is not one of ours: ask for the first page without a cookie.",
    );
}

#[test]
fn the_answer_says_what_it_shows() {
    let outputs = |xml: &str| shown(&read(xml, &catalog(), &asker()).unwrap().outputs);
    let link = "<link-entity name='account' from='accountid' to='parentcustomerid' alias='a'><attribute name='name'/>\
                <attribute name='telephone1' alias='phone'/></link-entity>";
    let xml = format!("<fetch><entity name='contact'><attribute name='lastname'/>{link}</entity></fetch>");
    assert_eq!(
        outputs(&xml),
        "lastname=t.lastname a.name=t1.name phone!=t1.telephone1 contactid=t.contactid"
    );
    let all = outputs("<fetch><entity name='activityparty'><all-attributes/></entity></fetch>");
    assert!(all.starts_with("activitypartyid=t.activitypartyid activityid=t.activityid "), "{all}");
    assert_eq!(all, outputs("<fetch><entity name='activityparty'/></fetch>"));
    let distinct = "<fetch distinct='true'><entity name='contact'><attribute name='lastname' alias='l'/></entity></fetch>";
    assert_eq!(outputs(distinct), "l!=t.lastname");
}

#[test]
fn mistakes_are_answered() {
    check("", "The question is not one XML element: write <fetch>…</fetch>.");
    check("<fetch>", "The question is not one XML element: write <fetch>…</fetch>.");
    check("<a/><b/>", "The question is not one XML element: write <fetch>…</fetch>.");
    check("<a/>", "A question begins with <fetch>, not with “a”.");
    check("<fetch/>", "In <fetch> stands one <entity name=\"…\">.");
    check("<fetch><entity name='contct'/></fetch>", "There is no type “contct”. Did you mean “contact”?");
    check("<!DOCTYPE x [<!ENTITY a 'b'>]><fetch/>", "A question is XML without a document type.");
    refused("<attribute name='lastnam'/>", "contact has no column “lastnam”. Did you mean “lastname”?");
    refused("<condition/>", "In <entity> stands no <condition>.");
    refused("<filter type='xor'/>", "The type of a filter is “and” or “or”, not “xor”.");
    refused(
        "<filter><condition operator='eq'/></filter>",
        "An element “condition” has no attribute “attribute”.",
    );
    refused(
        "<link-entity name='account' from='name' to='contactid'/>",
        "Types are linked by their keys and lookups: name holds a text.",
    );
    refused(
        "<filter><condition entityname='b' attribute='name' operator='null'/></filter>",
        "No <link-entity> in the question is called “b”.",
    );
    let wrong = read("<fetch><entity></fetch>", &catalog(), &asker()).unwrap_err().to_string();
    assert!(wrong.starts_with("The question is no XML:"), "{wrong}");
}

#[test]
fn what_is_too_large_is_refused() {
    let link = "<link-entity name='account' from='accountid' to='parentcustomerid'/>";
    refused(&link.repeat(16), "A question links at most 15 other types.");
    let condition = "<condition attribute='lastname' operator='null'/>".repeat(501);
    refused(&format!("<filter>{condition}</filter>"), "A question has at most 500 conditions.");
    let deep = |n: usize| format!("{}{}", "<filter>".repeat(n), "</filter>".repeat(n));
    refused(&deep(10_000), "The elements of a question are nested at most 90 deep.");
    let attributes = (0..100).map(|it| format!(" a{it}='1'")).collect::<Vec<_>>().concat();
    refused(&format!("<filter{attributes}/>"), "An element has at most 50 attributes.");
    check(&" ".repeat(1_000_001), "The question has 1000001 bytes; at most 1000000 are read.");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = read(&text, &catalog(), &asker());
        let within = format!("<fetch><entity name='contact'>{text}</entity></fetch>");
        let _ = read(&within, &catalog(), &asker());
    }

    #[test]
    fn no_condition_makes_it_panic(column in "[a-z0-9]{1,12}|lastname|createdon|ownerid", operator in "[a-z-]{1,9}|eq|on|last-x-days|like", value in "[^<&']{0,40}") {
        let xml = format!("<fetch><entity name='contact'><filter><condition attribute='{column}' operator='{operator}' value='{value}'/></filter></entity></fetch>");
        let _ = read(&xml, &catalog(), &asker());
    }
}
