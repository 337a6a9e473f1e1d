//! What two people changed at the same time: found field by field, against the state that both began with.

use newsroom::refusal::Refusal;
use newsroom::slide::Slide;
use newsroom::story::Story;

use crate::exchange::story_file::{SlideEntry, StoryFile};

/// The fields that `file` changes and that are no longer what they were at `base`.
pub(super) fn changed_by_both(base: &Story, now: &Story, file: &StoryFile) -> Vec<Refusal> {
    let mut both: Vec<Refusal> = of_story(base, now, file).map(|field| stale().field(field)).collect();
    let ids = |story: &Story| story.slides.iter().map(|slide| slide.id.clone()).collect::<Vec<_>>();
    if file.slide.is_some() && ids(base) != ids(now) {
        both.push(stale().field("slides"));
    }
    for entry in file.slide.iter().flatten().chain(&file.edits) {
        let Some(id) = &entry.id else { continue };
        let find = |story: &Story| {
            let at = story.slides.iter().position(|slide| slide.id.as_str() == id)?;
            Some((at + 1, story.slides.get(at)?.clone()))
        };
        match (find(base), find(now)) {
            (Some((_, before)), Some((number, after))) => {
                let fields = of_slide(&before, &after, entry);
                both.extend(fields.map(|field| stale().slide(&after.id, number).field(field)));
            }
            (Some((number, before)), None) => {
                let sentence = "Somebody has taken this slide out of the story meanwhile.";
                both.push(Refusal::new("stale_revision", sentence).slide(&before.id, number).field("slides"));
            }
            _ => {}
        }
    }
    both
}

fn stale() -> Refusal {
    Refusal::new("stale_revision", "Somebody has changed this meanwhile.")
}

/// Whether a text is another than both began with, and not what is wanted now anyway.
fn both(mine: Option<&String>, before: &str, now: &str) -> bool {
    mine.is_some_and(|mine| before != now && mine.trim() != now.trim())
}

fn of_story(base: &Story, now: &Story, file: &StoryFile) -> impl Iterator<Item = &'static str> {
    let dateline = |story: &Story| story.dateline.clone().unwrap_or_default();
    let fields = [
        ("headline", both(file.headline.as_ref(), &base.headline, &now.headline)),
        ("section", both(file.section.as_ref(), &base.section, &now.section)),
        ("slug", both(file.slug.as_ref(), base.slug.as_str(), now.slug.as_str())),
        ("language", both(file.language.as_ref(), &base.language, &now.language)),
        ("direction", both(file.direction.as_ref(), base.direction.as_str(), now.direction.as_str())),
        ("dateline", both(file.dateline.as_ref(), &dateline(base), &dateline(now))),
        (
            "bylines",
            file.bylines.as_ref().is_some_and(|mine| base.bylines != now.bylines && *mine != now.bylines),
        ),
        ("tags", file.tags.as_ref().is_some_and(|mine| base.tags != now.tags && *mine != now.tags)),
        ("cover", file.cover.is_some() && base.cover != now.cover),
        ("shown", file.shown.is_some() && base.moments.shown != now.moments.shown),
        ("lede", both(file.lede.as_ref(), &base.lede, &now.lede)),
        ("body", both(file.body.as_ref(), &base.body, &now.body)),
    ];
    fields.into_iter().filter(|(_, both)| *both).map(|(field, _)| field)
}

fn of_slide(before: &Slide, after: &Slide, entry: &SlideEntry) -> impl Iterator<Item = &'static str> {
    // `None` is what the file says, which is another text than none at all.
    let text = |mine: &Option<String>, before: &Option<String>, now: &Option<String>| {
        mine.as_ref().is_some_and(|mine| before != now && now.as_ref().is_none_or(|now| mine.trim() != now))
    };
    let fields = [
        ("photo", entry.photo.is_some() && before.photo != after.photo),
        ("caption", text(&entry.caption, &before.caption, &after.caption)),
        ("alt", text(&entry.alt, &before.alt, &after.alt)),
        (
            "long_description",
            text(&entry.long_description, &before.long_description, &after.long_description),
        ),
        ("credit", text(&entry.credit, &before.credit, &after.credit)),
        ("place", text(&entry.place, &before.place, &after.place)),
        ("date", text(&entry.date, &before.date, &after.date)),
        ("language", text(&entry.language, &before.language, &after.language)),
        ("focus", entry.focus.is_some() && before.focus != after.focus),
    ];
    fields.into_iter().filter(|(_, both)| *both).map(|(field, _)| field)
}
