//! Every non-empty line of a page is accounted for once, whatever the page.

use super::super::{Captured, Fate, Field, read};
use super::fixtures::{NAMES, seed, text};

/// Each non-empty line is in the report, once, in order, with its own text.
fn assert_accounted(page: &str) -> Captured {
    let found = read(page);
    let lines = page.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let expected: Vec<(usize, String)> =
        lines.map(|(index, line)| (index + 1, line.trim().to_owned())).collect();
    let reported: Vec<(usize, String)> =
        found.lines.iter().map(|line| (line.number, line.text.clone())).collect();
    assert_eq!(reported, expected);
    assert_fields_agree(&found);
    found
}

/// A field that is there has a line, and a line's field is there.
fn assert_fields_agree(page: &Captured) {
    let has = |field: Field| page.lines.iter().any(|line| line.fate == Fate::Field(field));
    assert_eq!(has(Field::Headline), page.headline.is_some());
    assert_eq!(has(Field::Section), page.section.is_some());
    assert_eq!(has(Field::Counters), page.counters.is_some());
    assert_eq!(has(Field::Slide), !page.slides.is_empty());
    assert_eq!(has(Field::CoverCaption), page.cover_slide.is_some());
    assert_eq!(has(Field::Lede), page.lede.is_some());
    assert_eq!(has(Field::Body), !page.body.is_empty());
    assert_eq!(has(Field::Notice), !page.notices.is_empty());
    assert_eq!(has(Field::Tags), !page.tags.is_empty());
    assert_eq!(has(Field::ShownTime), page.shown.is_some());
}

fn pages() -> Vec<String> {
    NAMES.iter().map(|name| text(name)).chain(seed()).collect()
}

/// A fixed sequence of numbers (Knuth's MMIX generator), so that a failure repeats.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn every_line_of_every_capture_is_accounted_for() {
    for page in pages() {
        assert_accounted(&page);
    }
}

#[test]
fn every_line_is_accounted_for_when_lines_are_missing() {
    for page in pages() {
        let lines: Vec<&str> = page.lines().collect();
        for missing in 0..lines.len() {
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, line)| *line);
            assert_accounted(&kept.collect::<Vec<_>>().join("\n"));
        }
        for start in 0..lines.len() {
            assert_accounted(&lines[start..].join("\n"));
            assert_accounted(&lines[..start].join("\r\n"));
        }
    }
}

#[test]
fn every_line_is_accounted_for_when_lines_are_shuffled() {
    let mut sequence = Sequence(7);
    for page in pages() {
        for _ in 0..40 {
            let mut lines: Vec<&str> = page.lines().collect();
            for at in (1..lines.len()).rev() {
                lines.swap(at, sequence.below(at + 1));
            }
            assert_accounted(&lines.join("\n"));
        }
    }
}

#[test]
fn every_line_is_accounted_for_when_pages_are_mixed() {
    let mut sequence = Sequence(11);
    let pages = pages();
    for _ in 0..60 {
        let from = |sequence: &mut Sequence| {
            let lines: Vec<&str> = pages[sequence.below(pages.len())].lines().collect();
            let at = sequence.below(lines.len());
            lines[at..].iter().take(1 + sequence.below(20)).copied().collect::<Vec<_>>().join("\n")
        };
        let parts = [from(&mut sequence), from(&mut sequence), from(&mut sequence)];
        assert_accounted(&parts.join(if sequence.below(2) == 0 { "\n" } else { "\n\n" }));
    }
}

#[test]
fn no_word_of_a_capture_is_lost_between_its_lines_and_its_texts() {
    for page in pages() {
        let found = read(&page);
        for slide in &found.slides {
            let words = slide.caption.split(' ').filter(|word| !word.is_empty());
            assert!(words.count() > 2, "{}", slide.caption);
        }
        let in_lines = |field: Field| -> usize {
            let lines = found.lines.iter().filter(|line| line.fate == Fate::Field(field));
            lines.map(|line| line.text.split_whitespace().count()).sum()
        };
        let body: usize = found.body.iter().map(|text| text.split(' ').count()).sum();
        assert_eq!(body, in_lines(Field::Body));
    }
}

#[test]
fn every_line_is_accounted_for_in_heaps_of_telling_pieces() {
    let pieces = [
        "• ",
        "* ",
        "** ",
        "- ",
        "– ",
        "1. ",
        "2. ",
        "3. ",
        "Photo 1 of 3",
        "Photo 2 of 3",
        "2/3 ",
        "Daesh*",
        "Daesh**",
        "\n",
        "\n",
        "\n",
        "\n\n",
        "\t",
        "\u{a0}",
        " ",
        "2 January 2021",
        "in Kiel, Germany, ",
        "2021-01-03",
        "15:32",
        " GMT",
        "12",
        "1.204",
        "©",
        ", ",
        "Tags: ",
        ". ",
        "word ",
        "Word ",
        "«",
        "»",
        "(",
        ")",
        "صورة ",
        "٣",
        "\u{ad}",
        "register",
        "comments ",
        "views ",
        "Photo",
        "A boat leaves the harbour at dawn.",
        "the boats of the northern quay leave the harbour at dawn for the first",
    ];
    let mut sequence = Sequence(13);
    for _ in 0..400 {
        let page: String = (0..80).map(|_| pieces[sequence.below(pieces.len())]).collect();
        assert_accounted(&page);
    }
}
