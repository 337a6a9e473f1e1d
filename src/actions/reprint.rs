//! Asks for pages to be printed again.

use newsroom::id::StoryId;
use store::{ActError, Listing, Part, Tx, View};

use super::Denied;
use crate::app::App;
use crate::jobs::{Job, enqueue};

/// Stories asked for in one transaction.
const PAGE: u32 = 500;

/// Asks for one story and the lists.
pub async fn reprint_story(app: &App, story: StoryId) -> Result<(), Denied> {
    ask(app, &[story]).await
}

/// Asks for every published story, newest first, and the lists. Gives how many stories there are.
pub async fn reprint_all(app: &App) -> Result<usize, Denied> {
    ask(app, &[]).await?;
    let mut part = Part::newest(PAGE);
    let mut count = 0;
    loop {
        let page = app.store().view(async |view: &mut View| view.published(Listing::All, part).await).await?;
        let stories: Vec<StoryId> = page.iter().map(|one| one.record.id).collect();
        let Some(last) = page.last() else { return Ok(count) };
        part.after = Some((last.record.shown.at, last.record.id));
        count += stories.len();
        ask(app, &stories).await?;
    }
}

async fn ask(app: &App, stories: &[StoryId]) -> Result<(), Denied> {
    let now = app.now();
    app.store()
        .act(async |tx: &mut Tx| {
            for story in stories {
                enqueue(tx, &Job::PrintStory { story: *story }, now).await?;
            }
            enqueue(tx, &Job::PrintLists, now).await?;
            Ok::<_, ActError<Vec<newsroom::refusal::Refusal>>>(())
        })
        .await?;
    Ok(())
}
