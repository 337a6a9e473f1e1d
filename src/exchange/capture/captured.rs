//! What a reading gives: a draft, and what became of each line of the page.

use newsroom::facts::PartialDate;
use newsroom::story::{Direction, ShownTime};
use serde::Serialize;

/// A photo-story page as a draft. Texts hold at most 10,000 characters each (R41) with their white space tidied;
/// they are plain text, not Markdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Captured {
    /// The page's date as it stood for machines (R30), or a date without a time.
    pub machine_date: Option<PartialDate>,
    /// The time that the page showed to readers: always unconfirmed, and in UTC where it named no zone (R30).
    pub shown: Option<ShownTime>,
    /// Section.
    pub section: Option<String>,
    /// Headline.
    pub headline: Option<String>,
    /// The counts that the page showed, where it showed two or named them (R31).
    pub counters: Option<Counters>,
    /// The gallery in order; at most [`MAX_SLIDES`].
    pub slides: Vec<CapturedSlide>,
    /// Index, from 0, of the first slide whose caption is repeated as the cover's (R32).
    pub cover_slide: Option<usize>,
    /// The paragraph that can stand alone (R33).
    pub lede: Option<String>,
    /// The paragraphs after the lede.
    pub body: Vec<String>,
    /// Notices at the foot (R34), their marks removed here and in every text.
    pub notices: Vec<CapturedNotice>,
    /// Tags in the page's order, each once (R35).
    pub tags: Vec<String>,
    /// Language by script and small words: `en`, `de`, `fr`, `es`, `pt`, `ru`, `ar`, else `und`.
    pub language: &'static str,
    /// The way that most of the page's letters run.
    pub direction: Direction,
    /// Groups of slides with the same caption (R37), as indices from 0.
    pub duplicate_captions: Vec<Vec<usize>>,
    /// What became of each non-empty line, in order, each once.
    pub lines: Vec<LineReport>,
    /// Non-empty lines after the 20,000th, which were not read.
    pub unread_lines: usize,
    /// What was left out because it passed a limit.
    pub limits: Vec<LimitReached>,
}

/// At most so many slides are taken from a page; more are reported and their lines kept.
pub const MAX_SLIDES: usize = 500;

/// A page's two counts (R31). One is missing where the page named only the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Comments.
    pub comments: Option<u64>,
    /// Views.
    pub views: Option<u64>,
}

/// A slide whose picture is still to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CapturedSlide {
    /// Caption as the page had it, without bullet and typed notice marks.
    pub caption: String,
    /// The date on which the caption says that the picture was made.
    pub date: Option<PartialDate>,
    /// The place that the caption states with the date.
    pub place: Option<String>,
}

/// A note from the page's foot (R34).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CapturedNotice {
    /// What it is about, as the note itself names it; where it does not, as the text does.
    pub term: String,
    /// Other forms of the term that carried the mark in the text (inflections, mostly).
    pub variants: Vec<String>,
    /// The note without its mark.
    pub text: String,
}

/// A field of the draft, as a line's fate names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The date for machines.
    MachineDate,
    /// The time for readers.
    ShownTime,
    /// A link to register or sign in: understood, and not part of a draft.
    RegisterLink,
    /// The section.
    Section,
    /// The headline.
    Headline,
    /// The counts of comments and views.
    Counters,
    /// A slide's caption.
    Slide,
    /// A slide's number standing alone: understood, and not part of a draft.
    SlideNumber,
    /// The caption repeated under the cover.
    CoverCaption,
    /// The lede.
    Lede,
    /// A paragraph of the body.
    Body,
    /// A notice.
    Notice,
    /// The tags.
    Tags,
}

impl Field {
    /// The field's name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MachineDate => "machine_date",
            Self::ShownTime => "shown_time",
            Self::RegisterLink => "register_link",
            Self::Section => "section",
            Self::Headline => "headline",
            Self::Counters => "counters",
            Self::Slide => "slide",
            Self::SlideNumber => "slide_number",
            Self::CoverCaption => "cover_caption",
            Self::Lede => "lede",
            Self::Body => "body",
            Self::Notice => "notice",
            Self::Tags => "tags",
        }
    }
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is, or is part of, this field.
    Field(Field),
    /// It fits no field; its text is kept in the report.
    NotUnderstood,
}

/// One non-empty line of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineReport {
    /// Number in the file, from 1.
    pub number: usize,
    /// Its text without outer white space and control characters, at most 10,000 characters.
    pub text: String,
    /// What became of it.
    pub fate: Fate,
}

/// Something passed a limit (R41).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "limit", rename_all = "snake_case")]
pub enum LimitReached {
    /// A line had more than 10,000 characters; the rest was left out.
    LineCut {
        /// The line's number, from 1.
        number: usize,
    },
    /// A text that spans lines had more than 10,000 characters; the rest was left out.
    TextCut {
        /// The number of the text's first line.
        number: usize,
    },
    /// The gallery went on after [`MAX_SLIDES`] slides.
    SlidesLeftOut {
        /// How many slides were left out; their lines are kept as not understood.
        slides: usize,
    },
}
