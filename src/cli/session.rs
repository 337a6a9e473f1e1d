//! What a command that works on the records is run with, and how it ends otherwise than well.

use std::convert::Infallible;

use newsroom::id::StoryId;
use newsroom::refusal::Refusal;
use store::{ActError, FailedJob, StoreError, Tx, View};
use tokio::sync::{mpsc, watch};

use super::report::{Outcome, Report};
use crate::actions::{Denied, Who, find_story, no_such_story};
use crate::app::{App, OpenFault};
use crate::config::{Config, Place, WrongConfig};
use crate::jobs::runner::{Ended as JobEnded, Outcome as JobOutcome, Runner};
use crate::jobs::{Context, kinds};
use crate::telemetry::chain;

/// How long to wait before looking again for jobs that another process runs.
const ELSEWHERE: std::time::Duration = std::time::Duration::from_millis(10);

/// Failed jobs that are looked through for those of a command.
const FAILURES: u32 = 1000;

/// Why a command stopped before its end.
#[derive(Debug)]
pub enum Ended {
    /// By a rule.
    Refused(Vec<Refusal>),
    /// By wrong use: what, and what would be right.
    WrongUse(String),
    /// By a fault of ours or of the machine: what happened, what was kept, what to do.
    Fault(String),
}

impl Ended {
    /// A fault of the machine.
    pub fn machine(what: &str, error: impl std::fmt::Display) -> Self {
        Self::Fault(format!("{what}: {error}"))
    }

    /// Says it.
    pub fn tell(self, report: Report) -> Outcome {
        match self {
            Self::Refused(refusals) => report.refusals(&refusals),
            Self::WrongUse(sentence) => {
                report.complain(&sentence);
                Outcome::WrongUse
            }
            Self::Fault(sentence) => {
                report.complain(&format!(
                    "Halftone could not go on: {sentence}. What was reported as done is kept."
                ));
                Outcome::Fault
            }
        }
    }
}

impl From<Denied> for Ended {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused(refusals) => Self::Refused(refusals),
            Denied::Fault(fault) => fault.into(),
        }
    }
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Fault(chain(&error))
    }
}

impl From<OpenFault> for Ended {
    fn from(error: OpenFault) -> Self {
        Self::Fault(chain(&error))
    }
}

impl From<WrongConfig> for Ended {
    fn from(error: WrongConfig) -> Self {
        Self::WrongUse(error.to_string())
    }
}

/// An open data folder.
pub struct Session {
    /// The application and its workers.
    pub context: Context,
    /// How to say things.
    pub report: Report,
    /// Who acts.
    pub who: Who,
    stop: watch::Receiver<bool>,
}

impl Session {
    /// Opens the data folder. From here on Ctrl-C and SIGTERM stop the work between two steps.
    pub async fn open(place: &Place, report: Report) -> Result<Self, Ended> {
        crate::telemetry::start(report.is_json(), "warn");
        let app = App::open(&place.data, Config::read(place)?).await?;
        Ok(Self { context: Context::new(app), report, who: Who::operator(), stop: super::stopping::listen() })
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.context.app
    }

    /// Whether the command was asked to stop.
    pub fn stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// The story that a person means, or a refusal.
    pub async fn story(&self, name: &str) -> Result<StoryId, Ended> {
        match find_story(self.app().store(), name).await? {
            Some(id) => Ok(id),
            None => Err(Ended::Refused(vec![no_such_story(name)])),
        }
    }

    /// Runs what waits in the queue until nothing is due, and shows each job's end to `ended`.
    pub async fn work(&self, which: &[&'static str], mut ended: impl FnMut(JobEnded)) -> Result<(), Ended> {
        let (sender, mut outcomes) = mpsc::unbounded_channel();
        let runner = Runner::new(self.context.clone(), which, self.stop.clone());
        let running = runner.until_idle(&sender);
        tokio::pin!(running);
        loop {
            tokio::select! {
                done = &mut running => {
                    while let Ok(outcome) = outcomes.try_recv() {
                        ended(outcome);
                    }
                    return done.map_err(Ended::from);
                }
                Some(outcome) = outcomes.recv() => ended(outcome),
            }
        }
    }

    /// The same, and waits for the jobs of these kinds that other processes are running, such as a serving one.
    pub async fn work_and_wait(
        &self,
        which: &[&'static str],
        mut ended: impl FnMut(JobEnded),
    ) -> Result<(), Ended> {
        loop {
            // Taken before the work: a lease that runs out while the work looks for jobs still counts as running.
            let now = self.app().now();
            self.work(which, &mut ended).await?;
            let counts = self.app().store().view(async |view: &mut View| view.job_counts(now).await).await?;
            let elsewhere =
                counts.iter().any(|count| count.running > 0 && which.contains(&count.kind.as_str()));
            if !elsewhere || self.stopped() {
                return Ok(());
            }
            tokio::time::sleep(ELSEWHERE).await;
        }
    }

    /// Runs the printing that an action asked for, and says what failed. `about` are the ids of the stories, photos and
    /// notices that it is about. [`Outcome::Done`] when readers see all of that, whichever process printed it.
    pub async fn print(&self, about: &[String]) -> Result<Outcome, Ended> {
        // A content network asks again within seconds for what is new, whether or not it is told.
        self.print_all(about, |kind| kind != kinds::PURGE_CDN).await
    }

    /// The same for what goes: it is done when a content network before the site has let go of it as well.
    pub async fn print_and_purge(&self, about: &[String]) -> Result<Outcome, Ended> {
        self.print_all(about, |_| true).await
    }

    async fn print_all(&self, about: &[String], matters: fn(&str) -> bool) -> Result<Outcome, Ended> {
        let mut outcome = Outcome::Done;
        let report = self.report;
        self.hurry().await?;
        self.work_and_wait(&kinds::ALL, |ended| {
            if let JobOutcome::Failed { sentence, again } = ended.outcome {
                let next = if again {
                    "it will be tried again in the background or by the next command"
                } else {
                    "it was given up"
                };
                report.complain(&format!("A job ({}) failed: {sentence}; {next}.", ended.kind));
                if matters(&ended.kind) {
                    outcome = Outcome::Fault;
                }
            }
        })
        .await?;
        if outcome == Outcome::Done && self.stopped() {
            report.complain(
                "Stopped before all of it was printed; the background work or the next command goes on.",
            );
            outcome = Outcome::Fault;
        }
        if outcome == Outcome::Done
            && let Some(failed) = self.failed_print(about, matters).await?
        {
            report.complain(&format!("A print failed in another process: {}.", failed.last_error));
            outcome = Outcome::Fault;
        }
        Ok(outcome)
    }

    /// Prints that failed before and wait for their next attempt are tried now: a person asks.
    async fn hurry(&self) -> Result<(), Ended> {
        let now = self.app().now();
        self.app()
            .store()
            .act(async |tx: &mut Tx| {
                for kind in kinds::PRINTING {
                    tx.hurry_jobs(kind, now).await?;
                }
                Ok::<_, ActError<Infallible>>(())
            })
            .await
            .map_err(|error| match error {
                ActError::Fault(fault) => fault.into(),
                ActError::Refused(never) => match never {},
            })
    }

    /// The print of the lists, or of what `about` names, whose last attempt failed.
    async fn failed_print(
        &self,
        about: &[String],
        matters: fn(&str) -> bool,
    ) -> Result<Option<FailedJob>, Ended> {
        let failed =
            self.app().store().view(async |view: &mut View| view.failed_jobs(FAILURES).await).await?;
        let ours = |job: &FailedJob| {
            let printing = kinds::PRINTING.contains(&job.kind.as_str()) && matters(&job.kind);
            let named = about.iter().any(|id| job.dedupe.ends_with(id.as_str()));
            printing && (named || job.kind == kinds::PRINT_LISTS)
        };
        Ok(failed.into_iter().find(ours))
    }

    /// Closes the records.
    pub async fn close(self) {
        self.context.app.store().close().await;
    }
}
