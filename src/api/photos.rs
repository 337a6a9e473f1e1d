//! Photos: what is known of each, and taking one away from readers.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use hyper::header;
use jiff::civil::Date;
use newsroom::id::PhotoId;
use newsroom::library::{Filter, Orientation, Presence, Stars, Usage};
use newsroom::refusal::Refusal;
use newsroom::search::marked;
use newsroom::staff::policy::{Permission, Reach};
use serde::{Deserialize, Serialize};
use store::{Photo, StoreError, View};
use utoipa::{IntoParams, ToSchema};

use super::ask::{Caller, Json, Path, Query};
use super::problem::{self, Problem};
use super::staff::odd_after;
use super::stories::{Because, TouchedBody};
use super::story_body::word;
use super::{Page, carried_out};
use crate::actions::fetch_original::fetch_original;
use crate::actions::photo_library::{Asked, Cursor, Line, Texts, find_photos, photo_uses};
use crate::actions::similar::{Captions, similar};
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

/// What is asked of the library. Without words and filters all photos are listed, newest first.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// Words that all have to be found: in captions, headlines, credits, places, names, keywords.
    #[serde(default)]
    q: String,
    /// Words of the credit.
    credit: Option<String>,
    /// Taken on this day or later (`2021-01-02`).
    from: Option<String>,
    /// Taken on this day or earlier.
    until: Option<String>,
    /// `used`, `unused` or `published`.
    usage: Option<String>,
    /// With restrictions that refuse publishing, or without.
    restricted: Option<bool>,
    /// With problems, or without.
    problems: Option<bool>,
    /// `landscape`, `portrait` or `square`.
    orientation: Option<String>,
    /// 1 to 5 for at least so many stars, 0 for none, -1 for rejected.
    #[param(minimum = -1, maximum = 5)]
    rating: Option<i8>,
    /// How many, 1 to 200.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: u32,
    /// `next` of the page before.
    after: Option<String>,
}

fn fifty() -> u32 {
    50
}

/// A photo in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoLineBody {
    id: String,
    name: String,
    /// Upright, in pixels.
    width: u32,
    /// Upright, in pixels.
    height: u32,
    created: String,
    caption: String,
    credit: String,
    /// -1 to 5; nothing where the file says nothing.
    rating: Option<i8>,
    /// Whether a story has it.
    used: bool,
    /// Whether readers see it.
    published: bool,
    /// Whether a restriction refuses publishing until it is cleared.
    restricted: bool,
    /// Whether something is wrong with it.
    problems: bool,
    withdrawn: Option<String>,
    /// The texts that hold the words that were asked for.
    hits: Vec<HitBody>,
}

/// A text that holds words that were asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitBody {
    /// Such as `caption`.
    field: String,
    /// The text in pieces.
    pieces: Vec<PieceBody>,
}

/// A piece of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct PieceBody {
    text: String,
    /// Whether it is what was asked for.
    hit: bool,
}

impl PhotoLineBody {
    fn of(line: &Line) -> Self {
        let (photo, findable) = (&line.photo, &line.findable);
        let hits = line.hits.iter().map(|(found, marks)| HitBody {
            field: word(found.field),
            pieces: marked(&found.text, marks)
                .into_iter()
                .map(|(text, hit)| PieceBody { text: text.to_owned(), hit })
                .collect(),
        });
        Self {
            id: photo.id.to_string(),
            name: photo.name.clone(),
            width: photo.size.width,
            height: photo.size.height,
            created: photo.created_at.to_string(),
            caption: line.caption.clone(),
            credit: line.credit.clone(),
            rating: findable.facts.rating,
            used: !findable.slides.is_empty(),
            published: findable.published,
            restricted: findable.is_restricted(),
            problems: findable.has_problems,
            withdrawn: photo.withdrawn.as_ref().map(|decision| decision.reason.clone()),
            hits: hits.collect(),
        }
    }
}

/// Photos of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotosBody {
    /// How many there are in all; nothing for the list of all photos.
    total: Option<u64>,
    items: Vec<PhotoLineBody>,
    /// What to send as `after` for the next page; nothing on the last one.
    next: Option<String>,
}

/// Searches the library, or lists it. Those come first that have more of the words in headlines, names, places and keywords, of
/// equals the newest. A photographer finds their own.
#[utoipa::path(get, path = "/photos", tag = "photos", params(Asking),
    responses((status = 200, body = PhotosBody), problem::Reading))]
pub async fn find(caller: Caller, Query(asking): Query<Asking>) -> Result<axum::Json<PhotosBody>, Problem> {
    caller.who.may(Permission::ReadPhotos)?;
    if !(1..=200).contains(&asking.limit) {
        return Err(Refusal::new("query_wrong", "limit is 1 to 200.").field("limit").into());
    }
    let owner = match caller.who.reach(Permission::ReadPhotos) {
        Reach::All => None,
        Reach::Own | Reach::Nothing => caller.who.member(),
    };
    let after = asking.after.as_deref().map(str::parse::<Cursor>).transpose().map_err(|_| odd_after())?;
    let filter = Filter { owner, ..asking.filter()? };
    let texts = if owner.is_some() { Texts::OfFile } else { Texts::All };
    let asked = Asked { words: asking.q, filter, after, limit: asking.limit, texts };
    let app = caller.app;
    let answer = carried_out(async move || find_photos(&app, &asked).await).await?;
    Ok(axum::Json(PhotosBody {
        total: answer.total,
        items: answer.lines.iter().map(PhotoLineBody::of).collect(),
        next: answer.next.map(|next| next.to_string()),
    }))
}

impl Asking {
    fn filter(&self) -> Result<Filter, Problem> {
        let odd = |field: &'static str, sentence: &str| {
            Problem::from(Refusal::new("query_wrong", sentence).field(field))
        };
        let day = |text: &Option<String>, field| {
            let day = text.as_deref().map(str::parse::<Date>).transpose();
            day.map_err(|_| odd(field, "A day is written as 2021-01-02."))
        };
        let usage = match self.usage.as_deref() {
            None => None,
            Some("used") => Some(Usage::Used),
            Some("unused") => Some(Usage::Unused),
            Some("published") => Some(Usage::Published),
            Some(_) => return Err(odd("usage", "usage is used, unused or published.")),
        };
        let orientation = match self.orientation.as_deref() {
            None => None,
            Some("landscape") => Some(Orientation::Landscape),
            Some("portrait") => Some(Orientation::Portrait),
            Some("square") => Some(Orientation::Square),
            Some(_) => return Err(odd("orientation", "orientation is landscape, portrait or square.")),
        };
        let stars = match self.rating {
            None => None,
            Some(-1) => Some(Stars::Rejected),
            Some(0) => Some(Stars::Unrated),
            Some(least @ 1..=5) => Some(Stars::AtLeast(least.unsigned_abs())),
            Some(_) => return Err(odd("rating", "rating is -1 to 5.")),
        };
        let presence =
            |there: Option<bool>| there.map(|there| if there { Presence::Any } else { Presence::None });
        Ok(Filter {
            from: day(&self.from, "from")?,
            until: day(&self.until, "until")?,
            credit: self.credit.clone(),
            usage,
            restrictions: presence(self.restricted),
            problems: presence(self.problems),
            orientation,
            stars,
            owner: None,
        })
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
    let (app, store) = (caller.app.clone(), caller.app.store().clone());
    let (_, mut uses) = carried_out(async move || photo_uses(&app, id).await).await?;
    let who = caller.who;
    if who.reach(Permission::ReadStories) != Reach::All {
        // What others write is none of theirs before readers see it.
        let owners = store
            .view(async |view: &mut View| {
                let mut owners = Vec::with_capacity(uses.len());
                for one in &uses {
                    owners.push(view.owner_of_story(one.story).await?);
                }
                Ok::<_, StoreError>(owners)
            })
            .await?;
        let mut own = owners.into_iter().map(|owner| who.reaches(Permission::ReadStories, owner));
        uses.retain_mut(|one| {
            if own.next() == Some(true) {
                return true;
            }
            one.drafted.clear();
            one.published.as_ref().is_some_and(|shown| shown.withdrawn.is_none())
        });
    }
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
async fn reached(caller: &Caller, id: &str, permission: Permission) -> Result<PhotoId, Problem> {
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
            let shown = view.stories_showing(id).await?;
            let mut drafts = Vec::new();
            for story in view.stories_with_photo(id).await? {
                if caller.who.reaches(Permission::ReadStories, view.owner_of_story(story).await?) {
                    drafts.push(story);
                }
            }
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
