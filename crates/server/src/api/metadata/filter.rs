//! Whether a `$filter` holds for a definition: expressions over JSON. The type of a property follows from its value.

use super::Refused;
use formats::odata::expr::{Arguments, Call, Lambda, Operator, Quantifier};
use formats::odata::{Expr, Literal};
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// What the names in an expression mean: the properties of one definition, and the variables of lambdas.
#[derive(Clone)]
pub struct Scope<'a> {
    properties: &'a Map<String, Value>,
    variables: Vec<(&'a str, &'a Value)>,
}

impl<'a> Scope<'a> {
    pub fn of(properties: &'a Map<String, Value>) -> Scope<'a> {
        Scope { properties, variables: vec![] }
    }
}

/// Fails for a property that the definition does not have, and for what only records can be asked.
pub fn holds(filter: &Expr, scope: &Scope) -> Result<bool, Refused> {
    match filter {
        Expr::And(all) => {
            for it in all {
                if !holds(it, scope)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Expr::Or(any) => {
            for it in any {
                if holds(it, scope)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Expr::Not(inner) => Ok(!holds(inner, scope)?),
        Expr::Binary(operator, left, right) => compare(*operator, left, right, scope),
        Expr::Lambda(it) => lambda(it, scope),
        Expr::Literal(_) | Expr::Path(_) | Expr::Call(_) | Expr::Negate(_) | Expr::Alias(_) => {
            match value(filter, scope)? {
                Value::Bool(it) => Ok(it),
                _ => Err(Refused::Unreadable("A filter says what is true or false.".into())),
            }
        }
    }
}

/// What an expression comes to; also what `$orderby` sorts by.
pub fn value(expr: &Expr, scope: &Scope) -> Result<Value, Refused> {
    match expr {
        Expr::Literal(it) => Ok(literal(it)),
        Expr::Path(path) => find(path, scope).cloned(),
        Expr::Call(it) => call(it, scope),
        Expr::Negate(inner) => match value(inner, scope)?.as_f64() {
            Some(it) => Ok(Value::from(-it)),
            None => Err(Refused::Unreadable("Only a number has a minus sign.".into())),
        },
        Expr::Alias(name) => Err(Refused::Unreadable(format!("The alias {name} has no value."))),
        Expr::And(_) | Expr::Or(_) | Expr::Not(_) | Expr::Binary(..) | Expr::Lambda(_) => {
            holds(expr, scope).map(Value::Bool)
        }
    }
}

/// Where a path leads. What is not there below a property without a value is no value either.
fn find<'a>(path: &[String], scope: &Scope<'a>) -> Result<&'a Value, Refused> {
    let unknown =
        |name: &str| Refused::Unreadable(format!("Definitions like these have no property “{name}”."));
    let mut steps =
        path.iter().filter(|it| it.as_str() != "$it" && !it.starts_with("Microsoft.Dynamics.CRM."));
    let first = steps.next().ok_or_else(|| unknown("$it"))?;
    let variable = scope.variables.iter().rev().find(|it| it.0 == first).map(|it| it.1);
    let mut at = variable.or_else(|| scope.properties.get(first)).ok_or_else(|| unknown(first))?;
    for step in steps {
        at = match at {
            Value::Object(it) => it.get(step).ok_or_else(|| unknown(step))?,
            Value::Null => &Value::Null,
            _ => return Err(unknown(step)),
        };
    }
    Ok(at)
}

/// Values of enumerations are texts here, with or without the name of their type.
pub fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(it) => Value::Bool(*it),
        Literal::Int(it) => Value::from(*it),
        Literal::Decimal(it) => it.parse::<f64>().map_or(Value::Null, Value::from),
        Literal::Double(it) => Value::from(*it),
        Literal::Text(it) | Literal::Duration(it) | Literal::Enum { member: it, .. } => {
            Value::from(it.as_str())
        }
        Literal::Guid(it) => Value::from(it.to_string()),
        Literal::Date(it) | Literal::DateTimeOffset(it) => Value::from(it.text.as_str()),
        Literal::List(all) => all.iter().map(self::literal).collect(),
        Literal::Object(all) => {
            all.iter().map(|(name, it)| (name.clone(), self::literal(it))).collect::<Map<_, _>>().into()
        }
    }
}

fn compare(operator: Operator, left: &Expr, right: &Expr, scope: &Scope) -> Result<bool, Refused> {
    let (left, right) = (value(left, scope)?, value(right, scope)?);
    let order = || if left.is_null() || right.is_null() { None } else { order(&left, &right) };
    Ok(match operator {
        Operator::Eq => same(&left, &right),
        Operator::Ne => !same(&left, &right),
        Operator::Gt => order() == Some(Ordering::Greater),
        Operator::Ge => order().is_some_and(Ordering::is_ge),
        Operator::Lt => order() == Some(Ordering::Less),
        Operator::Le => order().is_some_and(Ordering::is_le),
        Operator::In => right.as_array().is_some_and(|all| all.iter().any(|it| same(&left, it))),
        // Flags are written with commas between: `Append, Inherit`.
        Operator::Has => match (left.as_str(), right.as_str()) {
            (Some(all), Some(one)) => all.split(',').any(|it| it.trim() == one),
            _ => false,
        },
        Operator::Add | Operator::Sub | Operator::Mul | Operator::Div | Operator::Mod => {
            return Err(Refused::Unreadable("Definitions are not calculated with.".into()));
        }
    })
}

/// A flag of several parts, such as `IsCustomizable`, is the same as its value.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(it), other) | (other, Value::Object(it)) if !other.is_object() => {
            it.get("Value").is_some_and(|it| same(it, other))
        }
        (Value::Number(_), Value::Number(_)) => order(left, right) == Some(Ordering::Equal),
        _ => left == right,
    }
}

/// `None` for values that do not compare. No value comes before all others.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Null, _) => Some(Ordering::Less),
        (_, Value::Null) => Some(Ordering::Greater),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn call(call: &Call, scope: &Scope) -> Result<Value, Refused> {
    let Arguments::Positional(arguments) = &call.arguments else { return Err(unknown(&call.name)) };
    let mut values = Vec::new();
    for it in arguments {
        values.push(value(it, scope)?);
    }
    let text = |at: usize| values.get(at).and_then(Value::as_str);
    let both = || text(0).zip(text(1));
    let name = call.name.to_ascii_lowercase();
    match (name.as_str(), values.len()) {
        ("contains", 2) => Ok(both().is_some_and(|(all, part)| all.contains(part)).into()),
        ("startswith", 2) => Ok(both().is_some_and(|(all, part)| all.starts_with(part)).into()),
        ("endswith", 2) => Ok(both().is_some_and(|(all, part)| all.ends_with(part)).into()),
        ("tolower", 1) => Ok(text(0).map(str::to_lowercase).into()),
        ("toupper", 1) => Ok(text(0).map(str::to_uppercase).into()),
        ("trim", 1) => Ok(text(0).map(str::trim).into()),
        ("length", 1) => Ok(text(0).map(|it| it.chars().count()).into()),
        _ => Err(unknown(&call.name)),
    }
}

fn unknown(function: &str) -> Refused {
    Refused::Unreadable(format!(
        "Definitions are not asked with “{function}”; known are contains, startswith, endswith, tolower, toupper, \
         trim and length."
    ))
}

fn lambda(it: &Lambda, scope: &Scope) -> Result<bool, Refused> {
    let Value::Array(all) = find(&it.path, scope)? else {
        let path = it.path.join("/");
        return Err(Refused::Unreadable(format!("“{path}” is no list that could be searched within.")));
    };
    let Some((name, condition)) = &it.condition else { return Ok(!all.is_empty()) };
    for element in all {
        let mut inner = scope.clone();
        inner.variables.push((name, element));
        match (it.quantifier, holds(condition, &inner)?) {
            (Quantifier::Any, true) => return Ok(true),
            (Quantifier::All, false) => return Ok(false),
            (Quantifier::Any, false) | (Quantifier::All, true) => {}
        }
    }
    Ok(it.quantifier == Quantifier::All)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(filter: &str, expected: Result<bool, &str>) {
        let it = json!({
            "LogicalName": "name", "AttributeType": "String", "IsPrivate": false, "MaxLength": 100,
            "MetadataId": "6f1ed002-ab35-8000-9ae1-000000000001", "Targets": ["account", "contact"],
            "RequiredLevel": { "Value": "None" }, "IsCustomizable": { "Value": true }, "AttributeOf": null,
        });
        let filter = formats::odata::expr::parse(filter).unwrap();
        let found = holds(&filter, &Scope::of(it.as_object().unwrap()));
        assert_eq!(
            found.map_err(|it| it.to_string()).as_ref().map_err(String::as_str),
            expected.as_ref().map_err(|it| *it)
        );
    }

    #[test]
    fn properties_are_compared_with_what_clients_write() {
        check("LogicalName eq 'name' and IsPrivate eq false", Ok(true));
        check("AttributeType ne 'Virtual'", Ok(true));
        check("AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'String'", Ok(true));
        check("MetadataId eq 6F1ED002-AB35-8000-9AE1-000000000001", Ok(true));
        check("RequiredLevel/Value eq Microsoft.Dynamics.CRM.AttributeRequiredLevel'None'", Ok(true));
        check("IsCustomizable eq true and not (IsCustomizable/Value eq false)", Ok(true));
        check("MaxLength gt 99.5 and MaxLength le 100", Ok(true));
        check("AttributeOf eq null and AttributeOf/x eq null", Ok(true));
        check("AttributeOf gt 1 or MaxLength lt 1", Ok(false));
        check("LogicalName in ('a','name')", Ok(true));
    }

    #[test]
    fn texts_and_lists_are_searched() {
        check("contains(LogicalName,'am') and startswith(tolower('NAME'),LogicalName)", Ok(true));
        check("endswith(LogicalName,'x')", Ok(false));
        check("Targets/any(t:t eq 'account')", Ok(true));
        check("Targets/all(t:t eq 'account')", Ok(false));
    }

    #[test]
    fn what_is_not_there_is_refused() {
        check("Nothing eq 1", Err("Definitions like these have no property “Nothing”."));
        check("MaxLength add 1 eq 2", Err("Definitions are not calculated with."));
        check("IsPrivate/any(a:a eq 1)", Err("“IsPrivate” is no list that could be searched within."));
        check("LogicalName", Err("A filter says what is true or false."));
    }
}
