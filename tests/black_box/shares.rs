//! Links for people without an account, and approvals.

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::page::slides;
use crate::site::{Serving, TestSite};

fn draft(site: &TestSite) -> (Serving, Client, String) {
    site.small_draft("Three pictures");
    let serving = ready(site);
    let eve = person(site, &serving, "eve", "editor");
    let story = eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    (serving, eve, format!("/stories/{story}"))
}

/// A new link: its id, and its path.
fn shared(eve: &Client, path: &str) -> (String, String) {
    let made = eve.post(&format!("{path}/shares"), &json!({ "name": "Lena  Law" })).is(201).json();
    assert_eq!((&made["name"], &made["good"]), (&json!("Lena Law"), &json!(true)));
    let address = made["address"].as_str().unwrap();
    let path = address.find("/desk/shared/").map(|at| address[at..].to_owned()).unwrap();
    (made["id"].as_str().unwrap().to_owned(), path)
}

fn approvals(client: &Client, path: &str) -> Vec<Value> {
    client.get(&format!("{path}/approvals")).is(200).json()["items"].as_array().unwrap().clone()
}

#[test]
fn a_named_person_without_an_account_looks_a_draft_over_and_approves_it() {
    let site = TestSite::new();
    let (serving, eve, path) = draft(&site);
    let (id, link) = shared(&eve, &path);
    let lena = Client::stranger(&serving).with("Sec-Fetch-Site", "same-origin");
    let frame = lena.desk(&link, None).is(200);
    let text = frame.text();
    assert!(text.contains("Three pictures") && text.contains("Lena Law") && text.contains("NASA"), "{text}");
    assert_eq!(frame.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(frame.header("cache-control"), Some("no-store"));
    let page = lena.desk(&format!("{link}/page"), None).is(200);
    assert_eq!(page.header("x-robots-tag"), Some("noindex"));
    for figure in slides(&page.text()) {
        assert!(figure.pictures.iter().all(|picture| picture.starts_with(&format!("{link}/pictures/"))));
        lena.desk(figure.pictures.last().unwrap(), None).is(200);
    }
    let revision = eve.get(&path).is(200).json()["revision"].as_i64().unwrap();
    let form = |revision: i64| format!("revision={revision}&remark=Fine+with+me.");
    lena.desk(&link, Some(&form(revision - 1))).is(422);
    let foreign = Client::stranger(&serving).with("Sec-Fetch-Site", "cross-site");
    foreign.desk(&link, Some(&form(revision))).is(422);
    assert_eq!(approvals(&eve, &path), Vec::<Value>::new());
    assert_eq!(lena.desk(&link, Some(&form(revision))).is(303).header("location"), Some(link.as_str()));
    assert!(lena.desk(&link, None).is(200).text().contains("You approved this state"));
    let told = approvals(&eve, &path);
    let one = &told[0];
    assert_eq!(
        (&one["name"], &one["remark"], &one["of"], &one["changed_since"], &one["who"]),
        (
            &json!("Lena Law"),
            &json!("Fine with me."),
            &json!("page"),
            &json!(false),
            &json!(format!("link {id}"))
        )
    );
    eve.post(&format!("{path}/publish"), &json!({ "allow_missing": ["alt"] })).is(200);
    assert_eq!(approvals(&eve, &path)[0]["changed_since"], false, "publishing changes nothing of it");
    eve.patch(&path, &json!({ "lede": "Another." })).is(200);
    assert_eq!(approvals(&eve, &path)[0]["changed_since"], true);
    let log = eve.get("/audit?limit=20").is(200).json();
    let noted = log["items"].as_array().unwrap().iter().find(|one| one["verb"] == "approve").unwrap().clone();
    assert_eq!(noted["after"]["name"], "Lena Law");
    assert!(!log.to_string().contains(link.rsplit('/').next().unwrap()), "the secret is nowhere");
}

#[test]
fn a_link_ends_when_it_is_taken_back_and_when_the_story_is_withdrawn_and_shows_nothing_under_an_embargo() {
    let site = TestSite::new();
    let (serving, eve, path) = draft(&site);
    let (id, link) = shared(&eve, &path);
    let lena = Client::stranger(&serving).with("Sec-Fetch-Site", "same-origin");
    let picture = slides(&lena.desk(&format!("{link}/page"), None).is(200).text())[0].pictures[0].clone();
    let until = json!({ "until": "2100-01-01T00:00:00Z" });
    eve.ask("PUT", &format!("{path}/embargo"), Some(&until)).is(200);
    for part in [link.clone(), format!("{link}/page"), picture.clone()] {
        let told = lena.desk(&part, None).is(403).text();
        assert!(told.contains("embargo") && !told.contains("Three pictures"), "R19: {told}");
    }
    lena.desk(&link, Some("revision=1&remark=")).is(403);
    let lift = json!({ "reason": "A test." });
    eve.ask("DELETE", &format!("{path}/embargo"), Some(&lift)).is(204);
    lena.desk(&picture, None).is(200);
    // Another story's pictures are not behind it.
    let folder = site.folder_of("more", &["nagasaki-boats.jpg"]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "On the river"]);
    let other = eve.get("/photos?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let photo = picture.split('/').nth(5).unwrap();
    lena.desk(&picture.replace(photo, &other), None).is(404);
    eve.delete(&format!("{path}/shares/{id}")).is(204);
    eve.delete(&format!("{path}/shares/{id}")).refuses(404, "share_unknown");
    for part in [link.clone(), format!("{link}/page"), picture] {
        lena.desk(&part, None).is(404);
    }
    let (_, again) = shared(&eve, &path);
    lena.desk(&again, None).is(200);
    eve.post(&format!("{path}/publish"), &json!({ "allow_missing": ["alt"] })).is(200);
    lena.desk(&again, None).is(200);
    eve.post(&format!("{path}/withdraw"), &json!({ "reason": "A test." })).is(200);
    lena.desk(&again, None).is(404);
    let listed = eve.get(&format!("{path}/shares")).is(200).json();
    let good: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|one| &one["good"]).collect();
    assert_eq!(good, [&json!(false), &json!(false)]);
}

#[test]
fn whoever_tries_links_is_kept_waiting_and_odd_ones_are_refused() {
    let site = TestSite::new();
    let (serving, eve, path) = draft(&site);
    let days = |days: i64| eve.post(&format!("{path}/shares"), &json!({ "name": "Lena", "days": days }));
    days(0).refuses(422, "days_wrong");
    days(31).refuses(422, "days_wrong");
    days(30).is(201);
    eve.post(&format!("{path}/shares"), &json!({ "name": " " })).refuses(422, "name_missing");
    let stranger = Client::stranger(&serving);
    let mut tries = (0..200).map(|number| stranger.desk(&format!("/desk/shared/{number:064x}"), None).status);
    assert!(tries.all(|status| [404, 429].contains(&status)));
    assert_eq!(stranger.desk("/desk/shared/1", None).status, 429);
}

#[test]
fn a_colleague_signs_the_proof_sheet_and_a_program_does_not() {
    let site = TestSite::new();
    let (serving, eve, path) = draft(&site);
    let mo = person(&site, &serving, "mo", "moderator");
    let sign = json!({ "of": "proof", "remark": "Read aloud with eve." });
    let signed = mo.post(&format!("{path}/approvals"), &sign).is(200).json();
    assert_eq!((&signed["name"], &signed["of"]), (&json!("mo"), &json!("proof")));
    mo.post(&format!("{path}/approvals"), &json!({ "of": "all" })).refuses(422, "of_wrong");
    mo.post(&format!("{path}/approvals"), &json!({ "revision": 0 })).refuses(412, "stale_revision");
    let ana = person(&site, &serving, "ana", "photographer");
    ana.post(&format!("{path}/approvals"), &json!({})).refuses(404, "story_unknown");
    let program = Client::with_token(&site, &serving, "eve@house.example", &["read", "stories", "publish"]);
    program.post(&format!("{path}/approvals"), &json!({})).refuses(403, "not_allowed");
    assert_eq!(approvals(&eve, &path).len(), 1);
}
