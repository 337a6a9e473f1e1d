//! Licences and versions of what we depend on, held against deny.toml (the file that cargo-deny reads too).

use std::collections::{BTreeMap, BTreeSet};

use crate::directions::{list, metadata, text};
use crate::tree;

fn policy() -> toml::Table {
    tree::read("deny.toml").parse().expect("deny.toml is TOML")
}

/// The texts of an array `[section] key = [...]`.
fn texts(policy: &toml::Table, section: &str, key: &str) -> BTreeSet<String> {
    let array = policy.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
    let array = array.unwrap_or_else(|| panic!("deny.toml has no list [{section}] {key}"));
    array.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met with the allowed licences: AND binds closer than OR, `/` is an old OR, and
/// the one level of brackets that occurs is taken first.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let mut flat = expression.replace('/', " OR ");
    while let Some((before, rest)) = flat.split_once('(') {
        let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
        let answer = if is_met(inside, allowed) { "+" } else { "-" };
        flat = format!("{before}{answer}{after}");
    }
    let met = |licence: &str| licence.trim() == "+" || allowed.contains(licence.trim());
    flat.split(" OR ").any(|choice| choice.split(" AND ").all(met))
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let allowed = texts(&policy(), "licenses", "allow");
    let host = host_triple();
    let metadata = metadata(&["--filter-platform", &host]);
    let packages = list(&metadata, "packages");
    assert!(packages.len() > 50, "only {} packages were found", packages.len());
    let faults: Vec<String> = packages
        .iter()
        .filter(|package| !is_met(text(package, "license"), &allowed))
        .map(|package| {
            format!("{}: \"{}\" is not allowed by deny.toml", text(package, "name"), text(package, "license"))
        })
        .collect();
    tree::assert_none(&faults);
}

fn host_triple() -> String {
    let output = std::process::Command::new("rustc").arg("-vV").output().expect("rustc tells its version");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    told.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

/// Locked versions by name.
fn locked() -> BTreeMap<String, Vec<String>> {
    let lock: toml::Table = tree::read("Cargo.lock").parse().expect("Cargo.lock is TOML");
    let packages = lock.get("package").and_then(toml::Value::as_array).expect("Cargo.lock lists packages");
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages {
        let of = |key| package.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        versions.entry(of("name")).or_default().push(of("version"));
    }
    versions
}

/// `[bans] skip`: (name, beginning of the version, reason).
fn excused(policy: &toml::Table) -> Vec<(String, String, String)> {
    let skip = policy.get("bans").and_then(|bans| bans.get("skip")).and_then(toml::Value::as_array);
    let of = |entry: &toml::Value| {
        let (name, version) = entry.get("crate")?.as_str()?.split_once('@')?;
        Some((name.to_owned(), version.to_owned(), entry.get("reason")?.as_str()?.to_owned()))
    };
    skip.expect("deny.toml has a list [bans] skip")
        .iter()
        .map(|entry| of(entry).expect("crate = name@version, reason"))
        .collect()
}

#[test]
fn no_dependency_is_there_twice_without_an_excuse_that_names_the_cause() {
    let (locked, excused) = (locked(), excused(&policy()));
    let is_excused = |name: &str, version: &str| {
        excused.iter().any(|(who, which, _)| who == name && version.starts_with(&format!("{which}.")))
    };
    let mut faults = Vec::new();
    for (name, versions) in locked.iter().filter(|(_, versions)| versions.len() > 1) {
        let without: Vec<&String> = versions.iter().filter(|version| !is_excused(name, version)).collect();
        if without.len() > 1 {
            faults.push(format!(
                "{name} is locked as {without:?}: mend it, or excuse all but one in deny.toml"
            ));
        }
    }
    for (name, which, _) in &excused {
        let twice = locked.get(name).is_some_and(|versions| {
            versions.len() > 1 && versions.iter().any(|version| version.starts_with(&format!("{which}.")))
        });
        if !twice {
            faults.push(format!("deny.toml excuses {name}@{which}, which is not there twice any more"));
        }
    }
    tree::assert_none(&faults);
}

#[test]
fn nothing_that_is_banned_is_locked() {
    let banned = texts(&policy(), "bans", "deny");
    let faults: Vec<String> = locked().into_keys().filter(|name| banned.contains(name)).collect();
    tree::assert_none(&faults);
}

#[test]
fn a_licence_expression_is_read_as_spdx_means_it() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Unicode-3.0".to_owned()]);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("Apache-2.0 OR MIT", true),
        ("Unlicense/MIT", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(Apache-2.0 OR BSD-3-Clause) AND MIT", false),
        ("Apache-2.0 AND Zlib OR MIT", true),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}
