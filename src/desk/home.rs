//! The desk's first page: what needs whoever is here, what is in the works, and three steps for somebody new.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::{StoryLine, View};

use super::frame::{Frame, page};
use super::needs::{Need, needs};
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
    /// Whether the three steps are shown.
    has_steps: bool,
    writes: bool,
    sends: bool,
    publishes: bool,
    needs: Vec<Need>,
    /// Drafts that readers do not have, or not as they are now.
    open: Vec<StoryRow>,
    /// The others.
    done: Vec<StoryRow>,
}

/// Whether somebody asks for the three steps.
#[derive(Deserialize)]
pub struct Asked {
    welcome: Option<String>,
}

/// The first page.
pub async fn home(
    State(room): State<Room>,
    colleague: Colleague,
    Query(asked): Query<Asked>,
) -> Result<Response, Hindrance> {
    let who = &colleague.who;
    let reads = who.reach(Permission::ReadStories) > Reach::Nothing;
    let writes = who.reach(Permission::WriteStories) > Reach::Nothing;
    let owner = owner_for(who);
    let stories = if reads {
        let found =
            colleague.app.store().view(async |view: &mut View| view.stories_page(owner, None, NEWEST).await);
        found.await.map_err(|error| room.fault(&error))?
    } else {
        Vec::new()
    };
    let is_new = stories.is_empty();
    let needs = needs(&room, &colleague).await?;
    // What is told above is not told twice.
    let told = |line: &&StoryLine| needs.iter().all(|need| need.story != Some(line.id));
    let rows = stories.iter().filter(told).map(|line| StoryRow::of(line, &room));
    let (open, done) = rows.partition(|row: &StoryRow| row.is_open);
    let home = Home {
        frame: Frame::inside(&room, &colleague, "desk", super::ROOT),
        is_new,
        has_steps: writes && (is_new || asked.welcome.is_some()),
        writes,
        publishes: who.reach(Permission::Publish) > Reach::Nothing,
        sends: who.reach(Permission::SendPhotos) > Reach::Nothing,
        needs,
        open,
        done,
    };
    Ok(page(StatusCode::OK, &home))
}
