//! A grant whose files are made in a way that is no longer ours (another release made them, or a quality was set anew)
//! moves to the files of now when its story is printed: under the same token, so that addresses lead on.

use newsroom::id::{PhotoId, StoryId};
use newsroom::published::PublishedStory;
use store::{ActError, BlobName, Grant, Tx};

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
    let photo = grant.photo;
    let store = context.app.store();
    Ok(store.act(async |tx: &mut Tx| renew(tx, story, photo, &version, work).await).await?)
}

async fn renew(
    tx: &mut Tx,
    story: StoryId,
    photo: PhotoId,
    version: &BlobName,
    work: &WorkConfig,
) -> Closing<Option<Grant>> {
    let Some(grant) = tx.grant(photo).await?.filter(|grant| grant.revoked_at.is_none()) else {
        return Ok(None);
    };
    let mut newest = None;
    for id in tx.stories_showing(photo).await? {
        let Some(publication) = tx.publication(id).await? else { continue };
        if is_of(&grant, &publication.record, work) {
            return Ok(None);
        }
        newest = newest.max(Some((publication.published_at, id)));
    }
    if newest.is_none_or(|(_, id)| id != story) {
        return Ok(None);
    }
    let grant = Grant { version: version.clone(), ..grant };
    if tx.put_grant(&grant).await? {
        return Ok(Some(grant));
    }
    Err(ActError::Refused(JobFault::LeaseLost))
}

/// Whether a story as published would make the files that the grant names.
fn is_of(grant: &Grant, story: &PublishedStory, work: &WorkConfig) -> bool {
    let shown = story.slides.iter().filter(|slide| slide.photo == Some(grant.photo));
    shown.into_iter().any(|slide| version_of(&slide.into(), work).as_ref() == Some(&grant.version))
}
