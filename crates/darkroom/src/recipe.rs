//! What is made of a photo. A recipe has a text name; whoever caches renditions hashes the name, so that a changed
//! recipe or a newer encoder makes new ones.

use serde::{Deserialize, Serialize};

use crate::steps::{cut, ladder};

/// Long edges of the fixed renditions in pixels, small to large (ARCHITECTURE.md, invariant 7).
pub const LADDER: [u32; 6] = [320, 640, 960, 1280, 1920, 2560];

/// Long edge of the largest rendition.
pub(crate) const LARGEST: u32 = 2560;

/// Widths of the cards in pixels, small to large.
pub const CARDS: [u32; 4] = [320, 640, 960, 1280];

/// Width and height of the picture for social networks in pixels.
pub const SOCIAL: (u32, u32) = (1200, 675);

/// Changes when the same pixels come out as another JPEG: a new encoder, other tables, another resize.
const JPEG_ENCODER: &str = "jpegli0.10.2-420-1";

/// Up to this many pixels on the longer side a JPEG is ordered coarse to fine: about 5 % fewer bytes for twice the time,
/// which small ones have. Of the largest it would take longer than all else of a photo does (docs/benchmarks.md).
pub(crate) const LARGEST_PROGRESSIVE: u32 = 960;

/// Changes when the same pixels come out as another AVIF.
const AVIF_ENCODER: &str = "libaom3.11.0-s9-s6-qm-420-2";

/// Changes when the same picture draws attention to another place.
const ATTENTION: &str = "attention-1";

/// Which files are made of one photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Set {
    /// The whole picture, by its long edge ([`LADDER`]).
    Ladder,
    /// Cut to 3:2 around the focus, by its width ([`CARDS`]).
    Cards,
    /// One picture cut to 16:9 around the focus, of exactly [`SOCIAL`] pixels where the original has them.
    Social,
}

impl Set {
    /// Sizes in pixels that a photo of this upright size gets, large to small, without making them: known before
    /// anything is shown. Never larger than the original, never less than 1 x 1, never empty.
    pub fn sizes(self, upright: (u32, u32)) -> Vec<(u32, u32)> {
        match self {
            Self::Ladder => ladder::sizes(upright.0, upright.1),
            Self::Cards | Self::Social => cut::sizes(self, upright),
        }
    }
}

/// What the files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "lowercase")]
pub enum Encoding {
    /// JPEG, 4:2:0; small ones coarse to fine.
    Jpeg {
        /// Quality on libjpeg's scale, 1 to 100.
        quality: u8,
    },
    /// AVIF, 8 bits, 4:2:0.
    Avif {
        /// Quality on libavif's scale, 0 to 100: 100 - 100/63 of libaom's quantiser.
        quality: u8,
    },
}

impl Encoding {
    /// The JPEG that is made when nothing else is asked for.
    pub const JPEG: Self = Self::Jpeg { quality: 82 };

    /// The AVIF that is made when nothing else is asked for: libaom's quantiser 14.
    pub const AVIF: Self = Self::Avif { quality: 78 };

    /// What the names of its files end with, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg { .. } => "jpg",
            Self::Avif { .. } => "avif",
        }
    }

    fn name(self) -> String {
        match self {
            Self::Jpeg { quality } => {
                format!("jpeg/{JPEG_ENCODER}/q{quality}/progressive to {LARGEST_PROGRESSIVE}")
            }
            Self::Avif { quality } => format!("avif/{AVIF_ENCODER}/q{quality}"),
        }
    }
}

/// A point of the upright picture, in thousandths of its width and height from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u16, u16)", into = "(u16, u16)")]
pub struct Focus {
    x: u16,
    y: u16,
}

/// A focus that lies outside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "The focus {x}, {y} lies outside the picture; two numbers from 0 to 1000 are accepted, in thousandths of width and height."
)]
pub struct FocusOutside {
    x: u16,
    y: u16,
}

impl Focus {
    /// The middle of the picture.
    pub const CENTRE: Self = Self { x: 500, y: 500 };

    /// A point, each number from 0 to 1000.
    ///
    /// # Errors
    /// [`FocusOutside`] when a number is larger.
    pub fn new(x: u16, y: u16) -> Result<Self, FocusOutside> {
        if x > 1000 || y > 1000 { Err(FocusOutside { x, y }) } else { Ok(Self { x, y }) }
    }

    /// Thousandths of the width, 0 to 1000.
    pub fn x(self) -> u16 {
        self.x
    }

    /// Thousandths of the height, 0 to 1000.
    pub fn y(self) -> u16 {
        self.y
    }
}

impl TryFrom<(u16, u16)> for Focus {
    type Error = FocusOutside;

    fn try_from((x, y): (u16, u16)) -> Result<Self, FocusOutside> {
        Self::new(x, y)
    }
}

impl From<Focus> for (u16, u16) {
    fn from(focus: Focus) -> Self {
        (focus.x, focus.y)
    }
}

/// What one set of files is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recipe {
    /// Which files.
    pub set: Set,
    /// What they are.
    pub encoding: Encoding,
    /// Around which point cards and social pictures are cut; where there is none, around the point that draws
    /// attention ([`Developed::attention`](crate::Developed::attention)). The ladder shows everything and knows none.
    pub focus: Option<Focus>,
}

impl Default for Recipe {
    fn default() -> Self {
        Self::new(Set::Ladder, Encoding::JPEG)
    }
}

impl Recipe {
    /// A recipe that leaves the focus to the picture itself.
    pub fn new(set: Set, encoding: Encoding) -> Self {
        Self { set, encoding, focus: None }
    }

    /// Stable name of everything that decides the bytes of the renditions.
    pub fn name(&self) -> String {
        let joined = |sizes: &[u32]| sizes.iter().map(u32::to_string).collect::<Vec<_>>().join("-");
        let encoding = self.encoding.name();
        let focus = self.focus.map_or(ATTENTION.to_owned(), |focus| format!("focus-{}-{}", focus.x, focus.y));
        match self.set {
            Set::Ladder => format!("{encoding}/long-{}", joined(&LADDER)),
            Set::Cards => format!("{encoding}/cards-3x2-{}/{focus}", joined(&CARDS)),
            Set::Social => format!("{encoding}/social-{}x{}/{focus}", SOCIAL.0, SOCIAL.1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_focus_outside_the_picture_is_refused_by_constructor_and_message_alike() {
        assert!(Focus::new(1000, 0).is_ok());
        let fault = Focus::new(1001, 3).unwrap_err();
        assert!(fault.to_string().contains("1001, 3"), "{fault}");
        assert!(serde_json::from_str::<Focus>("[0,1001]").is_err());
        let focus: Focus = serde_json::from_str("[250,1000]").unwrap();
        assert_eq!((focus.x(), focus.y()), (250, 1000));
    }

    #[test]
    fn whatever_decides_the_bytes_stands_in_the_name() {
        let focus = |x, y| Focus::new(x, y).ok();
        let mut names = vec![];
        for set in [Set::Ladder, Set::Cards, Set::Social] {
            for encoding in [
                Encoding::JPEG,
                Encoding::Jpeg { quality: 81 },
                Encoding::AVIF,
                Encoding::Avif { quality: 77 },
            ] {
                names.push(Recipe::new(set, encoding).name());
            }
        }
        names.push(Recipe { focus: focus(1, 23), ..Recipe::new(Set::Cards, Encoding::JPEG) }.name());
        names.push(Recipe { focus: focus(12, 3), ..Recipe::new(Set::Cards, Encoding::JPEG) }.name());
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_focus_changes_no_ladder() {
        let recipe = Recipe { focus: Some(Focus::CENTRE), ..Recipe::default() };
        assert_eq!(recipe.name(), Recipe::default().name());
    }
}
