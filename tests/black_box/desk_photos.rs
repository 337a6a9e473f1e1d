//! The wire without a script: the contact sheet, one photo, comparing, and photos that become slides.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::browser::tool;
use crate::client::{Client, person, ready};
use crate::site::{Serving, TestSite, looks_into_the_folder, samples};
use crate::uploading::{metadata, photo_bytes};

/// Sends a photo, whole; gives its id once it is developed.
fn sent(client: &Client, name: &str, bytes: &[u8]) -> String {
    let mut developed = client.listen("/events");
    let answer = client
        .with("Upload-Length", &bytes.len().to_string())
        .with("Upload-Metadata", &metadata(name, None))
        .with("Content-Type", "application/offset+octet-stream")
        .send("POST", "/uploads", bytes)
        .is(201);
    let upload = answer.header("location").unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    let photo = client.get(&upload).is(200).json()["photo"].as_str().unwrap().to_owned();
    while developed.until("photo_developed")["data"]["photo"] != json!(photo) {}
    photo
}

fn small(client: &Client, photo: &str) -> Vec<u8> {
    let told = client.get(&format!("/photos/{photo}")).is(200).json();
    client.desk(told["small"]["address"].as_str().unwrap(), None).is(200).body
}

fn begun() -> (TestSite, Serving, Client) {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    (site, serving, eve)
}

#[test]
fn photos_become_slides_of_a_new_story_and_of_one_that_is_there() {
    let (site, serving, eve) = begun();
    assert!(eve.desk("/desk/photos", None).is(200).text().contains("no photo yet"));
    let (rocket, dogs) = (
        sent(&eve, "rocket.jpg", &photo_bytes("rocket.jpg")),
        sent(&eve, "two-dogs.jpg", &photo_bytes("two-dogs.jpg")),
    );
    let sheet = eve.desk("/desk/photos", None).is(200).text();
    assert!(sheet.contains(&rocket) && sheet.contains(&dogs) && sheet.contains("two-dogs.jpg"), "{sheet}");
    let use_them = |form: String| eve.desk("/desk/photos/use", Some(&form));
    use_them(format!("photo={rocket}&story=&headline=")).is(422);
    use_them("story=&headline=Lift-off".to_owned()).is(422);
    let made = use_them(format!("photo={rocket}&story=&headline=Lift-off")).is(303);
    let story = made.header("location").unwrap().strip_prefix("/desk/stories/").unwrap().to_owned();
    let slides =
        || eve.get(&format!("/stories/{story}")).is(200).json()["slides"].as_array().unwrap().clone();
    assert_eq!((slides().len(), &slides()[0]["photo"]), (1, &json!(rocket)));
    use_them(format!("photo={dogs}&story={story}")).is(303);
    assert_eq!((slides().len(), &slides()[1]["photo"]), (2, &json!(dogs)));
    let slide = slides()[0]["id"].as_str().unwrap().to_owned();
    let chosen = eve.desk(&format!("/desk/photos?story={story}&slide={slide}"), None).is(200).text();
    assert!(chosen.contains("Put it on the slide") && chosen.contains("Lift-off"));
    use_them(format!("photo={dogs}&photo={rocket}&story={story}&slide={slide}")).is(422);
    let replaced = use_them(format!("photo={dogs}&story={story}&slide={slide}")).is(303);
    assert!(replaced.header("location").unwrap().ends_with(&format!("#slide-{slide}")));
    assert_eq!((slides().len(), &slides()[0]["photo"]), (2, &json!(dogs)));
    let shown = eve.desk(&format!("/desk/photos/{dogs}"), None).is(200).text();
    assert!(
        shown.contains("Lift-off") && shown.contains("slide 2") && shown.contains("/original"),
        "{shown}"
    );
    let foreign = eve.with("Sec-Fetch-Site", "cross-site");
    assert_eq!(foreign.desk("/desk/photos/use", Some("")).header("location"), None);
    let ana = person(&site, &serving, "ana", "photographer");
    assert!(ana.desk("/desk/photos", None).is(200).text().contains("My photos"));
    ana.desk(&format!("/desk/photos/{dogs}"), None).is(404);
    ana.desk("/desk/photos/use", Some(&format!("photo={dogs}&headline=Mine"))).is(422);
    let mo = person(&site, &serving, "mo", "moderator");
    assert!(!mo.desk("/desk/photos", None).is(200).text().contains("Use in a story"));
    mo.desk("/desk/photos/use", Some(&format!("photo={dogs}&headline=Mine"))).is(403);
    Client::stranger(&serving).desk("/desk/photos", None).is(303);
}

#[test]
fn the_same_picture_with_another_caption_is_shown_before_it_is_used_again() {
    looks_into_the_folder();
    let (_site, _serving, eve) = begun();
    let rocket = sent(&eve, "rocket.jpg", &photo_bytes("rocket.jpg"));
    let copy = sent(&eve, "copy.jpg", &small(&eve, &rocket));
    eve.desk("/desk/photos/use", Some(&format!("photo={rocket}&headline=Lift-off"))).is(303);
    let form = format!("photo={copy}&headline=Another");
    let page = eve.desk("/desk/photos/use", Some(&form)).is(200).text();
    assert!(
        page.contains("Use anyway") && page.contains("Lift-off") && page.contains("rocket.jpg"),
        "{page}"
    );
    assert!(eve.desk(&format!("/desk/photos/{copy}"), None).is(200).text().contains("other caption"));
    eve.desk("/desk/photos/use", Some(&format!("{form}&sure=yes"))).is(303);
}

#[test]
fn the_sheet_is_searched_and_narrowed_and_photos_are_compared_by_links_and_forms() {
    let (_site, _serving, eve) = begun();
    let photos = ["rocket.jpg", "two-dogs.jpg"].map(|name| sent(&eve, name, &photo_bytes(name)));
    let [one, other] = &photos;
    let compared =
        eve.desk(&format!("/desk/photos/compare?photo={one}&photo={other}&story="), None).is(200).text();
    assert!(compared.contains("rocket.jpg") && compared.contains("two-dogs.jpg"));
    eve.desk(&format!("/desk/photos/compare?photo={one}"), None).is(422);
    let empty = eve.desk("/desk/photos?q=quaggas&usage=&rating=5&from=", None).is(200).text();
    assert!(empty.contains("No photo answers this"), "{empty}");
    let wrong = eve.desk("/desk/photos?from=yesterday", None).is(422).text();
    assert!(wrong.contains("A day is written as") && wrong.contains("role=\"alert\""), "{wrong}");
    eve.desk("/desk/photos?rating=1&after=nonsense", None).is(422);
    eve.desk("/desk/photos/no-photo", None).is(404);
}

#[test]
fn the_wire_in_a_browser_takes_drops_through_a_broken_network_and_goes_by_keys() {
    looks_into_the_folder();
    let (Some(node), Some(_)) = (tool("HALFTONE_NODE"), tool("HALFTONE_CHROMIUM")) else { return };
    let (site, serving, eve) = begun();
    let rocket = sent(&eve, "rocket.jpg", &photo_bytes("rocket.jpg"));
    let copies = site.beside("copies");
    std::fs::create_dir_all(&copies).unwrap();
    std::fs::write(copies.join("copy.jpg"), small(&eve, &rocket)).unwrap();
    eve.desk("/desk/photos/use", Some(&format!("photo={rocket}&headline=Lift-off"))).is(303);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/checks.mjs");
    let base = format!("http://{}", serving.address);
    let output = Command::new(node)
        .arg(script)
        .args(["wire", &base, "/desk/sign-in"])
        .arg(samples())
        .arg(copies.join("copy.jpg"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
