use jiff::tz::{TimeZone, offset};

use super::*;
use crate::pages::dom::Node;
use crate::pages::samples;

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn tree(page: &Page) -> Node {
    let tree = Node::parse(&page.body);
    tree.check_page();
    tree
}

fn row<'a>(slug: &'a Slug, headline: &'a str, at: &str) -> Row<'a> {
    let shown = Moment::parse(at).unwrap();
    Row { slug, headline, language: "en", direction: Direction::Ltr, shown, photos: 3 }
}

fn input<'a>(rows: &'a [Row<'a>], part: u32, parts: u32) -> PartInput<'a> {
    PartInput {
        month: month("2021-01"),
        part,
        parts,
        rows,
        earlier: Some(month("2020-11")),
        later: Some(month("2021-02")),
    }
}

fn hrefs(nodes: &[&Node]) -> Vec<String> {
    nodes.iter().flat_map(|node| node.all("a")).map(|link| link.attribute("href").to_owned()).collect()
}

#[test]
fn the_index_counts_the_stories_of_each_month_under_its_year() {
    let months = [("2021-02", 1), ("2021-01", 12_040), ("2020-11", 2)];
    let months = months.map(|(text, stories)| MonthCount { month: month(text), stories });
    let page = index(&samples::site("en"), &months).unwrap();
    let tree = tree(&page);
    let years: Vec<String> = tree.all("h2").into_iter().map(Node::text).collect();
    assert_eq!(years, ["2021", "2020"]);
    let rows: Vec<String> = tree.classed("year")[0].all("li").into_iter().map(Node::text).collect();
    assert_eq!(rows, ["February 1 story", "January 12,040 stories"]);
    assert_eq!(hrefs(&tree.classed("rows")), ["/archive/2021-02", "/archive/2021-01", "/archive/2020-11"]);
    assert_eq!(page.keys, BTreeSet::from([PageKey::Site, PageKey::Newest]));
}

#[test]
fn an_empty_archive_says_so() {
    let tree = tree(&index(&samples::site("ar"), &[]).unwrap());
    assert_eq!(tree.classed("nothing").len(), 1);
}

#[test]
fn a_month_is_cut_into_the_days_of_the_sites_zone() {
    let slug = Slug::from_text("one").unwrap();
    let rows = [
        row(&slug, "First", "2021-01-02T09:05:00Z"),
        row(&slug, "Late", "2021-01-02T22:30:00Z"),
        row(&slug, "Last", "2021-01-03T08:00:00Z"),
    ];
    let mut site = samples::site("en");
    site.time_zone = TimeZone::fixed(offset(2));
    let tree = tree(&part(&site, &input(&rows, 1, 1)).unwrap());
    let days: Vec<String> = tree.classed("day").into_iter().map(Node::text).collect();
    assert_eq!(
        days,
        [
            "2 January 2021 First 11:05 · 3 photos",
            "3 January 2021 Late 00:30 · 3 photos Last 10:00 · 3 photos"
        ]
    );
}

#[test]
fn a_part_leads_to_its_neighbours_and_to_the_months_around() {
    let page = part(&samples::site("en"), &input(&[], 2, 3)).unwrap();
    let tree = tree(&page);
    assert_eq!(tree.all("h1")[0].text(), "January 2021 Part 2 of 3");
    let turns = tree.classed("turn");
    assert_eq!(
        hrefs(&turns),
        ["/archive/2021-01", "/archive/2021-01/3", "/archive/2020-11", "/archive/2021-02"]
    );
    assert_eq!(turns[1].text(), "November 2020February 2021");
    assert_eq!(page.keys, BTreeSet::from([PageKey::Site, PageKey::Month("2021-01".to_owned())]));
    let way = tree.linked_data()[1]["itemListElement"].as_array().unwrap().len();
    assert_eq!(way, 3, "home, archive, month");
}

#[test]
fn a_month_of_one_part_alone_leads_nowhere_else() {
    let lone = PartInput { earlier: None, later: None, ..input(&[], 1, 1) };
    let tree = tree(&part(&samples::site("en"), &lone).unwrap());
    assert!(tree.classed("turn").is_empty());
    assert_eq!(tree.all("h1")[0].text(), "January 2021");
}

#[test]
fn a_headline_in_another_language_says_so_and_stays_a_text() {
    let slug = Slug::from_text("one").unwrap();
    let other =
        Row {
            language: "ar", direction: Direction::Rtl, ..row(&slug, "<b>\"خبر\"", "2021-01-02T09:05:00Z")
        };
    let tree = tree(&part(&samples::site("en"), &input(&[other], 1, 1)).unwrap());
    let item = tree.classed("rows")[0].all("li")[0];
    assert_eq!((item.attribute("lang"), item.attribute("dir")), ("ar", "rtl"));
    assert_eq!(item.all("a")[0].text(), "<b>\"خبر\"");
    assert_eq!(item.classed("meta")[0].attribute("lang"), "en");
}

#[test]
fn five_hundred_stories_fill_a_part_of_bearable_size() {
    let slug = Slug::from_text("A headline of the usual length for a story").unwrap();
    let rows = vec![
        row(&slug, "A headline of the usual length for a story", "2021-01-02T09:05:00Z");
        STORIES_IN_A_PART
    ];
    let page = part(&samples::site("en"), &input(&rows, 1, 2)).unwrap();
    assert!(page.body.len() < 150_000, "{} bytes", page.body.len());
}
