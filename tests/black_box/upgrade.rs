//! `halftone doctor --before-upgrade`: asked with one program of what another one left, and changing nothing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use serde_json::Value;

use crate::crash::SmallDisk;
use crate::site::{Said, TestSite, looks_into_the_folder};

fn asked(site: &TestSite) -> Said {
    site.json(&["doctor", "--before-upgrade"])
}

/// What was said of one thing.
#[track_caller]
fn finding(said: &Said, about: &str) -> Value {
    let found = said.objects().into_iter().find(|object| object["check"] == about);
    found.unwrap_or_else(|| panic!("{about} in {}", said.out))
}

#[track_caller]
fn says(said: &Said, about: &str, words: &str) {
    let finding = finding(said, about);
    assert!(finding["says"].as_str().unwrap().contains(words), "{words:?} in {finding}");
}

#[track_caller]
fn advises(said: &Said, about: &str, words: &str) {
    let finding = finding(said, about);
    assert!(finding["do"].as_str().is_some_and(|advice| advice.contains(words)), "{words:?} in {finding}");
}

/// Every file with its time and its bytes.
fn state(site: &TestSite) -> Vec<(PathBuf, SystemTime, Vec<u8>)> {
    let of = |file: PathBuf| {
        let modified = file.metadata().unwrap().modified().unwrap();
        let bytes = std::fs::read(&file).unwrap();
        (file, modified, bytes)
    };
    site.files("").into_iter().map(of).collect()
}

/// Makes the records those of another release; `None`, said aloud, where Python is missing.
fn make_records(site: &TestSite, release: &str) -> Option<()> {
    let Some(python) = std::env::var_os("HALFTONE_PYTHON") else {
        println!("SKIPPED: HALFTONE_PYTHON is not set; this test makes records of another release");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema.py");
    let file = site.data().join("halftone.db");
    let status = Command::new(python).arg(script).arg(file).arg(release).status().unwrap();
    assert!(status.success());
    Some(())
}

#[test]
fn a_site_of_this_release_can_be_taken_over_and_nothing_of_it_is_touched() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let before = state(&site);
    let said = asked(&site).ends_with(0);
    says(&said, "records", "nothing in them will change");
    says(&said, "pages", "as this program prints");
    says(&said, "printed site", "can be read by this program");
    assert!(before == state(&site), "the files are as they were");
}

#[test]
fn a_site_that_is_served_is_told_of_and_goes_on() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let serving = site.serve();
    serving.get_until("/readyz", |answer| answer.status == 200);
    says(&asked(&site).ends_with(0), "processes", "1 serving or working at this moment");
    assert_eq!(serving.get("/readyz").status, 200);
    assert_eq!(serving.stop(), 0);
    says(&asked(&site).ends_with(0), "processes", "No process");
}

#[test]
fn records_of_an_earlier_release_are_told_with_what_will_be_added_and_are_left_as_they_are() {
    looks_into_the_folder();
    let site = TestSite::new();
    if make_records(&site, "first").is_none() {
        return;
    }
    let before = state(&site);
    let said = asked(&site).ends_with(0);
    says(&said, "records", "They have schema 1.");
    says(&said, "records", "migrations: 2, 3");
    says(&said, "records", "halftone backup");
    says(&said, "jobs", "1 wait and 0 run");
    assert!(before == state(&site), "the files are as they were");
    site.does(&["stories"]);
    says(&asked(&site).ends_with(0), "records", "nothing in them will change");
}

#[test]
fn records_of_a_later_release_or_another_build_are_refused_with_what_to_do() {
    looks_into_the_folder();
    for (release, says_so) in [("later", "schema 999"), ("other", "another build")] {
        let site = TestSite::new();
        site.does(&["stories"]);
        if make_records(&site, release).is_none() {
            return;
        }
        let before = state(&site);
        let said = asked(&site).ends_with(1);
        says(&said, "records", says_so);
        advises(&said, "records", "Keep the program that is installed");
        assert!(before == state(&site), "the files are as they were");
    }
}

#[test]
fn a_folder_without_records_is_refused_and_none_is_made() {
    let site = TestSite::as_it_comes();
    advises(&asked(&site).ends_with(1), "data folder", "--data");
    assert!(!site.data().exists());
    std::fs::create_dir(site.data()).unwrap();
    advises(&asked(&site).ends_with(1), "records", "--data");
    assert_eq!(site.files("").len(), 0);
}

#[test]
fn a_printed_site_in_another_form_is_told() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_story("Three photographs");
    for list in site.files("tree/log").into_iter().chain(site.files("tree/map")) {
        std::fs::write(list, "of another release").unwrap();
    }
    advises(&asked(&site).ends_with(1), "printed site", "quiet hour");
}

#[test]
fn a_disk_without_room_for_the_upgrade_is_told() {
    let site = TestSite::as_it_comes();
    let Some(_disk) = SmallDisk::mount(&site.data(), 16) else { return };
    site.does(&["stories"]);
    advises(&asked(&site).ends_with(1), "disk", "Make room");
}

#[test]
fn people_are_told_in_sentences() {
    let site = TestSite::new();
    site.does(&["stories"]);
    let said = site.does(&["doctor", "--before-upgrade"]);
    assert!(said.out.contains("ok     records"), "{}", said.out);
    assert!(said.out.ends_with(" 0 wrong.\n"), "{}", said.out);
}
