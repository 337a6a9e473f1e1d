//! Publishing at the desk: what stands against it, what an update changes, and the ways there and back.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use hyper::StatusCode;
use hyper::header::HeaderMap;
use newsroom::change::{Change, differences};
use newsroom::check::{AllowMissing, Missing};
use newsroom::id::StoryId;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use serde::Deserialize;
use store::View;

use super::frame::{Frame, page};
use super::story::draft_for;
use super::story_rows::{Finding, findings, state_of};
use super::{Colleague, Form, Hindrance, Room, stories};
use crate::actions::publish_story::{HowToPublish, freeze, publish_story};
use crate::actions::withdraw::{restore_story, withdraw_story};
use crate::actions::{Denied, Draft};
use crate::api::carried_out;
use crate::pages::address;

#[derive(Template)]
#[template(path = "desk/publish.html")]
struct PublishPage {
    frame: Frame,
    id: StoryId,
    headline: String,
    revision: i64,
    state: &'static str,
    /// Where readers find it, once they do.
    address: Option<String>,
    red: Vec<Finding>,
    amber: Vec<Finding>,
    /// What an update changes of headline, captions, credits and pictures.
    changes: Vec<ChangeRow>,
    wrong: Vec<String>,
    done: bool,
    correction: String,
}

/// A difference between what readers have and what they would get.
struct ChangeRow {
    label: String,
    before: String,
    after: String,
}

/// What the page says on top.
#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    done: String,
}

/// The page.
pub async fn form(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, Hindrance> {
    let draft = draft_for(&room, &colleague, &id).await?;
    colleague.who.may(Permission::Publish).map_err(|refusal| room.denied(&refusal.into()))?;
    shown(&room, &colleague, &draft, (Vec::new(), String::new(), !said.done.is_empty())).await
}

async fn shown(
    room: &Room,
    colleague: &Colleague,
    draft: &Draft,
    (wrong, correction, done): (Vec<String>, String, bool),
) -> Result<Response, Hindrance> {
    let (app, story) = (&colleague.app, &draft.story);
    let now = app.now();
    let publication = app.store().view(async |view: &mut View| view.publication(story.id).await);
    let publication = publication.await.map_err(|error| room.fault(&error))?;
    let frame = Frame::inside(room, colleague, "publish", stories::PART_OF_DESK);
    let t = frame.t;
    let found = findings(draft, app.config().style.clone(), now);
    let (red, amber) = found.into_iter().partition(|one| one.level == "red");
    let changes = publication.as_ref().map_or_else(Vec::new, |before| {
        let next = freeze(draft, &HowToPublish::default(), Some(&before.record), now);
        differences(&before.record, &next)
    });
    let changes = changes.into_iter().map(|one| ChangeRow {
        label: match &one.slide {
            Some(place) => format!(
                "{} {}: {}",
                t.say("slide"),
                place.number,
                t.say(&format!("part-{}", one.part.as_str()))
            ),
            None => t.say(&format!("part-{}", one.part.as_str())),
        },
        before: one.before,
        after: one.after,
    });
    let stands = publication.as_ref().filter(|_| story.moments.withdrawn.is_none());
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let publish_page = PublishPage {
        id: story.id,
        headline: story.headline.clone(),
        revision: story.revision,
        state: state_of(&story.moments),
        address: stands.map(|one| address::story(&one.record.slug).href()),
        red,
        amber,
        changes: changes.collect(),
        wrong,
        done,
        correction,
        frame,
    };
    Ok(page(status, &publish_page))
}

/// What was chosen.
#[derive(Deserialize)]
pub struct Chosen {
    revision: i64,
    /// `publish`, `withdraw` or `restore`.
    deed: String,
    #[serde(default)]
    missing_alt: String,
    #[serde(default)]
    missing_picture: String,
    /// `minor` or `correction`, where an update is one of the two.
    #[serde(default)]
    change: String,
    #[serde(default)]
    correction: String,
    #[serde(default)]
    reason: String,
}

/// Does what was chosen, or says all that stands against it.
pub async fn act(
    State(room): State<Room>,
    headers: HeaderMap,
    colleague: Colleague,
    Path(id): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Hindrance> {
    room.own(&headers)?;
    let draft = draft_for(&room, &colleague, &id).await?;
    let story = draft.story.id;
    let correction = chosen.correction.clone();
    match carry_out(&colleague, &draft, chosen).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/stories/{story}/publish?done=1")).into_response()),
        Err(Denied::Refused(refusals)) => {
            let wrong = refusals.into_iter().map(|one| one.sentence).collect();
            shown(&room, &colleague, &draft, (wrong, correction, false)).await
        }
        Err(denied) => Err(room.denied(&denied)),
    }
}

async fn carry_out(colleague: &Colleague, draft: &Draft, chosen: Chosen) -> Result<(), Denied> {
    let (app, who, story) = (colleague.app.clone(), colleague.who.clone(), draft.story.id);
    match chosen.deed.as_str() {
        "withdraw" => {
            withdraw_story(&app, &who, story, &chosen.reason).await?;
            return Ok(());
        }
        "restore" => {
            restore_story(&app, &who, story, &chosen.reason).await?;
            return Ok(());
        }
        _ => {}
    }
    let allowed = |ticked: &str| if ticked.is_empty() { Missing::Refuse } else { Missing::Allow };
    let allow = AllowMissing { alt: allowed(&chosen.missing_alt), picture: allowed(&chosen.missing_picture) };
    let change = match chosen.change.as_str() {
        "correction" if chosen.correction.trim().is_empty() => {
            let sentence = "A correction says what was wrong and what is right; write it.";
            return Err(Refusal::new("correction_missing", sentence).field("correction").rule("R20").into());
        }
        "correction" => Some(Change::Corrected(chosen.correction)),
        "minor" => Some(Change::Minor),
        _ => None,
    };
    let publication = app.store().view(async |view: &mut View| view.publication(story).await).await?;
    let asks = publication.is_some_and(|before| {
        let next = freeze(draft, &HowToPublish::default(), Some(&before.record), app.now());
        !differences(&before.record, &next).is_empty()
    });
    if asks && change.is_none() {
        let sentence = "Say whether this update corrects a mistake, or changes something minor.";
        return Err(Refusal::new("change_unsaid", sentence).field("change").rule("R20").into());
    }
    let how = HowToPublish { allow, at: None, revision: Some(chosen.revision), change };
    carried_out(async move || publish_story(&app, &who, story, &how).await).await.map(|_| ())
}
