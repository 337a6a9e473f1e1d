//! An archive of photos alone, and the time that the library takes in it to search, to list and to find what looks alike.

use std::io::{Write as _, stdout};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use halftone::actions::photo_library::{Asked, find_photos};
use halftone::actions::similar::similar;
use halftone::app::App;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use newsroom::facts::{PartialDate, PhotoFacts, Place};
use newsroom::focus::Focus;
use newsroom::id::{PhotoId, StoryId};
use newsroom::library::{Filter, Orientation, Stars, Usage};
use newsroom::published::PixelSize;
use newsroom::slide::Slide;
use newsroom::slug::Slug;
use newsroom::story::{CounterOffsets, Direction, Story, StoryMoments};
use serde_json::{Value, json};
use store::{ActError, Measured, Photo, Sha256, Shelved, StoreError, Tx, View};

use crate::words::Tongue;
use crate::{denied, millis};

/// Photos of one transaction, and of one day's work: they share words, as the pictures of an event do.
const BATCH: usize = 500;
/// Photos of a story, and between two of them photos that are in none.
const SLIDES: usize = 10;
/// Seconds between two photos.
const APART: i64 = 60;
/// The newest photo came then, in microseconds since 1970.
const NEWEST: i64 = 1_790_000_000_000_000;
/// Rounds of each deed, and some before that are not counted.
const ROUNDS: usize = 200;
const WARMING: usize = 20;
/// Photos of a page.
const PAGE: u32 = 50;

/// Makes an archive of so many photos, the oldest first, and brings the library up to date; tells how long both took.
pub async fn make(app: &App, count: usize) -> Result<()> {
    let begun = Instant::now();
    let numbers: Vec<usize> = (0..count).collect();
    for some in numbers.chunks(BATCH) {
        let photos: Vec<Photo> = some.iter().map(|number| photo(*number, count)).collect::<Result<_>>()?;
        let story = story(app, &photos)?;
        act(app, async |tx: &mut Tx| {
            for photo in &photos {
                tx.insert_photo(photo).await?;
            }
            tx.insert_story(&story, &crate::by(story.moments.changed)).await?;
            Ok(())
        })
        .await?;
    }
    let (made, begun) = (begun.elapsed().as_secs_f64(), Instant::now());
    while act(app, async |tx: &mut Tx| tx.shelve("en").await).await? != Shelved::All {}
    let line = json!({ "made": made, "shelved": begun.elapsed().as_secs_f64() });
    writeln!(stdout(), "{line}")?;
    app.store().close().await;
    Ok(())
}

async fn act<T>(app: &App, action: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError> + Clone) -> Result<T> {
    let acted =
        app.store().act(async |tx: &mut Tx| Ok::<_, ActError<StoreError>>((action.clone())(tx).await?));
    acted.await.map_err(|error| match error {
        ActError::Refused(fault) | ActError::Fault(fault) => fault.into(),
    })
}

/// A number in which those of neighbours have nothing in common.
fn scattered(number: usize) -> u64 {
    let mut x = (number as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A photo by its number, the newest with the highest. Every fourth has one frequent word, the one behind it another, so
/// that these two never meet; every hundredth has a third.
fn photo(number: usize, count: usize) -> Result<Photo> {
    let at =
        newsroom::moment::Moment::from_micros(NEWEST).plus_seconds(-APART * i64::try_from(count - number)?);
    let tongue = Tongue::of(number / BATCH);
    let caption = tongue.caption(number);
    let chance = scattered(number);
    let frequent = match number % 4 {
        0 => "harbourside",
        1 => "breakwater",
        _ => "",
    };
    let seldom = if number.is_multiple_of(100) { "lanternfish" } else { "" };
    let date = at.as_timestamp().to_zoned(TimeZone::UTC).date();
    let upright = chance.is_multiple_of(3);
    let facts = PhotoFacts {
        description: Some(format!(
            "{} {date} {frequent} {seldom} ({}/{})",
            caption.text, caption.creator, caption.agency
        )),
        headline: Some(tongue.caption(number / 20).text),
        creators: vec![caption.creator.to_owned()],
        credit_line: Some(format!("{}/{}", caption.creator, caption.agency)),
        source: Some(caption.agency.to_owned()),
        copyright: Some(format!("© {} {}", date.year(), caption.agency)),
        instructions: chance.is_multiple_of(11).then(|| "NO SALES".to_owned()),
        date_created: Some(PartialDate::from_civil(date)),
        place: Place { city: Some(caption.place.to_owned()), ..Place::default() },
        persons: vec![tongue.caption(number / 7 + 1).creator.to_owned()],
        keywords: (0..6).map(|shift| tongue.caption(number / 50 + shift * 31).text).collect(),
        job_id: Some(format!("JOB{}", number / 200)),
        rating: Some(i8::try_from(chance % 6)?),
        ..PhotoFacts::default()
    };
    let (long, short) = (6000, 4000);
    Ok(Photo {
        id: PhotoId::new(at, [7; 10]),
        picture_hash: Sha256::of(&number.to_le_bytes()).to_string(),
        created_at: at,
        name: format!("DSC_{number:07}.JPG"),
        taken_key: Some(at.as_micros()),
        size: if upright {
            PixelSize { width: short, height: long }
        } else {
            PixelSize { width: long, height: short }
        },
        facts,
        report: if chance.is_multiple_of(13) { "{\"problems\":[{}]}" } else { "{\"problems\":[]}" }
            .to_owned(),
        developed_at: Some(at),
        colour: Some("#808080".to_owned()),
        measured: Some(Measured {
            attention: Focus::new(500, 500).map_err(|_| anyhow::anyhow!("a point of the picture"))?,
            // Every thousandth photo is one that was there, with a few bits changed.
            fingerprint: scattered(if number % 1000 == 999 { number - 500 } else { number })
                ^ (chance & 0b11),
        }),
        refused: None,
        withdrawn: None,
    })
}

/// A draft with the first photos of a batch.
fn story(app: &App, photos: &[Photo]) -> Result<Story> {
    let first = photos.first().context("a photo")?;
    let mut slides: Vec<Slide> = Vec::new();
    for photo in photos.iter().take(SLIDES) {
        let taken: Vec<_> = slides.iter().map(|slide| slide.id.clone()).collect();
        slides.push(Slide { photo: Some(photo.id), ..Slide::empty(app.slide_id(&taken)) });
    }
    let at = first.created_at;
    Ok(Story {
        id: StoryId::new(at, [7; 10]),
        slug: Slug::from_text(&first.name).context("a slug")?,
        short_code: app.token::<6>(),
        revision: 1,
        section: "Photo".to_owned(),
        headline: first.facts.headline.clone().unwrap_or_default(),
        lede: String::new(),
        body: String::new(),
        dateline: None,
        bylines: Vec::new(),
        tags: Vec::new(),
        cover: None,
        language: "en".to_owned(),
        direction: Direction::Ltr,
        slides,
        moments: StoryMoments {
            created: at,
            changed: at,
            first_published: None,
            published: None,
            shown: None,
            withdrawn: None,
        },
        withdrawn_reason: None,
        offsets: CounterOffsets::default(),
        kept_lines: Vec::new(),
    })
}

/// What is searched for, and what narrows lists.
fn questions() -> Vec<(&'static str, Vec<Asked>)> {
    let words = |words: &str| Asked { words: words.to_owned(), limit: PAGE, ..Asked::default() };
    let list = |filter: Filter| Asked { filter, limit: PAGE, ..Asked::default() };
    let day = |year, month| Date::new(year, month, 5).ok();
    let usage = |usage| Filter { usage: Some(usage), ..Filter::default() };
    let narrowed = |text: &str, filter: Filter| Asked { filter, ..words(text) };
    vec![
        (
            "words",
            [
                "Whitby",
                "lanternfish",
                "boats Bristol",
                "Fenwick lantern",
                "JOB12",
                "二人の看護師",
                "صناديق التفاح",
                "Bücher Kiel",
            ]
            .into_iter()
            .map(words)
            .collect(),
        ),
        (
            "frequent",
            vec![
                words("harbourside"),
                words("harbourside volunteers Leeds"),
                narrowed("harbourside", usage(Usage::Unused)),
            ],
        ),
        ("apart", vec![words("harbourside breakwater"), words("breakwater harbourside lanternfish")]),
        ("six", vec![words("harbourside boats wooden volunteers carry Bristol")]),
        ("list", vec![list(Filter::default())]),
        (
            "filtered",
            vec![
                list(usage(Usage::Used)),
                list(usage(Usage::Unused)),
                list(Filter {
                    stars: Some(Stars::AtLeast(3)),
                    orientation: Some(Orientation::Portrait),
                    ..Filter::default()
                }),
                list(Filter {
                    credit: Some("Tideline".to_owned()),
                    from: day(2026, 7),
                    until: day(2026, 9),
                    ..Filter::default()
                }),
                list(Filter { from: day(1990, 3), until: day(2026, 9), ..Filter::default() }),
            ],
        ),
    ]
}

/// Tells, for each deed, the milliseconds that 95 of 100 take at most, as JSON.
pub async fn times(app: &App) -> Result<()> {
    let mut found = serde_json::Map::new();
    for (deed, questions) in questions() {
        let mut each = Vec::new();
        for asked in &questions {
            let mut asked = asked.clone();
            each.push(
                rounds(async || {
                    let answer = find_photos(app, &asked).await.map_err(denied)?;
                    ensure!(!answer.lines.is_empty() || deed == "apart", "{:?} finds nothing", asked.words);
                    // Every other round is the next page.
                    asked.after = if asked.after.is_none() { answer.next } else { None };
                    Ok(())
                })
                .await?,
            );
        }
        found.insert(deed.to_owned(), highest(&each));
    }
    let photos = app.store().view(async |view: &mut View| view.newest_photos(None, 1000).await).await?;
    let mut ids = photos.iter().map(|photo| photo.id).cycle();
    let begun = Instant::now();
    similar(app, ids.next().context("a photo")?).await.map_err(denied)?;
    found.insert("first_alike".to_owned(), millis(begun.elapsed()).into());
    let alike = rounds(async || {
        similar(app, ids.next().context("a photo")?).await.map_err(denied)?;
        Ok(())
    })
    .await?;
    found.insert("alike".to_owned(), alike.into());
    let uses = rounds(async || {
        let id = ids.next().context("a photo")?;
        app.store().view(async |view: &mut View| view.uses_of_photo(id, 50).await).await?;
        Ok(())
    })
    .await?;
    found.insert("uses".to_owned(), uses.into());
    writeln!(stdout(), "{}", Value::Object(found))?;
    app.store().close().await;
    Ok(())
}

/// The slowest question of a deed is what the deed takes.
fn highest(each: &[f64]) -> Value {
    each.iter().copied().fold(0.0, f64::max).into()
}

/// The milliseconds that 95 of 100 rounds take at most.
async fn rounds(mut once: impl AsyncFnMut() -> Result<()>) -> Result<f64> {
    for _ in 0..WARMING {
        once().await?;
    }
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        once().await?;
        times.push(begun.elapsed());
    }
    times.sort();
    times.get(ROUNDS * 95 / 100).map(|time| millis(*time)).context("no round")
}
