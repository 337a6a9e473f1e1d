//! `archive stories|fill|publish|decide|reprint|lists|library|times|photos|find|ask`: archives of a given size for `./dev bench`, and the
//! time that publishing and printing again take in one.
//!
//! - `archive stories DATA TEMPLATE COUNT`: that many published stories, by the ordinary actions and prints. Each has
//!   the slides of the story TEMPLATE (an id or a slug), with long descriptions and a body of its own.
//! - `archive fill DATA TEMPLATE COUNT`: that many published stories, written into records and tree directly: the
//!   records are whole; the pages in the tree are short stand-ins, as nobody reads them.
//! - `archive publish DATA TEMPLATE ADDRESS COUNT`: publishes that many new stories one after the other and tells the
//!   milliseconds of each as JSON, from the action's beginning until the serving process at ADDRESS answers with it.
//! - `archive decide DATA TEMPLATE COUNT ADDRESS...`: publishes that many new stories and leaves the printing to others;
//!   tells the milliseconds of each as JSON, from the commit until the first and until all of the addresses answer with it.
//! - `archive reprint DATA TEMPLATE COUNT`: prints that many of its stories again, as `halftone reprint --all` does, and
//!   tells the seconds and the peak of memory as JSON.
//! - `archive lists DATA TEMPLATE`: the same for home, sections, sitemaps and all parts of all months.
//! - `archive library DATA TEMPLATE COUNT`: as `fill`, but each story has ten photos of its own; see `library.rs`.
//! - `archive times DATA TEMPLATE`: tells the median milliseconds of single deeds in such an archive as JSON.
//! - `archive photos DATA COUNT`: that many photos, a few of them in drafts, on shelf; see `finding.rs`.
//! - `archive ask DATA STORY reads|writes TASKS COUNT`: what the API does in the records for that many requests; see `asking.rs`.
//! - `archive find DATA`: tells how long searching, listing and finding what looks alike take there, as JSON.

mod asking;
mod finding;
mod library;
mod words;

use std::collections::BTreeSet;
use std::io::{Read, Write, stdout};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use futures_util::future::try_join_all;
use halftone::actions::create_story::{NewStory, create_story};
use halftone::actions::publish_story::{HowToPublish, publish_story};
use halftone::actions::{Denied, Who, find_story};
use halftone::app::App;
use halftone::config::{Config, Place};
use halftone::jobs::runner::{Outcome, Runner};
use halftone::jobs::{Context, Job, List, PRINTER, enqueue, kinds};
use halftone::pages::archive::STORIES_IN_A_PART;
use halftone::pages::month::Month;
use halftone::pages::{PageKey, address};
use newsroom::check::{AllowMissing, Missing};
use newsroom::published::PublishedStory;
use newsroom::slug::Slug;
use newsroom::story::Story;
use serde_json::json;
use serve::{Key, Printed, Status, Tombstone};
use store::{ActError, By, Listing, Page, Part, StoreError, Tx, View};
use tokio::sync::{mpsc, watch};

/// Stories that are written in one transaction by `fill`.
const BATCH: usize = 500;
/// How long a published story may take to be served.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        match words.as_slice() {
            ["stories", data, template, count] => {
                stories(&Desk::open(data, template).await?, count.parse()?).await
            }
            ["fill", data, template, count] => fill(&Desk::open(data, template).await?, count.parse()?).await,
            ["publish", data, template, address, count] => {
                publish(&Desk::open(data, template).await?, address, count.parse()?).await
            }
            ["decide", data, template, count, addresses @ ..] if !addresses.is_empty() => {
                decide(&Desk::open(data, template).await?, addresses, count.parse()?).await
            }
            ["reprint", data, template, count] => {
                reprint(&Desk::open(data, template).await?, count.parse()?).await
            }
            ["library", data, template, count] => {
                library::make(&Desk::open(data, template).await?, count.parse()?).await
            }
            ["times", data, template] => library::times(&Desk::open(data, template).await?).await,
            ["photos", data, count] => finding::make(&open(data).await?, count.parse()?).await,
            ["find", data] => finding::times(&open(data).await?).await,
            ["ask", data, story, what @ ("reads" | "writes"), tasks, count] => {
                asking::times(&open(data).await?, story, what, (tasks.parse()?, count.parse()?)).await
            }
            ["lists", data, template] => lists(&Desk::open(data, template).await?).await,
            _ => bail!(
                "archive stories|fill|reprint|library DATA TEMPLATE COUNT, archive lists|times DATA TEMPLATE, \
                 archive publish DATA TEMPLATE ADDRESS COUNT, archive decide DATA TEMPLATE COUNT ADDRESS..., \
                 archive photos DATA COUNT, archive find DATA, archive ask DATA STORY reads|writes TASKS COUNT"
            ),
        }
    })
}

async fn open(data: &str) -> Result<App> {
    let data = Path::new(data);
    let place = Place { data: data.to_path_buf(), ..Place::default() };
    Ok(App::open(data, Config::read(&place)?).await?)
}

/// A data folder, and the story whose slides all others get.
struct Desk {
    app: App,
    who: Who,
    template: Story,
    record: PublishedStory,
}

impl Desk {
    async fn open(data: &str, template: &str) -> Result<Self> {
        let app = open(data).await?;
        let id = find_story(app.store(), template).await?.context("the template is no story")?;
        let found = app
            .store()
            .view(async |view: &mut View| {
                Ok::<_, StoreError>((view.story(id).await?, view.publication(id).await?))
            })
            .await?;
        let (Some(template), Some(publication)) = found else { bail!("publish the template first") };
        Ok(Self { app, who: Who::operator(), template, record: publication.record })
    }

    /// A draft with the template's slides, each with texts that no other story has. Captions stay, since the rights
    /// in the photos' public files follow them.
    async fn draft(&self, number: usize) -> Result<Story> {
        let new =
            NewStory { headline: headline(number), tags: self.template.tags.clone(), ..NewStory::default() };
        let mut story = create_story(&self.app, &self.who, new).await.map_err(denied)?;
        story.lede.clone_from(&self.template.lede);
        story.body = format!("{}\n\n{}", filler(number, 12), self.template.body);
        story.slides.clone_from(&self.template.slides);
        story.cover.clone_from(&self.template.cover);
        for (slide, published) in story.slides.iter_mut().zip(&self.record.slides) {
            slide.long_description = Some(format!("{} {}", published.caption, filler(number, 3)));
        }
        self.act(async |tx: &mut Tx| Ok(tx.save_story(&story, &by(story.moments.changed)).await?)).await?;
        Ok(story)
    }

    /// One transaction.
    async fn act<T, F>(&self, action: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, ActError<StoreError>> + Clone,
    {
        self.app.store().act(action).await.map_err(|error| match error {
            ActError::Refused(fault) | ActError::Fault(fault) => fault.into(),
        })
    }

    /// Publishes a draft; the alternative texts of the samples may be missing.
    async fn publish(&self, story: &Story) -> Result<PublishedStory> {
        let allow = AllowMissing { alt: Missing::Allow, ..AllowMissing::default() };
        publish_story(&self.app, &self.who, story.id, &HowToPublish { allow, ..HowToPublish::default() })
            .await
            .map_err(denied)
    }

    /// Runs the jobs of these kinds that are due; a job that fails ends it.
    async fn work(&self, which: &[&'static str]) -> Result<()> {
        let (_stop, stopped) = watch::channel(false);
        let (ended, mut outcomes) = mpsc::unbounded_channel();
        Runner::new(Context::new(self.app.clone()), which, stopped).until_idle(&ended).await?;
        while let Ok(one) = outcomes.try_recv() {
            ensure!(matches!(one.outcome, Outcome::Done), "{}: {:?}", one.kind, one.outcome);
        }
        Ok(())
    }
}

fn denied(denied: Denied) -> anyhow::Error {
    match denied {
        Denied::Refused(refusals) => anyhow!("refused: {refusals:?}"),
        Denied::Fault(fault) => fault.into(),
    }
}

fn headline(number: usize) -> String {
    format!("Harbour report {number}: {}", filler(number, 1))
}

/// Sentences that differ from story to story, so that no two pages compress to the same bytes.
fn filler(number: usize, sentences: usize) -> String {
    const WHO: [&str; 8] =
        ["pilots", "fishers", "porters", "clerks", "sailors", "divers", "captains", "gulls"];
    const WHAT: [&str; 8] =
        ["waited for", "counted", "unloaded", "repaired", "watched", "painted", "sold", "moored"];
    const WHICH: [&str; 8] =
        ["ferries", "nets", "crates", "lanterns", "barges", "ropes", "dinghies", "buoys"];
    let pick = |list: [&'static str; 8], seed: usize| list.get(seed % 8).copied().unwrap_or_default();
    let sentence = |place: usize| {
        let seed = number.wrapping_mul(2_654_435_761).wrapping_add(place.wrapping_mul(40_503)) >> 3;
        let (who, what, which) = (pick(WHO, seed), pick(WHAT, seed >> 3), pick(WHICH, seed >> 6));
        format!("On day {} the {who} {what} {} {which}.", seed % 365 + 1, seed % 9_973)
    };
    (0..sentences).map(sentence).collect::<Vec<_>>().join(" ")
}

async fn stories(desk: &Desk, count: usize) -> Result<()> {
    for number in 0..count {
        let draft = desk.draft(number).await?;
        desk.publish(&draft).await?;
        desk.work(&[kinds::PRINT_STORY]).await?;
    }
    desk.work(&kinds::ALL).await?;
    desk.app.store().close().await;
    Ok(())
}

async fn fill(desk: &Desk, count: usize) -> Result<()> {
    for first in (0..count).step_by(BATCH) {
        let numbers: Vec<usize> = (first..count.min(first + BATCH)).collect();
        let change = desk.act(async |tx: &mut Tx| Ok(tx.next_change().await?)).await?;
        let records = numbers.iter().map(|number| old_story(desk, *number)).collect::<Result<Vec<_>>>()?;
        let pages = print_stand_ins(desk, &records, change).await?;
        desk.act(async |tx: &mut Tx| keep(tx, &records, &pages).await).await?;
        let zone = &desk.app.config().site.time_zone;
        let months: BTreeSet<Month> =
            records.iter().map(|(_, record)| Month::of(record.shown.at, zone)).collect();
        desk.act(async |tx: &mut Tx| {
            for month in &months {
                tx.count_month(&month.to_string(), month.begins(zone), month.next().begins(zone)).await?;
            }
            Ok(())
        })
        .await?;
    }
    desk.work(&kinds::ALL).await?;
    desk.app.store().close().await;
    Ok(())
}

/// A story of the archive, older the higher its number: its draft and what was published of it.
fn old_story(desk: &Desk, number: usize) -> Result<(Story, PublishedStory)> {
    let at = desk.record.shown.at.plus_seconds(-600 * i64::try_from(number + 1)?);
    let (id, headline) = (desk.app.story_id(), headline(number));
    let slug =
        Slug::from_text(&headline).context("the headline gives a slug")?.numbered(u32::try_from(number)?);
    let mut record = desk.record.clone();
    (record.id, record.slug, record.short_code) = (id, slug, desk.app.token::<6>());
    (record.headline, record.body) = (headline, filler(number, 30));
    (record.first_published, record.shown.at) = (at, at);
    let mut story = desk.template.clone();
    (story.id, story.slug, story.short_code) = (id, record.slug.clone(), record.short_code.clone());
    (story.headline, story.body) = (record.headline.clone(), record.body.clone());
    (story.moments.created, story.moments.changed) = (at, at);
    (story.moments.first_published, story.moments.published) = (Some(at), Some(at));
    story.moments.shown = Some(record.shown);
    Ok((story, record))
}

/// Pages and short addresses in the tree, and their rows.
async fn print_stand_ins(
    desk: &Desk,
    records: &[(Story, PublishedStory)],
    change: i64,
) -> Result<Vec<(Page, BTreeSet<String>)>> {
    let (tree, number, now) = (desk.app.tree().clone(), u64::try_from(change)?, desk.app.now());
    let sheets: Vec<_> = records.iter().map(|(_, record)| stand_in(record)).collect();
    tokio::task::spawn_blocking(move || {
        let (mut entries, mut pages) = (Vec::new(), Vec::new());
        for (path, short, printed, keys) in sheets {
            let redirect = Printed::redirect(Status::MovedPermanently, &path, PRINTER);
            pages.push((row(&path, change, 200, &printed.hash, now), keys));
            pages.push((row(&short, change, 301, &redirect.hash, now), BTreeSet::new()));
            entries.push(tree.put(&path, &printed, number)?);
            entries.push(tree.tombstone(&short, &Tombstone::Redirect(redirect), number)?);
        }
        tree.log(&entries)?;
        Ok(pages)
    })
    .await?
}

fn stand_in(record: &PublishedStory) -> (String, String, Printed, BTreeSet<String>) {
    let path = address::story(&record.slug).path().to_owned();
    let body = format!("<!doctype html><title>{}</title><p>{}", record.headline, record.lede);
    let printed = Printed::new(Status::Ok, "text/html; charset=utf-8", body, PRINTER);
    let photos = record.slides.iter().filter_map(|slide| Some(PageKey::Photo(slide.photo?)));
    let keys = photos.chain([PageKey::Story(record.id), PageKey::Site]).map(|key| key.to_string()).collect();
    (path, address::short(&record.short_code).path().to_owned(), printed, keys)
}

fn row(path: &str, change: i64, status: u16, hash: &str, at: newsroom::moment::Moment) -> Page {
    Page {
        path: path.to_owned(),
        page_key: Key::of(path).to_string(),
        change,
        status,
        etag: hash.to_owned(),
        printed_at: at,
        printer: PRINTER,
    }
}

/// Whoever fills the archive.
fn by(at: newsroom::moment::Moment) -> By<'static> {
    By { at, who: "operator", verb: "put_story" }
}

async fn keep(
    tx: &mut Tx,
    records: &[(Story, PublishedStory)],
    pages: &[(Page, BTreeSet<String>)],
) -> Result<(), ActError<StoreError>> {
    for (story, record) in records {
        tx.insert_story(story, &by(story.moments.changed)).await?;
        tx.put_publication(record, 1, record.first_published).await?;
    }
    for (page, keys) in pages {
        tx.record_page(page, keys).await?;
    }
    Ok(())
}

async fn publish(desk: &Desk, address: &str, count: usize) -> Result<()> {
    let first = usize::try_from(desk.app.now().as_micros() % 1_000_000_000)?;
    // Two that are not counted: connections, statements and the template's public files are made ready by them.
    for round in 0..count + 2 {
        let draft = desk.draft(first + round).await?;
        let path = address::story(&draft.slug).href();
        ensure!(ask(address, &path)?.is_empty(), "{path} is there before it is published");
        let begun = Instant::now();
        let (served, work) = tokio::join!(until_served(address, &path, &draft.headline, begun), async {
            desk.publish(&draft).await?;
            let acted = begun.elapsed();
            desk.work(&kinds::PRINTING).await?;
            Ok::<_, anyhow::Error>((acted, begun.elapsed()))
        });
        let (served, (acted, all)) = (served?, work?);
        if round >= 2 {
            let line = json!({ "served": millis(served), "action": millis(acted), "lists_too": millis(all) });
            writeln!(stdout(), "{line}")?;
        }
        desk.work(&kinds::ALL).await?;
    }
    desk.app.store().close().await;
    Ok(())
}

async fn decide(desk: &Desk, addresses: &[&str], count: usize) -> Result<()> {
    let first = usize::try_from(desk.app.now().as_micros() % 1_000_000_000)?;
    // Two that are not counted, as above.
    for round in 0..count + 2 {
        let draft = desk.draft(first + round).await?;
        let path = address::story(&draft.slug).href();
        for address in addresses {
            ensure!(ask(address, &path)?.is_empty(), "{path} is there before it is published");
        }
        desk.publish(&draft).await?;
        let decided = Instant::now();
        let shown = addresses.iter().map(|address| until_served(address, &path, &draft.headline, decided));
        let shown = try_join_all(shown).await?;
        let (Some(soonest), Some(latest)) = (shown.iter().min(), shown.iter().max()) else {
            bail!("no address")
        };
        if round >= 2 {
            let line = json!({ "first": millis(*soonest), "all": millis(*latest) });
            writeln!(stdout(), "{line}")?;
        }
    }
    desk.app.store().close().await;
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

async fn until_served(address: &str, path: &str, headline: &str, begun: Instant) -> Result<Duration> {
    let (address, path, headline) = (address.to_owned(), path.to_owned(), headline.to_owned());
    tokio::task::spawn_blocking(move || {
        while begun.elapsed() < PATIENCE {
            if ask(&address, &path)?.contains(&headline) {
                return Ok(begun.elapsed());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        bail!("{path} was not served in time")
    })
    .await?
}

/// The page at a path, plain; empty when there is none.
fn ask(address: &str, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(if answer.starts_with("HTTP/1.1 200 ") { answer } else { String::new() })
}

async fn reprint(desk: &Desk, count: usize) -> Result<()> {
    let newest = Part::newest(u32::try_from(count)?);
    let stories =
        desk.app.store().view(async |view: &mut View| view.published(Listing::All, newest).await).await?;
    let jobs = stories.iter().map(|one| Job::ReprintStory { story: one.record.id }).collect();
    timed(desk, jobs, &[kinds::REPRINT]).await
}

async fn lists(desk: &Desk) -> Result<()> {
    let months = desk.app.store().view(async |view: &mut View| view.published_months().await).await?;
    let mut jobs = vec![Job::ReprintLists];
    for counted in &months {
        let month = Month::parse(&counted.name).context("a month has a name")?;
        let parts = counted.stories.div_ceil(STORIES_IN_A_PART as u64);
        let part = |part| Job::ReprintList { list: List::Month(month, part) };
        jobs.extend((1..=u32::try_from(parts)?).map(part));
    }
    timed(desk, jobs, &[kinds::REPRINT_LIST, kinds::REPRINT_LISTS]).await
}

/// Asks for the jobs, runs them, and tells how long that took and how much memory.
async fn timed(desk: &Desk, jobs: Vec<Job>, which: &[&'static str]) -> Result<()> {
    let now = desk.app.now();
    desk.act(async |tx: &mut Tx| {
        for job in &jobs {
            enqueue(tx, job, now).await?;
        }
        Ok(())
    })
    .await?;
    let begun = Instant::now();
    desk.work(which).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse()?;
    let line = json!({ "jobs": jobs.len(), "seconds": seconds, "peak": peak * 1024 });
    writeln!(stdout(), "{line}")?;
    desk.app.store().close().await;
    Ok(())
}
