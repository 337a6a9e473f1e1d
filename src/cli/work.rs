//! `halftone work`: the background work, without answering anybody.

use serde_json::json;

use super::report::{Outcome, Report};
use super::session::Ended;
use crate::attend::Worker;
use crate::config::{Config, Place};

pub async fn run(place: &Place, report: Report) -> Result<Outcome, Ended> {
    crate::telemetry::start(report.is_json(), "info");
    let config = Config::read(place)?;
    let stop = super::stopping::listen();
    report.say("Working until it is told to stop.", json!({ "working": true }));
    Worker { data: place.data.clone(), config, stop }.run().await?;
    Ok(Outcome::Done)
}
