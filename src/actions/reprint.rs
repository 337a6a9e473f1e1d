//! Asks for pages to be printed again.

use newsroom::id::StoryId;
use store::{ActError, Tx};

use super::Denied;
use crate::app::App;
use crate::jobs::{Job, List, ask_for_archive, enqueue};

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

/// Asks for every story that was ever published, and for the lists. Gives how many stories there are.
pub async fn reprint_all(app: &App) -> Result<usize, Denied> {
    Ok(ask_for_archive(app).await?)
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
