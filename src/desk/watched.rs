//! What became of the files that lay in the watched folder.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::{StoreError, View, WatchedFile, WatchedState};

use super::frame::{Frame, page};
use super::{Colleague, Hindrance, Room};
use crate::actions::take_dropped::as_they_stand;

const PART: u32 = 100;
const PART_OF_DESK: &str = "/desk/watched";

/// A file.
struct Line {
    path: String,
    state: String,
    /// The colour of its badge.
    colour: &'static str,
    sentence: Option<String>,
    photo: Option<PhotoId>,
    told: String,
}

#[derive(Template)]
#[template(path = "desk/watched.html")]
struct Watched {
    frame: Frame,
    folder: Option<String>,
    lines: Vec<Line>,
    next: Option<String>,
}

/// Where a part of the list begins.
#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: String,
}

/// The files, newest first: all of them, or those of one's own folders.
pub async fn list(
    State(room): State<Room>,
    colleague: Colleague,
    Query(after): Query<After>,
) -> Result<Response, Hindrance> {
    let who = &colleague.who;
    who.may(Permission::ReadPhotos).map_err(|refusal| room.denied(&refusal.into()))?;
    let owner = (who.reach(Permission::ReadPhotos) == Reach::Own).then_some(colleague.account.id);
    let after = after
        .after
        .split_once(' ')
        .and_then(|(at, path)| Some((Moment::from_micros(at.parse().ok()?), path.to_owned())));
    let (before, path) = after.unwrap_or((Moment::from_micros(i64::MAX), String::new()));
    let found = colleague.app.store().view(async |view: &mut View| {
        let found = view.watched_files(owner, (before, path.as_str()), PART).await?;
        Ok::<_, StoreError>(as_they_stand(view, found).await?.files)
    });
    let found = found.await.map_err(|error| room.fault(&error))?;
    let frame = Frame::inside(&room, &colleague, "watched", PART_OF_DESK);
    let line = |file: &WatchedFile| Line {
        path: file.name.path.clone(),
        state: frame.t.say(&format!("file-{}", file.state.as_str().replace(' ', "-"))),
        colour: match file.state {
            WatchedState::Refused => " red",
            WatchedState::Waiting => " warm",
            WatchedState::Taken => " good",
            WatchedState::Known | WatchedState::LeftAlone => "",
        },
        sentence: file.sentence.clone(),
        photo: file.photo,
        told: room.told_time(file.told_at),
    };
    let next = found.last().filter(|_| found.len() == PART as usize).map(|last| {
        let next = format!("{} {}", last.told_at.as_micros(), last.name.path);
        form_urlencoded::byte_serialize(next.as_bytes()).collect()
    });
    let watched = Watched {
        folder: colleague.app.config().watch.folder.as_ref().map(|folder| folder.display().to_string()),
        lines: found.iter().map(line).collect(),
        next,
        frame,
    };
    Ok(page(StatusCode::OK, &watched))
}
