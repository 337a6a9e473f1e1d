use super::*;

fn story(n: u8) -> StoryId {
    StoryId::new(Moment::from_micros(0), [n; 10])
}

fn notice(term: &str, variants: &[&str], text: &str) -> Notice {
    Notice {
        id: NoticeId::new(Moment::from_micros(0), [7; 10]),
        term: term.to_owned(),
        variants: variants.iter().map(|variant| (*variant).to_owned()).collect(),
        text: text.to_owned(),
        language: None,
        story: None,
        mention: Mention::First,
        from: None,
        until: None,
    }
}

fn daesh() -> Notice {
    notice(
        "Daesh",
        &["IS", "ISIS", "Islamic State", "Islamic State group", "داعش"],
        "Daesh (also known as IS) is banned",
    )
}

const NOW: Moment = Moment::from_micros(1_000_000);

/// The text with its marks written in brackets.
fn marked(notices: &[Notice], text: &str) -> String {
    written(&NoticeMarker::new(notices, story(1), "en", NOW).mark(text, Foot::Foot))
}

fn written(spans: &[Span]) -> String {
    let piece = |span: &Span| match span {
        Span::Text(text) => text.clone(),
        Span::Mark(mark) => format!("[{}{}]", mark.sign, mark.reference),
    };
    spans.iter().map(piece).collect()
}

#[test]
fn marks_the_first_mention_as_a_whole_word_and_drops_typed_marks() {
    let rules = [daesh()];
    assert_eq!(
        marked(&rules, "war against Daesh* and Daesh** again"),
        "war against Daesh[*1] and Daesh again"
    );
    assert_eq!(marked(&rules, "Daeshists and Undaesh"), "Daeshists and Undaesh");
    assert_eq!(marked(&rules, "Daesh's men"), "Daesh[*1]'s men");
    assert_eq!(marked(&rules, "daesh-linked"), "daesh[*1]-linked");
}

#[test]
fn an_all_capital_variant_matches_in_exact_case_only() {
    let rules = [daesh()];
    assert_eq!(marked(&rules, "this is where isis blooms"), "this is where isis blooms");
    assert_eq!(marked(&rules, "this is IS"), "this is IS[*1]");
    assert_eq!(marked(&rules, "the ISLAMIC state"), "the ISLAMIC state[*1]");
}

#[test]
fn the_longest_variant_wins() {
    assert_eq!(marked(&[daesh()], "the Islamic State group says"), "the Islamic State group[*1] says");
    let other = notice("Islamic State Khorasan", &[], "Another");
    let rules = [daesh(), other];
    let mut marker = NoticeMarker::new(&rules, story(1), "en", NOW);
    let _ = marker.mark("Islamic State Khorasan", Foot::Foot);
    assert_eq!(marker.footnotes()[0].notice, 1);
}

#[test]
fn several_notices_get_their_signs_in_order_of_mention() {
    let rules = [daesh(), notice("Taliban", &[], "The Taliban are"), notice("Meta", &[], "Meta is")];
    let mut marker = NoticeMarker::new(&rules, story(1), "en", NOW);
    assert_eq!(written(&marker.mark("Meta and", Foot::Foot)), "Meta[*1] and");
    assert_eq!(written(&marker.mark("Taliban, Daesh, Meta", Foot::Foot)), "Taliban[**1], Daesh[***1], Meta");
    let notes: Vec<_> = marker.footnotes().into_iter().map(|note| (note.sign, note.term)).collect();
    let expected = [("*", "Meta"), ("**", "Taliban"), ("***", "Daesh")];
    assert_eq!(notes, expected.map(|(sign, term)| (sign.to_owned(), term.to_owned())));
}

#[test]
fn every_mention_is_marked_where_the_rule_says_so() {
    let rules = [Notice { mention: Mention::Every, ..daesh() }];
    let mut marker = NoticeMarker::new(&rules, story(1), "en", NOW);
    assert_eq!(written(&marker.mark("Daesh, IS*", Foot::Foot)), "Daesh[*1], IS[*2]");
    assert_eq!(marker.footnotes()[0].references, 2);
}

#[test]
fn without_a_foot_marks_are_left_out_and_nothing_is_counted() {
    let rules = [daesh()];
    let mut marker = NoticeMarker::new(&rules, story(1), "en", NOW);
    assert_eq!(marker.mark("against Daesh* now", Foot::NoFoot), [Span::Text("against Daesh now".to_owned())]);
    assert_eq!(marker.footnotes(), []);
    assert_eq!(written(&marker.mark("Daesh", Foot::Foot)), "Daesh[*1]");
}

#[test]
fn a_note_carries_no_typed_mark_and_its_terms_are_not_marked() {
    let rules = [Notice { text: "* Daesh (ISIS) is banned".to_owned(), ..daesh() }];
    let mut marker = NoticeMarker::new(&rules, story(1), "en", NOW);
    let _ = marker.mark("Daesh", Foot::Foot);
    let notes = marker.footnotes();
    assert_eq!((notes[0].text.as_str(), notes[0].references), ("Daesh (ISIS) is banned", 1));
}

#[test]
fn a_rule_holds_in_its_language_story_and_time_only() {
    let at = |rule: Notice| rule.holds(story(1), "en-GB", NOW);
    assert!(at(daesh()));
    assert!(at(Notice { language: Some("en".into()), ..daesh() }));
    assert!(!at(Notice { language: Some("e".into()), ..daesh() }));
    assert!(!at(Notice { language: Some("ru".into()), ..daesh() }));
    assert!(at(Notice { story: Some(story(1)), ..daesh() }));
    assert!(!at(Notice { story: Some(story(2)), ..daesh() }));
    assert!(at(Notice { from: Some(NOW), ..daesh() }));
    assert!(!at(Notice { from: Some(NOW.plus_seconds(1)), ..daesh() }));
    assert!(!at(Notice { until: Some(NOW), ..daesh() }));
    let rules = [Notice { language: Some("ru".into()), ..daesh() }];
    assert_eq!(marked(&rules, "Daesh*"), "Daesh*", "a typed mark stays when its rule is not printed");
}

#[test]
fn terms_of_other_scripts_are_whole_words_too() {
    let rules = [daesh(), notice("Талибан", &["Талибана"], "Т."), notice("オウム", &[], "O.")];
    assert_eq!(marked(&rules, "مقاتلو داعش في"), "مقاتلو داعش[*1] في");
    assert_eq!(marked(&rules, "وداعش"), "وداعش");
    assert_eq!(marked(&rules, "دَاعِش"), "دَاعِش[*1]");
    assert_eq!(marked(&rules, "члены ТАЛИБАНА и Талибанами"), "члены ТАЛИБАНА[*1] и Талибанами");
    assert_eq!(marked(&rules, "旧オウム真理教"), "旧オウム[*1]真理教");
}

#[test]
fn accents_match_however_they_were_typed() {
    let rules = [notice("Al-Qaïda", &[], "Q")];
    assert_eq!(marked(&rules, "al\u{2011}Qai\u{308}da and"), "al\u{2011}Qai\u{308}da[*1] and");
    assert_eq!(marked(&rules, "al-Qaïd\u{ad}a"), "al-Qaïd\u{ad}a[*1]");
}

#[test]
fn marking_loses_no_text() {
    let rules = [daesh(), notice("", &[" "], "empty terms match nothing")];
    for text in ["", " ", "*", "\u{301}Daesh\u{301} IS\u{200d}IS", "Daesh Daesh* *Daesh*", "\u{ad}\u{640}IS"]
    {
        let spans = NoticeMarker::new(&rules, story(1), "en", NOW).mark(text, Foot::Foot);
        let kept: String =
            spans.iter().map(|span| if let Span::Text(text) = span { text.as_str() } else { "" }).collect();
        assert_eq!(kept.replace('*', ""), text.replace('*', ""));
    }
}

#[test]
fn tells_whether_a_text_mentions_the_term() {
    assert!(daesh().is_mentioned_in("the islamic state"));
    assert!(!daesh().is_mentioned_in("the islands"));
}
