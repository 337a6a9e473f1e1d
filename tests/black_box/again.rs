//! Photos in two stories, slides that come back, a new quality, a restored withdrawal: what is done again must end well.

use crate::page::slides;
use crate::site::{SMALL, TestSite, looks_into_the_folder};

const PATH: &str = "/story/three-photographs";

/// Every picture that a page names answers 200, and the page names one a slide.
#[track_caller]
fn shows_its_pictures(serving: &crate::site::Serving, path: &str, count: usize) {
    let answer = serving.get_until(path, |answer| {
        answer.status == 200
            && slides(&answer.text()).iter().filter(|slide| !slide.pictures.is_empty()).count() == count
    });
    for picture in slides(&answer.text()).iter().flat_map(|slide| slide.pictures.clone()) {
        assert_eq!(serving.get(&picture).status, 200, "{picture}");
    }
}

#[test]
fn a_photo_in_two_stories_is_withdrawn_from_both_and_comes_back_to_both() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL);
    for story in ["One", "Two"] {
        site.does(&["ingest", folder.to_str().unwrap(), "--story", story]);
        site.does(&["publish", story, "--allow-missing", "alt"]);
    }
    let photo = site.draft("One")["slides"][0]["photo"].as_str().unwrap().to_owned();
    let serving = site.serve();
    site.does(&["withdraw", &photo, "--reason", "killed"]);
    for path in ["/story/one", "/story/two"] {
        let answer = serving.get_until(path, |answer| slides(&answer.text()).len() == SMALL.len() - 1);
        assert_eq!(answer.status, 200);
    }
    site.does(&["withdraw", &photo, "--undo", "--reason", "a mistake"]);
    for path in ["/story/one", "/story/two"] {
        shows_its_pictures(&serving, path, SMALL.len());
    }
}

#[test]
fn a_slide_that_was_taken_off_can_be_published_again() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let whole = site.does(&["story", "get", "Three photographs"]).out;
    let parts: Vec<&str> = whole.split("[[slide]]").collect();
    let lines = |text: &str| -> String {
        text.lines().filter(|line| !line.starts_with("revision")).map(|line| format!("{line}\n")).collect()
    };
    let without = lines(&[parts[0], parts[1], parts[2]].join("[[slide]]"));
    site.run_with_input(&["story", "put", "Three photographs"], &without).ends_with(0);
    site.does(&["publish", "Three photographs", "--allow-missing", "alt"]);
    // The slide's id is gone with the slide; a new slide takes the photo back.
    let back: String = lines(parts[3])
        .lines()
        .filter(|line| !line.starts_with("id ="))
        .map(|line| format!("{line}\n"))
        .collect();
    let now = site.does(&["story", "get", "Three photographs"]).out;
    let again = format!("{}[[slide]]\n{back}", lines(&now));
    site.run_with_input(&["story", "put", "Three photographs"], &again).ends_with(0);
    site.does(&["publish", "Three photographs", "--allow-missing", "alt"]);
    shows_its_pictures(&site.serve(), PATH, SMALL.len());
}

#[test]
fn after_a_new_quality_a_withdrawn_photo_still_leaves_the_page() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    std::fs::write(site.data().join("halftone.toml"), "[work]\njpeg_quality = 60\n").unwrap();
    let photo = site.draft("three-photographs")["slides"][0]["photo"].as_str().unwrap().to_owned();
    site.does(&["withdraw", &photo, "--reason", "killed"]);
    let serving = site.serve();
    assert_eq!(slides(&serving.get(PATH).text()).len(), SMALL.len() - 1);
}

#[test]
fn a_withdrawn_story_is_still_410_after_a_restore() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_story("Three photographs");
    site.does(&["withdraw", "three-photographs", "--reason", "killed"]);
    let backup = site.beside("backup");
    site.does(&["backup", backup.to_str().unwrap()]);
    let other = TestSite::as_it_comes();
    other.does(&["restore", backup.to_str().unwrap()]);
    assert_eq!(other.serve().get(PATH).status, 410);
}

#[test]
fn a_torn_farewell_is_printed_again() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let before = site.files("tree/pages");
    site.does(&["withdraw", "three-photographs", "--reason", "killed"]);
    let new = site.files("tree/pages").into_iter().filter(|file| !before.contains(file));
    for file in new {
        let bytes = std::fs::read(&file).unwrap();
        if bytes.windows(PATH.len()).any(|part| part == PATH.as_bytes()) {
            std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        }
    }
    let serving = site.serve();
    serving.get_until(PATH, |answer| answer.status == 410);
}

/// Three stories of the same photos, the second of which is withdrawn.
fn archive() -> TestSite {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL);
    for story in ["One", "Two", "Three"] {
        site.does(&["ingest", folder.to_str().unwrap(), "--story", story]);
        site.does(&["publish", story, "--allow-missing", "alt"]);
    }
    site.does(&["withdraw", "Two", "--reason", "killed"]);
    site
}

/// What stands at the addresses of the three stories.
fn standing(serving: &crate::site::Serving) -> Vec<(u16, String)> {
    let paths = ["/story/one", "/story/two", "/story/three", "/story/one?light", "/", "/archive"];
    paths.iter().map(|path| serving.get(path)).map(|answer| (answer.status, answer.text())).collect()
}

#[test]
fn an_archive_that_is_printed_again_together_stands_as_before_and_changes_with_the_settings() {
    looks_into_the_folder();
    let site = archive();
    let before = standing(&site.serve());
    let objects = site.files("tree/pages").len();
    site.does(&["reprint", "--all"]);
    assert!(site.files("tree/pages").len() > objects, "all of it got new names");
    let serving = site.serve();
    let after = standing(&serving);
    assert_eq!(after, before);
    for path in ["/story/one", "/story/three"] {
        shows_its_pictures(&serving, path, SMALL.len());
    }
    drop(serving);
    let settings = site.data().join("halftone.toml");
    let kept = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("[site]\nname = \"The Daily Grain\"\n{kept}")).unwrap();
    site.does(&["reprint", "--all"]);
    for (place, (status, text)) in standing(&site.serve()).into_iter().enumerate() {
        assert_eq!((status, text.contains("The Daily Grain")), (before[place].0, true), "{text}");
    }
}

#[test]
fn a_story_of_an_archive_whose_pictures_are_lost_is_mended_with_the_others_beside_it() {
    let site = archive();
    for file in site.files("public") {
        std::fs::remove_file(file).unwrap();
    }
    site.does(&["reprint", "--all"]);
    let serving = site.serve();
    for path in ["/story/one", "/story/three"] {
        shows_its_pictures(&serving, path, SMALL.len());
    }
    assert_eq!(serving.get("/story/two").status, 410);
}
