use super::*;
use crate::facts::{CameraTime, PartialDate, Place};
use crate::id::{SlideId, StoryId};
use crate::shown::show;
use crate::slug::Slug;
use crate::story::{CounterOffsets, Direction, ShownTime, StoryMoments};

fn now() -> Moment {
    Moment::parse("2021-01-03T15:32:00Z").unwrap()
}

fn story() -> Story {
    Story {
        id: StoryId::new(now(), [1; 10]),
        slug: Slug::from_text("story").unwrap(),
        short_code: "abc".into(),
        revision: 1,
        section: "Photo".into(),
        headline: "Headline".into(),
        lede: String::new(),
        body: String::new(),
        dateline: None,
        bylines: Vec::new(),
        tags: Vec::new(),
        cover: None,
        language: "en".into(),
        direction: Direction::Ltr,
        slides: Vec::new(),
        moments: StoryMoments {
            created: now(),
            changed: now(),
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

/// A slide that passes, with this caption.
fn slide(n: u8, caption: &str) -> Slide {
    Slide {
        caption: Some(caption.into()),
        alt: Some("A crowd on a bridge".into()),
        credit: Some("Jane Doe/AP".into()),
        ..Slide::empty(SlideId::new([n; 5]))
    }
}

type Rows = Vec<(Slide, Option<PhotoFacts>, Option<PhotoState>)>;

fn report(story: &Story, rows: &Rows, allow: AllowMissing) -> CheckReport {
    let shown: Vec<_> = rows.iter().map(|(slide, facts, _)| show(slide, facts.as_ref(), "en")).collect();
    let slides: Vec<CheckedSlide<'_>> = rows
        .iter()
        .zip(&shown)
        .map(|((slide, facts, photo), shown)| CheckedSlide {
            slide,
            shown,
            facts: facts.as_ref(),
            photo: photo.clone(),
        })
        .collect();
    check_for_publishing(story, &slides, now(), &CheckOptions { allow, style: HouseStyle::default() })
}

fn one(slide: Slide, facts: Option<PhotoFacts>, photo: Option<PhotoState>) -> CheckReport {
    report(&story(), &vec![(slide, facts, photo)], AllowMissing::default())
}

fn refused(slide: Slide, facts: Option<PhotoFacts>, photo: Option<PhotoState>) -> Vec<&'static str> {
    one(slide, facts, photo).refusals.iter().map(|refusal| refusal.code).collect()
}

fn warned(slide: Slide, facts: PhotoFacts) -> Vec<&'static str> {
    let report = one(slide, Some(facts), Some(PhotoState::Developed));
    report.warnings.iter().map(|warning| warning.code).collect()
}

fn caption_warnings(caption: &str) -> Vec<&'static str> {
    warned(slide(1, caption), PhotoFacts::default())
}

const GOOD: &str = "People wave flags in Baghdad, Iraq, 2 January 2021.";
const DEVELOPED: Option<PhotoState> = Some(PhotoState::Developed);

#[test]
fn a_whole_story_passes_without_a_word() {
    let report = one(slide(1, GOOD), Some(PhotoFacts::default()), DEVELOPED);
    assert_eq!(report, CheckReport::default());
    assert!(report.passes());
}

#[test]
fn refuses_a_story_without_headline_section_slides_or_with_an_unknown_cover() {
    let bare =
        Story { headline: " ".into(), section: String::new(), cover: Some(SlideId::new([9; 5])), ..story() };
    let report = report(&bare, &Vec::new(), AllowMissing::default());
    let codes: Vec<_> = report.refusals.iter().map(|refusal| refusal.code).collect();
    assert_eq!(codes, ["headline_missing", "section_missing", "no_slides", "cover_unknown"]);
}

#[test]
fn r10_no_flag_overrules_a_missing_credit() {
    let uncredited = Slide { credit: None, ..slide(1, GOOD) };
    let all = AllowMissing { alt: Missing::Allow, picture: Missing::Allow };
    let report = report(&story(), &vec![(uncredited, Some(PhotoFacts::default()), DEVELOPED)], all);
    let refusal = &report.refusals[0];
    assert_eq!((refusal.code, refusal.field, refusal.rule), ("credit_missing", Some("credit"), Some("R10")));
    assert_eq!(refusal.slide.as_ref().map(|slide| slide.number), Some(1));
}

#[test]
fn r10_only_a_slide_without_a_picture_may_lack_a_credit() {
    let uncredited = Slide { credit: None, alt: None, ..slide(1, GOOD) };
    assert_eq!(refused(uncredited.clone(), None, None), ["picture_missing"]);
    let allow = AllowMissing { picture: Missing::Allow, ..AllowMissing::default() };
    assert!(report(&story(), &vec![(uncredited, None, None)], allow).passes());
}

#[test]
fn refuses_a_missing_caption_and_a_missing_alt_text() {
    let bare = Slide { alt: None, caption: Some(String::new()), ..slide(1, "") };
    assert_eq!(refused(bare.clone(), None, DEVELOPED), ["caption_missing", "alt_missing"]);
    let allow = AllowMissing { alt: Missing::Allow, ..AllowMissing::default() };
    let captioned = Slide { caption: Some(GOOD.into()), ..bare };
    assert!(report(&story(), &vec![(captioned, None, DEVELOPED)], allow).passes());
}

#[test]
fn refuses_photos_that_cannot_be_shown() {
    for (state, code) in [
        (PhotoState::Waiting, "photo_not_developed"),
        (PhotoState::Refused("12 % of it are missing".into()), "photo_refused"),
        (PhotoState::Withdrawn, "photo_withdrawn"),
    ] {
        assert_eq!(refused(slide(1, GOOD), None, Some(state)), [code]);
    }
}

#[test]
fn r12_a_restriction_is_quoted_until_it_is_cleared() {
    let facts = PhotoFacts {
        instructions: Some("Germany out, and NO SALES in Berlin".into()),
        ..PhotoFacts::default()
    };
    let report = one(slide(1, GOOD), Some(facts.clone()), DEVELOPED);
    assert_eq!(report.refusals[0].code, "restricted");
    assert!(report.refusals[0].sentence.contains("\"Germany out, and NO SALES in Berlin\""));
    let found = crate::restriction::restrictions(&facts, "");
    let clearing = Some(crate::slide::Clearing::add(None, &found, "web only", now()));
    assert_eq!(refused(Slide { clearing, ..slide(1, GOOD) }, Some(facts), DEVELOPED), Vec::<&str>::new());
}

#[test]
fn r12_a_restriction_that_comes_after_a_clearing_is_not_cleared_by_it() {
    let facts = |text: &str| PhotoFacts { instructions: Some(text.into()), ..PhotoFacts::default() };
    let found = crate::restriction::restrictions(&facts("NO SALES"), "");
    let clearing = crate::slide::Clearing::add(None, &found, "web only", now());
    let cleared =
        |clearing: &crate::slide::Clearing| Slide { clearing: Some(clearing.clone()), ..slide(1, GOOD) };
    let killed = facts("NOT FOR PUBLICATION. PICTURE KILL");
    assert_eq!(refused(cleared(&clearing), Some(facts("NO SALES")), DEVELOPED), Vec::<&str>::new());
    let report = one(cleared(&clearing), Some(killed.clone()), DEVELOPED);
    assert_eq!(report.refusals.len(), 1);
    assert!(report.refusals[0].sentence.contains("\"NOT FOR PUBLICATION.\""), "{:?}", report.refusals);
    // The same kind in other words is another restriction.
    assert_eq!(refused(cleared(&clearing), Some(facts("NO SALES in Europe")), DEVELOPED), ["restricted"]);
    let found = crate::restriction::restrictions(&killed, "");
    let both = crate::slide::Clearing::add(Some(clearing), &found, "asked the agency", now());
    assert_eq!(refused(cleared(&both), Some(killed), DEVELOPED), Vec::<&str>::new());
    assert_eq!(refused(cleared(&both), Some(facts("NO SALES")), DEVELOPED), Vec::<&str>::new());
}

#[test]
fn a_restriction_is_said_once_with_its_words() {
    let facts = |text: &str| PhotoFacts { instructions: Some(text.into()), ..PhotoFacts::default() };
    let two_kinds = one(slide(1, GOOD), Some(facts("NO SALES; EDS NOTE: FRANCE OUT")), DEVELOPED).refusals;
    assert_eq!(two_kinds.len(), 1);
    assert_eq!(
        two_kinds[0].sentence,
        "The photo is restricted (\"NO SALES; EDS NOTE: FRANCE OUT\", in instructions); an editor may clear it with a reason."
    );
    let demand = one(slide(1, GOOD), Some(facts("MANDATORY CREDIT: Jane Roe")), DEVELOPED).refusals;
    let refusal = &demand[0];
    assert_eq!((refusal.field, refusal.rule), (Some("credit"), Some("R10")));
    assert!(refusal.sentence.contains("give a credit that holds the demanded words"), "{}", refusal.sentence);
    let satisfied = Slide { credit: Some("Jane Roe/AP".into()), ..slide(1, GOOD) };
    assert_eq!(refused(satisfied, Some(facts("MANDATORY CREDIT: Jane Roe")), DEVELOPED), Vec::<&str>::new());
}

#[test]
fn no_sentence_repeats_the_slide_that_its_finding_names() {
    let bare = Slide { alt: None, caption: Some("People wave on Jan. 2.".into()), ..slide(1, "") };
    let found = one(bare, None, None);
    let sentences = found.refusals.iter().map(|one| &one.sentence);
    let mut sentences = sentences.chain(found.warnings.iter().map(|one| &one.sentence));
    assert!(found.refusals.len() == 1 && found.warnings.len() == 1);
    assert!(sentences.all(|sentence| !sentence.contains("lide 1")));
    assert_eq!((found.refusals[0].code, found.refusals[0].rule), ("picture_missing", Some("R32")));
}

#[test]
fn r38_refuses_a_caption_dated_after_publication_even_at_utc_plus_14() {
    let dated =
        |day: &str| refused(slide(1, &format!("People wave flags, {day} January 2021.")), None, DEVELOPED);
    assert_eq!(dated("4"), Vec::<&str>::new(), "on Kiritimati it is the fourth already");
    assert_eq!(dated("5"), ["caption_date_after_publication"]);
}

#[test]
fn r38_a_caption_may_announce_a_later_date() {
    let ahead = "People rally in Kyiv, Ukraine, 2 January 2021, ahead of the vote on 5 May 2024.";
    assert_eq!(refused(slide(1, ahead), None, DEVELOPED), Vec::<&str>::new());
    let report = one(slide(1, "People rally ahead of the vote on 5 May 2024."), None, DEVELOPED);
    assert!(report.passes() && report.warnings[0].code == "date_ahead");
}

#[test]
fn r38_a_past_date_does_not_hide_a_later_one_of_the_picture() {
    let typo = "People rally in Kyiv, Ukraine, 2 January 2031, a year after his killing on 3 January 2020.";
    assert_eq!(refused(slide(1, typo), None, DEVELOPED), ["caption_date_after_publication"]);
}

#[test]
fn r38_the_time_that_readers_see_is_the_time_of_publication() {
    let mut later = story();
    later.moments.shown =
        Some(ShownTime { at: Moment::parse("2020-12-30T12:00:00Z").unwrap(), unconfirmed: true });
    let report = report(&later, &vec![(slide(1, GOOD), None, DEVELOPED)], AllowMissing::default());
    assert_eq!(report.refusals[0].code, "caption_date_after_publication");
    assert_eq!(report.warnings[0].code, "shown_time_unconfirmed");
}

#[test]
fn r41_refuses_texts_over_ten_thousand_characters() {
    let long = Slide { long_description: Some("ا".repeat(10_001)), ..slide(1, GOOD) };
    assert_eq!(refused(long, None, DEVELOPED), ["text_too_long"]);
    let just = Slide { long_description: Some("ا".repeat(10_000)), ..slide(1, GOOD) };
    assert_eq!(refused(just, None, DEVELOPED), Vec::<&str>::new());
}

#[test]
fn r38_weekdays_years_and_days_are_checked_against_the_calendar() {
    assert_eq!(caption_warnings("People wave, Friday, 2 January 2021."), ["weekday_disagrees"]);
    assert_eq!(caption_warnings("People wave, Saturday, 2 January 2021."), Vec::<&str>::new());
    assert_eq!(caption_warnings("People wave on Jan. 2."), ["date_without_year"]);
    assert_eq!(caption_warnings("LONDON, ENGLAND - JANUARY 02: People wave."), Vec::<&str>::new());
    assert_eq!(caption_warnings("People wave on 31 November 2020."), ["no_such_day"]);
}

#[test]
fn r9_a_date_that_is_not_the_files_is_amber() {
    let created = |day| PhotoFacts {
        date_created: Some(PartialDate { year: 2021, month: Some(1), day: Some(day) }),
        ..PhotoFacts::default()
    };
    assert_eq!(warned(slide(1, GOOD), created(1)), Vec::<&str>::new());
    let early = PhotoFacts {
        taken: Some(CameraTime {
            local: jiff::civil::date(2020, 12, 30).at(9, 0, 0, 0),
            offset_minutes: None,
        }),
        ..PhotoFacts::default()
    };
    assert_eq!(warned(slide(1, GOOD), early), ["caption_date_differs"]);
}

#[test]
fn r37_an_old_photo_says_file_or_a_date() {
    let old = PhotoFacts {
        date_created: Some(PartialDate { year: 2020, month: Some(12), day: Some(1) }),
        ..PhotoFacts::default()
    };
    assert_eq!(warned(slide(1, "People wave flags."), old.clone()), ["old_photo"]);
    assert_eq!(warned(slide(1, "FILE - People wave flags."), old.clone()), Vec::<&str>::new());
    assert_eq!(warned(slide(1, "People wave flags, 1 December 2020."), old), Vec::<&str>::new());
}

#[test]
fn r37_two_slides_with_one_caption_are_shown() {
    let rows = vec![
        (slide(1, GOOD), None, DEVELOPED),
        (slide(2, "People wave flags in Baghdad, Iraq, 2 January 2021!"), None, DEVELOPED),
    ];
    let report = report(&story(), &rows, AllowMissing::default());
    assert_eq!(report.warnings.len(), 1);
    assert_eq!(report.warnings[0].code, "same_caption");
    assert_eq!(report.warnings[0].slide.as_ref().map(|slide| slide.number), Some(2));
}

#[test]
fn r9_the_wording_of_captions_is_checked() {
    for (caption, expected) in [
        ("John XXX waves.", vec!["placeholder"]),
        ("A man (name to come) waves.", vec!["placeholder"]),
        ("A man ( ) waves.", vec!["placeholder"]),
        ("A topshot winner waves.", vec!["agency_mark"]),
        ("Jane Doe/AP waves.", vec!["credit_in_caption"]),
        ("A man waits in Caf\u{c3}\u{a9} Central.", vec!["broken_letters"]),
        ("He says â€œnoâ€\u{9d} to it.", vec!["broken_letters"]),
        ("A man waits in Café Münster, “no” – François’s.", vec![]),
        ("A man waits in Cafe\u{301} Central.", vec!["not_nfc"]),
        ("One. Two. Three.", vec!["long_caption"]),
        ("Gen. Jane Doe (C) of the U.S. Army waves. She smiles.", vec![]),
    ] {
        assert_eq!(caption_warnings(caption), expected, "{caption}");
    }
}

#[test]
fn r9_places_and_persons_of_the_file_stand_in_the_caption() {
    let place = |city: &str| PhotoFacts {
        place: Place { city: Some(city.into()), ..Place::default() },
        ..PhotoFacts::default()
    };
    assert_eq!(warned(slide(1, GOOD), place("Najaf")), ["place_differs"]);
    assert_eq!(warned(slide(1, GOOD), place("BAGHDAD")), Vec::<&str>::new());
    let person = |name: &str| PhotoFacts { persons: vec![name.into()], ..PhotoFacts::default() };
    let caption = "Qasem Soleimani waves.";
    assert_eq!(warned(slide(1, caption), person("Qasem Soleimani")), Vec::<&str>::new());
    assert_eq!(warned(slide(1, caption), person("Gen. Soleimani")), Vec::<&str>::new());
    assert_eq!(warned(slide(1, caption), person("Kassem Soleimany")), ["person_spelled_differently"]);
    assert_eq!(warned(slide(1, caption), person("Hassan Rouhani")), ["person_missing"]);
}

#[test]
fn r9_alt_texts_say_what_the_picture_shows() {
    let alt = |text: &str| warned(Slide { alt: Some(text.into()), ..slide(1, GOOD) }, PhotoFacts::default());
    assert_eq!(alt(GOOD), ["alt_is_caption"]);
    assert_eq!(alt(&"long ".repeat(51)), ["alt_too_long"]);
    assert_eq!(alt("DSC_0042.JPG"), ["alt_is_file_name"]);
    assert_eq!(alt("IMG-2021"), ["alt_is_file_name"]);
    assert_eq!(alt("A dog"), Vec::<&str>::new());
}
