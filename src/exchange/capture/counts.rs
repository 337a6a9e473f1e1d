//! The counts of comments and views (R31).

use super::captured::Counters;
use super::lines::western_digits;
use super::words::{COMMENTS, COUNT_JOINTS, VIEWS, begins_with_one_of, is_one_of};

/// A longer line has other things to say, in characters.
const LONGEST: usize = 80;

/// What a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// Two numbers and nothing else: comments, then views.
    Bare(Counters),
    /// Numbers that the line names.
    Named(Counters),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Number(u64),
    Comments,
    Views,
}

/// The counts of a line, as it stood in the page (its no-break spaces may group digits); `None` when it holds
/// anything else, or numbers without names that are not two.
pub(super) fn counts(raw: &str) -> Option<Counts> {
    if raw.chars().take(LONGEST + 1).count() > LONGEST {
        return None;
    }
    let tokens = tokens(&western_digits(raw))?;
    match tokens.as_slice() {
        [Token::Number(comments), Token::Number(views)] => {
            let counters = Counters { comments: Some(*comments), views: Some(*views) };
            (!is_joined(raw)).then_some(Counts::Bare(counters))
        }
        [Token::Number(_), ..] => named(tokens.chunks(2).map(|pair| (pair.get(1), pair.first()))),
        _ => named(tokens.chunks(2).map(|pair| (pair.first(), pair.get(1)))),
    }
}

/// The number of a line that holds a number and no word: pages also set their two counts on two lines.
pub(super) fn lone(raw: &str) -> Option<u64> {
    if raw.chars().take(LONGEST + 1).count() > LONGEST || is_joined(raw) {
        return None;
    }
    match tokens(&western_digits(raw))?.as_slice() {
        [Token::Number(number)] => Some(*number),
        _ => None,
    }
}

/// Signs that make a time, a sum, a share or a price of a line's numbers.
fn is_joined(raw: &str) -> bool {
    raw.chars().any(|c| ":-–/%$€£+=#()".contains(c))
}

fn named<'a>(pairs: impl Iterator<Item = (Option<&'a Token>, Option<&'a Token>)>) -> Option<Counts> {
    let mut counters = Counters { comments: None, views: None };
    let mut any = false;
    for pair in pairs {
        let (place, number) = match pair {
            (Some(Token::Comments), Some(Token::Number(number))) => (&mut counters.comments, *number),
            (Some(Token::Views), Some(Token::Number(number))) => (&mut counters.views, *number),
            _ => return None,
        };
        if place.replace(number).is_some() {
            return None;
        }
        any = true;
    }
    any.then_some(Counts::Named(counters))
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let is_named = text.chars().any(char::is_alphabetic);
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() {
            let (number, after) = grouped(rest, is_named)?;
            tokens.push(Token::Number(number));
            rest = after;
        } else if c.is_alphabetic() {
            let end = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end)?;
            tokens.extend(label(&word.to_lowercase())?);
            rest = after;
        } else {
            rest = rest.get(c.len_utf8()..)?;
        }
    }
    Some(tokens)
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{64b}'..='\u{652}')
}

/// The label of a word; an empty `Some` for a word that only joins, `None` for any other.
fn label(word: &str) -> Option<Option<Token>> {
    // Arabic writes its `and` as a part of the next word.
    let unjoined = word.strip_prefix('و').unwrap_or(word);
    if is_one_of(COUNT_JOINTS, word) || unjoined.is_empty() {
        Some(None)
    } else if begins_with_one_of(COMMENTS, word) || begins_with_one_of(COMMENTS, unjoined) {
        Some(Some(Token::Comments))
    } else if begins_with_one_of(VIEWS, word) || begins_with_one_of(VIEWS, unjoined) {
        Some(Some(Token::Views))
    } else {
        None
    }
}

/// A number at the beginning, its digits perhaps in groups of three, and what follows. An ordinary space groups
/// digits only where names keep the numbers apart. `None` when a letter hangs on the number (`15.3K`) or it is too
/// great.
fn grouped(text: &str, is_named: bool) -> Option<(u64, &str)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut end = digits(text);
    let leading = text.get(..end)?;
    let may_group = end <= 3 && !leading.starts_with('0');
    let mut joint = None;
    while may_group && let Some(next) = text.get(end..).and_then(|rest| rest.chars().next()) {
        let groups = matches!(next, '.' | ',' | '\'' | '’' | '٬' | '\u{a0}' | '\u{202f}' | '\u{2009}');
        let at = end + next.len_utf8();
        let group = text.get(at..).map_or(0, digits);
        let groups = groups || (is_named && next == ' ');
        if !groups || group != 3 || joint.is_some_and(|joint| joint != next) {
            break;
        }
        joint = Some(next);
        end = at + group;
    }
    let (number, rest) = text.split_at_checked(end)?;
    let apart = rest.chars().next().is_none_or(|c| !c.is_alphabetic());
    let is_decimal = rest.starts_with(['.', ',']) && rest.get(1..)?.starts_with(|c: char| c.is_ascii_digit());
    let number: String = number.chars().filter(char::is_ascii_digit).collect();
    Some((number.parse().ok().filter(|_| apart && !is_decimal)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(comments: u64, views: u64) -> Counters {
        Counters { comments: Some(comments), views: Some(views) }
    }

    #[test]
    fn two_numbers_alone_are_comments_then_views() {
        for (text, comments, views) in [
            ("0 110", 0, 110),
            ("7 1.204", 7, 1204),
            ("31\u{a0}\t15.310", 31, 15_310),
            ("7 1\u{a0}204", 7, 1204),
            ("٧ ١٬٢٠٤", 7, 1204),
            ("💬 7 👁 1,204", 7, 1204),
        ] {
            assert_eq!(counts(text), Some(Counts::Bare(both(comments, views))), "{text}");
        }
    }

    #[test]
    fn named_counts_are_read_in_either_order() {
        for text in [
            "18 comments, 1,204 views",
            "1,204 views · 18 comments",
            "Comments: 18 | Views: 1204",
            "18 комментариев, 1\u{a0}204 просмотра",
            "18 commentaires 1 204 vues",
            "18 تعليقا و1204 مشاهدة",
            "18 Kommentare und 1.204 Aufrufe",
        ] {
            assert_eq!(counts(text), Some(Counts::Named(both(18, 1204))), "{text}");
        }
        assert_eq!(
            counts("Comments (18)"),
            Some(Counts::Named(Counters { comments: Some(18), views: None }))
        );
    }

    #[test]
    fn a_lone_number_has_no_words_and_no_signs() {
        assert_eq!((lone("1.358"), lone("👁 14")), (Some(1358), Some(14)));
        for text in ["14 1358", "14:05", "+14", "14 views", "", "Photo"] {
            assert_eq!(lone(text), None, "{text}");
        }
    }

    #[test]
    fn other_counts_of_numbers_are_not_understood() {
        let long = "9".repeat(30);
        for text in [
            "7",
            "7 8 9",
            "14:05 20",
            "3/8 4",
            "7 1.2K",
            "18 likes 4 shares",
            "views",
            long.as_str(),
            "3 comments 4 comments",
        ] {
            assert_eq!(counts(text), None, "{text}");
        }
    }
}
