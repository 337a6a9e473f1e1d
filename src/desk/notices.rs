//! The notices that are printed with certain terms (R34).

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use newsroom::id::NoticeId;
use newsroom::notice::Mention;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::View;

use super::forms::{Choice, Field, Kept, Own, Wrong};
use super::frame::{Frame, page};
use super::{Colleague, Form, Hindrance, Room};
use crate::actions::edit_notice::{NewNotice, add_notice, remove_notice};

const PART_OF_DESK: &str = "/desk/notices";

/// A notice as it is told.
struct Line {
    id: NoticeId,
    term: String,
    variants: String,
    text: String,
    language: Option<String>,
    story: Option<(String, String)>,
    every: bool,
}

#[derive(Template)]
#[template(path = "desk/notices.html")]
struct Notices {
    frame: Frame,
    kept: bool,
    wrong: Option<String>,
    writes: bool,
    fields: Vec<Field>,
    lines: Vec<Line>,
}

/// A notice that is to be made.
#[derive(Default, Deserialize)]
pub struct Typed {
    term: String,
    #[serde(default)]
    variants: String,
    text: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    mention: String,
}

/// The notices, oldest first.
pub async fn list(
    State(room): State<Room>,
    colleague: Colleague,
    Query(kept): Query<Kept>,
) -> Result<Response, Hindrance> {
    shown(&room, &colleague, kept.is_said(), (&Wrong::default(), &Typed::default())).await
}

async fn shown(
    room: &Room,
    colleague: &Colleague,
    kept: bool,
    (wrong, typed): (&Wrong, &Typed),
) -> Result<Response, Hindrance> {
    colleague.who.may(Permission::ReadNotices).map_err(|refusal| room.denied(&refusal.into()))?;
    let frame = Frame::inside(room, colleague, "notices", PART_OF_DESK);
    let lines = lines(colleague).await.map_err(|error| room.fault(&error))?;
    let t = frame.t;
    let field = |name, kind, label: String| Field::new("notice", name, kind, label).wrong(wrong);
    let mention = |value: &str, label: String| Choice::new(value, label, typed.mention == value);
    let fields = vec![
        field("term", "text", t.say("notice-term")).value(&typed.term).needed(),
        field("variants", "area", t.say("notice-variants"))
            .hint(t.say("notice-variants-hint"))
            .value(&typed.variants),
        field("text", "area", t.say("notice-text")).value(&typed.text).needed(),
        field("language", "text", t.say("notice-language"))
            .hint(t.say("notice-language-hint"))
            .value(&typed.language),
        field("mention", "select", t.say("notice-mention"))
            .choices([mention("first", t.say("mention-first")), mention("every", t.say("mention-every"))]),
    ];
    let notices = Notices {
        kept,
        wrong: wrong.besides(&[&fields]),
        writes: colleague.who.reach(Permission::WriteNotices) > Reach::Nothing,
        fields,
        lines,
        frame,
    };
    Ok(page(wrong.status(), &notices))
}

async fn lines(colleague: &Colleague) -> Result<Vec<Line>, store::StoreError> {
    let reads = colleague.who.reach(Permission::ReadStories) == Reach::All;
    colleague
        .app
        .store()
        .view(async |view: &mut View| {
            let mut lines = Vec::new();
            for kept in view.notices().await? {
                let notice = kept.notice;
                let story = match notice.story.filter(|_| reads) {
                    Some(id) => view.story(id).await?.map(|story| (id.to_string(), story.headline)),
                    None => None,
                };
                lines.push(Line {
                    id: notice.id,
                    term: notice.term,
                    variants: notice.variants.join(", "),
                    text: notice.text,
                    language: notice.language,
                    story,
                    every: notice.mention == Mention::Every,
                });
            }
            Ok(lines)
        })
        .await
}

/// Adds a notice.
pub async fn add(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Form(typed): Form<Typed>,
) -> Result<Response, Hindrance> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let missing = [("term", &typed.term), ("text", &typed.text)];
    let missing = missing.into_iter().find(|(_, text)| text.trim().is_empty());
    let new = NewNotice {
        term: typed.term.clone(),
        variants: typed.variants.lines().filter_map(filled).collect(),
        text: typed.text.clone(),
        language: filled(&typed.language),
        story: None,
        mention: if typed.mention == "every" { Mention::Every } else { Mention::First },
    };
    let added = match missing {
        Some((field, _)) if colleague.who.reach(Permission::WriteNotices) > Reach::Nothing => {
            Err(Refusal::new("notice_empty", "A notice needs a term and a text.").field(field).into())
        }
        _ => add_notice(&colleague.app, &colleague.who, new).await,
    };
    match added {
        Ok(_) => Ok(Redirect::to("/desk/notices?kept=1").into_response()),
        Err(denied) => {
            let wrong = Wrong::of(&room, denied)?;
            shown(&room, &colleague, false, (&wrong, &typed)).await
        }
    }
}

/// Removes a notice. It can be made again as it was.
pub async fn remove(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    match remove_notice(&colleague.app, &colleague.who, &id).await {
        Ok(()) => Ok(Redirect::to("/desk/notices?kept=1").into_response()),
        Err(denied) => {
            let wrong = Wrong::of(&room, denied)?;
            shown(&room, &colleague, false, (&wrong, &Typed::default())).await
        }
    }
}
