//! Corrections (R20): what was wrong stands at the foot of its story with the day on which that was told, oldest first.

use jiff::tz::TimeZone;
use newsroom::published::PublishedStory;

use super::marks::Marker;
use super::times::{TimeForms, day_in_words};
use crate::texts::Texts;

/// A correction as the templates show it.
pub(super) struct CorrectionNote {
    /// `2021-01-03`, in UTC as the time of the story (R30).
    pub day: String,
    /// `3 January 2021`.
    pub words: String,
    /// What was wrong and what is right, as paragraphs of HTML.
    pub text: Vec<String>,
}

/// The corrections of a story. They are read after its text, before the notes.
pub(super) fn corrections(
    story: &PublishedStory,
    marker: &mut Marker<'_>,
    texts: Texts,
) -> Vec<CorrectionNote> {
    let note = |correction: &newsroom::published::Correction| {
        let day = correction.at.as_timestamp().to_zoned(TimeZone::UTC).date();
        CorrectionNote {
            day: day.to_string(),
            words: day_in_words(day, texts),
            text: marker.paragraphs(&correction.text),
        }
    };
    story.corrections.iter().map(note).collect()
}

/// When a story was corrected last: the update time that stands beside its own (R30).
pub(super) fn updated(story: &PublishedStory, texts: Texts) -> Option<TimeForms> {
    story.corrections.last().map(|last| TimeForms::new(last.at, texts))
}
