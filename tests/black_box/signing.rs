//! What an account gives to photos whose files say nothing.

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::exif_tool::{self, NO_MAKER};
use crate::site::TestSite;
use crate::uploading::{announce, send};

/// Changes that take every notice of a copyright out of a file.
const NO_RIGHTS: [&str; 3] = ["-XMP-dc:Rights=", "-IPTC:CopyrightNotice=", "-EXIF:Copyright="];

/// Sends a file; gives its photo as it is told then.
fn sent(client: &Client, bytes: &[u8]) -> Value {
    let path = announce(client, "rocket.jpg", bytes.len(), None);
    send(client, &path, 0, bytes).is(204);
    let photo = client.get(&path).is(200).json()["photo"].as_str().unwrap().to_owned();
    client.get(&format!("/photos/{photo}")).is(200).json()
}

/// Creators, credit line and copyright notice of a photo.
fn signature(photo: &Value) -> Value {
    let facts = &photo["facts"];
    json!([facts["creators"], facts["credit_line"], facts["copyright"]])
}

/// Where they come from.
fn sources(photo: &Value) -> Vec<&str> {
    let facts = &photo["report"]["facts"];
    let source = |name: &str| facts[name]["source"]["packet"].as_str().unwrap_or("nowhere");
    ["creators", "credit_line", "copyright"].map(source).to_vec()
}

#[test]
fn an_account_gives_byline_credit_and_copyright_where_a_file_has_none_and_a_file_always_wins() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let serving = ready(&site);
    let (ana, eve) =
        (person(&site, &serving, "ana", "photographer"), person(&site, &serving, "eve", "editor"));
    let mine = json!({ "byline": "Ana Berg", "credit": "House", "copyright": "© House 2026" });
    ana.patch("/me", &mine).is(200);
    let theirs = json!({ "byline": "Eve Other", "credit": "Others", "copyright": "© Others" });
    eve.patch("/me", &theirs).is(200);
    let file = site.folder_of("photos", &["rocket.jpg"]).join("rocket.jpg");
    let bare = |title: &str| {
        let title = format!("-XMP-dc:Title={title}");
        exif_tool::change(&file, &[&NO_MAKER[..], &NO_RIGHTS, &[&title]].concat());
        std::fs::read(&file).unwrap()
    };
    let whole = std::fs::read(&file).unwrap();

    let photo = sent(&ana, &bare("One"));
    assert_eq!(signature(&photo), json!([["Ana Berg"], "House", "© House 2026"]));
    assert_eq!(sources(&photo), ["account"; 3]);
    let id = photo["id"].as_str().unwrap().to_owned();
    let again = sent(&ana, &whole);
    assert_eq!(again["id"], json!(id), "an update of the same photo");
    assert_eq!(signature(&again), json!([["SpaceX"], "SpaceX", "Released into the public domain by SpaceX"]));
    assert!(!sources(&again).contains(&"account"), "{:?}", sources(&again));
    // It stays her photo, whoever sends a newer file of it, and by whatever way.
    let by_other = sent(&eve, &bare("Two"));
    assert_eq!((&by_other["id"], signature(&by_other)), (&json!(id), signature(&photo)));
    bare("Three");
    site.does(&["ingest", file.to_str().unwrap(), "--story", "Lift-off"]);
    let by_operator = ana.get(&format!("/photos/{id}")).is(200).json();
    assert_eq!(by_operator["facts"]["title"], "Three");
    assert_eq!(signature(&by_operator), signature(&photo));
    let slide = &eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].clone();
    let story = eve.get(&format!("/stories/{}", slide.as_str().unwrap())).is(200).json();
    assert_eq!(story["slides"][0]["credit"]["text"], "Ana Berg/House");
}

#[test]
fn a_credit_that_names_the_account_beside_an_agency_gets_no_copyright_of_the_house() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "photographer");
    let mine = json!({ "byline": "Ana Berg", "credit": "House", "copyright": "© House 2026" });
    ana.patch("/me", &mine).is(200);
    let file = site.folder_of("photos", &["rocket.jpg"]).join("rocket.jpg");
    let shared = ["-XMP-photoshop:Credit=Ana Berg/Wire", "-IPTC:Credit=Ana Berg/Wire"];
    exif_tool::change(&file, &[&NO_MAKER[..], &NO_RIGHTS, &shared].concat());
    let photo = sent(&ana, &std::fs::read(&file).unwrap());
    assert_eq!(signature(&photo), json!([["Ana Berg"], "Ana Berg/Wire", null]));
}

#[test]
fn what_comes_in_on_the_machine_itself_is_nobodys_to_sign() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    eve.patch("/me", &json!({ "credit": "House" })).is(200);
    let file = site.folder_of("photos", &["rocket.jpg"]).join("rocket.jpg");
    exif_tool::change(&file, &["-all="]);
    site.does(&["ingest", file.to_str().unwrap(), "--story", "Lift-off"]);
    let photo = eve.get("/photos").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let photo = eve.get(&format!("/photos/{photo}")).is(200).json();
    assert_eq!(signature(&photo), json!([[], null, null]));
    assert_eq!(sources(&photo), ["nowhere"; 3]);
}
