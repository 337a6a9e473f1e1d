//! How the machine is.

use newsroom::staff::policy::Permission;
use serde::Serialize;
use store::{StoreError, View};
use utoipa::ToSchema;

use super::ask::Caller;
use super::machinery::NodeBody;
use super::problem::{self, Problem};
use crate::actions::alert::recipients;
use crate::machine::{CertificateSeen, Found, Machine, look};

/// How the machine is.
#[derive(Debug, Serialize, ToSchema)]
pub struct SystemBody {
    /// When it was looked at.
    at: String,
    /// What to think of each part of it.
    facts: Vec<FactBody>,
    /// The file systems that hold the data folders.
    disks: Vec<DiskBody>,
    database: DatabaseBody,
    queue: QueueBody,
    nodes: Vec<NodeBody>,
    /// The last backup that ended well; nothing where none did.
    backup: Option<BackupBody>,
    /// What was found of the certificate of `site.url`; nothing where it has none, or before the first look.
    certificate: Option<CertificateBody>,
    alerts: AlertsBody,
}

/// A fact with its judgement.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactBody {
    /// `disk`, `database`, `queue`, `processes`, `backup` or `certificate`.
    about: &'static str,
    /// `good`; `look`: somebody should look at it soon; `wrong`: somebody has to do something.
    state: &'static str,
    /// What was found.
    says: String,
    /// What to do, where it is not good.
    advice: Option<&'static str>,
}

/// A file system.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiskBody {
    /// What its machine calls itself.
    machine: String,
    /// The data folder, or folders inside it that lie elsewhere.
    folders: Vec<String>,
    /// Bytes that may still be written.
    free: u64,
    /// Bytes in all.
    size: u64,
}

/// The database.
#[derive(Debug, Serialize, ToSchema)]
pub struct DatabaseBody {
    /// `SQLite` or `PostgreSQL`.
    kind: &'static str,
    /// On disk.
    bytes: u64,
    /// How long a small question took, in microseconds.
    answered_in: i64,
}

/// The queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueBody {
    waiting: u64,
    running: u64,
    /// Jobs that are not tried again by themselves.
    given_up: u64,
    /// Since when the one is due that waits longest. What waits by design until nothing else is to be done does not count.
    oldest_due: Option<String>,
}

/// A backup.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupBody {
    /// The moment of the records in it.
    at: String,
    /// The folder on the machine that made it.
    to: String,
    files: u64,
    bytes: u64,
}

/// What was found of a certificate.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateBody {
    /// When it was looked at.
    at: String,
    /// Until when it is good; nothing where it is not accepted or was not reached.
    until: Option<String>,
    /// Why not.
    trouble: Option<String>,
}

/// Who is told of what is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertsBody {
    /// Whether mails are sent; not without a mail server in the settings.
    mailed: bool,
    /// To whom.
    to: Vec<String>,
}

/// Tells how the machine is: disks, database, queue, processes, last backup, certificate.
#[utoipa::path(get, path = "/system", tag = "machinery", responses((status = 200, body = SystemBody), problem::Reading))]
pub async fn system(caller: Caller) -> Result<axum::Json<SystemBody>, Problem> {
    caller.who.may(Permission::ReadSystem)?;
    let app = &caller.app;
    let machine = look(app).await?;
    let to = app.store().view(async |view: &mut View| recipients(app, view).await);
    let to: Result<_, StoreError> = to.await;
    let alerts = AlertsBody {
        mailed: app.config().mail.server.is_some(),
        to: to?.iter().map(ToString::to_string).collect(),
    };
    let facts = machine.facts(&app.config().alerts).into_iter().map(|fact| FactBody {
        about: fact.topic.as_str(),
        state: fact.judgement.as_str(),
        says: fact.says,
        advice: fact.advice,
    });
    Ok(axum::Json(body(facts.collect(), machine, alerts)))
}

fn body(facts: Vec<FactBody>, machine: Machine, alerts: AlertsBody) -> SystemBody {
    let disks = machine.disks.into_iter().map(|disk| DiskBody {
        machine: disk.machine,
        folders: disk.space.folders,
        free: disk.space.free,
        size: disk.space.size,
    });
    SystemBody {
        at: machine.at.to_string(),
        facts,
        disks: disks.collect(),
        database: DatabaseBody {
            kind: machine.database.kind.as_str(),
            bytes: machine.database.bytes,
            answered_in: machine.database.answered_in,
        },
        queue: QueueBody {
            waiting: machine.queue.waiting,
            running: machine.queue.running,
            given_up: machine.queue.given_up,
            oldest_due: machine.queue.oldest_due.map(|at| at.to_string()),
        },
        nodes: machine.nodes.into_iter().map(NodeBody::of).collect(),
        backup: machine.backup.map(|backup| BackupBody {
            at: backup.at.to_string(),
            to: backup.to,
            files: backup.files,
            bytes: backup.bytes,
        }),
        certificate: machine.certificate.map(certificate),
        alerts,
    }
}

fn certificate(seen: CertificateSeen) -> CertificateBody {
    let (until, trouble) = match seen.found {
        Found::Until(end) => (Some(end.to_string()), None),
        Found::Refused(why) | Found::Unreachable(why) => (None, Some(why)),
    };
    CertificateBody { at: seen.at.to_string(), until, trouble }
}
