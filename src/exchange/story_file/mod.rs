//! A whole story as one text file (TOML 1.0): what `halftone story get` writes and `halftone story put` reads.
//!
//! In the file a field that is left out stays as it is. A slide's text that equals what the photo's own file says
//! keeps following the file; any other text is the desk's. The slides of the file, in its order, become the
//! slides of the story; a file without any `[[slide]]` leaves them alone.

mod apply;
mod bounds;
mod write;

use serde::Deserialize;

pub use apply::{FileFault, SlideNames, apply};
pub use write::{SlideText, file_differs, write};

/// A story's text file as read.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoryFile {
    /// The story's id; refused when it is another story's.
    pub story: Option<String>,
    /// The revision that the file was made from; refused when the story has changed since.
    pub revision: Option<i64>,
    /// Headline.
    pub headline: Option<String>,
    /// Section.
    pub section: Option<String>,
    /// Name in addresses.
    pub slug: Option<String>,
    /// Language (BCP 47).
    pub language: Option<String>,
    /// `ltr` or `rtl`.
    pub direction: Option<String>,
    /// Dateline.
    pub dateline: Option<String>,
    /// Bylines.
    pub bylines: Option<Vec<String>>,
    /// Tags.
    pub tags: Option<Vec<String>>,
    /// The cover: a slide's id, or the file name of its photo.
    pub cover: Option<String>,
    /// The time that readers see (RFC 3339); writing one confirms it.
    pub shown: Option<String>,
    /// Lede.
    pub lede: Option<String>,
    /// Body, in Markdown.
    pub body: Option<String>,
    /// Slides in order.
    pub slide: Option<Vec<SlideEntry>>,
    /// Slides that change where they are, each with its id: the others and the order stay. Not for text files, which show
    /// whole stories.
    #[serde(skip)]
    pub edits: Vec<SlideEntry>,
}

/// One slide of the file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SlideEntry {
    /// The slide's id; left out for a new slide, or when `file` names it.
    pub id: Option<String>,
    /// The original file name of the slide's photo, another way to name an existing slide.
    pub file: Option<String>,
    /// The photo's id; an empty text takes the photo off the slide.
    pub photo: Option<String>,
    /// Caption.
    pub caption: Option<String>,
    /// Alternative text.
    pub alt: Option<String>,
    /// Long description.
    pub long_description: Option<String>,
    /// Credit.
    pub credit: Option<String>,
    /// Place.
    pub place: Option<String>,
    /// Date, ISO 8601, perhaps partial.
    pub date: Option<String>,
    /// Language of the caption.
    pub language: Option<String>,
    /// The point that cuts keep, as shares from the left and from the top (`50% 33.3%`); an empty text leaves it to the
    /// photo's file, else to what was measured.
    pub focus: Option<String>,
}

impl StoryFile {
    /// Reads a file's text; the error names line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
}
