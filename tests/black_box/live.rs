//! Going live: whether what was published is printed, and which processes show it.

use std::time::Instant;

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::site::TestSite;

/// Asks until it is as wanted.
#[track_caller]
fn until(client: &Client, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let told = client.get(path).is(200).json();
        if wanted(&told) {
            return told;
        }
        assert!(begun.elapsed().as_secs() < 30, "{told}");
    }
}

#[test]
fn what_is_published_goes_live_on_each_process_within_a_moment_and_a_withdrawal_too() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let (first, second) = (ready(&site), ready(&site));
    let eve = person(&site, &first, "eve", "editor");
    let story = eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let (path, live) = (format!("/stories/{story}"), format!("/stories/{story}/live"));
    let told = until(&eve, &live, |told| told["nodes"].as_array().unwrap().len() == 2);
    assert_eq!(
        (&told["published"], &told["printed"], &told["live"]),
        (&Value::Null, &Value::Null, &json!(false))
    );
    eve.post(&format!("{path}/publish"), &json!({ "allow_missing": ["alt"] })).is(200);
    let begun = Instant::now();
    let told = until(&eve, &live, |told| told["live"] == true);
    eprintln!("live on both processes after {:?}", begun.elapsed());
    assert!(told["nodes"].as_array().unwrap().iter().all(|node| node["shows"] == true));
    for serving in [&first, &second] {
        assert_eq!(serving.get("/story/three-pictures").status, 200, "it does not promise too much");
    }
    let change = told["printed"]["change"].as_i64().unwrap();
    eve.patch(&path, &json!({ "lede": "Changed." })).is(200);
    eve.post(&format!("{path}/publish"), &json!({ "allow_missing": ["alt"] })).is(200);
    let told = until(&eve, &live, |told| told["live"] == true);
    assert!(told["printed"]["change"].as_i64().unwrap() > change, "of the update, not of what was before");
    assert!(second.get("/story/three-pictures").text().contains("Changed."));
    eve.post(&format!("{path}/withdraw"), &json!({ "reason": "A test." })).is(200);
    until(&eve, &live, |told| told["live"] == true && told["withdrawn"].is_string());
    assert_eq!(second.get("/story/three-pictures").status, 410);
    let ana = person(&site, &first, "ana", "photographer");
    ana.get(&live).refuses(404, "story_unknown");
}
