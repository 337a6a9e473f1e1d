//! Bad paths and bad files, made here: each gets one plain sentence, and the good photos beside it are in (R44).

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::site::{Said, TestSite, samples};

/// Ingests a folder that holds a good photo and what a test put beside it.
fn ingest(site: &TestSite, folder: &Path) -> Said {
    site.json(&["ingest", folder.to_str().unwrap(), "--story", "Strangers"])
}

#[track_caller]
fn refused_beside_a_good_photo(name: &str, bytes: &[u8]) -> String {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    std::fs::write(folder.join(name), bytes).unwrap();
    let said = ingest(&site, &folder).ends_with(1);
    let objects = said.objects();
    let refused: Vec<_> = objects
        .iter()
        .filter(|object| object.get("refused").is_some_and(serde_json::Value::is_object))
        .collect();
    assert_eq!(refused.len(), 1, "{}", said.out);
    assert!(refused[0]["file"].as_str().unwrap().ends_with(name));
    assert_eq!(objects.last().unwrap()["new"], 1, "the good photo is in");
    let draft = site.draft("strangers");
    assert_eq!(draft["slides"].as_array().unwrap().len(), 1, "no slide for what was refused");
    let sentence = refused[0]["refused"]["sentence"].as_str().unwrap().to_owned();
    assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence:?}");
    sentence
}

#[test]
fn an_empty_file_is_refused() {
    let sentence = refused_beside_a_good_photo("empty.jpg", b"");
    assert!(sentence.contains("empty"), "{sentence}");
}

#[test]
fn a_photo_that_is_cut_off_is_refused_with_how_much_is_missing() {
    for (name, as_name) in [("eileen-collins.jpg", "half.jpg"), ("cameraman.png", "half.png")] {
        let whole = std::fs::read(samples().join(name)).unwrap();
        let sentence = refused_beside_a_good_photo(as_name, &whole[..whole.len() / 2]);
        assert!(sentence.contains("cut off") && sentence.contains("missing"), "{sentence}");
        assert!(sentence.chars().any(|c| c.is_ascii_digit()), "it says how much: {sentence}");
    }
}

#[test]
fn a_web_page_that_is_called_a_photo_is_refused_by_what_it_is() {
    let sentence =
        refused_beside_a_good_photo("photo.jpg", b"<!DOCTYPE html><html><body>Not found</body></html>");
    assert!(sentence.contains("HTML") && sentence.contains("JPEG, PNG, WebP and TIFF"), "{sentence}");
}

#[test]
fn a_photo_with_the_wrong_extension_is_taken_by_its_content() {
    let site = TestSite::new();
    let folder = site.beside("photos");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(samples().join("rocket.jpg"), folder.join("rocket.png")).unwrap();
    std::fs::copy(samples().join("cameraman.png"), folder.join("cameraman.tiff")).unwrap();
    let end = ingest(&site, &folder).ends_with(0).objects().pop().unwrap();
    assert_eq!(end["new"], 2);
}

#[test]
fn a_folder_without_photos_is_refused_in_one_sentence_and_leaves_no_story() {
    let site = TestSite::new();
    let folder = site.beside("empty folder");
    std::fs::create_dir_all(&folder).unwrap();
    let said = site.run(&["ingest", folder.to_str().unwrap(), "--story", "Nothing"]).ends_with(1);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert_eq!(site.does(&["stories"]).out, "");
}

#[test]
fn a_path_that_is_not_there_is_named_and_the_others_are_in() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    let missing = site.beside("no such folder");
    let said = site
        .run(&["ingest", missing.to_str().unwrap(), folder.to_str().unwrap(), "--story", "Lift-off"])
        .ends_with(1);
    let lines: Vec<&str> = said.err.lines().filter(|line| line.starts_with("Refused")).collect();
    assert_eq!(lines.len(), 1, "{}", said.err);
    assert!(lines[0].contains("no such folder"), "{}", lines[0]);
    assert_eq!(site.draft("lift-off")["slides"].as_array().unwrap().len(), 1);
}

#[test]
fn raw_files_videos_and_others_are_counted_in_one_line() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    std::fs::write(folder.join("DSC_1.NEF"), b"MM\0*not really").unwrap();
    std::fs::write(folder.join("DSC_2.NEF"), b"MM\0*not really either").unwrap();
    std::fs::write(folder.join("notes.txt"), b"call the desk").unwrap();
    let said = site.run(&["ingest", folder.to_str().unwrap(), "--story", "Lift-off"]).ends_with(0);
    let line = said.out.lines().find(|line| line.contains("RAW")).unwrap();
    assert!(line.contains("2 RAW files") && line.contains("1 other file"), "{line}");
}

#[test]
fn a_photo_whose_file_name_is_not_utf_8_is_taken_in() {
    let site = TestSite::new();
    let folder = site.beside("photos");
    std::fs::create_dir_all(&folder).unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.jpg");
    std::fs::copy(samples().join("rocket.jpg"), folder.join(name)).unwrap();
    let end = ingest(&site, &folder).ends_with(0).objects().pop().unwrap();
    assert_eq!(end["new"], 1);
    std::fs::write(folder.join(std::ffi::OsStr::from_bytes(b"caf\xe8.jpg")), b"<html>").unwrap();
    let said = ingest(&site, &folder).ends_with(1);
    assert!(said.object("refused")["file"].as_str().unwrap().contains("caf"));
}

#[test]
fn markup_in_captions_and_names_is_shown_as_text() {
    if !crate::exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    let nasty = "<script>alert(1)</script> & \"quotes\" <img src=x onerror=alert(2)>";
    crate::exif_tool::change(
        &folder.join("rocket.jpg"),
        &[
            &format!("-XMP-dc:Description={nasty}"),
            "-IPTC:Caption-Abstract=",
            &format!("-XMP-photoshop:Credit=Nobody {nasty}"),
            "-IPTC:Credit=",
        ],
    );
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "</title><script>alert(3)</script>"]);
    let slug = site.json(&["stories"]).object("slug")["slug"].as_str().unwrap().to_owned();
    site.does(&["publish", &slug, "--allow-missing", "alt"]);
    let serving = site.serve();
    let html = serving.get(&format!("/story/{slug}")).text();
    assert_eq!(crate::page::slides(&html)[0].caption, nasty);
    for path in
        [format!("/story/{slug}"), "/".to_owned(), "/section/photo".to_owned(), "/feed.atom".to_owned()]
    {
        // The data for search engines is no script that runs, and the lightbox is a file of ours.
        let body = serving.get(&path).text().replace("<script type=\"application/ld+json\">", "");
        let body = body.replace("<script type=\"module\" src=\"/a/", "");
        assert!(!body.contains("<script") && !body.contains("<img src=x"), "{path}");
    }
}

#[test]
fn a_sidecar_beside_a_photo_is_read() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    std::fs::write(
        folder.join("rocket.xmp"),
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>
        <rdf:li xml:lang="x-default">Written in the sidecar.</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"#,
    )
    .unwrap();
    ingest(&site, &folder).ends_with(0);
    assert!(site.does(&["story", "get", "strangers"]).out.contains("caption = \"Written in the sidecar.\""));
}
