//! From a request to the answer that the tree has for it.

use std::borrow::Cow;
use std::future::Future;

use bytes::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};

use crate::body::{Body, Pieces};
use crate::conditional::{Wanted, not_modified, precondition_failed, wanted};
use crate::face::{Face, Store, protection};
use crate::grant::{PictureAddress, Rendition};
use crate::key::{Asked, GONE_PAGE, Key, MISSING_PAGE, address, asked, canonical};
use crate::negotiate::choose;
use crate::policy::Policy;
use crate::site::{Cause, Site, Target};
use crate::tree::Kind;

/// After this many seconds a reader may try again what is damaged.
const RETRY_AFTER: &str = "5";

/// What of a request decides its answer.
#[derive(Clone, Copy)]
struct Ask<'r> {
    method: &'r Method,
    uri: &'r Uri,
    headers: &'r HeaderMap,
}

impl<'r> Ask<'r> {
    fn of<B>(request: &'r Request<B>) -> Self {
        Self { method: request.method(), uri: request.uri(), headers: request.headers() }
    }

    fn accept_encoding(self) -> impl Iterator<Item = &'r [u8]> {
        self.headers.get_all(header::ACCEPT_ENCODING).iter().map(HeaderValue::as_bytes)
    }

    fn reads(self) -> bool {
        matches!(*self.method, Method::GET | Method::HEAD)
    }
}

impl Site {
    /// The tree's answer, or None where the path is not one of the tree: then try the live routes, and after them
    /// [`Self::missing`].
    pub fn answer<'s, B>(
        &'s self,
        request: &'s Request<B>,
    ) -> impl Future<Output = Option<Response<Body>>> + use<'s, B> {
        let ask = Ask::of(request);
        async move {
            match asked(ask.uri.path()) {
                // A live route may have words of its own for it.
                Asked::Malformed | Asked::Elsewhere => None,
                Asked::Path(path) => self.answer_path(ask, &self.edition(path, ask.uri.query())).await,
            }
        }
    }

    /// The site's page for what is not there, with 404; a plain sentence while none is printed, and for an address that is
    /// not well formed.
    pub fn missing<'s, B>(
        &'s self,
        request: &'s Request<B>,
    ) -> impl Future<Output = Response<Body>> + use<'s, B> {
        let ask = Ask::of(request);
        async move {
            match asked(ask.uri.path()) {
                Asked::Malformed => plain(StatusCode::BAD_REQUEST, "This address is not well formed.\n"),
                Asked::Elsewhere | Asked::Path(_) => self.not_found(ask).await,
            }
        }
    }

    async fn answer_path(&self, ask: Ask<'_>, path: &str) -> Option<Response<Body>> {
        let fault = match self.find(ask, path).await {
            Ok(answer) => return answer,
            Err(fault) => fault,
        };
        // What is lost may have been withdrawn a moment ago by another process: its files go as soon as the tree says
        // so, and this site may not have looked since.
        if matches!(fault.cause, Cause::Lost) && self.looks_again() {
            return match self.find(ask, path).await {
                Ok(answer) => answer,
                Err(fault) => Some(self.unavailable(fault)),
            };
        }
        Some(self.unavailable(fault))
    }

    /// Takes what the store's log says since the last look, where that is cheap; whether it was.
    fn looks_again(&self) -> bool {
        !self.keep.is_far() && self.catch_up().is_ok()
    }

    async fn find(&self, ask: Ask<'_>, path: &str) -> Result<Option<Response<Body>>, Unable> {
        let key = Key::of(path);
        if let Some(mark) = self.mark_of(&key) {
            let target = Target { path, key, mark };
            return match mark.kind() {
                Kind::Missing => Ok(None),
                _ if !ask.reads() => Ok(Some(not_allowed())),
                Kind::Grant => Ok(Some(self.not_found(ask).await)),
                Kind::Gone => Ok(Some(self.gone(ask).await)),
                Kind::Page | Kind::Redirect | Kind::Farewell => self.give(ask, &target).await.map(Some),
            };
        }
        if let Some(picture) = PictureAddress::parse(path) {
            if !ask.reads() {
                return Ok(Some(not_allowed()));
            }
            return self.answer_picture(ask, &picture).await.map(Some);
        }
        Ok(self.other_slash(ask, path))
    }

    /// 308 to the path with or without its trailing slash, where something was ever printed under that one.
    fn other_slash(&self, ask: Ask<'_>, path: &str) -> Option<Response<Body>> {
        let other = match path.strip_suffix('/') {
            Some(short) => Cow::Borrowed(short),
            None => Cow::Owned(format!("{path}/")),
        };
        let there = canonical(&other).and_then(|other| self.mark(&other))?;
        let printed = matches!(there.kind(), Kind::Page | Kind::Redirect | Kind::Farewell | Kind::Gone);
        if !printed || !ask.reads() {
            return None;
        }
        let mut location = address(&other);
        if let Some(query) = ask.uri.query() {
            location = format!("{location}?{}", address(query));
        }
        Some(sent_on(StatusCode::PERMANENT_REDIRECT, &location))
    }

    async fn give(&self, ask: Ask<'_>, target: &Target<'_>) -> Result<Response<Body>, Unable> {
        let face = self.face(target, choose(ask.accept_encoding(), target.mark.codings())).await;
        let face = face.map_err(|cause| Unable::of(target.object_name(), target, cause))?;
        self.show(ask, target, &face, None).await
    }

    async fn not_found(&self, ask: Ask<'_>) -> Response<Body> {
        let page = self.reserved(ask, MISSING_PAGE, StatusCode::NOT_FOUND).await;
        page.unwrap_or_else(|| plain(StatusCode::NOT_FOUND, "There is nothing at this address.\n"))
    }

    async fn gone(&self, ask: Ask<'_>) -> Response<Body> {
        let page = self.reserved(ask, GONE_PAGE, StatusCode::GONE).await;
        page.unwrap_or_else(|| plain(StatusCode::GONE, "What was at this address has been withdrawn.\n"))
    }

    /// One of the two pages that nobody can ask for. None while there is none, and where it is damaged: the status
    /// matters more than the page.
    async fn reserved(&self, ask: Ask<'_>, name: &str, status: StatusCode) -> Option<Response<Body>> {
        let key = Key::of(name);
        let mark = self.mark_of(&key).filter(|mark| mark.kind() == Kind::Page)?;
        let target = Target { path: name, key, mark };
        match self.give(ask, &target).await {
            Ok(mut response) => {
                *response.status_mut() = status;
                Some(response)
            }
            Err(fault) => {
                self.damaged(fault.name, &fault.path, fault.change, fault.cause);
                None
            }
        }
    }

    async fn answer_picture(
        &self,
        ask: Ask<'_>,
        picture: &PictureAddress<'_>,
    ) -> Result<Response<Body>, Unable> {
        let key = Key::of(picture.grant);
        let Some(mark) = self.mark_of(&key) else { return Ok(self.not_found(ask).await) };
        let target = Target { path: picture.grant, key, mark };
        match mark.kind() {
            Kind::Grant => {}
            Kind::Gone | Kind::Farewell => return Ok(self.gone(ask).await),
            Kind::Page | Kind::Missing | Kind::Redirect => return Ok(self.not_found(ask).await),
        }
        let granted = self.granted(&target).await;
        let granted = granted.map_err(|cause| Unable::of(target.object_name(), &target, cause))?;
        let mut renditions = granted.grant.renditions.iter().enumerate();
        let sent_to = |file: &str| {
            let there = format!("{}/{}/{file}", picture.grant, granted.grant.version);
            sent_on(StatusCode::TEMPORARY_REDIRECT, &address(&there))
        };
        let Some((number, rendition)) = renditions.find(|(_, one)| one.file == picture.file) else {
            return match granted.grant.stand_in(picture.file) {
                Some(other) => Ok(sent_to(&other.file)),
                None => Ok(self.not_found(ask).await),
            };
        };
        if granted.grant.version != picture.version {
            return Ok(sent_to(picture.file));
        }
        let face = self.picture(&target, &granted, number, rendition).await;
        let face = face.map_err(|cause| Unable::of(rendition.blob.clone(), &target, cause))?;
        self.show(ask, &target, &face, Some(rendition)).await
    }

    /// The answer that a face gives: all of it, a part, or that nothing has changed.
    async fn show(
        &self,
        ask: Ask<'_>,
        target: &Target<'_>,
        face: &Face,
        rendition: Option<&Rendition>,
    ) -> Result<Response<Body>, Unable> {
        let (mut response, from, until) = match begin(ask, face) {
            Begun::Done(response) => return Ok(response),
            Begun::Whole(response) | Begun::Part(response, ..) if *ask.method == Method::HEAD => {
                return Ok(response);
            }
            Begun::Whole(response) => (response, 0, face.length),
            Begun::Part(response, first, last) => (response, first, last + 1),
        };
        *response.body_mut() = match &face.body {
            Store::Memory(bytes) => Body::from(slice(bytes, from, until)),
            Store::File(file, begin) => {
                Body::pieces(Pieces::of_file(file.clone(), begin + from, begin + until))
            }
            Store::Blobs => {
                let blob = rendition.map_or("", |rendition| &rendition.blob);
                match Pieces::open(self.blobs.clone(), blob, from, until).await {
                    Ok(Some(pieces)) => Body::pieces(pieces),
                    Ok(None) => return Err(Unable::of(blob.to_owned(), target, Cause::Lost)),
                    Err(error) => return Err(Unable::of(blob.to_owned(), target, error.into())),
                }
            }
        };
        Ok(response)
    }

    /// 503, and whoever mends it is told.
    fn unavailable(&self, fault: Unable) -> Response<Body> {
        self.damaged(fault.name, &fault.path, fault.change, fault.cause);
        let text = "This is being printed again. Please try once more in a moment.\n";
        let mut response = unkept(StatusCode::SERVICE_UNAVAILABLE, text);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        response
    }
}

/// Why what the map knows cannot be given.
struct Unable {
    /// Of the object, or the key of the blob.
    name: String,
    path: String,
    change: u64,
    cause: Cause,
}

impl Unable {
    fn of(name: String, target: &Target<'_>, cause: Cause) -> Self {
        Self { name, path: target.path.to_owned(), change: target.mark.change(), cause }
    }
}

/// The bytes from `from` to before `until`, both within them.
fn slice(bytes: &Bytes, from: u64, until: u64) -> Bytes {
    let place = |at: u64| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len()));
    bytes.slice(place(from)..place(until))
}

/// An answer whose head stands.
enum Begun {
    /// It has no body, or has it already.
    Done(Response<Body>),
    /// The whole body belongs to it.
    Whole(Response<Body>),
    /// The bytes from the first to the last number, both included, belong to it.
    Part(Response<Body>, u64, u64),
}

fn begin(ask: Ask<'_>, face: &Face) -> Begun {
    let mut response = Response::new(Body::empty());
    if face.status == StatusCode::OK && precondition_failed(ask.headers, &face.etag, face.modified) {
        let text = "What is here is not what the request was made for.\n";
        return Begun::Done(unkept(StatusCode::PRECONDITION_FAILED, text));
    }
    if face.status == StatusCode::OK && not_modified(ask.headers, &face.etag, face.modified) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.headers_mut() = kept(face.fields());
        return Begun::Done(response);
    }
    *response.status_mut() = face.status;
    *response.headers_mut() = face.fields().clone();
    if !face.ranges || *ask.method != Method::GET {
        return Begun::Whole(response);
    }
    let headers = response.headers_mut();
    match wanted(ask.headers, face.length, &face.etag, face.modified) {
        Wanted::Whole => Begun::Whole(response),
        Wanted::Part { first, last } => {
            insert(headers, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{}", face.length));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(last - first + 1));
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            Begun::Part(response, first, last)
        }
        Wanted::Nothing => {
            let mut response = unkept(StatusCode::RANGE_NOT_SATISFIABLE, "No such range.\n");
            insert(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{}", face.length));
            Begun::Done(response)
        }
    }
}

/// The headers that a 304 repeats (RFC 9110 section 15.4.5), and those that keep browsers safe.
fn kept(headers: &HeaderMap) -> HeaderMap {
    let mut kept = headers.clone();
    let about_the_body = [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::CONTENT_LANGUAGE,
        header::LAST_MODIFIED,
        header::ACCEPT_RANGES,
        header::LINK,
    ];
    for name in about_the_body {
        kept.remove(name);
    }
    kept
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

/// A sentence as an answer, with the short life of a fault. The server leaves the body away for HEAD.
pub(crate) fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    const TYPE: &str = "text/plain; charset=utf-8";
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(Policy::Fault.browsers()));
    for (name, value) in protection(TYPE) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A sentence that answers this one request: no cache may give it to the next, which may ask for something else of the
/// same address.
fn unkept(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = plain(status, text);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn not_allowed() -> Response<Body> {
    let mut response = unkept(StatusCode::METHOD_NOT_ALLOWED, "This address can only be read.\n");
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn sent_on(status: StatusCode, location: &str) -> Response<Body> {
    let mut response = plain(status, "");
    insert(response.headers_mut(), header::LOCATION, location);
    let short = HeaderValue::from_static(Policy::Short.browsers());
    response.headers_mut().insert(header::CACHE_CONTROL, short);
    response
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
