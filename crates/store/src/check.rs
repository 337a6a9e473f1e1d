//! What the doctor asks of the database: does every statement fit the schema, and is the file whole.

use sqlx::{Executor as _, SqlSafeStr as _};

use crate::database::{Pools, Store};
use crate::error::StoreError;
use crate::statement;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatabaseCheck {
    /// How many statements were prepared.
    pub statements: usize,
    /// What is wrong, a sentence each; empty when all is well.
    pub problems: Vec<String>,
}

/// Structure and indexes of a SQLite file (<https://sqlite.org/pragma.html#pragma_quick_check>); slow on a large one.
const QUICK_CHECK: &str = "PRAGMA quick_check";
const FOREIGN_KEYS: &str = "SELECT \"table\" FROM pragma_foreign_key_check";

impl Store {
    /// Prepares every statement of the program on this database and, on SQLite, reads the file through.
    ///
    /// # Errors
    /// A fault of the store that kept it from checking.
    pub async fn check(&self) -> Result<DatabaseCheck, StoreError> {
        let mut check = DatabaseCheck::default();
        match &self.inner.pools {
            Pools::Sqlite(pools) => {
                let mut connection = pools.readers.acquire().await?;
                for sql in statement::all() {
                    let prepared = (&mut *connection).prepare(sql.text.into_sql_str()).await.map(|_| ());
                    check.note(sql, prepared);
                }
                let found: Vec<String> = sqlx::query_scalar(QUICK_CHECK).fetch_all(&mut *connection).await?;
                check.problems.extend(found.into_iter().filter(|line| line != "ok"));
                let loose: Vec<String> = sqlx::query_scalar(FOREIGN_KEYS).fetch_all(&mut *connection).await?;
                check
                    .problems
                    .extend(loose.iter().map(|table| format!("a row of {table} names one that is gone")));
            }
            Pools::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                for sql in statement::all() {
                    let prepared = (&mut *connection).prepare(sql.text.into_sql_str()).await.map(|_| ());
                    check.note(sql, prepared);
                }
            }
        }
        Ok(check)
    }
}

impl DatabaseCheck {
    fn note(&mut self, sql: statement::Sql, prepared: Result<(), sqlx::Error>) {
        self.statements += 1;
        if let Err(error) = prepared {
            self.problems.push(format!("statement {} on {} does not fit: {error}", sql.name, sql.table));
        }
    }
}
