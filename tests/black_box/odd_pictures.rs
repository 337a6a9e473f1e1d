//! Pictures that no camera makes, all the way to the reader: in, published, served in both formats. What is odd about them
//! lies in the picture or in what stands beside it; what is refused is refused with a sentence (`corpus.rs`).

use std::path::Path;

use crate::exif_tool;
use crate::page::{attributes, slides};
use crate::site::{TestSite, samples};

/// A PNG of one colour. `depth` in bits a sample, `kind` as PNG numbers its colour types.
pub fn png((width, height): (u32, u32), depth: u8, kind: u8, byte: u8) -> Vec<u8> {
    let samples = if kind == 6 { 4 } else { 1 };
    let row = (width as usize * samples * usize::from(depth)).div_ceil(8);
    let rows: Vec<u8> =
        (0..height).flat_map(|_| std::iter::once(0).chain(std::iter::repeat_n(byte, row))).collect();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, kind, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [(b"IHDR", header), (b"IDAT", stored(&rows)), (b"IEND", Vec::new())] {
        file.extend((data.len() as u32).to_be_bytes());
        let body = [&name[..], &data].concat();
        file.extend(&body);
        file.extend(crc(&body).to_be_bytes());
    }
    file
}

/// As a zlib stream that compresses nothing (RFC 1950, RFC 1951 section 3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = bytes.chunks(65_535).count();
    for (number, block) in bytes.chunks(65_535).enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(number + 1 == blocks));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// A sample with segments put behind its first two bytes.
pub fn with_segments(sample: &str, segments: impl Iterator<Item = (u8, Vec<u8>)>) -> Vec<u8> {
    let plain = std::fs::read(samples().join(sample)).unwrap();
    let mut file = plain[..2].to_vec();
    for (marker, payload) in segments {
        file.extend([0xff, marker]);
        file.extend((payload.len() as u16 + 2).to_be_bytes());
        file.extend(payload);
    }
    file.extend(&plain[2..]);
    file
}

/// A colour profile in as many segments as it takes (ICC.1, annex B.4).
fn with_profile(sample: &str, profile: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = profile.chunks(65_519).collect();
    let count = parts.len() as u8;
    let segment =
        |(number, part): (u8, &&[u8])| (0xe2, [b"ICC_PROFILE\0", &[number, count][..], part].concat());
    with_segments(sample, (1..=count).zip(&parts).map(segment))
}

/// 4 MB that begin like a profile and name more tags than there is room for.
fn endless_profile() -> Vec<u8> {
    let mut profile = vec![0x5a; 4 << 20];
    let length = profile.len() as u32;
    profile[..4].copy_from_slice(&length.to_be_bytes());
    profile[8..12].copy_from_slice(&[4, 0x30, 0, 0]);
    profile[12..24].copy_from_slice(b"mntrRGB XYZ ");
    profile[36..40].copy_from_slice(b"acsp");
    profile[128..132].copy_from_slice(&u32::MAX.to_be_bytes());
    profile
}

/// Says that a second picture of 4 GB lies behind the first, as the gain maps of phones do (CIPA DC-007).
fn with_lying_gain_map(sample: &str) -> Vec<u8> {
    let entry =
        |offset: u32, length: u32| [[0; 4], length.to_be_bytes(), offset.to_be_bytes(), [0; 4]].concat();
    let head = b"MPF\0MM\0*\0\0\0\x08\0\x01\xb0\x02\0\x07\0\0\0\x20\0\0\0\x1a\0\0\0\0";
    let index = [&head[..], &entry(0, 1), &entry(17, u32::MAX)].concat();
    [with_segments(sample, [(0xe2, index)].into_iter()), vec![0xff, 0xd8, 0xff]].concat()
}

/// The files, by name.
fn odd() -> [(&'static str, Vec<u8>); 7] {
    [
        ("a-one-wide.png", png((1, 3000), 8, 0, 0x70)),
        ("b-two-thousand-to-one.png", png((20_000, 10), 1, 0, 0xaa)),
        ("c-one-bit.png", png((333, 222), 1, 0, 0x5a)),
        ("d-transparent.png", png((300, 200), 8, 6, 0)),
        ("e-endless-profile.jpg", with_profile("rocket.jpg", &endless_profile())),
        ("f-no-profile.jpg", with_profile("eileen-collins.jpg", b"this is no profile")),
        ("g-gain-map.jpg", with_lying_gain_map("cat-in-motion.jpg")),
    ]
}

fn drafted(site: &TestSite, folder: &Path, photos: usize) {
    let said = site.json(&["ingest", folder.to_str().unwrap(), "--story", "Odd pictures"]).ends_with(0);
    assert!(!said.out.contains("\"refused\":{"), "{}", said.out);
    let text = site.does(&["story", "get", "odd-pictures"]).out;
    let filled = text
        .replace("\ncaption = \"\"\n", "\ncaption = \"A picture.\"\n")
        .replace("\ncredit = \"\"\n", "\ncredit = \"Somebody\"\n");
    if filled != text {
        site.run_with_input(&["story", "put", "odd-pictures"], &filled).ends_with(0);
    }
    assert_eq!(site.draft("odd-pictures")["slides"].as_array().unwrap().len(), photos);
}

#[test]
fn odd_pictures_reach_the_reader_in_both_formats() {
    let site = TestSite::as_it_comes();
    let folder = site.folder_of("odd", &[]);
    for (name, bytes) in odd() {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    drafted(&site, &folder, odd().len());
    site.does(&["publish", "odd-pictures", "--allow-missing", "alt"]);
    let serving = site.serve();
    let all = odd().len() + 1;
    let in_both = |answer: &crate::site::Answer| answer.text().matches("type=\"image/avif\"").count() == all;
    let html = serving.get_until("/story/odd-pictures", in_both).text();
    let figures = slides(&html);
    assert!(figures.len() == odd().len() && figures.iter().all(|figure| !figure.pictures.is_empty()));
    let listed = serving.get("/").text();
    let sets = attributes(&html, "srcset").into_iter().chain(attributes(&listed, "srcset"));
    for address in sets.flat_map(|set| {
        set.split(", ").map(|one| one.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    }) {
        let answer = serving.get(&address);
        let begins = if address.ends_with(".avif") { &answer.body[4..12] } else { &answer.body[..2] };
        let wanted: &[u8] = if address.ends_with(".avif") { b"ftypavif" } else { b"\xff\xd8" };
        assert_eq!((answer.status, begins), (200, wanted), "{address}");
    }
}

#[test]
fn a_region_outside_the_picture_sets_no_focus_and_harms_nothing() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let folder = site.folder_of("odd", &["rocket.jpg", "eileen-collins.jpg"]);
    for (name, area) in
        [("rocket.jpg", "X=7.5,Y=-3,W=0.1,H=0.1"), ("eileen-collins.jpg", "X=0.5,Y=0.5,W=-9,H=90")]
    {
        let region = format!(
            "-RegionInfo={{AppliedToDimensions={{W=640,H=427,Unit=pixel}},RegionList=[{{Area={{{area},Unit=normalized}},Type=Focus,Name=a}}]}}"
        );
        exif_tool::change(&folder.join(name), &[&region]);
    }
    drafted(&site, &folder, 2);
    site.does(&["publish", "odd-pictures", "--allow-missing", "alt"]);
    let serving = site.serve();
    let html = serving.get("/story/odd-pictures").text();
    let preview =
        html.split("property=\"og:image\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
    let preview = preview.and_then(|address| address.find("/i/").and_then(|at| address.get(at..))).unwrap();
    assert_eq!(serving.get(preview).status, 200, "{preview}");
    for figure in slides(&html) {
        for address in figure.pictures {
            assert_eq!(serving.get(&address).status, 200, "{address}");
        }
    }
}
