//! Leaves out of a photo where it was taken, before anything of it is kept, where its sender wishes that: the original is
//! then the file without its GPS position, and every other byte of it as it was sent.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};

use darkroom::meta::Patch;
use darkroom::worker::{Answer, Request, WorkerFault};
use store::{Gathered, Sha256};

use super::look_at_upload::fault;
use super::take_in::{NotIn, SIDECAR_BYTES};
use super::upload_metadata;
use crate::jobs::Context;

/// Whether a sender who said this of a file wants its position left out.
pub fn is_asked(metadata: &str) -> bool {
    let pairs = upload_metadata::pairs(metadata).unwrap_or_default();
    pairs.iter().any(|(key, value)| key == upload_metadata::LEAVE_OUT && value == upload_metadata::POSITION)
}

/// A .xmp file that was sent, without its position, and the hash of it as it was.
pub type Bare = (File, Sha256);

/// The file, and the .xmp file that came with it, without their position.
///
/// # Errors
/// [`NotIn`], refused where it cannot be taken out alone.
pub async fn left_out(
    context: &Context,
    gathered: Gathered,
    sidecar: Option<File>,
) -> Result<(Gathered, Option<Bare>), NotIn> {
    let file = gathered.open().await?;
    let asked = context.clone();
    let answer = tokio::task::spawn_blocking(move || {
        let deadline = asked.app.config().work.deadline;
        let answer = asked.workers.ask(&Request::LeaveOutPosition, &file, sidecar.as_ref(), deadline);
        (answer, sidecar)
    });
    let (answer, sidecar) = answer.await.map_err(|broken| NotIn::Fault(broken.to_string()))?;
    let (patches, beside) = match answer {
        Ok(Answer::WithoutPosition { patches, sidecar }) => (patches, sidecar),
        Ok(_) => return Err(NotIn::Fault("the worker answered another question".to_owned())),
        Err(WorkerFault::Input(fault)) => return Err(NotIn::Refused(fault.to_string())),
        Err(fault @ (WorkerFault::OutOfMemory | WorkerFault::OutOfTime(_) | WorkerFault::Died { .. })) => {
            return Err(NotIn::NotYet(fault.to_string()));
        }
        Err(fault) => return Err(NotIn::Fault(fault.to_string())),
    };
    let bare = match sidecar {
        Some(sidecar) => {
            let incoming = context.app.blobs().incoming().to_owned();
            let made = tokio::task::spawn_blocking(move || patched(sidecar, &beside, &incoming));
            Some(made.await.map_err(|broken| NotIn::Fault(broken.to_string()))?.map_err(fault)?)
        }
        None => None,
    };
    if patches.is_empty() {
        return Ok((gathered, bare));
    }
    let patches = patches.into_iter().map(|patch| (patch.at, patch.bytes)).collect();
    Ok((context.app.blobs().patch_gathered(gathered, patches).await?, bare))
}

fn patched(mut sidecar: File, patches: &[Patch], incoming: &std::path::Path) -> io::Result<Bare> {
    let mut bytes = Vec::new();
    sidecar.rewind()?;
    sidecar.take(SIDECAR_BYTES + 1).read_to_end(&mut bytes)?;
    let sent = Sha256::of(&bytes);
    for patch in patches {
        let at = usize::try_from(patch.at).map_err(io::Error::other)?;
        let place = bytes.get_mut(at..at.saturating_add(patch.bytes.len()));
        place.ok_or_else(|| io::Error::other("a patch reaches past the end"))?.copy_from_slice(&patch.bytes);
    }
    let mut file = tempfile::tempfile_in(incoming)?;
    file.write_all(&bytes)?;
    file.rewind()?;
    Ok((file, sent))
}
