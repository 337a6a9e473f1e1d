//! The watched folder: what others' programs drop is taken in once, when it is finished, and each file's state is told.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::odd_pictures::png;
use crate::site::{Serving, TestSite, samples};

const PATIENCE: Duration = Duration::from_secs(300);

/// A site that watches a folder beside its own, and that folder.
fn watching(more: &str) -> (TestSite, PathBuf) {
    let site = TestSite::new();
    let folder = site.beside("incoming");
    fs::create_dir(&folder).unwrap();
    let settings = format!(
        "[work]\navif = \"off\"\n[watch]\nfolder = \"{}\"\nsettled_seconds = 1\n{more}\n",
        folder.display()
    );
    fs::write(site.data().join("halftone.toml"), settings).unwrap();
    (site, folder)
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn photo(name: &str) -> Vec<u8> {
    fs::read(samples().join(name)).unwrap()
}

/// Each file with its state, over all pages.
fn told(client: &Client) -> BTreeMap<String, Value> {
    let (mut told, mut after) = (BTreeMap::new(), String::new());
    loop {
        let page = client.get(&format!("/watched?limit=100{after}")).is(200).json();
        for item in page["items"].as_array().unwrap() {
            told.insert(item["path"].as_str().unwrap().to_owned(), item.clone());
        }
        let Some(next) = page["next"].as_str() else { return told };
        after = format!("&after={}", next.replace(' ', "%20"));
    }
}

/// Waits until each of these files is in this state.
#[track_caller]
fn until(client: &Client, wanted: &[(&str, &str)]) -> BTreeMap<String, Value> {
    let begun = Instant::now();
    loop {
        let told = told(client);
        if wanted.iter().all(|(path, state)| told.get(*path).is_some_and(|one| one["state"] == *state)) {
            return told;
        }
        assert!(begun.elapsed() < PATIENCE, "{wanted:?} in {told:#?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn editor(site: &TestSite, serving: &Serving) -> Client {
    person(site, serving, "eve", "editor")
}

#[test]
fn what_is_finished_is_taken_into_whose_folder_it_lies_in_and_told_and_moved() {
    let (site, folder) = watching(
        "accounts = { ana = \"ana@house.example\" }\n\
         stories = { \"ana/doel\" = \"over-doel\", lost = \"no-such-story\" }",
    );
    let serving = ready(&site);
    let (ana, eve) = (person(&site, &serving, "ana", "photographer"), editor(&site, &serving));
    let story = eve.post("/stories", &json!({ "headline": "Over Doel" })).is(201).json();
    put(&folder, "wire.jpg", &photo("eileen-collins.jpg"));
    put(&folder, "ana/rocket.jpg", &photo("rocket.jpg"));
    put(&folder, "ana/doel/cameraman.png", &photo("cameraman.png"));
    put(&folder, "ana/doel/half.jpg.filepart", &photo("rocket.jpg"));
    put(&folder, "ana/page.jpg", b"<!doctype html><title>Not found</title>");
    put(&folder, "ana/take.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    put(&folder, "lost/again.jpg", &photo("rocket.jpg"));
    let all = until(
        &eve,
        &[
            ("wire.jpg", "taken"),
            ("ana/rocket.jpg", "taken"),
            ("ana/doel/cameraman.png", "taken"),
            ("ana/page.jpg", "refused"),
            ("ana/take.mp4", "left alone"),
            ("lost/again.jpg", "waiting"),
        ],
    );
    assert_eq!(all.len(), 6, "{all:#?}");
    assert!(all["ana/page.jpg"]["reason"].as_str().unwrap().contains("HTML"), "{all:#?}");
    assert!(all["lost/again.jpg"]["reason"].as_str().unwrap().contains("\"no-such-story\""), "{all:#?}");
    assert_eq!(all["wire.jpg"]["owner"], Value::Null);

    let own = told(&ana);
    let names: Vec<&str> = own.keys().map(String::as_str).collect();
    assert_eq!(names, ["ana/doel/cameraman.png", "ana/page.jpg", "ana/rocket.jpg", "ana/take.mp4"]);
    let photo_of = |told: &Value| format!("/photos/{}", told["photo"].as_str().unwrap());
    ana.get(&photo_of(&own["ana/rocket.jpg"])).is(200);
    ana.get(&photo_of(&all["wire.jpg"])).refuses(404, "photo_unknown");
    let slides = eve.get(&format!("/stories/{}", story["id"].as_str().unwrap())).is(200).json();
    let photos: Vec<&Value> =
        slides["slides"].as_array().unwrap().iter().map(|slide| &slide["photo"]).collect();
    assert_eq!(photos, [&all["ana/doel/cameraman.png"]["photo"]]);

    let lies = |name: &str| folder.join(name).exists();
    let begun = Instant::now();
    while !lies("ana/_report.txt") && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(50));
    }
    for (from, to) in [
        ("wire.jpg", "_taken/wire.jpg"),
        ("ana/rocket.jpg", "ana/_taken/rocket.jpg"),
        ("ana/doel/cameraman.png", "ana/_taken/doel/cameraman.png"),
        ("ana/page.jpg", "ana/_refused/page.jpg"),
    ] {
        assert!(!lies(from) && lies(to), "{from} to {to}");
    }
    assert!(lies("ana/take.mp4") && lies("ana/doel/half.jpg.filepart") && lies("lost/again.jpg"));
    assert!(!told(&eve).contains_key("ana/doel/half.jpg.filepart"));
    let report = fs::read_to_string(folder.join("ana/_report.txt")).unwrap();
    for line in ["taken       doel/cameraman.png", "refused     page.jpg  ", "left alone  take.mp4"] {
        assert!(report.contains(line), "{line} in {report}");
    }
    assert!(!report.contains("wire.jpg"), "{report}");

    // The story that was missing, and the rest of the file.
    eve.post("/stories", &json!({ "headline": "No such story" })).is(201);
    fs::rename(folder.join("ana/doel/half.jpg.filepart"), folder.join("ana/doel/half.jpg")).unwrap();
    let all = until(&eve, &[("lost/again.jpg", "known"), ("ana/doel/half.jpg", "known")]);
    assert_eq!(all["ana/doel/half.jpg"]["photo"], all["ana/rocket.jpg"]["photo"]);
}

#[test]
fn a_file_that_ends_early_waits_for_its_rest_and_is_refused_when_that_does_not_come() {
    let (site, folder) = watching("unfinished_seconds = 20");
    let serving = ready(&site);
    let eve = editor(&site, &serving);
    let bytes = photo("rocket.jpg");
    put(&folder, "slow.jpg", &bytes[..bytes.len() / 2]);
    put(&folder, "never.jpg", &photo("eileen-collins.jpg")[..50_000]);
    let all = until(&eve, &[("slow.jpg", "waiting"), ("never.jpg", "waiting")]);
    assert!(all["slow.jpg"]["reason"].as_str().unwrap().contains("cut off"), "{all:#?}");
    assert!(folder.join("slow.jpg").exists());
    put(&folder, "slow.jpg", &bytes);
    let all = until(&eve, &[("slow.jpg", "taken"), ("never.jpg", "refused")]);
    // What was told of its first half is forgotten.
    let page = eve.get("/watched").is(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2, "{page:#?}");
    assert_eq!(all["slow.jpg"]["bytes"], bytes.len());
    assert!(folder.join("_refused/never.jpg").exists());
}

#[test]
fn a_photo_that_was_taken_and_cannot_be_developed_is_told_as_refused() {
    let (site, folder) = watching("");
    let serving = ready(&site);
    let eve = editor(&site, &serving);
    let mut bytes = photo("rocket.jpg");
    let half = bytes.len() / 2;
    bytes.drain(half..half + 20_000);
    put(&folder, "rocket.jpg", &bytes);
    let all = until(&eve, &[("rocket.jpg", "refused")]);
    assert!(all["rocket.jpg"]["photo"].is_string(), "{all:#?}");
    assert!(all["rocket.jpg"]["reason"].as_str().unwrap().contains("JPEG"), "{all:#?}");
    // The report follows, though nothing else is dropped.
    let begun = Instant::now();
    let report = || fs::read_to_string(folder.join("_report.txt")).unwrap_or_default();
    while !report().contains("refused     rocket.jpg") {
        assert!(begun.elapsed() < PATIENCE, "{}", report());
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_newer_file_of_a_published_photo_tells_the_desk_what_readers_still_see() {
    let (site, folder) = watching("");
    let serving = ready(&site);
    let eve = editor(&site, &serving);
    site.small_story("Over Doel");
    let bytes = photo("rocket.jpg");
    // The same picture with other metadata: a comment behind the first two bytes.
    let mut newer = bytes[..2].to_vec();
    newer.extend(b"\xff\xfe\x00\x07newer");
    newer.extend(&bytes[2..]);
    put(&folder, "rocket.jpg", &newer);
    let all = until(&eve, &[("rocket.jpg", "taken")]);
    let news = all["rocket.jpg"]["reason"].as_str().unwrap();
    assert!(news.contains("Readers still see it as it was, in one story"), "{news}");
}

#[test]
fn a_file_that_was_refused_is_tried_once_more_when_it_is_sent_again() {
    let (site, folder) = watching("");
    let serving = ready(&site);
    let eve = editor(&site, &serving);
    let page = b"<!doctype html><title>Not found</title>";
    put(&folder, "a.jpg", page);
    let first = until(&eve, &[("a.jpg", "refused")]);
    let stands = fs::metadata(folder.join("_refused/a.jpg")).unwrap().modified().unwrap();
    // With the same length and time, as a program sends that keeps both.
    put(&folder, "a.jpg", page);
    fs::File::options().write(true).open(folder.join("a.jpg")).unwrap().set_modified(stands).unwrap();
    let begun = Instant::now();
    while told(&eve)["a.jpg"]["told"] == first["a.jpg"]["told"] {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(100));
    }
    while !folder.join("_refused/a (2).jpg").exists() {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_sidecar_that_comes_after_its_photo_was_taken_still_counts() {
    let (site, folder) = watching("");
    let serving = ready(&site);
    let eve = editor(&site, &serving);
    put(&folder, "ana/plain.png", &png((30, 20), 8, 0, 0x70));
    let all = until(&eve, &[("ana/plain.png", "taken")]);
    let path = format!("/photos/{}", all["ana/plain.png"]["photo"].as_str().unwrap());
    assert_eq!(eve.get(&path).is(200).json()["facts"]["description"], Value::Null);
    let sidecar = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
        <rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:description><rdf:Alt>\
        <rdf:li xml:lang='x-default'>A man stands behind a camera.</rdf:li></rdf:Alt></dc:description>\
        </rdf:Description></rdf:RDF></x:xmpmeta>";
    put(&folder, "ana/plain.xmp", sidecar.as_bytes());
    let all = until(&eve, &[("ana/plain.xmp", "taken")]);
    let news = all["ana/plain.xmp"]["reason"].as_str().unwrap();
    assert!(news.contains("new facts for a photo that was there"), "{news}");
    assert_eq!(eve.get(&path).is(200).json()["facts"]["description"], "A man stands behind a camera.");
    let begun = Instant::now();
    while !folder.join("ana/_taken/plain.xmp").exists() {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(folder.join("ana/_taken/plain.png").exists());
}

#[test]
fn what_stays_where_it_lies_is_taken_once_also_by_the_next_process() {
    let (site, folder) = watching("then = \"leave\"");
    let serving = ready(&site);
    let eve = editor(&site, &serving);
    put(&folder, "rocket.jpg", &photo("rocket.jpg"));
    let first = until(&eve, &[("rocket.jpg", "taken")]);
    assert_eq!(serving.stop(), 0);
    let serving = ready(&site);
    let eve = eve.at(&serving);
    put(&folder, "cameraman.png", &photo("cameraman.png"));
    let all = until(&eve, &[("cameraman.png", "taken")]);
    assert_eq!(all["rocket.jpg"], first["rocket.jpg"]);
    assert!(folder.join("rocket.jpg").exists() && folder.join("cameraman.png").exists());
}

#[test]
fn a_thousand_files_at_once_and_a_kill_in_the_middle_make_a_thousand_photos() {
    const FILES: u32 = 1000;
    let (site, folder) = watching("stories = { \"\" = \"the-parade\" }");
    let serving = ready(&site);
    let eve = editor(&site, &serving);
    let story = eve.post("/stories", &json!({ "headline": "The parade" })).is(201).json();
    for number in 0..FILES {
        let size = (8 + number % 40, 8 + number / 40);
        put(&folder, &format!("IMG_{number:04}.png"), &png(size, 8, 0, 0x70));
    }
    let taken = |client: &Client| {
        told(client)
            .values()
            .filter(|file| ["taken", "known"].contains(&file["state"].as_str().unwrap()))
            .count()
    };
    let begun = Instant::now();
    while taken(&eve) == 0 {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(serving); // kill -9
    let serving = ready(&site);
    let eve = eve.at(&serving);
    while taken(&eve) < FILES as usize {
        assert!(begun.elapsed() < PATIENCE, "{}", taken(&eve));
        std::thread::sleep(Duration::from_millis(100));
    }
    let draft = eve.get(&format!("/stories/{}", story["id"].as_str().unwrap())).is(200).json();
    let slides = draft["slides"].as_array().unwrap();
    let photos: std::collections::BTreeSet<&str> =
        slides.iter().map(|slide| slide["photo"].as_str().unwrap()).collect();
    assert_eq!((slides.len(), photos.len()), (FILES as usize, FILES as usize));
    let begun = Instant::now();
    let left =
        || fs::read_dir(&folder).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file()).count();
    while left() > 1 {
        assert!(begun.elapsed() < PATIENCE, "{} files stay", left());
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(fs::read_dir(folder.join("_taken")).unwrap().count(), FILES as usize);
}

#[test]
fn a_folder_that_is_not_there_is_told_at_once_and_by_the_doctor() {
    let site = TestSite::new();
    let said = site.run(&["serve", "--listen", "127.0.0.1:0", "--watch", "/nonexistent/incoming"]);
    assert_ne!(said.code, 0);
    assert!(said.err.contains("the folder /nonexistent/incoming cannot be watched"), "{}", said.err);
    let (site, folder) = watching("");
    site.does(&["doctor"]);
    fs::remove_dir(&folder).unwrap();
    let said = site.run(&["doctor"]).ends_with(1);
    assert!(said.out.contains("cannot be used"), "{}", said.out);
}
