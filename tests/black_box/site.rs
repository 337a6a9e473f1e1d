//! `TestSite`: a data folder of its own, the real binary, and a reader. Tests speak to Halftone through it only.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::servers::Elsewhere;

/// How long a change may take to reach a serving process on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

thread_local! {
    static IN_ITS_FOLDER: Cell<bool> = const { Cell::new(false) };
}

/// Said at the head of a test that looks at files of the data folder or changes them: its sites lie there also in a run
/// whose sites lie on servers.
pub fn looks_into_the_folder() {
    IN_ITS_FOLDER.set(true);
}

/// A data folder and what is done with it.
pub struct TestSite {
    folder: TempDir,
    /// Where its records and bytes lie, where that is not in the folder.
    elsewhere: Option<Elsewhere>,
}

/// How a command ended and what it said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The answer as JSON objects, one a line.
    pub fn objects(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
            .collect()
    }

    /// The one object that has `key`.
    pub fn object(&self, key: &str) -> Value {
        let found = self.objects().into_iter().find(|object| object.get(key).is_some());
        found.unwrap_or_else(|| panic!("no object with {key:?} in {self:?}"))
    }

    /// Demands an exit code, and shows all that was said when it is another.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }
}

/// AVIF comes to pages when nothing else is to be done: tests that compare two prints of a page go without it.
const WITHOUT_AVIF: &str = "[work]\navif = \"off\"\n";

impl TestSite {
    /// A site whose pictures are JPEGs only.
    pub fn new() -> Self {
        Self::with_settings(WITHOUT_AVIF)
    }

    /// A site without any settings.
    pub fn as_it_comes() -> Self {
        let elsewhere = if IN_ITS_FOLDER.get() { None } else { Elsewhere::where_all_tests_go() };
        Self { folder: tempfile::tempdir().unwrap(), elsewhere }
    }

    /// A site in its folder, wherever other tests' sites are; its settings may name where the rest lies.
    pub fn in_folder_with(settings: &str) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap(), elsewhere: None };
        std::fs::create_dir_all(site.data()).unwrap();
        std::fs::write(site.data().join("halftone.toml"), settings).unwrap();
        site
    }

    /// A site with settings in its halftone.toml.
    pub fn with_settings(settings: &str) -> Self {
        let site = Self::as_it_comes();
        std::fs::create_dir_all(site.data()).unwrap();
        std::fs::write(site.data().join("halftone.toml"), settings).unwrap();
        site
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path beside the data folder, for what a test makes.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command, ready to run.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_halftone"));
        command.args(words).arg("--data").arg(self.data()).stdin(Stdio::null()).env_remove("RUST_LOG");
        if let Some(elsewhere) = &self.elsewhere {
            elsewhere.name_to(&mut command);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Said {
        said(self.command(words).output().unwrap())
    }

    /// Runs a command that must end well.
    #[track_caller]
    pub fn does(&self, words: &[&str]) -> Said {
        self.run(words).ends_with(0)
    }

    /// The same with `--json`.
    pub fn json(&self, words: &[&str]) -> Said {
        said(self.command(words).arg("--json").output().unwrap())
    }

    /// A folder beside the data folder with copies of some sample photographs.
    pub fn folder_of(&self, name: &str, photos: &[&str]) -> PathBuf {
        let folder = self.beside(name);
        std::fs::create_dir_all(&folder).unwrap();
        for photo in photos {
            std::fs::copy(samples().join(photo), folder.join(photo)).unwrap();
        }
        folder
    }

    /// A draft of the three smallest sample photographs; gives the folder they came from.
    #[track_caller]
    pub fn small_draft(&self, headline: &str) -> PathBuf {
        let folder = self.folder_of("photos", &SMALL);
        self.does(&["ingest", folder.to_str().unwrap(), "--story", headline]);
        folder
    }

    /// The same, published without waiting for alternative texts.
    #[track_caller]
    pub fn small_story(&self, headline: &str) -> PathBuf {
        let folder = self.small_draft(headline);
        self.does(&["publish", headline, "--allow-missing", "alt"]);
        folder
    }

    /// The story's text file, changed by `edit` and put back.
    #[track_caller]
    pub fn edit(&self, story: &str, edit: impl Fn(&str) -> String) -> Said {
        let before = self.does(&["story", "get", story]).out;
        let after = edit(&before);
        assert_ne!(before, after, "the edit of this test changes something");
        self.run_with_input(&["story", "put", story], &after)
    }

    /// The draft as `story get --json` tells it.
    #[track_caller]
    pub fn draft(&self, story: &str) -> Value {
        self.json(&["story", "get", story]).ends_with(0).object("draft")["draft"].clone()
    }

    /// Every file below a part of the data folder.
    pub fn files(&self, part: &str) -> Vec<PathBuf> {
        files_below(&self.data().join(part))
    }

    /// Puts a text on standard input.
    pub fn run_with_input(&self, words: &[&str], input: &str) -> Said {
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        said(child.wait_with_output().unwrap())
    }

    /// Starts answering readers on a free port.
    pub fn serve(&self) -> Serving {
        self.serve_with(&[])
    }

    /// The same with further words.
    pub fn serve_with(&self, more: &[&str]) -> Serving {
        self.serve_on("127.0.0.1:0", more)
    }

    /// The same where the site's address says that it is.
    pub fn serve_on(&self, listen: &str, more: &[&str]) -> Serving {
        let mut child = self
            .command(&[&["serve", "--listen", listen, "--json"], more].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let listening = lines.by_ref().map(Result::unwrap).find_map(|line| {
            let object: Value = serde_json::from_str(&line).ok()?;
            object["listening"].as_str().map(str::to_owned)
        });
        let address =
            listening.expect("serve says where it listens").trim_start_matches("http://").to_owned();
        Serving { child, address }
    }
}

/// A process that works and answers nobody.
pub struct Working(Child);

impl Working {
    pub fn start(site: &TestSite) -> Self {
        Self(site.command(&["work"]).stdout(Stdio::null()).spawn().unwrap())
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }

    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    pub fn stop(mut self) -> i32 {
        terminate(&self.0);
        self.0.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The three smallest sample photographs, in the order in which they come into a story.
pub const SMALL: [&str; 3] = ["cameraman.png", "eileen-collins.jpg", "rocket.jpg"];

/// Every file below a folder, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(folder, &mut files);
    files.sort();
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), files);
        } else {
            files.push(entry.path());
        }
    }
}

/// The SHA-256 of a file, as the originals are named.
pub fn sha256(path: &Path) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(std::fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A serving process; it is stopped when this goes.
pub struct Serving {
    pub child: Child,
    pub address: String,
}

/// What a reader got.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Serving {
    /// GET with no further headers.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// One request on a connection of its own.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        ask(&self.address, method, path, headers)
    }

    /// Asks until the answer is as wanted: what one process publishes reaches another within moments. Each attempt is
    /// a whole request; after half a minute of them the test fails.
    #[track_caller]
    pub fn get_until(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        let mut last = self.get(path);
        while begun.elapsed() < PATIENCE {
            if wanted(&last) {
                return last;
            }
            std::thread::yield_now();
            last = self.get(path);
        }
        panic!(
            "{path} never answered as wanted; last: {} {}",
            last.status,
            String::from_utf8_lossy(&last.body)
        );
    }

    /// Asks it to stop and gives its exit code.
    pub fn stop(mut self) -> i32 {
        terminate(&self.child);
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request to an address, on a connection of its own.
pub fn ask(address: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}\r\n").unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    parse(&bytes)
}

/// SIGTERM to a child of ours.
pub fn terminate(child: &Child) {
    kill_process(Pid::from_child(child), Signal::TERM).unwrap();
}

pub fn parse(bytes: &[u8]) -> Answer {
    let head_end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
    let head = std::str::from_utf8(&bytes[..head_end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(": ").map(|(k, v)| (k.to_owned(), v.to_owned()))).collect();
    let mut body = bytes[head_end + 4..].to_vec();
    let chunked = headers.iter().any(|(k, v)| k.eq_ignore_ascii_case("transfer-encoding") && v == "chunked");
    if chunked {
        body = unchunk(&body);
    }
    Answer { status, headers, body }
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = bytes.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        body.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 4 + size..];
    }
    body
}

/// Where the shared corpora lie, or `None` after saying aloud that the test is skipped.
pub fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("HALFTONE_SHARED").map(PathBuf::from).filter(|path| path.is_dir());
    if folder.is_none() {
        eprintln!("SKIPPED: HALFTONE_SHARED is not set; this test reads the corpora there");
    }
    folder
}

/// The sample photographs of the project.
pub fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}
