//! The sizes of a photo as the staff sees them, before readers see any of it.

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::servers::bucket;
use crate::site::{Answer, TestSite, looks_into_the_folder, samples};
use crate::uploading::{announce, send};

/// Upright size of a JPEG in pixels, from its frame header (ITU-T T.81, B.2.2).
fn size_of(jpeg: &[u8]) -> (u64, u64) {
    let mut at = 2;
    loop {
        let (marker, length) = (jpeg[at + 1], usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]])));
        if (0xc0..=0xc2).contains(&marker) {
            let number = |at: usize| u64::from(u16::from_be_bytes([jpeg[at], jpeg[at + 1]]));
            return (number(at + 7), number(at + 5));
        }
        at += 2 + length;
    }
}

/// The path below the API's root of an address that an answer told.
fn path(size: &Value) -> &str {
    size["address"].as_str().unwrap().strip_prefix("/api/v1").unwrap()
}

/// Asks for a photo until it is developed.
fn developed(client: &Client, id: &str) -> Value {
    let begun = std::time::Instant::now();
    loop {
        let photo = client.get(&format!("/photos/{id}")).is(200).json();
        if photo["state"] == "developed" {
            return photo;
        }
        assert!(begun.elapsed().as_secs() < 60, "{photo}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn is_the_picture(answer: &Answer, size: &Value) {
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    let told = (size["width"].as_u64().unwrap(), size["height"].as_u64().unwrap());
    assert_eq!(size_of(&answer.body), told);
}

/// What holds wherever the bytes lie.
fn staff_see_the_sizes_of_a_photo(site: &TestSite) {
    site.small_draft("Three pictures");
    let serving = ready(site);
    let (eve, ana) = (person(site, &serving, "eve", "editor"), person(site, &serving, "ana", "photographer"));
    let line = eve.get("/photos?limit=1").is(200).json()["items"][0].clone();
    let id = line["id"].as_str().unwrap();
    let photo = developed(&eve, id);
    assert_eq!((&photo["small"], &photo["large"]), (&line["small"], &line["large"]));
    let listed = eve.get(&format!("/photos/{id}/renditions")).is(200).json()["items"].clone();
    let listed = listed.as_array().unwrap();
    assert!(listed.len() > 1 && listed.contains(&photo["small"]) && listed.contains(&photo["large"]));
    for size in listed {
        is_the_picture(&eve.get(path(size)).is(200), size);
    }
    let edge = |size: &Value| size["width"].as_u64().max(size["height"].as_u64()).unwrap();
    assert_eq!(edge(&photo["small"]), 320);
    assert!((321..=1920).contains(&edge(&photo["large"])));

    let small = path(&photo["small"]);
    let answer = eve.get(small);
    assert_eq!(answer.header("cache-control"), Some("private, max-age=86400, immutable"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let tag = answer.header("etag").unwrap();
    let again = eve.with("If-None-Match", tag).get(small).is(304);
    assert_eq!((again.header("etag"), again.body.len()), (Some(tag), 0));
    eve.with("If-None-Match", "\"another\"").get(small).is(200);
    eve.with("If-None-Match", tag).get(path(&photo["large"])).is(200);

    Client::stranger(&serving).get(small).refuses(401, "not_signed_in");
    ana.get(small).refuses(404, "photo_unknown");
    ana.get(&format!("/photos/{id}/renditions")).refuses(404, "photo_unknown");
    person(site, &serving, "mo", "moderator").get(small).is(200);
    for name in
        ["320.jpg", "x", "%2e%2e%2foriginal", &small.rsplit('/').next().unwrap().replace(".jpg", ".avif")]
    {
        eve.get(&format!("/photos/{id}/renditions/{name}")).refuses(404, "rendition_unknown");
    }
    eve.post(&format!("/photos/{id}/withdraw"), &json!({ "reason": "A test." })).is(200);
    eve.with("If-None-Match", tag).get(small).refuses(404, "rendition_withdrawn");
    let withdrawn = eve.get(&format!("/photos/{id}")).is(200).json();
    assert_eq!((&withdrawn["state"], &withdrawn["small"]), (&json!("withdrawn"), &Value::Null));
}

#[test]
fn the_staff_see_the_sizes_of_a_photo_and_a_browser_keeps_them_for_itself() {
    staff_see_the_sizes_of_a_photo(&TestSite::new());
}

#[test]
fn the_staff_see_the_sizes_of_a_photo_whose_bytes_lie_in_a_bucket() {
    let Some(bucket) = bucket("sizes") else { return };
    staff_see_the_sizes_of_a_photo(&TestSite::in_folder_with(&format!("{bucket}[work]\navif = \"off\"\n")));
}

#[test]
fn a_photo_that_is_still_to_be_developed_says_so_and_a_size_that_was_lost_is_made_again() {
    looks_into_the_folder();
    let site = TestSite::new();
    let waiting = site.serve_with(&["--no-work"]);
    waiting.get_until("/readyz", |answer| answer.status == 200);
    let ana = person(&site, &waiting, "ana", "photographer");
    let bytes = std::fs::read(samples().join("rocket.jpg")).unwrap();
    let upload = announce(&ana, "rocket.jpg", bytes.len(), None);
    send(&ana, &upload, 0, &bytes).is(204);
    let id = ana.get(&upload).is(200).json()["photo"].as_str().unwrap().to_owned();
    let photo = ana.get(&format!("/photos/{id}")).is(200).json();
    assert_eq!((&photo["state"], &photo["small"]), (&json!("waiting"), &Value::Null));
    ana.get(&format!("/photos/{id}/renditions")).refuses(404, "rendition_waiting");
    ana.get(&format!("/photos/{id}/renditions/320.jpg")).refuses(404, "rendition_waiting");
    let working = ready(&site);
    let ana = ana.at(&working);
    let small = developed(&ana, &id)["small"].clone();
    is_the_picture(&ana.get(path(&small)).is(200), &small);
    for file in site.files("renditions") {
        std::fs::remove_file(file).unwrap();
    }
    ana.get(path(&small)).refuses(404, "rendition_waiting");
    let begun = std::time::Instant::now();
    while ana.get(path(&small)).status != 200 {
        assert!(begun.elapsed().as_secs() < 60, "it is never made again");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    is_the_picture(&ana.get(path(&small)), &small);
}
