//! Running jobs, in a serving process or in one that does nothing else.

use std::path::PathBuf;
use std::time::Duration;

use serve::Map;
use store::{Role, StoreError, View};
use tokio::sync::watch;

use super::presence::{Identity, Presence};
use super::{AGAIN, dropped, judged, pause, planned, tend, uploads};
use crate::actions::Denied;
use crate::actions::photo_library::bring_up_to_date;
use crate::actions::reprint::reprint_all;
use crate::app::{App, OpenFault};
use crate::config::Config;
use crate::jobs::runner::Runner;
use crate::jobs::{Context, PRINTER, kinds};
use crate::keeps::Stranger;
use crate::telemetry::chain;

/// How long a mail that is being sent is waited for when the process stops.
const MAILS_GRACE: Duration = Duration::from_secs(5);

/// Runs jobs until `ended` is true. What a release before this program's printed is printed again by this one.
pub(super) async fn work(app: &App, ended: &watch::Receiver<bool>) {
    if let Err(error) = reprint_outdated(app).await {
        tracing::error!(%error, "what an older release printed could not be asked for");
    }
    match bring_up_to_date(app).await {
        Ok(true) => tracing::info!("the photo library is brought up to date in the background"),
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "the photo library could not be asked for"),
    }
    let context = Context::new(app.clone());
    let idle = Runner::idle(context.clone(), ended.clone());
    let runner = Runner::new(context.clone(), &kinds::ALL, ended.clone());
    let lists = tend::lists_grow_old(app.clone(), ended.clone());
    let mails = Runner::mail(context, ended.clone()).until_stopped();
    let mails = async {
        tokio::select! {
            () = mails => {}
            // A mail that is cut off is sent by the next process: a server that is slow keeps nobody from stopping.
            () = grace(ended.clone()) => {}
        }
    };
    let dropped = dropped::watch_folder(app.clone(), ended.clone());
    let planned = planned::carry_out_plans(app.clone(), ended.clone());
    let judged = judged::judge_machine(app.clone(), ended.clone());
    tokio::join!(runner.until_stopped(), idle.until_stopped(), lists, mails, dropped, planned, judged);
}

/// Ends some time after the work was told to.
async fn grace(mut ended: watch::Receiver<bool>) {
    // A sender that is gone has nothing more to tell.
    let _ = ended.wait_for(|ended| *ended).await;
    tokio::time::sleep(MAILS_GRACE).await;
}

async fn reprint_outdated(app: &App) -> Result<(), Denied> {
    let outdated =
        app.store().view(async |view: &mut View| view.pages_of_older_printers(PRINTER, 1).await).await?;
    if !outdated.is_empty() {
        let stories = reprint_all(app).await?;
        tracing::info!(
            stories,
            "an older release printed some pages; they are printed again in the background"
        );
    }
    Ok(())
}

/// Whether a fault goes only when a person does something.
fn stays(fault: &OpenFault) -> bool {
    match fault {
        OpenFault::Store(error) => matches!(
            error,
            StoreError::NewerSchema { .. }
                | StoreError::MigrationChanged { .. }
                | StoreError::OldServer { .. }
                | StoreError::Damaged(_)
        ),
        OpenFault::Bucket(stranger) => matches!(stranger, Stranger::Other | Stranger::Unknown),
        OpenFault::Folder { .. } | OpenFault::HalfMoved | OpenFault::RecordsGone { .. } => true,
        OpenFault::Clock { .. } => false,
    }
}

/// A process that works and answers nobody.
pub struct Worker {
    /// The data folder.
    pub data: PathBuf,
    /// The configuration.
    pub config: Config,
    /// Becomes true when the process stops.
    pub stop: watch::Receiver<bool>,
}

impl Worker {
    /// Works until it is told to stop; goes on trying while the records are away.
    ///
    /// # Errors
    /// The records can be reached and not be used, such as those of a later release.
    pub async fn run(mut self) -> Result<(), OpenFault> {
        let mut identity = None;
        while !*self.stop.borrow() {
            match App::open(&self.data, self.config.clone()).await {
                Ok(app) => {
                    let identity = identity.get_or_insert_with(|| Identity::new(&app)).clone();
                    self.attend(&app, identity).await;
                    app.store().close().await;
                }
                Err(error) if stays(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(error = %chain(&error), "the records or the bucket cannot be used; they are tried again");
                }
            }
            pause(&mut self.stop, AGAIN).await;
        }
        Ok(())
    }

    /// Works with open records until it is told to stop, or they are away and have to be opened again.
    async fn attend(&mut self, app: &App, identity: Identity) {
        let (end, ended) = watch::channel(false);
        let mut presence = Presence::new(app.clone(), Role::Work, identity);
        let stop = &mut self.stop;
        let present = async {
            let outcome = present(app, &mut presence, stop).await;
            // Nobody is left to be told when all of it has ended.
            let _ = end.send(true);
            match outcome {
                Ok(()) => presence.leave().await,
                Err(error) => {
                    tracing::error!(error = %chain(&error), "the records are away; they are tried again");
                }
            }
        };
        let files = tend::tend_files(app.clone(), Map::default, ended.clone());
        let sent = uploads::look_after(app.clone(), true, ended.clone());
        tokio::join!(present, work(app, &ended), files, sent);
    }
}

/// Says each second that this process is there, and looks at what was set at the desk, until it is told to stop.
///
/// # Errors
/// The records are away: they have to be opened again.
async fn present(
    app: &App,
    presence: &mut Presence,
    stop: &mut watch::Receiver<bool>,
) -> Result<(), StoreError> {
    while !*stop.borrow() {
        let said = match presence.say(-1).await {
            Ok(()) => app.look_at_settings().await.map(|_| ()),
            Err(error) => Err(error),
        };
        match said {
            Err(error) if matches!(error, StoreError::Unavailable(_)) => return Err(error),
            Err(error) => tracing::error!(error = %chain(&error), "this process cannot say that it is there"),
            Ok(()) => {}
        }
        pause(stop, AGAIN).await;
    }
    Ok(())
}
