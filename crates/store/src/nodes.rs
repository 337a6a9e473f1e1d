//! Processes that serve or work: when each started, was last heard of, and which change it has applied.

use newsroom::moment::Moment;
use serde::{Deserialize, Serialize};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{as_json, binds};

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It answers readers, and runs jobs beside that.
    ServeAndWork,
    /// It answers readers only.
    Serve,
    /// It runs jobs only.
    Work,
}

impl Role {
    const ALL: [Self; 3] = [Self::ServeAndWork, Self::Serve, Self::Work];

    /// As it is kept, and as a person is told it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServeAndWork => "serve and work",
            Self::Serve => "serve",
            Self::Work => "work",
        }
    }

    /// Whether it answers readers.
    #[must_use]
    pub fn serves(self) -> bool {
        self != Self::Work
    }

    /// Whether it runs jobs.
    #[must_use]
    pub fn works(self) -> bool {
        self != Self::Serve
    }
}

/// A process that serves or works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, chosen by itself when it starts.
    pub id: String,
    /// When it started.
    pub started_at: Moment,
    /// When it last said that it lives.
    pub seen_at: Moment,
    /// What it does.
    pub role: Role,
    /// The highest change number that it shows to readers; -1 before the first, and of one that does not serve.
    pub applied_change: i64,
    /// The release that it is of; empty where that is older than this column.
    pub version: String,
    /// What its machine calls itself; empty likewise.
    pub machine: String,
    /// The file systems that hold its data folder, as it last looked.
    pub disks: Vec<DiskSpace>,
}

/// A file system that holds folders of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskSpace {
    /// The data folder, or folders inside it that lie elsewhere.
    pub folders: Vec<String>,
    /// Bytes that the process may still write.
    pub free: u64,
    /// Bytes in all.
    pub size: u64,
}

statements! { "nodes";
    SINCE = "SELECT id, started_at, seen_at, role, applied_change, version, machine, disks FROM nodes
        WHERE seen_at >= $1 ORDER BY id";
    SEEN = "INSERT INTO nodes (id, started_at, seen_at, role, applied_change, version, machine, disks)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, seen_at = excluded.seen_at,
        role = excluded.role, applied_change = excluded.applied_change, version = excluded.version,
        machine = excluded.machine, disks = excluded.disks";
    FORGET = "DELETE FROM nodes WHERE id = $1";
    FORGET_BEFORE = "DELETE FROM nodes WHERE seen_at < $1";
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
                    role: row
                        .parsed("role", |text| Role::ALL.into_iter().find(|role| role.as_str() == text))?,
                    applied_change: row.int("applied_change")?,
                    version: row.text("version")?,
                    machine: row.text("machine")?,
                    disks: row.json("disks")?,
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
        let values = binds![
            &node.id,
            node.started_at,
            node.seen_at,
            node.role.as_str(),
            node.applied_change,
            &node.version,
            &node.machine,
            as_json(&node.disks)?,
        ];
        self.run(SEEN, values).await.map(|_| ())
    }

    /// Forgets a node that stopped.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_node(&mut self, id: &str) -> Result<(), StoreError> {
        self.run(FORGET, binds![id]).await.map(|_| ())
    }

    /// Forgets the nodes that were heard of last before `moment`: they were killed. Gives how many there were.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_nodes_before(&mut self, moment: Moment) -> Result<u64, StoreError> {
        self.run(FORGET_BEFORE, binds![moment]).await
    }
}
