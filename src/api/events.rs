//! What happens, as it happens: server-sent events (HTML, section 9.2), read off the audit log, so that each process tells of
//! what all of them did, and a listener who was away goes on where it was.

use std::collections::HashSet;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hyper::header::{self, HeaderMap};
use newsroom::moment::Moment;
use newsroom::staff::policy::Permission;
use serde::Serialize;
use store::{AuditEntry, StoreError, View};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::Api;
use super::ask::{Caller, who_of};
use super::problem::{self, Problem};
use crate::actions::Who;

/// How often the log is looked at.
const LOOK: Duration = Duration::from_millis(400);
/// After so long a silence a line without meaning is sent, so that whoever stands between does not hang up.
const STILL_THERE: Duration = Duration::from_secs(15);
/// Entries read at once.
const PAGE: u32 = 200;
/// An entry may become visible after a later one, while its transaction is under way; for so many seconds it is looked for.
const LATE: i64 = 15;

/// What is told of, by the verb in the log.
const TOLD: &[(&str, &str)] = &[
    ("attach_originals", "photo_arrived"),
    ("develop_photo", "photo_developed"),
    ("withdraw_photo", "photo_withdrawn"),
    ("restore_photo", "photo_restored"),
    ("create_story", "story_begun"),
    ("import_capture", "story_begun"),
    ("draft_photos", "story_saved"),
    ("put_story", "story_saved"),
    ("restore_revision", "story_saved"),
    ("clear_restriction", "story_saved"),
    ("publish_story", "story_published"),
    ("withdraw_story", "story_withdrawn"),
    ("restore_story", "story_restored"),
    ("plan_publication", "story_planned"),
    ("cancel_plan", "story_planned"),
    ("approve", "story_approved"),
    ("fail_plan", "story_plan_failed"),
    ("set_embargo", "story_embargoed"),
    ("lift_embargo", "story_embargoed"),
];

/// The data of an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventBody {
    /// When.
    at: String,
    /// Who did it, as the audit log names them.
    who: String,
    /// The story, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<String>,
    /// The photo, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    photo: Option<String>,
}

/// Tells what happens: photos that arrive and are developed, stories that are saved, published and withdrawn. With
/// `Last-Event-ID` it begins after that event, else with what happens from now on.
#[utoipa::path(get, path = "/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was heard")),
    responses((status = 200, body = String, content_type = "text/event-stream", description = "Events; the data of each is an EventBody"),
        problem::Reading))]
pub async fn listen(State(api): State<Api>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    caller.who.may(Permission::ReadStories)?;
    let Ok(place) = api.listeners.clone().try_acquire_owned() else {
        return Err(Problem::too_often("account_rate", 30));
    };
    let given = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let newest =
        caller.app.store().view(async |view: &mut View| view.audit_before(i64::MAX, None, 1).await).await?;
    let newest = newest.first().map_or(0, |(number, _)| *number);
    let floor = given.map_or(newest, |given: i64| given.min(newest));
    let listener = Listener {
        api,
        who: caller.who,
        headers,
        floor,
        told: HashSet::new(),
        waiting: Some(Bytes::from_static(b"retry: 2000\n\n")),
        spoke: Instant::now(),
        checked: Instant::now(),
        _place: place,
    };
    let stream = futures_util::stream::unfold(listener, |mut listener| async move {
        let said = listener.next().await?;
        Some((Ok::<_, std::convert::Infallible>(said), listener))
    });
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(stream)).into_response())
}

/// Somebody who listens.
struct Listener {
    api: Api,
    who: Who,
    /// What the listener asked with: it must be good for as long as this goes on.
    headers: HeaderMap,
    /// All entries up to this one are dealt with.
    floor: i64,
    /// Entries above it that are.
    told: HashSet<i64>,
    waiting: Option<Bytes>,
    spoke: Instant,
    checked: Instant,
    _place: OwnedSemaphorePermit,
}

impl Listener {
    /// What is to be said next; `None` when the process stops or the records are away: the listener comes again.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(waiting) = self.waiting.take() {
            return Some(waiting);
        }
        loop {
            tokio::time::sleep(LOOK).await;
            let said = self.look().await.ok()??;
            if self.checked.elapsed() > STILL_THERE {
                self.checked = Instant::now();
                self.who = who_of(&self.api, &self.headers).await?;
            }
            let silent = self.spoke.elapsed() > STILL_THERE;
            if !said.is_empty() || silent {
                self.spoke = Instant::now();
                return Some(if said.is_empty() { Bytes::from_static(b":\n\n") } else { said.into() });
            }
        }
    }

    /// What happened since the last look, as events. `None` while the records are away.
    async fn look(&mut self) -> Result<Option<String>, StoreError> {
        let Ok(app) = self.api.app() else { return Ok(None) };
        let (now, who, floor, told) = (app.now(), &self.who, self.floor, &self.told);
        let found = app
            .store()
            .view(async |view: &mut View| {
                let mut found = Vec::new();
                for (number, entry) in view.audit_after(floor, PAGE).await? {
                    let said = if told.contains(&number) { None } else { told_of(view, who, &entry).await? };
                    found.push((number, entry.at, said));
                }
                Ok::<_, StoreError>(found)
            })
            .await?;
        Ok(Some(self.take(&found, now)))
    }

    /// Notes what was found, and gives the events in it.
    fn take(&mut self, found: &[(i64, Moment, Option<String>)], now: Moment) -> String {
        let mut said = String::new();
        for (number, _, event) in found {
            if self.told.insert(*number)
                && let Some(event) = event
            {
                said.push_str(&format!("id: {number}\n{event}\n\n"));
            }
        }
        let settled = found.iter().take_while(|(_, at, _)| at.plus_seconds(LATE) < now);
        if let Some((number, ..)) = settled.last() {
            self.floor = *number;
            self.told.retain(|told| told > number);
        }
        said
    }
}

/// The lines of the event that an entry is for this listener, where it is one.
async fn told_of(view: &mut View, who: &Who, entry: &AuditEntry) -> Result<Option<String>, StoreError> {
    let Some((_, name)) = TOLD.iter().find(|(verb, _)| *verb == entry.verb) else { return Ok(None) };
    let (mut story, mut photo) = (None, None);
    let reaches = match entry.noun.as_str() {
        "story" => {
            story = Some(entry.noun_id.clone());
            match entry.noun_id.parse() {
                Ok(id) => who.reaches(Permission::ReadStories, view.owner_of_story(id).await?),
                Err(_) => false,
            }
        }
        "photo" => {
            photo = Some(entry.noun_id.clone());
            match entry.noun_id.parse() {
                Ok(id) => who.reaches(Permission::ReadPhotos, view.owner_of_photo(id).await?),
                Err(_) => false,
            }
        }
        _ => false,
    };
    if !reaches {
        return Ok(None);
    }
    let body = EventBody { at: entry.at.to_string(), who: entry.who.clone(), story, photo };
    Ok(Some(format!("event: {name}\ndata: {}", serde_json::to_string(&body).unwrap_or_default())))
}
