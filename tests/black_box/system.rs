//! How the machine is: told at the desk and by the API in the same words, and to administrators by mail.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Client, person, ready};
use crate::door::is_sound;
use crate::mail::{Post, fixture, header, mails};
use crate::servers::Database;
use crate::site::{TestSite, Working, looks_into_the_folder};

const PATIENCE: Duration = Duration::from_secs(60);
/// More than any disk has.
const NEVER_ENOUGH: &str = "[alerts]\nfree_gigabytes = 1048576\n";

fn fact(told: &Value, about: &str) -> Value {
    let facts = told["facts"].as_array().unwrap();
    facts.iter().find(|fact| fact["about"] == about).unwrap_or_else(|| panic!("{about} in {told}")).clone()
}

#[test]
fn the_desk_and_the_api_judge_the_machine_in_the_same_words_and_say_what_to_do() {
    looks_into_the_folder();
    let site = TestSite::with_settings(NEVER_ENOUGH);
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "administrator");
    let told = ana.get("/system").is(200).json();
    let page = ana.desk("/desk/system", None).is(200);
    is_sound(&page);
    let text = page.text();
    for (about, state) in [
        ("disk", "wrong"),
        ("database", "good"),
        ("queue", "good"),
        ("backup", "look"),
        ("certificate", "good"),
    ] {
        let fact = fact(&told, about);
        assert_eq!(fact["state"], state, "{fact}");
        if about != "database" {
            assert!(text.contains(fact["says"].as_str().unwrap()), "{fact} in {text}");
        }
        assert!(fact["advice"].as_str().is_none_or(|advice| text.contains(advice)), "{fact} in {text}");
        assert_eq!(fact["advice"].is_null(), state == "good", "{fact}");
    }
    assert!(text.contains("<span class=\"badge red\">wrong</span>"), "{text}");
    assert_eq!(told["database"]["kind"], "SQLite");
    let disk = &told["disks"][0];
    assert!(disk["size"].as_u64().unwrap() > disk["free"].as_u64().unwrap(), "{disk}");
    let node = &told["nodes"][0];
    assert_eq!((&node["version"], &node["machine"]), (&env!("CARGO_PKG_VERSION").into(), &disk["machine"]));
    // Nobody is mailed where no server takes mails, and the page says so.
    assert_eq!(told["alerts"], serde_json::json!({ "mailed": false, "to": ["ana@house.example"] }));
    assert!(text.contains("Nobody is told by mail"), "{text}");
    let told = mails(&site.data().join("mail"), 1);
    assert!(told.iter().all(|mail| !mail.contains("needs looking after")), "{told:?}");
}

/// The last backup is the one that ended well, and the log has it.
fn tells_of_backups(site: &TestSite) {
    site.small_story("Three photographs");
    let serving = ready(site);
    let ana = person(site, &serving, "ana", "administrator");
    assert!(ana.get("/system").is(200).json()["backup"].is_null());
    let folder = site.beside("backup");
    site.does(&["backup", folder.to_str().unwrap()]);
    site.run(&["backup", folder.to_str().unwrap()]).ends_with(2);
    let told = ana.get("/system").is(200).json();
    assert_eq!(told["backup"]["to"], folder.to_str().unwrap());
    assert!(told["backup"]["files"].as_u64().unwrap() > 3, "{}", told["backup"]);
    assert_eq!(fact(&told, "backup")["state"], "good");
    let log = ana.desk("/desk/audit?verb=note_backup", None).is(200);
    assert_eq!(log.text().matches("made a backup").count(), 2, "the choice and one entry: {}", log.text());
}

#[test]
fn a_backup_that_ended_well_is_told_with_its_age() {
    tells_of_backups(&TestSite::new());
}

#[test]
fn a_backup_of_a_site_on_postgresql_is_told_with_its_age() {
    let Some(database) = Database::new("told_backups") else { return };
    tells_of_backups(&TestSite::in_folder_with(&format!("{}[work]\navif = \"off\"\n", database.settings())));
}

/// A web server whose certificate is for `localhost`.
struct Shown(Child, u16);

impl Shown {
    fn start() -> Self {
        let program = "import http.server,ssl,sys\n\
            server=http.server.HTTPServer(('127.0.0.1',0),http.server.SimpleHTTPRequestHandler)\n\
            about=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n\
            about.load_cert_chain(sys.argv[1],sys.argv[2])\n\
            server.socket=about.wrap_socket(server.socket,server_side=True)\n\
            print(server.server_address[1],flush=True)\n\
            server.serve_forever()";
        let mut server = Command::new("python3")
            .args(["-c", program])
            .args([fixture("server.pem"), fixture("server.key")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self(server, port.trim().parse().unwrap())
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_certificate_of_the_sites_own_address_is_looked_at_and_one_that_browsers_refuse_is_wrong() {
    let shown = Shown::start();
    for (trusted, state, says) in [(true, "good", "is good for another"), (false, "wrong", "is not accepted")]
    {
        let site = TestSite::with_settings(&format!("[site]\nurl = \"https://localhost:{}\"\n", shown.1));
        let serving = site.serve_with(&["--no-work"]);
        serving.get_until("/readyz", |answer| answer.status == 200);
        let ana = person(&site, &serving, "ana", "administrator");
        let before = ana.get("/system").is(200).json();
        assert!(fact(&before, "certificate")["says"].as_str().unwrap().contains("not looked at yet"));
        let mut working = site.command(&["work"]);
        if trusted {
            working.env("SSL_CERT_FILE", fixture("authority.pem"));
        }
        let mut working = working.stdout(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        let told = loop {
            let told = ana.get("/system").is(200).json();
            if !told["certificate"].is_null() || begun.elapsed() > PATIENCE {
                break told;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        working.kill().unwrap();
        working.wait().unwrap();
        let fact = fact(&told, "certificate");
        assert!(fact["state"] == state && fact["says"].as_str().unwrap().contains(says), "{fact}");
        assert_eq!(
            told["certificate"]["until"].as_str().is_some_and(|end| end.starts_with("2126-11-03")),
            trusted
        );
    }
}

/// How many mails with this subject each of these addresses got.
fn got(told: &[String], subject: &str, to: &[&str]) -> Vec<usize> {
    let about = |address: &str| {
        let hers = told.iter().filter(|mail| header(mail, "To") == address);
        hers.filter(|mail| header(mail, "Subject") == subject).count()
    };
    to.iter().map(|address| about(address)).collect()
}

#[test]
fn administrators_get_one_mail_when_something_becomes_wrong_and_one_when_it_is_good_again() {
    looks_into_the_folder();
    let folder = tempfile::tempdir().unwrap();
    let Some(post) = Post::start(folder.path().join("post"), &[]) else { return };
    let settings = post.settings("tls = \"none\"");
    let site = TestSite::with_settings(&format!("{settings}{NEVER_ENOUGH}"));
    let serving = site.serve_with(&["--no-work"]);
    serving.get_until("/readyz", |answer| answer.status == 200);
    let ana = person(&site, &serving, "ana", "administrator");
    person(&site, &serving, "bo", "administrator");
    person(&site, &serving, "cy", "editor");
    // Three invitations, and one alert for each of two administrators: of two processes one tells.
    let working = [Working::start(&site), Working::start(&site)];
    mails(&post.folder, 5);
    for one in working {
        assert_eq!(one.stop(), 0);
    }
    // A restart tells nothing again; the mail of another invitation shows that it worked.
    let again = Working::start(&site);
    person(&site, &serving, "di", "editor");
    mails(&post.folder, 6);
    again.stop();
    std::fs::write(site.data().join("halftone.toml"), settings).unwrap();
    let mended = Working::start(&site);
    let told = mails(&post.folder, 8);
    mended.stop();
    let all = ["ana@house.example", "bo@house.example", "cy@house.example", "di@house.example"];
    assert_eq!(got(&told, "Halftone needs looking after", &all), [1, 1, 0, 0], "{told:?}");
    assert_eq!(got(&told, "Halftone is well again", &all), [1, 1, 0, 0], "{told:?}");
    let wrong = told.iter().find(|mail| mail.contains("needs looking after")).unwrap();
    assert!(wrong.contains("Make room") && wrong.contains("/desk/system"), "{wrong}");
    let log = ana.desk("/desk/audit?verb=alert", None).is(200);
    assert!(log.text().contains("<bdi>disk</bdi>"), "{}", log.text());
}

#[test]
fn whom_the_settings_name_is_told_instead_of_the_administrators() {
    looks_into_the_folder();
    let folder = tempfile::tempdir().unwrap();
    let Some(post) = Post::start(folder.path().join("post"), &[]) else { return };
    let named =
        format!("{}{NEVER_ENOUGH}to = [\"machines@house.example\"]\n", post.settings("tls = \"none\""));
    let site = TestSite::with_settings(&named);
    let _working = Working::start(&site);
    let told = mails(&post.folder, 1);
    assert_eq!(header(&told[0], "To"), "machines@house.example");
}

#[test]
fn an_administrator_asks_by_a_token_with_the_scope_for_it() {
    let site = TestSite::new();
    let serving = ready(&site);
    person(&site, &serving, "ana", "administrator");
    let asks =
        |scope| Client::with_token(&site, &serving, "ana@house.example", &[scope]).get("/system").status;
    assert_eq!((asks("admin"), asks("read")), (200, 403));
}
