//! A story: headline, lede, body, tags and an ordered row of slides.

use serde::{Deserialize, Serialize};

use crate::id::{SlideId, StoryId};
use crate::moment::Moment;
use crate::slide::Slide;
use crate::slug::Slug;

/// The way a text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of HTML's `dir`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }

    /// The way a language's usual script runs, from its BCP 47 tag.
    pub fn of_language(tag: &str) -> Self {
        let rtl = ["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "ku-arab", "pa-arab"];
        let tag = tag.to_ascii_lowercase();
        let primary = tag.split('-').next().unwrap_or_default();
        if rtl.contains(&primary) || rtl.contains(&tag.as_str()) { Self::Rtl } else { Self::Ltr }
    }
}

/// The time that readers see (R30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownTime {
    /// The moment.
    pub at: Moment,
    /// Not confirmed by the desk: an import may have taken the site's clock for it (R30).
    pub unconfirmed: bool,
}

/// The moments of a story's life; state is a named moment, not a flag (ARCHITECTURE.md, invariant 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryMoments {
    /// Draft begun.
    pub created: Moment,
    /// Last change of the draft.
    pub changed: Moment,
    /// First published; never changes afterwards.
    pub first_published: Option<Moment>,
    /// Last published; what readers see was frozen then.
    pub published: Option<Moment>,
    /// The time that readers see.
    pub shown: Option<ShownTime>,
    /// Withdrawn; `None` again when the withdrawal was undone.
    pub withdrawn: Option<Moment>,
}

/// Counts that came with an import, added to what Halftone counts itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterOffsets {
    /// Comments.
    pub comments: u64,
    /// Views.
    pub views: u64,
}

/// A story as the desk keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Permanent.
    pub id: StoryId,
    /// Its name in addresses; unique. An old one becomes a printed redirect.
    pub slug: Slug,
    /// Its name in the short URL; unique, permanent.
    pub short_code: String,
    /// Grows by one with each change; `story put` refuses a file made from an older one.
    pub revision: i64,
    /// Section, such as `Photo`.
    pub section: String,
    /// Headline; empty while a draft has none.
    pub headline: String,
    /// One to three sentences that can stand alone (R33).
    pub lede: String,
    /// Paragraphs, in Markdown (CommonMark).
    pub body: String,
    /// Dateline, where the desk writes one.
    pub dateline: Option<String>,
    /// Bylines of the text.
    pub bylines: Vec<String>,
    /// Tags, as readers see them (R35).
    pub tags: Vec<String>,
    /// The slide whose photo is the cover; the first slide when the desk chose none.
    pub cover: Option<SlideId>,
    /// Language of the story (BCP 47).
    pub language: String,
    /// The way its text runs.
    pub direction: Direction,
    /// In order of showing.
    pub slides: Vec<Slide>,
    /// Its moments.
    pub moments: StoryMoments,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// Imported counts.
    pub offsets: CounterOffsets,
    /// Lines of an imported page that were not understood, kept as they were.
    pub kept_lines: Vec<String>,
}
