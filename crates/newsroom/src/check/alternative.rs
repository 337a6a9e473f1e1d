//! Checks of alternative texts (R9, WCAG 1.1.1).

use super::finding::{Desk, Finding};
use super::letters::in_any_text;
use crate::words::words;

/// The most characters of an alt text (IPTC, R9).
const ALT_CHARS: usize = 250;

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let alt = desk.checked.shown.alt.text.as_str();
    if alt.is_empty() {
        return;
    }
    let mut found = in_any_text(alt);
    if let Some((at, _)) = alt.char_indices().nth(ALT_CHARS) {
        let sentence = "The alternative text has more than 250 characters; a long description takes more.";
        found.push(Finding::new("alt_too_long", "R9", sentence).at(at..alt.len()));
    }
    if words(alt) == desk.reading.folded() {
        let sentence = "The alternative text repeats the caption; say what the picture shows.";
        found.push(Finding::new("alt_is_caption", "R9", sentence));
    }
    if is_file_name(alt) {
        let sentence = format!("The alternative text \"{alt}\" looks like the name of a file.");
        found.push(Finding::new("alt_is_file_name", "R9", sentence));
    }
    if desk.reading.is_english() {
        found.extend(begins_worn(alt));
    }
    for finding in found {
        desk.warn_alt(finding);
    }
}

/// `DSC_0042.JPG`, `IMG-2021`: one word with an ending of pictures, or a camera's letters and a number.
fn is_file_name(alt: &str) -> bool {
    let name = alt.trim().to_lowercase();
    let endings = [
        "jpg", "jpeg", "png", "tif", "tiff", "webp", "gif", "heic", "avif", "nef", "cr2", "cr3", "arw",
        "dng", "raf", "orf", "rw2", "psd", "bmp",
    ];
    let ending = name.rsplit_once('.').is_some_and(|(head, end)| !head.is_empty() && endings.contains(&end));
    let camera = ["img", "dsc", "dscf", "dscn", "_dsc", "_mg", "dji", "gopr", "pxl", "p", "image", "photo"];
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-'));
    let numbered = name.len() - letters.len() >= 4 && camera.contains(&letters);
    !name.contains(char::is_whitespace) && (ending || numbered)
}

/// `Image of`, `A photo of`, `Photo shows`: a screen reader has said already that it is a picture.
fn begins_worn(alt: &str) -> Option<Finding> {
    let start = alt.len() - alt.trim_start().len();
    let lengths: Vec<(usize, usize, String)> = super::reading::tokens(alt)
        .into_iter()
        .take(5)
        .map(|token| (token.start, token.end, token.low().to_owned()))
        .collect();
    let articles = ["a", "an", "the", "this", "close-up"];
    let kinds = [
        "image",
        "picture",
        "photo",
        "photograph",
        "pic",
        "photos",
        "pictures",
        "images",
        "screenshot",
        "graphic",
    ];
    let mut rest = lengths.iter().skip_while(|(_, _, word)| articles.contains(&word.as_str()));
    let kind = rest.next().is_some_and(|(_, _, word)| kinds.contains(&word.as_str()));
    let (_, end, link) = rest.next()?;
    let links = ["of", "showing", "shows", "depicting", "that", "with"];
    (kind && links.contains(&link.as_str())).then(|| {
        let seen = alt.get(start..*end).unwrap_or_default();
        let sentence =
            format!("\"{seen}\" says what a screen reader says already; begin with what it shows.");
        Finding::new("alt_begins_worn", "WCAG 1.1.1", sentence).at(start..*end)
    })
}
