//! Follows the changes of this and other processes.

use std::sync::Arc;
use std::time::Duration;

use serve::Site;
use store::{Role, StoreError};
use tokio::sync::watch;

use super::AGAIN;
use super::presence::{Identity, Presence};
use crate::app::App;
use crate::http::Health;
use crate::telemetry::chain;

/// How often another process's publication is looked for; a look that finds nothing reads no table.
const LOOK: Duration = Duration::from_millis(20);

/// Takes what was printed since the last look, on a thread that may wait for the store; whether that could be done.
pub(super) async fn catch_up(site: &Arc<Site>) -> bool {
    let site = Arc::clone(site);
    match tokio::task::spawn_blocking(move || site.catch_up()).await {
        Ok(Ok(_)) => return true,
        Ok(Err(error)) => tracing::error!(%error, "the printed tree cannot be read"),
        Err(error) => tracing::error!(%error, "the printed tree cannot be read"),
    }
    false
}

/// Keeps a site at the newest change.
pub(super) struct Follow {
    pub app: App,
    pub role: Role,
    pub identity: Identity,
    pub site: Arc<Site>,
    pub health: Arc<Health>,
    pub stop: watch::Receiver<bool>,
    /// Ends the other work with these records.
    pub end: watch::Sender<bool>,
}

impl Follow {
    /// Follows until the stop, or until the records are away.
    pub async fn run(mut self) {
        let mut presence = Presence::new(self.app.clone(), self.role, self.identity.clone());
        let outcome = self.until_stopped(&mut presence).await;
        // Nobody is left to be told when all of it has ended.
        let _ = self.end.send(true);
        match outcome {
            Ok(()) => presence.leave().await,
            Err(error) => {
                tracing::error!(error = %chain(&error), "the records are away; readers are answered from the printed tree");
            }
        }
    }

    /// Follows until the stop, and says each second that this process is there, whether or not the tree can be read: one
    /// that has lost its way to the tree goes on answering with what it has.
    ///
    /// # Errors
    /// The records are away: they have to be opened again.
    async fn until_stopped(&mut self, presence: &mut Presence) -> Result<(), StoreError> {
        let (shows, shown) = watch::channel(-1);
        tokio::select! {
            followed = follow(&self.app, &self.site, &shows, self.stop.clone()) => followed,
            present = present(presence, &self.health, shown, self.stop.clone()) => present,
        }
    }
}

/// Keeps the site at the newest change. `shows` becomes a count of changes once all of them are shown: what a change prints
/// stands in the tree before the count moves.
async fn follow(
    app: &App,
    site: &Arc<Site>,
    shows: &watch::Sender<i64>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    let mut known = 0;
    while !*stop.borrow() {
        let step = tokio::select! {
            newest = app.store().wait_for_change(known, LOOK) => newest.map(Some),
            () = tokio::time::sleep(AGAIN) => Ok(None),
            _ = stop.changed() => break,
        };
        let caught_up = catch_up(site).await;
        let step = match step {
            Ok(newest) => app.look_at_settings().await.map(|_| newest),
            Err(error) => Err(error),
        };
        match step {
            Ok(newest) => known = newest.unwrap_or(known),
            Err(error) if matches!(error, StoreError::Unavailable(_)) => return Err(error),
            Err(error) => {
                tracing::error!(error = %chain(&error), "changes cannot be followed");
                tokio::time::sleep(AGAIN).await;
                continue;
            }
        }
        if caught_up {
            shows.send_if_modified(|shows| std::mem::replace(shows, known) != known);
        }
    }
    Ok(())
}

/// Says which change this process shows, when that is new and each second.
async fn present(
    presence: &mut Presence,
    health: &Health,
    mut shown: watch::Receiver<i64>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    while !*stop.borrow() {
        let shows = *shown.borrow_and_update();
        match presence.say(shows).await {
            Ok(()) => health.sound(),
            Err(error) => {
                health.degraded(&error.to_string());
                if matches!(error, StoreError::Unavailable(_)) {
                    return Err(error);
                }
                tracing::error!(error = %chain(&error), "this node cannot say what it has applied");
                tokio::time::sleep(AGAIN).await;
            }
        }
        tokio::select! {
            _ = shown.changed() => {}
            () = tokio::time::sleep(AGAIN) => {}
            _ = stop.changed() => {}
        }
    }
    Ok(())
}
