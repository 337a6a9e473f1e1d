//! What helps while a story is written: its body as readers will see it, and the sections and tags that are in use.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use newsroom::moment::Moment;
use newsroom::staff::policy::Permission;
use serde::Serialize;
use store::View;

use super::forms::Own;
use super::{Colleague, Hindrance, Room};
use crate::pages::body::shown;

/// Stories whose sections and tags are offered, newest first.
const LATEST: u32 = 100;

/// A body as HTML, sanitised as for the page.
pub async fn body(_: Own, colleague: Colleague, markdown: String) -> Result<Response, Hindrance> {
    let now = colleague.app.now();
    let html = tokio::task::spawn_blocking(move || shown(&markdown, now)).await.unwrap_or_default();
    Ok(Html(html).into_response())
}

/// What may be completed.
#[derive(Serialize)]
pub struct Known {
    sections: BTreeSet<String>,
    tags: BTreeSet<String>,
}

/// Sections and tags of the newest published stories.
pub async fn known(State(room): State<Room>, colleague: Colleague) -> Result<Json<Known>, Hindrance> {
    colleague.who.may(Permission::WriteStories).map_err(|refusal| room.denied(&refusal.into()))?;
    let (from, until) = (Moment::from_micros(i64::MIN), Moment::from_micros(i64::MAX));
    let newest = colleague
        .app
        .store()
        .view(async |view: &mut View| view.published_between(from, until, 0, LATEST).await)
        .await
        .map_err(|error| room.fault(&error))?;
    let held = room.held();
    let placed = held.sections.iter().map(|placed| &placed.name).chain([&held.site.default_section]);
    let sections = newest.iter().map(|one| &one.record.section).chain(placed).cloned();
    let tags = newest.iter().flat_map(|one| one.record.tags.iter().cloned());
    Ok(Json(Known { sections: sections.collect(), tags: tags.collect() }))
}
