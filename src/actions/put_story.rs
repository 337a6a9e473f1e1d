//! Takes an edited text file for a story's draft.

use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use newsroom::story::Story;
use store::{ActError, Kept, Tx};

use super::audit::Deed;
use super::merge::changed_by_both;
use super::{Acted, Denied, Who, load_draft, must_reach, no_such_story, refuse};
use crate::app::App;
use crate::exchange::story_file::{SlideNames, StoryFile, apply};
use crate::jobs::{Job, enqueue};

/// Applies `file` to the draft; readers see nothing of it before the story is published again.
pub async fn put_story(app: &App, who: &Who, id: StoryId, file: &StoryFile) -> Result<Story, Denied> {
    let fresh: Vec<SlideId> = fresh_ids(app, file.slide.as_ref().map_or(0, Vec::len));
    let deed = Deed { who, at: app.now(), verb: "put_story" };
    let story = app.store().act(async |tx: &mut Tx| put(tx, id, file, &fresh, &deed).await).await?;
    Ok(story)
}

/// The same for what was made from an older revision: what nobody else has changed since is taken, and where both changed the
/// same all of it is refused, each such field with its own `stale_revision`.
pub async fn merge_story(app: &App, who: &Who, id: StoryId, file: &StoryFile) -> Result<Story, Denied> {
    let fresh: Vec<SlideId> = fresh_ids(app, file.slide.as_ref().map_or(0, Vec::len));
    let deed = Deed { who, at: app.now(), verb: "put_story" };
    let story = app.store().act(async |tx: &mut Tx| merge(tx, id, file, &fresh, &deed).await).await?;
    Ok(story)
}

async fn merge(
    tx: &mut Tx,
    id: StoryId,
    file: &StoryFile,
    fresh: &[SlideId],
    deed: &Deed<'_>,
) -> Acted<Story> {
    let now = tx.story(id).await?;
    let stale = now.filter(|now| file.revision.is_some_and(|revision| revision != now.revision));
    let Some(now) = stale else { return put(tx, id, file, fresh, deed).await };
    must_reach(tx, deed.who, Permission::WriteStories, id).await?;
    let made_from = file.revision.unwrap_or_default();
    let Some(base) = tx.story_at(id, made_from).await? else { return put(tx, id, file, fresh, deed).await };
    let both = changed_by_both(&base, &now, file);
    if !both.is_empty() {
        return Err(ActError::Refused(both));
    }
    let file = StoryFile { revision: Some(now.revision), ..file.clone() };
    put(tx, id, &file, fresh, deed).await
}

async fn put(tx: &mut Tx, id: StoryId, file: &StoryFile, fresh: &[SlideId], deed: &Deed<'_>) -> Acted<Story> {
    must_reach(tx, deed.who, Permission::WriteStories, id).await?;
    let Some(draft) = load_draft(tx, id).await? else { return refuse(no_such_story(&id.to_string())) };
    let mut facts = draft.facts();
    let entries = file.slide.iter().flatten().chain(&file.edits);
    for photo in entries.filter_map(|entry| entry.photo.as_ref()?.parse::<PhotoId>().ok()) {
        if facts.contains_key(&photo) {
            continue;
        }
        // Whoever may not see a photo may not put it into a story of their own to see it there.
        let owner = tx.owner_of_photo(photo).await?;
        if deed.who.reaches(Permission::ReadPhotos, owner)
            && let Some(kept) = tx.photo(photo).await?
        {
            facts.insert(photo, kept.facts);
        }
    }
    let files = draft.story.slides.iter().enumerate();
    let files = files
        .filter_map(|(index, slide)| Some((draft.photo(index)?.name.clone(), slide.id.clone())))
        .collect();
    let taken: Vec<&SlideId> = draft.story.slides.iter().map(|slide| &slide.id).collect();
    let fresh = fresh.iter().filter(|id| !taken.contains(id)).cloned().collect();
    let mut story = draft.story.clone();
    apply(file, &mut story, SlideNames { facts: &facts, files, fresh }).map_err(ActError::Refused)?;
    story.moments.changed = deed.at;
    story.revision = keep(tx, &story, deed).await?;
    follow_up(tx, &draft.story, &story, deed).await?;
    // Both states are kept as revisions; the log names them.
    let state = |story: &Story| Some(serde_json::json!({ "revision": story.revision }));
    deed.to_story(tx, id, state(&draft.story), state(&story)).await?;
    Ok(story)
}

/// Asks for what a changed draft needs of its photos.
pub(super) async fn follow_up(tx: &mut Tx, before: &Story, after: &Story, deed: &Deed<'_>) -> Acted<()> {
    enqueue(tx, &Job::PrepareStory { story: after.id }, deed.at).await?;
    for slide in &after.slides {
        let Some(photo) = slide.photo else { continue };
        let before = before.slides.iter().find(|before| before.id == slide.id);
        if before.is_some_and(|before| before.focus != slide.focus) {
            enqueue(tx, &Job::DevelopPhoto { photo }, deed.at).await?;
        }
        develop_where_needed(tx, photo, deed).await?;
    }
    Ok(())
}

/// A photo that no story had for a while may have lost its renditions.
async fn develop_where_needed(tx: &mut Tx, photo: PhotoId, deed: &Deed<'_>) -> Acted<()> {
    let kept = tx.photo(photo).await?;
    if kept.is_some_and(|one| one.developed_at.is_none() && one.refused.is_none() && one.withdrawn.is_none())
    {
        enqueue(tx, &Job::DevelopPhoto { photo }, deed.at).await?;
    }
    Ok(())
}

/// Saves a changed draft and gives its new revision.
pub(super) async fn keep(tx: &mut Tx, story: &Story, deed: &Deed<'_>) -> Acted<i64> {
    match tx.save_story(story, &deed.by()).await? {
        Kept::As { revision } => Ok(revision),
        Kept::SlugTaken => refuse(
            Refusal::new(
                "slug_taken",
                format!("Another story has, or once had, the slug \"{}\".", story.slug),
            )
            .field("slug"),
        ),
        Kept::ShortCodeTaken | Kept::Stale { .. } => refuse(stale()),
    }
}

/// The refusal of what was made from an older revision than the one kept.
pub(super) fn stale() -> Refusal {
    Refusal::new("stale_revision", "The story has changed meanwhile. Get it again and repeat your change.")
}

/// Slide ids that differ from one another.
fn fresh_ids(app: &App, count: usize) -> Vec<SlideId> {
    let mut ids = Vec::with_capacity(count);
    for _ in 0..count {
        ids.push(app.slide_id(&ids));
    }
    ids
}
