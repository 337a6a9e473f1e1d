//! Whether this process can do its work: reading goes on without the records, writing does not.

use std::sync::Mutex;

use hyper::{Response, StatusCode, header};
use serve::Body;

use super::text;

/// The state of the process, told by its background work. Until that has opened the records they are away.
#[derive(Debug)]
pub struct Health {
    /// What is away; `None` while all is there.
    trouble: Mutex<Option<String>>,
}

impl Default for Health {
    fn default() -> Self {
        Self { trouble: Mutex::new(Some("the records are being opened".to_owned())) }
    }
}

impl Health {
    /// The records cannot be reached, because of `what`.
    pub fn degraded(&self, what: &str) {
        self.set(Some(what.to_owned()));
    }

    /// All is there.
    pub fn sound(&self) {
        self.set(None);
    }

    /// Whether all is there.
    pub fn is_sound(&self) -> bool {
        self.trouble().is_none()
    }

    fn set(&self, trouble: Option<String>) {
        if let Ok(mut held) = self.trouble.lock() {
            *held = trouble;
        }
    }

    fn trouble(&self) -> Option<String> {
        self.trouble.lock().ok().and_then(|held| held.clone())
    }

    /// `/healthz`: 200 while reading works; says `degraded` when the records are away. What exactly is away is for the
    /// log, not for strangers.
    pub(super) fn alive(&self) -> Response<Body> {
        let line =
            if self.is_sound() { "ok\n" } else { "degraded: readers are answered, nothing can be changed\n" };
        text(StatusCode::OK, line.to_owned())
    }

    /// `/readyz`: 200 when changes can be made, else 503 with `Retry-After`.
    pub(super) fn ready(&self) -> Response<Body> {
        if self.is_sound() {
            return text(StatusCode::OK, "ready\n".to_owned());
        }
        let mut response =
            text(StatusCode::SERVICE_UNAVAILABLE, "the records cannot be reached\n".to_owned());
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
        response
    }
}
