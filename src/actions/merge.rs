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

fn of_story(base: &Story, now: &Story, file: &StoryFile) -> impl Iterator<Item = &'static str> {
    let fields = [
        ("headline", file.headline.is_some() && base.headline != now.headline),
        ("section", file.section.is_some() && base.section != now.section),
        ("slug", file.slug.is_some() && base.slug != now.slug),
        ("language", file.language.is_some() && base.language != now.language),
        ("direction", file.direction.is_some() && base.direction != now.direction),
        ("dateline", file.dateline.is_some() && base.dateline != now.dateline),
        ("bylines", file.bylines.is_some() && base.bylines != now.bylines),
        ("tags", file.tags.is_some() && base.tags != now.tags),
        ("cover", file.cover.is_some() && base.cover != now.cover),
        ("shown", file.shown.is_some() && base.moments.shown != now.moments.shown),
        ("lede", file.lede.is_some() && base.lede != now.lede),
        ("body", file.body.is_some() && base.body != now.body),
    ];
    fields.into_iter().filter(|(_, both)| *both).map(|(field, _)| field)
}

fn of_slide(before: &Slide, after: &Slide, entry: &SlideEntry) -> impl Iterator<Item = &'static str> {
    let fields = [
        ("photo", entry.photo.is_some() && before.photo != after.photo),
        ("caption", entry.caption.is_some() && before.caption != after.caption),
        ("alt", entry.alt.is_some() && before.alt != after.alt),
        (
            "long_description",
            entry.long_description.is_some() && before.long_description != after.long_description,
        ),
        ("credit", entry.credit.is_some() && before.credit != after.credit),
        ("place", entry.place.is_some() && before.place != after.place),
        ("date", entry.date.is_some() && before.date != after.date),
        ("language", entry.language.is_some() && before.language != after.language),
        ("focus", entry.focus.is_some() && before.focus != after.focus),
    ];
    fields.into_iter().filter(|(_, both)| *both).map(|(field, _)| field)
}
