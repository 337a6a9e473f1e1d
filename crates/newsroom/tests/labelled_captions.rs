//! The checks against captions that somebody else wrote, with and without faults: no fault may be missed, and few
//! captions may be blamed for what is none.
//!
//! `tests/captions/README.md` tells where the captions come from. Those of the captured page are not part of the project:
//! `HALFTONE_SHARED` names the folder that holds it, and without it that test is reported as skipped.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its captions fails")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use newsroom::check::{
    AllowMissing, CheckOptions, CheckReport, CheckedSlide, Missing, PhotoState, check_for_publishing,
};
use newsroom::facts::{PartialDate, PhotoFacts, Place};
use newsroom::id::{SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::shown::show;
use newsroom::slide::Slide;
use newsroom::slug::Slug;
use newsroom::story::{CounterOffsets, Direction, ShownTime, Story, StoryMoments};
use newsroom::style::{House, HouseStyle};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    id: String,
    style: House,
    #[serde(default)]
    language: Option<String>,
    published: String,
    #[serde(default)]
    slides: Vec<CaseSlide>,
    #[serde(default)]
    body: Option<String>,
    expect: Vec<Expected>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CaseSlide {
    caption: Option<String>,
    language: Option<String>,
    credit_line: Option<String>,
    creator: Option<String>,
    alt: Option<String>,
    taken: Option<String>,
    city: Option<String>,
    state: Option<String>,
    country: Option<String>,
    persons: Vec<String>,
    instructions: Option<String>,
    usage_terms: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    slide: Option<usize>,
    code: String,
    #[serde(default)]
    about: Option<String>,
}

/// What was found and what was not, by code.
#[derive(Default, Clone, Copy)]
struct Tally {
    seeded: usize,
    found: usize,
    false_alarms: usize,
}

/// The outcome of a whole set.
#[derive(Default)]
struct Outcome {
    codes: BTreeMap<String, Tally>,
    captions: usize,
    /// Captions with an amber finding that is none.
    blamed: usize,
    red_false: usize,
    lines: Vec<String>,
}

impl Outcome {
    fn missed(&self) -> usize {
        self.codes.values().map(|tally| tally.seeded - tally.found).sum()
    }

    #[expect(clippy::print_stdout, reason = "the table is what the test is for")]
    fn print(&self, name: &str) {
        println!("\n{name}: {} captions", self.captions);
        println!("| code | seeded | found | missed | false alarms |\n|---|---|---|---|---|");
        for (code, tally) in &self.codes {
            let missed = tally.seeded - tally.found;
            println!("| `{code}` | {} | {} | {missed} | {} |", tally.seeded, tally.found, tally.false_alarms);
        }
        let seeded: usize = self.codes.values().map(|tally| tally.seeded).sum();
        let rate = self.blamed as f64 * 100.0 / self.captions.max(1) as f64;
        println!(
            "all: {seeded} seeded, {} missed; {} captions with a false amber ({rate:.1} %), {} red false alarms",
            self.missed(),
            self.blamed,
            self.red_false
        );
        for line in &self.lines {
            println!("{line}");
        }
    }

    fn meets_the_goals(&self) {
        assert_eq!(self.missed(), 0, "seeded faults were missed");
        assert_eq!(self.red_false, 0, "a red alarm was false");
        assert!(self.blamed * 20 < self.captions, "{} of {} captions are blamed", self.blamed, self.captions);
    }
}

fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn story(case: &Case) -> Story {
    let at = moment(&case.published);
    Story {
        id: StoryId::new(at, [1; 10]),
        slug: Slug::from_text("story").unwrap(),
        short_code: "abc".into(),
        revision: 1,
        section: "Photo".into(),
        headline: "A headline".into(),
        lede: String::new(),
        body: case.body.clone().unwrap_or_default(),
        dateline: None,
        bylines: Vec::new(),
        tags: Vec::new(),
        cover: None,
        language: case.language.clone().unwrap_or_else(|| "en".into()),
        direction: Direction::Ltr,
        slides: Vec::new(),
        moments: StoryMoments {
            created: at,
            changed: at,
            first_published: None,
            published: None,
            shown: Some(ShownTime { at, unconfirmed: false }),
            withdrawn: None,
        },
        withdrawn_reason: None,
        offsets: CounterOffsets::default(),
        kept_lines: Vec::new(),
    }
}

fn facts(slide: &CaseSlide) -> PhotoFacts {
    PhotoFacts {
        creators: slide.creator.clone().into_iter().collect(),
        credit_line: slide.credit_line.clone(),
        date_created: slide.taken.as_deref().and_then(PartialDate::parse),
        place: Place {
            city: slide.city.clone(),
            state: slide.state.clone(),
            country: slide.country.clone(),
            ..Place::default()
        },
        persons: slide.persons.clone(),
        instructions: slide.instructions.clone(),
        usage_terms: slide.usage_terms.clone(),
        ..PhotoFacts::default()
    }
}

fn check(case: &Case, allow: AllowMissing) -> CheckReport {
    let story = story(case);
    let rows: Vec<(Slide, PhotoFacts)> = (1_u8..)
        .zip(&case.slides)
        .map(|(number, slide)| {
            let kept = Slide {
                caption: slide.caption.clone(),
                alt: slide.alt.clone(),
                language: slide.language.clone(),
                ..Slide::empty(SlideId::new([number; 5]))
            };
            (kept, facts(slide))
        })
        .collect();
    let shown: Vec<_> = rows.iter().map(|(slide, facts)| show(slide, Some(facts), &story.language)).collect();
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
    let options = CheckOptions { allow, style: HouseStyle::of(case.style) };
    check_for_publishing(&story, &slides, story.moments.created, &options)
}

/// What was found: slide, code, level, the words it is about.
fn findings(case: &Case, report: &CheckReport) -> Vec<(Option<usize>, &'static str, bool, String)> {
    let words = |slide: Option<usize>, field: Option<&str>, at: Option<newsroom::refusal::Span>| {
        let slide = slide.and_then(|number| case.slides.get(number - 1));
        let text = match field {
            Some("caption") => slide.and_then(|slide| slide.caption.as_deref()),
            Some("alt") => slide.and_then(|slide| slide.alt.as_deref()),
            Some("body") => case.body.as_deref(),
            _ => None,
        };
        let at = at.unwrap_or(newsroom::refusal::Span { start: 0, end: 0 });
        text.unwrap_or_default().chars().skip(at.start).take(at.end - at.start).collect::<String>()
    };
    let red = report.refusals.iter().map(|one| {
        let slide = one.slide.as_ref().map(|place| place.number);
        (slide, one.code, true, words(slide, one.field, one.at.as_deref().copied()))
    });
    let amber = report.warnings.iter().map(|one| {
        let slide = one.slide.as_ref().map(|place| place.number);
        (slide, one.code, false, words(slide, one.field, one.at))
    });
    red.chain(amber).collect()
}

fn judge(cases: &[Case], allow: AllowMissing) -> Outcome {
    let mut outcome = Outcome::default();
    for case in cases {
        let report = check(case, allow);
        let mut left: Vec<&Expected> = case.expect.iter().collect();
        for one in &left {
            outcome.codes.entry(one.code.clone()).or_default().seeded += 1;
        }
        let mut blamed: Vec<Option<usize>> = Vec::new();
        let mut answered: Vec<(Option<usize>, &str)> = Vec::new();
        for (slide, code, red, words) in findings(case, &report) {
            let wanted =
                left.iter().position(|one| one.code == code && (one.slide == slide || one.slide.is_none()));
            if let Some(at) = wanted {
                left.remove(at);
                answered.push((slide, code));
                outcome.codes.entry(code.to_owned()).or_default().found += 1;
            } else if !answered.contains(&(slide, code)) {
                outcome.codes.entry(code.to_owned()).or_default().false_alarms += 1;
                let caption = slide.and_then(|number| case.slides.get(number - 1));
                let caption = caption.and_then(|slide| slide.caption.as_deref()).unwrap_or_default();
                outcome.lines.push(format!("FALSE {} {slide:?} {code} [{words}]: {caption}", case.id));
                if red {
                    outcome.red_false += 1;
                } else if !blamed.contains(&slide) {
                    blamed.push(slide);
                }
            }
        }
        for one in left {
            let caption = one.slide.and_then(|number| case.slides.get(number - 1));
            let caption = caption.and_then(|slide| slide.caption.as_deref()).unwrap_or_default();
            let about = one.about.as_deref().unwrap_or_default();
            outcome
                .lines
                .push(format!("MISSED {} {:?} {} [{about}]: {caption}", case.id, one.slide, one.code));
        }
        outcome.captions += case.slides.len();
        outcome.blamed += blamed.len();
    }
    outcome
}

fn read(name: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captions").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn the_first_half_is_judged_without_a_miss_and_with_few_false_alarms() {
    let outcome = judge(&read("first.json"), AllowMissing::default());
    outcome.print("first half");
    outcome.meets_the_goals();
}

#[test]
fn the_second_half_is_judged_as_well_as_the_first() {
    let outcome = judge(&read("second.json"), AllowMissing::default());
    outcome.print("second half");
    outcome.meets_the_goals();
}

/// A caption with a correction written into it.
fn corrected(caption: &str, correction: &newsroom::refusal::Correction) -> String {
    let (start, end) = (correction.at.start, correction.at.end);
    let behind = caption.chars().skip(end);
    caption.chars().take(start).chain(correction.replacement.chars()).chain(behind).collect()
}

#[test]
fn what_a_correction_puts_right_is_found_no_more() {
    let mut tried = 0;
    for mut case in [read("first.json"), read("second.json")].into_iter().flatten() {
        let report = check(&case, AllowMissing::default());
        for warning in report.warnings.iter().filter(|warning| warning.field == Some("caption")) {
            let (Some(correction), Some(place)) = (&warning.correction, &warning.slide) else { continue };
            let index = place.number - 1;
            let Some(before) = case.slides.get(index).and_then(|slide| slide.caption.clone()) else {
                continue;
            };
            let after = corrected(&before, correction);
            let count = |report: &CheckReport| {
                let same = report.warnings.iter().filter(|one| one.code == warning.code);
                same.filter(|one| one.slide == warning.slide && one.field == warning.field).count()
            };
            if let Some(slide) = case.slides.get_mut(index) {
                slide.caption = Some(after.clone());
            }
            let left = count(&check(&case, AllowMissing::default()));
            assert!(left < count(&report), "{}: {}: {before} -> {after}", case.id, warning.code);
            if let Some(slide) = case.slides.get_mut(index) {
                slide.caption = Some(before);
            }
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

/// The page's folder, where it is named.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn shared() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test's own switch, no configuration of the product")]
    let Some(shared) = std::env::var_os("HALFTONE_SHARED") else {
        eprintln!("SKIPPED: HALFTONE_SHARED is not set");
        return None;
    };
    Some(PathBuf::from(shared).join("seed"))
}

/// The captions of a captured page, without those that stand at the cover again.
fn captured(folder: &Path) -> Vec<CaseSlide> {
    let entry = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(entry.path()).unwrap();
    let bulleted = text.lines().filter_map(|line| line.trim().strip_prefix("• "));
    bulleted.map(|caption| CaseSlide { caption: Some(caption.to_owned()), ..CaseSlide::default() }).collect()
}

#[test]
fn the_captured_page_is_judged_as_a_person_judged_it() {
    let Some(folder) = shared() else { return };
    let mut cases = read("seed.json");
    for case in &mut cases {
        case.slides = captured(&folder);
        // The capture has neither credits nor alternative texts.
        for slide in &mut case.slides {
            slide.credit_line = Some("EPA".to_owned());
        }
    }
    let allow = AllowMissing { alt: Missing::Allow, picture: Missing::Allow };
    let outcome = judge(&cases, allow);
    outcome.print("captured page");
    outcome.meets_the_goals();
}
