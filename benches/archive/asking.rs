//! What the API's routes for a story do in the records, without the API: the same looks and actions, for `./dev bench`.

use std::io::{Write, stdout};
use std::time::Instant;

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;
use halftone::actions::put_story::put_story;
use halftone::actions::{Who, find_story, load_draft};
use halftone::app::App;
use halftone::exchange::story_file::StoryFile;
use newsroom::id::StoryId;
use serde_json::json;
use store::{StoreError, View};

use super::denied;

/// Does `what` `count` times, `tasks` at once, and tells the seconds as JSON.
pub async fn times(app: &App, story: &str, what: &str, (tasks, count): (usize, usize)) -> Result<()> {
    let story = find_story(app.store(), story).await.map_err(denied)?;
    let story = story.ok_or_else(|| anyhow::anyhow!("no such story"))?;
    let begun = Instant::now();
    try_join_all((0..tasks).map(|task| async move {
        for number in (task..count).step_by(tasks) {
            if what == "writes" {
                write(app, story, number).await?;
            }
            read(app, story).await?;
        }
        anyhow::Ok(())
    }))
    .await?;
    writeln!(stdout(), "{}", json!({ "seconds": begun.elapsed().as_secs_f64() }))?;
    app.store().close().await;
    Ok(())
}

async fn read(app: &App, story: StoryId) -> Result<()> {
    let found = app
        .store()
        .view(async |view: &mut View| {
            view.owner_of_story(story).await?;
            Ok::<_, StoreError>(load_draft(view, story).await?.is_some())
        })
        .await?;
    ensure!(found, "the story is gone");
    Ok(())
}

async fn write(app: &App, story: StoryId, number: usize) -> Result<()> {
    let file = StoryFile { headline: Some(format!("Bench {number}")), ..StoryFile::default() };
    put_story(app, &Who::operator(), story, &file).await.map_err(denied)?;
    Ok(())
}
