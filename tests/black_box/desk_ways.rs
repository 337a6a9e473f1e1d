//! Ways of an editor through the desk, in a real browser.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::browser::tool;
use crate::exif_tool;
use crate::machinery::free_port;
use crate::site::{Serving, TestSite, looks_into_the_folder, samples};

/// The sample that is sent later than the others.
const ANOTHER: &str = "two-dogs.jpg";

/// A site whose address says where it is served, so that it can be killed and started again there.
struct Place {
    site: TestSite,
    port: u16,
}

impl Place {
    fn new() -> Self {
        let port = free_port();
        let site = TestSite::with_settings(&format!(
            "[site]\nurl = \"http://localhost:{port}\"\n[work]\navif = \"off\"\n"
        ));
        Self { site, port }
    }

    fn serve(&self) -> Serving {
        self.site.serve_on(&format!("127.0.0.1:{}", self.port), &[])
    }

    /// The path of a link that lets somebody new in.
    fn invitation(&self, role: &str) -> String {
        let invited = self.site.json(&["staff", "invite", "ana@house.example", "--role", role]).ends_with(0);
        let link = invited.object("link")["link"].as_str().unwrap().to_owned();
        format!("/desk{}", link.split_once("/desk").unwrap().1)
    }

    /// Runs a check of the browser, which may ask for the server to be killed and started again.
    #[track_caller]
    fn check(&self, words: &[&str]) {
        let (Some(node), Some(_)) = (tool("HALFTONE_NODE"), tool("HALFTONE_CHROMIUM")) else { return };
        let mut serving = Some(self.serve());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/checks.mjs");
        let mut child = Command::new(node)
            .arg(script)
            .args([words[0], &format!("http://localhost:{}", self.port)])
            .args(&words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut said = Vec::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap) {
            match line.as_str() {
                "please kill" => drop(serving.take()),
                "please start" => serving = Some(self.serve()),
                _ => {
                    said.push(line);
                    continue;
                }
            }
            writeln!(input, "done").unwrap();
        }
        let output = child.wait_with_output().unwrap();
        let troubles = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{troubles}{}", said.join("\n"));
    }
}

#[test]
fn an_editor_works_on_a_story_and_nothing_typed_is_lost() {
    let place = Place::new();
    place.site.small_draft("Three photographs");
    let invitation = place.invitation("editor");
    let file = place.site.does(&["story", "get", "Three photographs"]).out;
    let id = file.split("story = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    place.check(&["story", &invitation, &format!("/desk/stories/{id}")]);
}

#[test]
fn an_editor_goes_the_whole_way_from_a_folder_of_photos_to_a_story_that_is_gone_again() {
    looks_into_the_folder();
    if !exif_tool::installed() {
        return;
    }
    let place = Place::new();
    let folder = place.site.beside("the event");
    std::fs::create_dir_all(&folder).unwrap();
    for file in std::fs::read_dir(samples()).unwrap().map(Result::unwrap) {
        let name = file.file_name();
        let is_photo =
            matches!(Path::new(&name).extension().and_then(|end| end.to_str()), Some("jpg" | "png"));
        if is_photo && name != ANOTHER {
            std::fs::copy(file.path(), folder.join(name)).unwrap();
        }
    }
    exif_tool::change(&folder.join("rocket.jpg"), &["-XMP-photoshop:Instructions=FRANCE OUT"]);
    std::fs::write(folder.join("notes.txt"), "no photo").unwrap();
    let invitation = place.invitation("administrator");
    let another = samples().join(ANOTHER);
    place.check(&["way", &invitation, folder.to_str().unwrap(), another.to_str().unwrap()]);
}
