//! Words and numbers of a text with their places in it, as dates need them.

/// A word or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with hyphens and apostrophes between them.
    Word,
    /// Digits of one script: how many, and their value (`u32::MAX` when it does not fit).
    Number { digits: usize, value: u32, ascii: bool },
}

/// A word or number and where it stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The zeros of the decimal digits that captions are written in: Latin, Arabic-Indic, Persian and Urdu, Devanagari,
/// Bengali.
const ZEROS: [char; 5] = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}'];

fn digit(c: char) -> Option<u32> {
    ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10))
}

/// The units of a date that East Asian languages write behind the number, without a space.
const UNITS: [char; 6] = ['年', '月', '日', '년', '월', '일'];

/// Splits a text; what is neither letter nor digit lies between tokens.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut joiner = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let last = found.last_mut();
        if let Some(value) = digit(c) {
            joiner = None;
            match last {
                Some(Token { kind: Kind::Number { digits, value: sum, .. }, end: last_end, .. })
                    if *last_end == at =>
                {
                    *digits += 1;
                    *sum = sum.checked_mul(10).and_then(|sum| sum.checked_add(value)).unwrap_or(u32::MAX);
                    *last_end = end;
                }
                _ => found.push(number(at, end, value, c.is_ascii())),
            }
        } else if c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c) || c == '\u{640}' {
            let joined = joiner.take();
            match last {
                Some(token)
                    if token.kind == Kind::Word
                        && !starts_with_unit(text, *token)
                        && (token.end == at || joined == Some(token.end)) =>
                {
                    token.end = end;
                }
                _ => found.push(Token { kind: Kind::Word, start: at, end }),
            }
        } else {
            joiner = matches!(c, '-' | '\'' | '\u{2019}' | '\u{2bc}').then_some(at);
        }
    }
    found
}

fn number(start: usize, end: usize, value: u32, ascii: bool) -> Token {
    Token { kind: Kind::Number { digits: 1, value, ascii }, start, end }
}

/// A unit right behind a number is a word of its own, so that `2日在北京` is not one long word.
fn starts_with_unit(text: &str, token: Token) -> bool {
    let unit =
        text.get(token.start..).and_then(|rest| rest.chars().next()).is_some_and(|c| UNITS.contains(&c));
    let before = text.get(..token.start).and_then(|head| head.chars().next_back());
    unit && before.is_some_and(|c| digit(c).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| text.get(token.start..token.end).unwrap()).collect()
    }

    #[test]
    fn digits_and_letters_part_and_hyphens_join_letters_only() {
        assert_eq!(split("2nd segunda-feira, 2-Jan-2021"), ["2", "nd", "segunda-feira", "2", "Jan", "2021"]);
        assert_eq!(split("2021年1月2日在北京"), ["2021", "年", "1", "月", "2", "日", "在北京"]);
        assert_eq!(split("’tis - it's’"), ["tis", "it's"]);
    }

    #[test]
    fn digits_of_other_scripts_have_their_value() {
        let kinds: Vec<_> = tokens("٢٠٢١ ۱۲ २").into_iter().map(|token| token.kind).collect();
        let number = |digits, value| Kind::Number { digits, value, ascii: false };
        assert_eq!(kinds, [number(4, 2021), number(2, 12), number(1, 2)]);
    }
}
