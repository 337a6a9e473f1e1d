//! What may mark a line as one of a list: a sign (`•`, `-`, `▪`), a number (`3.`, `Photo 3:`), a number of a whole
//! (`Photo 3 of 8`, `3/8`).

use super::lines::western_digits;

/// How the lines of one list are marked alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Style {
    /// A sign, the same on each line.
    Sign(String),
    /// A number that grows by one, after these words.
    Numbered(String),
    /// A number of a whole: the words around it, and the whole.
    Counted(String, u32),
}

/// The mark at a line's beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// How it is marked.
    pub style: Style,
    /// The number, for the styles that have one.
    pub number: u32,
    /// Where the line's own text begins, in bytes of the tidied text.
    pub text_at: usize,
}

impl Marker {
    /// It is a number of a whole, which says by itself that it belongs to a gallery.
    pub fn is_counted(&self) -> bool {
        matches!(self.style, Style::Counted(..))
    }

    /// It is a number of a whole of so many slides, or of a whole that its words name.
    pub fn is_number_of(&self, slides: usize) -> bool {
        let Style::Counted(words, whole) = &self.style else { return false };
        // The words are those before the number and the joint after it.
        usize::try_from(*whole).is_ok_and(|whole| whole == slides) || !words.starts_with(' ')
    }

    /// A sign that nobody begins a sentence, a note or a speech with.
    pub fn is_bullet(&self) -> bool {
        matches!(&self.style, Style::Sign(sign) if sign.chars().all(is_bullet))
    }
}

/// The mark of a tidied line, if it has one.
pub(super) fn marker(text: &str) -> Option<Marker> {
    super::effort::spend(1);
    sign(text).or_else(|| number(text))
}

const MAX_SIGNS: usize = 3;

fn is_bullet(c: char) -> bool {
    // Bullets, geometric shapes, dingbats, arrows, and the private-use bullets of word processors' symbol fonts.
    matches!(c, '•' | '‣' | '⁃' | '∙' | '·' | '◦' | '⦁' | '⦿' | '\u{2190}'..='\u{21ff}' | '\u{25a0}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{f000}'..='\u{f0ff}' | '\u{1f300}'..='\u{1faff}' | '\u{fe0f}')
}

/// Any other sign that may stand before a text: not one that opens a quotation, a bracket, a name or an amount.
fn is_sign(c: char) -> bool {
    let opens = "\"'`´“”„‟‘’‚‛«‹([{<¿¡.,…:;!?$€£¥%@#&©®™_";
    is_bullet(c) || !(c.is_alphanumeric() || c.is_whitespace() || opens.contains(c))
}

fn sign(text: &str) -> Option<Marker> {
    let signs: String = text.chars().take(MAX_SIGNS + 1).take_while(|c| is_sign(*c)).collect();
    if signs.is_empty() || signs.chars().count() > MAX_SIGNS {
        return None;
    }
    let rest = text.get(signs.len()..)?;
    let tight = !rest.is_empty() && !rest.starts_with(' ');
    if tight && !signs.chars().all(is_bullet) {
        return None;
    }
    let text_at = text.len() - rest.trim_start().len();
    Some(Marker { style: Style::Sign(signs), number: 0, text_at })
}

/// A line's first few words may be a number's: longer lines are looked at only so far, in bytes.
const REACH: usize = 120;

fn number(text: &str) -> Option<Marker> {
    let head = head(text);
    if let Some((number, rest)) = in_brackets(head) {
        return Some(at(text, Style::Numbered("(".to_owned()), number, rest));
    }
    let (words, after_words) = words_before(head)?;
    let (number, after) = leading_number(after_words)?;
    if let Some((whole, joint, rest)) = of_a_whole(after).filter(|(whole, ..)| *whole >= number) {
        let style = Style::Counted(format!("{words} {joint}"), whole);
        return Some(at(text, style, number, after_stop(rest)));
    }
    let stop = after.trim_start();
    let alone = stop.is_empty() && text.len() == head.len();
    let stopped = stop.starts_with(['.', ')', ':', '-', '–', '—']);
    let apart = stop.chars().nth(1).is_none_or(char::is_whitespace);
    (alone || (stopped && apart)).then(|| at(text, Style::Numbered(words), number, after_stop(after)))
}

/// The head of a text, cut on a character's border.
fn head(text: &str) -> &str {
    let mut end = text.len().min(REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn at(text: &str, style: Style, number: u32, rest: &str) -> Marker {
    // `rest` is the end of the head, so what stands before it is as long in the whole text.
    let before = head(text).len().saturating_sub(rest.len());
    Marker { style, number, text_at: before }
}

/// Up to two words before a number (`Photo`, `Bild Nr.`, `#`), in lower case, and what follows.
fn words_before(head: &str) -> Option<(String, &str)> {
    let digit = head.find(|c: char| western_digit(c).is_some())?;
    let (words, rest) = head.split_at_checked(digit)?;
    let plain = words.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '#' | '№' | 'º'));
    let short = words.split_whitespace().count() <= 2 && words.chars().count() <= 24;
    (plain && short).then(|| (words.trim().to_lowercase(), rest))
}

fn western_digit(c: char) -> Option<u32> {
    let mut buffer = [0; 4];
    western_digits(c.encode_utf8(&mut buffer)).chars().next().and_then(|c| c.to_digit(10))
}

/// A number of up to four digits at the beginning, and what follows.
fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| western_digit(c).is_none()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let count = digits.chars().count();
    let value = digits.chars().take(4).filter_map(western_digit).fold(0, |sum, digit| sum * 10 + digit);
    // A letter right after the digits makes another word of them (`3rd`, `14h05`).
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    (1..=4).contains(&count).then_some((value, rest)).filter(|_| ends)
}

/// `(3)` or `[3]`, and what follows.
fn in_brackets(head: &str) -> Option<(u32, &str)> {
    let inside = head.strip_prefix(['(', '['])?;
    let (number, after) = leading_number(inside)?;
    Some((number, after.strip_prefix([')', ']'])?.trim_start()))
}

/// `of 8`, `/8`, `| 8`: the whole, its joint and what follows.
fn of_a_whole(after: &str) -> Option<(u32, String, &str)> {
    let spaced = after.starts_with(' ');
    let text = after.trim_start();
    let end = text.find(|c: char| western_digit(c).is_some())?;
    let (joint, rest) = text.split_at_checked(end)?;
    let word = joint.trim();
    let is_word = spaced && joint.ends_with(' ') && word.chars().all(char::is_alphabetic);
    let is_stroke = matches!(word, "/" | "|" | "⁄");
    let (whole, rest) = leading_number(rest)?;
    // A joint is a short word, and a whole of more than three digits is a year.
    let short = !word.is_empty() && word.chars().count() <= 4 && whole <= 999;
    // `1/8/2020` is a date.
    let goes_on = rest.starts_with(['/', '-', '.', ','])
        && rest.chars().nth(1).is_some_and(|c| western_digit(c).is_some());
    (short && (is_word || is_stroke) && !goes_on).then(|| (whole, word.to_lowercase(), rest))
}

/// What follows the stop after a number: the text of the line.
fn after_stop(rest: &str) -> &str {
    let rest = rest.trim_start();
    rest.strip_prefix(['.', ')', ':', '-', '–', '—', '|', ']']).unwrap_or(rest).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Style, u32, &str)> {
        marker(text).map(|found| (found.style, found.number, text.get(found.text_at..).unwrap_or_default()))
    }

    fn signed<'a>(sign: &str, rest: &'a str) -> Option<(Style, u32, &'a str)> {
        Some((Style::Sign(sign.to_owned()), 0, rest))
    }

    #[test]
    fn any_sign_before_a_space_marks_a_line() {
        for sign in ["•", "-", "–", "*", "+", "▪", "→", "~", "\u{f0b7}", "📷", "--", "|"] {
            assert_eq!(read(&format!("{sign} A view")).map(|read| read.2), Some("A view"), "{sign}");
        }
    }

    #[test]
    fn a_true_bullet_needs_no_space() {
        assert_eq!(read("•A view"), signed("•", "A view"));
        assert_eq!(read("-A view"), None);
    }

    #[test]
    fn quotations_brackets_and_amounts_are_no_marks() {
        for text in
            ["« Il faut", "“A view", "(AP)", "¿Quién?", "$ 5", "…", "© 2022 A", "----------", "¡Hola!"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_need_a_stop_or_the_line_for_themselves() {
        let numbered = |words: &str, number, rest| Some((Style::Numbered(words.to_owned()), number, rest));
        assert_eq!(read("12. A view"), numbered("", 12, "A view"));
        assert_eq!(read("3) A view"), numbered("", 3, "A view"));
        assert_eq!(read("(3) A view"), numbered("(", 3, "A view"));
        assert_eq!(read("Bild 3: Ein Moor"), numbered("bild", 3, "Ein Moor"));
        assert_eq!(read("#3 - A view"), numbered("#", 3, "A view"));
        assert_eq!(read("٣. منظر"), numbered("", 3, "منظر"));
        assert_eq!(read("4"), numbered("", 4, ""));
        for text in ["3 January 2021", "1.204", "14:05 Uhr", "3rd. A", "3-year-old", "12.03.2022, 14:05 Uhr"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_of_a_whole_is_read_in_any_language() {
        for (text, rest) in [
            ("Photo 3 of 8", ""),
            ("Foto 3 von 8: Ein Moor", "Ein Moor"),
            ("3/8 A view", "A view"),
            ("3 / 8", ""),
            ("صورة ٣ من ٨", ""),
            ("Фото 3 из 8. Вид", "Вид"),
        ] {
            let found = read(text);
            let Some((Style::Counted(_, 8), 3, found)) = found else { panic!("{text}: {found:?}") };
            assert_eq!(found, rest, "{text}");
        }
        for text in ["1/8/2020", "9 of 8", "On 3 May 2020"] {
            assert!(!marker(text).is_some_and(|found| found.is_counted()), "{text}");
        }
    }
}
