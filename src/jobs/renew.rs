//! A grant whose files are made in a way that is no longer ours (another release made them, or a quality was set anew)
//! moves to the files of now when its story is printed: under the same token, so that addresses lead on.

use newsroom::id::StoryId;
use newsroom::published::PublishedStory;
use store::{BlobName, Grant, StoreError, Tx, View};

use super::context::{Closing, Context, JobFault};
use super::public_files::{Public, version_of};
use crate::config::WorkConfig;

/// The grant that the story prints for one of its photos; `None` where it is another story's: one that was published
/// later, with its own caption.
pub(super) async fn grant_of(
    context: &Context,
    story: StoryId,
    public: &Public<'_>,
    grant: Grant,
) -> Result<Option<Grant>, JobFault> {
    let work = &context.app.config().work;
    let Some(version) = version_of(public, work) else { return Ok(None) };
    if version == grant.version {
        return Ok(Some(grant));
    }
    let store = context.app.store();
    // Nearly always it is another story's: that is found without holding up whoever writes.
    if !store.view(async |view: &mut View| is_left_to(view, story, &grant, work).await).await? {
        return Ok(None);
    }
    Ok(store.act(async |tx: &mut Tx| renew(tx, story, &grant, &version, work).await).await?)
}

/// Stories that are asked whether a grant is theirs. A photo that more of them show is renewed by the newest.
const ASKED: u32 = 8;

/// Whether no story that shows the photo would make the granted files, and this one was published last.
async fn is_left_to(
    view: &mut View,
    story: StoryId,
    grant: &Grant,
    work: &WorkConfig,
) -> Result<bool, StoreError> {
    let mut newest = None;
    for id in view.newest_stories_showing(grant.photo, ASKED).await? {
        let Some(publication) = view.publication(id).await? else { continue };
        if is_of(grant, &publication.record, work) {
            return Ok(false);
        }
        newest = newest.max(Some((publication.published_at, id)));
    }
    Ok(newest.is_some_and(|(_, id)| id == story))
}

async fn renew(
    tx: &mut Tx,
    story: StoryId,
    grant: &Grant,
    version: &BlobName,
    work: &WorkConfig,
) -> Closing<Option<Grant>> {
    let standing = tx.grant(grant.photo).await?.filter(|one| one == grant);
    if standing.is_none() || !is_left_to(tx, story, grant, work).await? {
        return Ok(None);
    }
    let renewed = Grant { version: version.clone(), ..grant.clone() };
    Ok(tx.put_grant(&renewed).await?.then_some(renewed))
}

/// Whether a story as published would make the files that the grant names.
fn is_of(grant: &Grant, story: &PublishedStory, work: &WorkConfig) -> bool {
    let shown = story.slides.iter().filter(|slide| slide.photo == Some(grant.photo));
    shown.into_iter().any(|slide| version_of(&slide.into(), work).as_ref() == Some(&grant.version))
}
