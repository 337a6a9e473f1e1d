//! The one writer of a process on SQLite. Actions queue up for its connection; those that wait at the same time share
//! one BEGIN IMMEDIATE and one COMMIT, each in a savepoint of its own, and are answered after the COMMIT. A batch takes
//! no new action after 5 ms, so that other processes get in.
//!
//! The connection is lent to the action, which runs in its caller's task; a caller that goes away gives it back by
//! dropping the [`Lease`], and its savepoint is undone. SQLite rolls the whole transaction back by itself on some
//! faults (a full disk); then every action of the batch is answered with that fault.

use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::{mpsc, oneshot};

use crate::database_file::DatabaseFile;
use crate::error::StoreError;

/// After this a batch takes no further action.
const BATCH: Duration = Duration::from_millis(5);
/// Actions that may queue before further callers wait outside the queue.
const QUEUE: usize = 1024;

type Committed = oneshot::Sender<Result<(), StoreError>>;
type Borrower = oneshot::Sender<Result<Lease, StoreError>>;

enum Request {
    Borrow(Borrower),
    Stop(oneshot::Sender<()>),
}

/// The way to the writer.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    requests: mpsc::Sender<Request>,
}

impl Writer {
    /// Starts the writer on a connection to `file` that is open already; `options` opens the next one after a fault.
    pub(crate) fn start(
        file: DatabaseFile,
        options: SqliteConnectOptions,
        connection: SqliteConnection,
    ) -> Self {
        let (requests, inbox) = mpsc::channel(QUEUE);
        let desk = Desk { file, options, connection: Some(connection), inbox };
        #[expect(
            clippy::disallowed_methods,
            reason = "the writer belongs to the store: it ends with the last handle or in Store::close, which waits"
        )]
        drop(tokio::spawn(desk.run()));
        Self { requests }
    }

    /// Waits for the connection; its savepoint is open.
    pub(crate) async fn borrow(&self) -> Result<Lease, StoreError> {
        let (borrower, lease) = oneshot::channel();
        let asked = self.requests.send(Request::Borrow(borrower)).await;
        asked.map_err(|_| closed())?;
        lease.await.map_err(|_| closed())?
    }

    /// Waits for the actions before, then closes the connection.
    pub(crate) async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.requests.send(Request::Stop(done)).await.is_ok() {
            stopped.await.ok();
        }
    }
}

fn closed() -> StoreError {
    StoreError::unavailable("the store is closed")
}

struct Returned {
    connection: SqliteConnection,
    verdict: Verdict,
}

enum Verdict {
    Keep(Committed),
    Undo(Option<StoreError>),
}

/// The writer's connection, lent to one action, inside its savepoint. Dropping it undoes the action.
pub(crate) struct Lease {
    lent: Option<(SqliteConnection, oneshot::Sender<Returned>)>,
}

impl Lease {
    /// The connection.
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.lent.as_mut().map(|(connection, _)| connection).ok_or_else(closed)
    }

    /// Keeps what the action did; answered when it is on the disk.
    pub(crate) async fn keep(mut self) -> Result<(), StoreError> {
        let (committed, outcome) = oneshot::channel();
        self.give_back(Verdict::Keep(committed));
        outcome.await.map_err(|_| closed())?
    }

    /// Undoes what the action did. `fault` is what went wrong in it, if anything did.
    pub(crate) fn undo(mut self, fault: Option<StoreError>) {
        self.give_back(Verdict::Undo(fault));
    }

    fn give_back(&mut self, verdict: Verdict) {
        if let Some((connection, back)) = self.lent.take() {
            back.send(Returned { connection, verdict }).ok();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.give_back(Verdict::Undo(None));
    }
}

struct Desk {
    file: DatabaseFile,
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    inbox: mpsc::Receiver<Request>,
}

impl Desk {
    async fn run(mut self) {
        let mut pending = None;
        loop {
            let request = match pending.take() {
                Some(request) => Some(request),
                None => self.inbox.recv().await,
            };
            match request {
                Some(Request::Borrow(first)) => pending = self.batch(first).await,
                Some(Request::Stop(done)) => {
                    self.close().await;
                    done.send(()).ok();
                    return;
                }
                None => return self.close().await,
            }
        }
    }

    async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            hang_up(connection).await;
        }
    }

    /// Runs one batch; gives back a request that came in and was not a part of it.
    async fn batch(&mut self, first: Borrower) -> Option<Request> {
        let mut connection = match self.begin().await {
            Ok(connection) => connection,
            Err(fault) => {
                first.send(Err(fault)).ok();
                return None;
            }
        };
        let started = Instant::now();
        let mut kept: Vec<Committed> = Vec::new();
        let mut next = Some(first);
        let mut left_over = None;
        while let Some(borrower) = next.take() {
            match lend(connection, borrower, &mut kept).await {
                Ok(returned) => connection = returned,
                Err(fault) => {
                    // The connection is closed, and with it the transaction; the next batch opens a new one.
                    answer(kept, &Err(fault));
                    return left_over;
                }
            }
            if started.elapsed() < BATCH {
                match self.inbox.try_recv() {
                    Ok(Request::Borrow(borrower)) => next = Some(borrower),
                    Ok(stop) => left_over = Some(stop),
                    Err(_) => {}
                }
            }
        }
        let end = if kept.is_empty() { "ROLLBACK" } else { "COMMIT" };
        let outcome = sqlx::raw_sql(end).execute(&mut connection).await.map(|_| ()).map_err(StoreError::from);
        if outcome.is_ok() {
            self.connection = Some(connection);
        } else {
            hang_up(connection).await;
        }
        answer(kept, &outcome);
        left_over
    }

    async fn begin(&mut self) -> Result<SqliteConnection, StoreError> {
        self.file.check()?;
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        match sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await {
            Ok(_) => Ok(connection),
            Err(error) => {
                hang_up(connection).await;
                Err(StoreError::from(error))
            }
        }
    }
}

/// Lends the connection for one action. An error means that the transaction is lost.
async fn lend(
    mut connection: SqliteConnection,
    borrower: Borrower,
    kept: &mut Vec<Committed>,
) -> Result<SqliteConnection, StoreError> {
    if let Err(error) = sqlx::raw_sql("SAVEPOINT action").execute(&mut connection).await {
        hang_up(connection).await;
        let fault = StoreError::from(error);
        borrower.send(Err(fault.clone())).ok();
        return Err(fault);
    }
    let (back, returned) = oneshot::channel();
    // A borrower that went away drops the lease, which comes back at once.
    borrower.send(Ok(Lease { lent: Some((connection, back)) })).ok();
    let Returned { mut connection, verdict } = returned.await.map_err(|_| closed())?;
    let (end, fault) = match &verdict {
        Verdict::Keep(_) => ("RELEASE action", None),
        Verdict::Undo(fault) => ("ROLLBACK TO action; RELEASE action", fault.clone()),
    };
    let ended = sqlx::raw_sql(end).execute(&mut connection).await;
    if let Verdict::Keep(committed) = verdict {
        kept.push(committed);
    }
    match ended {
        Ok(_) => Ok(connection),
        Err(error) => {
            hang_up(connection).await;
            Err(fault.unwrap_or_else(|| StoreError::from(error)))
        }
    }
}

/// Closes a connection and waits until it is closed, so that its file is not held any longer.
async fn hang_up(connection: SqliteConnection) {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the writer's connection did not close cleanly");
    }
}

fn answer(kept: Vec<Committed>, outcome: &Result<(), StoreError>) {
    for committed in kept {
        committed.send(outcome.clone()).ok();
    }
}
