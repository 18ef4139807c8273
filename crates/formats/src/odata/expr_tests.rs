use super::super::DEEPEST;
use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// What is written, and the same with all brackets that precedence implies.
#[track_caller]
fn check(text: &str, expected: &str) {
    let expr = parse(text).unwrap_or_else(|it| panic!("{text}: {it}"));
    assert_eq!(bracketed(&expr), expected, "{text}");
    assert_eq!(parse(&expr.to_string()).as_ref(), Ok(&expr), "{text} is written as {expr}");
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let begin = Instant::now();
    let refused = parse(text).expect_err("It is refused").to_string();
    assert!(refused.contains(expected), "{}: {refused}", super::super::excerpt(text));
    assert!(refused.len() < 250, "{refused}");
    assert!(begin.elapsed() < Duration::from_secs(5));
}

fn bracketed(expr: &Expr) -> String {
    let joined = |all: &[Expr], word: &str| {
        let all: Vec<String> = all.iter().map(bracketed).collect();
        format!("[{}]", all.join(word))
    };
    match expr {
        Expr::And(all) => joined(all, " and "),
        Expr::Or(all) => joined(all, " or "),
        Expr::Not(inner) => format!("[not {}]", bracketed(inner)),
        Expr::Negate(inner) => format!("[- {}]", bracketed(inner)),
        Expr::Binary(operator, left, right) => {
            format!("[{} {} {}]", bracketed(left), operator.word(), bracketed(right))
        }
        other => other.to_string(),
    }
}

#[test]
fn and_binds_tighter_than_or_and_chains_are_flat() {
    check("a or b and c or d", "[a or [b and c] or d]");
    check("a and (b and c)", "[a and [b and c]]");
    check("(a or b) and c", "[[a or b] and c]");
}

#[test]
fn arithmetic_binds_tighter_than_comparison() {
    check("a add b mul c eq d sub 1 sub 2", "[[a add [b mul c]] eq [[d sub 1] sub 2]]");
    check("a gt 1 eq true", "[[a gt 1] eq true]");
    check("(4 add 5) mod (4 sub 1) eq 0", "[[[4 add 5] mod [4 sub 1]] eq 0]");
    check("a sub (b sub c)", "[a sub [b sub c]]");
}

#[test]
fn not_and_minus_bind_tighter_than_operators_but_for_has_and_in() {
    check("not a eq b", "[[not a] eq b]");
    check("not(a eq b) and c", "[[not [a eq b]] and c]");
    check("not a in (1,2)", "[not [a in [1,2]]]");
    check("not contains(name,'x')", "[not contains(name,'x')]");
    check("-a mul -3 sub - 4", "[[[- a] mul -3] sub [- 4]]");
    check("--a", "[- [- a]]");
    check("x has Some.Flags'1' eq true", "[[x has Some.Flags'1'] eq true]");
}

#[test]
fn operators_are_taken_in_any_case_and_with_any_space() {
    check("name EQ 'Milk' AND  price\tLt 2.55", "[[name eq 'Milk'] and [price lt 2.55]]");
    check(" ( a )and( b ) ", "[a and b]");
}

#[test]
fn paths_lead_through_relationships_and_casts() {
    check("primarycontactid/fullname eq null", "[primarycontactid/fullname eq null]");
    check(
        "_parentaccountid_value eq 01902d3c-aaaa-bbbb-cccc-0123456789ab",
        "[_parentaccountid_value eq 01902d3c-aaaa-bbbb-cccc-0123456789ab]",
    );
    check(
        "ownerid/Microsoft.Dynamics.CRM.systemuser/fullname eq 'Eva'",
        "[ownerid/Microsoft.Dynamics.CRM.systemuser/fullname eq 'Eva']",
    );
    check("contacts/$count gt 0", "[contacts/$count gt 0]");
    check("$it/a eq $this", "[$it/a eq $this]");
}

#[test]
fn lists_stand_right_of_in() {
    check("a in ('x', 'y')", "[a in ['x','y']]");
    check("a in [\"x\",'y']", "[a in ['x','y']]");
    check("a in ()", "[a in []]");
    check("a in @p1", "[a in @p1]");
    check_refused("a in 5", "a list of values");
    check_refused("a in (b)", "a value");
    check_refused("a eq ('x','y')", "')' to close the bracket, but “,'y')” follows");
}

#[test]
fn functions_have_arguments_in_order_or_by_name() {
    check("now()", "now()");
    check("concat( concat(a,', '),b) eq 'x'", "[concat(concat(a,', '),b) eq 'x']");
    check(
        "Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)",
        "Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)",
    );
    check(
        "Microsoft.Dynamics.CRM.In(PropertyName = \"x\"[0], b=1)".replace("\"x\"[0]", "'x'").as_str(),
        "Microsoft.Dynamics.CRM.In(PropertyName='x',b=1)",
    );
    check(
        "Microsoft.Dynamics.CRM.Between(PropertyName='a',PropertyValues=[\"5\",\"9\"])",
        "Microsoft.Dynamics.CRM.Between(PropertyName='a',PropertyValues=['5','9'])",
    );
    check(
        "c/Microsoft.Dynamics.CRM.Today(PropertyName='x')",
        "c/Microsoft.Dynamics.CRM.Today(PropertyName='x')",
    );
    check_refused("f(a=1,2)", "the next argument with its name");
    check_refused("f(a=1,a=2)", "each argument once");
    check_refused("f(a", "')' to close the call");
    check_refused("f()/x", "nothing after a call");
}

#[test]
fn lambdas_ask_about_collections() {
    check("contacts/any()", "contacts/any()");
    check("a/contacts/any( c : c/age gt 5 or c/x ) and b", "[a/contacts/any(c:c/age gt 5 or c/x) and b]");
    check("o/all(x:x/l/any(y:y/a eq x/a))", "o/all(x:x/l/any(y:y/a eq x/a))");
    check_refused("any(c:true)", "Before any(…) stands a relationship");
    check_refused("contacts/all()", "a variable and a condition");
    check_refused("contacts/any(c)", "':' after the variable");
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (text, expected) in [
        ("", "Expected a column, a function or a value, but the text ends (at character 1)."),
        ("name = 'x'", "Write “eq” instead of “=” (at character 6)."),
        ("name == 'x'", "Write “eq” instead of “==”"),
        ("(a >= 5)", "Write “ge” instead of “>=”"),
        ("name eq", "but the text ends (at character 8)."),
        ("name eq and x", "Expected a column, a function or a value, but “and x” follows (at character 9)."),
        ("name eq \"x\"", "Texts stand in single quotes here"),
        ("name like 'x'", "Expected an operator (eq, ne,"),
        ("å eq 'x", "a quote at the end of the text"),
        ("a eq 1)", "or the end, but “)” follows"),
        ("(a eq 1", "')' to close the bracket, but the text ends"),
        ("@p1/x eq 1", "an alias that stands alone"),
        ("a/ eq 1", "a column, a function or a value, but “ eq 1” follows"),
        ("a. eq 1", "a name after the dot"),
        ("$root/x", "of the words with $"),
        ("name eq abcdefghijklmnopqrstuvwxyz é", "or the end, but “é” follows"),
        ("#abcdefghijklmnopqrstuvwxyz", "“#abcdefghijklmnopqrs…” follows"),
    ] {
        check_refused(text, expected);
    }
}

#[test]
fn what_is_too_deep_is_refused_in_no_time() {
    for piece in [
        "(",
        "not ",
        "-",
        "f(",
        "f(a=",
        "a/any(x:",
        "[",
        "{'a':",
        "not(",
        "a eq (",
        "a in ((",
        "x/all(y:not (",
    ] {
        check_refused(&piece.repeat(10_000), "");
        check_refused(&piece.repeat(1_000_000 / piece.len()), "");
    }
    check_refused(&"(".repeat(10_000), "nested more than 100 deep (at character 101)");
}

#[test]
fn what_is_as_deep_as_allowed_is_read_and_written() {
    for (piece, times, end) in [
        ("a or b and c eq d gt 1 add 2 mul (", DEEPEST, ")"),
        ("a or b and c eq d gt 1 add 2 mul -not (", DEEPEST / 3, ")"),
        ("a or b and c eq d gt 1 add 2 mul f(g=", DEEPEST, ")"),
        ("a or b and c eq d gt 1 add 2 mul x/any(y:", DEEPEST, ")"),
        ("[", DEEPEST, "]"),
    ] {
        let text = format!("{}1{}", piece.repeat(times), end.repeat(times));
        let expr = parse(&text).unwrap_or_else(|it| panic!("{piece}: {it}"));
        assert_eq!(parse(&expr.to_string()), Ok(expr));
        let text = format!("{}1{}", piece.repeat(times + 1), end.repeat(times + 1));
        check_refused(&text, "nested more than 100 deep");
    }
}

#[test]
fn long_chains_are_flat_or_refused() {
    let text = vec!["a eq 1"; 100_000].join(" or ");
    assert!(matches!(parse(&text), Ok(Expr::Or(all)) if all.len() == 100_000));
    check_refused(&vec!["1"; 100_000].join(" add "), "More than 200 operators follow each other");
    check_refused(&vec!["1"; 100_000].join(" eq "), "More than 200 operators follow each other");
    check_refused(&"a in () in ()".repeat(50_000), "");
}

#[test]
fn a_megabyte_of_anything_is_answered_soon() {
    for piece in
        ["a", "a/", "a.", "'", "''", "1", " ", "a ", "a eq ", "1,", "f(),", "é", "[1],", "@a", "a-", "0-"]
    {
        let begin = Instant::now();
        let _ = parse(&piece.repeat(super::super::LONGEST / piece.len()));
        assert!(begin.elapsed() < Duration::from_secs(5), "{piece}");
    }
    check_refused(&" ".repeat(1_000_001), "has 1000001 bytes");
}

fn name() -> impl Strategy<Value = String> {
    "[a-z_å][a-zA-Z0-9_]{0,6}[0-9_]"
}

fn literals() -> impl Strategy<Value = Literal> {
    let times = ["2026-11-23", "2026-11-23T10:41:05.25+01:00", "0001-01-01T00:00Z"];
    let plain = prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(Literal::Int),
        "-?[0-9]{1,30}\\.[0-9]{1,9}".prop_map(Literal::Decimal),
        any::<f64>().prop_filter("finite", |it| it.is_finite()).prop_map(Literal::Double),
        any::<String>().prop_map(Literal::Text),
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}".prop_map(|it| Literal::Guid(it.parse().unwrap())),
        proptest::sample::select(times.to_vec()).prop_map(|it| super::super::literal::parse(it).unwrap()),
        Just(Literal::Duration("P1DT2H".to_owned())),
        (name(), any::<String>()).prop_map(|(type_name, member)| Literal::Enum { type_name, member }),
    ];
    plain.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Literal::List),
            proptest::collection::vec((any::<String>(), inner), 0..4).prop_map(Literal::Object),
        ]
    })
}

fn exprs() -> impl Strategy<Value = Expr> {
    let paths = || proptest::collection::vec(name(), 1..4);
    let leaf = prop_oneof![
        literals().prop_map(Expr::Literal),
        paths().prop_map(Expr::Path),
        name().prop_map(|it| Expr::Alias(format!("@{it}"))),
    ];
    leaf.prop_recursive(6, 60, 4, move |inner| {
        let many = || proptest::collection::vec(inner.clone(), 2..5);
        let boxed = || inner.clone().prop_map(Box::new);
        let named = proptest::collection::btree_map(name(), inner.clone(), 1..4);
        let arguments = prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Arguments::Positional),
            named.prop_map(|it| Arguments::Named(it.into_iter().collect())),
        ];
        let operators = Operator::ALL.into_iter().filter(|it| *it != Operator::In).collect::<Vec<_>>();
        let of_path = |(path, variable, condition)| (path, Some((variable, condition)));
        let condition = (paths(), name(), boxed()).prop_map(of_path);
        prop_oneof![
            many().prop_map(Expr::And),
            many().prop_map(Expr::Or),
            boxed().prop_map(Expr::Not),
            boxed().prop_map(Expr::Negate),
            (proptest::sample::select(operators), boxed(), boxed())
                .prop_map(|(it, l, r)| Expr::Binary(it, l, r)),
            (boxed(), proptest::collection::vec(literals(), 0..3)).prop_map(|(left, list)| {
                Expr::Binary(Operator::In, left, Box::new(Expr::Literal(Literal::List(list))))
            }),
            (proptest::collection::vec(name(), 0..2), name(), arguments)
                .prop_map(|(on, name, arguments)| Expr::Call(Call { on, name, arguments })),
            (condition, any::<bool>()).prop_map(|((path, condition), all)| {
                let quantifier = if all { Quantifier::All } else { Quantifier::Any };
                Expr::Lambda(Lambda { path, quantifier, condition })
            }),
            paths().prop_map(|path| {
                Expr::Lambda(Lambda { path, quantifier: Quantifier::Any, condition: None })
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same(expr in exprs()) {
        let text = expr.to_string();
        prop_assert_eq!(parse(&text), Ok(expr), "{}", text);
    }

    #[test]
    fn no_text_panics(text in "(\\(|\\)|'|,|/|:|=|@|\\$|-|\\[|\\]|\\{|\\}|\"|[0-9.eE+]|[ a]| eq | and | in |not |any|å|\\PC){0,40}") {
        if let Ok(expr) = parse(&text) {
            prop_assert_eq!(parse(&expr.to_string()).map(|it| it.to_string()), Ok(expr.to_string()));
        }
    }
}
