//! The photo library: what is found by a question, lists, and where a photo is used. [`crate::shelving`] keeps what is
//! asked here.
//!
//! A photo has a number, in the order of their coming, and each term of it a set of numbers, in blocks of 4,096. A
//! question reads the sets of its terms and cuts them here: at a million photos 245 rows a term, whatever the term is
//! and however seldom terms meet. Both databases do no more than give rows by their keys.

use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::library::Question;
use newsroom::moment::Moment;
use newsroom::published::PublishedStory;

use crate::action::View;
use crate::error::StoreError;
use crate::photos::{Decision, Photo, columns, decision, photo};
use crate::postings::{Bits, PER_BLOCK, Photos, intersect, unite};
use crate::statement::statements;
use crate::stories::last_id;
use crate::value::{Value, binds};

/// Terms of a condition that are read by one statement.
const TERMS: usize = 8;
/// Photos that are read by one statement.
const PHOTOS: usize = 16;

statements! { "photo_shelf";
    /// A condition of fewer terms repeats its last one.
    POSTINGS = "SELECT block, photos FROM photo_postings WHERE term IN ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_NUMBER = concat!("SELECT number, ", columns!(), " FROM photo_shelf JOIN photos ON photos.id = photo_shelf.photo
        WHERE number IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
    NEWEST = concat!("SELECT ", columns!(), " FROM photos
        WHERE created_at <= $1 AND (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3");
    PRINTS_SINCE = "SELECT number, version, gradient_hash FROM photo_shelf WHERE version > $1
        ORDER BY version, number LIMIT $2";
    VERSION_IS_WHOLE = "SELECT number, version, gradient_hash FROM photo_shelf WHERE version = $1 ORDER BY number";
    ON_SLIDES = "SELECT slides.story AS story, slides.id AS slide, place_in_story, headline, slug
        FROM slides JOIN stories ON stories.id = slides.story WHERE slides.photo = $1
        ORDER BY slides.story DESC LIMIT $2";
    IN_PUBLICATIONS = "SELECT p.story AS story, published_at, withdrawn_at, withdrawn_reason, record
        FROM publication_photos w JOIN publications p ON p.story = w.story WHERE w.photo = $1
        ORDER BY w.story DESC LIMIT $2";
}

/// Where a hit stands among all hits of a question: those that more of its words found in headlines, names, places and
/// keywords come first, of equals the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Words of the question that stand where they count most.
    pub words: u32,
    /// The photo's number; a newer one has a higher.
    pub number: u32,
}

/// A photo that answers a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The photo.
    pub photo: Photo,
    /// Where it stands; the next part of the list begins after it.
    pub rank: Rank,
}

/// A part of what answers a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How many photos answer it in all.
    pub total: u64,
    /// Those of this part, in order.
    pub hits: Vec<Hit>,
}

/// A story that has a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoUse {
    /// Which.
    pub story: StoryId,
    /// Its headline, as published, else as the draft has it.
    pub headline: String,
    /// The numbers, from 1, and ids of the slides that have the photo in the draft.
    pub drafted: Vec<(u32, SlideId)>,
    /// What readers saw of it last, where it was published with the photo.
    pub published: Option<PublishedUse>,
}

/// A photo in a story as it was published last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedUse {
    /// When.
    pub at: Moment,
    /// The numbers, from 1, and ids of its slides.
    pub slides: Vec<(u32, SlideId)>,
    /// Why readers see the story no more, where it was withdrawn.
    pub withdrawn: Option<Decision>,
}

impl View {
    /// The photos that answer a question, at most `limit` behind `after`. A question that asks nothing is answered by
    /// [`View::newest_photos`].
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn find_photos(
        &mut self,
        question: &Question,
        after: Option<Rank>,
        limit: u32,
    ) -> Result<Found, StoreError> {
        let mut found: Option<Photos> = None;
        for terms in &question.conditions {
            let any = self.photos_with(terms).await?;
            match &mut found {
                Some(found) => intersect(found, &any),
                None => found = Some(any),
            }
            if found.as_ref().is_some_and(Photos::is_empty) {
                break;
            }
        }
        let found = found.unwrap_or_default();
        let mut ranks = Vec::new();
        for terms in question.ranks.iter().filter(|_| !found.is_empty()) {
            ranks.push(self.photos_with(terms).await?);
        }
        let ranked = first_of(&found, &ranks, after, limit as usize);
        let mut hits = self.photos_numbered(&ranked).await?;
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.rank));
        Ok(Found { total: found.values().map(Bits::count).sum(), hits })
    }

    /// All photos, newest first, at most `limit` behind the one that came at a moment and has this id.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn newest_photos(
        &mut self,
        after: Option<(Moment, PhotoId)>,
        limit: u32,
    ) -> Result<Vec<Photo>, StoreError> {
        let last = PhotoId::from_uuid(last_id().as_uuid());
        let (at, id) = after.unwrap_or((Moment::from_micros(i64::MAX), last));
        self.rows(NEWEST, binds![at, id, limit]).await?.iter().map(photo).collect()
    }

    /// What changed among the fingerprints of shelved photos since a version, oldest change first: number, fingerprint and
    /// version of each. Some of what is given was perhaps known; none means that nothing changed. About `limit` at most.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn prints_since(
        &mut self,
        version: i64,
        limit: u32,
    ) -> Result<Vec<(u32, Option<u64>, i64)>, StoreError> {
        let mut rows = self.rows(PRINTS_SINCE, binds![version, limit]).await?;
        if rows.len() >= limit as usize
            && let Some(last) = rows.last()
        {
            // Several photos have one version: the last one is given whole.
            let last = last.int("version")?;
            rows.extend(self.rows(VERSION_IS_WHOLE, binds![last]).await?);
        }
        rows.iter()
            .map(|row| {
                let print = row.maybe_int("gradient_hash")?.map(i64::cast_unsigned);
                Ok((row.count("number")?, print, row.int("version")?))
            })
            .collect()
    }

    /// The photos that have one of these numbers, by number.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn photos_by_number(&mut self, numbers: &[u32]) -> Result<Vec<(u32, Photo)>, StoreError> {
        let mut photos = Vec::with_capacity(numbers.len());
        for some in numbers.chunks(PHOTOS) {
            let Some(last) = some.last() else { continue };
            let slots = some.iter().chain(std::iter::repeat(last)).take(PHOTOS);
            let rows = self.rows(BY_NUMBER, slots.map(|number| Value::from(*number)).collect()).await?;
            for row in &rows {
                photos.push((row.count("number")?, photo(row)?));
            }
        }
        photos.sort_by_key(|(number, _)| *number);
        Ok(photos)
    }

    /// The stories that have a photo on a slide, or had it when they were published last, newest first, of at most
    /// `limit` slides and as many publications.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn uses_of_photo(&mut self, id: PhotoId, limit: u32) -> Result<Vec<PhotoUse>, StoreError> {
        let mut uses: Vec<PhotoUse> = Vec::new();
        for row in self.rows(ON_SLIDES, binds![id, limit]).await? {
            let story = row.id("story", StoryId::from_uuid)?;
            let slide = (row.count("place_in_story")?, row.parsed("slide", crate::slides::slide_id)?);
            match uses.last_mut().filter(|last| last.story == story) {
                Some(last) => last.drafted.push(slide),
                None => {
                    let headline = row.text("headline")?;
                    uses.push(PhotoUse { story, headline, drafted: vec![slide], published: None });
                }
            }
        }
        for row in self.rows(IN_PUBLICATIONS, binds![id, limit]).await? {
            let record: PublishedStory = row.json("record")?;
            let shown = (1..).zip(record.slides).filter(|(_, slide)| slide.photo == Some(id));
            let published = Some(PublishedUse {
                at: row.moment("published_at")?,
                slides: shown.map(|(number, slide)| (number, slide.id)).collect(),
                withdrawn: decision(&row, "withdrawn_at", "withdrawn_reason")?,
            });
            match uses.iter_mut().find(|one| one.story == record.id) {
                Some(one) => (one.headline, one.published) = (record.headline, published),
                None => uses.push(PhotoUse {
                    story: record.id,
                    headline: record.headline,
                    drafted: Vec::new(),
                    published,
                }),
            }
        }
        uses.iter_mut().for_each(|one| one.drafted.sort());
        uses.sort_by_key(|one| std::cmp::Reverse(one.story));
        Ok(uses)
    }

    /// The photos with any of the terms.
    async fn photos_with(&mut self, terms: &[String]) -> Result<Photos, StoreError> {
        let mut photos = Photos::new();
        for some in terms.chunks(TERMS) {
            let Some(last) = some.last() else { continue };
            let slots = some.iter().chain(std::iter::repeat(last)).take(TERMS);
            for row in self.rows(POSTINGS, slots.map(Value::from).collect()).await? {
                let bits = Bits::parse(&row.text("photos")?).map_err(|cause| row.corrupt("photos", cause))?;
                unite(&mut photos, row.count("block")?, bits);
            }
        }
        Ok(photos)
    }

    async fn photos_numbered(&mut self, ranks: &[Rank]) -> Result<Vec<Hit>, StoreError> {
        let numbers: Vec<u32> = ranks.iter().map(|rank| rank.number).collect();
        let photos = self.photos_by_number(&numbers).await?.into_iter();
        let hit = |(number, photo)| {
            let rank = *ranks.iter().find(|rank| rank.number == number)?;
            Some(Hit { photo, rank })
        };
        Ok(photos.filter_map(hit).collect())
    }
}

/// The first `limit` of the photos by their ranks, behind `after`.
fn first_of(found: &Photos, ranks: &[Photos], after: Option<Rank>, limit: usize) -> Vec<Rank> {
    let mut by_words: Vec<Vec<Rank>> = vec![Vec::new(); ranks.len() + 1];
    for (block, bits) in found.iter().rev() {
        let counting: Vec<&Bits> = ranks.iter().filter_map(|photos| photos.get(block)).collect();
        for place in bits.downwards() {
            let words = counting.iter().filter(|bits| bits.has(place)).count();
            let rank = Rank { words: u32::try_from(words).unwrap_or(0), number: block * PER_BLOCK + place };
            let Some(those) = by_words.get_mut(words) else { continue };
            if those.len() < limit && after.is_none_or(|after| rank < after) {
                those.push(rank);
            }
        }
    }
    by_words.into_iter().rev().flatten().take(limit).collect()
}
