//! What is known of a file before all of it is here, and is sent beside it: a picture, and the .xmp file of the photo.

use std::fs::File;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use hyper::header::{self, HeaderMap};
use hyper::{Request, StatusCode};
use newsroom::id::UploadId;
use newsroom::refusal::Refusal;
use store::StoreError;
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::ask::{Caller, Path};
use super::problem::{self, Problem};
use super::uploads::{STALL, own, parse, text};
use super::{Api, carried_out};
use crate::actions::look_at_upload::preview_of_upload;
use crate::actions::send_beside;
use crate::actions::take_in::SIDECAR_BYTES;
use crate::app::App;

const JPEG: &str = "image/jpeg";
/// Of the .xmp files of photos (XMP part 1, annex B).
const XMP: &str = "application/rdf+xml";

/// A picture of an upload, as soon as there is one: the one inside the file, once its beginning is here, or the one that was sent
/// before it, whichever shows more; once the photo was developed, one of its own. What is inside the file is not there while too
/// many files are looked at: ask again.
#[utoipa::path(get, path = "/uploads/{id}/preview", tag = "uploads", params(("id" = String, Path, description = "Of the upload")),
    responses((status = 200, body = String, content_type = "image/jpeg"), problem::Reading))]
pub async fn preview(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let upload = own(&caller, parse(&id)?).await?;
    let Some(picture) = preview_of_upload(&api.context(&caller), &upload).await? else {
        let sentence =
            "There is no picture of this upload yet: none in what is here of its file, and none was sent.";
        return Err(Refusal::new("preview_unknown", sentence).into());
    };
    let fields = [(header::CONTENT_TYPE, JPEG), (header::CACHE_CONTROL, "private, no-store")];
    Ok((fields, picture).into_response())
}

/// Sends a small picture of a file ahead of it: a JPEG of at most 512 KiB. It is kept as it is developed here, without metadata, and
/// goes with the upload.
#[utoipa::path(put, path = "/uploads/{id}/preview", tag = "uploads", params(("id" = String, Path, description = "Of the upload")),
    request_body(content = String, content_type = "image/jpeg"),
    responses((status = 204), problem::Writing))]
pub async fn send_preview(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<StatusCode, Problem> {
    let (upload, file) = sent(&caller, &id, request, (JPEG, send_beside::PREVIEW_BYTES)).await?;
    let context = api.context(&caller);
    carried_out(async move || send_beside::send_preview(&context, upload, file).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends the .xmp file of a photo, before the last byte of the photo itself: at most 16 MiB. What it says stands above what the photo
/// says, as when both come from a folder.
#[utoipa::path(put, path = "/uploads/{id}/sidecar", tag = "uploads", params(("id" = String, Path, description = "Of the upload")),
    request_body(content = String, content_type = "application/rdf+xml"),
    responses((status = 204), problem::Writing))]
pub async fn send_sidecar(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<StatusCode, Problem> {
    let (upload, file) = sent(&caller, &id, request, (XMP, SIDECAR_BYTES)).await?;
    let context = api.context(&caller);
    carried_out(async move || send_beside::send_sidecar(&context, upload, file).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a request sends beside one's own upload, of this media type and at most so long.
async fn sent(
    caller: &Caller,
    id: &str,
    request: Request<Body>,
    (media_type, at_most): (&str, u64),
) -> Result<(UploadId, File), Problem> {
    let (parts, body) = request.into_parts();
    let upload = own(caller, parse(id)?).await?.about.id;
    is_sent_as(&parts.headers, media_type)?;
    Ok((upload, spooled(&caller.app, body, at_most).await?))
}

fn is_sent_as(headers: &HeaderMap, media_type: &str) -> Result<(), Problem> {
    let said = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    if said.split(';').next().is_some_and(|said| said.trim().eq_ignore_ascii_case(media_type)) {
        return Ok(());
    }
    Err(Refusal::new("body_media_type", format!("Send it as {media_type}.")).into())
}

/// A body as a file without a name, so that no memory is taken for it.
async fn spooled(app: &App, body: Body, at_most: u64) -> Result<File, Problem> {
    let folder = app.blobs().incoming().to_owned();
    let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder));
    let file = file.await.map_err(std::io::Error::other).and_then(|made| made);
    let mut file = tokio::fs::File::from_std(file.map_err(StoreError::of_disk)?);
    let (mut chunks, mut length) = (body.into_data_stream(), 0);
    loop {
        let chunk: Bytes = match timeout(STALL, chunks.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => {
                let sentence = "The body broke off before its end; send it again.";
                return Err(Refusal::new("body_slow", sentence).into());
            }
        };
        length += chunk.len() as u64;
        if length > at_most {
            let sentence = format!("At most {at_most} bytes are accepted here.");
            return Err(Refusal::new("body_long", sentence).into());
        }
        file.write_all(&chunk).await.map_err(StoreError::of_disk)?;
    }
    file.flush().await.map_err(StoreError::of_disk)?;
    Ok(file.into_std().await)
}
