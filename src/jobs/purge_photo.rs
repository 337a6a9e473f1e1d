//! Takes every public file of a photo away, and its renditions where the photo itself was withdrawn: of a story that was
//! taken from readers the desk still has the photos. The
//! tombstone of its grant comes first, so that nobody is sent to a file that goes; then the files, whatever the records
//! say of them; the records last, so that a kill in between leaves a job that does the rest. The original stays (R18).

use std::collections::BTreeSet;

use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use serve::Tombstone;
use store::{BlobKind, Claim, StoreError, Tx, View};

use super::context::{Closing, Context, JobFault};
use super::press::{Records, Sheet, ask_for_purge, close, finish, put_up, reserve};
use super::{Job, enqueue};
use crate::pages::PageKey;

/// Runs the job.
pub(super) async fn run(context: &Context, photo: PhotoId, claim: &Claim) -> Result<(), JobFault> {
    let change = reserve(context).await?;
    let store = context.app.store();
    let (grant, wanted) = store
        .view(async |view: &mut View| {
            Ok::<_, JobFault>((view.grant(photo).await?, wanted(view, photo).await?))
        })
        .await?;
    if grant.as_ref().is_some_and(|grant| grant.revoked_at.is_none()) {
        // It was published again meanwhile.
        store.act(async |tx: &mut Tx| finish(tx, claim).await).await?;
        return Ok(());
    }
    let purge = Purge { photo, wanted };
    // A photo that never was published has no address to take away.
    let tombstones =
        grant.iter().map(|grant| Sheet::tombstone(serve::grant_path(&grant.token), Tombstone::Gone));
    let records = put_up(context, change, tombstones.collect()).await?;
    context.app.blobs().delete_of_photo(BlobKind::PublicFile, photo).await?;
    if !wanted {
        context.app.blobs().delete_of_photo(BlobKind::Rendition, photo).await?;
    }
    let now = context.app.now();
    store
        .act(async |tx: &mut Tx| {
            ask_for_purge(context, tx, &PageKey::Photo(photo), &records).await?;
            purge.close(tx, &records, claim, now).await
        })
        .await?;
    Ok(())
}

struct Purge {
    photo: PhotoId,
    /// Whether the desk goes on needing the renditions.
    wanted: bool,
}

impl Purge {
    /// Forgets the files that went, and ends the job.
    async fn close(&self, tx: &mut Tx, records: &Records, claim: &Claim, now: Moment) -> Closing<()> {
        let photo = self.photo;
        let public = tx.all_public_files(photo).await?;
        for version in public.iter().map(|file| &file.name).collect::<BTreeSet<_>>() {
            tx.remove_public_files(photo, version).await?;
        }
        if !self.wanted {
            tx.remove_renditions(photo).await?;
            tx.mark_undeveloped(photo).await?;
        }
        // Published again while its files went: they are made again.
        if tx.grant(photo).await?.is_some_and(|grant| grant.revoked_at.is_none()) {
            enqueue(tx, &Job::DevelopPhoto { photo }, now).await?;
            for story in tx.stories_showing(photo).await? {
                enqueue(tx, &Job::PrintStory { story }, now).await?;
            }
        }
        close(tx, records, claim, None).await
    }
}

/// Whether the desk goes on having the photo.
async fn wanted(view: &mut View, photo: PhotoId) -> Result<bool, StoreError> {
    Ok(view.photo(photo).await?.is_some_and(|photo| photo.withdrawn.is_none()))
}
