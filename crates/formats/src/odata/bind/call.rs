//! Functions in `$filter`: those of OData on texts, and the query functions of Dataverse.

use super::filter::Sense;
use super::path::Here;
use super::{Binding, given, givens, uncased};
use crate::odata::expr::{Arguments, Call};
use crate::odata::{Expr, Literal};
use crate::question::{BadQuery, Given, Look, Operator, bad, quoted};
use domain::filter::Filter;

/// What stands before the name of a query function.
const NAMESPACES: [&str; 2] = ["microsoft.dynamics.crm.", "mscrm."];

impl<'a> Binding<'a> {
    pub(super) fn called(&mut self, here: &Here<'a>, call: &Call, sense: Sense) -> Result<Filter, BadQuery> {
        let name = call.name.to_ascii_lowercase();
        if let Some(function) = NAMESPACES.iter().find_map(|it| name.strip_prefix(it)) {
            let function = &call.name[call.name.len() - function.len()..];
            return self.asked(here, call, function, sense);
        }
        let look = match name.as_str() {
            "contains" => Look::Contains,
            "startswith" => Look::Begins,
            "endswith" => Look::Ends,
            _ => {
                return bad(format!(
                    "The function {} is not known in filters: known are contains, startswith, endswith, tolower, toupper \
                     and those of Microsoft.Dynamics.CRM.",
                    quoted(&call.name)
                ));
            }
        };
        let Arguments::Positional(arguments) = &call.arguments else {
            return bad(format!("{} takes a column and a text: {}(name,'x').", call.name, call.name));
        };
        let [Expr::Path(path), Expr::Literal(Literal::Text(text))] =
            [arguments.first(), arguments.get(1)].map(|it| it.map_or(&NOTHING, uncased))
        else {
            return bad(format!("{} takes a column and a text: {}(name,'x').", call.name, call.name));
        };
        if arguments.len() != 2 || !call.on.is_empty() {
            return bad(format!("{} takes a column and a text: {}(name,'x').", call.name, call.name));
        }
        let (steps, field) = self.reach(here, path)?;
        self.told(&steps, &field, Operator::Text(look), &[Given::Text(text.clone())], sense)
    }

    /// `Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)`.
    fn asked(
        &mut self,
        here: &Here<'a>,
        call: &Call,
        function: &str,
        sense: Sense,
    ) -> Result<Filter, BadQuery> {
        let operator = Operator::of_function(function)?;
        let Arguments::Named(arguments) = &call.arguments else {
            return bad(format!("{function} takes its arguments by name: {function}(PropertyName='…')."));
        };
        let mut column = None;
        let mut values: Vec<Given> = Vec::new();
        for (name, value) in arguments {
            match (name.to_ascii_lowercase().as_str(), value) {
                ("propertyname", Expr::Literal(Literal::Text(name))) => column = Some(name),
                ("propertyvalue" | "propertyvalues", Expr::Literal(Literal::List(all))) => {
                    values.extend(givens(all)?);
                }
                ("propertyvalue" | "propertyvalue1" | "propertyvalue2", Expr::Literal(literal)) => {
                    values.push(given(literal)?);
                }
                _ => {
                    return bad(format!(
                        "{function} takes PropertyName='…' and PropertyValue or PropertyValues, not {} so.",
                        quoted(name)
                    ));
                }
            }
        }
        let Some(column) = column else {
            return bad(format!("{function} needs to know the column: PropertyName='…'."));
        };
        let names = column.split('/').map(str::to_owned);
        let path: Vec<String> = match &here.variable {
            // Inside a lambda the variable stands before the function, or nowhere.
            Some(variable) if call.on.is_empty() && !column.starts_with(&format!("{variable}/")) => {
                std::iter::once(variable.clone()).chain(names).collect()
            }
            _ => call.on.iter().cloned().chain(names).collect(),
        };
        let (steps, field) = self.reach(here, &path)?;
        self.told(&steps, &field, operator, &values, sense)
    }
}

const NOTHING: Expr = Expr::Literal(Literal::Null);
