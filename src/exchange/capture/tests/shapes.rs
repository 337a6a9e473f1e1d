//! Pages of shapes that the captures do not have.

use super::super::{Captured, Counters, Fate, Field, read};

fn captions(page: &Captured) -> Vec<&str> {
    page.slides.iter().map(|slide| slide.caption.as_str()).collect()
}

fn kept(page: &Captured) -> Vec<&str> {
    let lines = page.lines.iter().filter(|line| line.fate == Fate::NotUnderstood);
    lines.map(|line| line.text.as_str()).collect()
}

fn fate(page: &Captured, text: &str) -> Fate {
    page.lines.iter().find(|line| line.text == text).expect("the line is there").fate
}

const TWO: [&str; 2] = ["A boat leaves the harbour at dawn.", "Gulls follow the boat out to sea."];

#[test]
fn any_consistent_mark_makes_a_gallery() {
    for (first, second) in [
        ("•", "•"),
        ("◆ ", "◆ "),
        ("-", "-"),
        ("~", "~"),
        ("→", "→"),
        ("\u{f0b7}", "\u{f0b7}"),
        ("1.", "2."),
        ("(1)", "(2)"),
        ("1)", "2)"),
        ("Photo 1:", "Photo 2:"),
        ("1/2", "2/2"),
        ("Bild 1 von 2 –", "Bild 2 von 2 –"),
        ("١.", "٢."),
    ] {
        let page = read(&format!("Morning in the harbour\n{first} {}\n{second} {}\n", TWO[0], TWO[1]));
        assert_eq!(captions(&page), TWO, "{first}");
        assert_eq!(page.headline.as_deref(), Some("Morning in the harbour"), "{first}");
    }
}

#[test]
fn marks_on_lines_of_their_own_take_the_caption_below() {
    for (first, second) in
        [("Photo 1 of 2", "Photo 2 of 2"), ("1 / 2", "2 / 2"), ("Photo 1", "Photo 2"), ("•", "•")]
    {
        for gap in ["\n", "\n\n"] {
            let page = read(&format!("Harbour\n\n{first}{gap}{}\n\n{second}{gap}{}\n", TWO[0], TWO[1]));
            if gap == "\n" || first.contains('2') || first.contains("1 ") {
                assert_eq!(captions(&page), TWO, "{first} {gap:?}");
            }
        }
    }
}

#[test]
fn numbers_under_their_captions_take_the_caption_above() {
    let page = read(&format!(
        "Morning in the harbour\n\n{}\nPhoto 1 of 2\n\n{}\nPhoto 2 of 2\n\nAll boats were back by noon.",
        TWO[0], TWO[1]
    ));
    assert_eq!(captions(&page), TWO);
    assert_eq!(page.lede.as_deref(), Some("All boats were back by noon."));
    assert_eq!(fate(&page, "Photo 1 of 2"), Fate::Field(Field::SlideNumber));
}

#[test]
fn the_gallery_is_the_longest_run_and_not_the_menu() {
    let page = read(&format!(
        "• Home\n• World\n• Sport\n\nMorning in the harbour\n\n• {}\n• {}\n\n• Next story\n",
        TWO[0], TWO[1]
    ));
    assert_eq!(captions(&page), TWO);
    assert_eq!(kept(&page), ["• Home", "• World", "• Sport", "• Next story"]);
}

#[test]
fn a_line_between_slides_does_not_end_the_gallery() {
    let page = read(&format!("Harbour news\n\n- {}\n\nAdvertisement\n\n- {}\n", TWO[0], TWO[1]));
    assert_eq!(captions(&page), TWO);
    assert_eq!(kept(&page), ["Advertisement"]);
}

#[test]
fn a_credit_under_a_caption_stays_with_it() {
    let page = read(&format!(
        "Harbour news\n\n• {}\n(Photo by Ada Holm / NN)\n• {}\nFoto: Ada Holm/NN\nThe boats were back by noon.",
        TWO[0], TWO[1]
    ));
    assert_eq!(
        captions(&page),
        [
            "A boat leaves the harbour at dawn. (Photo by Ada Holm / NN)",
            "Gulls follow the boat out to sea. Foto: Ada Holm/NN",
        ]
    );
    assert_eq!(page.lede.as_deref(), Some("The boats were back by noon."));
}

#[test]
fn captions_under_marked_titles_go_with_them() {
    let long = "The boats of the northern quay leave the harbour at dawn for the first time this year.";
    let page = read(&format!(
        "Harbour news\n\n• First boats\n{long}\n• Gulls\n{}\n• Noon\n{}\nThe boats were back by noon.",
        TWO[1], TWO[0]
    ));
    assert_eq!(
        captions(&page),
        [format!("First boats {long}"), format!("Gulls {}", TWO[1]), format!("Noon {}", TWO[0])]
    );
    assert_eq!(page.lede.as_deref(), Some("The boats were back by noon."));
}

#[test]
fn a_cover_caption_ends_the_gallery_even_before_another_list() {
    let page = read(&format!(
        "Harbour news\n• {}\n• {}\n{}\nThe boats were back by noon.\n• More news\n",
        TWO[0], TWO[1], TWO[0]
    ));
    assert_eq!(captions(&page), TWO);
    assert_eq!((page.cover_slide, page.lede.as_deref()), (Some(0), Some("The boats were back by noon.")));
}

#[test]
fn captions_without_marks_are_known_by_their_dates() {
    let lines = [
        "A boat leaves the harbour at dawn, in Kiel, Germany, 2 January 2021.",
        "Gulls follow the boat out to the open sea, 3 January 2021.",
        "A crane unloads the catch of the night, in Kiel, Germany, 4 January 2021.",
    ];
    let page =
        read(&format!("Morning in the harbour\n\n{}\n\nAll boats were back by noon.", lines.join("\n\n")));
    assert_eq!(captions(&page), lines);
    assert_eq!(page.slides[0].place.as_deref(), Some("Kiel, Germany"));
    assert_eq!(page.lede.as_deref(), Some("All boats were back by noon."));
}

#[test]
fn a_page_without_a_gallery_keeps_its_words() {
    let page = read(
        "Photo\nMorning in the harbour\n3 8\nThe boats left at dawn.\n\nThey were back by noon.\n\nBoats, Sea",
    );
    assert_eq!(page.headline.as_deref(), Some("Morning in the harbour"));
    assert_eq!(page.section.as_deref(), Some("Photo"));
    assert_eq!(page.lede.as_deref(), Some("The boats left at dawn."));
    assert_eq!(page.body, ["They were back by noon."]);
    assert_eq!(page.tags, ["Boats", "Sea"]);
    assert!(page.slides.is_empty());
}

#[test]
fn a_story_above_its_gallery_is_read_too() {
    let page = read(&format!(
        "Morning in the harbour\n\nThe boats left at dawn.\n\nThey were back by noon.\n\n• {}\n• {}\n\nBoats, Sea",
        TWO[0], TWO[1]
    ));
    assert_eq!(page.lede.as_deref(), Some("The boats left at dawn."));
    assert_eq!(page.body, ["They were back by noon."]);
    assert_eq!(page.tags, ["Boats", "Sea"]);
}

#[test]
fn the_cover_caption_may_stand_above_the_gallery() {
    let page = read(&format!("Morning in the harbour\n\n{}\n\n• {}\n• {}\n", TWO[1], TWO[0], TWO[1]));
    assert_eq!(page.cover_slide, Some(1));
    assert_eq!(page.lede, None);
}

#[test]
fn wrapped_captions_and_paragraphs_are_whole_again() {
    let page = read(
        "Morning in the harbour\n\n\
         - A boat leaves the harbour at dawn while most\n  of the town is still asleep.\n\
         - Gulls follow the boat out to sea and come back\n  only when it has left the bay.\n\
         A boat leaves the harbour at dawn while most\nof the town is still asleep.\n\
         The boats left at dawn and the market opened on\ntime. Nobody had thought that this could still\nbe done in winter.\n\n\
         They were back by noon, with more than they had\n- as their crews said - caught in all of March.\n",
    );
    assert_eq!(
        captions(&page),
        [
            "A boat leaves the harbour at dawn while most of the town is still asleep.",
            "Gulls follow the boat out to sea and come back only when it has left the bay.",
        ]
    );
    assert_eq!(page.cover_slide, Some(0));
    assert_eq!(page.lede.as_deref().map(|lede| lede.ends_with("be done in winter.")), Some(true));
    assert_eq!(
        page.body,
        ["They were back by noon, with more than they had - as their crews said - caught in all of March."]
    );
}

#[test]
fn a_site_name_at_the_top_is_not_a_section_and_a_repeated_headline_is_no_headline() {
    let page = read(&format!(
        "Nordlicht\nMorning in the harbour - Nordlicht\n\nMorning in the harbour\n• {}\n• {}",
        TWO[0], TWO[1]
    ));
    assert_eq!((page.section.as_deref(), page.headline.as_deref()), (None, Some("Morning in the harbour")));
}

#[test]
fn a_section_in_any_words_stands_between_the_date_and_the_headline() {
    let page =
        read(&format!("2021-01-03\nLeben am Meer\nMorgens im Hafen der Stadt\n• {}\n• {}", TWO[0], TWO[1]));
    assert_eq!(page.section.as_deref(), Some("Leben am Meer"));
}

#[test]
fn a_site_name_above_the_link_to_register_is_no_section() {
    let page = read(&format!("Harbour Gazette\nSign in\nMorning in the harbour\n• {}\n• {}", TWO[0], TWO[1]));
    assert_eq!((page.section.as_deref(), kept(&page)), (None, vec!["Harbour Gazette"]));
}

#[test]
fn a_headline_shorter_than_the_sites_motto_is_found_below_the_section() {
    let page = read(&format!(
        "The Harbour Gazette: all the news of the coast\nPhoto\nHerring is back\n• {}\n• {}",
        TWO[0], TWO[1]
    ));
    assert_eq!(page.headline.as_deref(), Some("Herring is back"));
}

#[test]
fn date_and_time_may_stand_on_two_lines() {
    for when in ["Sunday, January 3, 2021\n3:32 p.m.", "15:32 GMT\n3 January 2021"] {
        let page = read(&format!("Morning in the harbour\n{when}\n• {}\n• {}", TWO[0], TWO[1]));
        let shown = page.shown.map(|shown| shown.at.to_string());
        assert_eq!((shown.as_deref(), page.machine_date), (Some("2021-01-03T15:32:00Z"), None), "{when}");
        assert!(kept(&page).is_empty(), "{when}");
    }
}

#[test]
fn counts_other_than_two_are_not_understood() {
    let page = read(&format!("Morning in the harbour\n3 4 5\n• {}\n• {}", TWO[0], TWO[1]));
    assert_eq!((page.counters, kept(&page)), (None, vec!["3 4 5"]));
}

#[test]
fn two_numbers_on_two_lines_are_the_counts_and_one_or_three_are_not() {
    let page = |numbers: &str| {
        read(&format!("Morning in the harbour\n\n{numbers}\n\n• {}\n• {}", TWO[0], TWO[1])).counters
    };
    assert_eq!(page("3\n1.200"), Some(Counters { comments: Some(3), views: Some(1200) }));
    assert_eq!(page("3"), None);
    assert_eq!(page("3\n4\n5"), None);
    assert_eq!(page("3\nPhoto\n5"), None);
}

#[test]
fn named_counts_on_two_lines_are_one_pair() {
    let page = read(&format!("Morning in the harbour\n12 views\n3 comments\n• {}\n• {}", TWO[0], TWO[1]));
    assert_eq!(page.counters, Some(Counters { comments: Some(3), views: Some(12) }));
}

#[test]
fn a_notice_at_the_end_of_a_gallery_of_asterisks_is_no_slide() {
    let page = read(
        "Morning in the harbour\n\n* A boat of Nordlicht* leaves the harbour.\n* Gulls follow the boat out to sea.\n\n* Nordlicht (also Northern Light) is a company\n",
    );
    assert_eq!(captions(&page), ["A boat of Nordlicht leaves the harbour.", TWO[1]]);
    assert_eq!(page.notices[0].term, "Nordlicht");
}

#[test]
fn a_mark_without_a_notice_stays_in_the_text() {
    let page = read(
        "Morning in the harbour\n• A boat of Nordlicht* leaves the harbour.\n• Gulls follow the boat.\n\n** Prices include tax\n",
    );
    assert_eq!(page.slides[0].caption, "A boat of Nordlicht* leaves the harbour.");
    assert_eq!(kept(&page), ["** Prices include tax"]);
}

#[test]
fn equal_captions_are_reported_in_groups() {
    let page = read(&format!("Harbour\n• {0}\n• {1}\n• {0}\n• {1}\n• Boats.\n", TWO[0], TWO[1]));
    assert_eq!(page.duplicate_captions, [vec![0, 2], vec![1, 3]]);
}

#[test]
fn a_shown_time_is_always_unconfirmed() {
    let page = read("15:32 GMT 3 January 2021\nMorning in the harbour");
    assert_eq!(
        page.shown.map(|shown| (shown.at.to_string(), shown.unconfirmed)),
        Some(("2021-01-03T15:32:00Z".into(), true))
    );
}

#[test]
fn an_empty_page_is_an_empty_draft() {
    let page = read(" \n\t\n");
    assert_eq!((page.lines.len(), page.headline, page.language), (0, None, "und"));
}
