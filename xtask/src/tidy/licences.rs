//! What the program is made of may be used by everybody, and builds without foreign toolboxes.

use super::Rule;
use crate::cargo::cargo;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Libraries that want cmake, perl or a system library to build.
const UNWANTED: [&str; 4] = ["aws-lc-sys", "aws-lc-rs", "openssl-sys", "native-tls"];

pub const LICENCES: Rule = Rule {
    name: "No dependency is under the GPL, and none brings OpenSSL or AWS-LC",
    advice: "Look for another library, or turn off the feature that pulls it in: `cargo tree -i NAME` tells who does.",
    find,
};

fn find(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for package in packages(root)? {
        let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, licence) = (text("name"), text("license"));
        if UNWANTED.contains(&name) {
            findings.push(format!("Cargo.lock: {name}"));
        }
        if is_copyleft(licence) {
            findings.push(format!("Cargo.lock: {name} is under {licence}"));
        }
    }
    Ok(findings)
}

/// What is built for this machine, so that nothing has to be fetched for others.
fn packages(root: &Path) -> Result<Vec<Value>> {
    let version = Command::new("rustc").arg("-vV").output().context("Running rustc")?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host =
        version.lines().find_map(|it| it.strip_prefix("host: ")).context("rustc does not name its host")?;
    let output = cargo(&["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
        .current_dir(root)
        .output()
        .context("Running cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed; it said:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let mut metadata: Value =
        serde_json::from_slice(&output.stdout).context("Understanding cargo metadata")?;
    match metadata.get_mut("packages").map(Value::take) {
        Some(Value::Array(packages)) => Ok(packages),
        _ => bail!("cargo metadata lists no packages"),
    }
}

/// Whether a licence leaves no choice but a GNU one.
fn is_copyleft(licence: &str) -> bool {
    licence.contains("GPL") && licence.replace('/', " OR ").split(" OR ").all(|it| it.contains("GPL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_licences_is_taken() {
        for (licence, expected) in [
            ("MIT OR Apache-2.0", false),
            ("MIT OR Apache-2.0 OR LGPL-2.1-or-later", false),
            ("MIT/GPL-2.0", false),
            ("GPL-3.0-only", true),
            ("AGPL-3.0 OR GPL-3.0", true),
            ("LGPL-3.0 AND MIT", true),
            ("", false),
        ] {
            assert_eq!(is_copyleft(licence), expected, "{licence}");
        }
    }
}
