//! Files that are sent in pieces, over networks that break and to processes that die (tus 1.0).

use std::io::Write;
use std::net::TcpStream;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::site::{Answer, Serving, TestSite, files_below, looks_into_the_folder, samples, sha256};

const BYTES: &str = "application/offset+octet-stream";

/// Bytes as base 64 (RFC 4648 section 4), made here: what the program reads must not be written by what it reads with.
pub fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..4 {
            let sign = SIGNS[(number >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() { char::from(sign) } else { '=' });
        }
    }
    text
}

pub fn metadata(name: &str, story: Option<&str>) -> String {
    let story = story.map(|story| format!(",story {}", base64(story.as_bytes()))).unwrap_or_default();
    format!("filename {}{story}", base64(name.as_bytes()))
}

/// Announces a file of so many bytes; gives its path below the API's root.
#[track_caller]
pub fn announce(client: &Client, name: &str, bytes: usize, story: Option<&str>) -> String {
    let answer = client
        .with("Tus-Resumable", "1.0.0")
        .with("Upload-Length", &bytes.to_string())
        .with("Upload-Metadata", &metadata(name, story))
        .send("POST", "/uploads", b"")
        .is(201);
    assert_eq!(answer.header("tus-resumable"), Some("1.0.0"));
    assert!(answer.header("upload-expires").unwrap().ends_with(" GMT"));
    answer.header("location").unwrap().strip_prefix("/api/v1").unwrap().to_owned()
}

pub fn send(client: &Client, path: &str, offset: usize, bytes: &[u8]) -> Answer {
    client
        .with("Tus-Resumable", "1.0.0")
        .with("Upload-Offset", &offset.to_string())
        .with("Content-Type", BYTES)
        .send("PATCH", path, bytes)
}

#[track_caller]
pub fn offset(client: &Client, path: &str) -> usize {
    let answer = client.with("Tus-Resumable", "1.0.0").send("HEAD", path, b"").is(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.header("upload-offset").unwrap().parse().unwrap()
}

pub fn photo_bytes(name: &str) -> Vec<u8> {
    std::fs::read(samples().join(name)).unwrap()
}

pub fn story(client: &Client) -> String {
    client.post("/stories", &json!({ "headline": "Over Doel" })).is(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

pub fn slides(client: &Client, story: &str) -> Vec<Value> {
    client.get(&format!("/stories/{story}")).is(200).json()["slides"].as_array().unwrap().clone()
}

#[test]
fn a_file_that_is_sent_with_its_announcement_is_a_slide_of_its_story() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "photographer");
    let story = story(&ana);
    let bytes = photo_bytes("rocket.jpg");
    let sent = ana
        .with("Upload-Length", &bytes.len().to_string())
        .with("Upload-Metadata", &metadata("../rocket.jpg", Some(&story)))
        .with("Content-Type", BYTES)
        .send("POST", "/uploads", &bytes)
        .is(201);
    assert_eq!(sent.header("upload-offset").unwrap(), bytes.len().to_string());
    let path = sent.header("location").unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    let told = ana.get(&path).is(200).json();
    assert_eq!((&told["state"], &told["name"]), (&json!("taken in"), &json!("rocket.jpg")));
    let slides = slides(&ana, &story);
    assert_eq!((slides.len(), &slides[0]["photo"]), (1, &told["photo"]));
    let photo = ana.get(&format!("/photos/{}", told["photo"].as_str().unwrap())).is(200).json();
    assert_eq!(photo["name"], "rocket.jpg");
    let eve = person(&site, &serving, "eve", "editor");
    eve.get(&path).refuses(404, "upload_unknown");
    assert_eq!(eve.get("/uploads").is(200).json()["items"], json!([]));
    assert_eq!(ana.get("/uploads").is(200).json()["items"][0]["id"], told["id"]);
}

#[test]
fn pieces_of_any_size_through_two_processes_make_the_file_whole() {
    let site = TestSite::new();
    let (first, second) = (ready(&site), ready(&site));
    let eve = person(&site, &first, "eve", "editor");
    let (one, other) = (eve.clone(), eve.at(&second));
    let bytes = photo_bytes("eileen-collins.jpg");
    let path = announce(&one, "eileen.jpg", bytes.len(), None);
    let mut at = 0;
    for (turn, size) in [1, 4096, 65_537, 3, 100_000, usize::MAX].into_iter().enumerate() {
        let client = if turn % 2 == 0 { &one } else { &other };
        let end = bytes.len().min(at + size.min(bytes.len()));
        assert_eq!(offset(client, &path), at);
        if at < end {
            send(client, &path, at, &bytes[at..end]).is(204);
        }
        at = end;
    }
    let told = other.get(&path).is(200).json();
    assert_eq!(told["state"], "taken in", "{told}");
    assert_eq!(offset(&one, &path), bytes.len());
}

/// Begins to send bytes and hangs up, or kills the process, in the middle.
fn begin(serving: &Serving, headers: &[(&str, &str)], path: &str, length: usize, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(&serving.address).unwrap();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(stream, "PATCH /api/v1{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: {BYTES}\r\nContent-Length: {length}\r\n{lines}\r\n", serving.address).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

#[test]
fn a_cut_network_and_a_killed_process_lose_nothing_that_was_acknowledged() {
    let site = TestSite::new();
    let serving = ready(&site);
    person(&site, &serving, "eve", "editor");
    let token =
        site.json(&["staff", "token", "eve@house.example", "--name", "t", "--scope", "photos"]).ends_with(0);
    let authorization = format!("Bearer {}", token.object("token")["token"].as_str().unwrap());
    let client = |serving: &Serving| Client::stranger(serving).with("Authorization", &authorization);
    let file = samples().join("rocket.jpg");
    let bytes = std::fs::read(&file).unwrap();
    let path = announce(&client(&serving), "rocket.jpg", bytes.len(), None);
    let half = bytes.len() / 2;
    let headers = [("Authorization", authorization.as_str()), ("Upload-Offset", "0")];
    drop(begin(&serving, &headers, &path, bytes.len(), &bytes[..half]));
    let kept = until(|| offset(&client(&serving), &path), |offset| *offset == half);
    let from = kept.to_string();
    let headers = [("Authorization", authorization.as_str()), ("Upload-Offset", from.as_str())];
    let stream = begin(&serving, &headers, &path, bytes.len() - kept, &bytes[kept..kept + 10_000]);
    drop(serving); // kill -9
    drop(stream);
    let again = ready(&site);
    let kept = offset(&client(&again), &path);
    assert!((half..=half + 10_000).contains(&kept), "{kept}");
    send(&client(&again), &path, kept, &bytes[kept..]).is(204);
    assert_eq!(client(&again).get(&path).is(200).json()["state"], "taken in");
    let originals = files_below(&site.data().join("originals"));
    if !originals.is_empty() {
        let ours: Vec<_> = originals.iter().filter(|path| path.ends_with(sha256(&file))).collect();
        assert_eq!((originals.len(), ours.len()), (1, 1), "the bytes arrive whole, once");
    }
}

/// Looks until it is as wanted; for half a minute.
pub fn until<T>(look: impl Fn() -> T, wanted: impl Fn(&T) -> bool) -> T {
    let begun = std::time::Instant::now();
    loop {
        let seen = look();
        if wanted(&seen) {
            return seen;
        }
        assert!(begun.elapsed().as_secs() < 30, "it never came");
        std::thread::yield_now();
    }
}

#[test]
fn what_is_wrong_with_a_piece_is_said_and_nothing_of_it_is_kept() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let bytes = photo_bytes("cameraman.png");
    let path = announce(&eve, "cameraman.png", bytes.len(), None);
    send(&eve, &path, 7, &bytes[..10]).refuses(409, "upload_offset");
    eve.with("Upload-Offset", "0")
        .with("Content-Type", "image/png")
        .send("PATCH", &path, &bytes)
        .refuses(415, "body_media_type");
    eve.with("Content-Type", BYTES).send("PATCH", &path, &bytes).refuses(400, "header_wrong");
    let wrong = eve.with("Upload-Checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    send(&wrong, &path, 0, &bytes[..100]).refuses(460, "checksum_mismatch");
    assert_eq!(offset(&eve, &path), 0);
    let right = eve.with("Upload-Checksum", &format!("sha256 {}", base64(&sha256_of(&bytes[..100]))));
    send(&right, &path, 0, &bytes[..100]).is(204);
    let mut more = bytes[100..].to_vec();
    more.push(0);
    send(&eve, &path, 100, &more).refuses(400, "upload_too_long");
    eve.with("Tus-Resumable", "0.2.2").send("HEAD", &path, b"").is(412);
    eve.with("Upload-Length", "0").send("POST", "/uploads", b"").refuses(413, "file_size");
    eve.with("Upload-Length", "99999999999").send("POST", "/uploads", b"").refuses(413, "file_size");
    eve.send("POST", "/uploads", b"").refuses(400, "header_wrong");
    eve.with("Upload-Length", "5")
        .with("Upload-Metadata", "filename !")
        .send("POST", "/uploads", b"")
        .refuses(400, "header_wrong");
    let unknown = metadata("a.jpg", Some("01890000-0000-7000-8000-000000000000"));
    eve.with("Upload-Length", "5")
        .with("Upload-Metadata", &unknown)
        .send("POST", "/uploads", b"")
        .refuses(404, "story_unknown");
    eve.send("DELETE", &path, b"").is(204);
    eve.send("DELETE", &path, b"").is(404);
    let log = eve.get("/audit?limit=1").is(200).json();
    assert_eq!(
        (&log["items"][0]["verb"], &log["items"][0]["before"]["name"]),
        (&json!("give_up_upload"), &json!("cameraman.png"))
    );
    eve.send("HEAD", &path, b"").is(404);
    send(&eve, &path, 100, &bytes[100..]).refuses(404, "upload_unknown");
}

fn sha256_of(bytes: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).to_vec()
}

#[test]
fn a_file_that_is_no_photo_is_refused_with_its_reason_and_known_bytes_are_the_same_photo() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (eve, ana) =
        (person(&site, &serving, "eve", "editor"), person(&site, &serving, "ana", "photographer"));
    let path = announce(&eve, "notes.jpg", 11, None);
    send(&eve, &path, 0, b"hello world").is(204);
    let told = eve.get(&path).is(200).json();
    assert_eq!(told["state"], "refused");
    assert!(told["reason"].as_str().unwrap().len() > 10, "{told}");
    let bytes = photo_bytes("cameraman.png");
    let photo_of = |client: &Client| {
        let path = announce(client, "cameraman.png", bytes.len(), None);
        send(client, &path, 0, &bytes).is(204);
        client.get(&path).is(200).json()
    };
    let (first, again) = (photo_of(&eve), photo_of(&eve));
    assert_eq!((&first["state"], &first["photo"]), (&json!("taken in"), &again["photo"]));
    let of_other = photo_of(&ana);
    assert_eq!(of_other["state"], "refused", "{of_other}");
    assert_eq!(files_below(&site.data().join("uploads")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn the_protocol_says_what_it_can_do_and_listens_to_those_who_can_only_post() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let told = Client::stranger(&serving).send("OPTIONS", "/uploads", b"").is(204);
    for (field, part) in [
        ("tus-version", "1.0.0"),
        ("tus-extension", "checksum"),
        ("tus-checksum-algorithm", "sha1"),
        ("tus-max-size", "0"),
    ] {
        assert!(told.header(field).unwrap().contains(part), "{field}");
    }
    let bytes = photo_bytes("cameraman.png");
    let path = announce(&eve, "cameraman.png", bytes.len(), None);
    eve.with("X-HTTP-Method-Override", "PATCH")
        .with("Upload-Offset", "0")
        .with("Content-Type", BYTES)
        .send("POST", &path, &bytes)
        .is(204);
    assert_eq!(eve.get(&path).is(200).json()["state"], "taken in");
}

#[test]
fn bytes_of_anothers_photo_are_refused_also_where_its_picture_was_told_apart_in_another_way() {
    looks_into_the_folder();
    let site = TestSite::new();
    let serving = ready(&site);
    let (eve, ana) =
        (person(&site, &serving, "eve", "editor"), person(&site, &serving, "ana", "photographer"));
    let bytes = photo_bytes("cameraman.png");
    let sent = |client: &Client| {
        let path = announce(client, "cameraman.png", bytes.len(), None);
        send(client, &path, 0, &bytes).is(204);
        client.get(&path).is(200).json()
    };
    assert_eq!(sent(&eve)["state"], "taken in");
    // As a release before may have left it.
    let program = "import sqlite3,sys\n\
        records=sqlite3.connect(sys.argv[1],timeout=30)\n\
        records.execute(\"update photos set picture_hash='another way'\")\n\
        records.commit()";
    let records = site.data().join("halftone.db");
    assert!(Command::new("python3").args(["-c", program]).arg(records).status().unwrap().success());
    let told = sent(&ana);
    assert_eq!(told["state"], "refused", "{told}");
    assert!(told["reason"].as_str().unwrap().contains("somebody else sent it"), "{told}");
    assert_eq!(ana.get("/photos").is(200).json()["items"], json!([]), "nothing of it stays");
}
