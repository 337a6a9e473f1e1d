//! What is read most gets its AVIF first: pictures that many load weigh most.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use newsroom::id::StoryId;
use serve::Site;
use store::{ActError, StoreError, Tx, View};
use tokio::sync::watch;

use crate::app::App;
use crate::jobs::prefer_avif_of;
use crate::pages::address;
use crate::telemetry::chain;

/// How often this process looks at what its readers read.
const LOOK: Duration = Duration::from_secs(60);
/// Stories that are preferred at a time.
const STORIES: usize = 32;

/// Prefers what is read most, again and again, until it is told to stop.
pub(super) async fn prefer_most_read(app: App, site: Arc<Site>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => return,
        }
        if let Err(error) = prefer(&app, &site.most_read()).await {
            tracing::error!(error = %chain(&error), "what is read most could not be preferred");
        }
    }
}

async fn prefer(app: &App, paths: &[String]) -> Result<(), StoreError> {
    let stories = app.store().view(async |view: &mut View| stories_of(view, paths).await).await?;
    if stories.is_empty() {
        return Ok(());
    }
    let now = app.now();
    let preferred = app.store().act(async |tx: &mut Tx| Ok(prefer_avif_of(tx, &stories, now).await?)).await;
    preferred.map_err(|error| match error {
        ActError::Fault(fault) | ActError::Refused(fault) => fault,
    })
}

/// The stories whose pages these are, each once, in this order.
async fn stories_of(view: &mut View, paths: &[String]) -> Result<Vec<StoryId>, StoreError> {
    let (mut seen, mut stories) = (BTreeSet::new(), Vec::new());
    for path in paths.iter().filter(|path| address::is_of_a_story(path)) {
        let keys = view.page_keys(path).await?;
        let mut ids = keys.iter().filter_map(|key| key.strip_prefix("story:")?.parse().ok());
        if let Some(id) = ids.next().filter(|id| seen.insert(*id)) {
            stories.push(id);
        }
        if stories.len() == STORIES {
            break;
        }
    }
    Ok(stories)
}
