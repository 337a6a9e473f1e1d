//! Colours of the house, and whether what is written in one can be read on a ground (WCAG 2.2, 1.4.3).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The least contrast of a text with its ground (WCAG 2.2, 1.4.3, level AA).
pub const LEAST_CONTRAST: f64 = 4.5;

/// A colour in sRGB, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

/// A text that is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected is # and six hexadecimal digits, such as #93290f")]
pub struct NotAColour;

impl Colour {
    /// Of its red, green and blue.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// How light it is, from 0 to 1 (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        luminance(self.0.map(linear))
    }

    /// The contrast of two colours, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Whether a text in this colour can be read on each of these grounds.
    pub fn is_readable_on(self, grounds: &[Self]) -> bool {
        grounds.iter().all(|ground| self.contrast(*ground) >= LEAST_CONTRAST)
    }

    /// The nearest shade of this colour that can be read on light grounds: with more black in it, as little as will do.
    #[must_use]
    pub fn darkened_for(self, grounds: &[Self]) -> Self {
        self.shaded(grounds, |part, share| part * (1.0 - share))
    }

    /// The nearest shade of this colour that can be read on dark grounds: with more white in it, as little as will do.
    #[must_use]
    pub fn lightened_for(self, grounds: &[Self]) -> Self {
        self.shaded(grounds, |part, share| part + (1.0 - part) * share)
    }

    /// Mixes in light, where the eye takes the mixture for the same hue; what a screen can show of it is tried step by step,
    /// since rounding could take the last bit of contrast away.
    fn shaded(self, grounds: &[Self], mixed: impl Fn(f64, f64) -> f64) -> Self {
        let shade =
            |step: u32| Self(self.0.map(|part| encoded(mixed(linear(part), f64::from(step) / 1000.0))));
        (0..=1000).map(shade).find(|shade| shade.is_readable_on(grounds)).unwrap_or_else(|| shade(1000))
    }
}

fn luminance([red, green, blue]: [f64; 3]) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// A part as light (IEC 61966-2-1).
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

fn encoded(light: f64) -> u8 {
    let part = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    // A share of 0 to 1: what is left of it fits.
    (part * 255.0).round().clamp(0.0, 255.0) as u8
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl FromStr for Colour {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(NotAColour)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NotAColour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| NotAColour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl TryFrom<String> for Colour {
    type Error = NotAColour;

    fn try_from(text: String) -> Result<Self, NotAColour> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Colour = Colour::new(255, 255, 255);
    const BLACK: Colour = Colour::new(0, 0, 0);

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn a_colour_is_read_as_it_is_written_and_nothing_else_is_one() {
        assert_eq!(colour("#93290F").to_string(), "#93290f");
        for odd in ["", "93290f", "#93290", "#93290f0", "#+3290f", "red", "#9é290"] {
            assert_eq!(odd.parse::<Colour>(), Err(NotAColour), "{odd}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
        // The two greys between which the limit of 4.5 to white lies.
        assert!(colour("#767676").is_readable_on(&[WHITE]));
        assert!(!colour("#777777").is_readable_on(&[WHITE]));
    }

    #[test]
    fn the_nearest_shade_just_passes_and_a_colour_that_passes_stays_as_it_is() {
        assert_eq!(colour("#767676").darkened_for(&[WHITE]), colour("#767676"));
        assert_eq!(colour("#777777").darkened_for(&[WHITE]), colour("#767676"));
        for text in ["#ff0000", "#ffcc00", "#00ffff", "#ffffff", "#3366ff"] {
            let (dark, light) = (colour(text).darkened_for(&[WHITE]), colour(text).lightened_for(&[BLACK]));
            assert!(
                dark.is_readable_on(&[WHITE]) && light.is_readable_on(&[BLACK]),
                "{text}: {dark} {light}"
            );
            assert!(dark.contrast(WHITE) < 4.8 || dark == colour(text), "{text}: {dark} is no nearest shade");
        }
        let blue = colour("#0000aa").lightened_for(&[BLACK]);
        assert!(blue.contrast(BLACK) < 4.8, "{blue}");
    }
}
