//! A content network before the site is told what has to go, once every process shows what came in its place.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::site::{TestSite, ask};

const PAGE: &str = "/story/three-photographs";

/// What a network was asked, and what readers would have got from the site at that moment.
#[derive(Debug, Clone)]
struct Asked {
    /// The request, with lower-case header fields.
    request: String,
    page: u16,
}

/// The part of a content network that is told to purge. It is out of order at first.
struct Network {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Where it fetches pages from, once that is known.
    site: Arc<Mutex<Option<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Network {
    fn start(faults: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (asked, site) = (Arc::<Mutex<Vec<Asked>>>::default(), Arc::<Mutex<Option<String>>>::default());
        let (told, fetched) = (Arc::clone(&asked), Arc::clone(&site));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&mut stream);
                if request.is_empty() {
                    return;
                }
                let at = fetched.lock().unwrap().clone();
                let page = at.map_or(0, |at| ask(&at, "GET", PAGE, &[]).status);
                let mut told = told.lock().unwrap();
                let answer = if told.len() < faults { "503 Service Unavailable" } else { "200 OK" };
                told.push(Asked { request, page });
                write!(stream, "HTTP/1.1 {answer}\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbusy")
                    .unwrap();
            }
        });
        Self { address, asked, site, thread: Some(thread) }
    }

    /// The first request with this text, once there are `count` of them.
    #[track_caller]
    fn is_asked(&self, text: &str, count: usize) -> Asked {
        let begun = Instant::now();
        loop {
            let asked = self.asked.lock().unwrap().clone();
            let mut with: Vec<Asked> = asked.into_iter().filter(|one| one.request.contains(text)).collect();
            if with.len() >= count {
                return with.remove(count - 1);
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{text}: {:?}", self.asked.lock().unwrap());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // A connection that says nothing ends it.
        let _ = TcpStream::connect(&self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// A request with its body, in lower case; empty where the connection was closed at once.
fn read(stream: &mut TcpStream) -> String {
    let (mut read, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut piece).unwrap_or(0);
        read.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&read).to_lowercase();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.split_once("content-length: ").map(|(_, rest)| rest.lines().next().unwrap());
            body.len() >= length.map_or(0, |length| length.trim().parse().unwrap())
        });
        if whole || count == 0 {
            return text;
        }
    }
}

#[test]
fn a_network_is_asked_to_purge_what_changed_until_it_does_and_finds_the_new_state() {
    let network = Network::start(1);
    let site = TestSite::with_settings(&format!(
        "[cdn]\nkeys = \"surrogate-key\"\npurge_url = \"http://{}/purge\"\npurge_header = \"Fastly-Key: secret\"\n",
        network.address
    ));
    site.small_draft("Three photographs");
    let draft = site.draft("three-photographs");
    let photo = draft["slides"][1]["photo"].as_str().unwrap().to_owned();
    let serving = site.serve();
    *network.site.lock().unwrap() = Some(serving.address.clone());
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    // The first answer was 503.
    let again = network.is_asked("surrogate-key: story:", 2);
    assert!(again.request.starts_with("post /purge http/1.1\r\n"), "{again:?}");
    assert!(again.request.contains("\r\nfastly-key: secret\r\n"), "{again:?}");
    assert_eq!(again.page, 200);
    let story = again.request.split_once("surrogate-key: ").unwrap().1.lines().next().unwrap().to_owned();
    let keys = serving.get(PAGE).header("surrogate-key").unwrap().to_owned();
    assert!(keys.split(' ').any(|key| key == story), "{story} is one of {keys}");

    site.does(&["withdraw", &photo, "--reason", "The source retracted it."]);
    network.is_asked(&format!("surrogate-key: photo:{photo}\r\n"), 1);
    network.is_asked(&story, 3);
    site.does(&["withdraw", "three-photographs", "--reason", "The source retracted it."]);
    assert_eq!(network.is_asked(&story, 4).page, 410, "what it fetches again is gone");
}

#[test]
fn a_command_is_told_what_to_purge() {
    let site = TestSite::as_it_comes();
    let told = site.beside("told");
    std::fs::create_dir_all(site.data()).unwrap();
    std::fs::write(
        site.data().join("halftone.toml"),
        format!(
            "[cdn]\nkeys = \"cache-tag\"\npurge_command = [\"/bin/sh\", \"-c\", 'cat >> \"$0\"', \"{}\"]\n",
            told.to_str().unwrap()
        ),
    )
    .unwrap();
    site.small_story("Three photographs");
    let serving = site.serve();
    let tags = serving.get_until(PAGE, |answer| answer.status == 200).header("cache-tag").unwrap().to_owned();
    let begun = Instant::now();
    let line = loop {
        let lines = std::fs::read_to_string(&told).unwrap_or_default();
        if let Some(line) = lines.lines().find(|line| line.starts_with("story:")) {
            break line.to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "the command has run");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(tags.split(',').any(|tag| tag == line), "{line} is one of {tags}");
}

#[test]
fn a_network_that_cannot_be_told_is_no_fault_of_publishing_but_one_of_withdrawing() {
    let site = TestSite::with_settings("[cdn]\nkeys = \"cache-tag\"\npurge_command = [\"/nothing/here\"]\n");
    site.small_draft("Three photographs");
    let published = site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    assert!(published.out.starts_with("Published"), "{published:?}");
    let said = site.run(&["doctor"]).ends_with(1).out;
    assert!(said.contains("purge_cdn") && said.contains("/nothing/here cannot be started"), "{said}");
    let withdrawn = site.run(&["withdraw", "three-photographs", "--reason", "The source retracted it."]);
    assert!(withdrawn.ends_with(3).out.contains("NOT YET carried out"));
}
