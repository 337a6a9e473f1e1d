//! What the machine is like: its disks, database, queue, processes, last backup and certificate, and what to think of each.
//! The desk, the API and the mails to administrators tell the same.

mod alerts;
mod certificate;
mod disks;
mod judgement;

use newsroom::moment::Moment;
use serde::{Deserialize, Serialize};
use store::{DatabaseKind, DiskSpace, LastBackup, Node, StoreError, View};

pub use alerts::{AlertState, Told, decide};
pub use certificate::{CertificateSeen, Found, look_at_certificate};
pub use disks::{disks, name};
pub use judgement::bytes;

use crate::app::App;
use crate::jobs::kinds;

/// Seconds after which a process that said nothing counts as silent; it says something each second.
pub const SILENT: i64 = 30;

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Room on the disks.
    Disk,
    /// Where the records lie.
    Database,
    /// Jobs that wait.
    Queue,
    /// Who serves and works.
    Processes,
    /// The last backup.
    Backup,
    /// What proves to readers that the site is the site.
    Certificate,
}

impl Topic {
    /// As it is kept and told to programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::Database => "database",
            Self::Queue => "queue",
            Self::Processes => "processes",
            Self::Backup => "backup",
            Self::Certificate => "certificate",
        }
    }
}

/// What to think of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judgement {
    /// All is well.
    Good,
    /// Somebody should look at it soon.
    Look,
    /// Somebody has to do something.
    Wrong,
}

impl Judgement {
    /// As it is told to programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Look => "look",
            Self::Wrong => "wrong",
        }
    }
}

/// A fact with its judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub topic: Topic,
    /// What to think of it.
    pub judgement: Judgement,
    /// What was found, in a sentence or two.
    pub says: String,
    /// What to do, where it is not good.
    pub advice: Option<&'static str>,
}

/// A file system, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// The machine.
    pub machine: String,
    /// Its room.
    pub space: DiskSpace,
}

/// The database, and how it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Which.
    pub kind: DatabaseKind,
    /// Bytes on disk.
    pub bytes: u64,
    /// Microseconds that a small question took.
    pub answered_in: i64,
}

/// The queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// Jobs that wait, due now or later.
    pub waiting: u64,
    /// Jobs that run.
    pub running: u64,
    /// Jobs that were given up.
    pub given_up: u64,
    /// Since when the one is due that waits longest. AVIF, the shelving of the archive and printing it again, which wait by
    /// design until nothing else is to be done or take their time, do not count.
    pub oldest_due: Option<Moment>,
}

/// All that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// When.
    pub at: Moment,
    /// The file systems of every process that tells of them; else those of this one.
    pub disks: Vec<Disk>,
    /// The database.
    pub database: Database,
    /// The queue.
    pub queue: Queue,
    /// The processes.
    pub nodes: Vec<Node>,
    /// The last backup that ended well.
    pub backup: Option<LastBackup>,
    /// When the records were made.
    pub begun: Moment,
    /// The address of the site.
    pub url: String,
    /// What was found of its certificate last.
    pub certificate: Option<CertificateSeen>,
}

/// Looks at the machine. Cheap: nothing is asked but the records and, where no process tells of its disks, this one's.
///
/// # Errors
/// A fault of the store.
pub async fn look(app: &App) -> Result<Machine, StoreError> {
    let url = app.config().site.url.clone();
    let asked = app.now();
    app.store().view(async |view: &mut View| view.current_change().await).await?;
    let at = app.now();
    let bytes = app.store().bytes_on_disk().await?;
    let waits = |kind: &&str| !kinds::OF_REPRINTS.contains(kind);
    let due: Vec<&str> = kinds::ALL.into_iter().filter(waits).chain([kinds::SEND_MAIL]).collect();
    let look = app.store().view(async |view: &mut View| {
        let mut queue = Queue { oldest_due: view.oldest_due(&due, at).await?, ..Queue::default() };
        for count in view.job_counts(at).await? {
            queue.waiting += count.waiting;
            queue.running += count.running;
            queue.given_up += count.failed;
        }
        let nodes = view.nodes_seen_since(Moment::from_micros(i64::MIN)).await?;
        let (backup, begun) = (view.last_backup().await?, view.begun_at().await?);
        Ok::<_, StoreError>((queue, nodes, backup, begun, certificate::last_seen(view, &url).await?))
    });
    let (queue, nodes, backup, begun, certificate) = look.await?;
    let mut disks = told_disks(&nodes, at);
    if disks.is_empty() {
        let (here, data) = (name(), app.data().to_owned());
        let found = tokio::task::spawn_blocking(move || self::disks(&data)).await.unwrap_or_default();
        disks = found.into_iter().map(|space| Disk { machine: here.clone(), space }).collect();
    }
    let answered_in = at.as_micros().saturating_sub(asked.as_micros()).max(0);
    let database = Database { kind: app.store().kind(), bytes, answered_in };
    Ok(Machine { at, disks, database, queue, nodes, backup, begun, url, certificate })
}

/// The file systems of processes that were heard of lately; two on one machine tell of the same once.
fn told_disks(nodes: &[Node], now: Moment) -> Vec<Disk> {
    let mut disks: Vec<Disk> = Vec::new();
    for node in nodes.iter().filter(|node| !is_silent(node, now)) {
        for space in &node.disks {
            let same = |disk: &Disk| disk.machine == node.machine && disk.space.folders == space.folders;
            if !disks.iter().any(same) {
                disks.push(Disk { machine: node.machine.clone(), space: space.clone() });
            }
        }
    }
    disks
}

/// Whether a process has said nothing for too long.
pub fn is_silent(node: &Node, now: Moment) -> bool {
    node.seen_at.plus_seconds(SILENT) < now
}
