//! The search page for readers: the form, what was found, and why there is no answer now. It is the one page that is
//! made while its reader waits; search engines are asked to leave it out.

use std::collections::BTreeSet;

use askama::Template;
use newsroom::moment::Moment;
use newsroom::slug::Slug;
use newsroom::story::Direction;

use super::address::{self, percent_encoded};
use super::frame::{Frame, chrome};
use super::marks::printable;
use super::times::{day_in_words, machine};
use super::{HTML, Page, PageKey, PrintError, Site};

/// Name of the field that holds what is searched for.
pub const QUERY_FIELD: &str = "q";
/// Name of the field that holds the page of results, from 1.
pub const PAGE_FIELD: &str = "page";
/// Characters that the form takes. What is longer is refused as [`Answer::TooLong`].
pub const LONGEST_QUERY: usize = 200;

/// A story that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// Its name in addresses.
    pub slug: &'a Slug,
    /// Headline.
    pub headline: &'a str,
    /// Language of headline and sentence (BCP 47).
    pub language: &'a str,
    /// The way they run.
    pub direction: Direction,
    /// The time that readers see.
    pub shown: Moment,
    /// The sentence that matched, plain; may be empty.
    pub sentence: &'a str,
}

/// What a search came to.
#[derive(Debug, Clone, Copy)]
pub enum Answer<'a> {
    /// Stories, best first.
    Found {
        /// Those of this page.
        hits: &'a [Hit<'a>],
        /// The page of results, from 1.
        page: u32,
        /// More follow on the next page.
        more: bool,
    },
    /// The query holds more than may be asked for.
    TooMany {
        /// Words that are looked for at most.
        most: usize,
    },
    /// The query has more characters than are read.
    TooLong {
        /// Characters that are read at most.
        most: usize,
    },
    /// This reader asked too often.
    Wait {
        /// Seconds until the next question is answered.
        seconds: u64,
    },
    /// The records cannot be asked at the moment.
    Away,
}

struct HitView {
    href: String,
    /// `lang` and `dir`, where they are not the page's.
    tongue: String,
    /// `lang` and `dir` for texts of the house inside.
    chrome: String,
    headline: String,
    day: String,
    machine: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "pages/search.html")]
struct SearchPage<'a> {
    frame: Frame<'a>,
    action: String,
    query: String,
    longest: usize,
    /// What is said above the results, or in their place.
    said: Option<String>,
    hits: Vec<HitView>,
    previous: Option<String>,
    next: Option<String>,
}

/// Prints the search page before anything was asked.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no input causes.
pub fn form(site: &Site) -> Result<Page, PrintError> {
    finish(SearchPage::blank(site, ""))
}

/// Prints the answer to a query, which is shown again in the form.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no input causes.
pub fn results(site: &Site, query: &str, answer: &Answer<'_>) -> Result<Page, PrintError> {
    let mut page = SearchPage::blank(site, query);
    let texts = page.frame.texts;
    match *answer {
        Answer::Found { hits, page: number, more } => {
            page.hits = hits.iter().map(|hit| view(site, hit, &page.frame)).collect();
            if hits.is_empty() {
                // Isolated: the reader's words may run another way than the house's around them (R43).
                let query = format!("\u{2068}{}\u{2069}", page.query);
                page.said = Some(texts.fill("search-nothing", &[("query", &query)]));
            }
            page.previous = (number > 1).then(|| href(&page.query, number - 1));
            page.next = more.then(|| href(&page.query, number.saturating_add(1)));
        }
        Answer::TooMany { most } => page.said = Some(texts.count("search-too-many", most as u64)),
        Answer::TooLong { most } => page.said = Some(texts.count("search-too-long", most as u64)),
        Answer::Wait { seconds } => page.said = Some(texts.count("search-wait", seconds)),
        Answer::Away => page.said = Some(texts.say("search-away")),
    }
    finish(page)
}

impl<'a> SearchPage<'a> {
    fn blank(site: &'a Site, query: &str) -> Self {
        let mut frame = Frame::of_site(site, String::new());
        frame.title = frame.texts.say("search");
        let query = query.trim().chars().take(LONGEST_QUERY).collect::<String>();
        let query = printable(&query).split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            frame,
            action: address::search().href(),
            query,
            longest: LONGEST_QUERY,
            said: None,
            hits: Vec::new(),
            previous: None,
            next: None,
        }
    }
}

fn view(site: &Site, hit: &Hit<'_>, frame: &Frame<'_>) -> HitView {
    let day = hit.shown.as_timestamp().to_zoned(site.time_zone.clone()).date();
    HitView {
        href: address::story(hit.slug).href(),
        tongue: frame.tongue(hit.language, hit.direction),
        chrome: chrome(hit.language, frame.texts),
        headline: printable(hit.headline.trim()),
        day: day_in_words(day, frame.texts),
        machine: machine(hit.shown),
        sentence: printable(hit.sentence.trim()),
    }
}

/// The address of a page of results.
fn href(query: &str, page: u32) -> String {
    let field = percent_encoded(query).replace('/', "%2F");
    let address = format!("{}?{QUERY_FIELD}={field}", address::SEARCH);
    if page <= 1 { address } else { format!("{address}&{PAGE_FIELD}={page}") }
}

fn finish(page: SearchPage<'_>) -> Result<Page, PrintError> {
    let language = page.frame.language.clone();
    Ok(Page { content_type: HTML, language, body: page.render()?, keys: BTreeSet::from([PageKey::Site]) })
}

#[cfg(test)]
mod tests;
