//! What of a file is too long to be taken (R41).

use newsroom::bounds::{list, slides, text};
use newsroom::refusal::Refusal;

use super::{SlideEntry, StoryFile};

/// All that is too long in a file.
pub(super) fn too_long(file: &StoryFile) -> Vec<Refusal> {
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
    texts.chain(lists).chain(slides(entries.len())).chain(entries.iter().flat_map(of_slide)).collect()
}

fn of_slide(entry: &SlideEntry) -> impl Iterator<Item = Refusal> + use<'_> {
    let texts = [
        ("caption", &entry.caption),
        ("alt", &entry.alt),
        ("long_description", &entry.long_description),
        ("credit", &entry.credit),
        ("place", &entry.place),
        ("date", &entry.date),
    ];
    texts.into_iter().filter_map(|(field, value)| text(field, value.as_deref()?))
}
