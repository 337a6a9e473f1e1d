use newsroom::id::SlideId;
use newsroom::notice::Notice;
use newsroom::published::ReaderStatus;
use newsroom::story::Direction;

use super::*;
use crate::pages::assets::{Ground, site_css};
use crate::pages::dom::Node;
use crate::pages::samples::{self, Pictures};

mod languages;

fn page(story: &PublishedStory) -> Node {
    printed(&samples::site("en"), story, &samples::pictures(story), &[])
}

fn printed(site: &Site, story: &PublishedStory, pictures: &Pictures, notices: &[Notice]) -> Node {
    let page = print(site, &samples::input(story, pictures, notices)).unwrap();
    let tree = Node::parse(&page.body);
    tree.check_page();
    tree
}

/// The figures of the row, without the cover.
fn figures(tree: &Node) -> Vec<&Node> {
    tree.by_id("photos").map(|photos| photos.all("figure")).unwrap_or_default()
}

/// `lang` and `dir` of each.
fn tongues(nodes: Vec<&Node>) -> Vec<(&str, &str)> {
    nodes.into_iter().map(|node| (node.attribute("lang"), node.attribute("dir"))).collect()
}

fn texts(nodes: Vec<&Node>) -> Vec<String> {
    nodes.into_iter().map(Node::text).collect()
}

#[test]
fn shows_every_slide_in_order_with_its_own_caption_and_credit() {
    let story = samples::story(15);
    let tree = page(&story);
    let items = tree.by_id("photos").unwrap().all("ol")[0].children.iter();
    let items: Vec<&Node> = items
        .filter_map(|c| if let crate::pages::dom::Child::Element(n) = c { Some(n) } else { None })
        .collect();
    assert_eq!(items.len(), 15);
    for ((item, slide), number) in items.iter().zip(&story.slides).zip(1..) {
        assert_eq!(item.attribute("id"), slide.id.anchor());
        let figure = item.all("figure")[0];
        assert_eq!(texts(figure.all("h3")), [format!("Photo {number} of 15")]);
        assert_eq!(figure.all("img").len(), 1);
        let caption = figure.all("figcaption")[0];
        assert_eq!(texts(caption.classed("caption")), std::slice::from_ref(&slide.caption));
        assert_eq!(caption.classed("credit")[0].all("bdi")[0].text(), slide.credit);
    }
}

#[test]
fn the_cover_stands_at_the_head_and_in_its_place_of_the_row() {
    let mut story = samples::story(6);
    story.cover = story.slides[3].id.clone();
    let tree = page(&story);
    let cover = tree.by_id("cover").unwrap();
    assert_eq!(cover.classed("caption")[0].text(), story.slides[3].caption);
    assert_eq!(cover.all("bdi").last().unwrap().text(), story.slides[3].credit);
    assert_eq!(figures(&tree).len(), 6);
    assert_eq!(cover.all("img")[0].attribute("src"), figures(&tree)[3].all("img")[0].attribute("src"));
}

#[test]
fn a_cover_that_is_no_slide_gives_way_to_the_first() {
    let mut story = samples::story(2);
    story.cover = SlideId::new([31; 5]);
    assert_eq!(page(&story).by_id("cover").unwrap().classed("caption")[0].text(), story.slides[0].caption);
}

#[test]
fn a_missing_alt_names_the_place_and_never_the_caption() {
    let mut story = samples::story(15);
    story.slides[3].alt = None;
    story.slides[4].alt = Some("  ".to_owned());
    let tree = page(&story);
    let alt = |place: usize| figures(&tree)[place].all("img")[0].attribute("alt").to_owned();
    assert_eq!(alt(3), "Photo 4 of 15, see caption");
    assert_eq!(alt(4), "Photo 5 of 15, see caption");
    assert_eq!(alt(5), "Sample picture number 5");
}

#[test]
fn prints_the_time_as_a_machine_date_and_as_a_line_in_utc() {
    let tree = page(&samples::story(1));
    let times: Vec<(&str, String)> =
        tree.all("time").iter().map(|t| (t.attribute("datetime"), t.text())).collect();
    assert!(times.contains(&("2021-01-03", "2021-01-03".to_owned())), "{times:?}");
    assert!(times.contains(&("2021-01-03T15:32:00Z", "15:32 GMT 03 January 2021".to_owned())), "{times:?}");
}

#[test]
fn says_when_the_time_is_unconfirmed() {
    let mut story = samples::story(1);
    assert!(!page(&story).text().contains("not confirmed"));
    story.shown.unconfirmed = true;
    assert!(page(&story).text().contains("15:32 GMT 03 January 2021 (time not confirmed)"));
}

#[test]
fn names_its_counters_with_the_right_plural() {
    let story = samples::story(1);
    let pictures = samples::pictures(&story);
    let facts = |comments, views| {
        let input = StoryInput {
            counters: Some(Counters { comments, views }),
            ..samples::input(&story, &pictures, &[])
        };
        Node::parse(&print(&samples::site("en"), &input).unwrap().body).classed("facts")[0].text()
    };
    assert!(facts(0, 110).ends_with("0 comments 110 views"));
    assert!(facts(1, 1_234_567).ends_with("1 comment 1,234,567 views"));
}

#[test]
fn leaves_out_counters_that_are_not_handed_in() {
    let story = samples::story(1);
    let pictures = samples::pictures(&story);
    let input = StoryInput { counters: None, ..samples::input(&story, &pictures, &[]) };
    let tree = Node::parse(&print(&samples::site("en"), &input).unwrap().body);
    assert_eq!(tree.classed("facts")[0].text(), "1 photo Text Light edition");
}

#[test]
fn skips_to_text_and_photos() {
    let tree = page(&samples::story(15));
    let links: Vec<(&str, String)> =
        tree.classed("skip")[0].all("a").iter().map(|a| (a.attribute("href"), a.text())).collect();
    assert_eq!(links, [("#text", "Text".to_owned()), ("#photos", "Photos (15)".to_owned())]);
}

#[test]
fn shows_place_date_status_and_long_description_beside_their_own_picture() {
    let mut story = samples::story(8);
    story.slides[4].statuses = vec![ReaderStatus::Synthetic];
    let tree = page(&story);
    let figures = figures(&tree);
    assert_eq!(figures[0].classed("where")[0].text(), "Picos de Europa, Spain · 2 January 2021");
    assert_eq!(figures[2].all("time")[0].attribute("datetime"), "1865");
    assert_eq!(texts(figures[5].classed("statuses")), ["File picture Handout"]);
    assert_eq!(texts(figures[4].classed("statuses")), ["Made or altered with generative AI"]);
    let details = figures[7].all("details")[0];
    assert!(details.attributes.contains_key("open"), "a long description is not hidden");
    assert_eq!(details.all("summary")[0].text(), "Description of photo 8");
    assert_eq!(texts(details.all("p")).len(), 2);
}

#[test]
fn marks_a_notice_in_reading_order_and_links_it_both_ways() {
    let mut story = samples::story(3);
    story.slides[1].caption = "Fighters of Daesh* leave.".to_owned();
    let notices = [samples::notice()];
    let site = samples::site("en");
    let tree = printed(&site, &story, &samples::pictures(&story), &notices);
    let marks = tree.classed("mark");
    let anchors: Vec<&str> = marks.iter().map(|mark| mark.attribute("id")).collect();
    assert_eq!(anchors, ["mark-1-1", "mark-1-2", "mark-1-3"]);
    assert!(marks.iter().all(|mark| mark.text() == "*" && mark.attribute("aria-label") == "Note on Daesh"));
    assert!(marks.iter().all(|mark| mark.attribute("href") == "#note-1"));
    assert_eq!(figures(&tree)[1].classed("caption")[0].text(), "Fighters of Daesh* leave.");
    assert!(tree.by_id("text").unwrap().text().contains("Daesh* destroyed"));
    let note = tree.by_id("note-1").unwrap();
    assert!(note.text().starts_with("* Daesh (also known as ISIS/ISIL/IS/Islamic State) is"));
    let backs: Vec<&str> = note.classed("back").iter().map(|back| back.attribute("href")).collect();
    assert_eq!(backs, ["#mark-1-1", "#mark-1-2", "#mark-1-3"]);
    let page = print(&site, &samples::input(&story, &Pictures::new(), &notices)).unwrap();
    assert!(page.keys.contains(&PageKey::Term(notices[0].id)));
}

#[test]
fn a_mark_stays_out_of_links_titles_and_descriptions() {
    let mut story = samples::story(1);
    story.body = "See [what Daesh did](https://archive.example/).".to_owned();
    story.lede = "Daesh* is gone.".to_owned();
    let tree = printed(&samples::site("en"), &story, &samples::pictures(&story), &[samples::notice()]);
    assert_eq!(tree.classed("mark").len(), 1);
    let described =
        tree.all("meta").into_iter().find(|meta| meta.attribute("name") == "description").unwrap();
    assert_eq!(described.attribute("content"), "Daesh is gone.");
}

#[test]
fn shows_everything_from_outside_as_text() {
    let nasty = "<script>alert(1)</script> \"'&amp; <img src=x onerror=alert(1)> \u{202e}evil\u{0}\u{7}";
    let mut story = samples::story(2);
    for text in
        [&mut story.headline, &mut story.lede, &mut story.section, &mut story.body, &mut story.language]
    {
        *text = nasty.to_owned();
    }
    story.dateline = Some(nasty.to_owned());
    story.bylines = vec![nasty.to_owned()];
    story.tags = vec![nasty.to_owned()];
    let slide = &mut story.slides[0];
    slide.caption = nasty.to_owned();
    slide.credit = nasty.to_owned();
    slide.alt = Some(nasty.to_owned());
    slide.long_description = Some(nasty.to_owned());
    slide.place = Some(nasty.to_owned());
    slide.date = Some(nasty.to_owned());
    slide.language = Some(nasty.to_owned());
    let mut notice = samples::notice();
    notice.term = "evil".to_owned();
    notice.text = nasty.to_owned();
    let tree = printed(&samples::site("en"), &story, &samples::pictures(&story), &[notice]);
    let expected = "<script>alert(1)</script> \"'&amp; <img src=x onerror=alert(1)> \u{202e}evil";
    assert_eq!(tree.all("h1")[0].text(), expected);
    assert_eq!(figures(&tree)[0].all("img")[0].attribute("alt"), expected);
    assert_eq!(figures(&tree)[0].classed("credit")[0].all("bdi")[0].text(), expected);
    assert_eq!(tree.all("img").len(), 3, "the body adds no picture");
}

#[test]
fn a_preview_has_the_alt_that_the_desk_wrote_or_none() {
    let mut story = samples::story(2);
    let alt = |story: &PublishedStory| {
        let tree = page(story);
        let found = tree.all("meta").into_iter().find(|meta| meta.attribute("property") == "og:image:alt");
        found.map(|meta| meta.attribute("content").to_owned())
    };
    assert_eq!(alt(&story).as_deref(), Some("Sample picture number 0"));
    story.slides[0].alt = None;
    assert_eq!(alt(&story), None);
}

#[test]
fn a_story_without_pictures_shows_quiet_placeholders_and_no_broken_image() {
    let story = samples::story(4);
    let tree = printed(&samples::site("en"), &story, &Pictures::new(), &[]);
    assert_eq!(tree.all("img").len(), 0);
    for (figure, slide) in figures(&tree).iter().zip(&story.slides) {
        assert_eq!(texts(figure.classed("to-come")), ["Picture to come"]);
        assert_eq!(figure.classed("caption")[0].text(), slide.caption);
    }
}

#[test]
fn a_bare_story_prints_nothing_empty() {
    let mut story = samples::story(1);
    for text in [&mut story.lede, &mut story.body] {
        text.clear();
    }
    story.dateline = None;
    story.bylines.clear();
    story.tags.clear();
    let tree = page(&story);
    for node in tree.all("p").into_iter().chain(tree.all("ul")).chain(tree.all("section")) {
        assert!(!node.text().is_empty(), "{node:?}");
    }
    assert!(
        tree.by_id("text").is_none() && tree.classed("notes").is_empty() && tree.classed("tags").is_empty()
    );
}

#[test]
fn a_story_whose_slides_were_all_withdrawn_still_stands() {
    let mut story = samples::story(1);
    story.slides.clear();
    let tree = page(&story);
    assert!(tree.by_id("photos").is_none() && tree.by_id("cover").is_none());
    assert_eq!(texts(tree.classed("skip")[0].all("a")), ["Text"]);
}

#[test]
fn prints_a_hundred_slides_and_very_long_texts() {
    let mut story = samples::story(100);
    story.headline = "Überlänge 🎈 ".repeat(800);
    story.slides[99].caption = "Wort".repeat(2_500);
    let tree = page(&story);
    assert_eq!(figures(&tree).len(), 100);
    assert_eq!(figures(&tree)[99].classed("caption")[0].text().len(), 10_000);
}

#[test]
fn loads_the_cover_at_once_and_the_other_pictures_when_they_come_near() {
    let tree = page(&samples::story(3));
    let cover = tree.by_id("cover").unwrap().all("img")[0];
    assert_eq!((cover.attribute("fetchpriority"), cover.attribute("loading")), ("high", ""));
    for image in figures(&tree).iter().flat_map(|figure| figure.all("img")) {
        assert_eq!((image.attribute("loading"), image.attribute("decoding")), ("lazy", "async"));
    }
}

#[test]
fn a_picture_leads_to_its_largest_rendition_and_the_cover_names_its_slide() {
    let mut story = samples::story(3);
    story.cover = story.slides[1].id.clone();
    let tree = page(&story);
    let cover = tree.by_id("cover").unwrap().classed("shot")[0];
    let row: Vec<&Node> = figures(&tree).iter().map(|figure| figure.classed("shot")[0]).collect();
    let leads: Vec<&str> = row.iter().map(|link| link.attribute("href")).collect();
    assert_eq!(
        leads,
        ["/i/picos-de-europa/1/2560.jpg", "/i/two-dogs/1/1598.jpg", "/i/nagasaki-boats/1/1024.jpg"]
    );
    assert_eq!(cover.attribute("href"), leads[1]);
    assert_eq!(cover.attribute("data-slide"), story.slides[1].id.anchor());
    assert!(row.iter().all(|link| link.name == "a" && !link.attributes.contains_key("data-slide")));
}

#[test]
fn the_lightbox_comes_with_photos_only_and_speaks_the_language_of_the_page() {
    let mut story = samples::arabic_story();
    let buttons = |story: &PublishedStory| -> Vec<String> {
        let tree = page(story);
        let found = tree.by_id("lightbox").map(|template| template.all("button")).unwrap_or_default();
        let files = tree.all("script").into_iter().filter(|script| !script.attribute("src").is_empty());
        assert_eq!(files.count(), usize::from(!found.is_empty()));
        found.into_iter().map(|button| button.attribute("aria-label").to_owned()).collect()
    };
    let labels = buttons(&story);
    assert!(
        labels.contains(&"إغلاق".to_owned()) && labels.iter().all(|label| !label.is_empty()),
        "{labels:?}"
    );
    story.slides.clear();
    assert!(buttons(&story).is_empty());
}

#[test]
fn the_head_names_the_page_to_search_and_link_previews() {
    let story = samples::story(2);
    let tree = page(&story);
    let links = tree.all("link");
    let link = |rel: &str| {
        links.iter().find(|link| link.attribute("rel") == rel).unwrap().attribute("href").to_owned()
    };
    assert_eq!(link("canonical"), "https://news.example/story/a-century-and-a-half-of-looking");
    assert_eq!(link("shortlink"), "https://news.example/s/q7x");
    assert_eq!(link("alternate"), "/feed.atom");
    let metas = tree.all("meta");
    let meta = |name: &str| {
        let has = |meta: &&&Node| meta.attribute("name") == name || meta.attribute("property") == name;
        metas.iter().find(has).unwrap().attribute("content").to_owned()
    };
    assert_eq!(meta("robots"), "max-image-preview:large");
    assert_eq!(meta("og:image"), "https://news.example/i/picos-de-europa/1/social.jpg");
    assert_eq!((meta("og:image:width"), meta("og:image:type")), ("1200".to_owned(), "image/jpeg".to_owned()));
    assert_eq!((meta("og:locale"), meta("tdm-reservation")), ("en_US".to_owned(), "1".to_owned()));
    assert_eq!(meta("og:url"), link("canonical"));
    assert_eq!(meta("article:author"), "https://news.example/by/ana-ruiz");
    assert!(meta("description").starts_with("From a river"));
}

#[test]
fn a_preview_shows_a_whole_rendition_until_the_cut_for_it_stands() {
    let story = samples::story(1);
    let mut pictures = samples::pictures(&story);
    pictures.values_mut().for_each(|picture| picture.social = None);
    let tree = printed(&samples::site("en"), &story, &pictures, &[]);
    let image = tree.all("meta").into_iter().find(|meta| meta.attribute("property") == "og:image").unwrap();
    assert_eq!(image.attribute("content"), "https://news.example/i/picos-de-europa/1/1280.jpg");
}

#[test]
fn bylines_and_tags_lead_to_their_pages_where_their_names_make_an_address() {
    let mut story = samples::story(1);
    story.bylines = vec!["Ana Ruiz".to_owned(), "***".to_owned()];
    story.tags = vec!["Old photographs".to_owned(), "?!".to_owned()];
    let tree = page(&story);
    let hrefs = |class: &str| -> Vec<String> {
        let links = tree.classed(class)[0].all("a");
        links.into_iter().map(|link| link.attribute("href").to_owned()).collect()
    };
    assert_eq!(hrefs("byline"), ["/by/ana-ruiz"]);
    assert_eq!(hrefs("tags"), ["/tag/old-photographs"]);
    assert_eq!(tree.classed("byline")[0].text(), "By Ana Ruiz, ***");
}

#[test]
fn the_foot_leads_on_to_the_stories_before_and_after_in_their_own_language() {
    let (story, other) = (samples::story(1), samples::arabic_story());
    let pictures = samples::pictures(&story);
    let neighbour = |story, of: &'static str| Neighbour {
        story,
        slug: &other.slug,
        headline: &other.headline,
        language: of,
        direction: Direction::of_language(of),
    };
    let [older, younger] = [8, 9].map(|n| StoryId::new(samples::moment(), [n; 10]));
    let neighbours =
        Neighbours { previous: Some(neighbour(older, "ar")), next: Some(neighbour(younger, "en")) };
    let input = StoryInput { neighbours, ..samples::input(&story, &pictures, &[]) };
    let page = print(&samples::site("en"), &input).unwrap();
    let tree = Node::parse(&page.body);
    tree.check_page();
    let links = tree.classed("onward")[0].all("a");
    assert_eq!(links.iter().map(|link| link.attribute("rel")).collect::<Vec<_>>(), ["prev", "next"]);
    assert!(links.iter().all(|link| link.attribute("href") == address::story(&other.slug).href()));
    assert_eq!(tongues(links), [("ar", "rtl"), ("", "")]);
    assert!(
        page.keys.contains(&PageKey::Neighbour(older)) && page.keys.contains(&PageKey::Neighbour(younger))
    );
}

#[test]
fn a_change_is_told_to_machines() {
    let story = samples::story(1);
    let pictures = samples::pictures(&story);
    let changed = Some(samples::moment().plus_seconds(90));
    let input = StoryInput { changed, ..samples::input(&story, &pictures, &[]) };
    let tree = Node::parse(&print(&samples::site("en"), &input).unwrap().body);
    let modified = |tree: &Node| {
        let mut metas = tree.all("meta").into_iter();
        let found = metas.find(|meta| meta.attribute("property") == "article:modified_time");
        found.map(|meta| meta.attribute("content").to_owned())
    };
    assert_eq!(modified(&tree).as_deref(), Some("2021-01-03T15:33:30Z"));
    assert_eq!(tree.linked_data()[0]["dateModified"], "2021-01-03T15:33:30Z");
    assert_eq!(modified(&page(&story)), None);
}

#[test]
fn browsers_that_know_avif_are_offered_it_and_the_others_keep_jpeg() {
    let story = samples::story(2);
    let tree = page(&story);
    let picture = figures(&tree)[1].all("picture")[0];
    let (source, image) = (picture.all("source")[0], picture.all("img")[0]);
    assert_eq!(source.attribute("type"), "image/avif");
    assert_eq!(source.attribute("srcset"), image.attribute("srcset").replace(".jpg", ".avif"));
    assert_eq!(source.attribute("sizes"), image.attribute("sizes"));
    let mut pictures = samples::pictures(&story);
    pictures.values_mut().for_each(|picture| picture.avif.clear());
    let tree = printed(&samples::site("en"), &story, &pictures, &[]);
    assert!(tree.all("source").is_empty() && tree.all("picture").is_empty());
    assert_eq!(tree.all("img").len(), 3);
}

#[test]
fn the_place_of_registration_is_a_link_once_there_is_an_address() {
    let story = samples::story(1);
    let mut site = samples::site("en");
    assert_eq!(texts(page(&story).classed("register")), ["Register (opens later)"]);
    site.register_url = Some("/register".to_owned());
    let tree = printed(&site, &story, &Pictures::new(), &[]);
    assert_eq!(tree.classed("register")[0].attribute("href"), "/register");
}

#[test]
fn fifteen_slides_and_the_style_sheets_stay_small_before_they_are_compressed() {
    let story = samples::story(15);
    let pictures = samples::pictures(&story);
    let page = print(&samples::site("en"), &samples::input(&story, &pictures, &[samples::notice()])).unwrap();
    let all = page.body.len() + crate::pages::assets::PAGE_CSS.len() + site_css(None, Ground::AsSet).len();
    assert!(all < 80_000, "{all} bytes; 30 KB compressed is the budget");
}

#[test]
fn depends_on_its_story_its_photos_and_the_site() {
    let story = samples::story(2);
    let page = print(&samples::site("en"), &samples::input(&story, &Pictures::new(), &[])).unwrap();
    let photos = [samples::photo(0), samples::photo(1)].map(PageKey::Photo);
    let expected: BTreeSet<PageKey> =
        [PageKey::Story(story.id), PageKey::Site].into_iter().chain(photos).collect();
    assert_eq!(page.keys, expected);
}

#[test]
fn r20_corrections_stand_dated_at_the_foot_and_r30_the_update_time_beside_the_storys_own() {
    let mut story = samples::story(2);
    let at = |text| newsroom::moment::Moment::parse(text).unwrap();
    let correction = |day, text: &str| newsroom::published::Correction { at: at(day), text: text.to_owned() };
    assert!(page(&story).by_id("corrections-title").is_none());
    story.corrections = vec![
        correction("2021-01-03T23:30:00-03:00", "The river is in Nagasaki, not in Osaka."),
        correction("2021-01-05T08:00:00Z", "Daesh is named here to test the notes."),
    ];
    let tree = printed(&samples::site("en"), &story, &samples::pictures(&story), &[samples::notice()]);
    let notes = tree.classed("corrections")[0].all("li");
    assert_eq!(
        notes[0].text(),
        "Correction, 4 January 2021: The river is in Nagasaki, not in Osaka.",
        "the day is that of UTC, as the time of the story"
    );
    assert_eq!(notes[0].all("time")[0].attribute("datetime"), "2021-01-04");
    assert_eq!(notes[1].all("a").len(), 1, "a mark leads to its note");
    assert_eq!(tree.classed("updated")[0].text(), "updated 08:00 GMT 05 January 2021");
    let light = crate::pages::light::print(
        &samples::site("en"),
        &samples::input(&story, &samples::pictures(&story), &[]),
    );
    let light = Node::parse(&light.unwrap().body);
    light.check_page();
    assert_eq!(light.classed("corrections")[0].all("li").len(), 2);
}
