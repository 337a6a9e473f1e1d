//! Makes slides for photos that were looked at, before their files are in: a desk goes on working with captions and order
//! while two hundred files are copied and synced. [`super::attach_originals`] brings the files.
//!
//! A photo that is not in the story yet gets a slide at the end, in the order given; where slides wait for their pictures
//! it is proposed for the slide with its caption instead, never attached by guess.

use newsroom::facts::PhotoFacts;
use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::matching::propose;
use newsroom::published::PixelSize;
use newsroom::refusal::Refusal;
use newsroom::slide::Slide;
use newsroom::staff::policy::Permission;
use newsroom::story::Story;
use store::{Photo, Tx};

use super::audit::Deed;
use super::put_story::keep;
use super::sign::signed;
use super::{Acted, Denied, Who, load_draft, must_reach, no_such_story, refuse};
use crate::app::App;
use crate::jobs::{Job, enqueue};

/// A photo that was looked at.
#[derive(Debug, Clone)]
pub struct Looked {
    /// By content (R40).
    pub media_type: &'static str,
    /// The file's name.
    pub name: String,
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

impl Looked {
    /// What was seen of a photo that is here, for whoever sends it again.
    pub(super) fn again(photo: &Photo) -> Self {
        Self {
            // Of no account: what says it is the original that is kept already.
            media_type: "application/octet-stream",
            name: photo.name.clone(),
            picture_hash: photo.picture_hash.clone(),
            size: photo.size,
            facts: photo.facts.clone(),
            report: photo.report.clone(),
            taken_key: photo.taken_key,
        }
    }
}

/// What to do where slides wait for their pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placing {
    /// Propose photos for slides by their captions.
    ByCaption,
    /// Attach photos to waiting slides in order, because the desk said so.
    ByOrder,
}

/// A photo that has its place in the draft.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// The photo.
    pub photo: PhotoId,
    /// The slide for which it is proposed, where it is.
    pub proposed: Option<SlideId>,
}

/// Gives photos their places in the draft, in their order. One answer for each.
pub async fn draft_photos(
    app: &App,
    who: &Who,
    story: StoryId,
    looked: &[Looked],
    placing: Placing,
) -> Result<Vec<Drafted>, Denied> {
    let batch = Sent::new(app, looked, placing);
    let deed = Deed { who, at: app.now(), verb: "draft_photos" };
    let drafted = app.store().act(async |tx: &mut Tx| batch.draft(tx, story, &deed).await).await?;
    Ok(drafted)
}

/// Writes photos down that have no place in a story, in the name of whoever sends them. Gives all of them, in their order.
pub async fn keep_photos(app: &App, who: &Who, looked: &[Looked]) -> Result<Vec<PhotoId>, Denied> {
    who.may(Permission::SendPhotos)?;
    let batch = Sent::new(app, looked, Placing::ByCaption);
    let deed = Deed { who, at: app.now(), verb: "draft_photos" };
    let kept = app.store().act(async |tx: &mut Tx| batch.keep(tx, &deed).await).await?;
    Ok(kept)
}

/// Ids drawn before the transaction, which may run more than once.
struct Fresh {
    photo: PhotoId,
    slide: SlideId,
}

/// Photos that were sent together.
pub(super) struct Sent<'a> {
    looked: &'a [Looked],
    placing: Placing,
    fresh: Vec<Fresh>,
    spare: Vec<SlideId>,
}

impl<'a> Sent<'a> {
    pub(super) fn new(app: &App, looked: &'a [Looked], placing: Placing) -> Self {
        let fresh =
            looked.iter().map(|_| Fresh { photo: app.photo_id(), slide: app.slide_id(&[]) }).collect();
        Self { looked, placing, fresh, spare: (0..64).map(|_| app.slide_id(&[])).collect() }
    }

    /// Writes down those that are new, without a place in a story. Gives all of them, in their order.
    pub(super) async fn keep(&self, tx: &mut Tx, deed: &Deed<'_>) -> Acted<Vec<PhotoId>> {
        let mut photos = Vec::with_capacity(self.looked.len());
        for (looked, fresh) in self.looked.iter().zip(&self.fresh) {
            let photo = match tx.photo_id_of_picture(&looked.picture_hash).await? {
                Some(photo) => {
                    let owner = tx.owner_of_photo(photo).await?;
                    if !deed.who.reaches(Permission::SendPhotos, owner) {
                        return refuse(photo_of_other());
                    }
                    photo
                }
                None => {
                    let owner = deed.who.member();
                    let (facts, report) = signed(tx, owner, looked).await?;
                    let new = Photo { facts, report, ..new_photo(looked, fresh.photo, deed) };
                    tx.insert_photo(&new).await?;
                    if let Some(owner) = owner {
                        tx.own_photo(fresh.photo, owner).await?;
                    }
                    fresh.photo
                }
            };
            photos.push(photo);
        }
        Ok(photos)
    }

    pub(super) async fn draft(&self, tx: &mut Tx, id: StoryId, deed: &Deed<'_>) -> Acted<Vec<Drafted>> {
        must_reach(tx, deed.who, Permission::SendPhotos, id).await?;
        let Some(draft) = load_draft(tx, id).await? else { return refuse(no_such_story(&id.to_string())) };
        let photos = self.keep(tx, deed).await?;
        let mut drafted: Vec<Drafted> =
            photos.into_iter().map(|photo| Drafted { photo, proposed: None }).collect();
        let mut story = draft.story.clone();
        self.place(&mut story, &mut drafted);
        if story != draft.story {
            story.moments.changed = deed.at;
            keep(tx, &story, deed).await?;
            enqueue(tx, &Job::PrepareStory { story: id }, deed.at).await?;
            let photos: Vec<PhotoId> = drafted.iter().map(|one| one.photo).collect();
            deed.to_story(tx, id, None, Some(serde_json::json!({ "photos": photos }))).await?;
        }
        Ok(drafted)
    }

    fn place(&self, story: &mut Story, drafted: &mut [Drafted]) {
        let mut homeless: Vec<usize> = Vec::new();
        for (index, one) in drafted.iter().enumerate() {
            let here = story
                .slides
                .iter()
                .any(|slide| slide.photo == Some(one.photo) || slide.proposed == Some(one.photo));
            let twice = homeless
                .iter()
                .any(|other| drafted.get(*other).is_some_and(|other| other.photo == one.photo));
            if !here && !twice {
                homeless.push(index);
            }
        }
        match self.placing {
            Placing::ByOrder => {
                let mut waiting = story.slides.iter_mut().filter(|slide| slide.photo.is_none());
                homeless.retain(|index| match (waiting.next(), drafted.get(*index)) {
                    (Some(slide), Some(one)) => {
                        slide.photo = Some(one.photo);
                        slide.proposed = None;
                        false
                    }
                    _ => true,
                });
            }
            Placing::ByCaption => self.propose(story, drafted, &mut homeless),
        }
        for index in homeless {
            let (Some(one), Some(fresh)) = (drafted.get(index), self.fresh.get(index)) else { continue };
            let id = self.free_id(story, &fresh.slide);
            story.slides.push(Slide { photo: Some(one.photo), ..Slide::empty(id) });
        }
    }

    fn propose(&self, story: &mut Story, drafted: &mut [Drafted], homeless: &mut Vec<usize>) {
        let waiting: Vec<(SlideId, String)> = story
            .slides
            .iter()
            .filter(|slide| slide.photo.is_none() && slide.proposed.is_none())
            .map(|slide| (slide.id.clone(), slide.caption.clone().unwrap_or_default()))
            .collect();
        let photos: Vec<(PhotoId, &str)> = homeless
            .iter()
            .filter_map(|index| {
                Some((drafted.get(*index)?.photo, self.looked.get(*index)?.facts.description.as_deref()?))
            })
            .collect();
        let slides: Vec<(SlideId, &str)> =
            waiting.iter().map(|(id, caption)| (id.clone(), caption.as_str())).collect();
        for proposal in propose(&slides, &photos) {
            if let Some(slide) = story.slides.iter_mut().find(|slide| slide.id == proposal.slide) {
                slide.proposed = Some(proposal.photo);
            }
            if let Some(one) = drafted.iter_mut().find(|one| one.photo == proposal.photo) {
                one.proposed = Some(proposal.slide.clone());
            }
            homeless.retain(|index| drafted.get(*index).is_none_or(|one| one.photo != proposal.photo));
        }
    }

    fn free_id(&self, story: &Story, first: &SlideId) -> SlideId {
        let free = |id: &&SlideId| !story.slides.iter().any(|slide| slide.id == **id);
        std::iter::once(first).chain(&self.spare).find(free).unwrap_or(first).clone()
    }
}

/// The refusal for a picture that somebody else sent.
pub(super) fn photo_of_other() -> Refusal {
    Refusal::new("photo_of_other", "This picture is here already, and somebody else sent it.")
}

fn new_photo(looked: &Looked, id: PhotoId, deed: &Deed<'_>) -> Photo {
    Photo {
        id,
        picture_hash: looked.picture_hash.clone(),
        created_at: deed.at,
        name: looked.name.clone(),
        taken_key: looked.taken_key,
        size: looked.size,
        facts: looked.facts.clone(),
        report: looked.report.clone(),
        developed_at: None,
        colour: None,
        measured: None,
        refused: None,
        withdrawn: None,
    }
}
