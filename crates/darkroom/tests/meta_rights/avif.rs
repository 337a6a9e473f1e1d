//! AVIF: an XMP item.

use darkroom::meta::{MuxError, RightsRecord, mux_avif};
use darkroom::steps::encode::encode;
use darkroom::{Encoding, Srgb};

use super::record::{exiftool, rights};

fn avif() -> Vec<u8> {
    encode(&Srgb { width: 8, height: 8, samples: vec![99; 192] }, Encoding::AVIF).unwrap()
}

fn muxed() -> Vec<u8> {
    mux_avif(&avif(), &rights(), (2560, 1707)).unwrap()
}

#[test]
fn the_coded_picture_stays_as_it_is() {
    let data = |file: &[u8]| {
        let at = file.windows(4).position(|window| window == b"mdat").unwrap();
        file[at + 4..].to_vec()
    };
    let plain = data(&avif());
    assert!(plain.len() > 20 && data(&muxed()).starts_with(&plain));
}

#[test]
fn exiftool_finds_nothing_to_complain_of() {
    for file in [avif(), muxed()] {
        let arguments = ["-validate", "-warning", "-error", "-a", "-s3"];
        let Some(report) = exiftool(&file, &arguments) else { return };
        assert_eq!(report.trim(), "OK");
    }
}

#[test]
fn exiftool_sees_the_allowed_tags_and_no_others() {
    let arguments =
        ["-G1", "-a", "-s", "-n", "--File:all", "--System:all", "--ExifTool:all", "--Composite:all"];
    let Some(report) = exiftool(&muxed(), &arguments) else { return };
    let mut tags: Vec<String> = report
        .lines()
        .filter_map(|line| line.split_once(" : "))
        .map(|(tag, _)| tag.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    tags.sort();
    // The boxes' own words of the picture, then the rights.
    let expected = [
        "[Meta] PrimaryItemReference",
        "[QuickTime] AV1ConfigurationVersion",
        "[QuickTime] ChromaFormat",
        "[QuickTime] ChromaSamplePosition",
        "[QuickTime] ColorPrimaries",
        "[QuickTime] ColorProfiles",
        "[QuickTime] CompatibleBrands",
        "[QuickTime] HandlerType",
        "[QuickTime] ImagePixelDepth",
        "[QuickTime] ImageSpatialExtent",
        "[QuickTime] MajorBrand",
        "[QuickTime] MatrixCoefficients",
        "[QuickTime] MediaDataOffset",
        "[QuickTime] MediaDataSize",
        "[QuickTime] MinorVersion",
        "[QuickTime] TransferCharacteristics",
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
    let file = muxed();
    let value = |tag: &str| exiftool(&file, &["-s3", "-n", tag]);
    let Some(credit) = value("-XMP-photoshop:Credit") else { return };
    assert_eq!(credit.trim_end(), rights().credit);
    assert_eq!(value("-XMP-dc:Creator").unwrap().trim_end(), "Jane Doe, Łukasz Żak");
    assert_eq!(value("-XMP-photoshop:DateCreated").unwrap().trim_end(), "2026:11:22");
    assert_eq!(value("-XMP-iptcExt:MaxAvailWidth").unwrap().trim_end(), "2560");
}

#[test]
fn a_long_caption_is_not_cut() {
    let record = RightsRecord { description: "Слово ".repeat(10_000), ..rights() };
    let file = mux_avif(&avif(), &record, (1, 1)).unwrap();
    let Some(caption) = exiftool(&file, &["-s3", "-XMP-dc:Description"]) else { return };
    assert_eq!(caption.trim(), record.description.trim());
}

#[test]
fn a_file_that_has_rights_already_or_is_not_ours_is_refused() {
    let refused = |file: &[u8]| mux_avif(file, &rights(), (1, 1)) == Err(MuxError::NotOurAvif);
    assert!(refused(&muxed()));
    assert!(refused(b""));
    assert!(refused(b"\xff\xd8\xff"));
    let plain = avif();
    assert!(refused(&plain[..plain.len() - 1]));
    assert!(refused(&[&plain[..], b"more"].concat()));
}
