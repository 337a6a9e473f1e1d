//! The whole way: a folder of photographs becomes a published story that a reader opens.

use std::path::Path;

use crate::page::{attributes, between, cover, slides, text};
use crate::site::{Serving, TestSite, looks_into_the_folder, samples};
use crate::{exif_tool, page};

const HEADLINE: &str = "Fourteen photographs anyone may print";
const NOTE: &str = "NASA is the space agency of the United States.";

/// The sample story, published as `./dev demo` does it.
fn published_samples() -> TestSite {
    let site = TestSite::new();
    let (folder, texts) = (samples(), samples().join("story.toml"));
    site.does(&["ingest", folder.to_str().unwrap(), "--story", HEADLINE]);
    site.does(&["story", "put", HEADLINE, texts.to_str().unwrap()]);
    site.does(&["notice", "add", "NASA", "--text", NOTE]);
    site.does(&["publish", HEADLINE]);
    site
}

fn story_path(site: &TestSite) -> String {
    format!("/story/{}", site.draft(HEADLINE)["slug"].as_str().unwrap())
}

/// The files of the sample story in its order, as its text file names them.
fn files_in_order() -> Vec<String> {
    let texts = std::fs::read_to_string(samples().join("story.toml")).unwrap();
    texts
        .lines()
        .filter_map(|line| line.strip_prefix("file = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_caption_and_credit_of_the_files_stands_in_its_own_figure_in_order() {
    if !exif_tool::installed() {
        return;
    }
    let site = published_samples();
    let serving = site.serve();
    let answer = serving.get(&story_path(&site));
    assert_eq!(answer.status, 200);
    let shown = slides(&answer.text());
    let files = files_in_order();
    assert_eq!(shown.len(), files.len());
    for (figure, file) in shown.iter().zip(&files) {
        let file = samples().join(file);
        assert_eq!(figure.caption, exif_tool::tag(&file, "XMP-dc:Description"), "{}", file.display());
        assert_eq!(figure.credit, credit_of(&file), "{}", file.display());
        assert!(!figure.pictures.is_empty(), "{}", file.display());
    }
}

/// R10 for files whose captions have no sign-off: the line alone where it holds the maker's name, else both.
fn credit_of(file: &Path) -> String {
    let (maker, line) =
        (exif_tool::tag(file, "XMP-dc:Creator"), exif_tool::tag(file, "XMP-photoshop:Credit"));
    if line.contains(&maker) { line } else { format!("{maker}/{line}") }
}

#[test]
fn the_story_page_has_all_its_parts_and_each_of_its_pictures_answers() {
    let site = published_samples();
    let serving = site.serve();
    let html = serving.get(&story_path(&site)).text();
    assert_eq!(between(&html, "<h1>", "</h1>"), Some(HEADLINE));
    let texts = toml_text::read();
    assert_eq!(text(between(&html, "<div class=\"lede\">", "</div>").unwrap()), texts.lede);
    let opening = cover(&html).unwrap();
    let place = files_in_order().iter().position(|file| *file == texts.cover).unwrap();
    let slide = &slides(&html)[place];
    assert_eq!(
        (&opening.caption, &opening.credit, &opening.alt),
        (&slide.caption, &slide.credit, &slide.alt)
    );
    let notes = text(between(&html, "<section class=\"notes\"", "</section>").unwrap());
    assert!(notes.contains(NOTE), "{notes}");
    for tag in ["photography", "public domain", "Creative Commons", "museums", "archives", "space"] {
        assert!(html.contains(&format!("rel=\"tag\"><bdi>{tag}</bdi></a></li>")), "{tag}");
    }
    assert!(html.contains("<li>0 comments</li>") && html.contains("<li>0 views</li>"));
    assert!(text(&html).contains("Register"));
    every_picture_answers(&serving, &html);
}

fn every_picture_answers(serving: &Serving, html: &str) {
    for figure in slides(html) {
        for picture in figure.pictures {
            let answer = serving.get(&picture);
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (200, Some("image/jpeg")),
                "{picture}"
            );
            assert_eq!(answer.body[..3], [0xff, 0xd8, 0xff], "{picture}");
        }
    }
}

#[test]
fn home_section_and_feed_show_the_story_and_every_link_of_these_pages_leads_somewhere() {
    let site = published_samples();
    let serving = site.serve();
    let path = story_path(&site);
    for list in ["/", "/section/photo"] {
        let html = serving.get(list).text();
        assert!(html.contains(&format!("<a href=\"{path}\">{HEADLINE}</a>")), "{list}");
        let credit = text(between(&html, "<p class=\"credit\">", "</p>").unwrap());
        assert!(
            credit.contains("Clemens Engelhardt"),
            "R14: a card shows the credit of its picture: {credit}"
        );
    }
    let feed = serving.get("/feed.atom");
    assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    assert!(feed.text().contains(HEADLINE) && feed.text().contains("Lav Varshney / CC0"));
    for from in ["/", "/section/photo", path.as_str(), "/no-such-page"] {
        let html = serving.get(from).text();
        let links = attributes(&html, "href").into_iter().chain(attributes(&html, "src"));
        for link in links.filter(|link| link.starts_with('/')) {
            let status = serving.get(&link).status;
            assert!(
                status == 200 || (link.starts_with("/s/") && [301, 308].contains(&status)),
                "{from} to {link}: {status}"
            );
        }
    }
}

#[test]
fn an_address_where_nothing_is_answers_404_with_a_page() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let answer = site.serve().get("/story/never-written");
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("</html>"));
}

#[test]
fn the_short_url_redirects_to_the_story() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let serving = site.serve();
    let html = serving.get("/story/three-photographs").text();
    let short = between(&html, "<p class=\"short\">", "</p>")
        .and_then(|short| page::attribute(short, "href"))
        .unwrap();
    let answer = serving.get(&short);
    assert!([301, 308].contains(&answer.status), "{}", answer.status);
    assert_eq!(answer.header("location"), Some("/story/three-photographs"));
}

#[test]
fn an_old_slug_redirects_to_the_new_one() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    site.edit("three-photographs", |text| {
        text.replace("slug = \"three-photographs\"", "slug = \"three-pictures\"")
    })
    .ends_with(0);
    site.does(&["publish", "three-pictures", "--allow-missing", "alt"]);
    let serving = site.serve();
    assert_eq!(serving.get("/story/three-pictures").status, 200);
    let old = serving.get("/story/three-photographs");
    assert!([301, 308].contains(&old.status), "{}", old.status);
    assert_eq!(old.header("location"), Some("/story/three-pictures"));
}

#[test]
fn json_is_one_object_a_line_and_a_story_is_always_id_and_slug() {
    let site = TestSite::new();
    let folder = site.small_draft("Three photographs");
    let id = site.draft("Three photographs")["id"].clone();
    for words in [
        &["ingest", folder.to_str().unwrap(), "--story", "Three photographs"][..],
        &["story", "get", "three-photographs"],
        &["publish", "three-photographs", "--allow-missing", "alt"],
        &["stories"],
        &["withdraw", "three-photographs", "--reason", "a test"],
    ] {
        let said = site.json(words).ends_with(0);
        assert_eq!(said.err, "", "{words:?}");
        let stories: Vec<_> =
            said.objects().into_iter().filter(|object| object.get("story").is_some()).collect();
        assert!(!stories.is_empty(), "{words:?} tells its story");
        for story in stories {
            assert_eq!(
                (&story["story"], story["slug"].as_str()),
                (&id, Some("three-photographs")),
                "{words:?}"
            );
        }
    }
}

#[test]
fn data_and_json_are_understood_before_the_command_too() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_draft("Three photographs");
    let data = site.data();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_halftone"))
        .args(["--json", "--data", data.to_str().unwrap(), "stories"])
        .output()
        .unwrap();
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["slug"], "three-photographs");
}

#[test]
fn exit_codes_tell_done_refused_wrong_use_and_fault_apart() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_draft("Three photographs");
    site.run(&["publish", "three-photographs", "--allow-missing", "alt"]).ends_with(0);
    site.run(&["publish", "no such story"]).ends_with(1);
    site.run(&["publish"]).ends_with(2);
    site.run(&["develop", "three-photographs"]).ends_with(2);
    site.run(&["publish", "three-photographs", "--at", "yesterday"]).ends_with(2);
    let broken = TestSite::new();
    std::fs::create_dir_all(broken.data()).unwrap();
    std::fs::write(
        broken.data().join("halftone.db"),
        b"this is no database, but it is long enough to look like one",
    )
    .unwrap();
    let said = broken.run(&["stories"]).ends_with(3);
    assert_eq!(said.err.lines().count(), 1, "one plain sentence: {}", said.err);
}

#[test]
fn ingest_says_whether_the_story_is_new_and_takes_its_section_and_tags() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    let folder = folder.to_str().unwrap();
    let first = site
        .json(&[
            "ingest",
            folder,
            "--story",
            "Lift-off",
            "--section",
            "Space",
            "--tag",
            "rockets",
            "--tag",
            "Florida",
        ])
        .ends_with(0);
    assert_eq!(first.object("new")["slug"], "lift-off");
    assert!(first.objects().iter().any(|object| object["new"] == true));
    let again = site.json(&["ingest", folder, "--story", "lift-off"]).ends_with(0);
    assert!(again.objects().iter().any(|object| object["new"] == false));
    let draft = site.draft("lift-off");
    assert_eq!(
        (draft["section"].as_str(), draft["tags"].to_string()),
        (Some("Space"), r#"["rockets","Florida"]"#.to_owned())
    );
}

/// What the sample story's text file says, read without the program.
mod toml_text {
    pub struct Texts {
        pub lede: String,
        /// The file of the cover.
        pub cover: String,
    }

    pub fn read() -> Texts {
        let text = std::fs::read_to_string(crate::site::samples().join("story.toml")).unwrap();
        let field =
            |start: &str, end: &str| crate::page::between(&text, start, end).unwrap().trim().to_owned();
        Texts { lede: field("lede = \"\"\"", "\"\"\""), cover: field("cover = \"", "\"") }
    }
}
