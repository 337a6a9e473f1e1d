//! How long the checks of a story of 100 slides take: prints milliseconds, the median and the slowest of a hundred runs.
//! `./dev bench --only checks` calls it.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot begin fails")]
#![expect(clippy::print_stdout, reason = "what it measures is printed")]

use std::time::{Duration, Instant};

use newsroom::check::{CheckOptions, CheckedSlide, PhotoState, check_for_publishing};
use newsroom::facts::{PartialDate, PhotoFacts, Place};
use newsroom::id::{SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::shown::show;
use newsroom::slide::Slide;
use newsroom::slug::Slug;
use newsroom::story::{CounterOffsets, Direction, Story, StoryMoments};
use newsroom::style::{House, HouseStyle};

const SLIDES: u8 = 100;
const RUNS: usize = 100;

fn main() {
    let now = Moment::parse("2021-01-03T15:32:00Z").unwrap();
    let story = story(now);
    let rows: Vec<(Slide, PhotoFacts)> = (1..=SLIDES).map(row).collect();
    let options = CheckOptions { style: HouseStyle::of(House::Ap), ..CheckOptions::default() };
    let mut checks = Vec::new();
    let mut whole = Vec::new();
    for _ in 0..=RUNS {
        let began = Instant::now();
        let shown: Vec<_> = rows.iter().map(|(slide, facts)| show(slide, Some(facts), "en")).collect();
        let ready = Instant::now();
        let slides: Vec<CheckedSlide<'_>> = rows
            .iter()
            .zip(&shown)
            .map(|((slide, facts), shown)| CheckedSlide {
                slide,
                shown,
                facts: Some(facts),
                photo: Some(PhotoState::Developed),
            })
            .collect();
        let report = check_for_publishing(&story, &slides, now, &options);
        assert!(!report.warnings.is_empty());
        checks.push(ready.elapsed());
        whole.push(began.elapsed());
    }
    // The first run fills the tables.
    let first = whole.remove(0);
    checks.remove(0);
    let [median, slowest] = spread(&mut checks);
    let [median_whole, slowest_whole] = spread(&mut whole);
    println!("checks_ms {median:.3} {slowest:.3}");
    println!("with_firewall_ms {median_whole:.3} {slowest_whole:.3}");
    println!("first_ms {:.3}", first.as_secs_f64() * 1000.0);
}

/// Median and slowest, in milliseconds.
fn spread(times: &mut [Duration]) -> [f64; 2] {
    times.sort_unstable();
    let at = |place: usize| times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0);
    [at(times.len() / 2), at(times.len() - 1)]
}

/// A slide of a story as agencies write them, some with faults; names differ so that there is much to compare.
fn row(number: u8) -> (Slide, PhotoFacts) {
    let family = format!(
        "{}{}ov",
        ["Bel", "Kar", "Mir", "Sok", "Tar"][usize::from(number) % 5],
        ["an", "el", "im", "or"][usize::from(number) % 4]
    );
    let caption = match number % 4 {
        0 => format!(
            "Members of the forces chant slogans beside Ivan {family} at the airport of Baghdad on Saturday, 2 January 2021, for the anniversary of a killing in a US airstrike. A poster depicting the late leader, left, and his successor."
        ),
        1 => format!(
            "An Iraqi woman carries a portrait of Petra {family} in Baghdad, Iraq, Saturday, Jan. 2, 2021. (AP Photo/Jane Doe)"
        ),
        2 => format!(
            "Mourners carried the coffin of Anna {family} through the streets of Najaf, Iraq , Friday, Jan. 2, 2021, during a funeral that thousands attended. (AP Photo/Jane Doe)"
        ),
        _ => format!(
            "FILE - Smoke rises behind Maria {family} near the holy city of Najaf, on Jan. 2, 2021, as rescue workers search for survivors under the rubble of a house. (AP Photo/Jane Doe, File)"
        ),
    };
    let slide = Slide {
        caption: Some(format!("{caption} {number}")),
        alt: Some(format!("People in a street, number {number}")),
        ..Slide::empty(SlideId::new([number; 5]))
    };
    let facts = PhotoFacts {
        creators: vec!["Jane Doe".into()],
        credit_line: Some("AP".into()),
        date_created: PartialDate::parse("2021-01-02"),
        place: Place { city: Some("Baghdad".into()), country: Some("Iraq".into()), ..Place::default() },
        persons: vec![format!("Ivan {family}")],
        ..PhotoFacts::default()
    };
    (slide, facts)
}

fn story(at: Moment) -> Story {
    Story {
        id: StoryId::new(at, [1; 10]),
        slug: Slug::from_text("story").unwrap(),
        short_code: "abc".into(),
        revision: 1,
        section: "Photo".into(),
        headline: "Thousands mourn in Baghdad".into(),
        lede: "Thousands gather in Baghdad for the anniversary.".into(),
        body: "## What happened\n\nThousands of people gathered in Baghdad on Saturday. ".repeat(20),
        dateline: None,
        bylines: Vec::new(),
        tags: Vec::new(),
        cover: None,
        language: "en".into(),
        direction: Direction::Ltr,
        slides: Vec::new(),
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
    }
}
