//! What the desk has around stories and photos: staff, notices, the audit log, the background work, the watched folder.

use crate::client::{Client, PASSWORD, person, ready};
use crate::door::is_sound;
use crate::site::TestSite;
use crate::staff::code;

/// The parts of the desk that are told here, and who may open each, of: administrator, editor, moderator, photographer.
const PARTS: [(&str, [bool; 4]); 7] = [
    ("/desk/staff", [true, false, false, false]),
    ("/desk/notices", [true; 4]),
    ("/desk/audit", [true, true, false, false]),
    ("/desk/jobs", [true, true, false, false]),
    ("/desk/system", [true, false, false, false]),
    ("/desk/site", [true, false, false, false]),
    ("/desk/watched", [true, true, true, true]),
];

#[test]
fn each_part_of_the_desk_is_refused_to_whoever_may_not_see_it_and_stands_in_nobody_elses_navigation() {
    let site = TestSite::new();
    let serving = ready(&site);
    let roles = ["administrator", "editor", "moderator", "photographer"];
    for (number, role) in roles.into_iter().enumerate() {
        let somebody = person(&site, &serving, role, role);
        let home = somebody.desk("/desk", None).is(200);
        for (part, open) in PARTS {
            let answer = somebody.desk(part, None);
            assert_eq!(answer.status, if open[number] { 200 } else { 403 }, "{part} as {role}");
            let leads_there = home.text().contains(&format!("href=\"{part}\""));
            assert_eq!(leads_there, open[number], "{part} in the navigation of {role}");
        }
    }
    let stranger = Client::stranger(&serving);
    for (part, _) in PARTS {
        assert!(stranger.desk(part, None).is(303).header("location").unwrap().starts_with("/desk/sign-in"));
    }
}

#[test]
fn each_part_of_the_desk_is_sound_while_it_is_empty_and_says_what_to_do() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    for (part, said) in [
        ("/desk/staff", "No invitation is open."),
        ("/desk/notices", "No notice yet. Add one"),
        ("/desk/audit?verb=withdraw_story", "Nothing of that kind was done."),
        ("/desk/jobs", "No job has failed."),
        ("/desk/watched", "No folder is watched. To have one watched"),
    ] {
        let page = ana.desk(part, None).is(200);
        assert!(page.text().contains(said), "{said} on {part}: {}", page.text());
        is_sound(&page);
    }
}

#[test]
fn a_form_that_a_foreign_page_sends_changes_nothing() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let credentials = serde_json::json!({ "address": "ana@house.example", "password": PASSWORD });
    let signed_in = Client::stranger(&serving).post("/session", &credentials).is(200);
    let foreign = Client::stranger(&serving).with("Sec-Fetch-Site", "cross-site").signed_in(&signed_in);
    foreign.desk("/desk", None).is(200);
    for (path, form) in [
        ("/desk/staff", "address=bo%40house.example&role=administrator"),
        ("/desk/notices", "term=x&text=y"),
        ("/desk/jobs/retry", "job=x"),
        ("/desk/site", "version=0&name=Foreign"),
    ] {
        let foreign = foreign.desk(path, Some(form));
        assert_eq!((foreign.status, foreign.header("location")), (303, Some("/desk/sign-in")), "{path}");
    }
    assert_eq!(ana.get("/invitations").is(200).json()["items"].as_array().unwrap().len(), 0);
    assert_eq!(ana.get("/notices").is(200).json()["items"].as_array().unwrap().len(), 0);
    assert_eq!(ana.get("/site").is(200).json()["version"], 0);
}

#[test]
fn somebody_is_invited_by_a_form_that_shows_the_link_once_and_the_invitation_can_be_taken_back() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let wrong = ana.desk("/desk/staff", Some("address=nobody&role=editor")).is(422);
    assert!(wrong.text().contains("This is no mail address.") && wrong.text().contains("aria-invalid"));
    assert!(wrong.text().contains("value=\"nobody\""), "nothing typed is lost");
    is_sound(&wrong);
    let invited = ana.desk("/desk/staff", Some("address=bo%40house.example&role=editor")).is(200);
    is_sound(&invited);
    let secret = invited.text().split("welcome?link=").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let list = ana.desk("/desk/staff", None).is(200);
    assert!(list.text().contains("bo@house.example") && !list.text().contains(&secret), "{}", list.text());
    is_sound(&list);
    let stranger = Client::stranger(&serving);
    stranger.desk(&format!("/desk/welcome?link={secret}"), None).is(200);
    let take_back = list.text().split("action=\"/desk/invitations/").nth(1).unwrap().to_owned();
    let take_back = format!("/desk/invitations/{}", take_back.split('"').next().unwrap());
    ana.desk(&take_back, Some("")).is(303);
    stranger.desk(&format!("/desk/welcome?link={secret}"), None).is(404);
    let again = ana.desk(&take_back, Some("")).is(422);
    assert!(again.text().contains("There is no such invitation"));
}

#[test]
fn a_colleague_gets_another_role_and_a_way_back_in_and_leaves_after_being_asked_for_once() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let bo = person(&site, &serving, "bo", "photographer");
    let id = bo.get("/me").is(200).json()["account"]["id"].as_str().unwrap().to_owned();
    let path = format!("/desk/staff/{id}");
    is_sound(&ana.desk(&path, None).is(200));
    bo.desk(&path, None).is(403);
    let change = "revision=1&name=Bo&address=bo%40house.example&role=editor";
    ana.desk(&path, Some(change)).is(303);
    assert_eq!(bo.get("/me").is(200).json()["account"]["role"], "editor");
    let stale = ana.desk(&path, Some(change)).is(422);
    assert!(stale.text().contains("has changed meanwhile"), "{}", stale.text());
    let link = ana.desk(&format!("{path}/link"), Some("")).is(200);
    assert!(link.text().contains("welcome?link="));
    is_sound(&link);
    let asked = ana.desk(&format!("{path}/leave"), None).is(200);
    is_sound(&asked);
    bo.desk("/desk", None).is(200);
    ana.desk(&format!("{path}/leave"), Some("")).is(303);
    bo.desk("/desk", None).is(303);
    let me = ana.get("/me").is(200).json()["account"]["id"].as_str().unwrap().to_owned();
    let last = ana.desk(&format!("/desk/staff/{me}/leave"), Some("")).is(422);
    assert!(last.text().contains("This is the only administrator"));
}

#[test]
fn a_notice_is_made_and_removed_by_forms_and_what_is_wrong_stands_beside_its_field() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let wrong = ana.desk("/desk/notices", Some("term=Acme&text=&variants=&language=&mention=first")).is(422);
    assert!(wrong.text().contains("id=\"notice-text-wrong\"") && wrong.text().contains("value=\"Acme\""));
    is_sound(&wrong);
    let made = "term=Acme&variants=ACME%0D%0AAcme+Inc&text=Banned+here.&language=en&mention=every";
    ana.desk("/desk/notices", Some(made)).is(303);
    let told = ana.get("/notices").is(200).json()["items"][0].clone();
    assert_eq!(told["variants"], serde_json::json!(["ACME", "Acme Inc"]));
    assert_eq!((&told["language"], &told["every_mention"]), (&"en".into(), &true.into()));
    let list = ana.desk("/desk/notices", None).is(200);
    assert!(list.text().contains("Banned here."));
    is_sound(&list);
    let reader = person(&site, &serving, "bo", "photographer");
    assert!(
        !reader.desk("/desk/notices", None).is(200).text().contains("<form"),
        "no form without the right"
    );
    let path = format!("/desk/notices/{}/remove", told["id"].as_str().unwrap());
    reader.desk(&path, Some("")).is(403);
    ana.desk(&path, Some("")).is(303);
    assert_eq!(ana.get("/notices").is(200).json()["items"].as_array().unwrap().len(), 0);
}

#[test]
fn the_audit_log_is_told_in_words_with_links_and_by_whom_what_and_to_what() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let bo = person(&site, &serving, "bo", "editor");
    ana.desk("/desk/stories", Some("headline=The+harbour")).is(303);
    bo.desk("/desk/notices", Some("term=Acme&text=Banned+here.&mention=first")).is(303);
    let all = ana.desk("/desk/audit", None).is(200);
    is_sound(&all);
    let text = all.text();
    assert!(text.contains("began a story: <a href=\"/desk/stories/"), "{text}");
    assert!(text.contains(">The harbour</a>") && text.contains("added a notice: <bdi>Acme</bdi>"), "{text}");
    let lines = |answer: &str| answer.split("<ol class=\"rows\">").nth(1).unwrap_or_default().to_owned();
    let id = ana.get("/me").is(200).json()["account"]["id"].as_str().unwrap().to_owned();
    let hers = lines(&ana.desk(&format!("/desk/audit?who={id}"), None).is(200).text());
    assert!(hers.contains("began a story") && !hers.contains("added a notice"), "{hers}");
    let notices = lines(&ana.desk("/desk/audit?noun=notice", None).is(200).text());
    assert!(notices.contains("added a notice") && !notices.contains("began a story"), "{notices}");
    let begun = lines(&ana.desk("/desk/audit?verb=create_story", None).is(200).text());
    assert!(begun.contains("The harbour") && !begun.contains("added a notice"), "{begun}");
}

#[test]
fn the_audit_log_is_told_in_parts_of_which_none_has_an_entry_twice() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    for number in 0..60 {
        ana.desk("/desk/stories", Some(&format!("headline=Story+{number:02}"))).is(303);
    }
    let first = ana.desk("/desk/audit?verb=create_story", None).is(200).text();
    let next = first.split("href=\"/desk/audit?verb=create_story").nth(1).unwrap();
    let next = format!("/desk/audit?verb=create_story{}", next.split('"').next().unwrap());
    let second = ana.desk(&next.replace("&#38;", "&").replace("&amp;", "&"), None).is(200).text();
    let told = |text: &str, number: usize| text.contains(&format!(">Story {number:02}</a>"));
    for number in 0..60 {
        assert_eq!(
            (told(&first, number), told(&second, number)),
            (number >= 10, number < 10),
            "story {number}"
        );
    }
}

#[test]
fn a_failed_job_is_told_with_its_reason_and_tried_again_by_an_administrator() {
    let nowhere = "[mail]\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"\nfrom = \"desk@house.example\"\n";
    let site = TestSite::with_settings(nowhere);
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let bo = person(&site, &serving, "bo", "editor");
    let until_failed = || {
        let mut told = ana.desk("/desk/jobs", None).is(200);
        while !told.text().contains("name=\"job\"") {
            std::thread::yield_now();
            told = ana.desk("/desk/jobs", None).is(200);
        }
        told
    };
    let failed = until_failed();
    is_sound(&failed);
    assert!(failed.text().contains("Send a mail"), "{}", failed.text());
    assert!(failed.text().contains("is tried again by itself"), "{}", failed.text());
    let job = failed.text().split("name=\"job\" value=\"").nth(1).unwrap().to_owned();
    let job = job.split('"').next().unwrap().replace(':', "%3A").replace(' ', "+");
    let form = format!("job={job}");
    bo.desk("/desk/jobs/retry", Some(&form)).is(403);
    assert!(
        !bo.desk("/desk/jobs", None).is(200).text().contains("name=\"job\""),
        "no button without the right"
    );
    assert!(ana.desk("/desk/jobs/retry", Some("job=nothing")).is(422).text().contains("No job of this name"));
}

#[test]
fn the_watched_folders_files_are_told_with_what_became_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("[watch]\nfolder = \"{}\"\nsettled_seconds = 1\n", folder.path().display());
    let site = TestSite::with_settings(&settings);
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let empty = ana.desk("/desk/watched", None).is(200);
    assert!(empty.text().contains("No file has lain there yet."));
    std::fs::write(folder.path().join("notes.jpg"), "this is no picture at all").unwrap();
    let mut told = ana.desk("/desk/watched", None).is(200);
    while !told.text().contains("notes.jpg") || told.text().contains("badge warm") {
        std::thread::yield_now();
        told = ana.desk("/desk/watched", None).is(200);
    }
    assert!(told.text().contains("<span class=\"badge red\">refused</span>"), "{}", told.text());
    is_sound(&told);
    let stranger = person(&site, &serving, "bo", "photographer");
    assert!(!stranger.desk("/desk/watched", None).is(200).text().contains("notes.jpg"), "not their folder");
}

#[test]
fn ones_own_name_and_signature_are_changed_by_a_form() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "photographer");
    is_sound(&ana.desk("/desk/me", None).is(200));
    is_sound(&ana.desk("/desk/me/name", None).is(200));
    let typed = "revision=1&name=Ana+Berg&byline=A.+Berg&credit=Ana+Berg%2FThe+Daily&copyright=";
    ana.desk("/desk/me/name", Some(typed)).is(303);
    let account = ana.get("/me").is(200).json()["account"].clone();
    assert_eq!((&account["name"], &account["byline"]), (&"Ana Berg".into(), &"A. Berg".into()));
    assert_eq!((&account["credit"], account["copyright"].is_null()), (&"Ana Berg/The Daily".into(), true));
    let empty = "revision=2&name=&byline=&credit=&copyright=";
    let wrong = ana.desk("/desk/me/name", Some(empty)).is(422);
    assert!(wrong.text().contains("id=\"me-name-wrong\""), "{}", wrong.text());
    is_sound(&wrong);
}

#[test]
fn ones_own_password_is_changed_by_a_form_and_ends_the_other_sessions() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let credentials = serde_json::json!({ "address": "ana@house.example", "password": PASSWORD });
    let stranger = Client::stranger(&serving);
    let elsewhere = stranger.signed_in(&stranger.post("/session", &credentials).is(200));
    is_sound(&ana.desk("/desk/me/password", None).is(200));
    let change = |old: &str, new: &str| {
        let form = format!("old={}&password={}", old.replace(' ', "+"), new.replace(' ', "+"));
        ana.desk("/desk/me/password", Some(&form))
    };
    let wrong = change("not my password", "another long sentence").is(422);
    assert!(wrong.text().contains("id=\"me-old-wrong\""), "{}", wrong.text());
    let short = change(PASSWORD, "short").is(422);
    assert!(short.text().contains("id=\"me-password-wrong\""), "{}", short.text());
    is_sound(&short);
    change(PASSWORD, "another long sentence").is(303);
    elsewhere.desk("/desk", None).is(303);
    ana.desk("/desk", None).is(200);
}

#[test]
fn a_second_factor_is_offered_as_text_and_address_and_counts_once_a_code_was_shown() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let offered = ana.desk("/desk/me/second-factor", None).is(200);
    is_sound(&offered);
    let secret = offered.text().split("name=\"secret\" value=\"").nth(1).unwrap().to_owned();
    let secret = secret.split('"').next().unwrap().to_owned();
    assert!(offered.text().contains("href=\"otpauth://totp/"), "{}", offered.text());
    let set = |code: &str| {
        let password = PASSWORD.replace(' ', "+");
        let form = format!(
            "secret={secret}&address=otpauth%3A%2F%2Ftotp%2Fx%3Fsecret%3D{secret}&code={code}&password={password}"
        );
        ana.desk("/desk/me/second-factor", Some(&form))
    };
    let wrong = set("000000").is(422);
    assert!(wrong.text().contains("id=\"me-code-wrong\"") && wrong.text().contains(&secret));
    is_sound(&wrong);
    set(&code(&secret, 0)).is(303);
    assert_eq!(ana.get("/me").is(200).json()["second_factor"], true);
    let there = ana.desk("/desk/me/second-factor", None).is(200);
    is_sound(&there);
    let form = format!("password={}", PASSWORD.replace(' ', "+"));
    ana.desk("/desk/me/second-factor", Some(&form)).is(303);
    assert_eq!(ana.get("/me").is(200).json()["second_factor"], false);
}

#[test]
fn one_session_and_all_other_sessions_are_ended_by_forms() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    let stranger = Client::stranger(&serving).with("User-Agent", agent);
    let credentials = serde_json::json!({ "address": "ana@house.example", "password": PASSWORD });
    let others = [(); 3].map(|()| stranger.signed_in(&stranger.post("/session", &credentials).is(200)));
    let page = ana.desk("/desk/me/sessions", None).is(200);
    assert_eq!(page.text().matches("<strong>Firefox on Linux</strong>").count(), 3, "{}", page.text());
    is_sound(&page);
    let end = page.text().split("action=\"/desk/me/sessions/").nth(1).unwrap().to_owned();
    ana.desk(&format!("/desk/me/sessions/{}", end.split('"').next().unwrap()), Some("")).is(303);
    let open = || others.iter().filter(|one| one.desk("/desk", None).status == 200).count();
    assert_eq!(open(), 2);
    ana.desk("/desk/me/sessions/end-others", Some("")).is(303);
    assert_eq!(open(), 0);
    assert!(ana.desk("/desk/me/sessions", None).is(200).text().contains("signed in nowhere else"));
}

#[test]
fn a_token_is_made_with_its_scopes_shown_once_and_taken_back() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let empty = ana.desk("/desk/me/tokens", None).is(200);
    assert!(empty.text().contains("No token yet."));
    is_sound(&empty);
    let wrong = ana.desk("/desk/me/tokens", Some("name=Wire&days=90")).is(422);
    assert!(wrong.text().contains("id=\"token-scopes-wrong\"") && wrong.text().contains("value=\"Wire\""));
    is_sound(&wrong);
    let made = ana.desk("/desk/me/tokens", Some("name=Wire&scopes=read&scopes=photos&days=30")).is(200);
    is_sound(&made);
    let secret = made.text().split("<code>halftone_").nth(1).unwrap().to_owned();
    let secret = format!("halftone_{}", secret.split('<').next().unwrap());
    let program = Client::stranger(&serving).with("Authorization", &format!("Bearer {secret}"));
    assert_eq!(program.get("/me").is(200).json()["scopes"], serde_json::json!(["read", "photos"]));
    let list = ana.desk("/desk/me/tokens", None).is(200);
    assert!(!list.text().contains(&secret), "told once");
    let end = list.text().split("action=\"/desk/me/tokens/").nth(1).unwrap().to_owned();
    ana.desk(&format!("/desk/me/tokens/{}", end.split('"').next().unwrap()), Some("")).is(303);
    assert_eq!(program.get("/me").status, 401);
}
