//! The words by which readers find a story, and the desk a photo. Folding and stemming happen here and nowhere else, so
//! that both databases find the same.

mod marks;

use std::collections::BTreeSet;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::published::PublishedStory;
pub use marks::marked;

/// Words of a question that count; a longer one is refused.
pub const MAX_WORDS: usize = 6;
/// Characters of a question that are read at all.
pub const MAX_CHARS: usize = 200;
/// Characters of a word that count.
const LONGEST_WORD: usize = 40;

/// What a reader asks for: every word has to be found, in one of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// For each word its forms: as it is written, folded, and its stem.
    pub words: Vec<[String; 2]>,
}

/// Why a text is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAQuery {
    /// It holds no letter or digit.
    #[error("the question holds no word")]
    Empty,
    /// It has more than [`MAX_CHARS`] characters.
    #[error("the question has more than {MAX_CHARS} characters")]
    TooLong,
    /// It has more than [`MAX_WORDS`] words.
    #[error("the question has more than {MAX_WORDS} words")]
    TooMany,
}

impl Query {
    /// Reads what a reader typed, in the language of the site (BCP 47). Whatever is not a letter or a digit only parts
    /// words: no sign has a meaning of its own.
    ///
    /// # Errors
    /// [`NotAQuery`].
    pub fn read(text: &str, language: &str) -> Result<Self, NotAQuery> {
        if text.chars().nth(MAX_CHARS).is_some() {
            return Err(NotAQuery::TooLong);
        }
        let mut words: Vec<[String; 2]> = Vec::new();
        for forms in forms(text, stemmer(language).as_ref(), Pairs::Covering) {
            if !words.contains(&forms) {
                words.push(forms);
            }
        }
        match words.len() {
            0 => Err(NotAQuery::Empty),
            count if count > MAX_WORDS => Err(NotAQuery::TooMany),
            _ => Ok(Self { words }),
        }
    }

    /// Whether a text holds one of the words.
    pub fn is_met_in(&self, text: &str, language: &str) -> bool {
        let found = forms(text, stemmer(language).as_ref(), Pairs::All);
        found.iter().flatten().any(|form| self.words.iter().flatten().any(|wanted| wanted == form))
    }
}

/// A line of a body as readers see it: without the signs of Markdown, the targets of links, markup and typed marks.
pub fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.trim_start_matches(['#', '>', ' ', '\t']);
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '*' | '`' | '[' => {}
            '_' if !plain.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric) => {}
            ']' => rest = rest.strip_prefix('(').and_then(|target| behind(target, ')')).unwrap_or(rest),
            '<' if rest.starts_with(|c: char| c.is_alphabetic() || c == '/') => {
                rest = behind(rest, '>').unwrap_or(rest);
            }
            c => plain.push(c),
        }
    }
    plain.trim().to_owned()
}

/// What stands behind a sign.
fn behind(text: &str, sign: char) -> Option<&str> {
    text.split_once(sign).map(|(_, rest)| rest)
}

/// All words of what readers see of a story: headline, lede, body, section, tags, bylines, and of each slide caption,
/// credit and place.
pub fn words_of(story: &PublishedStory) -> BTreeSet<String> {
    let stemmer = stemmer(&story.language);
    let mut words = BTreeSet::new();
    for line in story.body.lines().map(plain) {
        words.extend(forms(&line, stemmer.as_ref(), Pairs::All).into_iter().flatten());
    }
    let texts = [&story.headline, &story.lede, &story.section];
    let corrections = story.corrections.iter().map(|correction| &correction.text);
    for text in texts.into_iter().chain(&story.tags).chain(&story.bylines).chain(corrections) {
        words.extend(forms(text, stemmer.as_ref(), Pairs::All).into_iter().flatten());
    }
    for slide in &story.slides {
        let own = slide.language.as_deref().and_then(self::stemmer);
        let place = slide.place.as_deref().unwrap_or_default();
        for text in [slide.caption.as_str(), &slide.credit, place] {
            words.extend(forms(text, own.as_ref().or(stemmer.as_ref()), Pairs::All).into_iter().flatten());
        }
    }
    words
}

pub(crate) fn stemmer(language: &str) -> Option<Stemmer> {
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let algorithm = match primary.as_str() {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "nl" => Algorithm::Dutch,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    };
    Some(Stemmer::create(algorithm))
}

/// Which pairs stand for a run of characters without spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pairs {
    /// Each of two neighbours: what a text is found by.
    All,
    /// As few as hold every character: what is looked for, so that one long word is not many.
    Covering,
}

/// A word of a text.
pub(crate) struct Word {
    /// Where it stands in the text, in bytes.
    pub(crate) at: Range<usize>,
    /// As it is written and as its stem, both folded.
    pub(crate) forms: [String; 2],
}

/// The forms of the words of a text, in order.
fn forms(text: &str, stemmer: Option<&Stemmer>, pairs: Pairs) -> Vec<[String; 2]> {
    words_in(text, stemmer, pairs).into_iter().map(|word| word.forms).collect()
}

/// The words of a text in order.
pub(crate) fn words_in(text: &str, stemmer: Option<&Stemmer>, pairs: Pairs) -> Vec<Word> {
    let mut all = Vec::new();
    for at in parts(text, pairs) {
        let word = text.get(at.clone()).unwrap_or_default();
        if word.is_ascii() {
            // Nothing is to be folded but the case: most words of most captions.
            let folded: String = word.chars().take(LONGEST_WORD).collect::<String>().to_ascii_lowercase();
            let stem = stemmer.map(|stemmer| stemmer.stem(&folded).into_owned());
            // Turkish has a stem end in a letter of its own.
            let stem = stem.map(|stem| if stem.is_ascii() { stem } else { self::folded(&stem) });
            let stem = stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| folded.clone());
            all.push(Word { at, forms: [folded, stem] });
            continue;
        }
        let lower: String = word.nfc().flat_map(char::to_lowercase).take(LONGEST_WORD).collect();
        let folded = folded(&lower);
        if folded.is_empty() {
            continue;
        }
        let stem = stemmer.map(|stemmer| self::folded(&stemmer.stem(&lower)));
        let stem = stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| folded.clone());
        all.push(Word { at, forms: [folded, stem] });
    }
    all
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Where the words of a text stand, in bytes. Scripts that set no space between words are found by their pairs of
/// characters.
fn parts(text: &str, pairs: Pairs) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut word: Option<Range<usize>> = None;
    let mut dense: Vec<Range<usize>> = Vec::new();
    for (start, c) in text.char_indices() {
        let at = start..start + c.len_utf8();
        if is_of_a_word(c) && !is_dense(c) {
            flush_pairs(&mut dense, &mut parts, pairs);
            word = Some(word.map_or(at.start, |word| word.start)..at.end);
            continue;
        }
        parts.extend(word.take());
        if is_of_a_word(c) {
            dense.push(at);
        } else {
            flush_pairs(&mut dense, &mut parts, pairs);
        }
    }
    parts.extend(word);
    flush_pairs(&mut dense, &mut parts, pairs);
    parts
}

fn flush_pairs(dense: &mut Vec<Range<usize>>, parts: &mut Vec<Range<usize>>, pairs: Pairs) {
    if let [alone] = dense.as_slice() {
        parts.push(alone.clone());
    }
    let last = dense.len().saturating_sub(2);
    let counts = |at: usize| pairs == Pairs::All || at.is_multiple_of(2) || at == last;
    let counted = dense.windows(2).enumerate().filter(|(at, _)| counts(*at));
    parts.extend(counted.filter_map(|(_, pair)| Some(pair.first()?.start..pair.last()?.end)));
    dense.clear();
}

/// Han, Hiragana, Katakana, Thai, Lao, Khmer and Burmese.
fn is_dense(c: char) -> bool {
    matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// Without accents and vowel signs, in the plainest form of each letter.
fn folded(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            // A stretched line in Arabic; it has no sound.
            '\u{0640}' => {}
            'ß' => plain.push_str("ss"),
            'ı' => plain.push('i'),
            'ł' => plain.push('l'),
            'ø' => plain.push('o'),
            'đ' => plain.push('d'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            c => plain.extend(c.to_lowercase()),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(question: &str, text: &str, language: &str) -> bool {
        Query::read(question, language).unwrap().is_met_in(text, language)
    }

    #[test]
    fn a_word_is_found_in_its_other_forms() {
        assert!(met("rocket", "Two rockets stood there.", "en"));
        assert!(met("launches", "The launch was moved.", "en"));
        assert!(met("Häuser", "Ein Haus am Fluss", "de"));
        assert!(met("ракета", "Две ракеты", "ru"));
        assert!(!met("rocket", "The rock stood there.", "en"));
    }

    #[test]
    fn accents_cases_and_vowel_signs_make_no_difference() {
        assert!(met("cafe", "Le CAFÉ du coin", "fr"));
        assert!(met("Strasse", "An der Straße", "de"));
        assert!(met("القاهره", "القَاهِرَه", "ar"));
        assert!(met("İstanbul", "istanbul", "tr"));
    }

    #[test]
    fn scripts_without_spaces_are_found_by_a_part_of_a_line() {
        assert!(met("東京", "昨日東京で", "ja"));
        assert!(!met("京東", "昨日東京で", "ja"));
        assert!(met("水", "水", "zh"));
    }

    #[test]
    fn one_long_word_without_spaces_is_looked_for_by_few_pairs() {
        let words = |text: &str| {
            let query = Query::read(text, "ja").unwrap();
            query.words.into_iter().map(|[word, _]| word).collect::<Vec<_>>()
        };
        assert_eq!(words("東京特許許可局"), ["東京", "特許", "許可", "可局"]);
        assert_eq!(words("東京特許"), ["東京", "特許"]);
        assert!(met("特許許可局", "昨日東京特許許可局で", "ja"));
    }

    #[test]
    fn a_line_of_a_body_is_found_and_shown_as_readers_see_it() {
        for (line, shown) in [
            ("## A *quagga* in [the park](https://a.example/narwhal)", "A quagga in the park"),
            ("> Daesh* and snake_case_name, _said_ <b>he</b>", "Daesh and snake_case_name, said he"),
            ("a < b [no link] `code`", "a < b no link code"),
            ("[open", "open"),
        ] {
            assert_eq!(plain(line), shown);
        }
    }

    #[test]
    fn signs_and_operators_mean_nothing() {
        let plain = Query::read("rocket launch", "en").unwrap();
        for text in [
            "rocket AND* launch".replace("AND", ""),
            "\"rocket\" -launch".into(),
            "rocket' ; launch --".into(),
        ] {
            assert_eq!(Query::read(&text, "en"), Ok(plain.clone()), "{text}");
        }
        assert_eq!(Query::read("\u{202e}rocket\u{202c} launch", "en"), Ok(plain));
    }

    #[test]
    fn what_holds_no_word_or_too_many_is_no_question() {
        for text in ["", "  ", "*", "\"'%_--", "\u{200f}\u{202e}"] {
            assert_eq!(Query::read(text, "en"), Err(NotAQuery::Empty), "{text:?}");
        }
        assert_eq!(Query::read("one two three four five six seven", "en"), Err(NotAQuery::TooMany));
        assert_eq!(Query::read(&"x".repeat(MAX_CHARS + 1), "en"), Err(NotAQuery::TooLong));
        assert!(Query::read(&"x".repeat(MAX_CHARS), "en").is_ok());
        assert!(Query::read("one two two one three", "en").is_ok_and(|query| query.words.len() == 3));
    }
}
