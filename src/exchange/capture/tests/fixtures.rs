//! The captures under `tests/fixtures/captures` and the one real capture outside the project, each against what a
//! sensible reader finds in it (the README there gives the keys).

use std::path::{Path, PathBuf};

use newsroom::facts::PartialDate;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::{Captured, Fate, read};

/// The folder of the captures.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captures")
}

/// The text of a capture by its name without `.txt`.
pub(super) fn text(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.txt"))).expect("the capture is there")
}

/// The real capture, where its folder is at hand.
pub(super) fn seed() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests find the shared corpora by this variable")]
    let Ok(shared) = std::env::var("HALFTONE_SHARED") else {
        eprintln!("SKIPPED: the real capture: HALFTONE_SHARED is not set");
        return None;
    };
    let entries = std::fs::read_dir(Path::new(&shared).join("seed")).expect("the seed's folder");
    let path = entries
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|e| e == "txt"));
    Some(std::fs::read_to_string(path.expect("a capture")).expect("UTF-8"))
}

/// The names of all captures with a text in the project.
pub(super) const NAMES: [&str; 6] = [
    "01-german-dash",
    "02-us-numbered-crlf",
    "03-spanish-asterisk-tabs",
    "04-arabic-squares",
    "05-english-photo-n-of-m",
    "06-russian-hyphen-wrapped",
];

#[test]
fn the_real_capture_reads_as_expected() {
    if let Some(text) = seed() {
        check("00-seed", &text);
    }
}

#[test]
fn a_german_page_with_dashes_reads_as_expected() {
    check("01-german-dash", &text("01-german-dash"));
}

#[test]
fn an_american_page_with_numbers_reads_as_expected() {
    check("02-us-numbered-crlf", &text("02-us-numbered-crlf"));
}

#[test]
fn a_spanish_page_with_asterisks_for_slides_and_notices_reads_as_expected() {
    check("03-spanish-asterisk-tabs", &text("03-spanish-asterisk-tabs"));
}

#[test]
fn an_arabic_page_with_squares_reads_as_expected() {
    check("04-arabic-squares", &text("04-arabic-squares"));
}

#[test]
fn an_english_page_with_photo_n_of_m_reads_as_expected() {
    check("05-english-photo-n-of-m", &text("05-english-photo-n-of-m"));
}

#[test]
fn a_russian_page_with_hyphens_and_wrapped_lines_reads_as_expected() {
    check("06-russian-hyphen-wrapped", &text("06-russian-hyphen-wrapped"));
}

fn check(name: &str, text: &str) {
    let expected =
        std::fs::read_to_string(folder().join(format!("{name}.expected.json"))).expect("expectation");
    let expected: Value = serde_json::from_str(&expected).expect("JSON");
    let found = as_json(&read(text));
    let mut wrong = Vec::new();
    compare("", &expected, &found, &mut wrong);
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

/// Every key of `expected` is in `found` with the same value; a key that ends in `_sha256` is compared by hash.
fn compare(at: &str, expected: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), _) => {
            for (key, value) in expected {
                let plain = key.strip_suffix("_sha256");
                let own = &found[plain.unwrap_or(key)];
                let own = if plain.is_some() { hashed(own) } else { own.clone() };
                compare(&format!("{at}/{key}"), value, &own, wrong);
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(&format!("{at}/{index}"), expected, found, wrong);
            }
        }
        _ if expected == found => {}
        _ => wrong.push(format!("{at}: expected {expected}, found {found}")),
    }
}

fn hashed(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let hash = Sha256::digest(text.as_bytes());
            hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
        }
        Value::Array(values) => values.iter().map(hashed).collect(),
        other => other.clone(),
    }
}

/// A text as the README says to compare it.
fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn as_json(page: &Captured) -> Value {
    let optional = |text: &Option<String>| text.as_deref().map(normal);
    let kept = page.lines.iter().filter(|line| line.fate == Fate::NotUnderstood);
    let numbers = |group: &Vec<usize>| group.iter().map(|slide| slide + 1).collect::<Vec<_>>();
    json!({
        "machine_date": page.machine_date.map(date),
        "shown_time": page.shown.map(|shown| shown.at.to_string()),
        "section": optional(&page.section),
        "headline": optional(&page.headline),
        "comments": page.counters.and_then(|counters| counters.comments),
        "views": page.counters.and_then(|counters| counters.views),
        "language": page.language,
        "direction": page.direction.as_str(),
        "slides": page.slides.iter().map(|slide| json!({
            "caption": normal(&slide.caption),
            "date": slide.date.map(date),
            "place": slide.place,
        })).collect::<Vec<_>>(),
        "cover_slide": page.cover_slide.map(|slide| slide + 1),
        "lede": optional(&page.lede),
        "body": page.body.iter().map(|text| normal(text)).collect::<Vec<_>>(),
        "notices": page.notices.iter().map(|notice| json!({
            "term": notice.term,
            "text": normal(&notice.text),
        })).collect::<Vec<_>>(),
        "tags": page.tags,
        "duplicate_captions": page.duplicate_captions.iter().map(numbers).collect::<Vec<_>>(),
        "not_understood": kept.map(|line| normal(&line.text)).collect::<Vec<_>>(),
    })
}

fn date(date: PartialDate) -> String {
    let month = date.month.map_or_else(String::new, |month| format!("-{month:02}"));
    let day = date.day.map_or_else(String::new, |day| format!("-{day:02}"));
    format!("{:04}{month}{day}", date.year)
}
