//! Who is let in, by what, and as what.

use std::process::Command;

use serde_json::{Value, json};

use crate::client::{Client, PASSWORD, person, ready};
use crate::site::TestSite;

#[test]
fn the_first_administrator_is_made_by_a_link_that_works_once() {
    let site = TestSite::new();
    let serving = ready(&site);
    let made = site.json(&["staff", "link"]).ends_with(0);
    let link = made.object("link")["link"].as_str().unwrap().to_owned();
    let body = json!({ "address": "Ana@House.example", "name": "Ana Berg", "password": PASSWORD });
    let ana = Client::following(&serving, &link, &body);
    let me = ana.get("/me").is(200).json();
    assert_eq!(me["account"]["address"], "ana@house.example");
    assert_eq!(me["account"]["role"], "administrator");
    let secret = link.split("link=").nth(1).unwrap();
    let again = json!({ "link": secret, "address": "bo@house.example", "name": "Bo", "password": PASSWORD });
    Client::stranger(&serving).post("/links", &again).refuses(404, "link_unknown");
    Client::stranger(&serving).post("/links/look", &json!({ "link": secret })).refuses(404, "link_unknown");
    site.run(&["staff", "link"]).ends_with(2);
    let log = ana.get("/audit?noun=invitation&id=first%20account").is(200).json();
    assert!(
        log["items"].as_array().unwrap().iter().all(|one| one["verb"] == "link_for_first_account"),
        "{log}"
    );
    assert_eq!(log["items"][0]["who"], "operator");
    assert_eq!(site.json(&["staff", "list"]).ends_with(0).objects().len(), 1);
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words() {
    let site = TestSite::new();
    let serving = ready(&site);
    person(&site, &serving, "ana", "editor");
    let stranger = Client::stranger(&serving);
    let try_with = |address: &str, password: &str| {
        stranger.post("/session", &json!({ "address": address, "password": password }))
    };
    let wrong = try_with("ana@house.example", "not my password at all").refuses(401, "sign_in_failed");
    let unknown = try_with("bo@house.example", PASSWORD).refuses(401, "sign_in_failed");
    assert_eq!(wrong.text(), unknown.text());
    let right = try_with("ANA@house.example", PASSWORD).is(200);
    let cookie = right.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let ana = stranger.signed_in(&right);
    ana.get("/me").is(200);
    assert!(ana.delete("/session").is(204).header("set-cookie").unwrap().contains("Max-Age=0"));
    ana.get("/me").refuses(401, "not_signed_in");
}

#[test]
fn a_thousand_tries_to_sign_in_are_slowed_down_and_the_others_still_get_in() {
    let site = TestSite::new();
    let serving = ready(&site);
    person(&site, &serving, "ana", "editor");
    person(&site, &serving, "bo", "editor");
    let stranger = Client::stranger(&serving);
    let wrong = json!({ "address": "ana@house.example", "password": "wrong wrong wrong" });
    let statuses: Vec<u16> = (0..1000).map(|_| stranger.post("/session", &wrong).status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 10);
    assert!(statuses[10..].iter().all(|status| *status == 429));
    let waits = stranger.post("/session", &wrong).refuses(429, "address_rate");
    assert!(waits.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    stranger.post("/session", &json!({ "address": "bo@house.example", "password": PASSWORD })).is(200);
}

/// The six digits of RFC 6238 for a secret now, by Python's own means.
pub fn code(secret: &str, steps_ahead: i64) -> String {
    let program = "import base64,hmac,struct,sys,time\n\
        k=base64.b32decode(sys.argv[1]);c=int(time.time())//30+int(sys.argv[2])\n\
        h=hmac.new(k,struct.pack('>Q',c),'sha1').digest();o=h[19]&15\n\
        print('%06d'%((struct.unpack('>I',h[o:o+4])[0]&0x7fffffff)%1000000))";
    let said =
        Command::new("python3").args(["-c", program, secret, &steps_ahead.to_string()]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_second_factor_is_asked_for_once_it_was_shown_and_each_code_is_good_once() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let offer = ana.post("/me/second-factor", &json!({})).is(200).json();
    let secret = offer["secret"].as_str().unwrap();
    assert!(offer["address"].as_str().unwrap().starts_with("otpauth://totp/"));
    let set = |password: &str, code: &str| {
        ana.ask(
            "PUT",
            "/me/second-factor",
            Some(&json!({ "password": password, "secret": secret, "code": code })),
        )
    };
    set("wrong wrong wrong", &code(secret, 0)).refuses(422, "password_wrong");
    set(PASSWORD, "000000x").refuses(401, "second_factor_wrong");
    set(PASSWORD, &code(secret, -1)).is(204);
    let stranger = Client::stranger(&serving);
    let sign_in = |code: Option<&str>| {
        stranger
            .post("/session", &json!({ "address": "ana@house.example", "password": PASSWORD, "code": code }))
    };
    sign_in(None).refuses(401, "second_factor_missing");
    let now = code(secret, 1);
    sign_in(Some(&now)).is(200);
    sign_in(Some(&now)).refuses(401, "second_factor_wrong");
    let link = site.json(&["staff", "link", "ana@house.example"]).ends_with(0).object("link");
    let again = Client::following(
        &serving,
        link["link"].as_str().unwrap(),
        &json!({ "password": "another long sentence" }),
    );
    assert_eq!(again.get("/me").is(200).json()["second_factor"], false);
    ana.get("/me").refuses(401, "not_signed_in");
    stranger
        .post("/session", &json!({ "address": "ana@house.example", "password": "another long sentence" }))
        .is(200);
}

#[test]
fn sessions_are_listed_and_one_that_was_ended_elsewhere_lets_nobody_in() {
    let site = TestSite::new();
    let serving = ready(&site);
    let desk = person(&site, &serving, "ana", "editor");
    let stranger = Client::stranger(&serving).with("User-Agent", "A phone");
    let phone = stranger.signed_in(
        &stranger.post("/session", &json!({ "address": "ana@house.example", "password": PASSWORD })).is(200),
    );
    let listed = desk.get("/me/sessions").is(200).json();
    let sessions = listed["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|one| one["this"] == false).unwrap();
    assert_eq!(other["agent"], "A phone");
    desk.delete(&format!("/me/sessions/{}", other["id"].as_str().unwrap())).is(204);
    phone.get("/me").refuses(401, "not_signed_in");
    desk.get("/me").is(200);
    let change = json!({ "old": PASSWORD, "new": "another long sentence" });
    let third = stranger.signed_in(
        &stranger.post("/session", &json!({ "address": "ana@house.example", "password": PASSWORD })).is(200),
    );
    desk.ask("PUT", "/me/password", Some(&change)).is(204);
    third.get("/me").refuses(401, "not_signed_in");
    desk.get("/me").is(200);
}

#[test]
fn a_token_reaches_as_far_as_its_scopes_and_ends_when_it_is_taken_back() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let made = ana.post("/me/tokens", &json!({ "name": "Wire", "scopes": ["read"] })).is(201).json();
    let token = made["token"].as_str().unwrap();
    let wire = Client::stranger(&serving).with("Authorization", &format!("Bearer {token}"));
    wire.get("/stories").is(200);
    wire.post("/stories", &json!({ "headline": "Over Doel" })).refuses(403, "scope_missing");
    wire.post("/me/tokens", &json!({ "name": "More", "scopes": ["publish"] })).refuses(403, "not_allowed");
    assert!(ana.get("/me/tokens").is(200).text().find(token).is_none(), "a token is told once");
    ana.delete(&format!("/me/tokens/{}", made["id"].as_str().unwrap())).is(204);
    wire.get("/stories").refuses(401, "not_signed_in");
    for wrong in [
        json!({ "name": "", "scopes": ["read"] }),
        json!({ "name": "a", "scopes": [] }),
        json!({ "name": "a", "scopes": ["all"] }),
        json!({ "name": "a", "scopes": ["read"], "days": 400 }),
    ] {
        ana.post("/me/tokens", &wrong).is(422);
    }
}

#[test]
fn what_another_sites_page_makes_a_browser_ask_for_is_refused() {
    let site = TestSite::new();
    let serving = ready(&site);
    let stranger = Client::stranger(&serving);
    person(&site, &serving, "ana", "editor");
    let answer =
        stranger.post("/session", &json!({ "address": "ana@house.example", "password": PASSWORD })).is(200);
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let browser = stranger.with("Cookie", &cookie);
    let begin = json!({ "headline": "Over Doel" });
    browser.with("Sec-Fetch-Site", "cross-site").post("/stories", &begin).refuses(403, "origin_foreign");
    browser.with("Origin", "https://evil.example").post("/stories", &begin).refuses(403, "origin_foreign");
    browser.post("/stories", &begin).refuses(403, "origin_foreign");
    stranger
        .with("Sec-Fetch-Site", "cross-site")
        .post("/session", &json!({ "address": "a@b.example", "password": "x" }))
        .refuses(403, "origin_foreign");
    let own = format!("http://{}", serving.address);
    browser.with("Origin", &own).post("/stories", &begin).is(201);
    browser.get("/stories").is(200);
}

#[test]
fn somebody_who_left_is_let_in_no_more_and_the_last_administrator_stays() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let bo = person(&site, &serving, "bo", "photographer");
    let wire = Client::with_token(&site, &serving, "bo@house.example", &["read"]);
    let staff = ana.get("/staff").is(200).json();
    let id = |address: &str| {
        let all = staff["items"].as_array().unwrap();
        all.iter().find(|one| one["address"] == address).unwrap()["id"].as_str().unwrap().to_owned()
    };
    ana.delete(&format!("/staff/{}", id("ana@house.example"))).refuses(422, "last_administrator");
    ana.patch(&format!("/staff/{}", id("ana@house.example")), &json!({ "role": "editor" }))
        .refuses(422, "last_administrator");
    ana.delete(&format!("/staff/{}", id("bo@house.example"))).is(204);
    bo.get("/me").refuses(401, "not_signed_in");
    wire.get("/me").refuses(401, "not_signed_in");
    Client::stranger(&serving)
        .post("/session", &json!({ "address": "bo@house.example", "password": PASSWORD }))
        .refuses(401, "sign_in_failed");
    let log = ana.get("/audit?limit=1").is(200).json();
    assert_eq!(log["items"][0]["verb"], "leave");
    assert_eq!(log["items"][0]["before"]["address"], "bo@house.example");
}

#[test]
fn a_change_of_an_account_that_was_made_from_an_older_one_is_refused() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let before = ana.get("/me").is(200);
    let tag = before.header("etag").unwrap().to_owned();
    let change = |text: &str| ana.with("If-Match", &tag).patch("/me", &json!({ "credit": text }));
    let changed: Value = change("Ana Berg/House").is(200).json();
    assert_eq!(changed["credit"], "Ana Berg/House");
    change("Another").refuses(412, "stale_revision");
    assert_eq!(ana.get("/me").json()["account"]["credit"], "Ana Berg/House");
    assert_eq!(ana.patch("/me", &json!({ "credit": "" })).is(200).json()["credit"], Value::Null);
}

#[test]
fn of_several_links_for_the_first_administrator_the_newest_works() {
    let site = TestSite::new();
    let serving = ready(&site);
    let link =
        || site.json(&["staff", "link"]).ends_with(0).object("link")["link"].as_str().unwrap().to_owned();
    let (older, newer) = (link(), link());
    let older = json!({ "link": older.split("link=").nth(1).unwrap() });
    Client::stranger(&serving).post("/links/look", &older).refuses(404, "link_unknown");
    let again = site.serve();
    again.get_until("/readyz", |answer| answer.status == 200);
    // The process that started makes one of its own, and says it in its log.
    let newer = json!({ "link": newer.split("link=").nth(1).unwrap() });
    let begun = std::time::Instant::now();
    while Client::stranger(&again).post("/links/look", &newer).status != 404 {
        assert!(begun.elapsed().as_secs() < 30, "two links let somebody in");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// The addresses of the open invitations, as an administrator sees them.
fn invited(client: &Client) -> Vec<Value> {
    let listed = client.get("/invitations").is(200).json();
    listed["items"].as_array().unwrap().iter().map(|one| one["address"].clone()).collect()
}

/// Invites somebody; gives what their link holds.
fn invite(client: &Client, name: &str, role: &str) -> Value {
    let body = json!({ "address": format!("{name}@house.example"), "role": role });
    let link = client.post("/staff", &body).is(201).json()["link"].as_str().unwrap().to_owned();
    json!({ "link": link.split("link=").nth(1).unwrap() })
}

#[test]
fn an_open_invitation_is_listed_without_its_link_and_leads_nowhere_when_it_is_taken_back() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (ana, stranger) = (person(&site, &serving, "ana", "administrator"), Client::stranger(&serving));
    let (bo, cy) = (invite(&ana, "bo", "editor"), invite(&ana, "cy", "moderator"));
    site.json(&["staff", "invite", "di@house.example", "--role", "editor"]).ends_with(0);
    assert_eq!(invited(&ana), ["bo@house.example", "cy@house.example", "di@house.example"]);
    let listed = ana.get("/invitations?limit=1").is(200).json();
    let first = &listed["items"][0];
    assert_eq!((&first["role"], &first["by"]), (&json!("editor"), &json!("ana")));
    let all = ana.get("/invitations").is(200);
    assert_eq!(all.json()["items"][2]["by"], Value::Null);
    assert!(!all.text().contains(bo["link"].as_str().unwrap()), "what lets somebody in is told once");
    let next = ana.get(&format!("/invitations?after={}", listed["next"].as_str().unwrap())).is(200).json();
    assert_eq!(next["items"], json!(all.json()["items"].as_array().unwrap()[1..]));
    let path = format!("/invitations/{}", first["id"].as_str().unwrap());
    ana.delete(&path).is(204);
    ana.delete(&path).refuses(404, "invitation_unknown");
    stranger.post("/links/look", &bo).refuses(404, "link_unknown");
    stranger.post("/links/look", &cy).is(200);
    let log = ana.get("/audit?limit=1").is(200).json();
    assert_eq!(
        (&log["items"][0]["verb"], &log["items"][0]["id"]),
        (&json!("take_back_invitation"), &json!("bo@house.example"))
    );
    let by_hand = site.json(&["staff", "invitations"]).ends_with(0).objects();
    assert_eq!((by_hand.len(), &by_hand[0]["address"]), (2, &json!("cy@house.example")));
    site.does(&["staff", "invitations", "--take-back", "cy@house.example"]);
    site.run(&["staff", "invitations", "--take-back", "cy@house.example"]).ends_with(1);
    stranger.post("/links/look", &cy).refuses(404, "link_unknown");
    assert_eq!(invited(&ana), ["di@house.example"]);
}

#[test]
fn what_an_administrator_who_leaves_or_is_none_any_more_has_invited_leads_nowhere() {
    let site = TestSite::new();
    let serving = ready(&site);
    let (ana, bo, cy) = (
        person(&site, &serving, "ana", "administrator"),
        person(&site, &serving, "bo", "administrator"),
        person(&site, &serving, "cy", "administrator"),
    );
    let stranger = Client::stranger(&serving);
    let path = |client: &Client| {
        let id = client.get("/me").is(200).json()["account"]["id"].as_str().unwrap().to_owned();
        format!("/staff/{id}")
    };
    let back_door = invite(&bo, "bo.again", "administrator");
    let way_back = bo.post(&format!("{}/link", path(&ana)), &json!({})).is(201).json();
    let way_back = json!({ "link": way_back["link"].as_str().unwrap().split("link=").nth(1).unwrap() });
    let (by_cy, by_ana) = (invite(&cy, "di", "editor"), invite(&ana, "ed", "editor"));
    for known in [&back_door, &way_back, &by_cy, &by_ana] {
        stranger.post("/links/look", known).is(200);
    }
    ana.patch(&path(&bo), &json!({ "name": "Bo", "role": "editor" })).is(200);
    ana.delete(&path(&cy)).is(204);
    for ended in [&back_door, &way_back, &by_cy] {
        stranger.post("/links/look", ended).refuses(404, "link_unknown");
    }
    stranger.post("/links/look", &by_ana).is(200);
    assert_eq!(invited(&ana), ["ed@house.example"]);
    let log = ana.get("/audit?limit=1").is(200).json();
    assert_eq!(log["items"][0]["after"]["links_taken_back"], 1);
}
