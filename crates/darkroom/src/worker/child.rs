//! The child's side: limits first, then one request after the other until the parent closes the socket.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::protocol::{
    Answer, Developing, Durability, Glancing, Hello, Inspected, Inspecting, Printed, Reply, Request,
};
use super::socket::{frame, receive};
use crate::develop::{Developed, RenditionFile, develop};
use crate::fault::InputFault;
use crate::glance::glance;
use crate::header::{Header, inspect};
use crate::limits::Limits;
use crate::meta;
use crate::pixels::Scratch;

/// Largest file that the child may write, in bytes: a rendition of noise is a tenth of it.
const LARGEST_FILE: u64 = 256_000_000;

/// Bytes of the buffer for files that are kept from one request to the next.
const KEPT: usize = 32_000_000;

/// Descriptors that it may have open: standard three, photo, sidecar, rendition, folder, and room.
const OPEN_FILES: u64 = 32;

/// Answers requests from standard input, which has to be a worker's socket, until the other end closes it. What the
/// hidden command `worker` does. Exits with 0, or with 3 when standard input is no such socket.
pub fn run_child() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The parent keeps the end of what is written here.
            let _ = writeln!(io::stderr(), "worker: {error}");
            ExitCode::from(3)
        }
    }
}

fn serve() -> io::Result<()> {
    let socket = rustix::stdio::stdin();
    let Some((json, _)) = receive(socket)? else { return Ok(()) };
    let Hello { limits } = serde_json::from_slice(&json)?;
    set_limits(&limits)?;
    let mut desk = Desk { limits, scratch: Scratch::new(), source: Vec::new() };
    while let Some((json, descriptors)) = receive(socket)? {
        let request = serde_json::from_slice(&json)?;
        let reply = desk.reply(&request, descriptors);
        desk.source.shrink_to(KEPT);
        write_all(socket, &frame(&reply)?)?;
    }
    Ok(())
}

fn write_all(socket: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(&socket, bytes) {
            Err(rustix::io::Errno::INTR) => {}
            written => bytes = bytes.get(written?..).unwrap_or_default(),
        }
    }
    Ok(())
}

/// Memory beyond the budget, for the allocator's slack and for what is counted by pages.
const SLACK: u64 = 16_000_000;

/// Address space that is reserved and not used, on top of what the program has mapped: the C library sets 64 MB aside
/// for each thread that allocates, and one decoder has a thread a colour channel.
const RESERVED: u64 = 640_000_000;

/// Limits of the process itself. The budget bounds writable memory (RLIMIT_DATA, which counts private writable
/// mappings since Linux 4.7); address space is bounded more loosely, since what is reserved there costs nothing.
fn set_limits(limits: &Limits) -> io::Result<()> {
    let budget = limits.memory.saturating_add(SLACK);
    let space = budget.saturating_add(mapped_bytes()?).saturating_add(RESERVED);
    for (resource, most) in [
        (Resource::Data, budget),
        (Resource::As, space),
        (Resource::Core, 0),
        (Resource::Fsize, LARGEST_FILE),
        (Resource::Nofile, OPEN_FILES),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Bytes of address space that this process has mapped.
fn mapped_bytes() -> io::Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm
        .split_whitespace()
        .next()
        .and_then(|pages| pages.parse().ok())
        .ok_or_else(|| io::Error::other("/proc/self/statm cannot be read"))?;
    Ok(pages * rustix::param::page_size() as u64)
}

/// What lasts from request to request.
struct Desk {
    limits: Limits,
    scratch: Scratch,
    source: Vec<u8>,
}

/// Why a request is not answered with an [`Answer`].
enum Failure {
    Input(InputFault),
    Files(io::Error),
}

impl From<InputFault> for Failure {
    fn from(fault: InputFault) -> Self {
        Self::Input(fault)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Files(error)
    }
}

impl Desk {
    fn reply(&mut self, request: &Request, descriptors: Vec<OwnedFd>) -> Reply {
        match self.answer(request, descriptors) {
            Ok(answer) => Reply::Done { answer },
            Err(Failure::Input(fault)) => Reply::Refused { fault },
            Err(Failure::Files(error)) => Reply::Files {
                reason: error.to_string(),
                no_space: matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded),
            },
        }
    }

    fn answer(&mut self, request: &Request, descriptors: Vec<OwnedFd>) -> Result<Answer, Failure> {
        let mut descriptors = descriptors.into_iter().map(File::from);
        let source = descriptors.next().ok_or_else(|| io::Error::other("no photo was passed"))?;
        if !matches!(request, Request::Glance(_)) {
            read(&source, &self.limits, &mut self.source)?;
        }
        match request {
            Request::Inspect(inspecting) => self.inspect(inspecting, descriptors.next()),
            Request::Glance(glancing) => self.glance(glancing, &source),
            Request::Develop(developing) => self.develop(developing),
            Request::LeaveOutPosition => {
                let Header { format, .. } = inspect(&self.source, &self.limits)?;
                let stays = |_| InputFault::PositionStays { format };
                let patches = meta::without_position(&self.source).map_err(stays)?;
                let sidecar = match descriptors.next() {
                    Some(file) => meta::sidecar_without_position(&read_beside(&file)?).map_err(stays)?,
                    None => Vec::new(),
                };
                Ok(Answer::WithoutPosition { patches, sidecar })
            }
        }
    }

    fn inspect(&mut self, inspecting: &Inspecting, sidecar: Option<File>) -> Result<Answer, Failure> {
        let header = inspect(&self.source, &self.limits)?;
        let beside = sidecar.map(|file| read_beside(&file)).transpose()?;
        let languages: Vec<&str> = inspecting.languages.iter().map(String::as_str).collect();
        let reading = meta::read(&self.source, beside.as_deref(), &languages);
        let upright = header.upright();
        Ok(Answer::Inspected(Box::new(Inspected { header, upright, reading })))
    }

    fn glance(&mut self, glancing: &Glancing, source: &File) -> Result<Answer, Failure> {
        let at_most = glancing.at_most.min(self.limits.file);
        fill(source, source.metadata()?.len().min(at_most), &mut self.source)?;
        let languages: Vec<&str> = glancing.languages.iter().map(String::as_str).collect();
        Ok(Answer::Glanced(Box::new(glance(&self.source, &languages, &self.limits))))
    }

    fn develop(&mut self, developing: &Developing) -> Result<Answer, Failure> {
        let developed = develop(&self.source, &developing.recipes, &self.limits, &mut self.scratch)?;
        let mut written = Vec::new();
        match write_sets(developing, &developed, &mut written) {
            Ok(()) => Ok(Answer::Developed(Printed {
                header: developed.header,
                upright: developed.upright,
                sets: written,
                colour: developed.colour,
                attention: developed.attention,
                fingerprint: developed.fingerprint,
                notes: developed.notes,
            })),
            Err(error) => {
                for file in written.iter().flatten() {
                    // Best effort: the folder is the caller's, and the first error is the one to tell.
                    let _ = std::fs::remove_file(developing.folder.join(&file.name));
                }
                Err(error.into())
            }
        }
    }
}

/// A sidecar; what lies beyond the limit for metadata is not read, and the reader of metadata says so.
fn read_beside(file: &File) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len().min(meta::METADATA_BYTES as u64 + 1);
    let mut bytes = Vec::new();
    fill(file, length, &mut bytes)?;
    Ok(bytes)
}

/// Reads the whole file from its beginning; the position of the descriptor, which the parent shares, stays.
fn read(file: &File, limits: &Limits, buffer: &mut Vec<u8>) -> Result<(), Failure> {
    let length = file.metadata()?.len();
    limits.check_file(length)?;
    Ok(fill(file, length, buffer)?)
}

fn fill(file: &File, length: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.resize(usize::try_from(length).map_err(io::Error::other)?, 0);
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(filled);
    Ok(())
}

fn write_sets(
    developing: &Developing,
    developed: &Developed,
    written: &mut Vec<Vec<RenditionFile>>,
) -> io::Result<()> {
    for (at, (recipe, renditions)) in developing.recipes.iter().zip(&developed.sets).enumerate() {
        let stem = format!("{}-{at}", developing.stem);
        written.push(Vec::new());
        for rendition in renditions {
            let (width, height) = (rendition.width, rendition.height);
            let name = format!("{stem}-{width}x{height}.{}", recipe.encoding.extension());
            let mut file = File::create_new(Path::new(&developing.folder).join(&name))?;
            let bytes = rendition.bytes.len() as u64;
            if let Some(set) = written.last_mut() {
                set.push(RenditionFile { width, height, name, bytes });
            }
            file.write_all(&rendition.bytes)?;
            if developing.durability == Durability::Synced {
                file.sync_all()?;
            }
        }
    }
    Ok(())
}
