//! `halftone nodes`: the processes that serve or work.

use newsroom::moment::Moment;
use serde_json::json;
use store::{Node, StoreError, View};

use super::report::Outcome;
use super::session::{Ended, Session};

/// Seconds after which a process that says nothing is told as silent; it says something each second.
const SILENT: i64 = 10;

pub async fn run(session: &Session) -> Result<Outcome, Ended> {
    let now = session.app().now();
    let (nodes, newest) = session
        .app()
        .store()
        .view(async |view: &mut View| {
            let all = view.nodes_seen_since(Moment::from_micros(i64::MIN)).await?;
            Ok::<_, StoreError>((all, view.current_change().await?))
        })
        .await?;
    for node in &nodes {
        tell(session, node, newest, now);
    }
    let silent = nodes.iter().filter(|node| is_silent(node, now)).count();
    let sentence =
        format!("{} processes, {silent} of them silent. The newest change is {newest}.", nodes.len());
    session.report.say(&sentence, json!({ "nodes": nodes.len(), "silent": silent, "newest": newest }));
    Ok(Outcome::Done)
}

fn is_silent(node: &Node, now: Moment) -> bool {
    node.seen_at.plus_seconds(SILENT) < now
}

fn tell(session: &Session, node: &Node, newest: i64, now: Moment) {
    let shows = if node.role.serves() {
        format!(", shows change {} of {newest}", node.applied_change.max(0))
    } else {
        String::new()
    };
    let silent = is_silent(node, now);
    let heard = if silent { format!(", SILENT since {}", node.seen_at) } else { String::new() };
    let sentence =
        format!("{:<24} {:<15} since {}{shows}{heard}", node.id, node.role.as_str(), node.started_at);
    let applied = node.role.serves().then_some(node.applied_change.max(0));
    let object = json!({
        "node": node.id, "role": node.role.as_str(), "started": node.started_at, "seen": node.seen_at,
        "shows": applied, "silent": silent, "version": node.version, "machine": node.machine,
    });
    session.report.say(&sentence, object);
}
