//! The grammar of English captions: their tense, their verbs, how their sentences begin (R6, R7, R9).

use std::ops::Range;

use super::english::{Verdict, judge};
use super::finding::{Desk, Finding};
use super::reading::{Kind, Reading, Token};
use super::whereabouts::stop_for_comma;
use crate::style::HouseStyle;

/// A sentence of so many words may go without a verb.
const SHORT: usize = 3;

pub(super) fn check(desk: &mut Desk<'_, '_>, style: &HouseStyle) {
    let reading = desk.reading;
    if !reading.is_english() {
        return;
    }
    let mut found = Vec::new();
    let mut first = true;
    let cut = stop_for_comma(reading);
    // What stands behind the stop that cuts a place apart is no sentence.
    let torn = cut.as_ref().and_then(|finding| finding.at.clone()).map_or(0, |at| at.end);
    for sentence in &reading.sentences {
        if torn > 0
            && reading.slice(torn..sentence.start.max(torn)).trim().is_empty()
            && sentence.start > torn
        {
            continue;
        }
        let tokens = told(reading, sentence);
        if tokens.iter().filter(|token| token.is_word()).count() == 0 {
            continue;
        }
        match judge(&tokens) {
            Verdict::Past(at) if first && style.present_tense => {
                let seen = reading.slice(at.clone());
                let sentence = format!("\"{seen}\" tells in the past; captions tell in the present.");
                found.push(Finding::new("past_tense", "R6, R7, R9", sentence).at(at));
            }
            Verdict::Verbless if !is_label(&tokens) && words_outside_places(reading, &tokens) > SHORT => {
                let finding = Finding::new("sentence_without_verb", "R6", "The sentence has no verb.");
                found.push(finding.at(sentence.clone()));
            }
            _ => {}
        }
        first = false;
    }
    found.extend(cut);
    found.extend(small_letters(reading));
    for finding in found {
        desk.warn(finding);
    }
}

/// The words of a sentence without its status word, dateline and dates.
fn told<'r>(reading: &'r Reading<'_>, sentence: &Range<usize>) -> Vec<&'r Token<'r>> {
    let tokens = reading.tokens_in(sentence);
    let skip = status_length(tokens);
    let rest = tokens.get(skip..).unwrap_or_default();
    let dateline = if sentence.start == 0 { dateline_length(rest) } else { 0 };
    let rest = rest.get(dateline..).unwrap_or_default();
    // A date leaves a comma, which parts what stands before it from what stands behind.
    let mut told: Vec<&'r Token<'r>> = Vec::with_capacity(rest.len());
    for token in rest {
        if reading.date_at(token.start).is_none() {
            told.push(token);
        } else if told.last().is_some_and(|last| !last.is(',')) {
            told.push(&Token::COMMA);
        }
    }
    told
}

/// `FILE -`, `FILE PHOTO:`, `(FILES)`, `TOPSHOT -`.
fn status_length(tokens: &[Token<'_>]) -> usize {
    let words = ["file", "files", "photo", "topshot", "handout", "picture", "combo", "combination"];
    let mut length = 0;
    let mut known = false;
    for token in tokens.iter().take(6) {
        let shouted =
            token.is_word() && !token.text.chars().any(char::is_lowercase) && words.contains(&token.low());
        let sign = matches!(token.kind, Kind::Sign('(' | ')' | '-' | '–' | '—' | ':' | '*'));
        if !(shouted || sign) {
            break;
        }
        known |= shouted;
        length += 1;
    }
    if known { length } else { 0 }
}

/// `LONDON, ENGLAND - JANUARY 02:`, `BAGHDAD (AP) —`: capitals up to a dash or a colon.
fn dateline_length(tokens: &[Token<'_>]) -> usize {
    let shouted = |token: &Token<'_>| !token.text.chars().any(char::is_lowercase);
    if !tokens.first().is_some_and(|token| token.is_word() && token.text.len() > 2 && shouted(token)) {
        return 0;
    }
    let head = tokens.iter().take(24).take_while(|token| shouted(token)).count();
    let close = tokens.iter().take(24).position(|token| token.is('—') || token.is(':'));
    let close = close.or_else(|| tokens.iter().take(head).rposition(|token| token.is('-') || token.is('–')));
    close.filter(|close| *close <= head).map_or(0, |close| close + 1)
}

/// `From left: …`, `Pictured: …`, `Top row, from left, …`: who is who.
fn is_label(tokens: &[&Token<'_>]) -> bool {
    let mut words = tokens.iter().filter(|token| token.is_word()).map(|token| token.low());
    let (one, two) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let begins = matches!(
        (one, two),
        ("from" | "l-r" | "pictured" | "clockwise", _)
            | ("left" | "right" | "top" | "bottom" | "back" | "front", _)
    );
    let picture = matches!(one, "picture" | "photo" | "photograph" | "image" | "video" | "screengrab")
        && matches!(
            two,
            "taken" | "made" | "by" | "from" | "courtesy" | "provided" | "supplied" | "obtained" | "released"
        );
    begins || picture || one == "photo" || one == "credit" || one == "courtesy"
}

/// The words that a sentence has beside a place at its end: `Kyiv, Ukraine, May 2, 2022.` is none.
fn words_outside_places(reading: &Reading<'_>, tokens: &[&Token<'_>]) -> usize {
    let names = tokens.iter().all(|token| {
        !token.is_word()
            || token.is_capital()
            || ["of", "the", "de", "al", "on", "near", "in"].contains(&token.low())
    });
    let dated = tokens
        .iter()
        .rfind(|last| last.is_word())
        .is_some_and(|last| reading.dates.iter().any(|date| date.end >= last.start));
    let words = tokens.iter().filter(|token| token.is_word()).count();
    if names && (dated || words <= 5) { 0 } else { words }
}

/// A sentence that begins with a small letter.
fn small_letters(reading: &Reading<'_>) -> Option<Finding> {
    let first =
        reading.tokens.iter().find(|token| token.kind != Kind::Sign('"') && token.kind != Kind::Sign('“'));
    let marks = ["topshot", "topshots", "epaselect", "tpx"];
    let begins = first.filter(|token| is_small(token) && !marks.contains(&token.low()));
    let later = || {
        reading.tokens.windows(3).find_map(|window| {
            let [_, stop, next] = window else { return None };
            let ended = matches!(stop.kind, Kind::Sign('.' | '!' | '?'));
            (ended && is_small(next) && ends_sentence(reading, window)).then_some(next)
        })
    };
    let token = begins.or_else(later)?;
    let seen = token.text;
    let sentence = format!("The sentence begins with a small letter: \"{seen}\".");
    let initial = seen.chars().next()?;
    let capital: String = initial.to_uppercase().collect();
    let at = token.start..token.start + initial.len_utf8();
    Some(Finding::new("small_letter_begins", "R9", sentence).at(token.start..token.end).fix(at, capital))
}

/// Whether a full stop between two words ends a sentence, though a small letter follows.
fn ends_sentence(reading: &Reading<'_>, window: &[Token<'_>]) -> bool {
    let [word, stop, next] = window else { return false };
    let letters = word.text.chars().count();
    let whole = if word.is_capital() { letters > 4 } else { letters > 2 };
    let known = crate::sentences::is_abbreviation(word.text) || ["p.m", "a.m"].contains(&word.low());
    let blank = reading.slice(stop.end..next.start).contains(char::is_whitespace);
    let ended = (word.is_word() && whole && !known) || word.kind == Kind::Number;
    blank && ended && reading.date_at(stop.start).is_none()
}

/// Not the articles and particles of names (`al-Muhandis`, `von`, `iPhone`).
fn is_small(token: &Token<'_>) -> bool {
    let small = token.is_word() && token.text.chars().next().is_some_and(char::is_lowercase);
    let inner = token.text.chars().skip(1).any(char::is_uppercase);
    small
        && !inner
        && !["von", "van", "de", "al", "el", "bin", "ibn", "d", "la", "ter", "da", "di"]
            .contains(&token.low())
}
