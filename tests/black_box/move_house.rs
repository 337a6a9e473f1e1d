//! A whole site moves to another database and another store, and back.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::page::slides;
use crate::servers::{Database, bucket};
use crate::site::{TestSite, files_below, looks_into_the_folder, sha256};

const PAGE: &str = "/story/three-photographs";

/// A site with a published story, a withdrawn one, a draft and a notice.
fn lived_in() -> TestSite {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_story("Three photographs");
    let folder = site.folder_of("more", &["hubble.jpg"]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Another story", "--tag", "Space"]);
    site.does(&["publish", "another-story", "--allow-missing", "alt"]);
    site.does(&["withdraw", "another-story", "--reason", "The source retracted it."]);
    site.does(&["notice", "add", "NASA", "--text", "NASA is an agency of the United States."]);
    site.small_draft("A draft in the works");
    site
}

fn moved(from: &TestSite, to: &TestSite) -> crate::site::Said {
    let (from, to) = (from.data(), to.data());
    // The folder of the command itself plays no part.
    TestSite::in_folder_with("").json(&[
        "move",
        "--from",
        from.to_str().unwrap(),
        "--to",
        to.to_str().unwrap(),
    ])
}

/// Every file with its hash.
fn all_of(folder: &Path) -> BTreeMap<String, String> {
    files_below(folder).into_iter().map(|file| (file.display().to_string(), sha256(&file))).collect()
}

/// Status and body of every address that a reader of this site can come to.
fn read_through(site: &TestSite) -> BTreeMap<String, (u16, Vec<u8>)> {
    let serving = site.serve_with(&["--no-work"]);
    let page = serving.get_until(PAGE, |answer| answer.status == 200).text();
    let mut paths: Vec<String> = slides(&page).into_iter().flat_map(|figure| figure.pictures).collect();
    let fixed =
        ["/", PAGE, "/story/another-story", "/feed.atom", "/sitemap.xml", "/archive", "/nothing/here"];
    paths.extend(fixed.map(str::to_owned));
    let answers = paths.into_iter().map(|path| {
        let answer = serving.get(&path);
        (path, (answer.status, answer.body))
    });
    let answers = answers.collect();
    assert_eq!(serving.stop(), 0);
    answers
}

#[test]
fn a_site_moves_to_servers_and_back_and_every_answer_stays() {
    let site = lived_in();
    let read = read_through(&site);
    let before = all_of(&site.data());
    assert_eq!(read[PAGE].0, 200);
    assert_eq!(read["/story/another-story"].0, 410);
    let Some(database) = Database::new("moved_to") else { return };
    let Some(blobs) = bucket("moved-to") else { return };
    let on_servers =
        TestSite::in_folder_with(&format!("{}{blobs}[work]\navif = \"off\"\n", database.settings()));
    let said = moved(&site, &on_servers).ends_with(0).object("rows");
    assert!(said["rows"].as_u64().unwrap() > 100 && said["files"].as_u64().unwrap() > 30, "{said}");
    assert_eq!(all_of(&site.data()), before, "the source is as it was");
    assert_eq!(read_through(&on_servers), read);
    // It lives on: what is written down and numbered goes on from there.
    on_servers.does(&["doctor"]);
    on_servers.does(&["publish", "a-draft-in-the-works", "--allow-missing", "alt"]);
    on_servers.does(&["withdraw", "a-draft-in-the-works", "--reason", "A test."]);
    let read = read_through(&on_servers);

    let back = TestSite::in_folder_with("[work]\navif = \"off\"\n");
    moved(&on_servers, &back).ends_with(0);
    assert_eq!(read_through(&back), read);
    back.does(&["doctor"]);
    back.does(&["withdraw", "three-photographs", "--reason", "A test."]);
    assert_eq!(back.serve().get_until(PAGE, |answer| answer.status != 200).status, 410);
}

#[test]
fn the_records_move_alone_where_both_ends_name_one_bucket() {
    looks_into_the_folder();
    let Some(blobs) = bucket("records-alone") else { return };
    let Some(database) = Database::new("records_alone") else { return };
    let more = format!("{blobs}[work]\navif = \"off\"\n");
    let site = TestSite::in_folder_with(&more);
    site.small_story("Three photographs");
    let read = read_through(&site);
    let on_server = TestSite::in_folder_with(&format!("{}{more}", database.settings()));
    let said = moved(&site, &on_server).ends_with(0).object("rows");
    assert_eq!(said["files"], 0, "{said}");
    assert_eq!(read_through(&on_server), read);
    on_server.does(&["withdraw", "three-photographs", "--reason", "A test."]);
}

#[test]
fn a_move_that_is_killed_goes_on_and_nobody_works_with_half_a_site() {
    let site = lived_in();
    let target = TestSite::in_folder_with("[work]\navif = \"off\"\n");
    let (from, to) = (site.data(), target.data());
    let words = ["move", "--from", from.to_str().unwrap(), "--to", to.to_str().unwrap()];
    let mut cut = 0;
    for pause in (10..400).step_by(15) {
        let mut moving = site.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        let ended = moving.try_wait().unwrap();
        let _ = moving.kill();
        let ended = ended.unwrap_or_else(|| moving.wait().unwrap());
        if ended.success() {
            break;
        }
        cut += 1;
        if to.join("halftone.db").exists() && half_moved(&target) {
            let refused = target.run(&["stories"]).ends_with(3);
            assert!(refused.err.contains("run the same halftone move again"), "{refused:?}");
        }
    }
    assert!(cut > 0);
    if half_moved(&target) {
        moved(&site, &target).ends_with(0);
    }
    assert_eq!(read_through(&target), read_through(&site));
    target.does(&["doctor"]);
    let again = moved(&site, &target).ends_with(2);
    assert!(again.err.contains("holds a site already"), "{again:?}");
}

/// Whether a move has left its word in these records.
fn half_moved(site: &TestSite) -> bool {
    let said = site.run(&["stories"]);
    said.code != 0 && said.err.contains("has not come to its end")
}

#[test]
fn what_cannot_be_moved_is_said_in_a_sentence() {
    let site = lived_in();
    let target = TestSite::in_folder_with("");
    let serving = site.serve();
    let in_use = loop {
        let said = moved(&site, &target);
        if said.err.contains("serve or work") {
            break said;
        }
        assert!(said.code == 0 || said.code == 2, "{said:?}");
        std::fs::remove_dir_all(target.data()).unwrap();
    };
    in_use.ends_with(2);
    assert_eq!(serving.stop(), 0);
    let nothing = TestSite::in_folder_with("");
    let said = moved(&nothing, &target).ends_with(2);
    assert!(said.err.contains("no records of Halftone at the source"), "{said:?}");
    let said = moved(&site, &site).ends_with(2);
    assert!(said.err.contains("Both folders have the same records"), "{said:?}");
    let lives = TestSite::new();
    lives.small_draft("Something else");
    let said = moved(&site, &lives).ends_with(2);
    assert!(said.err.contains("holds a site already"), "{said:?}");
    lives.does(&["stories"]);
}
