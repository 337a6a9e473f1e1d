//! The background work of a serving process: it follows what is published, runs jobs, has damaged pages printed again,
//! keeps snapshots of the tree, sweeps away what was left behind, and goes on trying while the records are away.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use newsroom::moment::Moment;
use serve::{FolderKeep, Site, TreeWriter};
use store::{Node, StoreError, Tx, View};
use tokio::sync::{mpsc, watch};

use super::most_read::prefer_most_read;
use super::{Health, Records};
use crate::actions::reprint::{reprint_all, reprint_list, reprint_lists, reprint_story};
use crate::app::{App, tree_folder};
use crate::config::Config;
use crate::jobs::runner::Runner;
use crate::jobs::{Context, List, kinds};
use crate::telemetry::chain;

/// How often another process's publication is looked for; a look that finds nothing reads no table.
const LOOK: Duration = Duration::from_millis(20);
/// How long to wait before trying the records again.
const AGAIN: Duration = Duration::from_secs(1);
/// How often a snapshot of the tree is kept.
const SNAPSHOT: Duration = Duration::from_secs(600);
/// How often lists are printed when nothing is published.
const LISTS_GROW_OLD: Duration = Duration::from_secs(3600);
/// Seconds for which a damaged path is not asked for again.
const MENDED_FOR: i64 = 10;
/// How long a superseded page is kept.
const GRACE: Duration = Duration::from_secs(3600);
/// Seconds after which an unfinished file is one that a killed process left.
const LEFT_BEHIND: i64 = 24 * 3600;

/// What the background work is done with.
pub struct Attendant {
    /// The data folder.
    pub data: PathBuf,
    /// The configuration.
    pub config: Config,
    /// The readers' site.
    pub site: Arc<Site>,
    /// Told whether the records are there.
    pub health: Arc<Health>,
    /// Where live routes find the records.
    pub records: Arc<Records>,
    /// Paths whose object was found damaged or lost.
    pub damaged: mpsc::Receiver<String>,
    /// Becomes true when the process stops.
    pub stop: watch::Receiver<bool>,
}

impl Attendant {
    /// Works until it is told to stop.
    pub async fn run(mut self) {
        while !*self.stop.borrow() {
            match App::open(&self.data, self.config.clone()).await {
                Ok(app) => {
                    self.records.set(Some(app.clone()));
                    self.attend(&app).await;
                    self.records.set(None);
                    app.store().close().await;
                }
                Err(error) => {
                    tracing::error!(error = %chain(&error), "the records cannot be opened; readers are answered from the printed tree");
                    self.health.degraded(&error.to_string());
                    self.catch_up();
                }
            }
            self.pause(AGAIN).await;
        }
    }

    /// What other machines printed is shown also while this one has no records.
    fn catch_up(&self) {
        if let Err(error) = self.site.catch_up() {
            tracing::error!(%error, "the printed tree cannot be read");
        }
    }

    async fn pause(&mut self, time: Duration) {
        if *self.stop.borrow() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            _ = self.stop.changed() => {}
        }
    }

    /// Works with open records until it is told to stop, or they are away and have to be opened again.
    async fn attend(&mut self, app: &App) {
        if let Err(error) = self.begin(app).await {
            tracing::error!(%error, "what has to be printed at the start could not be asked for");
        }
        let (end, ended) = watch::channel(false);
        let context = Context::new(app.clone());
        let idle = Runner::idle(context.clone(), ended.clone());
        let runner = Runner::new(context, &kinds::ALL, ended.clone());
        let follow = Follow {
            app: app.clone(),
            site: Arc::clone(&self.site),
            health: Arc::clone(&self.health),
            stop: self.stop.clone(),
            end,
        };
        let snapshots = tend_files(app.clone(), Arc::clone(&self.site), ended.clone());
        let lists = lists_grow_old(app.clone(), ended.clone());
        let most_read = prefer_most_read(app.clone(), Arc::clone(&self.site), ended.clone());
        let mend = mend(app.clone(), &mut self.damaged, ended);
        tokio::join!(
            runner.until_stopped(),
            idle.until_stopped(),
            follow.run(),
            snapshots,
            lists,
            most_read,
            mend
        );
    }

    /// A tree without a home page was never printed, or was lost or left behind by a restore: all of it is printed.
    async fn begin(&self, app: &App) -> Result<(), crate::actions::Denied> {
        if self.site.mark(crate::pages::address::HOME).is_none() {
            reprint_all(app).await?;
        }
        let outdated = app
            .store()
            .view(async |view: &mut View| view.pages_of_older_printers(crate::jobs::PRINTER, 1).await)
            .await?;
        if !outdated.is_empty() {
            let stories = reprint_all(app).await?;
            tracing::info!(
                stories,
                "an older release printed some pages; they are printed again in the background"
            );
        }
        Ok(())
    }
}

/// Follows the changes of this and other processes.
struct Follow {
    app: App,
    site: Arc<Site>,
    health: Arc<Health>,
    stop: watch::Receiver<bool>,
    /// Ends the other work with these records.
    end: watch::Sender<bool>,
}

impl Follow {
    async fn run(mut self) {
        let mut node = self.node();
        let outcome = self.until_stopped(&mut node).await;
        // Nobody is left to be told when all of it has ended.
        let _ = self.end.send(true);
        if let Err(error) = outcome {
            tracing::error!(error = %chain(&error), "the records are away; readers are answered from the printed tree");
            return;
        }
        let id = node.id;
        let forgotten = self
            .app
            .store()
            .act(async |tx: &mut Tx| tx.forget_node(&id).await.map_err(store::ActError::<StoreError>::Fault))
            .await;
        if forgotten.is_err() {
            tracing::warn!("this node's row could not be taken away; it grows old by itself");
        }
    }

    /// Follows until the stop.
    ///
    /// # Errors
    /// The records are away: they have to be opened again.
    async fn until_stopped(&mut self, node: &mut Node) -> Result<(), StoreError> {
        let mut known = 0;
        while !*self.stop.borrow() {
            let step = tokio::select! {
                newest = self.app.store().wait_for_change(known, LOOK) => newest.map(Some),
                () = tokio::time::sleep(AGAIN) => Ok(None),
                _ = self.stop.changed() => break,
            };
            self.catch_up();
            let outcome = match step {
                Ok(newest) => {
                    known = newest.unwrap_or(known);
                    self.report(node).await
                }
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) => self.health.sound(),
                Err(error) => {
                    self.health.degraded(&error.to_string());
                    if matches!(error, StoreError::Unavailable(_)) {
                        return Err(error);
                    }
                    tracing::error!(error = %chain(&error), "this node cannot say what it has applied");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
        Ok(())
    }

    fn catch_up(&self) {
        if let Err(error) = self.site.catch_up() {
            tracing::error!(%error, "the printed tree cannot be read");
        }
    }

    fn node(&self) -> Node {
        let now = self.app.now();
        Node {
            id: format!("{}-{}", std::process::id(), self.app.token::<4>()),
            started_at: now,
            seen_at: now,
            applied_change: -1,
        }
    }

    /// Writes down what this node has applied, when it is new or a second has passed.
    async fn report(&self, node: &mut Node) -> Result<(), StoreError> {
        let applied = i64::try_from(self.site.applied()).unwrap_or(i64::MAX);
        let now = self.app.now();
        if node.applied_change == applied && now < node.seen_at.plus_seconds(1) {
            return Ok(());
        }
        node.applied_change = applied;
        node.seen_at = now;
        let row = node.clone();
        let saved = self
            .app
            .store()
            .act(async |tx: &mut Tx| tx.save_node(&row).await.map_err(store::ActError::<StoreError>::Fault))
            .await;
        saved.map_err(|error| match error {
            store::ActError::Refused(fault) | store::ActError::Fault(fault) => fault,
        })
    }
}

/// Has the lists printed each hour: news is news for two days (R23), and a notice's time may have come (R34).
async fn lists_grow_old(app: App, mut stop: watch::Receiver<bool>) {
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
async fn tend_files(app: App, site: Arc<Site>, mut stop: watch::Receiver<bool>) {
    let tree = TreeWriter::new(Arc::new(FolderKeep::new(tree_folder(app.data()))));
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(SNAPSHOT) => {}
            _ = stop.changed() => {}
        }
        let (tree, map) = (tree.clone(), site.map());
        let micros = u64::try_from(app.now().as_micros()).unwrap_or(0);
        let now = SystemTime::UNIX_EPOCH + Duration::from_micros(micros);
        match app.blobs().sweep_incoming(app.now().plus_seconds(-LEFT_BEHIND)).await {
            Ok(swept) => tracing::debug!(swept, "swept what killed processes left"),
            Err(error) => tracing::error!(error = %chain(&error), "unfinished files could not be swept away"),
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

/// Has what was found damaged printed again: the stories on a path, or what else is made there.
async fn mend(app: App, damaged: &mut mpsc::Receiver<String>, mut stop: watch::Receiver<bool>) {
    // A path that is asked for a thousand times is printed again once.
    let mut asked_for: BTreeMap<String, Moment> = BTreeMap::new();
    loop {
        let path = tokio::select! {
            path = damaged.recv() => path,
            _ = stop.changed() => return,
        };
        let Some(path) = path else { return };
        let now = app.now();
        asked_for.retain(|_, at| at.plus_seconds(MENDED_FOR) > now);
        if asked_for.insert(path.clone(), now).is_some() {
            continue;
        }
        let asked = match stories_on(&app, &path).await {
            Ok(stories) if stories.is_empty() => mend_without_story(&app, &path).await,
            Ok(stories) => {
                let mut outcome = Ok(());
                for story in stories {
                    outcome = outcome.and(reprint_story(&app, story).await);
                }
                outcome
            }
            Err(error) => Err(error.into()),
        };
        match asked {
            Ok(()) => tracing::warn!(path, "a damaged page is printed again"),
            Err(error) => tracing::error!(path, %error, "a damaged page could not be asked for again"),
        }
    }
}

/// Has what is on no story's path printed again: a list alone, else everything. A list would have its turn after all
/// stories otherwise, and be asked for again before it came.
async fn mend_without_story(app: &App, path: &str) -> Result<(), crate::actions::Denied> {
    match List::that_makes(path) {
        Some(list) => reprint_list(app, list).await,
        None => reprint_all(app).await.map(drop),
    }
}

/// The stories whose print makes a path; none for lists and assets.
async fn stories_on(app: &App, path: &str) -> Result<Vec<newsroom::id::StoryId>, StoreError> {
    app.store()
        .view(async |view: &mut View| {
            if let Some(token) = path.strip_prefix("/i/").and_then(|rest| rest.split('/').next()) {
                return match view.grant_of_token(token).await? {
                    Some(grant) => view.stories_showing(grant.photo).await,
                    None => Ok(Vec::new()),
                };
            }
            let keys = view.page_keys(path).await?;
            Ok(keys.iter().filter_map(|key| key.strip_prefix("story:")?.parse().ok()).collect())
        })
        .await
}
