//! The real pages in a real browser, and the Nu validator on each kind of page.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::site::{Serving, TestSite, samples};

/// A small published story, one from right to left, one whose pictures are to come, and one that is withdrawn.
struct Pages {
    site: TestSite,
    serving: Serving,
}

const STORY: &str = "/story/three-photographs";
/// Its headline, lede and text begin with a name in Latin letters; so do its captions, one of which says so.
const ARABIC: &str = "/story/nasa-صور";
const ARABIC_TEXTS: &str = r#"language = "ar"
direction = "rtl"
lede = "NASA نشرت صورتين من المنصة."
body = "NASA نص قصير."

[[slide]]
file = "rocket.jpg"
language = "en"

[[slide]]
file = "eileen-collins.jpg"
"#;
const TO_COME: &str = "/story/still-to-come";
const WITHDRAWN: &str = "/story/gone-again";

impl Pages {
    fn new() -> Self {
        let site = TestSite::new();
        let photo = |name: &str| samples().join(name).to_str().unwrap().to_owned();
        let (eileen, rocket, boats) =
            (photo("eileen-collins.jpg"), photo("rocket.jpg"), photo("nagasaki-boats.jpg"));
        site.does(&["ingest", &eileen, &rocket, &boats, "--story", "Three photographs", "--tag", "space"]);
        put(
            &site,
            "Three photographs",
            "lede = \"Three pictures that NASA and others gave to the public.\"\nbody = \"One.\\n\\nTwo about NASA.\"\n",
        );
        site.does(&["notice", "add", "NASA", "--text", "NASA is the space agency of the United States."]);
        site.does(&["notice", "add", "Nagasaki", "--text", "Nagasaki is a port in the west of Japan."]);
        site.does(&["ingest", &rocket, &eileen, "--story", "NASA صور"]);
        put(&site, "NASA صور", ARABIC_TEXTS);
        let capture = "2021-01-03 Register\nPhoto\nStill to come\n- A person walks in Berlin, Germany, 2 January 2021.\n- A dog runs in Berlin, Germany, 2 January 2021.\n- A cat sits in Berlin, Germany, 2 January 2021.\nA short lede stands here, and it says what the story is about.\n";
        let file = site.beside("capture.txt");
        std::fs::write(&file, capture).unwrap();
        site.does(&["import", "capture", file.to_str().unwrap()]);
        site.does(&["ingest", &eileen, "--story", "Gone again"]);
        for story in ["Three photographs", "NASA صور", "Still to come", "Gone again"] {
            site.does(&["publish", story, "--allow-missing", "alt,picture"]);
        }
        site.does(&["withdraw", "Gone again", "--reason", "test"]);
        let serving = site.serve();
        Self { site, serving }
    }

    /// A page of each kind beside stories.
    fn kinds(&self) -> Vec<String> {
        let html = self.serving.get(STORY).text();
        let slide = html.split("<li id=\"p-").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let index = self.serving.get("/archive").text();
        let month = index.split("/archive/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let known = [
            "/",
            "/section/photo",
            "/no-such-page",
            "/tag/space",
            "/archive",
            "/search",
            "/search?q=shuttle",
        ];
        let made = [format!("{STORY}/photo/{slide}"), format!("{STORY}?light"), format!("/archive/{month}")];
        known.into_iter().map(str::to_owned).chain(made).collect()
    }

    /// Runs a check on stories and on a page of each other kind.
    fn check_kinds(&self, name: &str, stories: &[&str]) {
        let kinds = self.kinds();
        let all: Vec<&str> = stories.iter().copied().chain(kinds.iter().map(String::as_str)).collect();
        self.check(name, &all);
    }

    /// Runs a check of tests/browser/checks.mjs on these paths.
    fn check(&self, name: &str, paths: &[&str]) {
        let (Some(node), Some(_)) = (tool("HALFTONE_NODE"), tool("HALFTONE_CHROMIUM")) else { return };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/checks.mjs");
        let base = format!("http://{}", self.serving.address);
        let output = Command::new(node).arg(script).arg(name).arg(base).args(paths).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// A path as a request carries it (RFC 3986 section 2.1).
fn href(path: &str) -> String {
    path.bytes()
        .map(|b| if b.is_ascii_graphic() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn put(site: &TestSite, story: &str, texts: &str) {
    site.run_with_input(&["story", "put", story], texts).ends_with(0);
}

/// A tool that ./dev names, or `None` after saying aloud that the test is skipped.
pub fn tool(variable: &str) -> Option<String> {
    let found = std::env::var(variable).ok();
    if found.is_none() {
        eprintln!("SKIPPED: {variable} is not set; run this test through ./dev test");
    }
    found
}

#[test]
fn every_slide_is_read_with_scripts_and_without() {
    Pages::new().check("reads", &[STORY]);
}

#[test]
fn nothing_is_wider_than_320_pixels() {
    Pages::new().check_kinds("narrow", &[STORY, ARABIC, TO_COME]);
}

#[test]
fn the_keyboard_reaches_everything_and_begins_with_the_skip_links() {
    Pages::new().check("keyboard", &[STORY]);
}

#[test]
fn an_arabic_story_runs_from_right_to_left() {
    Pages::new().check("rtl", &[ARABIC]);
}

#[test]
fn nothing_moves_while_the_page_loads() {
    Pages::new().check("still", &[STORY]);
}

#[test]
fn no_picture_is_fetched_beyond_twice_its_size() {
    Pages::new().check("sizes", &[STORY]);
}

#[test]
fn the_page_is_dark_where_the_reader_wants_it_dark() {
    Pages::new().check("dark", &[STORY]);
}

#[test]
fn a_mouse_opens_a_photo_turns_zooms_and_closes() {
    Pages::new().check("lightboxMouse", &[STORY]);
}

#[test]
fn the_keyboard_does_everything_in_the_lightbox_and_single_keys_can_be_switched_off() {
    Pages::new().check("lightboxKeyboard", &[STORY]);
}

#[test]
fn fingers_turn_and_zoom_and_neither_is_taken_for_the_other() {
    Pages::new().check("lightboxTouch", &[STORY]);
}

#[test]
fn back_closes_the_lightbox_which_leaves_one_entry_at_most() {
    Pages::new().check("lightboxBack", &[STORY]);
}

#[test]
fn a_screen_reader_is_told_dialog_buttons_and_place() {
    Pages::new().check("lightboxSpoken", &[STORY]);
}

#[test]
fn the_lightbox_of_an_arabic_story_is_mirrored() {
    Pages::new().check("lightboxRtl", &[ARABIC]);
}

#[test]
fn photo_caption_and_credit_are_whole_in_every_window() {
    Pages::new().check("lightboxFits", &[STORY, ARABIC]);
}

#[test]
fn axe_finds_nothing_serious_in_the_lightbox() {
    Pages::new().check("lightboxAxe", &[STORY, ARABIC]);
}

#[test]
fn photos_are_fetched_ahead_on_good_lines_only() {
    Pages::new().check("lightboxAhead", &[STORY]);
}

#[test]
fn the_lightbox_offers_the_formats_of_the_page_and_a_larger_rendition_when_enlarged() {
    Pages::new().check("lightboxFormats", &[STORY]);
}

#[test]
fn nothing_moves_in_the_lightbox_where_the_reader_wants_it_still() {
    Pages::new().check("lightboxMotion", &[STORY]);
}

#[test]
fn a_photo_fills_the_screen_where_the_browser_can_do_that() {
    Pages::new().check("lightboxFull", &[STORY]);
}

#[test]
fn without_scripts_a_photo_leads_to_its_largest_rendition() {
    Pages::new().check("lightboxWithout", &[STORY]);
}

/// The desk's modules, and what stands for those that the server makes.
fn desk_modules(root: &Path) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(root.join("assets/desk")).unwrap();
    let mut found: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|end| end == "js" || end == "ts"));
    found.sort();
    found
}

#[test]
fn the_scripts_pass_the_type_checker() {
    let Some(node) = tool("HALFTONE_NODE") else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let strict = ["--noEmit", "--allowJs", "--checkJs", "--strict"];
    let output = Command::new(node)
        .arg(root.join("tests/browser/node_modules/typescript/bin/tsc"))
        .args(strict)
        .args(["--target", "es2023", "--module", "es2022", "--lib", "es2023,dom,dom.iterable"])
        .args(["assets/lightbox.js"].map(|script| root.join(script)))
        .args(desk_modules(root))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_scripts_of_a_story_weigh_at_most_eight_kilobytes() {
    let pages = Pages::new();
    let html = pages.serving.get(STORY).text();
    let scripts: Vec<&str> = html
        .split("<script")
        .skip(1)
        .filter_map(|rest| rest.split('>').next()?.split("src=\"").nth(1)?.split('"').next())
        .collect();
    assert_eq!(scripts.len(), 1, "{scripts:?}");
    let answer = pages.serving.ask("GET", scripts[0], &[("Accept-Encoding", "br")]);
    assert_eq!(answer.header("content-encoding"), Some("br"));
    assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert!(answer.header("cache-control").unwrap().contains("immutable"));
    assert!(answer.body.len() <= 8 * 1024, "{} bytes", answer.body.len());
}

#[test]
fn axe_finds_nothing_serious() {
    Pages::new().check_kinds("axe", &[STORY, ARABIC, TO_COME, WITHDRAWN]);
}

#[test]
fn the_nu_validator_passes_each_kind_of_page() {
    let Some(jar) = tool("HALFTONE_VNU") else { return };
    let pages = Pages::new();
    let folder = pages.site.beside("pages");
    std::fs::create_dir(&folder).unwrap();
    let stories = [STORY, ARABIC, TO_COME, WITHDRAWN].map(str::to_owned);
    for (number, path) in stories.into_iter().chain(pages.kinds()).enumerate() {
        let mut file = std::fs::File::create(folder.join(format!("{number}.html"))).unwrap();
        file.write_all(&pages.serving.get(&href(&path)).body).unwrap();
    }
    let mut java = Command::new("java");
    java.args(["-jar", &jar, "--skip-non-html", "--errors-only"]).arg(&folder).stdin(Stdio::null());
    let output = java.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
