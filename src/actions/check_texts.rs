//! What a draft would be with texts that are not saved yet: for checks while somebody types. Nothing is changed.

use newsroom::refusal::Refusal;
use newsroom::shown::show;

use super::Draft;
use crate::exchange::story_file::{SlideEntry, SlideNames, StoryFile, apply};

/// Puts texts into a draft that was loaded. The entries of `file` are slides of the draft, each with its id; the others
/// stay as they are, and so does their order.
///
/// # Errors
/// All that is wrong with the texts.
pub fn with_texts(draft: &mut Draft, mut file: StoryFile) -> Result<(), Vec<Refusal>> {
    let changed = file.slide.take().unwrap_or_default();
    let unnamed = changed.iter().any(|entry| entry.id.is_none());
    if unnamed {
        let sentence = "A slide has no id; texts are checked for the slides that the story has.";
        return Err(vec![Refusal::new("slide_unnamed", sentence).field("id")]);
    }
    let touched: Vec<String> = changed.iter().filter_map(|entry| entry.id.clone()).collect();
    let others = file.language.is_some();
    if !changed.is_empty() {
        file.slide = Some(all_slides(draft, changed));
    }
    let facts = if touched.is_empty() { Default::default() } else { draft.facts() };
    let names = SlideNames { facts: &facts, files: Default::default(), fresh: Vec::new() };
    apply(&file, &mut draft.story, names)?;
    for index in 0..draft.story.slides.len() {
        let Some(slide) = draft.story.slides.get(index) else { break };
        let id = slide.id.to_string();
        if !others && !touched.contains(&id) {
            continue;
        }
        let seen = show(slide, draft.photo(index).map(|photo| &photo.facts), &draft.story.language);
        if let Some(shown) = draft.shown.get_mut(index) {
            *shown = seen;
        }
    }
    Ok(())
}

/// Every slide of the draft in its order: those with changes as they come, the others by their id alone. What names no
/// slide of it comes last, where it is refused.
fn all_slides(draft: &Draft, changed: Vec<SlideEntry>) -> Vec<SlideEntry> {
    let mut left = changed;
    let mut all: Vec<SlideEntry> = Vec::with_capacity(draft.story.slides.len());
    for slide in &draft.story.slides {
        let id = slide.id.to_string();
        let at = left.iter().position(|entry| entry.id.as_deref() == Some(&id));
        all.push(match at {
            Some(at) => left.remove(at),
            None => SlideEntry { id: Some(id), ..SlideEntry::default() },
        });
    }
    all.extend(left);
    all
}
