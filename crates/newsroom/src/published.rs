//! The published record: what publishing froze. Pages, feeds and the metadata in public files are made from it and
//! from nothing else, so that a later edit of the draft changes nothing that readers see until it is published.

use serde::{Deserialize, Serialize};

use crate::facts::Licensor;
use crate::focus::Focus;
use crate::id::{PhotoId, SlideId, StoryId};
use crate::moment::Moment;
use crate::slug::Slug;
use crate::story::{CounterOffsets, Direction, ShownTime};

/// Width and height in pixels, upright (after orientation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PixelSize {
    /// Width, at least 1.
    pub width: u32,
    /// Height, at least 1.
    pub height: u32,
}

/// A photo's public pictures: where they are and how large. Every file lies under `base`; its name says what it is, so
/// that a set which is not there yet is an empty list and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Root-relative, without a slash at the end: `/i/<token>/<version>`.
    pub base: String,
    /// The whole picture in JPEG, smallest first; never empty, never enlarged. Files: `{width}.jpg`, where `width` is
    /// the width in pixels of that rendition.
    pub sizes: Vec<PixelSize>,
    /// Sizes in bytes of the files of `sizes`, in the same order; empty where nobody counted them.
    #[serde(default)]
    pub bytes: Vec<u64>,
    /// The same ladder in AVIF, smallest first; empty until all of it stands. Files: `{width}.avif`.
    #[serde(default)]
    pub avif: Vec<PixelSize>,
    /// Cuts of 3:2 for lists in JPEG, smallest first; empty until they stand, and for good where the photo must not be
    /// cropped (R12). Files: `card-{width}.jpg`.
    #[serde(default)]
    pub cards: Vec<PixelSize>,
    /// The same cuts in AVIF. Files: `card-{width}.avif`.
    #[serde(default)]
    pub cards_avif: Vec<PixelSize>,
    /// The cut for link previews (R22), under the same conditions as the cuts for lists. File: `social.jpg`.
    #[serde(default)]
    pub social: Option<PixelSize>,
    /// Mean colour as `#rrggbb`, shown while the picture loads.
    pub colour: String,
}

/// The rights metadata that goes into a public file (R5), after the firewall (R11).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rights {
    /// Creators.
    pub creators: Vec<String>,
    /// The credit as shown.
    pub credit: String,
    /// Copyright notice.
    pub copyright: Option<String>,
    /// Usage terms.
    pub usage_terms: Option<String>,
    /// Web statement of rights.
    pub web_statement: Option<String>,
    /// Licensors.
    pub licensors: Vec<Licensor>,
    /// The caption as published.
    pub description: String,
    /// The alt text as published.
    pub alt: Option<String>,
    /// Date only, ISO 8601.
    pub date_created: Option<String>,
    /// Digital source type code (R28).
    pub digital_source_type: Option<String>,
    /// Data mining code (R29).
    pub data_mining: Option<String>,
    /// GUID of the source image.
    pub source_guid: Option<String>,
    /// Language of the caption (BCP 47).
    pub language: String,
}

/// What a reader is told about a picture's standing (R11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderStatus {
    /// From the archive, not of the day.
    File,
    /// Given out by a party concerned.
    Handout,
    /// Posed.
    Posed,
    /// Not independently verified.
    Unverified,
    /// Graphic content.
    Graphic,
    /// Made or altered by a generative model (R28).
    Synthetic,
}

/// A slide as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedSlide {
    /// Permanent id.
    pub id: SlideId,
    /// The photo; `None` for a picture still to come.
    pub photo: Option<PhotoId>,
    /// Caption after the firewall (R11), without its sign-off.
    pub caption: String,
    /// Credit (R10); empty only where no picture is there.
    pub credit: String,
    /// Alternative text; `None` prints "Photo 4 of 15, see caption" (WCAG 1.1.1).
    pub alt: Option<String>,
    /// Long description.
    pub long_description: Option<String>,
    /// Place line.
    pub place: Option<String>,
    /// Date, ISO 8601, perhaps partial.
    pub date: Option<String>,
    /// Language of the caption, where it is not the story's.
    pub language: Option<String>,
    /// What readers are told.
    pub statuses: Vec<ReaderStatus>,
    /// Rights for the public file.
    pub rights: Rights,
    /// The point that cuts keep: the desk's, else the one that the photo's metadata points out, else `None`, which
    /// leaves it to what was measured.
    #[serde(default)]
    pub focus: Option<Focus>,
    /// Whether cuts of the picture may be shown. A photo that came with `NO CROPPING` (R12) is shown whole everywhere.
    /// A record from before this was written down says nothing of it: then nothing is cut.
    #[serde(default = "unknown_cuts")]
    pub cuts: Cuts,
}

fn unknown_cuts() -> Cuts {
    Cuts::Forbidden
}

/// Whether a picture may be cut to another shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cuts {
    /// Cards and link previews may show a part of it.
    Allowed,
    /// It is shown whole, or not at all.
    Forbidden,
}

/// A note that corrects what readers were told (R20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// When it was published.
    pub at: Moment,
    /// What was wrong, and what is right.
    pub text: String,
}

/// A story as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedStory {
    /// Permanent.
    pub id: StoryId,
    /// Name in addresses.
    pub slug: Slug,
    /// Name in the short URL.
    pub short_code: String,
    /// Section.
    pub section: String,
    /// Headline.
    pub headline: String,
    /// Lede; may be empty.
    pub lede: String,
    /// Body in Markdown; may be empty.
    pub body: String,
    /// Dateline.
    pub dateline: Option<String>,
    /// Bylines.
    pub bylines: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// The slide whose picture is the cover: always one of `slides`.
    pub cover: SlideId,
    /// Language.
    pub language: String,
    /// Direction.
    pub direction: Direction,
    /// Slides in order; at least one.
    pub slides: Vec<PublishedSlide>,
    /// First published.
    pub first_published: Moment,
    /// The time that readers see.
    pub shown: ShownTime,
    /// Imported counts.
    pub offsets: CounterOffsets,
    /// What was corrected since it was first published, oldest first. They stay for as long as the story does.
    #[serde(default)]
    pub corrections: Vec<Correction>,
}
