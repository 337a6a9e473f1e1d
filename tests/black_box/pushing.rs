//! `halftone push`: photos of a laptop to a site, over networks that break and to processes that die.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, person, ready};
use crate::site::{SMALL, Said, Serving, TestSite};
use crate::uploading::{slides, story, until};

/// Where readers are, by settings that say nothing of it; the desk is reached at another port.
const READERS: &str = "http://127.0.0.1:8080";

/// A site, a photographer with a token, and a laptop that knows no more than that.
struct Rig {
    site: TestSite,
    serving: Serving,
    ana: Client,
    token: String,
}

impl Rig {
    fn new() -> Self {
        let site = TestSite::new();
        let serving = ready(&site);
        let ana = person(&site, &serving, "ana", "photographer");
        let token = token(&site, "ana", &["photos", "read"]);
        Self { site, serving, ana, token }
    }

    /// The command on the laptop, with the token in its environment.
    fn command(&self, to: &str, words: &[&str]) -> Command {
        let laptop = self.site.beside("laptop");
        std::fs::create_dir_all(&laptop).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_halftone"));
        command.args(["push", "--json", "--to", &format!("http://{to}")]).args(words);
        command.current_dir(laptop).env("HALFTONE_TOKEN", &self.token).env_remove("RUST_LOG");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    #[track_caller]
    fn push(&self, to: &str, words: &[&str]) -> Said {
        ended(self.command(to, words).spawn().unwrap())
    }
}

fn ended(child: Child) -> Said {
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn token(site: &TestSite, name: &str, scopes: &[&str]) -> String {
    let address = format!("{name}@house.example");
    let scopes: Vec<&str> = scopes.iter().flat_map(|scope| ["--scope", scope]).collect();
    let made = site.json(&[&["staff", "token", &address, "--name", "laptop"], scopes.as_slice()].concat());
    made.ends_with(0).object("token")["token"].as_str().unwrap().to_owned()
}

/// How many bytes the photos of a folder have.
fn bytes_in(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let photos = files.filter(|file| file.path().extension().is_some_and(|extension| extension != "xmp"));
    photos.map(|file| file.metadata().unwrap().len()).sum()
}

/// The names of files in the order of the objects that have a key.
fn files_with(said: &Said, key: &str) -> Vec<String> {
    let objects = said.objects().into_iter().filter(|object| object.get(key).is_some());
    let name = |object: Value| Path::new(object["file"].as_str()?).file_name()?.to_str().map(str::to_owned);
    objects.filter_map(name).collect()
}

/// A sidecar with stars and a caption.
fn rated(stars: i8, caption: &str) -> String {
    format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{stars}" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{caption}</rdf:li></rdf:Alt></dc:description></rdf:Description>
</rdf:RDF></x:xmpmeta>"#
    )
}

#[test]
fn a_folder_goes_best_first_is_told_where_it_stands_and_goes_once() {
    let rig = Rig::new();
    let id = story(&rig.ana);
    let folder = rig.site.folder_of("card", &SMALL);
    std::fs::write(folder.join("rocket.xmp"), rated(5, "Lift-off, by sidecar.")).unwrap();
    std::fs::write(folder.join("notes.jpg"), "call the desk").unwrap();
    let words = [folder.to_str().unwrap(), "--story", "over-doel"];
    let said = rig.push(&rig.serving.address, &words).ends_with(1);
    let refused = said.object("refused");
    assert!(refused["file"].as_str().unwrap().ends_with("notes.jpg"), "{refused}");
    assert!(refused["refused"]["sentence"].as_str().unwrap().len() > 10, "{refused}");
    assert_eq!(files_with(&said, "in"), ["rocket.jpg", "cameraman.png", "eileen-collins.jpg"]);
    let told = said.object("state");
    assert_eq!((&told["state"], &told["stories"]), (&json!("draft"), &json!(["over-doel"])));
    let closing = said.object("bytes_sent");
    assert_eq!((&closing["new"], &closing["refused"]), (&json!(3), &json!(1)));
    assert_eq!(closing["bytes_sent"], bytes_in(&folder) - "call the desk".len() as u64);
    let captions: Vec<Value> =
        slides(&rig.ana, &id).iter().map(|slide| slide["caption"]["text"].clone()).collect();
    assert!(captions.len() == 3 && captions.contains(&json!("Lift-off, by sidecar.")), "{captions:?}");

    std::fs::remove_file(folder.join("notes.jpg")).unwrap();
    let again = rig.push(&rig.serving.address, &words).ends_with(0).object("bytes_sent");
    assert_eq!((&again["known"], &again["bytes_sent"]), (&json!(3), &json!(0)));
    assert_eq!(slides(&rig.ana, &id).len(), 3);
    let eve = person(&rig.site, &rig.serving, "eve", "editor");
    until(
        || eve.post(&format!("/stories/{id}/publish"), &json!({ "allow_missing": ["alt"] })),
        |answer| answer.status == 200,
    );
    let shown = rig.push(&rig.serving.address, &words).ends_with(0).object("state");
    assert_eq!(shown["state"], "published", "{shown}");
    assert_eq!(shown["addresses"], json!([format!("{READERS}/story/over-doel")]));
    rig.serving.get_until("/story/over-doel", |answer| answer.status == 200);
    assert_eq!(std::fs::read_dir(rig.site.beside("laptop")).unwrap().count(), 0, "it leaves nothing behind");
}

#[test]
fn a_photo_in_a_story_of_the_desk_is_told_as_it_stands_there() {
    let rig = Rig::new();
    let eve = person(&rig.site, &rig.serving, "eve", "editor");
    let folder = rig.site.folder_of("card", &SMALL[..1]);
    let told = || rig.push(&rig.serving.address, &[folder.to_str().unwrap()]).ends_with(0).object("state");
    let received = told();
    assert_eq!(received["state"], "received", "{received}");
    let path = format!("/stories/{}", story(&eve));
    eve.patch(&path, &json!({ "slides": [{ "photo": received["photo"] }] })).is(200);
    let draft = told();
    assert_eq!(
        (&draft["state"], &draft["stories"]),
        (&json!("draft"), &json!([])),
        "whose it is, is not told"
    );
    until(
        || eve.post(&format!("{path}/publish"), &json!({ "allow_missing": ["alt"] })),
        |answer| answer.status == 200,
    );
    let published = json!([format!("{READERS}/story/over-doel")]);
    let shown = told();
    assert_eq!((&shown["state"], &shown["addresses"]), (&json!("published"), &published));
    eve.patch(&path, &json!({ "slug": "doel" })).is(200);
    assert_eq!(told()["addresses"], published, "readers know nothing of another slug of the draft's");
    eve.post(&format!("{path}/withdraw"), &json!({ "reason": "A test." })).is(200);
    let withdrawn = told();
    assert_eq!((&withdrawn["state"], &withdrawn["addresses"]), (&json!("draft"), &json!([])));
}

#[test]
fn a_story_is_named_by_its_slug_before_a_headline_and_by_no_headline_of_several() {
    let rig = Rig::new();
    let folder = rig.site.folder_of("card", &SMALL[..1]);
    let begin = |headline: &str| rig.ana.post("/stories", &json!({ "headline": headline })).is(201).json();
    let meant = story(&rig.ana);
    let other = begin("over-doel")["id"].as_str().unwrap().to_owned();
    rig.push(&rig.serving.address, &[folder.to_str().unwrap(), "--story", "over-doel"]).ends_with(0);
    assert_eq!((slides(&rig.ana, &meant).len(), slides(&rig.ana, &other).len()), (1, 0));
    let slugs = [begin("Two of a name"), begin("Two of a name")].map(|story| story["slug"].clone());
    let words = [folder.to_str().unwrap(), "--story", "Two of a name"];
    let refused = rig.push(&rig.serving.address, &words).ends_with(1).object("refused")["refused"].clone();
    assert_eq!(refused["code"], "headline_ambiguous", "{refused}");
    for slug in slugs {
        assert!(refused["sentence"].as_str().unwrap().contains(slug.as_str().unwrap()), "{refused}");
    }
}

/// What a network does once it carried so many bytes to the site.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    /// Goes down for that moment, each time.
    Cut,
    /// Carries no more until it is let go.
    Hold,
}

struct State {
    backend: String,
    left: usize,
    is_held: bool,
}

/// How long a network holds bytes at most: longer than any test that does what it should.
const LONGEST_HOLD: Duration = Duration::from_secs(120);

/// A network between a laptop and a site.
struct Network {
    address: String,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Network {
    fn to(serving: &Serving, bytes: usize, then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = State { backend: serving.address.clone(), left: bytes, is_held: false };
        let state = Arc::new((Mutex::new(state), Condvar::new()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for laptop in listener.incoming().map_while(Result::ok) {
                let backend = shared.0.lock().unwrap().backend.clone();
                let Ok(site) = TcpStream::connect(backend) else { continue };
                let (mut back, mut there) = (site.try_clone().unwrap(), laptop.try_clone().unwrap());
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut back, &mut there);
                    let _ = there.shutdown(Shutdown::Both);
                });
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || carry(laptop, site, &shared, (bytes, then)));
            }
        });
        Self { address, state }
    }

    /// Waits until it holds bytes back.
    fn holds(&self) {
        let (state, changed) = &*self.state;
        let begun = Instant::now();
        let mut now = state.lock().unwrap();
        while !now.is_held {
            assert!(begun.elapsed().as_secs() < 60, "so many bytes never came");
            now = changed.wait_timeout(now, Duration::from_secs(1)).unwrap().0;
        }
    }

    /// Leads elsewhere from now on, with no bound; what was held breaks off.
    fn leads_to(&self, serving: &Serving) {
        let (state, changed) = &*self.state;
        *state.lock().unwrap() = State { backend: serving.address.clone(), left: usize::MAX, is_held: false };
        changed.notify_all();
    }
}

fn carry(
    mut laptop: TcpStream,
    mut site: TcpStream,
    (state, changed): &(Mutex<State>, Condvar),
    (bytes, then): (usize, Then),
) {
    let mut some = [0; 4096];
    while let Ok(length @ 1..) = laptop.read(&mut some) {
        let mut now = state.lock().unwrap();
        if now.left < length {
            if then == Then::Hold {
                now.is_held = true;
                changed.notify_all();
                let begun = Instant::now();
                while now.is_held && begun.elapsed() < LONGEST_HOLD {
                    now = changed.wait_timeout(now, Duration::from_secs(1)).unwrap().0;
                }
            } else {
                now.left = bytes;
            }
            break;
        }
        now.left -= length;
        drop(now);
        if site.write_all(&some[..length]).is_err() {
            break;
        }
    }
    let _ = (laptop.shutdown(Shutdown::Both), site.shutdown(Shutdown::Both));
}

/// Some photos with more bytes than go in one piece.
fn card(site: &TestSite) -> PathBuf {
    site.folder_of("card", &["fig.jpg", "picos-de-europa.jpg", "rocket.jpg"])
}

/// Bytes that a network carries before the middle of the files: previews, and a good part of the first.
const MIDDLE: usize = 1_000_000;

#[test]
fn a_push_that_is_killed_has_shown_previews_of_all_and_the_next_sends_only_what_is_lacking() {
    let rig = Rig::new();
    let folder = card(&rig.site);
    let network = Network::to(&rig.serving, MIDDLE, Then::Hold);
    let mut child = rig.command(&network.address, &[folder.to_str().unwrap()]).spawn().unwrap();
    network.holds();
    child.kill().unwrap();
    child.wait().unwrap();
    let listed = rig.ana.get("/uploads").is(200).json()["items"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 3, "all were announced: {listed:?}");
    let under_way: Vec<&Value> = listed.iter().filter(|one| one["state"] == "receiving").collect();
    assert!(under_way.len() >= 2, "{listed:?}");
    for one in &under_way {
        rig.ana.get(&format!("/uploads/{}/preview", one["id"].as_str().unwrap())).is(200);
    }
    let received: u64 = listed.iter().map(|one| one["received"].as_u64().unwrap()).sum();
    assert!(received > 0, "{listed:?}");
    let said = rig.push(&rig.serving.address, &[folder.to_str().unwrap()]).ends_with(0);
    let closing = said.object("bytes_sent");
    assert_eq!(closing["bytes_sent"], bytes_in(&folder) - received, "nothing goes twice");
    let listed = rig.ana.get("/uploads").is(200).json();
    assert!(listed["items"].as_array().unwrap().iter().all(|one| one["state"] == "taken in"), "{listed}");
}

#[test]
fn what_its_photographer_rejected_goes_last_and_without_a_preview() {
    let rig = Rig::new();
    let folder = card(&rig.site);
    std::fs::write(folder.join("fig.xmp"), rated(-1, "Out of focus.")).unwrap();
    let network = Network::to(&rig.serving, MIDDLE, Then::Hold);
    let mut child = rig.command(&network.address, &[folder.to_str().unwrap()]).spawn().unwrap();
    network.holds();
    child.kill().unwrap();
    child.wait().unwrap();
    for one in rig.ana.get("/uploads").is(200).json()["items"].as_array().unwrap() {
        let is_rejected = one["name"] == "fig.jpg";
        if is_rejected || one["state"] == "receiving" {
            let expected = if is_rejected { 404 } else { 200 };
            rig.ana.get(&format!("/uploads/{}/preview", one["id"].as_str().unwrap())).is(expected);
        }
    }
    let said = rig.push(&rig.serving.address, &[folder.to_str().unwrap()]).ends_with(0);
    assert_eq!(files_with(&said, "in").last().map(String::as_str), Some("fig.jpg"));
}

#[test]
fn a_push_goes_on_when_the_site_is_killed_and_comes_back() {
    let mut rig = Rig::new();
    let folder = card(&rig.site);
    let network = Network::to(&rig.serving, MIDDLE, Then::Hold);
    let child = rig.command(&network.address, &[folder.to_str().unwrap()]).spawn().unwrap();
    network.holds();
    rig.serving.child.kill().unwrap();
    rig.serving.child.wait().unwrap();
    rig.serving = ready(&rig.site);
    network.leads_to(&rig.serving);
    let said = ended(child).ends_with(0);
    let closing = said.object("bytes_sent");
    assert_eq!((&closing["new"], &closing["bytes_sent"]), (&json!(3), &json!(bytes_in(&folder))));
    for object in said.objects().into_iter().filter(|object| object.get("in").is_some()) {
        rig.ana.at(&rig.serving).get(&format!("/photos/{}", object["photo"].as_str().unwrap())).is(200);
    }
}

#[test]
fn a_network_that_is_cut_again_and_again_is_borne() {
    let rig = Rig::new();
    let folder = card(&rig.site);
    let network = Network::to(&rig.serving, 700_000, Then::Cut);
    let said = rig.push(&network.address, &[folder.to_str().unwrap()]).ends_with(0);
    let closing = said.object("bytes_sent");
    assert_eq!((&closing["new"], &closing["bytes_sent"]), (&json!(3), &json!(bytes_in(&folder))));
}

#[test]
fn what_stands_against_a_push_is_said_before_anything_is_sent() {
    let mut rig = Rig::new();
    let folder = rig.site.folder_of("card", &SMALL[..1]);
    let folder = folder.to_str().unwrap();
    let to = rig.serving.address.clone();
    rig.push(&to, &[folder, "--story", "none-of-this-name"]).ends_with(1).object("refused");
    rig.push(&to, &[folder, "--token", "halftone_forged"]).ends_with(1).object("refused");
    let said = rig.push(&format!("{to}/elsewhere"), &[folder]).ends_with(1);
    assert!(said.object("refused")["refused"]["sentence"].as_str().unwrap().contains("404"), "{said:?}");
    assert!(rig.push("desk.example", &[folder]).ends_with(2).err.contains("https"));
    std::fs::create_dir_all(rig.site.beside("empty")).unwrap();
    let empty = rig.push(&to, &[rig.site.beside("empty").to_str().unwrap()]).ends_with(1);
    assert_eq!(empty.object("refused")["refused"]["code"], "no_photos");
    let secret = rig.site.beside("token");
    std::fs::write(&secret, format!("{}\n", rig.token)).unwrap();
    rig.token = String::new();
    assert!(rig.push(&to, &[folder]).ends_with(2).err.contains("--token-file"));
    assert_eq!(rig.ana.get("/uploads").is(200).json()["items"], json!([]));
    rig.push(&to, &[folder, "--token-file", secret.to_str().unwrap()]).ends_with(0);
    let mut child = rig.command(&to, &[folder, "--token-file", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(&secret).unwrap()).unwrap();
    assert_eq!(ended(child).ends_with(0).object("bytes_sent")["known"], 1);
    drop(rig.serving.child.kill());
    let said = rig.push(&to, &[folder, "--token-file", secret.to_str().unwrap(), "--patience", "1"]);
    assert!(said.ends_with(3).err.contains("the same command goes on"));
}

#[test]
fn a_photo_that_another_sent_is_refused_like_any_and_nothing_of_it_is_told() {
    let mut rig = Rig::new();
    let folder = rig.site.folder_of("card", &SMALL[..2]);
    rig.push(&rig.serving.address, &[folder.join(SMALL[0]).to_str().unwrap()]).ends_with(0);
    person(&rig.site, &rig.serving, "bo", "photographer");
    rig.token = token(&rig.site, "bo", &["photos", "read"]);
    let said = rig.push(&rig.serving.address, &[folder.to_str().unwrap()]).ends_with(1);
    assert_eq!(files_with(&said, "refused"), [SMALL[0]]);
    assert_eq!(files_with(&said, "state"), [SMALL[1]]);
    let closing = said.object("bytes_sent");
    assert_eq!(closing["bytes_sent"], bytes_in(&folder), "a hash alone tells nothing");
}

#[test]
fn a_token_that_may_only_send_is_told_that_its_photos_are_received_and_one_that_may_not_is_refused() {
    let mut rig = Rig::new();
    let folder = rig.site.folder_of("card", &SMALL[..1]);
    rig.token = token(&rig.site, "ana", &["read"]);
    let refused = rig.push(&rig.serving.address, &[folder.to_str().unwrap()]).ends_with(1).object("refused");
    assert_eq!(refused["refused"]["code"], "scope_missing", "{refused}");
    rig.token = token(&rig.site, "ana", &["photos"]);
    let said = rig.push(&rig.serving.address, &[folder.to_str().unwrap()]).ends_with(0);
    let told = said.object("state");
    assert_eq!(told["state"], "received");
    rig.ana.get(&format!("/photos/{}", told["photo"].as_str().unwrap())).is(200);
}
