//! `halftone serve`: answers readers, and does the background work beside it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use serve::{AccessLog, Cause, Network, RequestRecord, Server, ServerOptions, Site, SiteOptions};
use store::Role;
use tokio::sync::{mpsc, watch};

use super::args::ServeArgs;
use super::report::{Outcome, Report};
use super::session::Ended;
use crate::allowance::Gate;
use crate::api::Service;
use crate::app::Records;
use crate::attend::Attendant;
use crate::config::{AccessLines, CdnKeys, Config, Place};
use crate::desk::Desk;
use crate::http::{Health, Instruments, Live, NoTree, Questions, instruments, live};
use crate::jobs::workers;
use crate::keeps::{Shelves, shelves};

/// Lines of the access log that wait to be written; more are dropped, and counted, rather than hold up a reader.
const LINES_WAITING: usize = 8192;

/// Printed objects that are kept open to be read again, where the process may have that many files.
const OPEN_OBJECTS: u64 = 1024;

/// Damaged paths that wait to be printed again.
const DAMAGE_WAITING: usize = 256;

pub async fn run(place: &Place, args: &ServeArgs, report: Report) -> Result<Outcome, Ended> {
    crate::telemetry::start(report.is_json(), "info");
    let (mut config, data) = (Config::read(place)?, place.data.as_path());
    if let Some(folder) = &args.watch {
        config.watch.folder = Some(watched(folder)?);
    }
    let files = files_allowed();
    let stop = super::stopping::listen();
    let (damage, damaged) = mpsc::channel(DAMAGE_WAITING);
    let site = open_site(data, &config, files, damage)?;
    let (health, records) = (Arc::new(Health::default()), Arc::new(Records::new(&config)));
    let server = bind(args.listen.unwrap_or(config.serve.listen))?;
    let address = server.local_addr();
    let metrics = start_metrics(&config, &site, &health, &stop)?;
    let attendant = Attendant {
        data: data.to_path_buf(),
        config: config.clone(),
        role: if args.no_work { Role::Serve } else { Role::ServeAndWork },
        site: Arc::clone(&site),
        health: Arc::clone(&health),
        records: Arc::clone(&records),
        damaged,
        stop: stop.clone(),
    };
    report
        .say(&format!("Listening on http://{address}"), json!({ "listening": format!("http://{address}") }));
    let options = options(&config);
    let gate = Arc::new(Gate::default());
    let program =
        std::env::current_exe().map_err(|error| Ended::machine("the program cannot find itself", error))?;
    let workers = workers(&program, &config);
    let routes = Arc::new(Live {
        site: Arc::clone(&site),
        health,
        api: Service::new(Arc::clone(&records), Arc::clone(&gate), Arc::clone(&workers), &config.site),
        desk: Desk::new(Arc::clone(&records), gate, workers),
        records,
        questions: Questions::default(),
    });
    let serving =
        server.run(site, options, move |request| live(request, Arc::clone(&routes)), stopped(stop.clone()));
    let (drained, (), ()) = tokio::join!(serving, attendant.run(), metrics);
    match drained {
        Ok(drained) if drained.cut > 0 => {
            tracing::warn!(connections = drained.cut, "cut off what was not done in time")
        }
        Ok(_) => {}
        Err(error) => return Err(Ended::machine("the server could not start", error)),
    }
    Ok(Outcome::Done)
}

/// The folder that is to be watched; one that is not there is a slip of the pen, which is told at once.
fn watched(folder: &Path) -> Result<PathBuf, Ended> {
    let found = folder.canonicalize().and_then(|path| std::fs::read_dir(&path).map(|_| path));
    found
        .map_err(|error| Ended::machine(&format!("the folder {} cannot be watched", folder.display()), error))
}

/// Lets the process have as many files open as the system allows it, and says how many: each connection is one. Many
/// systems start a process with 1,024 and allow hundreds of thousands.
fn files_allowed() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(u64::MAX);
    match setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        Ok(()) => most,
        Err(_) => limit.current.unwrap_or(most),
    }
}

fn open_site(
    data: &Path,
    config: &Config,
    files: u64,
    damage: mpsc::Sender<String>,
) -> Result<Arc<Site>, Ended> {
    let far = config.blobs.bucket.is_some();
    let options = SiteOptions {
        cache_bytes: config.serve.cache_bytes,
        on_damage: Box::new(move |found| {
            tracing::error!(name = found.name, path = found.path, cause = %found.cause, "a printed object cannot be given");
            if far && matches!(found.cause, Cause::Unreadable(_)) {
                // The bucket is away, and what lies in it is whole.
                return;
            }
            // What belongs to no path is the log or a snapshot: all of it is printed again. A full queue drops it: the
            // next reader of a path tells again.
            let what = if found.path.is_empty() { &found.name } else { &found.path };
            let _ = damage.try_send(what.clone());
        }),
        network: match config.cdn.as_ref().map(|cdn| cdn.keys) {
            None => Network::Direct,
            Some(CdnKeys::SurrogateKey) => Network::SurrogateKey,
            Some(CdnKeys::CacheTag) => Network::CacheTag,
        },
        ..SiteOptions::default()
    };
    let objects = usize::try_from(OPEN_OBJECTS.min(files / 8)).unwrap_or(0);
    let Shelves { tree, pictures } = shelves(data, config, objects)
        .map_err(|error| Ended::machine("what readers are answered from cannot be opened", error))?;
    let site = Site::open(tree, pictures, options);
    site.map(Arc::new).map_err(|error| Ended::machine("the printed tree cannot be read", error))
}

fn bind(address: SocketAddr) -> Result<Server, Ended> {
    Server::bind(address).map_err(|error| {
        Ended::Fault(format!(
            "the address {address} cannot be taken ({error}); choose another one with --listen"
        ))
    })
}

fn options(config: &Config) -> ServerOptions {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    ServerOptions {
        workers: if config.serve.threads == 0 { cores } else { config.serve.threads },
        connections: config.serve.connections,
        trusted_proxies: config.serve.trusted_proxies.clone(),
        access_log: (config.serve.access_log == AccessLines::On).then(access_log),
        ..ServerOptions::default()
    }
}

/// A log that a thread of its own writes to standard output.
fn access_log() -> AccessLog {
    let (lines, waiting) = sync_channel::<String>(LINES_WAITING);
    std::thread::spawn(move || {
        use std::io::Write;
        while let Ok(line) = waiting.recv() {
            if writeln!(std::io::stdout().lock(), "{line}").is_err() {
                return;
            }
        }
    });
    Box::new(move |record| log(&lines, record))
}

fn log(lines: &SyncSender<String>, record: &RequestRecord<'_>) {
    let line = json!({
        "method": record.method.as_str(), "path": record.uri.path(), "status": record.status,
        "bytes": record.bytes, "from": record.from.to_string(), "micros": record.took.as_micros(),
    });
    // A full queue drops the line: a slow disk must not hold up readers.
    let _ = lines.try_send(line.to_string());
}

/// The metrics' listener, to be waited for beside the server; nothing where none is set.
fn start_metrics(
    config: &Config,
    site: &Arc<Site>,
    health: &Arc<Health>,
    stop: &watch::Receiver<bool>,
) -> Result<impl Future<Output = ()> + use<>, Ended> {
    let server = config.serve.metrics_listen.map(bind).transpose()?;
    let source = Arc::new(Instruments { site: Arc::clone(site), health: Arc::clone(health) });
    let no_tree = Site::open(
        Arc::new(NoTree),
        Arc::new(NoTree),
        SiteOptions { cache_bytes: 1 << 16, ..SiteOptions::default() },
    );
    let no_tree = no_tree.map_err(|error| Ended::machine("the metrics cannot be served", error))?;
    let stop = stop.clone();
    Ok(async move {
        let Some(server) = server else { return };
        tracing::info!(address = %server.local_addr(), "metrics");
        let routes = move |request| instruments(request, Arc::clone(&source));
        if let Err(error) =
            server.run(Arc::new(no_tree), ServerOptions::default(), routes, stopped(stop)).await
        {
            tracing::error!(%error, "the metrics' listener ended");
        }
    })
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if stop.changed().await.is_err() {
            return;
        }
    }
}
