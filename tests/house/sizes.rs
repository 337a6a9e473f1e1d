//! Sizes: what grows past them is divided, not excused.

use std::collections::BTreeSet;

use crate::tree;

const MOST_LINES: usize = 600;
const MOST_ROOT_ENTRIES: usize = 20;
const WRITTEN_BY_HAND: [&str; 9] = [".rs", ".sql", ".html", ".css", ".js", ".mjs", ".ftl", ".sh", ".py"];

#[test]
fn no_file_written_by_hand_passes_600_lines() {
    let by_hand = |path: &str| {
        path == "dev"
            || WRITTEN_BY_HAND.iter().any(|ending| path.ends_with(ending))
                && !path.starts_with("tests/fixtures/")
    };
    let long: Vec<String> = tree::texts()
        .into_iter()
        .filter(|file| by_hand(&file.path))
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines; divide it by what it is about"))
        .collect();
    tree::assert_none(&long);
}

#[test]
fn the_root_has_at_most_20_visible_entries() {
    let entries: BTreeSet<String> = tree::paths()
        .iter()
        .filter_map(|path| path.split('/').next())
        .filter(|entry| !entry.starts_with('.'))
        .map(str::to_owned)
        .collect();
    assert!(entries.len() <= MOST_ROOT_ENTRIES, "{} entries: {entries:?}", entries.len());
}
