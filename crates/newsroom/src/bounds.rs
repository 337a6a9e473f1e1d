//! What is too long for a draft (R41). Wider than what may be published ([`crate::check::FIELD_CHARS`]), because a file's own
//! caption may be longer than that and has to come into the draft to be shortened there.

use crate::refusal::Refusal;

/// Characters of a text at most.
pub const TEXT_CHARS: usize = 100_000;
/// Entries of a list at most: tags, bylines.
pub const ENTRIES: usize = 200;
/// Slides of a draft at most; a published story has up to 500.
pub const SLIDES: usize = 2_000;

/// Refuses a text that is too long.
pub fn text(field: &'static str, text: &str) -> Option<Refusal> {
    (text.len() > TEXT_CHARS && text.chars().count() > TEXT_CHARS).then(|| {
        let sentence = format!("This text has more than {TEXT_CHARS} characters.");
        Refusal::new("text_too_long", sentence).field(field).rule("R41")
    })
}

/// Refuses a list with too many entries, or with one that is too long.
pub fn list(field: &'static str, entries: &[String]) -> Option<Refusal> {
    if entries.len() > ENTRIES {
        let sentence = format!("There are {} entries; {ENTRIES} are the most.", entries.len());
        return Some(Refusal::new("too_many", sentence).field(field).rule("R41"));
    }
    entries.iter().find_map(|entry| text(field, entry))
}

/// Refuses too many slides.
pub fn slides(count: usize) -> Option<Refusal> {
    (count > SLIDES).then(|| {
        let sentence = format!("There are {count} slides; {SLIDES} are the most of a draft.");
        Refusal::new("too_many", sentence).field("slide").rule("R41")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(text("caption", &"é".repeat(TEXT_CHARS)), None);
        assert_eq!(text("caption", &"x".repeat(TEXT_CHARS + 1)).unwrap().code, "text_too_long");
    }

    #[test]
    fn a_list_is_bounded_in_its_entries_and_in_each() {
        assert_eq!(list("tags", &vec!["tag".to_owned(); ENTRIES]), None);
        assert_eq!(list("tags", &vec!["tag".to_owned(); ENTRIES + 1]).unwrap().code, "too_many");
        assert_eq!(list("tags", &["x".repeat(TEXT_CHARS + 1)]).unwrap().code, "text_too_long");
        assert!(slides(SLIDES).is_none() && slides(SLIDES + 1).is_some());
    }
}
