//! Brings the photo library up to date with what changed, and goes once through an archive that was there before it.
//!
//! Whichever action asked, the job takes everything that waits, in steps of a transaction each; a photo that waits no more
//! costs nothing. Two that run at once meet on PostgreSQL, and one of them begins its step again. A step that was killed
//! left nothing behind.

use newsroom::moment::Moment;
use store::{ActError, Claim, Shelved, StoreError, Tx};

use super::context::{Context, JobFault};
use super::press::finish;
use super::{Job, enqueue};

/// Steps through an archive that are taken while somebody waits; a larger one is gone through while nothing else is due.
const STEPS: usize = 4;

/// Runs the job that an action asked for.
pub(super) async fn run(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    let mut walked = 0;
    loop {
        match step(context).await? {
            Shelved::All => break,
            Shelved::Changes => {}
            Shelved::Archive if walked < STEPS => walked += 1,
            Shelved::Archive => return hand_over(context, claim).await,
        }
    }
    context.app.store().act(async |tx: &mut Tx| finish(tx, claim).await).await?;
    Ok(())
}

/// Runs the job that goes through all of the archive.
pub(super) async fn run_archive(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    while step(context).await? != Shelved::All {}
    context.app.store().act(async |tx: &mut Tx| finish(tx, claim).await).await?;
    Ok(())
}

async fn hand_over(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    let now = context.app.now();
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            enqueue(tx, &Job::ShelveArchive, now).await?;
            finish(tx, claim).await
        })
        .await?;
    Ok(())
}

async fn step(context: &Context) -> Result<Shelved, JobFault> {
    let step = context.app.store().act(async |tx: &mut Tx| {
        let held = context.app.held(tx).await?;
        Ok::<_, ActError<JobFault>>(tx.shelve(&held.site.language).await?)
    });
    Ok(step.await?)
}

/// Asks for the library to be brought up to date with what the transaction changed so far, once.
///
/// # Errors
/// A fault of the store.
pub async fn shelve_changed(tx: &mut Tx, now: Moment) -> Result<(), StoreError> {
    match tx.take_unshelved() {
        Some(photo) => enqueue(tx, &Job::ShelvePhotos { photo }, now).await,
        None => Ok(()),
    }
}
