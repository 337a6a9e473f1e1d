//! Takes a story or a photo away from readers, and undoes that (R16-R18): the addresses answer 410, every rendition
//! goes, page, lists and feed are printed again, the original stays.

use newsroom::id::{PhotoId, StoryId};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use store::{Decision, Publication, Tx};

use super::audit::Deed;
use super::publish_story::{Drawn, ask_for_neighbours, ask_for_print, grant, revoke_unshown};
use super::put_story::keep;
use super::{Acted, Denied, Who, no_such_story, refuse};
use crate::app::App;
use crate::jobs::{Job, enqueue};

/// What a withdrawal or its undoing touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Stories printed again.
    pub stories: Vec<StoryId>,
    /// Photos taken away or brought back.
    pub photos: Vec<PhotoId>,
}

impl Touched {
    /// All of them, as texts.
    pub fn ids(&self) -> Vec<String> {
        let stories = self.stories.iter().map(ToString::to_string);
        stories.chain(self.photos.iter().map(ToString::to_string)).collect()
    }
}

/// Withdraws a published story and every photo that no other published story shows.
pub async fn withdraw_story(app: &App, who: &Who, id: StoryId, reason: &str) -> Result<Touched, Denied> {
    who.may(Permission::Publish)?;
    let decision = decision(app, reason)?;
    let deed = Deed { who, at: decision.at, verb: "withdraw_story" };
    let outcome = app
        .store()
        .act(async |tx: &mut Tx| {
            let (mut story, publication) = published(tx, id).await?;
            if publication.withdrawn.is_some() {
                return refuse(Refusal::new("withdrawn_already", "The story is withdrawn already."));
            }
            story.moments.withdrawn = Some(decision.at);
            story.withdrawn_reason = Some(decision.reason.clone());
            keep(tx, &story, &deed).await?;
            tx.withdraw_publication(id, &decision).await?;
            tx.take_plan(id).await?;
            tx.revoke_shares(id, decision.at).await?;
            revoke_unshown(tx, &publication.record, decision.at).await?;
            ask_for_neighbours(tx, &publication.record, decision.at).await?;
            ask_for_print(tx, id, decision.at).await?;
            deed.to_story(tx, id, None, Some(serde_json::json!({ "reason": decision.reason }))).await?;
            Ok(Touched { stories: vec![id], photos: photos_of(&publication) })
        })
        .await;
    Ok(outcome?)
}

/// Brings a withdrawn story back as it was published last. Its photos get new addresses.
pub async fn restore_story(app: &App, who: &Who, id: StoryId, reason: &str) -> Result<Touched, Denied> {
    who.may(Permission::Publish)?;
    let decision = decision(app, reason)?;
    let drawn = Drawn::new(app);
    let work = &app.config().work;
    let deed = Deed { who, at: decision.at, verb: "restore_story" };
    let outcome = app
        .store()
        .act(async |tx: &mut Tx| {
            let (mut story, publication) = published(tx, id).await?;
            if publication.withdrawn.is_none() {
                return refuse(Refusal::new("not_withdrawn", "The story is not withdrawn."));
            }
            if let Some(embargo) = tx.embargo(id).await?.filter(|embargo| embargo.stands(decision.at)) {
                return refuse(embargo.refusal());
            }
            story.moments.withdrawn = None;
            story.withdrawn_reason = None;
            let revision = keep(tx, &story, &deed).await?;
            tx.put_publication(&publication.record, revision, publication.published_at).await?;
            ask_for_neighbours(tx, &publication.record, decision.at).await?;
            let mut record = publication.record.clone();
            let photos = develop_again(tx, &photos_of(&publication), &deed).await?;
            record.slides.retain(|slide| slide.photo.is_some_and(|photo| photos.contains(&photo)));
            grant(tx, &record, &drawn, work, decision.at).await?;
            ask_for_print(tx, id, decision.at).await?;
            deed.to_story(tx, id, None, Some(serde_json::json!({ "reason": decision.reason }))).await?;
            Ok(Touched { stories: vec![id], photos })
        })
        .await;
    Ok(outcome?)
}

/// Withdraws a photo wherever it is shown.
pub async fn withdraw_photo(app: &App, who: &Who, id: PhotoId, reason: &str) -> Result<Touched, Denied> {
    who.may(Permission::Publish)?;
    let decision = decision(app, reason)?;
    let deed = Deed { who, at: decision.at, verb: "withdraw_photo" };
    let outcome = app
        .store()
        .act(async |tx: &mut Tx| {
            match tx.photo(id).await? {
                None => return refuse(no_such_photo(id)),
                Some(photo) if photo.withdrawn.is_some() => {
                    return refuse(Refusal::new("withdrawn_already", "The photo is withdrawn already."));
                }
                Some(_) => tx.set_photo_withdrawn(id, Some(&decision)).await?,
            };
            tx.revoke_grant(id, decision.at).await?;
            enqueue(tx, &Job::PurgePhoto { photo: id }, decision.at).await?;
            let stories = tx.stories_showing(id).await?;
            for story in &stories {
                // Nothing may be left of it: then nothing leads to it.
                if let Some(publication) = tx.publication(*story).await? {
                    ask_for_neighbours(tx, &publication.record, decision.at).await?;
                }
                ask_for_print(tx, *story, decision.at).await?;
            }
            deed.to_photo(tx, id, None, Some(serde_json::json!({ "reason": decision.reason }))).await?;
            Ok(Touched { stories, photos: vec![id] })
        })
        .await;
    Ok(outcome?)
}

/// Brings a withdrawn photo back into the published stories that show it, under a new address.
pub async fn restore_photo(app: &App, who: &Who, id: PhotoId, reason: &str) -> Result<Touched, Denied> {
    who.may(Permission::Publish)?;
    let decision = decision(app, reason)?;
    let drawn = Drawn::new(app);
    let work = &app.config().work;
    let deed = Deed { who, at: decision.at, verb: "restore_photo" };
    let outcome = app
        .store()
        .act(async |tx: &mut Tx| {
            match tx.photo(id).await? {
                None => return refuse(no_such_photo(id)),
                Some(photo) if photo.withdrawn.is_none() => {
                    return refuse(Refusal::new("not_withdrawn", "The photo is not withdrawn."));
                }
                Some(_) => tx.set_photo_withdrawn(id, None).await?,
            };
            develop_again(tx, &[id], &deed).await?;
            let stories = tx.stories_showing(id).await?;
            for story in &stories {
                if let Some(publication) = tx.publication(*story).await? {
                    ask_for_neighbours(tx, &publication.record, decision.at).await?;
                    let mut record = publication.record;
                    record.slides.retain(|slide| slide.photo == Some(id));
                    grant(tx, &record, &drawn, work, decision.at).await?;
                }
                ask_for_print(tx, *story, decision.at).await?;
            }
            deed.to_photo(tx, id, None, Some(serde_json::json!({ "reason": decision.reason }))).await?;
            Ok(Touched { stories, photos: vec![id] })
        })
        .await;
    Ok(outcome?)
}

/// Asks for the development of the photos that are neither withdrawn nor refused, and gives those.
async fn develop_again(tx: &mut Tx, photos: &[PhotoId], deed: &Deed<'_>) -> Acted<Vec<PhotoId>> {
    let mut back = Vec::new();
    for id in photos {
        let Some(photo) = tx.photo(*id).await? else { continue };
        if photo.withdrawn.is_some() || photo.refused.is_some() {
            continue;
        }
        enqueue(tx, &Job::DevelopPhoto { photo: *id }, deed.at).await?;
        back.push(*id);
    }
    Ok(back)
}

async fn published(tx: &mut Tx, id: StoryId) -> Acted<(newsroom::story::Story, Publication)> {
    let Some(story) = tx.story(id).await? else { return refuse(no_such_story(&id.to_string())) };
    match tx.publication(id).await? {
        Some(publication) => Ok((story, publication)),
        None => refuse(Refusal::new(
            "never_published",
            "The story was never published; there is nothing to withdraw.",
        )),
    }
}

fn photos_of(publication: &Publication) -> Vec<PhotoId> {
    publication.record.slides.iter().filter_map(|slide| slide.photo).collect()
}

fn decision(app: &App, reason: &str) -> Result<Decision, Denied> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new("reason_missing", "A withdrawal, and its undoing, needs a reason.")
            .rule("R18")
            .into());
    }
    Ok(Decision { at: app.now(), reason: reason.to_owned() })
}

/// The refusal for an id that no photo has.
pub fn no_such_photo(id: PhotoId) -> Refusal {
    Refusal::new("photo_unknown", format!("No photo has the id {id}."))
}
