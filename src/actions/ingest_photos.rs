//! Takes photos that have come in, whose originals are kept and synced already, into a story.
//!
//! The same bytes again change nothing (R4), also where they come without the sidecar that they had; but a photo that was
//! refused is tried once more when it is sent again. The same picture with other metadata is an update of the same photo
//! (ARCHITECTURE.md, invariant 5). A photo that is not in the story yet gets a slide at the end, in the order given;
//! where slides wait for their pictures it is proposed for the slide with its caption instead, never attached by guess.

use newsroom::facts::PhotoFacts;
use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::matching::propose;
use newsroom::published::PixelSize;
use newsroom::shown::show;
use newsroom::slide::Slide;
use newsroom::story::Story;
use store::{Original, Photo, PhotoUpdate, Sha256, Tx};

use super::audit::Deed;
use super::put_story::keep;
use super::{Acted, Denied, Who, load_draft, no_such_story, refuse};
use crate::app::App;
use crate::jobs::{Job, enqueue};

/// A photo whose original is kept.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Of the original's bytes.
    pub sha256: Sha256,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// By content (R40).
    pub media_type: &'static str,
    /// The file's name.
    pub name: String,
    /// The sidecar that came with it, kept already.
    pub sidecar: Option<Sha256>,
    /// Names the picture without its metadata.
    pub picture_hash: String,
    /// Upright size.
    pub size: PixelSize,
    /// Merged facts (R1-R3).
    pub facts: PhotoFacts,
    /// The darkroom's report, as JSON.
    pub report: String,
    /// Its place by time taken; see [`newsroom::order`].
    pub taken_key: Option<i64>,
}

/// What to do where slides wait for their pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placing {
    /// Propose photos for slides by their captions.
    ByCaption,
    /// Attach photos to waiting slides in order, because the desk said so.
    ByOrder,
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

/// An arrival that is in.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The photo.
    pub photo: PhotoId,
    /// What it became.
    pub became: Became,
    /// The slide for which it is proposed, where it is.
    pub proposed: Option<SlideId>,
}

/// Takes arrivals in, in their order. One answer for each.
pub async fn ingest_photos(
    app: &App,
    who: &Who,
    story: StoryId,
    arrivals: &[Arrival],
    placing: Placing,
) -> Result<Vec<Taken>, Denied> {
    let fresh = arrivals.iter().map(|_| Fresh { photo: app.photo_id(), slide: app.slide_id(&[]) }).collect();
    let batch = Batch { arrivals, placing, fresh, spare: (0..64).map(|_| app.slide_id(&[])).collect() };
    let deed = Deed { who, at: app.now(), verb: "ingest_photos" };
    let taken = app.store().act(async |tx: &mut Tx| batch.take_in(tx, story, &deed).await).await?;
    Ok(taken)
}

/// Ids drawn before the transaction, which may run more than once.
struct Fresh {
    photo: PhotoId,
    slide: SlideId,
}

struct Batch<'a> {
    arrivals: &'a [Arrival],
    placing: Placing,
    fresh: Vec<Fresh>,
    spare: Vec<SlideId>,
}

impl Batch<'_> {
    async fn take_in(&self, tx: &mut Tx, id: StoryId, deed: &Deed<'_>) -> Acted<Vec<Taken>> {
        let Some(draft) = load_draft(tx, id).await? else { return refuse(no_such_story(&id.to_string())) };
        let mut taken = Vec::with_capacity(self.arrivals.len());
        for (arrival, fresh) in self.arrivals.iter().zip(&self.fresh) {
            taken.push(keep_photo(tx, arrival, fresh, deed).await?);
        }
        let mut story = draft.story.clone();
        self.place(&mut story, &mut taken);
        if story != draft.story {
            story.moments.changed = deed.at;
            keep(tx, &story).await?;
            enqueue(tx, &Job::PrepareStory { story: id }, deed.at).await?;
            let photos: Vec<PhotoId> = taken.iter().map(|one| one.photo).collect();
            deed.to_story(tx, id, None, Some(serde_json::json!({ "photos": photos }))).await?;
        }
        Ok(taken)
    }

    fn place(&self, story: &mut Story, taken: &mut [Taken]) {
        let mut homeless: Vec<usize> = Vec::new();
        for (index, one) in taken.iter().enumerate() {
            let here = story
                .slides
                .iter()
                .any(|slide| slide.photo == Some(one.photo) || slide.proposed == Some(one.photo));
            let twice =
                homeless.iter().any(|other| taken.get(*other).is_some_and(|other| other.photo == one.photo));
            if !here && !twice {
                homeless.push(index);
            }
        }
        match self.placing {
            Placing::ByOrder => {
                let mut waiting = story.slides.iter_mut().filter(|slide| slide.photo.is_none());
                homeless.retain(|index| match (waiting.next(), taken.get(*index)) {
                    (Some(slide), Some(one)) => {
                        slide.photo = Some(one.photo);
                        slide.proposed = None;
                        false
                    }
                    _ => true,
                });
            }
            Placing::ByCaption => self.propose(story, taken, &mut homeless),
        }
        for index in homeless {
            let (Some(one), Some(fresh)) = (taken.get(index), self.fresh.get(index)) else { continue };
            let id = self.free_id(story, &fresh.slide);
            story.slides.push(Slide { photo: Some(one.photo), ..Slide::empty(id) });
        }
    }

    fn propose(&self, story: &mut Story, taken: &mut [Taken], homeless: &mut Vec<usize>) {
        let waiting: Vec<(SlideId, String)> = story
            .slides
            .iter()
            .filter(|slide| slide.photo.is_none() && slide.proposed.is_none())
            .map(|slide| (slide.id.clone(), slide.caption.clone().unwrap_or_default()))
            .collect();
        let photos: Vec<(PhotoId, &str)> = homeless
            .iter()
            .filter_map(|index| {
                Some((taken.get(*index)?.photo, self.arrivals.get(*index)?.facts.description.as_deref()?))
            })
            .collect();
        let slides: Vec<(SlideId, &str)> =
            waiting.iter().map(|(id, caption)| (id.clone(), caption.as_str())).collect();
        for proposal in propose(&slides, &photos) {
            if let Some(slide) = story.slides.iter_mut().find(|slide| slide.id == proposal.slide) {
                slide.proposed = Some(proposal.photo);
            }
            if let Some(one) = taken.iter_mut().find(|one| one.photo == proposal.photo) {
                one.proposed = Some(proposal.slide.clone());
            }
            homeless.retain(|index| taken.get(*index).is_none_or(|one| one.photo != proposal.photo));
        }
    }

    fn free_id(&self, story: &Story, first: &SlideId) -> SlideId {
        let free = |id: &&SlideId| !story.slides.iter().any(|slide| slide.id == **id);
        std::iter::once(first).chain(&self.spare).find(free).unwrap_or(first).clone()
    }
}

/// Keeps one photo's records and asks for its development where it has none.
async fn keep_photo(tx: &mut Tx, arrival: &Arrival, fresh: &Fresh, deed: &Deed<'_>) -> Acted<Taken> {
    let (photo, became) = match tx.original(arrival.sha256).await? {
        Some(original) if arrival.sidecar.is_none() || original.sidecar == arrival.sidecar => {
            tx.forget_refusal(original.photo).await?;
            (original.photo, Became::Known)
        }
        Some(original) => {
            tx.set_sidecar(arrival.sha256, arrival.sidecar).await?;
            let became = update_photo(tx, original.photo, arrival).await?;
            let after = serde_json::json!({ "original": arrival.sha256, "sidecar": arrival.sidecar });
            deed.to_photo(tx, original.photo, None, Some(after)).await?;
            (original.photo, became)
        }
        None => keep_original(tx, arrival, fresh, deed).await?,
    };
    if tx.photo(photo).await?.is_some_and(|photo| photo.wants_development()) {
        enqueue(tx, &Job::DevelopPhoto { photo }, deed.at).await?;
    }
    Ok(Taken { photo, became, proposed: None })
}

/// Takes the new facts of a photo that was there. Readers go on seeing what was published until the desk publishes
/// again, so the desk is told where that is.
async fn update_photo(tx: &mut Tx, id: PhotoId, arrival: &Arrival) -> Acted<Became> {
    let before = tx.photo(id).await?.map(|photo| restrictions(&photo.facts)).unwrap_or_default();
    tx.update_photo_facts(id, &update(arrival)).await?;
    let mut restricted = restrictions(&arrival.facts);
    restricted.retain(|text| !before.contains(text));
    Ok(Became::Update { published_in: tx.stories_showing(id).await?, restricted })
}

fn restrictions(facts: &PhotoFacts) -> Vec<String> {
    // Neither the id nor the language of the slide decides what is restricted.
    let shown = show(&Slide::empty(SlideId::new([0; 5])), Some(facts), "en");
    shown.restrictions.into_iter().map(|found| found.restriction.source_text).collect()
}

async fn keep_original(
    tx: &mut Tx,
    arrival: &Arrival,
    fresh: &Fresh,
    deed: &Deed<'_>,
) -> Acted<(PhotoId, Became)> {
    let (photo, became) = match tx.photo_id_of_picture(&arrival.picture_hash).await? {
        Some(photo) => (photo, update_photo(tx, photo, arrival).await?),
        None => {
            tx.insert_photo(&new_photo(arrival, fresh.photo, deed)).await?;
            (fresh.photo, Became::New)
        }
    };
    let original = Original {
        sha256: arrival.sha256,
        photo,
        bytes: arrival.bytes,
        media_type: arrival.media_type.to_owned(),
        added_at: deed.at,
        name: arrival.name.clone(),
        sidecar: arrival.sidecar,
    };
    tx.insert_original(&original).await?;
    let after = serde_json::json!({ "original": arrival.sha256, "name": arrival.name });
    deed.to_photo(tx, photo, None, Some(after)).await?;
    Ok((photo, became))
}

fn update(arrival: &Arrival) -> PhotoUpdate {
    PhotoUpdate {
        name: arrival.name.clone(),
        taken_key: arrival.taken_key,
        facts: arrival.facts.clone(),
        report: arrival.report.clone(),
    }
}

fn new_photo(arrival: &Arrival, id: PhotoId, deed: &Deed<'_>) -> Photo {
    Photo {
        id,
        picture_hash: arrival.picture_hash.clone(),
        created_at: deed.at,
        name: arrival.name.clone(),
        taken_key: arrival.taken_key,
        size: arrival.size,
        facts: arrival.facts.clone(),
        report: arrival.report.clone(),
        developed_at: None,
        colour: None,
        refused: None,
        withdrawn: None,
    }
}
