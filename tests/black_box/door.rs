//! The desk's door in a browser without scripts: forms, cookies, and what is said where something is wrong.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::client::{Client, PASSWORD, ready};
use crate::site::{Answer, TestSite};

/// The Nu validator finds nothing in a page.
#[track_caller]
pub fn is_sound(page: &Answer) {
    let Some(vnu) = std::env::var_os("HALFTONE_VNU") else {
        eprintln!("SKIPPED: HALFTONE_VNU is not set; pages are not validated");
        return;
    };
    let mut checking = Command::new("java")
        .arg("-jar")
        .arg(vnu)
        .args(["--format", "gnu", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    checking.stdin.take().unwrap().write_all(&page.body).unwrap();
    let said = checking.wait_with_output().unwrap();
    assert!(said.status.success(), "{}\n{}", String::from_utf8_lossy(&said.stderr), page.text());
}

/// A form, as a browser writes it.
fn form(fields: &[(&str, &str)]) -> String {
    fields
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace(' ', "+").replace('@', "%40")))
        .collect::<Vec<_>>()
        .join("&")
}

#[test]
fn the_first_administrator_signs_up_signs_out_and_in_again_by_forms() {
    let site = TestSite::new();
    let serving = ready(&site);
    let made = site.json(&["staff", "link"]).ends_with(0).object("link");
    let link = made["link"].as_str().unwrap().split("link=").nth(1).unwrap().to_owned();
    let browser = Client::stranger(&serving).with("Sec-Fetch-Site", "same-origin");
    assert_eq!(browser.desk("/desk", None).is(303).header("location"), Some("/desk/sign-in"));
    let welcome = browser.desk(&format!("/desk/welcome?link={link}"), None).is(200);
    assert_eq!(welcome.header("referrer-policy"), Some("no-referrer"), "the link is told to nobody");
    assert_eq!(welcome.header("cache-control"), Some("no-store"));
    is_sound(&welcome);
    let fields = |password| {
        [
            ("link", link.as_str()),
            ("address", "ana@house.example"),
            ("name", "Ana Berg"),
            ("password", password),
        ]
    };
    let again = browser.desk("/desk/welcome", Some(&form(&fields("short")))).is(422);
    assert!(
        again.text().contains("at least 12 characters") && again.text().contains("value=\"Ana Berg\""),
        "nothing typed is lost"
    );
    is_sound(&again);
    let foreign = Client::stranger(&serving).with("Sec-Fetch-Site", "cross-site");
    foreign.desk("/desk/welcome", Some(&form(&fields(PASSWORD)))).is(422);
    let made = browser.desk("/desk/welcome", Some(&form(&fields(PASSWORD)))).is(303);
    assert_eq!(made.header("location"), Some("/desk"));
    let ana = Client::stranger(&serving).signed_in(&made);
    let home = ana.desk("/desk", None).is(200);
    assert!(home.text().contains("Ana Berg"));
    is_sound(&home);
    browser.desk(&format!("/desk/welcome?link={link}"), None).is(404);
    assert_eq!(ana.desk("/desk/sign-out", Some("")).is(303).header("location"), Some("/desk/sign-in"));
    ana.desk("/desk", None).is(303);
    let page = browser.desk("/desk/sign-in", None).is(200);
    is_sound(&page);
    let sign_in = |password| {
        browser
            .desk("/desk/sign-in", Some(&form(&[("address", "ana@house.example"), ("password", password)])))
    };
    let wrong = sign_in("wrong wrong wrong").is(401);
    assert!(wrong.text().contains("role=\"alert\"") && wrong.text().contains("ana@house.example"));
    is_sound(&wrong);
    let back = Client::stranger(&serving).signed_in(&sign_in(PASSWORD).is(303));
    assert!(back.desk("/desk/me", None).is(200).text().contains("administrator"));
    is_sound(&back.desk("/api/v1/", None).is(200));
    is_sound(&back.desk("/desk/nothing", None).is(404));
}

#[test]
fn a_site_that_is_reached_by_tls_gives_a_cookie_that_goes_nowhere_else() {
    let site = TestSite::with_settings("[site]\nurl = \"https://photos.example\"\n");
    let serving = ready(&site);
    let made = site.json(&["staff", "link"]).ends_with(0).object("link");
    let link = made["link"].as_str().unwrap();
    assert!(link.starts_with("https://photos.example/desk/welcome?link="));
    let secret = link.split("link=").nth(1).unwrap();
    let body = serde_json::json!({ "link": secret, "address": "ana@house.example", "name": "Ana", "password": PASSWORD });
    let answer = Client::stranger(&serving).post("/links", &body).is(200);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-halftone=") && cookie.ends_with("; Secure"), "{cookie}");
}

#[test]
fn a_link_from_the_machine_signs_in_once_and_changes_nothing_of_the_account() {
    let site = TestSite::new();
    let serving = ready(&site);
    crate::client::person(&site, &serving, "ana", "editor");
    let secret = || {
        let made = site.json(&["staff", "sign-in", "ana@house.example"]).ends_with(0).object("link");
        made["link"].as_str().unwrap().split("link=").nth(1).unwrap().to_owned()
    };
    let link = secret();
    let browser = Client::stranger(&serving).with("Sec-Fetch-Site", "same-origin");
    let page = browser.desk(&format!("/desk/welcome?link={link}"), None).is(200);
    is_sound(&page);
    assert!(page.text().contains("signs you in as ana@house.example"), "{}", page.text());
    let entered = browser.desk("/desk/welcome", Some(&form(&[("link", &link)]))).is(303);
    assert_eq!(entered.header("location"), Some("/desk?welcome=1"));
    browser.signed_in(&entered).desk("/desk/stories", None).is(200);
    browser.desk("/desk/welcome", Some(&form(&[("link", &link)]))).is(404);
    let other = serde_json::json!({ "link": secret(), "password": "another long sentence" });
    browser.post("/links", &other).refuses(404, "link_unknown");
    let foreign = Client::stranger(&serving).with("Sec-Fetch-Site", "cross-site");
    foreign.desk("/desk/welcome", Some(&form(&[("link", &secret())]))).is(422);
    let known = form(&[("address", "ana@house.example"), ("password", PASSWORD)]);
    browser.desk("/desk/sign-in", Some(&known)).is(303);
    site.run(&["staff", "sign-in", "nobody@house.example"]).ends_with(1);
}
