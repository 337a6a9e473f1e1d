//! What the desk is told while it works: remarks in the text file of a story, sentences of refusals, texts as they come.

use serde_json::Value;

use crate::exif_tool;
use crate::site::{SMALL, TestSite};

const STORY: &str = "lift-off";

/// A draft with one photo whose file was changed first. `None` without ExifTool.
fn changed(tags: &[&str]) -> Option<TestSite> {
    if !exif_tool::installed() {
        return None;
    }
    let site = TestSite::new();
    site.folder_of("photos", &["rocket.jpg"]);
    change_again(&site, tags);
    Some(site)
}

/// Changes the photo's file and sends it.
#[track_caller]
fn change_again(site: &TestSite, tags: &[&str]) {
    let file = site.beside("photos").join("rocket.jpg");
    exif_tool::change(&file, tags);
    site.does(&["ingest", file.to_str().unwrap(), "--story", "Lift-off"]);
}

fn slide(site: &TestSite) -> String {
    site.draft(STORY)["slides"][0]["id"].as_str().unwrap().to_owned()
}

fn got(site: &TestSite) -> String {
    site.does(&["story", "get", STORY]).out
}

#[test]
fn clearing_one_restriction_does_not_clear_a_later_one() {
    let Some(site) = changed(&["-XMP-photoshop:Instructions=NO SALES"]) else { return };
    let slide = slide(&site);
    site.does(&["clear", STORY, &slide, "--reason", "Rights bought"]);
    site.does(&["publish", STORY, "--allow-missing", "alt"]);

    change_again(&site, &["-XMP-photoshop:Instructions=NOT FOR PUBLICATION. PICTURE KILL"]);
    let said = site.run(&["publish", STORY, "--allow-missing", "alt"]).ends_with(1);
    assert!(said.err.contains("NOT FOR PUBLICATION"), "{}", said.err);
    assert!(got(&site).contains("# Restriction, not cleared: NOT FOR PUBLICATION."));

    site.does(&["clear", STORY, &slide, "--reason", "Asked the agency"]);
    site.does(&["publish", STORY, "--allow-missing", "alt"]);
    change_again(&site, &["-XMP-photoshop:Instructions=NO SALES", "-XMP-dc:Title=Again"]);
    assert!(got(&site).contains("# Restriction, cleared: NO SALES"), "the first clearing still stands");
}

#[test]
fn a_restriction_of_two_kinds_is_said_once_with_the_command_that_clears_it() {
    let Some(site) = changed(&["-XMP-photoshop:Instructions=NO SALES; EDS NOTE: FRANCE OUT"]) else { return };
    let text = "NO SALES; EDS NOTE: FRANCE OUT";
    let said = site.run(&["publish", STORY, "--allow-missing", "alt"]).ends_with(1);
    let lines: Vec<&str> = said.err.lines().filter(|line| line.starts_with("Refused: ")).collect();
    assert_eq!(
        lines,
        [format!(
            "Refused: Slide 1 ({}), clearing: The photo is restricted (\"{text}\", in instructions); an editor may clear it with a reason. [R12]",
            slide(&site)
        )]
    );
    let clear = format!("halftone clear STORY {} --reason TEXT", slide(&site));
    assert_eq!(said.err.matches(&clear).count(), 1, "{}", said.err);
    assert_eq!(got(&site).matches(&format!("# Restriction, not cleared: {text}")).count(), 1);
    let file = site.beside("photos").join("rocket.jpg");
    let inspected = site.does(&["inspect", file.to_str().unwrap()]).out;
    assert_eq!(inspected.lines().filter(|line| line.starts_with("Restriction:")).count(), 1, "{inspected}");
}

#[test]
fn a_trailing_mandatory_credit_becomes_the_credit_and_never_reaches_readers_as_a_caption() {
    let wire = "Lionel Messi celebrates in Miami. Mandatory Credit: Sam Navarro-Imagn Images";
    let tags = [format!("-XMP-dc:Description={wire}"), format!("-IPTC:Caption-Abstract={wire}")];
    let Some(site) = changed(&[&tags[0], &tags[1]]) else { return };
    let text = got(&site);
    assert!(text.contains("caption = \"Lionel Messi celebrates in Miami.\"\n"), "{text}");
    assert!(text.contains("credit = \"Sam Navarro-Imagn Images\"\n"), "{text}");
    site.edit(STORY, |text| text.replace("credit = \"Sam Navarro-Imagn Images\"", "credit = \"Somebody\""))
        .ends_with(0);
    let said = site.run(&["publish", STORY, "--allow-missing", "alt"]).ends_with(1);
    assert!(said.err.contains("The photo demands its credit") && said.err.contains("[R10]"), "{}", said.err);
}

#[test]
fn the_text_file_says_what_the_photos_file_says_where_the_desk_wrote_otherwise() {
    let Some(site) = changed(&["-XMP-photoshop:City=Cape Canaveral"]) else { return };
    assert!(!got(&site).contains("# The file says"));
    let text = got(&site);
    let own = text.lines().find(|line| line.starts_with("caption = ")).unwrap().to_owned();
    site.edit(STORY, |text| text.replace(&own, "caption = \"The desk's own words.\"")).ends_with(0);
    let file = own.trim_start_matches("caption = \"").trim_end_matches('"');
    assert!(got(&site).contains(&format!("# The file says (caption): {file}\n")));
    change_again(
        &site,
        &["-XMP-dc:Description=Corrected by the agency.", "-IPTC:Caption-Abstract=Corrected by the agency."],
    );
    let text = got(&site);
    assert!(text.contains("# The file says (caption): Corrected by the agency.\n"), "{text}");
    assert_eq!(text.matches("# The file says").count(), 1, "{text}");
}

#[test]
fn source_and_copyright_are_proposed_where_the_credit_is_missing_and_a_withdrawn_photo_is_marked() {
    let mut tags = exif_tool::NO_MAKER.to_vec();
    tags.extend(["-XMP-photoshop:Source=LUSA", "-IPTC:Source=LUSA"]);
    let Some(site) = changed(&tags) else { return };
    let text = got(&site);
    assert!(text.contains("# Proposed credit, from the file's Source: LUSA\n"), "{text}");
    let photo = site.draft(STORY)["slides"][0]["photo"].as_str().unwrap().to_owned();
    site.does(&["withdraw", &photo, "--reason", "Killed by the agency"]);
    let text = got(&site);
    let line = text.lines().find(|line| line.starts_with("# Withdrawn on 2")).unwrap_or_default();
    assert!(line.ends_with(": Killed by the agency"), "{text}");
}

#[test]
fn a_story_file_that_is_not_utf_8_is_refused_by_line_and_byte_and_changes_nothing() {
    let site = TestSite::new();
    site.small_draft("Lift-off");
    let before = site.draft(STORY);
    let file = site.beside("story.toml");
    std::fs::write(&file, b"headline = \"Lift-off\"\nlede = \"Caf\xe9\"\n").unwrap();
    let said = site.run(&["story", "put", STORY, file.to_str().unwrap()]).ends_with(2);
    assert!(said.err.contains("line 2, byte 12") && said.err.contains("UTF-8"), "{}", said.err);
    assert_eq!(site.draft(STORY), before);
}

#[test]
fn a_text_that_is_too_long_is_refused_and_not_cut() {
    let site = TestSite::new();
    let file = site.beside("long.txt");
    std::fs::write(&file, "One line of a page.\n".repeat(900_000)).unwrap();
    let said = site.run(&["import", "capture", file.to_str().unwrap()]).ends_with(1);
    assert!(said.err.contains("longer than 16 MB") && said.err.contains("[R41]"), "{}", said.err);
    assert_eq!(site.does(&["stories"]).out, "");
}

#[test]
fn r1_a_captured_page_in_windows_1252_keeps_its_letters_and_this_is_said() {
    let site = TestSite::new();
    let file = site.beside("page.txt");
    let page = b"Caf\xe9s reopen in Paris\n\n\x95 A man drinks in a caf\xe9 in Paris, France, 2 January 2021.\n\x95 A woman reads in Paris, France, 2 January 2021.\n\x95 A dog sleeps in Paris, France, 2 January 2021.\n";
    std::fs::write(&file, page).unwrap();
    let said = site.does(&["import", "capture", file.to_str().unwrap()]).out;
    assert!(said.contains("it was read as Windows-1252"), "{said}");
    let object: Value = site.json(&["import", "capture", file.to_str().unwrap()]).object("same_caption");
    assert_eq!(object["encoding"], "windows-1252");
    let text = site.does(&["story", "get", object["slug"].as_str().unwrap()]).out;
    assert!(text.contains("Cafés") && text.contains("in a café in Paris"), "{text}");
}

#[test]
fn r41_what_a_limit_cut_from_a_captured_page_is_said() {
    let site = TestSite::new();
    let file = site.beside("page.txt");
    std::fs::write(&file, format!("A headline of a page\n\n{}\n", "word ".repeat(2_500))).unwrap();
    let said = site.does(&["import", "capture", file.to_str().unwrap()]).out;
    assert!(said.contains("Line 3 has more than 10,000 characters; the rest was left out. [R41]"), "{said}");
    let object = site.json(&["import", "capture", file.to_str().unwrap()]).object("limits");
    assert_eq!(object["limits"], serde_json::json!([{ "limit": "line_cut", "number": 3 }]));
}

#[test]
fn pictures_still_to_come_are_one_line_for_people_and_one_object_each_for_programs() {
    let site = TestSite::new();
    let file = site.beside("page.txt");
    let page = "Paris wakes up\n\n• A man drinks in Paris, France, 2 January 2021.\n• A woman reads in Paris, France, 2 January 2021.\n• A dog sleeps in Paris, France, 2 January 2021.\n";
    std::fs::write(&file, page).unwrap();
    site.does(&["import", "capture", file.to_str().unwrap()]);
    let said = site.run(&["publish", "paris-wakes-up"]).ends_with(1);
    let lines: Vec<&str> = said.err.lines().filter(|line| line.contains("still to come")).collect();
    assert_eq!(lines.len(), 1, "{}", said.err);
    assert!(
        lines[0].starts_with("Refused: Slides 1 to 3, photo: ") && lines[0].ends_with("[R32]"),
        "{lines:?}"
    );
    let objects = site.json(&["publish", "paris-wakes-up"]).ends_with(1).objects();
    assert_eq!(objects.iter().filter(|one| one["refused"]["code"] == "picture_missing").count(), 3);
}

#[test]
fn inspect_writes_dates_and_times_as_people_do_and_says_what_is_missing() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let file = site.folder_of("photos", &["rocket.jpg"]).join("rocket.jpg");
    exif_tool::change(&file, &["-all="]);
    exif_tool::change(
        &file,
        &[
            "-EXIF:DateTimeOriginal=2026:11:17 14:00:00",
            "-EXIF:SubSecTimeOriginal=2",
            "-EXIF:OffsetTimeOriginal=+01:00",
        ],
    );
    let said = site.does(&["inspect", file.to_str().unwrap()]).out;
    assert!(said.contains(" 2026-11-17 14:00:00.2 +01:00  ["), "{said}");
    assert!(said.contains("Readers would see:       no caption / no credit"), "{said}");
}

#[test]
fn a_photo_with_a_day_alone_stands_by_its_day() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL);
    let names = {
        let mut names = SMALL.to_vec();
        names.sort_unstable();
        names
    };
    for (name, time) in names.iter().zip([Some("2026:01:02 10:00:00"), Some("2026:01:02 09:00:00"), None]) {
        let file = folder.join(name);
        exif_tool::change(&file, &["-all="]);
        match time {
            Some(time) => exif_tool::change(&file, &[&format!("-EXIF:DateTimeOriginal={time}")]),
            None => exif_tool::change(&file, &["-XMP-photoshop:DateCreated=2021-09-01"]),
        }
    }
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Lift-off"]);
    let text = got(&site);
    let shown: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# Photo ")?.split_once(": "))
        .map(|(_, name)| name)
        .collect();
    assert_eq!(shown, [names[2], names[1], names[0]]);
}

#[test]
fn a_sidecar_that_was_read_is_not_left_alone() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    let xmp = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>"#;
    std::fs::write(folder.join("rocket.xmp"), xmp).unwrap();
    let said = site.does(&["ingest", folder.to_str().unwrap(), "--story", "Lift-off"]).out;
    assert!(!said.contains("Left alone"), "{said}");
    std::fs::write(folder.join("nothing.xmp"), xmp).unwrap();
    let said = site.does(&["ingest", folder.to_str().unwrap(), "--story", "Lift-off"]).out;
    assert!(said.contains("Left alone: 1 sidecar without a photo."), "{said}");
}
