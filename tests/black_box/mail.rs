//! Mails of the house: into a folder, and through a mail server that others wrote.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, PASSWORD, person, ready};
use crate::site::{Serving, TestSite, looks_into_the_folder, terminate};
use crate::staff::code;

const PATIENCE: Duration = Duration::from_secs(60);

/// A mail server of a test's own.
pub struct Post {
    server: Child,
    port: u16,
    pub folder: PathBuf,
}

impl Post {
    /// Starts one; `None`, after saying so aloud, without Python.
    pub fn start(folder: PathBuf, words: &[&str]) -> Option<Self> {
        let Some(python) = std::env::var_os("HALFTONE_PYTHON") else {
            eprintln!("SKIPPED: HALFTONE_PYTHON is not set; this test needs a mail server in Python");
            return None;
        };
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail_server.py");
        let mut server = Command::new(python)
            .arg(program)
            .arg(&folder)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Some(Self { server, port: port.trim().parse().unwrap(), folder })
    }

    pub fn settings(&self, more: &str) -> String {
        format!("[mail]\nhost = \"localhost\"\nport = {}\nfrom = \"desk@house.example\"\n{more}\n", self.port)
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A process that works, of which is kept what it logs.
struct Logging(Child);

impl Logging {
    fn start(site: &TestSite) -> Self {
        let mut command = site.command(&["work"]);
        command.env("SSL_CERT_FILE", fixture("authority.pem"));
        Self(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// What it has logged until it stopped.
    fn stop(mut self) -> String {
        terminate(&self.0);
        assert_eq!(self.0.wait().unwrap().code(), Some(0));
        let mut log = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mail").join(name)
}

/// The mails in a folder, once there are so many.
#[track_caller]
pub fn mails(folder: &Path, count: usize) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        if files.len() >= count {
            files.sort();
            return files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        }
        assert!(begun.elapsed() < PATIENCE, "{} mails of {count} in {}", files.len(), folder.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub fn header<'m>(mail: &'m str, name: &str) -> &'m str {
    let line = mail.lines().find(|line| line.starts_with(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("no {name} in {mail}")).split_once(": ").unwrap().1
}

fn link(mail: &str) -> &str {
    mail.lines().find(|line| line.contains("link=")).unwrap_or_else(|| panic!("no link in {mail}"))
}

fn secret(mail: &str) -> &str {
    link(mail).split("link=").nth(1).unwrap()
}

/// Demands that no mail waits, and that no secret is kept.
#[track_caller]
fn nothing_is_left(site: &TestSite, secret: &str) {
    let begun = Instant::now();
    while kept(site, secret) {
        assert!(begun.elapsed() < PATIENCE, "the secret of the mail is still kept");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether a row of the queue holds a text.
fn kept(site: &TestSite, text: &str) -> bool {
    let program = "import sqlite3,sys\n\
        records=sqlite3.connect('file:'+sys.argv[1]+'?mode=ro',uri=True,timeout=30)\n\
        look='select count(*) from jobs where instr(payload||coalesce(last_error,char(32)),?)>0'\n\
        print(records.execute(look,(sys.argv[2],)).fetchone()[0])";
    let records = site.data().join("halftone.db");
    let said = Command::new("python3").args(["-c", program]).arg(records).arg(text).output().unwrap();
    let count = String::from_utf8(said.stdout).unwrap();
    assert!(!count.is_empty(), "{}", String::from_utf8_lossy(&said.stderr));
    count.trim() != "0"
}

fn invite(site: &TestSite, address: &str) -> String {
    let link = site.json(&["staff", "invite", address, "--role", "editor"]).ends_with(0).object("link");
    link["link"].as_str().unwrap().to_owned()
}

fn begins(name: &str) -> Value {
    json!({ "name": name, "password": PASSWORD })
}

#[test]
fn without_a_mail_server_mails_lie_in_a_folder_and_the_log_says_where() {
    looks_into_the_folder();
    let site = TestSite::new();
    let given = invite(&site, "ana@house.example");
    let secret_given = given.split("link=").nth(1).unwrap();
    assert!(kept(&site, secret_given), "it waits for whoever does the background work");
    let working = Logging::start(&site);
    let mail = mails(&site.data().join("mail"), 1).remove(0);
    nothing_is_left(&site, secret_given);
    let log = working.stop();
    assert!(log.contains("mail/") && log.contains(".eml") && log.contains("ana@house.example"), "{log}");
    assert!(!log.contains(secret_given), "{log}");
    assert_eq!(header(&mail, "To"), "ana@house.example");
    assert_eq!(header(&mail, "Subject"), "Your invitation to Halftone");
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    assert!(header(&mail, "Message-ID").ends_with("@localhost>"), "{mail}");
    assert_eq!(link(&mail), given);
    let serving = ready(&site);
    Client::following(&serving, link(&mail), &begins("Ana")).get("/me").is(200);
}

#[test]
fn what_changes_how_somebody_is_let_in_is_told_to_their_address() {
    looks_into_the_folder();
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "editor");
    let folder = site.data().join("mail");
    mails(&folder, 1);
    let change = json!({ "old": PASSWORD, "new": "another long sentence" });
    ana.ask("PUT", "/me/password", Some(&change)).is(204);
    mails(&folder, 2);
    let offer = ana.post("/me/second-factor", &json!({})).is(200).json();
    let secret = offer["secret"].as_str().unwrap();
    let with = json!({ "password": "another long sentence", "secret": secret, "code": code(secret, 0) });
    ana.ask("PUT", "/me/second-factor", Some(&with)).is(204);
    mails(&folder, 3);
    let without = json!({ "password": "another long sentence" });
    ana.ask("PUT", "/me/second-factor", Some(&without)).is(204);
    mails(&folder, 4);
    let link = site.json(&["staff", "link", "ana@house.example"]).ends_with(0).object("link");
    mails(&folder, 5);
    Client::following(&serving, link["link"].as_str().unwrap(), &json!({ "password": PASSWORD }));
    let told = mails(&folder, 6);
    let about = |subject: &str| told.iter().filter(|mail| header(mail, "Subject") == subject).count();
    assert_eq!(about("Your password at Halftone was changed"), 2, "{told:?}");
    assert_eq!(about("Your second factor at Halftone was set"), 1, "{told:?}");
    assert_eq!(about("Your second factor at Halftone was removed"), 1, "{told:?}");
    assert_eq!(about("Your way back in to Halftone"), 1, "{told:?}");
    assert!(told.iter().all(|mail| header(mail, "To") == "ana@house.example"));
}

#[test]
fn who_is_moved_changed_or_ended_reads_of_it_at_the_old_address_too() {
    looks_into_the_folder();
    let site = TestSite::new();
    let serving = ready(&site);
    let (ana, bo) =
        (person(&site, &serving, "ana", "administrator"), person(&site, &serving, "bo", "photographer"));
    let folder = site.data().join("mail");
    mails(&folder, 2);
    let me = bo.get("/me").is(200).json();
    let path = format!("/staff/{}", me["account"]["id"].as_str().unwrap());
    bo.patch("/me", &json!({ "credit": "House" })).is(200);
    ana.patch(&path, &json!({ "name": "Bo Berg" })).is(200);
    ana.patch(&path, &json!({ "address": "bo@new.example", "role": "editor" })).is(200);
    mails(&folder, 5);
    ana.patch(&path, &json!({ "address": "bo@new.example", "role": "editor" })).is(200);
    ana.delete(&path).is(204);
    let told = mails(&folder, 6);
    let about = |subject: &str| {
        let mails = told.iter().filter(|mail| header(mail, "Subject") == subject);
        let mut to: Vec<&str> = mails.map(|mail| header(mail, "To")).collect();
        to.sort_unstable();
        to
    };
    assert_eq!(about("Your address at Halftone was changed"), ["bo@house.example", "bo@new.example"]);
    assert_eq!(about("Your role at Halftone was changed"), ["bo@new.example"]);
    assert_eq!(about("Your account at Halftone was ended"), ["bo@new.example"]);
    let moved =
        told.iter().find(|mail| header(mail, "To") == "bo@house.example" && mail.contains("has the address"));
    assert!(moved.unwrap().contains("bo@new.example"), "the old address reads where it went");
    assert_eq!(told.len(), 6, "what changes nothing of that is told to nobody: {told:?}");
}

#[test]
fn an_invitation_arrives_through_a_mail_server_and_its_link_works() {
    looks_into_the_folder();
    let (key, certificate) = (fixture("server.key"), fixture("server.pem"));
    for tls in ["implicit", "starttls"] {
        let words = ["--tls", tls, certificate.to_str().unwrap(), key.to_str().unwrap()];
        let login = ["--login", "desk", "tops3cret"];
        let folder = tempfile::tempdir().unwrap();
        let Some(post) = Post::start(folder.path().join("post"), &[&words[..], &login].concat()) else {
            return;
        };
        let site = TestSite::with_settings(
            &post.settings(&format!("tls = \"{tls}\"\nuser = \"desk\"\npassword = \"tops3cret\"")),
        );
        let given = invite(&site, "bo@house.example");
        let working = Logging::start(&site);
        let mail = mails(&post.folder, 1).remove(0);
        assert_eq!(header(&mail, "From"), "Halftone <desk@house.example>");
        assert!(header(&mail, "Message-ID").ends_with("@house.example>"), "{mail}");
        assert_eq!(link(&mail), given);
        nothing_is_left(&site, secret(&mail));
        let serving = site.serve_with(&["--no-work"]);
        serving.get_until("/readyz", |answer| answer.status == 200);
        Client::following(&serving, link(&mail), &begins("Bo")).get("/me").is(200);
        let doctor = |trusted: bool| {
            let mut command = site.command(&["doctor"]);
            if trusted {
                command.env("SSL_CERT_FILE", fixture("authority.pem"));
            }
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        };
        assert!(doctor(true).contains("can be reached, its certificate is right"), "{}", doctor(true));
        let said = doctor(false);
        assert!(said.contains("cannot be used") && said.contains("certificate"), "{said}");
        let log = working.stop();
        assert!(!log.contains(secret(&mail)) && !log.contains("tops3cret"), "{log}");
    }
}

#[test]
fn a_mail_that_is_refused_for_now_arrives_once_all_the_same() {
    looks_into_the_folder();
    let folder = tempfile::tempdir().unwrap();
    let Some(post) = Post::start(folder.path().join("post"), &["--refuse", "2"]) else { return };
    let site = TestSite::with_settings(&post.settings("tls = \"none\""));
    invite(&site, "bo@house.example");
    let working = Logging::start(&site);
    let mail = mails(&post.folder, 1).remove(0);
    nothing_is_left(&site, secret(&mail));
    let log = working.stop();
    assert_eq!(mails(&post.folder, 1).len(), 1, "once");
    assert_eq!(log.matches("451").count(), 2, "{log}");
    assert!(!log.contains(secret(&mail)), "the server quoted it: {log}");
}

#[test]
fn a_mail_that_is_refused_for_good_waits_for_somebody_to_see_it() {
    looks_into_the_folder();
    let folder = tempfile::tempdir().unwrap();
    let Some(post) = Post::start(folder.path().join("post"), &["--refuse", "1", "--code", "550"]) else {
        return;
    };
    let site = TestSite::with_settings(&post.settings("tls = \"none\""));
    let serving = ready(&site);
    let given = invite(&site, "bo@house.example");
    let ana = Client::with_token(&site, &serving, &administrator(&site, &serving), &["read", "admin"]);
    let begun = Instant::now();
    let failed = loop {
        let jobs = ana.get("/jobs").is(200).json();
        if let Some(job) = jobs["failed"].as_array().unwrap().first() {
            break job.clone();
        }
        assert!(begun.elapsed() < PATIENCE, "the mail was refused");
        std::thread::sleep(Duration::from_millis(20));
    };
    let error = failed["error"].as_str().unwrap();
    assert!(error.contains("bo@house.example") && error.contains("550"), "{error}");
    assert!(!error.contains(given.split("link=").nth(1).unwrap()), "{error}");
    ana.post("/jobs/retry", &json!({ "job": failed["job"] })).is(204);
    assert_eq!(link(&mails(&post.folder, 1).remove(0)), given);
}

/// An administrator whose invitation is no mail: the first.
fn administrator(site: &TestSite, serving: &Serving) -> String {
    let made = site.json(&["staff", "link"]).ends_with(0).object("link");
    let body = json!({ "address": "ana@house.example", "name": "Ana", "password": PASSWORD });
    Client::following(serving, made["link"].as_str().unwrap(), &body);
    "ana@house.example".to_owned()
}

#[test]
fn a_mail_server_that_says_nothing_holds_nothing_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let site = TestSite::with_settings(&format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"desk@house.example\"\n[work]\navif = \"off\"\n"
    ));
    let serving = ready(&site);
    site.small_draft("Three photographs");
    let ana = crate::client::person(&site, &serving, "ana", "administrator");
    for name in ["bo", "cy", "di"] {
        let begun = Instant::now();
        let body = json!({ "address": format!("{name}@house.example"), "role": "editor" });
        ana.post("/staff", &body).is(201);
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    let begun = Instant::now();
    let story = ana.get("/stories").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let publish = json!({ "allow_missing": ["alt"] });
    let answer = ana.post(&format!("/stories/{story}/publish"), &publish);
    assert!((200..300).contains(&answer.status), "{}", answer.text());
    serving.get_until("/story/three-photographs", |answer| answer.status == 200);
    assert!(begun.elapsed() < Duration::from_secs(15), "readers wait for no mail");
    let begun = Instant::now();
    assert_eq!(serving.stop(), 0);
    assert!(begun.elapsed() < Duration::from_secs(20), "the stop waits for no mail");
}
