//! The search page: the one page for readers that asks the records. Without them it says so; everything else is read on.

use std::net::IpAddr;
use std::time::Duration;

use hyper::{Method, Response, StatusCode, Uri, header};
use newsroom::published::PublishedStory;
use newsroom::search::{MAX_CHARS, MAX_WORDS, NotAQuery, Query, plain};
use serve::{Body, Visitor};
use store::{StoreError, View};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::{READS, text};
use crate::allowance::{Allowance, network};
use crate::app::App;
use crate::config::Held;
use crate::jobs::{site_of, site_with_sections, without_withdrawn};
use crate::pages::search::{Answer, Hit, PAGE_FIELD, QUERY_FIELD, form, results};
use crate::pages::{Page, PrintError, Site};
use crate::telemetry::chain;

/// Results on a page.
const ON_A_PAGE: u32 = 20;
/// The last page of results: who looks further asks more closely.
const LAST_PAGE: u32 = 10;
/// Questions that a reader may ask at once; one more for each [`REFILL`].
const AT_ONCE: u32 = 12;
const REFILL: Duration = Duration::from_secs(2);
/// Questions of all readers that are looked up at once: what they take is taken from the desk's work.
const TOGETHER: usize = 2;
/// How long a question may take.
const LONGEST: Duration = Duration::from_secs(5);

/// How often each reader asked lately, and how many are answered now.
#[derive(Debug)]
pub struct Questions {
    asked: Allowance<IpAddr>,
    places: Semaphore,
}

impl Default for Questions {
    fn default() -> Self {
        Self { asked: Allowance::new(AT_ONCE, REFILL), places: Semaphore::new(TOGETHER) }
    }
}

/// What a reader asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Asked {
    text: String,
    page: u32,
}

impl Asked {
    fn of(uri: &Uri) -> Self {
        let mut asked = Self { text: String::new(), page: 1 };
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            if name == QUERY_FIELD {
                asked.text = value.into_owned();
            } else if name == PAGE_FIELD {
                asked.page = value.parse().unwrap_or(1).clamp(1, LAST_PAGE);
            }
        }
        asked
    }
}

/// The answer of the search page. `app` is `None` while the records are away.
pub(super) async fn answer(
    (method, uri): (&Method, &Uri),
    visitor: Option<&Visitor>,
    app: Option<&App>,
    held: &Held,
    questions: &Questions,
) -> Response<Body> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut refused = text(StatusCode::METHOD_NOT_ALLOWED, "This address can only be read.\n".to_owned());
        refused.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(READS));
        return refused;
    }
    let asked = Asked::of(uri);
    let bare = site_of(held);
    let printed = match (Query::read(&asked.text, &held.site.language), app) {
        (Err(NotAQuery::Empty), Some(app)) => (StatusCode::OK, form(&masthead(app, held).await)),
        (Err(NotAQuery::Empty), None) => (StatusCode::OK, form(&bare)),
        (Err(NotAQuery::TooMany), _) => {
            (StatusCode::BAD_REQUEST, results(&bare, &asked.text, &Answer::TooMany { most: MAX_WORDS }))
        }
        (Err(NotAQuery::TooLong), _) => {
            (StatusCode::BAD_REQUEST, results(&bare, &asked.text, &Answer::TooLong { most: MAX_CHARS }))
        }
        (Ok(_), None) => (StatusCode::SERVICE_UNAVAILABLE, results(&bare, &asked.text, &Answer::Away)),
        (Ok(query), Some(app)) => {
            match visitor.map(|one| questions.asked.ask(network(one.address), Instant::now())) {
                Some(Err(seconds)) => {
                    let mut answer = page((
                        StatusCode::TOO_MANY_REQUESTS,
                        results(&bare, &asked.text, &Answer::Wait { seconds }),
                    ));
                    answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
                    return answer;
                }
                _ => match in_time(questions, found(app, held, &asked, &query)).await {
                    Some(found) => found,
                    None => (StatusCode::SERVICE_UNAVAILABLE, results(&bare, &asked.text, &Answer::Away)),
                },
            }
        }
    };
    page(printed)
}

/// The answer, if a place is free for it soon and it does not take too long.
async fn in_time<T>(questions: &Questions, answer: impl Future<Output = T>) -> Option<T> {
    let placed = async {
        let _place = questions.places.acquire().await.ok()?;
        Some(answer.await)
    };
    tokio::time::timeout(LONGEST, placed).await.ok().flatten()
}

async fn masthead(app: &App, held: &Held) -> Site {
    let site = app.store().view(async |view: &mut View| site_with_sections(held, view).await).await;
    site.unwrap_or_else(|_: StoreError| site_of(held))
}

async fn found(
    app: &App,
    held: &Held,
    asked: &Asked,
    query: &Query,
) -> (StatusCode, Result<Page, PrintError>) {
    let read = app
        .store()
        .view(async |view: &mut View| {
            let mut stories = Vec::new();
            for one in view.search(&query.words, ON_A_PAGE * asked.page + 1).await? {
                stories.extend(without_withdrawn(view, one.record).await?);
            }
            Ok::<_, StoreError>((site_with_sections(held, view).await?, stories))
        })
        .await;
    let (site, stories) = match read {
        Ok(read) => read,
        Err(error) => {
            tracing::error!(error = %chain(&error), "a search could not be answered");
            let away = results(&site_of(held), &asked.text, &Answer::Away);
            return (StatusCode::SERVICE_UNAVAILABLE, away);
        }
    };
    let (first, last) = ((ON_A_PAGE * (asked.page - 1)) as usize, (ON_A_PAGE * asked.page) as usize);
    let shown = stories.get(first..last.min(stories.len())).unwrap_or_default();
    let sentences: Vec<String> = shown.iter().map(|story| sentence(story, query)).collect();
    let hits: Vec<Hit<'_>> = shown.iter().zip(&sentences).map(|(story, text)| hit(story, text)).collect();
    let more = stories.len() > last && asked.page < LAST_PAGE;
    (StatusCode::OK, results(&site, &asked.text, &Answer::Found { hits: &hits, page: asked.page, more }))
}

fn hit<'a>(story: &'a PublishedStory, sentence: &'a str) -> Hit<'a> {
    Hit {
        slug: &story.slug,
        headline: &story.headline,
        language: &story.language,
        direction: story.direction,
        shown: story.shown.at,
        sentence,
    }
}

/// Characters of the sentence that is shown.
const LONGEST_SENTENCE: usize = 240;

/// The first paragraph or caption that holds one of the words; the lede where only headline, tags or names do.
fn sentence(story: &PublishedStory, query: &Query) -> String {
    let captions = story.slides.iter().map(|slide| slide.caption.as_str());
    let mut texts = story.lede.lines().chain(captions).chain(story.body.lines()).map(plain);
    let met = texts.find(|text| query.is_met_in(text, &story.language));
    let text = met.unwrap_or_else(|| plain(&story.lede));
    match text.char_indices().nth(LONGEST_SENTENCE) {
        None => text,
        Some((end, _)) => {
            let head = text.get(..end).unwrap_or(&text);
            let whole = head.rfind(char::is_whitespace).and_then(|at| head.get(..at)).unwrap_or(head);
            format!("{whole} …")
        }
    }
}

fn page((status, printed): (StatusCode, Result<Page, PrintError>)) -> Response<Body> {
    let page = match printed {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(error = %chain(&error), "the search page could not be printed");
            return text(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The search page could not be printed.\n".to_owned(),
            );
        }
    };
    let mut response = text(status, page.body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(page.content_type));
    if let Ok(language) = header::HeaderValue::from_str(&page.language) {
        headers.insert(header::CONTENT_LANGUAGE, language);
    }
    for (name, value) in serve::protection(page.content_type) {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_from_the_address() {
        let asked = |query: &str| Asked::of(&format!("/search?{query}").parse().unwrap());
        let of = |text: &str, page| Asked { text: text.to_owned(), page };
        assert_eq!(asked("q=caf%C3%A9+du+coin&page=3"), of("café du coin", 3));
        assert_eq!(asked("page=0&q=a%26b"), of("a&b", 1));
        assert_eq!(asked("page=4000000000000&q=%ff"), of("\u{fffd}", 1));
        assert_eq!(asked("page=99"), of("", LAST_PAGE));
    }
}
