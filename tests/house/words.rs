//! Words that may stand in the project's files, and words that may not.

use crate::{rust, tree};

const EMPTY_NAMES: [&str; 7] = ["common", "util", "utils", "helper", "helpers", "misc", "lib_helpers"];
const LAST_RULE: u32 = 45;

#[test]
fn no_module_has_a_name_that_says_nothing() {
    let empty = |path: &String| {
        path.split('/').any(|part| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default()))
    };
    let faults: Vec<String> = tree::paths().into_iter().filter(empty).collect();
    tree::assert_none(&faults);
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let faults: Vec<String> = tree::rust_files()
        .iter()
        .filter(|file| {
            let code = rust::take_apart(&file.text).code;
            rust::tokens(&code).windows(3).any(|three| matches!(three, ["[" | ",", "allow", "("]))
        })
        .map(|file| format!("{}: write #[expect(lint, reason = \"...\")] instead of allow", file.path))
        .collect();
    tree::assert_none(&faults);
}

#[test]
fn no_test_is_switched_off() {
    let faults: Vec<String> = tree::rust_files()
        .iter()
        .filter(|file| {
            let code = rust::take_apart(&file.text).code;
            rust::tokens(&code).windows(2).any(|two| two == ["[", "ignore"])
        })
        .map(|file| format!("{}: #[ignore]; print \"SKIPPED: why\" where a tool is missing", file.path))
        .collect();
    tree::assert_none(&faults);
}

/// Statements as they are written: the first word in capitals, and what must follow somewhere.
const STATEMENTS: [(&str, &str); 6] = [
    ("SELECT ", ""),
    ("INSERT INTO ", ""),
    ("INSERT OR ", ""),
    ("DELETE FROM ", ""),
    ("UPDATE ", " SET "),
    ("CREATE TABLE ", ""),
];

fn is_statement(literal: &str) -> bool {
    let opening = literal.trim_start_matches(['\\', ' ', '\n']);
    STATEMENTS.iter().any(|(first, then)| opening.starts_with(first) && opening.contains(then))
}

#[test]
fn a_statement_is_told_from_prose() {
    assert!(is_statement("SELECT id FROM story") && is_statement("\\\n    UPDATE story SET slug = $1"));
    assert!(!is_statement("UPDATE the page") && !is_statement("select a photo") && !is_statement("NO SALES"));
}

#[test]
fn sql_stands_in_the_store_only() {
    let mut faults = Vec::new();
    for file in tree::rust_files() {
        if file.path.starts_with("crates/store/") || file.path.starts_with("tests/house/") {
            continue;
        }
        for (line, literal) in rust::take_apart(&file.text).literals {
            if is_statement(&literal) {
                faults.push(format!("{}:{line}: SQL belongs in crates/store", file.path));
            }
        }
    }
    tree::assert_none(&faults);
}

#[test]
fn every_newsroom_rule_that_is_cited_exists() {
    let mut faults = Vec::new();
    let readable = [".rs", ".md", ".html", ".ftl", ".sql", ".css"];
    for file in tree::texts() {
        if !readable.iter().any(|ending| file.path.ends_with(ending)) {
            continue;
        }
        let words = file.text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let cited = words.filter_map(|word| word.strip_prefix('R')?.parse::<u32>().ok());
        let unknown = cited.filter(|number| !(1..=LAST_RULE).contains(number));
        faults.extend(unknown.map(|number| format!("{}: R{number} is no newsroom rule", file.path)));
    }
    tree::assert_none(&faults);
}

/// Put together here, so that this file passes its own test.
fn machine_words() -> Vec<String> {
    let folders = ["home", "root", "work", "Users"].map(|folder| format!("/{folder}/"));
    let hosts = [
        ["registry", "npmjs.org"],
        ["registry", "yarnpkg.com"],
        ["index", "crates.io"],
        ["static", "crates.io"],
        ["files", "pythonhosted.org"],
        ["deb", "debian.org"],
    ];
    let pypi = ["pypi", "org"].join(".");
    // Papers that lie beside the project and are not part of it: cite ARCHITECTURE.md, or a rule by its number.
    let papers = ["newsroom", "design", "imaging", "models"].map(|paper| [paper, "md"].join("."));
    folders.into_iter().chain(hosts.map(|parts| parts.join("."))).chain([pypi]).chain(papers).collect()
}

/// Whether the word stands in the text as the beginning of a path or host, not inside a longer one.
fn stands_in(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '}' | '*' | '>'))
    })
}

#[test]
fn no_file_names_a_folder_of_one_machine_a_package_registry_or_a_paper_outside_the_project() {
    let words = machine_words();
    let mut faults = Vec::new();
    for file in tree::texts() {
        let found = words.iter().filter(|word| stands_in(&file.text, word));
        faults.extend(found.map(|word| format!("{}: {word}", file.path)));
    }
    tree::assert_none(&faults);
}

#[test]
fn a_folder_inside_a_longer_path_is_not_taken_for_one_of_a_machine() {
    assert!(stands_in("cd /tmp/x", "/tmp/") && stands_in("\"/tmp/x\"", "/tmp/"));
    assert!(!stands_in("src/tmp/x", "/tmp/") && !stands_in("${HERE}/tmp/x", "/tmp/"));
}
