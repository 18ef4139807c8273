//! The `Prefer` header (RFC 7240), as far as OData (4.0 Protocol 8.2.8) and Dataverse know it.

/// What the client would like. What we do not know or cannot read is ignored, as RFC 7240 2 wants it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefer {
    pub returns: Option<Return>,
    /// Records on a page: at least 1. How many are given at most is the caller's to say.
    pub max_page_size: Option<u32>,
    pub annotations: Annotations,
    pub track_changes: bool,
    /// In a batch: go on behind a request that failed.
    pub continue_on_error: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    Representation,
    Minimal,
}

/// Which annotations the answer is to carry, by `odata.include-annotations`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotations(Vec<Pattern>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    is_wanted: bool,
    /// Without the star.
    name: String,
    has_star: bool,
}

/// Reads the header, or several joined by commas. The first mention of a preference counts (RFC 7240 2).
pub fn parse(header: &str) -> Prefer {
    let mut prefer = Prefer::default();
    let mut has_annotations = false;
    for preference in split(header, ',') {
        // Behind a semicolon stand parameters, of which we know none.
        let own = split(preference, ';').next().unwrap_or_default();
        let (name, value) = own.split_once('=').unwrap_or((own, ""));
        let name = name.trim().to_ascii_lowercase();
        let value = value.trim();
        let value = value.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(value);
        match name.strip_prefix("odata.").unwrap_or(&name) {
            "return" => prefer.returns = prefer.returns.or(returns(value)),
            "maxpagesize" => {
                let size = value.parse().ok().filter(|it| *it > 0);
                prefer.max_page_size = prefer.max_page_size.or(size);
            }
            "include-annotations" if !has_annotations => {
                has_annotations = true;
                prefer.annotations = Annotations(value.split(',').filter_map(pattern).collect());
            }
            "track-changes" => prefer.track_changes = true,
            "continue-on-error" => prefer.continue_on_error = !value.eq_ignore_ascii_case("false"),
            _ => {}
        }
    }
    prefer
}

impl Annotations {
    /// Whether none can be wanted.
    pub fn is_none(&self) -> bool {
        !self.0.iter().any(|it| it.is_wanted)
    }

    /// Whether an annotation such as `OData.Community.Display.V1.FormattedValue` is wanted. The most specific pattern
    /// decides; of equal ones, that which excludes.
    pub fn wants(&self, term: &str) -> bool {
        let fitting =
            self.0.iter().filter(|it| if it.has_star { term.starts_with(&it.name) } else { term == it.name });
        let decides = fitting.max_by_key(|it| (!it.has_star, it.name.len(), !it.is_wanted));
        decides.is_some_and(|it| it.is_wanted)
    }
}

/// At the separators outside of quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |it| {
        is_quoted ^= it == '"';
        it == separator && !is_quoted
    })
}

fn returns(value: &str) -> Option<Return> {
    match value {
        "representation" => Some(Return::Representation),
        "minimal" => Some(Return::Minimal),
        _ => None,
    }
}

/// `*`, `Namespace.*` or `Namespace.Term`, perhaps with a minus before it. A qualifier behind `#` is dropped: our
/// annotations have none.
fn pattern(text: &str) -> Option<Pattern> {
    let text = text.split('#').next().unwrap_or_default().trim();
    let (is_wanted, name) = text.strip_prefix('-').map_or((true, text), |it| (false, it));
    let stem = name.strip_suffix('*').unwrap_or(name);
    let has_star = stem.len() < name.len();
    let fits = if has_star {
        stem.is_empty() || stem.ends_with('.')
    } else {
        stem.contains('.') && !stem.ends_with('.')
    };
    fits.then(|| Pattern { is_wanted, name: stem.to_owned(), has_star })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: &Prefer) {
        assert_eq!(parse(header), *expected, "{header}");
    }

    #[track_caller]
    fn check_annotations(list: &str, wanted: &[&str], unwanted: &[&str]) {
        let annotations = parse(&format!("odata.include-annotations=\"{list}\"")).annotations;
        for term in wanted {
            assert!(annotations.wants(term), "{list} wants {term}");
        }
        for term in unwanted {
            assert!(!annotations.wants(term), "{list} does not want {term}");
        }
    }

    #[test]
    fn preferences_are_read_with_and_without_prefix() {
        let expected = Prefer {
            returns: Some(Return::Representation),
            max_page_size: Some(50),
            track_changes: true,
            continue_on_error: true,
            ..Prefer::default()
        };
        check(
            "return=representation, odata.maxpagesize=50,odata.track-changes, odata.continue-on-error",
            &expected,
        );
        check(
            "Return = \"representation\";x=1,MaxPageSize=50,track-changes,continue-on-error=true",
            &expected,
        );
    }

    #[test]
    fn the_unknown_and_the_unreadable_are_ignored() {
        for header in [
            "",
            ",",
            "respond-async, wait=10",
            "return=all",
            "odata.maxpagesize=0",
            "maxpagesize=-1",
            "\"",
            "=,;=",
        ] {
            check(header, &Prefer::default());
        }
    }

    #[test]
    fn the_first_mention_counts() {
        check(
            "return=minimal,return=representation",
            &Prefer { returns: Some(Return::Minimal), ..Prefer::default() },
        );
    }

    #[test]
    fn a_star_wants_all_annotations() {
        check_annotations("*", &["OData.Community.Display.V1.FormattedValue", "x.y"], &[]);
        check_annotations("-*", &[], &["x.y"]);
        assert!(parse("").annotations.is_none());
        assert!(!parse("odata.include-annotations=*").annotations.is_none());
    }

    #[test]
    fn the_most_specific_pattern_decides() {
        check_annotations(
            "Microsoft.*,-Microsoft.Dynamics.*",
            &["Microsoft.a"],
            &["Microsoft.Dynamics.b", "OData.c"],
        );
        check_annotations("-*,a.b", &["a.b"], &["a.c"]);
        check_annotations("a.b,-a.b", &[], &["a.b"]);
        check_annotations("a.b#second", &["a.b"], &[]);
        check_annotations("Namespace,Namespace.", &[], &["Namespace", "Namespace.a"]);
    }
}
