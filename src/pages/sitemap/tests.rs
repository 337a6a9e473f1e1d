use super::*;
use crate::pages::dom::Node;
use crate::pages::samples;

fn tree(page: &Page) -> Node {
    assert_eq!(page.content_type, XML);
    Node::parse(&page.body)
}

fn texts(nodes: Vec<&Node>) -> Vec<String> {
    nodes.into_iter().map(Node::text).collect()
}

fn month() -> Month {
    Month::parse("2021-01").unwrap()
}

#[test]
fn the_index_names_the_news_and_each_part_of_each_month() {
    let changed = |part| Some(samples::moment()).filter(|_| part == 2);
    let parts = [1, 2].map(|part| MapPart { month: month(), part, changed: changed(part) });
    let tree = tree(&index(&samples::site("en"), &parts).unwrap());
    assert_eq!(tree.all("sitemapindex").len(), 1);
    let expected = ["/sitemap-news.xml", "/sitemap/2021-01.xml", "/sitemap/2021-01/2.xml"];
    assert_eq!(texts(tree.all("loc")), expected.map(|path| format!("https://news.example{path}")));
    let dated: Vec<usize> = tree.all("sitemap").iter().map(|one| one.all("lastmod").len()).collect();
    assert_eq!((texts(tree.all("lastmod")), dated), (vec!["2021-01-03T15:32:00Z".to_owned()], vec![0, 0, 1]));
}

#[test]
fn a_story_stands_with_its_change_and_the_largest_of_each_picture() {
    let story = samples::arabic_story();
    let pictures = samples::pictures(&story);
    let entry =
        MapStory { slug: &story.slug, changed: samples::moment(), pictures: pictures.values().collect() };
    let page = part(&samples::site("en"), month(), &[entry]).unwrap();
    let tree = tree(&page);
    let url = tree.all("url")[0];
    assert_eq!(url.all("loc")[0].text(), address::story(&story.slug).absolute("https://news.example"));
    assert_eq!(url.all("lastmod")[0].text(), "2021-01-03T15:32:00Z");
    let images = texts(url.all("image:loc"));
    assert_eq!(images.len(), 3);
    assert_eq!(images[0], "https://news.example/i/picos-de-europa/1/2560.jpg");
    assert!(url.all("image:image").iter().all(|image| image.children.len() == 1), "nothing but the address");
    assert_eq!(page.keys, BTreeSet::from([PageKey::Site, PageKey::Month("2021-01".to_owned())]));
}

#[test]
fn no_page_names_more_pictures_than_are_read() {
    let story = samples::story(1);
    let pictures = samples::pictures(&story);
    let picture = pictures.values().next().unwrap();
    let entry = MapStory { slug: &story.slug, changed: samples::moment(), pictures: vec![picture; 1_200] };
    let tree = tree(&part(&samples::site("en"), month(), &[entry]).unwrap());
    assert_eq!(tree.all("image:loc").len(), PICTURES_OF_A_PAGE);
}

#[test]
fn news_are_two_days_old_at_most_and_a_thousand_at_most() {
    let story = samples::story(1);
    let at = samples::moment();
    let news_of = |seconds: i64| NewsStory {
        slug: &story.slug,
        headline: "A < B & \u{0}C",
        language: "en-GB",
        published: at.plus_seconds(-seconds),
    };
    let site = samples::site("en");
    let tree_of = |stories: &[NewsStory<'_>]| tree(&news(&site, stories, at).unwrap());
    let tree = tree_of(&[news_of(60), news_of(NEWS_SECONDS), news_of(NEWS_SECONDS + 1)]);
    let urls = tree.all("url");
    assert_eq!(urls.len(), 2);
    assert_eq!(urls[0].all("news:name")[0].text(), "The Halftone Post");
    assert_eq!(urls[0].all("news:language")[0].text(), "en");
    assert_eq!(urls[0].all("news:publication_date")[0].text(), "2021-01-03T15:31:00Z");
    assert_eq!(urls[0].all("news:title")[0].text(), "A < B & C");
    assert_eq!(tree_of(&vec![news_of(60); 1_100]).all("url").len(), NEWS_STORIES);
}

#[test]
fn a_language_is_named_as_the_sitemap_of_news_takes_it() {
    let named = ["pt-BR", "", "zh-Hant", "zh", "FIL"].map(|tag| news_language(tag, "de-AT"));
    assert_eq!(named, ["pt", "de", "zh-tw", "zh-cn", "fil"]);
}
