use jiff::tz::TimeZone;

use super::*;
use crate::pages::dom::Node;
use crate::pages::samples;

fn tree(page: Result<Page, PrintError>) -> Node {
    let tree = Node::parse(&page.unwrap().body);
    tree.check_page();
    tree
}

fn home_of(site: &Site, stories: &[PublishedStory]) -> Node {
    let pictures = stories.first().map(samples::pictures).unwrap_or_default();
    let cards = samples::cards(stories, &pictures);
    tree(home(site, &samples::list(&cards, &[samples::notice()])))
}

#[test]
fn every_card_shows_cover_headline_lede_credit_time_and_number_of_photos() {
    let stories = samples::stories();
    let tree = home_of(&samples::site("en"), &stories);
    let cards = tree.all("article");
    assert_eq!(cards.len(), stories.len());
    for (card, story) in cards.iter().zip(&stories) {
        let cover = story.slides.iter().find(|slide| slide.id == story.cover).unwrap();
        let link = card.all("h2")[0].all("a")[0];
        assert_eq!(link.attribute("href"), address::story(&story.slug).href());
        assert_eq!(link.text(), story.headline);
        assert_eq!(card.classed("lede")[0].text(), story.lede);
        assert_eq!(card.classed("credit")[0].all("bdi")[0].text(), cover.credit);
        assert_eq!(card.classed("meta")[0].text(), "3 January 2021 · 8 photos");
        assert_eq!(card.all("img").len(), 1);
    }
}

#[test]
fn a_card_shows_what_readers_are_told_of_its_picture_and_a_named_alt() {
    let stories = samples::stories();
    let tree = home_of(&samples::site("en"), &stories);
    assert_eq!(tree.all("article")[5].classed("status").len(), 2);
    // A card has no caption that its alt could lead to.
    assert_eq!(tree.all("img")[3].attribute("alt"), "Photo 4 of 8 of this story");
}

#[test]
fn the_alt_of_a_card_says_in_whose_language_it_is() {
    let mut story = samples::arabic_story();
    let alt = |story: &PublishedStory| {
        let tree = home_of(&samples::site("en"), std::slice::from_ref(story));
        let image = tree.all("img")[0];
        ["alt", "lang", "dir"].map(|name| image.attribute(name).to_owned())
    };
    assert_eq!(
        alt(&story),
        ["Sample picture number 0", "", ""],
        "the desk's text is in the story's language"
    );
    story.slides[0].language = Some("en-GB".to_owned());
    assert_eq!(alt(&story), ["Sample picture number 0", "en-GB", "ltr"]);
    story.slides[0].alt = None;
    assert_eq!(alt(&story), ["Photo 1 of 3 of this story", "en", "ltr"]);
}

#[test]
fn a_list_says_what_it_is_and_the_preview_only_what_the_desk_wrote() {
    let mut stories = samples::stories();
    let meta = |stories: &[PublishedStory], name: &str| {
        let tree = home_of(&samples::site("en"), stories);
        let metas = tree.all("meta");
        let has = |meta: &&&Node| meta.attribute("name") == name || meta.attribute("property") == name;
        metas.iter().find(has).map(|meta| meta.attribute("content").to_owned())
    };
    let said = "The Halftone Post: the newest photo stories, each picture with its caption and credit";
    for name in ["description", "og:description"] {
        assert_eq!(meta(&stories, name).as_deref(), Some(said));
    }
    assert_eq!(meta(&stories, "og:image:alt").as_deref(), Some("Sample picture number 0"));
    stories[0].slides[0].alt = None;
    assert!(meta(&stories, "og:image").is_some());
    assert_eq!(meta(&stories, "og:image:alt"), None);
}

#[test]
fn a_card_runs_the_way_of_its_story_whatever_its_headline_begins_with() {
    let mut stories = vec![samples::arabic_story()];
    stories[0].headline = "NASA تنشر صورة".to_owned();
    let tree = home_of(&samples::site("en"), &stories);
    let card = tree.all("article")[0];
    assert!(
        card.all("h2")[0].attribute("dir").is_empty() && card.classed("lede")[0].attribute("dir").is_empty()
    );
    let mut turned = samples::stories();
    turned[0].direction = newsroom::story::Direction::Rtl;
    assert_eq!(home_of(&samples::site("en"), &turned).all("article")[0].attribute("dir"), "rtl");
}

#[test]
fn only_the_first_picture_is_loaded_at_once() {
    let tree = home_of(&samples::site("en"), &samples::stories());
    let lazy: Vec<bool> = tree.all("img").iter().map(|image| image.attribute("loading") == "lazy").collect();
    assert_eq!(lazy.iter().position(|lazy| !lazy), Some(0));
    assert_eq!(lazy.iter().filter(|lazy| !**lazy).count(), 1);
}

#[test]
fn the_day_on_a_card_is_the_sites() {
    let mut site = samples::site("en");
    site.time_zone = TimeZone::fixed(jiff::tz::offset(12));
    let tree = home_of(&site, &samples::stories());
    assert!(tree.classed("meta")[0].text().starts_with("4 January 2021"));
    assert_eq!(tree.all("time")[0].attribute("datetime"), "2021-01-03T15:32:00Z");
}

#[test]
fn a_mark_typed_in_a_lede_is_left_out() {
    let mut stories = samples::stories();
    stories[0].lede = "Daesh* is gone.".to_owned();
    assert_eq!(home_of(&samples::site("en"), &stories).classed("lede")[0].text(), "Daesh is gone.");
}

#[test]
fn a_story_in_another_language_says_so_and_outside_texts_stay_texts() {
    let mut stories = vec![samples::arabic_story()];
    stories[0].headline = "<b>\"x\"".to_owned();
    let tree = home_of(&samples::site("en"), &stories);
    let card = tree.all("article")[0];
    assert_eq!((card.attribute("lang"), card.attribute("dir")), ("ar", "rtl"));
    assert_eq!(card.all("h2")[0].text(), "<b>\"x\"");
    assert_eq!(card.classed("meta")[0].attribute("lang"), "en", "the house's words are in its own language");
}

#[test]
fn a_section_names_itself() {
    let site = samples::site("en");
    let tree = tree(section(&site, &site.sections[1], &samples::list(&[], &[])));
    assert_eq!(tree.all("h1")[0].text(), "World");
    let current = tree.all("a").into_iter().find(|a| a.attribute("aria-current") == "true").unwrap();
    assert_eq!(current.text(), "World");
    let described = tree.all("meta").into_iter().find(|meta| meta.attribute("name") == "description");
    assert!(described.unwrap().attribute("content").starts_with("World · The Halftone Post: "));
}

#[test]
fn a_card_without_its_picture_says_that_it_is_to_come() {
    let stories = samples::stories();
    let pictures = samples::Pictures::new();
    let cards = samples::cards(&stories, &pictures);
    let tree = tree(home(&samples::site("de"), &samples::list(&cards, &[])));
    let waiting: Vec<String> = tree.classed("to-come").into_iter().map(Node::text).collect();
    assert_eq!(waiting, vec!["Bild folgt"; stories.len()]);
}

#[test]
fn a_list_depends_on_its_stories_and_their_covers() {
    let stories = samples::stories();
    let pictures = samples::pictures(&stories[0]);
    let cards = samples::cards(&stories, &pictures);
    let page = home(&samples::site("en"), &samples::list(&cards[1..2], &[])).unwrap();
    let cover = PageKey::Photo(samples::photo(1));
    let expected = [PageKey::Site, PageKey::Newest, PageKey::Story(stories[1].id), cover];
    assert_eq!(page.keys, BTreeSet::from(expected));
}

#[test]
fn an_empty_list_says_so() {
    let tree = home_of(&samples::site("en"), &[]);
    assert_eq!(tree.classed("nothing").len(), 1);
}

#[test]
fn a_tag_and_a_byline_name_themselves_and_what_they_are() {
    let site = samples::site("en");
    let stories = samples::stories();
    let pictures = samples::pictures(&stories[0]);
    let cards = samples::cards(&stories, &pictures);
    let input = samples::list(&cards, &[]);
    let name = NameLink::from_name("Ana Ruiz").unwrap();
    for (page, kicker, at) in [
        (tag(&site, &name, &input).unwrap(), "Topic", "https://news.example/tag/ana-ruiz"),
        (byline(&site, &name, &input).unwrap(), "By", "https://news.example/by/ana-ruiz"),
    ] {
        let key =
            if kicker == "By" { PageKey::Byline(name.slug.clone()) } else { PageKey::Tag(name.slug.clone()) };
        assert!(page.keys.contains(&key) && !page.keys.contains(&PageKey::Newest));
        let tree = tree(Ok(page));
        assert_eq!(
            (tree.classed("kicker")[0].text(), tree.all("h1")[0].text().as_str()),
            (kicker.into(), "Ana Ruiz")
        );
        let mut links = tree.all("link").into_iter();
        assert_eq!(links.find(|link| link.attribute("rel") == "canonical").unwrap().attribute("href"), at);
        assert_eq!(tree.all("article").len(), stories.len());
    }
}

#[test]
fn a_section_and_a_tag_lead_to_their_own_feed_first() {
    let site = samples::site("en");
    let input = samples::list(&[], &[]);
    let feeds = |page: Result<Page, PrintError>| -> Vec<String> {
        let tree = tree(page);
        let links = tree.all("link").into_iter().filter(|link| link.attribute("rel") == "alternate");
        links.map(|link| link.attribute("href").to_owned()).collect()
    };
    let of_tag = feeds(tag(&site, &NameLink::from_name("Old photographs").unwrap(), &input));
    assert_eq!(of_tag, ["/tag/old-photographs/feed.rss", "/feed.atom", "/feed.rss"]);
    assert_eq!(feeds(section(&site, &site.sections[1], &input))[0], "/section/world/feed.rss");
    assert_eq!(feeds(home(&site, &input)), ["/feed.atom", "/feed.rss"]);
}

#[test]
fn the_first_card_shows_the_whole_picture_and_the_others_their_cut() {
    let stories = samples::stories();
    let tree = home_of(&samples::site("en"), &stories);
    let cards = tree.all("article");
    let source =
        |card: usize, name: &str, attribute: &str| cards[card].all(name)[0].attribute(attribute).to_owned();
    assert!(source(0, "img", "srcset").starts_with("/i/picos-de-europa/1/320.jpg 320w"));
    assert_eq!(
        source(2, "img", "srcset"),
        "/i/nagasaki-boats/1/card-320.jpg 320w, /i/nagasaki-boats/1/card-640.jpg 640w, /i/nagasaki-boats/1/card-960.jpg 960w"
    );
    assert_eq!(source(2, "source", "srcset"), source(2, "img", "srcset").replace(".jpg", ".avif"));
    assert_eq!((source(2, "img", "width"), source(2, "img", "height")), ("960".into(), "640".into()));
    assert_eq!((cards[2].attribute("class"), cards[0].attribute("class")), ("r15", "r13"));
}

#[test]
fn a_card_without_a_cut_shows_the_whole_picture() {
    let stories = samples::stories();
    let mut pictures = samples::pictures(&stories[0]);
    pictures.values_mut().for_each(|picture| picture.cards.clear());
    let cards = samples::cards(&stories, &pictures);
    let tree = tree(home(&samples::site("en"), &samples::list(&cards, &[])));
    assert!(
        tree.all("source")
            .iter()
            .chain(&tree.all("img"))
            .all(|node| !node.attribute("srcset").contains("card-"))
    );
    assert_eq!(tree.all("img")[1].attribute("height"), "2400");
}

#[test]
fn every_page_leads_to_archive_and_search() {
    let tree = home_of(&samples::site("en"), &[]);
    let links = tree.classed("colophon")[0].all("a");
    let hrefs: Vec<&str> = links.iter().map(|link| link.attribute("href")).collect();
    assert_eq!(hrefs, ["/", "/archive", "/search", "/feed.atom"]);
}

#[test]
fn a_list_tells_machines_what_it_is_and_the_way_to_it() {
    let site = samples::site("en");
    let things = tree(section(&site, &site.sections[1], &samples::list(&[], &[]))).linked_data();
    assert_eq!(things[0]["@type"], "CollectionPage");
    assert_eq!(things[0]["isPartOf"]["name"], "The Halftone Post");
    let way: Vec<(&str, &str)> = things[1]["itemListElement"]
        .as_array()
        .unwrap()
        .iter()
        .map(|crumb| (crumb["name"].as_str().unwrap(), crumb["item"].as_str().unwrap()))
        .collect();
    assert_eq!(
        way,
        [("The Halftone Post", "https://news.example/"), ("World", "https://news.example/section/world")]
    );
    assert_eq!(home_of(&site, &[]).linked_data().len(), 1, "home is where every way begins");
}
