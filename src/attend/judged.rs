//! Looks at the machine every few minutes, and has administrators told of what is wrong.

use std::time::Duration;

use tokio::sync::watch;

use super::pause;
use crate::actions::Denied;
use crate::actions::alert::alert;
use crate::app::App;
use crate::machine::{look, look_at_certificate};

/// The pause between two looks.
const LOOK: Duration = Duration::from_secs(300);

/// Judges until it is told to stop.
pub(super) async fn judge_machine(app: App, mut stop: watch::Receiver<bool>) {
    let here = tokio::runtime::Handle::current();
    while !*stop.borrow() {
        let judging = app.clone();
        let here = here.clone();
        // On a thread of its own: futures of actions may not go from thread to thread.
        let judged = tokio::task::spawn_blocking(move || here.block_on(judge(&judging)));
        match judged.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the machine could not be judged"),
            Err(error) => tracing::error!(%error, "the machine could not be judged"),
        }
        pause(&mut stop, LOOK).await;
    }
}

async fn judge(app: &App) -> Result<(), Denied> {
    look_at_certificate(app).await?;
    let machine = look(app).await?;
    alert(app, &machine.facts(&app.config().alerts)).await
}
