//! One transaction, one action ([`Store::act`]), and looking without changing ([`Store::view`]).
//!
//! Both databases stand behind one small enum, and a statement goes in as a text and a list of values. So each query
//! of this crate is one function body, compiled once, and not generic over a driver: that is cheaper to build and to
//! read than sqlx's generics, at the price of copying the values of each row.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use newsroom::id::PhotoId;
use sqlx::postgres::{PgArguments, PgConnection, Postgres};
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection};
use sqlx::{Arguments, Encode, Transaction, Type};
use uuid::Uuid;

use crate::database::{Pools, Store};
use crate::error::{ActError, StoreError};
use crate::statement::Sql;
use crate::value::{Row, Value};
use crate::writer::Lease;

/// How often an action starts again on PostgreSQL when it met another one.
const RETRIES: u32 = 5;
/// From this retry on an action runs alone in its process.
const ALONE_FROM: u32 = 3;
/// The wait before the first retry; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(4);

const BEGIN_ACTION: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
pub(crate) const BEGIN_VIEW: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A consistent look at the records: everything read through it is of one moment.
pub struct View {
    connection: Connection,
    /// The first fault. After it no statement runs: SQLite may have rolled the transaction back by itself, and the
    /// next statement would stand alone.
    fault: Option<StoreError>,
}

/// An action under way: everything of a [`View`], and changes. Nothing is changed before [`Store::act`] commits.
pub struct Tx {
    view: View,
    pub(crate) hints: Hints,
}

/// What others in this process are told after the commit.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    pub(crate) change: Option<i64>,
    pub(crate) enqueued: bool,
    /// Photos that the action noted as changed for the library; not told, but asked for.
    pub(crate) unshelved: BTreeSet<PhotoId>,
    pub(crate) unshelved_told: bool,
}

impl Deref for Tx {
    type Target = View;
    fn deref(&self) -> &View {
        &self.view
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut View {
        &mut self.view
    }
}

impl Store {
    /// Runs one action in one transaction: all of it is kept, durably, or nothing is.
    ///
    /// `action` runs again, up to five times more, when it met another action on PostgreSQL; so it must do nothing but
    /// read and write through its [`Tx`] and compute. On SQLite it holds the only writer while it runs: no waiting for
    /// anything else inside it. A refusal undoes it. So does a statement that failed, whatever the action answers.
    ///
    /// The closure is taken as one that runs once and can be copied, and not as one that runs often: of the latter's
    /// future nobody can show that it is `Send` (Rust 1.95), as every handler and every job needs. A closure that only
    /// borrows can always be copied.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the action's own refusal, [`ActError::Fault`] when the store failed.
    pub async fn act<T, R, F>(&self, action: F) -> Result<T, ActError<R>>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, ActError<R>> + Clone,
    {
        let mut wait = FIRST_WAIT;
        for attempt in 0..RETRIES {
            match self.attempt_in_turn(action.clone(), attempt).await {
                Err(ActError::Fault(StoreError::Conflict(_))) => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                outcome => return outcome,
            }
        }
        self.attempt_in_turn(action, RETRIES).await
    }

    /// The same for an action that refuses nothing.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn write<T, F>(&self, action: F) -> Result<T, StoreError>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, StoreError> + Clone,
    {
        let written = self.act(async |tx: &mut Tx| {
            let action = action.clone();
            Ok::<_, ActError<Infallible>>(action(tx).await?)
        });
        match written.await {
            Ok(value) => Ok(value),
            Err(ActError::Fault(fault)) => Err(fault),
            Err(ActError::Refused(never)) => match never {},
        }
    }

    /// An action that met others again and again has the process to itself, so that it competes with other processes only.
    async fn attempt_in_turn<T, R, F>(&self, action: F, attempt: u32) -> Result<T, ActError<R>>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, ActError<R>>,
    {
        if attempt < ALONE_FROM {
            let _beside_others = self.inner.turns.read().await;
            self.attempt(action).await
        } else {
            let _alone = self.inner.turns.write().await;
            self.attempt(action).await
        }
    }

    async fn attempt<T, R, F>(&self, action: F) -> Result<T, ActError<R>>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, ActError<R>>,
    {
        let mut tx = self.begin_action(BEGIN_ACTION).await?;
        let outcome = action(&mut tx).await;
        match (outcome, tx.view.fault.clone()) {
            (Ok(value), None) => {
                self.commit(tx).await?;
                Ok(value)
            }
            (Err(ActError::Refused(refusal)), None) => {
                tx.roll_back().await;
                Err(ActError::Refused(refusal))
            }
            (Err(ActError::Fault(fault)), _) | (_, Some(fault)) => {
                tx.roll_back().await;
                Err(ActError::Fault(fault))
            }
        }
    }

    /// Looks at the records as they are at one moment, without changing them. On SQLite it disturbs no writer, but
    /// keep it short: the write-ahead log cannot be cut back meanwhile.
    ///
    /// # Errors
    /// Whatever `look` answers, or the fault of the store that kept it from looking.
    pub async fn view<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut View) -> Result<T, E>,
        E: From<StoreError>,
    {
        let connection = match &self.inner.pools {
            Pools::Sqlite(pools) => {
                Connection::Reader(pools.readers.begin().await.map_err(StoreError::from)?)
            }
            Pools::Postgres(pool) => {
                Connection::Postgres(pool.begin_with(BEGIN_VIEW).await.map_err(StoreError::from)?)
            }
        };
        let mut view = View { connection, fault: None };
        let seen = look(&mut view).await;
        view.connection.roll_back(None).await;
        seen
    }

    pub(crate) async fn begin_action(&self, postgres: &'static str) -> Result<Tx, StoreError> {
        let connection = match &self.inner.pools {
            Pools::Sqlite(pools) => Connection::Writer(pools.writer.borrow().await?),
            Pools::Postgres(pool) => Connection::Postgres(pool.begin_with(postgres).await?),
        };
        Ok(Tx { view: View { connection, fault: None }, hints: Hints::default() })
    }

    pub(crate) async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        let Tx { view, hints } = tx;
        match view.connection {
            Connection::Writer(lease) => lease.keep().await?,
            Connection::Reader(transaction) => transaction.commit().await?,
            Connection::Postgres(transaction) => transaction.commit().await?,
        }
        if let Some(change) = hints.change {
            self.inner.changes.send_if_modified(|newest| {
                let newer = change > *newest;
                *newest = (*newest).max(change);
                newer
            });
        }
        if hints.enqueued {
            self.inner.jobs.send_modify(|count| *count = count.wrapping_add(1));
        }
        Ok(())
    }
}

impl Tx {
    /// Undoes the action. That it cannot be said to the database undoes it too: the connection is gone then.
    pub(crate) async fn roll_back(self) {
        self.view.connection.roll_back(self.view.fault).await;
    }

    /// Runs a statement; gives the number of rows that it changed.
    pub(crate) async fn run(&mut self, sql: Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        self.view.stand_by()?;
        let outcome = self.view.connection.run(sql, values).await;
        self.view.note(outcome)
    }

    /// The same, as an answer whether it changed any row.
    pub(crate) async fn changes_any(&mut self, sql: Sql, values: Vec<Value>) -> Result<bool, StoreError> {
        Ok(self.run(sql, values).await? > 0)
    }
}

impl View {
    /// A look through a transaction that was begun elsewhere, on a database that no [`Store`] has open.
    pub(crate) fn of_sqlite(transaction: Transaction<'static, Sqlite>) -> Self {
        Self { connection: Connection::Reader(transaction), fault: None }
    }

    /// The same on PostgreSQL.
    pub(crate) fn of_postgres(transaction: Transaction<'static, Postgres>) -> Self {
        Self { connection: Connection::Postgres(transaction), fault: None }
    }

    /// Ends such a look.
    pub(crate) async fn end(self) {
        self.connection.roll_back(self.fault).await;
    }

    /// Runs a statement that answers with rows.
    pub(crate) async fn rows(&mut self, sql: Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.stand_by()?;
        let outcome = self.connection.rows(sql, values).await;
        self.note(outcome)
    }

    /// The first row of the answer.
    pub(crate) async fn row(&mut self, sql: Sql, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    fn stand_by(&self) -> Result<(), StoreError> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn note<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(fault) = &outcome {
            self.fault = Some(fault.clone());
        }
        outcome
    }
}

fn note_lost(rolled_back: Result<(), sqlx::Error>) {
    if let Err(error) = rolled_back {
        tracing::debug!(%error, "a transaction was lost with its connection");
    }
}

enum Connection {
    Writer(Lease),
    Reader(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Connection {
    /// Ends the transaction without keeping anything; `fault` is what went wrong in it.
    async fn roll_back(self, fault: Option<StoreError>) {
        match self {
            Self::Writer(lease) => lease.undo(fault),
            Self::Reader(transaction) => note_lost(transaction.rollback().await),
            Self::Postgres(transaction) => note_lost(transaction.rollback().await),
        }
    }

    async fn rows(&mut self, sql: Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Writer(lease) => sqlite_rows(lease.connection()?, sql, values).await,
            Self::Reader(transaction) => sqlite_rows(&mut *transaction, sql, values).await,
            Self::Postgres(transaction) => postgres_rows(&mut *transaction, sql, values).await,
        }
    }

    async fn run(&mut self, sql: Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        match self {
            Self::Writer(lease) => sqlite_run(lease.connection()?, sql, values).await,
            Self::Reader(transaction) => sqlite_run(&mut *transaction, sql, values).await,
            Self::Postgres(transaction) => postgres_run(&mut *transaction, sql, values).await,
        }
    }
}

async fn sqlite_rows(
    on: &mut SqliteConnection,
    sql: Sql,
    values: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query_with(sql.text, arguments::<SqliteArguments>(values)?).fetch_all(on).await?;
    Ok(rows.into_iter().map(|row| Row::of_sqlite(sql.table, row)).collect())
}

async fn postgres_rows(on: &mut PgConnection, sql: Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query_with(sql.text, arguments::<PgArguments>(values)?).fetch_all(on).await?;
    Ok(rows.into_iter().map(|row| Row::of_postgres(sql.table, row)).collect())
}

async fn sqlite_run(on: &mut SqliteConnection, sql: Sql, values: Vec<Value>) -> Result<u64, StoreError> {
    Ok(sqlx::query_with(sql.text, arguments::<SqliteArguments>(values)?).execute(on).await?.rows_affected())
}

async fn postgres_run(on: &mut PgConnection, sql: Sql, values: Vec<Value>) -> Result<u64, StoreError> {
    Ok(sqlx::query_with(sql.text, arguments::<PgArguments>(values)?).execute(on).await?.rows_affected())
}

pub(crate) fn arguments<A: Arguments>(values: Vec<Value>) -> Result<A, StoreError>
where
    Option<i64>: for<'q> Encode<'q, A::Database> + Type<A::Database>,
    Option<String>: for<'q> Encode<'q, A::Database> + Type<A::Database>,
    Option<Uuid>: for<'q> Encode<'q, A::Database> + Type<A::Database>,
{
    let mut arguments = A::default();
    for value in values {
        match value {
            Value::Int(number) => arguments.add(number),
            Value::Text(Some(text)) if text.contains('\0') => return Err(StoreError::NulInText),
            Value::Text(text) => arguments.add(text),
            Value::Id(id) => arguments.add(id),
        }
        .map_err(|cause| StoreError::Fault(Arc::from(cause)))?;
    }
    Ok(arguments)
}
