//! What became of the files that lay in the watched folder.

use newsroom::moment::Moment;
use newsroom::staff::policy::{Permission, Reach};
use serde::Serialize;
use store::{StoreError, View, WatchedFile};
use utoipa::ToSchema;

use super::Page;
use super::ask::{Caller, Query};
use super::problem::{self, Problem};
use super::staff::{Part, odd_after};
use crate::actions::take_dropped::as_they_stand;

/// A file that lay in the watched folder.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchedBody {
    /// Where it lay, below the folder.
    path: String,
    /// Its length, its sidecar's with it.
    bytes: u64,
    /// When it was changed last (RFC 3339).
    modified: String,
    /// `waiting`, `taken`, `known`, `refused` or `left alone`.
    state: String,
    /// Why, where there is more to say.
    reason: Option<String>,
    /// The photo that it is.
    photo: Option<String>,
    /// The member of the staff whose folder it is.
    owner: Option<String>,
    /// When that was found out.
    told: String,
}

impl WatchedBody {
    fn of(file: &WatchedFile) -> Self {
        Self {
            path: file.name.path.clone(),
            bytes: file.name.bytes,
            modified: file.name.modified_at.to_string(),
            state: file.state.as_str().to_owned(),
            reason: file.sentence.clone(),
            photo: file.photo.map(|id| id.to_string()),
            owner: file.owner.map(|id| id.to_string()),
            told: file.told_at.to_string(),
        }
    }
}

/// Lists what became of the files that lay in the watched folder, newest first: all of them, or those of one's own folders.
/// What is gone from there is told for thirty days.
#[utoipa::path(get, path = "/watched", tag = "uploads", params(Part),
    responses((status = 200, body = Page<WatchedBody>), problem::Reading))]
pub async fn list(
    caller: Caller,
    Query(part): Query<Part>,
) -> Result<axum::Json<Page<WatchedBody>>, Problem> {
    caller.who.may(Permission::ReadPhotos)?;
    let owner = (caller.who.reach(Permission::ReadPhotos) == Reach::Own).then_some(caller.account.id);
    let (limit, after) = (part.limit()?, part.after().map(after).transpose()?);
    let (before, path) = after.unwrap_or((Moment::from_micros(i64::MAX), ""));
    let found = caller
        .app
        .store()
        .view(async |view: &mut View| {
            let found = view.watched_files(owner, (before, path), limit).await?;
            Ok::<_, StoreError>(as_they_stand(view, found).await?.files)
        })
        .await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full);
    let next = next.map(|last| format!("{} {}", last.told_at.as_micros(), last.name.path));
    Ok(axum::Json(Page { items: found.iter().map(WatchedBody::of).collect(), next }))
}

fn after(text: &str) -> Result<(Moment, &str), Problem> {
    let parts = text.split_once(' ').filter(|(_, path)| !path.chars().any(char::is_control));
    let (at, path) = parts.ok_or_else(odd_after)?;
    Ok((Moment::from_micros(at.parse().map_err(|_| odd_after())?), path))
}
