//! What is live beside the printed tree: the routes in one table, and the metrics on a listener of their own.

mod attendant;
mod health;
mod metrics;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode, header};
use serve::{Body, Site};

pub use attendant::Attendant;
pub use health::Health;
pub use metrics::{Instruments, NoTree};

/// Answers what is not in the tree: the routes of the readers' listener.
pub async fn live(request: Request<Incoming>, site: Arc<Site>, health: Arc<Health>) -> Response<Body> {
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/healthz") => health.alive(),
        (&Method::GET | &Method::HEAD, "/readyz") => health.ready(),
        _ => site.missing(&request).await,
    }
}

/// The routes of the metrics' listener.
pub async fn instruments(request: Request<Incoming>, instruments: Arc<Instruments>) -> Response<Body> {
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => text(StatusCode::OK, instruments.render()),
        _ => text(StatusCode::NOT_FOUND, "The metrics are at /metrics.\n".to_owned()),
    }
}

/// A plain answer that nobody may keep.
fn text(status: StatusCode, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes::Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}
