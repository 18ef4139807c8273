//! Reads a statement from its words, clause by clause.

use super::syntax::{Column, Item, Joined, Select, Table, Term};
use super::words::Word;
use crate::question::{BadQuery, DEEPEST, MOST_CONDITIONS, MOST_JOINS, MOST_SHOWN, MOST_VALUES, bad, quoted};
use domain::ask::{DatePart, Function, JoinKind};

pub(super) struct Reader {
    words: std::vec::IntoIter<Word>,
    pub depth: usize,
    pub conditions: usize,
    pub values: usize,
}

/// Words that end a name without AS.
const KEYWORDS: [&str; 21] = [
    "from", "where", "group", "order", "by", "having", "join", "inner", "left", "right", "full", "cross",
    "outer", "on", "union", "offset", "fetch", "as", "and", "or", "not",
];

impl Reader {
    pub fn new(words: Vec<Word>) -> Reader {
        Reader { words: words.into_iter(), depth: DEEPEST, conditions: MOST_CONDITIONS, values: MOST_VALUES }
    }

    pub fn peek(&self) -> Option<&Word> {
        self.words.as_slice().first()
    }

    pub fn next(&mut self) -> Option<Word> {
        self.words.next()
    }

    fn is(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Word::Bare(word)) if word.eq_ignore_ascii_case(keyword))
    }

    pub fn eat(&mut self, keyword: &str) -> bool {
        let found = self.is(keyword);
        if found {
            self.next();
        }
        found
    }

    pub fn need(&mut self, keyword: &str) -> Result<(), BadQuery> {
        if self.eat(keyword) { Ok(()) } else { Err(self.expected(&keyword.to_uppercase())) }
    }

    pub fn eat_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Word::Sign(it)) if *it == sign);
        if found {
            self.next();
        }
        found
    }

    pub fn need_sign(&mut self, sign: &str) -> Result<(), BadQuery> {
        if self.eat_sign(sign) { Ok(()) } else { Err(self.expected(&format!("“{sign}”"))) }
    }

    pub fn expected(&self, what: &str) -> BadQuery {
        let found = match self.peek() {
            None => "the query ends".to_owned(),
            Some(Word::Bare(it) | Word::Name(it) | Word::Number(it)) => format!("{} follows", quoted(it)),
            Some(Word::Text(it)) => format!("{} follows", quoted(&format!("'{it}'"))),
            Some(Word::Sign(it)) => format!("“{it}” follows"),
        };
        BadQuery(format!("Expected {what}, but {found}."))
    }

    /// The whole of it, up to the end.
    pub fn select(mut self) -> Result<Select, BadQuery> {
        if !self.eat("select") {
            return bad("Only SELECT is read here.");
        }
        let mut select = Select { distinct: self.eat("distinct"), ..Select::default() };
        if self.eat("top") {
            let in_brackets = self.eat_sign("(");
            select.top = Some(self.count()?);
            if in_brackets {
                self.need_sign(")")?;
            }
            if self.is("percent") || self.is("with") {
                return bad("TOP takes a number of rows alone.");
            }
        }
        select.items = self.list(Reader::item)?;
        self.need("from")?;
        select.from = self.table()?;
        while let Some(joined) = self.join()? {
            select.joins.push(joined);
            if select.joins.len() > MOST_JOINS {
                return bad(format!("A query joins at most {MOST_JOINS} tables."));
            }
        }
        if self.eat("where") {
            select.filter = Some(self.condition()?);
        }
        if self.eat("group") {
            self.need("by")?;
            select.groups = self.list(Reader::term)?;
        }
        if self.is("having") {
            return bad("HAVING is not read here: filter the totals where they are used.");
        }
        if self.eat("order") {
            self.need("by")?;
            select.order = self.list(|it| {
                let term = it.term()?;
                let descending = it.eat("desc");
                if !descending {
                    it.eat("asc");
                }
                Ok((term, descending))
            })?;
            self.page(&mut select)?;
        }
        self.eat_sign(";");
        match self.peek() {
            None => Ok(select),
            Some(Word::Bare(word)) if word.eq_ignore_ascii_case("union") => bad("UNION is not read here."),
            Some(_) => Err(self.expected("the end of the query")),
        }
    }

    /// `OFFSET 50 ROWS FETCH NEXT 25 ROWS ONLY`
    fn page(&mut self, select: &mut Select) -> Result<(), BadQuery> {
        let rows = |it: &mut Reader| if it.eat("row") { Ok(()) } else { it.need("rows") };
        if !self.eat("offset") {
            return Ok(());
        }
        select.offset = self.count()?;
        rows(self)?;
        if self.eat("fetch") {
            if !self.eat("first") {
                self.need("next")?;
            }
            select.fetch = Some(self.count()?);
            rows(self)?;
            self.need("only")?;
        }
        Ok(())
    }

    fn list<T>(&mut self, each: impl Fn(&mut Reader) -> Result<T, BadQuery>) -> Result<Vec<T>, BadQuery> {
        let mut all = vec![each(self)?];
        while self.eat_sign(",") {
            all.push(each(self)?);
            if all.len() > MOST_SHOWN {
                return bad(format!("A query names at most {MOST_SHOWN} columns."));
            }
        }
        Ok(all)
    }

    fn count(&mut self) -> Result<u32, BadQuery> {
        let number = match self.peek() {
            Some(Word::Number(text)) => text.parse().ok(),
            _ => None,
        };
        let number = number.ok_or_else(|| self.expected("a number of rows"))?;
        self.next();
        Ok(number)
    }

    /// A name that is no keyword.
    fn name(&mut self, what: &str) -> Result<String, BadQuery> {
        match self.peek() {
            Some(Word::Bare(word)) if !KEYWORDS.iter().any(|it| word.eq_ignore_ascii_case(it)) => {}
            Some(Word::Name(_)) => {}
            _ => return Err(self.expected(what)),
        }
        match self.next() {
            Some(Word::Bare(name) | Word::Name(name)) => Ok(name),
            _ => Err(self.expected(what)),
        }
    }

    fn table(&mut self) -> Result<Table, BadQuery> {
        if self.eat_sign("(") {
            return bad("Queries within queries are not read here.");
        }
        let mut entity = self.name("a table")?;
        // The schema in front says nothing.
        if self.eat_sign(".") {
            entity = self.name("a table")?;
        }
        let is_named = self.eat("as");
        let name = match self.peek() {
            Some(Word::Name(_)) => self.name("a name")?,
            Some(Word::Bare(word))
                if is_named || !KEYWORDS.iter().any(|it| word.eq_ignore_ascii_case(it)) =>
            {
                self.name("a name for the table")?
            }
            _ if is_named => return Err(self.expected("a name for the table")),
            _ => entity.clone(),
        };
        Ok(Table { entity, name })
    }

    fn join(&mut self) -> Result<Option<Joined>, BadQuery> {
        for unknown in ["right", "full", "cross"] {
            if self.is(unknown) {
                return bad(format!(
                    "{} JOIN is not read here: JOIN and LEFT JOIN are.",
                    unknown.to_uppercase()
                ));
            }
        }
        if self.peek() == Some(&Word::Sign(",")) {
            return bad("Tables are joined with JOIN … ON, not with a comma.");
        }
        let kind = if self.eat("left") {
            self.eat("outer");
            JoinKind::Outer
        } else if self.is("inner") || self.is("join") {
            self.eat("inner");
            JoinKind::Inner
        } else {
            return Ok(None);
        };
        self.need("join")?;
        let table = self.table()?;
        self.need("on")?;
        Ok(Some(Joined { kind, table, on: self.condition()? }))
    }

    fn item(&mut self) -> Result<Item, BadQuery> {
        if self.eat_sign("*") {
            return Ok(Item::All(None));
        }
        if let (Some(Word::Bare(table) | Word::Name(table)), Some(Word::Sign(".")), Some(Word::Sign("*"))) =
            self.three()
        {
            let table = table.clone();
            self.words.nth(2);
            return Ok(Item::All(Some(table)));
        }
        let term = self.term()?;
        let is_named = self.eat("as");
        let name = match self.peek() {
            Some(Word::Text(_)) => match self.next() {
                Some(Word::Text(text)) => Some(text),
                _ => None,
            },
            Some(Word::Name(_)) => Some(self.name("a name")?),
            Some(Word::Bare(word))
                if is_named || !KEYWORDS.iter().any(|it| word.eq_ignore_ascii_case(it)) =>
            {
                Some(self.name("a name for the column")?)
            }
            _ if is_named => return Err(self.expected("a name for the column")),
            _ => None,
        };
        Ok(Item::Term(term, name))
    }

    fn three(&self) -> (Option<&Word>, Option<&Word>, Option<&Word>) {
        let words = self.words.as_slice();
        (words.first(), words.get(1), words.get(2))
    }

    /// A column, a total or a part of a date.
    fn term(&mut self) -> Result<Term, BadQuery> {
        let (Some(Word::Bare(name)), Some(Word::Sign("(")), _) = self.three() else {
            return self.column().map(Term::Column);
        };
        let name = name.to_ascii_lowercase();
        let part = match name.as_str() {
            "year" => Some(DatePart::Year),
            "month" => Some(DatePart::Month),
            "day" => Some(DatePart::Day),
            _ => None,
        };
        let is_total = ["count", "sum", "avg", "min", "max"].contains(&name.as_str());
        if part.is_none() && !is_total {
            return bad(format!(
                "The function {} is not known: COUNT, SUM, AVG, MIN, MAX, YEAR, MONTH and DAY are.",
                quoted(&name)
            ));
        }
        self.words.nth(1);
        if name == "count" && self.eat_sign("*") {
            self.need_sign(")")?;
            return Ok(Term::Total(Function::Count, None));
        }
        let distinct = is_total && self.eat("distinct");
        let column = self.column()?;
        self.need_sign(")")?;
        match (part, name.as_str(), distinct) {
            (Some(part), ..) => Ok(Term::Part(part, column)),
            (None, "count", true) => Ok(Term::Total(Function::CountDistinct, Some(column))),
            (None, "count", false) => Ok(Term::Total(Function::CountColumn, Some(column))),
            (None, "sum", false) => Ok(Term::Total(Function::Sum, Some(column))),
            (None, "avg", false) => Ok(Term::Total(Function::Average, Some(column))),
            (None, "min", _) => Ok(Term::Total(Function::Min, Some(column))),
            (None, "max", _) => Ok(Term::Total(Function::Max, Some(column))),
            (None, ..) => bad("DISTINCT stands in COUNT(DISTINCT …) alone."),
        }
    }

    pub fn column(&mut self) -> Result<Column, BadQuery> {
        let name = self.name("a column")?;
        if !self.eat_sign(".") {
            return Ok(Column { table: None, name });
        }
        Ok(Column { table: Some(name), name: self.name("a column")? })
    }
}
