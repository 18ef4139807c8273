//! Which crate may use which, read from the Cargo.toml files.

use super::{Rule, files};
use anyhow::{Context, Result};
use std::path::Path;
use toml::{Table, Value};

/// Each crate with those below it that it may use.
const MAP: [(&str, &[&str]); 6] = [
    ("domain", &[]),
    ("formats", &["domain"]),
    ("store", &["domain"]),
    ("connect", &["domain", "formats"]),
    ("app", &["domain", "formats", "store", "connect"]),
    ("server", &["domain", "formats", "store", "connect", "app"]),
];

/// Libraries that one crate alone may name.
const HOME: [(&str, &[&str]); 3] = [
    (
        "store",
        &[
            "rusqlite",
            "libsqlite3-sys",
            "tokio-postgres",
            "postgres",
            "deadpool-postgres",
            "sea-query",
            "sqlx",
        ],
    ),
    ("connect", &["async-imap", "imap-proto", "imap"]),
    ("server", &["axum", "axum-extra", "maud", "hyper", "tower-http"]),
];

const PURE_CRATES: [&str; 2] = ["domain", "formats"];

/// What brings time, chance, threads or the outer world into a pure crate.
const IMPURE_LIBRARIES: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "rand",
    "rand_core",
    "fastrand",
    "getrandom",
    "reqwest",
    "ureq",
    "hyper",
    "tempfile",
];
const IMPURE_FEATURES: [(&str, &[&str]); 2] =
    [("uuid", &["v1", "v4", "v6", "v7", "fast-rng"]), ("chrono", &["clock", "now", "default"])];
const IMPURE_CODE: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "std::fs",
    "std::net",
    "std::process",
    "std::env::",
    "std::thread",
];

pub const EDGES: Rule = Rule {
    name: "A crate uses only the crates below it",
    advice: "Move the code to where it may be used, or pass the value in. The map is in ARCHITECTURE.md and in \
             xtask/src/tidy/edges.rs.",
    find: |root| {
        let mut findings = Vec::new();
        for manifest in manifests(root)? {
            let Some((_, allowed)) = MAP.iter().find(|it| it.0 == manifest.name) else {
                findings.push(format!("{}: is not on the map; a seventh crate must pay rent", manifest.path));
                continue;
            };
            let ours = manifest.uses.iter().filter(|used| MAP.iter().any(|it| it.0 == used.name));
            // A crate may use itself: so its own tests turn on a feature.
            let wrong = ours.filter(|it| it.name != manifest.name && !allowed.contains(&it.name.as_str()));
            findings.extend(
                wrong.map(|it| format!("{}: {} must not use {}", manifest.path, manifest.name, it.name)),
            );
        }
        Ok(findings)
    },
};

pub const HOMES: Rule = Rule {
    name: "Databases are met in store, mail servers in connect, browsers in server",
    advice: "Call a function of that crate instead of the library.",
    find: |root| {
        let mut findings = Vec::new();
        for manifest in manifests(root)? {
            for (home, libraries) in HOME.iter().filter(|it| it.0 != manifest.name) {
                let wrong = manifest.uses.iter().filter(|it| libraries.contains(&it.name.as_str()));
                findings.extend(wrong.map(|it| format!("{}: {} belongs to {home}", manifest.path, it.name)));
            }
        }
        Ok(findings)
    },
};

pub const PURE: Rule = Rule {
    name: "domain and formats know no clock, no chance and no outer world",
    advice: "Let time, ids and files enter as values from app.",
    find: |root| {
        let mut findings = Vec::new();
        for manifest in manifests(root)?.iter().filter(|it| PURE_CRATES.contains(&it.name.as_str())) {
            findings.extend(
                manifest.uses.iter().filter_map(impurity).map(|it| format!("{}: {it}", manifest.path)),
            );
        }
        for name in PURE_CRATES {
            let files = files(root, &format!("crates/{name}/src"), "rs")?;
            for file in files.iter().filter(|it| !it.is_tests) {
                for (at, line) in file.source().without_tests().lines().enumerate() {
                    let impure = IMPURE_CODE.iter().find(|it| line.contains(**it));
                    findings.extend(impure.map(|it| format!("{}:{}: {it}", file.path, at + 1)));
                }
            }
        }
        Ok(findings)
    },
};

fn impurity(used: &Use) -> Option<String> {
    if IMPURE_LIBRARIES.contains(&used.name.as_str()) {
        return Some(used.name.clone());
    }
    let (_, features) = IMPURE_FEATURES.iter().find(|it| it.0 == used.name)?;
    let feature = used.features.iter().find(|it| features.contains(&it.as_str()))?;
    Some(format!("{} with the feature {feature:?}", used.name))
}

struct Manifest {
    name: String,
    path: String,
    uses: Vec<Use>,
}

/// A dependency, also one of tests and build scripts.
#[derive(Debug, PartialEq)]
struct Use {
    name: String,
    /// With those of the workspace; `default` unless it is turned off.
    features: Vec<String>,
}

fn manifests(root: &Path) -> Result<Vec<Manifest>> {
    let workspace = std::fs::read_to_string(root.join("Cargo.toml")).context("Reading Cargo.toml")?;
    let workspace: Table = workspace.parse().context("Understanding Cargo.toml")?;
    let shared = workspace.get("workspace").and_then(|it| it.get("dependencies")).and_then(Value::as_table);
    let shared = shared.context("Cargo.toml has no workspace.dependencies")?;
    let mut manifests = Vec::new();
    for file in files(root, "crates", "toml")?.into_iter().filter(|it| it.path.ends_with("/Cargo.toml")) {
        let table: Table = file.text.parse().with_context(|| format!("Understanding {}", file.path))?;
        let name =
            table.get("package").and_then(|it| it.get("name")).and_then(Value::as_str).unwrap_or_default();
        manifests.push(Manifest { name: name.to_owned(), path: file.path, uses: uses(&table, shared) });
    }
    Ok(manifests)
}

fn uses(manifest: &Table, shared: &Table) -> Vec<Use> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let places = targets.filter_map(Value::as_table).chain([manifest]);
    places
        .flat_map(|place| {
            ["dependencies", "dev-dependencies", "build-dependencies"]
                .map(|kind| place.get(kind).and_then(Value::as_table))
        })
        .flatten()
        .flatten()
        .map(|(name, wish)| one_use(name, wish, shared))
        .collect()
}

fn one_use(name: &str, wish: &Value, shared: &Table) -> Use {
    let inherits = wish.get("workspace").and_then(Value::as_bool) == Some(true);
    let base = if inherits { shared.get(name) } else { None };
    let mut features = Vec::new();
    let says_default = base.unwrap_or(wish).get("default-features").and_then(Value::as_bool);
    if says_default != Some(false) {
        features.push("default".to_owned());
    }
    for source in base.into_iter().chain([wish]) {
        let listed = source.get("features").and_then(Value::as_array).into_iter().flatten();
        features.extend(listed.filter_map(Value::as_str).map(str::to_owned));
    }
    let name = wish.get("package").or_else(|| base?.get("package")).and_then(Value::as_str).unwrap_or(name);
    Use { name: name.to_owned(), features }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(manifest: &str, expected: &[(&str, &[&str])]) {
        let shared =
            "uuid = { version = \"1\", default-features = false, features = [\"std\"] }\ntoml = \"0.9\"";
        let found = uses(&manifest.parse().unwrap(), &shared.parse().unwrap());
        let mut found: Vec<_> = found.into_iter().map(|it| (it.name, it.features)).collect();
        found.sort();
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, features)| {
                ((*name).to_owned(), features.iter().map(|it| (*it).to_owned()).collect())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn features_of_the_workspace_and_of_the_crate_come_together() {
        check(
            "[dependencies]\nuuid = { workspace = true, features = [\"v4\"] }\ntoml.workspace = true",
            &[("toml", &["default"]), ("uuid", &["std", "v4"])],
        );
    }

    #[test]
    fn dependencies_of_tests_and_targets_count_and_renaming_hides_nothing() {
        check(
            "[dev-dependencies]\ntokio = \"1\"\n[target.'cfg(unix)'.dependencies]\nx = { package = \"rand\", version = \"1\" }",
            &[("rand", &["default"]), ("tokio", &["default"])],
        );
    }

    #[test]
    fn a_clock_and_random_keys_are_impure() {
        let with = |name: &str, features: &[&str]| {
            impurity(&Use {
                name: name.into(),
                features: features.iter().map(|it| (*it).to_owned()).collect(),
            })
        };
        assert!(with("tokio", &[]).is_some());
        assert!(with("uuid", &["std", "v7"]).is_some());
        assert!(with("chrono", &["default"]).is_some());
        assert!(with("chrono", &["std"]).is_none());
        assert!(with("serde", &["default", "derive"]).is_none());
    }
}
