//! Takes jobs out of the queue and runs them.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join_all, try_join_all};
use store::{ActError, AfterFailure, Claim, StoreError, Tx, View};
use tokio::sync::{mpsc, watch};

use super::context::{Context, JobFault};
use super::print_story::Why;
use super::{
    Job, add_avif, develop_photo, kinds, lost, prepare_story, print_list, print_lists, print_mentions,
    print_story, purge_cdn, purge_photo, reprint_archive, send_mail, shelve_photos,
};
use crate::telemetry::chain;

/// Attempts after which a job stays in the queue as failed until it is asked for again; a purge is tried for good, a mail
/// until it is too old.
const ATTEMPTS: u32 = 8;
/// How long an idle runner waits before it looks again without a hint: another process may have put a job in.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Stories of the archive that are printed again together. What is more urgent waits for as many.
const TOGETHER: u32 = 16;

/// What came of a job.
#[derive(Debug)]
pub struct Ended {
    /// Its kind.
    pub kind: String,
    /// Its outcome.
    pub outcome: Outcome,
}

/// How a job ended.
#[derive(Debug)]
pub enum Outcome {
    /// Done.
    Done,
    /// A photo was refused.
    PhotoRefused {
        /// The file's name.
        name: String,
        /// Why, in a sentence.
        sentence: String,
    },
    /// It failed; the fault was logged.
    Failed {
        /// What went wrong.
        sentence: String,
        /// Whether it will be tried again.
        again: bool,
    },
}

/// What came of several jobs that were run as one.
enum Together {
    /// Done, all of them.
    Done,
    /// Each has to be run alone, so that its fault is its own.
    Alone,
    /// Another worker has some of them.
    Lost,
}

/// Runs jobs of some kinds.
#[derive(Clone)]
pub struct Runner {
    context: Context,
    work: Work,
    worker: String,
    stop: watch::Receiver<bool>,
}

/// What a runner takes.
#[derive(Debug, Clone)]
enum Work {
    /// Jobs of these kinds, the most urgent kind first, what is due longest first.
    Due(Arc<[&'static str]>),
    /// What nobody waits for, one at a time, the newest first, while nothing else is due.
    Idle,
    /// Mails, one at a time.
    Mail,
}

impl Runner {
    /// A runner for what nobody waits for, which ends between two jobs once `stop` is true.
    pub fn idle(context: Context, stop: watch::Receiver<bool>) -> Self {
        Self { work: Work::Idle, ..Self::new(context, &[], stop) }
    }

    /// A runner for mails, which waits for nobody else and nobody for it.
    pub fn mail(context: Context, stop: watch::Receiver<bool>) -> Self {
        Self { work: Work::Mail, ..Self::new(context, &[], stop) }
    }

    /// A runner that ends between two jobs once `stop` is true.
    pub fn new(context: Context, kinds: &[&'static str], stop: watch::Receiver<bool>) -> Self {
        let worker = format!("{}-{}", std::process::id(), context.app.token::<4>());
        Self { context, work: Work::Due(kinds.into()), worker, stop }
    }

    /// Runs everything that is due now, several jobs at once, and what these ask for, until nothing is due or it is
    /// told to stop. Tells `ended` of each job.
    ///
    /// # Errors
    /// The first fault of the queue itself; a job's own fault is told as its outcome.
    pub async fn until_idle(&self, ended: &mpsc::UnboundedSender<Ended>) -> Result<(), StoreError> {
        let hands = (0..self.hands()).map(|_| async {
            while self.one(ended).await? {}
            Ok::<(), StoreError>(())
        });
        try_join_all(hands).await?;
        // A hand may have left while another one's job asked for more.
        while self.one(ended).await? {}
        Ok(())
    }

    /// Runs jobs as they come until it is told to stop; a queue that cannot be reached is tried again.
    pub async fn until_stopped(self) {
        // Each hand by itself: none waits for what another one does.
        join_all((0..self.hands()).map(|_| self.hand())).await;
    }

    async fn hand(&self) {
        // Nobody asks what came of a job; what failed is logged.
        let (ended, _) = mpsc::unbounded_channel();
        let mut hints = self.context.app.store().job_hints();
        let mut stop = self.stop.clone();
        while !*self.stop.borrow() {
            match self.one(&ended).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(error = %chain(&error), "the job queue cannot be reached"),
            }
            tokio::select! {
                _ = hints.changed() => {}
                _ = stop.changed() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// Several hands in one task: what takes time is done by worker processes and blocking threads.
    fn hands(&self) -> usize {
        match self.work {
            Work::Due(_) => self.context.at_once(),
            Work::Idle | Work::Mail => 1,
        }
    }

    /// Claims the next job, if there is one, or several that are quicker done together.
    async fn claim(&self) -> Result<Vec<Claim>, StoreError> {
        let lease = u32::try_from(self.context.app.config().work.lease.as_secs()).unwrap_or(u32::MAX);
        let (store, now) = (self.context.app.store(), self.context.app.now());
        match &self.work {
            Work::Due(kinds) => {
                let at_most = |kind: &str| if kind == kinds::REPRINT { TOGETHER } else { 1 };
                store.claim_jobs(kinds, at_most, &self.worker, now, lease).await
            }
            Work::Mail => {
                let claim = store.claim_job(&[kinds::SEND_MAIL], &self.worker, now, lease).await?;
                Ok(claim.into_iter().collect())
            }
            Work::Idle => {
                let busy =
                    store.view(async |view: &mut View| view.is_any_due(&kinds::ALL, now).await).await?;
                if busy {
                    return Ok(Vec::new());
                }
                let archive = store.claim_job(&[kinds::SHELVE_ARCHIVE], &self.worker, now, lease).await?;
                let claim = match archive {
                    Some(claim) => Some(claim),
                    None => store.claim_newest_job(kinds::ADD_AVIF, &self.worker, now, lease).await?,
                };
                Ok(claim.into_iter().collect())
            }
        }
    }

    /// Runs the next job; `false` when none is due, or when it is time to stop.
    async fn one(&self, ended: &mpsc::UnboundedSender<Ended>) -> Result<bool, StoreError> {
        if *self.stop.borrow() {
            return Ok(false);
        }
        let claims = self.claim().await?;
        if claims.is_empty() {
            return Ok(false);
        }
        // Whoever asked may have gone; the job is done all the same.
        let tell = |claim: Claim, outcome| drop(ended.send(Ended { kind: claim.kind, outcome }));
        // One that ended its process before is not tried beside others.
        if claims.len() > 1 && claims.iter().all(|claim| claim.attempt == 1) {
            match self.together(&claims).await {
                Together::Done => {
                    claims.into_iter().for_each(|claim| tell(claim, Outcome::Done));
                    return Ok(true);
                }
                Together::Lost => return self.give_back(&claims).await.map(|()| true),
                Together::Alone => {}
            }
        }
        let mut waiting = claims.as_slice();
        while let [claim, rest @ ..] = waiting {
            if *self.stop.borrow() {
                return self.give_back(waiting).await.map(|()| false);
            }
            let outcome = match self.while_alive(waiting, run(&self.context, claim)).await {
                Ok(outcome) => outcome,
                Err(fault) => self.failed(claim, &fault).await?,
            };
            tell(claim.clone(), outcome);
            waiting = rest;
        }
        Ok(true)
    }

    /// Gives jobs back that were not begun.
    async fn give_back(&self, claims: &[Claim]) -> Result<(), StoreError> {
        let given = self
            .context
            .app
            .store()
            .act(async |tx: &mut Tx| {
                for claim in claims {
                    tx.release_job(claim).await?;
                }
                Ok::<_, ActError<StoreError>>(())
            })
            .await;
        given.map_err(|error| match error {
            ActError::Refused(fault) | ActError::Fault(fault) => fault,
        })
    }

    /// Runs several jobs as one.
    async fn together(&self, claims: &[Claim]) -> Together {
        let story = |claim: &Claim| match serde_json::from_str(&claim.payload) {
            Ok(Job::ReprintStory { story }) => Some((story, claim.clone())),
            _ => None,
        };
        let Some(jobs) = claims.iter().map(story).collect::<Option<Vec<_>>>() else {
            return Together::Alone;
        };
        match self.while_alive(claims, print_story::run_together(&self.context, &jobs)).await {
            Ok(true) => Together::Done,
            Ok(false) => Together::Alone,
            Err(JobFault::LeaseLost) => Together::Lost,
            Err(fault) => {
                tracing::warn!(error = %chain(&fault), "stories could not be printed together; each is printed alone");
                Together::Alone
            }
        }
    }

    /// Does some work and lengthens the leases of its jobs meanwhile, so that leases can be short: a job of a process
    /// that was killed is soon another one's. Both are polled all the time: the job may hold, or wait for, the connection
    /// that the lease is lengthened on.
    async fn while_alive<T>(
        &self,
        claims: &[Claim],
        work: impl Future<Output = Result<T, JobFault>>,
    ) -> Result<T, JobFault> {
        tokio::select! {
            biased;
            outcome = work => outcome,
            never = self.lengthen_leases(claims) => match never {},
        }
    }

    /// Goes on until the jobs are done. A job whose lease is lost all the same finds that out when it ends: what it did
    /// until then another worker does again.
    async fn lengthen_leases(&self, claims: &[Claim]) -> Infallible {
        let lease = self.context.app.config().work.lease;
        let seconds = i64::try_from(lease.as_secs()).unwrap_or(i64::MAX);
        loop {
            tokio::time::sleep(lease / 3).await;
            let until = self.context.app.now().plus_seconds(seconds);
            let extended = self.context.app.store().act(async |tx: &mut Tx| {
                let mut ours = false;
                for claim in claims {
                    ours |= tx.extend_lease(claim, until).await?;
                }
                Ok::<_, ActError<JobFault>>(ours)
            });
            match extended.await {
                Ok(true) => {}
                Ok(false) => std::future::pending().await,
                Err(fault) => {
                    let jobs: Vec<&str> = claims.iter().map(|claim| claim.dedupe.as_str()).collect();
                    tracing::warn!(?jobs, error = %chain(&JobFault::from(fault)), "a lease could not be lengthened")
                }
            }
        }
    }

    async fn tidy_up(&self, claim: &Claim) {
        if let Err(fault) = lost::tidy_up(&self.context, claim).await {
            tracing::error!(job = %claim.dedupe, error = %chain(&fault), "what a lost job made could not be looked through");
        }
    }

    async fn failed(&self, claim: &Claim, fault: &JobFault) -> Result<Outcome, StoreError> {
        let sentence = chain(fault);
        if matches!(fault, JobFault::LeaseLost) {
            tracing::warn!(job = %claim.dedupe, "the job's lease ran out; another worker has it");
            self.tidy_up(claim).await;
            return Ok(Outcome::Failed { sentence, again: true });
        }
        let now = self.context.app.now();
        let after = self
            .context
            .app
            .store()
            .act(async |tx: &mut Tx| {
                if let JobFault::Mail { wait_until: Some(until), .. } = fault {
                    return Ok(tx.put_off_job(claim, *until, &sentence).await?);
                }
                let for_good = [kinds::PURGE_CDN, kinds::SEND_MAIL].contains(&claim.kind.as_str());
                let attempts = if for_good { u32::MAX } else { ATTEMPTS };
                Ok::<_, store::ActError<StoreError>>(tx.fail_job(claim, now, attempts, &sentence).await?)
            })
            .await
            .map_err(|error| match error {
                store::ActError::Refused(fault) | store::ActError::Fault(fault) => fault,
            })?;
        if matches!(after, AfterFailure::NotOurs) {
            // Held up for so long that its connections were lost as well.
            self.tidy_up(claim).await;
        }
        let again = !matches!(after, AfterFailure::GivenUp);
        tracing::error!(job = %claim.dedupe, attempt = claim.attempt, again, error = %sentence, "a job failed");
        Ok(Outcome::Failed { sentence, again })
    }
}

async fn run(context: &Context, claim: &Claim) -> Result<Outcome, JobFault> {
    let job: Job =
        serde_json::from_str(&claim.payload).map_err(|error| JobFault::Unreadable(error.to_string()))?;
    match job {
        Job::DevelopPhoto { photo } => match develop_photo::run(context, photo, claim).await? {
            develop_photo::Outcome::Refused { name, sentence } => {
                return Ok(Outcome::PhotoRefused { name, sentence });
            }
            develop_photo::Outcome::Developed | develop_photo::Outcome::Nothing => {}
        },
        Job::PrepareStory { story } => prepare_story::run(context, story, claim).await?,
        Job::PrintStory { story } => print_story::run(context, story, claim, Why::Changed).await?,
        Job::ReprintStory { story } => print_story::run(context, story, claim, Why::Archive).await?,
        Job::PrintLists | Job::ReprintLists => print_lists::run(context, claim).await?,
        Job::PrintList { list } | Job::ReprintList { list } => print_list::run(context, &list, claim).await?,
        Job::PrintNeighbour { story } => print_story::run(context, story, claim, Why::Neighbour).await?,
        Job::PrintMentions { rule } => print_mentions::run(context, &rule, claim).await?,
        Job::ReprintArchive => reprint_archive::run(context, claim).await?,
        Job::AddAvif { story } => add_avif::run(context, story, claim).await?,
        Job::PurgePhoto { photo } => purge_photo::run(context, photo, claim).await?,
        Job::ShelvePhotos { .. } => shelve_photos::run(context, claim).await?,
        Job::ShelveArchive => shelve_photos::run_archive(context, claim).await?,
        Job::PurgeCdn { key, change } => purge_cdn::run(context, &key, change, claim).await?,
        Job::SendMail { mail } => send_mail::run(context, &mail, claim).await?,
    }
    Ok(Outcome::Done)
}
