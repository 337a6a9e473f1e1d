//! Photos: what is known of each, and taking one away from readers.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use hyper::header;
use newsroom::id::{PhotoId, StoryId};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use serde::Serialize;
use store::{Photo, StoreError, View};
use utoipa::ToSchema;

use super::ask::{Caller, Json, Path};
use super::problem::{self, Problem};
use super::renditions::{Previews, previews};
use super::stories::{Because, TouchedBody};
use super::{Page, carried_out};
use crate::actions::fetch_original::fetch_original;
use crate::actions::photo_library::photo_uses_for;
use crate::actions::similar::{Captions, similar};
use crate::actions::withdraw::{no_such_photo, restore_photo, withdraw_photo};
use crate::config::WorkConfig;
use crate::pages::address;

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
    #[serde(flatten)]
    previews: Previews,
    /// What its file says (R1).
    facts: serde_json::Value,
    /// Where the facts come from, and what is wrong with them.
    report: serde_json::Value,
    /// The stories whose drafts have it, of those that the caller may see.
    stories: Vec<String>,
    /// Whether any draft has it, also one that the caller may not see.
    drafted: bool,
    /// The stories in which readers see it.
    published_in: Vec<String>,
    /// The whole addresses at which readers see it: those of the stories, as they were published. None while it is withdrawn.
    addresses: Vec<String>,
}

/// Where a photo is used.
struct Places {
    /// The stories whose drafts have it, of those that the caller may see.
    drafts: Vec<StoryId>,
    drafted: bool,
    published_in: Vec<StoryId>,
    addresses: Vec<String>,
}

impl Places {
    async fn of(photo: &Photo, caller: &Caller, view: &mut View) -> Result<Self, StoreError> {
        let published_in = view.stories_showing(photo.id).await?;
        let mut addresses = Vec::new();
        // Its stories are still there then, without it.
        let shown = if photo.withdrawn.is_none() { published_in.as_slice() } else { &[] };
        for story in shown {
            // A draft may have been given another slug since.
            if let Some(publication) = view.publication(*story).await? {
                let address = address::story(&publication.record.slug);
                addresses.push(address.absolute(&caller.app.config().site.url));
            }
        }
        let mut drafts = view.stories_with_photo(photo.id).await?;
        let drafted = !drafts.is_empty();
        let mut owners = Vec::with_capacity(drafts.len());
        for story in &drafts {
            owners.push(view.owner_of_story(*story).await?);
        }
        let mut own = owners.into_iter().map(|owner| caller.who.reaches(Permission::ReadStories, owner));
        drafts.retain(|_| own.next() == Some(true));
        Ok(Self { drafts, drafted, published_in, addresses })
    }
}

/// How a photo stands (`waiting`, `developed`, `refused` or `withdrawn`), and why it was refused or withdrawn.
pub fn state(photo: &Photo) -> (&'static str, Option<&str>) {
    match (&photo.withdrawn, &photo.refused) {
        (Some(decision), _) => ("withdrawn", Some(decision.reason.as_str())),
        (None, Some(decision)) => ("refused", Some(decision.reason.as_str())),
        (None, None) if photo.developed_at.is_none() => ("waiting", None),
        (None, None) => ("developed", None),
    }
}

impl PhotoBody {
    fn of(photo: &Photo, places: Places, work: &WorkConfig) -> Self {
        let (state, reason) = state(photo);
        let ids = |ids: &[StoryId]| ids.iter().map(ToString::to_string).collect();
        Self {
            id: photo.id.to_string(),
            name: photo.name.clone(),
            width: photo.size.width,
            height: photo.size.height,
            created: photo.created_at.to_string(),
            colour: photo.colour.clone(),
            state: state.to_owned(),
            reason: reason.map(str::to_owned),
            previews: previews(photo, work),
            facts: serde_json::to_value(&photo.facts).unwrap_or_default(),
            report: serde_json::from_str(&photo.report).unwrap_or_default(),
            stories: ids(&places.drafts),
            drafted: places.drafted,
            published_in: ids(&places.published_in),
            addresses: places.addresses,
        }
    }
}

/// A story that has a photo.
#[derive(Debug, Serialize, ToSchema)]
pub struct UseBody {
    story: String,
    headline: String,
    /// Its slides in the draft, by their numbers from 1.
    draft_slides: Vec<u32>,
    /// Its slides as readers saw them last, by their numbers from 1.
    published_slides: Vec<u32>,
    /// When it was published so.
    published: Option<String>,
    /// Why readers see it no more.
    withdrawn: Option<String>,
}

/// Tells where a photo is used, newest story first.
#[utoipa::path(get, path = "/photos/{id}/uses", tag = "photos", params(("id" = String, Path, description = "Of the photo")),
    responses((status = 200, body = Page<UseBody>), problem::Reading))]
pub async fn uses(caller: Caller, Path(id): Path<String>) -> Result<axum::Json<Page<UseBody>>, Problem> {
    let id = reached(&caller, &id, Permission::ReadPhotos).await?;
    let (app, who) = (caller.app.clone(), caller.who.clone());
    let (_, uses) = carried_out(async move || photo_uses_for(&app, &who, id).await).await?;
    let numbers =
        |slides: &[(u32, newsroom::id::SlideId)]| slides.iter().map(|(number, _)| *number).collect();
    let items = uses.iter().map(|one| UseBody {
        story: one.story.to_string(),
        headline: one.headline.clone(),
        draft_slides: numbers(&one.drafted),
        published_slides: one.published.as_ref().map(|shown| numbers(&shown.slides)).unwrap_or_default(),
        published: one.published.as_ref().map(|shown| shown.at.to_string()),
        withdrawn: one
            .published
            .as_ref()
            .and_then(|shown| shown.withdrawn.as_ref())
            .map(|one| one.reason.clone()),
    });
    Ok(axum::Json(Page { items: items.collect(), next: None }))
}

/// A photo that looks like another.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarBody {
    id: String,
    name: String,
    /// Bits of 64 in which their fingerprints differ: 0 is the same picture, 10 is the most that is told.
    distance: u32,
    /// Whether it came with the same caption, word for word.
    same_caption: bool,
    withdrawn: Option<String>,
    /// The stories that have it.
    stories: Vec<String>,
}

/// Lists the photos that look like one: the same picture in another size, recompressed or slightly cut. For those who see all
/// photos.
#[utoipa::path(get, path = "/photos/{id}/similar", tag = "photos", params(("id" = String, Path, description = "Of the photo")),
    responses((status = 200, body = Page<SimilarBody>), problem::Reading))]
pub async fn alike(caller: Caller, Path(id): Path<String>) -> Result<axum::Json<Page<SimilarBody>>, Problem> {
    caller.who.may_with(Permission::ReadPhotos, None)?;
    let id = parse(&id)?;
    let app = caller.app;
    let found = carried_out(async move || similar(&app, id).await).await?;
    let items = found.into_iter().map(|one| SimilarBody {
        id: one.photo.to_string(),
        name: one.name,
        distance: one.distance,
        same_caption: one.captions == Captions::Same,
        withdrawn: one.withdrawn,
        stories: one.stories.iter().map(|(story, _)| story.to_string()).collect(),
    });
    Ok(axum::Json(Page { items: items.collect(), next: None }))
}

/// The newest file of a photo, byte for byte as it came. Who fetched it stands in the audit log.
#[utoipa::path(get, path = "/photos/{id}/original", tag = "photos", params(("id" = String, Path, description = "Of the photo")),
    responses((status = 200, body = String, content_type = "application/octet-stream"), problem::Reading))]
pub async fn original(caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = reached(&caller, &id, Permission::ReadOriginals).await?;
    let fetched = fetch_original(&caller.app, &caller.who, id).await?;
    let name: String = form_urlencoded::byte_serialize(fetched.name.as_bytes()).collect();
    let fields = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, fetched.bytes.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", name.replace('+', "%20"))),
    ];
    Ok((fields, Body::from_stream(pieces(fetched.file))).into_response())
}

/// A file in pieces, read beside the others.
fn pieces(file: std::fs::File) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    futures_util::stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; 256 << 10];
            let count = std::io::Read::read(&mut file, &mut piece)?;
            piece.truncate(count);
            Ok((file, piece))
        });
        match read.await.unwrap_or_else(|broken| Err(std::io::Error::other(broken))) {
            Ok((_, piece)) if piece.is_empty() => None,
            Ok((file, piece)) => Some((Ok(Bytes::from(piece)), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// The id of a photo that this person reaches; else it is none to them.
pub(super) async fn reached(caller: &Caller, id: &str, permission: Permission) -> Result<PhotoId, Problem> {
    caller.who.may(permission)?;
    let id = parse(id)?;
    let owner = caller.app.store().view(async |view: &mut View| view.owner_of_photo(id).await).await?;
    if caller.who.reaches(permission, owner) { Ok(id) } else { Err(no_such_photo(id).into()) }
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
            let places = Places::of(&photo, &caller, view).await?;
            Ok::<_, StoreError>(Some(PhotoBody::of(&photo, places, &caller.app.config().work)))
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
