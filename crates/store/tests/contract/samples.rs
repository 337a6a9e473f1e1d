//! Records to keep: small, whole, and different from one another by their number.

use newsroom::facts::PhotoFacts;
use newsroom::focus::Focus;
use newsroom::id::{JobId, NoticeId, PhotoId, SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::published::{Cuts, PixelSize, PublishedSlide, PublishedStory, Rights};
use newsroom::restriction::RestrictionKind;
use newsroom::slide::{ClearedRestriction, Clearing, Slide};
use newsroom::slug::Slug;
use newsroom::story::{CounterOffsets, Direction, ShownTime, Story, StoryMoments};
use store::{ActError, BlobName, By, NewJob, Photo, Store, StoreError, Tx};

use crate::site::second;

/// Whoever changes the stories of these tests.
pub const BY: By<'static> = By { at: Moment::from_micros(9_000_000), who: "staff 1", verb: "put_story" };

pub fn story_id(n: u8) -> StoryId {
    StoryId::new(second(i64::from(n)), [n; 10])
}

pub fn photo_id(n: u8) -> PhotoId {
    PhotoId::new(second(i64::from(n)), [n; 10])
}

pub fn notice_id(n: u8) -> NoticeId {
    NoticeId::new(second(i64::from(n)), [n; 10])
}

pub fn slide_id(n: u8) -> SlideId {
    SlideId::new([n, n / 32, 1, 2, 3])
}

pub fn slug(text: &str) -> Slug {
    Slug::from_text(text).unwrap()
}

pub fn name(text: &str) -> BlobName {
    BlobName::parse(text).unwrap()
}

/// A draft without slides.
pub fn story(n: u8) -> Story {
    Story {
        id: story_id(n),
        slug: slug(&format!("story {n}")),
        short_code: format!("s{n}"),
        revision: 1,
        section: "Photo".to_owned(),
        headline: format!("Headline {n}"),
        lede: String::new(),
        body: String::new(),
        dateline: None,
        bylines: vec![],
        tags: vec![],
        cover: None,
        language: "en".to_owned(),
        direction: Direction::Ltr,
        slides: vec![],
        moments: StoryMoments {
            created: second(0),
            changed: second(i64::from(n)),
            first_published: None,
            published: None,
            shown: None,
            withdrawn: None,
        },
        withdrawn_reason: None,
        offsets: CounterOffsets::default(),
        kept_lines: vec![],
    }
}

/// A story in which every field holds something, in several scripts; its slides show photos 1 and 2.
pub fn full_story(n: u8) -> Story {
    let mut first = Slide::empty(slide_id(1));
    first.photo = Some(photo_id(1));
    first.caption = Some("رجل في بغداد، 2 يناير 2021".to_owned());
    first.alt = Some(String::new());
    first.long_description = Some("Längere Beschreibung".to_owned());
    first.credit = Some("Jane Doe / Agency".to_owned());
    first.place = Some("Baghdad, Iraq".to_owned());
    first.date = Some("2021-01".to_owned());
    first.language = Some("ar".to_owned());
    let cleared =
        ClearedRestriction { kind: RestrictionKind::NoSales, source_text: "NO SALES – Verkauf".to_owned() };
    first.clearing =
        Some(Clearing { reason: "rights bought".to_owned(), at: second(7), cleared: vec![cleared] });
    first.focus = Focus::new(512, 0).ok();
    let mut second_slide = Slide::empty(slide_id(2));
    second_slide.proposed = Some(photo_id(2));
    Story {
        slug: slug("Фото дня — Москва"),
        revision: 1,
        headline: "Iran commemorates \"general's\" death 🕯".to_owned(),
        lede: "Lede.".to_owned(),
        body: "Para one.\n\nPara *two*.".to_owned(),
        dateline: Some("BAGHDAD".to_owned()),
        bylines: vec!["A".to_owned(), "Ö".to_owned()],
        tags: vec!["Iraq".to_owned(), "#1".to_owned()],
        cover: Some(slide_id(1)),
        language: "ar".to_owned(),
        direction: Direction::Rtl,
        slides: vec![first, second_slide],
        moments: StoryMoments {
            created: second(0),
            changed: second(1),
            first_published: Some(second(2)),
            published: Some(second(3)),
            shown: Some(ShownTime { at: second(4), unconfirmed: true }),
            withdrawn: Some(second(5)),
        },
        withdrawn_reason: Some("killed by the agency".to_owned()),
        offsets: CounterOffsets { comments: 3, views: 110 },
        kept_lines: vec!["Read more".to_owned()],
        ..story(n)
    }
}

pub fn photo(n: u8) -> Photo {
    Photo {
        id: photo_id(n),
        picture_hash: format!("{n:064x}"),
        created_at: second(i64::from(n)),
        name: format!("IMG_{n}.JPG"),
        taken_key: Some(1000 * i64::from(n)),
        size: PixelSize { width: 6000, height: 4000 },
        facts: PhotoFacts { description: Some(format!("Photo {n}")), ..PhotoFacts::default() },
        report: "{\"problems\":[]}".to_owned(),
        developed_at: None,
        colour: None,
        measured: None,
        refused: None,
        withdrawn: None,
    }
}

/// A published record with these tags and photos, shown at a second.
pub fn record(n: u8, section: &str, tags: &[&str], photos: &[u8], shown: i64) -> PublishedStory {
    let slides: Vec<PublishedSlide> = photos.iter().map(|photo| published_slide(*photo)).collect();
    PublishedStory {
        id: story_id(n),
        slug: slug(&format!("story {n}")),
        short_code: format!("s{n}"),
        section: section.to_owned(),
        headline: format!("Headline {n}"),
        lede: String::new(),
        body: String::new(),
        dateline: None,
        bylines: vec![],
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        cover: slide_id(1),
        language: "en".to_owned(),
        direction: Direction::Ltr,
        slides,
        first_published: second(shown),
        shown: ShownTime { at: second(shown), unconfirmed: false },
        offsets: CounterOffsets::default(),
        corrections: vec![],
    }
}

fn published_slide(photo: u8) -> PublishedSlide {
    PublishedSlide {
        id: slide_id(photo),
        photo: Some(photo_id(photo)),
        caption: "Caption".to_owned(),
        credit: "Credit".to_owned(),
        alt: None,
        long_description: None,
        place: None,
        date: None,
        language: None,
        statuses: vec![],
        focus: None,
        cuts: Cuts::Allowed,
        rights: Rights::default(),
    }
}

pub fn job(n: u8, kind: &str, dedupe: &str, run_after: i64) -> NewJob {
    NewJob {
        id: JobId::new(second(i64::from(n)), [n; 10]),
        kind: kind.to_owned(),
        payload: format!("{{\"n\":{n}}}"),
        dedupe: dedupe.to_owned(),
        run_after: second(run_after),
    }
}

/// Runs one action that refuses nothing; a fault fails the test.
pub async fn act<T>(store: &Store, action: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError> + Clone) -> T {
    let outcome: Result<T, ActError<()>> =
        store.act(async |tx: &mut Tx| Ok((action.clone())(tx).await?)).await;
    outcome.unwrap()
}
