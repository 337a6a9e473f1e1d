//! The background work of a process: it follows what is published, runs jobs, has damaged pages printed again, keeps
//! snapshots of the tree, sweeps away what was left behind, and goes on trying while the records are away.

mod dropped;
mod follow;
mod judged;
mod mend;
mod most_read;
mod planned;
mod presence;
mod tend;
mod uploads;
mod work;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serve::Site;
use store::Role;
use tokio::sync::{mpsc, watch};

use presence::Identity;
pub use work::Worker;

use crate::actions::Denied;
use crate::actions::reprint::reprint_all;
use crate::actions::staff::links::link_for_first_account;
use crate::actions::staff::welcome_address;
use crate::app::{App, Records};
use crate::config::Config;
use crate::http::Health;
use crate::pages::address;
use crate::telemetry::chain;

/// How long to wait before trying the records again.
const AGAIN: Duration = Duration::from_secs(1);

/// What the background work of a serving process is done with.
pub struct Attendant {
    /// The data folder.
    pub data: PathBuf,
    /// The configuration.
    pub config: Config,
    /// Whether it runs jobs too.
    pub role: Role,
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
        let mut identity = None;
        while !*self.stop.borrow() {
            match App::open(&self.data, self.config.clone()).await {
                Ok(app) => {
                    self.records.set(Some(app.clone()));
                    let identity = identity.get_or_insert_with(|| Identity::new(&app)).clone();
                    self.attend(&app, identity).await;
                    self.records.set(None);
                    app.store().close().await;
                }
                Err(error) => {
                    tracing::error!(error = %chain(&error), "the records cannot be opened; readers are answered from the printed tree");
                    self.health.degraded(&error.to_string());
                    // What other machines printed is shown also while this one has no records.
                    follow::catch_up(&self.site).await;
                }
            }
            pause(&mut self.stop, AGAIN).await;
        }
    }

    /// Works with open records until it is told to stop, or they are away and have to be opened again.
    async fn attend(&mut self, app: &App, identity: Identity) {
        if let Err(error) = self.begin(app).await {
            tracing::error!(%error, "what has to be printed at the start could not be asked for");
        }
        let (end, ended) = watch::channel(false);
        let follow = follow::Follow {
            app: app.clone(),
            role: self.role,
            identity,
            site: Arc::clone(&self.site),
            health: Arc::clone(&self.health),
            stop: self.stop.clone(),
            end,
        };
        let (works, site) = (self.role.works(), Arc::clone(&self.site));
        let work = async {
            if works {
                work::work(app, &ended).await;
            }
        };
        let files = tend::tend_files(app.clone(), move || site.map(), ended.clone());
        let sent = uploads::look_after(app.clone(), works, ended.clone());
        let most_read = most_read::prefer_most_read(app.clone(), Arc::clone(&self.site), ended.clone());
        let mend = mend::mend(app.clone(), &mut self.damaged, ended.clone());
        tokio::join!(follow.run(), work, files, sent, most_read, mend);
    }

    /// A tree without a home page was never printed, or was lost or left behind by a restore: all of it is printed.
    async fn begin(&self, app: &App) -> Result<(), Denied> {
        if self.site.mark(address::HOME).is_none() {
            reprint_all(app).await?;
        }
        if let Some(secret) = link_for_first_account(app).await? {
            let address = welcome_address(&app.config().site.url, &secret);
            tracing::warn!(
                "nobody can sign in yet; make the first administrator within three days: {address}"
            );
        }
        Ok(())
    }
}

/// Waits, but not beyond the stop.
async fn pause(stop: &mut watch::Receiver<bool>, time: Duration) {
    if *stop.borrow() {
        return;
    }
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stop.changed() => {}
    }
}
