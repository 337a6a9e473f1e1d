//! The photo library on the command line: searching, narrowing, listing, and where a photo is used.

use serde_json::Value;

use crate::site::TestSite;

/// The photos that a command lists, by their files' names, and what it says last.
fn listed(site: &TestSite, words: &[&str]) -> (Vec<String>, Value) {
    let mut objects = site.json(&[&["photos"], words].concat()).ends_with(0).objects();
    let last = objects.pop().unwrap();
    (objects.iter().map(|photo| photo["name"].as_str().unwrap().to_owned()).collect(), last)
}

/// Gives the first slide of a story a caption.
fn caption(site: &TestSite, story: &str, text: &str) {
    let edit = |file: &str| {
        let (head, rest) = file.split_once("\ncaption = ").unwrap();
        let rest: Vec<&str> = rest.lines().skip(1).collect();
        format!("{head}\ncaption = \"{text}\"\n{}\n", rest.join("\n"))
    };
    site.edit(story, edit).ends_with(0);
}

#[test]
fn photos_are_found_by_words_and_filters_marked_and_told_of_with_their_uses() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg", "two-dogs.jpg", "fig.jpg"]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Three photographs"]);
    let (all, last) = listed(&site, &[]);
    assert_eq!((all.len(), &last["next"]), (3, &Value::Null));

    let draft = site.draft("three-photographs");
    let slide = draft["slides"][0].clone();
    let photo = slide["photo"].as_str().unwrap();
    caption(&site, "three-photographs", "Zwei Quaggas am Ufer");
    let said = site.does(&["photos", "quaggas"]);
    assert!(said.out.contains("Zwei [Quaggas] am Ufer"), "{}", said.out);
    let hit = site.json(&["photos", "Quaggas", "--used"]).ends_with(0).object("hits");
    assert_eq!(hit["hits"][0]["pieces"][1], serde_json::json!({ "text": "Quaggas", "hit": true }));
    assert_eq!(listed(&site, &["quaggas", "--unused"]).0, Vec::<String>::new());
    assert_eq!(
        listed(&site, &["quaggas", "--from", "1800-01-01", "--to", "1800-12-31"]).0,
        Vec::<String>::new()
    );

    let (first, last) = listed(&site, &["--used", "--limit", "2"]);
    let next = last["next"].as_str().unwrap();
    let (rest, end) = listed(&site, &["--used", "--limit", "2", "--after", next]);
    assert_eq!(
        (first.len(), rest.len(), &last["total"], &end["next"]),
        (2, 1, &Value::from(3), &Value::Null)
    );
    assert!(!first.contains(&rest[0]));
    site.run(&["photos", "--after", next]).ends_with(1);
    site.run(&["photos", "--after", "somewhere"]).ends_with(2);
    site.run(&["photos", "--from", "yesterday"]).ends_with(2);
    site.run(&["photos", "one", "two", "three", "four", "five", "six", "seven"]).ends_with(1);

    let uses = site.json(&["photos", "--uses", photo]).ends_with(0).object("story");
    assert_eq!(uses["headline"], "Three photographs");
    assert_eq!((&uses["draft"][0]["number"], &uses["published"]), (&Value::from(1), &Value::Null));
    site.run(&["photos", "--uses", "no-photo"]).ends_with(1);
}

#[test]
fn a_photo_is_published_as_long_as_readers_see_it() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    assert_eq!(listed(&site, &["--published"]).0.len(), 3);
    let photo = site.draft("three-photographs")["slides"][0]["photo"].as_str().unwrap().to_owned();
    let uses = site.json(&["photos", "--uses", &photo]).ends_with(0).object("story");
    assert_eq!(uses["published"]["slides"][0]["number"], 1);
    site.does(&["withdraw", "three-photographs", "--reason", "Killed by the agency"]);
    assert_eq!(listed(&site, &["--published"]).0, Vec::<String>::new());
    assert_eq!(listed(&site, &["--used"]).0.len(), 3);
    let uses = site.json(&["photos", "--uses", &photo]).ends_with(0).object("story");
    assert_eq!(uses["published"]["withdrawn"], "Killed by the agency");
}
