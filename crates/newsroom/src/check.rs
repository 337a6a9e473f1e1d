//! The check before publishing: lenient while drafting, strict when publishing. A refusal stops it; a warning
//! (amber) is shown to the desk and stops nothing (R9, R37, R38).
//!
//! | Code | Rule | What is refused |
//! |---|---|---|
//! | `headline_missing`, `section_missing`, `no_slides`, `cover_unknown` | | a story that is no story |
//! | `caption_missing` | R32 | a slide without a caption |
//! | `credit_missing` | R10 | a picture without a credit; nothing overrules it |
//! | `restricted` | R12, R10 | a restriction that no editor cleared, a demanded credit that is not given; the sentence quotes it |
//! | `alt_missing` | 1.1.1 | a picture without alt text, unless allowed |
//! | `picture_missing` | R32 | a slide whose picture is still to come, unless allowed |
//! | `photo_not_developed`, `photo_refused`, `photo_withdrawn` | R16 | a picture that cannot or must not be shown |
//! | `caption_date_after_publication` | R38 | a caption dated later than the story |
//! | `text_too_long` | R41 | a text of more than 10,000 characters |

mod caption_lint;
mod dating;
mod slide_lint;

use serde::Serialize;

use crate::facts::PhotoFacts;
use crate::moment::Moment;
use crate::refusal::{Refusal, SlidePlace};
use crate::restriction::Effect;
use crate::shown::ShownSlide;
use crate::slide::Slide;
use crate::story::Story;

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Missing {
    /// Publishing is refused.
    #[default]
    Refuse,
    /// Publishing goes on.
    Allow,
}

/// What may be missing (`--allow-missing alt,picture`). The credit is not among it (R10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

/// Checks a story for publishing at `now`. `slides` are the story's, in order.
pub fn check_for_publishing(
    story: &Story,
    slides: &[CheckedSlide<'_>],
    now: Moment,
    allow: AllowMissing,
) -> CheckReport {
    // The time readers see decides what is later than the story; an unpublished one is published now.
    let published = story.moments.shown.map_or(now, |shown| shown.at);
    let mut report = CheckReport::default();
    check_story(story, slides, now, &mut report);
    for (index, checked) in slides.iter().enumerate() {
        let mut desk = SlideDesk { checked, number: index + 1, report: &mut report };
        refuse_slide(&mut desk, allow);
        refuse_restrictions(&mut desk, story.slug.as_str());
        dating::check(&mut desk, published);
        caption_lint::check(&mut desk);
        slide_lint::check(&mut desk);
    }
    slide_lint::check_duplicates(slides, &mut report);
    report
}

/// One slide and where its findings go.
struct SlideDesk<'s, 'a, 'r> {
    checked: &'s CheckedSlide<'a>,
    number: usize,
    report: &'r mut CheckReport,
}

impl SlideDesk<'_, '_, '_> {
    fn refuse(
        &mut self,
        code: &'static str,
        field: &'static str,
        rule: Option<&'static str>,
        sentence: String,
    ) {
        let mut refusal =
            Refusal::new(code, sentence).slide(&self.checked.slide.id, self.number).field(field);
        refusal.rule = rule;
        self.report.refusals.push(refusal);
    }

    fn warn(&mut self, code: &'static str, field: &'static str, rule: &'static str, sentence: String) {
        let slide = Some(SlidePlace { id: self.checked.slide.id.clone(), number: self.number });
        self.report.warnings.push(Warning { code, sentence, slide, field: Some(field), rule: Some(rule) });
    }
}

fn check_story(story: &Story, slides: &[CheckedSlide<'_>], now: Moment, report: &mut CheckReport) {
    let refusals = &mut report.refusals;
    if story.headline.trim().is_empty() {
        refusals.push(
            Refusal::new("headline_missing", "The story has no headline; give it one.").field("headline"),
        );
    }
    if story.section.trim().is_empty() {
        refusals.push(
            Refusal::new("section_missing", "The story stands in no section; name one.").field("section"),
        );
    }
    if slides.is_empty() {
        refusals.push(
            Refusal::new("no_slides", "The story has no slide; add a photo.").field("slides").rule("R32"),
        );
    }
    if let Some(cover) = &story.cover
        && !slides.iter().any(|checked| checked.slide.id == *cover)
    {
        let sentence = format!("The cover is slide {cover}, which is not in the story; choose one that is.");
        refusals.push(Refusal::new("cover_unknown", sentence).field("cover").rule("R32"));
    }
    for (field, text) in [("headline", &story.headline), ("lede", &story.lede)] {
        if text.chars().count() > FIELD_CHARS {
            let sentence = format!("The {field} has more than 10,000 characters; shorten it.");
            refusals.push(Refusal::new("text_too_long", sentence).field(field).rule("R41"));
        }
    }
    let shown = story.moments.shown.as_ref();
    if shown.is_some_and(|shown| shown.unconfirmed) {
        let sentence = "The time that readers see came with an import and is not confirmed; it may be the clock of the captured site.";
        report.warnings.push(Warning::of_story("shown_time_unconfirmed", sentence, "shown", "R30"));
    }
    if shown.is_some_and(|shown| shown.at > now) {
        let sentence = "The time that readers see lies in the future.";
        report.warnings.push(Warning::of_story("shown_time_in_future", sentence, "shown", "R30"));
    }
}

impl Warning {
    fn of_story(code: &'static str, sentence: &str, field: &'static str, rule: &'static str) -> Self {
        Self { code, sentence: sentence.to_owned(), slide: None, field: Some(field), rule: Some(rule) }
    }
}

fn refuse_slide(desk: &mut SlideDesk<'_, '_, '_>, allow: AllowMissing) {
    let shown = desk.checked.shown;
    if shown.caption.given().is_none() {
        desk.refuse(
            "caption_missing",
            "caption",
            Some("R32"),
            "The caption is missing; write one.".to_owned(),
        );
    }
    refuse_photo(desk, allow);
    if desk.checked.photo.is_some() {
        if shown.credit.given().is_none() {
            let sentence = "The credit is missing; no photo is published without one.".to_owned();
            desk.refuse("credit_missing", "credit", Some("R10"), sentence);
        }
        if shown.alt.given().is_none() && allow.alt == Missing::Refuse {
            let sentence = "The alternative text is missing; say what the picture shows, or publish with --allow-missing alt.";
            desk.refuse("alt_missing", "alt", Some("WCAG 1.1.1"), sentence.to_owned());
        }
    }
    let slide = desk.checked.slide;
    let texts = [
        ("caption", &slide.caption),
        ("alt", &slide.alt),
        ("credit", &slide.credit),
        ("long_description", &slide.long_description),
        ("place", &slide.place),
    ];
    for (field, text) in texts {
        if text.as_ref().is_some_and(|text| text.chars().count() > FIELD_CHARS) {
            let sentence = "The text has more than 10,000 characters; shorten it.".to_owned();
            desk.refuse("text_too_long", field, Some("R41"), sentence);
        }
    }
}

/// One sentence for each text that restricts, however many kinds of restriction it holds.
fn refuse_restrictions(desk: &mut SlideDesk<'_, '_, '_>, story: &str) {
    let clear = format!("halftone clear {story} {} --reason TEXT", desk.checked.slide.id);
    let mut said: Vec<(bool, &str)> = Vec::new();
    for restriction in desk.checked.shown.uncleared() {
        let demands = restriction.kind.effect() == Effect::DemandsCredit;
        let (quote, place) = (restriction.source_text.as_str(), restriction.field);
        if said.contains(&(demands, quote)) {
            continue;
        }
        said.push((demands, quote));
        if demands {
            let sentence = format!(
                "The photo demands its credit (\"{quote}\", in {place}); give a credit that holds the demanded words, or clear it: {clear}"
            );
            desk.refuse("restricted", "credit", Some("R10"), sentence);
        } else {
            let sentence =
                format!("The photo is restricted (\"{quote}\", in {place}); an editor may clear it: {clear}");
            desk.refuse("restricted", "clearing", Some("R12"), sentence);
        }
    }
}

fn refuse_photo(desk: &mut SlideDesk<'_, '_, '_>, allow: AllowMissing) {
    let (code, rule, sentence) = match &desk.checked.photo {
        Some(PhotoState::Developed) => return,
        None if allow.picture == Missing::Allow => return,
        None => (
            "picture_missing",
            Some("R32"),
            "The picture is still to come; add it, or publish with --allow-missing picture.".to_owned(),
        ),
        Some(PhotoState::Waiting) => {
            ("photo_not_developed", None, "The photo is not developed yet; wait until it is, or ingest its file again where that was interrupted.".to_owned())
        }
        Some(PhotoState::Refused(why)) => {
            ("photo_refused", None, format!("The photo could not be developed ({why}); replace it."))
        }
        Some(PhotoState::Withdrawn) => {
            ("photo_withdrawn", Some("R16"), "The photo was withdrawn; take it out of the story.".to_owned())
        }
    };
    desk.refuse(code, "photo", rule, sentence);
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;
