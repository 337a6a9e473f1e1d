//! Photos sent by a form, where no script sends them in pieces.

use std::fs::File;

use askama::Template;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, State};
use axum::response::Response;
use hyper::StatusCode;
use newsroom::id::StoryId;
use newsroom::staff::policy::Permission;
use store::StoreError;
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Duration, timeout};

use super::forms::Own;
use super::frame::{Frame, page};
use super::{Colleague, Hindrance, Room, photos};
use crate::actions::receive_upload::Announced;
use crate::actions::receive_whole::{Became, receive_whole};
use crate::actions::upload_metadata::{self, LEAVE_OUT, POSITION};
use crate::actions::{Denied, no_such_story};
use crate::api::carried_out;
use crate::jobs::Context;

/// How long nothing may come before a sender is taken for gone.
const STALL: Duration = Duration::from_secs(60);
/// Bytes of a field that is no file at most.
const LONGEST_TEXT: usize = 100;
/// Fields of a form at most.
const MOST_FIELDS: usize = 1_000;

#[derive(Template)]
#[template(path = "desk/sent.html")]
struct Sent {
    frame: Frame,
    files: Vec<SentFile>,
    /// All of them are in.
    whole: bool,
    /// Not all came: the connection or the form ended before.
    broken: bool,
    /// The story that they are slides of.
    story: Option<StoryId>,
}

struct SentFile {
    name: String,
    refused: Option<String>,
    /// Another process takes it in.
    later: bool,
}

/// What a form says before its files.
#[derive(Default)]
struct Said {
    story: Option<StoryId>,
    leaves_out_position: bool,
}

/// Takes the files of a form in, one after the other; what was refused is told beside the others.
pub async fn send(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    request: axum::extract::Request,
) -> Result<Response, Hindrance> {
    colleague.who.may(Permission::SendPhotos).map_err(|refusal| room.denied(&refusal.into()))?;
    let odd = || {
        let sentence = room.texts().say("form-odd");
        Hindrance::refused(&room, StatusCode::UNPROCESSABLE_ENTITY, "once-more", sentence)
    };
    let mut form = Multipart::from_request(request, &room).await.map_err(|_| odd())?;
    let (mut said, mut files, mut broken) = (Said::default(), Vec::new(), true);
    for _ in 0..MOST_FIELDS {
        let field = match timeout(STALL, form.next_field()).await {
            Ok(Ok(Some(field))) => field,
            Ok(Ok(None)) => {
                broken = false;
                break;
            }
            Ok(Err(_)) | Err(_) => break,
        };
        // A browser sends an input without a file as a file without a name.
        if field.file_name().is_some_and(|name| !name.is_empty()) {
            files.push(taken(&room, &colleague, &said, field).await?);
        } else if field.file_name().is_none() {
            tell(&room, &mut said, field).await?;
        }
    }
    let whole = !broken && files.iter().all(|file| file.refused.is_none() && !file.later);
    let status = if whole && !files.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let frame = Frame::inside(&room, &colleague, "sent-photos", photos::PART_OF_DESK);
    Ok(page(status, &Sent { frame, files, whole, broken, story: said.story }))
}

async fn tell(room: &Room, said: &mut Said, mut field: Field<'_>) -> Result<(), Hindrance> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Ok(Ok(Some(chunk))) = timeout(STALL, field.chunk()).await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_TEXT {
            let sentence = room.texts().say("form-odd");
            return Err(Hindrance::refused(room, StatusCode::UNPROCESSABLE_ENTITY, "once-more", sentence));
        }
    }
    let text = String::from_utf8_lossy(&bytes).trim().to_owned();
    match name.as_str() {
        "story" if !text.is_empty() => {
            let story = text.parse().map_err(|_| room.denied(&no_such_story(&text).into()))?;
            said.story = Some(story);
        }
        LEAVE_OUT => said.leaves_out_position = text == POSITION,
        _ => {}
    }
    Ok(())
}

/// Takes a file in, and tells what became of it.
async fn taken(
    room: &Room,
    colleague: &Colleague,
    said: &Said,
    mut field: Field<'_>,
) -> Result<SentFile, Hindrance> {
    let app = colleague.app.clone();
    let name = field.file_name().unwrap_or_default().to_owned();
    let refused = |reason: String| Ok(SentFile { name: name.clone(), refused: Some(reason), later: false });
    let at_most = app.config().limits.file_bytes;
    let (file, bytes) = match kept(&app, &mut field).await.map_err(|error| room.fault(&error))? {
        Came::Whole(file, bytes) => (file, bytes),
        Came::TooLong => return refused(room.texts().with("file-too-long", "bytes", &at_most)),
        Came::Broken => return refused(room.texts().say("file-broken")),
    };
    let leave_out = if said.leaves_out_position { vec![(LEAVE_OUT, POSITION)] } else { Vec::new() };
    let metadata = upload_metadata::written(std::iter::once(("filename", name.as_str())).chain(leave_out));
    let new =
        Announced { name: name.clone(), metadata, bytes, story: said.story, sha256: None, sidecar: None };
    let context = Context::with_workers(app, room.workers.clone());
    let (who, owner) = (colleague.who.clone(), colleague.account.id);
    match carried_out(async move || receive_whole(&context, &who, owner, (new, file)).await).await {
        Ok(Became::In) => Ok(SentFile { name, refused: None, later: false }),
        Ok(Became::Later) => Ok(SentFile { name, refused: None, later: true }),
        Ok(Became::Refused(reason)) => refused(reason),
        Err(Denied::Refused(refusals)) => {
            refused(refusals.first().map_or_else(String::new, |one| one.sentence.clone()))
        }
        Err(fault) => Err(room.denied(&fault)),
    }
}

/// What came of a file.
enum Came {
    Whole(File, u64),
    TooLong,
    Broken,
}

/// Keeps what comes in a file without a name, which goes with whoever has it open.
async fn kept(app: &crate::app::App, field: &mut Field<'_>) -> Result<Came, StoreError> {
    let at_most = app.config().limits.file_bytes;
    let file = tempfile::tempfile_in(app.blobs().incoming()).map_err(StoreError::of_disk)?;
    let (mut file, mut bytes) = (tokio::fs::File::from_std(file), 0_u64);
    loop {
        let chunk: Result<_, MultipartError> = match timeout(STALL, field.chunk()).await {
            Ok(chunk) => chunk,
            Err(_) => return Ok(Came::Broken),
        };
        match chunk {
            Ok(Some(chunk)) => {
                bytes += chunk.len() as u64;
                // The rest still has to be read past, so that the next field is found.
                if bytes <= at_most {
                    file.write_all(&chunk).await.map_err(StoreError::of_disk)?;
                }
            }
            Ok(None) if bytes > at_most => return Ok(Came::TooLong),
            Ok(None) => break,
            Err(_) => return Ok(Came::Broken),
        }
    }
    file.flush().await.map_err(StoreError::of_disk)?;
    Ok(Came::Whole(file.into_std().await, bytes))
}
