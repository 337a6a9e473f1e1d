//! The desk's first page: what needs whoever is here, and three steps for somebody new.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;
use newsroom::staff::policy::{Permission, Reach};
use store::View;

use super::frame::{Frame, page};
use super::stories::{StoryRow, owner_for};
use super::{Colleague, Hindrance, Room};

/// Stories that are told on the first page.
const NEWEST: u32 = 12;

#[derive(Template)]
#[template(path = "desk/home.html")]
struct Home {
    frame: Frame,
    /// Whether there is no story yet.
    is_new: bool,
    writes: bool,
    sends: bool,
    /// Drafts that readers do not have, or not as they are now.
    open: Vec<StoryRow>,
    /// The others.
    done: Vec<StoryRow>,
}

/// The first page.
pub async fn home(State(room): State<Room>, colleague: Colleague) -> Result<Response, Hindrance> {
    let who = &colleague.who;
    let reads = who.reach(Permission::ReadStories) > Reach::Nothing;
    let owner = owner_for(who);
    let stories = if reads {
        let found =
            colleague.app.store().view(async |view: &mut View| view.stories_page(owner, None, NEWEST).await);
        found.await.map_err(|error| room.fault(&error))?
    } else {
        Vec::new()
    };
    let is_new = stories.is_empty();
    let rows = stories.iter().map(|line| StoryRow::of(line, &room));
    let (open, done) = rows.partition(|row: &StoryRow| row.is_open);
    let home = Home {
        frame: Frame::inside(&room, &colleague, "desk", super::ROOT),
        is_new,
        writes: who.reach(Permission::WriteStories) > Reach::Nothing,
        sends: who.reach(Permission::SendPhotos) > Reach::Nothing,
        open,
        done,
    };
    Ok(page(StatusCode::OK, &home))
}
