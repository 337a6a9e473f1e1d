//! Where the words of a question stand in a text, for any script: told by the same folding that finds them.

use std::ops::Range;

use super::{Pairs, Query, stemmer, words_in};

impl Query {
    /// Where a text, in its language (BCP 47), holds a word of the question in one of its forms: ranges of bytes that
    /// begin and end between characters, in order, none touching another.
    #[must_use]
    pub fn marks(&self, text: &str, language: &str) -> Vec<Range<usize>> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        for word in words_in(text, stemmer(language).as_ref(), Pairs::All) {
            if !word.forms.iter().any(|form| self.words.iter().flatten().any(|wanted| wanted == form)) {
                continue;
            }
            match marks.last_mut() {
                // Pairs of a script without spaces overlap.
                Some(last) if word.at.start <= last.end => last.end = last.end.max(word.at.end),
                _ => marks.push(word.at),
            }
        }
        marks
    }
}

/// A text cut at its marks: each piece, and whether it is marked. The pieces joined are the text.
#[must_use]
pub fn marked<'a>(text: &'a str, marks: &[Range<usize>]) -> Vec<(&'a str, bool)> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for mark in marks {
        pieces.push((text.get(done..mark.start).unwrap_or_default(), false));
        pieces.push((text.get(mark.clone()).unwrap_or_default(), true));
        done = mark.end;
    }
    pieces.push((text.get(done..).unwrap_or_default(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its marks as brackets.
    fn shown(question: &str, text: &str, language: &str) -> String {
        let marks = Query::read(question, language).unwrap().marks(text, language);
        let pieces = marked(text, &marks).into_iter();
        pieces.map(|(piece, hit)| if hit { format!("[{piece}]") } else { piece.to_owned() }).collect()
    }

    #[test]
    fn a_word_is_marked_whole_in_the_form_that_the_text_has() {
        assert_eq!(shown("rocket", "Two Rockets, one rock.", "en"), "Two [Rockets], one rock.");
        assert_eq!(shown("Haus", "Häuser am Fluss: das Haus", "de"), "[Häuser] am Fluss: das [Haus]");
        assert_eq!(shown("strasse", "An der STRASSE, Straße", "de"), "An der [STRASSE], [Straße]");
    }

    #[test]
    fn vowel_signs_and_direction_do_not_move_a_mark() {
        assert_eq!(shown("القاهره", "في القَاهِرَه، مصر", "ar"), "في [القَاهِرَه]، مصر");
        let text = "cafe\u{301} noir";
        assert_eq!(shown("café", text, "fr"), "[cafe\u{301}] noir");
    }

    #[test]
    fn pairs_of_a_script_without_spaces_become_one_mark() {
        assert_eq!(shown("東京特許", "昨日東京特許許可局で東京", "ja"), "昨日[東京特許]許可局で[東京]");
        assert_eq!(shown("京東", "昨日東京で", "ja"), "昨日東京で");
    }

    #[test]
    fn several_words_are_marked_wherever_they_stand() {
        assert_eq!(shown("river old", "Old boats on an old river", "en"), "[Old] boats on an [old] [river]");
        assert_eq!(shown("river", "", "en"), "");
    }
}
