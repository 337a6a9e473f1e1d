//! A photo that must go is gone everywhere, and comes back only under new addresses (R16-R18).

use std::path::PathBuf;

use crate::page::{attributes, slides};
use crate::site::{SMALL, Serving, TestSite, looks_into_the_folder, sha256};

const PATH: &str = "/story/three-photographs";
const STORY: &str = "three-photographs";

fn published() -> (TestSite, Serving) {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let serving = site.serve();
    serving.get_until(PATH, |answer| answer.status == 200);
    (site, serving)
}

/// Every picture address that the pages name: widths of srcset, covers, cards, previews.
fn pictures(serving: &Serving) -> Vec<String> {
    let mut all = Vec::new();
    for page in [PATH, "/", "/section/photo", "/feed.atom"] {
        let body = serving.get(page).text();
        let ends = body.split(|c: char| c.is_whitespace() || "\"'<>&;,".contains(c));
        all.extend(
            ends.filter_map(|word| word.find("/i/").map(|start| word[start..].to_owned()))
                .filter(|word| word.ends_with(".jpg")),
        );
    }
    all.sort();
    all.dedup();
    all
}

/// The photo's id on a slide of the draft.
fn photo_of(site: &TestSite, slide: usize) -> String {
    site.draft(STORY)["slides"][slide]["photo"].as_str().unwrap().to_owned()
}

/// The files of a photo that readers could get, in the data folder.
fn made_of(site: &TestSite, photo: &str) -> Vec<PathBuf> {
    let made = site.files("public").into_iter().chain(site.files("renditions"));
    made.filter(|file| file.to_str().unwrap().contains(photo)).collect()
}

#[track_caller]
fn all_gone(serving: &Serving, pictures: &[String]) {
    assert!(!pictures.is_empty());
    for picture in pictures {
        serving.get_until(picture, |answer| answer.status == 410);
        let conditional = serving.ask(
            "GET",
            picture,
            &[("If-None-Match", "*"), ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")],
        );
        assert_eq!(conditional.status, 410, "a cached copy is not confirmed: {picture}");
        assert_eq!(serving.ask("GET", picture, &[("Range", "bytes=0-9")]).status, 410, "{picture}");
    }
}

fn originals_are_whole(site: &TestSite) {
    let originals = site.files("originals");
    assert_eq!(originals.len(), SMALL.len());
    for original in originals {
        assert_eq!(original.file_name().unwrap().to_str(), Some(sha256(&original).as_str()));
    }
}

#[test]
fn a_withdrawn_story_answers_410_on_its_page_and_every_rendition() {
    let (site, serving) = published();
    let before = pictures(&serving);
    assert!(before.len() >= 6, "several widths of three photos: {before:?}");
    site.does(&["withdraw", STORY, "--reason", "The source retracted it."]);
    let page = serving.get_until(PATH, |answer| answer.status != 200);
    assert_eq!(page.status, 410);
    assert!(
        !page.text().contains("Falcon 9") && !page.text().contains("retracted"),
        "neither the story nor the desk's reason"
    );
    all_gone(&serving, &before);
}

#[test]
fn a_withdrawn_story_is_gone_from_home_section_feed_and_short_url() {
    let (site, serving) = published();
    let html = serving.get(PATH).text();
    let short = attributes(&html, "href").into_iter().find(|link| link.starts_with("/s/")).unwrap();
    site.does(&["withdraw", STORY, "--reason", "The source retracted it."]);
    for list in ["/", "/section/photo", "/feed.atom"] {
        let answer = serving.get_until(list, |answer| {
            !answer.text().contains("Falcon 9") && !answer.text().contains("Three photographs")
        });
        assert!(!answer.text().contains("/i/"), "{list} shows no picture any more");
    }
    let answer = serving.get(&short);
    let end = match answer.header("location") {
        Some(location) => serving.get(location).status,
        None => answer.status,
    };
    assert_eq!(end, 410, "the short URL ends at what is gone");
}

#[test]
fn nothing_that_readers_could_get_stays_in_the_data_folder_and_the_originals_stay_whole() {
    looks_into_the_folder();
    let (site, _serving) = published();
    assert!(!site.files("public").is_empty() && !site.files("renditions").is_empty());
    site.does(&["withdraw", STORY, "--reason", "The source retracted it."]);
    assert_eq!(site.files("public"), Vec::<PathBuf>::new());
    assert!(!site.files("renditions").is_empty(), "the desk still has the photos of a story that is gone");
    originals_are_whole(&site);
    for file in site.files("tree").into_iter().chain(site.files("incoming")) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(
            !bytes.windows(3).any(|three| three == [0xff, 0xd8, 0xff]),
            "{} holds a JPEG",
            file.display()
        );
    }
}

#[test]
fn a_withdrawn_photo_is_gone_and_the_others_of_its_story_stay() {
    looks_into_the_folder();
    let (site, serving) = published();
    let figures = slides(&serving.get(PATH).text());
    let photo = photo_of(&site, 1);
    assert!(!made_of(&site, &photo).is_empty());
    site.does(&["withdraw", &photo, "--reason", "The picture was altered."]);
    all_gone(&serving, &figures[1].pictures);
    let page = serving.get_until(PATH, |answer| !answer.text().contains(&figures[1].pictures[0]));
    assert_eq!(page.status, 200);
    for picture in figures[0].pictures.iter().chain(&figures[2].pictures) {
        assert_eq!(serving.get(picture).status, 200, "{picture}");
    }
    for list in ["/", "/section/photo", "/feed.atom"] {
        serving.get_until(list, |answer| {
            !figures[1].pictures.iter().any(|picture| answer.text().contains(picture.as_str()))
        });
    }
    assert_eq!(made_of(&site, &photo), Vec::<PathBuf>::new());
    originals_are_whole(&site);
}

#[test]
fn a_withdrawn_cover_is_replaced_on_cards_and_page() {
    let (site, serving) = published();
    let figures = slides(&serving.get(PATH).text());
    site.does(&["withdraw", &photo_of(&site, 0), "--reason", "The picture was altered."]);
    for page in [PATH, "/", "/section/photo", "/feed.atom"] {
        let answer = serving.get_until(page, |answer| {
            !figures[0].pictures.iter().any(|picture| answer.text().contains(picture.as_str()))
        });
        assert_eq!(answer.status, 200, "{page}");
    }
}

#[test]
fn undoing_brings_a_story_back_under_new_picture_addresses_and_the_old_ones_stay_gone() {
    let (site, serving) = published();
    let (before, old) = (slides(&serving.get(PATH).text()), pictures(&serving));
    site.does(&["withdraw", STORY, "--reason", "The source retracted it."]);
    serving.get_until(PATH, |answer| answer.status == 410);
    site.does(&["withdraw", STORY, "--undo", "--reason", "The source was wrong."]);
    let page = serving.get_until(PATH, |answer| answer.status == 200 && pictures_stand(&answer.text()));
    let after = slides(&page.text());
    assert_eq!(after.len(), before.len());
    for (after, before) in after.iter().zip(&before) {
        assert_eq!(
            (&after.slide, &after.caption, &after.credit),
            (&before.slide, &before.caption, &before.credit)
        );
        for picture in &after.pictures {
            assert!(!old.contains(picture), "{picture} is an old address");
            assert_eq!(serving.get(picture).status, 200, "{picture}");
        }
    }
    all_gone(&serving, &old);
    serving.get_until("/", |answer| answer.text().contains(PATH));
}

fn pictures_stand(html: &str) -> bool {
    let figures = slides(html);
    !figures.is_empty() && figures.iter().all(|figure| !figure.pictures.is_empty())
}

#[test]
fn undoing_brings_a_photo_back_under_a_new_address() {
    let (site, serving) = published();
    let before = slides(&serving.get(PATH).text());
    let photo = photo_of(&site, 1);
    site.does(&["withdraw", &photo, "--reason", "The picture was altered."]);
    all_gone(&serving, &before[1].pictures);
    site.does(&["withdraw", &photo, "--undo", "--reason", "It was not."]);
    let page =
        serving.get_until(PATH, |answer| slides(&answer.text()).len() == 3 && pictures_stand(&answer.text()));
    let after = slides(&page.text());
    assert_eq!((&after[0], &after[2]), (&before[0], &before[2]));
    assert!(after[1].pictures.iter().all(|picture| !before[1].pictures.contains(picture)));
    assert_eq!(serving.get(&after[1].pictures[0]).status, 200);
    all_gone(&serving, &before[1].pictures);
}

#[test]
fn a_withdrawn_story_cannot_be_published_by_accident() {
    let (site, serving) = published();
    site.does(&["withdraw", STORY, "--reason", "The source retracted it."]);
    site.run(&["publish", STORY, "--allow-missing", "alt"]).ends_with(1);
    assert_eq!(serving.get_until(PATH, |answer| answer.status != 200).status, 410);
}

#[test]
fn the_same_photo_sent_again_after_its_withdrawal_stays_withdrawn() {
    let (site, serving) = published();
    let figures = slides(&serving.get(PATH).text());
    site.does(&["withdraw", &photo_of(&site, 1), "--reason", "The picture was altered."]);
    let folder = site.beside("photos");
    site.run(&["ingest", folder.to_str().unwrap(), "--story", STORY]);
    site.run(&["publish", STORY, "--allow-missing", "alt,picture"]).ends_with(1);
    all_gone(&serving, &figures[1].pictures);
}

#[test]
fn a_reason_is_required() {
    let (site, serving) = published();
    site.run(&["withdraw", STORY]).ends_with(2);
    let said = site.run(&["withdraw", STORY, "--reason", "  "]).ends_with(1);
    assert!(said.err.contains("reason"), "{}", said.err);
    site.run(&["withdraw", STORY, "--undo", "--reason", "Never withdrawn."]).ends_with(1);
    assert_eq!(serving.get(PATH).status, 200);
}
