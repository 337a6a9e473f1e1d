//! What is done from time to time: lists that grow old, snapshots of the tree, what killed processes left behind.

use std::time::{Duration, SystemTime};

use serve::Map;
use store::Tx;
use tokio::sync::watch;

use crate::actions::reprint::reprint_lists;
use crate::app::App;
use crate::telemetry::chain;

/// How often a snapshot of the tree is kept.
const SNAPSHOT: Duration = Duration::from_secs(600);
/// How often lists are printed when nothing is published.
const LISTS_GROW_OLD: Duration = Duration::from_secs(3600);
/// Seconds for which it is told of a link to a draft that it is over.
const SHARES_KEPT: i64 = 30 * 24 * 3600;
/// How long a superseded page is kept.
const GRACE: Duration = Duration::from_secs(3600);
/// Seconds after which an unfinished file is one that a killed process left.
const LEFT_BEHIND: i64 = 24 * 3600;
/// Seconds for which the answer to a request with a key is given again.
const ANSWERS_KEPT: i64 = 24 * 3600;
/// Seconds after which a process that says nothing any more is forgotten.
const FORGOTTEN: i64 = 7 * 24 * 3600;

/// Has the lists printed each hour: news is news for two days (R23), and a notice's time may have come (R34).
pub(super) async fn lists_grow_old(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(LISTS_GROW_OLD) => {}
            _ = stop.changed() => return,
        }
        if let Err(error) = reprint_lists(&app).await {
            tracing::error!(%error, "the lists could not be asked for");
        }
    }
}

/// Keeps snapshots of the tree, and takes away what is superseded or was never finished.
/// `known` gives what this process knows of the tree beside what stands in its files.
pub(super) async fn tend_files(app: App, known: impl Fn() -> Map, mut stop: watch::Receiver<bool>) {
    let tree = app.tree().clone();
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(SNAPSHOT) => {}
            _ = stop.changed() => {}
        }
        let (tree, map) = (tree.clone(), known());
        let micros = u64::try_from(app.now().as_micros()).unwrap_or(0);
        let now = SystemTime::UNIX_EPOCH + Duration::from_micros(micros);
        match app.blobs().sweep_incoming(app.now().plus_seconds(-LEFT_BEHIND)).await {
            Ok(swept) => tracing::debug!(swept, "swept what killed processes left"),
            Err(error) => tracing::error!(error = %chain(&error), "unfinished files could not be swept away"),
        }
        if !*stop.borrow() {
            forget_silent(&app).await;
        }
        let kept = tokio::task::spawn_blocking(move || {
            tree.snapshot(&map).map_err(|error| error.to_string())?;
            tree.prune(now, GRACE).map_err(|error| error.to_string())
        });
        match kept.await {
            Ok(Ok(pruned)) => tracing::debug!(?pruned, "kept a snapshot of the tree"),
            Ok(Err(error)) => tracing::error!(error, "no snapshot of the tree could be kept"),
            Err(error) => tracing::error!(%error, "no snapshot of the tree could be kept"),
        }
    }
}

/// Forgets processes that were killed long ago, and what lets nobody in any more.
async fn forget_silent(app: &App) {
    let now = app.now();
    let forgotten = app
        .store()
        .write(async |tx: &mut Tx| {
            tx.forget_nodes_before(now.plus_seconds(-FORGOTTEN)).await?;
            tx.forget_sessions_before(now).await?;
            tx.forget_links_before(now).await?;
            tx.forget_ceremonies_before(now).await?;
            tx.forget_shares_before(now.plus_seconds(-SHARES_KEPT)).await?;
            tx.forget_answers_before(now.plus_seconds(-ANSWERS_KEPT)).await
        })
        .await;
    if let Err(error) = forgotten {
        tracing::error!(error = %chain(&error), "what is over could not be forgotten");
    }
}
