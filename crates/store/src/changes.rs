//! Change numbers: one row counts the publications of pages, in the order in which they were committed.
//!
//! The row is locked from [`Tx::next_change`] to the commit, so a higher number is never seen before a lower one; a
//! PostgreSQL sequence would not give that. On SQLite `PRAGMA data_version` tells a connection that never writes
//! whether any other one, of whatever process, has committed: a look that reads no table when nothing happened, cheap
//! enough for every 20 ms.

use std::time::Duration;

use sqlx::Connection as _;
use tokio::sync::watch;

use crate::action::{Tx, View};
use crate::database::{Pools, Store, Watcher};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::binds;

statements! { "change_counter";
    NEXT = "UPDATE change_counter SET number = number + 1 WHERE only_row = 1 RETURNING number";
    CURRENT = "SELECT number FROM change_counter WHERE only_row = 1";
}

const DATA_VERSION: &str = "PRAGMA data_version";

impl Tx {
    /// The next change number. Ask for it as late as the action can: on PostgreSQL two actions that both took one
    /// meet, and the later one starts again.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn next_change(&mut self) -> Result<i64, StoreError> {
        let row = self.row(NEXT, binds![]).await?.ok_or_else(no_counter)?;
        let number = row.int("number")?;
        self.hints.change = Some(number);
        Ok(number)
    }
}

impl View {
    /// The number of the newest change, 0 before the first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn current_change(&mut self) -> Result<i64, StoreError> {
        self.row(CURRENT, binds![]).await?.ok_or_else(no_counter)?.int("number")
    }
}

impl Store {
    /// The number of the newest committed change, of whatever process. Meant to be asked every 20 to 50 ms.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn current_change(&self) -> Result<i64, StoreError> {
        match &self.inner.pools {
            Pools::Sqlite(pools) => pools.watcher.lock().await.look().await,
            Pools::Postgres(pool) => Ok(sqlx::query_scalar(CURRENT.text).fetch_one(pool).await?),
        }
    }

    /// Waits until there is a change after `known` and gives its number. A change of this process is seen at once,
    /// one of another process within `every`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn wait_for_change(&self, known: i64, every: Duration) -> Result<i64, StoreError> {
        let mut hints = self.inner.changes.subscribe();
        loop {
            let newest = self.current_change().await?;
            if newest > known {
                return Ok(newest);
            }
            // Both a hint and its absence lead to the next look; the sender lives as long as the store.
            tokio::time::timeout(every, hints.changed()).await.ok();
        }
    }

    /// Ticks whenever an action of this process enqueued a job, so that a worker need not wait for its next look.
    pub fn job_hints(&self) -> watch::Receiver<u64> {
        self.inner.jobs.subscribe()
    }
}

impl Watcher {
    async fn look(&mut self) -> Result<i64, StoreError> {
        let connection =
            self.connection.as_mut().ok_or_else(|| StoreError::unavailable("the store is closed"))?;
        self.file.check()?;
        let version: i64 = sqlx::query_scalar(DATA_VERSION).fetch_one(&mut *connection).await?;
        if let Some((seen, number)) = self.seen
            && seen == version
        {
            return Ok(number);
        }
        // Read after the version: a commit between the two is read now and looked at once more later.
        let number: i64 = sqlx::query_scalar(CURRENT.text).fetch_one(&mut *connection).await?;
        self.seen = Some((version, number));
        Ok(number)
    }

    pub(crate) async fn close(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the watching connection did not close cleanly");
        }
    }
}

fn no_counter() -> StoreError {
    StoreError::fault("the change counter's row is missing")
}
