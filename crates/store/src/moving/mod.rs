//! Moving house: records and blobs from one place to another, whatever databases and stores these are. The source is
//! only read. The target keeps a marker in its settings until all of it is there and compared, so that a move that was
//! cut short goes on where it was, and nobody works with half a site.

mod bytes;
mod end;
mod records;
mod shape;

use std::path::Path;

use newsroom::moment::Moment;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnectOptions;

use crate::action::View;
use crate::blob_key::{BlobKey, BlobKind};
use crate::blobs::Blobs;
use crate::database::{Database, Store};
use crate::error::StoreError;
use crate::migration::still_to_apply;
use crate::value::{Value, as_json};
pub use bytes::Brought;
use end::End;
use shape::{Kind, Table};

/// The setting that stands in a target until all of it is there.
const MARKER: &str = "moving";
/// Seconds after which a process that says nothing any more is not there.
const SILENT: i64 = 10;

const READ_MARKER: &str = "SELECT value FROM settings WHERE name = $1";
const PUT_MARKER: &str = "INSERT INTO settings (name, value) VALUES ($1, $2)";
const CHANGE_MARKER: &str = "UPDATE settings SET value = $2 WHERE name = $1";
const DROP_MARKER: &str = "DELETE FROM settings WHERE name = $1";
const SETTINGS: &str = "SELECT name, value FROM settings ORDER BY name";
/// What the target has already is its own: by what word it knows its bucket.
const ADD_SETTING: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
const APPLIED: &str = "SELECT version, checksum FROM schema_migrations ORDER BY version";
const NODES: &str = "SELECT COUNT(*) FROM nodes WHERE seen_at >= $1";

/// Why a move did not come to its end. The source is as it was.
#[derive(Debug, thiserror::Error)]
pub enum MoveFault {
    /// There is nothing to move.
    #[error("there are no records of Halftone at the source")]
    NoSource,
    /// The source is of an earlier release.
    #[error("the records at the source are of an earlier release: run halftone migrate on it, then move it")]
    OldSource,
    /// The source is the target of another move.
    #[error("a move to the source has not come to its end: run that one again first")]
    HalfSource,
    /// Processes work with the source.
    #[error(
        "{0} processes serve or work with the source: stop them first, so that nothing comes in that is not moved"
    )]
    InUse(i64),
    /// The target is a site already.
    #[error(
        "the target holds a site already ({what}): name an empty database, and an empty folder or bucket"
    )]
    NotEmpty {
        /// A table with rows in it, or the printed pages.
        what: String,
    },
    /// The source has changed between two parts of the move.
    #[error(
        "{what} differs at the two ends: the source was changed after the move began; empty the target and begin again"
    )]
    Differs {
        /// A table, or a blob's name.
        what: String,
    },
    /// A database, a disk or a bucket failed. The same command goes on where it was.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How far a move is, as the target keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Marker {
    /// What the records of the source were like when it began.
    source: String,
    /// The table whose rows come next, and the key of the last row that is there.
    table: String,
    after: Vec<Value>,
    /// All rows are there and were compared.
    records: bool,
    /// The kind of blob that comes next, by its folder, and the last name of it that is there.
    kind: String,
    name: String,
    /// What the source lacks, by name, of what was looked for already.
    missing: Vec<String>,
    /// Blobs that are there, and their bytes; those of the printed tree are counted when all of them are.
    blobs: u64,
    bytes: u64,
}

/// A move under way.
pub struct Moving {
    from: End,
    /// Where a source is that nobody may work with meanwhile.
    source: Option<Database>,
    to: End,
    tables: Vec<Table>,
    marker: Marker,
}

/// What a step of a move has brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// So many rows of a table.
    Rows {
        /// The table.
        table: String,
        /// Rows since the last step.
        count: u64,
    },
    /// A blob, or that it was there already.
    Blob(BlobKey),
}

impl Moving {
    /// Begins a move between two databases, or goes on with one that was cut short. The target is made, and brought up to
    /// this program's schema. `bytes` is where blobs will be brought to, if they are.
    ///
    /// # Errors
    /// [`MoveFault`]; the target holds no more than it did, its schema aside.
    pub async fn begin(
        from: &Database,
        to: &Database,
        bytes: Option<&Blobs>,
        now: Moment,
    ) -> Result<Self, MoveFault> {
        let Some(mut source) = End::to_read(from).await? else { return Err(MoveFault::NoSource) };
        match schema_of(&mut source).await? {
            Some(true) => {}
            Some(false) => return Err(MoveFault::OldSource),
            None => return Err(MoveFault::NoSource),
        }
        if marker_of(&mut source).await?.is_some() {
            return Err(MoveFault::HalfSource);
        }
        nobody_works_with(&mut source, now).await?;
        let moving = Self::between(source, to, bytes, now).await?;
        Ok(Self { source: Some(from.clone()), ..moving })
    }

    /// The same from a source that others may go on writing: what is moved is of one moment.
    async fn between(
        source: End,
        to: &Database,
        bytes: Option<&Blobs>,
        now: Moment,
    ) -> Result<Self, MoveFault> {
        Store::open(to, now).await?.close().await;
        let (tables, target) = (shape::tables().await?, End::to_write(to).await?);
        let marker = Marker::default();
        let mut moving = Self { from: source, source: None, to: target, tables, marker };
        let state = state_of(&mut moving.from).await?;
        if let Some(kept) = marker_of(&mut moving.to).await? {
            moving.marker =
                serde_json::from_str(&kept).map_err(|cause| StoreError::Fault(std::sync::Arc::new(cause)))?;
            if moving.marker.source != state {
                return Err(MoveFault::Differs { what: "what is written down of the source".to_owned() });
            }
            return Ok(moving);
        }
        moving.is_empty().await?;
        if let Some(bytes) = bytes {
            // Pages of another one would come back beside those that are brought.
            let mut printed = false;
            bytes.list(BlobKind::Tree, |_| printed = true).await?;
            if printed {
                return Err(MoveFault::NotEmpty { what: "printed pages".to_owned() });
            }
        }
        moving.marker.source = state;
        moving.to.begin().await?;
        let text = as_json(&moving.marker)?;
        moving.to.run(PUT_MARKER, vec![MARKER.into(), text.into()]).await?;
        for row in moving.from.texts(SETTINGS, vec![], 2).await? {
            let values = row.into_iter().map(Value::from).collect();
            moving.to.run(ADD_SETTING, values).await?;
        }
        moving.to.commit().await?;
        Ok(moving)
    }

    /// Ends a move: the target is a site of its own from here on. A source that was worked with meanwhile is told: what
    /// came into it is not at the target.
    ///
    /// # Errors
    /// [`MoveFault::InUse`], [`MoveFault::Differs`], a fault of either end.
    pub async fn finish(mut self, now: Moment) -> Result<(), MoveFault> {
        self.from.close().await?;
        if let Some(database) = &self.source {
            let Some(mut again) = End::to_read(database).await? else { return Err(MoveFault::NoSource) };
            nobody_works_with(&mut again, now).await?;
            if state_of(&mut again).await? != self.marker.source {
                return Err(MoveFault::Differs { what: "what is written down of the source".to_owned() });
            }
            again.close().await?;
        }
        self.to.run(DROP_MARKER, vec![MARKER.into()]).await?;
        Ok(self.to.close().await?)
    }

    async fn is_empty(&mut self) -> Result<(), MoveFault> {
        for table in self.tables.iter().filter(|table| table.name != "change_counter") {
            let some = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT 1) AS one", table.name);
            if self.to.number(&some, vec![]).await? > 0 {
                return Err(MoveFault::NotEmpty { what: format!("table {}", table.name) });
            }
        }
        Ok(())
    }

    /// Keeps how far the move is, in the transaction that is under way.
    async fn mark(&mut self) -> Result<(), StoreError> {
        let text = as_json(&self.marker)?;
        match self.to.run(CHANGE_MARKER, vec![MARKER.into(), text.into()]).await? {
            1 => Ok(()),
            _ => Err(StoreError::fault("another move to the same place has come to its end meanwhile")),
        }
    }
}

async fn marker_of(end: &mut End) -> Result<Option<String>, StoreError> {
    let rows = end.texts(READ_MARKER, vec![MARKER.into()], 1).await?;
    Ok(rows.into_iter().flatten().next().flatten())
}

async fn nobody_works_with(source: &mut End, now: Moment) -> Result<(), MoveFault> {
    let since = vec![Value::from(now.plus_seconds(-SILENT))];
    match source.number(NODES, since).await? {
        0 => Ok(()),
        there => Err(MoveFault::InUse(there)),
    }
}

/// What changes with everything that is done: the audit log, the count of changes, the jobs that were taken.
async fn state_of(source: &mut End) -> Result<String, StoreError> {
    let change = source.number("SELECT number FROM change_counter", vec![]).await?;
    let deeds = source.number("SELECT COALESCE(MAX(id), 0) FROM audit", vec![]).await?;
    let jobs = source.number("SELECT CAST(COALESCE(SUM(claims), 0) AS BIGINT) FROM jobs", vec![]).await?;
    Ok(format!("{change} {deeds} {jobs}"))
}

/// Copies the records of a PostgreSQL database, as they are at one moment, into a new SQLite file.
pub(crate) async fn copy_records(from: &PgConnectOptions, to: &Path, now: Moment) -> Result<(), MoveFault> {
    let to = Database::Sqlite { path: to.to_owned() };
    let mut moving = Moving::between(End::of_postgres(from).await?, &to, None, now).await?;
    moving.records(|_| {}).await?;
    moving.finish(now).await
}

impl View {
    /// Whether these records are the target of a move that has not come to its end.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn is_being_moved_to(&mut self) -> Result<bool, StoreError> {
        Ok(self.setting(MARKER).await?.is_some())
    }
}

/// Whether the records have this program's schema; `None` where there are none.
async fn schema_of(end: &mut End) -> Result<Option<bool>, StoreError> {
    if !end.has_records().await? {
        return Ok(None);
    }
    let kinds = [Kind::Int, Kind::Text];
    let rows = end.rows(APPLIED, vec![], &kinds).await?;
    let applied: Vec<(i64, String)> = rows
        .into_iter()
        .filter_map(|row| match row.as_slice() {
            [Value::Int(Some(version)), Value::Text(Some(sum))] => Some((*version, sum.clone())),
            _ => None,
        })
        .collect();
    let mut missing = still_to_apply(&applied, end.dialect())?;
    Ok(Some(missing.next().is_none()))
}
