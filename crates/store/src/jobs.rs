//! The job queue: rows that workers claim with a lease. A job is a kind, a payload and a key that says what it is
//! about; there is one row a key. Enqueued again while it waits, it takes the newer payload; enqueued again while it
//! runs, it runs once more afterwards. A worker that dies lets its lease run out and another one claims the job, so
//! what a job does must be idempotent.

use newsroom::id::JobId;
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::database::Store;
use crate::error::StoreError;
use crate::statement::{Sql, statements};
use crate::value::{Row, binds};

/// A job to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The row's id, if there is none yet for the key.
    pub id: JobId,
    /// Which kind of work: `develop_photo`.
    pub kind: String,
    /// What the work needs, as JSON.
    pub payload: String,
    /// What it is about, unique over all kinds: `develop_photo:018f...`.
    pub dedupe: String,
    /// Not before this moment.
    pub run_after: Moment,
}

/// A job that a worker has claimed, until its lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The row's id.
    pub id: JobId,
    /// See [`NewJob::kind`].
    pub kind: String,
    /// See [`NewJob::payload`].
    pub payload: String,
    /// See [`NewJob::dedupe`].
    pub dedupe: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// When it was due: later than it was put in with, where it was preferred or had failed.
    pub run_after: Moment,
    /// Fences off a worker whose lease ran out.
    claims: i64,
}

/// What becomes of a job that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFailure {
    /// It is tried again, not before this moment.
    RetryAt(Moment),
    /// It was tried often enough; it stays in the queue as failed until it is enqueued again or cancelled.
    GivenUp,
    /// Its lease had run out, or it was cancelled: nothing changed.
    NotOurs,
}

/// How many jobs of a kind there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCount {
    /// The kind.
    pub kind: String,
    /// Waiting, due now or later.
    pub waiting: u64,
    /// Claimed by a worker whose lease stands.
    pub running: u64,
    /// Given up.
    pub failed: u64,
}

/// A job whose last attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedJob {
    /// See [`NewJob::kind`].
    pub kind: String,
    /// See [`NewJob::dedupe`].
    pub dedupe: String,
    /// When it was given up; `None` while it is to be tried again.
    pub failed_at: Option<Moment>,
    /// What it said last.
    pub last_error: String,
}

statements! { "jobs";
    ENQUEUE = "INSERT INTO jobs (id, kind, payload, dedupe, run_after, attempts, claims) VALUES ($1, $2, $3, $4, $5, 0, 0)
        ON CONFLICT (dedupe) DO UPDATE SET
        payload = CASE WHEN jobs.worker IS NULL THEN excluded.payload ELSE jobs.payload END,
        next_payload = CASE WHEN jobs.worker IS NULL THEN NULL ELSE excluded.payload END,
        next_run_after = CASE WHEN jobs.worker IS NULL THEN NULL
            WHEN jobs.next_run_after < excluded.run_after THEN jobs.next_run_after ELSE excluded.run_after END,
        run_after = CASE WHEN jobs.worker IS NOT NULL THEN jobs.run_after
            WHEN jobs.failed_at IS NULL AND jobs.run_after < excluded.run_after THEN jobs.run_after
            ELSE excluded.run_after END,
        attempts = CASE WHEN jobs.worker IS NULL THEN 0 ELSE jobs.attempts END,
        failed_at = NULL, last_error = NULL";
    DUE = "SELECT id, run_after FROM jobs WHERE kind = $1 AND failed_at IS NULL AND run_after <= $2
        AND (lease_until IS NULL OR lease_until <= $2) ORDER BY run_after, id LIMIT 1";
    /// On PostgreSQL two workers may choose the same rows; the one that waits for the other sees the outer condition
    /// fail for these and changes nothing of them.
    CLAIM = "UPDATE jobs SET worker = $3, lease_until = $4, attempts = attempts + 1, claims = claims + 1
        WHERE id IN (SELECT id FROM jobs WHERE kind = $1 AND failed_at IS NULL AND run_after <= $2
            AND (lease_until IS NULL OR lease_until <= $2) ORDER BY run_after, id LIMIT $5)
        AND failed_at IS NULL AND run_after <= $2 AND (lease_until IS NULL OR lease_until <= $2)
        RETURNING id, kind, payload, dedupe, attempts, claims, run_after";
    CLAIM_NEWEST = "UPDATE jobs SET worker = $3, lease_until = $4, attempts = attempts + 1, claims = claims + 1
        WHERE id IN (SELECT id FROM jobs WHERE kind = $1 AND failed_at IS NULL AND run_after <= $2
            AND (lease_until IS NULL OR lease_until <= $2) ORDER BY run_after DESC, id DESC LIMIT $5)
        AND failed_at IS NULL AND run_after <= $2 AND (lease_until IS NULL OR lease_until <= $2)
        RETURNING id, kind, payload, dedupe, attempts, claims, run_after";
    EXTEND = "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND claims = $2 AND worker IS NOT NULL";
    AGAIN = "UPDATE jobs SET payload = next_payload, run_after = next_run_after, next_payload = NULL,
        next_run_after = NULL, attempts = 0, worker = NULL, lease_until = NULL, last_error = NULL
        WHERE id = $1 AND claims = $2 AND worker IS NOT NULL AND next_payload IS NOT NULL
        RETURNING run_after";
    HURRY = "UPDATE jobs SET run_after = $2 WHERE kind = $1 AND failed_at IS NULL AND worker IS NULL AND run_after > $2";
    PREFER = "UPDATE jobs SET run_after = $2 WHERE dedupe = $1 AND failed_at IS NULL AND worker IS NULL AND run_after < $2";
    TRY_AGAIN = "UPDATE jobs SET run_after = $2, failed_at = NULL, attempts = 0
        WHERE dedupe = $1 AND worker IS NULL AND last_error IS NOT NULL";
    DONE = "DELETE FROM jobs WHERE id = $1 AND claims = $2 AND worker IS NOT NULL";
    RETRY = "UPDATE jobs SET worker = NULL, lease_until = NULL, run_after = $3, last_error = $4
        WHERE id = $1 AND claims = $2 AND worker IS NOT NULL";
    GIVE_UP = "UPDATE jobs SET worker = NULL, lease_until = NULL, failed_at = $3, last_error = $4
        WHERE id = $1 AND claims = $2 AND worker IS NOT NULL";
    RELEASE = "UPDATE jobs SET worker = NULL, lease_until = NULL, attempts = attempts - 1
        WHERE id = $1 AND claims = $2 AND worker IS NOT NULL";
    CANCEL = "DELETE FROM jobs WHERE dedupe = $1";
    COUNTS = "SELECT kind,
        CAST(SUM(CASE WHEN failed_at IS NULL AND (lease_until IS NULL OR lease_until <= $1) THEN 1 ELSE 0 END) AS BIGINT)
            AS waiting,
        CAST(SUM(CASE WHEN failed_at IS NULL AND lease_until > $1 THEN 1 ELSE 0 END) AS BIGINT) AS running,
        CAST(SUM(CASE WHEN failed_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS failed
        FROM jobs GROUP BY kind ORDER BY kind";
    FAILED = "SELECT kind, dedupe, failed_at, last_error FROM jobs WHERE last_error IS NOT NULL
        ORDER BY CASE WHEN failed_at IS NULL THEN 1 ELSE 0 END, failed_at DESC, dedupe LIMIT $1";
}

/// READ COMMITTED, so that a worker that lost the race for a row is told so instead of failing.
const BEGIN_CLAIM: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// How often a claim that lost the race looks again before it leaves the work to the others.
const CLAIM_RACES: u32 = 16;
/// The longest wait between two attempts, in seconds.
const LONGEST_WAIT: i64 = 600;

/// How long a job waits after its nth failed attempt, in seconds: 1, 2, 4 ... 600.
fn wait_after(attempt: u32) -> i64 {
    LONGEST_WAIT.min(1 << attempt.saturating_sub(1).min(32))
}

impl Store {
    /// Claims the job that is due longest, of the first of these kinds that has one, until `now` and `lease_seconds`
    /// more. `None` when nothing is due. An empty queue costs a look, and no write.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn claim_job(
        &self,
        kinds: &[&str],
        worker: &str,
        now: Moment,
        lease_seconds: u32,
    ) -> Result<Option<Claim>, StoreError> {
        Ok(self.claim_jobs(kinds, |_| 1, worker, now, lease_seconds).await?.pop())
    }

    /// As [`Store::claim_job`], but as many jobs of that kind at once as `at_most` says of it, in no order; none when
    /// nothing is due.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn claim_jobs(
        &self,
        kinds: &[&str],
        at_most: impl Fn(&str) -> u32,
        worker: &str,
        now: Moment,
        lease_seconds: u32,
    ) -> Result<Vec<Claim>, StoreError> {
        self.claim(CLAIM, kinds, at_most, (worker, now, now.plus_seconds(i64::from(lease_seconds)))).await
    }

    /// As [`Store::claim_job`], of one kind, the job that became due last.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn claim_newest_job(
        &self,
        kind: &str,
        worker: &str,
        now: Moment,
        lease_seconds: u32,
    ) -> Result<Option<Claim>, StoreError> {
        let until = now.plus_seconds(i64::from(lease_seconds));
        Ok(self.claim(CLAIM_NEWEST, &[kind], |_| 1, (worker, now, until)).await?.pop())
    }

    async fn claim(
        &self,
        how: Sql,
        kinds: &[&str],
        at_most: impl Fn(&str) -> u32,
        (worker, now, until): (&str, Moment, Moment),
    ) -> Result<Vec<Claim>, StoreError> {
        for _ in 0..CLAIM_RACES {
            let due = self.view(async |view: &mut View| view.first_kind_due(kinds, now).await).await?;
            let Some(kind) = due else { return Ok(Vec::new()) };
            let mut tx = self.begin_action(BEGIN_CLAIM).await?;
            match tx.rows(how, binds![kind, now, worker, until, at_most(kind)]).await {
                Ok(rows) if !rows.is_empty() => {
                    let claims = rows.iter().map(claim).collect::<Result<_, _>>()?;
                    self.commit(tx).await?;
                    return Ok(claims);
                }
                Ok(_) | Err(StoreError::Conflict(_)) => tx.roll_back().await,
                Err(fault) => {
                    tx.roll_back().await;
                    return Err(fault);
                }
            }
        }
        Ok(Vec::new())
    }
}

impl View {
    async fn first_kind_due<'k>(
        &mut self,
        kinds: &[&'k str],
        now: Moment,
    ) -> Result<Option<&'k str>, StoreError> {
        for kind in kinds {
            if self.row(DUE, binds![*kind, now]).await?.is_some() {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    /// Whether a job of one of these kinds is due and waits for a worker.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn is_any_due(&mut self, kinds: &[&str], now: Moment) -> Result<bool, StoreError> {
        Ok(self.first_kind_due(kinds, now).await?.is_some())
    }

    /// Since when the job of these kinds is due that has been due longest and waits for a worker; `None` where none is.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn oldest_due(&mut self, kinds: &[&str], now: Moment) -> Result<Option<Moment>, StoreError> {
        let mut oldest = None;
        for kind in kinds {
            let due =
                self.row(DUE, binds![*kind, now]).await?.map(|row| row.moment("run_after")).transpose()?;
            oldest = [oldest, due].into_iter().flatten().min();
        }
        Ok(oldest)
    }

    /// How many jobs there are, by kind. A lease that ran out counts as waiting.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn job_counts(&mut self, now: Moment) -> Result<Vec<JobCount>, StoreError> {
        let rows = self.rows(COUNTS, binds![now]).await?;
        rows.iter()
            .map(|row| {
                Ok(JobCount {
                    kind: row.text("kind")?,
                    waiting: row.count("waiting")?,
                    running: row.count("running")?,
                    failed: row.count("failed")?,
                })
            })
            .collect()
    }

    /// The jobs that were given up, newest first, then those that failed and are to be tried again; at most `limit`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn failed_jobs(&mut self, limit: u32) -> Result<Vec<FailedJob>, StoreError> {
        let rows = self.rows(FAILED, binds![limit]).await?;
        rows.iter()
            .map(|row| {
                Ok(FailedJob {
                    kind: row.text("kind")?,
                    dedupe: row.text("dedupe")?,
                    failed_at: row.maybe_moment("failed_at")?,
                    last_error: row.text("last_error")?,
                })
            })
            .collect()
    }
}

impl Tx {
    /// Puts a job into the queue; see the module for a key that is there already.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn enqueue(&mut self, job: &NewJob) -> Result<(), StoreError> {
        self.run(ENQUEUE, binds![job.id, &job.kind, &job.payload, &job.dedupe, job.run_after]).await?;
        self.hints.enqueued = true;
        Ok(())
    }

    /// Takes a job out of the queue, whether it waits, runs or was given up. A worker that runs it learns so when it
    /// finishes. `false` when there is none with this key.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn cancel_job(&mut self, dedupe: &str) -> Result<bool, StoreError> {
        self.changes_any(CANCEL, binds![dedupe]).await
    }

    /// Makes the waiting jobs of a kind due now: somebody asks, who may have mended what made them fail.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn hurry_jobs(&mut self, kind: &str, now: Moment) -> Result<(), StoreError> {
        self.hints.enqueued |= self.changes_any(HURRY, binds![kind, now]).await?;
        Ok(())
    }

    /// Gives a waiting job a later moment, so that [`Store::claim_newest_job`] takes it before those of earlier ones.
    /// `false` when none with this key waits, or its moment is later already.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn prefer_job(&mut self, dedupe: &str, moment: Moment) -> Result<bool, StoreError> {
        self.changes_any(PREFER, binds![dedupe, moment]).await
    }

    /// Has a job that failed tried again, from its first attempt on. `false` when none of this name has failed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn retry_job(&mut self, dedupe: &str, now: Moment) -> Result<bool, StoreError> {
        let any = self.changes_any(TRY_AGAIN, binds![dedupe, now]).await?;
        self.hints.enqueued |= any;
        Ok(any)
    }

    /// Lengthens a lease. `false` when it had run out and another worker has the job, or when it was cancelled: stop.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn extend_lease(&mut self, claim: &Claim, until: Moment) -> Result<bool, StoreError> {
        self.changes_any(EXTEND, binds![claim.id, claim.claims, until]).await
    }

    /// Ends a job that is done; call it in the action that writes down what the job did. `false` when the job is not
    /// this worker's any more: refuse then, so that the whole action is undone.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn finish_job(&mut self, claim: &Claim) -> Result<bool, StoreError> {
        if self.run_again(claim).await?.is_some() {
            return Ok(true);
        }
        self.changes_any(DONE, binds![claim.id, claim.claims]).await
    }

    /// Writes down that an attempt failed. The job waits 1, 2, 4 ... 600 seconds for the next, or is given up after
    /// `attempts` of them. If it was enqueued again meanwhile, that counts as a new job.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn fail_job(
        &mut self,
        claim: &Claim,
        now: Moment,
        attempts: u32,
        error: &str,
    ) -> Result<AfterFailure, StoreError> {
        if let Some(run_after) = self.run_again(claim).await? {
            return Ok(AfterFailure::RetryAt(run_after));
        }
        let (statement, at, after) = if claim.attempt < attempts {
            let at = now.plus_seconds(wait_after(claim.attempt));
            (RETRY, at, AfterFailure::RetryAt(at))
        } else {
            (GIVE_UP, now, AfterFailure::GivenUp)
        };
        let ours = self.changes_any(statement, binds![claim.id, claim.claims, at, error]).await?;
        Ok(if ours { after } else { AfterFailure::NotOurs })
    }

    /// Writes down that an attempt failed, and has the next one wait for a moment of the caller's choosing.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_off_job(
        &mut self,
        claim: &Claim,
        until: Moment,
        error: &str,
    ) -> Result<AfterFailure, StoreError> {
        let ours = self.changes_any(RETRY, binds![claim.id, claim.claims, until, error]).await?;
        Ok(if ours { AfterFailure::RetryAt(until) } else { AfterFailure::NotOurs })
    }

    /// Gives a job back unfinished, as if it had not been claimed: for a worker that is told to stop. `false` when it
    /// is not this worker's any more.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn release_job(&mut self, claim: &Claim) -> Result<bool, StoreError> {
        let ours = self.changes_any(RELEASE, binds![claim.id, claim.claims]).await?;
        self.hints.enqueued |= ours;
        Ok(ours)
    }

    async fn run_again(&mut self, claim: &Claim) -> Result<Option<Moment>, StoreError> {
        let row = self.row(AGAIN, binds![claim.id, claim.claims]).await?;
        self.hints.enqueued |= row.is_some();
        row.map(|row| row.moment("run_after")).transpose()
    }
}

fn claim(row: &Row) -> Result<Claim, StoreError> {
    Ok(Claim {
        id: row.id("id", JobId::from_uuid)?,
        kind: row.text("kind")?,
        payload: row.text("payload")?,
        dedupe: row.text("dedupe")?,
        attempt: row.count("attempts")?,
        run_after: row.moment("run_after")?,
        claims: row.int("claims")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_between_attempts_doubles_up_to_ten_minutes() {
        let waits: Vec<i64> = [1, 2, 3, 10, 11, 63, 64, 65, 1000].into_iter().map(wait_after).collect();
        assert_eq!(waits, [1, 2, 4, 512, 600, 600, 600, 600, 600]);
    }
}
