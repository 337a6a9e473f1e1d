//! The tables as the migrations make them, read from a database in memory, so that no list of them can fall behind. The
//! migrations of both databases give the same tables (`tests/contract/schema.rs`).

use std::collections::BTreeSet;

use newsroom::moment::Moment;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::error::StoreError;
use crate::migration::migrate_sqlite;

/// What a column holds; see [`crate::value::Value`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Id,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<(String, Kind)>,
    /// Places of the primary key's columns, in its order.
    pub key: Vec<usize>,
}

/// What belongs to the place and not to the site: processes, how the schema came about, and files of which not all has
/// come, whose pieces lie where they were sent to. Settings are moved apart.
const NOT_MOVED: [&str; 5] = ["nodes", "schema_migrations", "settings", "upload_pieces", "uploads"];

const COLUMNS: &str =
    "SELECT t.name, c.name, c.type, c.pk FROM sqlite_master t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid";
const REFERENCES: &str =
    "SELECT t.name, f.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
    WHERE t.type = 'table'";

/// Every table that is moved, those that others refer to first.
pub(super) async fn tables() -> Result<Vec<Table>, StoreError> {
    let mut memory = SqliteConnectOptions::new().in_memory(true).connect().await?;
    migrate_sqlite(&mut memory, Moment::from_micros(0)).await?;
    let columns: Vec<(String, String, String, i64)> = sqlx::query_as(COLUMNS).fetch_all(&mut memory).await?;
    let references: Vec<(String, String)> = sqlx::query_as(REFERENCES).fetch_all(&mut memory).await?;
    memory.close().await?;
    let mut tables: Vec<(Table, Vec<(i64, usize)>)> = Vec::new();
    for (name, column, of, place_in_key) in columns {
        if NOT_MOVED.contains(&name.as_str()) {
            continue;
        }
        if tables.last().is_none_or(|(last, _)| last.name != name) {
            tables.push((Table { name, columns: Vec::new(), key: Vec::new() }, Vec::new()));
        }
        let Some((table, key)) = tables.last_mut() else { continue };
        if place_in_key > 0 {
            key.push((place_in_key, table.columns.len()));
        }
        let kind = match of.as_str() {
            "INTEGER" => Kind::Int,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Id,
            other => {
                return Err(StoreError::fault(format!("{}.{column} holds {other}", table.name)));
            }
        };
        table.columns.push((column, kind));
    }
    let tables = tables.into_iter().map(|(table, mut key)| {
        key.sort_unstable();
        Table { key: key.into_iter().map(|(_, place)| place).collect(), ..table }
    });
    Ok(in_order(tables.collect(), &references))
}

fn in_order(mut left: Vec<Table>, references: &[(String, String)]) -> Vec<Table> {
    let (mut placed, mut names) = (Vec::new(), BTreeSet::new());
    while !left.is_empty() {
        let (ready, waiting): (Vec<Table>, Vec<Table>) = left.into_iter().partition(|table| {
            let wanted = references.iter().filter(|(from, _)| *from == table.name);
            wanted.into_iter().all(|(_, to)| *to == table.name || names.contains(to))
        });
        names.extend(ready.iter().map(|table| table.name.clone()));
        let stuck = ready.is_empty();
        placed.extend(ready);
        left = waiting;
        if stuck {
            // Tables that refer to each other in a circle; the database says so when they are filled.
            placed.append(&mut left);
        }
    }
    placed
}

impl Table {
    pub(super) fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|(_, kind)| *kind).collect()
    }

    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn key_names(&self) -> String {
        let names = self.key.iter().filter_map(|place| self.columns.get(*place));
        names.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The next rows after a key, or the first ones, in the order of the key.
    pub(super) fn page(&self, from_the_first: bool, at_most: usize) -> String {
        let (names, key) = (self.names(), self.key_names());
        let after = if from_the_first {
            String::new()
        } else {
            let places: Vec<String> = (1..=self.key.len()).map(|number| format!("${number}")).collect();
            format!(" WHERE ({key}) > ({})", places.join(", "))
        };
        format!("SELECT {names} FROM {}{after} ORDER BY {key} LIMIT {at_most}", self.name)
    }

    /// Adds so many rows.
    pub(super) fn add(&self, rows: usize) -> String {
        let wide = self.columns.len();
        let row = |row: usize| {
            let places: Vec<String> = (1..=wide).map(|column| format!("${}", row * wide + column)).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("INSERT INTO {} ({}) VALUES {}", self.name, self.names(), rows.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_table_is_there_after_those_that_it_refers_to() {
        let tables = tables().await.unwrap();
        let place = |name: &str| tables.iter().position(|table| table.name == name);
        for (table, after) in [
            ("renditions", "photos"),
            ("slides", "stories"),
            ("slides", "photos"),
            ("publications", "stories"),
            ("search_words", "publications"),
            ("page_keys", "pages"),
        ] {
            assert!(place(table).unwrap() > place(after).unwrap(), "{table} comes after {after}");
        }
        for left in ["nodes", "uploads", "upload_pieces"] {
            assert_eq!(place(left), None, "{left}");
        }
        assert!(tables.iter().all(|table| !table.key.is_empty()), "rows are found again by their keys");
        let words = &tables[place("search_words").unwrap()];
        assert_eq!(
            words.page(false, 7),
            "SELECT word, story FROM search_words WHERE (word, story) > ($1, $2) ORDER BY word, story LIMIT 7"
        );
        assert_eq!(words.add(2), "INSERT INTO search_words (word, story) VALUES ($1, $2), ($3, $4)");
    }
}
