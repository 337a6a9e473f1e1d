//! AVIF files, judged by decoders that are not ours: avifdec and Chromium.

use std::fs::File;
use std::io::Write;
use std::process::Command;

use darkroom::meta::{RightsRecord, mux_avif};
use darkroom::steps::encode::encode;
use darkroom::{Encoding, Limits, Recipe, Scratch, Set, Srgb, develop};

use super::made::{decode, difference, eight, field, jpeg};

/// Sizes at the edges of what encoders like.
const SIZES: [(u32, u32); 9] =
    [(1, 1), (3, 5), (2, 1), (2559, 1), (1, 2559), (63, 65), (64, 64), (83, 61), (401, 299)];

fn avif(size: (u32, u32), samples: &[u8]) -> Vec<u8> {
    encode(&Srgb { width: size.0, height: size.1, samples: samples.to_vec() }, Encoding::AVIF).unwrap()
}

/// Slow changes of colour, which halving the colour's resolution does not hurt.
fn smooth((width, height): (u32, u32)) -> Vec<u8> {
    let share = |at: u32, side: u32| (at * 200 / side.max(100)) as u8;
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pixels.flat_map(|(x, y)| [20 + share(x, width), 220 - share(y, height), 90]).collect()
}

/// Size and RGB samples as avifdec reads them; `None` where it is not installed.
fn avifdec(file: &[u8]) -> Option<((u32, u32), Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("one.avif"), folder.path().join("one.png"));
    File::create(&from).and_then(|mut made| made.write_all(file)).unwrap();
    let Ok(run) = Command::new("avifdec").arg(&from).arg(&to).output() else {
        eprintln!("SKIPPED: avifdec is not installed");
        return None;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let pixels = decode(&std::fs::read(to).unwrap()).unwrap().pixels;
    Some(((pixels.width, pixels.height), eight(&pixels).to_vec()))
}

#[test]
fn avifdec_sees_the_picture_that_was_encoded_whatever_its_size() {
    for size in SIZES {
        let samples = smooth(size);
        let Some((seen, decoded)) = avifdec(&avif(size, &samples)) else { return };
        assert_eq!(seen, size);
        let off = difference(&decoded, &samples);
        assert!(off < 2.0, "{size:?}: {off}");
    }
}

#[test]
fn a_photo_of_details_stays_near_its_source() {
    let size = (640, 427);
    let samples = field(size);
    let Some((_, decoded)) = avifdec(&avif(size, &samples)) else { return };
    let off = difference(&decoded, &samples);
    assert!(off < 4.0, "{off}");
}

#[test]
fn the_same_picture_gives_the_same_file() {
    let samples = field((320, 213));
    assert_eq!(avif((320, 213), &samples), avif((320, 213), &samples));
}

#[test]
fn a_better_quality_is_nearer_and_larger() {
    let picture = Srgb { width: 320, height: 213, samples: field((320, 213)) };
    let files = [40, 78, 100].map(|quality| encode(&picture, Encoding::Avif { quality }).unwrap());
    assert!(files.is_sorted_by_key(Vec::len), "{:?}", files.each_ref().map(Vec::len));
    let offs = files.map(|file| avifdec(&file).map(|(_, decoded)| difference(&decoded, &picture.samples)));
    assert!(offs.iter().rev().is_sorted_by(|one, other| one <= other), "{offs:?}");
}

#[test]
fn a_set_of_avifs_has_the_ladders_sizes_and_leaves_the_jpegs_as_they_are() {
    let source = jpeg((1500, 1000), field((1500, 1000)));
    let (jpegs, avifs) = (Recipe::default(), Recipe::new(Set::Ladder, Encoding::AVIF));
    let limits = Limits::default();
    let alone = develop(&source, &[jpegs], &limits, &mut Scratch::new()).unwrap();
    let both = develop(&source, &[avifs, jpegs], &limits, &mut Scratch::new()).unwrap();
    assert_eq!(both.sets[1], alone.sets[0]);
    for (one, (width, height)) in both.sets[0].iter().zip(Set::Ladder.sizes((1500, 1000))) {
        assert_eq!((one.width, one.height), (width, height));
        let Some((seen, _)) = avifdec(&one.bytes) else { return };
        assert_eq!(seen, (width, height));
    }
    assert_eq!(both.sets[0].len(), both.sets[1].len());
}

#[test]
fn rights_change_no_pixel() {
    let plain = avif((83, 61), &field((83, 61)));
    let rights = RightsRecord { credit: "The Desk".into(), ..RightsRecord::default() };
    let public = mux_avif(&plain, &rights, (83, 61)).unwrap();
    let Some(before) = avifdec(&plain) else { return };
    assert_eq!(avifdec(&public), Some(before));
}

/// What a page of Chromium says of the files: for each width, height and its upper left pixel.
fn chromium(files: &[Vec<u8>]) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the variable says where the browser is")]
    let program = std::env::var_os("HALFTONE_CHROMIUM");
    let Some(program) = program else {
        eprintln!("SKIPPED: HALFTONE_CHROMIUM is not set");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        File::create(folder.path().join(name)).and_then(|mut made| made.write_all(bytes)).unwrap();
    };
    let mut page = String::new();
    for (number, file) in files.iter().enumerate() {
        write(&format!("{number}.avif"), file);
        page += &format!("<img src={number}.avif>");
    }
    page += "<script>onload = () => {
        const said = [...document.images].map((picture) => {
            const canvas = new OffscreenCanvas(1, 1).getContext('2d');
            canvas.drawImage(picture, 0, 0);
            const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
            return `${picture.naturalWidth}x${picture.naturalHeight} ${red} ${green} ${blue}`;
        });
        document.body.textContent = said.join(';');
    }</script>";
    write("page.html", page.as_bytes());
    let run = Command::new(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", folder.path().join("page.html").display()))
        .output()
        .unwrap();
    let shown = String::from_utf8(run.stdout).unwrap();
    Some(shown.split("<body>").nth(1)?.split("</body>").next()?.trim().to_owned())
}

#[test]
fn chromium_shows_each_size_in_its_colours_with_and_without_rights() {
    let mut files = Vec::new();
    let mut expected = Vec::new();
    for size in SIZES {
        let plain = avif(size, &[200, 100, 50].repeat((size.0 * size.1) as usize));
        let rights = RightsRecord { credit: "The Desk".into(), ..RightsRecord::default() };
        files.push(mux_avif(&plain, &rights, size).unwrap());
        files.push(plain);
        expected.extend([size; 2]);
    }
    let Some(said) = chromium(&files) else { return };
    let said: Vec<&str> = said.split(';').collect();
    assert_eq!(said.len(), expected.len(), "{said:?}");
    for (said, (width, height)) in said.into_iter().zip(expected) {
        let (size, colour) = said.split_once(' ').unwrap();
        assert_eq!(size, format!("{width}x{height}"));
        let colour: Vec<u8> = colour.split(' ').map(|number| number.parse().unwrap()).collect();
        assert!(difference(&colour, &[200, 100, 50]) < 4.0, "{width} x {height}: {colour:?}");
    }
}
