//! What a draft was: every state of it, read and brought back.

use axum::response::{IntoResponse, Response};
use hyper::header::HeaderMap;
use newsroom::id::{StaffId, StoryId};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use serde::Serialize;
use store::{Revision, StoreError, View};
use utoipa::ToSchema;

use super::ask::{Caller, Path, Query, etag, if_match};
use super::problem::{self, Problem};
use super::staff::{Part, odd_after};
use super::stories::{parse, written};
use super::story_body::StoryBody;
use super::{Page, carried_out};
use crate::actions::restore_revision::{no_such_revision, restore_revision};
use crate::actions::{Denied, load_draft_at, member_of, no_such_story};

/// A state that a draft had.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionBody {
    /// The `revision` that the story had.
    revision: i64,
    /// When it was made.
    at: String,
    /// Who made it, as in the audit log; nothing where that was not kept yet.
    who: Option<String>,
    /// The name of the colleague who did.
    name: Option<String>,
    /// What was done, as in the audit log.
    verb: Option<String>,
}

/// Lists every state that a draft had, newest first; the first one is the draft as it stands.
#[utoipa::path(get, path = "/stories/{id}/revisions", tag = "stories",
    params(("id" = String, Path, description = "Of the story"), Part),
    responses((status = 200, body = Page<RevisionBody>), problem::Reading))]
pub async fn list(
    caller: Caller,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<axum::Json<Page<RevisionBody>>, Problem> {
    caller.who.may(Permission::ReadStories)?;
    let (story, limit) = (parse(&id)?, part.limit()?);
    let before = part.after().map_or(Ok(i64::MAX), |text| text.parse().map_err(|_| odd_after()))?;
    let found = caller
        .app
        .store()
        .view(async |view: &mut View| {
            if !reaches(view, &caller, story).await? {
                return Ok::<_, StoreError>(Vec::new());
            }
            let mut told = Vec::new();
            for revision in view.revisions(story, before, limit).await? {
                let name = match revision.who.as_deref().and_then(member_of) {
                    Some(staff) => name_of(view, staff).await?,
                    None => None,
                };
                told.push((revision, name));
            }
            Ok(told)
        })
        .await?;
    if found.is_empty() && before == i64::MAX {
        return Err(no_such_story(&id).into());
    }
    let next =
        found.last().filter(|_| found.len() == limit as usize).map(|(last, _)| last.number.to_string());
    let body = |(revision, name): (Revision, Option<String>)| RevisionBody {
        revision: revision.number,
        at: revision.at.to_string(),
        who: revision.who,
        name,
        verb: revision.verb,
    };
    Ok(axum::Json(Page { items: found.into_iter().map(body).collect(), next }))
}

async fn name_of(view: &mut View, staff: StaffId) -> Result<Option<String>, StoreError> {
    Ok(view.account(staff).await?.map(|account| account.name))
}

/// A draft as it stood: what the desk had written then, with what the photos' files say now. A photo that is not in the draft any
/// more, and that whoever asks may not see, is left out.
#[utoipa::path(get, path = "/stories/{id}/revisions/{revision}", tag = "stories",
    params(("id" = String, Path, description = "Of the story"), ("revision" = String, Path, description = "Its number")),
    responses((status = 200, body = StoryBody), problem::Reading))]
pub async fn get(
    caller: Caller,
    Path((id, revision)): Path<(String, String)>,
) -> Result<axum::Json<StoryBody>, Problem> {
    caller.who.may(Permission::ReadStories)?;
    let story = parse(&id)?;
    let found = carried_out(async move || {
        let found = caller.app.store().view(async |view: &mut View| {
            if !reaches(view, &caller, story).await? {
                return Ok(Err(no_such_story(&id)));
            }
            let number = match number(&revision) {
                Ok(number) => number,
                Err(unknown) => return Ok(Err(unknown)),
            };
            Ok::<_, StoreError>(match load_draft_at(view, story, number).await? {
                Some(draft) => Ok(draft.as_seen_by(view, &caller.who).await?),
                None => Err(no_such_revision(number)),
            })
        });
        Ok(found.await.map_err(Denied::from)??)
    });
    Ok(axum::Json(StoryBody::of(&found.await?)))
}

/// Makes the draft again what it was: texts, slides and their order. Its name in addresses, its moments and what is withdrawn
/// stay as they are. A slide whose photo is gone comes back without it. Readers see nothing of it before the story is published
/// again.
#[utoipa::path(post, path = "/stories/{id}/revisions/{revision}/restore", tag = "stories",
    params(("id" = String, Path, description = "Of the story"), ("revision" = String, Path, description = "Its number"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the draft that was looked at")),
    responses((status = 200, body = StoryBody), problem::Writing))]
pub async fn restore(
    caller: Caller,
    headers: HeaderMap,
    Path((id, revision)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (story, made_from) = (parse(&id)?, if_match(&headers)?);
    let (app, who) = (caller.app.clone(), caller.who.clone());
    let back =
        carried_out(async move || restore_revision(&app, &who, story, number(&revision)?, made_from).await);
    let story = back.await?.story;
    let draft = written(&caller, story.id).await?;
    Ok((etag(story.revision), axum::Json(StoryBody::of(&draft))).into_response())
}

/// The number of a revision that stands in an address.
fn number(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| Refusal::new("revision_unknown", format!("No revision has the number {text}.")))
}

async fn reaches(view: &mut View, caller: &Caller, story: StoryId) -> Result<bool, StoreError> {
    Ok(caller.who.reaches(Permission::ReadStories, view.owner_of_story(story).await?))
}
