//! Several machines on loopback: two that answer readers, two that work, PostgreSQL and an object store, each with a
//! data folder of its own. What is accepted is never lost, what readers have seen goes on being answered, and at the
//! end all agree.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::machinery::{Garage, Postgres};
use crate::page::slides;
use crate::site::{SMALL, Serving, TestSite, Working, ask};

/// What one machine prints or takes away, the others show within this time. The goal for one is a second; here all of
/// them share two cores with their servers.
const SOON: Duration = Duration::from_secs(5);

/// Readers that ask each node for pages and pictures which it has given before, one request after the other.
struct Readers {
    wanted: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    failed: Arc<Mutex<Vec<String>>>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Readers {
    fn begin(addresses: &[String], wanted: Vec<String>) -> Self {
        let readers = Self {
            wanted: Arc::new(Mutex::new(wanted)),
            stop: Arc::default(),
            asked: Arc::default(),
            failed: Arc::default(),
            threads: Vec::new(),
        };
        let threads = addresses.iter().map(|address| readers.reader(address.clone())).collect();
        Self { threads, ..readers }
    }

    fn reader(&self, address: String) -> std::thread::JoinHandle<()> {
        let (wanted, stop) = (Arc::clone(&self.wanted), Arc::clone(&self.stop));
        let (asked, failed) = (Arc::clone(&self.asked), Arc::clone(&self.failed));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let paths = wanted.lock().unwrap().clone();
                for path in paths {
                    let answer = ask(&address, "GET", &path, &[]);
                    asked.fetch_add(1, Ordering::Relaxed);
                    if answer.status != 200 && wanted.lock().unwrap().contains(&path) {
                        failed.lock().unwrap().push(format!("{address}{path}: {}", answer.status));
                    }
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
        })
    }

    /// From here on these paths are not asked for.
    fn leave(&self, paths: &[String]) {
        self.wanted.lock().unwrap().retain(|path| !paths.contains(path));
    }

    #[track_caller]
    fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        assert_eq!(*self.failed.lock().unwrap(), Vec::<String>::new());
        assert!(self.asked.load(Ordering::Relaxed) > 100, "readers have asked");
    }
}

struct Cluster {
    postgres: Postgres,
    garage: Garage,
    settings: String,
    /// Where commands run.
    desk: TestSite,
}

impl Cluster {
    fn start() -> Option<Self> {
        let (postgres, garage) = Postgres::start().zip(Garage::start())?;
        let settings = format!(
            "{}[database]\nurl = \"{}\"\n[work]\nlease_seconds = 3\n",
            garage.settings(),
            postgres.url()
        );
        let desk = TestSite::in_folder_with(&settings);
        Some(Self { postgres, garage, settings, desk })
    }

    /// A machine's data folder.
    fn machine(&self) -> TestSite {
        TestSite::in_folder_with(&self.settings)
    }

    fn publish(&self, headline: &str) {
        let folder = self.desk.folder_of(&headline.replace(' ', "-"), &SMALL);
        self.desk.does(&["ingest", folder.to_str().unwrap(), "--story", headline]);
        self.desk.does(&["publish", headline, "--allow-missing", "alt"]);
    }
}

/// All that a page shows: its own path and its pictures.
fn of_page(serving: &Serving, path: &str) -> Vec<String> {
    let page = serving.get_until(path, |answer| answer.status == 200).text();
    let pictures = slides(&page).into_iter().flat_map(|figure| figure.pictures);
    std::iter::once(path.to_owned()).chain(pictures).collect()
}

#[track_caller]
fn within(limit: Duration, what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < limit, "{what} took more than {limit:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Status and ETag of each path as a node tells them.
fn told(serving: &Serving, paths: &[String]) -> BTreeMap<String, (u16, String)> {
    let one = |path: &String| {
        let answer = serving.get(path);
        (path.clone(), (answer.status, answer.header("etag").unwrap_or_default().to_owned()))
    };
    paths.iter().map(one).collect()
}

#[test]
fn a_cluster_loses_nothing_and_agrees_when_its_parts_fall_and_come_back() {
    let Some(mut cluster) = Cluster::start() else { return };
    cluster.publish("First story");
    cluster.publish("Second story");
    let machines: Vec<TestSite> = (0..4).map(|_| cluster.machine()).collect();
    let [front, back] = [0, 1].map(|n: usize| machines[n].serve_with(&["--no-work"]));
    let first_worker = Working::start(&machines[2]);
    let second_worker = Working::start(&machines[3]);

    // What readers have seen once they go on seeing, whatever falls.
    let (first, second) = (of_page(&front, "/story/first-story"), of_page(&front, "/story/second-story"));
    let shown: Vec<String> = first.iter().chain(&second).cloned().collect();
    for serving in [&front, &back] {
        assert!(told(serving, &shown).values().all(|(status, _)| *status == 200));
    }
    let readers = Readers::begin(&[front.address.clone(), back.address.clone()], shown.clone());

    // A worker dies while it makes AVIFs; another one goes on. A story that comes meanwhile is not held up.
    first_worker.kill();
    cluster.publish("Third story");
    for serving in [&front, &back] {
        within(SOON, "the third story", || serving.get("/story/third-story").status == 200);
    }
    let third_worker = Working::start(&machines[2]);

    // The records fall and come back.
    cluster.postgres.down();
    for serving in [&front, &back] {
        serving.get_until("/readyz", |answer| answer.status == 503 && answer.header("retry-after").is_some());
        assert_eq!(serving.get("/healthz").status, 200);
    }
    let late = machines[0].serve_with(&["--no-work"]);
    assert_eq!(late.get("/story/third-story").status, 200, "a node that started without the records reads");
    assert_eq!(cluster.desk.run(&["stories"]).code, 3);
    cluster.postgres.up();
    for serving in [&front, &back, &late] {
        serving.get_until("/readyz", |answer| answer.status == 200);
    }
    drop(late);

    // A worker sleeps past its lease while a story is withdrawn, and wakes.
    second_worker.signal(Signal::STOP);
    readers.leave(&second);
    cluster.desk.does(&["withdraw", "second-story", "--reason", "The source retracted it."]);
    for serving in [&front, &back] {
        within(SOON, "the withdrawal", || {
            // A picture that two stories show stays with the one that is still published.
            serving.get("/story/second-story").status == 410
        });
    }
    std::thread::sleep(Duration::from_secs(4));
    second_worker.signal(Signal::CONT);

    // The object store falls for ten seconds: what was read before is answered, what is asked of the desk is refused.
    cluster.garage.down();
    let fell = Instant::now();
    assert_eq!(cluster.desk.run(&["stories"]).code, 3);
    while fell.elapsed() < Duration::from_secs(10) {
        assert_eq!(front.get("/story/first-story").status, 200);
        std::thread::sleep(Duration::from_millis(50));
    }
    cluster.garage.up();
    cluster.publish("Fourth story");
    for serving in [&front, &back] {
        within(SOON, "the fourth story", || serving.get("/story/fourth-story").status == 200);
        serving.get_until("/story/first-story", |answer| answer.status == 200);
        assert_eq!(serving.get("/story/second-story").status, 410, "what slept has not brought it back");
    }

    // All work is done in the end, and all agree.
    front.get_until("/story/fourth-story", |answer| answer.text().contains("image/avif"));
    cluster.desk.does(&["reprint", "--all"]);
    let paths: Vec<String> = ["first", "second", "third", "fourth"]
        .iter()
        .map(|number| format!("/story/{number}-story"))
        .chain(["/", "/feed.xml", "/sitemap.xml"].map(str::to_owned))
        .chain(of_page(&front, "/story/third-story"))
        .collect();
    within(SOON, "agreeing", || told(&front, &paths) == told(&back, &paths));
    readers.end();
    cluster.desk.does(&["doctor"]);
    assert_eq!([third_worker.stop(), second_worker.stop()], [0, 0]);
    assert_eq!([front.stop(), back.stop()], [0, 0]);
}

/// A way to a port on which answers can be held up or cut off.
struct Proxy {
    port: u16,
    stalled: Arc<AtomicBool>,
    cut: Arc<AtomicBool>,
}

impl Proxy {
    fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            stalled: Arc::default(),
            cut: Arc::default(),
        };
        let (stalled, cut) = (Arc::clone(&proxy.stalled), Arc::clone(&proxy.cut));
        // It ends with the test's process.
        std::thread::spawn(move || {
            for inward in listener.incoming().map_while(Result::ok) {
                let Ok(outward) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let ways = [(inward.try_clone().unwrap(), outward.try_clone().unwrap()), (outward, inward)];
                for (from, to) in ways {
                    let (stalled, cut) = (Arc::clone(&stalled), Arc::clone(&cut));
                    std::thread::spawn(move || carry(from, to, &stalled, &cut));
                }
            }
        });
        proxy
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, stalled: &AtomicBool, cut: &AtomicBool) {
    let mut piece = [0; 4096];
    loop {
        let read = from.read(&mut piece).unwrap_or(0);
        while stalled.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let ends = read == 0 || cut.load(Ordering::Relaxed) || to.write_all(&piece[..read]).is_err();
        if ends {
            let _ = from.shutdown(std::net::Shutdown::Both);
            let _ = to.shutdown(std::net::Shutdown::Both);
            return;
        }
    }
}

/// Threads of a process.
fn threads(serving: &Serving) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", serving.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("Threads:")).unwrap();
    line.trim().parse().unwrap()
}

#[test]
fn a_store_that_stalls_or_cuts_off_piles_nothing_up() {
    let Some(garage) = Garage::start() else { return };
    let proxy = Proxy::to(garage.port());
    let rest = "[work]\navif = \"off\"\n";
    let desk = TestSite::in_folder_with(&format!("{}{rest}", garage.settings()));
    desk.small_story("Three photographs");
    let front = TestSite::in_folder_with(&format!("{}{rest}", garage.settings_through(proxy.port)));
    // The same records: readers' pages come from the bucket, and this node has none of its own.
    let serving = front.serve_with(&["--no-work"]);
    let page = "/story/three-photographs";
    let pictures: Vec<String> =
        slides(&serving.get(page).text()).into_iter().flat_map(|figure| figure.pictures).collect();
    assert!(pictures.len() > 3);
    proxy.stalled.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..400)
            .map(|n| {
                let (serving, picture) = (&serving, &pictures[n % pictures.len()]);
                scope.spawn(move || serving.get(picture).status)
            })
            .collect();
        std::thread::sleep(Duration::from_millis(500));
        for _ in 0..20 {
            let asked = Instant::now();
            assert_eq!(serving.get(page).status, 200);
            assert!(asked.elapsed() < Duration::from_millis(500), "{:?}", asked.elapsed());
        }
        assert!(threads(&serving) < 120, "{} threads", threads(&serving));
        for status in asked {
            assert_eq!(status.join().unwrap(), 503);
        }
    });
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    proxy.stalled.store(false, Ordering::Relaxed);
    serving.get_until(&pictures[0], |answer| answer.status == 200);
    // Cut in the middle: tried again, never half a picture.
    proxy.cut.store(true, Ordering::Relaxed);
    let status = serving.get(&pictures[1]).status;
    assert!(status == 503, "{status}");
    proxy.cut.store(false, Ordering::Relaxed);
    let whole = serving.get_until(&pictures[1], |answer| answer.status == 200);
    assert_eq!(whole.body.len().to_string(), whole.header("content-length").unwrap());
}
