//! Letters that were broken on their way (R9), and signs that readers should not meet in a text (R43).

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::finding::{Desk, Finding};

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    for finding in in_any_text(desk.reading.text) {
        desk.warn(finding);
    }
    if let Some(finding) = markup(desk.reading.text) {
        desk.warn(finding);
    }
}

/// What is wrong with letters wherever they stand, in captions and in alternative texts.
pub(super) fn in_any_text(text: &str) -> Vec<Finding> {
    if text.is_ascii() {
        return Vec::new();
    }
    [broken_letters(text), not_nfc(text), invisible_signs(text)].into_iter().flatten().collect()
}

/// Windows-1252 signs of the bytes 0x80 to 0x9f; the five unused bytes stand for themselves.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn as_windows_1252(c: char) -> Option<u8> {
    if let Some(at) = WINDOWS_1252.iter().position(|known| *known == c) {
        return u8::try_from(at + 0x80).ok();
    }
    u8::try_from(u32::from(c)).ok().filter(|byte| *byte >= 0xa0)
}

/// Runs of signs that are UTF-8 read as Windows-1252 (`Ã©` for `é`), and what they were.
pub(super) fn misread(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut bytes = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if let Some(byte) = as_windows_1252(c) {
            if bytes.is_empty() {
                start = at;
            }
            bytes.push(byte);
            continue;
        }
        if bytes.len() > 1
            && let Ok(meant) = std::str::from_utf8(&bytes)
        {
            found.push((start..at, meant.to_owned()));
        }
        bytes.clear();
    }
    found
}

/// Broken letters: misread runs, which decode, or the sign that stands for a letter that was lost.
fn broken_letters(text: &str) -> Option<Finding> {
    let runs = misread(text);
    let lost = text.find('\u{fffd}').map(|at| at..at + '\u{fffd}'.len_utf8());
    let (first, last) = (runs.first(), runs.last());
    let at = match (first, lost.clone()) {
        (Some((run, _)), Some(lost)) if lost.start < run.start => lost,
        (Some((run, _)), _) => run.clone(),
        (None, lost) => lost?,
    };
    let seen = text.get(at.clone()).unwrap_or_default();
    let sentence = format!("\"{seen}\" looks like letters read in a wrong encoding.");
    let mut finding = Finding::new("broken_letters", "R9", sentence).at(at);
    if let (Some((first, _)), Some((last, _)), None) = (first, last, lost) {
        let whole = first.start..last.end;
        finding = finding.fix(whole.clone(), rewritten(text, &whole, &runs));
    }
    Some(finding)
}

/// A stretch of a text with some of its parts written anew.
fn rewritten(text: &str, whole: &Range<usize>, parts: &[(Range<usize>, String)]) -> String {
    let mut written = String::new();
    let mut from = whole.start;
    for (part, meant) in parts {
        written.push_str(text.get(from..part.start).unwrap_or_default());
        written.push_str(meant);
        from = part.end;
    }
    written.push_str(text.get(from..whole.end).unwrap_or_default());
    written
}

/// Accents apart from their letters.
fn not_nfc(text: &str) -> Option<Finding> {
    if is_nfc(text) {
        return None;
    }
    let mut places: Option<Range<usize>> = None;
    let mut clusters: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| !unicode_normalization::char::is_combining_mark(*c))
        .map(|(at, _)| at)
        .collect();
    clusters.push(text.len());
    let mut first: Option<Range<usize>> = None;
    for pair in clusters.windows(2) {
        let [start, end] = pair else { continue };
        let cluster = text.get(*start..*end).unwrap_or_default();
        if !is_nfc(cluster) {
            first.get_or_insert(*start..*end);
            places = Some(places.map_or(*start, |known| known.start)..*end);
        }
    }
    let whole = places.unwrap_or(0..text.len());
    let composed: String = text.get(whole.clone()).unwrap_or_default().nfc().collect();
    let sentence = "The text has accents apart from their letters (it is not NFC).";
    Some(Finding::new("not_nfc", "R9", sentence).at(first.unwrap_or(whole.clone())).fix(whole, composed))
}

/// Signs that show nothing, or turn the direction of what follows (R43).
fn invisible_signs(text: &str) -> Option<Finding> {
    let rtl = text.chars().any(is_right_to_left);
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let unseen: Vec<Range<usize>> = (0..chars.len())
        .filter_map(|index| {
            let (at, c) = *chars.get(index)?;
            let before = index.checked_sub(1).and_then(|before| chars.get(before)).map(|(_, c)| *c);
            let behind = chars.get(index + 1).map(|(_, c)| *c);
            is_unwanted(c, before, behind, rtl).then(|| at..at + c.len_utf8())
        })
        .collect();
    let (first, last) = (unseen.first()?, unseen.last()?);
    let code = text.get(first.clone()).and_then(|sign| sign.chars().next()).map_or(0, u32::from);
    let number = unseen.len();
    let sentence = if number == 1 {
        format!("A sign that nobody sees (U+{code:04X}) stands in the text.")
    } else {
        format!("{number} signs that nobody sees (the first is U+{code:04X}) stand in the text.")
    };
    let whole = first.start..last.end;
    let removed: Vec<(Range<usize>, String)> = unseen.iter().map(|at| (at.clone(), String::new())).collect();
    Some(
        Finding::new("invisible_signs", "R43", sentence)
            .at(first.clone())
            .fix(whole.clone(), rewritten(text, &whole, &removed)),
    )
}

/// The joiners are wanted between letters of scripts that use them and between pictures; marks of direction where
/// both directions meet.
fn is_unwanted(c: char, before: Option<char>, behind: Option<char>, rtl: bool) -> bool {
    match c {
        '\u{200c}' | '\u{200d}' => !before.is_some_and(is_joined) || !behind.is_some_and(is_joined),
        '\u{200e}' | '\u{200f}' | '\u{61c}' => !rtl,
        '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' => true,
        '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        _ => false,
    }
}

/// Letters of Arabic, Syriac, the scripts of India and its neighbours, Mongolian; pictures.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{e80}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe0f}' | '\u{fe70}'..='\u{fefe}' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

/// Tags, entities and Markdown, which a caption shows as they stand.
fn markup(text: &str) -> Option<Finding> {
    let at = tag(text).or_else(|| entity(text)).or_else(|| markdown(text))?;
    let seen = text.get(at.clone()).unwrap_or_default();
    let sentence = format!("\"{seen}\" is markup; readers would see it as it stands.");
    Some(Finding::new("markup", "R43", sentence).at(at))
}

/// `<b>`, `</p>`, `<br/>`, `<a href="…">`.
fn tag(text: &str) -> Option<Range<usize>> {
    for (at, _) in text.match_indices('<') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let Some(close) = rest.find('>').filter(|close| *close <= 300) else { continue };
        let inside = rest.get(..close).unwrap_or_default();
        let name = inside.trim_start_matches('/');
        let word: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        let past = name.get(word.len()..).unwrap_or_default();
        let begins = word.starts_with(|c: char| c.is_ascii_alphabetic());
        if begins && (past.is_empty() || past.starts_with([' ', '/'])) {
            return Some(at..at + 1 + close + 1);
        }
    }
    None
}

/// `&amp;`, `&nbsp;`, `&#39;`.
fn entity(text: &str) -> Option<Range<usize>> {
    text.match_indices('&').find_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let close = rest.find(';').filter(|close| (2..=10).contains(close))?;
        let name = rest.get(..close)?;
        let bare = name.strip_prefix('#').unwrap_or(name);
        bare.bytes().all(|b| b.is_ascii_alphanumeric()).then(|| at..at + 1 + close + 1)
    })
}

/// `**bold**`, `__bold__`, `` `code` ``, `[words](address)`, `# Heading`.
fn markdown(text: &str) -> Option<Range<usize>> {
    for sign in ["**", "__", "~~", "`"] {
        let Some(open) = text.find(sign) else { continue };
        let from = open + sign.len();
        let rest = text.get(from..).unwrap_or_default();
        if let Some(close) = rest.find(sign)
            && rest
                .get(..close)
                .is_some_and(|inside| !inside.is_empty() && inside.trim() == inside && !inside.contains('\n'))
        {
            return Some(open..from + close + sign.len());
        }
    }
    if let Some(middle) = text.find("](") {
        let open = text.get(..middle).and_then(|head| head.rfind('['));
        let close = text.get(middle..).and_then(|rest| rest.find(')'));
        if let (Some(open), Some(close)) = (open, close) {
            return Some(open..middle + close + 1);
        }
    }
    let marks = text.len() - text.trim_start_matches('#').len();
    let heading = (1..=6).contains(&marks) && text.get(marks..).is_some_and(|rest| rest.starts_with(' '));
    heading.then_some(0..marks)
}
