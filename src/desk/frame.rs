//! What all pages of the desk have.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use hyper::{StatusCode, header};

use crate::config::SiteConfig;

/// The desk's style sheet.
const STYLE: &str = include_str!("../../assets/desk.css");

/// The desk's one script.
const SCRIPT: &str = include_str!("../../assets/passkeys.js");

/// What a page has around what it is about.
pub struct Frame {
    /// The site's name.
    pub site: String,
    /// The page's name.
    pub title: String,
}

#[derive(Template)]
#[template(path = "desk/say.html")]
struct Say<'a> {
    frame: &'a Frame,
    sentence: &'a str,
}

impl Frame {
    /// A page of this name.
    pub fn of(site: &SiteConfig, title: &str) -> Self {
        Self { site: site.name.clone(), title: title.to_owned() }
    }

    /// A page that says one sentence.
    pub fn say(&self, status: StatusCode, sentence: &str) -> Response {
        page(status, &Say { frame: self, sentence })
    }
}

/// A page from its template.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the desk could not be filled in");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The style sheet.
pub async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")], STYLE)
        .into_response()
}

/// The script that asks for passkeys.
pub async fn script() -> Response {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")],
        SCRIPT,
    )
        .into_response()
}
