//! Asks for pages to be printed again.

use newsroom::id::StoryId;
use store::{ActError, StoryLine, Tx, View};

use super::Denied;
use crate::app::App;
use crate::jobs::{Job, List, enqueue};

/// Stories asked for in one transaction.
const PAGE: u32 = 500;

/// Asks for one story and the lists.
pub async fn reprint_story(app: &App, story: StoryId) -> Result<(), Denied> {
    ask(app, &[Job::PrintStory { story }]).await
}

/// Asks for one list, and those that lead to it.
pub async fn reprint_list(app: &App, list: List) -> Result<(), Denied> {
    ask(app, &[Job::PrintList { list }]).await
}

/// Asks for the lists alone.
pub async fn reprint_lists(app: &App) -> Result<(), Denied> {
    ask(app, &[]).await
}

/// Asks for every story that was ever published, last changed first, withdrawn ones with what stands in their place, for
/// what stands in the place of photos that were taken back, and for the lists. Gives how many stories there are.
pub async fn reprint_all(app: &App) -> Result<usize, Denied> {
    ask(app, &[]).await?;
    purge_again(app).await?;
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
            None => return Ok(count),
        }
    }
}

/// The tombstones of photos that were taken back are a part of the tree like any page.
async fn purge_again(app: &App) -> Result<(), Denied> {
    let (now, mut after) = (app.now(), None);
    loop {
        let page = app.store().view(async |view: &mut View| view.revoked_grants(after, PAGE).await).await?;
        app.store()
            .act(async |tx: &mut Tx| {
                for grant in &page {
                    enqueue(tx, &Job::PurgePhoto { photo: grant.photo }, now).await?;
                }
                Ok::<_, ActError<Vec<newsroom::refusal::Refusal>>>(())
            })
            .await?;
        match page.last() {
            Some(last) => after = Some(last.photo),
            None => return Ok(()),
        }
    }
}

async fn ask(app: &App, stories: &[Job]) -> Result<(), Denied> {
    let now = app.now();
    app.store()
        .act(async |tx: &mut Tx| {
            for story in stories {
                enqueue(tx, story, now).await?;
            }
            enqueue(tx, &Job::PrintLists, now).await?;
            Ok::<_, ActError<Vec<newsroom::refusal::Refusal>>>(())
        })
        .await?;
    Ok(())
}
