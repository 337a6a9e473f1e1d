//! What a draft would be with texts that are not saved yet: for checks while somebody types. Nothing is changed.

use newsroom::refusal::Refusal;
use newsroom::shown::show;

use super::Draft;
use crate::exchange::story_file::{SlideNames, StoryFile, apply};

/// Puts texts into a draft that was loaded. `file` edits slides of the draft; the others stay as they are, and so does
/// their order.
///
/// # Errors
/// All that is wrong with the texts.
pub fn with_texts(draft: &mut Draft, file: &StoryFile) -> Result<(), Vec<Refusal>> {
    let unnamed = file.edits.iter().any(|entry| entry.id.is_none());
    if unnamed {
        let sentence = "A slide has no id; texts are checked for the slides that the story has.";
        return Err(vec![Refusal::new("slide_unnamed", sentence).field("id")]);
    }
    let touched: Vec<String> = file.edits.iter().filter_map(|entry| entry.id.clone()).collect();
    let others = file.language.is_some();
    let facts = if touched.is_empty() { Default::default() } else { draft.facts() };
    let names = SlideNames { facts: &facts, files: Default::default(), fresh: Vec::new() };
    apply(file, &mut draft.story, names)?;
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
