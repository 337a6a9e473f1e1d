//! The API: what each role may do, stories from the draft to the reader, and what bad input gets.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::site::{Serving, TestSite};

/// What a role gets: through to the route, or 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gets {
    In,
    Out,
}
use Gets::{In, Out};

/// A row a route: method, path, a body that would do, and what photographer, editor, moderator and administrator get. `{x}`
/// stands for an id of nothing.
fn rows() -> Vec<(&'static str, &'static str, Option<Value>, [Gets; 4])> {
    let reason = || Some(json!({ "reason": "A test." }));
    let all = [In; 4];
    let mut rows = vec![
        ("GET", "/me", None, all),
        ("PATCH", "/me", Some(json!({})), all),
        ("PUT", "/me/password", Some(json!({ "old": "x", "new": "y" })), all),
        ("POST", "/me/second-factor", Some(json!({})), all),
        ("PUT", "/me/second-factor", Some(json!({ "password": "x" })), all),
        ("GET", "/me/sessions", None, all),
        ("DELETE", "/me/sessions/{id}", None, all),
        ("GET", "/me/tokens", None, all),
        ("POST", "/me/tokens", Some(json!({ "name": "", "scopes": [] })), all),
        ("DELETE", "/me/tokens/{id}", None, all),
        ("GET", "/me/passkeys", None, all),
        ("POST", "/me/passkeys", Some(json!({ "password": "x" })), all),
        ("PUT", "/me/passkeys", Some(json!({ "name": "x", "ceremony": "x", "credential": {} })), all),
        ("PATCH", "/me/passkeys/{id}", Some(json!({ "name": "x" })), all),
        ("DELETE", "/me/passkeys/{id}", None, all),
        ("GET", "/staff", None, [Out, Out, Out, In]),
        (
            "POST",
            "/staff",
            Some(json!({ "address": "x@house.example", "role": "editor" })),
            [Out, Out, Out, In],
        ),
        ("GET", "/staff/{id}", None, [Out, Out, Out, In]),
        ("PATCH", "/staff/{id}", Some(json!({})), [Out, Out, Out, In]),
        ("DELETE", "/staff/{id}", None, [Out, Out, Out, In]),
        ("POST", "/staff/{id}/link", Some(json!({})), [Out, Out, Out, In]),
        ("GET", "/invitations", None, [Out, Out, Out, In]),
        ("DELETE", "/invitations/{id}", None, [Out, Out, Out, In]),
        ("GET", "/stories", None, all),
        ("POST", "/stories", Some(json!({ "headline": "Over Doel" })), [In, In, Out, In]),
        ("GET", "/stories/{id}", None, all),
        ("PATCH", "/stories/{id}", Some(json!({})), [In, In, Out, In]),
        ("GET", "/stories/{id}/check", None, all),
        ("POST", "/stories/{id}/check", Some(json!({})), all),
        ("POST", "/stories/{id}/publish", Some(json!({})), [In, In, Out, In]),
        ("POST", "/stories/{id}/withdraw", reason(), [Out, In, Out, In]),
        ("POST", "/stories/{id}/restore", reason(), [Out, In, Out, In]),
        ("GET", "/stories/{id}/revisions", None, all),
        ("GET", "/stories/{id}/revisions/{revision}", None, all),
        ("POST", "/stories/{id}/revisions/{revision}/restore", Some(json!({})), [In, In, Out, In]),
        ("POST", "/stories/{id}/slides/{slide}/clear", reason(), [In, In, Out, In]),
        ("GET", "/photos", None, all),
        ("GET", "/photos/{id}/uses", None, all),
        ("GET", "/photos/{id}/similar", None, [Out, In, In, In]),
        ("GET", "/photos/{id}/original", None, [In, In, Out, In]),
        ("GET", "/photos/{id}", None, all),
        ("GET", "/photos/{id}/renditions", None, all),
        ("GET", "/photos/{id}/renditions/{name}", None, all),
        ("POST", "/photos/{id}/withdraw", reason(), [Out, In, Out, In]),
        ("POST", "/photos/{id}/restore", reason(), [Out, In, Out, In]),
        ("GET", "/uploads", None, [In, In, Out, In]),
        ("POST", "/uploads", None, [In, In, Out, In]),
        ("HEAD", "/uploads/{id}", None, [In, In, Out, In]),
        ("GET", "/uploads/{id}", None, [In, In, Out, In]),
        ("PATCH", "/uploads/{id}", None, [In, In, Out, In]),
        ("DELETE", "/uploads/{id}", None, [In, In, Out, In]),
        ("GET", "/uploads/{id}/preview", None, [In, In, Out, In]),
        ("PUT", "/uploads/{id}/preview", None, [In, In, Out, In]),
        ("PUT", "/uploads/{id}/sidecar", None, [In, In, Out, In]),
        ("GET", "/watched", None, all),
        ("GET", "/events", None, all),
        ("GET", "/notices", None, all),
        ("POST", "/notices", Some(json!({ "term": "", "text": "" })), [Out, In, Out, In]),
        ("DELETE", "/notices/{id}", None, [Out, In, Out, In]),
        ("GET", "/jobs", None, [Out, In, Out, In]),
        ("POST", "/jobs/retry", Some(json!({ "job": "none" })), [Out, Out, Out, In]),
        ("GET", "/nodes", None, [Out, In, Out, In]),
        ("GET", "/audit", None, [Out, In, Out, In]),
        ("GET", "/system", None, [Out, Out, Out, In]),
        ("GET", "/site", None, [Out, Out, Out, In]),
        ("PATCH", "/site", Some(json!({})), [Out, Out, Out, In]),
    ];
    rows.extend(going_out());
    // Ends the session that asks: last.
    rows.push(("DELETE", "/session", None, all));
    rows
}

/// The rows of how a story goes out.
fn going_out() -> Vec<(&'static str, &'static str, Option<Value>, [Gets; 4])> {
    let reason = || Some(json!({ "reason": "A test." }));
    let all = [In; 4];
    vec![
        ("GET", "/stories/{id}/changes", None, all),
        ("PUT", "/stories/{id}/plan", Some(json!({ "at": "2100-01-01T00:00:00Z" })), [In, In, Out, In]),
        ("DELETE", "/stories/{id}/plan", None, [In, In, Out, In]),
        ("PUT", "/stories/{id}/embargo", Some(json!({ "until": "2100-01-01T00:00:00Z" })), [In, In, Out, In]),
        ("DELETE", "/stories/{id}/embargo", reason(), [In, In, Out, In]),
        ("GET", "/stories/{id}/live", None, all),
        ("GET", "/stories/{id}/shares", None, all),
        ("POST", "/stories/{id}/shares", Some(json!({ "name": "A. Lawyer" })), [In, In, Out, In]),
        ("DELETE", "/stories/{id}/shares/{share}", None, [Out, In, Out, In]),
        ("GET", "/stories/{id}/approvals", None, all),
        ("POST", "/stories/{id}/approvals", Some(json!({})), all),
    ]
}

/// Open to strangers, each with its own defence.
const OPEN: [&str; 6] = [
    "OPTIONS /uploads",
    "POST /session",
    "POST /session/passkey",
    "PUT /session/passkey",
    "POST /links/look",
    "POST /links",
];

#[test]
fn every_route_is_open_to_those_roles_that_its_row_names_and_to_no_stranger() {
    let site = TestSite::new();
    let serving = ready(&site);
    let roles = ["photographer", "editor", "moderator", "administrator"];
    let people: Vec<Client> = roles.iter().map(|role| person(&site, &serving, role, role)).collect();
    let stranger = Client::stranger(&serving);
    let nothing = "01890000-0000-7000-8000-000000000000";
    let mut faults = Vec::new();
    for (method, path, body, gets) in rows() {
        let here = path
            .replace("{id}", nothing)
            .replace("{slide}", "aaaaa")
            .replace("{revision}", "1")
            .replace("{name}", "320.jpg");
        let refused = stranger.ask(method, &here, body.as_ref()).status;
        if refused != 401 {
            faults.push(format!("{method} {path}: a stranger got {refused}"));
        }
        for ((role, client), gets) in roles.iter().zip(&people).zip(gets) {
            if path == "/events" {
                client.listen("/events");
                continue;
            }
            let status = client.ask(method, &here, body.as_ref()).status;
            let found = if status == 403 { Out } else { In };
            if found != gets || status >= 500 || status == 401 {
                faults.push(format!("{method} {path}: a {role} got {status}, not {gets:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    let described = described_routes(&serving);
    let known: BTreeSet<String> =
        rows().iter().map(|(method, path, ..)| format!("{method} {path}")).collect();
    let known = known.into_iter().chain(OPEN.map(str::to_owned)).collect::<BTreeSet<_>>();
    assert_eq!(described, known, "each route has its row");
}

fn described_routes(serving: &Serving) -> BTreeSet<String> {
    let description = Client::stranger(serving).get("/openapi.json").is(200).json();
    let paths = description["paths"].as_object().unwrap();
    let operations = || paths.values().flat_map(|item| item.as_object().unwrap().values());
    let names: BTreeSet<&str> = operations().map(|one| one["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations().count(), "no two operations have one name");
    let routes = paths.iter().flat_map(|(path, item)| {
        let path = path.strip_prefix("/api/v1").unwrap().to_owned();
        item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    routes.collect()
}

#[test]
fn a_photographer_sees_and_changes_their_own_drafts_only() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (ana, bo) =
        (person(&site, &serving, "ana", "photographer"), person(&site, &serving, "bo", "photographer"));
    let eve = person(&site, &serving, "eve", "editor");
    let made = ana.post("/stories", &json!({ "headline": "Over Doel" })).is(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location").unwrap(), format!("/api/v1/stories/{id}"));
    ana.get(&format!("/stories/{id}")).is(200);
    bo.get(&format!("/stories/{id}")).refuses(404, "story_unknown");
    bo.patch(&format!("/stories/{id}"), &json!({ "headline": "Mine" })).refuses(404, "story_unknown");
    ana.post(&format!("/stories/{id}/publish"), &json!({})).refuses(403, "not_allowed");
    let listed = |client: &Client| client.get("/stories").is(200).json()["items"].as_array().unwrap().len();
    assert_eq!((listed(&ana), listed(&bo), listed(&eve)), (1, 0, 1));
    eve.patch(&format!("/stories/{id}"), &json!({ "headline": "Over Doel, at dusk" })).is(200);
}

#[test]
fn the_later_of_two_changes_is_shown_both_versions() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let made = eve.post("/stories", &json!({ "headline": "Over Doel" })).is(201);
    let (path, tag) = (
        format!("/stories/{}", made.json()["id"].as_str().unwrap()),
        made.header("etag").unwrap().to_owned(),
    );
    let first = eve.with("If-Match", &tag).patch(&path, &json!({ "lede": "First." })).is(200);
    let second =
        eve.with("If-Match", &tag).patch(&path, &json!({ "lede": "Second." })).refuses(412, "stale_revision");
    let both = second.json();
    assert_eq!((&both["theirs"]["lede"], &both["yours"]["lede"]), (&json!("First."), &json!("Second.")));
    assert_eq!(second.header("etag"), first.header("etag"));
    let tag = first.header("etag").unwrap();
    let third = eve.with("If-Match", tag).patch(&path, &json!({ "lede": "Second." })).is(200);
    assert_eq!(third.json()["lede"], "Second.");
}

#[test]
fn texts_are_checked_before_they_are_saved_and_nothing_changes() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let id = eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let story = eve.get(&format!("/stories/{id}")).is(200).json();
    let slide = story["slides"][1]["id"].as_str().unwrap();
    let check = format!("/stories/{id}/check");
    let before = eve.get(&check).is(200).json();
    assert_eq!(eve.post(&check, &json!({})).is(200).json(), before);
    let typed = json!({
        "story": { "headline": "" },
        "slides": [{ "id": slide, "caption": "Crowds cheer , the the winner.", "alt": "A crowd" }],
    });
    let told = eve.post(&check, &typed).is(200).json();
    let codes = |list: &str| -> Vec<String> {
        let all = told[list].as_array().unwrap().iter();
        all.map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["slide_number"])).collect()
    };
    assert!(codes("refusals").contains(&"headline_missing null".to_owned()), "{told:#}");
    let warnings = told["warnings"].as_array().unwrap();
    let doubled = warnings.iter().find(|one| one["code"] == "word_doubled").unwrap();
    assert_eq!(doubled["slide"], slide);
    assert_eq!(doubled["at"], json!({ "start": 15, "end": 22 }));
    assert_eq!(doubled["correction"], json!({ "at": { "start": 18, "end": 22 }, "replacement": "" }));
    let spaced = warnings.iter().find(|one| one["code"] == "sign_spacing").unwrap();
    assert_eq!(spaced["correction"], json!({ "at": { "start": 12, "end": 13 }, "replacement": "" }));
    assert_eq!(eve.get(&format!("/stories/{id}")).is(200).json(), story);
    assert_eq!(eve.get(&check).is(200).json(), before);
    eve.post(&check, &json!({ "slides": [{ "id": "zzzzz" }] })).refuses(404, "slide_unknown");
    eve.post(&check, &json!({ "slides": [{ "caption": "None." }] })).refuses(422, "slide_unnamed");
    let piet = person(&site, &serving, "piet", "photographer");
    piet.post(&check, &typed).is(404);
}

#[test]
fn a_story_goes_from_the_draft_to_readers_and_away_through_the_api() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let listed = eve.get("/stories?limit=1").is(200).json();
    let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let story = eve.get(&format!("/stories/{id}")).is(200).json();
    let slides = story["slides"].as_array().unwrap();
    assert_eq!(slides.len(), 3);
    let check = eve.get(&format!("/stories/{id}/check")).is(200).json();
    assert_eq!(check["passes"], false);
    let refused = eve.post(&format!("/stories/{id}/publish"), &json!({})).is(422).json();
    assert_eq!(refused["reasons"].as_array().unwrap().len(), check["refusals"].as_array().unwrap().len());
    let published =
        eve.post(&format!("/stories/{id}/publish"), &json!({ "allow_missing": ["alt"] })).is(200).json();
    let path = format!("/story/{}", published["slug"].as_str().unwrap());
    serving.get_until(&path, |answer| answer.status == 200);
    let photo = slides[0]["photo"].as_str().unwrap();
    let told = eve.get(&format!("/photos/{photo}")).is(200).json();
    assert_eq!((&told["state"], &told["published_in"][0]), (&json!("developed"), &json!(id)));
    eve.post(&format!("/stories/{id}/withdraw"), &json!({ "reason": " " })).refuses(422, "reason_missing");
    eve.post(&format!("/stories/{id}/withdraw"), &json!({ "reason": "A test." })).is(200);
    serving.get_until(&path, |answer| answer.status == 410);
    eve.post(&format!("/stories/{id}/restore"), &json!({ "reason": "It was one." })).is(200);
    serving.get_until(&path, |answer| answer.status == 200);
    let log = eve.get(&format!("/audit?noun=story&id={id}&limit=2")).is(200).json();
    let verbs: Vec<&str> =
        log["items"].as_array().unwrap().iter().map(|one| one["verb"].as_str().unwrap()).collect();
    assert_eq!(verbs, ["restore_story", "withdraw_story"]);
    assert!(log["items"][0]["who"].as_str().unwrap().starts_with("staff "));
}

#[test]
fn bad_input_gets_a_clear_answer_with_its_code() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let json_body = eve.with("Content-Type", "application/json");
    json_body.send("POST", "/stories", b"{\"headline\":").refuses(400, "json_malformed");
    let deep = "[".repeat(100_000);
    json_body.send("POST", "/stories", format!("{{\"headline\":{deep}").as_bytes()).is(422).json();
    json_body
        .send("POST", "/stories", format!("{{\"headline\":\"x\",\"more\":{deep}").as_bytes())
        .is(422)
        .json();
    eve.send("POST", "/stories", b"{}").refuses(415, "body_media_type");
    eve.post("/stories", &json!({ "headline": "x", "colour": "red" })).refuses(422, "body_wrong");
    eve.post("/stories", &json!({ "headline": "a\u{0}b" })).is(422);
    eve.post("/stories", &json!({ "headline": "x".repeat(3 << 20) })).refuses(413, "body_long");
    eve.get("/stories?limit=0").refuses(400, "query_wrong");
    eve.get("/stories?limit=many").refuses(400, "query_wrong");
    eve.get("/stories?after=yesterday").refuses(400, "query_wrong");
    eve.get("/stories/not-an-id").refuses(404, "story_unknown");
    eve.get("/nothing/here").refuses(404, "route_unknown");
    eve.ask("PUT", "/stories", Some(&json!({}))).refuses(405, "method_unknown");
    let made = eve.post("/stories", &json!({ "headline": "Over Doel" })).is(201);
    let path = format!("/stories/{}", made.json()["id"].as_str().unwrap());
    eve.patch(&path, &json!({ "tags": vec!["tag"; 10_000] })).is(422);
    eve.patch(&path, &json!({ "slides": [{ "caption": "x".repeat(1 << 20) }] })).is(422);
    eve.with("If-Match", "yesterday").patch(&path, &json!({})).refuses(400, "header_wrong");
    Client::stranger(&serving)
        .with("Authorization", "Bearer halftone_forged")
        .get("/me")
        .refuses(401, "not_signed_in");
    assert_eq!(eve.get(&path).json()["revision"], made.json()["revision"], "nothing was changed");
}

#[test]
fn a_request_with_a_key_is_carried_out_once_however_often_it_is_sent() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let keyed = eve.with("Idempotency-Key", "first-of-the-day");
    let first = keyed.post("/stories", &json!({ "headline": "Over Doel" })).is(201);
    let again = keyed.post("/stories", &json!({ "headline": "Over Doel" })).is(201);
    assert_eq!((first.json(), first.header("location")), (again.json(), again.header("location")));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    keyed.post("/stories", &json!({ "headline": "Another" })).refuses(422, "key_reused");
    assert_eq!(eve.get("/stories").is(200).json()["items"].as_array().unwrap().len(), 1);
    let refused = eve.with("Idempotency-Key", "second");
    refused.post("/stories", &json!({ "headline": "x", "section": "!" })).is(422);
    refused.post("/stories", &json!({ "headline": "Now with one" })).is(201);
    let bo = person(&site, &serving, "bo", "editor").with("Idempotency-Key", "first-of-the-day");
    bo.post("/stories", &json!({ "headline": "Over Doel" })).is(201);
    assert_eq!(eve.get("/stories").is(200).json()["items"].as_array().unwrap().len(), 3);
}

#[test]
fn what_happens_is_told_as_it_happens_to_those_who_may_see_it() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (eve, ana) =
        (person(&site, &serving, "eve", "editor"), person(&site, &serving, "ana", "photographer"));
    let (mut told, mut told_ana) = (eve.listen("/events"), ana.listen("/events"));
    site.small_draft("Three pictures");
    let made = ana.post("/stories", &json!({ "headline": "Mine" })).is(201).json();
    let arrived = told.until("photo_arrived");
    assert!(arrived["data"]["photo"].is_string(), "{arrived}");
    told.until("photo_developed");
    let begun = told_ana.next_event();
    assert_eq!(
        (&begun["event"], &begun["data"]["story"]),
        (&json!("story_begun"), &made["id"]),
        "only what is hers"
    );
    let path = format!("/stories/{}", made["id"].as_str().unwrap());
    eve.patch(&path, &json!({ "lede": "Changed." })).is(200);
    assert_eq!(told_ana.next_event()["event"], "story_saved");
    let last = begun["id"].as_str().unwrap().to_owned();
    let mut again = ana.with("Last-Event-ID", &last).listen("/events");
    assert_eq!(again.next_event()["event"], "story_saved", "it goes on where it was");
}

#[test]
fn the_library_is_searched_with_marks_and_each_finds_what_they_may_see() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let (eve, ana) =
        (person(&site, &serving, "eve", "editor"), person(&site, &serving, "ana", "photographer"));
    let found = |client: &Client, query: &str| client.get(&format!("/photos?{query}")).is(200).json();
    // What came a moment ago is shelved by a job.
    let begun = std::time::Instant::now();
    while found(&eve, "q=rocket")["total"] == 0 {
        assert!(begun.elapsed().as_secs() < 30, "it is never shelved");
    }
    let rocket = found(&eve, "q=rocket&usage=used");
    let hits = rocket["items"][0]["hits"].as_array().unwrap();
    let marked = hits
        .iter()
        .flat_map(|hit| hit["pieces"].as_array().unwrap())
        .find(|piece| piece["hit"] == true)
        .unwrap();
    assert_eq!(marked["text"].as_str().unwrap().to_lowercase(), "rocket");
    assert_eq!(found(&eve, "")["items"].as_array().unwrap().len(), 3);
    let first = found(&eve, "limit=2");
    let next = found(&eve, &format!("limit=2&after={}", first["next"].as_str().unwrap()));
    assert_eq!((first["items"].as_array().unwrap().len(), next["items"].as_array().unwrap().len()), (2, 1));
    eve.get("/photos?orientation=round").refuses(400, "query_wrong");
    assert_eq!(found(&ana, "")["items"], json!([]));
    let id = rocket["items"][0]["id"].as_str().unwrap();
    let original = eve.get(&format!("/photos/{id}/original")).is(200);
    assert_eq!(original.body, std::fs::read(crate::site::samples().join("rocket.jpg")).unwrap());
    assert!(original.header("content-disposition").unwrap().contains("rocket.jpg"));
    ana.get(&format!("/photos/{id}/original")).refuses(404, "photo_unknown");
    let log = eve.get("/audit?limit=1").is(200).json();
    assert_eq!((&log["items"][0]["verb"], &log["items"][0]["id"]), (&json!("fetch_original"), &json!(id)));
    let uses = eve.get(&format!("/photos/{id}/uses")).is(200).json();
    assert_eq!(
        (&uses["items"][0]["headline"], uses["items"].as_array().unwrap().len()),
        (&json!("Three pictures"), 1)
    );
    assert_eq!(eve.get(&format!("/photos/{id}/similar")).is(200).json()["items"], json!([]));
}
