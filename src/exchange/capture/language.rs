//! A guess at the language of a text by its script and small words, and the way its letters run.

use std::collections::HashMap;

use newsroom::story::Direction;

/// The language when nothing fits (BCP 47: undetermined).
pub(super) const UNDETERMINED: &str = "und";

/// So much of a text is enough, in characters.
const REACH: usize = 20_000;

/// Small words of a language that are frequent in any text and that its neighbours lack, or have in other company.
const SMALL_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "of", "and", "in", "to", "on", "with", "for", "at", "by", "from", "during", "after",
            "his", "her", "their", "was", "were", "is", "are", "an", "as", "that", "this", "has", "have",
            "it",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "in", "im", "den", "dem", "des", "von", "mit", "auf", "für", "ist",
            "sind", "ein", "eine", "einen", "einer", "zu", "zur", "zum", "nach", "bei", "aus", "sich",
            "nicht", "wurde", "vor",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "des", "du", "et", "en", "un", "une", "dans", "sur", "pour", "par", "avec",
            "au", "aux", "est", "sont", "qui", "que", "lors", "après", "ses", "son", "à", "de", "pas", "ce",
            "cette",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "del", "y", "en", "un", "una", "por", "con", "para", "que", "se", "al",
            "su", "sus", "de", "es", "fue", "desde", "tras", "durante", "más", "como", "este", "esta",
        ],
    ),
    (
        "pt",
        &[
            "o", "os", "um", "uma", "e", "em", "do", "da", "dos", "das", "no", "na", "nos", "nas", "por",
            "com", "para", "que", "se", "ao", "à", "de", "é", "são", "foi", "durante", "após", "mais", "seu",
            "sua", "não",
        ],
    ),
    (
        "ru",
        &[
            "и",
            "в",
            "во",
            "на",
            "с",
            "со",
            "по",
            "не",
            "что",
            "для",
            "от",
            "из",
            "к",
            "у",
            "за",
            "при",
            "его",
            "как",
            "это",
            "во",
            "время",
            "после",
            "до",
            "был",
            "была",
            "были",
            "о",
            "об",
        ],
    ),
    (
        "ar",
        &[
            "في", "من", "على", "إلى", "عن", "مع", "بعد", "خلال", "التي", "الذي", "هذا", "هذه", "أن", "إن",
            "قبل", "بين", "كما", "كان", "كانت", "ما", "لا", "يوم", "و",
        ],
    ),
];

/// Languages without a row above, and a letter that they have where no language of their script above has it.
const FOREIGN_LETTERS: &str = "іїєґўјљњђћџқғңөұһәپچژگکیٹڈڑےں";

/// Letters whose absence from a longer Cyrillic text says that it is not Russian.
const RUSSIAN_LETTERS: [char; 2] = ['ы', 'э'];

/// `en`, `de`, `fr`, `es`, `pt`, `ru` or `ar`, else `und`.
pub(super) fn language<'a>(texts: impl Iterator<Item = &'a str>) -> &'static str {
    let text = beginning(texts);
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    let foreign = letters.iter().filter(|c| FOREIGN_LETTERS.contains(**c)).count();
    if foreign * 100 > letters.len() {
        return UNDETERMINED;
    }
    let mut scores: HashMap<&str, usize> = HashMap::new();
    let mut words = 0_usize;
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        for (language, _) in SMALL_WORDS.iter().filter(|(_, small)| small.contains(&word)) {
            *scores.entry(language).or_default() += 1;
        }
    }
    let score = |language: &str| scores.get(language).copied().unwrap_or(0);
    let best = SMALL_WORDS.iter().map(|(language, _)| *language).max_by_key(|language| score(language));
    let Some(best) = best else { return UNDETERMINED };
    let rival = SMALL_WORDS
        .iter()
        .filter(|(language, _)| *language != best)
        .any(|(other, _)| score(other) == score(best));
    let is_russian =
        best != "ru" || letters.len() < 200 || letters.iter().any(|c| RUSSIAN_LETTERS.contains(c));
    // One word in sixteen is far below any of these languages' share and far above chance.
    let clear = score(best) >= 2 && score(best) * 16 >= words && !rival && is_russian;
    if clear { best } else { UNDETERMINED }
}

/// The way of most letters.
pub(super) fn direction<'a>(texts: impl Iterator<Item = &'a str>) -> Direction {
    let text = beginning(texts);
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (all, rtl) =
        letters.fold((0_usize, 0_usize), |(all, rtl), c| (all + 1, rtl + usize::from(runs_left(c))));
    if rtl * 2 > all { Direction::Rtl } else { Direction::Ltr }
}

/// Letters of the Hebrew, Arabic, Syriac, Thaana, N'Ko and other scripts of the same blocks.
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

fn beginning<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut beginning = String::new();
    let mut left = REACH;
    for text in texts {
        let before = beginning.len();
        beginning.extend(text.chars().take(left).flat_map(char::to_lowercase));
        beginning.push(' ');
        left = left.saturating_sub(beginning.len() - before);
        super::effort::spend(beginning.len() - before);
        if left == 0 {
            break;
        }
    }
    beginning
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_by_their_small_words() {
        for (text, expected) in [
            ("People walk along the shore of the lake on Friday", "en"),
            ("Kraniche fliegen bei Sonnenaufgang über das Moor und die Felder", "de"),
            ("Des enfants jouent dans la neige au bord du lac", "fr"),
            ("Los remeros levantan los remos tras ganar la regata en el puerto", "es"),
            ("Os barcos chegam ao porto no fim da tarde com uma bandeira", "pt"),
            ("Дети играют в снегу на берегу озера и ждут", "ru"),
            ("أطفال يلعبون في الثلج على شاطئ البحيرة", "ar"),
            ("Діти грають у снігу на березі озера і чекають", "und"),
            ("کودکان در برف بازی می‌کنند و می‌خندند", "und"),
            ("Barn leker i snøen ved bredden av sjøen", "und"),
            ("", "und"),
        ] {
            assert_eq!(language([text].into_iter()), expected, "{text}");
        }
    }

    #[test]
    fn direction_is_that_of_most_letters() {
        assert_eq!(direction(["قارب NATO في الميناء"].into_iter()), Direction::Rtl);
        assert_eq!(direction(["A boat called قارب at sea"].into_iter()), Direction::Ltr);
        assert_eq!(direction(["ילדים משחקים"].into_iter()), Direction::Rtl);
        assert_eq!(direction([""].into_iter()), Direction::Ltr);
    }
}
