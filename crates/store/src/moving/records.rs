//! The rows of a move: table by table in the order of their keys, some hundreds in each transaction, with the marker.
//! Then all of them are read at both ends again and compared.

use super::end::End;
use super::shape::Table;
use super::{MoveFault, Moving, Step};
use crate::error::StoreError;
use crate::hash::{Hasher, Sha256};
use crate::value::Value;

/// Rows that are read in one go.
const ROWS: usize = 500;
/// Values in one statement; SQLite takes 32,766.
const VALUES: usize = 20_000;

const NEXT_DEED: &str =
    "SELECT setval(pg_get_serial_sequence('audit', 'id'), COALESCE(MAX(id), 0) + 1, false) FROM audit";

impl Moving {
    /// Brings every row, then compares all of them by counts and hashes. Gives how many there are.
    ///
    /// # Errors
    /// [`MoveFault`]. What was brought before it stays, and is not brought again.
    pub async fn records(&mut self, mut told: impl FnMut(Step) + Send) -> Result<u64, MoveFault> {
        let tables = std::mem::take(&mut self.tables);
        if !self.marker.records {
            let begin = tables.iter().position(|table| table.name == self.marker.table).unwrap_or(0);
            for table in tables.iter().skip(begin) {
                self.bring(table, &mut told).await?;
            }
            if matches!(self.to, End::Postgres(_)) {
                // It counts on from what was brought.
                self.to.number(NEXT_DEED, vec![]).await?;
            }
        }
        let mut rows = 0;
        for table in &tables {
            let (ours, theirs) = (digest(&mut self.from, table).await?, digest(&mut self.to, table).await?);
            // Once the rows were compared, the target has been given nothing else.
            if ours != theirs {
                return Err(MoveFault::Differs { what: format!("table {}", table.name) });
            }
            rows += ours.0;
        }
        if !self.marker.records {
            self.marker.records = true;
            self.mark().await?;
        }
        Ok(rows)
    }

    async fn bring(&mut self, table: &Table, told: &mut (impl FnMut(Step) + Send)) -> Result<(), MoveFault> {
        if self.marker.table != table.name {
            self.marker.table.clone_from(&table.name);
            self.marker.after.clear();
        }
        if self.marker.after.is_empty() {
            // A new database has the first count of changes.
            self.to.run(&format!("DELETE FROM {}", table.name), vec![]).await?;
        }
        loop {
            let rows = page(&mut self.from, table, &self.marker.after).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            self.marker.after = key(table, last);
            let count = rows.len() as u64;
            self.to.begin().await?;
            for some in rows.chunks((VALUES / table.columns.len().max(1)).max(1)) {
                self.to.run(&table.add(some.len()), some.concat()).await?;
            }
            self.mark().await?;
            self.to.commit().await?;
            told(Step::Rows { table: table.name.clone(), count });
        }
    }
}

async fn page(end: &mut End, table: &Table, after: &[Value]) -> Result<Vec<Vec<Value>>, StoreError> {
    end.rows(&table.page(after.is_empty(), ROWS), after.to_vec(), &table.kinds()).await
}

fn key(table: &Table, row: &[Value]) -> Vec<Value> {
    table.key.iter().filter_map(|place| row.get(*place)).cloned().collect()
}

/// How many rows a table has, and the hash of all of them in order.
async fn digest(end: &mut End, table: &Table) -> Result<(u64, Sha256), StoreError> {
    let (mut count, mut hasher, mut after) = (0, Hasher::default(), Vec::new());
    loop {
        let rows = page(end, table, &after).await?;
        let Some(last) = rows.last() else { return Ok((count, hasher.finish())) };
        after = key(table, last);
        count += rows.len() as u64;
        for value in rows.iter().flatten() {
            write(&mut hasher, value);
        }
    }
}

/// One value, so that no two rows give the same bytes.
fn write(hasher: &mut Hasher, value: &Value) {
    let mut put = |kind: u8, bytes: &[u8]| {
        hasher.update(&[kind]);
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    match value {
        Value::Int(None) | Value::Text(None) | Value::Id(None) => put(0, &[]),
        Value::Int(Some(number)) => put(1, &number.to_le_bytes()),
        Value::Text(Some(text)) => put(2, text.as_bytes()),
        Value::Id(Some(id)) => put(3, id.as_bytes()),
    }
}
