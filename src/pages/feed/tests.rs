use newsroom::published::ReaderStatus;

use super::*;
use crate::pages::dom::Node;
use crate::pages::samples;

fn feed(stories: &[PublishedStory]) -> Node {
    let pictures: Vec<_> = stories.iter().map(samples::pictures).collect();
    let items = stories.iter().zip(&pictures);
    let items = items.map(|(story, pictures)| FeedStory {
        story,
        pictures,
        updated: samples::moment().plus_seconds(60),
    });
    let items: Vec<FeedStory<'_>> = items.collect();
    let notices = [samples::notice()];
    let input = FeedInput { stories: &items, notices: &notices, at: samples::moment() };
    Node::parse(&print(&samples::site("en"), &input).unwrap().body)
}

fn text(node: &Node, name: &str) -> String {
    node.all(name)[0].text()
}

#[test]
fn every_photo_has_its_size_caption_and_credit() {
    let mut story = samples::story(15);
    story.slides[2].rights.copyright = Some("(c) A & B".to_owned());
    story.slides[2].rights.usage_terms = Some("Editorial use only".to_owned());
    story.slides[2].rights.web_statement = Some("https://agency.example/terms".to_owned());
    let tree = feed(std::slice::from_ref(&story));
    let media = tree.all("media:content");
    assert_eq!(media.len(), 15);
    for (media, slide) in media.iter().zip(&story.slides) {
        assert_eq!(text(media, "media:description"), slide.caption);
        assert_eq!(text(media, "media:credit"), slide.credit);
        assert_eq!(media.all("media:credit")[0].attribute("role"), "photographer");
        assert!(media.attribute("url").starts_with("https://news.example/i/"));
        assert!(
            media.attribute("width").parse::<u32>().is_ok()
                && media.attribute("height").parse::<u32>().is_ok()
        );
    }
    assert_eq!(text(media[2], "media:copyright"), "(c) A & B");
    assert_eq!(media[2].all("media:license")[0].attribute("href"), "https://agency.example/terms");
    assert_eq!(text(media[2], "media:license"), "Editorial use only");
    assert!(media[1].all("media:copyright").is_empty());
}

#[test]
fn the_content_is_the_whole_story_in_figures_with_the_notes_behind_it() {
    let story = samples::story(3);
    let tree = feed(std::slice::from_ref(&story));
    let content = Node::parse(&tree.all("content")[0].text());
    let figures = content.all("figure");
    assert_eq!(figures.len(), 3);
    for (figure, slide) in figures.iter().zip(&story.slides) {
        assert_eq!(figure.all("figcaption")[0].text(), format!("{}{}", slide.caption, slide.credit));
        assert!(figure.all("img")[0].attribute("src").starts_with("https://news.example/i/"));
    }
    let whole = content.text();
    assert!(whole.contains("Daesh* only to test") && whole.contains("* Daesh (also known as"), "{whole}");
    assert!(content.classed("mark").is_empty(), "a feed has no anchors to link to");
}

#[test]
fn the_content_tells_of_a_picture_what_the_page_tells() {
    let mut story = samples::arabic_story();
    story.language = "fa".to_owned();
    story.slides[0].statuses = vec![ReaderStatus::Synthetic, ReaderStatus::Handout];
    story.slides[2].alt = None;
    let tree = feed(std::slice::from_ref(&story));
    let content = Node::parse(&text(tree.all("entry")[0], "content"));
    let figures = content.all("figure");
    let said: Vec<(String, &str, &str)> = figures[0]
        .all("p")
        .into_iter()
        .map(|p| (p.text(), p.attribute("lang"), p.attribute("dir")))
        .collect();
    let told = |words: &str| (words.to_owned(), "en", "ltr");
    assert_eq!(said[..2], [told("Made or altered with generative AI"), told("Handout")]);
    assert_eq!(said[2], (story.slides[0].caption.clone(), "", ""));
    assert!(figures[1].all("strong").is_empty());
    let other = figures[2].all("p")[0];
    assert_eq!(
        (other.attribute("lang"), other.attribute("dir")),
        ("en", "ltr"),
        "a slide in its own language"
    );
    let image = figures[2].all("img")[0];
    assert_eq!((image.attribute("alt"), image.attribute("lang")), ("Photo 3 of 3, see caption", "en"));
}

#[test]
fn a_summary_stands_without_marks() {
    let tree = feed(&[samples::story(1)]);
    assert!(text(&tree, "summary").contains("Some name Daesh only"));
}

#[test]
fn an_entry_has_what_atom_asks_for() {
    let story = samples::story(2);
    let tree = feed(std::slice::from_ref(&story));
    let entry = tree.all("entry")[0];
    assert_eq!(text(entry, "id"), format!("urn:uuid:{}", story.id));
    assert_eq!(text(entry, "title"), story.headline);
    assert_eq!(text(entry, "published"), "2021-01-03T15:32:00Z");
    assert_eq!(text(entry, "updated"), "2021-01-03T15:33:00Z");
    assert_eq!(
        entry.all("link")[0].attribute("href"),
        "https://news.example/story/a-century-and-a-half-of-looking"
    );
    let terms: Vec<&str> = entry.all("category").iter().map(|category| category.attribute("term")).collect();
    assert_eq!(terms, ["Photo", "Photography", "Archive", "Spain", "NASA"]);
    assert_eq!(entry.all("name").len(), 2);
}

#[test]
fn an_empty_feed_is_still_one() {
    let tree = feed(&[]);
    let root = tree.all("feed")[0];
    assert_eq!(text(root, "updated"), "2021-01-03T15:32:00Z");
    assert_eq!(text(root, "id"), "https://news.example/");
    assert_eq!(root.all("author").len(), 1);
}

#[test]
fn a_photo_whose_picture_is_still_to_come_is_left_out() {
    let story = samples::story(2);
    let mut pictures = samples::pictures(&story);
    pictures.remove(&samples::photo(0));
    let items = [FeedStory { story: &story, pictures: &pictures, updated: samples::moment() }];
    let input = FeedInput { stories: &items, notices: &[], at: samples::moment() };
    let tree = Node::parse(&print(&samples::site("en"), &input).unwrap().body);
    assert_eq!(tree.all("media:content").len(), 1);
    assert_eq!(text(&tree, "media:description"), story.slides[1].caption);
}

#[test]
fn outside_texts_stay_texts_and_break_no_xml() {
    let nasty = "]]></title><script>alert(1)</script> & \u{0}\u{b}\u{fffe}x";
    let mut story = samples::story(1);
    story.headline = nasty.to_owned();
    story.lede = nasty.to_owned();
    story.tags = vec![nasty.to_owned()];
    story.slides[0].caption = nasty.to_owned();
    story.slides[0].credit = nasty.to_owned();
    let tree = feed(&[story]);
    let shown = "]]></title><script>alert(1)</script> & x";
    let entry = tree.all("entry")[0];
    assert_eq!(text(entry, "title"), shown);
    assert_eq!(text(entry, "media:description"), shown);
    let content = Node::parse(&text(entry, "content"));
    assert!(content.all("script").is_empty());
    assert!(content.all("figcaption")[0].text().contains(shown));
}

fn rss_of(channel: &Channel<'_>, stories: &[PublishedStory]) -> (Page, Node) {
    let pictures: Vec<_> = stories.iter().map(samples::pictures).collect();
    let items = stories.iter().zip(&pictures);
    let items: Vec<FeedStory<'_>> =
        items.map(|(story, pictures)| FeedStory { story, pictures, updated: samples::moment() }).collect();
    let notices = [samples::notice()];
    let input = FeedInput { stories: &items, notices: &notices, at: samples::moment() };
    let page = rss(&samples::site("en"), channel, &input).unwrap();
    let tree = Node::parse(&page.body);
    (page, tree)
}

#[test]
fn an_rss_item_tells_what_the_atom_entry_tells() {
    let mut story = samples::story(3);
    story.lede = "R&D <b>Daesh*</b>".to_owned();
    let (_, tree) = rss_of(&Channel::Site, std::slice::from_ref(&story));
    let item = tree.all("item")[0];
    assert_eq!(text(item, "title"), story.headline);
    assert_eq!(text(item, "link"), "https://news.example/story/a-century-and-a-half-of-looking");
    assert_eq!(item.all("guid")[0].attribute("isPermaLink"), "false");
    assert_eq!(text(item, "guid"), format!("urn:uuid:{}", story.id));
    assert_eq!(text(item, "pubDate"), "Sun, 03 Jan 2021 15:32:00 GMT");
    assert_eq!(
        item.all("dc:creator").iter().map(|one| one.text()).collect::<Vec<_>>(),
        ["Ana Ruiz", "J. Smith"]
    );
    assert_eq!(item.all("category").len(), 5);
    assert_eq!(Node::parse(&text(item, "description")).text(), "R&D <b>Daesh</b>", "a description is HTML");
    let atom = feed(std::slice::from_ref(&story));
    assert_eq!(text(item, "content:encoded"), text(atom.all("entry")[0], "content"));
    let media = |node: &Node| -> Vec<String> {
        node.all("media:content")
            .iter()
            .map(|one| format!("{} {}", one.attribute("url"), one.text()))
            .collect()
    };
    assert_eq!(media(item), media(&atom));
}

#[test]
fn each_channel_names_itself_its_page_and_its_own_address() {
    let site = samples::site("en");
    let name = NameLink::from_name("Old photographs").unwrap();
    let channels = [
        (Channel::Site, "The Halftone Post", "/", "/feed.rss", PageKey::Newest),
        (
            Channel::Section(&site.sections[1]),
            "World · The Halftone Post",
            "/section/world",
            "/section/world/feed.rss",
            PageKey::Section(site.sections[1].slug.clone()),
        ),
        (
            Channel::Tag(&name),
            "Old photographs · The Halftone Post",
            "/tag/old-photographs",
            "/tag/old-photographs/feed.rss",
            PageKey::Tag(name.slug.clone()),
        ),
    ];
    for (channel, title, page_path, own, key) in channels {
        let (page, tree) = rss_of(&channel, &[]);
        assert_eq!(page.content_type, crate::pages::RSS);
        assert_eq!(page.keys, BTreeSet::from([PageKey::Site, key]));
        assert_eq!(text(&tree, "title"), title);
        assert_eq!(text(&tree, "link"), format!("https://news.example{page_path}"));
        assert_eq!(tree.all("atom:link")[0].attribute("href"), format!("https://news.example{own}"));
        assert_eq!(text(&tree, "lastBuildDate"), "Sun, 03 Jan 2021 15:32:00 GMT");
        assert_eq!(text(&tree, "language"), "en");
    }
}
