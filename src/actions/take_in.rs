//! Looks at photos that are to come in, and brings them in: what one says is read in a worker process, its bytes are
//! copied, hashed and synced before anybody is told that it is in.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;

use darkroom::InputFault;
use darkroom::meta::{FileKind, Reading};
use darkroom::worker::{Answer, Inspected, Inspecting, Request, WorkerFault};
use newsroom::id::PhotoId;
use newsroom::order::{Arrival as Ordered, showing_order};
use newsroom::published::PixelSize;
use serde_json::json;
use store::{Incoming, StoreError, TakeInError};

use super::attach_originals::Arrival;
use super::draft_photos::Looked;
use crate::exchange::facts::photo_facts;
use crate::exchange::folder::Candidate;
use crate::jobs::Context;

/// The largest sidecar that is read, in bytes (R41).
pub const SIDECAR_BYTES: u64 = 16 << 20;

/// A photo that was looked at and is welcome.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Where it lies.
    pub candidate: Candidate,
    /// What is kept of that.
    pub looked: Looked,
    stamps: Stamps,
}

/// Of the photo and its sidecar.
type Stamps = (Stamp, Option<Stamp>);

/// Which file it is, its length and when it was changed, by which a change is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// Why a photo does not come in.
#[derive(Debug, thiserror::Error)]
pub enum NotIn {
    /// For a reason of its own, as a plain sentence (R44).
    #[error("{0}")]
    Refused(String),
    /// For a reason that may be another one later: it ends before its picture does and the rest may be on its way, it was
    /// changed while it was read, it cannot be read, or its worker came to an end.
    #[error("{0}")]
    NotYet(String),
    /// For a fault of ours or of the machine; the photo may be tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The same, of the worker.
    #[error("the photo could not be read: {0}")]
    Fault(String),
}

/// Looks at a photo: a few milliseconds, no pixels are decoded. Blocks.
///
/// # Errors
/// [`NotIn`].
pub fn look(context: &Context, candidate: Candidate) -> Result<Seen, NotIn> {
    let file = candidate.open_photo().map_err(unreadable)?;
    let sidecar = candidate.open_sidecar().map_err(unreadable)?;
    let stamps = stamps(&file, sidecar.as_ref()).map_err(unreadable)?;
    let looked = look_into(context, &file, sidecar.as_ref(), &name_of(&candidate))?;
    Ok(Seen { candidate, looked, stamps })
}

fn unreadable(error: io::Error) -> NotIn {
    NotIn::NotYet(format!("The file cannot be read: {error}."))
}

fn name_of(candidate: &Candidate) -> String {
    candidate.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Looks at an open file of this name. Blocks.
///
/// # Errors
/// [`NotIn`].
pub fn look_into(
    context: &Context,
    file: &File,
    sidecar: Option<&File>,
    name: &str,
) -> Result<Looked, NotIn> {
    let languages = vec![context.app.known().site.language.clone()];
    let request = Request::Inspect(Inspecting { languages });
    let deadline = context.app.config().work.deadline;
    match context.workers.ask(&request, file, sidecar, deadline) {
        Ok(Answer::Inspected(inspected)) => Ok(looked(name, &inspected)),
        Ok(_) => Err(NotIn::Fault("the worker answered another question".to_owned())),
        Err(WorkerFault::Input(fault @ (InputFault::Truncated { .. } | InputFault::Empty))) => {
            Err(NotIn::NotYet(fault.to_string()))
        }
        Err(WorkerFault::Input(fault)) => Err(NotIn::Refused(fault.to_string())),
        Err(fault @ (WorkerFault::OutOfMemory | WorkerFault::OutOfTime(_) | WorkerFault::Died { .. })) => {
            Err(NotIn::NotYet(fault.to_string()))
        }
        Err(fault) => Err(NotIn::Fault(fault.to_string())),
    }
}

fn looked(name: &str, inspected: &Inspected) -> Looked {
    let reading = &inspected.reading;
    let (width, height) = inspected.upright;
    let facts = photo_facts(&reading.facts);
    Looked {
        media_type: media_type(reading.kind),
        name: name.to_owned(),
        picture_hash: reading.picture_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        size: PixelSize { width, height },
        report: report(reading).to_string(),
        taken_key: facts.taken.map(taken_key),
        facts,
    }
}

/// Copies, hashes and syncs the file of a photo and its sidecar.
///
/// # Errors
/// [`NotIn`].
pub async fn bring_in(context: &Context, seen: &Seen, photo: PhotoId) -> Result<Arrival, NotIn> {
    let blobs = context.app.blobs();
    let at_most = context.app.config().limits.file_bytes;
    let (file, sidecar) = opened(&seen.candidate).await?;
    let original = blobs.take_in_file(Incoming::Original, file, at_most).await.map_err(not_in)?;
    let sidecar = match sidecar {
        Some(file) => {
            let taken = blobs.take_in_file(Incoming::Sidecar, file, SIDECAR_BYTES).await;
            Some(taken.map_err(not_in)?.sha256)
        }
        None => None,
    };
    let (file, beside) = opened(&seen.candidate).await?;
    if stamps(&file, beside.as_ref()).ok().as_ref() != Some(&seen.stamps) {
        return Err(NotIn::NotYet(
            "The file was changed while it was read. Send it again when it is finished.".to_owned(),
        ));
    }
    let (sha256, bytes) = (original.sha256, original.bytes);
    Ok(Arrival { photo, looked: seen.looked.clone(), sha256, bytes, sidecar })
}

async fn opened(candidate: &Candidate) -> Result<(File, Option<File>), NotIn> {
    let candidate = candidate.clone();
    let opens = move || Ok((candidate.open_photo()?, candidate.open_sidecar()?));
    let opened = tokio::task::spawn_blocking(opens).await;
    opened.map_err(|broken| NotIn::Fault(broken.to_string()))?.map_err(unreadable)
}

/// The same for several at once; the answers stand in their order.
pub async fn bring_in_together(
    context: &Context,
    photos: Vec<(Seen, PhotoId)>,
) -> Vec<Result<Arrival, NotIn>> {
    let mut copies = tokio::task::JoinSet::new();
    for (index, (seen, photo)) in photos.into_iter().enumerate() {
        let context = context.clone();
        copies.spawn(async move { (index, bring_in(&context, &seen, photo).await) });
    }
    let mut answers = copies.join_all().await;
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Puts photos into the order in which they are shown.
pub fn in_showing_order(seen: Vec<Seen>) -> Vec<Seen> {
    let names: Vec<String> =
        seen.iter().map(|one| one.candidate.path.to_string_lossy().into_owned()).collect();
    let keys: Vec<Ordered<'_>> =
        seen.iter().zip(&names).map(|(one, name)| Ordered::of(name, &one.looked.facts)).collect();
    let order = showing_order(&keys);
    let mut places: Vec<Option<Seen>> = seen.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| places.get_mut(index)?.take()).collect()
}

/// The darkroom's report as it is kept: facts with their sources, problems, what must not be published.
pub fn report(reading: &Reading) -> serde_json::Value {
    json!({ "facts": reading.facts, "problems": reading.problems, "private": reading.private })
}

/// A camera time as microseconds of its own clock, or of universal time where the file states the offset.
fn taken_key(taken: newsroom::facts::CameraTime) -> i64 {
    let offset = i64::from(taken.offset_minutes.unwrap_or(0)) * 60_000_000;
    let utc = taken.local.to_zoned(jiff::tz::TimeZone::UTC);
    utc.map_or(0, |zoned| zoned.timestamp().as_microsecond() - offset)
}

fn stamps(file: &File, sidecar: Option<&File>) -> io::Result<Stamps> {
    Ok((stamp(file)?, sidecar.map(stamp).transpose()?))
}

fn stamp(file: &File) -> io::Result<Stamp> {
    let meta = file.metadata()?;
    Ok(Stamp {
        device: meta.dev(),
        inode: meta.ino(),
        bytes: meta.len(),
        modified: (meta.mtime(), meta.mtime_nsec()),
        changed: (meta.ctime(), meta.ctime_nsec()),
    })
}

fn media_type(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Jpeg => "image/jpeg",
        FileKind::Png => "image/png",
        FileKind::WebP => "image/webp",
        FileKind::Tiff => "image/tiff",
        _ => "application/octet-stream",
    }
}

/// What a refused copy is for whoever sent it.
pub(super) fn not_in(error: TakeInError) -> NotIn {
    match error {
        TakeInError::Store(fault) => NotIn::Store(fault),
        refused => NotIn::Refused(format!("{}.", capitalised(&refused.to_string()))),
    }
}

fn capitalised(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Looks at many photos, several at once, and gives the answers in the order of the candidates. Ends early, with what
/// it has, when `stopped` says so.
pub async fn look_at_all(
    context: &Context,
    candidates: Vec<Candidate>,
    stopped: impl Fn() -> bool,
    mut one_more: impl FnMut(),
) -> Vec<(Candidate, Result<Seen, NotIn>)> {
    let mut looks = tokio::task::JoinSet::new();
    let mut waiting = candidates.into_iter().enumerate();
    let mut seen = Vec::new();
    let room = Arc::new(context.clone());
    loop {
        while looks.len() < context.at_once() && !stopped() {
            let Some((index, candidate)) = waiting.next() else { break };
            let context = Arc::clone(&room);
            looks.spawn_blocking(move || (index, candidate.clone(), look(&context, candidate)));
        }
        match looks.join_next().await {
            Some(Ok(answer)) => {
                seen.push(answer);
                one_more();
            }
            Some(Err(_)) => {}
            None => break,
        }
    }
    seen.sort_by_key(|(index, ..)| *index);
    seen.into_iter().map(|(_, candidate, answer)| (candidate, answer)).collect()
}
