//! How the machine is: each part of it with what to think of it and what to do.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;
use newsroom::staff::policy::Permission;
use store::View;

use super::frame::{Frame, page};
use super::jobs::{Process, processes};
use super::{Colleague, Hindrance, Room};
use crate::actions::alert::recipients;
use crate::machine::{Fact, Judgement, Machine, bytes, look};
use crate::texts::Texts;

/// Where it lies.
pub const PART_OF_DESK: &str = "/desk/system";

/// A fact as the desk tells it.
pub struct FactRow {
    pub name: String,
    /// The colour of its badge.
    pub colour: &'static str,
    pub state: String,
    pub says: String,
    pub advice: Option<&'static str>,
}

impl FactRow {
    /// A fact of the machine.
    pub fn of(fact: &Fact, t: Texts) -> Self {
        Self {
            name: t.say(&format!("fact-{}", fact.topic.as_str())),
            colour: match fact.judgement {
                Judgement::Good => "good",
                Judgement::Look => "warm",
                Judgement::Wrong => "red",
            },
            state: t.say(&format!("judged-{}", fact.judgement.as_str())),
            says: fact.says.clone(),
            advice: fact.advice,
        }
    }
}

/// A file system.
struct DiskRow {
    machine: String,
    folders: String,
    free: String,
    size: String,
}

#[derive(Template)]
#[template(path = "desk/system.html")]
struct System {
    frame: Frame,
    at: String,
    facts: Vec<FactRow>,
    disks: Vec<DiskRow>,
    processes: Vec<Process>,
    /// When the certificate was looked at.
    certificate_at: Option<String>,
    /// Whether a mail server is set.
    is_mailed: bool,
    /// Who is told by mail.
    told: Vec<String>,
}

/// The page.
pub async fn system(State(room): State<Room>, colleague: Colleague) -> Result<Response, Hindrance> {
    colleague.who.may(Permission::ReadSystem).map_err(|refusal| room.denied(&refusal.into()))?;
    let app = &colleague.app;
    let machine = look(app).await.map_err(|error| room.fault(&error))?;
    let found = app.store().view(async |view: &mut View| {
        Ok::<_, store::StoreError>((recipients(app, view).await?, view.current_change().await?))
    });
    let (told, newest) = found.await.map_err(|error| room.fault(&error))?;
    let frame = Frame::inside(&room, &colleague, "system", PART_OF_DESK);
    let facts = machine.facts(&app.config().alerts);
    let system = System {
        at: room.told_time(machine.at),
        facts: facts.iter().map(|fact| FactRow::of(fact, frame.t)).collect(),
        disks: disks(&machine),
        certificate_at: machine.certificate.as_ref().map(|seen| room.told_time(seen.at)),
        processes: processes(&room, machine.at, machine.nodes, newest),
        is_mailed: app.config().mail.server.is_some(),
        told: told.iter().map(ToString::to_string).collect(),
        frame,
    };
    Ok(page(StatusCode::OK, &system))
}

fn disks(machine: &Machine) -> Vec<DiskRow> {
    let row = |disk: &crate::machine::Disk| DiskRow {
        machine: disk.machine.clone(),
        folders: disk.space.folders.join(", "),
        free: bytes(disk.space.free),
        size: bytes(disk.space.size),
    };
    machine.disks.iter().map(row).collect()
}
