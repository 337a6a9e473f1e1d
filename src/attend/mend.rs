//! Has what was found damaged printed again.

use std::collections::BTreeMap;

use newsroom::id::StoryId;
use newsroom::moment::Moment;
use store::{StoreError, View};
use tokio::sync::{mpsc, watch};

use crate::actions::Denied;
use crate::actions::reprint::{reprint_all, reprint_list, reprint_story};
use crate::app::App;
use crate::jobs::List;

/// Seconds for which a damaged path is not asked for again.
const MENDED_FOR: i64 = 10;

/// Has what was found damaged printed again: the stories on a path, or what else is made there.
pub(super) async fn mend(app: App, damaged: &mut mpsc::Receiver<String>, mut stop: watch::Receiver<bool>) {
    // A path that is asked for a thousand times is printed again once.
    let mut asked_for: BTreeMap<String, Moment> = BTreeMap::new();
    loop {
        let path = tokio::select! {
            path = damaged.recv() => path,
            _ = stop.changed() => return,
        };
        let Some(path) = path else { return };
        let now = app.now();
        asked_for.retain(|_, at| at.plus_seconds(MENDED_FOR) > now);
        if asked_for.insert(path.clone(), now).is_some() {
            continue;
        }
        let asked = match stories_on(&app, &path).await {
            Ok(stories) if stories.is_empty() => mend_without_story(&app, &path).await,
            Ok(stories) => {
                let mut outcome = Ok(());
                for story in stories {
                    outcome = outcome.and(reprint_story(&app, story).await);
                }
                outcome
            }
            Err(error) => Err(error.into()),
        };
        match asked {
            Ok(()) => tracing::warn!(path, "a damaged page is printed again"),
            Err(error) => tracing::error!(path, %error, "a damaged page could not be asked for again"),
        }
    }
}

/// Has what is on no story's path printed again: a list alone, else everything. A list would have its turn after all
/// stories otherwise, and be asked for again before it came.
async fn mend_without_story(app: &App, path: &str) -> Result<(), Denied> {
    match List::that_makes(path) {
        Some(list) => reprint_list(app, list).await,
        None => reprint_all(app).await.map(drop),
    }
}

/// The stories whose print makes a path; none for lists and assets.
async fn stories_on(app: &App, path: &str) -> Result<Vec<StoryId>, StoreError> {
    app.store()
        .view(async |view: &mut View| {
            if let Some(token) = path.strip_prefix("/i/").and_then(|rest| rest.split('/').next()) {
                return match view.grant_of_token(token).await? {
                    Some(grant) => view.stories_showing(grant.photo).await,
                    None => Ok(Vec::new()),
                };
            }
            let keys = view.page_keys(path).await?;
            Ok(keys.iter().filter_map(|key| key.strip_prefix("story:")?.parse().ok()).collect())
        })
        .await
}
