//! What may happen at the same time, and what a machine may lose.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use newsroom::id::JobId;
use newsroom::moment::Moment;
use store::{ActError, Claim, Database, NewJob, Store, StoreError, Tx};

use crate::page::slides;
use crate::site::{SMALL, TestSite, looks_into_the_folder};

const PATH: &str = "/story/three-photographs";
const STORY: &str = "three-photographs";

fn photo_of(site: &TestSite, slide: usize) -> String {
    site.draft(STORY)["slides"][slide]["photo"].as_str().unwrap().to_owned()
}

/// Holds the records' write lock for a while, as a backup program or another Halftone may.
async fn hold_the_lock(store: &Store, time: Duration) {
    let held: Result<(), ActError<StoreError>> = store
        .act(async |_: &mut Tx| {
            tokio::time::sleep(time).await;
            Ok(())
        })
        .await;
    held.unwrap();
}

/// Whether a worker is making renditions.
fn develops(site: &TestSite) -> bool {
    site.files("incoming").iter().any(|file| file.to_str().unwrap().contains("/develop-"))
}

#[tokio::test]
async fn a_lease_is_lengthened_while_its_job_waits_for_the_records() {
    let site = TestSite::with_settings("[work]\nlease_seconds = 3\n");
    site.small_draft("Three photographs");
    let database = Database::Sqlite { path: site.data().join("halftone.db") };
    let store = Store::open(&database, Moment::from_micros(0)).await.unwrap();
    let folder = site.folder_of("more", &["hubble.jpg", "dandelion.jpg"]);
    let mut ingest = site.command(&["ingest", folder.to_str().unwrap(), "--story", STORY]).spawn().unwrap();
    while !develops(&site) && ingest.try_wait().unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    // Longer than a lease, shorter than the patience of whoever waits for the lock.
    hold_the_lock(&store, Duration::from_millis(4500)).await;
    assert!(ingest.wait().unwrap().success());
    store.close().await;
    assert_eq!(site.draft(STORY)["slides"].as_array().unwrap().len(), SMALL.len() + 2);
}

#[test]
fn nothing_is_left_of_a_photo_that_is_withdrawn_while_it_is_developed() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let photo = photo_of(&site, 0);
    site.does(&["withdraw", &photo, "--reason", "killed"]);
    let mut undone = site.command(&["withdraw", &photo, "--undo", "--reason", "not killed"]).spawn().unwrap();
    while !develops(&site) && undone.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    site.does(&["withdraw", &photo, "--reason", "killed again"]);
    undone.wait().unwrap();
    site.does(&["reprint", STORY]);
    let left: Vec<_> = site
        .files("public")
        .into_iter()
        .chain(site.files("renditions"))
        .filter(|file| file.to_str().unwrap().contains(&photo))
        .collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_withdrawal_whose_log_entry_was_torn_is_carried_out_again() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_story("Three photographs");
    let before = site.files("tree/log");
    site.does(&["withdraw", STORY, "--reason", "killed"]);
    for entry in site.files("tree/log").into_iter().filter(|file| !before.contains(file)) {
        std::fs::File::create(entry).unwrap();
    }
    let said = site.run(&["doctor"]).ends_with(1);
    assert!(said.out.contains("still in the printed tree: three-photographs"), "{}", said.out);
    let serving = site.serve();
    serving.get_until(PATH, |answer| answer.status == 410);
    drop(serving);
    assert!(!site.run(&["doctor"]).out.contains("still in the printed tree"));
}

#[test]
fn a_photo_whose_withdrawal_was_torn_is_gone_again() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let pictures = slides(&site.serve().get(PATH).text()).remove(0).pictures;
    let before = site.files("tree/log");
    site.does(&["withdraw", &photo_of(&site, 0), "--reason", "killed"]);
    for entry in site.files("tree/log").into_iter().filter(|file| !before.contains(file)) {
        std::fs::File::create(entry).unwrap();
    }
    let serving = site.serve();
    for picture in pictures {
        serving.get_until(&picture, |answer| answer.status == 410);
    }
}

#[test]
fn an_ingest_that_is_killed_when_its_draft_stands_goes_on_without_doubles() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL);
    let words = ["ingest", folder.to_str().unwrap(), "--story", "Three photographs"];
    let mut ingest = site.command(&words).arg("--json").stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(ingest.stdout.take().unwrap()).lines();
    let drafted = lines.map(Result::unwrap).any(|line| line.contains("\"drafted\""));
    ingest.kill().unwrap();
    ingest.wait().unwrap();
    assert!(drafted, "the draft stands before the files are in");
    let slides = |site: &TestSite| site.draft(STORY)["slides"].clone();
    let before = slides(&site);
    assert_eq!(before.as_array().unwrap().len(), SMALL.len());
    let doctor = site.run(&["doctor"]).out;
    let waiting = site.run(&["publish", STORY, "--allow-missing", "alt"]);
    assert!(waiting.code == 0 || doctor.contains("the same command goes on"), "{doctor}\n{}", waiting.err);
    site.does(&words);
    assert_eq!(slides(&site), before);
    assert!(!site.run(&["doctor"]).out.contains("their files are not in"));
    site.does(&["publish", STORY, "--allow-missing", "alt"]);
}

#[test]
fn files_with_an_older_caption_go_when_the_story_is_printed_with_the_newer() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let files = site.files("public").len();
    for caption in ["One caption.", "Another caption."] {
        let own = {
            let text = site.does(&["story", "get", STORY]).out;
            text.lines().find(|line| line.starts_with("caption = ")).unwrap().to_owned()
        };
        site.edit(STORY, |text| text.replacen(&own, &format!("caption = \"{caption}\""), 1)).ends_with(0);
        site.does(&["publish", STORY, "--allow-missing", "alt"]);
        assert_eq!(site.files("public").len(), files, "after {caption}");
    }
    let serving = site.serve();
    for figure in slides(&serving.get(PATH).text()) {
        for picture in figure.pictures {
            assert_eq!(serving.get(&picture).status, 200, "{picture}");
        }
    }
}

#[test]
fn every_photo_of_a_draft_has_its_public_files_before_it_is_published() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_draft("Three photographs");
    let public = site.files("public");
    for slide in 0..SMALL.len() {
        let photo = photo_of(&site, slide);
        assert!(public.iter().any(|file| file.to_str().unwrap().contains(&photo)), "slide {slide}");
    }
}

#[test]
fn a_print_that_fails_is_never_reported_as_done() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_story("Three photographs");
    let unfinished = site.data().join("tree/unfinished");
    std::fs::remove_dir_all(&unfinished).unwrap();
    std::fs::write(&unfinished, "no folder").unwrap();
    let said = site.run(&["withdraw", STORY, "--reason", "killed"]).ends_with(3);
    assert!(said.out.contains("NOT YET carried out"), "{}", said.out);
    assert!(!said.out.contains("Printed again"), "{}", said.out);
    let doctor = site.run(&["doctor"]).ends_with(1);
    assert!(doctor.out.contains("print_story"), "{}", doctor.out);
    std::fs::remove_file(&unfinished).unwrap();
    site.does(&["reprint", STORY]);
    assert_eq!(site.serve().get(PATH).status, 410);
}

/// A job in the hands of a worker that takes its time.
struct InFlight {
    store: Store,
    claim: Claim,
}

impl InFlight {
    /// `payload` as the queue holds it, `about` what tells the job from others of its kind.
    async fn begin(site: &TestSite, kind: &str, about: &str, payload: serde_json::Value) -> Self {
        let database = Database::Sqlite { path: site.data().join("halftone.db") };
        let then = Moment::from_micros(0);
        let store = Store::open(&database, then).await.unwrap();
        let job = NewJob {
            id: JobId::new(then, [u8::try_from(about.len()).unwrap(); 10]),
            kind: kind.to_owned(),
            payload: payload.to_string(),
            dedupe: format!("{kind}:{about}"),
            run_after: then,
        };
        let put: Result<(), ActError<StoreError>> =
            store.act(async |tx: &mut Tx| Ok(tx.enqueue(&job).await?)).await;
        put.unwrap();
        // Into the next century, which no runner of this test waits for.
        let claim = store.claim_job(&[kind], "elsewhere", Moment::from_micros(1), u32::MAX).await.unwrap();
        Self { store, claim: claim.unwrap() }
    }

    async fn end(self) {
        let done: Result<bool, ActError<StoreError>> =
            self.store.act(async |tx: &mut Tx| Ok(tx.finish_job(&self.claim).await?)).await;
        assert!(done.unwrap());
        self.store.close().await;
    }
}

/// A command that waits for what another process does.
struct Waiting(std::process::Child);

impl Waiting {
    fn publish(site: &TestSite, story: &str, at: &str) -> Self {
        let mut publish = site.command(&["publish", story, "--allow-missing", "alt", "--at", at]);
        Self(publish.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn ends_well(mut self) {
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_list_that_is_printed_while_its_story_moves_away_is_printed_once_more() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_draft("Three photographs");
    let tags = |from: &str, to: &str| site.edit(STORY, |text| text.replace(from, to)).ends_with(0);
    tags("tags = []", "tags = [\"Water\"]");
    site.does(&["publish", STORY, "--allow-missing", "alt", "--at", "2021-05-30T12:00:00Z"]);
    tags("\"Water\"", "\"Wind\"");
    // These prints read the story where it stood, and write that down only when they end.
    let mut prints = Vec::new();
    for list in ["/tag/water", "/archive/2021-05"] {
        let payload = serde_json::json!({ "job": "print_list", "list": list });
        prints.push(InFlight::begin(&site, "print_list", list, payload).await);
        forget_what_stands_on(&prints[0].store, list).await;
    }
    let publish = Waiting::publish(&site, STORY, "2021-06-02T12:00:00Z");
    let serving = site.serve();
    for path in ["/tag/wind", "/archive/2021-06"] {
        serving.get_until(path, |answer| answer.text().contains(PATH));
    }
    for print in prints {
        print.end().await;
    }
    for path in ["/tag/water", "/archive/2021-05", "/sitemap/2021-05.xml"] {
        serving.get_until(path, |answer| answer.status == 200 && !answer.text().contains(PATH));
    }
    serving.get_until("/archive", |answer| !answer.text().contains("/archive/2021-05"));
    publish.ends_well();
}

/// As if the page had been printed with nothing on it.
async fn forget_what_stands_on(store: &Store, path: &str) {
    let forgotten: Result<bool, ActError<StoreError>> = store
        .act(async |tx: &mut Tx| {
            let mut page = tx.page(path).await?.unwrap();
            page.change = tx.next_change().await?;
            Ok(tx.record_page(&page, &std::collections::BTreeSet::new()).await?)
        })
        .await;
    assert!(forgotten.unwrap());
}

#[tokio::test]
async fn no_list_leads_to_a_story_that_is_not_printed_yet() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_draft("Three photographs");
    site.small_draft("Another story");
    // Stands between the two, whose neighbours are printed too.
    site.small_draft("A third story");
    site.does(&["publish", "a-third-story", "--allow-missing", "alt", "--at", "2021-05-30T12:00:01Z"]);
    let id = site.draft(STORY)["id"].as_str().unwrap().to_owned();
    let payload = serde_json::json!({ "job": "print_story", "story": id });
    let print = InFlight::begin(&site, "print_story", &id, payload).await;
    let first = Waiting::publish(&site, STORY, "2021-05-30T12:00:00Z");
    while site.draft(STORY)["moments"]["published"].is_null() {
        std::thread::yield_now();
    }
    let other = Waiting::publish(&site, "another-story", "2021-05-30T12:00:02Z");
    let serving = site.serve();
    let lists =
        ["/", "/section/photo", "/feed.rss", "/feed.atom", "/archive/2021-05", "/sitemap/2021-05.xml"];
    for path in lists {
        let html = serving.get_until(path, |answer| answer.text().contains("/story/another-story")).text();
        assert!(!html.contains(PATH), "{path} leads to a page that is not there: {html}");
    }
    assert_eq!(serving.get(PATH).status, 404);
    let beside = "/story/a-third-story";
    let foot = serving.get_until(beside, |answer| answer.text().contains("/story/another-story")).text();
    assert!(!foot.contains(PATH), "its foot leads to a page that is not there: {foot}");
    print.end().await;
    for path in lists.into_iter().chain([beside]) {
        serving.get_until(path, |answer| answer.text().contains(PATH));
    }
    first.ends_well();
    other.ends_well();
    let home = serving.get("/").text();
    assert_eq!(home.matches("<img").count(), 3, "{home}");
}

#[tokio::test]
async fn a_story_whose_first_page_comes_with_its_neighbour_s_is_led_to_all_the_same() {
    let site = TestSite::new();
    for headline in ["Three photographs", "A third story", "An earlier story"] {
        site.small_draft(headline);
    }
    let (later, earlier) = ("a-third-story", "an-earlier-story");
    site.does(&["publish", later, "--allow-missing", "alt", "--at", "2021-05-30T12:00:01Z"]);
    let id = site.draft(STORY)["id"].as_str().unwrap().to_owned();
    let payload = serde_json::json!({ "job": "print_story", "story": id });
    let print = InFlight::begin(&site, "print_story", &id, payload).await;
    let first = Waiting::publish(&site, STORY, "2021-05-30T12:00:00Z");
    while site.draft(STORY)["moments"]["published"].is_null() {
        std::thread::yield_now();
    }
    // This one has the story printed as its neighbour, while the story's own print still waits.
    let other = Waiting::publish(&site, earlier, "2021-05-30T11:59:59Z");
    let serving = site.serve();
    for path in [later, earlier] {
        serving.get_until(&format!("/story/{path}"), |answer| answer.text().contains(PATH));
    }
    assert_eq!(serving.get(PATH).status, 200);
    print.end().await;
    first.ends_well();
    other.ends_well();
}
