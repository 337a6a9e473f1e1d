//! Brings back an earlier state of a draft.

use std::collections::BTreeSet;

use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::refusal::Refusal;
use newsroom::revision::restored;
use newsroom::staff::policy::Permission;
use newsroom::story::Story;
use store::Tx;

use super::audit::Deed;
use super::put_story::{follow_up, keep, stale};
use super::{Acted, Denied, Who, must_reach, no_such_story, refuse};
use crate::app::App;

/// A draft that is as it was.
#[derive(Debug, Clone)]
pub struct BroughtBack {
    /// The draft.
    pub story: Story,
    /// The slides that came back without their photos, because these are gone.
    pub without_photo: Vec<SlideId>,
}

/// Makes the draft again what it was at `revision`, as [`restored`] says; `made_from` is the revision that was looked at. Readers
/// see nothing of it before the story is published again.
pub async fn restore_revision(
    app: &App,
    who: &Who,
    id: StoryId,
    revision: i64,
    made_from: Option<i64>,
) -> Result<BroughtBack, Denied> {
    let deed = Deed { who, at: app.now(), verb: "restore_revision" };
    let back = app.store().act(async |tx: &mut Tx| restore(tx, id, revision, made_from, &deed).await).await?;
    Ok(back)
}

async fn restore(
    tx: &mut Tx,
    id: StoryId,
    revision: i64,
    made_from: Option<i64>,
    deed: &Deed<'_>,
) -> Acted<BroughtBack> {
    must_reach(tx, deed.who, Permission::WriteStories, id).await?;
    let Some(now) = tx.story(id).await? else { return refuse(no_such_story(&id.to_string())) };
    if made_from.is_some_and(|made_from| made_from != now.revision) {
        return refuse(stale());
    }
    let Some(then) = tx.story_at(id, revision).await? else { return refuse(no_such_revision(revision)) };
    let standing = standing(tx, &now, &then, deed).await?;
    let mut story = restored(&now, &then, |photo| standing.contains(&photo));
    let without_photo: Vec<SlideId> = then
        .slides
        .iter()
        .filter(|slide| slide.photo.is_some_and(|photo| !standing.contains(&photo)))
        .map(|slide| slide.id.clone())
        .collect();
    story.moments.changed = deed.at;
    story.revision = keep(tx, &story, deed).await?;
    follow_up(tx, &now, &story, deed).await?;
    let before = serde_json::json!({ "revision": now.revision });
    let after = serde_json::json!({
        "revision": story.revision, "restored": revision, "without_photo": without_photo,
    });
    deed.to_story(tx, id, Some(before), Some(after)).await?;
    Ok(BroughtBack { story, without_photo })
}

/// The photos of an earlier state that may stand in the draft again: not those that were refused since, and not those that
/// this person could not put into it themselves.
async fn standing(tx: &mut Tx, now: &Story, then: &Story, deed: &Deed<'_>) -> Acted<BTreeSet<PhotoId>> {
    let mut standing = BTreeSet::new();
    for id in then.slides.iter().flat_map(|slide| [slide.photo, slide.proposed]).flatten() {
        let owner = tx.owner_of_photo(id).await?;
        let there = now.slides.iter().any(|slide| slide.photo == Some(id) || slide.proposed == Some(id));
        let reached = there || deed.who.reaches(Permission::ReadPhotos, owner);
        if reached && tx.photo(id).await?.is_some_and(|photo| photo.refused.is_none()) {
            standing.insert(id);
        }
    }
    Ok(standing)
}

/// The refusal for a number that no kept revision has.
pub fn no_such_revision(revision: i64) -> Refusal {
    Refusal::new("revision_unknown", format!("This story has no revision {revision} that was kept."))
}
