//! Pages that nobody would make in good faith (R40-R43): no panic, limits hold, the work grows with the length.

use super::super::effort::spent_by;
use super::super::{Fate, LimitReached, MAX_SLIDES, read};

/// Pages of about `size` bytes that each lean on another part of the reading.
fn pages(size: usize) -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(size / piece.len());
    let numbered = |make: &dyn Fn(usize) -> String| {
        let mut page = String::new();
        for at in 0.. {
            let line = make(at);
            if page.len() + line.len() > size {
                break;
            }
            page.push_str(&line);
        }
        page
    };
    vec![
        ("nothing", String::new()),
        ("one line", fill("word ")),
        ("one word", fill("w")),
        ("NULs", fill("\0")),
        ("NULs in lines", fill("\0\n")),
        ("bullets only", fill("•\n")),
        ("bullets in one line", fill("•")),
        ("bulleted letters", fill("• a\n")),
        ("bulleted captions", fill("• A view of the harbour, in Kiel, Germany, 2 January 2021.\n")),
        ("asterisks", fill("* a* b\n")),
        ("asterisks in one line", fill("a* ")),
        ("notes", fill("* Harbour (port) is a place\nThe harbour* lies in the north of the town.\n")),
        ("numbers", numbered(&|at| format!("{at}. A view of the harbour\n"))),
        ("numbers of a whole", numbered(&|at| format!("Photo {at} of 999\nA view of the harbour\n"))),
        (
            "a style for each line",
            numbered(&|at| {
                format!(
                    "{}{} a view of some harbour\n",
                    '\u{2190}',
                    char::from_u32(0x2190 + (at % 900) as u32).unwrap_or('→')
                )
            }),
        ),
        ("wrapped forever", fill("the boats of the harbour lie in rows and rows of\n")),
        (
            "captions for ever",
            fill(
                "• the boats of the harbour lie in rows and rows\nof boats and boats and boats and boats and boats\n",
            ),
        ),
        ("dates", fill("2 January 2021 ")),
        ("dated lines", fill("The boats of the harbour lie in rows, in Kiel, Germany, 2 January 2021.\n")),
        ("times", fill("15:32 GMT 2 January 2021\n")),
        ("counts", fill("1 2\n")),
        ("digits", fill("9")),
        ("commas", fill("a, ")),
        ("tags", fill("a, b, c\n")),
        ("tag labels", fill("Tags:\nx\n")),
        ("carriage returns", fill("a\r")),
        ("right to left marks", fill("\u{200f}\u{202e}\u{2066}")),
        ("replacement signs", fill("\u{fffd} ")),
        ("combining signs", fill("e\u{301}\u{301}\u{301}")),
        ("quotes", fill("«»*")),
        ("register", fill("register or sign in | ")),
    ]
}

#[test]
fn hostile_pages_are_read_within_their_limits() {
    for (name, page) in pages(60_000) {
        let found = read(&page);
        let texts = found.slides.iter().map(|slide| &slide.caption).chain(&found.body).chain(&found.lede);
        let texts =
            texts.chain(&found.headline).chain(&found.tags).chain(found.lines.iter().map(|line| &line.text));
        for text in texts {
            assert!(text.chars().count() <= 10_000, "{name}");
            assert!(!text.contains('\0'), "{name}");
        }
        assert!(found.slides.len() <= MAX_SLIDES, "{name}");
        assert!(found.lines.len() <= 20_000, "{name}");
    }
}

#[test]
fn the_work_grows_no_faster_than_the_page() {
    for ((name, short), (_, long)) in pages(10_000).into_iter().zip(pages(40_000)) {
        let of_short = spent_by(|| drop(read(&short)));
        let of_long = spent_by(|| drop(read(&long)));
        assert!(of_long <= of_short * 5 + 1_000, "{name}: {of_short} steps, then {of_long}");
        assert!(of_long <= 100 * 40_000, "{name}: {of_long} steps");
    }
}

#[test]
fn a_line_of_five_megabytes_is_cut_and_reported() {
    let page =
        format!("Headline of a page\n{}\n• A view of it all.\n• Another view of it.", "я ".repeat(1_700_000));
    let found = read(&page);
    assert_eq!(found.limits, [LimitReached::LineCut { number: 2 }]);
    assert_eq!(found.slides.len(), 2);
}

#[test]
fn slides_over_the_limit_are_kept_as_lines_and_reported() {
    let page = "• A view of the harbour at dawn.\n".repeat(MAX_SLIDES + 20);
    let found = read(&page);
    assert_eq!(found.slides.len(), MAX_SLIDES);
    assert_eq!(found.limits, [LimitReached::SlidesLeftOut { slides: 20 }]);
    let kept = found.lines.iter().filter(|line| line.fate == Fate::NotUnderstood).count();
    assert_eq!(kept, 20);
}

#[test]
fn a_wrapped_caption_over_the_limit_is_cut_and_reported() {
    let words =
        format!("• {}\n", "Wharf ".repeat(1_200)).repeat(1) + &format!("   {}\n", "wharf ".repeat(1_200));
    let found = read(&(words + "• Another view of the wharf.\n"));
    assert_eq!(found.limits, [LimitReached::TextCut { number: 1 }]);
    assert_eq!(found.slides[0].caption.chars().count(), 10_000);
}

#[test]
fn lines_over_the_limit_are_counted() {
    let found = read(&"A b\n".repeat(20_005));
    assert_eq!((found.lines.len(), found.unread_lines), (20_000, 5));
}
