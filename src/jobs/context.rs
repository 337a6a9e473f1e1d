//! What a job is run with, and what can go wrong with it.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use darkroom::Limits;
use darkroom::worker::{Keeper, WorkerFault};
use newsroom::moment::Moment;
use store::{ActError, NotABlobKey, StoreError};

use crate::app::App;
use crate::config::Config;
use crate::pages::PrintError;

/// The application, and the workers that read and develop photos.
#[derive(Clone)]
pub struct Context {
    /// The application.
    pub app: App,
    /// The workers.
    pub workers: Arc<Keeper>,
}

impl Context {
    /// Workers are started when they are first needed.
    pub fn new(app: App) -> Self {
        let workers = workers(app.program(), app.config());
        Self { app, workers }
    }

    /// The same with workers that are there already.
    pub fn with_workers(app: App, workers: Arc<Keeper>) -> Self {
        Self { app, workers }
    }

    /// How many photos are worked on at once.
    pub fn at_once(&self) -> usize {
        count(self.app.config()).get()
    }
}

/// Workers of this program, started when they are first needed.
pub fn workers(program: &Path, config: &Config) -> Arc<Keeper> {
    let workers = Keeper::new(program.to_path_buf(), vec!["worker".into()], limits(config), count(config));
    Arc::new(workers)
}

/// The darkroom's limits from the settings.
pub fn limits(config: &Config) -> Limits {
    let set = &config.limits;
    Limits {
        memory: set.memory_bytes,
        file: set.file_bytes,
        pixels: set.pixels,
        side: set.side,
        ..Limits::default()
    }
}

fn count(config: &Config) -> NonZeroUsize {
    let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    NonZeroUsize::new(config.work.workers).unwrap_or_else(cores)
}

/// Why a job did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum JobFault {
    /// The records or bytes.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The worker process, not the photo.
    #[error(transparent)]
    Worker(#[from] WorkerFault),
    /// A photo could not be worked on, through no fault of its own.
    #[error("{name}: {fault}")]
    Photo {
        /// Its file name.
        name: String,
        /// What went wrong.
        fault: Box<JobFault>,
    },
    /// A file of ours.
    #[error("a file in the data folder cannot be used")]
    File(#[from] std::io::Error),
    /// A page.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// A name that no blob may have.
    #[error(transparent)]
    Name(#[from] NotABlobKey),
    /// The tree.
    #[error(transparent)]
    Tree(#[from] serve::WriteFault),
    /// Metadata could not be put into a public file.
    #[error("rights metadata cannot be put into a rendition")]
    Mux(#[from] darkroom::meta::MuxError),
    /// The lease ran out while the job ran; another worker has it.
    #[error("the job's lease ran out; another worker has it")]
    LeaseLost,
    /// The content network before the site.
    #[error("the content network before the site was not told to forget what it holds: {0}")]
    Cdn(String),
    /// A mail was not taken.
    #[error("the mail to {to} was not taken: {sentence}")]
    Mail {
        /// Whom it was for.
        to: String,
        /// What happened.
        sentence: String,
        /// Where trying again would end the same: how long it stays for somebody to see.
        wait_until: Option<Moment>,
    },
    /// The queue holds a job that this program does not know.
    #[error("the queue holds a job that cannot be read: {0}")]
    Unreadable(String),
}

impl From<ActError<JobFault>> for JobFault {
    fn from(error: ActError<JobFault>) -> Self {
        match error {
            ActError::Refused(fault) => fault,
            ActError::Fault(fault) => Self::Store(fault),
        }
    }
}

/// How a job's closing transaction ends.
pub(super) type Closing<T> = Result<T, ActError<JobFault>>;
