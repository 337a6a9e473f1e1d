//! Checks of alt texts, and of captions that stand twice (R9, R37).

use std::collections::HashMap;

use super::caption_lint::check_signs;
use super::{CheckReport, CheckedSlide, SlideDesk};
use crate::words::words;

/// The most characters of an alt text (IPTC, R9).
const ALT_CHARS: usize = 250;

pub(super) fn check(desk: &mut SlideDesk<'_, '_, '_>) {
    let alt = desk.checked.shown.alt.text.clone();
    if alt.is_empty() {
        return;
    }
    check_signs(desk, "alt", &alt);
    if alt.chars().count() > ALT_CHARS {
        let sentence =
            "The alternative text has more than 250 characters; a long description takes more.".to_owned();
        desk.warn("alt_too_long", "alt", "R9", sentence);
    }
    if words(&alt) == words(&desk.checked.shown.caption.text) {
        let sentence = "The alternative text repeats the caption; say what the picture shows.".to_owned();
        desk.warn("alt_is_caption", "alt", "R9", sentence);
    }
    if is_file_name(&alt) {
        let sentence = format!("The alternative text \"{alt}\" looks like the name of a file.");
        desk.warn("alt_is_file_name", "alt", "R9", sentence);
    }
}

/// `DSC_0042.JPG`, `IMG-2021`: one word with an ending of pictures, or a camera's letters and a number.
fn is_file_name(alt: &str) -> bool {
    let name = alt.trim().to_lowercase();
    let endings = [
        "jpg", "jpeg", "png", "tif", "tiff", "webp", "gif", "heic", "avif", "nef", "cr2", "cr3", "arw", "dng",
    ];
    let ending = name.rsplit_once('.').is_some_and(|(head, end)| !head.is_empty() && endings.contains(&end));
    let camera = ["img", "dsc", "dscf", "dscn", "_dsc", "pxl", "p", "image", "photo"];
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-'));
    let numbered = name.len() - letters.len() >= 4 && camera.contains(&letters);
    !name.contains(char::is_whitespace) && (ending || numbered)
}

/// Two slides with the same caption (R37).
pub(super) fn check_duplicates(slides: &[CheckedSlide<'_>], report: &mut CheckReport) {
    let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
    for (index, checked) in slides.iter().enumerate() {
        let caption = words(&checked.shown.caption.text);
        if caption.is_empty() {
            continue;
        }
        let first = *seen.entry(caption).or_insert(index + 1);
        if first != index + 1 {
            let mut desk = SlideDesk { checked, number: index + 1, report: &mut *report };
            desk.warn(
                "same_caption",
                "caption",
                "R37",
                format!("The caption is the same as that of slide {first}."),
            );
        }
    }
}
