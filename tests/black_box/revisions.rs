//! What a draft was: every state is kept, whoever made it, can be read again and brought back.

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::site::TestSite;

/// The draft of three pictures, its path in the API and its slides' ids.
fn three_pictures(eve: &Client) -> (String, Vec<String>) {
    let id = eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/stories/{id}");
    let story = eve.get(&path).is(200).json();
    let ids =
        story["slides"].as_array().unwrap().iter().map(|slide| slide["id"].as_str().unwrap().to_owned());
    (path, ids.collect())
}

fn listed(client: &Client, path: &str) -> Vec<Value> {
    client.get(&format!("{path}/revisions")).is(200).json()["items"].as_array().unwrap().clone()
}

#[test]
fn every_change_is_a_revision_that_is_read_again_and_brought_back() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let (path, slides) = three_pictures(&eve);
    let before = eve.get(&path).is(200);
    let was = before.json();
    let number = was["revision"].as_i64().unwrap();
    let change = json!({ "headline": "Changed", "slides": [{ "id": slides[2], "caption": "Mine." }, { "id": slides[0] }] });
    eve.patch(&path, &change).is(200);
    let by_hand = site.edit("three-pictures", |text| text.replace("Changed", "Changed by hand"));
    by_hand.ends_with(0);
    let all = listed(&eve, &path);
    let told: Vec<_> = all.iter().take(2).map(|one| (&one["revision"], &one["verb"], &one["name"])).collect();
    assert_eq!(
        told,
        [
            (&json!(number + 2), &json!("put_story"), &Value::Null),
            (&json!(number + 1), &json!("put_story"), &json!("eve"))
        ]
    );
    assert_eq!((&all[0]["who"], &all.last().unwrap()["verb"]), (&json!("operator"), &json!("create_story")));
    let page = eve.get(&format!("{path}/revisions?limit=1")).is(200).json();
    let next = eve.get(&format!("{path}/revisions?after={}", page["next"].as_str().unwrap())).is(200).json();
    assert_eq!(next["items"], json!(all[1..]));

    let middle = eve.get(&format!("{path}/revisions/{}", number + 1)).is(200).json();
    assert_eq!((&middle["headline"], middle["slides"].as_array().unwrap().len()), (&json!("Changed"), 2));
    assert_eq!(middle["slides"][0]["caption"], json!({ "text": "Mine.", "origin": "desk" }));
    assert_eq!(eve.get(&format!("{path}/revisions/{number}")).is(200).json(), was);
    for unknown in ["0", "1000", "first"] {
        eve.get(&format!("{path}/revisions/{unknown}")).refuses(404, "revision_unknown");
    }

    let restore = format!("{path}/revisions/{number}/restore");
    let tag = before.header("etag").unwrap();
    eve.with("If-Match", tag).post(&restore, &json!({})).refuses(412, "stale_revision");
    let back = eve.with("If-Match", &format!("\"{}\"", number + 2)).post(&restore, &json!({})).is(200);
    assert_eq!(back.header("etag"), Some(format!("\"{}\"", number + 3).as_str()));
    let back = back.json();
    for field in ["headline", "slides", "lede", "body", "tags", "slug", "published"] {
        assert_eq!(back[field], was[field], "{field}");
    }
    let log = eve.get("/audit?limit=1").is(200).json();
    assert_eq!(
        (&log["items"][0]["verb"], &log["items"][0]["after"]["restored"]),
        (&json!("restore_revision"), &json!(number))
    );
    let ana = person(&site, &serving, "ana", "photographer");
    ana.get(&format!("{path}/revisions")).refuses(404, "story_unknown");
    ana.get(&format!("{path}/revisions/{number}")).refuses(404, "story_unknown");
    ana.post(&restore, &json!({})).refuses(404, "story_unknown");
    let mo = person(&site, &serving, "mo", "moderator");
    mo.get(&format!("{path}/revisions/{number}")).is(200);
    mo.post(&restore, &json!({})).refuses(403, "not_allowed");
}

#[test]
fn a_photo_that_was_withdrawn_since_stays_withdrawn_when_its_slide_comes_back() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let (path, slides) = three_pictures(&eve);
    let was = eve.get(&path).is(200).json();
    let publish = json!({ "allow_missing": ["alt"] });
    eve.post(&format!("{path}/publish"), &publish).is(200);
    eve.patch(&path, &json!({ "slides": [{ "id": slides[0] }] })).is(200);
    let photo = was["slides"][1]["photo"].as_str().unwrap();
    eve.post(&format!("/photos/{photo}/withdraw"), &json!({ "reason": "A test." })).is(200);
    let published = eve.get(&path).is(200).json()["published"].clone();
    let back = eve.post(&format!("{path}/revisions/{}/restore", was["revision"]), &json!({})).is(200).json();
    assert_eq!(back["slides"][1]["photo"], photo);
    assert!(published.is_string());
    assert_eq!(back["published"], published, "what readers know of it does not go back");
    assert_eq!(eve.get(&format!("/photos/{photo}")).is(200).json()["state"], "withdrawn");
    let refused = eve.post(&format!("{path}/publish"), &publish).is(422).json();
    assert_eq!(refused["reasons"][0]["code"], "photo_withdrawn");
    let verbs: Vec<Value> = listed(&eve, &path).iter().take(3).map(|one| one["verb"].clone()).collect();
    assert_eq!(verbs, ["restore_revision", "put_story", "publish_story"]);
}

#[test]
fn a_photo_that_a_person_may_not_put_into_a_story_does_not_come_back_for_them() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let (eve, ana) =
        (person(&site, &serving, "eve", "editor"), person(&site, &serving, "ana", "photographer"));
    let photo = eve.get("/photos?limit=1").is(200).json()["items"][0]["id"].clone();
    let made = ana.post("/stories", &json!({ "headline": "Mine" })).is(201).json();
    let path = format!("/stories/{}", made["id"].as_str().unwrap());
    let with = json!({ "slides": [{ "photo": photo, "caption": "By the desk." }] });
    let with = eve.patch(&path, &with).is(200).json();
    eve.patch(&path, &json!({ "slides": [] })).is(200);
    let restore = format!("{path}/revisions/{}/restore", with["revision"]);
    let hers = ana.post(&restore, &json!({})).is(200).json();
    assert_eq!(
        (&hers["slides"][0]["photo"], &hers["slides"][0]["caption"]["text"]),
        (&Value::Null, &json!("By the desk."))
    );
    let theirs = eve.post(&restore, &json!({})).is(200).json();
    assert_eq!(theirs["slides"][0]["photo"], photo);
}

#[test]
fn an_earlier_state_shows_nothing_of_a_photo_that_is_out_of_the_draft_and_out_of_reach() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let (eve, ana) =
        (person(&site, &serving, "eve", "editor"), person(&site, &serving, "ana", "photographer"));
    let photo = eve.get("/photos?limit=1").is(200).json()["items"][0]["id"].clone();
    let made = ana.post("/stories", &json!({ "headline": "Mine" })).is(201).json();
    let path = format!("/stories/{}", made["id"].as_str().unwrap());
    let with = json!({ "slides": [{ "photo": photo, "caption": "By the desk." }] });
    let with = eve.patch(&path, &with).is(200).json();
    let then = format!("{path}/revisions/{}", with["revision"]);
    assert!(with["slides"][0]["file"].is_string(), "{with}");
    assert_eq!(ana.get(&then).is(200).json(), with, "it is in her draft");
    eve.patch(&path, &json!({ "slides": [] })).is(200);
    let hers = ana.get(&then).is(200).json();
    let slide = &hers["slides"][0];
    assert_eq!((&slide["photo"], &slide["file"]), (&Value::Null, &Value::Null));
    assert_eq!(slide["caption"], json!({ "text": "By the desk.", "origin": "desk" }));
    assert_eq!(slide["credit"], json!({ "text": "", "origin": "missing" }));
    assert_eq!(eve.get(&then).is(200).json(), with);
}

#[test]
fn the_command_line_lists_shows_and_brings_back_what_a_draft_was() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let was = site.draft("three-pictures");
    let number = was["revision"].to_string();
    site.edit("three-pictures", |text| text.replace("headline = \"Three", "headline = \"Four")).ends_with(0);
    let shown = site.does(&["story", "get", "three-pictures", "--revision", &number]).out;
    assert!(shown.contains("headline = \"Three pictures\""), "{shown}");
    let listed = site.json(&["story", "revisions", "three-pictures"]).ends_with(0).objects();
    assert_eq!(
        (&listed[0]["verb"], listed[1]["revision"].to_string()),
        (&json!("put_story"), number.clone())
    );
    site.run(&["story", "restore", "three-pictures", "--revision", "77"]).ends_with(1);
    site.does(&["story", "restore", "three-pictures", "--revision", &number]);
    let back = site.draft("three-pictures");
    assert_eq!((&back["headline"], &back["slides"]), (&was["headline"], &was["slides"]));
}
