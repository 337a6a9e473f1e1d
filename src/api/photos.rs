//! Photos: what is known of each, and taking one away from readers.

use newsroom::id::PhotoId;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use serde::Serialize;
use store::{Photo, StoreError, View};
use utoipa::ToSchema;

use super::ask::{Caller, Json, Path};
use super::problem::{self, Problem};
use super::stories::{Because, TouchedBody};
use crate::actions::withdraw::{no_such_photo, restore_photo, withdraw_photo};

/// A photo.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoBody {
    id: String,
    /// The name of its newest file.
    name: String,
    /// Upright, in pixels.
    width: u32,
    /// Upright, in pixels.
    height: u32,
    /// When its first file came in.
    created: String,
    /// Mean colour as `#rrggbb`.
    colour: Option<String>,
    /// `waiting`, `developed`, `refused` or `withdrawn`.
    state: String,
    /// Why it was refused or withdrawn.
    reason: Option<String>,
    /// What its file says (R1).
    facts: serde_json::Value,
    /// Where the facts come from, and what is wrong with them.
    report: serde_json::Value,
    /// The stories whose drafts have it.
    stories: Vec<String>,
    /// The stories in which readers see it.
    published_in: Vec<String>,
}

impl PhotoBody {
    fn of(photo: &Photo, stories: &[newsroom::id::StoryId], published_in: &[newsroom::id::StoryId]) -> Self {
        let (state, reason) = match (&photo.withdrawn, &photo.refused) {
            (Some(decision), _) => ("withdrawn", Some(decision.reason.clone())),
            (None, Some(decision)) => ("refused", Some(decision.reason.clone())),
            (None, None) if photo.developed_at.is_none() => ("waiting", None),
            (None, None) => ("developed", None),
        };
        let ids = |ids: &[newsroom::id::StoryId]| ids.iter().map(ToString::to_string).collect();
        Self {
            id: photo.id.to_string(),
            name: photo.name.clone(),
            width: photo.size.width,
            height: photo.size.height,
            created: photo.created_at.to_string(),
            colour: photo.colour.clone(),
            state: state.to_owned(),
            reason,
            facts: serde_json::to_value(&photo.facts).unwrap_or_default(),
            report: serde_json::from_str(&photo.report).unwrap_or_default(),
            stories: ids(stories),
            published_in: ids(published_in),
        }
    }
}

/// Tells what is known of a photo.
#[utoipa::path(get, path = "/photos/{id}", tag = "photos", params(("id" = String, Path, description = "Of the photo")),
    responses((status = 200, body = PhotoBody), problem::Reading))]
pub async fn get(caller: Caller, Path(id): Path<String>) -> Result<axum::Json<PhotoBody>, Problem> {
    caller.who.may(Permission::ReadPhotos)?;
    let id = parse(&id)?;
    let found = caller
        .app
        .store()
        .view(async |view: &mut View| {
            let owner = view.owner_of_photo(id).await?;
            if !caller.who.reaches(Permission::ReadPhotos, owner) {
                return Ok(None);
            }
            let Some(photo) = view.photo(id).await? else { return Ok(None) };
            let (drafts, shown) = (view.stories_with_photo(id).await?, view.stories_showing(id).await?);
            Ok::<_, StoreError>(Some(PhotoBody::of(&photo, &drafts, &shown)))
        })
        .await?;
    found.map(axum::Json).ok_or_else(|| no_such_photo(id).into())
}

/// Takes a photo away from readers wherever it is shown.
#[utoipa::path(post, path = "/photos/{id}/withdraw", tag = "photos", request_body = Because,
    params(("id" = String, Path, description = "Of the photo")),
    responses((status = 200, body = TouchedBody), problem::Writing))]
pub async fn withdraw(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Because>,
) -> Result<axum::Json<TouchedBody>, Problem> {
    Ok(axum::Json(withdraw_photo(&caller.app, &caller.who, parse(&id)?, &body.reason).await?.into()))
}

/// Undoes a withdrawal.
#[utoipa::path(post, path = "/photos/{id}/restore", tag = "photos", request_body = Because,
    params(("id" = String, Path, description = "Of the photo")),
    responses((status = 200, body = TouchedBody), problem::Writing))]
pub async fn restore(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Because>,
) -> Result<axum::Json<TouchedBody>, Problem> {
    Ok(axum::Json(restore_photo(&caller.app, &caller.who, parse(&id)?, &body.reason).await?.into()))
}

fn parse(id: &str) -> Result<PhotoId, Problem> {
    id.parse().map_err(|_| Refusal::new("photo_unknown", format!("No photo has the id {id}.")).into())
}
