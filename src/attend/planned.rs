//! Publishes what was planned when its time has come. Any number of processes may look: the first carries a plan out, and what
//! was due while none ran is due when one starts.

use std::time::Duration;

use newsroom::moment::Moment;
use store::View;
use tokio::sync::watch;

use super::pause;
use crate::actions::Denied;
use crate::actions::plan_publication::{CarriedOut, carry_out};
use crate::app::App;

/// How often it is looked what is planned; a plan that is known is carried out at its moment.
const LOOK: Duration = Duration::from_secs(1);
/// Plans that are looked at together.
const TOGETHER: u32 = 32;

/// Carries out plans until it is told to stop.
pub(super) async fn carry_out_plans(app: App, stop: watch::Receiver<bool>) {
    let here = tokio::runtime::Handle::current();
    // On a thread of its own: futures of actions may not go from thread to thread.
    let ended = tokio::task::spawn_blocking(move || here.block_on(look_again_and_again(&app, stop)));
    if let Err(error) = ended.await {
        tracing::error!(%error, "what is planned is published by this process no more");
    }
}

async fn look_again_and_again(app: &App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let rest = match look(app).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::error!(%error, "what is planned cannot be looked at");
                LOOK
            }
        };
        pause(&mut stop, rest).await;
    }
}

/// Carries out what is due; gives how long nothing more is.
async fn look(app: &App) -> Result<Duration, Denied> {
    let plans = app.store().view(async |view: &mut View| view.plans_by_time(TOGETHER).await).await?;
    let mut rest = LOOK;
    for (story, due) in plans {
        let now = app.now();
        if due > now {
            rest = rest.min(between(now, due));
            break;
        }
        // One that cannot be carried out now must not hold up the others.
        match carry_out(app, story).await {
            Ok(CarriedOut::Published) => tracing::info!(%story, "published as planned"),
            Ok(CarriedOut::Failed(refusals)) => {
                let first = refusals.first().map_or("", |refusal| refusal.sentence.as_str());
                tracing::warn!(%story, reason = first, "a planned story was not published");
            }
            Ok(CarriedOut::Nothing) => {}
            Err(error) => tracing::error!(%story, %error, "a planned story could not be published"),
        }
    }
    Ok(rest)
}

fn between(now: Moment, due: Moment) -> Duration {
    Duration::from_micros(u64::try_from(due.as_micros().saturating_sub(now.as_micros())).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_soon_is_waited_for_to_the_microsecond() {
        let at = Moment::from_micros;
        assert_eq!(between(at(5), at(9)), Duration::from_micros(4));
        assert_eq!(between(at(9), at(5)), Duration::ZERO);
    }
}
