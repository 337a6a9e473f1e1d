//! What is made of a photo. A recipe has a text name; whoever caches renditions hashes the name, so that a changed
//! recipe or a newer encoder makes new ones.

use serde::{Deserialize, Serialize};

/// Long edges of the fixed renditions in pixels, small to large (ARCHITECTURE.md, invariant 7).
pub const LADDER: [u32; 6] = [320, 640, 960, 1280, 1920, 2560];

/// Long edge of the largest rendition.
pub(crate) const LARGEST: u32 = 2560;

/// Changes when the same pixels come out as other bytes: a new encoder, other tables, another resize.
const ENCODER: &str = "jpegli0.10.2-420-1";

/// How the encoder orders a JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Passes {
    /// One pass, top to bottom.
    Sequential,
    /// Several passes, coarse to fine: about 5 % smaller, twice the time to make.
    Progressive,
}

/// What is made of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// JPEG quality on libjpeg's scale, 1 to 100.
    pub quality: u8,
    /// Order of the JPEG.
    pub passes: Passes,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { quality: 82, passes: Passes::Sequential }
    }
}

impl Recipe {
    /// Stable name of everything that decides the bytes of the renditions.
    pub fn name(&self) -> String {
        let widths: Vec<String> = LADDER.iter().map(u32::to_string).collect();
        let passes = match self.passes {
            Passes::Sequential => "sequential",
            Passes::Progressive => "progressive",
        };
        format!("jpeg/{ENCODER}/q{}/{passes}/long-{}", self.quality, widths.join("-"))
    }
}
