//! Which language and which way each text of a story is marked with (R43).

use super::*;

#[test]
fn isolates_outside_texts_and_names_another_language() {
    let tree = page(&samples::arabic_story());
    let html = tree.all("html")[0];
    assert_eq!((html.attribute("lang"), html.attribute("dir")), ("ar", "rtl"));
    assert_eq!(tongues(figures(&tree)[2].classed("caption")), [("en", "ltr")]);
    assert_eq!(texts(figures(&tree)[1].all("h3")), ["الصورة 2 من 3"]);
    assert_eq!(tree.classed("byline")[0].text(), "بقلم ليلى حداد، NASA");
}

#[test]
fn every_text_of_a_story_runs_its_way_whatever_it_begins_with() {
    let mut story = samples::arabic_story();
    story.dateline = Some("NASA، 3 يناير".to_owned());
    let slide = &mut story.slides[0];
    slide.language = Some("ar".to_owned());
    slide.long_description = Some("NASA نشرت الصورة.".to_owned());
    let tree = page(&story);
    let own = figures(&tree)[0];
    let texts =
        [tree.all("h1"), tree.classed("dateline"), own.classed("caption"), own.all("details")[0].all("p")];
    let blocks = [tree.classed("lede")[0].all("p"), tree.by_id("text").unwrap().all("p")];
    for text in texts.into_iter().chain(blocks).flat_map(tongues) {
        assert_eq!(text, ("", ""));
    }
}

#[test]
fn a_note_says_which_way_it_runs_where_that_is_not_the_pages() {
    let mut story = samples::arabic_story();
    story.lede = "ISIS في بغداد.".to_owned();
    let note = |text: &str| {
        let notices = [Notice { text: text.to_owned(), ..samples::notice() }];
        let tree = printed(&samples::site("ar"), &story, &Pictures::new(), &notices);
        tree.by_id("note-1").unwrap().all("p")[0].attribute("dir").to_owned()
    };
    assert_eq!(note("ISIS تنظيم محظور."), "");
    assert_eq!(note("ISIS is banned."), "ltr");
}

#[test]
fn a_text_of_the_house_is_in_the_houses_language_wherever_it_stands() {
    let mut story = samples::arabic_story();
    story.language = "fa".to_owned();
    let slide = &mut story.slides[2];
    slide.language = Some("de".to_owned());
    slide.alt = None;
    slide.caption = "Daesh ist fort.".to_owned();
    let tree = printed(&samples::site("en"), &story, &samples::pictures(&story), &[samples::notice()]);
    let figure = figures(&tree)[2];
    assert_eq!(figure.all("img")[0].attribute("alt"), "Photo 3 of 3, see caption");
    assert_eq!(tongues(figure.all("img")), [("en", "ltr")]);
    assert_eq!(tongues(figure.classed("caption")), [("de", "ltr")]);
    assert_eq!(figure.classed("mark")[0].attribute("lang"), "en");
    assert_eq!(tongues(tree.classed("back")), [("en", "ltr")]);
    let written = figures(&tree)[0].all("img")[0];
    assert_eq!((written.attribute("alt"), written.attribute("lang")), ("Sample picture number 0", ""));
}

#[test]
fn a_language_without_a_locale_gets_the_sites_texts_marked_as_such() {
    let mut story = samples::arabic_story();
    story.language = "fa".to_owned();
    let tree = page(&story);
    let html = tree.all("html")[0];
    assert_eq!((html.attribute("lang"), html.attribute("dir")), ("fa", "rtl"));
    let heading = figures(&tree)[0].all("h3")[0];
    assert_eq!(
        (heading.text().as_str(), heading.attribute("lang"), heading.attribute("dir")),
        ("Photo 1 of 3", "en", "ltr")
    );
}

#[test]
fn the_direction_is_the_records_whatever_the_language_usually_does() {
    let mut story = samples::story(1);
    story.direction = Direction::Rtl;
    assert_eq!(page(&story).all("html")[0].attribute("dir"), "rtl");
}
