//! Where sentences end (R38): the full stop of an abbreviation (`Gen.`, `U.S.`, `Jan.`, an initial) or of a German day
//! (`12. März`) ends none, and brackets such as `(C)` are no sentences.

use std::ops::Range;

/// Abbreviations that are followed by more of their sentence, without their last full stop.
#[rustfmt::skip]
const ABBREVIATIONS: &[&str] = &[
    // Titles and ranks
    "Gen", "Sen", "Rep", "Gov", "Dr", "Mr", "Mrs", "Ms", "Lt", "Col", "Maj", "Sgt", "Cpl", "Pvt", "Capt", "Cmdr", "Adm",
    "Prof", "Rev", "Fr", "Sr", "Jr", "Hon", "Pres", "Supt", "Insp", "Det", "Brig", "Pfc", "Spc", "Mme", "Mlle", "M",
    // Places
    "St", "Ste", "Mt", "Ft", "U.S", "U.K", "U.N", "U.A.E", "D.C", "N.Y", "N.J", "N.H", "N.M", "N.C", "N.D", "R.I", "S.C",
    "S.D", "W.Va", "Calif", "Fla", "Ga", "Ill", "Mass", "Mich", "Minn", "Pa", "Tenn", "Va", "Wash", "Ala", "Ariz", "Ark",
    "Colo", "Conn", "Del", "Ind", "Kan", "Ky", "La", "Md", "Miss", "Mo", "Mont", "Neb", "Nev", "Okla", "Ore", "Vt", "Wis",
    "Wyo", "Ave", "Blvd",
    // Months
    "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "janv", "févr", "avr", "juil",
    "déc", "Okt", "Dez",
    // Others
    "No", "Nr", "vs", "v", "etc", "e.g", "i.e", "approx", "ca", "a.m", "p.m", "z.B", "bzw", "г", "гг", "им", "ул", "cf",
    "Co", "Corp", "Inc", "Ltd", "Bros",
];

/// The sentences of a text, in bytes, without the spaces around them. A blank line ends one, a single line break
/// does not.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut begin = 0;
    for end in ends(text).into_iter().chain([text.len()]) {
        let raw = text.get(begin..end).unwrap_or_default();
        let start = begin + raw.len() - raw.trim_start().len();
        let length = raw.trim().len();
        if raw.chars().any(char::is_alphanumeric) {
            found.push(start..start + length);
        }
        begin = end;
    }
    found
}

/// Whether a word, without its full stop, is an abbreviation that ends no sentence.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.contains(&word)
}

/// Where the last sentence of a text begins, in bytes: behind the last end that is followed by something.
pub(crate) fn last_start(text: &str) -> usize {
    let trimmed = text.trim_end().len();
    ends(text).into_iter().rfind(|end| *end < trimmed).unwrap_or(0)
}

/// The bytes behind each sentence's last sign, but for the end of the text.
fn ends(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let last = text.trim_end().len();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if !matches!(c, '\n' | '。' | '！' | '？' | '।' | '!' | '?' | '؟' | '…' | '.') {
            continue;
        }
        let rest = text.get(end..).unwrap_or_default();
        let closed = rest.trim_start_matches(['"', '\'', ')', ']', '”', '’', '»']);
        let past = text.len() - closed.len();
        let ends = match c {
            '\n' => rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n'),
            '!' | '?' | '؟' | '…' => follows(closed),
            '.' => follows(closed) && !is_abbreviated(text.get(..at).unwrap_or_default(), closed),
            _ => true,
        };
        if ends && past < last {
            found.push(past);
        }
    }
    found
}

/// A sentence may begin here: a space, and no small letter behind it.
fn follows(rest: &str) -> bool {
    let next = rest.trim_start().chars().next();
    rest.starts_with(char::is_whitespace) && !next.is_some_and(char::is_lowercase)
}

fn is_abbreviated(before: &str, rest: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“' | '/')).next();
    let word = word.unwrap_or_default();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let day = word.len() <= 2 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let next: String = rest.trim_start().chars().take_while(|c| c.is_alphabetic()).take(16).collect();
    initial || ABBREVIATIONS.contains(&word) || (day && crate::dates::is_month_name(&next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        sentences(text).len()
    }

    #[test]
    fn abbreviations_and_brackets_end_no_sentence() {
        assert_eq!(
            count("Gen. Qasem Soleimani (C) visits the U.S. Embassy on Jan. 2, 2021 with J. R. Smith."),
            1
        );
        assert_eq!(count("Am 12. März 2022 in Berlin. Das war es."), 2);
        assert_eq!(count("One. Two! Three? (Four.) Five"), 5);
        assert_eq!(count("He said \"stop.\" They did."), 2);
        assert_eq!(count("at 5 p.m. today in Kyiv"), 1);
    }

    #[test]
    fn other_scripts_have_their_own_full_stops() {
        assert_eq!(count("今日は晴れ。明日も晴れ。"), 2);
        assert_eq!(count("هل هذا صحيح؟ نعم."), 2);
    }

    #[test]
    fn the_last_sentence_begins_behind_the_last_end() {
        let text = "A man walks. Kyiv, Ukraine. ";
        assert_eq!(&text[last_start(text)..], " Kyiv, Ukraine. ");
        assert_eq!(last_start("no end"), 0);
    }

    #[test]
    fn empty_texts_have_no_sentences() {
        assert_eq!(count(""), 0);
        assert_eq!(count(" ... \n\n "), 0);
    }
}
