//! docs/api.md is run as it stands.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::client::{Client, person, ready};
use crate::site::{Serving, TestSite, files_below, samples, sha256};

/// The page's blocks of shell, in their order.
fn blocks() -> Vec<String> {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/api.md")).unwrap();
    let blocks: Vec<String> =
        page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect();
    assert!(blocks.len() >= 6, "the page shows what is done most");
    blocks
}

fn token(site: &TestSite) -> String {
    let scopes = ["read", "photos", "stories", "publish"].map(|scope| ["--scope", scope]).concat();
    let words = [&["staff", "token", "eve@house.example", "--name", "docs"], scopes.as_slice()].concat();
    site.json(&words).ends_with(0).object("token")["token"].as_str().unwrap().to_owned()
}

/// Bash with the page's variables, in a folder of its own.
fn bash(site: &TestSite, serving: &Serving, token: &str, script: &str) -> Command {
    let folder = site.beside("shell");
    std::fs::create_dir_all(&folder).unwrap();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).current_dir(folder).stdin(Stdio::null());
    bash.env("SITE", format!("http://{}", serving.address))
        .env("TOKEN", token)
        .env("PHOTO", samples().join("nagasaki-boats.jpg"));
    bash
}

#[test]
fn the_page_about_the_api_does_what_it_says() {
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    // Publishing waits for the pictures, as a person would.
    let developed = "until api \"$SITE/api/v1/jobs\" | jq -e '[.kinds[] | select(.kind == \"develop_photo\")] | length == 0' >/dev/null; do sleep 0.1; done\n";
    let script: String =
        blocks()
            .into_iter()
            .map(|block| {
                if block.contains("/publish") { format!("{developed}{block}echo published\n") } else { block }
            })
            .collect();
    let said = bash(&site, &serving, &token(&site), &script).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{out}\n{err}");
    assert!(out.contains("\"taken in\""), "{out}");
    let published = out.lines().rev().skip_while(|line| *line != "published").nth(1).unwrap();
    let path = published.split_once("/story/").map(|(_, slug)| format!("/story/{slug}")).unwrap();
    serving.get_until(&path, |answer| answer.status == 410);
    let story = eve.get("/stories").is(200).json()["items"][0].clone();
    assert_eq!(story["headline"], "The harbour at dusk");
}

/// A shell with all that it started; it ends with this.
struct Shell(Child);

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.wait();
    }
}

/// Sends with curl, slowly.
fn slowly(site: &TestSite, serving: &Serving, token: &str, script: &str) -> Shell {
    let mut bash = bash(site, serving, token, script);
    bash.env("SLOWLY", "--limit-rate 20k").process_group(0).stdout(Stdio::null()).stderr(Stdio::null());
    Shell(bash.spawn().unwrap())
}

#[test]
fn curl_goes_on_at_the_second_process_where_the_first_was_killed() {
    let site = TestSite::new();
    let (first, second) = (ready(&site), ready(&site));
    let eve = person(&site, &second, "eve", "editor");
    let token = token(&site);
    let blocks = blocks();
    let announced = blocks.iter().position(|block| block.contains("Upload-Length")).unwrap();
    let announce = format!(
        "{}{}{}printf %s \"$upload\" >upload\n",
        blocks[0],
        "story=\n",
        blocks[announced].replace(",story $(printf %s \"$story\" | base64 --wrap=0)", "")
    );
    let said = bash(&site, &first, &token, &announce).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let send = format!(
        "{}upload=$(cat upload)\nsize=$(stat --format=%s \"$PHOTO\")\n{}",
        blocks[0],
        blocks[announced + 1]
    );
    let sending = slowly(&site, &first, &token, &send);
    let path = std::fs::read_to_string(site.beside("shell").join("upload")).unwrap();
    let path = path.strip_prefix("/api/v1").unwrap();
    // Whoever asks too often is told so instead.
    let offset = || {
        let told = eve.send("HEAD", path, b"");
        told.header("upload-offset").map_or(0, |offset| offset.parse::<u64>().unwrap())
    };
    // Some of it is acknowledged, as with any slow sender, after five seconds at the latest.
    while offset() == 0 {
        std::thread::yield_now();
    }
    drop(first); // kill -9
    drop(sending);
    let kept = offset();
    let said = bash(&site, &second, &token, &send).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert!(kept < 312_000, "{kept}: it was killed in the middle");
    assert!(String::from_utf8_lossy(&said.stdout).contains("\"taken in\""), "{said:?}");
    arrived_once(&site, &samples().join("nagasaki-boats.jpg"));
}

#[test]
fn a_client_of_others_gets_a_file_through_a_cut_network_a_killed_process_and_another_one() {
    use std::io::{BufRead, BufReader, Write};
    let (Some(node), Some(_)) = (std::env::var_os("HALFTONE_NODE"), std::env::var_os("HALFTONE_CHROMIUM"))
    else {
        eprintln!("SKIPPED: HALFTONE_NODE is not set; this test needs Node and its packages");
        return;
    };
    let site = TestSite::new();
    let (first, second) = (ready(&site), ready(&site));
    person(&site, &second, "eve", "editor");
    let (file, token) = (samples().join("hubble.jpg"), token(&site));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/upload.mjs");
    let mut sending = Command::new(node)
        .arg(script)
        .arg(&file)
        .args([&token, &first.address, &second.address])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(sending.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "cut");
    drop(first); // kill -9
    sending.stdin.take().unwrap().write_all(b"go\n").unwrap();
    let path = lines.next().expect("the upload ends").unwrap();
    assert!(sending.wait().unwrap().success());
    let client = Client::stranger(&second).with("Authorization", &format!("Bearer {token}"));
    let told = client.get(path.strip_prefix("/api/v1").unwrap()).is(200).json();
    assert_eq!(
        (told["state"].as_str(), told["name"].as_str()),
        (Some("taken in"), Some("through a broken network.jpg")),
        "{told}"
    );
    arrived_once(&site, &file);
}

/// The bytes arrived whole, once. Where they lie in a bucket, the state and the hash in the records say so.
fn arrived_once(site: &TestSite, file: &Path) {
    let originals = files_below(&site.data().join("originals"));
    if originals.is_empty() {
        return;
    }
    let ours = originals.iter().filter(|path| path.ends_with(sha256(file))).count();
    assert_eq!((originals.len(), ours), (1, 1), "{originals:?}");
}
