//! The list of tags (R35): a short line of short pieces between commas, or a line that says that it is one.

use super::words::{FURNITURE, RIGHTS_LINES, TAG_LABELS, is_one_of};

/// A longer line is no list of tags, in bytes.
const LONGEST_LINE: usize = 2_000;
/// A longer piece is no tag, in characters.
const LONGEST_TAG: usize = 48;
/// A tag with more words is a sentence's part.
const MOST_WORDS: usize = 6;

/// The tags of a line of comma-separated pieces; `None` when it is none.
pub(super) fn list(text: &str) -> Option<Vec<String>> {
    if text.len() > LONGEST_LINE || super::wrap::ends_sentence(text) {
        return None;
    }
    let tags = pieces(text, |c| matches!(c, ',' | '،' | '、' | '，'));
    let short = tags.len() >= 2 && tags.iter().all(|tag| is_tag(tag));
    let furniture = tags.iter().filter(|tag| begins_with_furniture(tag)).count();
    (short && furniture * 2 < tags.len() && !claims_rights(text)).then_some(tags)
}

/// The tags of a line that begins with a label (`Tags: a, b`) or of hashtags (`#a #b`).
pub(super) fn labelled(text: &str) -> Option<Vec<String>> {
    if text.len() > LONGEST_LINE {
        return None;
    }
    if text.split(' ').count() >= 2 && text.split(' ').all(|word| word.len() > 1 && word.starts_with('#')) {
        return Some(unique(text.split(' ').map(|word| word.trim_start_matches('#').trim_end_matches(','))));
    }
    let (label, rest) = text.split_once([':', '：'])?;
    if !is_label(label) {
        return None;
    }
    let tags = pieces(rest, |c| matches!(c, ',' | '،' | '、' | '，' | ';' | '؛' | '|' | '•' | '·' | '/'));
    (!tags.is_empty() && tags.iter().all(|tag| is_tag(tag))).then_some(tags)
}

/// Whether a text is a tag list's label.
pub(super) fn is_label(text: &str) -> bool {
    is_one_of(TAG_LABELS, text.trim_end_matches([':', '：']).trim().to_lowercase().as_str())
}

fn pieces(text: &str, between: impl Fn(char) -> bool) -> Vec<String> {
    unique(text.split(between).map(|piece| piece.trim().trim_start_matches('#')))
}

fn unique<'a>(pieces: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        // A line has at most LONGEST_LINE bytes, so this is bounded.
        if !tags.iter().any(|tag| tag == piece) {
            tags.push(piece.to_owned());
        }
    }
    tags
}

fn is_tag(piece: &str) -> bool {
    let words = piece.split(' ').count();
    words <= MOST_WORDS && piece.chars().count() <= LONGEST_TAG && piece.chars().any(char::is_alphabetic)
}

/// Whether a short line is part of the page and not of the story: it begins with a word of furniture, or claims
/// rights.
pub(super) fn is_furniture(text: &str) -> bool {
    text.split(' ').count() <= 4 && begins_with_furniture(text) || claims_rights(text)
}

fn begins_with_furniture(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    is_one_of(FURNITURE, first.to_lowercase().as_str())
}

/// Whether a line claims the rights in the whole site.
pub(super) fn claims_rights(text: &str) -> bool {
    let head = text.chars().take(200).collect::<String>().to_lowercase();
    head.starts_with("(c)")
        || RIGHTS_LINES.iter().any(|wording| head.contains(wording)) && text.chars().count() <= 200
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_pieces_between_commas_are_tags() {
        assert_eq!(
            list("Natur, Vögel, Vögel, drone strike"),
            Some(vec!["Natur".into(), "Vögel".into(), "drone strike".into()])
        );
        assert_eq!(list("رياضة، بحر"), Some(vec!["رياضة".into(), "بحر".into()]));
    }

    #[test]
    fn sentences_links_and_rights_are_no_tags() {
        for text in [
            "Wind, snow and ice.",
            "Terms of use | Privacy",
            "Share, Print, Save",
            "© 2022, Nordlicht",
            "Winter",
        ] {
            assert_eq!(list(text), None, "{text}");
        }
    }

    #[test]
    fn a_label_or_hashtags_make_tags_of_other_separators() {
        assert_eq!(labelled("Теги: Север"), Some(vec!["Север".into()]));
        assert_eq!(labelled("Topics: Ice | Snow"), Some(vec!["Ice".into(), "Snow".into()]));
        assert_eq!(labelled("#Ice #Snow"), Some(vec!["Ice".into(), "Snow".into()]));
        assert_eq!(labelled("Skipper: Ice, Snow"), None);
    }
}
