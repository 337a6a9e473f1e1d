//! Desk edits and photographs that come again: what changes, and what must not.

use serde_json::Value;

use crate::exif_tool;
use crate::site::{SMALL, TestSite, looks_into_the_folder, sha256};

const STORY: &str = "three-photographs";

fn draft() -> TestSite {
    let site = TestSite::new();
    site.small_draft("Three photographs");
    site
}

/// The draft without what every change moves on.
fn lasting(site: &TestSite) -> Value {
    let mut draft = site.draft(STORY);
    draft.as_object_mut().unwrap().remove("revision").unwrap();
    draft["moments"].as_object_mut().unwrap().remove("changed").unwrap();
    draft
}

#[test]
fn getting_a_story_and_putting_it_back_changes_nothing() {
    let site = draft();
    let (before, text) = (lasting(&site), site.does(&["story", "get", STORY]).out);
    site.run_with_input(&["story", "put", STORY], &text).ends_with(0);
    assert_eq!(lasting(&site), before);
}

#[test]
fn an_edit_changes_only_what_was_edited() {
    let site = draft();
    let before = lasting(&site);
    site.edit(STORY, |text| text.replace("lede = \"\"", "lede = \"Three pictures,\\nfree for all.\""))
        .ends_with(0);
    let mut expected = before.clone();
    expected["lede"] = "Three pictures,\nfree for all.".into();
    assert_eq!(lasting(&site), expected);

    let caption = "Somebody bends to a camera.";
    let own = exported(&site, 0, "caption");
    site.edit(STORY, |text| text.replace(&own, caption)).ends_with(0);
    expected["slides"][0]["caption"] = caption.into();
    assert_eq!(lasting(&site), expected);
}

/// A field of a slide as the text file has it.
fn exported(site: &TestSite, slide: usize, field: &str) -> String {
    let text = site.does(&["story", "get", STORY]).out;
    let part = text.split("[[slide]]").nth(slide + 1).unwrap();
    let line = part.lines().find_map(|line| line.strip_prefix(&format!("{field} = \""))).unwrap();
    line.strip_suffix('"').unwrap().to_owned()
}

#[test]
fn the_order_of_the_text_file_becomes_the_order_of_the_story() {
    let site = draft();
    let ids = |site: &TestSite| -> Vec<Value> {
        site.draft(STORY)["slides"].as_array().unwrap().iter().map(|slide| slide["id"].clone()).collect()
    };
    let before = ids(&site);
    site.edit(STORY, |text| {
        let parts: Vec<String> =
            text.split("[[slide]]").map(|part| format!("{}\n", part.trim_end())).collect();
        [&parts[0], &parts[3], &parts[1], &parts[2]].map(String::as_str).join("[[slide]]")
    })
    .ends_with(0);
    assert_eq!(ids(&site), [before[2].clone(), before[0].clone(), before[1].clone()]);
}

#[test]
fn a_text_file_of_an_older_revision_is_refused_and_changes_nothing() {
    let site = draft();
    let old = site.does(&["story", "get", STORY]).out;
    site.edit(STORY, |text| text.replace("lede = \"\"", "lede = \"The newer lede.\"")).ends_with(0);
    let before = site.draft(STORY);
    let said = site
        .run_with_input(&["story", "put", STORY], &old.replace("lede = \"\"", "lede = \"The older lede.\""))
        .ends_with(1);
    assert!(said.err.contains("revision"), "{}", said.err);
    assert_eq!(site.draft(STORY), before);
}

#[test]
fn a_text_file_that_cannot_be_read_is_wrong_use_and_names_the_line() {
    let site = draft();
    let said =
        site.run_with_input(&["story", "put", STORY], "headline = \"A\"\nlede = \"not closed\n").ends_with(2);
    assert!(said.err.contains("line 2"), "{}", said.err);
    let said = site.run_with_input(&["story", "put", STORY], "headine = \"A\"\n").ends_with(2);
    assert!(said.err.contains("headine"), "{}", said.err);
}

#[test]
fn originals_are_kept_byte_for_byte_under_their_hash() {
    looks_into_the_folder();
    let site = TestSite::new();
    let folder = site.small_draft("Three photographs");
    let mut kept: Vec<(String, String)> = site
        .files("originals")
        .iter()
        .map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), sha256(file)))
        .collect();
    kept.sort();
    let mut sent: Vec<(String, String)> =
        SMALL.iter().map(|name| sha256(&folder.join(name))).map(|hash| (hash.clone(), hash)).collect();
    sent.sort();
    assert_eq!(kept, sent);
}

#[test]
fn the_same_bytes_again_change_nothing_even_under_another_name() {
    let site = TestSite::new();
    let folder = site.small_draft("Three photographs");
    site.edit(STORY, |text| text.replace("lede = \"\"", "lede = \"By the desk.\"")).ends_with(0);
    std::fs::rename(folder.join("rocket.jpg"), folder.join("another name.jpeg")).unwrap();
    let (before, files) = (site.draft(STORY), site.files(""));
    let said = site.json(&["ingest", folder.to_str().unwrap(), "--story", STORY]).ends_with(0);
    let end = said.objects().pop().unwrap();
    assert_eq!((&end["new"], &end["updated"], &end["known"]), (&0.into(), &0.into(), &3.into()));
    assert_eq!(site.draft(STORY), before);
    let after = site.files("");
    let lasting = |files: Vec<std::path::PathBuf>| -> Vec<std::path::PathBuf> {
        files.into_iter().filter(|file| !file.to_str().unwrap().contains("halftone.db")).collect()
    };
    assert_eq!(lasting(after), lasting(files));
}

#[test]
fn the_same_picture_with_other_metadata_is_an_update_that_untouched_fields_follow_and_edited_ones_survive() {
    looks_into_the_folder();
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let folder = site.small_draft("Three photographs");
    let rocket = rocket(&site);
    let caption = exported(&site, rocket, "caption");
    site.edit(STORY, |text| text.replace(&caption, "The desk's own words.")).ends_with(0);
    let file = folder.join("rocket.jpg");
    exif_tool::change(
        &file,
        &[
            "-XMP-dc:Description=Mended in the file.",
            "-IPTC:Caption-Abstract=Mended in the file.",
            "-XMP-photoshop:Credit=SpaceX / mended",
            "-IPTC:Credit=SpaceX / mended",
        ],
    );
    let said = site.json(&["ingest", file.to_str().unwrap(), "--story", STORY]).ends_with(0);
    let end = said.objects().pop().unwrap();
    assert_eq!((&end["new"], &end["updated"], &end["slides"]), (&0.into(), &1.into(), &3.into()));
    assert_eq!(exported(&site, rocket, "caption"), "The desk's own words.");
    assert!(
        exported(&site, rocket, "credit").contains("SpaceX / mended"),
        "{}",
        exported(&site, rocket, "credit")
    );
    assert_eq!(site.files("originals").len(), 4, "both originals are kept");
}

/// The place of the rocket in the draft.
fn rocket(site: &TestSite) -> usize {
    (0..3).find(|slide| exported(site, *slide, "caption").contains("Falcon 9")).unwrap()
}

#[test]
fn an_update_of_a_published_photo_reaches_readers_only_when_the_story_is_published_again() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let folder = site.small_story("Three photographs");
    let path = "/story/three-photographs";
    let before = site.serve().get(path).text();
    let file = folder.join("rocket.jpg");
    exif_tool::change(
        &file,
        &["-XMP-dc:Description=Mended in the file.", "-IPTC:Caption-Abstract=Mended in the file."],
    );
    site.does(&["ingest", file.to_str().unwrap(), "--story", STORY]);
    assert_eq!(site.serve().get(path).text(), before);
    site.does(&["publish", STORY, "--allow-missing", "alt"]);
    assert!(site.serve().get(path).text().contains("Mended in the file."));
}

/// A sidecar with a caption of its own for a sample photograph.
pub const SIDECAR: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>
<rdf:li xml:lang="x-default">A caption from the sidecar.</rdf:li></rdf:Alt></dc:description></rdf:Description>
</rdf:RDF></x:xmpmeta>"#;

#[test]
fn the_same_bytes_without_their_sidecar_change_nothing() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL[1..2]);
    std::fs::write(folder.join(SMALL[1]).with_extension("xmp"), SIDECAR).unwrap();
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Three photographs"]);
    let selected = site.folder_of("selected", &SMALL[1..2]);
    let said = site.json(&["ingest", selected.to_str().unwrap(), "--story", "Another story"]).ends_with(0);
    assert_eq!(said.object("in")["in"], "known");
    for story in [STORY, "another-story"] {
        assert_eq!(site.draft(story)["slides"].as_array().unwrap().len(), 1);
        let text = site.does(&["story", "get", story]).out;
        assert!(text.contains("A caption from the sidecar."), "{text}");
    }
}

#[test]
fn an_update_of_a_published_photo_says_where_it_is_shown_and_what_is_restricted_now() {
    let site = TestSite::new();
    let folder = site.small_story("Three photographs");
    let photo = folder.join(SMALL[1]);
    exif_tool::change(
        &photo,
        &[
            "-IPTC:SpecialInstructions=NOT FOR PUBLICATION. PICTURE KILL",
            "-XMP-photoshop:Instructions=NOT FOR PUBLICATION. PICTURE KILL",
        ],
    );
    let words = ["ingest", photo.to_str().unwrap(), "--story", "Another story"];
    let said = site.run(&words).ends_with(0);
    assert!(
        said.err.contains("Restricted from now on") && said.err.contains("NOT FOR PUBLICATION"),
        "{}",
        said.err
    );
    assert!(said.err.contains("halftone story check three-photographs"), "{}", said.err);
    site.run(&["publish", STORY, "--allow-missing", "alt"]).ends_with(1);
}

#[test]
fn a_photo_that_was_refused_for_want_of_memory_is_tried_again_when_it_is_sent_again() {
    let site = TestSite::with_settings("[limits]\nmemory_megabytes = 32\n");
    let folder = site.folder_of("photos", &["hubble.jpg", SMALL[1]]);
    let words = ["ingest", folder.to_str().unwrap(), "--story", "Three photographs"];
    let refused = site.run(&words);
    assert_eq!(refused.code, 1, "{}\n{}", refused.out, refused.err);
    std::fs::write(site.data().join("halftone.toml"), "").unwrap();
    site.does(&words);
    assert_eq!(site.draft(STORY)["slides"].as_array().unwrap().len(), 2);
}
