//! Stories: drafts, their changes, publishing and withdrawing.

use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::HeaderMap;
use newsroom::check::CheckOptions;
use newsroom::id::{SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::{Permission, Reach};
use serde::{Deserialize, Serialize};
use store::{StoryLine, View};
use utoipa::{IntoParams, ToSchema};

use super::ask::{Caller, Json, Path, Query, etag, if_match};
use super::problem::{self, Problem, ProblemBody, Reason};
use super::staff::{Part, odd_after};
use super::story_body::{ChangeSlide, ChangeStory, StoryBody, StoryLineBody, TypedStory};
use super::{Page, ROOT, carried_out};
use crate::actions::check_texts::with_texts;
use crate::actions::clear_restriction::clear_restriction;
use crate::actions::create_story::{NewStory, create_story};
use crate::actions::publish_story;
use crate::actions::put_story::{merge_story, put_story};
use crate::actions::withdraw::{restore_story, withdraw_story};
use crate::actions::{Denied, Draft, load_draft, no_such_story};

/// Lists stories by their last change, newest first; a photographer's own only.
#[utoipa::path(get, path = "/stories", tag = "stories", params(Part),
    responses((status = 200, body = Page<StoryLineBody>), problem::Reading))]
pub async fn list(
    caller: Caller,
    Query(part): Query<Part>,
) -> Result<axum::Json<Page<StoryLineBody>>, Problem> {
    caller.who.may(Permission::ReadStories)?;
    let owner = match caller.who.reach(Permission::ReadStories) {
        Reach::All => None,
        Reach::Own | Reach::Nothing => caller.who.member(),
    };
    let limit = part.limit()?;
    let after = part.after().map(place).transpose()?;
    let found: Vec<StoryLine> =
        caller.app.store().view(async |view: &mut View| view.stories_page(owner, after, limit).await).await?;
    let full = found.len() == limit as usize;
    let next =
        found.last().filter(|_| full).map(|last| format!("{}.{}", last.moments.changed.as_micros(), last.id));
    Ok(axum::Json(Page { items: found.iter().map(StoryLineBody::of).collect(), next }))
}

/// Where a page of the list ended: the moment of the last change, a point, the id.
fn place(text: &str) -> Result<(Moment, StoryId), Problem> {
    let (changed, id) = text.split_once('.').ok_or_else(odd_after)?;
    let changed = changed.parse().map(Moment::from_micros).map_err(|_| odd_after())?;
    Ok((changed, id.parse().map_err(|_| odd_after())?))
}

/// What a new story begins with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginStory {
    headline: String,
    /// The site's first section where it is left out.
    section: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    /// BCP 47; the site's where it is left out.
    language: Option<String>,
}

/// Begins a draft.
#[utoipa::path(post, path = "/stories", tag = "stories", request_body = BeginStory,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request does nothing twice")),
    responses((status = 201, body = StoryBody), problem::Writing))]
pub async fn create(caller: Caller, Json(body): Json<BeginStory>) -> Result<Response, Problem> {
    let new =
        NewStory { headline: body.headline, section: body.section, tags: body.tags, language: body.language };
    let (app, who) = (caller.app.clone(), caller.who.clone());
    let story = carried_out(async move || create_story(&app, &who, new).await).await?;
    let draft = written(&caller, story.id).await?;
    let location = [(hyper::header::LOCATION, format!("{ROOT}/stories/{}", story.id))];
    Ok((StatusCode::CREATED, location, etag(story.revision), axum::Json(StoryBody::of(&draft)))
        .into_response())
}

/// A story as the desk keeps it.
#[utoipa::path(get, path = "/stories/{id}", tag = "stories", params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = StoryBody), problem::Reading))]
pub async fn get(caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let draft = draft(&caller, parse(&id)?).await?;
    Ok((etag(draft.story.revision), axum::Json(StoryBody::of(&draft))).into_response())
}

/// The answer to a change that was made from an older revision than the one kept: both versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaleStory {
    #[serde(flatten)]
    problem: ProblemBody,
    /// The story as it stands.
    theirs: StoryBody,
    /// The change as it was sent; nothing of it was kept.
    yours: ChangeStory,
}

/// What becomes of a change that was made from an older revision.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Merging {
    /// Whether it is taken where nobody else has changed the same fields; else it is refused.
    #[serde(default)]
    merge: bool,
}

/// Whether only what is new is to be answered (RFC 7240, section 4.2).
fn prefers_minimal(headers: &HeaderMap) -> bool {
    let lines = headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|one| one.trim() == "return=minimal")
}

/// Changes a draft; readers see nothing of it before it is published again.
#[utoipa::path(patch, path = "/stories/{id}", tag = "stories", request_body = ChangeStory,
    params(("id" = String, Path, description = "Of the story"), Merging,
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from"),
        ("Prefer" = Option<String>, Header, description = "return=minimal: the answer is the new ETag alone (RFC 7240)")),
    responses((status = 200, body = StoryBody), (status = 204, description = "Changed; the ETag says as which revision"),
        problem::Writing,
        (status = 412, body = StaleStory, content_type = "application/problem+json", description = "Made from an older revision")))]
pub async fn change(
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(merging): Query<Merging>,
    Json(body): Json<ChangeStory>,
) -> Result<Response, Problem> {
    let file = body.clone().into_file(if_match(&headers)?);
    let story = parse(&id)?;
    let (app, who) = (caller.app.clone(), caller.who.clone());
    let kept = carried_out(async move || match merging.merge {
        true => merge_story(&app, &who, story, &file).await,
        false => put_story(&app, &who, story, &file).await,
    });
    match kept.await {
        Ok(story) if prefers_minimal(&headers) => {
            Ok((StatusCode::NO_CONTENT, etag(story.revision)).into_response())
        }
        Ok(story) => {
            let draft = written(&caller, story.id).await?;
            Ok((etag(story.revision), axum::Json(StoryBody::of(&draft))).into_response())
        }
        Err(Denied::Refused(refusals)) if refusals.iter().any(|one| one.code == "stale_revision") => {
            let refusals: Vec<Refusal> =
                refusals.into_iter().filter(|one| one.code == "stale_revision").collect();
            let theirs = StoryBody::of(&draft(&caller, parse(&id)?).await?);
            let revision = theirs.revision;
            let stale = StaleStory { problem: *Problem::refused(&refusals).told, theirs, yours: body };
            let media = [(hyper::header::CONTENT_TYPE, "application/problem+json")];
            let body = serde_json::to_vec(&stale).unwrap_or_default();
            Ok((StatusCode::PRECONDITION_FAILED, media, etag(revision), body).into_response())
        }
        Err(denied) => Err(denied.into()),
    }
}

/// What publishing would say.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckBody {
    /// Whether it could be published now.
    passes: bool,
    /// What stands against it.
    refusals: Vec<Reason>,
    /// What looks doubtful.
    warnings: Vec<Reason>,
}

/// Says what publishing would refuse, and what looks doubtful.
#[utoipa::path(get, path = "/stories/{id}/check", tag = "stories", params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = CheckBody), problem::Reading))]
pub async fn check(caller: Caller, Path(id): Path<String>) -> Result<axum::Json<CheckBody>, Problem> {
    let draft = draft(&caller, parse(&id)?).await?;
    Ok(axum::Json(CheckBody::of(&draft, &caller)))
}

/// Texts that are not saved yet: what is left out is as the draft has it.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TypedTexts {
    story: Option<TypedStory>,
    /// Slides of the story with their ids; the others, and the order, are as the draft has them.
    slides: Vec<ChangeSlide>,
}

/// Says what publishing would refuse, and what looks doubtful, of the story as it would be with these texts. Changes
/// nothing.
#[utoipa::path(post, path = "/stories/{id}/check", tag = "stories", request_body = TypedTexts,
    params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = CheckBody), problem::Writing))]
pub async fn check_texts(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<TypedTexts>,
) -> Result<axum::Json<CheckBody>, Problem> {
    let mut draft = draft(&caller, parse(&id)?).await?;
    let file = body.story.unwrap_or_default().into_file(body.slides);
    with_texts(&mut draft, &file).map_err(Denied::Refused)?;
    Ok(axum::Json(CheckBody::of(&draft, &caller)))
}

impl CheckBody {
    fn of(draft: &Draft, caller: &Caller) -> Self {
        let style = caller.app.known().style.clone();
        let options = CheckOptions { style, ..CheckOptions::default() };
        let report = publish_story::check(draft, &options, None, caller.app.now());
        Self {
            passes: report.passes(),
            refusals: report.refusals.iter().map(Reason::from).collect(),
            warnings: report.warnings.iter().map(Reason::from).collect(),
        }
    }
}

/// Why something is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// Kept with it.
    pub reason: String,
}

/// What a withdrawal or its undoing touched.
#[derive(Debug, Serialize, ToSchema)]
pub struct TouchedBody {
    /// Stories that are printed again.
    pub stories: Vec<String>,
    /// Photos that were taken away or brought back.
    pub photos: Vec<String>,
}

impl From<crate::actions::withdraw::Touched> for TouchedBody {
    fn from(touched: crate::actions::withdraw::Touched) -> Self {
        Self {
            stories: touched.stories.iter().map(ToString::to_string).collect(),
            photos: touched.photos.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Takes a story, and the photos that no other story shows, away from readers.
#[utoipa::path(post, path = "/stories/{id}/withdraw", tag = "stories", request_body = Because,
    params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = TouchedBody), problem::Writing))]
pub async fn withdraw(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Because>,
) -> Result<axum::Json<TouchedBody>, Problem> {
    Ok(axum::Json(withdraw_story(&caller.app, &caller.who, parse(&id)?, &body.reason).await?.into()))
}

/// Undoes a withdrawal.
#[utoipa::path(post, path = "/stories/{id}/restore", tag = "stories", request_body = Because,
    params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = TouchedBody), problem::Writing))]
pub async fn restore(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Because>,
) -> Result<axum::Json<TouchedBody>, Problem> {
    Ok(axum::Json(restore_story(&caller.app, &caller.who, parse(&id)?, &body.reason).await?.into()))
}

/// What was cleared.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClearedBody {
    /// The restrictions' texts.
    cleared: Vec<String>,
}

/// Clears the restrictions that stand against a slide now (R12).
#[utoipa::path(post, path = "/stories/{id}/slides/{slide}/clear", tag = "stories", request_body = Because,
    params(("id" = String, Path, description = "Of the story"), ("slide" = String, Path, description = "Of the slide")),
    responses((status = 200, body = ClearedBody), problem::Writing))]
pub async fn clear(
    caller: Caller,
    Path((id, slide)): Path<(String, String)>,
    Json(body): Json<Because>,
) -> Result<axum::Json<ClearedBody>, Problem> {
    let slide: SlideId =
        slide.parse().map_err(|_| Refusal::new("slide_unknown", "This story has no such slide."))?;
    let story = parse(&id)?;
    let cleared = carried_out(async move || {
        clear_restriction(&caller.app, &caller.who, story, &slide, &body.reason).await
    });
    let cleared = cleared.await?;
    Ok(axum::Json(ClearedBody { cleared }))
}

/// A draft that this person has just written: they see it, whatever else they may see.
pub(super) async fn written(caller: &Caller, id: StoryId) -> Result<Draft, Problem> {
    let app = caller.app.clone();
    let found = carried_out(async move || {
        let found = app.store().view(async |view: &mut View| load_draft(view, id).await);
        found.await.map_err(Denied::from)
    });
    found.await?.ok_or_else(|| no_such_story(&id.to_string()).into())
}

/// A draft that this person may see.
pub(super) async fn draft(caller: &Caller, id: StoryId) -> Result<Draft, Problem> {
    caller.who.may(Permission::ReadStories)?;
    let (app, who) = (caller.app.clone(), caller.who.clone());
    let found = carried_out(async move || {
        let found = app.store().view(async |view: &mut View| {
            let owner = view.owner_of_story(id).await?;
            if !who.reaches(Permission::ReadStories, owner) {
                return Ok(None);
            }
            load_draft(view, id).await
        });
        found.await.map_err(Denied::from)
    });
    found.await?.ok_or_else(|| no_such_story(&id.to_string()).into())
}

/// The id of a story that stands in an address.
pub fn parse(id: &str) -> Result<StoryId, Problem> {
    id.parse().map_err(|_| no_such_story(id).into())
}
