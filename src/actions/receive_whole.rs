//! A file that lies here whole, as a form brings it: it goes the way of one that is sent in pieces, in one go.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};

use bytes::Bytes;
use newsroom::id::StaffId;
use store::{AppendFault, Appending, Durable, Finished, StoreError, Tx, UploadOutcome};

use super::look_at_upload::fault;
use super::receive_upload::{Announced, Begun, UPLOAD_LIFE, announce_upload, no_such_upload, take_in_upload};
use super::{Denied, Who};
use crate::app::App;
use crate::jobs::Context;

/// Bytes that are passed on together.
const SOME: usize = 1 << 20;

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// It is in.
    In,
    /// It is refused, and why.
    Refused(String),
    /// Another process has it, and tells by its upload what became of it.
    Later,
}

/// Takes a file in, all of which is here and as long as was announced.
///
/// # Errors
/// A refusal of what was announced; a fault of the store or of the machine.
pub async fn receive_whole(
    context: &Context,
    who: &Who,
    owner: StaffId,
    (new, mut file): (Announced, File),
) -> Result<Became, Denied> {
    let app = &context.app;
    let Begun::Sending(upload) = announce_upload(app, who, owner, new).await? else {
        return Ok(Became::In);
    };
    let until = app.now().plus_seconds(UPLOAD_LIFE);
    let begun = app.store().write(async |tx: &mut Tx| tx.begin_append(upload.id, 0, until).await).await?;
    let Ok(appending) = begun else { return Err(no_such_upload().into()) };
    file.rewind().map_err(fault)?;
    if !append(app, appending, file).await? {
        return Err(no_such_upload().into());
    }
    Ok(match take_in_upload(context, who, upload.id).await? {
        Some(Finished { outcome: UploadOutcome::Refused(reason), .. }) => Became::Refused(reason),
        Some(Finished { outcome: UploadOutcome::Kept { .. }, .. }) => Became::In,
        None => Became::Later,
    })
}

/// Whether all of it is there; not where the upload was given up meanwhile.
async fn append(app: &App, appending: Appending, mut file: File) -> Result<bool, StoreError> {
    let mut writer = app.blobs().append_upload(appending, None).await?;
    loop {
        let read = tokio::task::spawn_blocking(move || {
            let mut some = Vec::with_capacity(SOME);
            let read = (&mut file).take(SOME as u64).read_to_end(&mut some);
            read.map(|_| (file, Bytes::from(some)))
        });
        let (rest, some) = read.await.map_err(fault)?.map_err(|error: io::Error| fault(error))?;
        if some.is_empty() {
            break;
        }
        file = rest;
        if let Some(durable) = writer.write(some).await.map_err(not_written)?
            && !advance(app, &durable).await?
        {
            return Ok(false);
        }
    }
    advance(app, &writer.end().await.map_err(not_written)?).await
}

async fn advance(app: &App, durable: &Durable) -> Result<bool, StoreError> {
    let until = app.now().plus_seconds(UPLOAD_LIFE);
    app.store().write(async |tx: &mut Tx| tx.advance_upload(durable, until).await).await
}

fn not_written(error: AppendFault) -> StoreError {
    match error {
        AppendFault::Store(fault) => fault,
        other => StoreError::fault(other.to_string()),
    }
}
