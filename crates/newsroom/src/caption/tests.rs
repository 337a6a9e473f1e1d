use super::*;
use ReaderStatus::{File, Graphic, Handout, Posed, Unverified};

fn parts(raw: &str) -> (String, Option<String>, Vec<String>) {
    let reading = read_caption(raw);
    (reading.caption, reading.signoff, reading.desk_only)
}

/// Raw caption, caption, sign-off, desk-only texts.
type Row = (&'static str, &'static str, Option<&'static str>, &'static [&'static str]);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("People wave flags in Baghdad, Iraq, Saturday, Jan. 2, 2021. (AP Photo/Khalid Mohammed)",
     "People wave flags in Baghdad, Iraq, Saturday, Jan. 2, 2021.", Some("AP Photo/Khalid Mohammed"), &[]),
    ("FILE - A man walks. (AP Photo/Jane Doe, File)", "FILE - A man walks.", Some("AP Photo/Jane Doe, File"), &[]),
    ("A vigil. (Jane Doe/The Daily News via AP)", "A vigil.", Some("Jane Doe/The Daily News via AP"), &[]),
    ("A vigil. (Iranian Presidency (Office) via AP).", "A vigil.", Some("Iranian Presidency (Office) via AP"), &[]),
    ("Iraqis gather on January 2, 2021. (Photo by Ahmad AL-RUBAYE / AFP)", "Iraqis gather on January 2, 2021.",
     Some("Photo by Ahmad AL-RUBAYE / AFP"), &[]),
    ("LONDON, ENGLAND - MAY 03: People vote. (Photo by Jane Doe/Getty Images)", "LONDON, ENGLAND - MAY 03: People vote.",
     Some("Photo by Jane Doe/Getty Images"), &[]),
    ("A man walks in Kyiv, Ukraine, August 12, 2025. REUTERS/Jane Doe", "A man walks in Kyiv, Ukraine, August 12, 2025.",
     Some("REUTERS/Jane Doe"), &[]),
    ("A man walks. REUTERS/Jane van der Berg/File Photo", "A man walks.", Some("REUTERS/Jane van der Berg/File Photo"), &[]),
    ("A man walks. REUTERS/Jane Doe     TPX IMAGES OF THE DAY", "A man walks.", Some("REUTERS/Jane Doe"),
     &["TPX IMAGES OF THE DAY"]),
    ("A missile is fired. Iranian Army/WANA (West Asia News Agency)/Handout via REUTERS ATTENTION EDITORS - THIS IMAGE HAS BEEN SUPPLIED BY A THIRD PARTY.",
     "A missile is fired.", Some("Iranian Army/WANA (West Asia News Agency)/Handout via REUTERS"),
     &["ATTENTION EDITORS - THIS IMAGE HAS BEEN SUPPLIED BY A THIRD PARTY"]),
    ("epa08912345 People mourn in Kerman, Iran, 02 January 2021.  EPA-EFE/ABEDIN TAHERKENAREH",
     "People mourn in Kerman, Iran, 02 January 2021.", Some("EPA-EFE/ABEDIN TAHERKENAREH"), &["epa08912345"]),
    ("epaselect epa08912345 A handout picture provided by the office shows him (C), Tehran, Iran, 02 January 2021. EPA-EFE/IRAN LEADER OFFICE HANDOUT HANDOUT EDITORIAL USE ONLY/NO SALES",
     "A handout picture provided by the office shows him (C), Tehran, Iran, 02 January 2021.",
     Some("EPA-EFE/IRAN LEADER OFFICE"), &["epaselect", "epa08912345", "HANDOUT HANDOUT EDITORIAL USE ONLY/NO SALES"]),
    ("A swimmer. EPA/JOE CASTRO AUSTRALIA AND NEW ZEALAND OUT", "A swimmer.", Some("EPA/JOE CASTRO"),
     &["AUSTRALIA AND NEW ZEALAND OUT"]),
    ("TOPSHOT - Smoke rises over the city. (Photo by - / AFP) / === RESTRICTED TO EDITORIAL USE - MANDATORY CREDIT \"AFP PHOTO / X\" - NO MARKETING ===",
     "Smoke rises over the city.", Some("Photo by - / AFP"),
     &["TOPSHOT", "RESTRICTED TO EDITORIAL USE - MANDATORY CREDIT \"AFP PHOTO / X\" - NO MARKETING"]),
    ("CORRECTS SPELLING OF NAME TO Jon - A man walks. (AP Photo/X Y)", "A man walks.", Some("AP Photo/X Y"),
     &["CORRECTS SPELLING OF NAME TO Jon"]),
    ("CORRECTS DATE A man walks. (AP Photo/X Y)", "A man walks.", Some("AP Photo/X Y"), &["CORRECTS DATE"]),
    ("EDITORS NOTE: Graphic content. A man lies on a road.", "A man lies on a road.", None,
     &["EDITORS NOTE: Graphic content"]),
    ("ATTENTION EDITORS - GRAPHIC CONTENT\nA man lies on a road. REUTERS/Jane Doe", "A man lies on a road.",
     Some("REUTERS/Jane Doe"), &["ATTENTION EDITORS - GRAPHIC CONTENT"]),
    ("Attention editors: blur the face\nA man lies on a road.", "A man lies on a road.", None,
     &["Attention editors: blur the face"]),
    ("ATTENTION EDITORS - BLUR\nA man. ATTENTION EDITORS - NO SALES", "A man.", None,
     &["ATTENTION EDITORS - BLUR", "ATTENTION EDITORS - NO SALES"]),
    ("A man lies on a road. Attention editors: please blur.", "A man lies on a road.", None,
     &["Attention editors: please blur"]),
    ("A man. EDITORIAL USE ONLY. NO SALES. He is happy.", "A man. He is happy.", None,
     &["EDITORIAL USE ONLY. NO SALES"]),
    ("Smoke rises. (Photo by Ahmad AL-RUBAYE / AFP) (Photo by AHMAD AL-RUBAYE/AFP via Getty Images)", "Smoke rises.",
     Some("Photo by AHMAD AL-RUBAYE/AFP via Getty Images"), &["(Photo by Ahmad AL-RUBAYE / AFP)"]),
    ("LONDON, ENGLAND - MAY 03: (EDITORS NOTE: Shot in black and white.) A woman votes. (Photo by Jane Doe/Getty Images)",
     "LONDON, ENGLAND - MAY 03: A woman votes.", Some("Photo by Jane Doe/Getty Images"),
     &["(EDITORS NOTE: Shot in black and white.)"]),
    ("A man lies on a road. EDITORS NOTE: Graphic content. (AP Photo/Jane Doe)", "A man lies on a road.",
     Some("AP Photo/Jane Doe"), &["EDITORS NOTE: Graphic content"]),
    ("Lionel Messi celebrates in Miami. Mandatory Credit: Sam Navarro-Imagn Images", "Lionel Messi celebrates in Miami.",
     Some("Sam Navarro-Imagn Images"), &["Mandatory Credit"]),
    ("A man walks; MANDATORY CREDIT: J. Doe/AP. NO SALES", "A man walks;", Some("J. Doe/AP"), &["MANDATORY CREDIT", "NO SALES"]),
    ("A man walks (mandatory credit: Jane Doe/AP).", "A man walks", Some("Jane Doe/AP"), &["mandatory credit"]),
    ("A man walks.\nMandatory credit \"Jane Doe\"", "A man walks.", Some("Jane Doe"), &["Mandatory credit \""]),
    ("A man walks - Mandatory Credit: REUTERS/Jane Doe", "A man walks -", Some("REUTERS/Jane Doe"), &["Mandatory Credit"]),
    ("The law makes a mandatory credit: ten of every hundred dollars.",
     "The law makes a mandatory credit: ten of every hundred dollars.", None, &[]),
    ("Mandatory Credit: Photo by Jane Doe/Shutterstock (1a). A man walks and it is late.",
     "Mandatory Credit: Photo by Jane Doe/Shutterstock (1a). A man walks and it is late.", None, &[]),
    ("A man walks. Credit: REUTERS/Jane Doe", "A man walks.", Some("Credit: REUTERS/Jane Doe"), &[]),
    ("Ein Mann geht. Foto: Erika Muster/dpa", "Ein Mann geht.", Some("Foto: Erika Muster/dpa"), &[]),
    ("(260101) -- BEIJING, Jan. 1, 2026 (Xinhua) -- People skate. (Xinhua/Li Xin)",
     "(260101) -- BEIJING, Jan. 1, 2026 (Xinhua) -- People skate.", Some("Xinhua/Li Xin"), &[]),
    ("He (C), she (L) and the Popular Mobilisation Forces (PMF)", "He (C), she (L) and the Popular Mobilisation Forces (PMF)",
     None, &[]),
    ("A REUTERS/Ipsos poll shows voters in doubt.", "A REUTERS/Ipsos poll shows voters in doubt.", None, &[]),
    ("A woman holds a banner reading \"NO SALES\" in Rome.", "A woman holds a banner reading \"NO SALES\" in Rome.", None, &[]),
    ("People watch TV OUTSIDE.", "People watch TV OUTSIDE.", None, &[]),
];

#[test]
fn parts_the_captions_of_the_agencies() {
    for (raw, caption, signoff, desk) in ROWS {
        let expected = (
            (*caption).to_owned(),
            signoff.map(str::to_owned),
            desk.iter().map(|text| (*text).to_owned()).collect(),
        );
        assert_eq!(parts(raw), expected, "{raw}");
    }
}

#[test]
fn reading_a_read_caption_changes_nothing() {
    for (raw, ..) in ROWS {
        let caption = read_caption(raw).caption;
        assert_eq!(parts(&caption), (caption.clone(), None, vec![]), "{raw}");
    }
}

fn letters(texts: &[&str]) -> Vec<char> {
    let mut letters: Vec<char> =
        texts.iter().flat_map(|text| text.chars()).filter(|c| c.is_alphanumeric()).collect();
    letters.sort_unstable();
    letters
}

fn assert_nothing_is_lost(raw: &str) {
    let reading = read_caption(raw);
    let mut kept = vec![reading.caption.as_str(), reading.signoff.as_deref().unwrap_or_default()];
    kept.extend(reading.desk_only.iter().map(String::as_str));
    assert_eq!(letters(&kept), letters(&[raw]), "{raw:?} became {reading:?}");
}

#[test]
fn no_letter_or_digit_of_any_cut_or_join_of_captions_is_lost() {
    for (index, (raw, ..)) in ROWS.iter().enumerate() {
        for (at, _) in raw.char_indices() {
            assert_nothing_is_lost(&raw[at..]);
            assert_nothing_is_lost(&raw[..at]);
        }
        let (other, ..) = ROWS[(index * 7 + 3) % ROWS.len()];
        assert_nothing_is_lost(&format!("{raw}\n\n{other}"));
        assert_nothing_is_lost(&format!("{raw} {other}"));
        assert_nothing_is_lost(&format!("({raw} [{other}"));
    }
}

#[test]
fn tells_readers_the_standing_of_a_picture() {
    for (raw, expected) in [
        ("FILE - A man. (AP Photo/X)", vec![File]),
        ("A man. (AP Photo/Jane Doe, File)", vec![File]),
        ("In this Jan. 2, 2015 file photo, a man walks.", vec![File]),
        ("A handout picture provided by his office shows him.", vec![Handout]),
        ("In this photo provided by the Gitchi Ridge Trail Club, a climber rests.", vec![Handout]),
        ("Das zur Verfügung gestellte Handout-Foto zeigt einen Jungvogel.", vec![Handout]),
        ("A man. Org/Handout via REUTERS", vec![Handout]),
        ("Residents wait for food handouts, a handout of bread.", vec![]),
        ("She poses for a portrait.", vec![Posed]),
        ("The claim poses a threat.", vec![]),
        ("The AP could not independently verify the footage.", vec![Unverified]),
        (
            "A body. REUTERS/X Y ATTENTION EDITORS - VISUAL COVERAGE OF SCENES OF INJURY OR DEATH",
            vec![Graphic],
        ),
        ("A profile of FILE clerks", vec![]),
    ] {
        assert_eq!(read_caption(raw).statuses, expected, "{raw}");
    }
}

#[test]
fn tidies_spaces_and_keeps_paragraphs() {
    let raw = "  One  two\tthree \r\n\r\n\r\n four\u{0} \n five ";
    assert_eq!(read_caption(raw).caption, "One two three\n\nfour\nfive");
}

#[test]
fn the_givers_name_stays_in_a_handout_caption() {
    let raw =
        "A handout picture provided by Qais al-Khazali's office shows him (C) in Najaf, on 2 January 2021.";
    assert_eq!(read_caption(raw).caption, raw);
}
