//! Asking the photo library: what is found by words and filters, and where a photo is used.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use newsroom::id::PhotoId;
use newsroom::library::{Field, Filter, Findable, FoundIn, Question};
use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::search::{NotAQuery, Query};
use newsroom::staff::policy::{Permission, Reach};
use store::{ActError, Photo, PhotoUse, Rank, Shelved, StoreError, Tx, View};

use super::withdraw::no_such_photo;
use super::{Denied, Who};
use crate::app::App;
use crate::jobs::{Job, enqueue};

/// Photos of one answer at most.
pub const MOST: u32 = 200;
/// Slides, and publications, of which the uses of a photo are told.
const USES: u32 = 500;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Words, every one of which has to be found; empty for none.
    pub words: String,
    /// What narrows it.
    pub filter: Filter,
    /// Where the answer begins: [`Answer::next`] of the one before.
    pub after: Option<Cursor>,
    /// Photos of the answer, 1 to [`MOST`].
    pub limit: u32,
    /// Whose texts are told.
    pub texts: Texts,
}

/// Whose texts of a photo are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Texts {
    /// The desk's and the file's.
    #[default]
    All,
    /// The file's only: the desk's stand in stories that whoever asks may not see.
    OfFile,
}

/// The place behind which an answer begins. It is told and taken as a text that means nothing to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    /// In the list of all photos: the last one's moment and id.
    Listed(Moment, PhotoId),
    /// Among hits.
    Found(Rank),
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no place in a list of photos")]
pub struct NotACursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed(at, id) => write!(f, "l.{}.{id}", at.as_micros()),
            Self::Found(rank) => write!(f, "f.{}.{}", rank.words, rank.number),
        }
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let mut parts = text.splitn(3, '.');
        let (kind, one, other) = (parts.next(), parts.next(), parts.next());
        let (one, other) = one.zip(other).ok_or(NotACursor)?;
        match kind {
            Some("l") => {
                let at = one.parse().map(Moment::from_micros).map_err(|_| NotACursor)?;
                Ok(Self::Listed(at, other.parse().map_err(|_| NotACursor)?))
            }
            Some("f") => {
                let words = one.parse().map_err(|_| NotACursor)?;
                Ok(Self::Found(Rank { words, number: other.parse().map_err(|_| NotACursor)? }))
            }
            _ => Err(NotACursor),
        }
    }
}

/// A photo of an answer.
#[derive(Debug, Clone)]
pub struct Line {
    /// The photo.
    pub photo: Photo,
    /// What it is found by, the desk's texts among it.
    pub findable: Findable,
    /// Its texts that hold words of the question, those that count most first, with where they stand, in bytes.
    pub hits: Vec<(FoundIn, Vec<Range<usize>>)>,
    /// Its first caption and its first credit, the desk's before the file's; empty where there is none.
    pub caption: String,
    /// See `caption`.
    pub credit: String,
}

/// A part of what answers a question.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How many photos answer it in all; `None` for the list of all photos, which nobody counts.
    pub total: Option<u64>,
    /// The photos: those first that have more of the words in headlines, names, places and keywords, of equals the newest.
    pub lines: Vec<Line>,
    /// Where the next part begins, where there is one.
    pub next: Option<Cursor>,
}

/// Asks the library. A question of words or filters knows what is on shelf, which is everything but what changed in the
/// last moments; a question that asks for nothing lists all photos, newest first.
///
/// # Errors
/// Refused: `query_empty`, `query_too_long` and `query_too_many` for words or a credit that are no question,
/// `cursor_unknown` for a place in another list. Faults of the store.
pub async fn find_photos(app: &App, asked: &Asked) -> Result<Answer, Denied> {
    let held = app.known();
    let language = held.site.language.as_str();
    let words = asked.words.trim();
    let query = (!words.is_empty()).then(|| Query::read(words, language)).transpose();
    let query = query.map_err(|fault| not_a_query(fault, "query"))?;
    let question =
        Question::new(query.as_ref(), &asked.filter).map_err(|fault| not_a_query(fault, "credit"))?;
    let limit = asked.limit.clamp(1, MOST);
    let (listed, found) = match asked.after {
        None => (None, None),
        Some(Cursor::Listed(at, id)) if question.asks_nothing() => (Some((at, id)), None),
        Some(Cursor::Found(rank)) if !question.asks_nothing() => (None, Some(rank)),
        Some(_) => return Err(no_such_place().into()),
    };
    app.store()
        .view(async |view: &mut View| {
            let (total, mut photos) = if question.asks_nothing() {
                let photos = view.newest_photos(listed, limit + 1).await?.into_iter();
                let place = |photo: Photo| (Cursor::Listed(photo.created_at, photo.id), photo);
                (None, photos.map(place).collect::<Vec<_>>())
            } else {
                let found = view.find_photos(&question, found, limit + 1).await?;
                let hits = found.hits.into_iter();
                (Some(found.total), hits.map(|hit| (Cursor::Found(hit.rank), hit.photo)).collect())
            };
            let more = photos.len() > limit as usize;
            photos.truncate(limit as usize);
            let next = photos.last().map(|(place, _)| *place).filter(|_| more);
            let photos: Vec<Photo> = photos.into_iter().map(|(_, photo)| photo).collect();
            let findable = view.findable(&photos).await?.into_iter();
            let lines = photos.into_iter().zip(findable).map(|(photo, mut findable)| {
                if asked.texts == Texts::OfFile {
                    findable.slides.clear();
                }
                line(photo, findable, query.as_ref(), language)
            });
            let told = |line: &Line| asked.texts == Texts::All || query.is_none() || !line.hits.is_empty();
            Ok(Answer { total, lines: lines.filter(told).collect(), next })
        })
        .await
}

fn line(photo: Photo, findable: Findable, query: Option<&Query>, language: &str) -> Line {
    let texts = findable.texts(language);
    let first = |field| texts.iter().find(|found| found.field == field).map(|found| found.text.clone());
    let (caption, credit) =
        (first(Field::Caption).unwrap_or_default(), first(Field::Credit).unwrap_or_default());
    let hits = query.map(|query| findable.hits(query, language)).unwrap_or_default();
    Line { photo, findable, hits, caption, credit }
}

/// The stories that have a photo on a slide, or had it when they were published last, newest first.
///
/// # Errors
/// Refused when there is no such photo; faults of the store.
pub async fn photo_uses(app: &App, photo: PhotoId) -> Result<(Photo, Vec<PhotoUse>), Denied> {
    let found = app
        .store()
        .view(async |view: &mut View| {
            let Some(kept) = view.photo(photo).await? else { return Ok(None) };
            Ok::<_, StoreError>(Some((kept, view.uses_of_photo(photo, USES).await?)))
        })
        .await?;
    found.ok_or_else(|| Denied::Refused(vec![no_such_photo(photo)]))
}

/// The uses of a photo that somebody may know of: what others write is none of theirs before readers see it.
///
/// # Errors
/// As of [`photo_uses`].
pub async fn photo_uses_for(app: &App, who: &Who, photo: PhotoId) -> Result<(Photo, Vec<PhotoUse>), Denied> {
    let (photo, mut uses) = photo_uses(app, photo).await?;
    if who.reach(Permission::ReadStories) == Reach::All {
        return Ok((photo, uses));
    }
    let owners = app
        .store()
        .view(async |view: &mut View| {
            let mut owners = Vec::with_capacity(uses.len());
            for one in &uses {
                owners.push(view.owner_of_story(one.story).await?);
            }
            Ok::<_, StoreError>(owners)
        })
        .await?;
    let mut own = owners.into_iter().map(|owner| who.reaches(Permission::ReadStories, owner));
    uses.retain_mut(|one| {
        if own.next() == Some(true) {
            return true;
        }
        one.drafted.clear();
        one.published.as_ref().is_some_and(|shown| shown.withdrawn.is_none())
    });
    Ok((photo, uses))
}

/// Has an archive that was there before the library, or before its rules changed, gone through, and what waits shelved.
/// `false` when nothing is to be done.
///
/// # Errors
/// A fault of the store.
pub async fn bring_up_to_date(app: &App) -> Result<bool, Denied> {
    let state = app.store().view(async |view: &mut View| view.shelved().await).await?;
    if state == Shelved::All {
        return Ok(false);
    }
    let now = app.now();
    app.store()
        .act(async |tx: &mut Tx| {
            enqueue(tx, &Job::ShelveArchive, now).await?;
            Ok::<_, ActError<Vec<Refusal>>>(true)
        })
        .await
        .map_err(Denied::from)
}

fn not_a_query(fault: NotAQuery, field: &'static str) -> Refusal {
    let code = match fault {
        NotAQuery::Empty => "query_empty",
        NotAQuery::TooLong => "query_too_long",
        NotAQuery::TooMany => "query_too_many",
    };
    Refusal::new(code, format!("Nothing can be looked for: {fault}.")).field(field)
}

fn no_such_place() -> Refusal {
    Refusal::new("cursor_unknown", "The list does not go on there: ask from its beginning.").field("after")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_text() {
        let listed =
            Cursor::Listed(Moment::from_micros(-7), PhotoId::new(Moment::from_micros(9000), [7; 10]));
        for cursor in [listed, Cursor::Found(Rank { words: 2, number: 4096 })] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for text in ["", "f", "f.1", "f.1.x", "l.1.2", "x.1.2"] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }
}
