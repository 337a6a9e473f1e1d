use std::collections::BTreeSet;

use newsroom::published::{PublishedStory, ReaderStatus};

use super::*;
use crate::pages::dom::Node;
use crate::pages::samples::{self, Pictures};

fn pages(story: &PublishedStory, pictures: &Pictures) -> Vec<(Address, Page)> {
    print(&samples::site("en"), &samples::input(story, pictures, &[samples::notice()])).unwrap()
}

fn trees(story: &PublishedStory) -> Vec<Node> {
    let pages = pages(story, &samples::pictures(story)).into_iter();
    let trees = pages.map(|(_, page)| {
        let tree = Node::parse(&page.body);
        tree.check_page();
        tree
    });
    trees.collect()
}

fn meta(tree: &Node, name: &str) -> String {
    let has = |meta: &&Node| meta.attribute("name") == name || meta.attribute("property") == name;
    tree.all("meta")
        .into_iter()
        .find(has)
        .map(|meta| meta.attribute("content").to_owned())
        .unwrap_or_default()
}

fn rel(tree: &Node, element: &str, rel: &str) -> String {
    let nodes = tree.all(element).into_iter();
    let mut found = nodes.filter(|node| node.attribute("rel") == rel);
    found.next().map(|node| node.attribute("href").to_owned()).unwrap_or_default()
}

#[test]
fn each_slide_has_a_page_of_its_own_with_everything_that_is_said_of_it() {
    let mut story = samples::story(8);
    story.slides[7].statuses = vec![ReaderStatus::Synthetic];
    story.slides[7].place = Some("Fornax".to_owned());
    let trees = trees(&story);
    assert_eq!(trees.len(), 8);
    let last = &trees[7];
    let slide = &story.slides[7];
    assert_eq!(last.all("img").len(), 1);
    assert_eq!(last.classed("caption")[0].text(), slide.caption);
    assert_eq!(last.classed("credit")[0].all("bdi")[0].text(), slide.credit);
    assert_eq!(last.classed("statuses")[0].text(), "Made or altered with generative AI");
    assert_eq!(last.classed("where")[0].text(), "Fornax");
    assert_eq!(last.all("details")[0].all("p").len(), 2);
    assert_eq!(last.all("h1")[0].text(), "Photo 8 of 8 A century and a half of looking");
}

#[test]
fn a_slide_leads_into_its_story_and_to_the_slides_beside_it() {
    let story = samples::story(3);
    let trees = trees(&story);
    let own = |place: usize| address::slide(&story.slug, &story.slides[place].id).href();
    let into = trees[1].all("h1")[0].all("a")[0].attribute("href");
    assert_eq!(into, format!("/story/{}#{}", story.slug, story.slides[1].id.anchor()));
    assert_eq!((rel(&trees[1], "a", "prev"), rel(&trees[1], "a", "next")), (own(0), own(2)));
    assert_eq!((rel(&trees[0], "a", "prev"), rel(&trees[2], "a", "next")), (String::new(), String::new()));
}

#[test]
fn the_story_leads_to_the_page_of_each_of_its_slides() {
    let story = samples::story(3);
    let pictures = samples::pictures(&story);
    let site = samples::site("en");
    let whole = crate::pages::story::print(&site, &samples::input(&story, &pictures, &[])).unwrap();
    let whole = Node::parse(&whole.body);
    let headings = whole.by_id("photos").unwrap().all("h3");
    let links: Vec<&str> = headings.iter().map(|heading| heading.all("a")[0].attribute("href")).collect();
    let pages = pages(&story, &pictures);
    let own: Vec<String> = pages.iter().map(|(address, _)| address.href()).collect();
    assert_eq!(links, own);
}

#[test]
fn a_shared_slide_shows_its_own_picture_and_searches_lead_to_the_story() {
    let story = samples::story(2);
    let tree = &trees(&story)[1];
    let own = address::slide(&story.slug, &story.slides[1].id).absolute("https://news.example");
    assert_eq!(meta(tree, "og:url"), own);
    assert_eq!(rel(tree, "link", "canonical"), "https://news.example/story/a-century-and-a-half-of-looking");
    assert_eq!(meta(tree, "og:image"), "https://news.example/i/two-dogs/1/social.jpg");
    assert_eq!(meta(tree, "og:image:alt"), "Sample picture number 1");
    assert_eq!(
        meta(tree, "og:description"),
        "Two spaniels put their heads out of the side of a wooden building. Credit: Aitzol Berasategi"
    );
    assert_eq!(meta(tree, "og:title"), "A century and a half of looking · Photo 2 of 2");
    assert_eq!(meta(tree, "robots"), "max-image-preview:large");
}

#[test]
fn the_notes_of_a_caption_stand_at_its_foot_and_no_others() {
    let mut story = samples::story(2);
    story.slides[1].caption = "Fighters of Daesh leave.".to_owned();
    let trees = trees(&story);
    assert!(trees[0].classed("notes").is_empty(), "only the lede mentions it there");
    assert_eq!(trees[1].classed("mark").len(), 1);
    assert!(trees[1].by_id("note-1").unwrap().text().starts_with("* Daesh (also known as"));
    let pages = pages(&story, &Pictures::new());
    let term = PageKey::Term(samples::notice().id);
    assert!(!pages[0].1.keys.contains(&term) && pages[1].1.keys.contains(&term));
}

#[test]
fn a_slide_depends_on_its_story_and_its_own_photo_alone() {
    let story = samples::story(3);
    let (address, page) = pages(&story, &Pictures::new()).swap_remove(2);
    assert_eq!(address.path(), format!("/story/{}/photo/{}", story.slug, story.slides[2].id));
    let expected = [PageKey::Story(story.id), PageKey::Photo(samples::photo(2))];
    assert_eq!(page.keys, BTreeSet::from(expected));
}

#[test]
fn a_slide_says_whose_its_photo_is_under_the_name_that_it_has_in_its_story() {
    let mut story = samples::story(2);
    let rights = &mut story.slides[1].rights;
    rights.creators = vec!["Aitzol Berasategi".to_owned()];
    rights.copyright = Some("© 2021 Aitzol Berasategi".to_owned());
    rights.web_statement = Some("https://agency.example/terms".to_owned());
    let things = trees(&story)[1].linked_data();
    let url = "https://news.example/story/a-century-and-a-half-of-looking";
    let expected = serde_json::json!([{
        "@type": "ImageObject",
        "@id": format!("{url}#{}", story.slides[1].id.anchor()),
        "contentUrl": "https://news.example/i/two-dogs/1/1598.jpg",
        "width": 1598,
        "height": 2400,
        "caption": "Two spaniels put their heads out of the side of a wooden building.",
        "creator": [{ "@type": "Person", "name": "Aitzol Berasategi" }],
        "creditText": "Aitzol Berasategi",
        "copyrightNotice": "© 2021 Aitzol Berasategi",
        "license": "https://agency.example/terms",
        "representativeOfPage": true,
        "isPartOf": { "@id": format!("{url}#content") },
    }]);
    assert_eq!(serde_json::Value::from(things), expected);
}

#[test]
fn a_slide_whose_picture_is_to_come_stands_without_a_preview() {
    let story = samples::story(1);
    let (_, page) = pages(&story, &Pictures::new()).swap_remove(0);
    let tree = Node::parse(&page.body);
    assert_eq!((tree.classed("to-come").len(), tree.all("img").len(), tree.all("script").len()), (1, 0, 0));
    assert_eq!(meta(&tree, "og:image"), "");
}

#[test]
fn outside_texts_stay_texts() {
    let nasty = "<script>alert(1)</script> \"'&amp; \u{202e}evil\u{0}";
    let mut story = samples::story(1);
    let slide = &mut story.slides[0];
    for text in [&mut story.headline, &mut story.language, &mut slide.caption, &mut slide.credit] {
        *text = nasty.to_owned();
    }
    let tree = &trees(&story)[0];
    assert_eq!(tree.linked_data()[0]["caption"], "<script>alert(1)</script> \"'&amp; \u{202e}evil");
    assert_eq!(tree.all("script").len(), 1);
    assert!(tree.all("h1")[0].text().ends_with("<script>alert(1)</script> \"'&amp; \u{202e}evil"));
}

#[test]
fn a_slide_stays_small() {
    let story = samples::story(15);
    let pages = pages(&story, &samples::pictures(&story));
    let most = pages.iter().map(|(_, page)| page.body.len()).max().unwrap();
    assert!(most < 5_500, "{most} bytes; every photo of the archive has such a page");
}
