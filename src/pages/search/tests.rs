use super::*;
use crate::pages::dom::Node;
use crate::pages::samples;

fn tree(page: &Page) -> Node {
    let tree = Node::parse(&page.body);
    tree.check_page();
    tree
}

fn answered(query: &str, answer: &Answer<'_>) -> Node {
    tree(&results(&samples::site("en"), query, answer).unwrap())
}

fn said(answer: &Answer<'_>) -> String {
    let tree = answered("Daesh", answer);
    assert!(tree.classed("hits").is_empty());
    let said = tree.classed("nothing")[0];
    assert_eq!(said.attribute("role"), "status");
    said.text()
}

#[test]
fn the_form_asks_by_get_and_stays_out_of_search_engines() {
    let tree = tree(&form(&samples::site("en")).unwrap());
    let form = tree.all("form")[0];
    assert_eq!((form.attribute("action"), form.attribute("method")), ("/search", "get"));
    let input = form.all("input")[0];
    assert_eq!((input.attribute("name"), input.attribute("value")), (QUERY_FIELD, ""));
    assert_eq!(form.all("label")[0].attribute("for"), input.attribute("id"));
    assert!(tree.all("meta").iter().any(|meta| meta.attribute("content") == "noindex"));
    assert!(tree.all("link").iter().all(|link| link.attribute("rel") != "canonical"));
}

#[test]
fn a_hit_shows_headline_day_and_the_sentence_that_matched_in_its_own_language() {
    let story = samples::arabic_story();
    let hit = Hit {
        slug: &story.slug,
        headline: &story.headline,
        language: "ar",
        direction: Direction::Rtl,
        shown: samples::moment(),
        sentence: "رفعوا <b>صورًا</b>",
    };
    let tree = answered("صور", &Answer::Found { hits: &[hit], page: 1, more: false });
    let item = tree.classed("hits")[0].all("li")[0];
    assert_eq!((item.attribute("lang"), item.attribute("dir")), ("ar", "rtl"));
    assert_eq!(item.all("a")[0].attribute("href"), address::story(&story.slug).href());
    assert_eq!(item.all("p")[0].text(), "رفعوا <b>صورًا</b>");
    assert_eq!(item.classed("meta")[0].text(), "3 January 2021");
    assert!(tree.classed("nothing").is_empty() && tree.classed("turn").is_empty());
}

#[test]
fn pages_of_results_carry_the_query_on() {
    let story = samples::story(1);
    let hit = Hit {
        slug: &story.slug,
        headline: &story.headline,
        language: "en",
        direction: Direction::Ltr,
        shown: samples::moment(),
        sentence: "",
    };
    let tree = answered("a/b & é", &Answer::Found { hits: &[hit], page: 2, more: true });
    let links: Vec<&str> =
        tree.classed("turn")[0].all("a").iter().map(|link| link.attribute("href")).collect();
    assert_eq!(links, ["/search?q=a%2Fb%20%26%20%C3%A9", "/search?q=a%2Fb%20%26%20%C3%A9&page=3"]);
}

#[test]
fn each_reason_for_no_result_is_one_sentence() {
    let nothing = said(&Answer::Found { hits: &[], page: 1, more: false });
    assert_eq!(nothing, "Nothing was found for “\u{2068}Daesh\u{2069}”.");
    assert_eq!(said(&Answer::TooMany { most: 8 }), "Please search for 8 words at most.");
    assert_eq!(said(&Answer::TooLong { most: 200 }), "Please search with 200 characters at most.");
    let wait = said(&Answer::Wait { seconds: 1 });
    assert!(wait.ends_with("Please search again in 1 second."), "{wait}");
    assert!(said(&Answer::Away).starts_with("The search is away for the moment."));
}

#[test]
fn a_query_is_shown_again_as_a_text_and_never_longer_than_the_form_takes() {
    let nasty = format!("\"><script>alert(1)</script>\u{0}\u{202e} {}", "x".repeat(10_000));
    let tree = answered(&nasty, &Answer::Found { hits: &[], page: 1, more: false });
    let shown = tree.all("input")[0].attribute("value");
    assert!(shown.starts_with("\"><script>alert(1)</script>"), "{shown}");
    assert!(shown.chars().count() <= LONGEST_QUERY);
    assert!(tree.all("script").is_empty());
}
