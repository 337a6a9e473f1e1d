//! What of a file is too long to be taken (R41).

use newsroom::bounds::{list, slides, text};
use newsroom::id::SlideId;
use newsroom::refusal::Refusal;
use newsroom::story::Story;

use super::{SlideEntry, StoryFile};

/// All that is too long in a file.
pub(super) fn too_long(file: &StoryFile, story: &Story) -> Vec<Refusal> {
    let texts = [
        ("headline", &file.headline),
        ("section", &file.section),
        ("slug", &file.slug),
        ("dateline", &file.dateline),
        ("lede", &file.lede),
        ("body", &file.body),
    ];
    let lists = [("bylines", &file.bylines), ("tags", &file.tags)];
    let texts = texts.into_iter().filter_map(|(field, value)| text(field, value.as_deref()?));
    let lists = lists.into_iter().filter_map(|(field, value)| list(field, value.as_deref()?));
    let entries = file.slide.as_deref().unwrap_or_default();
    texts
        .chain(lists)
        .chain(slides(entries.len()))
        .chain(entries.iter().chain(&file.edits).flat_map(|entry| of_slide(entry, story)))
        .collect()
}

fn of_slide<'e>(entry: &'e SlideEntry, story: &Story) -> impl Iterator<Item = Refusal> + use<'e> {
    let id = entry.id.as_ref().and_then(|id| id.parse::<SlideId>().ok());
    let at = story.slides.iter().position(|slide| Some(&slide.id) == id.as_ref());
    let place = id.zip(at);
    let texts = [
        ("caption", &entry.caption),
        ("alt", &entry.alt),
        ("long_description", &entry.long_description),
        ("credit", &entry.credit),
        ("place", &entry.place),
        ("date", &entry.date),
    ];
    texts.into_iter().filter_map(move |(field, value)| {
        let refusal = text(field, value.as_deref()?)?;
        Some(match &place {
            Some((id, at)) => refusal.slide(id, at + 1),
            None => refusal,
        })
    })
}
