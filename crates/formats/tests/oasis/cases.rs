//! Reads as much YAML as the file of test cases uses: a list of entries with scalars, some over several lines.

use std::fmt;

#[derive(Debug, Default)]
pub struct Case {
    pub name: String,
    pub rule: String,
    pub input: String,
    pub is_positive: bool,
}

impl fmt::Display for Case {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{}] “{}”: {}", self.rule, self.name, self.input)
    }
}

pub fn read(text: &str) -> Vec<Case> {
    let lines = text.lines().skip_while(|it| *it != "TestCases:").skip(1);
    let mut cases: Vec<Case> = Vec::new();
    let mut entry: Vec<(String, String)> = Vec::new();
    for line in lines.filter(|it| !it.trim_start().starts_with("# ")) {
        if let Some(first) = line.strip_prefix("  - ") {
            cases.extend(case(&entry));
            entry = pair(first).into_iter().collect();
        } else if let Some(pair) = line.strip_prefix("    ").filter(|it| !it.starts_with(' ')).and_then(pair)
        {
            entry.push(pair);
        } else if let Some((_, value)) = entry.last_mut() {
            // A scalar goes on: its lines are joined by a space, unless a backslash says otherwise.
            match value.strip_suffix('\\').map(str::to_owned) {
                Some(open) => *value = open,
                None if !value.is_empty() && !line.trim().is_empty() => value.push(' '),
                None => {}
            }
            value.push_str(line.trim());
        }
    }
    cases.extend(case(&entry));
    cases
}

fn pair(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(':')?;
    Some((key.to_owned(), value.trim().to_owned()))
}

fn case(entry: &[(String, String)]) -> Option<Case> {
    let get = |key: &str| entry.iter().find(|it| it.0 == key).map(|it| scalar(&it.1));
    Some(Case {
        name: get("Name")?,
        rule: get("Rule")?,
        input: get("Input")?,
        is_positive: get("FailAt").is_none(),
    })
}

fn scalar(text: &str) -> String {
    let inside = |quote: char| text.strip_prefix(quote).and_then(|it| it.strip_suffix(quote));
    if let Some(text) = inside('\'') {
        return text.replace("''", "'");
    }
    match inside('"') {
        Some(text) => text.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_owned(),
    }
}
