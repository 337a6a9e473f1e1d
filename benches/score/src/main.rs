//! `score [--butteraugli] REFERENCE PICTURE...`: the SSIMULACRA2 score of each picture against the reference, one a line.
//! With `--butteraugli` two numbers follow on the line: butteraugli's 3-norm and its maximum. All are binary PPM files
//! (P6, 8 bit) in sRGB and of one size; whoever calls decodes, so that one decoder judges all.

use std::fs;
use std::io::{Write, stdout};

use anyhow::{Context, Result, ensure};
use butteraugli::{ButteraugliParams, Img, RGB8, butteraugli};
use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1).peekable();
    let both = words.next_if_eq("--butteraugli").is_some();
    let reference = read(&words.next().context("score [--butteraugli] REFERENCE PICTURE...")?)?;
    for file in words {
        let picture = read(&file)?;
        let score = compute_frame_ssimulacra2(reference.floats()?, picture.floats()?)
            .with_context(|| format!("{file} cannot be compared"))?;
        write!(stdout(), "{score:.3}")?;
        if both {
            let found = butteraugli(reference.bytes(), picture.bytes(), &ButteraugliParams::new())
                .with_context(|| format!("{file} cannot be compared"))?;
            write!(stdout(), " {:.4} {:.3}", found.pnorm_3, found.score)?;
        }
        writeln!(stdout())?;
    }
    Ok(())
}

struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<RGB8>,
}

impl Picture {
    /// As SSIMULACRA2 takes it.
    fn floats(&self) -> Result<Rgb> {
        let level = |sample: u8| f32::from(sample) / 255.0;
        let pixels = self.pixels.iter().map(|pixel| [level(pixel.r), level(pixel.g), level(pixel.b)]);
        let (width, height) = (self.width, self.height);
        Rgb::new(pixels.collect(), width, height, TransferCharacteristic::SRGB, ColorPrimaries::BT709)
            .context("the picture cannot be read as sRGB")
    }

    /// As butteraugli takes it.
    fn bytes(&self) -> Img<&[RGB8]> {
        Img::new(&self.pixels, self.width, self.height)
    }
}

fn read(file: &str) -> Result<Picture> {
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
    let (pixels, _) = samples.as_chunks::<3>();
    Ok(Picture { width, height, pixels: pixels.iter().map(|[r, g, b]| RGB8::new(*r, *g, *b)).collect() })
}
