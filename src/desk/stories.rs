//! The list of stories, and the beginning of a new one.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use hyper::StatusCode;
use newsroom::id::{StaffId, StoryId};
use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::{StoryLine, View};

use super::forms::Own;
use super::frame::{Frame, page};
use super::story_rows::state_of;
use super::{Colleague, Form, Hindrance, Room};
use crate::actions::create_story::{NewStory, create_story};
use crate::actions::{Denied, Who};

/// Stories of one page of the list.
const PART: u32 = 50;

/// The part of the desk.
pub const PART_OF_DESK: &str = "/desk/stories";

/// A story in a list.
pub struct StoryRow {
    pub id: StoryId,
    /// Empty while it has none.
    pub headline: String,
    pub section: String,
    /// `draft`, `changed` since it was published, `published` or `withdrawn`.
    pub state: &'static str,
    /// The last change, in the desk's time zone.
    pub changed: String,
    /// The same for a machine.
    pub changed_at: String,
    /// Whether readers do not have it, or not as it is now.
    pub is_open: bool,
}

impl StoryRow {
    /// A line of the list.
    pub fn of(line: &StoryLine, room: &Room) -> Self {
        let moments = &line.moments;
        let state = state_of(moments);
        Self {
            id: line.id,
            headline: line.headline.clone(),
            section: line.section.clone(),
            state,
            changed: room.told_time(moments.changed),
            // HTML knows no microseconds.
            changed_at: moments.changed.as_timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            is_open: matches!(state, "draft" | "changed"),
        }
    }
}

/// Whose stories somebody sees: `None` for all.
pub fn owner_for(who: &Who) -> Option<StaffId> {
    match who.reach(Permission::ReadStories) {
        Reach::All => None,
        Reach::Own | Reach::Nothing => who.member(),
    }
}

#[derive(Template)]
#[template(path = "desk/stories.html")]
struct Stories {
    frame: Frame,
    writes: bool,
    /// What was wrong with a new one.
    wrong: Option<String>,
    headline: String,
    rows: Vec<StoryRow>,
    /// Where the next part begins.
    next: Option<String>,
}

/// Where a part of the list begins.
#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: String,
}

/// The list, newest change first.
pub async fn list(
    State(room): State<Room>,
    colleague: Colleague,
    Query(after): Query<After>,
) -> Result<Response, Hindrance> {
    shown(&room, &colleague, &after.after, None).await
}

async fn shown(
    room: &Room,
    colleague: &Colleague,
    after: &str,
    again: Option<(&Refusal, String)>,
) -> Result<Response, Hindrance> {
    colleague.who.may(Permission::ReadStories).map_err(|refusal| room.denied(&refusal.into()))?;
    let owner = owner_for(&colleague.who);
    let after = after.split_once('.').and_then(|(changed, id)| {
        Some((Moment::from_micros(changed.parse().ok()?), id.parse::<StoryId>().ok()?))
    });
    let found =
        colleague.app.store().view(async |view: &mut View| view.stories_page(owner, after, PART).await);
    let found = found.await.map_err(|error| room.fault(&error))?;
    let last = found.last().filter(|_| found.len() == PART as usize);
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (wrong, headline) = again.map(|(refusal, typed)| (refusal.sentence.clone(), typed)).unzip();
    let stories = Stories {
        frame: Frame::inside(room, colleague, "stories", PART_OF_DESK),
        writes: colleague.who.reach(Permission::WriteStories) > Reach::Nothing,
        wrong,
        headline: headline.unwrap_or_default(),
        rows: found.iter().map(|line| StoryRow::of(line, room)).collect(),
        next: last.map(|line| format!("{}.{}", line.moments.changed.as_micros(), line.id)),
    };
    Ok(page(status, &stories))
}

/// What a new story is to be called.
#[derive(Deserialize)]
pub struct Begun {
    headline: String,
}

/// Begins a story and leads to it.
pub async fn begin(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Form(typed): Form<Begun>,
) -> Result<Response, Hindrance> {
    let new = NewStory { headline: typed.headline.clone(), section: None, tags: Vec::new(), language: None };
    match create_story(&colleague.app, &colleague.who, new).await {
        Ok(story) => Ok(Redirect::to(&format!("/desk/stories/{}", story.id)).into_response()),
        Err(Denied::Refused(refusals)) => {
            let Some(refusal) = refusals.first() else { return Err(Hindrance::sign_in()) };
            shown(&room, &colleague, "", Some((refusal, typed.headline))).await
        }
        Err(Denied::Fault(error)) => Err(room.fault(&error)),
    }
}
