//! What works in the background: the queue, what failed in it, and the processes.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use newsroom::moment::Moment;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::{Node, StoreError, View};

use super::forms::{Kept, Own, Wrong};
use super::frame::{Frame, page};
use super::{Colleague, Form, Hindrance, Room};
use crate::actions::retry_job::retry_job;
use crate::machine::is_silent;
use crate::texts::Texts;

const PART_OF_DESK: &str = "/desk/jobs";
/// Failed jobs that are told at once.
const FAILURES: u32 = 100;

/// Jobs of one kind.
struct Kind {
    name: String,
    waiting: u64,
    running: u64,
    failed: u64,
}

/// A job that failed.
struct Failed {
    job: String,
    name: String,
    error: String,
    given_up: Option<String>,
}

/// A process.
pub struct Process {
    pub id: String,
    pub role: &'static str,
    /// Empty where it is of a release that does not say so, as is its version.
    pub machine: String,
    pub version: String,
    pub started: String,
    pub seen: String,
    pub is_silent: bool,
    /// How many changes readers of this process do not see yet.
    pub behind: i64,
}

#[derive(Template)]
#[template(path = "desk/jobs.html")]
struct Jobs {
    frame: Frame,
    kept: bool,
    wrong: Option<String>,
    retries: bool,
    kinds: Vec<Kind>,
    failed: Vec<Failed>,
    processes: Vec<Process>,
}

/// The queue.
pub async fn list(
    State(room): State<Room>,
    colleague: Colleague,
    Query(kept): Query<Kept>,
) -> Result<Response, Hindrance> {
    shown(&room, &colleague, kept.is_said(), &Wrong::default()).await
}

/// What a job of this kind does.
pub fn kind(t: Texts, kind: &str) -> String {
    t.say(&format!("kind-{kind}"))
}

/// The processes as they are told; `newest` is the newest change.
pub fn processes(room: &Room, now: Moment, nodes: Vec<Node>, newest: i64) -> Vec<Process> {
    let one = |node: Node| Process {
        role: node.role.as_str(),
        started: room.told_time(node.started_at),
        seen: room.told_time(node.seen_at),
        is_silent: is_silent(&node, now),
        machine: node.machine,
        version: node.version,
        behind: if node.role.serves() { newest.saturating_sub(node.applied_change.max(0)) } else { 0 },
        id: node.id,
    };
    nodes.into_iter().map(one).collect()
}

async fn shown(room: &Room, colleague: &Colleague, kept: bool, wrong: &Wrong) -> Result<Response, Hindrance> {
    colleague.who.may(Permission::ReadMachinery).map_err(|refusal| room.denied(&refusal.into()))?;
    let frame = Frame::inside(room, colleague, "jobs", PART_OF_DESK);
    let (t, now) = (frame.t, colleague.app.now());
    let found = colleague.app.store().view(async |view: &mut View| {
        let nodes = view.nodes_seen_since(Moment::from_micros(i64::MIN)).await?;
        let newest = view.current_change().await?;
        Ok::<_, StoreError>((view.job_counts(now).await?, view.failed_jobs(FAILURES).await?, nodes, newest))
    });
    let (counts, failed, nodes, newest) = found.await.map_err(|error| room.fault(&error))?;
    let kinds = counts.into_iter().map(|count| Kind {
        name: kind(t, &count.kind),
        waiting: count.waiting,
        running: count.running,
        failed: count.failed,
    });
    let failed = failed.into_iter().map(|job| Failed {
        name: kind(t, &job.kind),
        job: job.dedupe,
        error: job.last_error,
        given_up: job.failed_at.map(|at| room.told_time(at)),
    });
    let jobs = Jobs {
        kept,
        wrong: wrong.besides(&[]),
        retries: colleague.who.reach(Permission::RetryJobs) > Reach::Nothing,
        kinds: kinds.collect(),
        failed: failed.collect(),
        processes: processes(room, now, nodes, newest),
        frame,
    };
    Ok(page(wrong.status(), &jobs))
}

/// Which job.
#[derive(Deserialize)]
pub struct Which {
    job: String,
}

/// Has a failed job tried again now.
pub async fn retry(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Form(which): Form<Which>,
) -> Result<Response, Hindrance> {
    match retry_job(&colleague.app, &colleague.who, &which.job).await {
        Ok(()) => Ok(Redirect::to("/desk/jobs?kept=1").into_response()),
        Err(denied) => shown(&room, &colleague, false, &Wrong::of(&room, denied)?).await,
    }
}
