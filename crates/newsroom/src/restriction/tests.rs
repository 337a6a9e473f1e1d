use super::RestrictionKind as Kind;
use super::*;

fn kinds(instructions: &str) -> Vec<Kind> {
    let facts = PhotoFacts { instructions: Some(instructions.to_owned()), ..PhotoFacts::default() };
    let mut kinds: Vec<Kind> = restrictions(&facts, "").iter().map(|restriction| restriction.kind).collect();
    kinds.dedup();
    kinds
}

#[test]
fn r12_reads_every_known_wording() {
    for (text, expected) in [
        ("NOT FOR PUBLICATION", vec![Kind::NotForPublication]),
        ("NO SALES", vec![Kind::NoSales]),
        ("NO RESALES.", vec![Kind::NoSales]),
        ("MAGS OUT", vec![Kind::OutletOut]),
        ("TV OUT", vec![Kind::OutletOut]),
        ("ONLINE OUT", vec![Kind::OutletOut]),
        ("ONE TIME USE", vec![Kind::OneTimeUse]),
        ("one-time use", vec![Kind::OneTimeUse]),
        ("CLIENTS ONLY", vec![Kind::ClientsOnly]),
        ("NO CROPPING", vec![Kind::NoCropping]),
        ("ADVISORY: look", vec![Kind::Advisory]),
        ("EDITORIAL USE ONLY", vec![Kind::EditorialUseOnly]),
        ("MANDATORY CREDIT \"X\"", vec![Kind::MandatoryCredit]),
        ("NO ARCHIVES", vec![Kind::NoArchives]),
        ("No Archiving", vec![Kind::NoArchives]),
        ("No Licensing", vec![Kind::NoLicensing]),
        ("GERMANY OUT", vec![Kind::CountryOut]),
        ("AUSTRALIA AND NEW ZEALAND OUT", vec![Kind::CountryOut]),
        ("NO COMMERCIAL OR EDITORIAL SALES IN UNITED KINGDOM", vec![Kind::NoCommercial]),
        ("THIS IMAGE HAS BEEN SUPPLIED BY A THIRD PARTY", vec![Kind::ThirdParty]),
        ("THIS PICTURE WAS PROVIDED BY A THIRD PARTY", vec![Kind::ThirdParty]),
        ("HANDOUT", vec![Kind::Handout]),
        ("Nothing of note. Tickets SOLD OUT.", vec![]),
    ] {
        assert_eq!(kinds(text), expected, "{text}");
    }
}

#[test]
fn r12_the_long_wording_of_afp_leaves_an_editorial_page_with_its_credit() {
    let text = "RESTRICTED TO EDITORIAL USE - MANDATORY CREDIT \"AFP PHOTO / X\" - NO MARKETING NO ADVERTISING CAMPAIGNS - DISTRIBUTED AS A SERVICE TO CLIENTS";
    assert_eq!(kinds(text), [Kind::MandatoryCredit, Kind::EditorialUseOnly]);
    assert!(kinds(text).iter().all(|kind| kind.effect() != Effect::Blocks));
}

#[test]
fn r12_keeps_the_source_text_and_its_field() {
    let facts = PhotoFacts {
        usage_terms: Some("Fine print. No Archiving; No Licensing.".into()),
        ..PhotoFacts::default()
    };
    let found = restrictions(&facts, "A man. REUTERS/X Y THIS PICTURE WAS PROVIDED BY A THIRD PARTY.");
    let rows: Vec<_> = found.iter().map(|one| (one.kind, one.source_text.as_str(), one.field)).collect();
    assert_eq!(
        rows,
        [
            (Kind::NoLicensing, "No Archiving; No Licensing.", "usage_terms"),
            (Kind::NoArchives, "No Archiving; No Licensing.", "usage_terms"),
            (Kind::ThirdParty, "THIS PICTURE WAS PROVIDED BY A THIRD PARTY", "caption"),
        ]
    );
}

#[test]
fn story_specific_handouts_block_and_government_ones_are_notes() {
    let of = |title: &str| {
        let facts = PhotoFacts { job_title: Some(title.into()), ..PhotoFacts::default() };
        restrictions(&facts, "")[0].kind
    };
    assert_eq!((of("HONS"), of("HOGP")), (Kind::StorySpecific, Kind::Handout));
    assert_eq!(Kind::StorySpecific.effect(), Effect::Blocks);
    let worded = "This image may only be used for 14 days from the time of transmission; No Archiving.";
    assert_eq!(kinds(worded), [Kind::NoArchives, Kind::StorySpecific]);
}

#[test]
fn a_trailing_mandatory_credit_is_one_demand_in_any_case() {
    for (caption, demand) in [
        ("A man walks. Mandatory Credit: Jane Doe-Imagn Images", "Mandatory Credit: Jane Doe-Imagn Images"),
        ("A man walks (mandatory credit: Jane Doe/AP).", "mandatory credit: Jane Doe/AP"),
        ("A man walks. MANDATORY CREDIT \"Jane Doe\"", "MANDATORY CREDIT \"Jane Doe\""),
    ] {
        let found = restrictions(&PhotoFacts::default(), caption);
        let rows: Vec<_> = found.iter().map(|one| (one.kind, one.source_text.as_str())).collect();
        assert_eq!(rows, [(Kind::MandatoryCredit, demand)], "{caption}");
    }
}

#[test]
fn a_readable_caption_restricts_in_capitals_only() {
    let of = |caption: &str| -> Vec<Kind> {
        restrictions(&PhotoFacts::default(), caption).iter().map(|one| one.kind).collect()
    };
    assert_eq!(of("There were no sales on the one time use market, tickets sold out."), []);
    assert_eq!(of("A man. NO SALES"), [Kind::NoSales]);
    assert_eq!(of("Residents receive a handout of food."), []);
    assert_eq!(of("A man. EPA/X Y HANDOUT"), [Kind::Handout]);
}

#[test]
fn r28_pictures_of_generative_models_are_blocked() {
    let of = |code: &str| {
        let facts = PhotoFacts { digital_source_type: Some(code.into()), ..PhotoFacts::default() };
        restrictions(&facts, "").first().map(|one| one.kind)
    };
    assert_eq!(of("trainedAlgorithmicMedia"), Some(Kind::Synthetic));
    assert_eq!(
        of("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"),
        Some(Kind::Synthetic)
    );
    assert_eq!(of("digitalCapture"), None);
    assert!(is_synthetic("compositeWithTrainedAlgorithmicMedia"));
}

#[test]
fn a_long_text_is_quoted_in_part() {
    let facts = PhotoFacts {
        instructions: Some(format!("{} NO SALES {}", "x ".repeat(500), "y ".repeat(500))),
        ..PhotoFacts::default()
    };
    let found = restrictions(&facts, "");
    assert!(found[0].source_text.starts_with("NO SALES") && found[0].source_text.chars().count() <= 300);
}
