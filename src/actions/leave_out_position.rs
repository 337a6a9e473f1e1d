//! Leaves out of a photo where it was taken, before anything of it is kept, where its sender wishes that: the original is
//! then the file without its GPS position, and every other byte of it as it was sent.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

use darkroom::meta::sidecar_without_position;
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

/// The file without its position.
///
/// # Errors
/// [`NotIn`], refused where it cannot be taken out alone.
pub async fn of_photo(context: &Context, gathered: Gathered) -> Result<Gathered, NotIn> {
    let file = gathered.open().await?;
    let asked = context.clone();
    let answer = tokio::task::spawn_blocking(move || {
        let deadline = asked.app.config().work.deadline;
        asked.workers.ask(&Request::LeaveOutPosition, &file, None, deadline)
    });
    let patches = match answer.await.map_err(|broken| NotIn::Fault(broken.to_string()))? {
        Ok(Answer::WithoutPosition { patches }) => patches,
        Ok(_) => return Err(NotIn::Fault("the worker answered another question".to_owned())),
        Err(WorkerFault::Input(fault)) => return Err(NotIn::Refused(fault.to_string())),
        Err(fault @ (WorkerFault::OutOfMemory | WorkerFault::OutOfTime(_) | WorkerFault::Died { .. })) => {
            return Err(NotIn::NotYet(fault.to_string()));
        }
        Err(fault) => return Err(NotIn::Fault(fault.to_string())),
    };
    if patches.is_empty() {
        return Ok(gathered);
    }
    let patches = patches.into_iter().map(|patch| (patch.at, patch.bytes)).collect();
    Ok(context.app.blobs().patch_gathered(gathered, patches).await?)
}

/// The .xmp file of a photo without its position, and the hash of what was sent.
///
/// # Errors
/// [`NotIn`].
pub async fn of_sidecar(context: &Context, sidecar: File) -> Result<(File, Sha256), NotIn> {
    let incoming = context.app.blobs().incoming().to_owned();
    let made = tokio::task::spawn_blocking(move || {
        let mut sent = Vec::new();
        sidecar.take(SIDECAR_BYTES + 1).read_to_end(&mut sent).map_err(fault)?;
        let Ok(bare) = sidecar_without_position(&sent) else {
            let sentence = "The .xmp file says its position in a place out of which it cannot be taken. Send it without, or the photo alone.";
            return Err(NotIn::Refused(sentence.to_owned()));
        };
        let mut file = tempfile::tempfile_in(incoming).map_err(fault)?;
        file.write_all(&bare).and_then(|()| file.rewind()).map_err(fault)?;
        Ok((file, Sha256::of(&sent)))
    });
    made.await.map_err(|broken| NotIn::Fault(broken.to_string()))?
}
