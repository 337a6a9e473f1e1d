//! Taking a photo away everywhere: where it is used, why, and one confirmation (R16-R18).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use newsroom::id::PhotoId;
use newsroom::staff::policy::Permission;
use serde::Deserialize;

use super::forms::{Field, Own, Wrong};
use super::frame::{Frame, page};
use super::photo::Used;
use super::publish_form::about_reason;
use super::{Colleague, Form, Hindrance, Room, photos};
use crate::actions::photo_library::photo_uses_for;
use crate::actions::withdraw::{no_such_photo, restore_photo, withdraw_photo};
use crate::api::carried_out;

#[derive(Template)]
#[template(path = "desk/withdraw_photo.html")]
struct Withdrawing {
    frame: Frame,
    id: PhotoId,
    name: String,
    /// Why it is withdrawn already.
    reason: Option<String>,
    wrong: Option<String>,
    fields: Vec<Field>,
    uses: Vec<Used>,
    /// In how many stories readers see it.
    shown: String,
}

/// What is to be confirmed.
pub async fn ask(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    asked(&room, &colleague, &id, (&Wrong::default(), "")).await
}

async fn asked(
    room: &Room,
    colleague: &Colleague,
    id: &str,
    (wrong, typed): (&Wrong, &str),
) -> Result<Response, Hindrance> {
    let id = photo_of(room, colleague, id).await?;
    let found = photo_uses_for(&colleague.app, &colleague.who, id).await;
    let (photo, uses) = found.map_err(|denied| room.denied(&denied))?;
    let frame = Frame::inside(room, colleague, "withdraw-photo", photos::PART_OF_DESK);
    let reason = Field::new("withdraw", "reason", "text", frame.t.say("because"));
    let fields = vec![reason.value(typed).wrong(wrong).needed()];
    let uses: Vec<Used> = uses.iter().map(|one| Used::of(one, room)).collect();
    let seen = uses.iter().filter(|one| one.published.is_some()).count();
    let withdrawing = Withdrawing {
        id,
        name: photo.name,
        reason: photo.withdrawn.map(|decision| decision.reason),
        wrong: wrong.besides(&[&fields]),
        shown: frame.t.count("withdraw-shown", seen as u64),
        uses,
        fields,
        frame,
    };
    Ok(page(wrong.status(), &withdrawing))
}

/// A photo for whoever may withdraw it.
async fn photo_of(room: &Room, colleague: &Colleague, id: &str) -> Result<PhotoId, Hindrance> {
    let may = colleague.who.may(Permission::Publish).and_then(|()| colleague.who.may(Permission::ReadPhotos));
    may.map_err(|refusal| room.denied(&refusal.into()))?;
    let id: PhotoId = id.parse().map_err(|_| {
        let sentence = room.texts().say("no-such-page");
        Hindrance::refused(room, hyper::StatusCode::NOT_FOUND, "not-here", sentence)
    })?;
    let owner =
        colleague.app.store().view(async |view: &mut store::View| view.owner_of_photo(id).await).await;
    let owner = owner.map_err(|error| room.fault(&error))?;
    if colleague.who.reaches(Permission::ReadPhotos, owner) {
        Ok(id)
    } else {
        Err(room.denied(&no_such_photo(id).into()))
    }
}

/// What was confirmed.
#[derive(Deserialize)]
pub struct Confirmed {
    reason: String,
    /// Brings it back instead.
    #[serde(default)]
    undo: String,
}

/// Takes the photo away from every page, or brings it back.
pub async fn act(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
    Form(typed): Form<Confirmed>,
) -> Result<Response, Hindrance> {
    let photo = photo_of(&room, &colleague, &id).await?;
    let (app, who, reason) = (colleague.app.clone(), colleague.who.clone(), typed.reason.clone());
    let back = !typed.undo.is_empty();
    let done = carried_out(async move || match back {
        true => restore_photo(&app, &who, photo, &reason).await,
        false => withdraw_photo(&app, &who, photo, &reason).await,
    });
    match done.await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/photos/{photo}")).into_response()),
        Err(denied) => {
            let wrong = Wrong::of(&room, about_reason(denied))?;
            asked(&room, &colleague, &id, (&wrong, &typed.reason)).await
        }
    }
}
