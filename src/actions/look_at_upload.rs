//! Looks at an upload before all of it is there: what the beginning of its file tells, and a picture of it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use bytes::Bytes;
use darkroom::worker::{Answer, Glancing, Request, WorkerFault};
use darkroom::{Glance, cut_out};
use newsroom::id::{PhotoId, UploadId};
use store::{Beside, BlobKey, StoreError, Upload, UploadOutcome, View};
use tokio::sync::Semaphore;
use tokio::time::{Duration, timeout};

use super::take_in::report;
use crate::exchange::facts::photo_facts;
use crate::jobs::{Context, ladder_name};

/// Bytes of a file's beginning that are looked at: few first, which nearly always have all, then as many as a long packet of XMP
/// needs.
const HEADS: [usize; 2] = [256 << 10, 4 << 20];
/// Long side of the rendition that is a preview, at most.
const PREVIEW: u32 = 1280;
/// Long side of what cameras put into a file for their own screens: a preview that was sent shows more.
const THUMBNAIL: u32 = 480;

/// Files that are looked at at once in this process: each waits for a worker on threads of its own, of the 512 that there are,
/// with up to 4 MiB in memory, and anybody who sends photos may ask as often as requests are let in.
static PLACES: Semaphore = Semaphore::const_new(4);
/// How long one waits for a place.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the beginning of a file tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What it says (R1).
    pub facts: serde_json::Value,
    /// Where the facts come from, and what is wrong with them.
    pub report: serde_json::Value,
}

/// What an upload's beginning tells, once all that stands before the picture data is there. `None` also while too many files are
/// looked at: the question is asked again.
///
/// # Errors
/// A fault of the store or of the machine.
pub async fn look_at_upload(context: &Context, id: UploadId) -> Result<Option<Told>, StoreError> {
    let asked = context.clone();
    let seen = in_place(async move { glance_at_upload(&asked, id).await });
    let Some((_, glance)) = seen.await? else { return Ok(None) };
    let reading = glance.reading;
    Ok(glance.whole.then(|| Told {
        facts: serde_json::to_value(photo_facts(&reading.facts)).unwrap_or_default(),
        report: report(&reading),
    }))
}

/// A JPEG of an upload: the small picture in its file, unless that is a thumbnail and more was sent before it; else the one that
/// was sent, else one that was developed. While too many files are looked at, what is inside a file is taken for not there.
///
/// # Errors
/// A fault of the store or of the machine.
pub async fn preview_of_upload(context: &Context, upload: &Upload) -> Result<Option<Bytes>, StoreError> {
    let outcome = upload.finished.as_ref().map(|finished| &finished.outcome);
    match outcome {
        None => {
            let inside = embedded(context, upload.about.id).await?;
            match inside {
                Some((picture, side)) if side > THUMBNAIL => Ok(Some(picture)),
                inside => {
                    let sent = sent(context, upload.about.id).await?;
                    Ok(sent.or(inside.map(|(picture, _)| picture)))
                }
            }
        }
        Some(UploadOutcome::Kept { photo, sha256 }) => match developed(context, *photo).await? {
            Some(picture) => Ok(Some(picture)),
            None => embedded_in_original(context, BlobKey::Original(*sha256), *photo).await,
        },
        Some(UploadOutcome::Refused(_)) => Ok(None),
    }
}

/// The small picture in what is here of a file, and its long side.
async fn embedded(context: &Context, id: UploadId) -> Result<Option<(Bytes, u32)>, StoreError> {
    let asked = context.clone();
    let seen = in_place(async move { glance_at_upload(&asked, id).await });
    let Some((head, glance)) = seen.await? else { return Ok(None) };
    let Some(found) = glance.preview else { return Ok(None) };
    Ok(cut_out(&head, &found).map(|picture| (Bytes::from(picture), found.width.max(found.height))))
}

async fn sent(context: &Context, id: UploadId) -> Result<Option<Bytes>, StoreError> {
    match context.app.blobs().open_beside_upload(id, Beside::Preview).await? {
        Some(file) => read(file, u64::MAX).await.map(Some),
        None => Ok(None),
    }
}

async fn developed(context: &Context, photo: PhotoId) -> Result<Option<Bytes>, StoreError> {
    let app = &context.app;
    let Some(name) = ladder_name(&app.config().work) else { return Ok(None) };
    let made = app.store().view(async |view: &mut View| view.renditions(photo, &name).await).await?;
    let fits = made.iter().rev().find(|one| one.size.width.max(one.size.height) <= PREVIEW);
    match fits.or(made.first()) {
        Some(rendition) => app.blobs().get(&rendition.rendition_key()).await,
        None => Ok(None),
    }
}

/// The small picture of a file that is in and waits for being developed; not of one that was taken away.
async fn embedded_in_original(
    context: &Context,
    key: BlobKey,
    photo: PhotoId,
) -> Result<Option<Bytes>, StoreError> {
    let photo = context.app.store().view(async |view: &mut View| view.photo(photo).await).await?;
    if photo.is_none_or(|photo| photo.withdrawn.is_some()) {
        return Ok(None);
    }
    let context = context.clone();
    let seen = in_place(async move {
        let Some(file) = context.app.blobs().open_file(&key).await? else { return Ok(None) };
        let at_most = HEADS.last().copied().unwrap_or_default();
        let head = read(file, at_most as u64).await?;
        let glance = glance(&context, head.clone()).await?;
        Ok(glance.and_then(|glance| cut_out(&head, &glance.preview?)).map(Bytes::from))
    });
    seen.await
}

/// Looks at a file in one of the places that there are; `None` where none becomes free soon.
async fn in_place<T: Send + 'static>(
    look: impl Future<Output = Result<Option<T>, StoreError>> + Send + 'static,
) -> Result<Option<T>, StoreError> {
    let Ok(Ok(place)) = timeout(PATIENCE, PLACES.acquire()).await else { return Ok(None) };
    // Threads go on when whoever asked has gone, so their place is not free before they end.
    let here = tokio::runtime::Handle::current();
    let looking = tokio::task::spawn_blocking(move || {
        let _place = place;
        here.block_on(look)
    });
    looking.await.unwrap_or_else(|broken| Err(fault(broken)))
}

/// The beginning of an upload that is under way, and what it tells.
async fn glance_at_upload(context: &Context, id: UploadId) -> Result<Option<(Bytes, Glance)>, StoreError> {
    let app = &context.app;
    let mut last = None;
    for at_most in HEADS {
        let Some(head) = app.blobs().read_upload_head(app.store(), id, at_most).await? else {
            return Ok(None);
        };
        let more = head.len() == at_most;
        last = glance(context, head.clone()).await?.map(|glance| (head, glance));
        if !more || last.as_ref().is_none_or(|(_, glance)| glance.whole) {
            break;
        }
    }
    Ok(last)
}

/// What a worker sees in these bytes. `None` where they are none, or where they ended the worker: the file is refused for that
/// once all of it is there.
async fn glance(context: &Context, head: Bytes) -> Result<Option<Glance>, StoreError> {
    if head.is_empty() {
        return Ok(None);
    }
    let context = context.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let mut file = tempfile::tempfile_in(context.app.blobs().incoming()).map_err(fault)?;
        file.write_all(&head).map_err(fault)?;
        let languages = vec![context.app.known().site.language.clone()];
        let request = Request::Glance(Glancing { languages, at_most: head.len() as u64 });
        match context.workers.ask(&request, &file, None, context.app.config().work.deadline) {
            Ok(Answer::Glanced(glance)) => Ok(Some(*glance)),
            Ok(_) => Err(StoreError::fault("the worker answered another question")),
            Err(
                WorkerFault::Input(_)
                | WorkerFault::OutOfMemory
                | WorkerFault::OutOfTime(_)
                | WorkerFault::Died { .. },
            ) => Ok(None),
            Err(broken) => Err(fault(broken)),
        }
    });
    asked.await.unwrap_or_else(|broken| Err(fault(broken)))
}

async fn read(file: File, at_most: u64) -> Result<Bytes, StoreError> {
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        file.take(at_most).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(Bytes::from(bytes))
    });
    read.await.map_err(fault)?.map_err(fault)
}

/// What went wrong here, as a fault that is logged once.
pub(super) fn fault(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Fault(Arc::new(error))
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_place_is_taken_until_the_look_ends_also_where_nobody_waits_for_it() {
        let (end, ended) = oneshot::channel::<()>();
        let (begin, begun) = oneshot::channel();
        let asked = in_place(async move {
            begin.send(()).map_err(|()| StoreError::fault("nobody listens"))?;
            Ok(ended.await.ok())
        });
        tokio::select! {
            _ = asked => panic!("it ended by itself"),
            begun = begun => begun.unwrap(),
        }
        let rest = PLACES.try_acquire_many(3).unwrap();
        assert_eq!(in_place(async { Ok(Some(())) }).await.unwrap(), None, "no place is free");
        drop(rest);
        assert_eq!(in_place(async { Ok(Some(())) }).await.unwrap(), Some(()));
        end.send(()).unwrap();
        let _all = PLACES.acquire_many(4).await.unwrap();
    }
}
