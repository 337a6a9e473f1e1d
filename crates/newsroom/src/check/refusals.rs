//! What stops publishing (red).

use super::finding::{Desk, Finding};
use super::reading::Text;
use super::{AllowMissing, CheckReport, CheckedSlide, FIELD_CHARS, Missing, PhotoState, Warning};
use crate::moment::Moment;
use crate::refusal::Refusal;
use crate::restriction::Effect;
use crate::story::Story;

pub(super) fn check_story(story: &Story, slides: &[CheckedSlide<'_>], now: Moment, report: &mut CheckReport) {
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
        report.warnings.push(about_shown("shown_time_unconfirmed", sentence));
    }
    if shown.is_some_and(|shown| shown.at > now) {
        let sentence = "The time that readers see lies in the future.";
        report.warnings.push(about_shown("shown_time_in_future", sentence));
    }
}

/// A warning about the time that readers see.
fn about_shown(code: &'static str, sentence: &str) -> Warning {
    Finding::new(code, "R30", sentence).warning("shown", None, &Text::plain("", ""))
}

pub(super) fn check_slide(desk: &mut Desk<'_, '_>, allow: AllowMissing) {
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
            let sentence =
                "The alternative text is missing; say what the picture shows, or allow that it is missing.";
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
pub(super) fn check_restrictions(desk: &mut Desk<'_, '_>) {
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
                "The photo demands its credit (\"{quote}\", in {place}); give a credit that holds the demanded words, or have an editor clear it with a reason."
            );
            desk.refuse("restricted", "credit", Some("R10"), sentence);
        } else {
            let sentence = format!(
                "The photo is restricted (\"{quote}\", in {place}); an editor may clear it with a reason."
            );
            desk.refuse("restricted", "clearing", Some("R12"), sentence);
        }
    }
}

fn refuse_photo(desk: &mut Desk<'_, '_>, allow: AllowMissing) {
    let (code, rule, sentence) = match &desk.checked.photo {
        Some(PhotoState::Developed) => return,
        None if allow.picture == Missing::Allow => return,
        None => (
            "picture_missing",
            Some("R32"),
            "The picture is still to come; add it, or allow that it is missing.".to_owned(),
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
