//! Saved views: a list as FetchXML, and FetchXML as a list, as far as it says no more than a list can show.

use super::tree::{self, Node};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::Direction;
use domain::record::Value;
use domain::view::{Condition, View};
use quick_xml::escape::escape;
use std::fmt::Write;

/// The view as a question that [`super::read`] understands. `def` is the type's.
pub fn write(view: &View, def: &EntityDef) -> String {
    let mut xml = String::from("<fetch version=\"1.0\" mapping=\"logical\">");
    // Writing to a String cannot fail.
    let _ = write!(xml, "<entity name=\"{}\">", escape(&*view.entity));
    for column in std::iter::once(&def.key_column()).chain(&view.columns) {
        let _ = write!(xml, "<attribute name=\"{}\" />", escape(&**column));
    }
    if let Some((column, direction)) = &view.order {
        let descending = *direction == Direction::Descending;
        let _ = write!(xml, "<order attribute=\"{}\" descending=\"{descending}\" />", escape(&**column));
    }
    if !view.conditions.is_empty() {
        xml.push_str("<filter type=\"and\">");
        for it in &view.conditions {
            condition(&mut xml, it);
        }
        xml.push_str("</filter>");
    }
    xml.push_str("</entity></fetch>");
    xml
}

fn condition(xml: &mut String, it: &Condition) {
    let (column, operator) = (escape(&*it.column), escape(&*it.operator));
    let _ = write!(xml, "<condition attribute=\"{column}\" operator=\"{operator}\"");
    match it.values.as_slice() {
        [] => xml.push_str(" />"),
        // As an attribute a line break would not come back.
        [only] if !only.contains(['\n', '\r', '\t']) => {
            let _ = write!(xml, " value=\"{}\" />", escape(&**only));
        }
        all => {
            xml.push('>');
            for value in all {
                let _ = write!(xml, "<value>{}</value>", escape(&**value));
            }
            xml.push_str("</condition>");
        }
    }
}

/// The columns as Dataverse's `layoutxml` names them, for clients that show views.
pub fn layout(view: &View, def: &EntityDef) -> String {
    let primary = std::iter::once(&def.primary).filter(|it| !view.columns.contains(it));
    let cell = |name: &String| format!("<cell name=\"{}\" width=\"150\" />", escape(&**name));
    let cells: String = primary.chain(&view.columns).map(cell).collect();
    let (key, jump) = (def.key_column(), &def.primary);
    format!(
        "<grid name=\"resultset\" jump=\"{jump}\" select=\"1\" icon=\"1\" preview=\"1\">\
         <row name=\"result\" id=\"{key}\">{cells}</row></grid>"
    )
}

/// The list that the question describes; `None` when it says more than a list can show (other types, “or”, totals), or is
/// no question.
pub fn view(xml: &str) -> Option<View> {
    let fetch = tree::read(xml).ok().filter(|it| it.name == "fetch")?;
    let plain = ["aggregate", "distinct", "top"].iter().all(|it| !fetch.says(it).unwrap_or(true));
    let entity = fetch.all("entity").next().filter(|_| plain && fetch.children.len() == 1)?;
    let mut view = View::of(entity.get("name")?);
    for child in &entity.children {
        match child.name.as_str() {
            "attribute" if child.get("alias").is_none() => view.columns.push(child.get("name")?.to_owned()),
            "order" if view.order.is_none() => {
                let descending = child.says("descending").ok()?;
                let direction = if descending { Direction::Descending } else { Direction::Ascending };
                view.order = Some((child.get("attribute")?.to_owned(), direction));
            }
            "filter" => conditions(child, &mut view)?,
            _ => return None,
        }
    }
    Some(view)
}

fn conditions(filter: &Node, view: &mut View) -> Option<()> {
    let all_hold = matches!(filter.get("type"), None | Some("and" | ""));
    if !all_hold && filter.children.len() > 1 {
        return None;
    }
    for child in &filter.children {
        let other = ["entityname", "valueof"].iter().any(|it| child.get(it).is_some());
        if child.name == "filter" {
            conditions(child, view)?;
        } else if child.name == "condition" && !other {
            let first = child.get("value").map(str::to_owned);
            view.conditions.push(Condition {
                column: child.get("attribute")?.to_owned(),
                operator: child.get("operator")?.to_owned(),
                values: first.into_iter().chain(child.all("value").map(|it| it.text.clone())).collect(),
            });
        } else {
            return None;
        }
    }
    Some(())
}

/// A value as a condition writes it; `None` for nothing, and for what no condition speaks of.
pub fn written(kind: &FieldKind, value: &Value) -> Option<String> {
    Some(match (kind, value) {
        (FieldKind::Money, Value::Int(it)) => decimal(*it, 4),
        (FieldKind::Decimal, Value::Int(it)) => decimal(*it, 6),
        (_, Value::Int(it)) => it.to_string(),
        (_, Value::Float(it)) => it.to_string(),
        (_, Value::Bool(it)) => u8::from(*it).to_string(),
        (_, Value::Text(it)) => it.clone(),
        (_, Value::Time(it)) => it.to_string().chars().take(10).collect(),
        (_, Value::Ref(it)) => it.id.to_string(),
        (_, Value::Choices(all)) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        (_, Value::Null | Value::Bytes(_)) => return None,
    })
}

fn decimal(number: i64, places: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = places + 1);
    let (whole, parts) = digits.split_at(digits.len() - places);
    let parts = parts.trim_end_matches('0');
    if parts.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{parts}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::samples;
    use domain::entity::Catalog;

    #[track_caller]
    fn check(view: &View) {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get(&view.entity).unwrap();
        let xml = write(view, def);
        let mut back = super::view(&xml).unwrap();
        assert_eq!(back.columns.remove(0), def.key_column());
        assert_eq!(back, *view, "{xml}");
        let asked = super::super::read(&xml, &catalog, &samples::asker());
        assert!(asked.is_ok(), "{xml}: {asked:?}");
    }

    fn condition(column: &str, operator: &str, values: &[&str]) -> Condition {
        let values = values.iter().map(|it| (*it).to_owned()).collect();
        Condition { column: column.into(), operator: operator.into(), values }
    }

    #[test]
    fn a_list_survives_being_saved() {
        check(&View::of("account"));
        check(&View {
            columns: vec!["name".into(), "address1_city".into()],
            conditions: vec![
                condition("name", "contains", &["Bengtsson & \"Co\" <AB>"]),
                condition("address1_city", "eq", &["two\nlines"]),
                condition("industrycode", "in", &["1", "2"]),
                condition("ownerid", "eq-useroruserteams", &[]),
                condition("createdon", "last-x-days", &["7"]),
                condition("revenue", "ge", &["12500.5"]),
            ],
            order: Some(("createdon".into(), Direction::Descending)),
            ..View::of("account")
        });
    }

    #[test]
    fn what_comes_with_the_product_can_be_asked() {
        let catalog = Catalog::standard().unwrap();
        for def in domain::view::listed(&catalog) {
            for it in domain::view::ready(def) {
                check(&it.view(def));
            }
        }
    }

    #[test]
    fn what_a_list_cannot_show_is_no_list() {
        for xml in [
            "no question",
            "<fetch aggregate='true'><entity name='account'><attribute name='name' alias='n' aggregate='count'/></entity></fetch>",
            "<fetch><entity name='account'><filter type='or'><condition attribute='a' operator='null'/><condition attribute='b' operator='null'/></filter></entity></fetch>",
            "<fetch><entity name='account'><link-entity name='contact' from='parentcustomerid' to='accountid'/></entity></fetch>",
            "<fetch><entity name='account'><filter><condition attribute='a' operator='eq' valueof='b'/></filter></entity></fetch>",
        ] {
            assert_eq!(view(xml), None, "{xml}");
        }
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        assert_eq!(written(&FieldKind::Money, &Value::Int(125_005_000)).as_deref(), Some("12500.5"));
        assert_eq!(written(&FieldKind::Money, &Value::Int(-1)).as_deref(), Some("-0.0001"));
        assert_eq!(written(&FieldKind::Decimal, &Value::Int(2_000_000)).as_deref(), Some("2"));
        assert_eq!(written(&FieldKind::Boolean, &Value::Bool(true)).as_deref(), Some("1"));
        assert_eq!(written(&FieldKind::Text, &Value::Null), None);
    }
}
