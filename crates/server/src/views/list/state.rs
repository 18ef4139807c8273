//! How a list is arranged, as its address says it.

use crate::views::escaped;
use domain::filter::Direction;
use domain::id::RecordRef;
use domain::view::Condition;

/// What somebody arranged, on top of a saved view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The saved view it began with; `None`: the one that lists of the type open with.
    pub view: Option<RecordRef>,
    /// Words that must begin words of the record.
    pub words: String,
    /// `None`: those of the view.
    pub conditions: Option<Vec<Condition>>,
    /// `None`: as the view has it.
    pub order: Option<(String, Direction)>,
    /// `None`: those of the view, or what the reader chose.
    pub columns: Option<Vec<String>>,
    /// Where the page begins.
    pub after: Option<String>,
    /// The column for which a condition is being made.
    pub adding: Option<String>,
}

impl State {
    /// What makes no sense is left out.
    pub fn read(fields: &[(String, String)]) -> State {
        let mut state = State::default();
        for (name, value) in fields {
            match name.as_str() {
                "view" => state.view = value.parse().ok(),
                "q" => value.trim().clone_into(&mut state.words),
                "own" => _ = state.conditions.get_or_insert_default(),
                "f" => state.conditions.get_or_insert_default().extend(condition(value)),
                "sort" => state.order = order(value),
                "cols" => state.columns = Some(value.split(',').map(str::to_owned).collect()),
                "after" => state.after = Some(value.clone()),
                "add" => state.adding = Some(value.clone()).filter(|it| !it.is_empty()),
                _ => {}
            }
        }
        state
    }

    /// Out of a query string, as a form carries it along.
    pub fn of_query(query: &str) -> State {
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        State::read(&fields)
    }

    /// As a query string, without the page.
    pub fn query(&self) -> String {
        let mut parts = vec![];
        let mut part = |name: &str, value: &str| parts.push(format!("{name}={}", escaped(value)));
        if let Some(view) = &self.view {
            part("view", &view.to_string());
        }
        if !self.words.is_empty() {
            part("q", &self.words);
        }
        match self.conditions.as_deref() {
            None => {}
            Some([]) => part("own", "1"),
            Some(all) => all.iter().for_each(|it| part("f", &written(it))),
        }
        if let Some((column, direction)) = &self.order {
            let sign = if *direction == Direction::Descending { "-" } else { "" };
            part("sort", &format!("{sign}{column}"));
        }
        if let Some(columns) = &self.columns {
            part("cols", &columns.join(","));
        }
        if let Some(column) = &self.adding {
            part("add", column);
        }
        parts.join("&")
    }

    /// The address of the list of this type, from its first page.
    pub fn address(&self, entity: &str) -> String {
        let query = self.query();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/records/{entity}{mark}{query}")
    }

    /// The address of the page that begins there.
    pub fn page(&self, entity: &str, after: &str) -> String {
        let address = self.address(entity);
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}after={}", escaped(after))
    }
}

/// `-createdon`; `down`: by name, from the end.
fn order(text: &str) -> Option<(String, Direction)> {
    match text.strip_prefix('-') {
        Some(column) => Some((column.to_owned(), Direction::Descending)),
        None => Some((text.to_owned(), Direction::Ascending)).filter(|it| !it.0.is_empty()),
    }
}

/// `address1_city~contains~Malmö`; several values are numbers or keys, with commas between.
fn written(it: &Condition) -> String {
    let mut parts = vec![it.column.as_str(), it.operator.as_str()];
    let values = it.values.join(",");
    if !it.values.is_empty() {
        parts.push(&values);
    }
    parts.join("~")
}

fn condition(text: &str) -> Option<Condition> {
    let mut parts = text.splitn(3, '~');
    let (column, operator) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let several = matches!(
        operator.as_str(),
        "in" | "not-in" | "contain-values" | "not-contain-values" | "between" | "not-between"
    );
    let values = match parts.next() {
        None => vec![],
        Some(all) if several => all.split(',').map(str::to_owned).collect(),
        Some(only) => vec![only.to_owned()],
    };
    Some(Condition { column, operator, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str) {
        assert_eq!(State::of_query(query).query(), query);
    }

    #[test]
    fn what_is_arranged_survives_in_the_address() {
        check("");
        check("view=savedquery%2F00000000-0000-0000-0000-000000000000&q=a%26b&sort=-createdon");
        check("own=1");
        check("f=address1_city%7Econtains%7EMalm%C3%B6%7E&f=industrycode%7Ein%7E1%2C7&f=ownerid%7Eeq-userid");
        check("cols=name%2Caddress1_city&add=createdon");
    }

    #[test]
    fn nonsense_arranges_nothing() {
        assert_eq!(
            State::of_query("view=7&f=x&sort=&what=ever"),
            State { conditions: Some(vec![]), ..State::default() }
        );
    }

    #[test]
    fn a_page_stands_behind_what_is_arranged() {
        assert_eq!(State::default().page("account", "x"), "/records/account?after=x");
        assert_eq!(State::of_query("q=a").page("account", "x"), "/records/account?q=a&after=x");
    }
}
