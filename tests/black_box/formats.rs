//! AVIF beside JPEG, and cuts for cards and previews: when they come, what they say, and that they go.

use std::path::PathBuf;
use std::process::Command;

use newsroom::moment::Moment;
use store::{Database, JobCount, Store, View};

use crate::exif_tool;
use crate::page::attribute;
use crate::site::{SMALL, Serving, TestSite, looks_into_the_folder};

const PAGE: &str = "/story/three-photographs";

fn published() -> (TestSite, Serving) {
    let site = TestSite::as_it_comes();
    site.small_story("Three photographs");
    let serving = site.serve();
    (site, serving)
}

/// The page once every picture of it has AVIF.
fn with_avif(serving: &Serving) -> String {
    let all = SMALL.len() + 1;
    serving.get_until(PAGE, |answer| answer.text().matches("type=\"image/avif\"").count() == all).text()
}

/// Every picture address of a page.
fn pictures(html: &str) -> Vec<String> {
    let mut all: Vec<String> = html
        .split(['"', ' ', ','])
        .filter(|part| part.starts_with("/i/") && part.contains('.'))
        .map(str::to_owned)
        .collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn a_story_is_there_with_jpegs_at_once_and_gets_avif_later() {
    looks_into_the_folder();
    let site = TestSite::as_it_comes();
    site.small_story("Three photographs");
    let printed = site.files("public");
    assert!(!printed.is_empty() && printed.iter().all(|file| !file.to_string_lossy().contains("-avif")));
    let serving = site.serve();
    assert_eq!(serving.get(PAGE).status, 200);
    let html = with_avif(&serving);
    for address in pictures(&html) {
        let answer = serving.get(&address);
        let kind = if address.ends_with(".avif") { "image/avif" } else { "image/jpeg" };
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{address}");
    }
}

#[test]
fn every_format_and_cut_says_whose_the_picture_is_and_nothing_private() {
    looks_into_the_folder();
    if !exif_tool::installed() {
        return;
    }
    let (site, serving) = published();
    with_avif(&serving);
    let folder = tempfile::tempdir().unwrap();
    let mut copies = Vec::new();
    for (number, file) in site.files("public").iter().enumerate() {
        let set = file.parent().unwrap().to_string_lossy().into_owned();
        let ending = if set.ends_with("avif") { "avif" } else { "jpg" };
        let copy = folder.path().join(format!("{number}.{ending}"));
        std::fs::copy(file, &copy).unwrap();
        copies.push(copy);
    }
    let sets = ["-avif", "-card", "-card-avif", "-social"];
    for set in sets {
        assert!(
            site.files("public").iter().any(|file| file.parent().unwrap().to_string_lossy().ends_with(set))
        );
    }
    for tags in exif_tool::tags(&copies) {
        assert!(!tags["XMP-photoshop:Credit"].as_str().unwrap_or_default().is_empty(), "{tags:?}");
        for private in ["GPS", "SerialNumber", "MakerNote", "Thumbnail", "OwnerName"] {
            assert!(!tags.keys().any(|tag| tag.contains(private)), "{private}: {tags:?}");
        }
    }
}

/// The widths that a program of others finds in AVIF files; `None`, said aloud, where the program is not there.
fn widths_by_chromium(files: &[PathBuf]) -> Option<Vec<u32>> {
    let Some(program) = std::env::var_os("HALFTONE_CHROMIUM") else {
        eprintln!("SKIPPED: HALFTONE_CHROMIUM is not set");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut page = String::new();
    for (number, file) in files.iter().enumerate() {
        std::fs::copy(file, folder.path().join(format!("{number}.avif"))).unwrap();
        page += &format!("<img src={number}.avif>");
    }
    // To be drawn, a picture has to be decoded; one that is broken throws.
    page += "<script>onload = () => {
        document.body.textContent = [...document.images].map((picture) => {
            const canvas = new OffscreenCanvas(1, 1).getContext('2d');
            canvas.drawImage(picture, 0, 0);
            return canvas.getImageData(0, 0, 1, 1).data[3] === 255 ? picture.naturalWidth : 0;
        }).join(' ');
    }</script>";
    std::fs::write(folder.path().join("page.html"), page).unwrap();
    let run = Command::new(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        .args(["--allow-file-access-from-files", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", folder.path().join("page.html").display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&run.stdout).into_owned();
    let body = dom.split("<body>").nth(1).and_then(|rest| rest.split("</body>").next()).unwrap_or_default();
    Some(body.split_ascii_whitespace().filter_map(|width| width.parse().ok()).collect())
}

#[test]
fn every_avif_of_a_story_is_decoded_by_avifdec_and_by_chromium() {
    looks_into_the_folder();
    let (site, serving) = published();
    with_avif(&serving);
    let in_avif = |file: &PathBuf| file.parent().unwrap().to_string_lossy().ends_with("avif");
    let files: Vec<PathBuf> = site.files("public").into_iter().filter(in_avif).collect();
    let wanted: Vec<u32> =
        files.iter().map(|file| file.file_name().unwrap().to_string_lossy().parse().unwrap()).collect();
    assert!(files.len() > SMALL.len(), "{files:?}");
    let folder = tempfile::tempdir().unwrap();
    for file in &files {
        let (copy, png) = (folder.path().join("one.avif"), folder.path().join("one.png"));
        std::fs::copy(file, &copy).unwrap();
        let Ok(run) = Command::new("avifdec").arg(&copy).arg(&png).output() else {
            eprintln!("SKIPPED: avifdec is not installed");
            return;
        };
        assert!(run.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&run.stderr));
    }
    if let Some(widths) = widths_by_chromium(&files) {
        assert_eq!(widths, wanted);
    }
}

#[test]
fn a_withdrawn_photo_takes_every_format_and_cut_with_it() {
    let (site, serving) = published();
    let mut shown = pictures(&with_avif(&serving));
    shown.extend(pictures(&serving.get("/").text()));
    let photos: Vec<String> = site.draft("three-photographs")["slides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slide| slide["photo"].as_str().unwrap().to_owned())
        .collect();
    for photo in &photos {
        site.does(&["withdraw", photo, "--reason", "killed"]);
    }
    for address in &shown {
        serving.get_until(address, |answer| answer.status == 410);
    }
    for folder in ["public", "renditions"] {
        assert_eq!(site.files(folder), Vec::<std::path::PathBuf>::new(), "{folder}");
    }
}

#[test]
fn a_lost_rendition_is_made_again_and_nothing_turns_in_circles() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let cards = |site: &TestSite| {
        let mut widths = site.files("renditions");
        widths.retain(|file| file.file_name().is_some_and(|name| name == "320"));
        widths
    };
    let before = cards(&site).len();
    for file in cards(&site) {
        std::fs::remove_file(file).unwrap();
    }
    site.edit("three-photographs", |text| text.replace("credit = \"", "credit = \"Courtesy of "))
        .ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    assert_eq!(cards(&site).len(), before);
    let serving = site.serve();
    for address in pictures(&serving.get(PAGE).text()) {
        assert_eq!(serving.get(&address).status, 200, "{address}");
    }
}

#[test]
fn a_reprint_after_a_new_quality_gives_every_picture_its_new_files() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let before = pictures(&site.serve().get(PAGE).text());
    let settings = "[work]\navif = \"off\"\njpeg_quality = 60\n";
    std::fs::write(site.data().join("halftone.toml"), settings).unwrap();
    site.does(&["reprint", "--all"]);
    let serving = site.serve();
    let after = pictures(&serving.get(PAGE).text());
    assert!(after.len() == before.len() && after != before);
    for address in after {
        assert_eq!(serving.get(&address).status, 200, "{address}");
    }
    for address in before.iter().filter(|address| !address.contains("social")) {
        assert_eq!(serving.get(address).status, 307, "{address}");
    }
}

#[test]
fn cards_and_previews_follow_the_focus_that_the_desk_sets() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let preview = |html: &str| {
        let head = html.split("property=\"og:image\"").nth(1).map(str::to_owned);
        attribute(&head.unwrap(), "content").unwrap()
    };
    let before = preview(&site.serve().get(PAGE).text());
    assert!(before.ends_with("/social.jpg"), "{before}");
    site.edit("three-photographs", |text| text.replace("focus = \"\"", "focus = \"5% 90%\"")).ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    let after = preview(&site.serve().get(PAGE).text());
    assert!(after.ends_with("/social.jpg") && after != before, "{before} {after}");
    let refused = site.edit("three-photographs", |text| text.replace("5% 90%", "5% 101%")).ends_with(1);
    assert!(refused.err.contains("5% 101%") && refused.err.contains("from the left"), "{}", refused.err);
}

/// Settings that leave AVIF as it is made, but for what they say more.
fn settle(site: &TestSite, settings: &str) {
    std::fs::write(site.data().join("halftone.toml"), settings).unwrap();
}

#[test]
fn an_address_of_a_cut_in_avif_shows_the_picture_while_its_new_cut_is_not_made() {
    let (site, serving) = published();
    // A newer story leads the list, so that this one stands on it with its cut.
    let folder = site.folder_of("more", &["hubble.jpg"]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Another story"]);
    site.does(&["publish", "another-story", "--allow-missing", "alt"]);
    with_avif(&serving);
    let wanted = |answer: &crate::site::Answer| answer.text().contains("/card-320.avif");
    let shown = pictures(&serving.get_until("/", wanted).text());
    drop(serving);
    // From now on none is made: what lasts a moment on a site lasts as long as this test.
    settle(&site, WITHOUT);
    site.edit("three-photographs", |text| text.replace("focus = \"\"", "focus = \"5% 90%\"")).ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    let serving = site.serve();
    let cuts: Vec<&String> = shown.iter().filter(|address| address.contains("/card-")).collect();
    let avif = cuts.iter().filter(|address| address.ends_with(".avif")).count();
    assert!(avif > 0 && avif < cuts.len(), "{shown:?}");
    for address in cuts {
        let answer = serving.get(address);
        let there = answer.header("location").unwrap_or_default().to_owned();
        assert!(answer.status == 307 && there.ends_with(".jpg"), "{address}: {} {there}", answer.status);
        assert_eq!(serving.get(&there).status, 200, "{address} {there}");
    }
}

/// AVIF is not made, whatever the site had before.
const WITHOUT: &str = "[work]\navif = \"off\"\n";

/// The jobs that add AVIF.
async fn waiting(site: &TestSite) -> u64 {
    let database = Database::Sqlite { path: site.data().join("halftone.db") };
    let store = Store::open(&database, Moment::from_micros(0)).await.unwrap();
    let counts = store.view(async |view: &mut View| view.job_counts(Moment::from_micros(i64::MAX)).await);
    let counts: Vec<JobCount> = counts.await.unwrap();
    store.close().await;
    let all = counts.iter().filter(|count| count.kind == "add_avif");
    all.map(|count| count.waiting + count.running + count.failed).sum()
}

#[tokio::test]
async fn a_photo_whose_avif_fails_is_passed_over_and_tried_again_by_another_encoder_only() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    // The third photo, and none of the others, is larger than this.
    let fails = "[limits]\nside_pixels = 600\n";
    settle(&site, fails);
    site.does(&["reprint", "three-photographs"]);
    let sources = |count: usize| {
        move |answer: &crate::site::Answer| answer.text().matches("type=\"image/avif\"").count() == count
    };
    let serving = site.serve();
    serving.get_until(PAGE, sources(SMALL.len()));
    drop(serving);
    site.does(&["reprint", "three-photographs"]);
    assert_eq!(waiting(&site).await, 0, "printing again does not begin anew");
    settle(&site, "[work]\navif_quality = 70\n");
    site.does(&["reprint", "three-photographs"]);
    site.serve().get_until(PAGE, sources(SMALL.len() + 1));
}

#[test]
fn a_photo_that_must_not_be_cropped_is_shown_whole_everywhere() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL);
    for name in SMALL {
        exif_tool::change(&folder.join(name), &["-XMP-photoshop:Instructions=NO CROPPING"]);
    }
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Three photographs"]);
    for slide in site.draft("three-photographs")["slides"].as_array().unwrap() {
        let id = slide["id"].as_str().unwrap();
        site.run(&["clear", "three-photographs", id, "--reason", "Shown whole"]);
    }
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    let serving = site.serve();
    for path in [PAGE, "/"] {
        let html = serving.get(path).text();
        assert!(html.contains("/i/") && !html.contains("/card-") && !html.contains("social.jpg"), "{path}");
    }
}
