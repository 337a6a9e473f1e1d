//! Publishing at a time and under an embargo: nothing of a story is reachable before, all of it within a moment after.

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::site::{Answer, SMALL, Serving, TestSite};

const PAGE: &str = "/story/three-pictures";

/// A time that is so far from now, as programs write it.
fn from_now(millis: i64) -> String {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let at = i64::try_from(now).unwrap() + millis;
    jiff::Timestamp::from_millisecond(at).unwrap().to_string()
}

/// Asks until that time has come, and a little longer.
fn until(at: &str, mut look: impl FnMut()) {
    let at: jiff::Timestamp = at.parse().unwrap();
    while SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() < u128::try_from(at.as_millisecond()).unwrap()
    {
        look();
    }
}

/// A draft of three pictures that an editor sees: its path in the API.
fn draft(site: &TestSite) -> (Serving, Client, String) {
    site.small_draft("Three pictures");
    let serving = ready(site);
    let eve = person(site, &serving, "eve", "editor");
    let story = eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    (serving, eve, format!("/stories/{story}"))
}

/// Every public address at which something of the story will stand, or that will lead to it.
fn addresses(site: &TestSite, eve: &Client, path: &str) -> (Vec<String>, Vec<String>) {
    let story = eve.get(path).is(200).json();
    let mut own = vec![PAGE.to_owned(), format!("{PAGE}?light")];
    own.push(format!("/s/{}", story["short_code"].as_str().unwrap()));
    for slide in story["slides"].as_array().unwrap() {
        own.push(format!("{PAGE}/photo/{}", slide["id"].as_str().unwrap()));
        own.push(format!("/i/{}/1280.jpg", slide["photo"].as_str().unwrap()));
    }
    for file in site.files("public") {
        let inside = file.strip_prefix(site.data().join("public")).unwrap().to_str().unwrap().to_owned();
        own.extend([format!("/i/{inside}"), format!("/public/{inside}")]);
    }
    let lists = ["/", "/section/photo", "/archive", "/feed.atom", "/feed.rss", "/section/photo/feed.rss"];
    let machines =
        ["/sitemap.xml", "/sitemap-news.xml", "/search?q=pictures", "/tag/harbour", "/tag/harbour/feed.rss"];
    (own, lists.into_iter().chain(machines).map(str::to_owned).collect())
}

fn tells(answer: &Answer) -> bool {
    answer.status == 200 && String::from_utf8_lossy(&answer.body).contains("three-pictures")
}

#[track_caller]
fn nothing_is_reachable(serving: &Serving, (own, lists): &(Vec<String>, Vec<String>)) {
    for path in own {
        let status = serving.get(path).status;
        assert!([400, 404].contains(&status), "{path}: {status}");
    }
    for path in lists {
        assert!(!tells(&serving.get(path)), "{path} tells of it");
    }
}

#[test]
fn r19_nothing_of_a_planned_and_embargoed_story_is_reachable_before_the_later_moment_and_all_of_it_right_after()
 {
    let site = TestSite::new();
    let (serving, eve, path) = draft(&site);
    eve.patch(&path, &json!({ "tags": ["Harbour"] })).is(200);
    serving.get_until("/", |answer| answer.status == 200);
    let (plan, embargo) = (from_now(1_000), from_now(6_000));
    let told = eve.ask("PUT", &format!("{path}/embargo"), Some(&json!({ "until": embargo }))).is(200).json();
    assert_eq!(told["until"], embargo);
    let publish = format!("{path}/publish");
    let missing = json!({ "allow_missing": ["alt"] });
    eve.post(&publish, &missing).refuses(422, "embargoed");
    let with = json!({ "at": plan, "allow_missing": ["alt"] });
    let planned = eve.ask("PUT", &format!("{path}/plan"), Some(&with)).is(200).json();
    assert_eq!((&planned["at"], &planned["publish_at"]), (&json!(embargo), &json!(plan)));
    let story = eve.get(&path).is(200).json();
    assert_eq!((&story["planned"], &story["embargo"]["until"]), (&planned, &json!(embargo)));
    // What is changed after planning is what is published.
    eve.patch(&path, &json!({ "lede": "Changed after it was planned." })).is(200);
    let addresses = addresses(&site, &eve, &path);
    until(&embargo, || nothing_is_reachable(&serving, &addresses));
    let begun = Instant::now();
    let page = serving.get_until(PAGE, |answer| answer.status == 200);
    let took = begun.elapsed();
    eprintln!("published {took:?} after its moment");
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert!(page.text().contains("Changed after it was planned."));
    for path in ["/", "/feed.atom", "/feed.rss", "/archive", "/tag/harbour"] {
        let wanted =
            |answer: &Answer| tells(answer) || (path == "/archive" && answer.text().contains("1 story"));
        serving.get_until(path, wanted);
    }
    let story = eve.get(&path).is(200).json();
    assert_eq!(story["planned"], Value::Null, "it is done");
    let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    assert!(moment(story["published"].as_str().unwrap()) >= moment(&embargo));
    let log = eve.get("/audit?limit=20").is(200).json();
    let published =
        log["items"].as_array().unwrap().iter().find(|one| one["verb"] == "publish_story").unwrap();
    assert!(published["who"].as_str().unwrap().starts_with("staff "), "in the name of whoever planned");
}

#[test]
fn a_plan_whose_checks_refuse_publishes_nothing_and_says_why() {
    let site = TestSite::new();
    let (serving, eve, path) = draft(&site);
    let at = from_now(1_500);
    eve.ask("PUT", &format!("{path}/plan"), Some(&json!({ "at": at, "allow_missing": ["alt"] }))).is(200);
    // What is refused then, and not now, is what counts.
    eve.patch(&path, &json!({ "headline": "" })).is(200);
    let begun = Instant::now();
    let failed = loop {
        let story = eve.get(&path).is(200).json();
        if !story["planned"]["failed"].is_null() {
            break story;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{story}");
    };
    assert_eq!(failed["planned"]["failed"]["reasons"][0]["code"], "headline_missing");
    assert_eq!(failed["published"], Value::Null);
    assert_eq!(serving.get(PAGE).status, 404);
    let log = eve.get("/audit?limit=9").is(200).json();
    let noted =
        log["items"].as_array().unwrap().iter().find(|one| one["verb"] == "fail_plan").unwrap().clone();
    assert_eq!(noted["after"]["refusals"], json!(["headline_missing"]));
    let folder = site.data().join("mail");
    let mails = || std::fs::read_dir(&folder).map(|found| found.count()).unwrap_or_default();
    while mails() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "no mail was written");
    }
    // Planned again it is good again; taken back it is none.
    eve.patch(&path, &json!({ "headline": "Three pictures" })).is(200);
    let again = json!({ "at": from_now(3_600_000), "allow_missing": ["alt"] });
    let again = eve.ask("PUT", &format!("{path}/plan"), Some(&again)).is(200).json();
    assert_eq!(again["failed"], Value::Null);
    eve.delete(&format!("{path}/plan")).is(204);
    assert_eq!(eve.get(&path).is(200).json()["planned"], Value::Null);
    eve.delete(&format!("{path}/plan")).refuses(422, "no_plan");
}

#[test]
fn an_embargo_is_made_longer_by_who_writes_and_lifted_with_a_reason_by_who_publishes() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (eve, ana) =
        (person(&site, &serving, "eve", "editor"), person(&site, &serving, "ana", "photographer"));
    let made = ana.post("/stories", &json!({ "headline": "Mine" })).is(201).json();
    let path = format!("/stories/{}", made["id"].as_str().unwrap());
    let embargo = format!("{path}/embargo");
    let set =
        |client: &Client, millis| client.ask("PUT", &embargo, Some(&json!({ "until": from_now(millis) })));
    set(&ana, -1_000).refuses(422, "time_past");
    set(&ana, 3_600_000).is(200);
    set(&ana, 1_800_000).refuses(422, "embargo_shortened");
    set(&eve, 7_200_000).is(200);
    let reason = json!({ "reason": "The ministry has published." });
    ana.ask("DELETE", &embargo, Some(&reason)).refuses(403, "not_allowed");
    eve.ask("DELETE", &embargo, Some(&json!({ "reason": " " }))).refuses(422, "reason_missing");
    let plan = json!({ "at": from_now(-5_000) });
    let planned = eve.ask("PUT", &format!("{path}/plan"), Some(&plan)).is(200).json();
    assert!(planned["at"].as_str() > planned["publish_at"].as_str());
    let checked = eve.get(&format!("{path}/check")).is(200).json();
    let codes: Vec<&Value> = checked["refusals"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(codes.contains(&&json!("embargoed")), "{checked}");
    eve.ask("DELETE", &embargo, Some(&reason)).is(204);
    let lifted = eve.get("/audit?limit=9").is(200).json();
    let lifted =
        lifted["items"].as_array().unwrap().iter().find(|one| one["verb"] == "lift_embargo").cloned();
    assert_eq!(lifted.unwrap()["after"], reason);
    eve.ask("DELETE", &embargo, Some(&reason)).refuses(422, "no_embargo");
    assert_eq!(eve.get(&path).is(200).json()["embargo"], Value::Null);
}

#[test]
fn what_readers_have_comes_under_no_embargo_and_what_is_withdrawn_does_not_come_back_before_its_end() {
    let site = TestSite::new();
    site.small_story("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let story = eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/stories/{story}");
    let until = json!({ "until": from_now(3_600_000) });
    eve.ask("PUT", &format!("{path}/embargo"), Some(&until)).refuses(422, "published_already");
    let plan = json!({ "at": from_now(3_600_000), "correction": "The year is 1865." });
    let planned = eve.ask("PUT", &format!("{path}/plan"), Some(&plan)).is(200).json();
    assert_eq!(planned["correction"], "The year is 1865.");
    let reason = json!({ "reason": "A test." });
    eve.post(&format!("{path}/withdraw"), &reason).is(200);
    assert_eq!(eve.get(&path).is(200).json()["planned"], Value::Null, "nothing brings it back by itself");
    eve.ask("PUT", &format!("{path}/plan"), Some(&plan)).refuses(422, "story_withdrawn");
    eve.ask("PUT", &format!("{path}/embargo"), Some(&until)).is(200);
    eve.post(&format!("{path}/restore"), &reason).refuses(422, "embargoed");
}

#[test]
fn a_plan_that_was_overdue_while_nothing_ran_is_carried_out_at_the_start_once_by_several_processes() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let at = from_now(1_200);
    let planned = site
        .json(&["publish", "three-pictures", "--plan", &at, "--allow-missing", "alt"])
        .ends_with(0)
        .object("planned");
    assert_eq!(planned["planned"], at);
    until(&at, || {});
    let (first, second) = (site.serve(), site.serve());
    for serving in [&first, &second] {
        serving.get_until(PAGE, |answer| answer.status == 200);
    }
    let eve = person(&site, &first, "eve", "editor");
    let log = eve.get("/audit?limit=50").is(200).json();
    let times = log["items"].as_array().unwrap().iter().filter(|one| one["verb"] == "carry_out_plan").count();
    assert_eq!(times, 1);
}

#[test]
fn the_command_line_sets_lifts_plans_and_cancels() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Three pictures"]);
    let later = from_now(3_600_000);
    let said = site
        .json(&["publish", "three-pictures", "--embargo", &later, "--allow-missing", "alt"])
        .ends_with(0)
        .object("planned");
    assert_eq!((&said["planned"], &said["embargo"]), (&json!(later), &json!(later)));
    let refused = site.json(&["publish", "three-pictures", "--allow-missing", "alt"]).ends_with(1);
    assert_eq!(refused.object("refused")["refused"]["code"], "embargoed");
    site.does(&["publish", "three-pictures", "--cancel"]);
    site.run(&["publish", "three-pictures", "--cancel"]).ends_with(1);
    site.run(&["publish", "three-pictures", "--plan", "noon"]).ends_with(2);
    site.does(&["publish", "three-pictures", "--allow-missing", "alt", "--lift", "It is out elsewhere."]);
    assert_eq!(site.serve().get(PAGE).status, 200);
}
