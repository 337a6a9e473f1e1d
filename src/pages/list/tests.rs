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
    assert_eq!(tree.all("img")[3].attribute("alt"), "Photo 4 of 8, see caption");
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
fn a_section_names_itself_and_links_its_own_months() {
    let site = samples::site("en");
    let tree = tree(section(&site, &site.sections[1], &samples::list(&[], &[])));
    assert_eq!(tree.all("h1")[0].text(), "World");
    let current = tree.all("a").into_iter().find(|a| a.attribute("aria-current") == "true").unwrap();
    assert_eq!(current.text(), "World");
    let months: Vec<String> = tree.classed("months")[0].all("li").iter().map(|li| li.text()).collect();
    assert_eq!(months, ["December 2020 1 story", "November 2020 14 stories"]);
    assert_eq!(tree.classed("months")[0].all("a")[0].attribute("href"), "/section/world/2020/12");
}

#[test]
fn a_month_has_an_address_that_does_not_shift() {
    let site = samples::site("de");
    let stories = samples::stories();
    let pictures = samples::Pictures::new();
    let cards = samples::cards(&stories, &pictures);
    let input = ListInput { months: &[], ..samples::list(&cards, &[]) };
    let page = month(&site, None, (2021, 1), &input).unwrap();
    assert!(page.body.contains("<link rel=\"canonical\" href=\"https://news.example/month/2021/01\">"));
    assert!(page.keys.contains(&PageKey::Month(2021, 1, None)));
    let tree = Node::parse(&page.body);
    assert_eq!(tree.all("h1")[0].text(), "Januar 2021");
    assert_eq!(tree.classed("to-come").len(), stories.len());
    assert!(tree.classed("months").is_empty());
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
