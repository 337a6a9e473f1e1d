//! Uploads that somebody has to look after: whole ones that nobody took in, because the process ended or the machine failed just
//! then; those whose time ran out; and what late requests left.

use std::time::Duration;

use newsroom::id::UploadId;
use store::{StoreError, Tx, View};
use tokio::sync::watch;

use super::pause;
use crate::actions::Who;
use crate::actions::receive_upload::{UPLOAD_LIFE, take_in_upload};
use crate::app::App;
use crate::jobs::Context;
use crate::telemetry::chain;

/// How often whole uploads are looked for.
const LOOK: Duration = Duration::from_secs(20);
/// Seconds since its last bytes after which an upload is taken for left alone.
const LEFT_ALONE: i64 = 60;
/// Uploads taken in, or cleared, before looking again.
const AT_ONCE: u32 = 100;
/// Seconds after which bytes that belong to no upload are swept away.
const STRAY: i64 = 24 * 3600;
/// Looks after which strays are swept, about each hour.
const SWEEP_EACH: u32 = 180;

/// Looks after uploads until it is told to stop.
pub(super) async fn look_after(app: App, works: bool, mut stop: watch::Receiver<bool>) {
    let context = Context::new(app);
    let mut looks = 0_u32;
    while !*stop.borrow() {
        pause(&mut stop, LOOK).await;
        if *stop.borrow() {
            return;
        }
        looks = looks.wrapping_add(1);
        let looked = async {
            if works {
                take_in_whole(&context).await?;
            }
            clear_expired(&context.app, looks.is_multiple_of(SWEEP_EACH)).await
        };
        if let Err(error) = looked.await {
            tracing::error!(error = %chain(&error), "uploads could not be looked after; it is tried again");
        }
    }
}

async fn take_in_whole(context: &Context) -> Result<(), StoreError> {
    let app = &context.app;
    let before = app.now().plus_seconds(UPLOAD_LIFE - LEFT_ALONE);
    let whole = app.store().view(async |view: &mut View| view.whole_uploads(before, AT_ONCE).await).await?;
    for id in whole {
        let Some(who) = sender(app, id).await? else {
            let (now, reason) = (app.now(), "Whoever sent it is let in no more.");
            app.store().write(async |tx: &mut Tx| tx.refuse_upload(id, reason, now).await).await?;
            continue;
        };
        let (context, told) = (context.clone(), id);
        // A future that may not go from thread to thread while it waits; see the API's own.
        let here = tokio::runtime::Handle::current();
        let taken = tokio::task::spawn_blocking(move || here.block_on(take_in_upload(&context, &who, id)));
        match taken.await {
            Ok(Ok(_)) => tracing::info!(upload = %told, "took in an upload that was left alone"),
            Ok(Err(error)) => {
                tracing::error!(upload = %told, error = %chain(&error), "an upload could not be taken in")
            }
            Err(error) => tracing::error!(upload = %told, %error, "an upload could not be taken in"),
        }
    }
    Ok(())
}

/// Whoever announced an upload.
async fn sender(app: &App, id: UploadId) -> Result<Option<Who>, StoreError> {
    app.store()
        .view(async |view: &mut View| {
            let Some(upload) = view.upload(id).await? else { return Ok(None) };
            let account = view.account(upload.about.owner).await?;
            Ok(account.filter(|account| account.left.is_none()).map(|account| Who::of(&account)))
        })
        .await
}

async fn clear_expired(app: &App, sweep: bool) -> Result<(), StoreError> {
    let now = app.now();
    let expired = app.store().write(async |tx: &mut Tx| tx.close_expired_uploads(now, AT_ONCE).await).await?;
    for id in expired {
        app.blobs().clear_upload(app.store(), id).await?;
    }
    if sweep {
        let swept = app.blobs().sweep_uploads(app.store(), now.plus_seconds(-STRAY)).await?;
        tracing::debug!(swept, "swept what late requests left of uploads");
    }
    Ok(())
}
