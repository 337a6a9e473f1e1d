use super::*;
use crate::facts::{CameraTime, Place};
use crate::id::SlideId;
use crate::moment::Moment;
use crate::slide::Clearing;

fn slide() -> Slide {
    Slide::empty(SlideId::new([1; 5]))
}

fn wire() -> PhotoFacts {
    PhotoFacts {
        description: Some(
            "epa12345678 A man walks in Kerman, Iran, 02 January 2021. EPA-EFE/JANE DOE".into(),
        ),
        proposed_description: Some("OLYMPUS DIGITAL CAMERA".into()),
        instructions: Some("Call the desk first".into()),
        creators: vec!["Jane Doe".into()],
        alt_text: Some("A man on a street".into()),
        ..PhotoFacts::default()
    }
}

fn of(text: &str, origin: Origin) -> ShownText {
    ShownText { text: text.to_owned(), origin }
}

#[test]
fn shows_the_file_where_the_desk_typed_nothing() {
    let shown = show(&slide(), Some(&wire()), "en");
    assert_eq!(shown.caption, of("A man walks in Kerman, Iran, 02 January 2021.", Origin::File));
    assert_eq!(shown.credit, of("EPA-EFE/JANE DOE", Origin::File));
    assert_eq!(shown.credit_source, CreditSource::Signoff);
    assert_eq!(shown.alt, of("A man on a street", Origin::File));
    assert_eq!(shown.place, of("", Origin::Missing));
    assert_eq!(shown.desk_only, ["epa12345678", "Call the desk first"]);
}

#[test]
fn the_desks_text_wins_and_an_empty_one_is_a_decision() {
    let typed = Slide {
        caption: Some("Own words".into()),
        alt: Some(String::new()),
        credit: Some("J. Doe".into()),
        ..slide()
    };
    let shown = show(&typed, Some(&wire()), "en");
    assert_eq!(shown.caption, of("Own words", Origin::Desk));
    assert_eq!(shown.alt, of("", Origin::Desk));
    assert_eq!(shown.credit, of("J. Doe", Origin::Desk));
    let kept = Slide { caption: Some("Own words".into()), ..slide() };
    assert_eq!(
        show(&kept, Some(&wire()), "en").credit.text,
        "EPA-EFE/JANE DOE",
        "the file's sign-off stays the credit"
    );
}

#[test]
fn r11_text_for_editors_does_not_pass_in_a_typed_caption_either() {
    let typed =
        Slide { caption: Some("Own words. (AP Photo/X Y) ATTENTION EDITORS: NO SALES".into()), ..slide() };
    let shown = show(&typed, None, "en");
    assert_eq!(shown.caption, of("Own words.", Origin::Desk));
    assert_eq!(shown.credit, of("AP Photo/X Y", Origin::Desk));
    assert_eq!(shown.desk_only, ["ATTENTION EDITORS: NO SALES"]);
    assert_eq!(shown.uncleared().count(), 1);
}

#[test]
fn r3_a_cameras_description_is_never_the_caption() {
    let facts =
        PhotoFacts { proposed_description: Some("OLYMPUS DIGITAL CAMERA".into()), ..PhotoFacts::default() };
    assert_eq!(show(&slide(), Some(&facts), "en").caption, of("", Origin::Missing));
}

#[test]
fn the_place_shown_comes_before_the_older_fields() {
    let city = |name: &str| Place { city: Some(name.into()), ..Place::default() };
    let both = PhotoFacts {
        locations_shown: vec![city("Najaf"), city("Kufa")],
        place: city("Baghdad"),
        ..PhotoFacts::default()
    };
    assert_eq!(show(&slide(), Some(&both), "en").place.text, "Najaf; Kufa");
    let older = PhotoFacts { place: city("Baghdad"), ..PhotoFacts::default() };
    assert_eq!(show(&slide(), Some(&older), "en").place.text, "Baghdad");
}

#[test]
fn the_date_is_date_created_else_the_cameras_day() {
    let local = jiff::civil::date(2021, 1, 2).at(23, 59, 0, 0);
    let taken =
        PhotoFacts { taken: Some(CameraTime { local, offset_minutes: None }), ..PhotoFacts::default() };
    assert_eq!(show(&slide(), Some(&taken), "en").date.text, "2021-01-02");
    let partial = PartialDate { year: 2020, month: Some(12), day: None };
    let created = PhotoFacts { date_created: Some(partial), ..taken };
    assert_eq!(show(&slide(), Some(&created), "en").date.text, "2020-12");
}

#[test]
fn r12_a_clearing_lets_restrictions_pass_and_a_credit_satisfies_its_demand() {
    let facts = PhotoFacts {
        instructions: Some("NO SALES. MANDATORY CREDIT \"Jane Doe\". EDITORIAL USE ONLY.".into()),
        creators: vec!["Jane Doe".into()],
        ..PhotoFacts::default()
    };
    let standings = |slide: &Slide| -> Vec<Standing> {
        show(slide, Some(&facts), "en").restrictions.iter().map(|one| one.standing).collect()
    };
    assert_eq!(standings(&slide()), [Standing::Uncleared, Standing::Satisfied, Standing::Note]);
    let other_credit = Slide { credit: Some("Somebody".into()), ..slide() };
    assert_eq!(standings(&other_credit), [Standing::Uncleared, Standing::Uncleared, Standing::Note]);
    let shown = show(&slide(), Some(&facts), "en");
    let open: Vec<Restriction> = shown.uncleared().cloned().collect();
    let clearing = Some(Clearing::add(None, &open, "asked", Moment::from_micros(0)));
    let cleared = Slide { clearing, ..slide() };
    assert_eq!(standings(&cleared), [Standing::Cleared, Standing::Satisfied, Standing::Note]);
    let credited_anew = Slide { credit: Some("Somebody".into()), ..cleared };
    assert_eq!(standings(&credited_anew), [Standing::Cleared, Standing::Uncleared, Standing::Note]);
}

#[test]
fn r10_a_trailing_mandatory_credit_is_the_credit_and_demands_itself() {
    let of = |slide: &Slide, caption: &str| {
        let facts = PhotoFacts { description: Some(caption.into()), ..PhotoFacts::default() };
        let shown = show(slide, Some(&facts), "en");
        let restrictions: Vec<_> = shown
            .restrictions
            .iter()
            .map(|one| (one.restriction.source_text.clone(), one.standing))
            .collect();
        (shown.caption.text, shown.credit.text, restrictions)
    };
    let wire = "Lionel Messi celebrates in Miami. Mandatory Credit: Sam Navarro-Imagn Images";
    let demand = "Mandatory Credit: Sam Navarro-Imagn Images".to_owned();
    assert_eq!(
        of(&slide(), wire),
        (
            "Lionel Messi celebrates in Miami.".to_owned(),
            "Sam Navarro-Imagn Images".to_owned(),
            vec![(demand.clone(), Standing::Satisfied)]
        )
    );
    let other = Slide { credit: Some("Somebody".into()), ..slide() };
    assert_eq!(of(&other, wire).2, [(demand, Standing::Uncleared)]);
}

#[test]
fn statuses_of_the_file_stay_when_the_desk_writes_anew() {
    let facts = PhotoFacts {
        description: Some("A handout picture provided by X.".into()),
        digital_source_type: Some("compositeSynthetic".into()),
        ..PhotoFacts::default()
    };
    let typed = Slide { caption: Some("FILE - A man.".into()), ..slide() };
    let shown = show(&typed, Some(&facts), "en");
    assert_eq!(shown.statuses, [ReaderStatus::File, ReaderStatus::Handout, ReaderStatus::Synthetic]);
}

#[test]
fn a_language_is_named_only_where_it_is_not_the_storys() {
    let in_arabic = Slide { language: Some("ar".into()), ..slide() };
    assert_eq!(show(&in_arabic, None, "en").language.as_deref(), Some("ar"));
    assert_eq!(show(&in_arabic, None, "AR").language, None);
}

#[test]
fn r5_rights_are_what_is_shown_and_never_the_instructions() {
    let shown = show(&slide(), Some(&wire()), "en");
    let rights = rights(&shown, Some(&wire()), "en");
    assert_eq!(rights.description, "A man walks in Kerman, Iran, 02 January 2021.");
    assert_eq!((rights.credit.as_str(), rights.language.as_str()), ("EPA-EFE/JANE DOE", "en"));
    let all = serde_json::to_string(&rights).unwrap();
    assert!(!all.contains("Call the desk") && !all.contains("epa12345678"));
}
