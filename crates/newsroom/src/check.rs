//! The check before publishing: lenient while drafting, strict when publishing. A refusal stops it; a warning
//! (amber) is shown to the desk and stops nothing (R9, R37, R38).
//! The codes, their levels and rules are listed in `docs/checks.md`.

mod alternative;
mod body;
mod dating;
mod english;
mod finding;
mod gazetteer;
mod grammar;
mod letters;
mod names;
mod persons;
mod reading;
mod refusals;
mod signs;
mod twice;
mod whereabouts;
mod wording;

use serde::{Deserialize, Serialize};

use crate::facts::PhotoFacts;
use crate::moment::Moment;
use crate::refusal::{Correction, Refusal, SlidePlace, Span};
use crate::shown::ShownSlide;
use crate::slide::Slide;
use crate::story::Story;
use crate::style::HouseStyle;
use finding::Desk;
use reading::Reading;

/// The most characters of one text field (R41).
pub const FIELD_CHARS: usize = 10_000;

/// What state a slide's photo is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoState {
    /// Its renditions stand.
    Developed,
    /// It waits for development, or is being developed.
    Waiting,
    /// It could not be developed, for the reason given, one plain sentence without a full stop.
    Refused(String),
    /// It was withdrawn.
    Withdrawn,
}

/// A slide with all that the checks look at.
#[derive(Debug, Clone)]
pub struct CheckedSlide<'a> {
    /// The slide as the desk keeps it.
    pub slide: &'a Slide,
    /// What readers would see of it ([`crate::shown::show`]).
    pub shown: &'a ShownSlide,
    /// The facts of its photo.
    pub facts: Option<&'a PhotoFacts>,
    /// The state of its photo; `None` where the picture is still to come.
    pub photo: Option<PhotoState>,
}

/// What happens where something is missing that may be allowed to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Publishing is refused.
    #[default]
    Refuse,
    /// Publishing goes on.
    Allow,
}

/// What may be missing (`--allow-missing alt,picture`). The credit is not among it (R10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllowMissing {
    /// Alt text.
    pub alt: Missing,
    /// Pictures still to come.
    pub picture: Missing,
}

/// Something the desk should look at; it stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable, lower case with underscores: `weekday_disagrees`.
    pub code: &'static str,
    /// One plain sentence.
    pub sentence: String,
    /// The slide concerned.
    pub slide: Option<SlidePlace>,
    /// The field concerned.
    pub field: Option<&'static str>,
    /// The newsroom rule behind it.
    pub rule: Option<&'static str>,
    /// What of the field's text it is about, where it is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Span>,
    /// What would put it right, where that is safe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
}

/// What the check found, in the order of the story.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// What stops publishing.
    pub refusals: Vec<Refusal>,
    /// What the desk should look at.
    pub warnings: Vec<Warning>,
}

impl CheckReport {
    /// Whether the story may be published.
    pub fn passes(&self) -> bool {
        self.refusals.is_empty()
    }
}

/// How a story is looked at: what may be missing, and what the house asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// What may be missing.
    pub allow: AllowMissing,
    /// What is asked of captions.
    pub style: HouseStyle,
}

/// Checks a story for publishing at `now`. `slides` are the story's, in order.
pub fn check_for_publishing(
    story: &Story,
    slides: &[CheckedSlide<'_>],
    now: Moment,
    options: &CheckOptions,
) -> CheckReport {
    // The time readers see decides what is later than the story; an unpublished one is published now.
    let published = story.moments.shown.map_or(now, |shown| shown.at);
    let mut report = CheckReport::default();
    refusals::check_story(story, slides, now, &mut report);
    body::check(story, &mut report);
    let readings: Vec<Reading<'_>> = slides.iter().map(|slide| Reading::of(slide, &story.language)).collect();
    for (index, (checked, reading)) in slides.iter().zip(&readings).enumerate() {
        let mut desk = Desk { checked, reading, number: index + 1, report: &mut report };
        refusals::check_slide(&mut desk, options.allow);
        refusals::check_restrictions(&mut desk);
        if !reading.text.is_empty() {
            dating::check(&mut desk, published, &options.style);
            wording::check(&mut desk, &options.style);
            letters::check(&mut desk);
            signs::check(&mut desk);
            grammar::check(&mut desk, &options.style);
            whereabouts::check(&mut desk, &options.style);
            persons::check(&mut desk);
        }
        alternative::check(&mut desk);
    }
    twice::check(slides, &readings, &mut report);
    names::check(story, slides, &readings, &mut report);
    report
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;
