//! The fixed sizes of a photo, for the staff: never for readers, who get the public files with their rights.

use axum::response::{IntoResponse, Response};
use darkroom::Set;
use hyper::StatusCode;
use hyper::header::{self, HeaderMap};
use newsroom::id::PhotoId;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use serde::Serialize;
use store::{BlobName, Photo, Rendition, StoreError, View};
use utoipa::ToSchema;

use super::ask::{Caller, Path};
use super::photos::reached;
use super::problem::{self, Problem};
use super::{Page, ROOT};
use crate::actions::withdraw::no_such_photo;
use crate::config::WorkConfig;
use crate::jobs::{ask_for_sizes, ladder_name};

/// Its name says what made a file, and the same name is never given to other bytes. A browser asks again after a day, so that
/// what somebody may see no more does not lie there for long.
const KEPT: &str = "private, max-age=86400, immutable";
/// Long edge of what stands on a contact sheet, in pixels.
const SMALL: u32 = 320;
/// Long edge of what fills a screen, in pixels.
const LARGE: u32 = 1920;

/// A size of a photo.
#[derive(Debug, Serialize, ToSchema)]
pub struct SizeBody {
    /// The last part of its address.
    pub name: String,
    /// Where it is fetched, as JPEG.
    pub address: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// The two sizes that a desk shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct Previews {
    /// For a contact sheet: 320 pixels on the long edge at most. Nothing before the photo is developed, or where it is withdrawn
    /// or refused.
    pub small: Option<SizeBody>,
    /// For a large view: 1,920 pixels on the long edge at most.
    pub large: Option<SizeBody>,
}

fn size(photo: PhotoId, recipe: &BlobName, (width, height): (u32, u32)) -> SizeBody {
    let name = format!("{}-{width}.jpg", recipe.as_str());
    SizeBody { address: format!("{ROOT}/photos/{photo}/renditions/{name}"), name, width, height }
}

/// The largest size of a photo that is made; `None` where it has none.
pub fn largest(photo: &Photo, work: &WorkConfig) -> Option<SizeBody> {
    let stands = photo.developed_at.is_some() && photo.withdrawn.is_none() && photo.refused.is_none();
    let recipe = ladder_name(work).filter(|_| stands)?;
    let sizes = Set::Ladder.sizes((photo.size.width, photo.size.height));
    let most = sizes.into_iter().max_by_key(|(width, height)| (*width).max(*height))?;
    Some(size(photo.id, &recipe, most))
}

/// The two sizes of a photo, as developing makes them.
pub fn previews(photo: &Photo, work: &WorkConfig) -> Previews {
    let stands = photo.developed_at.is_some() && photo.withdrawn.is_none() && photo.refused.is_none();
    let recipe = ladder_name(work).filter(|_| stands);
    let sizes = Set::Ladder.sizes((photo.size.width, photo.size.height));
    let at_most = |edge: u32| {
        let fits = sizes.iter().find(|(width, height)| (*width).max(*height) <= edge);
        Some(size(photo.id, recipe.as_ref()?, *fits?))
    };
    Previews { small: at_most(SMALL), large: at_most(LARGE) }
}

/// Lists the sizes of a photo, smallest first.
#[utoipa::path(get, path = "/photos/{id}/renditions", tag = "photos",
    params(("id" = String, Path, description = "Of the photo")),
    responses((status = 200, body = Page<SizeBody>), problem::Reading))]
pub async fn list(caller: Caller, Path(id): Path<String>) -> Result<axum::Json<Page<SizeBody>>, Problem> {
    let id = reached(&caller, &id, Permission::ReadPhotos).await?;
    let (recipe, renditions) = standing(&caller, id).await?;
    let sizes = renditions.iter().map(|one| size(id, &recipe, (one.size.width, one.size.height)));
    Ok(axum::Json(Page { items: sizes.collect(), next: None }))
}

/// A size of a photo. The same name always gives the same bytes.
#[utoipa::path(get, path = "/photos/{id}/renditions/{name}", tag = "photos",
    params(("id" = String, Path, description = "Of the photo"), ("name" = String, Path, description = "Of the size"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what is there already")),
    responses((status = 200, body = String, content_type = "image/jpeg"),
        (status = 304, description = "It is there already"), problem::Reading))]
pub async fn get(
    caller: Caller,
    headers: HeaderMap,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = reached(&caller, &id, Permission::ReadPhotos).await?;
    let (recipe, renditions) = standing(&caller, id).await?;
    let named = |one: &&Rendition| size(id, &recipe, (one.size.width, one.size.height)).name == name;
    let Some(rendition) = renditions.iter().find(named) else { return Err(unknown().into()) };
    let tag = format!("\"{}-{}\"", recipe.as_str(), rendition.size.width);
    let fields = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, KEPT.to_owned()),
        // The next person at the same browser is asked who they are.
        (header::VARY, "Cookie, Authorization".to_owned()),
    ];
    if headers.get_all(header::IF_NONE_MATCH).iter().any(|given| names(given.as_bytes(), &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, fields).into_response());
    }
    match caller.app.blobs().get(&rendition.rendition_key()).await? {
        Some(bytes) => Ok((fields, [(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response()),
        None => Err(asked_for(&caller, id).await?),
    }
}

/// What is not there, and stands in no way of being there, is asked for.
async fn asked_for(caller: &Caller, id: PhotoId) -> Result<Problem, Problem> {
    ask_for_sizes(&caller.app, id).await?;
    Ok(waiting().into())
}

/// Whether a list of entity tags names this one (RFC 9110 section 13.1.2, by weak comparison).
fn names(list: &[u8], tag: &str) -> bool {
    let list = String::from_utf8_lossy(list);
    list.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// The sizes of a photo that stand, smallest first, with the name of what made them.
async fn standing(caller: &Caller, id: PhotoId) -> Result<(BlobName, Vec<Rendition>), Problem> {
    let Some(recipe) = ladder_name(&caller.app.config().work) else { return Err(unknown().into()) };
    let found = caller
        .app
        .store()
        .view(async |view: &mut View| {
            let Some(photo) = view.photo(id).await? else { return Ok(Err(no_such_photo(id))) };
            if let Some(missing) = missing(&photo) {
                return Ok(Err(missing));
            }
            Ok::<_, StoreError>(Ok(view.renditions(id, &recipe).await?))
        })
        .await?;
    let renditions = found?;
    if renditions.is_empty() { Err(asked_for(caller, id).await?) } else { Ok((recipe, renditions)) }
}

/// Why a photo has no sizes.
fn missing(photo: &Photo) -> Option<Refusal> {
    if photo.withdrawn.is_some() {
        let sentence = "The photo is withdrawn: its sizes are gone, its original stays.";
        return Some(Refusal::new("rendition_withdrawn", sentence).rule("R18"));
    }
    if let Some(decision) = &photo.refused {
        let sentence = format!("The photo cannot be developed: {}", decision.reason);
        return Some(Refusal::new("rendition_refused", sentence).rule("R16"));
    }
    photo.developed_at.is_none().then(waiting)
}

fn waiting() -> Refusal {
    Refusal::new("rendition_waiting", "The photo is still to be developed; ask again in a moment.")
}

fn unknown() -> Refusal {
    Refusal::new(
        "rendition_unknown",
        "The photo has no size of this name; its sizes are listed one level up.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_entity_tags_names_one_weakly_or_not_and_a_star_names_all() {
        for list in ["\"a-1\"", "\"x\", W/\"a-1\"", "*"] {
            assert!(names(list.as_bytes(), "\"a-1\""), "{list}");
        }
        for list in ["a-1", "\"a-12\"", "", "W/\"x\""] {
            assert!(!names(list.as_bytes(), "\"a-1\""), "{list}");
        }
    }
}
