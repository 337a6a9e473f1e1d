//! Serving processes: when each started, was last heard of, and which change it has applied.

use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::binds;

/// A serving process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, chosen by itself when it starts.
    pub id: String,
    /// When it started.
    pub started_at: Moment,
    /// When it last said that it lives.
    pub seen_at: Moment,
    /// The highest change number that it has applied.
    pub applied_change: i64,
}

statements! { "nodes";
    SINCE = "SELECT id, started_at, seen_at, applied_change FROM nodes WHERE seen_at >= $1 ORDER BY id";
    SEEN = "INSERT INTO nodes (id, started_at, seen_at, applied_change) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, seen_at = excluded.seen_at,
        applied_change = excluded.applied_change";
    FORGET = "DELETE FROM nodes WHERE id = $1";
}

impl View {
    /// The nodes that were heard of at `since` or later, by id.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn nodes_seen_since(&mut self, since: Moment) -> Result<Vec<Node>, StoreError> {
        let rows = self.rows(SINCE, binds![since]).await?;
        rows.iter()
            .map(|row| {
                Ok(Node {
                    id: row.text("id")?,
                    started_at: row.moment("started_at")?,
                    seen_at: row.moment("seen_at")?,
                    applied_change: row.int("applied_change")?,
                })
            })
            .collect()
    }
}

impl Tx {
    /// Writes what a node says of itself.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn save_node(&mut self, node: &Node) -> Result<(), StoreError> {
        let values = binds![&node.id, node.started_at, node.seen_at, node.applied_change];
        self.run(SEEN, values).await.map(|_| ())
    }

    /// Forgets a node that stopped.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_node(&mut self, id: &str) -> Result<(), StoreError> {
        self.run(FORGET, binds![id]).await.map(|_| ())
    }
}
