//! JPEG: XMP and IIM.

use darkroom::meta::{MuxError, RightsRecord, iim_block, mux_jpeg, read, xmp_packet};

use super::record::{exiftool, rights};

/// The smallest grey JPEG that decoders take: 8 x 8 pixels, one DC and one AC code.
fn jpeg(extra: &[u8]) -> Vec<u8> {
    let jfif = b"\xff\xe0\x00\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0";
    let tables = [&b"\xff\xdb\x00\x43\0"[..], &[1; 64]].concat();
    let frame = b"\xff\xc0\x00\x0b\x08\0\x08\0\x08\x01\x01\x11\0";
    let code = |class: u8| [&[0xff, 0xc4, 0, 20, class, 1][..], &[0; 15], &[0]].concat();
    let scan = b"\xff\xda\x00\x08\x01\x01\0\0\x3f\0\x3f\xff\xd9";
    [&b"\xff\xd8"[..], jfif, extra, &tables, frame, &code(0), &code(0x10), scan].concat()
}

#[test]
fn rights_read_back_as_they_were_written() {
    let muxed = mux_jpeg(&jpeg(&[]), &rights(), (2560, 1707)).unwrap();
    let reading = read(&muxed, None, &[]);
    let facts = reading.facts;
    let rights = rights();
    assert_eq!(facts.creators.unwrap().value, rights.creators);
    assert_eq!(facts.credit_line.unwrap().value, rights.credit);
    assert_eq!(facts.copyright.unwrap().value, rights.copyright.unwrap());
    assert_eq!(facts.usage_terms.unwrap().value, rights.usage_terms.unwrap());
    assert_eq!(facts.web_statement.unwrap().value, rights.web_statement.unwrap());
    assert_eq!(facts.licensors.unwrap().value, rights.licensors);
    assert_eq!(facts.description.unwrap().value, rights.description);
    assert_eq!(facts.alt_text.unwrap().value, rights.alt.unwrap());
    assert_eq!(facts.digital_source_type.unwrap().value, "digitalCapture");
    assert_eq!(facts.data_mining.unwrap().value, "DMI-PROHIBITED");
    assert_eq!(facts.image_guid.unwrap().value, rights.source_guid.unwrap());
    assert_eq!(facts.date_created.unwrap().value.day, Some(22));
    assert_eq!(facts.taken, None, "a public file tells the date only");
    assert_eq!(reading.problems, []);
    assert_eq!(reading.private, []);
}

#[test]
fn the_picture_stays_as_it_is() {
    let plain = jpeg(&[]);
    let muxed = mux_jpeg(&plain, &rights(), (8, 8)).unwrap();
    assert_eq!(read(&muxed, None, &[]).picture_hash, read(&plain, None, &[]).picture_hash);
    assert!(muxed.starts_with(&plain[..20]), "JFIF stands first");
    assert!(muxed.ends_with(&plain[20..]));
}

#[test]
fn exiftool_finds_nothing_to_complain_of() {
    let muxed = mux_jpeg(&jpeg(&[]), &rights(), (2560, 1707)).unwrap();
    let Some(report) = exiftool(&muxed, &["-validate", "-warning", "-error", "-a", "-s3"]) else { return };
    assert_eq!(report.trim(), "OK");
}

#[test]
fn exiftool_sees_the_allowed_tags_and_no_others() {
    let muxed = mux_jpeg(&jpeg(&[]), &rights(), (2560, 1707)).unwrap();
    let arguments =
        ["-G1", "-a", "-s", "-n", "--File:all", "--System:all", "--ExifTool:all", "--Composite:all"];
    let Some(report) = exiftool(&muxed, &arguments) else { return };
    let mut tags: Vec<String> = report
        .lines()
        .filter_map(|line| line.split_once(" : "))
        .map(|(tag, _)| tag.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    tags.sort();
    let expected = [
        "[IPTC] ApplicationRecordVersion",
        "[IPTC] By-line",
        "[IPTC] CodedCharacterSet",
        "[IPTC] CopyrightNotice",
        "[IPTC] Credit",
        "[JFIF] JFIFVersion",
        "[JFIF] ResolutionUnit",
        "[JFIF] XResolution",
        "[JFIF] YResolution",
        "[XMP-dc] Creator",
        "[XMP-dc] Description",
        "[XMP-dc] Description-ru",
        "[XMP-dc] Rights",
        "[XMP-iptcCore] AltTextAccessibility",
        "[XMP-iptcExt] DigitalImageGUID",
        "[XMP-iptcExt] DigitalSourceType",
        "[XMP-iptcExt] MaxAvailHeight",
        "[XMP-iptcExt] MaxAvailWidth",
        "[XMP-photoshop] Credit",
        "[XMP-photoshop] DateCreated",
        "[XMP-plus] DataMining",
        "[XMP-plus] LicensorName",
        "[XMP-plus] LicensorURL",
        "[XMP-xmpRights] UsageTerms",
        "[XMP-xmpRights] WebStatement",
    ];
    assert_eq!(tags, expected);
}

#[test]
fn exiftool_reads_the_values_as_written() {
    let muxed = mux_jpeg(&jpeg(&[]), &rights(), (2560, 1707)).unwrap();
    let value = |tag: &str| exiftool(&muxed, &["-s3", "-n", "-charset", "iptc=utf8", tag]);
    let Some(credit) = value("-XMP-photoshop:Credit") else { return };
    assert_eq!(credit.trim_end(), "REUTERS/Jane \"JD\" Doe & <Co>");
    assert_eq!(value("-IPTC:By-line").unwrap().trim_end(), "Jane Doe, Łukasz Żak");
    assert_eq!(value("-XMP-photoshop:DateCreated").unwrap().trim_end(), "2026:11:22");
    assert_eq!(value("-XMP-plus:LicensorURL").unwrap().trim_end(), "https://example.org/buy?a=1&b=2");
    assert_eq!(value("-XMP-iptcExt:MaxAvailWidth").unwrap().trim_end(), "2560");
}

#[test]
fn an_empty_record_writes_no_empty_properties() {
    let packet = String::from_utf8(xmp_packet(&RightsRecord::default(), (10, 10))).unwrap();
    for property in
        ["dc:creator", "Credit>", "dc:rights", "UsageTerms", "Licensor", "dc:description", "DataMining"]
    {
        assert!(!packet.contains(&format!("<{property}")), "{property}");
    }
    assert!(packet.contains("MaxAvailWidth>10<"));
}

#[test]
fn hostile_texts_cannot_leave_their_element() {
    let hostile = "]]></rdf:li><evil/>&#0;\u{1}\u{ffff}&amp;\r";
    let record = RightsRecord {
        credit: hostile.into(),
        language: "'><evil".into(),
        description: hostile.into(),
        ..RightsRecord::default()
    };
    let muxed = mux_jpeg(&jpeg(&[]), &record, (1, 1)).unwrap();
    let reading = read(&muxed, None, &[]);
    assert_eq!(reading.facts.credit_line.unwrap().value, "]]></rdf:li><evil/>&#0;&amp;");
    assert_eq!(reading.facts.description.unwrap().others, []);
}

#[test]
fn iim_texts_are_cut_at_their_limit_between_characters() {
    let record = RightsRecord {
        creators: vec!["Ж".repeat(17)],
        credit: "é".repeat(40),
        copyright: Some("x".repeat(200)),
        ..RightsRecord::default()
    };
    let block = iim_block(&record);
    let has = |text: &str| block.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has(&"Ж".repeat(16)) && !has(&"Ж".repeat(17)));
    assert!(has(&"é".repeat(16)) && !has(&"é".repeat(17)));
    assert!(has(&"x".repeat(128)) && !has(&"x".repeat(129)));
}

#[test]
fn a_long_caption_is_cut_before_anything_of_the_rights() {
    let record = RightsRecord { description: "Слово ".repeat(10_000), ..rights() };
    let muxed = mux_jpeg(&jpeg(&[]), &record, (1, 1)).unwrap();
    let facts = read(&muxed, None, &[]).facts;
    assert_eq!(facts.credit_line.unwrap().value, rights().credit);
    assert_eq!(facts.copyright.unwrap().value, rights().copyright.unwrap());
    let kept = facts.description.unwrap().value;
    assert!(record.description.starts_with(&kept) && kept.chars().count() > 1_000, "{}", kept.len());
}

#[test]
fn a_credit_that_fits_no_segment_is_refused() {
    let record = RightsRecord { credit: "x".repeat(70_000), ..RightsRecord::default() };
    assert_eq!(mux_jpeg(&jpeg(&[]), &record, (1, 1)), Err(MuxError::TooLong));
}

#[test]
fn a_file_with_metadata_is_refused() {
    for (marker, data) in
        [(0xe1, &b"Exif\0\0"[..]), (0xed, b"Photoshop 3.0\0"), (0xfe, b"comment"), (0xeb, b"JP")]
    {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        let extra = [&[0xff, marker], &length[..], data].concat();
        assert_eq!(mux_jpeg(&jpeg(&extra), &rights(), (1, 1)), Err(MuxError::CarriesMetadata(marker)));
    }
}

#[test]
fn what_is_no_jpeg_is_refused() {
    assert_eq!(mux_jpeg(b"", &rights(), (1, 1)), Err(MuxError::NotJpeg));
    assert_eq!(mux_jpeg(b"\x89PNG", &rights(), (1, 1)), Err(MuxError::NotJpeg));
    assert_eq!(mux_jpeg(&jpeg(&[])[..60], &rights(), (1, 1)), Err(MuxError::NotJpeg));
}
