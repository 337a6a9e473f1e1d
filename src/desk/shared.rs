//! A draft as somebody sees it who has no account, by a link in their name; and their approval.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use hyper::header::HeaderMap;
use hyper::{Method, StatusCode};
use newsroom::approval::{LookedOver, Share};
use newsroom::id::PhotoId;
use newsroom::refusal::Refusal;
use serde::Deserialize;
use store::View;

use super::frame::{Frame, page};
use super::preview::{As, made, sent, shown};
use super::{Form, From, Hindrance, Room};
use crate::actions::approve::{Saying, approve_by_link};
use crate::actions::share_draft::{Through, look_through, no_such_share};
use crate::actions::staff::Secret;
use crate::actions::{Denied, Draft};
use crate::api::carried_out;
use crate::app::App;
use crate::cookies::{Origin, own_origin};

#[derive(Template)]
#[template(path = "desk/shared.html")]
struct SharedPage {
    frame: Frame,
    secret: String,
    /// Whom the link is for.
    name: String,
    headline: String,
    revision: i64,
    until: String,
    captions: Vec<CaptionLine>,
    /// When they approved this very state.
    approved: Option<String>,
    wrong: Option<String>,
    remark: String,
}

/// A slide's text.
struct CaptionLine {
    number: usize,
    caption: String,
    credit: String,
}

/// What stands behind a link, for somebody who does not try too many.
async fn through(room: &Room, from: &From, secret: &str) -> Result<(App, Box<(Draft, Share)>), Hindrance> {
    let app = room.app()?;
    if let Err(seconds) = room.gate.may_knock(from.0) {
        let sentence = room.texts().with("too-often", "seconds", &seconds);
        return Err(Hindrance::refused(room, StatusCode::TOO_MANY_REQUESTS, "not-now", sentence));
    }
    let (looking, given) = (app.clone(), Secret::given(secret));
    let found = carried_out(async move || look_through(&looking, &given).await.map_err(Denied::from));
    match found.await.map_err(|denied| room.denied(&denied))? {
        Some(Through::Draft(behind)) => Ok((app, behind)),
        Some(Through::Embargoed(embargo)) => {
            let sentence = room.texts().with("shared-embargoed", "time", &room.told_time(embargo.until));
            Err(Hindrance::refused(room, StatusCode::FORBIDDEN, "shared-draft", sentence))
        }
        None => {
            room.gate.turned_away(from.0);
            let sentence = room.texts().say("shared-nowhere");
            Err(Hindrance::refused(room, StatusCode::NOT_FOUND, "shared-draft", sentence))
        }
    }
}

/// The draft in a frame, its captions, and the form to approve it.
pub async fn frame(
    State(room): State<Room>,
    from: From,
    Path(secret): Path<String>,
) -> Result<Response, Hindrance> {
    let (app, behind) = through(&room, &from, &secret).await?;
    told(&room, &app, &secret, *behind, None).await
}

async fn told(
    room: &Room,
    app: &App,
    secret: &str,
    (draft, share): (Draft, Share),
    again: Option<(&Refusal, String)>,
) -> Result<Response, Hindrance> {
    let (story, revision) = (draft.story.id, draft.story.revision);
    let who = format!("link {}", Secret::given(secret).digest());
    let approvals = app.store().view(async |view: &mut View| view.approvals(story, 500).await).await;
    let approvals = approvals.map_err(|error| room.fault(&error))?;
    let approved = approvals.iter().find(|one| one.who == who && one.revision == revision);
    let captions = draft.shown.iter().zip(1..).map(|(shown, number)| CaptionLine {
        number,
        caption: shown.caption.text.clone(),
        credit: shown.credit.text.clone(),
    });
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (wrong, remark) = again.map(|(refusal, remark)| (refusal.sentence.clone(), remark)).unzip();
    let shared = SharedPage {
        frame: Frame::outside(room, "shared-draft"),
        secret: secret.to_owned(),
        name: share.name,
        headline: draft.story.headline.clone(),
        revision,
        until: room.told_time(share.valid_until),
        captions: captions.collect(),
        approved: approved.map(|one| room.told_time(one.at)),
        wrong,
        remark: remark.unwrap_or_default(),
    };
    Ok(page(status, &shared))
}

/// The page that readers would get.
pub async fn preview(
    State(room): State<Room>,
    from: From,
    Path(secret): Path<String>,
) -> Result<Response, Hindrance> {
    let (app, behind) = through(&room, &from, &secret).await?;
    let (draft, _) = *behind;
    let story = draft.story.id;
    let before = app.store().view(async |view: &mut View| view.publication(story).await).await;
    let before = before.map_err(|error| room.fault(&error))?;
    let pictures = format!("/desk/shared/{secret}/pictures");
    let page = made(&app, &draft, before.as_ref(), &As::default(), &pictures).await;
    page.map(shown).map_err(|fault| room.unmade(&fault))
}

/// A picture of it, and of nothing else.
pub async fn picture(
    State(room): State<Room>,
    from: From,
    Path((secret, photo, version, file)): Path<(String, String, String, String)>,
) -> Result<Response, Hindrance> {
    let (app, behind) = through(&room, &from, &secret).await?;
    let slides = &behind.0.story.slides;
    let Some(photo) =
        photo.parse::<PhotoId>().ok().filter(|id| slides.iter().any(|one| one.photo == Some(*id)))
    else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let bytes = crate::jobs::preview_picture(&app, photo, &version, &file).await;
    Ok(sent(bytes.map_err(|error| room.fault(&error))?))
}

/// What was said.
#[derive(Deserialize)]
pub struct Approved {
    revision: i64,
    #[serde(default)]
    remark: String,
}

/// Approves what was looked at. What was changed meanwhile is to be looked at first.
pub async fn approve(
    State(room): State<Room>,
    from: From,
    headers: HeaderMap,
    Path(secret): Path<String>,
    Form(typed): Form<Approved>,
) -> Result<Response, Hindrance> {
    let (app, behind) = through(&room, &from, &secret).await?;
    if let Err(refusal) = own_origin(&Method::POST, &headers, Origin::MayBeSilent) {
        return told(&room, &app, &secret, *behind, Some((&refusal, typed.remark))).await;
    }
    let saying =
        Saying { revision: Some(typed.revision), of: LookedOver::Page, remark: typed.remark.clone() };
    let (acting, given) = (app.clone(), Secret::given(&secret));
    match carried_out(async move || approve_by_link(&acting, &given, &saying).await).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/shared/{secret}")).into_response()),
        Err(Denied::Refused(refusals)) => {
            let refusal = refusals.into_iter().next().unwrap_or_else(no_such_share);
            told(&room, &app, &secret, *behind, Some((&refusal, typed.remark))).await
        }
        Err(denied) => Err(room.denied(&denied)),
    }
}
