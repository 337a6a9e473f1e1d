//! The cases and the comparison.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use darkroom::steps::colour::to_srgb;
use darkroom::{ColourTags, Layout, Limits, Pixels, Samples, Scratch, decode};
use moxcms::ColorProfile;

fn variable(name: &str) -> Option<std::ffi::OsString> {
    #[expect(clippy::disallowed_methods, reason = "tests find Python and the corpus by variables")]
    let value = std::env::var_os(name);
    if value.is_none() {
        eprintln!("SKIPPED: {name} is not set, the colour step is not compared with LittleCMS");
    }
    value
}

/// One comparison.
struct Case {
    name: String,
    layout: Layout,
    /// 8 bits a sample, for LittleCMS.
    samples: Vec<u8>,
    icc: Vec<u8>,
    ours: Vec<u8>,
}

fn case(name: &str, pixels: Pixels, icc: Vec<u8>) -> Case {
    let layout = pixels.layout;
    let samples = match &pixels.samples {
        Samples::Eight(samples) => samples.clone(),
        Samples::Sixteen(samples) => samples.iter().map(|sample| (sample >> 8) as u8).collect(),
    };
    let tags = ColourTags { icc: Some(icc.clone()), ..ColourTags::default() };
    let mut notes = Vec::new();
    let ours = to_srgb(pixels, &tags, &mut notes);
    assert!(notes.is_empty(), "{name}: {notes:?}");
    Case { name: name.to_owned(), layout, samples, icc, ours: ours.samples }
}

fn write(path: &Path, bytes: &[u8]) {
    File::create(path).unwrap().write_all(bytes).unwrap();
}

/// Runs the comparison and holds each case to the limits.
fn compare(python: &std::ffi::OsStr, cases: &[Case]) {
    let folder = tempfile::tempdir().unwrap();
    let mut list = String::new();
    for case in cases {
        let mode = match case.layout {
            Layout::Gray => "L",
            Layout::Rgb => "RGB",
            Layout::Cmyk => "CMYK",
        };
        let pixels = case.samples.len() / case.layout.channels();
        writeln!(list, "{} {mode} {pixels}", case.name).unwrap();
        write(&folder.path().join(format!("{}.in", case.name)), &case.samples);
        write(&folder.path().join(format!("{}.icc", case.name)), &case.icc);
        write(&folder.path().join(format!("{}.out", case.name)), &case.ours);
    }
    write(&folder.path().join("cases.txt"), list.as_bytes());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/colour_numbers/compare.py");
    let run = Command::new(python).arg(script).arg(folder.path()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = String::from_utf8(run.stdout).unwrap();
    println!("{said}");
    assert_eq!(said.lines().count(), cases.len());
    for line in said.lines() {
        let numbers: Vec<f64> = line.split(' ').skip(1).map(|number| number.parse().unwrap()).collect();
        assert!(numbers[0] < 1.0 && numbers[1] < 3.0, "{line}");
    }
}

/// A real photo's samples, taken as if they were in another space, and after them a grid of all colours.
fn photo() -> Pixels {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/picos-de-europa.jpg");
    let source = std::fs::read(path).unwrap();
    let (_, decoded) = decode(&source, &Limits::default(), &mut Scratch::new()).unwrap();
    let Samples::Eight(photo) = decoded.pixels.samples else { panic!("16 bits") };
    let mut samples: Vec<u8> = photo.chunks(3).step_by(61).flatten().copied().collect();
    let steps: Vec<u8> = (0..=32).map(|step| (step * 255 / 32) as u8).collect();
    for red in &steps {
        for green in &steps {
            samples.extend(steps.iter().flat_map(|blue| [*red, *green, *blue]));
        }
    }
    let width = samples.len() as u32 / 3;
    Pixels { width, height: 1, layout: Layout::Rgb, samples: Samples::Eight(samples) }
}

fn sixteen(pixels: &Pixels) -> Pixels {
    let Samples::Eight(samples) = &pixels.samples else { panic!("16 bits") };
    let samples = samples.iter().map(|sample| u16::from(*sample) * 257).collect();
    Pixels { samples: Samples::Sixteen(samples), ..*pixels }
}

#[test]
fn matrix_profiles_agree_with_littlecms() {
    let Some(python) = variable("HALFTONE_PYTHON") else { return };
    let photo = photo();
    let profiles = [
        ("adobe-rgb", ColorProfile::new_adobe_rgb()),
        ("display-p3", ColorProfile::new_display_p3()),
        ("prophoto", ColorProfile::new_pro_photo_rgb()),
        ("srgb", ColorProfile::new_srgb()),
    ];
    let mut cases = Vec::new();
    for (name, profile) in profiles {
        let icc = profile.encode().unwrap();
        cases.push(case(name, photo.clone(), icc.clone()));
        cases.push(case(&format!("{name}-16"), sixteen(&photo), icc));
    }
    let greys: Vec<u8> = (0..=255).collect();
    let grey = Pixels { width: 256, height: 1, layout: Layout::Gray, samples: Samples::Eight(greys) };
    let icc = ColorProfile::new_gray_with_gamma(1.8).encode().unwrap();
    cases.push(case("grey-gamma-1.8", grey, icc));
    compare(&python, &cases);
}

#[test]
fn a_four_ink_photo_with_its_profile_agrees_with_littlecms() {
    let Some(python) = variable("HALFTONE_PYTHON") else { return };
    let Some(shared) = variable("HALFTONE_SHARED") else { return };
    let name = "corpora/photos/colour/Channel_digital_image_CMYK_color.jpg";
    let source = std::fs::read(Path::new(&shared).join(name)).unwrap();
    let (_, decoded) = decode(&source, &Limits::default(), &mut Scratch::new()).unwrap();
    let icc = decoded.tags.icc.unwrap();
    compare(&python, &[case("cmyk", decoded.pixels, icc)]);
}
