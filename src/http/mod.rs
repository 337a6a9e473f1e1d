//! What is live beside the printed tree: the routes in one table, and the metrics on a listener of their own.

mod health;
mod metrics;
mod search;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode, header};
use serve::{Body, Site, Visitor};

pub use health::Health;
pub use metrics::{Instruments, NoTree};
pub use search::Questions;

use crate::api;
use crate::app::Records;
use crate::desk::{self, Desk};
use crate::pages::address;

/// What can be done with the routes for readers, and with the server as a whole.
const READS: &str = "GET, HEAD";

/// What the live routes answer from.
pub struct Live {
    /// The readers' site.
    pub site: Arc<Site>,
    /// Whether the records are there.
    pub health: Arc<Health>,
    /// The records, while they are there.
    pub records: Arc<Records>,
    /// How often readers search.
    pub questions: Questions,
    /// The JSON API.
    pub api: api::Service,
    /// The desk's pages.
    pub desk: Desk,
}

/// Answers what is not in the tree: the routes of the readers' listener.
pub async fn live(request: Request<Incoming>, live: Arc<Live>) -> Response<Body> {
    let path = request.uri().path();
    let below =
        |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if below(api::ROOT) {
        return live.api.answer(request).await;
    }
    if below(desk::ROOT) {
        return live.desk.answer(request).await;
    }
    if path == address::SEARCH {
        let app = live.records.app();
        let visitor = request.extensions().get::<Visitor>();
        let asked = (request.method(), request.uri());
        return search::answer(asked, visitor, app.as_ref(), &live.records.held(), &live.questions).await;
    }
    match beside_the_tree(request.method(), request.uri().path(), &live.health) {
        Some(response) => response,
        None => live.site.missing(&request).await,
    }
}

/// The answer of a live route; `None` where there is none.
fn beside_the_tree(method: &Method, path: &str, health: &Health) -> Option<Response<Body>> {
    match path {
        "/healthz" => Some(read(method, || health.alive())),
        "/readyz" => Some(read(method, || health.ready())),
        "*" if method == Method::OPTIONS => Some(of_the_server()),
        _ => None,
    }
}

/// The routes of the metrics' listener.
pub async fn instruments(request: Request<Incoming>, instruments: Arc<Instruments>) -> Response<Body> {
    match request.uri().path() {
        "/metrics" => read(request.method(), || text(StatusCode::OK, instruments.render())),
        _ => text(StatusCode::NOT_FOUND, "The metrics are at /metrics.\n".to_owned()),
    }
}

/// The answer of a route that can only be read: 405 to all that is no read (RFC 9110 section 15.5.6).
fn read(method: &Method, answer: impl FnOnce() -> Response<Body>) -> Response<Body> {
    if matches!(*method, Method::GET | Method::HEAD) {
        return answer();
    }
    let line = "This address can only be read.\n".to_owned();
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, line);
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(READS));
    response
}

/// The answer to `OPTIONS *` (RFC 9110 section 9.3.7).
fn of_the_server() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(READS));
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Status and `Allow` of what stands beside the tree.
    fn asked(method: Method, path: &str) -> Option<(u16, String)> {
        let health = Health::default();
        health.sound();
        let response = beside_the_tree(&method, path, &health)?;
        let allow = response.headers().get(header::ALLOW).map(|value| value.to_str().unwrap().to_owned());
        Some((response.status().as_u16(), allow.unwrap_or_default()))
    }

    #[test]
    fn a_process_is_not_ready_before_it_has_opened_its_records() {
        let health = Health::default();
        let status =
            |path| beside_the_tree(&Method::GET, path, &health).map(|answer| answer.status().as_u16());
        assert_eq!((status("/healthz"), status("/readyz")), (Some(200), Some(503)));
    }

    #[test]
    fn the_health_of_the_process_can_be_read_and_nothing_else() {
        for path in ["/healthz", "/readyz"] {
            for method in [Method::GET, Method::HEAD] {
                assert_eq!(asked(method, path), Some((200, String::new())), "{path}");
            }
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
                assert_eq!(asked(method, path), Some((405, "GET, HEAD".to_owned())), "{path}");
            }
        }
    }

    #[test]
    fn the_server_as_a_whole_says_what_can_be_asked_of_it() {
        assert_eq!(asked(Method::OPTIONS, "*"), Some((204, "GET, HEAD".to_owned())));
    }

    #[test]
    fn what_is_no_live_route_is_left_to_the_page_for_what_is_missing() {
        for path in ["/", "/healthz/", "/metrics"] {
            assert_eq!(asked(Method::GET, path), None, "{path}");
        }
        assert_eq!(asked(Method::GET, "*"), None);
    }
}
