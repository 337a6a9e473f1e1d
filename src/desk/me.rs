//! One's own account: who is signed in, and their passkeys.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use hyper::StatusCode;
use newsroom::id::PasskeyId;
use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use serde::Deserialize;

use super::forms::Own;
use super::frame::{Frame, page};
use super::{Colleague, Hindrance, Room};
use crate::actions::Denied;
use crate::actions::staff::passkeys::{self, no_such_passkey};

#[derive(Template)]
#[template(path = "desk/me.html")]
struct Me<'a> {
    frame: Frame,
    /// What was wrong with what was asked for.
    wrong: Option<&'a str>,
    name: &'a str,
    address: &'a str,
    role: String,
    passkeys: Vec<PasskeyLine>,
}

/// A passkey as it is told.
struct PasskeyLine {
    id: PasskeyId,
    name: String,
    made: String,
    used: Option<String>,
}

/// The account.
pub async fn me(State(room): State<Room>, colleague: Colleague) -> Result<Response, Hindrance> {
    shown(&room, &colleague, StatusCode::OK, None).await
}

async fn shown(
    room: &Room,
    colleague: &Colleague,
    status: StatusCode,
    wrong: Option<&Refusal>,
) -> Result<Response, Hindrance> {
    let account = &colleague.account;
    let found = passkeys::of(&colleague.app, account).await.map_err(|error| room.fault(&error))?;
    let day = |at: Moment| at.as_timestamp().to_zoned(room.held().site.time_zone.clone()).date().to_string();
    let lines = found.into_iter().map(|one| PasskeyLine {
        id: one.id,
        name: one.name,
        made: day(one.made_at),
        used: one.used_at.map(day),
    });
    let me = Me {
        frame: Frame::inside(room, colleague, "account", "/desk/me"),
        wrong: wrong.map(|refusal| refusal.sentence.as_str()),
        name: &account.name,
        address: account.address.as_str(),
        role: room.texts().say(&format!("role-{}", account.role)),
        passkeys: lines.collect(),
    };
    Ok(page(status, &me))
}

/// What a passkey is to be called.
#[derive(Deserialize)]
pub struct Renamed {
    name: String,
}

/// Gives a passkey another name.
pub async fn rename(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
    Form(typed): Form<Renamed>,
) -> Result<Response, Hindrance> {
    let done = match id.parse() {
        Ok(id) => passkeys::rename(&colleague.app, &colleague.account, id, &typed.name).await,
        Err(_) => Err(no_such_passkey().into()),
    };
    back(&room, &colleague, done).await
}

/// Removes a passkey.
pub async fn remove(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    let done = match id.parse() {
        Ok(id) => passkeys::remove(&colleague.app, &colleague.account, id).await,
        Err(_) => Err(no_such_passkey().into()),
    };
    back(&room, &colleague, done).await
}

async fn back(room: &Room, colleague: &Colleague, done: Result<(), Denied>) -> Result<Response, Hindrance> {
    match done {
        Ok(()) => Ok(Redirect::to("/desk/me").into_response()),
        Err(Denied::Refused(refusals)) => {
            shown(room, colleague, StatusCode::UNPROCESSABLE_ENTITY, refusals.first()).await
        }
        Err(Denied::Fault(error)) => Err(room.fault(&error)),
    }
}
