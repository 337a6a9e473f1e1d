//! Directions between the packages, read from `cargo metadata`.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::tree;

/// Nothing else is allowed: (who, whom).
const ALLOWED: [(&str, &str); 5] = [
    ("halftone", "darkroom"),
    ("halftone", "newsroom"),
    ("halftone", "serve"),
    ("halftone", "store"),
    ("store", "newsroom"),
];

/// Outer crates that have one home.
const HOMES: [(&str, &str); 4] =
    [("sqlx", "store"), ("object_store", "store"), ("axum", "halftone"), ("clap", "halftone")];

/// `cargo metadata` of this project; with `--no-deps` only our own packages.
pub fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .args(arguments)
        .current_dir(tree::root())
        .output()
        .expect("cargo tells its metadata");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo's metadata is JSON")
}

/// An array inside a value; empty when it is not there.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A text inside a value; empty when it is not there.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// (package, what it depends on) for all our packages; tests' and builds' dependencies too.
fn dependencies(metadata: &Value) -> BTreeSet<(String, String)> {
    let of = |package: &Value| -> Vec<(String, String)> {
        let name = text(package, "name").to_owned();
        list(package, "dependencies").iter().map(|on| (name.clone(), text(on, "name").to_owned())).collect()
    };
    list(metadata, "packages").iter().flat_map(of).collect()
}

#[test]
fn packages_depend_on_each_other_in_the_allowed_directions_only() {
    let metadata = metadata(&["--no-deps"]);
    let ours: BTreeSet<&str> =
        list(&metadata, "packages").iter().map(|package| text(package, "name")).collect();
    let found: BTreeSet<_> =
        dependencies(&metadata).into_iter().filter(|(_, on)| ours.contains(on.as_str())).collect();
    let allowed = ALLOWED.map(|(who, whom)| (who.to_owned(), whom.to_owned())).into();
    assert_eq!(found, allowed, "directions between packages (left: found, right: allowed)");
}

#[test]
fn sql_http_and_the_command_line_each_have_one_home() {
    let strays: Vec<String> = dependencies(&metadata(&["--no-deps"]))
        .into_iter()
        .filter(|(who, on)| HOMES.iter().any(|(name, home)| name == on && home != who))
        .map(|(who, on)| format!("{who} depends on {on}, which belongs to another package"))
        .collect();
    tree::assert_none(&strays);
}

#[test]
fn every_package_follows_the_common_lints() {
    let careless: Vec<String> = tree::texts()
        .into_iter()
        .filter(|file| file.path.ends_with("Cargo.toml") && !file.text.contains("[lints]\nworkspace = true"))
        .map(|file| format!("{}: say [lints] workspace = true", file.path))
        .collect();
    tree::assert_none(&careless);
}
