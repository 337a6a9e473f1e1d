//! Documents are held against what they tell about.

use std::collections::BTreeSet;
use std::process::Command;

use crate::tree;

#[test]
fn the_readme_is_short_and_says_how_to_begin() {
    let readme = tree::read("README.md");
    assert!(readme.lines().count() < 120, "README.md has {} lines", readme.lines().count());
    for command in ["./dev demo", "./dev test"] {
        assert!(readme.contains(command), "README.md does not name {command}");
    }
}

/// Words in backticks that look like paths: `src/jobs/`, `crates/store/src/lib.rs`, `Cargo.toml`.
fn named_paths(document: &str) -> BTreeSet<String> {
    let tops: BTreeSet<String> =
        tree::paths().iter().filter_map(|path| path.split('/').next()).map(str::to_owned).collect();
    let is_path = |word: &&str| {
        let top = word.split('/').next().unwrap_or_default();
        !word.contains([' ', '*', '<', ':', '{'])
            && (tops.contains(top) || word.ends_with(".rs") || word.ends_with(".md"))
    };
    tree::read(document).split('`').skip(1).step_by(2).filter(is_path).map(str::to_owned).collect()
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut faults = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/decisions.md"] {
        let gone = named_paths(document).into_iter().filter(|path| !tree::root().join(path).exists());
        faults.extend(gone.map(|path| format!("{document}: {path} is not there")));
    }
    tree::assert_none(&faults);
}

#[test]
fn the_map_is_not_without_paths() {
    assert!(named_paths("ARCHITECTURE.md").len() > 12);
}

/// `section.key` of each setting that src/config reads: one file a section, `.text("key", ...)` a setting.
fn settings() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in tree::rust_files() {
        let Some(name) = file.path.strip_prefix("src/config/").and_then(|name| name.strip_suffix(".rs"))
        else {
            continue;
        };
        let product = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        // Without white space, so that it does not matter where a line is broken.
        let product: String = product.split_whitespace().collect();
        let reads = product.split("section.").skip(1).filter(|call| !call.starts_with("fault"));
        let keys = reads.filter_map(|call| call.split_once("(\"")?.1.split_once('"')).map(|(key, _)| key);
        let words = keys.filter(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        found.extend(words.map(|key| format!("{name}.{key}")));
    }
    found
}

#[test]
fn every_setting_is_documented_and_every_documented_setting_exists() {
    let documented: BTreeSet<String> = tree::read("docs/settings.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(setting, _)| setting.to_owned())
        .collect();
    assert_eq!(documented, settings(), "docs/settings.md (left) and src/config (right)");
}

#[test]
fn the_task_runner_alone_lists_every_task() {
    let listing =
        Command::new("bash").arg("dev").current_dir(tree::root()).output().expect("bash runs ./dev");
    let listing = String::from_utf8(listing.stdout).expect("the list is UTF-8");
    let script = tree::read("dev");
    let tasks: Vec<&str> = script
        .lines()
        .filter_map(|line| line.strip_prefix("task_")?.split_once("()"))
        .map(|(task, _)| task)
        .collect();
    assert!(tasks.len() > 5, "only these tasks were found: {tasks:?}");
    for task in tasks.into_iter().filter(|task| *task != "bench" || tree::root().join("benches/run").exists())
    {
        assert!(listing.contains(&format!("./dev {task}")), "./dev does not list {task}:\n{listing}");
    }
}

#[test]
fn the_changelog_tells_of_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let changelog = tree::read("CHANGELOG.md");
    assert!(changelog.contains(&format!("## [{version}]")), "CHANGELOG.md has no entry for {version}");
}

#[test]
fn every_fixture_folder_and_the_samples_tell_their_origin() {
    let folders: BTreeSet<String> = tree::paths()
        .iter()
        .filter_map(|path| path.strip_prefix("tests/fixtures/")?.split_once('/'))
        .map(|(folder, _)| format!("tests/fixtures/{folder}/README.md"))
        .chain(["samples/LICENCES.md".to_owned()])
        .collect();
    let missing: Vec<String> = folders.into_iter().filter(|path| !tree::root().join(path).exists()).collect();
    tree::assert_none(&missing);
}

#[test]
fn code_examples_in_documents_name_commands_of_the_task_runner() {
    let script = tree::read("dev");
    let mut faults = Vec::new();
    for document in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"] {
        let text = tree::read(document);
        let named = text
            .split("./dev ")
            .skip(1)
            .filter_map(|rest| rest.split(|c: char| !c.is_ascii_lowercase()).next());
        let unknown = named.filter(|task| !task.is_empty() && !script.contains(&format!("\ntask_{task}()")));
        faults.extend(unknown.map(|task| format!("{document}: ./dev {task} is not a task")));
    }
    tree::assert_none(&faults);
}
