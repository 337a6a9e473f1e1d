//! Metadata of real and hostile photos: the folder `corpora` of `HALFTONE_SHARED`. Without it every test says that it
//! was skipped.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test without its corpus says so, one that cannot read it fails"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use darkroom::meta::{
    Fact, FileKind, Packet, PrivateKind, Problem, ProblemCode, Reading, TEXT_CHARACTERS, read,
};

/// The corpus folder; `None`, said aloud, where there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "the corpus is too large for the repository; where it lies is told by the environment"
)]
fn corpora() -> Option<PathBuf> {
    let shared = std::env::var_os("HALFTONE_SHARED");
    if shared.is_none() {
        eprintln!("SKIPPED: HALFTONE_SHARED is not set");
    }
    shared.map(|folder| Path::new(&folder).join("corpora"))
}

fn reading(path: &str) -> Option<Reading> {
    let bytes = std::fs::read(corpora()?.join(path)).unwrap();
    Some(read(&bytes, None, &["en"]))
}

/// A row of INDEX.tsv under photos/ or hostile/ that is a file of its own.
struct Row {
    path: String,
    expect: String,
}

fn rows(corpora: &Path) -> Vec<Row> {
    let index = std::fs::read_to_string(corpora.join("INDEX.tsv")).unwrap();
    let rows = index.lines().filter(|line| line.starts_with("photos/") || line.starts_with("hostile/"));
    let row = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        Row { path: columns[0].to_owned(), expect: columns[4].to_owned() }
    };
    rows.map(row).filter(|row| !matches!(row.expect.as_str(), "-" | "names")).collect()
}

fn value<T: Clone>(fact: &Option<Fact<T>>) -> Option<T> {
    fact.as_ref().map(|fact| fact.value.clone())
}

fn text(fact: &Option<Fact<String>>) -> &str {
    fact.as_ref().map_or("", |fact| &fact.value)
}

fn codes(problems: &[Problem]) -> Vec<ProblemCode> {
    problems.iter().map(|problem| problem.code).collect()
}

fn has(reading: &Reading, kind: PrivateKind) -> bool {
    reading.private.iter().any(|finding| finding.kind == kind)
}

/// The most memory that this process has had, in megabytes; `None` where the system does not tell.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kilobytes| kilobytes / 1_024)
}

fn assert_peak_below(megabytes: u64) {
    match peak_megabytes() {
        Some(peak) => assert!(peak < megabytes, "the process took {peak} MB"),
        None => eprintln!("SKIPPED: the system does not tell the peak memory"),
    }
}

#[test]
fn every_row_that_is_accepted_is_a_photo_and_a_refused_kind_has_a_name() {
    let Some(corpora) = corpora() else { return };
    for row in rows(&corpora) {
        let kind = darkroom::meta::kind(&std::fs::read(corpora.join(&row.path)).unwrap());
        // AVIF is accepted later; the index says so.
        if row.expect == "accept" && kind != FileKind::Avif {
            assert!(kind.is_photo(), "{}: {kind}", row.path);
        }
        let expected = match Path::new(&row.path).extension().and_then(|name| name.to_str()) {
            _ if row.path.ends_with("html-named.jpg") => FileKind::Html,
            _ if row.path.ends_with("svg-named.png") => FileKind::Svg,
            Some("gif") => FileKind::Gif,
            Some("svg") => FileKind::Svg,
            Some("bmp") => FileKind::Bmp,
            Some("ico") => FileKind::Ico,
            Some("tga") => FileKind::Unknown,
            Some("avif") => FileKind::Avif,
            Some("jpg" | "jpeg") => FileKind::Jpeg,
            Some("png") => FileKind::Png,
            Some("webp") => FileKind::WebP,
            Some("tif" | "tiff") => FileKind::Tiff,
            _ => continue,
        };
        assert_eq!(kind, expected, "{}", row.path);
    }
}

#[test]
fn iim_without_a_charset_is_read_as_what_it_is() {
    let Some(reading) = reading("hostile/generated/iim-cp1252-no-charset.jpg") else { return };
    assert_eq!(text(&reading.facts.description), "Zürich – “Tor”");
    let reading = self::reading("hostile/generated/iim-utf8-no-charset.jpg").unwrap();
    assert_eq!(text(&reading.facts.description), "Zürich – “Tor”, 3 €");
}

#[test]
fn the_default_text_of_several_languages_is_taken() {
    let Some(reading) = reading("hostile/generated/xmp-lang-alt.jpg") else { return };
    assert_eq!(text(&reading.facts.description), "Default caption");
}

#[test]
fn a_caption_with_markup_stays_text() {
    let Some(reading) = reading("hostile/generated/xmp-script-caption.jpg") else { return };
    let expected = "<script>alert(1)</script><img src=x onerror=alert(2)> Mayor &amp; guests";
    assert_eq!(text(&reading.facts.description), expected);
}

#[test]
fn orientation_zero_is_one_and_told() {
    let Some(reading) = reading("hostile/generated/exif-orientation-0.jpg") else { return };
    assert_eq!((reading.orientation(), codes(&reading.problems)), (1, vec![ProblemCode::ExifOrientation]));
}

#[test]
fn all_eight_orientations_are_read() {
    let Some(_) = corpora() else { return };
    for number in 1..=8 {
        let reading = reading(&format!("photos/orientation/landscape_{number}.jpg")).unwrap();
        assert_eq!(reading.orientation(), number);
    }
}

#[test]
fn values_out_of_step_are_taken_from_xmp_and_the_others_kept() {
    let Some(reading) = reading("photos/reconcile/metadata_demo_inc_exif_out_of_sync_Inc_adobe.jpg") else {
        return;
    };
    let facts = &reading.facts;
    let caption = facts.description.as_ref().unwrap();
    assert!(caption.value.starts_with("(This caption in XMP)"));
    let others: Vec<Packet> = caption.others.iter().map(|(source, _)| source.packet).collect();
    assert_eq!(others, [Packet::Iim], "EXIF is no caption (R3)");
    assert!(text(&facts.proposed_description).starts_with("(This caption in Exif)"));
    let creators = facts.creators.as_ref().unwrap();
    assert_eq!(creators.value, ["Carl Seibert (XMP)"]);
    let others: Vec<&str> = creators.others.iter().map(|(_, value)| value[0].as_str()).collect();
    assert_eq!(others, ["Carl Seibert (IIM)", "Carl Seibert (Exif)"]);
    assert!(text(&facts.copyright).ends_with("(XMP)"));
    let codes = codes(&reading.problems);
    assert!(codes.contains(&ProblemCode::IimNewer) && codes.contains(&ProblemCode::ValuesDiffer));
}

#[test]
fn an_emptied_photo_has_no_facts() {
    let Some(reading) = reading("photos/iptc-ref/IPTC-Empty.jpg") else { return };
    assert_eq!(reading.facts, darkroom::meta::Facts::default());
    assert_eq!((reading.problems, reading.private), (vec![], vec![]));
}

/// What the reference files of all years say in the same way, but for their year.
fn assert_reference(reading: &Reading, year: &str) {
    let facts = &reading.facts;
    let tagged = |start: &str| format!("{start} (ref{year})");
    let pairs = [
        (&facts.description, tagged("The description aka caption")),
        (&facts.headline, tagged("The Headline")),
        (&facts.title, tagged("The Title")),
        (&facts.job_title, tagged("Creator's Job Title ")),
        (&facts.credit_line, tagged("Credit Line")),
        (&facts.source, tagged("Source")),
        (&facts.copyright, format!("Copyright (Notice) {year} IPTC - www.iptc.org  (ref{year})")),
        (&facts.instructions, tagged("An Instruction")),
        (&facts.job_id, tagged("Job Id")),
        (&facts.description_writer, tagged("Description Writer")),
        (&facts.supplier_image_id, tagged("Image Supplier Image ID")),
        (&facts.image_supplier, tagged("Image Supplier Name")),
        (
            &facts.copyright_owner,
            format!("Copyright Owner Name 1 (ref{year}); Copyright Owner Name 2 (ref{year})"),
        ),
        (&facts.image_guid, format!("http://example.com/imageGUIDs/TestGUID12345/ref{year}")),
        (&facts.digital_source_type, "softwareImage".to_owned()),
        (&facts.place.city, tagged("City (Core)")),
        (&facts.place.country, tagged("Country (Core)")),
        (&facts.place.sublocation, tagged("Sublocation (Core)")),
    ];
    for (fact, expected) in pairs {
        assert_eq!(text(fact), expected);
    }
    let keywords: Vec<String> = (1..=3).map(|number| format!("Keyword{number}ref{year}")).collect();
    assert_eq!(value(&facts.keywords).unwrap(), keywords);
    let persons = [tagged("Person Shown 1"), tagged("Person Shown 2"), tagged("Person Name 1")];
    assert_eq!(value(&facts.persons).unwrap(), persons);
    let created = value(&facts.location_created).unwrap();
    assert_eq!(created.city, Some(tagged("City (Location created1)")));
    let shown = value(&facts.locations_shown).unwrap();
    assert_eq!(shown.len(), 2);
    assert_eq!(shown[1].sublocation, Some(tagged("Sublocation (Location shown2)")));
    let licensors = value(&facts.licensors).unwrap();
    assert_eq!(licensors.len(), 2);
    assert_eq!(licensors[0].name, Some(tagged("Licensor Name 1")));
    assert_eq!(value(&facts.rating), Some(1));
    assert!(facts.event.is_some() && facts.usage_terms.is_some() && facts.web_statement.is_some());
    assert!(has(reading, PrivateKind::Instructions) && has(reading, PrivateKind::DescriptionWriter));
}

#[test]
fn the_reference_photo_of_2017_is_read_whole() {
    let Some(reading) = reading("photos/iptc-ref/IPTC-PhotometadataRef-Std2017.1.jpg") else { return };
    assert_reference(&reading, "2017.1");
    let creators = reading.facts.creators.as_ref().unwrap();
    assert_eq!(creators.value, ["Creator1 (ref2017.1)", "Creator2 (ref2017.1)"]);
    assert_eq!(creators.others[0].1, ["Creator1 (ref2017.1)"], "IIM knows one of the two");
    assert_eq!(
        text(&reading.facts.place.state),
        "Province/State (Core) (ref2017.1)",
        "not cut to IIM's copy"
    );
    assert!(reading.facts.place.state.as_ref().unwrap().others.is_empty());
}

#[test]
fn the_reference_photo_of_2021_is_read_whole() {
    let Some(reading) = reading("photos/iptc-ref/IPTC-PhotometadataRef-Std2021.1.jpg") else { return };
    assert_reference(&reading, "2021.1");
    assert_eq!(
        text(&reading.facts.alt_text),
        "This is the Alt Text description to support accessibility in 2021.1"
    );
    assert_eq!(
        text(&reading.facts.extended_description),
        "This is the Extended Description to support accessibility in 2021.1"
    );
    assert_eq!(value(&reading.facts.regions).unwrap().len(), 3);
}

#[test]
fn the_reference_photo_of_2023_is_read_whole() {
    let Some(reading) = reading("photos/iptc-ref/IPTC-PhotometadataRef-Std2023.2.jpg") else { return };
    assert_reference(&reading, "2023.2");
    let facts = &reading.facts;
    assert_eq!(text(&facts.data_mining), "DMI-PROHIBITED-GENAIMLTRAINING");
    let constraints = "Data Mining for Generative AI/ML training is definitely prohibited";
    assert_eq!(text(&facts.other_constraints), constraints);
    let taken = value(&facts.taken).unwrap();
    assert_eq!((taken.hour, taken.minute, taken.second, taken.offset_minutes), (0, 23, 2, Some(0)));
    let regions = value(&facts.regions).unwrap();
    let boxes: Vec<_> =
        regions.iter().map(|region| (region.x, region.y, region.width, region.height)).collect();
    // A rectangle, a circle on a picture twice as wide as high, a polygon.
    assert_eq!(boxes, [(0.31, 0.18, 0.127, 0.385), (0.522, 0.29, 0.136, 0.272), (0.05, 0.041, 0.325, 0.822)]);
    assert_eq!(regions[0].name.as_deref(), Some("Listener 1"));
    assert_eq!(regions[0].role.as_deref(), Some("https://example.org/rrole/role_ref2023.2-a"));
    assert_eq!(reading.problems, []);
}

#[test]
fn the_same_photo_in_three_containers_says_the_same() {
    let Some(_) = corpora() else { return };
    for (file, packet) in
        [("sunrise.jpg", Packet::Xmp), ("sunrise.png", Packet::Iim), ("sunrise.webp", Packet::Xmp)]
    {
        let reading = reading(&format!("photos/formats/{file}")).unwrap();
        let facts = &reading.facts;
        let headline = facts.headline.as_ref().unwrap();
        assert_eq!((headline.value.as_str(), headline.source.packet), ("Sunrise in Spain", packet), "{file}");
        assert_eq!(value(&facts.creators).unwrap(), ["Bjørn Erik Pedersen"], "{file}");
        assert_eq!(text(&facts.place.city), "Benalmádena", "{file}");
        assert_eq!(value(&facts.keywords).unwrap(), ["Malaga", "Torremolinos"], "{file}");
        let date = value(&facts.date_created).unwrap();
        assert_eq!((date.year, date.month, date.day), (2017, Some(10), Some(27)), "{file}");
        assert!(has(&reading, PrivateKind::Gps) && has(&reading, PrivateKind::Thumbnail), "{file}");
        assert_eq!(codes(&reading.problems), [], "{file}");
    }
}

#[test]
fn a_telephone_photo_keeps_its_fraction_and_offset() {
    let Some(reading) = reading("photos/agency/IMG_4305.jpeg") else { return };
    let taken = value(&reading.facts.taken).unwrap();
    assert_eq!((taken.nanosecond, taken.offset_minutes), (168_000_000, Some(120)));
    assert_eq!(text(&reading.facts.description), "Gril od Tescoma caption");
    assert!(
        [PrivateKind::Gps, PrivateKind::MakerNote, PrivateKind::Thumbnail]
            .iter()
            .all(|kind| has(&reading, *kind))
    );
}

#[test]
fn camera_samples_propose_no_description() {
    let Some(_) = corpora() else { return };
    for file in ["sony-d700.jpg", "nikon-e950.jpg", "kodak-dc210.jpg", "canon-ixus.jpg"] {
        let reading = reading(&format!("photos/odd/{file}")).unwrap();
        assert_eq!(
            (text(&reading.facts.proposed_description), text(&reading.facts.description)),
            ("", ""),
            "{file}"
        );
        assert!(has(&reading, PrivateKind::Thumbnail), "{file}");
    }
}

/// The tags of all photos as ExifTool reads them, by path.
fn exiftool(corpora: &Path) -> Option<Vec<(PathBuf, serde_json::Map<String, serde_json::Value>)>> {
    let output =
        Command::new("exiftool").args(["-j", "-n", "-G1", "-r"]).arg(corpora.join("photos")).output();
    let Ok(output) = output else {
        eprintln!("SKIPPED: exiftool is not installed");
        return None;
    };
    let list: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_slice(&output.stdout).unwrap();
    let named = |tags: serde_json::Map<String, serde_json::Value>| {
        (PathBuf::from(tags["SourceFile"].as_str().unwrap()), tags)
    };
    Some(list.into_iter().map(named).collect())
}

/// A tag's text with any white space as one blank; a list's entries joined by `|`.
fn plain(value: &serde_json::Value) -> String {
    let text = match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(entries) => entries.iter().map(plain).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn exiftool_and_we_agree_on_every_photo() {
    let Some(corpora) = corpora() else { return };
    let Some(photos) = exiftool(&corpora) else { return };
    let mut compared = 0;
    for (path, tags) in photos {
        let bytes = std::fs::read(&path).unwrap();
        let reading = read(&bytes, None, &["en"]);
        if !reading.kind.is_photo() {
            continue;
        }
        let facts = &reading.facts;
        let joined = |fact: &Option<Fact<Vec<String>>>| fact.as_ref().map(|fact| fact.value.join("|"));
        let ours = [
            (text(&facts.description).to_owned(), vec!["XMP-dc:Description", "IPTC:Caption-Abstract"]),
            (text(&facts.headline).to_owned(), vec!["XMP-photoshop:Headline", "IPTC:Headline"]),
            (text(&facts.credit_line).to_owned(), vec!["XMP-photoshop:Credit", "IPTC:Credit"]),
            (
                text(&facts.copyright).to_owned(),
                vec!["XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright"],
            ),
            (
                joined(&facts.creators).unwrap_or_default(),
                vec!["XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist", "IFD0:XPAuthor"],
            ),
            (
                joined(&facts.keywords).unwrap_or_default(),
                vec!["XMP-dc:Subject", "IPTC:Keywords", "IFD0:XPKeywords"],
            ),
        ];
        for (ours, keys) in ours {
            let theirs =
                keys.iter().filter_map(|key| tags.get(*key)).map(plain).find(|text| !text.is_empty());
            // ExifTool takes IIM without a charset for Latin, which R1 does not.
            let theirs = theirs.unwrap_or_default();
            let ours = ours.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(ours, theirs, "{} {keys:?}", path.display());
            compared += usize::from(!theirs.is_empty());
        }
        let orientation = tags.get("IFD0:Orientation").and_then(serde_json::Value::as_u64).unwrap_or(1);
        assert_eq!(u64::from(reading.orientation()), orientation, "{}", path.display());
        let located = tags.contains_key("GPS:GPSLatitude") || tags.contains_key("XMP-exif:GPSLatitude");
        let structures = ["XMP-iptcExt:LocationCreatedGPSLatitude", "XMP-iptcExt:LocationShownGPSLatitude"];
        let located = located || structures.iter().any(|key| tags.contains_key(*key));
        // Some photos carry a GPS block with a direction or a clock only, which is private, too.
        assert!(!located || has(&reading, PrivateKind::Gps), "{}", path.display());
        let small =
            tags.keys().any(|key| key.ends_with(":ThumbnailImage") || key.ends_with(":PhotoshopThumbnail"));
        assert!(!small || reading.packets.has_thumbnail, "{}", path.display());
        let profile = tags.contains_key("ICC-header:ProfileVersion");
        assert_eq!(reading.packets.has_icc, profile, "{}", path.display());
    }
    assert!(compared > 60, "only {compared} values were there to compare");
}

#[test]
fn the_iim_digest_is_told_from_a_changed_one_as_exiftool_does() {
    let Some(corpora) = corpora() else { return };
    let output = Command::new("exiftool")
        .args(["-j", "-r", "-Photoshop:IPTCDigest", "-File:CurrentIPTCDigest"])
        .arg(corpora.join("photos"))
        .output();
    let Ok(output) = output else {
        eprintln!("SKIPPED: exiftool is not installed");
        return;
    };
    let list: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let mut compared = 0;
    for tags in list.iter() {
        if !tags["IPTCDigest"].is_string() || !tags["CurrentIPTCDigest"].is_string() {
            continue;
        }
        let reading = read(&std::fs::read(tags["SourceFile"].as_str().unwrap()).unwrap(), None, &[]);
        let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hexadecimal(&reading.packets.iim_digest.unwrap()), tags["IPTCDigest"].as_str().unwrap());
        use md5::Digest;
        let current = md5::Md5::digest(reading.packets.iim.unwrap());
        assert_eq!(hexadecimal(&current), tags["CurrentIPTCDigest"].as_str().unwrap(), "{tags}");
        compared += 1;
    }
    assert!(compared >= 3, "only {compared} digests were there to compare");
}

#[test]
fn no_file_of_the_corpus_takes_much_memory_or_loses_its_bounds() {
    let Some(corpora) = corpora() else { return };
    for row in rows(&corpora).iter().filter(|row| !row.path.ends_with(".gz")) {
        let reading = read(&std::fs::read(corpora.join(&row.path)).unwrap(), None, &["en"]);
        for text in [&reading.facts.description, &reading.facts.title, &reading.facts.copyright] {
            assert!(self::text(text).chars().count() <= TEXT_CHARACTERS);
        }
        assert!(reading.problems.len() <= 101, "{}", row.path);
    }
    assert_peak_below(200);
}

/// A small generator with a fixed start, so that every run breaks the files at the same places.
struct Places(u64);

impl Places {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

#[test]
fn files_cut_at_two_hundred_places_are_read_without_a_panic() {
    let Some(corpora) = corpora() else { return };
    let mut places = Places(1);
    for row in rows(&corpora) {
        let bytes = std::fs::read(corpora.join(&row.path)).unwrap();
        for index in 0..200 {
            // Half of the cuts fall into the first 4 KB, where the metadata begin.
            let reach = if index % 2 == 0 { bytes.len().min(4_096) } else { bytes.len() };
            let cut = places.next(reach);
            read(&bytes[..cut], Some(&bytes[cut..]), &["en"]);
        }
    }
    assert_peak_below(400);
}

#[test]
fn files_with_flipped_bytes_are_read_without_a_panic() {
    let Some(corpora) = corpora() else { return };
    let mut places = Places(2);
    for row in rows(&corpora) {
        let mut bytes = std::fs::read(corpora.join(&row.path)).unwrap();
        for index in 0..200 {
            let reach = if index % 4 == 0 { bytes.len() } else { bytes.len().min(4_096) };
            for _ in 0..4 {
                let place = places.next(reach);
                bytes[place] ^= 1 << places.next(8);
            }
            read(&bytes, None, &["en"]);
        }
    }
    assert_peak_below(400);
}
