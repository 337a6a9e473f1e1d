//! What a worker leaves behind that was held up until its lease had run out. Another one has the job then, and a withdrawal
//! may have come and gone meanwhile: files that this one put down after it would lie there for good.

use std::collections::BTreeSet;

use newsroom::id::{PhotoId, StoryId};
use store::{Claim, StoreError, Tx};

use super::context::{Context, JobFault};
use super::{Job, enqueue};

/// Has the files of every photo that readers may no longer see taken away again, where the lost job may have made some.
pub(super) async fn tidy_up(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    let Ok(job) = serde_json::from_str::<Job>(&claim.payload) else { return Ok(()) };
    let now = context.app.now();
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            for photo in made_by(tx, &job).await? {
                let withdrawn = tx.photo(photo).await?.is_some_and(|photo| photo.withdrawn.is_some());
                let revoked = tx.grant(photo).await?.is_some_and(|grant| grant.revoked_at.is_some());
                if withdrawn || revoked {
                    enqueue(tx, &Job::PurgePhoto { photo }, now).await?;
                }
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// The photos of which a job makes files.
async fn made_by(tx: &mut Tx, job: &Job) -> Result<BTreeSet<PhotoId>, StoreError> {
    match job {
        Job::DevelopPhoto { photo } => Ok(BTreeSet::from([*photo])),
        Job::PrepareStory { story }
        | Job::PrintStory { story }
        | Job::ReprintStory { story }
        | Job::PrintNeighbour { story }
        | Job::AddAvif { story } => photos_of(tx, *story).await,
        Job::PrintLists
        | Job::PrintList { .. }
        | Job::ReprintList { .. }
        | Job::ReprintLists
        | Job::ReprintArchive
        | Job::PrintMentions { .. }
        | Job::PurgePhoto { .. }
        | Job::ShelvePhotos { .. }
        | Job::ShelveArchive
        | Job::PurgeCdn { .. }
        | Job::SendMail { .. } => Ok(BTreeSet::new()),
    }
}

async fn photos_of(tx: &mut Tx, story: StoryId) -> Result<BTreeSet<PhotoId>, StoreError> {
    let mut photos: BTreeSet<PhotoId> = tx.shown_photos(story).await?.into_keys().collect();
    if let Some(story) = tx.story(story).await? {
        photos.extend(story.slides.iter().filter_map(|slide| slide.photo));
    }
    Ok(photos)
}
