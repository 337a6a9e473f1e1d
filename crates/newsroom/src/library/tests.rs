use jiff::civil::date;

use super::*;
use crate::facts::Place;
use crate::restriction::RestrictionKind;

fn findable(facts: PhotoFacts) -> Findable {
    Findable {
        name: "DSC_0042.JPG".to_owned(),
        size: PixelSize { width: 6000, height: 4000 },
        facts,
        has_problems: false,
        slides: vec![],
        published: false,
        owner: None,
    }
}

/// A photo with something in each field.
fn full() -> Findable {
    let text = |text: &str| Some(text.to_owned());
    findable(PhotoFacts {
        description: text("Volunteers carry lanterns. (AP Photo/Jane Doe)"),
        headline: text("River rises"),
        creators: vec!["Nora Fenwick".to_owned()],
        credit_line: text("Tideline Pictures"),
        persons: vec!["Ada Thorne".to_owned()],
        place: Place { city: text("Leeds"), ..Place::default() },
        keywords: vec!["flood".to_owned()],
        date_created: PartialDate::parse("2021-01-02"),
        job_id: text("LON7788"),
        rating: Some(4),
        ..PhotoFacts::default()
    })
}

/// Whether a photo answers a question, by the terms alone.
fn answers(photo: &Findable, words: &str, filter: &Filter) -> bool {
    let terms = photo.terms("en");
    let query = (!words.is_empty()).then(|| Query::read(words, "en").unwrap());
    let question = Question::new(query.as_ref(), filter).unwrap();
    question.conditions.iter().all(|any| any.iter().any(|term| terms.contains(term)))
}

#[test]
fn a_photo_is_found_by_each_of_its_texts() {
    let mut photo = full();
    photo.slides.push(DeskTexts {
        caption: Some("Häuser am Fluss".to_owned()),
        credit: Some("Quay Press".to_owned()),
        place: Some("Whitby".to_owned()),
        language: "de".to_owned(),
    });
    for words in [
        "volunteer lantern",
        "river",
        "fenwick",
        "tideline",
        "thorne",
        "leeds",
        "flood",
        "dsc_0042",
        "lon7788",
        "Häuser",
        "quay",
        "whitby",
        "ada river press",
    ] {
        assert!(answers(&photo, words, &Filter::default()), "{words}");
    }
    assert!(!answers(&photo, "rocket", &Filter::default()));
    assert!(!answers(&photo, "river rocket", &Filter::default()), "every word has to be found");
}

#[test]
fn headlines_names_places_and_keywords_count_most() {
    let terms = full().terms("en");
    for word in ["river", "thorne", "leeds", "flood"] {
        assert!(terms.contains(&counting_most(word)), "{word}");
    }
    for word in ["lantern", "tideline", "fenwick", "dsc"] {
        assert!(terms.contains(&anywhere(word)) && !terms.contains(&counting_most(word)), "{word}");
    }
}

#[test]
fn a_credit_is_asked_for_by_its_words_in_whatever_field_they_stand() {
    let by = |credit: &str| Filter { credit: Some(credit.to_owned()), ..Filter::default() };
    for credit in ["Tideline", "nora fenwick", "Fenwick/Tideline Pictures", "AP", "Jane Doe"] {
        assert!(answers(&full(), "", &by(credit)), "{credit}");
    }
    assert!(!answers(&full(), "", &by("Reuters")));
    assert!(!answers(&full(), "", &by("Leeds")), "a place is no credit");
    assert!(Question::new(None, &by("/")).is_err());
}

#[test]
fn a_span_of_days_holds_its_first_and_its_last_day_and_no_other() {
    let photo = full();
    let within = |from, until| answers(&photo, "", &Filter { from, until, ..Filter::default() });
    let day = |year, month, day| Some(date(year, month, day));
    for (from, until) in [
        (day(2021, 1, 2), day(2021, 1, 2)),
        (day(2020, 12, 30), day(2021, 2, 3)),
        (day(1900, 1, 1), day(2099, 12, 31)),
        (None, day(2021, 1, 2)),
        (day(2021, 1, 2), None),
        (day(1999, 5, 7), day(2030, 4, 3)),
    ] {
        assert!(within(from, until), "{from:?} to {until:?}");
    }
    for (from, until) in [
        (day(2021, 1, 3), None),
        (None, day(2021, 1, 1)),
        (day(2021, 1, 5), day(2021, 1, 1)),
        (day(2011, 1, 1), day(2020, 12, 31)),
    ] {
        assert!(!within(from, until), "{from:?} to {until:?}");
    }
}

#[test]
fn a_date_known_in_part_is_in_a_span_that_holds_all_of_it() {
    let mut photo = full();
    photo.facts.date_created = PartialDate::parse("2021-01");
    let until =
        |day| Filter { from: Some(date(2021, 1, 1)), until: Some(date(2021, 1, day)), ..Filter::default() };
    assert!(answers(&photo, "", &until(31)));
    assert!(!answers(&photo, "", &until(30)));
}

#[test]
fn a_long_span_is_few_terms() {
    let question = |from, until| {
        let filter = Filter { from: Some(from), until: Some(until), ..Filter::default() };
        Question::new(None, &filter).unwrap().conditions.concat()
    };
    let named = question(date(2019, 12, 30), date(2021, 2, 2));
    assert_eq!(
        named,
        ["d:2019-12-30", "d:2019-12-31", "d:2020", "d:2021-01", "d:2021-02-01", "d:2021-02-02"]
    );
    assert!(question(date(1901, 1, 2), date(2098, 12, 30)).len() < 120);
}

#[test]
fn states_are_asked_for_one_by_one() {
    let mut photo = full();
    let is = |photo: &Findable, filter: Filter| answers(photo, "", &filter);
    let usage = |usage| Filter { usage: Some(usage), ..Filter::default() };
    assert!(is(&photo, usage(Usage::Unused)) && !is(&photo, usage(Usage::Used)));
    photo.slides.push(DeskTexts::default());
    assert!(is(&photo, usage(Usage::Used)) && !is(&photo, usage(Usage::Published)));
    photo.published = true;
    assert!(is(&photo, usage(Usage::Published)));
    let restricted = |presence| Filter { restrictions: Some(presence), ..Filter::default() };
    assert!(is(&photo, restricted(Presence::None)));
    photo.facts.instructions = Some("EDITORIAL USE ONLY".to_owned());
    assert!(is(&photo, restricted(Presence::None)), "a note restricts nothing");
    photo.facts.instructions = Some("NO SALES".to_owned());
    assert_eq!(restrictions(&photo.facts, "").first().map(|one| one.kind), Some(RestrictionKind::NoSales));
    assert!(is(&photo, restricted(Presence::Any)));
    let problems = |presence| Filter { problems: Some(presence), ..Filter::default() };
    assert!(is(&photo, problems(Presence::None)));
    photo.has_problems = true;
    assert!(is(&photo, problems(Presence::Any)));
    let stands = |orientation| Filter { orientation: Some(orientation), ..Filter::default() };
    assert!(is(&photo, stands(Orientation::Landscape)) && !is(&photo, stands(Orientation::Portrait)));
    photo.size = PixelSize { width: 800, height: 800 };
    assert!(is(&photo, stands(Orientation::Square)));
}

#[test]
fn stars_are_asked_for_from_below() {
    let mut photo = full();
    let is =
        |photo: &Findable, stars| answers(photo, "", &Filter { stars: Some(stars), ..Filter::default() });
    assert!(is(&photo, Stars::AtLeast(3)) && is(&photo, Stars::AtLeast(4)) && !is(&photo, Stars::AtLeast(5)));
    photo.facts.rating = None;
    assert!(is(&photo, Stars::Unrated) && !is(&photo, Stars::AtLeast(1)));
    photo.facts.rating = Some(-1);
    assert!(is(&photo, Stars::Rejected) && !is(&photo, Stars::Unrated));
}

#[test]
fn the_texts_with_hits_come_with_their_marks_those_that_count_most_first() {
    let query = Query::read("lanterns leeds", "en").unwrap();
    let hits = full().hits(&query, "en");
    let shown: Vec<(Field, &str)> =
        hits.iter().map(|(found, marks)| (found.field, found.text.get(marks[0].clone()).unwrap())).collect();
    assert_eq!(shown, [(Field::Place, "Leeds"), (Field::Caption, "lanterns")]);
}

#[test]
fn a_term_is_one_word_without_spaces() {
    let mut photo = full();
    photo.facts.keywords.push("two words; and\u{a0}more".to_owned());
    assert!(
        photo.terms("en").iter().all(|term| !term.contains(char::is_whitespace) && term.is_char_boundary(2))
    );
}

#[test]
fn a_photo_is_found_among_those_of_its_owner_only() {
    let owner = |number: u8| crate::id::StaffId::new(crate::moment::Moment::from_micros(0), [number; 10]);
    let photo = Findable { owner: Some(owner(1)), ..full() };
    let of = |number| {
        let filter = Filter { owner: Some(owner(number)), ..Filter::default() };
        Question::new(None, &filter).unwrap().conditions
    };
    let terms = photo.terms("en");
    let is = |conditions: Vec<Vec<String>>| {
        conditions.iter().all(|any| any.iter().any(|term| terms.contains(term)))
    };
    assert!(is(of(1)) && !is(of(2)));
    assert!(!full().terms("en").iter().any(|term| of(1).concat().contains(term)));
}
