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

/// Takes what was printed since the last look, on a thread that may wait for the store.
pub(super) async fn catch_up(site: &Arc<Site>) {
    let site = Arc::clone(site);
    match tokio::task::spawn_blocking(move || site.catch_up()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(%error, "the printed tree cannot be read"),
        Err(error) => tracing::error!(%error, "the printed tree cannot be read"),
    }
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

    /// Follows until the stop.
    ///
    /// # Errors
    /// The records are away: they have to be opened again.
    async fn until_stopped(&mut self, presence: &mut Presence) -> Result<(), StoreError> {
        let mut known = 0;
        while !*self.stop.borrow() {
            let step = tokio::select! {
                newest = self.app.store().wait_for_change(known, LOOK) => newest.map(Some),
                () = tokio::time::sleep(AGAIN) => Ok(None),
                _ = self.stop.changed() => break,
            };
            catch_up(&self.site).await;
            let outcome = match step {
                Ok(newest) => {
                    known = newest.unwrap_or(known);
                    presence.say(i64::try_from(self.site.applied()).unwrap_or(i64::MAX)).await
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
}
