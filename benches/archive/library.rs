//! An archive whose photos are rows of their own, with captions, creators, dates and credits in four languages, and the
//! time that single deeds take in it. The photos have no files; only covers have rows of public files, as lists read those.

use std::collections::BTreeSet;
use std::io::{Write as _, stdout};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use darkroom::Set;
use halftone::app::App;
use halftone::jobs::{Job, List, Public, enqueue, kinds, version_of};
use halftone::pages::archive::STORIES_IN_A_PART;
use halftone::pages::month::Month;
use jiff::tz::TimeZone;
use newsroom::facts::{CameraTime, PartialDate, PhotoFacts, Place};
use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use newsroom::published::{PublishedStory, Rights};
use newsroom::search::{Query, words_of};
use newsroom::slug::Slug;
use newsroom::story::Story;
use serde_json::json;
use store::{Grant, Original, Photo, Rendition, Sha256, StoreError, StoryLine, Tx, View};
use tokio::sync::mpsc;

use crate::words::Tongue;
use crate::{BATCH, Desk, filler, keep, millis, print_stand_ins};

/// Photos of a story.
const PHOTOS: usize = 10;
/// Seconds between two stories: the newest month, whole or not, is the same one in archives of 1,000 stories and more.
const APART: i64 = 3600;
const SECTIONS: [&str; 6] = ["World", "Culture", "Science", "Sport", "Cities", "Weather"];
/// Stories that hold the rare word, however many there are.
const RARE: usize = 10;
/// Words that stand in [`RARE`] stories, in one of a hundred, and in one of four.
const WORDS: [&str; 3] = ["quillmark", "lanternfish", "harbourside"];
/// Rounds of each deed, and one before that is not counted.
const ROUNDS: usize = 9;
/// Rows of the desk's list, as `halftone stories` asks for them.
const LINES: u32 = 500;
/// Hits of a page of search, and one more that tells whether there is another page.
const HITS: u32 = 21;

/// A photo with what hangs on it.
struct Shelved {
    photo: Photo,
    original: Original,
    grant: Grant,
    files: Vec<Rendition>,
}

/// Stories that are written in one transaction.
struct Batch {
    stories: Vec<(Story, PublishedStory)>,
    photos: Vec<Shelved>,
    words: Vec<BTreeSet<String>>,
}

/// What the rows are made of.
struct Maker {
    app: App,
    template: Story,
    record: PublishedStory,
    photos: Vec<Photo>,
    count: usize,
}

/// Makes an archive of so many stories; the oldest come first, as they would.
pub async fn make(desk: &Desk, count: usize) -> Result<()> {
    let ids: Vec<PhotoId> = desk.record.slides.iter().filter_map(|slide| slide.photo).take(PHOTOS).collect();
    ensure!(ids.len() == PHOTOS, "the template has fewer than {PHOTOS} photos");
    let mut photos = Vec::new();
    for id in ids {
        let photo = desk.app.store().view(async |view: &mut View| view.photo(id).await).await?;
        photos.push(photo.context("the template's photo is there")?);
    }
    let (template, record) = (desk.template.clone(), desk.record.clone());
    let maker = Maker { app: desk.app.clone(), template, record, photos, count };
    let (give, mut take) = mpsc::channel(1);
    let making = tokio::task::spawn_blocking(move || {
        let numbers: Vec<usize> = (0..count).rev().collect();
        for numbers in numbers.chunks(BATCH) {
            if give.blocking_send(maker.batch(numbers)?).is_err() {
                break; // writing has failed
            }
        }
        Ok::<_, anyhow::Error>(())
    });
    let zone = &desk.app.config().site.time_zone;
    let mut months = BTreeSet::new();
    while let Some(batch) = take.recv().await {
        months.extend(batch.stories.iter().map(|(_, record)| Month::of(record.shown.at, zone)));
        write_down(desk, &batch).await?;
    }
    making.await??;
    desk.act(async |tx: &mut Tx| {
        for month in &months {
            tx.count_month(&month.to_string(), month.begins(zone), month.next().begins(zone)).await?;
        }
        enqueue(tx, &Job::PrintLists, desk.app.now()).await?;
        Ok(())
    })
    .await?;
    desk.work(&kinds::ALL).await?;
    desk.app.store().close().await;
    Ok(())
}

async fn write_down(desk: &Desk, batch: &Batch) -> Result<()> {
    let change = desk.act(async |tx: &mut Tx| Ok(tx.next_change().await?)).await?;
    let pages = print_stand_ins(desk, &batch.stories, change).await?;
    desk.act(async |tx: &mut Tx| {
        for shelved in &batch.photos {
            tx.insert_photo(&shelved.photo).await?;
            tx.insert_original(&shelved.original).await?;
            tx.put_grant(&shelved.grant).await?;
            for file in &shelved.files {
                tx.put_public_file(file).await?;
            }
        }
        keep(tx, &batch.stories, &pages).await?;
        for ((story, _), words) in batch.stories.iter().zip(&batch.words) {
            tx.put_search_words(story.id, words).await?;
        }
        Ok(())
    })
    .await
}

impl Maker {
    fn batch(&self, numbers: &[usize]) -> Result<Batch> {
        let mut batch = Batch { stories: Vec::new(), photos: Vec::new(), words: Vec::new() };
        for number in numbers {
            let (story, record, photos) = self.story(*number)?;
            batch.words.push(words_of(&record));
            batch.stories.push((story, record));
            batch.photos.extend(photos);
        }
        Ok(batch)
    }

    /// A story, older the higher its number, and its photos.
    fn story(&self, number: usize) -> Result<(Story, PublishedStory, Vec<Shelved>)> {
        let tongue = Tongue::of(number);
        let at = self.record.shown.at.plus_seconds(-APART * i64::try_from(number + 1)?);
        let mut record = self.record.clone();
        record.id = StoryId::new(at, self.app.random());
        record.slug = Slug::from_text("report").context("a slug")?.numbered(u32::try_from(number)?);
        record.short_code = self.app.token::<6>();
        record.section = SECTIONS.get(number % SECTIONS.len()).copied().unwrap_or_default().to_owned();
        (record.language, record.direction) = (tongue.language.to_owned(), tongue.direction);
        record.headline = format!("{} {number}", tongue.caption(number).text);
        record.lede = self.lede(number);
        record.body = filler(number, 10);
        record.bylines = vec![tongue.caption(number).creator.to_owned()];
        (record.first_published, record.shown.at) = (at, at);
        record.slides.truncate(PHOTOS);
        record.cover = record.slides.first().context("a slide")?.id.clone();
        let mut photos = Vec::new();
        for (place, template) in self.photos.iter().enumerate() {
            let slide = record.slides.get_mut(place).context("a slide for each photo")?;
            let (photo, original) = self.photo(template, tongue, number * PHOTOS + place, at)?;
            slide.photo = Some(photo.id);
            slide.caption = photo.facts.description.clone().unwrap_or_default();
            slide.credit = photo.facts.credit_line.clone().unwrap_or_default();
            slide.place = Some(photo.facts.place.line());
            slide.date = photo.facts.date_created.map(|date| date.to_string());
            (slide.alt, slide.long_description, slide.language) = (None, None, None);
            slide.rights = Rights {
                creators: photo.facts.creators.clone(),
                credit: slide.credit.clone(),
                copyright: photo.facts.copyright.clone(),
                description: slide.caption.clone(),
                date_created: slide.date.clone(),
                language: record.language.clone(),
                ..Rights::default()
            };
            let version = version_of(&Public::from(&*slide), &self.app.config().work).context("a version")?;
            let size = (photo.size.width, photo.size.height);
            let ladder = if place == 0 { Set::Ladder.sizes(size) } else { Vec::new() };
            let file = |(width, height): (u32, u32)| Rendition {
                photo: photo.id,
                name: version.clone(),
                size: newsroom::published::PixelSize { width, height },
                bytes: u64::from(width) * u64::from(height) / 8,
            };
            let files = ladder.into_iter().map(file).collect();
            let grant = Grant {
                photo: photo.id,
                token: self.app.token::<16>(),
                version,
                granted_at: at,
                revoked_at: None,
            };
            photos.push(Shelved { photo, original, grant, files });
        }
        Ok((self.draft(&record, at), record, photos))
    }

    /// The words that are searched for stand here.
    fn lede(&self, number: usize) -> String {
        let every = [(self.count / RARE).max(1), 100, 4];
        let held =
            WORDS.iter().zip(every).filter(|(_, every)| number.is_multiple_of(*every)).map(|(word, _)| *word);
        format!("{} {}", filler(number + 1, 1), held.collect::<Vec<_>>().join(" "))
    }

    fn photo(
        &self,
        template: &Photo,
        tongue: &Tongue,
        number: usize,
        at: Moment,
    ) -> Result<(Photo, Original)> {
        let taken = at.plus_seconds(-60 * i64::try_from(number % 2_000 + 30)?);
        let caption = tongue.caption(number);
        let local = taken.as_timestamp().to_zoned(TimeZone::UTC).datetime();
        let hash = Sha256::of(&number.to_le_bytes());
        let facts = PhotoFacts {
            description: Some(format!("{} {}, {}", caption.text, local.date(), local.time())),
            creators: vec![caption.creator.to_owned()],
            credit_line: Some(format!("{}/{}", caption.creator, caption.agency)),
            source: Some(caption.agency.to_owned()),
            copyright: Some(format!("© {} {}", local.year(), caption.agency)),
            date_created: Some(PartialDate::from_civil(local.date())),
            taken: Some(CameraTime { local, offset_minutes: Some(0) }),
            place: Place { city: Some(caption.place.to_owned()), ..Place::default() },
            location_created: None,
            locations_shown: Vec::new(),
            ..template.facts.clone()
        };
        let photo = Photo {
            id: PhotoId::new(at, self.app.random()),
            picture_hash: hash.to_string(),
            created_at: at,
            name: format!("DSC_{number:07}.JPG"),
            taken_key: Some(taken.as_micros()),
            facts,
            ..template.clone()
        };
        let original = Original {
            sha256: hash,
            photo: photo.id,
            bytes: 8_000_000 + u64::try_from(number % 500_000)?,
            media_type: "image/jpeg".to_owned(),
            added_at: at,
            name: photo.name.clone(),
            sidecar: None,
        };
        Ok((photo, original))
    }

    /// The draft of a record.
    fn draft(&self, record: &PublishedStory, at: Moment) -> Story {
        let mut story = self.template.clone();
        (story.id, story.slug, story.short_code) =
            (record.id, record.slug.clone(), record.short_code.clone());
        (story.section, story.headline) = (record.section.clone(), record.headline.clone());
        (story.lede, story.body) = (record.lede.clone(), record.body.clone());
        (story.language, story.direction) = (record.language.clone(), record.direction);
        (story.bylines, story.cover) = (record.bylines.clone(), Some(record.cover.clone()));
        story.slides.truncate(PHOTOS);
        for (slide, published) in story.slides.iter_mut().zip(&record.slides) {
            slide.photo = published.photo;
            (slide.caption, slide.alt, slide.long_description) = (None, None, None);
        }
        (story.moments.created, story.moments.changed) = (at, at);
        (story.moments.first_published, story.moments.published) = (Some(at), Some(at));
        story.moments.shown = Some(record.shown);
        story
    }
}

/// Tells the median milliseconds of each deed as JSON.
pub async fn times(desk: &Desk) -> Result<()> {
    let now = desk.app.now();
    let month = Month::of(desk.record.shown.at.plus_seconds(-APART), &desk.app.config().site.time_zone);
    let lists = middle(async || printed(desk, &[Job::PrintLists], kinds::PRINT_LISTS).await).await?;
    let months = desk.app.store().view(async |view: &mut View| view.published_months().await).await?;
    let counted = months.iter().find(|one| one.name == month.to_string()).context("the newest month")?;
    let parts = u32::try_from(counted.stories.div_ceil(STORIES_IN_A_PART as u64))?;
    let parts: Vec<Job> =
        (1..=parts).map(|part| Job::ReprintList { list: List::Month(month, part) }).collect();
    let month = middle(async || printed(desk, &parts, kinds::REPRINT_LIST).await).await?;
    let mut numbers = usize::try_from(now.as_micros() % 1_000_000_000)?..;
    let publish = middle(async || {
        let draft = desk.draft(numbers.next().unwrap_or_default()).await?;
        let begun = Instant::now();
        desk.publish(&draft).await?;
        desk.work(&[kinds::PRINT_STORY]).await?;
        let took = begun.elapsed();
        desk.work(&kinds::ALL).await?;
        Ok(took)
    })
    .await?;
    let mut found = json!({ "lists": lists, "month": month, "publish": publish });
    for word in WORDS {
        let query = Query::read(word, "en")?;
        let took = middle(async || {
            let begun = Instant::now();
            let hits =
                desk.app.store().view(async |view: &mut View| view.search(&query.words, HITS).await).await?;
            ensure!(!hits.is_empty(), "nobody holds {word}");
            Ok(begun.elapsed())
        })
        .await?;
        found[word] = took.into();
    }
    found["desk"] = middle(async || {
        let begun = Instant::now();
        lines(desk, None).await?;
        Ok(begun.elapsed())
    })
    .await?
    .into();
    found["claim"] = claim(desk).await?.into();
    writeln!(stdout(), "{found}")?;
    desk.app.store().close().await;
    Ok(())
}

/// The middle one of the rounds, in milliseconds.
async fn middle(mut once: impl AsyncFnMut() -> Result<Duration>) -> Result<f64> {
    once().await?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(once().await?);
    }
    times.sort();
    times.get(ROUNDS / 2).map(|time| millis(*time)).context("no round")
}

async fn printed(desk: &Desk, jobs: &[Job], kind: &'static str) -> Result<Duration> {
    let now = desk.app.now();
    desk.act(async |tx: &mut Tx| {
        for job in jobs {
            enqueue(tx, job, now).await?;
        }
        Ok(())
    })
    .await?;
    let begun = Instant::now();
    desk.work(&[kind]).await?;
    Ok(begun.elapsed())
}

async fn lines(desk: &Desk, after: Option<&StoryLine>) -> Result<Vec<StoryLine>, StoreError> {
    desk.app.store().view(async |view: &mut View| view.stories_by_change(after, LINES).await).await
}

/// A claim while a job for each story waits, as after `halftone reprint --all`.
async fn claim(desk: &Desk) -> Result<f64> {
    let (mut waiting, mut last) = (Vec::new(), None);
    loop {
        let some = lines(desk, last.as_ref()).await?;
        waiting.extend(some.iter().map(|line| line.id));
        let Some(line) = some.into_iter().last() else { break };
        last = Some(line);
    }
    let now = desk.app.now();
    for some in waiting.chunks(BATCH) {
        desk.act(async |tx: &mut Tx| {
            for story in some {
                enqueue(tx, &Job::ReprintStory { story: *story }, now).await?;
            }
            Ok(())
        })
        .await?;
    }
    let took = middle(async || {
        let begun = Instant::now();
        let claimed = desk.app.store().claim_job(&kinds::ALL, "bench", now, 600).await?;
        ensure!(claimed.is_some(), "no job was due");
        Ok(begun.elapsed())
    })
    .await?;
    for some in waiting.chunks(BATCH) {
        desk.act(async |tx: &mut Tx| {
            for story in some {
                tx.cancel_job(&format!("{}:{story}", kinds::REPRINT)).await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(took)
}
