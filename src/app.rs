//! What every action and job is given: built once, read by everyone.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use newsroom::alike::Looks;
use newsroom::id::{NoticeId, PasskeyId, PhotoId, SlideId, StaffId, StoryId, TokenId};
use newsroom::moment::Moment;
use serve::TreeWriter;
use store::{Blobs, Database, Store, StoreError, View};
use tokio::sync::Mutex;

use crate::config::{Config, Held, KeptSettings};
use crate::keeps::{self, Stranger, tree_folder};

/// Tells the time (ARCHITECTURE.md, invariant 12).
pub trait Clock: Send + Sync {
    /// This moment.
    fn now(&self) -> Moment;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the system clock")]
    fn now(&self) -> Moment {
        Moment::from_timestamp(jiff::Timestamp::now())
    }
}

/// Gives random bytes.
pub trait Chance: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's random source.
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one home of the random source")]
    fn fill(&self, bytes: &mut [u8]) {
        // Linux's getrandom fails only before the pool is seeded at boot or on a kernel without the call; an id or
        // a token from zeros would be worse than ending.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}

/// Seconds by which the clocks of this machine and of the database server may differ; those of two machines then by twice as
/// much. Leases have ten by default, and are lengthened after a third of that.
const CLOCKS_APART: i64 = 2;

/// By how many seconds a server's clock is ahead, which was read between these two moments; 0 where that is no matter.
fn seconds_ahead(there: Moment, (before, after): (Moment, Moment)) -> i64 {
    let ahead = there.as_micros() - after.as_micros();
    let behind = before.as_micros() - there.as_micros();
    let limit = CLOCKS_APART * 1_000_000;
    if ahead > limit {
        ahead / 1_000_000
    } else if behind > limit {
        -(behind / 1_000_000)
    } else {
        0
    }
}

/// The name of the SQLite file inside the data folder.
pub const DATABASE_FILE: &str = "halftone.db";

/// Everything an action or a job needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    data: PathBuf,
    config: Config,
    store: Store,
    blobs: Blobs,
    tree: TreeWriter,
    clock: Box<dyn Clock>,
    chance: Box<dyn Chance>,
    program: PathBuf,
    looks: Mutex<Looks>,
    /// What holds of the site, as this process read it last.
    held: RwLock<Arc<Held>>,
}

/// The setting under which the records keep what the desk set.
pub const DESK_SETTINGS: &str = "site";

/// Why the application cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The data folder.
    #[error("the data folder {} cannot be made or used", .folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The records.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bucket.
    #[error(transparent)]
    Bucket(#[from] Stranger),
    /// Leases of jobs would run out too early, or never.
    #[error(
        "this machine's clock is {} seconds {} that of the database server: set the clocks of both, by NTP; nothing was changed", .ahead.unsigned_abs(), if *.ahead > 0 { "behind" } else { "ahead of" }
    )]
    Clock {
        /// By how many seconds the server's clock is ahead.
        ahead: i64,
    },
    /// A move has brought a part of a site.
    #[error(
        "a move to these records has not come to its end: run the same halftone move again, which goes on where it was; nothing was changed"
    )]
    HalfMoved,
    /// Pages were printed here, but the file of the records is gone. It is never made anew beside them: an empty
    /// archive would look as if all were well.
    #[error(
        "the records ({}) are gone, while what was printed from them is still there; nothing was changed: put the file back, or restore a backup into a new folder. To begin anew, remove {} first", .file.display(), .tree.display()
    )]
    RecordsGone {
        /// The database file.
        file: PathBuf,
        /// The folder of the printed tree.
        tree: PathBuf,
    },
}

impl App {
    /// Opens what the data folder holds; makes it when it is not there.
    ///
    /// # Errors
    /// [`OpenFault`] when the folder or the database cannot be used.
    pub async fn open(data: &Path, config: Config) -> Result<Self, OpenFault> {
        let folder = |source| OpenFault::Folder { folder: data.to_path_buf(), source };
        std::fs::create_dir_all(data).map_err(folder)?;
        let data = data.canonicalize().map_err(folder)?;
        let program = std::env::current_exe().map_err(folder)?;
        let clock = Box::new(SystemClock);
        let database = database(&data, &config);
        if let Database::Sqlite { path } = &database
            && !path.exists()
            && tree_folder(&data).exists()
        {
            return Err(OpenFault::RecordsGone { file: path.clone(), tree: tree_folder(&data) });
        }
        let store = Store::open(&database, clock.now()).await?;
        let before = clock.now();
        let there = store.server_clock().await?;
        let ahead = there.map_or(0, |there| seconds_ahead(there, (before, clock.now())));
        let (moving, kept) = store
            .view(async |view: &mut View| {
                let moving = view.is_being_moved_to().await?;
                Ok::<_, StoreError>((moving, kept_settings(view).await?))
            })
            .await?;
        if moving || ahead != 0 {
            store.close().await;
            return Err(if moving { OpenFault::HalfMoved } else { OpenFault::Clock { ahead } });
        }
        let chance = Box::new(SystemChance);
        if let Some(bucket) = keeps::bucket(&config)? {
            keeps::meet(&bucket, &store, &new_word()).await?;
        }
        let blobs = keeps::blobs(&data, &config).await?;
        let tree = keeps::tree(&data, &config)?;
        let looks = Mutex::new(Looks::default());
        let held = RwLock::new(Arc::new(Held::of(&config, kept)));
        let inner = Inner { data, config, store, blobs, tree, clock, chance, program, looks, held };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The data folder, absolute.
    pub fn data(&self) -> &Path {
        &self.inner.data
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// What holds of the site as these records have it now: what a change or a print goes by.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn held(&self, view: &mut View) -> Result<Arc<Held>, StoreError> {
        let kept = kept_settings(view).await?;
        let known = self.known();
        if kept.version == known.version && kept.set == known.set {
            return Ok(known);
        }
        Ok(Arc::new(Held::of(&self.inner.config, kept)))
    }

    /// What holds of the site, as far as this process has read: every process looks when something changed, and once a
    /// second. For what is told, where nothing is decided by it.
    pub fn known(&self) -> Arc<Held> {
        let known = self.inner.held.read();
        Arc::clone(&known.unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Reads what holds of the site.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn look_at_settings(&self) -> Result<Arc<Held>, StoreError> {
        let held = self.store().view(async |view: &mut View| self.held(view).await).await?;
        // What stands in a transaction may never be committed, so that a view alone teaches this process.
        if let Ok(mut known) = self.inner.held.write()
            && (known.version < held.version || known.version == held.version && known.set != held.set)
        {
            *known = Arc::clone(&held);
        }
        Ok(held)
    }

    /// The records.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    /// The printed tree, to write.
    pub fn tree(&self) -> &TreeWriter {
        &self.inner.tree
    }

    /// This program, to start workers from.
    pub fn program(&self) -> &Path {
        &self.inner.program
    }

    /// The fingerprints of all photos, as far as this process knows them: [`crate::actions::similar`] reads what is new.
    pub fn looks(&self) -> &Mutex<Looks> {
        &self.inner.looks
    }

    /// This moment.
    pub fn now(&self) -> Moment {
        self.inner.clock.now()
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.inner.chance.fill(&mut bytes);
        bytes
    }

    /// A new story's id.
    pub fn story_id(&self) -> StoryId {
        StoryId::new(self.now(), self.random())
    }

    /// A new photo's id.
    pub fn photo_id(&self) -> PhotoId {
        PhotoId::new(self.now(), self.random())
    }

    /// A new notice's id.
    pub fn notice_id(&self) -> NoticeId {
        NoticeId::new(self.now(), self.random())
    }

    /// A new member of the staff's id.
    pub fn staff_id(&self) -> StaffId {
        StaffId::new(self.now(), self.random())
    }

    /// A new token's id.
    pub fn token_id(&self) -> TokenId {
        TokenId::new(self.now(), self.random())
    }

    /// A new passkey's id.
    pub fn passkey_id(&self) -> PasskeyId {
        PasskeyId::new(self.now(), self.random())
    }

    /// A slide id that none of `taken` has.
    pub fn slide_id(&self, taken: &[SlideId]) -> SlideId {
        loop {
            let id = SlideId::new(self.random());
            if !taken.contains(&id) {
                return id;
            }
        }
    }

    /// A random text of `2 * N` hexadecimal digits: tokens and short codes.
    pub fn token<const N: usize>(&self) -> String {
        token::<N>(&*self.inner.chance)
    }
}

/// What the desk set. What cannot be read, as a later release may write it, is as if nothing were set.
async fn kept_settings(view: &mut View) -> Result<KeptSettings, StoreError> {
    let Some(text) = view.setting(DESK_SETTINGS).await? else { return Ok(KeptSettings::default()) };
    Ok(serde_json::from_str(&text).unwrap_or_else(|error| {
        tracing::error!(%error, "what was set at the desk cannot be read; what halftone.toml says holds");
        KeptSettings::default()
    }))
}

/// The application as live routes reach it: there while the background work has its records open.
pub struct Records {
    open: std::sync::Mutex<Option<App>>,
    /// What held when the records were open last.
    last: RwLock<Arc<Held>>,
}

impl Records {
    /// They are away at first, and the file holds.
    pub fn new(config: &Config) -> Self {
        let file = Held::of(config, KeptSettings::default());
        Self { open: std::sync::Mutex::new(None), last: RwLock::new(Arc::new(file)) }
    }

    /// What holds of the site, as far as it is known here.
    pub fn held(&self) -> Arc<Held> {
        if let Some(app) = self.app() {
            return app.known();
        }
        Arc::clone(&self.last.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// The application with its records, while they are open.
    pub fn app(&self) -> Option<App> {
        self.open.lock().ok().and_then(|open| open.clone())
    }

    /// They are open, or away (`None`).
    pub fn set(&self, app: Option<App>) {
        let held = self.held();
        if let Ok(mut last) = self.last.write() {
            *last = held;
        }
        if let Ok(mut open) = self.open.lock() {
            *open = app;
        }
    }
}

/// Where the records of a data folder lie.
pub fn database(data: &Path, config: &Config) -> Database {
    match &config.database.url {
        Some(url) => Database::Postgres { url: url.clone() },
        None => Database::Sqlite { path: data.join(DATABASE_FILE) },
    }
}

/// What a site is called that meets its first bucket.
pub fn new_word() -> String {
    token::<16>(&SystemChance)
}

fn token<const N: usize>(chance: &dyn Chance) -> String {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a small file whole: a temporary name, synced, renamed.
///
/// # Errors
/// What the system says.
pub fn keep_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    keep_file_as(path, bytes, 0o600)
}

/// The same for others to read as `mode` says.
///
/// # Errors
/// What the system says.
pub fn keep_file_as(path: &Path, bytes: &[u8], mode: u32) -> std::io::Result<()> {
    let folder = path.parent().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    std::fs::File::open(folder)?.sync_all()
}
