//! An update of what readers have: what it changes is told to the desk, and a correction stands on the page with its date.

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::site::{Serving, TestSite};

const PAGE: &str = "/story/three-pictures";

/// A published story of three pictures: its path in the API and its slides' ids.
fn published(site: &TestSite) -> (Serving, Client, String, Vec<String>) {
    site.small_story("Three pictures");
    let serving = ready(site);
    let eve = person(site, &serving, "eve", "editor");
    let story = eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/stories/{story}");
    let slides = eve.get(&path).is(200).json()["slides"].clone();
    let ids = slides.as_array().unwrap().iter().map(|slide| slide["id"].as_str().unwrap().to_owned());
    let ids = ids.collect();
    (serving, eve, path, ids)
}

fn linked_data(page: &str) -> Value {
    let json = page.split("application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    serde_json::from_str::<Value>(json).unwrap()["@graph"][0].clone()
}

#[test]
fn what_an_update_changes_is_told_before_it_is_published() {
    let site = TestSite::new();
    let (_serving, eve, path, slides) = published(&site);
    let before = eve.get(&format!("{path}/changes")).is(200).json();
    assert_eq!((&before["differs"], &before["changes"]), (&json!(false), &json!([])));
    let change = json!({ "headline": "Three photographs", "lede": "New.", "slides": [
        { "id": slides[0] }, { "id": slides[2], "caption": "A mended caption." },
    ] });
    eve.patch(&path, &change).is(200);
    let told = eve.get(&format!("{path}/changes")).is(200).json();
    let parts: Vec<(&str, Option<u64>)> = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["part"].as_str().unwrap(), one["slide_number"].as_u64()))
        .collect();
    assert_eq!(parts, [("headline", None), ("caption", Some(2)), ("picture", Some(2))]);
    assert_eq!(told["changes"][1]["after"], "A mended caption.");
    assert_eq!((&told["changes"][2]["slide"], &told["changes"][2]["after"]), (&json!(slides[1]), &json!("")));
    let mo = person(&site, &_serving, "mo", "moderator");
    mo.get(&format!("{path}/changes")).is(200);
    let ana = person(&site, &_serving, "ana", "photographer");
    ana.get(&format!("{path}/changes")).refuses(404, "story_unknown");
}

#[test]
fn a_correction_stands_on_the_page_with_its_date_and_stays() {
    let site = TestSite::new();
    let (serving, eve, path, slides) = published(&site);
    let first = serving.get(PAGE).text();
    assert!(!first.contains("corrections-title") && linked_data(&first).get("correction").is_none());
    let with = |more: Value| {
        let mut body = json!({ "allow_missing": ["alt"] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let publish = format!("{path}/publish");
    let change = json!({ "slides": [
        { "id": slides[0], "caption": "A boat in Nagasaki." }, { "id": slides[1] }, { "id": slides[2] },
    ] });
    eve.patch(&path, &change).is(200);
    let text = "An earlier caption named <Osaka>.";
    eve.post(&publish, &with(json!({ "correction": "  " }))).refuses(422, "correction_empty");
    eve.post(&publish, &with(json!({ "change": "major" }))).refuses(422, "change_wrong");
    eve.post(&publish, &with(json!({ "change": "minor", "correction": text }))).refuses(422, "change_wrong");
    eve.post(&publish, &with(json!({ "correction": text }))).is(200);
    let page = serving.get_until(PAGE, |answer| answer.text().contains("corrections-title")).text();
    assert!(page.contains("An earlier caption named &lt;Osaka&gt;."), "{page}");
    let told = eve.get(&format!("{path}/changes")).is(200).json();
    let at = told["corrections"][0]["at"].as_str().unwrap().to_owned();
    let (day, second) = (&at[..10], &at[..19]);
    let foot = page.split("corrections-title").nth(2).unwrap();
    assert!(foot.contains(&format!("Correction, <time datetime=\"{day}\">")), "{foot}");
    let head = page.split("<span class=\"updated\">").nth(1).unwrap();
    assert!(head.starts_with(&format!("updated <time datetime=\"{second}Z\">")), "{head}");
    let article = linked_data(&page);
    let expected = json!([{
        "@type": "CorrectionComment", "text": text, "datePublished": format!("{second}Z"),
    }]);
    assert_eq!(article["correction"], expected);
    assert!(article["dateModified"].as_str().unwrap() >= format!("{second}Z").as_str());
    let light = serving.get_until(&format!("{PAGE}?light"), |answer| answer.text().contains("Osaka")).text();
    assert!(light.contains("corrections-title"));
    for feed in ["/feed.atom", "/feed.rss"] {
        serving.get_until(feed, |answer| answer.text().contains("Osaka"));
    }
    let atom = serving.get("/feed.atom").text();
    assert!(atom.contains(&format!("<updated>{second}")), "{atom}");
    serving.get_until("/search?q=Osaka", |answer| answer.text().contains("Three pictures"));

    // A later minor update says nothing more, and takes nothing away; nor does a withdrawal that is undone.
    eve.patch(&path, &json!({ "lede": "Boats come home." })).is(200);
    eve.post(&publish, &with(json!({ "change": "minor" }))).is(200);
    let page = serving.get_until(PAGE, |answer| answer.text().contains("Boats come home")).text();
    assert_eq!(linked_data(&page)["correction"], expected);
    let reason = json!({ "reason": "A test." });
    eve.post(&format!("{path}/withdraw"), &reason).is(200);
    serving.get_until(PAGE, |answer| answer.status == 410);
    eve.post(&format!("{path}/restore"), &reason).is(200);
    serving.get_until(PAGE, |answer| answer.status == 200 && answer.text().contains("Osaka"));
    site.does(&["publish", "three-pictures", "--allow-missing", "alt", "--correction", "The year is 1865."]);
    let page = serving.get_until(PAGE, |answer| answer.text().contains("1865.")).text();
    assert!(page.find("Osaka").unwrap() < page.rfind("1865.").unwrap(), "oldest first");
    site.run(&["publish", "three-pictures", "--minor", "--correction", "x"]).ends_with(2);
}

#[test]
fn what_readers_never_had_is_not_corrected() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let said =
        site.json(&["publish", "three-pictures", "--allow-missing", "alt", "--correction", "x"]).ends_with(1);
    assert_eq!(said.object("refused")["refused"]["code"], "nothing_to_correct");
}
