//! A page reads the same whether its paragraphs are lines or wrapped at a width.

use super::super::{Captured, read};
use super::fixtures::{NAMES, seed, text};

/// Each line of the page wrapped at `width` characters, the way that text programs do it.
fn wrapped(page: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in page.lines() {
        let mut row = String::new();
        for word in line.split_whitespace() {
            if !row.is_empty() && row.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut row));
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.push_str(word);
        }
        lines.push(row);
    }
    lines.join("\n")
}

/// The draft without what follows from the lines themselves.
fn draft(page: &str) -> Captured {
    let mut draft = read(page);
    draft.lines.clear();
    draft
}

#[test]
fn captures_read_the_same_when_wrapped() {
    let mut wrong = Vec::new();
    // 06 is wrapped as it stands; wrapped twice it would have two widths.
    let names = NAMES.into_iter().filter(|name| !name.starts_with("06"));
    for (name, page) in names.map(|name| (name, text(name))).chain(seed().map(|seed| ("seed", seed))) {
        // No-break spaces would hold words together.
        let whole = draft(&wrapped(&page, usize::MAX));
        for width in [56, 64, 70, 72, 76, 78, 80, 90, 100] {
            let found = draft(&wrapped(&page, width));
            if found != whole {
                let captions =
                    found.slides.iter().zip(&whole.slides).filter(|(a, b)| a != b).collect::<Vec<_>>();
                wrong.push(format!(
                    "{name} at {width}: {captions:?} {:?} {:?} {:?}",
                    found.cover_slide, found.lede, found.tags
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
