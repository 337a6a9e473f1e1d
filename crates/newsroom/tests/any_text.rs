//! Captions come from strangers (R43): every rule takes every text, loses nothing of it, and ends soon.

use newsroom::caption::read_caption;
use newsroom::credit::{credit, mandatory_credits};
use newsroom::dates::{find_dates, picture_date};
use newsroom::facts::PhotoFacts;
use newsroom::id::{NoticeId, SlideId, StoryId};
use newsroom::matching::propose;
use newsroom::moment::Moment;
use newsroom::notice::{Foot, Mention, Notice, NoticeMarker, Span};
use newsroom::places::stated_place;
use newsroom::restriction::restrictions;
use newsroom::sentences::sentences;
use newsroom::shown::{rights, show};
use newsroom::slide::Slide;

/// Pieces that the rules look for, and pieces that break careless readers.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "(", ")", "[", "]", "\"", "“", "”", "'", "’", ".", ",", "،", ":", ";", " - ", " / ", "===", "\n", "\n\n", "\r\n", "\t", "  ", " ",
    "(AP Photo/Jane Doe)", "(Photo by J. DOE / AFP)", "REUTERS/Jane Doe", "EPA-EFE/JANE DOE", "via REUTERS", "epa08912345",
    "epaselect", "TOPSHOT", "TPX IMAGES OF THE DAY", "ATTENTION EDITORS", "EDITORS NOTE:", "CORRECTS NAME", "NO SALES",
    "MANDATORY CREDIT", "Mandatory Credit: ", "(mandatory credit: J. Doe/AP)", "GERMANY OUT", "EDITORIAL USE ONLY", "FILE", "handout picture", "Photo:", "Foto: X/dpa",
    "in Baghdad, Iraq", "Tuesday", "Jan.", "January", "2", "29", "2021", "12.03.2022", "2021-01-02", "٢ كانون الثاني ٢٠٢١",
    "2021年1月2日", "1er", "de", "U.S.", "Gen.", "Daesh", "Daesh*", "IS", "\u{301}", "\u{200d}", "\u{202e}", "\u{feff}", "\u{0}",
    "\u{fffd}", "🇮🇶", "👩‍👩‍👧", "ß", "İ", "ǅ", "ﬁ", "Ａ", "ไทย", "東京", "a", "A", "word", "Capital", "SHOUT",
];

/// Texts put together from the pieces by a fixed sequence.
fn texts() -> impl Iterator<Item = String> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 40).unwrap_or(0)
    };
    (0..1500).map(move |_| {
        let length = 1 + next() % 14;
        let joint = ["", " "][next() % 2];
        let pieces: Vec<&str> = (0..length).map(|_| PIECES[next() % PIECES.len()]).collect();
        pieces.join(joint)
    })
}

/// The longest text a field may have (R41), of one piece over and over, every other one with spaces between.
fn long_texts() -> impl Iterator<Item = String> {
    let joints = ["", " "].into_iter().cycle();
    PIECES.iter().zip(joints).map(|(piece, joint)| {
        let piece = format!("{piece}{joint}");
        piece.repeat(10_000 / piece.chars().count())
    })
}

fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.sort_unstable();
    letters
}

#[test]
fn r11_the_firewall_loses_no_letter_and_no_digit_of_any_text() {
    for text in texts().chain(long_texts()) {
        let reading = read_caption(&text);
        let kept =
            [reading.caption, reading.signoff.unwrap_or_default(), reading.desk_only.concat()].concat();
        assert_eq!(letters(&kept), letters(&text), "{text:?}");
    }
}

#[test]
fn r38_places_in_any_text_are_whole_signs_and_in_order() {
    for text in texts().chain(long_texts()) {
        let mut past = 0;
        for date in find_dates(&text) {
            assert!(date.start >= past && text.get(date.start..date.end).is_some(), "{text:?}: {date:?}");
            past = date.end;
        }
        assert!(picture_date(&text).is_none_or(|date| find_dates(&text).contains(&date)));
        assert!(
            stated_place(&text).is_none_or(|place| text.get(place.start..place.end).is_some()),
            "{text:?}"
        );
        assert!(sentences(&text).iter().all(|range| text.get(range.clone()).is_some()), "{text:?}");
    }
}

#[test]
fn r12_what_any_text_restricts_is_quoted_from_it() {
    for text in texts().chain(long_texts()) {
        let facts = PhotoFacts { instructions: Some(text.clone()), ..PhotoFacts::default() };
        for one in restrictions(&facts, &text) {
            let quote = one.source_text.trim_end_matches('…');
            assert!(!quote.is_empty() && quote.chars().count() <= 300, "{text:?}: {one:?}");
            assert!(one.field == "caption" || text.contains(quote), "{text:?}: {one:?}");
        }
        assert!(mandatory_credits(&text).iter().all(|demanded| text.contains(demanded.as_str())));
        assert_eq!(credit(Some(&text), None, &facts).text, text.trim());
    }
}

#[test]
fn r34_marking_any_text_adds_marks_and_removes_typed_ones_only() {
    let notice = Notice {
        id: NoticeId::new(Moment::from_micros(0), [1; 10]),
        term: "Daesh".into(),
        variants: ["IS", "東", "a", "\u{301}", ""].map(str::to_owned).to_vec(),
        text: "note".into(),
        language: None,
        story: None,
        mention: Mention::Every,
        from: None,
        until: None,
    };
    let story = StoryId::new(Moment::from_micros(0), [2; 10]);
    let rules = [notice];
    for text in texts().chain(long_texts()) {
        let spans = NoticeMarker::new(&rules, story, "en", Moment::from_micros(0)).mark(&text, Foot::Foot);
        let kept: String =
            spans.iter().map(|span| if let Span::Text(text) = span { text.as_str() } else { "" }).collect();
        assert_eq!(kept.replace('*', ""), text.replace('*', ""));
    }
}

#[test]
fn r11_what_is_shown_of_a_shown_caption_is_the_same() {
    for text in texts() {
        let facts = PhotoFacts { description: Some(text.clone()), ..PhotoFacts::default() };
        let slide = Slide::empty(SlideId::new([1; 5]));
        let first = show(&slide, Some(&facts), "en");
        assert_eq!(rights(&first, Some(&facts), "en").description, first.caption.text);
    }
}

#[test]
fn proposals_for_any_texts_are_one_to_one() {
    let texts: Vec<String> = texts().take(80).collect();
    let slides: Vec<_> =
        (0..).zip(&texts).map(|(n, text)| (SlideId::new([n; 5]), text.as_str())).take(32).collect();
    let photos: Vec<_> = (0..)
        .zip(texts.iter().rev())
        .map(|(n, text)| (newsroom::id::PhotoId::new(Moment::from_micros(0), [n; 10]), text.as_str()))
        .collect();
    let proposals = propose(&slides, &photos);
    let mut seen: Vec<_> = proposals.iter().map(|proposal| proposal.slide.clone()).collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), proposals.len());
    assert!(proposals.iter().all(|proposal| (0.5..=1.0).contains(&proposal.score)));
}
