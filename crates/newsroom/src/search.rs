//! The words by which readers find a story. Folding and stemming happen here and nowhere else, so that both databases
//! find the same.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::published::PublishedStory;

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
    for text in texts.into_iter().chain(&story.tags).chain(&story.bylines) {
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

fn stemmer(language: &str) -> Option<Stemmer> {
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
enum Pairs {
    /// Each of two neighbours: what a text is found by.
    All,
    /// As few as hold every character: what is looked for, so that one long word is not many.
    Covering,
}

/// The words of a text in order, each as it is written and as its stem, both folded.
fn forms(text: &str, stemmer: Option<&Stemmer>, pairs: Pairs) -> Vec<[String; 2]> {
    let mut all = Vec::new();
    for run in text.split(|c: char| !is_of_a_word(c)) {
        for word in parted(run, pairs) {
            let lower: String = word.nfc().flat_map(char::to_lowercase).take(LONGEST_WORD).collect();
            let folded = folded(&lower);
            if folded.is_empty() {
                continue;
            }
            let stem = stemmer.map(|stemmer| self::folded(&stemmer.stem(&lower)));
            let stem = stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| folded.clone());
            all.push([folded, stem]);
        }
    }
    all
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Scripts that set no space between words are found by their pairs of characters.
fn parted(run: &str, pairs: Pairs) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest: Vec<char> = Vec::new();
    let mut dense: Vec<char> = Vec::new();
    for c in run.chars() {
        if is_dense(c) {
            flush(&mut rest, &mut parts);
            dense.push(c);
        } else {
            flush_pairs(&mut dense, &mut parts, pairs);
            rest.push(c);
        }
    }
    flush(&mut rest, &mut parts);
    flush_pairs(&mut dense, &mut parts, pairs);
    parts
}

fn flush(word: &mut Vec<char>, parts: &mut Vec<String>) {
    if !word.is_empty() {
        parts.push(word.drain(..).collect());
    }
}

fn flush_pairs(dense: &mut Vec<char>, parts: &mut Vec<String>, pairs: Pairs) {
    if dense.len() == 1 {
        parts.push(dense.iter().collect());
    }
    let last = dense.len().saturating_sub(2);
    let counts = |at: usize| pairs == Pairs::All || at.is_multiple_of(2) || at == last;
    let counted = dense.windows(2).enumerate().filter(|(at, _)| counts(*at));
    parts.extend(counted.map(|(_, pair)| pair.iter().collect()));
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
