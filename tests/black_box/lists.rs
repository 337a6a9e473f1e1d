//! The ways to a story besides home and its section: tags, authors, the archive, its neighbours, its slides, search.

use std::collections::BTreeMap;

use crate::page::{attributes, slides};
use crate::site::{Serving, TestSite, looks_into_the_folder};

const PAGE: &str = "/story/three-photographs";

/// A site with a story that has a tag and an author.
fn published() -> TestSite {
    let site = TestSite::new();
    site.small_draft("Three photographs");
    site.edit("three-photographs", |text| {
        text.replace("bylines = []", "bylines = [\"Ana María Ruiz\"]")
            .replace("tags = []", "tags = [\"Water & Wind\"]")
    })
    .ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt", "--at", "2021-05-31T23:30:00Z"]);
    site
}

fn shows(serving: &Serving, path: &str) {
    let answer = serving.get(path);
    assert!(answer.status == 200 && answer.text().contains("Three photographs"), "{path}: {}", answer.status);
}

#[test]
fn a_story_stands_on_the_pages_of_its_tags_authors_and_month_and_leaves_them_when_it_is_withdrawn() {
    let site = published();
    let serving = site.serve();
    let lists = [
        "/tag/water-wind",
        "/tag/water-wind/feed.rss",
        "/by/ana-mar%C3%ADa-ruiz",
        "/archive/2021-05",
        "/feed.rss",
        "/section/photo/feed.rss",
    ];
    for path in lists {
        shows(&serving, path);
    }
    assert!(serving.get("/archive").text().contains("/archive/2021-05"));
    for path in ["/sitemap/2021-05.xml", "/sitemap.xml"] {
        let wanted = if path == "/sitemap.xml" { "/sitemap/2021-05.xml" } else { PAGE };
        assert!(serving.get(path).text().contains(wanted), "{path}");
    }
    site.does(&["withdraw", "three-photographs", "--reason", "killed"]);
    for path in lists {
        serving
            .get_until(path, |answer| answer.status == 200 && !answer.text().contains("Three photographs"));
    }
    serving.get_until("/sitemap/2021-05.xml", |answer| !answer.text().contains(PAGE));
    serving.get_until("/archive", |answer| !answer.text().contains("/archive/2021-05"));
}

/// The moments that a sitemap names.
fn moments(map: &str) -> Vec<String> {
    map.split("<lastmod>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_index_of_sitemaps_names_the_newest_change_of_each_part() {
    looks_into_the_folder();
    let site = published();
    let database = store::Database::Sqlite { path: site.data().join("halftone.db") };
    let store = store::Store::open(&database, newsroom::moment::Moment::from_micros(0)).await.unwrap();
    // The part was printed long ago.
    let then: Result<bool, store::ActError<store::StoreError>> = store
        .act(async |tx: &mut store::Tx| {
            let mut page = tx.page("/sitemap/2021-05.xml").await?.unwrap();
            page.printed_at = newsroom::moment::Moment::from_micros(0);
            page.change = tx.next_change().await?;
            let keys = tx.page_keys(&page.path).await?;
            Ok(tx.record_page(&page, &keys).await?)
        })
        .await;
    assert!(then.unwrap());
    store.close().await;
    site.does(&["publish", "three-photographs", "--allow-missing", "alt", "--at", "2021-05-30T23:30:00Z"]);
    let serving = site.serve();
    let listed = moments(&serving.get("/sitemap/2021-05.xml").text());
    assert_eq!((listed.len(), moments(&serving.get("/sitemap.xml").text())), (1, listed));
}

#[test]
fn a_story_that_changes_its_tag_leaves_the_old_one_and_moves_to_the_month_of_its_new_time() {
    let site = published();
    let serving = site.serve();
    site.edit("three-photographs", |text| text.replace("Water & Wind", "Weather")).ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt", "--at", "2021-06-02T08:00:00Z"]);
    for path in ["/tag/weather", "/archive/2021-06"] {
        serving.get_until(path, |answer| answer.text().contains("Three photographs"));
    }
    for path in ["/tag/water-wind", "/archive/2021-05"] {
        serving.get_until(path, |answer| !answer.text().contains("Three photographs"));
    }
}

#[test]
fn each_slide_has_a_page_that_goes_with_its_photo_or_moves_with_its_story() {
    let site = published();
    let serving = site.serve();
    let figures = slides(&serving.get(PAGE).text());
    let page = |slug: &str, slide: &str| format!("/story/{slug}/photo/{slide}");
    for figure in &figures {
        let html = serving.get(&page("three-photographs", &figure.slide)).text();
        assert!(html.contains(&figure.pictures[0]), "{}", figure.slide);
        assert!(html.contains(&format!("{PAGE}#p-{}", figure.slide)), "{}", figure.slide);
    }
    site.edit("three-photographs", |text| text.replace("slug = \"three-photographs\"", "slug = \"two\""))
        .ends_with(0);
    site.does(&["publish", "two", "--allow-missing", "alt"]);
    for figure in &figures {
        let answer =
            serving.get_until(&page("three-photographs", &figure.slide), |answer| answer.status == 301);
        assert_eq!(answer.header("location"), Some(page("two", &figure.slide).as_str()));
    }
    let photo = site.draft("two")["slides"][0]["photo"].as_str().unwrap().to_owned();
    site.does(&["withdraw", &photo, "--reason", "killed"]);
    serving.get_until(&page("two", &figures[0].slide), |answer| answer.status == 410);
    assert_eq!(serving.get(&page("two", &figures[1].slide)).status, 200);
    site.does(&["withdraw", "two", "--reason", "killed"]);
    serving.get_until(&page("two", &figures[1].slide), |answer| answer.status == 410);
}

#[test]
fn the_light_edition_has_no_picture_and_goes_with_the_story() {
    let site = published();
    let serving = site.serve();
    let light = serving.get(&format!("{PAGE}?light"));
    let html = light.text();
    assert!(light.status == 200 && html.contains("Ana María Ruiz") && !html.contains("<img"), "{html}");
    let links =
        attributes(&html, "href").into_iter().filter(|link| link.ends_with(".jpg")).collect::<Vec<_>>();
    assert_eq!(links.len(), 3);
    assert_eq!(serving.get(&links[0]).status, 200);
    assert!(serving.get(&format!("{PAGE}?dark")).text().contains("<img"), "an edition that there is not");
    site.does(&["withdraw", "three-photographs", "--reason", "killed"]);
    serving.get_until(&format!("{PAGE}?light"), |answer| answer.status == 410);
}

#[test]
fn stories_lead_to_those_before_and_after_them() {
    let site = published();
    site.small_draft("Another story");
    site.does(&["publish", "another-story", "--allow-missing", "alt", "--at", "2021-06-01T08:00:00Z"]);
    let serving = site.serve();
    let leads = |from: &str, to: &str| serving.get(from).text().contains(&format!("href=\"{to}\""));
    assert!(leads(PAGE, "/story/another-story") && leads("/story/another-story", PAGE));
    site.does(&["withdraw", "another-story", "--reason", "killed"]);
    serving.get_until(PAGE, |answer| !answer.text().contains("/story/another-story"));
}

#[test]
fn readers_search_in_headlines_captions_and_names() {
    let site = published();
    let serving = site.serve();
    let search =
        |words: &str| serving.get_until(&format!("/search?q={words}"), |answer| answer.status != 503).text();
    for words in ["shuttles+mission", "mar%C3%ADa", "PHOTOGRAPH", "%E2%80%8Fportrait%E2%80%8F"] {
        assert!(search(words).contains(&format!("href=\"{PAGE}\"")), "{words}");
    }
    for words in ["zeppelin", "portrait+zeppelin", "%27%20OR%201=1%20--", "port*"] {
        assert!(!search(words).contains(&format!("href=\"{PAGE}\"")), "{words}");
    }
    let form = serving.get("/search");
    assert!(form.status == 200 && form.text().contains("name=\"q\""));
    assert_eq!(serving.get(&format!("/search?q={}", "x".repeat(2000))).status, 400);
    let long = serving.get(&format!("/search?q={}", "x".repeat(201)));
    assert!(long.status == 400 && long.text().contains("200 characters at most"), "{}", long.text());
    let many = serving.get("/search?q=a+b+c+d+e+f+g");
    assert!(many.status == 400 && many.text().contains("6 words at most"), "{}", many.text());
    let hostile = search("%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(!hostile.contains("<script>alert"), "{hostile}");
    site.does(&["withdraw", "three-photographs", "--reason", "killed"]);
    assert!(!search("astronaut").contains(&format!("href=\"{PAGE}\"")), "at once");
}

#[test]
fn no_question_is_an_order_to_the_records() {
    let site = published();
    let serving = site.serve();
    let asked = |words: &str| {
        let query = words.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        serving.get_until(&format!("/search?q={query}"), |answer| ![429, 503].contains(&answer.status))
    };
    // Operators of full-text queries on both databases, of patterns and of SQL, around two words of the story.
    for words in [
        "shuttle & mission | !zz:* <->",
        "NEAR(shuttle mission)",
        "\"shuttle\" -mission ^ {a:b}",
        "shuttle%' OR '1'='1",
        "\u{202e}shuttle\u{202c} \u{200f}mission\u{2069}\u{0}",
        "'; DROP TABLE publications; --",
    ] {
        let answer = asked(words);
        assert!([200, 400].contains(&answer.status), "{words:?}: {}", answer.status);
        assert!(answer.text().contains("name=\"q\""), "{words:?}: the form stands with its answer");
    }
    assert!(
        asked("\u{202e}shuttle\u{202c} \u{200f}mission\u{200e}").text().contains(&format!("href=\"{PAGE}\""))
    );
    let endless = serving.get(&format!("/search?q={}", "shuttle+".repeat(1250)));
    assert!((400..500).contains(&endless.status), "{}", endless.status);
    assert!(
        !endless.text().is_empty() && endless.text().len() < 20_000,
        "a sentence, and not the question again"
    );
    assert!(serving.get("/").text().contains(PAGE), "nothing was dropped");
}

#[test]
fn who_searches_without_end_is_asked_to_wait_and_reads_on() {
    let site = published();
    let serving = site.serve();
    serving.get_until("/search?q=portrait", |answer| answer.status == 200);
    let mut answers = (0..40).map(|_| serving.get("/search?q=portrait"));
    let refused = answers.find(|answer| answer.status == 429).unwrap();
    assert!(
        refused.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok()).is_some_and(|s| s > 0)
    );
    assert_eq!(serving.get(PAGE).status, 200);
}

#[test]
fn machines_are_told_what_they_may_do() {
    let site = published();
    let serving = site.serve();
    let robots = serving.get("/robots.txt").text();
    assert!(robots.contains("GPTBot") && robots.contains("/sitemap.xml"), "{robots}");
    assert_eq!(serving.get("/.well-known/tdmrep.json").status, 200);
    let open = TestSite::with_settings("[site]\nmachine_use = \"open\"\n");
    open.small_story("Three photographs");
    assert!(!open.serve().get("/robots.txt").text().contains("GPTBot"));
    TestSite::with_settings("[site]\nmachine_use = \"some\"\n").run(&["stories"]).ends_with(2);
}

/// How many prints of each path lie in the tree, by the path's key.
fn prints(site: &TestSite) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for file in site.files("tree/pages") {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        *found.entry(name.split('.').next().unwrap().to_owned()).or_default() += 1;
    }
    found
}

#[test]
fn lists_are_printed_once_after_all_the_stories_that_are_printed_again() {
    looks_into_the_folder();
    const STORIES: usize = 8;
    let site = TestSite::new();
    for number in 1..=STORIES {
        site.small_draft(&format!("Story {number}"));
        let story = format!("story-{number}");
        site.edit(&story, |text| text.replace("tags = []", "tags = [\"Wind\"]")).ends_with(0);
        site.does(&["publish", &story, "--allow-missing", "alt"]);
    }
    let before = prints(&site);
    site.does(&["reprint", "--all"]);
    let after = prints(&site);
    for path in ["/", "/feed.atom", "/tag/wind", "/archive"] {
        let key = serve::Key::of(path).to_string();
        let times = after[&key] - before[&key];
        // Lists of the site at the beginning and all at the end; once more where a hand had nothing else to do while
        // the last story was printed.
        assert!((1..=3).contains(&times), "{path} was printed {times} times for {STORIES} stories");
    }
}
