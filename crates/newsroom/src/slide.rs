//! A slide: one place in a story's gallery.
//!
//! What the desk typed lies here; what the photo's file says lies in its facts. Where the desk typed nothing the
//! file's value is shown and follows the file when mended metadata comes in (ARCHITECTURE.md, invariant 5).

use serde::{Deserialize, Serialize};

use crate::id::{PhotoId, SlideId};
use crate::moment::Moment;

/// An editor's decision that a restriction does not stand against publishing this slide (R12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearing {
    /// Why, in the editor's words.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// A slide as the desk keeps it. Each `Option<String>` is the desk's own text: `None` means "as the photo's file
/// has it", `Some("")` means "none, by the desk's decision".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slide {
    /// Permanent inside the story.
    pub id: SlideId,
    /// The photo, where one is there; a slide read from a captured page has none yet.
    pub photo: Option<PhotoId>,
    /// A photo proposed for a slide without one; never shown until the desk accepts it.
    pub proposed: Option<PhotoId>,
    /// Caption.
    pub caption: Option<String>,
    /// Alternative text.
    pub alt: Option<String>,
    /// Long description, shown beside the picture (WCAG 1.1.1).
    pub long_description: Option<String>,
    /// Credit.
    pub credit: Option<String>,
    /// Place line, such as `Baghdad, Iraq`.
    pub place: Option<String>,
    /// Date line: ISO 8601, perhaps partial.
    pub date: Option<String>,
    /// Language of the caption (BCP 47), where it is not the story's (WCAG 3.1.2).
    pub language: Option<String>,
    /// The clearing of restrictions, where an editor gave one.
    pub clearing: Option<Clearing>,
}

impl Slide {
    /// A slide with nothing but its id.
    pub fn empty(id: SlideId) -> Self {
        Self {
            id,
            photo: None,
            proposed: None,
            caption: None,
            alt: None,
            long_description: None,
            credit: None,
            place: None,
            date: None,
            language: None,
            clearing: None,
        }
    }
}
