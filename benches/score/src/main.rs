//! `score REFERENCE PICTURE...`: the SSIMULACRA2 score of each picture against the reference, one a line. All are
//! binary PPM files (P6, 8 bit) in sRGB and of one size; whoever calls decodes, so that one decoder judges all.

use std::fs;
use std::io::{Write, stdout};

use anyhow::{Context, Result, ensure};
use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

fn main() -> Result<()> {
    let mut files = std::env::args().skip(1);
    let reference = read(&files.next().context("score REFERENCE PICTURE...")?)?;
    for file in files {
        let score = compute_frame_ssimulacra2(reference.clone(), read(&file)?)
            .with_context(|| format!("{file} cannot be compared"))?;
        writeln!(stdout(), "{score:.3}")?;
    }
    Ok(())
}

fn read(file: &str) -> Result<Rgb> {
    let bytes = fs::read(file).with_context(|| file.to_owned())?;
    let mut words = Vec::new();
    let mut at = 0;
    while words.len() < 4 {
        let rest = bytes.get(at..).context("the head of a PPM file is cut off")?;
        let length = rest.iter().position(u8::is_ascii_whitespace).context("no PPM file")?;
        words.push(std::str::from_utf8(rest.get(..length).unwrap_or_default())?);
        at += length + 1;
    }
    ensure!(words.first() == Some(&"P6") && words.last() == Some(&"255"), "{file}: not an 8 bit P6 file");
    let number = |index: usize| words.get(index).unwrap_or(&"").parse::<usize>();
    let (width, height) = (number(1)?, number(2)?);
    let samples = bytes.get(at..).unwrap_or_default();
    ensure!(samples.len() == width * height * 3, "{file}: {} bytes of samples", samples.len());
    let pixels = samples.chunks_exact(3).map(|pixel| {
        let mut values = [0.0; 3];
        for (value, sample) in values.iter_mut().zip(pixel) {
            *value = f32::from(*sample) / 255.0;
        }
        values
    });
    Rgb::new(pixels.collect(), width, height, TransferCharacteristic::SRGB, ColorPrimaries::BT709)
        .with_context(|| format!("{file} cannot be read as sRGB"))
}
