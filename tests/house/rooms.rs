//! Directions inside `src/`: each room uses only what its row in ARCHITECTURE.md allows.

use std::collections::{BTreeMap, BTreeSet};

use crate::{rust, tree};

/// Outer crates whose use the table grants.
const GUARDED: [&str; 6] = ["newsroom", "darkroom", "store", "serve", "axum", "hyper"];

/// What one row grants.
struct Grant {
    rooms: BTreeSet<String>,
    crates: BTreeSet<String>,
}

/// The rows below the head `| room | belongs here | not here | may use | crates |`; keys as in `crate::<key>`.
fn grants() -> BTreeMap<String, Grant> {
    let text = tree::read("ARCHITECTURE.md");
    let rows = text.lines().skip_while(|line| !line.starts_with("| room |")).skip(2);
    let grants: BTreeMap<String, Grant> = rows.take_while(|line| line.starts_with('|')).map(grant).collect();
    assert!(!grants.is_empty(), "ARCHITECTURE.md has no table with the head \"| room |\"");
    grants
}

fn grant(row: &str) -> (String, Grant) {
    let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
    let [room, _, _, rooms, crates] = cells.as_slice() else { panic!("five cells, please: {row}") };
    let room = quoted(room).into_iter().next().unwrap_or_else(|| panic!("no room is named: {row}"));
    (room_of(&room), Grant { rooms: quoted(rooms), crates: quoted(crates) })
}

/// The words in `backticks`.
fn quoted(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// `src/actions/publish_story.rs`, `src/actions/` and `src/actions.rs` lie in `actions`.
fn room_of(path: &str) -> String {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// Module depth of a file: `src/main.rs` 0, `src/app.rs` 1, `src/jobs/mod.rs` 1, `src/jobs/print.rs` 2.
fn depth(path: &str) -> usize {
    let parts = path.matches('/').count();
    if path.ends_with("/mod.rs") || path == "src/main.rs" { parts - 1 } else { parts }
}

/// All of `src/` but `src/lib.rs`, which only lists the rooms.
fn source_files() -> Vec<tree::File> {
    let inside = |file: &tree::File| file.path.starts_with("src/") && file.path != "src/lib.rs";
    tree::rust_files().into_iter().filter(inside).collect()
}

fn faults_of(file: &tree::File, grants: &BTreeMap<String, Grant>) -> Vec<String> {
    let room = room_of(&file.path);
    let Some(grant) = grants.get(&room) else {
        return vec![format!("{}: ARCHITECTURE.md has no row for src/{room}", file.path)];
    };
    let code = rust::take_apart(&file.text).code;
    let rooms = rust::first_level_names(&code, "halftone", depth(&file.path));
    let foreign = rooms.into_iter().filter(|name| *name != room && !grant.rooms.contains(name));
    let crates = rust::outer_crates(&code, &GUARDED).into_iter().filter(|name| !grant.crates.contains(*name));
    foreign
        .map(|name| format!("crate::{name}"))
        .chain(crates.map(|name| format!("the crate {name}")))
        .map(|what| format!("{}: {room} may not use {what} (ARCHITECTURE.md, the table of rooms)", file.path))
        .collect()
}

#[test]
fn a_room_uses_only_what_its_row_allows() {
    let grants = grants();
    let mut faults: Vec<String> = source_files().iter().flat_map(|file| faults_of(file, &grants)).collect();
    faults.sort();
    faults.dedup();
    tree::assert_none(&faults);
}

#[test]
fn the_table_names_rooms_that_exist_and_crates_that_are_guarded() {
    let grants = grants();
    let existing: BTreeSet<String> = source_files().iter().map(|file| room_of(&file.path)).collect();
    let mut faults = Vec::new();
    for (room, grant) in &grants {
        let named = grant.rooms.iter().chain([room]).filter(|name| !existing.contains(*name));
        faults
            .extend(named.map(|name| format!("the row of {room} names the room {name}, which is not there")));
        let odd = grant.crates.iter().filter(|name| !GUARDED.contains(&name.as_str()));
        faults
            .extend(odd.map(|name| format!("the row of {room} names the crate {name}, which nobody guards")));
    }
    tree::assert_none(&faults);
}

#[test]
fn rooms_do_not_use_each_other_in_a_circle() {
    let mut left: BTreeMap<String, BTreeSet<String>> =
        grants().into_iter().map(|(room, grant)| (room, grant.rooms)).collect();
    while let Some(free) = left.iter().find(|(_, uses)| uses.is_empty()).map(|(room, _)| room.clone()) {
        left.remove(&free);
        left.values_mut().for_each(|uses| _ = uses.remove(&free));
    }
    assert!(left.is_empty(), "these rooms use each other in a circle: {:?}", left.keys().collect::<Vec<_>>());
}

#[test]
fn the_library_only_lists_the_rooms() {
    let code = rust::take_apart(&tree::read("src/lib.rs")).code;
    let tokens = rust::tokens(&code);
    let odd: Vec<_> = tokens.chunks(4).filter(|four| !matches!(four, ["pub", "mod", _, ";"])).collect();
    assert!(odd.is_empty(), "src/lib.rs says more than `pub mod room;`: {odd:?}");
}

#[test]
fn a_room_that_reaches_further_is_named() {
    let row = "| `src/pages/` | bytes | I/O | `config` | `newsroom` |";
    let grants = BTreeMap::from([grant(row)]);
    let faults = |path: &str, text: &str| {
        faults_of(&tree::File { path: path.to_owned(), text: text.to_owned() }, &grants).len()
    };
    assert_eq!(
        faults("src/pages/story.rs", "use crate::config::A; use super::body; use newsroom::story::Story;"),
        0
    );
    assert_eq!(
        faults("src/pages/story.rs", "use crate::actions::b; use store::Store; use super::super::http;"),
        3
    );
    assert_eq!(faults("src/desk/mod.rs", ""), 1, "a room without a row");
}
