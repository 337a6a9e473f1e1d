//! What an administrator sets of the site: over the file, in every process, on every page.

use serde_json::{Value, json};

use crate::client::{person, ready};
use crate::door::is_sound;
use crate::site::{TestSite, Working};

const PAGE: &str = "/story/three-photographs";

#[test]
fn what_is_set_holds_in_every_process_and_stands_on_every_page() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let serving = site.serve_with(&["--no-work"]);
    serving.get_until("/readyz", |answer| answer.status == 200);
    let _working = Working::start(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    assert!(serving.get(PAGE).text().contains(">Halftone<"));
    site.does(&["site", "set", "--name", "Silver Daily", "--language", "de"]);
    let page = serving.get_until(PAGE, |answer| answer.text().contains("Silver Daily"));
    assert!(!page.text().contains("Halftone"), "{}", page.text());
    serving.get_until("/feed.rss", |answer| answer.text().contains("Silver Daily"));
    serving.get_until("/search", |answer| answer.text().contains("Silver Daily"));
    assert!(ana.desk("/desk", None).is(200).text().contains("Silver Daily"));
    let told = ana.get("/site").is(200).json();
    assert_eq!((&told["language"], &told["set"]), (&json!("de"), &json!(["language", "name"])));
    let made = ana.post("/stories", &json!({ "headline": "Later" })).is(201).json();
    assert_eq!(made["language"], "de");
    let log = ana.get("/audit?noun=site&id=site").is(200).json();
    assert_eq!(log["items"][0]["after"], json!({ "name": "Silver Daily", "language": "de" }));
    assert!(site.does(&["doctor"]).out.contains("in place of what halftone.toml says: language, name"));
}

#[test]
fn a_change_is_refused_from_an_older_state_and_does_nothing_twice_and_can_be_taken_back() {
    let site = TestSite::with_settings("[site]\nname = \"Grain\"\n");
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let first = ana.get("/site").is(200);
    let from = |tag: &str| ana.with("If-Match", tag);
    let tag = first.header("etag").unwrap();
    let named = from(tag).patch("/site", &json!({ "name": "Silver" })).is(200);
    from(tag).patch("/site", &json!({ "name": "Gold" })).refuses(412, "stale_revision");
    let again = ana.patch("/site", &json!({ "name": "Silver" })).is(200);
    assert_eq!(again.header("etag"), named.header("etag"));
    let wrong = json!({ "language": "English!", "style": { "house": "dpa" }, "sections": [{ "name": "…", "in_head": true }] });
    let wrong = ana.patch("/site", &wrong).is(422).json();
    let fields: Vec<&Value> = wrong["reasons"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
    assert_eq!(fields, ["language", "sections", "house"]);
    let back = ana.patch("/site", &json!({ "name": null })).is(200).json();
    assert_eq!((&back["name"], &back["set"]), (&json!("Grain"), &json!([])));
}

#[test]
fn sections_stand_in_the_head_in_the_order_that_was_set() {
    let site = TestSite::new();
    site.small_draft("Three photographs");
    for (headline, section) in [("One", "World"), ("Two", "Archive")] {
        let folder = site.folder_of(headline, &["fig.jpg"]);
        site.does(&["ingest", folder.to_str().unwrap(), "--story", headline, "--section", section]);
        site.does(&["publish", headline, "--allow-missing", "alt"]);
    }
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    let serving = site.serve();
    let head = |text: &str| -> Vec<String> {
        let nav = text.split("<nav class=\"sections\"").nth(1).unwrap().split("</nav>").next().unwrap();
        nav.split("<bdi>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    };
    assert_eq!(head(&serving.get(PAGE).text()), ["Archive", "Photo", "World"]);
    site.does(&["site", "set", "--section", "World", "--section-beside", "Archive"]);
    let page = serving.get_until(PAGE, |answer| head(&answer.text()) != ["Archive", "Photo", "World"]);
    assert_eq!(head(&page.text()), ["World", "Photo"]);
    assert_eq!(serving.get("/section/archive").status, 200, "its page stays");
}

#[test]
fn the_form_says_beside_each_field_what_is_wrong_and_keeps_what_was_typed() {
    let site = TestSite::with_settings("[site]\nname = \"Grain\"\n");
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let form = ana.desk("/desk/site", None).is(200);
    assert!(form.text().contains("halftone.toml says: Grain"), "{}", form.text());
    is_sound(&form);
    let odd = "version=0&name=Silver&time_zone=Mars%2FOlympus&accent=%23ffcc00&house=ap&weekday=off";
    let wrong = ana.desk("/desk/site", Some(odd)).is(422);
    for field in ["site-time_zone-wrong", "site-accent-wrong"] {
        assert!(wrong.text().contains(&format!("id=\"{field}\"")), "{field}");
    }
    assert!(wrong.text().contains("value=\"Silver\"") && wrong.text().contains("The nearest shade"));
    is_sound(&wrong);
    let right = odd.replace("Mars%2FOlympus", "Europe%2FMadrid").replace("ffcc00", "00458a");
    ana.desk("/desk/site", Some(&right)).is(303);
    let told = ana.get("/site").is(200).json();
    assert_eq!((&told["name"], &told["time_zone"]), (&json!("Silver"), &json!("Europe/Madrid")));
    assert_eq!((&told["style"]["house"], &told["style"]["weekday"]), (&json!("ap"), &json!(false)));
    let stale = ana.desk("/desk/site", Some("version=0&name=Gold")).is(422);
    assert!(stale.text().contains("Somebody else has changed the site meanwhile"));
    let kept = ana.desk("/desk/site?kept=1", None).is(200);
    assert!(kept.text().contains("value=\"#00458a\""));
    is_sound(&kept);
}

#[test]
fn a_colour_is_on_every_page_without_printing_one_again() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let before = serving.get(PAGE).header("etag").map(str::to_owned);
    ana.patch("/site", &json!({ "accent": "#0000ee" })).is(200);
    let css = serving.get_until("/site.css", |answer| answer.text().contains("--accent: #0000ee;")).text();
    assert!(!css.contains("#93290f") && !css.contains("#f0a88f"), "{css}");
    assert_eq!(serving.get(PAGE).header("etag").map(str::to_owned), before);
    assert_eq!(ana.get("/site").is(200).json()["printing_again"], 0);
}

#[test]
fn settings_are_looked_at_before_they_hold_and_nothing_is_stored() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let query = "version=0&name=Silver+%26+Co&language=&accent=%2300458a";
    let look = |what: &str| ana.desk(&format!("/desk/site/preview{what}?{query}&as=dark"), None).is(200);
    assert!(look("/page").text().contains("Silver &#38; Co"), "the first page, while there is no story");
    site.small_story("Three photographs");
    let page = look("/page");
    assert!(
        page.text().contains("Three photographs")
            && page.text().contains("/desk/preview/dark.css?light=%2300458a")
    );
    let css = ana.desk("/desk/preview/light.css?light=%2300458a&dark=%2380b0f0", None).is(200);
    assert!(css.text().contains("--accent: #00458a;"));
    let frames = look("");
    assert_eq!(frames.text().matches("<iframe").count(), 4);
    is_sound(&frames);
    let back = ana.desk(&format!("/desk/site?{query}"), None).is(200);
    assert!(back.text().contains("value=\"Silver &#38; Co\""), "{}", back.text());
    let odd = ana.desk("/desk/site/preview?version=0&accent=%23ffffff", None).is(422);
    assert!(odd.text().contains("The nearest shade") && !odd.text().contains("<iframe"));
    assert_eq!(ana.get("/site").is(200).json()["version"], 0);
    let bo = person(&site, &serving, "bo", "editor");
    bo.desk(&format!("/desk/site/preview/page?{query}&as=dark"), None).is(403);
}

#[test]
fn a_backup_carries_what_was_set() {
    let site = TestSite::new();
    site.does(&["site", "set", "--name", "Silver Daily", "--style", "house=ap", "--style", "weekday=off"]);
    let backup = site.beside("backup");
    site.does(&["backup", backup.to_str().unwrap()]);
    let copy = TestSite::as_it_comes();
    copy.does(&["restore", backup.to_str().unwrap()]);
    let told = copy.json(&["site", "get"]).ends_with(0).objects();
    let value = |name: &str| told.iter().find(|one| one["setting"] == name).unwrap().clone();
    assert_eq!(
        (&value("name")["value"], &value("name")["set_at_desk"]),
        (&json!("Silver Daily"), &json!(true))
    );
    assert!(value("style")["value"].as_str().unwrap().contains("weekday=off"));
    copy.does(&["site", "set", "--unset", "name"]);
    assert!(copy.does(&["site", "get"]).out.contains("name: Halftone (as halftone.toml says)"));
}
