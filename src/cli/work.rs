//! `halftone work`: the background work, without answering anybody.

use std::path::Path;

use serde_json::json;

use super::report::{Outcome, Report};
use super::session::Ended;
use crate::attend::Worker;
use crate::config::Config;

pub async fn run(data: &Path, report: Report) -> Result<Outcome, Ended> {
    crate::telemetry::start(report.is_json(), "info");
    let config = Config::read(data)?;
    let stop = super::stopping::listen();
    report.say("Working until it is told to stop.", json!({ "working": true }));
    Worker { data: data.to_path_buf(), config, stop }.run().await?;
    Ok(Outcome::Done)
}
