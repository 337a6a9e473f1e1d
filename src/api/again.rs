//! A request that is sent again with the same key (`Idempotency-Key`) is answered as the first time, and carried out once.
//!
//! The request is noted before it is carried out, and its answer after that. Where the process dies between the two nobody
//! knows here whether it was carried out; the sender is told so instead of a guess.

use axum::body::Body;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};
use newsroom::refusal::Refusal;
use store::{KeptAnswer, KeyedAnswer, Sha256, StoreError, Tx, View};

use super::Api;
use super::ask::{BODY_TIME, Caller, LONGEST_BODY, too_slow};
use super::problem::Problem;
use crate::app::App;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST_KEY: usize = 200;

/// Carries out a request, or answers as when it came first.
pub async fn once(State(api): State<Api>, request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(KEY).cloned() else { return next.run(request).await };
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    match keyed(&api, &key, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn keyed(api: &Api, key: &HeaderValue, request: Request, next: Next) -> Result<Response, Problem> {
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Refusal::new("key_wrong", "An Idempotency-Key has 1 to 200 visible characters.").into());
    }
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, api).await?;
    let too_long = |_| Refusal::new("body_long", format!("A body may have up to {LONGEST_BODY} bytes."));
    let came = tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, LONGEST_BODY)).await;
    let body = came.map_err(|_| too_slow())?.map_err(too_long)?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let noted = KeyedAnswer {
        key: Sha256::of(format!("{} {key}", caller.account.id).as_bytes()),
        request: Sha256::of(&[path.as_bytes(), b"\n", &body].concat()),
        staff: caller.account.id,
        began_at: caller.app.now(),
        answer: None,
    };
    if let Some(before) = note(&caller.app, &noted).await? {
        return repeated(&noted, before, &caller.app);
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(&caller.app, noted.key, response).await
}

/// Notes a request; gives the one that came with this key before.
async fn note(app: &App, noted: &KeyedAnswer) -> Result<Option<KeyedAnswer>, StoreError> {
    let first = app.store().write(async |tx: &mut Tx| tx.begin_answer(noted).await).await?;
    if first {
        return Ok(None);
    }
    app.store().view(async |view: &mut View| view.keyed_answer(noted.key).await).await
}

/// How long a request may be under way before nobody waits for its answer any more, in seconds.
const UNDER_WAY: i64 = 60;

fn repeated(now: &KeyedAnswer, before: KeyedAnswer, app: &App) -> Result<Response, Problem> {
    if before.request != now.request {
        return Err(
            Refusal::new("key_reused", "This Idempotency-Key came with another request before.").into()
        );
    }
    if let Some(answer) = before.answer {
        return Ok(replayed(&answer));
    }
    if app.now() < before.began_at.plus_seconds(UNDER_WAY) {
        return Err(Refusal::new(
            "key_in_use",
            "The request with this key is being carried out; ask again in a moment.",
        )
        .into());
    }
    let sentence = "The request with this key was cut off; look whether it was carried out, and use another key if it was not.";
    Err(Refusal::new("outcome_unknown", sentence).into())
}

fn replayed(answer: &KeptAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let media = if status.is_success() { "application/json" } else { "application/problem+json" };
    let mut response = (status, answer.body.clone()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    for (name, value) in [(header::LOCATION, &answer.location), (header::ETAG, &answer.etag)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    headers.insert(HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));
    response
}

/// Keeps the answer. One that says that nothing was done, and why, is not kept: what stood against it may be gone next time.
/// After a fault nobody knows whether it was carried out.
async fn keep(app: &App, key: Sha256, response: Response) -> Result<Response, Problem> {
    if response.status().is_server_error() {
        return Ok(response);
    }
    if !response.status().is_success() {
        app.store().write(async |tx: &mut Tx| tx.forget_answer(key).await).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let answer = KeptAnswer {
        status: parts.status.as_u16(),
        location: text(header::LOCATION),
        etag: text(header::ETAG),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    if let Err(error) = app.store().write(async |tx: &mut Tx| tx.end_answer(key, &answer).await).await {
        // It was carried out, and the sender must hear that; who asks again is told that nobody knows.
        tracing::error!(error = %crate::telemetry::chain(&error), "an answer could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}
