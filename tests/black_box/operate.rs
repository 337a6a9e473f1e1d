//! The operator's side: settings, doctor, backup and restore, reprint, Ctrl-C.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::page::slides;
use crate::site::{Said, TestSite, looks_into_the_folder, samples, sha256};

const PAGE: &str = "/story/three-photographs";

fn published() -> TestSite {
    let site = TestSite::new();
    site.small_story("Three photographs");
    site
}

#[test]
fn a_wrong_configuration_reports_all_its_faults_at_once_and_starts_nothing() {
    let site = TestSite::with_settings(
        "[site]\nname = 3\nurl = \"ftp://x\"\ncolour = \"red\"\n[serve]\nlisten = \"here\"\n[work]\njpeg_quality = 101\n[sevre]\n",
    );
    for words in [&["stories"][..], &["serve"], &["ingest", "x", "--story", "y"], &["inspect", "x"]] {
        let said = site.run(words).ends_with(2);
        for name in ["site.name", "site.url", "site.colour", "serve.listen", "work.jpeg_quality", "sevre"] {
            assert_eq!(
                said.err.matches(&format!("- {name}")).count(),
                1,
                "{words:?} tells of {name}: {}",
                said.err
            );
        }
    }
    assert_eq!(site.files(""), [site.data().join("halftone.toml")], "nothing was made");
}

#[test]
fn a_configuration_that_is_not_toml_is_told_with_its_line() {
    let site = TestSite::with_settings("[site]\nname = \"Halftone\n");
    let said = site.run(&["stories"]).ends_with(2);
    assert!(said.err.contains("line 2"), "{}", said.err);
}

/// What doctor says of one thing: its finding.
fn check(said: &Said, about: &str) -> Value {
    said.objects()
        .into_iter()
        .find(|object| object["check"] == about)
        .unwrap_or_else(|| panic!("{about} in {}", said.out))
}

#[track_caller]
fn is_well(site: &TestSite, about: &str) {
    let finding = check(&site.json(&["doctor"]), about);
    assert!(finding["do"].is_null(), "{finding}");
}

/// Doctor finds it wrong, with advice that holds these words.
#[track_caller]
fn is_wrong(site: &TestSite, about: &str, advice: &str) {
    let said = site.json(&["doctor"]).ends_with(1);
    let finding = check(&said, about);
    assert!(finding["do"].as_str().is_some_and(|text| text.contains(advice)), "{finding}");
}

#[test]
fn doctor_finds_nothing_wrong_with_a_fresh_and_with_a_published_site() {
    for site in [TestSite::as_it_comes(), published()] {
        let said = site.json(&["doctor"]);
        let wrong: Vec<Value> = said
            .objects()
            .into_iter()
            .filter(|object| object["check"] != "disk" && object["do"].is_string())
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        for about in ["data folder", "site.url", "worker", "jobs", "originals", "printed site"] {
            check(&said, about);
        }
    }
}

#[test]
fn doctor_tells_of_a_wrong_configuration() {
    let site = TestSite::with_settings("[site]\nname = 3\n");
    is_wrong(&site, "configuration", "halftone.toml");
}

#[test]
fn doctor_tells_of_a_lost_and_of_a_changed_original() {
    looks_into_the_folder();
    let site = published();
    let original = site.files("originals").remove(0);
    let bytes = std::fs::read(&original).unwrap();
    std::fs::remove_file(&original).unwrap();
    is_wrong(&site, "originals", "backup");
    std::fs::write(&original, &bytes[..100]).unwrap();
    is_wrong(&site, "originals", "backup");
    let mut other = bytes.clone();
    *other.last_mut().unwrap() ^= 1;
    std::fs::write(&original, other).unwrap();
    is_wrong(&site, "originals", "backup");
    std::fs::write(&original, bytes).unwrap();
    is_well(&site, "originals");
}

#[test]
fn a_file_of_a_withdrawn_photo_that_came_back_is_told_by_doctor_and_its_advice_takes_it_away() {
    looks_into_the_folder();
    let site = published();
    let file = shown_file(&site);
    let bytes = std::fs::read(&file).unwrap();
    site.does(&["withdraw", "three-photographs", "--reason", "The source retracted it."]);
    is_well(&site, "withdrawn");
    // As a worker leaves it that was held up while it wrote.
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, bytes).unwrap();
    is_wrong(&site, "withdrawn", "halftone reprint --all");
    site.does(&["reprint", "--all"]);
    is_well(&site, "withdrawn");
    assert!(!file.exists());
}

#[test]
fn a_lost_public_file_is_told_by_doctor_and_its_advice_mends_it() {
    looks_into_the_folder();
    let site = published();
    std::fs::remove_file(shown_file(&site)).unwrap();
    is_wrong(&site, "printed site", "halftone reprint --all");
    site.does(&["reprint", "--all"]);
    is_well(&site, "printed site");
    every_picture_answers(&site);
}

/// A public file that the published page shows.
fn shown_file(site: &TestSite) -> PathBuf {
    let figures = slides(&site.serve().get(PAGE).text());
    let version = figures[0].pictures[0].split('/').nth(3).unwrap().to_owned();
    site.files("public").into_iter().find(|file| file.to_str().unwrap().contains(&version)).unwrap()
}

fn every_picture_answers(site: &TestSite) {
    let serving = site.serve();
    for picture in slides(&serving.get(PAGE).text()).iter().flat_map(|figure| &figure.pictures) {
        assert_eq!(serving.get(picture).status, 200, "{picture}");
    }
}

/// The object of the story's page in the printed tree.
fn page_object(site: &TestSite) -> PathBuf {
    let start = b"<ul class=\"facts\">";
    let holds = |file: &PathBuf| std::fs::read(file).unwrap().windows(start.len()).any(|part| part == start);
    let mut found: Vec<PathBuf> = site.files("tree").into_iter().filter(holds).collect();
    assert_eq!(found.len(), 1, "the page stands uncompressed in one object: {found:?}");
    found.remove(0)
}

fn tear(object: &Path) {
    let bytes = std::fs::read(object).unwrap();
    std::fs::write(object, &bytes[..bytes.len() / 2]).unwrap();
}

#[test]
fn a_torn_page_is_told_by_doctor_and_its_advice_mends_it() {
    looks_into_the_folder();
    let site = published();
    let before = site.serve().get(PAGE).body;
    tear(&page_object(&site));
    is_wrong(&site, "printed site", "halftone reprint --all");
    site.does(&["reprint", "--all"]);
    is_well(&site, "printed site");
    assert_eq!(site.serve().get(PAGE).body, before);
}

#[test]
fn a_serving_process_never_sends_a_torn_page_and_has_it_printed_again() {
    looks_into_the_folder();
    let site = published();
    let before = site.serve().get(PAGE).body;
    tear(&page_object(&site));
    let serving = site.serve();
    let answer = serving.get_until(PAGE, |answer| {
        assert!(answer.status != 200 || answer.body == before, "half a page was sent");
        answer.status == 200
    });
    assert_eq!(answer.body, before);
}

#[test]
fn a_torn_sitemap_is_printed_again_without_the_stories() {
    looks_into_the_folder();
    let site = published();
    let month = site.serve().get("/archive").text().split("/archive/").nth(1).unwrap()[..7].to_owned();
    let path = format!("/sitemap/{month}.xml");
    let before = site.serve().get(&path).body;
    let key = serve::Key::of(&path).to_string();
    let name = |file: &std::path::Path| file.file_name().unwrap().to_str().unwrap().to_owned();
    let objects = || site.files("tree/pages");
    let newest = objects().into_iter().filter(|file| name(file).starts_with(&key)).max();
    tear(&newest.unwrap());
    let prints_of_story = || {
        let key = serve::Key::of(PAGE).to_string();
        objects().iter().filter(|file| name(file).starts_with(&key)).count()
    };
    let stood = prints_of_story();
    let serving = site.serve();
    assert_eq!(serving.get_until(&path, |answer| answer.status == 200).body, before);
    assert_eq!(prints_of_story(), stood);
}

#[test]
fn a_lost_tree_is_printed_again_from_the_records() {
    looks_into_the_folder();
    let site = published();
    let before = site.serve().get(PAGE).body;
    std::fs::remove_dir_all(site.data().join("tree")).unwrap();
    let serving = site.serve();
    assert_eq!(serving.get_until(PAGE, |answer| answer.status == 200).body, before);
}

#[test]
fn reprint_brings_pages_to_the_settings_of_now() {
    let site = published();
    std::fs::write(
        site.data().join("halftone.toml"),
        "[site]\nname = \"The Daily Grain\"\n[work]\navif = \"off\"\n",
    )
    .unwrap();
    assert!(!site.serve().get(PAGE).text().contains("The Daily Grain"));
    site.does(&["reprint", "three-photographs"]);
    assert!(site.serve().get(PAGE).text().contains("The Daily Grain"));
    site.does(&["reprint", "--all"]);
    assert!(site.serve().get("/no-such-page").text().contains("The Daily Grain"));
    site.run(&["reprint"]).ends_with(2);
    site.run(&["reprint", "no such story"]).ends_with(1);
}

/// Paths of pages that a reader may ask for, with the answer's body.
fn bodies(site: &TestSite) -> Vec<(String, Vec<u8>)> {
    let serving = site.serve();
    let page = serving.get_until(PAGE, |answer| answer.status == 200);
    let pictures = slides(&page.text()).into_iter().flat_map(|figure| figure.pictures);
    let paths = [PAGE, "/", "/section/photo", "/feed.atom", "/site.css", "/no-such-page"]
        .map(str::to_owned)
        .into_iter()
        .chain(pictures);
    paths.map(|path| (path.clone(), serving.get(&path).body)).collect()
}

#[test]
fn a_backup_made_while_photos_come_in_restores_to_the_same_pages() {
    looks_into_the_folder();
    let site = published();
    let before = bodies(&site);
    let mut ingest = site
        .command(&["ingest", samples().to_str().unwrap(), "--story", "More", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(ingest.stdout.take().unwrap()).lines();
    lines.by_ref().map(Result::unwrap).find(|line| line.contains("\"in\"")).expect("photos come in");
    let backup = site.beside("backup");
    site.does(&["backup", backup.to_str().unwrap()]);
    lines.for_each(drop);
    assert!(ingest.wait().unwrap().success());
    let copy = TestSite::as_it_comes();
    copy.does(&["restore", backup.to_str().unwrap()]);
    assert_eq!(bodies(&copy), before);
    for original in copy.files("originals") {
        assert_eq!(original.file_name().unwrap().to_str(), Some(sha256(&original).as_str()));
    }
    // What was on its way when the backup was made goes on in the copy.
    copy.does(&["ingest", samples().to_str().unwrap(), "--story", "More"]);
    assert_eq!(copy.draft("more")["slides"].as_array().unwrap().len(), 14);
}

#[test]
fn backup_and_restore_refuse_a_folder_that_is_not_empty_and_change_nothing() {
    looks_into_the_folder();
    let site = published();
    let backup = site.beside("backup");
    site.does(&["backup", backup.to_str().unwrap()]);
    let again = site.run(&["backup", backup.to_str().unwrap()]).ends_with(2);
    assert!(again.err.contains("not empty"), "{}", again.err);
    let before = bodies(&site);
    let said = site.run(&["restore", backup.to_str().unwrap()]).ends_with(2);
    assert!(said.err.contains("not empty"), "{}", said.err);
    assert_eq!(bodies(&site), before);
    let nowhere = TestSite::as_it_comes();
    nowhere.run(&["restore", site.beside("photos").to_str().unwrap()]).ends_with(2);
}

#[test]
fn a_damaged_backup_is_not_restored() {
    looks_into_the_folder();
    let site = published();
    let backup = site.beside("backup");
    site.does(&["backup", backup.to_str().unwrap()]);
    let photo = crate::site::files_below(&backup)
        .into_iter()
        .max_by_key(|file| file.metadata().unwrap().len())
        .unwrap();
    let mut bytes = std::fs::read(&photo).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&photo, bytes).unwrap();
    let copy = TestSite::as_it_comes();
    let said = copy.run(&["restore", backup.to_str().unwrap()]).ends_with(3);
    assert!(said.err.contains("not what was backed up") || said.err.contains("damaged"), "{}", said.err);
}

#[test]
fn ctrl_c_stops_an_ingest_cleanly_and_the_same_command_goes_on() {
    let site = TestSite::new();
    let folder = samples();
    let words = ["ingest", folder.to_str().unwrap(), "--story", "Fourteen photographs"];
    let mut ingest =
        site.command(&words).arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(ingest.stdout.take().unwrap()).lines();
    let first = lines.by_ref().map(Result::unwrap).find(|line| line.contains("\"in\"")).unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_child(&ingest), rustix::process::Signal::INT)
        .unwrap();
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let end: Value = serde_json::from_str(rest.last().unwrap_or(&first)).unwrap();
    assert_eq!(end["stopped"], true, "it says that it stopped: {end}");
    assert_eq!(ingest.wait().unwrap().code(), Some(3), "not all was done");
    let again = site.json(&words).ends_with(0);
    assert_eq!(again.objects().last().unwrap()["slides"], 14);
    assert_eq!(site.draft("fourteen-photographs")["slides"].as_array().unwrap().len(), 14);
    site.does(&["publish", "fourteen-photographs", "--allow-missing", "alt"]);
}

#[test]
fn help_and_version_are_answers_and_a_command_is_needed() {
    let run = |words: &[&str]| Command::new(env!("CARGO_BIN_EXE_halftone")).args(words).output().unwrap();
    for words in [&["--help"][..], &["--version"], &["ingest", "--help"]] {
        let output = run(words);
        assert!(
            output.status.success() && !output.stdout.is_empty() && output.stderr.is_empty(),
            "{words:?}"
        );
    }
    assert_eq!(run(&[]).status.code(), Some(2));
}
