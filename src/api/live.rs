//! Going live: whether what was published last is printed, and which serving processes show it to readers.

use newsroom::id::StoryId;
use newsroom::moment::Moment;
use serde::Serialize;
use store::{StoreError, View};
use utoipa::ToSchema;

use super::ask::{Caller, Path};
use super::problem::{self, Problem};
use super::stories::{draft, parse};
use crate::pages::address;

/// Seconds after which a process that says nothing is counted no more.
const SILENT: i64 = 10;

/// How far what was published last has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveBody {
    /// When the story was published last; nothing where it never was.
    pub published: Option<String>,
    /// When it was withdrawn, where readers are not to see it.
    pub withdrawn: Option<String>,
    /// The print of that; nothing until it is written down.
    pub printed: Option<PrintedBody>,
    /// The processes that answer readers now.
    pub nodes: Vec<ShowingBody>,
    /// Whether it is printed, and every process that answers readers shows it.
    pub live: bool,
}

/// A print.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PrintedBody {
    /// The number of its change.
    pub change: i64,
    /// When.
    pub at: String,
}

/// A process that answers readers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShowingBody {
    /// Its name.
    pub id: String,
    /// The newest change that it shows.
    pub change: i64,
    /// Whether that is the print or a later one.
    pub shows: bool,
}

/// Tells whether what was published last is printed, and which processes show it. It may be asked again and again; events tell when
/// something is published.
#[utoipa::path(get, path = "/stories/{id}/live", tag = "stories", params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = LiveBody), problem::Reading))]
pub async fn live(caller: Caller, Path(id): Path<String>) -> Result<axum::Json<LiveBody>, Problem> {
    let story = draft(&caller, parse(&id)?).await?.story.id;
    let now = caller.app.now();
    let state = caller.app.store().view(async |view: &mut View| state_of(view, story, now).await).await?;
    Ok(axum::Json(state))
}

/// How far a story's last publication, or its withdrawal, has come.
///
/// # Errors
/// A fault of the store.
pub async fn state_of(view: &mut View, story: StoryId, now: Moment) -> Result<LiveBody, StoreError> {
    let publication = view.publication(story).await?;
    let mut printed = None;
    if let Some(publication) = &publication {
        let withdrawn = publication.withdrawn.as_ref().map(|decision| decision.at);
        let page = view.page(address::story(&publication.record.slug).path()).await?;
        // A print that began before does not count, whenever it ended: what was decided asks for another one.
        let since = withdrawn.unwrap_or(publication.published_at);
        printed = page.filter(|page| page.printed_at >= since && (page.status == 200) == withdrawn.is_none());
    }
    let printed = printed.map(|page| PrintedBody { change: page.change, at: page.printed_at.to_string() });
    let nodes = view.nodes_seen_since(now.plus_seconds(-SILENT)).await?;
    let showing = nodes.into_iter().filter(|node| node.role.serves()).map(|node| ShowingBody {
        shows: printed.as_ref().is_some_and(|printed| node.applied_change >= printed.change),
        change: node.applied_change.max(0),
        id: node.id,
    });
    let nodes: Vec<ShowingBody> = showing.collect();
    Ok(LiveBody {
        published: publication.as_ref().map(|one| one.published_at.to_string()),
        withdrawn: publication.and_then(|one| one.withdrawn).map(|decision| decision.at.to_string()),
        live: printed.is_some() && !nodes.is_empty() && nodes.iter().all(|node| node.shows),
        printed,
        nodes,
    })
}
