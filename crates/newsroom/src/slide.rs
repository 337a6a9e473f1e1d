//! A slide: one place in a story's gallery.
//!
//! What the desk typed lies here; what the photo's file says lies in its facts. Where the desk typed nothing the
//! file's value is shown and follows the file when mended metadata comes in (ARCHITECTURE.md, invariant 5).

use serde::{Deserialize, Serialize};

use crate::focus::Focus;
use crate::id::{PhotoId, SlideId};
use crate::moment::Moment;
use crate::restriction::{Restriction, RestrictionKind};

/// A restriction as an editor saw it when it was cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearedRestriction {
    /// What it restricted.
    pub kind: RestrictionKind,
    /// Its words, as they stood then.
    pub source_text: String,
}

/// An editor's decision that these restrictions do not stand against publishing this slide (R12). One that comes later,
/// or one whose words have changed, is not cleared by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearing {
    /// Why, in the editor's words; those of the last clearing.
    pub reason: String,
    /// When, the last time.
    pub at: Moment,
    /// What was cleared, the first time and since.
    #[serde(default)]
    pub cleared: Vec<ClearedRestriction>,
}

impl Clearing {
    /// Whether this restriction is one of the cleared ones.
    pub fn covers(&self, restriction: &Restriction) -> bool {
        self.cleared
            .iter()
            .any(|one| one.kind == restriction.kind && one.source_text == restriction.source_text)
    }

    /// Clears restrictions beside those that an earlier clearing has cleared.
    pub fn add(
        earlier: Option<Self>,
        restrictions: &[Restriction],
        reason: impl Into<String>,
        at: Moment,
    ) -> Self {
        let mut clearing =
            Self { reason: reason.into(), at, cleared: earlier.map_or_else(Vec::new, |one| one.cleared) };
        for one in restrictions {
            if !clearing.covers(one) {
                let source_text = one.source_text.clone();
                clearing.cleared.push(ClearedRestriction { kind: one.kind, source_text });
            }
        }
        clearing
    }
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
    /// The point that cuts of the picture keep, where the desk set one.
    #[serde(default)]
    pub focus: Option<Focus>,
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
            focus: None,
        }
    }
}
