//! What goes into a statement and what comes out of it, the same for both databases.

use std::fmt::Display;
use std::sync::Arc;

use newsroom::moment::Moment;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, ValueRef as _};
use uuid::Uuid;

use crate::error::{Because, StoreError};

/// A value for a placeholder. NULL keeps its type, because PostgreSQL checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Value {
    /// BIGINT: a number, a moment in microseconds, a 0 or 1.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// UUID on PostgreSQL, a BLOB of 16 bytes on SQLite.
    Id(Option<Uuid>),
}

macro_rules! value_from {
    ($($from:ty, $variant:ident, $convert:expr;)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self { Self::$variant(Some($convert(value))) }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self { Self::$variant(value.map($convert)) }
        }
    )*};
}

value_from! {
    i64, Int, std::convert::identity;
    u32, Int, i64::from;
    Moment, Int, Moment::as_micros;
    &str, Text, str::to_owned;
    String, Text, std::convert::identity;
    &String, Text, String::clone;
    Uuid, Id, std::convert::identity;
    newsroom::id::StoryId, Id, newsroom::id::StoryId::as_uuid;
    newsroom::id::PhotoId, Id, newsroom::id::PhotoId::as_uuid;
    newsroom::id::NoticeId, Id, newsroom::id::NoticeId::as_uuid;
    newsroom::id::JobId, Id, newsroom::id::JobId::as_uuid;
    newsroom::id::StaffId, Id, newsroom::id::StaffId::as_uuid;
    newsroom::id::TokenId, Id, newsroom::id::TokenId::as_uuid;
    newsroom::id::PasskeyId, Id, newsroom::id::PasskeyId::as_uuid;
    newsroom::id::UploadId, Id, newsroom::id::UploadId::as_uuid;
}

/// `binds![story.id, "text", 3]`: the values for `$1`, `$2`, ...
macro_rules! binds {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Value::from($value)),*] };
}
pub(crate) use binds;

/// A count as the database keeps it. Counts beyond 2^63 do not occur; one that did would be kept as 2^63 - 1.
pub(crate) fn as_int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A record as JSON text.
pub(crate) fn as_json(record: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|cause| StoreError::Fault(Arc::new(cause)))
}

enum Inner {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// One row of an answer. Columns are asked for by name; a value that is not what the program wrote there becomes
/// [`StoreError::Corrupt`] with table, column and row.
pub(crate) struct Row {
    table: &'static str,
    inner: Inner,
}

macro_rules! get {
    ($row:expr, $column:expr, $as:ty) => {
        match &$row.inner {
            Inner::Sqlite(row) => row.try_get::<Option<$as>, _>($column),
            Inner::Postgres(row) => row.try_get::<Option<$as>, _>($column),
        }
        .map_err(|cause| $row.corrupt($column, cause))
    };
}

impl Row {
    pub(crate) fn of_sqlite(table: &'static str, row: SqliteRow) -> Self {
        Self { table, inner: Inner::Sqlite(row) }
    }

    pub(crate) fn of_postgres(table: &'static str, row: PgRow) -> Self {
        Self { table, inner: Inner::Postgres(row) }
    }

    pub(crate) fn maybe_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        get!(self, column, i64)
    }

    pub(crate) fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.there(column, self.maybe_int(column)?)
    }

    pub(crate) fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        get!(self, column, String)
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.there(column, self.maybe_text(column)?)
    }

    pub(crate) fn maybe_id<T>(&self, column: &str, id: fn(Uuid) -> T) -> Result<Option<T>, StoreError> {
        Ok(get!(self, column, Uuid)?.map(id))
    }

    pub(crate) fn id<T>(&self, column: &str, id: fn(Uuid) -> T) -> Result<T, StoreError> {
        self.there(column, self.maybe_id(column, id)?)
    }

    pub(crate) fn maybe_moment(&self, column: &str) -> Result<Option<Moment>, StoreError> {
        Ok(self.maybe_int(column)?.map(Moment::from_micros))
    }

    pub(crate) fn moment(&self, column: &str) -> Result<Moment, StoreError> {
        Ok(Moment::from_micros(self.int(column)?))
    }

    /// A number of an unsigned or shorter type.
    pub(crate) fn count<T: TryFrom<i64, Error: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: &str,
    ) -> Result<T, StoreError> {
        T::try_from(self.int(column)?).map_err(|cause| self.corrupt(column, cause))
    }

    /// A record that is kept as JSON text.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|cause| self.corrupt(column, cause))
    }

    /// A value with rules of its own (a slug, a hash): `None` from `parse` means that the rules say no.
    pub(crate) fn parsed<T>(&self, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let text = self.text(column)?;
        parse(&text).ok_or_else(|| self.corrupt(column, Because(format!("\"{text}\" does not belong here"))))
    }

    fn there<T>(&self, column: &str, value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(|| self.corrupt(column, Because("nothing is there".to_owned())))
    }

    pub(crate) fn corrupt(
        &self,
        column: &str,
        cause: impl std::error::Error + Send + Sync + 'static,
    ) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column: column.to_owned(),
            row: self.first_column(),
            cause: Arc::new(cause),
        }
    }

    fn first_column(&self) -> String {
        fn shown<T: Display>(value: Result<Option<T>, sqlx::Error>) -> Option<String> {
            value.ok().flatten().map(|value| value.to_string())
        }
        let text = match &self.inner {
            Inner::Sqlite(row) => {
                if row.try_get_raw(0).is_ok_and(|value| value.is_null()) {
                    None
                } else {
                    shown(row.try_get::<Option<Uuid>, _>(0))
                        .or_else(|| shown(row.try_get::<Option<String>, _>(0)))
                        .or_else(|| shown(row.try_get::<Option<i64>, _>(0)))
                }
            }
            Inner::Postgres(row) => shown(row.try_get::<Option<Uuid>, _>(0))
                .or_else(|| shown(row.try_get::<Option<String>, _>(0)))
                .or_else(|| shown(row.try_get::<Option<i64>, _>(0))),
        };
        text.unwrap_or_else(|| "(unknown)".to_owned())
    }
}
