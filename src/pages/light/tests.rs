use super::*;
use crate::pages::dom::Node;
use crate::pages::samples::{self, Pictures};
use newsroom::published::PublishedStory;

fn page(story: &PublishedStory, pictures: &Pictures) -> Page {
    print(&samples::site("en"), &samples::input(story, pictures, &[samples::notice()])).unwrap()
}

fn tree(story: &PublishedStory, pictures: &Pictures) -> Node {
    let tree = Node::parse(&page(story, pictures).body);
    tree.check_page();
    tree
}

fn links(tree: &Node) -> Vec<(String, String)> {
    let items = tree.by_id("photos").unwrap().all("figure").into_iter();
    let links = items.filter_map(|figure| {
        let link = figure.all("a").into_iter().next()?;
        Some((link.attribute("href").to_owned(), link.text()))
    });
    links.collect()
}

#[test]
fn photos_are_links_to_the_small_rendition_that_say_how_much_they_load() {
    let mut story = samples::story(4);
    story.slides[2].alt = None;
    story.slides[2].place = Some("Nagasaki".to_owned());
    let mut pictures = samples::pictures(&story);
    pictures.get_mut(&samples::photo(0)).unwrap().bytes = vec![20_000, 83_001, 9, 9, 9, 9];
    pictures.get_mut(&samples::photo(2)).unwrap().bytes = Vec::new();
    let links = links(&tree(&story, &pictures));
    let expected = [
        ("/i/picos-de-europa/1/640.jpg", "Photo 1: \u{2068}Sample picture number 0\u{2069} (84 kB)"),
        ("/i/two-dogs/1/426.jpg", "Photo 2: \u{2068}Sample picture number 1\u{2069} (46 kB)"),
        ("/i/nagasaki-boats/1/640.jpg", "Photo 3: \u{2068}Nagasaki\u{2069}"),
        ("/i/dandelion/1/640.jpg", "Photo 4 of 4 (39 kB)"),
    ];
    assert_eq!(links, expected.map(|(href, text)| (href.to_owned(), text.to_owned())));
}

#[test]
fn nothing_is_loaded_beside_text_and_style() {
    let story = samples::story(15);
    let tree = tree(&story, &samples::pictures(&story));
    for name in ["img", "picture", "svg", "script", "source"] {
        assert!(tree.all(name).is_empty(), "{name}");
    }
    assert!(tree.all("meta").iter().all(|meta| meta.attribute("property") != "og:image"));
}

#[test]
fn text_and_notes_come_before_the_photos_with_caption_and_credit() {
    let story = samples::story(3);
    let tree = tree(&story, &samples::pictures(&story));
    let body = tree.by_id("content").unwrap().text();
    let at = |text: &str| body.find(text).unwrap_or_else(|| panic!("{text} in {body}"));
    let order = [
        at("15:32 GMT"),
        at("From a river"),
        at("What was kept"),
        at("* Daesh (also"),
        at("Photo 1: \u{2068}Sample"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    for (figure, slide) in tree.all("figure").iter().zip(&story.slides) {
        assert_eq!(figure.classed("caption")[0].text(), slide.caption);
        assert_eq!(figure.classed("credit")[0].all("bdi")[0].text(), slide.credit);
    }
}

#[test]
fn the_light_edition_and_the_whole_page_lead_to_each_other_and_searches_to_the_whole() {
    let story = samples::arabic_story();
    let pictures = samples::pictures(&story);
    let light = tree(&story, &pictures);
    let whole = address::story(&story.slug);
    let links = light.classed("facts")[0].all("a");
    assert_eq!(links[0].attribute("href"), whole.href());
    let canonical = light.all("link").into_iter().find(|link| link.attribute("rel") == "canonical").unwrap();
    assert_eq!(canonical.attribute("href"), whole.absolute("https://news.example"));
    let site = samples::site("en");
    let full = crate::pages::story::print(&site, &samples::input(&story, &pictures, &[])).unwrap();
    let full = Node::parse(&full.body);
    let back = address::light(&story.slug).href();
    assert!(full.all("a").iter().any(|link| link.attribute("href") == back), "{back}");
}

#[test]
fn a_picture_that_is_to_come_is_named_without_a_link() {
    let story = samples::story(1);
    let tree = tree(&story, &Pictures::new());
    assert!(links(&tree).is_empty());
    assert!(
        tree.all("figure")[0]
            .text()
            .starts_with("Photo 1: \u{2068}Sample picture number 0\u{2069} (Picture to come)")
    );
}

#[test]
fn the_light_edition_depends_on_what_the_whole_page_depends_on() {
    let story = samples::story(2);
    let keys = page(&story, &Pictures::new()).keys;
    assert!(keys_of(&story).is_subset(&keys));
    assert!(keys.contains(&crate::pages::PageKey::Term(samples::notice().id)));
}
