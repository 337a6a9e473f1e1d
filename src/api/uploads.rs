//! Files that are sent in pieces: the tus protocol 1.0 (<https://tus.io/protocols/resumable-upload>) with creation, creation with
//! upload, checksum, termination and expiration. An offset is told only when what stands before it is durable.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, StatusCode};
use newsroom::id::UploadId;
use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use serde::Serialize;
use store::{
    AppendFault, AppendRefusal, Checksum, Durable, Sha256, Tx, Upload, UploadOutcome, UploadWriter, View,
};
use tokio::time::{Duration, Instant, timeout};
use utoipa::ToSchema;

use super::ask::{Caller, Path, Query};
use super::problem::{self, Problem};
use super::staff::{Part, odd_after};
use super::{Api, Page, ROOT, carried_out, stories};
use crate::actions::look_at_upload::{Told, look_at_upload};
use crate::actions::receive_upload::{
    Announced, Begun, UPLOAD_LIFE, announce_upload, announced_sidecar, give_up_upload, no_such_upload,
    take_in_upload, told,
};
use crate::actions::upload_metadata;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,checksum,termination,expiration";
const MEDIA_TYPE: &str = "application/offset+octet-stream";
/// How long no byte may come before the connection is taken for cut.
pub(super) const STALL: Duration = Duration::from_secs(60);
/// How often what came of a slow sender is made durable, so that little is lost.
const EVERY: Duration = Duration::from_secs(5);

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// Adds what every answer of the protocol carries, and refuses other versions of it.
pub async fn speak(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let spoken =
        request.headers().get(&RESUMABLE).map(|version| version.to_str().unwrap_or_default().to_owned());
    let sends = ["POST", "PATCH", "HEAD", "DELETE"].contains(&request.method().as_str());
    let mut response = match spoken {
        Some(version) if version != VERSION && sends => {
            let sentence = format!("This server speaks version {VERSION} of the protocol, not {version}.");
            Problem::from(Refusal::new("tus_version", sentence)).into_response()
        }
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(HeaderName::from_static("tus-version"), HeaderValue::from_static(VERSION));
    response
}

/// Says what the protocol can do here.
#[utoipa::path(options, path = "/uploads", tag = "uploads", security(()),
    responses((status = 204, description = "Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm"), problem::Open))]
pub async fn abilities(State(api): State<Api>) -> Result<Response, Problem> {
    let at_most = api.app()?.config().limits.file_bytes.to_string();
    let told = [
        (HeaderName::from_static("tus-extension"), EXTENSIONS.to_owned()),
        (HeaderName::from_static("tus-max-size"), at_most),
        (HeaderName::from_static("tus-checksum-algorithm"), "sha1,sha256".to_owned()),
    ];
    Ok((StatusCode::NO_CONTENT, told).into_response())
}

/// A file that is, or was, sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadBody {
    id: String,
    /// The file's name.
    name: String,
    /// How many bytes it has.
    bytes: u64,
    /// How many are here for good.
    received: u64,
    /// The story that it is for.
    story: Option<String>,
    /// `receiving`, `taken in` or `refused`.
    state: String,
    /// The photo that it is.
    photo: Option<String>,
    /// Why it was refused.
    reason: Option<String>,
    /// The SHA-256 of all bytes: as it was announced, then as it is.
    sha256: Option<String>,
    /// The SHA-256 of the .xmp file that is to come with it, where it was announced.
    sidecar: Option<String>,
    /// What its file says (R1), once its beginning is here; only told of one that is asked for by itself. What a photo that was
    /// taken in says is told by the photo.
    facts: Option<serde_json::Value>,
    /// Where the facts come from, and what is wrong with them; told as they are.
    report: Option<serde_json::Value>,
    created: String,
    /// When it is given up, or forgotten.
    expires: String,
}

impl UploadBody {
    fn of(upload: &Upload) -> Self {
        Self::with(upload, None)
    }

    fn with(upload: &Upload, told_by_head: Option<Told>) -> Self {
        let (facts, report) = told_by_head.map(|told| (told.facts, told.report)).unzip();
        let about = &upload.about;
        let outcome = upload.finished.as_ref().map(|finished| &finished.outcome);
        let announced = upload_metadata::announced_hash(&about.metadata);
        let (photo, sha256, reason) = match outcome {
            Some(UploadOutcome::Kept { photo, sha256 }) => (Some(photo.to_string()), Some(*sha256), None),
            Some(UploadOutcome::Refused(reason)) => (None, announced, Some(reason.clone())),
            None => (None, announced, None),
        };
        Self {
            id: about.id.to_string(),
            name: about.name.clone(),
            bytes: about.bytes,
            received: upload.received,
            story: about.story.map(|id| id.to_string()),
            state: outcome.map_or("receiving", told).to_owned(),
            photo,
            reason,
            sha256: sha256.map(|sha256| sha256.to_string()),
            sidecar: announced_sidecar(&about.metadata).map(|sha256| sha256.to_string()),
            facts,
            report,
            created: about.created_at.to_string(),
            expires: about.expires_at.to_string(),
        }
    }
}

/// Lists one's own uploads of the last day, oldest first.
#[utoipa::path(get, path = "/uploads", tag = "uploads", params(Part),
    responses((status = 200, body = Page<UploadBody>), problem::Reading))]
pub async fn list(caller: Caller, Query(part): Query<Part>) -> Result<axum::Json<Page<UploadBody>>, Problem> {
    caller.who.may(Permission::SendPhotos)?;
    let (owner, limit) = (caller.account.id, part.limit()?);
    let after = part.after().map(str::parse::<UploadId>).transpose().map_err(|_| odd_after())?;
    let found =
        caller.app.store().view(async |view: &mut View| view.uploads_of(owner, after, limit).await).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map(|last| last.about.id.to_string());
    Ok(axum::Json(Page { items: found.iter().map(UploadBody::of).collect(), next }))
}

/// Announces a file, and sends the first of its bytes, or all of them, with the same request. `Upload-Metadata` may name
/// `filename`, `story` (the id of a story), `sha256` (of all its bytes) and `sidecar` (the SHA-256 of the .xmp file that is to come
/// with it), the hashes in hexadecimal; what turns out to have another hash is refused. Bytes of the sender's own photos need not come
/// again: `Upload-Offset` is the length then. `leave_out` with the value `position` leaves the GPS position out of the file, and of
/// the .xmp file, before anything is kept; nothing else of it changes, and its `sha256` is then that of what is kept.
#[utoipa::path(post, path = "/uploads", tag = "uploads",
    params(("Upload-Length" = u64, Header, description = "How many bytes the file has"),
        ("Upload-Metadata" = Option<String>, Header, description = "Pairs of a key and a value in base 64"),
        ("Upload-Checksum" = Option<String>, Header, description = "sha1 or sha256, and the hash of this request's bytes in base 64")),
    request_body(content = Option<String>, content_type = "application/offset+octet-stream"),
    responses((status = 201, description = "Location, Upload-Offset, Upload-Expires"), problem::Writing,
        (status = 460, description = "Wrong checksum; none of these bytes was kept")))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.who.may(Permission::SendPhotos)?;
    let (parts, body) = request.into_parts();
    let metadata = text(&parts.headers, &METADATA).unwrap_or_default().to_owned();
    let pairs = upload_metadata::pairs(&metadata).ok_or_else(|| {
        let sentence = "Upload-Metadata has keys and values in base 64, with commas between.";
        Refusal::new("header_wrong", sentence)
    })?;
    let value = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let length = number(&parts.headers, &LENGTH)?;
    let story = value("story").filter(|story| !story.is_empty()).map(stories::parse).transpose()?;
    let name = value("filename").or(value("name")).unwrap_or_default().to_owned();
    let hash = |key: &str| upload_metadata::hash(&pairs, key).map_err(|said| no_hash(key, &said));
    let (sha256, sidecar) = (hash(upload_metadata::SHA256)?, hash(upload_metadata::SIDECAR)?);
    if let Some(said) = value(upload_metadata::LEAVE_OUT).filter(|said| *said != upload_metadata::POSITION) {
        let sentence = format!("leave_out is \"{said}\"; \"position\" can be left out.");
        return Err(Refusal::new("header_wrong", sentence).field("Upload-Metadata").into());
    }
    let new = Announced { name, metadata, bytes: length, story, sha256, sidecar };
    let (app, who, owner) = (caller.app.clone(), caller.who.clone(), caller.account.id);
    let begun = carried_out(async move || announce_upload(&app, &who, owner, new).await).await?;
    let sends = text(&parts.headers, &header::CONTENT_TYPE) == Some(MEDIA_TYPE);
    let (upload, received) = match begun {
        Begun::Known(upload) => (upload, length),
        Begun::Sending(upload) if sends => {
            let received = append(&api, &caller, upload.id, 0, &parts.headers, body).await?;
            (upload, received)
        }
        Begun::Sending(upload) => (upload, 0),
    };
    let location = format!("{ROOT}/uploads/{}", upload.id);
    let mut response = (StatusCode::CREATED, [(header::LOCATION, location)]).into_response();
    state(&mut response, received, upload.expires_at);
    Ok(response)
}

/// Tells how much of a file is here for good.
#[utoipa::path(head, path = "/uploads/{id}", tag = "uploads", params(("id" = String, Path, description = "Of the upload")),
    responses((status = 200, description = "Upload-Offset, Upload-Length, Upload-Expires"), problem::Reading))]
pub async fn offset(caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let upload = own(&caller, parse(&id)?).await?;
    let mut response = StatusCode::OK.into_response();
    state(&mut response, upload.received, upload.about.expires_at);
    response.headers_mut().insert(LENGTH, upload.about.bytes.into());
    if let Ok(metadata) = HeaderValue::from_str(&upload.about.metadata) {
        response.headers_mut().insert(METADATA, metadata);
    }
    Ok(response)
}

/// Tells what is known of an upload, and what became of it. What a JPEG or PNG says of itself is told as soon as what stands before
/// its picture data is here, unless too many files are looked at just then: ask again.
#[utoipa::path(get, path = "/uploads/{id}", tag = "uploads", params(("id" = String, Path, description = "Of the upload")),
    responses((status = 200, body = UploadBody), problem::Reading))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<UploadBody>, Problem> {
    let upload = own(&caller, parse(&id)?).await?;
    let head = match upload.finished {
        None => look_at_upload(&api.context(&caller), upload.about.id).await?,
        Some(_) => None,
    };
    Ok(axum::Json(UploadBody::with(&upload, head)))
}

/// Sends the next bytes of a file. With the last of them it is taken in; whether it was, and as which photo, or why not,
/// is told by its address.
#[utoipa::path(patch, path = "/uploads/{id}", tag = "uploads",
    params(("id" = String, Path, description = "Of the upload"),
        ("Upload-Offset" = u64, Header, description = "Where these bytes belong"),
        ("Upload-Checksum" = Option<String>, Header, description = "sha1 or sha256, and the hash of this request's bytes in base 64")),
    request_body(content = String, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "Upload-Offset, Upload-Expires"), problem::Writing,
        (status = 460, description = "Wrong checksum; none of these bytes was kept")))]
pub async fn send(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.who.may(Permission::SendPhotos)?;
    let (parts, body) = request.into_parts();
    if text(&parts.headers, &header::CONTENT_TYPE) != Some(MEDIA_TYPE) {
        return Err(Refusal::new("body_media_type", format!("Send the bytes as {MEDIA_TYPE}.")).into());
    }
    let id = parse(&id)?;
    let offset = number(&parts.headers, &OFFSET)?;
    own(&caller, id).await?;
    let received = append(&api, &caller, id, offset, &parts.headers, body).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    state(&mut response, received, caller.app.now().plus_seconds(UPLOAD_LIFE));
    Ok(response)
}

/// Gives an upload up: its bytes go. A photo that it became stays.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "uploads", params(("id" = String, Path, description = "Of the upload")),
    responses((status = 204), problem::Writing))]
pub async fn give_up(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let upload = own(&caller, parse(&id)?).await?;
    give_up_upload(&caller.app, &caller.who, &upload.about).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Appends what a request carries, and takes the file in when that was all of it. Gives the offset that was reached.
async fn append(
    api: &Api,
    caller: &Caller,
    id: UploadId,
    offset: u64,
    headers: &HeaderMap,
    body: Body,
) -> Result<u64, Problem> {
    let checksum = checksum(headers)?;
    let (app, until) = (&caller.app, caller.app.now().plus_seconds(UPLOAD_LIFE));
    let begun = app.store().write(async |tx: &mut Tx| tx.begin_append(id, offset, until).await).await?;
    let appending = match begun {
        Ok(appending) => appending,
        Err(AppendRefusal::Gone) => return Err(no_such_upload().into()),
        Err(AppendRefusal::Finished(_)) => return Err(wrong_offset(offset, "all of it").into()),
        Err(AppendRefusal::Offset { received }) => {
            return Err(wrong_offset(offset, &received.to_string()).into());
        }
    };
    let missing = appending.missing();
    let writer = app.blobs().append_upload(appending, checksum).await?;
    let mut appended = Appended { caller, writer, received: offset, has_checksum: checksum.is_some() };
    let whole = appended.pour(body).await?;
    let received = appended.end(whole).await?;
    if received == offset + missing {
        take_in(api, caller, id).await?;
    }
    Ok(received)
}

/// Bytes of one request that are being appended.
struct Appended<'a> {
    caller: &'a Caller,
    writer: UploadWriter,
    received: u64,
    has_checksum: bool,
}

impl Appended<'_> {
    /// Writes what comes; whether all of it came.
    async fn pour(&mut self, body: Body) -> Result<bool, Problem> {
        let mut chunks = body.into_data_stream();
        let mut synced = Instant::now();
        loop {
            let chunk: Bytes = match timeout(STALL, chunks.next()).await {
                Ok(Some(Ok(chunk))) => chunk,
                Ok(None) => return Ok(true),
                // The connection is gone, or as good as that: what came is kept.
                Ok(Some(Err(_))) | Err(_) => return Ok(false),
            };
            let mut durable = self.writer.write(chunk).await.map_err(fault)?;
            if synced.elapsed() > EVERY {
                synced = Instant::now();
                durable = match (durable, self.writer.sync().await.map_err(fault)?) {
                    (Some(first), second) => {
                        self.advance(&first).await?;
                        second
                    }
                    (None, second) => second,
                };
            }
            if let Some(durable) = durable {
                self.advance(&durable).await?;
            }
        }
    }

    /// Makes the rest durable. Bytes that were to meet a checksum count only where all of them came.
    async fn end(mut self, whole: bool) -> Result<u64, Problem> {
        if self.has_checksum && !whole {
            return Ok(self.received);
        }
        let caller = self.caller;
        let durable = self.writer.end().await.map_err(fault)?;
        self.received = advance(caller, &durable).await?;
        Ok(self.received)
    }

    async fn advance(&mut self, durable: &Durable) -> Result<(), Problem> {
        self.received = advance(self.caller, durable).await?;
        Ok(())
    }
}

/// Acknowledges bytes that are durable; the sender may have come again elsewhere meanwhile.
async fn advance(caller: &Caller, durable: &Durable) -> Result<u64, Problem> {
    let until = caller.app.now().plus_seconds(UPLOAD_LIFE);
    let store = caller.app.store();
    let ours = store.write(async |tx: &mut Tx| tx.advance_upload(durable, until).await).await?;
    if ours {
        return Ok(durable.received());
    }
    Err(Refusal::new(
        "upload_overtaken",
        "The file is being sent by another request by now; ask for its offset.",
    )
    .into())
}

/// Takes a file in. Where that cannot be done now, the background work does it later.
async fn take_in(api: &Api, caller: &Caller, id: UploadId) -> Result<(), Problem> {
    let context = api.context(caller);
    let who = caller.who.clone();
    carried_out(async move || take_in_upload(&context, &who, id).await.map(|_| ())).await?;
    Ok(())
}

fn fault(error: AppendFault) -> Problem {
    match error {
        AppendFault::TooLong { total } => {
            Refusal::new("upload_too_long", format!("More bytes came than the {total} that were announced."))
                .into()
        }
        AppendFault::WrongChecksum => Refusal::new(
            "checksum_mismatch",
            "These bytes have another hash than was said; none of them was kept.",
        )
        .into(),
        AppendFault::Store(fault) => fault.into(),
    }
}

/// An upload of who asks.
pub(super) async fn own(caller: &Caller, id: UploadId) -> Result<Upload, Problem> {
    caller.who.may(Permission::SendPhotos)?;
    let found = caller.app.store().view(async |view: &mut View| view.upload(id).await).await?;
    found.filter(|upload| upload.about.owner == caller.account.id).ok_or_else(|| no_such_upload().into())
}

/// The id of an upload.
pub(super) fn parse(id: &str) -> Result<UploadId, Problem> {
    id.parse().map_err(|_| no_such_upload().into())
}

fn wrong_offset(given: u64, here: &str) -> Refusal {
    let sentence = format!(
        "These bytes belong at {given}, but {here} is here already; ask for the offset and go on there."
    );
    Refusal::new("upload_offset", sentence).field("Upload-Offset")
}

fn state(response: &mut Response, received: u64, expires: Moment) {
    let headers = response.headers_mut();
    headers.insert(OFFSET, received.into());
    let date = expires.as_timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(EXPIRES, date);
    }
}

/// The text of a header field.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    text(headers, name).and_then(|value| value.parse().ok()).ok_or_else(|| {
        Refusal::new("header_wrong", format!("{name} must be there, with a whole number.")).into()
    })
}

fn no_hash(key: &str, said: &str) -> Problem {
    let sentence = format!("{key} is a SHA-256 in hexadecimal, 64 digits, not \"{said}\".");
    Refusal::new("header_wrong", sentence).field("Upload-Metadata").into()
}

/// What `Upload-Checksum` says.
fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Problem> {
    let Some(given) = text(headers, &CHECKSUM) else { return Ok(None) };
    let (algorithm, hash) = given.split_once(' ').unwrap_or((given, ""));
    let hash = STANDARD.decode(hash.trim()).unwrap_or_default();
    let read = match algorithm {
        "sha1" => <[u8; 20]>::try_from(hash).ok().map(Checksum::Sha1),
        "sha256" => <[u8; 32]>::try_from(hash).ok().map(|hash| Checksum::Sha256(Sha256::from_bytes(hash))),
        _ => None,
    };
    read.map(Some).ok_or_else(|| {
        Refusal::new("header_wrong", "Upload-Checksum is sha1 or sha256, and the hash in base 64.").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_read_and_an_odd_one_refused() {
        let read = |given: &'static str| {
            checksum(&[(CHECKSUM, HeaderValue::from_static(given))].into_iter().collect())
        };
        assert!(matches!(read("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="), Ok(Some(Checksum::Sha1(_)))));
        assert!(matches!(
            read("sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="),
            Ok(Some(Checksum::Sha256(_)))
        ));
        for odd in ["md5 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha1 Kq5s", "sha1", ""] {
            assert!(read(odd).is_err(), "{odd}");
        }
    }
}
