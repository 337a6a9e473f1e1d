//! Passkeys, made and used by an authenticator inside a real browser; and what lets nobody in.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::browser::tool;
use crate::client::{Client, PASSWORD, person, ready};
use crate::machinery::free_port;
use crate::mail::{header, mails};
use crate::site::{Serving, TestSite, looks_into_the_folder};

/// A site with a name, as browsers want it for passkeys.
fn named() -> (TestSite, Serving) {
    let port = free_port();
    let site = TestSite::with_settings(&format!(
        "[site]\nurl = \"http://localhost:{port}\"\n[work]\navif = \"off\"\n"
    ));
    let serving = site.serve_on(&format!("127.0.0.1:{port}"), &[]);
    serving.get_until("/readyz", |answer| answer.status == 200);
    (site, serving)
}

fn begin(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).is(200).json()["ceremony"].as_str().unwrap().to_owned()
}

/// An answer that no authenticator gives.
fn nothing(ceremony: &str) -> Value {
    json!({ "ceremony": ceremony, "credential": {} })
}

fn made(ceremony: &str) -> Value {
    json!({ "name": "Phone", "ceremony": ceremony, "credential": {} })
}

#[test]
fn a_passkey_is_made_and_used_and_no_copy_and_no_forgery_lets_anybody_in() {
    looks_into_the_folder();
    let (Some(node), Some(_)) = (tool("HALFTONE_NODE"), tool("HALFTONE_CHROMIUM")) else { return };
    let (site, serving) = named();
    let link =
        site.json(&["staff", "invite", "ana@house.example", "--role", "editor"]).ends_with(0).object("link");
    let (base, path) = link["link"].as_str().unwrap().split_once("/desk").unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/checks.mjs");
    let output =
        Command::new(node).arg(script).args(["passkeys", base, &format!("/desk{path}")]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));

    let stranger = Client::stranger(&serving);
    let signed_in =
        stranger.post("/session", &json!({ "address": "ana@house.example", "password": PASSWORD })).is(200);
    let ana = stranger.signed_in(&signed_in);
    let bo = person(&site, &serving, "bo", "administrator");
    let listed = || ana.get("/me/passkeys").is(200).json()["items"].as_array().unwrap().clone();
    assert_eq!((listed().len(), &listed()[0]["name"]), (1, &json!("New phone")));
    assert!(listed()[0]["used"].is_string());
    let path = format!("/me/passkeys/{}", listed()[0]["id"].as_str().unwrap());
    bo.delete(&path).refuses(404, "passkey_unknown");
    bo.patch(&path, &json!({ "name": "Mine" })).refuses(404, "passkey_unknown");
    assert_eq!((listed().len(), &listed()[0]["name"]), (1, &json!("New phone")));
    let told = mails(&site.data().join("mail"), 3);
    let about = told.iter().filter(|mail| header(mail, "Subject") == "A passkey was added at Halftone");
    assert_eq!(about.map(|mail| header(mail, "To")).collect::<Vec<_>>(), ["ana@house.example"]);
    let log = bo.get("/audit").is(200).json();
    let entries = log["items"].as_array().unwrap();
    let about: Vec<&Value> = entries.iter().filter(|entry| entry["noun"] == "passkey").collect();
    let verbs: Vec<&str> = about.iter().map(|entry| entry["verb"].as_str().unwrap()).collect();
    assert_eq!(verbs, ["refuse_passkey", "rename_passkey", "make_passkey"]);
    assert!(about[0]["after"]["why"].as_str().unwrap().contains("its counter went back"), "{log}");
    ana.patch(&path, &json!({ "name": " " })).refuses(422, "name_missing");
    ana.delete(&path).is(204);
    ana.delete(&path).refuses(404, "passkey_unknown");
    assert!(listed().is_empty());
    let told = mails(&site.data().join("mail"), 4);
    let about = told.iter().filter(|mail| header(mail, "Subject") == "A passkey was removed at Halftone");
    let about: Vec<&String> = about.collect();
    assert_eq!(about.iter().map(|mail| header(mail, "To")).collect::<Vec<_>>(), ["ana@house.example"]);
}

#[test]
fn a_ceremony_is_ended_once_by_whom_it_was_begun_for_and_within_five_minutes() {
    looks_into_the_folder();
    let (site, serving) = named();
    let (ana, bo) = (person(&site, &serving, "ana", "editor"), person(&site, &serving, "bo", "editor"));
    let stranger = Client::stranger(&serving);
    let proof = json!({ "password": PASSWORD });
    ana.post("/me/passkeys", &json!({ "password": "wrong wrong wrong" })).refuses(422, "password_wrong");
    ana.post("/me/passkeys", &json!({})).refuses(422, "password_wrong");

    let mine = begin(&ana, "/me/passkeys", &proof);
    ana.ask("PUT", "/me/passkeys", Some(&made(&mine))).refuses(422, "passkey_odd");
    ana.ask("PUT", "/me/passkeys", Some(&made(&mine))).refuses(404, "ceremony_unknown");
    let mine = begin(&ana, "/me/passkeys", &proof);
    bo.ask("PUT", "/me/passkeys", Some(&made(&mine))).refuses(404, "ceremony_unknown");
    ana.ask("PUT", "/me/passkeys", Some(&made(&mine))).refuses(404, "ceremony_unknown");
    // One of the one kind is none of the other.
    let mine = begin(&ana, "/me/passkeys", &proof);
    stranger.ask("PUT", "/session/passkey", Some(&nothing(&mine))).refuses(404, "ceremony_unknown");
    let anybodys = begin(&stranger, "/session/passkey", &json!({}));
    ana.ask("PUT", "/me/passkeys", Some(&made(&anybodys))).refuses(404, "ceremony_unknown");

    let anybodys = begin(&stranger, "/session/passkey", &json!({}));
    stranger.ask("PUT", "/session/passkey", Some(&nothing(&anybodys))).refuses(422, "passkey_odd");
    let late = begin(&stranger, "/session/passkey", &json!({}));
    let program = "import sqlite3,sys\n\
        records=sqlite3.connect(sys.argv[1],timeout=30)\n\
        records.execute('update ceremonies set valid_until=valid_until-300000000')\n\
        records.commit()";
    let records = site.data().join("halftone.db");
    assert!(Command::new("python3").args(["-c", program]).arg(records).status().unwrap().success());
    stranger.ask("PUT", "/session/passkey", Some(&nothing(&late))).refuses(404, "ceremony_unknown");
}

#[test]
fn another_process_may_end_a_ceremony() {
    let (site, serving) = named();
    let other = site.serve_with(&["--no-work"]);
    other.get_until("/readyz", |answer| answer.status == 200);
    let begun = begin(&Client::stranger(&serving), "/session/passkey", &json!({}));
    let ended = Client::stranger(&other);
    ended.ask("PUT", "/session/passkey", Some(&nothing(&begun))).refuses(422, "passkey_odd");
    let again = Client::stranger(&serving).ask("PUT", "/session/passkey", Some(&nothing(&begun)));
    again.refuses(404, "ceremony_unknown");
}

#[test]
fn questions_that_anybody_may_ask_for_are_slowed_down() {
    let (_site, serving) = named();
    let stranger = Client::stranger(&serving);
    let statuses: Vec<u16> = (0..40).map(|_| stranger.post("/session/passkey", &json!({})).status).collect();
    let let_through = statuses.iter().filter(|status| **status == 200).count();
    assert!((30..35).contains(&let_through), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
}

#[test]
fn a_site_that_has_no_name_says_that_it_can_have_no_passkeys() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    ana.post("/me/passkeys", &json!({ "password": PASSWORD })).refuses(422, "passkeys_impossible");
    Client::stranger(&serving).post("/session/passkey", &json!({})).refuses(422, "passkeys_impossible");
}
