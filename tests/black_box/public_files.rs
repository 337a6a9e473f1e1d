//! What a reader's copy of a photo carries, read by ExifTool: the rights of R5, and nothing that the sender did not mean
//! to publish (R45). The list is of what is allowed, so that anything new is a failure.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::exif_tool;
use crate::site::{TestSite, looks_into_the_folder, samples, shared};

/// What a JPEG file is, and what ExifTool counts out of it.
const FILE: [&str; 13] = [
    "File:FileType",
    "File:FileTypeExtension",
    "File:MIMEType",
    "File:ImageWidth",
    "File:ImageHeight",
    "File:EncodingProcess",
    "File:BitsPerSample",
    "File:ColorComponents",
    "File:YCbCrSubSampling",
    "File:CurrentIPTCDigest",
    "Composite:ImageSize",
    "Composite:Megapixels",
    "JFIF:JFIFVersion",
];
/// XMP: the properties of R5, and the size of the original (section 1 of the map).
const XMP: [&str; 15] = [
    "XMP-x:XMPToolkit",
    "XMP-dc:Creator",
    "XMP-dc:Rights",
    "XMP-dc:Description",
    "XMP-photoshop:Credit",
    "XMP-photoshop:DateCreated",
    "XMP-xmpRights:UsageTerms",
    "XMP-xmpRights:WebStatement",
    "XMP-plus:Licensor",
    "XMP-plus:DataMining",
    "XMP-iptcCore:AltTextAccessibility",
    "XMP-iptcExt:DigitalSourceType",
    "XMP-iptcExt:DigitalImageGUID",
    "XMP-iptcExt:MaxAvailWidth",
    "XMP-iptcExt:MaxAvailHeight",
];
/// IIM 1:90, 2:80, 2:110, 2:116, and the version that a record 2 begins with.
const IIM: [&str; 5] = [
    "IPTC:CodedCharacterSet",
    "IPTC:By-line",
    "IPTC:Credit",
    "IPTC:CopyrightNotice",
    "IPTC:ApplicationRecordVersion",
];

fn is_allowed(tag: &str) -> bool {
    // What the program that reads says of itself and of the disk is not in the file.
    let outside = ["SourceFile", "ExifTool:ExifToolVersion"].contains(&tag) || tag.starts_with("System:");
    // A text in a language is the tag with the language's name behind it.
    let plain = [
        "XMP-dc:Rights",
        "XMP-dc:Description",
        "XMP-xmpRights:UsageTerms",
        "XMP-iptcCore:AltTextAccessibility",
    ];
    let in_a_language =
        plain.iter().any(|name| tag.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')));
    outside || in_a_language || FILE.contains(&tag) || XMP.contains(&tag) || IIM.contains(&tag)
}

/// Ingests and publishes all the photos, with a caption and a credit where the file has none, restrictions cleared.
fn publish_all(paths: &[PathBuf]) -> TestSite {
    let site = TestSite::new();
    let mut words = vec!["ingest"];
    words.extend(paths.iter().map(|path| path.to_str().unwrap()));
    words.extend(["--story", "All photographs"]);
    site.does(&words);
    site.run_with_input(&["story", "put", "all-photographs"], &filled(&site)).ends_with(0);
    let said = site.json(&["publish", "all-photographs", "--allow-missing", "alt"]);
    let refused: BTreeSet<String> = said
        .objects()
        .iter()
        .filter(|object| object["refused"]["code"] == "restricted")
        .map(|object| object["refused"]["slide"]["id"].as_str().unwrap().to_owned())
        .collect();
    for slide in &refused {
        site.does(&["clear", "all-photographs", slide, "--reason", "A test of ours."]);
    }
    if said.code != 0 {
        site.does(&["publish", "all-photographs", "--allow-missing", "alt"]);
    }
    site
}

fn filled(site: &TestSite) -> String {
    let text = site.does(&["story", "get", "all-photographs"]).out;
    text.replace("\ncaption = \"\"\n", "\ncaption = \"A photograph.\"\n")
        .replace("\ncredit = \"\"\n", "\ncredit = \"Somebody\"\n")
}

#[track_caller]
fn only_what_is_allowed(site: &TestSite, photos: usize) {
    let files = site.files("public");
    let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()?.parent()).collect();
    assert_eq!(folders.len(), photos, "each photo has public files");
    for (file, tags) in files.iter().zip(exif_tool::tags(&files)) {
        let more: Vec<(&String, &Value)> = tags.iter().filter(|(tag, _)| !is_allowed(tag)).collect();
        assert!(more.is_empty(), "{}: {more:?}", file.display());
        segments_are_known(file);
    }
}

/// ExifTool passes over segments that it does not know, comments apart; so they are counted here as well.
fn segments_are_known(file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    assert_eq!(bytes[..2], [0xff, 0xd8]);
    let mut at = 2;
    loop {
        assert_eq!(bytes[at], 0xff, "{}", file.display());
        let (marker, length) = (bytes[at + 1], usize::from(bytes[at + 2]) << 8 | usize::from(bytes[at + 3]));
        let data = &bytes[at + 4..at + 2 + length];
        match marker {
            0xe0 => assert!(
                data.starts_with(b"JFIF\0") && data.len() == 14,
                "{}: APP0 without a thumbnail",
                file.display()
            ),
            0xe1 => assert!(
                data.starts_with(b"http://ns.adobe.com/xap/1.0/\0"),
                "{}: APP1 is XMP",
                file.display()
            ),
            0xed => assert!(data.starts_with(b"Photoshop 3.0\0"), "{}: APP13 is IIM", file.display()),
            0xe2..=0xef | 0xfe => panic!("{}: segment {marker:#x}", file.display()),
            _ => {}
        }
        at += 2 + length;
        if marker == 0xda {
            break;
        }
    }
    assert_eq!(bytes[bytes.len() - 2..], [0xff, 0xd9], "{}: nothing follows the picture", file.display());
}

/// Whether a file carries something whose name has one of these parts.
fn carries(tags: &Map<String, Value>, parts: &[&str]) -> bool {
    tags.keys().any(|tag| parts.iter().any(|part| tag.contains(part)))
}

#[track_caller]
fn carried_by_some(sources: &[Map<String, Value>], what: &str, parts: &[&str]) {
    assert!(sources.iter().any(|tags| carries(tags, parts)), "the test needs a source with {what}");
}

#[test]
fn public_files_of_the_samples_carry_the_rights_and_nothing_else() {
    looks_into_the_folder();
    if !exif_tool::installed() {
        return;
    }
    let paths: Vec<PathBuf> =
        ["rocket.jpg", "two-dogs.jpg", "picos-de-europa.jpg", "hubble.jpg", "fig.jpg", "cameraman.png"]
            .map(|name| samples().join(name))
            .to_vec();
    let sources = exif_tool::tags(&paths);
    for (what, parts) in [
        ("a position", &["GPS:GPSLatitude"][..]),
        ("a serial number", &["SerialNumber"]),
        ("an owner", &["OwnerName"]),
        ("a thumbnail", &["ThumbnailImage"]),
        ("an instruction", &["Instructions"]),
        ("an edit history", &["XMP-xmpMM:History", "XMP-xmpMM:DocumentID"]),
    ] {
        carried_by_some(&sources, what, parts);
    }
    only_what_is_allowed(&publish_all(&paths), paths.len());
}

#[test]
fn public_files_of_real_camera_files_carry_the_rights_and_nothing_else() {
    looks_into_the_folder();
    let (Some(shared), true) = (shared(), exif_tool::installed()) else { return };
    let photos = shared.join("corpora/photos");
    let paths: Vec<PathBuf> = [
        "gps/DSCN0010.jpg",
        "gps/DSCN0012.jpg",
        "odd/canon-ixus.jpg",
        "odd/nikon-e950.jpg",
        "odd/kodak-dc210.jpg",
        "odd/withIptcExifGps.jpg",
        "odd/windowsXpFields.jpg",
        "odd/withIptcPhotoshop6.jpg",
        "odd/issue-590.png",
        "agency/IMG_4305.jpeg",
        "iptc-ref/IPTC-PhotometadataRef-Std2021.1.jpg",
        "iptc-ref/IPTC-PhotometadataRef-Std2023.2.jpg",
        "formats/sunrise.png",
        "formats/sunrise.webp",
        "colour/Channel_digital_image_CMYK_color.jpg",
        "colour/p3.png",
        "reconcile/metadata_demo_inc_exif_out_of_sync_Inc_adobe.jpg",
    ]
    .iter()
    .map(|name| photos.join(name))
    .collect();
    let sources = exif_tool::tags(&paths);
    for (what, parts) in [
        ("a position", &["GPS:GPSLatitude"][..]),
        ("maker notes", &["Canon:", "Nikon:", "Apple:"]),
        ("an owner", &["Canon:OwnerName"]),
        ("a thumbnail", &["ThumbnailImage"]),
        ("a colour profile", &["ICC_Profile", "ICC-header"]),
        ("fields of Windows", &["XPAuthor", "XPComment", "XPTitle", "XPKeywords"]),
    ] {
        carried_by_some(&sources, what, parts);
    }
    only_what_is_allowed(&publish_all(&paths), paths.len());
}

#[test]
fn public_files_carry_the_rights_as_the_desk_published_them() {
    looks_into_the_folder();
    if !exif_tool::installed() {
        return;
    }
    let site = publish_all(&[samples().join("rocket.jpg")]);
    let published = "The rocket, as the desk describes it.";
    let caption = exif_tool::tag(&samples().join("rocket.jpg"), "XMP-dc:Description");
    site.edit("all-photographs", |text| {
        text.replace(&caption, published).replace("credit = \"SpaceX\"", "credit = \"SpaceX / Desk\"")
    })
    .ends_with(0);
    site.does(&["publish", "all-photographs", "--allow-missing", "alt"]);
    let files: Vec<PathBuf> = site.files("public");
    let newest: Vec<Map<String, Value>> =
        exif_tool::tags(&files).into_iter().filter(|tags| tags["XMP-dc:Description"] == published).collect();
    assert!(!newest.is_empty());
    for tags in newest {
        assert_eq!(tags["XMP-photoshop:Credit"], "SpaceX / Desk");
        assert_eq!(tags["IPTC:Credit"], "SpaceX / Desk");
        assert_eq!(tags["IPTC:CodedCharacterSet"], "UTF8");
        assert_eq!(tags["XMP-dc:Creator"], serde_json::json!(["SpaceX"]));
        assert!(tags["XMP-dc:Rights"].is_string() && tags["IPTC:CopyrightNotice"].is_string());
        let date = tags["XMP-photoshop:DateCreated"].to_string();
        assert!(!date.contains(' '), "the day, not the time: {date}");
    }
}

#[test]
fn what_a_reader_fetches_is_the_public_file() {
    if !exif_tool::installed() {
        return;
    }
    let site = publish_all(&[samples().join("two-dogs.jpg")]);
    let serving = site.serve();
    let figures = crate::page::slides(&serving.get("/story/all-photographs").text());
    for picture in &figures[0].pictures {
        let file = site.beside("fetched.jpg");
        std::fs::write(&file, serving.get(picture).body).unwrap();
        let tags = exif_tool::tags(&[&file]).remove(0);
        assert!(tags.keys().all(|tag| is_allowed(tag)), "{picture}: {tags:?}");
        assert_eq!(tags["XMP-photoshop:Credit"], "Aitzol Berasategi / CC BY 4.0");
    }
}
