//! Asks for every story that was ever published, and for the lists. It looks after what asks for it was decided upon, so a
//! story that is published meanwhile is printed as it is to be, or found here. Running twice asks twice for the same rows
//! of the queue.

use newsroom::moment::Moment;
use store::{ActError, Claim, StoreError, StoryLine, Tx, View};

use super::context::{Context, JobFault};
use super::press::finish;
use super::{Job, enqueue};
use crate::app::App;

/// Stories asked for in one transaction.
const PAGE: u32 = 500;

/// Runs the job.
pub(super) async fn run(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    ask_for_archive(&context.app).await?;
    context.app.store().act(async |tx: &mut Tx| finish(tx, claim).await).await?;
    Ok(())
}

/// Asks for every story that was ever published, last changed first, withdrawn ones with what stands in their place, for
/// what stands in the place of photos that were taken back, and for the lists. Gives how many stories there are.
///
/// # Errors
/// A fault of the store.
pub async fn ask_for_archive(app: &App) -> Result<usize, StoreError> {
    ask(app, &[Job::PrintLists]).await?;
    purge_again(app).await?;
    let began = app.now();
    let mut after: Option<StoryLine> = None;
    let mut count = 0;
    loop {
        let page = app
            .store()
            .view(async |view: &mut View| view.stories_by_change(after.as_ref(), PAGE).await)
            .await?;
        let published = page.iter().filter(|line| line.moments.published.is_some());
        let stories: Vec<Job> = published.map(|line| Job::ReprintStory { story: line.id }).collect();
        count += stories.len();
        ask(app, &stories).await?;
        match page.into_iter().last() {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    changed_since(app, began).await?;
    Ok(count)
}

/// Asks for the stories that were changed meanwhile: they went to the beginning of the list, past which the walk may have been.
async fn changed_since(app: &App, began: Moment) -> Result<(), StoreError> {
    let mut after: Option<StoryLine> = None;
    loop {
        let page = app
            .store()
            .view(async |view: &mut View| view.stories_by_change(after.as_ref(), PAGE).await)
            .await?;
        let changed = page.iter().filter(|line| line.moments.changed >= began);
        let published = changed.filter(|line| line.moments.published.is_some());
        let stories: Vec<Job> = published.map(|line| Job::ReprintStory { story: line.id }).collect();
        ask(app, &stories).await?;
        match page.into_iter().last().filter(|last| last.moments.changed >= began) {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}

/// The tombstones of photos that were taken back are a part of the tree like any page.
async fn purge_again(app: &App) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = app.store().view(async |view: &mut View| view.revoked_grants(after, PAGE).await).await?;
        let purges: Vec<Job> = page.iter().map(|grant| Job::PurgePhoto { photo: grant.photo }).collect();
        ask(app, &purges).await?;
        match page.last() {
            Some(last) => after = Some(last.photo),
            None => return Ok(()),
        }
    }
}

async fn ask(app: &App, jobs: &[Job]) -> Result<(), StoreError> {
    let now = app.now();
    let asked = app.store().act(async |tx: &mut Tx| {
        for job in jobs {
            enqueue(tx, job, now).await?;
        }
        Ok::<_, ActError<StoreError>>(())
    });
    asked.await.map_err(|error| match error {
        ActError::Refused(fault) | ActError::Fault(fault) => fault,
    })
}
