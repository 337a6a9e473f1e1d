//! What works in the background, and who did what.

use hyper::StatusCode;
use newsroom::moment::Moment;
use newsroom::staff::policy::Permission;
use serde::{Deserialize, Serialize};
use store::{Node, StoreError, View};
use utoipa::{IntoParams, ToSchema};

use super::Page;
use super::ask::{Caller, Json, Query};
use super::problem::{self, Problem};
use super::staff::odd_after;
use crate::actions::retry_job::retry_job;

/// Failed jobs that are told at once.
const FAILURES: u32 = 200;

/// The queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobsBody {
    /// How many there are of each kind.
    kinds: Vec<JobCountBody>,
    /// Those that were given up, newest first, then those that failed and are tried again.
    failed: Vec<FailedJobBody>,
}

/// Jobs of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobCountBody {
    kind: String,
    waiting: u64,
    running: u64,
    failed: u64,
}

/// A job that failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailedJobBody {
    /// By which it can be tried again.
    job: String,
    kind: String,
    /// What it said last.
    error: String,
    /// When it was given up; nothing while it is tried again by itself.
    given_up: Option<String>,
}

/// Tells what waits, what runs and what failed.
#[utoipa::path(get, path = "/jobs", tag = "machinery", responses((status = 200, body = JobsBody), problem::Reading))]
pub async fn jobs(caller: Caller) -> Result<axum::Json<JobsBody>, Problem> {
    caller.who.may(Permission::ReadMachinery)?;
    let now = caller.app.now();
    let (counts, failed) = caller
        .app
        .store()
        .view(async |view: &mut View| {
            Ok::<_, StoreError>((view.job_counts(now).await?, view.failed_jobs(FAILURES).await?))
        })
        .await?;
    let kinds = counts.into_iter().map(|count| JobCountBody {
        kind: count.kind,
        waiting: count.waiting,
        running: count.running,
        failed: count.failed,
    });
    let failed = failed.into_iter().map(|job| FailedJobBody {
        job: job.dedupe,
        kind: job.kind,
        error: job.last_error,
        given_up: job.failed_at.map(|at| at.to_string()),
    });
    Ok(axum::Json(JobsBody { kinds: kinds.collect(), failed: failed.collect() }))
}

/// Which job.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// As the list of failed jobs names it.
    job: String,
}

/// Has a failed job tried again now.
#[utoipa::path(post, path = "/jobs/retry", tag = "machinery", request_body = Retry,
    responses((status = 204), problem::Writing))]
pub async fn retry(caller: Caller, Json(body): Json<Retry>) -> Result<StatusCode, Problem> {
    retry_job(&caller.app, &caller.who, &body.job).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A process that serves or works.
#[derive(Debug, Serialize, ToSchema)]
pub struct NodeBody {
    id: String,
    /// `serve`, `work` or `serve and work`.
    role: String,
    /// The release that it is of; empty where that does not say so.
    version: String,
    /// What its machine calls itself; empty likewise.
    machine: String,
    started: String,
    seen: String,
    /// The change that it shows to readers; nothing for one that does not serve.
    shows: Option<i64>,
}

impl NodeBody {
    /// A process as programs are told of it.
    pub fn of(node: Node) -> Self {
        Self {
            shows: node.role.serves().then_some(node.applied_change.max(0)),
            role: node.role.as_str().to_owned(),
            version: node.version,
            machine: node.machine,
            started: node.started_at.to_string(),
            seen: node.seen_at.to_string(),
            id: node.id,
        }
    }
}

/// The processes.
#[derive(Debug, Serialize, ToSchema)]
pub struct NodesBody {
    /// The newest change.
    newest: i64,
    nodes: Vec<NodeBody>,
}

/// Lists the processes that serve or work.
#[utoipa::path(get, path = "/nodes", tag = "machinery", responses((status = 200, body = NodesBody), problem::Reading))]
pub async fn nodes(caller: Caller) -> Result<axum::Json<NodesBody>, Problem> {
    caller.who.may(Permission::ReadMachinery)?;
    let (nodes, newest) = caller
        .app
        .store()
        .view(async |view: &mut View| {
            let all = view.nodes_seen_since(Moment::from_micros(i64::MIN)).await?;
            Ok::<_, StoreError>((all, view.current_change().await?))
        })
        .await?;
    Ok(axum::Json(NodesBody { newest, nodes: nodes.into_iter().map(NodeBody::of).collect() }))
}

/// Which entries of the audit log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditPart {
    /// How many, 1 to 200.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: u32,
    /// `next` of the page before.
    after: Option<String>,
    /// Of one kind of thing: `story`, `photo`, `staff`, `token`, `notice`, `job`. Needs `id`.
    noun: Option<String>,
    /// Of one thing. Needs `noun`.
    id: Option<String>,
}

fn fifty() -> u32 {
    50
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditBody {
    at: String,
    /// `operator` for the machine's own command line, `watched folder` for its settings, else `staff` and the id, and the token
    /// where one asked.
    who: String,
    /// What was done.
    verb: String,
    /// To what kind of thing.
    noun: String,
    /// To which one.
    id: String,
    /// As it was.
    before: Option<serde_json::Value>,
    /// As it is.
    after: Option<serde_json::Value>,
}

/// Tells who did what, newest first.
#[utoipa::path(get, path = "/audit", tag = "machinery", params(AuditPart),
    responses((status = 200, body = Page<AuditBody>), problem::Reading))]
pub async fn audit(
    caller: Caller,
    Query(part): Query<AuditPart>,
) -> Result<axum::Json<Page<AuditBody>>, Problem> {
    caller.who.may(Permission::ReadAudit)?;
    if !(1..=200).contains(&part.limit) {
        return Err(newsroom::refusal::Refusal::new("query_wrong", "limit is 1 to 200.")
            .field("limit")
            .into());
    }
    let before = match &part.after {
        None => i64::MAX,
        Some(text) => text.parse().map_err(|_| odd_after())?,
    };
    let thing = match (&part.noun, &part.id) {
        (Some(noun), Some(id)) => Some((noun.as_str(), id.as_str())),
        (None, None) => None,
        _ => {
            let sentence = "noun and id go together.";
            return Err(newsroom::refusal::Refusal::new("query_wrong", sentence).field("noun").into());
        }
    };
    let found = caller
        .app
        .store()
        .view(async |view: &mut View| view.audit_before(before, thing, part.limit).await)
        .await?;
    let full = found.len() == part.limit as usize;
    let next = found.last().filter(|_| full).map(|(number, _)| number.to_string());
    let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    let items = found.into_iter().map(|(_, entry)| AuditBody {
        at: entry.at.to_string(),
        who: entry.who,
        verb: entry.verb,
        noun: entry.noun,
        id: entry.noun_id,
        before: read(entry.before),
        after: read(entry.after),
    });
    Ok(axum::Json(Page { items: items.collect(), next }))
}
