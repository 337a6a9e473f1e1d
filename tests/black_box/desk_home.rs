//! The desk's first page: what needs whoever is there, and where it leads.

use serde_json::json;

use crate::client::{Client, person, ready};
use crate::door::is_sound;
use crate::site::TestSite;
use crate::uploading::{announce, send};

const NEVER_ENOUGH: &str = "[alerts]\nfree_gigabytes = 1048576\n";

#[test]
fn an_editor_is_told_of_each_story_that_needs_something_once_and_led_to_the_place() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let story = eve.get("/stories?limit=1").is(200).json()["items"][0].clone();
    let id = story["id"].as_str().unwrap();
    let (path, place) = (format!("/stories/{id}"), format!("/desk/stories/{id}"));
    let home = || {
        let home = eve.desk("/desk", None).is(200);
        is_sound(&home);
        home.text()
    };
    let told = home();
    assert!(told.contains("to be mended") && told.contains("from being published."), "{told}");
    assert!(told.contains(&format!("href=\"{place}\"")), "{told}");
    assert_eq!(told.matches("Three pictures").count(), 1, "it is told once: {told}");

    // Somebody with a link approves it; what is changed after that was approved by nobody.
    let made = eve.post(&format!("{path}/shares"), &json!({ "name": "Lena Law" })).is(201).json();
    let address = made["address"].as_str().unwrap();
    let link = address.split_at(address.find("/desk/shared/").unwrap()).1;
    let lena = Client::stranger(&serving).with("Sec-Fetch-Site", "same-origin");
    let revision = eve.get(&path).is(200).json()["revision"].as_i64().unwrap();
    lena.desk(link, Some(&format!("revision={revision}&remark=Fine+with+me."))).is(303);
    let told = home();
    assert!(told.contains("Lena Law approved it as it is now, through a link: “Fine with me.”"), "{told}");
    assert!(told.contains(&format!("href=\"{place}/publish\"")), "{told}");
    eve.patch(&path, &json!({ "lede": "Another." })).is(200);
    assert!(!home().contains("Lena Law"));

    // A plan whose time comes in vain.
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_millis(700);
    eve.ask("PUT", &format!("{path}/plan"), Some(&json!({ "at": soon.to_string() }))).is(200);
    let mut told = home();
    while !told.contains("not published") {
        told = home();
    }
    assert!(told.contains("something stood against it"), "{told}");
    eve.delete(&format!("{path}/plan")).is(204);

    let slides = eve.get(&path).is(200).json()["slides"].as_array().unwrap().clone();
    let edits: Vec<_> = slides
        .iter()
        .map(|slide| json!({ "id": slide["id"], "alt": format!("Alt {}", slide["id"]) }))
        .collect();
    eve.patch(&path, &json!({ "edits": edits })).is(200);
    eve.post(&format!("{path}/publish"), &json!({})).is(200);
    let told = home();
    assert!(told.contains("Nothing needs you just now."), "{told}");
    eve.patch(&path, &json!({ "lede": "Once more." })).is(200);
    let told = home();
    assert!(told.contains("Readers have an older state"), "{told}");
}

#[test]
fn a_photographer_is_told_of_their_own_files_that_were_refused_and_nobody_else_is() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (pia, cy) =
        (person(&site, &serving, "pia", "photographer"), person(&site, &serving, "cy", "photographer"));
    let notes = b"this is no picture at all";
    let upload = announce(&pia, "notes.jpg", notes.len(), None);
    send(&pia, &upload, 0, notes);
    let told = pia.desk("/desk", None).is(200);
    is_sound(&told);
    assert!(told.text().contains("notes.jpg") && told.text().contains("badge red"), "{}", told.text());
    assert!(!cy.desk("/desk", None).is(200).text().contains("notes.jpg"));
}

#[test]
fn an_administrator_is_told_of_the_machine_and_of_open_invitations() {
    let site = TestSite::with_settings(NEVER_ENOUGH);
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let eve = person(&site, &serving, "eve", "editor");
    site.does(&["staff", "invite", "bo@house.example", "--role", "editor"]);
    let told = ana.desk("/desk", None).is(200);
    is_sound(&told);
    for said in ["href=\"/desk/system\"", "free on", "1 open invitation", "bo@house.example"] {
        assert!(told.text().contains(said), "{said} in {}", told.text());
    }
    let hers = eve.desk("/desk", None).is(200).text();
    assert!(!hers.contains("/desk/system") && !hers.contains("open invitation"), "{hers}");
}

#[test]
fn the_three_steps_are_shown_while_there_is_no_story_and_to_whoever_asks_for_them() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let steps = |path: &str| {
        let page = eve.desk(path, None).is(200);
        is_sound(&page);
        let text = page.text();
        (text.contains("class=\"steps\""), text.contains("href=\"/desk?welcome\""))
    };
    assert_eq!(steps("/desk"), (true, false));
    eve.desk("/desk/stories", Some("headline=The+harbour")).is(303);
    assert_eq!(steps("/desk"), (false, true));
    assert_eq!(steps("/desk?welcome"), (true, false));
}
