//! A photo story's page as plain text becomes a draft, a page with quiet placeholders, and at last a story with pictures.

use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::exif_tool;
use crate::page::{attributes, between, cover, slides, text, without_marks};
use crate::site::{TestSite, shared};

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captures")
}

/// An invented page of nine slides.
fn ice() -> PathBuf {
    captures().join("02-us-numbered-crlf.txt")
}

const ICE: &str = "deep-freeze-turns-lake-superior-shoreline-into-a-gallery-of-ice";

/// The one real capture. `None` where the corpora are not there.
fn seed() -> Option<PathBuf> {
    let folder = shared()?.join("seed");
    crate::site::files_below(&folder)
        .into_iter()
        .find(|file| file.extension().is_some_and(|end| end == "txt"))
}

fn hash(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Sha256::digest(words.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The texts of a part of the page, paragraph by paragraph, without the marks of notices.
fn paragraphs(html: &str, start: &str, end: &str) -> Vec<String> {
    let part = between(html, start, end).unwrap_or_default();
    part.split("<p>").skip(1).map(|p| text(&without_marks(p.split("</p>").next().unwrap()))).collect()
}

fn imported(file: &Path) -> (TestSite, Vec<Value>) {
    let site = TestSite::new();
    let said = site.json(&["import", "capture", file.to_str().unwrap()]).ends_with(0);
    let objects = said.objects();
    (site, objects)
}

fn published_seed() -> Option<(String, Value)> {
    let file = seed()?;
    let (site, said) = imported(&file);
    let slug = said.last().unwrap()["slug"].as_str().unwrap().to_owned();
    site.json(&["publish", &slug, "--allow-missing", "alt,picture"]).ends_with(0);
    let answer = site.serve().get(&format!("/story/{slug}"));
    assert_eq!(answer.status, 200);
    let expected = std::fs::read(captures().join("00-seed.expected.json")).unwrap();
    Some((answer.text(), serde_json::from_slice(&expected).unwrap()))
}

#[test]
fn every_caption_of_the_captured_page_stands_in_its_own_figure_in_order() {
    let Some((html, expected)) = published_seed() else { return };
    let shown = slides(&html);
    let wanted = expected["slides"].as_array().unwrap();
    assert_eq!(shown.len(), wanted.len());
    for (number, (figure, wanted)) in shown.iter().zip(wanted).enumerate() {
        assert_eq!(Value::from(hash(&figure.caption)), wanted["caption_sha256"], "slide {}", number + 1);
        assert!(figure.pictures.is_empty(), "its picture is still to come");
        assert!(html.contains(&format!(">Photo {} of {}</a></h3>", number + 1, shown.len())));
    }
    assert_eq!(
        html.matches("<p class=\"to-come\">").count(),
        shown.len() + 1,
        "quiet placeholders, the cover's too"
    );
    let cover_slide = usize::try_from(expected["cover_slide"].as_u64().unwrap()).unwrap();
    assert_eq!(cover(&html).unwrap().caption, shown[cover_slide - 1].caption);
}

#[test]
fn the_rest_of_the_captured_page_stands_in_its_place() {
    let Some((html, expected)) = published_seed() else { return };
    assert_eq!(between(&html, "<h1>", "</h1>").map(text), expected["headline"].as_str().map(str::to_owned));
    assert_eq!(
        between(&html, "<span class=\"section\">", "</span>").map(text),
        expected["section"].as_str().map(str::to_owned)
    );
    let times = attributes(&html, "datetime");
    assert_eq!((times[0].as_str(), times[1].as_str()), ("2021-01-03", "2021-01-03T15:32:00Z"));
    assert!(html.contains(">15:32 GMT 03 January 2021</time>") && html.contains("time not confirmed"), "R30");
    let counters = (html.find("<li>0 comments</li>").unwrap(), html.find("<li>110 views</li>").unwrap());
    assert!(counters.0 < counters.1, "comments, then views (R31)");
    assert!(text(&html).contains("Register"));
    let lede = paragraphs(&html, "<div class=\"lede\">", "</div>").join(" ");
    assert_eq!(Value::from(hash(&lede)), expected["lede_sha256"]);
    let body: Vec<Value> = paragraphs(&html, "<section id=\"text\"", "</section>")
        .iter()
        .map(|paragraph| hash(paragraph).into())
        .collect();
    assert_eq!(&body, expected["body_sha256"].as_array().unwrap());
    let tags = between(&html, "<section class=\"tags\"", "</section>").unwrap();
    let tags: Vec<Value> =
        tags.split("<bdi>").skip(1).map(|tag| text(tag.split("</bdi>").next().unwrap()).into()).collect();
    assert_eq!(&tags, expected["tags"].as_array().unwrap());
}

#[test]
fn the_notice_of_the_captured_page_stands_at_its_foot_with_links_there_and_back() {
    let Some((html, expected)) = published_seed() else { return };
    let note = between(&html, "<section class=\"notes\"", "</section>").unwrap();
    let words = text(note.split("<p>").nth(1).unwrap().split("<a").next().unwrap());
    let (sign, words) = words.split_once(' ').unwrap();
    assert_eq!((sign, Value::from(hash(words))), ("*", expected["notices"][0]["text_sha256"].clone()));
    let body = between(&html, "<section id=\"text\"", "</section>").unwrap();
    assert_eq!(body.matches("class=\"mark\"").count(), 1, "the first mention, and the typed mark is removed");
    assert!(!text(&without_marks(body)).contains('*'));
    let target = between(body, "<a class=\"mark\"", "</a>")
        .and_then(|mark| crate::page::attribute(mark, "href"))
        .unwrap();
    assert!(note.contains(&format!("<li id=\"{}\">", &target[1..])), "the mark leads to the note");
    let back = between(note, "<a class=\"back\"", "</a>")
        .and_then(|back| crate::page::attribute(back, "href"))
        .unwrap();
    assert!(body.contains(&format!("id=\"{}\"", &back[1..])), "and the note back to the mark");
    assert!(html.find("<section class=\"notes\"") > html.find("<section id=\"text\""), "at the foot");
}

#[test]
fn the_report_accounts_for_every_line_of_the_page_and_names_the_slides_with_the_same_caption() {
    let Some(file) = seed() else { return };
    let (site, said) = imported(&file);
    let source = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<u64> = (1..)
        .zip(source.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, _)| number)
        .collect();
    let told: Vec<u64> = said.iter().filter_map(|object| object["line"].as_u64()).collect();
    assert_eq!(told, lines);
    assert!(
        said.iter()
            .filter(|object| object.get("line").is_some())
            .all(|object| object["fate"] != "not understood, kept")
    );
    assert_eq!(said.last().unwrap()["same_caption"], serde_json::json!([[0, 13]]));
    let again = site.run(&["import", "capture", file.to_str().unwrap()]).ends_with(0);
    assert!(again.out.contains("slides 1 and 14 have the same caption"), "R37: {}", again.out);
    assert!(again.out.contains("unconfirmed"), "R30: {}", again.out);
}

#[test]
fn a_line_that_is_not_understood_is_said_and_kept() {
    let (site, said) = imported(&ice());
    let kept: Vec<&Value> = said.iter().filter(|object| object["fate"] == "not understood, kept").collect();
    assert!(kept.iter().any(|object| object["text"] == "Advertisement"), "{kept:?}");
    assert_eq!(said.last().unwrap()["not_understood"], kept.len());
    let file = site.does(&["story", "get", ICE]).out;
    assert!(file.contains("# Not understood by the import: Advertisement"));
}

/// Photos with captions of ours, in a folder.
fn photos(site: &TestSite, captions: &[(&str, &str)]) -> PathBuf {
    let folder = site.folder_of("photos", &captions.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for (name, caption) in captions {
        exif_tool::change(
            &folder.join(name),
            &[
                &format!("-XMP-dc:Description={caption}"),
                "-IPTC:Caption-Abstract=",
                "-EXIF:ImageDescription=",
            ],
        );
    }
    folder
}

const BIRCHES: &str = "Ice coats a row of birch trees after a night of freezing spray in Grand Marais, Minn., Monday, Jan. 28, 2019. (Wire Photo/A. Person)";

#[test]
fn photos_that_come_later_are_proposed_by_their_captions_and_never_attached() {
    if !exif_tool::installed() {
        return;
    }
    let (site, _) = imported(&ice());
    let folder = photos(
        &site,
        &[("rocket.jpg", BIRCHES), ("eileen-collins.jpg", "A choir sings in a cathedral in Seville, Spain.")],
    );
    let said = site.json(&["ingest", folder.to_str().unwrap(), "--story", ICE]).ends_with(0);
    let slides = site.draft(ICE)["slides"].as_array().unwrap().clone();
    assert_eq!(slides.len(), 10, "the photo without a match becomes a slide at the end");
    assert!(slides[..9].iter().all(|slide| slide["photo"].is_null()), "nothing is attached by guess");
    let proposed: Vec<usize> = (0..10).filter(|index| !slides[*index]["proposed"].is_null()).collect();
    assert_eq!(proposed, [2], "the birches");
    assert!(!slides[9]["photo"].is_null());
    let told: Vec<Value> =
        said.objects().into_iter().filter(|object| object["proposed_for"].is_string()).collect();
    assert_eq!((told.len(), &told[0]["proposed_for"]), (1, &slides[2]["id"]));
}

#[test]
fn a_proposal_is_accepted_by_writing_it_down_and_its_picture_is_published() {
    if !exif_tool::installed() {
        return;
    }
    let (site, _) = imported(&ice());
    let folder = photos(&site, &[("rocket.jpg", BIRCHES)]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", ICE]);
    let photo = site.draft(ICE)["slides"][2]["proposed"].as_str().unwrap().to_owned();
    site.edit(ICE, |text| {
        let mut parts: Vec<String> = text.split("[[slide]]").map(str::to_owned).collect();
        parts[3] = parts[3].replacen("photo = \"\"", &format!("photo = \"{photo}\""), 1);
        parts.join("[[slide]]")
    })
    .ends_with(0);
    site.json(&["publish", ICE, "--allow-missing", "alt,picture"]).ends_with(0);
    let shown = slides(&site.serve().get(&format!("/story/{ICE}")).text());
    let with_pictures: Vec<usize> = (0..9).filter(|index| !shown[*index].pictures.is_empty()).collect();
    assert_eq!(with_pictures, [2]);
    assert!(!shown[2].credit.is_empty());
}

#[test]
fn photos_are_attached_in_order_when_that_is_asked_for() {
    if !exif_tool::installed() {
        return;
    }
    let (site, _) = imported(&ice());
    let folder = photos(&site, &[("cameraman.png", "One."), ("eileen-collins.jpg", "Two.")]);
    exif_tool::change(
        &folder.join("cameraman.png"),
        &["-XMP-photoshop:DateCreated=2019:01:28 08:00:00", "-EXIF:DateTimeOriginal=2019:01:28 08:00:00"],
    );
    exif_tool::change(&folder.join("eileen-collins.jpg"), &["-EXIF:DateTimeOriginal=2019:01:29 08:00:00"]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", ICE, "--by-order"]);
    let draft = site.draft(ICE);
    let attached: Vec<usize> = (0..9).filter(|index| !draft["slides"][*index]["photo"].is_null()).collect();
    assert_eq!((attached, draft["slides"].as_array().unwrap().len()), (vec![0, 1], 9));
    let file = site.does(&["story", "get", ICE]).out;
    let (first, second) = (file.find("Photo 1: cameraman.png"), file.find("Photo 2: eileen-collins.jpg"));
    assert!(first.is_some() && second.is_some(), "by the time they were taken");
}

#[test]
fn an_empty_text_is_refused_and_a_missing_file_is_wrong_use() {
    let site = TestSite::new();
    let file = site.beside("empty.txt");
    std::fs::write(&file, " \n\n").unwrap();
    site.run(&["import", "capture", file.to_str().unwrap()]).ends_with(1);
    site.run(&["import", "capture", site.beside("none.txt").to_str().unwrap()]).ends_with(2);
}
