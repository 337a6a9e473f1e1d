//! Takes in the originals of photos that have their places already: kept and synced, one transaction a batch. From then on
//! a photo is *in*, and is developed.
//!
//! The same bytes again change nothing (R4), also where they come without the sidecar that they had; but a photo that was
//! refused is tried once more when it is sent again. The same picture with other metadata is an update of the same photo
//! (ARCHITECTURE.md, invariant 5).

use newsroom::facts::PhotoFacts;
use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::shown::show;
use newsroom::slide::Slide;
use newsroom::staff::policy::Permission;
use store::{Decision, Original, PhotoUpdate, Sha256, Tx};

use super::audit::Deed;
use super::draft_photos::{Looked, photo_of_other};
use super::sign::signed;
use super::{Acted, Denied, Who, refuse};
use crate::app::App;
use crate::jobs::{Job, enqueue, leave_drafts, shelve_changed};

/// A photo's file, kept and synced.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The photo that has its place.
    pub photo: PhotoId,
    /// What was seen in the file.
    pub looked: Looked,
    /// Of its bytes.
    pub sha256: Sha256,
    /// Its length in bytes.
    pub bytes: u64,
    /// The sidecar that came with it, kept already.
    pub sidecar: Option<Sha256>,
}

/// What became of an arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// A new photo.
    New,
    /// An update of a photo that was there (invariant 5).
    Update {
        /// The published stories that show it as it was.
        published_in: Vec<StoryId>,
        /// Restrictions that it did not have before, in the file's words (R12).
        restricted: Vec<String>,
    },
    /// Nothing: these bytes were known.
    Known,
}

/// Takes originals in. One answer for each, in their order.
pub async fn attach_originals(app: &App, who: &Who, arrivals: &[Arrival]) -> Result<Vec<Became>, Denied> {
    who.may(Permission::SendPhotos)?;
    let deed = Deed { who, at: app.now(), verb: "attach_originals" };
    let became = app
        .store()
        .act(async |tx: &mut Tx| {
            let mut became = Vec::with_capacity(arrivals.len());
            for arrival in arrivals {
                became.push(attach(tx, arrival, &deed).await?);
            }
            Ok(became)
        })
        .await
        .map_err(Denied::from)?;
    Ok(became)
}

/// Takes a photo whose file could not be taken in out of the drafts in which it has no more than a place. Nothing where
/// another file of it is in.
pub async fn give_up_arrival(app: &App, photo: PhotoId, reason: &str) -> Result<(), Denied> {
    let decision = Decision { at: app.now(), reason: reason.to_owned() };
    app.store()
        .act(async |tx: &mut Tx| {
            if tx.originals_of(photo).await?.is_empty() {
                tx.mark_refused(photo, &decision).await?;
                leave_drafts(tx, photo, decision.at).await?;
                shelve_changed(tx, decision.at).await?;
            }
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

/// Takes in the original of one photo that has its place.
pub(super) async fn attach(tx: &mut Tx, arrival: &Arrival, deed: &Deed<'_>) -> Acted<Became> {
    let known = tx.original(arrival.sha256).await?;
    // Whether they may send to the photo that has its place was asked when it got it; it need not be the one that has these bytes.
    if let Some(original) = known.as_ref().filter(|original| original.photo != arrival.photo) {
        let owner = tx.owner_of_photo(original.photo).await?;
        if !deed.who.reaches(Permission::SendPhotos, owner) {
            return refuse(photo_of_other());
        }
    }
    let (photo, became) = match known {
        Some(original) if arrival.sidecar.is_none() || original.sidecar == arrival.sidecar => {
            (original.photo, Became::Known)
        }
        Some(original) => {
            tx.set_sidecar(arrival.sha256, arrival.sidecar).await?;
            let became = update_photo(tx, original.photo, arrival).await?;
            let after = serde_json::json!({ "original": arrival.sha256, "sidecar": arrival.sidecar });
            deed.to_photo(tx, original.photo, None, Some(after)).await?;
            (original.photo, became)
        }
        None => (arrival.photo, keep_original(tx, arrival, deed).await?),
    };
    tx.forget_refusal(photo).await?;
    if tx.photo(photo).await?.is_some_and(|photo| photo.wants_development()) {
        enqueue(tx, &Job::DevelopPhoto { photo }, deed.at).await?;
    }
    Ok(became)
}

async fn keep_original(tx: &mut Tx, arrival: &Arrival, deed: &Deed<'_>) -> Acted<Became> {
    let photo = arrival.photo;
    let became = if tx.originals_of(photo).await?.is_empty() {
        Became::New
    } else {
        update_photo(tx, photo, arrival).await?
    };
    let original = Original {
        sha256: arrival.sha256,
        photo,
        bytes: arrival.bytes,
        media_type: arrival.looked.media_type.to_owned(),
        added_at: deed.at,
        name: arrival.looked.name.clone(),
        sidecar: arrival.sidecar,
    };
    tx.insert_original(&original).await?;
    let after = serde_json::json!({ "original": arrival.sha256, "name": arrival.looked.name });
    deed.to_photo(tx, photo, None, Some(after)).await?;
    Ok(became)
}

/// Takes the new facts of a photo that was there. Readers go on seeing what was published until the desk publishes
/// again, so the desk is told where that is.
async fn update_photo(tx: &mut Tx, id: PhotoId, arrival: &Arrival) -> Acted<Became> {
    let before = tx.photo(id).await?.map(|photo| restrictions(&photo.facts)).unwrap_or_default();
    let looked = &arrival.looked;
    // Whoever sends the newer file: it is the owner's photo.
    let owner = tx.owner_of_photo(id).await?;
    let (facts, report) = signed(tx, owner, looked).await?;
    let update = PhotoUpdate { name: looked.name.clone(), taken_key: looked.taken_key, facts, report };
    tx.update_photo_facts(id, &update).await?;
    let mut restricted = restrictions(&looked.facts);
    restricted.retain(|text| !before.contains(text));
    Ok(Became::Update { published_in: tx.stories_showing(id).await?, restricted })
}

fn restrictions(facts: &PhotoFacts) -> Vec<String> {
    // Neither the id nor the language of the slide decides what is restricted.
    let shown = show(&Slide::empty(SlideId::new([0; 5])), Some(facts), "en");
    shown.restrictions.into_iter().map(|found| found.restriction.source_text).collect()
}
