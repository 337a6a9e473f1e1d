//! The photos that are pushed: looked at by a worker as `ingest` does, hashed, and put into the order in which they go.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use darkroom::worker::{Answer, Developing, Durability, Glancing, Inspecting, Keeper, Request, WorkerFault};
use darkroom::{Recipe, cut_out};
use newsroom::facts::PhotoFacts;
use newsroom::order::{Arrival, Rank, showing_order};
use sha2::Digest as _;

use super::super::session::Ended;
use crate::actions::send_beside::PREVIEW_BYTES;
use crate::actions::take_in::SIDECAR_BYTES;
use crate::config::Config;
use crate::exchange::facts::photo_facts;
use crate::exchange::folder::Candidate;
use crate::jobs::limits;

/// Long side of a preview at most, in pixels.
const PREVIEW_SIDE: u32 = 1280;
/// Long side of what cameras put into a file for their own screens: a preview shows more.
const THUMBNAIL: u32 = 480;
/// Bytes of a file's beginning in which a small picture is looked for.
const HEAD: u64 = 4 << 20;
/// Bytes that are read at once while a file is hashed.
const PIECE: usize = 1 << 20;

/// Workers of this program, with the limits and the languages that a site has where nothing is set.
pub struct Lens {
    workers: Keeper,
    at_once: NonZeroUsize,
    config: Config,
}

/// A photo that may go.
#[derive(Debug)]
pub struct Picture {
    /// Where it and its sidecar lie.
    pub candidate: Candidate,
    /// Its file's name.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// The SHA-256 of them, in hexadecimal.
    pub sha256: String,
    /// The same of its sidecar.
    pub sidecar: Option<String>,
    /// Whether its photographer marked it as rejected.
    pub is_rejected: bool,
    changed: Option<SystemTime>,
}

/// A photo, and what decides when it goes.
pub struct Seen {
    /// The photo.
    pub picture: Picture,
    facts: PhotoFacts,
}

/// Why a photo does not go.
pub enum NotSeen {
    /// For a reason of its own, as a plain sentence (R44).
    Refused(String),
    /// For a fault of this machine.
    Fault(String),
}

impl From<io::Error> for NotSeen {
    fn from(error: io::Error) -> Self {
        Self::Refused(format!("The file cannot be read: {error}."))
    }
}

impl From<WorkerFault> for NotSeen {
    fn from(fault: WorkerFault) -> Self {
        match fault {
            WorkerFault::Files { .. } | WorkerFault::Unreachable(_) => Self::Fault(fault.to_string()),
            fault => Self::Refused(fault.to_string()),
        }
    }
}

impl Lens {
    /// Workers are started when they are first needed.
    ///
    /// # Errors
    /// A fault of this machine.
    pub fn new() -> Result<Self, Ended> {
        let config = Config::parse("")?;
        let program =
            std::env::current_exe().map_err(|error| Ended::machine("this program cannot be found", error))?;
        let at_once = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let workers = Keeper::new(program, vec!["worker".into()], limits(&config), at_once);
        Ok(Self { workers, at_once, config })
    }

    /// How many photos are worked on at once.
    pub fn at_once(&self) -> usize {
        self.at_once.get()
    }

    fn look(&self, candidate: Candidate) -> Result<Seen, NotSeen> {
        let file = File::open(&candidate.path)?;
        let sidecar = candidate.sidecar.as_deref().map(File::open).transpose()?;
        let request = Request::Inspect(Inspecting { languages: vec![self.config.site.language.clone()] });
        let inspected =
            match self.workers.ask(&request, &file, sidecar.as_ref(), self.config.work.deadline)? {
                Answer::Inspected(inspected) => inspected,
                _ => return Err(NotSeen::Fault("the worker answered another question".to_owned())),
            };
        let facts = photo_facts(&inspected.reading.facts);
        let about = file.metadata()?;
        let picture = Picture {
            name: candidate
                .path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            bytes: about.len(),
            sha256: hash(file)?,
            sidecar: sidecar.map(hash).transpose()?,
            // As XMP says it: -1 (Adobe's xmp:Rating).
            is_rejected: facts.rating.is_some_and(|stars| stars < 0),
            changed: about.modified().ok(),
            candidate,
        };
        Ok(Seen { picture, facts })
    }

    /// A JPEG of a photo that is small enough to go ahead of it: the one inside its file where that is larger than a thumbnail,
    /// else one that is developed. `None` where there is none: it goes without.
    pub fn preview(&self, path: &Path) -> Option<Bytes> {
        let file = File::open(path).ok()?;
        self.embedded(&file).or_else(|| self.developed(&file))
    }

    fn embedded(&self, file: &File) -> Option<Bytes> {
        let request = Request::Glance(Glancing { languages: Vec::new(), at_most: HEAD });
        let answer = self.workers.ask(&request, file, None, self.config.work.deadline).ok()?;
        let Answer::Glanced(glance) = answer else { return None };
        let found = glance.preview.filter(|found| found.width.max(found.height) > THUMBNAIL)?;
        let mut head = vec![0; found.place.end];
        file.read_exact_at(&mut head, 0).ok()?;
        cut_out(&head, &found).filter(|cut| cut.len() as u64 <= PREVIEW_BYTES).map(Bytes::from)
    }

    /// The whole ladder is made for one of its sizes: a worker knows no recipe of one that shows all of a picture.
    fn developed(&self, file: &File) -> Option<Bytes> {
        let folder = tempfile::tempdir().ok()?;
        let request = Request::Develop(Developing {
            recipes: vec![Recipe::default()],
            folder: folder.path().to_path_buf(),
            stem: "preview".to_owned(),
            durability: Durability::LeftToCaller,
        });
        let answer = self.workers.ask(&request, file, None, self.config.work.deadline).ok()?;
        let Answer::Developed(printed) = answer else { return None };
        let fits =
            |width: u32, height: u32, bytes| width.max(height) <= PREVIEW_SIDE && bytes <= PREVIEW_BYTES;
        let small = printed.sets.first()?.iter().find(|one| fits(one.width, one.height, one.bytes))?;
        std::fs::read(folder.path().join(&small.name)).ok().map(Bytes::from)
    }
}

/// Looks at photos, several at once, and gives the answers in the order of the candidates.
pub async fn look_at(
    lens: &Arc<Lens>,
    candidates: Vec<Candidate>,
    mut one_more: impl FnMut(),
) -> Vec<(Candidate, Result<Seen, NotSeen>)> {
    let (mut looks, mut seen) = (tokio::task::JoinSet::new(), Vec::new());
    let mut waiting = candidates.into_iter().enumerate();
    loop {
        while looks.len() < lens.at_once() {
            let Some((index, candidate)) = waiting.next() else { break };
            let lens = Arc::clone(lens);
            looks.spawn_blocking(move || (index, candidate.clone(), lens.look(candidate)));
        }
        match looks.join_next().await {
            Some(Ok(answer)) => {
                seen.push(answer);
                one_more();
            }
            Some(Err(_)) => {}
            None => break,
        }
    }
    seen.sort_by_key(|(index, ..)| *index);
    seen.into_iter().map(|(_, candidate, answer)| (candidate, answer)).collect()
}

/// What is marked as the best first; of equals, as they are shown.
pub fn in_sending_order(seen: Vec<Seen>) -> Vec<Picture> {
    let names: Vec<String> =
        seen.iter().map(|one| one.picture.candidate.path.to_string_lossy().into_owned()).collect();
    let keys: Vec<Arrival<'_>> =
        seen.iter().zip(&names).map(|(one, name)| Arrival::of(name, &one.facts)).collect();
    let mut order = showing_order(&keys);
    order.sort_by_key(|index| seen.get(*index).map(|one| Rank::of(&one.facts)));
    let mut places: Vec<Option<Seen>> = seen.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| places.get_mut(index)?.take()).map(|one| one.picture).collect()
}

impl Picture {
    /// Whether its file is as it was when it was looked at.
    pub fn is_unchanged(&self) -> bool {
        std::fs::metadata(&self.candidate.path)
            .is_ok_and(|about| about.len() == self.bytes && about.modified().ok() == self.changed)
    }

    /// Bytes of it from a place on, at most so many.
    ///
    /// # Errors
    /// A fault of the disk, also where they are not there any more.
    pub fn read(&self, from: u64, at_most: u64) -> io::Result<Bytes> {
        let length = usize::try_from(at_most.min(self.bytes.saturating_sub(from))).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length];
        File::open(&self.candidate.path)?.read_exact_at(&mut bytes, from)?;
        Ok(bytes.into())
    }

    /// Its sidecar; what is longer than a site takes is cut, and refused by it.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn read_sidecar(&self) -> io::Result<Option<Bytes>> {
        let Some(path) = &self.candidate.sidecar else { return Ok(None) };
        let mut bytes = Vec::new();
        File::open(path)?.take(SIDECAR_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes.into()))
    }
}

fn hash(mut file: File) -> io::Result<String> {
    file.rewind()?;
    let (mut hasher, mut piece) = (sha2::Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            Ok(read) => hasher.update(piece.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The name of a file inside a sentence, and as programs get it.
pub fn shown(path: &Path) -> String {
    super::super::report::name_of(path)
}
