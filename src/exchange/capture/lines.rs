//! A page's lines, tidied: what is common to every later step.

/// At most so many non-empty lines are read; a page of a photo story has some hundred.
pub(super) const MAX_LINES: usize = 20_000;

/// At most so many characters of a line are kept (R41).
pub(super) const MAX_CHARACTERS: usize = 10_000;

/// A line that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Number in the file, from 1.
    pub number: usize,
    /// White space before the text, in characters.
    pub indent: usize,
    /// Indent and text together, in characters, as it stood in the file.
    pub width: usize,
    /// An empty line, or the beginning of the page, stands before it.
    pub after_gap: bool,
    /// As it stood, without control characters and outer white space, cut to [`MAX_CHARACTERS`].
    pub raw: String,
    /// `raw` with each run of white space as one space.
    pub text: String,
    /// The line was longer than [`MAX_CHARACTERS`].
    pub cut: bool,
}

/// The lines of a page, and how many more there were after [`MAX_LINES`].
pub(super) fn split(page: &str) -> (Vec<Line>, usize) {
    let page = page.strip_prefix('\u{feff}').unwrap_or(page);
    let mut lines: Vec<Line> = Vec::new();
    let mut unread = 0;
    let mut gap = true;
    for (index, whole) in pieces(page).enumerate() {
        super::effort::spend(whole.len());
        if whole.trim().is_empty() {
            gap = true;
        } else if lines.len() < MAX_LINES {
            lines.push(line(index + 1, whole, gap));
            gap = false;
        } else {
            unread += 1;
        }
    }
    (lines, unread)
}

/// The page cut at `\n`, `\r\n` and lone `\r`.
fn pieces(page: &str) -> impl Iterator<Item = &str> {
    page.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

fn line(number: usize, whole: &str, after_gap: bool) -> Line {
    let body = whole.trim_end();
    let indent = body.chars().take_while(|c| c.is_whitespace()).count();
    let mut seen = body.chars().filter(|c| !is_unseen(*c));
    let raw: String = seen.by_ref().skip_while(|c| c.is_whitespace()).take(MAX_CHARACTERS).collect();
    let cut = seen.next().is_some();
    // A line of control characters alone was there, so it is reported; U+FFFD stands for what cannot be kept.
    let raw = trim_marks(&raw).to_owned();
    let raw = if raw.is_empty() { "\u{fffd}".to_owned() } else { raw };
    let width = indent + raw.chars().count();
    let text = tidy(&raw);
    Line { number, indent, width, after_gap, raw, text, cut }
}

/// Control characters (R1) and signs that show nothing and change nothing.
fn is_unseen(c: char) -> bool {
    (c.is_control() && !c.is_whitespace()) || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Without white space and direction marks at either end; those inside are the text's own.
fn trim_marks(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}'))
}

/// Each run of white space (no-break and tab included) as one space, none at the ends.
pub(super) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(word);
    }
    tidied
}

/// Western digits for those of the Arabic, Persian, Devanagari, Bengali and full-width sets; the rest unchanged.
pub(super) fn western_digits(text: &str) -> String {
    const ZEROS: [u32; 5] = [0x660, 0x6f0, 0x966, 0x9e6, 0xff10];
    let western = |c: char| {
        let digit = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10));
        digit.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
    };
    text.chars().map(western).collect()
}

/// At most [`MAX_CHARACTERS`] characters of a text, and whether it was longer (R41).
pub(super) fn limited(mut text: String) -> (String, bool) {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((at, _)) => {
            text.truncate(at);
            (text, true)
        }
        None => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_every_usual_line_end() {
        let (lines, _) = split("a\r\nb\rc\nd");
        let numbers: Vec<(usize, &str)> =
            lines.iter().map(|line| (line.number, line.text.as_str())).collect();
        assert_eq!(numbers, [(1, "a"), (2, "b"), (3, "c"), (4, "d")]);
    }

    #[test]
    fn no_break_spaces_and_tabs_become_single_spaces() {
        let (lines, _) = split("\u{a0}\t a\u{a0} \tb\u{202f}c ");
        assert_eq!(lines[0].text, "a b c");
        assert_eq!(lines[0].indent, 3);
    }

    #[test]
    fn a_line_of_control_characters_is_still_a_line() {
        let (lines, _) = split("\0\0\u{7}");
        assert_eq!(lines[0].raw, "\u{fffd}");
    }

    #[test]
    fn a_line_over_the_limit_is_cut_and_marked() {
        let (lines, _) = split(&"я".repeat(MAX_CHARACTERS + 1));
        assert_eq!((lines[0].raw.chars().count(), lines[0].cut), (MAX_CHARACTERS, true));
        let (lines, _) = split(&"я".repeat(MAX_CHARACTERS));
        assert!(!lines[0].cut);
    }

    #[test]
    fn lines_beyond_the_limit_are_counted() {
        let (lines, unread) = split(&"a\n".repeat(MAX_LINES + 7));
        assert_eq!((lines.len(), unread), (MAX_LINES, 7));
    }

    #[test]
    fn digits_of_other_scripts_become_western() {
        assert_eq!(western_digits("١٥:٣٢ ۱۴ ５"), "15:32 14 5");
    }
}
