//! What is known of a file before all of it is here: its facts, a picture of it, its sidecar, and whether it has to come at all.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::odd_pictures::with_segments;
use crate::site::{Answer, TestSite, files_below, looks_into_the_folder, samples, sha256};
use crate::updates::SIDECAR;
use crate::uploading::{announce, base64, metadata, offset, photo_bytes, send, slides, story, until};

/// A JPEG of 83 x 61 pixels.
fn small_jpeg() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/darkroom/tests/fixtures");
    std::fs::read(folder.join("baseline-420.jpg")).unwrap()
}

/// A sample photograph with a small picture inside.
fn with_thumbnail() -> Vec<u8> {
    with_segments(
        "eileen-collins.jpg",
        std::iter::once((0xe2, [b"small\0", small_jpeg().as_slice()].concat())),
    )
}

/// Width and height by the frame header of a JPEG.
fn size(jpeg: &[u8]) -> (u16, u16) {
    let mut at = 2;
    loop {
        let number = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
        if matches!(jpeg[at + 1], 0xc0..=0xc2) {
            return (number(at + 7), number(at + 5));
        }
        at += 2 + usize::from(number(at + 2));
    }
}

/// Where the picture data of a JPEG begin.
fn data_of(jpeg: &[u8]) -> usize {
    let mut at = 2;
    while jpeg[at + 1] != 0xda {
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    at
}

fn preview(client: &Client, path: &str) -> Answer {
    client.get(&format!("{path}/preview"))
}

fn put(client: &Client, path: &str, media_type: &str, bytes: &[u8]) -> Answer {
    client.with("Content-Type", media_type).send("PUT", path, bytes)
}

#[test]
fn facts_and_the_picture_inside_are_known_as_soon_as_the_head_of_the_file_is_in() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (ana, eve) =
        (person(&site, &serving, "ana", "photographer"), person(&site, &serving, "eve", "editor"));
    let bytes = with_thumbnail();
    let head = data_of(&bytes) + 2;
    let path = announce(&ana, "eileen.jpg", bytes.len(), None);
    preview(&ana, &path).refuses(404, "preview_unknown");
    send(&ana, &path, 0, &bytes[..1000]).is(204);
    assert_eq!(ana.get(&path).is(200).json()["facts"], Value::Null, "too little is there");
    send(&ana, &path, 1000, &bytes[1000..head]).is(204);
    let told = ana.get(&path).is(200).json();
    assert_eq!((&told["state"], &told["received"]), (&json!("receiving"), &json!(head)));
    let said =
        site.json(&["inspect", samples().join("eileen-collins.jpg").to_str().unwrap()]).object("facts");
    assert_eq!(told["facts"]["description"], said["facts"]["description"]["value"]);
    assert!(told["facts"]["description"].as_str().unwrap().len() > 10, "{told}");
    assert_eq!(told["report"]["problems"], said["problems"]);
    let picture = preview(&ana, &path).is(200);
    assert_eq!(picture.body, small_jpeg());
    for (field, value) in [
        ("content-type", "image/jpeg"),
        ("cache-control", "private, no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(picture.header(field), Some(value), "{field}");
    }
    preview(&eve, &path).refuses(404, "upload_unknown");
    send(&ana, &path, head, &bytes[head..]).is(204);
    let told = ana.get(&path).is(200).json();
    assert_eq!(told["state"], "taken in", "{told}");
    let developed = until(|| preview(&ana, &path).is(200), |picture| picture.body != small_jpeg());
    assert!(size(&developed.body).0 > 83);
    let photo = ana.get(&format!("/photos/{}", told["photo"].as_str().unwrap())).is(200).json();
    assert_eq!(photo["facts"]["description"], said["facts"]["description"]["value"]);
}

#[test]
fn a_preview_that_was_sent_first_is_shown_by_each_process_until_the_upload_is_gone() {
    let site = TestSite::new();
    let (first, second) = (ready(&site), ready(&site));
    let eve = person(&site, &first, "eve", "editor");
    let other = eve.at(&second);
    let bytes = photo_bytes("cameraman.png");
    let path = announce(&eve, "cameraman.png", bytes.len(), None);
    let sent = format!("{path}/preview");
    put(&eve, &sent, "image/jpeg", &small_jpeg()).is(204);
    assert_eq!(size(&preview(&other, &path).is(200).body), (83, 61));
    send(&other, &path, 0, &bytes[..5000]).is(204);
    assert_eq!(size(&preview(&eve, &path).is(200).body), (83, 61), "bytes of the file do not push it out");
    let large = photo_bytes("two-dogs.jpg");
    put(&other, &sent, "image/jpeg", &large).is(204);
    let (width, height) = size(&preview(&eve, &path).is(200).body);
    assert!((600..=1280).contains(&width.max(height)), "{width} x {height}");
    send(&eve, &path, 5000, &bytes[5000..]).is(204);
    put(&eve, &sent, "image/jpeg", &small_jpeg()).refuses(409, "upload_whole");
    let again = announce(&eve, "again.png", bytes.len(), None);
    put(&eve, &format!("{again}/preview"), "image/jpeg", &small_jpeg()).is(204);
    eve.delete(&again).is(204);
    preview(&eve, &again).refuses(404, "upload_unknown");
    put(&eve, &format!("{again}/preview"), "image/jpeg", &small_jpeg()).refuses(404, "upload_unknown");
    assert_eq!(files_below(&site.data().join("uploads")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_preview_that_was_sent_is_not_given_up_for_a_thumbnail_inside_the_file() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let bytes = with_thumbnail();
    let path = announce(&eve, "eileen.jpg", bytes.len(), None);
    send(&eve, &path, 0, &bytes[..bytes.len() / 2]).is(204);
    assert_eq!(preview(&eve, &path).is(200).body, small_jpeg());
    put(&eve, &format!("{path}/preview"), "image/jpeg", &photo_bytes("two-dogs.jpg")).is(204);
    assert!(size(&preview(&eve, &path).is(200).body).0 > 83);
}

#[test]
fn a_preview_that_is_no_whole_small_jpeg_is_refused_and_the_upload_goes_on() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let bytes = photo_bytes("cameraman.png");
    let path = announce(&eve, "cameraman.png", bytes.len(), None);
    let sent = format!("{path}/preview");
    let small = small_jpeg();
    let mut ended = small[..small.len() / 2].to_vec();
    ended.extend([0xff, 0xd9]);
    for hostile in [&small[..small.len() / 2], &ended, b"<html>".as_slice(), b"", &bytes] {
        put(&eve, &sent, "image/jpeg", hostile).refuses(422, "preview_refused");
    }
    put(&eve, &sent, "image/png", &small).refuses(415, "body_media_type");
    put(&eve, &sent, "image/jpeg", &vec![0xff; (512 << 10) + 1]).refuses(413, "body_long");
    preview(&eve, &path).refuses(404, "preview_unknown");
    send(&eve, &path, 0, &bytes).is(204);
    assert_eq!(eve.get(&path).is(200).json()["state"], "taken in");
}

#[test]
fn a_sidecar_that_was_sent_before_the_last_byte_gives_the_photo_its_caption() {
    looks_into_the_folder();
    let site = TestSite::new();
    let (first, second) = (ready(&site), ready(&site));
    let ana = person(&site, &first, "ana", "photographer");
    let story = story(&ana);
    let bytes = photo_bytes("eileen-collins.jpg");
    let path = announce(&ana, "eileen.jpg", bytes.len(), Some(&story));
    let sidecar = format!("{path}/sidecar");
    put(&ana, &sidecar, "application/rdf+xml", b"<html><body>none</body></html>")
        .refuses(422, "sidecar_refused");
    put(&ana, &sidecar, "text/plain", SIDECAR.as_bytes()).refuses(415, "body_media_type");
    put(&ana, &sidecar, "application/rdf+xml", &vec![b'<'; (16 << 20) + 1]).refuses(413, "body_long");
    send(&ana, &path, 0, &bytes[..100]).is(204);
    put(&ana.at(&second), &sidecar, "application/rdf+xml", SIDECAR.as_bytes()).is(204);
    send(&ana, &path, 100, &bytes[100..]).is(204);
    put(&ana, &sidecar, "application/rdf+xml", SIDECAR.as_bytes()).refuses(409, "upload_whole");
    let told = ana.get(&path).is(200).json();
    assert_eq!(told["state"], "taken in", "{told}");
    let slides = slides(&ana, &story);
    assert_eq!(slides[0]["caption"]["text"], "A caption from the sidecar.");
    let kept = site.files("sidecars");
    assert_eq!(kept.len(), 1, "it is kept as a blob");
    assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), SIDECAR);
}

/// Announces a file with its hash; gives its path, and how much of it need not come.
fn announce_hashed(client: &Client, bytes: usize, hash: &str, story: Option<&str>) -> (String, usize) {
    announce_said(
        client,
        bytes,
        &format!("{},sha256 {}", metadata("again.jpg", story), base64(hash.as_bytes())),
    )
}

/// The same with all that is said of it.
fn announce_said(client: &Client, bytes: usize, said: &str) -> (String, usize) {
    let answer = client
        .with("Upload-Length", &bytes.to_string())
        .with("Upload-Metadata", said)
        .send("POST", "/uploads", b"")
        .is(201);
    let path = answer.header("location").unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    let here = answer.header("upload-offset").unwrap().parse().unwrap();
    assert_eq!(offset(client, &path), here);
    (path, here)
}

#[test]
fn bytes_that_are_known_need_not_come_again_and_of_others_photos_nothing_is_said() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (ana, bo) =
        (person(&site, &serving, "ana", "photographer"), person(&site, &serving, "bo", "photographer"));
    let bytes = photo_bytes("rocket.jpg");
    let hash = sha256(&samples().join("rocket.jpg"));
    let (path, here) = announce_hashed(&ana, bytes.len(), &hash, None);
    assert_eq!((here, &ana.get(&path).is(200).json()["sha256"]), (0, &json!(hash)));
    send(&ana, &path, 0, &bytes).is(204);
    let photo = ana.get(&path).is(200).json()["photo"].clone();
    let story = story(&ana);
    let (path, here) = announce_hashed(&ana, bytes.len(), &hash, Some(&story));
    assert_eq!(here, bytes.len());
    let told = ana.get(&path).is(200).json();
    assert_eq!((&told["state"], &told["photo"]), (&json!("taken in"), &photo));
    assert_eq!(slides(&ana, &story)[0]["photo"], photo, "it has its place in the story");
    announce_hashed(&ana, bytes.len(), &hash, Some(&story));
    assert_eq!(slides(&ana, &story).len(), 1);
    assert_eq!(announce_hashed(&bo, bytes.len(), &hash, None).1, 0, "it is another's");
    assert_eq!(announce_hashed(&ana, bytes.len() - 1, &hash, None).1, 0, "it has another length");
}

#[test]
fn a_file_with_another_hash_than_announced_is_refused() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let bytes = photo_bytes("cameraman.png");
    let (path, _) = announce_hashed(&eve, bytes.len(), &"ab".repeat(32), None);
    send(&eve, &path, 0, &bytes).is(204);
    let told = eve.get(&path).is(200).json();
    assert_eq!(told["state"], "refused");
    assert!(told["reason"].as_str().unwrap().contains("SHA-256"), "{told}");
    let odd = format!("filename {},sha256 {}", base64(b"a.png"), base64(b"abc"));
    eve.with("Upload-Length", "5")
        .with("Upload-Metadata", &odd)
        .send("POST", "/uploads", b"")
        .refuses(400, "header_wrong");
}

fn hash_of(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_sidecar_that_was_announced_has_to_come_and_to_be_the_one_that_was_announced() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "photographer");
    let bytes = photo_bytes("eileen-collins.jpg");
    let other = SIDECAR.replace("A caption", "Another caption");
    let announced = |sidecar: &str| {
        let (photo, sidecar) = (hash_of(&bytes), hash_of(sidecar.as_bytes()));
        let (photo, sidecar) = (base64(photo.as_bytes()), base64(sidecar.as_bytes()));
        let said = format!("{},sha256 {photo},sidecar {sidecar}", metadata("eileen.jpg", None));
        announce_said(&ana, bytes.len(), &said)
    };
    let sent = |sidecar: &str, really: Option<&str>| {
        let (path, here) = announced(sidecar);
        assert_eq!(here, 0);
        assert_eq!(ana.get(&path).is(200).json()["sidecar"], hash_of(sidecar.as_bytes()));
        if let Some(really) = really {
            put(&ana, &format!("{path}/sidecar"), "application/rdf+xml", really.as_bytes()).is(204);
        }
        send(&ana, &path, 0, &bytes).is(204);
        ana.get(&path).is(200).json()
    };
    for (really, reason) in [(None, "did not come"), (Some(other.as_str()), "another SHA-256")] {
        let told = sent(SIDECAR, really);
        assert_eq!(told["state"], "refused", "{told}");
        assert!(told["reason"].as_str().unwrap().contains(reason), "{told}");
    }
    assert_eq!(ana.get("/photos").is(200).json()["items"], json!([]));
    let taken = sent(SIDECAR, Some(SIDECAR));
    assert_eq!(taken["state"], "taken in", "{taken}");
    let caption = || {
        let photo = ana.get(&format!("/photos/{}", taken["photo"].as_str().unwrap())).is(200).json();
        photo["facts"]["description"].as_str().unwrap().to_owned()
    };
    assert_eq!(caption(), "A caption from the sidecar.");
    assert_eq!(announced(SIDECAR).1, bytes.len(), "both are here");
    let changed = sent(&other, Some(&other));
    assert_eq!((&changed["state"], &changed["photo"]), (&json!("taken in"), &taken["photo"]));
    assert_eq!(caption(), "Another caption from the sidecar.");
}
