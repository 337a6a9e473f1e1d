//! The states that a story had: listed, compared with what it is now, and brought back.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use hyper::StatusCode;
use newsroom::id::StoryId;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::{StoreError, View};

use super::forms::Own;
use super::frame::{Frame, page};
use super::story::draft_for;
use super::story_rows::{Field, SlideRow, rows};
use super::{Colleague, Hindrance, Room, stories};
use crate::actions::restore_revision::{no_such_revision, restore_revision};
use crate::actions::{Denied, Draft, load_draft_at, member_of};
use crate::api::carried_out;
use crate::texts::Texts;

/// States of one page of the list.
const PART: u32 = 50;

#[derive(Template)]
#[template(path = "desk/revisions.html")]
struct Revisions {
    frame: Frame,
    id: StoryId,
    headline: String,
    rows: Vec<RevisionRow>,
    next: Option<i64>,
}

/// A state in the list.
struct RevisionRow {
    number: i64,
    at: String,
    by: String,
    is_now: bool,
}

/// Where a part of the list begins.
#[derive(Deserialize)]
pub struct Before {
    before: Option<i64>,
}

/// The list, newest first.
pub async fn list(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
    Query(part): Query<Before>,
) -> Result<Response, Hindrance> {
    let draft = draft_for(&room, &colleague, &id).await?;
    let id = draft.story.id;
    let before = part.before.unwrap_or(i64::MAX);
    let found = colleague.app.store().view(async |view: &mut View| {
        let mut told = Vec::new();
        for revision in view.revisions(id, before, PART).await? {
            let name = match revision.who.as_deref().and_then(member_of) {
                Some(staff) => view.account(staff).await?.map(|account| account.name),
                None => revision.who.clone(),
            };
            told.push((revision.number, revision.at, name.unwrap_or_default()));
        }
        Ok::<_, StoreError>(told)
    });
    let found = found.await.map_err(|error| room.fault(&error))?;
    let next = found.last().filter(|_| found.len() == PART as usize).map(|(number, _, _)| *number);
    let rows = found.into_iter().map(|(number, at, by)| RevisionRow {
        number,
        at: room.told_time(at),
        by,
        is_now: number == draft.story.revision,
    });
    let revisions = Revisions {
        frame: Frame::inside(&room, &colleague, "revisions", stories::PART_OF_DESK),
        id,
        headline: draft.story.headline.clone(),
        rows: rows.collect(),
        next,
    };
    Ok(page(StatusCode::OK, &revisions))
}

#[derive(Template)]
#[template(path = "desk/revision.html")]
struct Compared {
    frame: Frame,
    id: StoryId,
    number: i64,
    now: i64,
    writes: bool,
    differences: Vec<Difference>,
    /// What became of the slides' order.
    order: Option<(String, String)>,
}

/// A field that is another now.
struct Difference {
    label: String,
    then: String,
    now: String,
}

/// A state beside what the story is now.
pub async fn compare(
    State(room): State<Room>,
    colleague: Colleague,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Response, Hindrance> {
    let draft = draft_for(&room, &colleague, &id).await?;
    let story = draft.story.id;
    let (app, who) = (colleague.app.clone(), colleague.who.clone());
    let then = carried_out(async move || {
        let found = app.store().view(async |view: &mut View| {
            let Some(then) = load_draft_at(view, story, number).await? else { return Ok(None) };
            Ok::<_, StoreError>(Some(then.as_seen_by(view, &who).await?))
        });
        found.await.map_err(Denied::from)
    });
    let then = then.await.map_err(|denied| room.denied(&denied))?;
    let then = then.ok_or_else(|| room.denied(&no_such_revision(number).into()))?;
    let frame = Frame::inside(&room, &colleague, "revision", stories::PART_OF_DESK);
    let t = frame.t;
    let work = &colleague.app.config().work;
    let (old, new) = (rows(&then, t, work, Vec::new()), rows(&draft, t, work, Vec::new()));
    let order = |rows: &[SlideRow]| {
        let name = |row: &SlideRow| if row.file.is_empty() { row.id.clone() } else { row.file.clone() };
        rows.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let orders = (order(&old), order(&new));
    let compared = Compared {
        id: story,
        number,
        now: draft.story.revision,
        writes: colleague.who.reach(Permission::WriteStories) > Reach::Nothing,
        differences: differences(t, &then, &draft, (&old, &new)),
        order: Some(orders).filter(|(then, now)| then != now),
        frame,
    };
    Ok(page(StatusCode::OK, &compared))
}

fn differences(t: Texts, then: &Draft, now: &Draft, slides: (&[SlideRow], &[SlideRow])) -> Vec<Difference> {
    let texts = |draft: &Draft| {
        let story = &draft.story;
        [
            ("headline", story.headline.clone()),
            ("lede", story.lede.clone()),
            ("body", story.body.clone()),
            ("section", story.section.clone()),
            ("dateline", story.dateline.clone().unwrap_or_default()),
            ("bylines", story.bylines.join("\n")),
            ("tags", story.tags.join(", ")),
            ("language", story.language.clone()),
        ]
    };
    let mut found: Vec<Difference> = Vec::new();
    for ((name, then), (_, now)) in texts(then).into_iter().zip(texts(now)) {
        if then != now {
            found.push(Difference { label: t.say(&format!("field-{name}")), then, now });
        }
    }
    for old in slides.0 {
        let Some(new) = slides.1.iter().find(|row| row.id == old.id) else { continue };
        for (then, now) in fields(old).zip(fields(new)) {
            if then.value != now.value {
                let label = format!("{} {}: {}", t.say("slide"), new.number, now.label);
                found.push(Difference { label, then: then.value.clone(), now: now.value.clone() });
            }
        }
    }
    found
}

fn fields(row: &SlideRow) -> impl Iterator<Item = &Field> {
    [&row.caption, &row.alt].into_iter().chain(&row.more)
}

/// Makes the story again what it was.
pub async fn restore(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Response, Hindrance> {
    let draft = draft_for(&room, &colleague, &id).await?;
    let story = draft.story.id;
    let (app, who) = (colleague.app.clone(), colleague.who.clone());
    let back = carried_out(async move || restore_revision(&app, &who, story, number, None).await).await;
    back.map_err(|denied| room.denied(&denied))?;
    Ok(Redirect::to(&format!("/desk/stories/{story}?saved=1")).into_response())
}
