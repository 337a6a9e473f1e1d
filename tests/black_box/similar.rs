//! The same picture again, under other bytes: known by its look.

use std::path::PathBuf;

use serde_json::Value;

use crate::site::{TestSite, looks_into_the_folder};

/// A folder with a smaller and recompressed copy of a photo: the ladder's smallest file is one.
fn smaller_copy(site: &TestSite, folder: &str) -> PathBuf {
    let small = site
        .files("renditions")
        .into_iter()
        .find(|file| file.file_name().is_some_and(|name| name == "320"))
        .unwrap();
    let copies = site.beside(folder);
    std::fs::create_dir_all(&copies).unwrap();
    std::fs::copy(small, copies.join("copy.jpg")).unwrap();
    copies
}

#[test]
fn ingest_says_that_nearly_the_same_picture_is_there_with_another_caption_and_that_it_was_withdrawn() {
    looks_into_the_folder();
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Lift-off"]);
    let photo = site.draft("lift-off")["slides"][0]["photo"].as_str().unwrap().to_owned();
    let copies = smaller_copy(&site, "copies");
    site.does(&["withdraw", &photo, "--reason", "Killed by the agency"]);
    let said = site.does(&["ingest", copies.to_str().unwrap(), "--story", "Another"]);
    for words in [
        "copy.jpg looks like",
        "rocket.jpg",
        "nearly the same picture with another caption",
        "\"Lift-off\"",
        "WITHDRAWN: Killed by the agency",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    let copy = site.draft("another")["slides"][0]["photo"].as_str().unwrap().to_owned();
    let found = site.json(&["similar", &copy]).ends_with(0).object("distance");
    assert_eq!((&found["photo"], &found["caption"]), (&Value::from(photo), &Value::from("different")));
    site.run(&["similar", "no-photo"]).ends_with(1);
}

#[test]
fn other_photographs_are_not_taken_for_the_same() {
    let site = TestSite::new();
    site.small_draft("Three photographs");
    let photo = site.draft("three-photographs")["slides"][0]["photo"].as_str().unwrap().to_owned();
    let said = site.does(&["similar", &photo]);
    assert!(said.out.contains("No other photo looks like it."), "{}", said.out);
}
