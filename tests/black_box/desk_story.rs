//! A story at the desk: the form without a script.

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::site::{Serving, TestSite, samples};

/// A story of the three smallest samples, and an editor's browser.
fn editing(site: &TestSite) -> (Serving, Client, String) {
    let photos: Vec<String> = ["cameraman.png", "eileen-collins.jpg", "rocket.jpg"]
        .map(|name| samples().join(name).to_str().unwrap().to_owned())
        .to_vec();
    let mut words = vec!["ingest"];
    words.extend(photos.iter().map(String::as_str));
    words.extend(["--story", "Three photographs"]);
    site.does(&words);
    let serving = ready(site);
    let editor = person(site, &serving, "ana", "editor").with("Sec-Fetch-Site", "same-origin");
    let story = editor.get("/stories").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    (serving, editor, story)
}

fn story(editor: &Client, id: &str) -> Value {
    editor.get(&format!("/stories/{id}")).is(200).json()
}

/// A form as a browser writes it: every pair percent-encoded where it must be.
fn form(pairs: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        let byte =
            |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
        text.bytes().map(byte).collect::<String>()
    };
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect::<Vec<_>>()
        .join("&")
}

#[test]
fn without_a_script_a_form_saves_texts_and_moves_and_takes_out_slides() {
    let site = TestSite::new();
    let (_serving, editor, id) = editing(&site);
    let path = format!("/desk/stories/{id}");
    let before = story(&editor, &id);
    let slides: Vec<String> = before["slides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect();
    let revision = before["revision"].to_string();
    let caption = format!("s.{}.caption", slides[1]);
    let page = editor.desk(&path, None).is(200).text();
    assert!(page.contains("name=\"headline\"") && page.contains(&caption), "{page}");

    let typed = [
        ("revision", revision.as_str()),
        ("headline", "Mended"),
        (&caption, "Somebody smiles.\r\nTwo."),
        ("up", &slides[1]),
    ];
    let sent = editor.desk(&path, Some(&form(&typed))).is(303);
    assert_eq!(sent.header("location"), Some(format!("{path}?saved=1#slide-{}", slides[1]).as_str()));
    let after = story(&editor, &id);
    assert_eq!(after["headline"], "Mended");
    assert_eq!(after["slides"][0]["id"], slides[1]);
    assert_eq!(after["slides"][0]["caption"]["text"], "Somebody smiles.\nTwo.");
    assert_eq!(
        after["slides"][1]["caption"], before["slides"][0]["caption"],
        "what nobody typed follows the file"
    );

    let revision = after["revision"].to_string();
    editor.desk(&path, Some(&form(&[("revision", &revision), ("remove", &slides[2])]))).is(303);
    assert_eq!(story(&editor, &id)["slides"].as_array().unwrap().len(), 2);
}

#[test]
fn of_two_who_typed_in_one_field_the_second_sees_both_texts_and_loses_neither() {
    let site = TestSite::new();
    let (_serving, editor, id) = editing(&site);
    let path = format!("/desk/stories/{id}");
    let revision = story(&editor, &id)["revision"].to_string();
    editor.patch(&format!("/stories/{id}"), &json!({ "lede": "Theirs." })).is(200);
    let other = [("revision", revision.as_str()), ("headline", "Of another field")];
    editor.desk(&path, Some(&form(&other))).is(303);
    let same = [("revision", revision.as_str()), ("lede", "Mine."), ("body", "Mine too.")];
    let answer = editor.desk(&path, Some(&form(&same))).is(422).text();
    assert!(answer.contains(">Theirs.</blockquote>") && answer.contains("Mine.</textarea>"), "{answer}");
    assert!(answer.contains("Mine too.</textarea>"), "what has no conflict stays as well: {answer}");
    let now = story(&editor, &id);
    assert_eq!((&now["lede"], &now["headline"]), (&json!("Theirs."), &json!("Of another field")));
    let revision = now["revision"].to_string();
    let again = [("revision", revision.as_str()), ("lede", "Mine."), ("body", "Mine too.")];
    editor.desk(&path, Some(&form(&again))).is(303);
    assert_eq!(story(&editor, &id)["lede"], "Mine.");
}

#[test]
fn a_text_that_is_too_long_is_refused_beside_its_field_and_stays_there() {
    let site = TestSite::new();
    let (_serving, editor, id) = editing(&site);
    let now = story(&editor, &id);
    let caption = format!("s.{}.caption", now["slides"][0]["id"].as_str().unwrap());
    let long = "long ".repeat(40_000);
    let revision = now["revision"].to_string();
    let typed = [("revision", revision.as_str()), (&caption, long.as_str())];
    let answer = editor.desk(&format!("/desk/stories/{id}"), Some(&form(&typed))).is(422).text();
    assert!(answer.contains(&format!("id=\"{caption}-wrong\"")) && answer.contains(long.trim()));
}

#[test]
fn a_restriction_is_cleared_with_a_reason_only_and_what_was_typed_is_saved_with_it() {
    let site = TestSite::new();
    let (_serving, editor, id) = editing(&site);
    let now = story(&editor, &id);
    let slide = now["slides"][0]["id"].as_str().unwrap();
    let (caption, reason) = (format!("s.{slide}.caption"), format!("s.{slide}.reason"));
    let revision = now["revision"].to_string();
    let typed = [("revision", revision.as_str()), (&caption, "A man films. NOT FOR PUBLICATION")];
    editor.desk(&format!("/desk/stories/{id}"), Some(&form(&typed))).is(303);
    let page = editor.desk(&format!("/desk/stories/{id}"), None).is(200).text();
    assert!(page.contains(&reason), "{page}");
    let revision = story(&editor, &id)["revision"].to_string();
    let clear = |why: &str| {
        let typed =
            [("revision", revision.as_str()), ("lede", "Typed beside."), (&reason, why), ("clear", slide)];
        editor.desk(&format!("/desk/stories/{id}"), Some(&form(&typed)))
    };
    clear(" ").is(422);
    clear("The agency allows it.").is(303);
    let now = story(&editor, &id);
    assert_eq!(now["lede"], "Typed beside.");
    assert_eq!(now["slides"][0]["restrictions"][0]["standing"], "cleared");
}

#[test]
fn a_story_of_somebody_else_is_none_to_a_photographer() {
    let site = TestSite::new();
    let (serving, _editor, id) = editing(&site);
    let path = format!("/desk/stories/{id}");
    let stranger = person(&site, &serving, "bo", "photographer").with("Sec-Fetch-Site", "same-origin");
    stranger.desk(&path, None).is(404);
    stranger.desk(&path, Some("revision=1&headline=x")).is(404);
    stranger.desk(&format!("{path}/revisions"), None).is(404);
}

#[test]
fn a_revision_is_compared_and_brought_back_by_a_form() {
    let site = TestSite::new();
    let (_serving, editor, id) = editing(&site);
    let first = story(&editor, &id)["revision"].as_i64().unwrap();
    editor.patch(&format!("/stories/{id}"), &json!({ "lede": "A lede that goes again." })).is(200);
    let list = editor.desk(&format!("/desk/stories/{id}/revisions"), None).is(200).text();
    assert!(list.contains(&format!("/revisions/{first}\"")), "{list}");
    let path = format!("/desk/stories/{id}/revisions/{first}");
    let compared = editor.desk(&path, None).is(200).text();
    assert!(compared.contains("A lede that goes again."), "{compared}");
    editor.desk(&path, Some("")).is(303);
    assert_eq!(story(&editor, &id)["lede"], "");
    editor.desk(&format!("/desk/stories/{id}/revisions/999"), None).is(404);
}
