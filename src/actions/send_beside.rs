//! What is sent beside a file before all of it is there: a small preview, and the .xmp file of the photo. Both lie with the
//! upload and go with it.

use std::fs::File;
use std::path::Path;

use darkroom::meta::FileKind;
use darkroom::worker::{Answer, Developing, Durability, Glancing, Request, WorkerFault};
use darkroom::{Encoding, Format, Recipe, Set};
use newsroom::id::UploadId;
use newsroom::refusal::Refusal;
use store::{Beside, StoreError, View};

use super::look_at_upload::fault;
use super::{Denied, receive_upload};
use crate::jobs::Context;

/// Bytes of a preview at most.
pub const PREVIEW_BYTES: u64 = 512 << 10;
/// Long side of what is kept of a preview, in pixels.
const PREVIEW_SIDE: u32 = 1280;
/// How much of a sidecar is looked at to know it for one.
const SIDECAR_HEAD: u64 = 64 << 10;

/// Keeps a preview of a file whose bytes are still to come. It is decoded and encoded again, so that what is kept is a whole
/// picture of a modest size that says nothing of a place or a person.
///
/// # Errors
/// A refusal where it is no whole JPEG, or the file is here already; a fault of the store or of the machine.
pub async fn send_preview(context: &Context, id: UploadId, preview: File) -> Result<(), Denied> {
    still_coming(context, id).await?;
    let asked = context.clone();
    let small = tokio::task::spawn_blocking(move || developed(&asked, &preview));
    let small = small.await.map_err(fault)??;
    context.app.blobs().put_beside_upload(id, Beside::Preview, small).await?;
    still_coming(context, id).await
}

/// Keeps the .xmp file of a photo whose bytes are still to come; it is read when the photo is taken in.
///
/// # Errors
/// A refusal where it is none, or the photo is here already; a fault of the store or of the machine.
pub async fn send_sidecar(context: &Context, id: UploadId, sidecar: File) -> Result<(), Denied> {
    still_coming(context, id).await?;
    let asked = context.clone();
    let sidecar = tokio::task::spawn_blocking(move || known_as_sidecar(&asked, sidecar));
    let sidecar = sidecar.await.map_err(fault)??;
    context.app.blobs().put_beside_upload(id, Beside::Sidecar, sidecar).await?;
    // Whoever takes the file in may have looked for it just before it lay there.
    still_coming(context, id).await
}

async fn still_coming(context: &Context, id: UploadId) -> Result<(), Denied> {
    let store = context.app.store();
    let upload = store.view(async |view: &mut View| view.upload(id).await).await?;
    let Some(upload) = upload else { return Err(receive_upload::no_such_upload().into()) };
    if upload.received < upload.about.bytes && upload.finished.is_none() {
        return Ok(());
    }
    let sentence =
        "All bytes of this file are here; what is sent beside it has to come before the last of them.";
    Err(Refusal::new("upload_whole", sentence).into())
}

/// Decodes a JPEG, and gives a smaller one of it.
fn developed(context: &Context, preview: &File) -> Result<File, Denied> {
    let folder = tempfile::tempdir_in(context.app.blobs().incoming()).map_err(fault)?;
    let request = Request::Develop(Developing {
        recipes: vec![Recipe::new(Set::Ladder, Encoding::JPEG)],
        folder: folder.path().to_path_buf(),
        stem: "preview".to_owned(),
        durability: Durability::LeftToCaller,
    });
    let printed = match context.workers.ask(&request, preview, None, context.app.config().work.deadline) {
        Ok(Answer::Developed(printed)) if printed.header.format == Format::Jpeg => printed,
        Ok(Answer::Developed(_)) => return Err(no_preview("A preview is a JPEG.").into()),
        Ok(_) => return Err(StoreError::fault("the worker answered another question").into()),
        Err(broken) => return Err(refused(broken, no_preview)),
    };
    let files = printed.sets.first().map(Vec::as_slice).unwrap_or_default();
    let small = files.iter().find(|one| one.width.max(one.height) <= PREVIEW_SIDE).or(files.last());
    let name = small.map(|one| one.name.as_str()).unwrap_or_default();
    Ok(File::open(folder.path().join(Path::new(name))).map_err(fault)?)
}

fn known_as_sidecar(context: &Context, sidecar: File) -> Result<File, Denied> {
    let request = Request::Glance(Glancing { languages: Vec::new(), at_most: SIDECAR_HEAD });
    match context.workers.ask(&request, &sidecar, None, context.app.config().work.deadline) {
        Ok(Answer::Glanced(glance)) if glance.reading.kind == FileKind::Xmp => Ok(sidecar),
        Ok(Answer::Glanced(glance)) => {
            let sentence =
                format!("This is {}; the .xmp file of a photo is accepted.", glance.reading.kind.name());
            Err(no_sidecar(&sentence).into())
        }
        Ok(_) => Err(StoreError::fault("the worker answered another question").into()),
        Err(broken) => Err(refused(broken, no_sidecar)),
    }
}

fn refused(broken: WorkerFault, refusal: fn(&str) -> Refusal) -> Denied {
    match broken {
        WorkerFault::Input(_)
        | WorkerFault::OutOfMemory
        | WorkerFault::OutOfTime(_)
        | WorkerFault::Died { .. } => refusal(&broken.to_string()).into(),
        broken => fault(broken).into(),
    }
}

fn no_preview(sentence: &str) -> Refusal {
    Refusal::new("preview_refused", sentence).rule("R44")
}

fn no_sidecar(sentence: &str) -> Refusal {
    Refusal::new("sidecar_refused", sentence).rule("R44")
}
