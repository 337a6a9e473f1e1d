//! Bringing objects and pictures from the store into memory, checked.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use quick_cache::sync::GuardResult;

use crate::cache::{Held, Place, Slot};
use crate::face::{Face, Granted, Store};
use crate::frame::{PREFIX, Torn, head_length, unwrap};
use crate::grant::Rendition;
use crate::head::Head;
use crate::keep::Keep;
use crate::negotiate::Coding;
use crate::object::{LARGE, MAGIC};
use crate::site::{Cause, Site, Target};

/// How much is read of an object whose mark does not say how far its first body reaches.
const FIRST_READ: usize = 16 * 1024;

/// How much may be held in memory along with a body without being used, before the body is copied out.
const SLACK: usize = 4 * 1024;

/// How long a reader waits for a turn with a slow store.
const TURN: Duration = Duration::from_secs(2);

/// Who has waited so long for what another one loads, and got nothing, does not load it again.
const LONG: Duration = Duration::from_secs(1);

/// Bodies longer than [`LARGE`] stay in their file, where there is one: one write from memory is cheaper than the two
/// calls that sending a file takes, but only as long as the copy is short.
const LONGEST_IN_MEMORY: usize = LARGE;

impl Site {
    /// The object of a path in a coding that its mark names.
    pub(crate) async fn face(&self, asked: &Target<'_>, coding: Coding) -> Result<Arc<Face>, Cause> {
        self.readings.note(asked.path);
        let place = Place { key: asked.key, change: asked.mark.change(), slot: Slot::Face(coding) };
        if let Some(Held::Face(face)) = self.hit(&place) {
            return Ok(face);
        }
        let (network, mark, path) = (self.options.network, asked.mark, asked.path.to_owned());
        let load = move |keep: &dyn Keep| {
            let target = Target { path: &path, key: place.key, mark };
            read_object(keep, &target, coding, LONGEST_IN_MEMORY, |head, body, length| {
                Ok(Held::Face(Arc::new(Face::page(&head, coding, (body, length), network)?)))
            })
        };
        match self.held(place, self.keep.quick(&asked.object_name()), load).await? {
            Held::Face(face) => Ok(face),
            Held::Granted(_) => Err(Torn::Head.into()),
        }
    }

    /// The grant under a path.
    pub(crate) async fn granted(&self, asked: &Target<'_>) -> Result<Arc<Granted>, Cause> {
        let place = Place { key: asked.key, change: asked.mark.change(), slot: Slot::Granted };
        if let Some(Held::Granted(granted)) = self.hit(&place) {
            return Ok(granted);
        }
        let (mark, path) = (asked.mark, asked.path.to_owned());
        let load = move |keep: &dyn Keep| {
            let target = Target { path: &path, key: place.key, mark };
            read_object(keep, &target, Coding::Identity, usize::MAX, |head, body, _| {
                let Store::Memory(body) = body else { return Err(Torn::Body) };
                let grant = serde_json::from_slice(&body).map_err(|_| Torn::Body)?;
                let keys = head.keys.into_iter().map(str::to_owned).collect();
                Ok(Held::Granted(Arc::new(Granted { grant, keys })))
            })
        };
        match self.held(place, self.keep.quick(&asked.object_name()), load).await? {
            Held::Granted(granted) => Ok(granted),
            Held::Face(_) => Err(Torn::Head.into()),
        }
    }

    /// The picture with number `number` in its grant.
    pub(crate) async fn picture(
        &self,
        asked: &Target<'_>,
        granted: &Granted,
        number: usize,
        rendition: &Rendition,
    ) -> Result<Arc<Face>, Cause> {
        let place = Place { key: asked.key, change: asked.mark.change(), slot: Slot::Picture(number) };
        if let Some(Held::Face(face)) = self.hit(&place) {
            return Ok(face);
        }
        self.meters().misses.add(1);
        let body = self.blob(rendition).await.inspect_err(|cause| self.relieve(cause))?;
        let face = Arc::new(Face::picture(granted, rendition, body, self.options.network)?);
        self.memory.insert(place, Held::Face(face.clone()));
        Ok(face)
    }

    async fn blob(&self, rendition: &Rendition) -> Result<Store, Cause> {
        if rendition.bytes > LONGEST_IN_MEMORY as u64
            && let Some(file) = self.blob_file(&rendition.blob).await?
        {
            as_long_as(file.metadata()?.len(), rendition.bytes)?;
            return Ok(Store::File(file, 0));
        }
        if rendition.bytes > self.options.largest_picture {
            return Ok(Store::Blobs);
        }
        let length = usize::try_from(rendition.bytes).map_err(|_| Torn::Head)?;
        // One byte more than it should have tells a longer file from the right one.
        let read = if self.blobs.quick(&rendition.blob) {
            self.blobs.read(&rendition.blob, 0, length + 1)?
        } else {
            let (blobs, key) = (self.blobs.clone(), rendition.blob.clone());
            self.slowly(move || blobs.read(&key, 0, length + 1)).await?
        };
        let bytes = read.ok_or(Cause::Lost)?;
        as_long_as(bytes.len() as u64, rendition.bytes)?;
        Ok(Store::Memory(bytes))
    }

    /// The open file of a blob, where the store has files.
    async fn blob_file(&self, key: &str) -> io::Result<Option<Arc<std::fs::File>>> {
        if self.blobs.quick(key) {
            return self.blobs.file(key);
        }
        let (blobs, key) = (self.blobs.clone(), key.to_owned());
        self.slowly(move || blobs.file(&key)).await
    }

    /// Reads from a slow store on a thread that may wait, when it is this reader's turn.
    async fn slowly<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let turn = tokio::time::timeout(TURN, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(io::ErrorKind::TimedOut.into()) };
        // The turn ends with the read, also where the reader has gone before.
        let read = move || {
            let read = read();
            drop(turn);
            read
        };
        tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
    }

    fn hit(&self, place: &Place) -> Option<Held> {
        let held = self.memory.get(place)?;
        self.count(&held);
        Some(held)
    }

    /// A body that the kernel sends from a file was not in our memory, whoever's else it was in.
    fn count(&self, held: &Held) {
        let in_memory = !matches!(held, Held::Face(face) if !matches!(face.body, Store::Memory(_)));
        if in_memory { &self.meters().hits } else { &self.meters().misses }.add(1);
    }

    /// Loaded by one reader while the others wait for it.
    async fn held(
        &self,
        place: Place,
        quick: bool,
        load: impl FnOnce(&dyn Keep) -> Result<Held, Cause> + Send + 'static,
    ) -> Result<Held, Cause> {
        if quick {
            // Where some reads are slow, another reader may have begun when this object was not here yet, as a task of this
            // very thread: waiting on the thread would be waiting for good.
            let patience = self.keep.is_far().then_some(Duration::ZERO);
            match self.memory.get_value_or_guard(&place, patience) {
                GuardResult::Value(held) => {
                    self.count(&held);
                    return Ok(held);
                }
                GuardResult::Guard(guard) => {
                    self.meters().misses.add(1);
                    let held = load(&*self.keep).inspect_err(|cause| self.relieve(cause))?;
                    // Refused only where the place was cleared meanwhile.
                    let _ = guard.insert(held.clone());
                    return Ok(held);
                }
                GuardResult::Timeout => {}
            }
        }
        let asked = Instant::now();
        match self.memory.get_value_or_guard_async(&place).await {
            Ok(held) => {
                self.count(&held);
                Ok(held)
            }
            // Another one has tried in vain meanwhile. If each who waited tried in its turn, the last would wait for hours.
            Err(_) if asked.elapsed() > LONG => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            Err(guard) => {
                self.meters().misses.add(1);
                let keep = self.keep.clone();
                let held = self.slowly(move || Ok(load(&*keep))).await??;
                let _ = guard.insert(held.clone());
                Ok(held)
            }
        }
    }

    /// Where the process has no descriptor left, lets go of those that are held for speed only.
    fn relieve(&self, cause: &Cause) {
        use rustix::io::Errno;
        let Cause::Unreadable(error) = cause else { return };
        if [Errno::MFILE, Errno::NFILE].map(Errno::raw_os_error).map(Some).contains(&error.raw_os_error()) {
            self.let_go();
        }
    }
}

fn as_long_as(found: u64, granted: u64) -> Result<(), Torn> {
    match found {
        found if found < granted => Err(Torn::Short),
        found if found > granted => Err(Torn::Long),
        _ => Ok(()),
    }
}

/// Reads one body of an object, checks it and hands it on with the head and its length: one read for the first body,
/// two for another. A body longer than `longest` stays in its file, where there is one.
fn read_object(
    keep: &dyn Keep,
    target: &Target<'_>,
    coding: Coding,
    longest: usize,
    make: impl FnOnce(Head<'_>, Store, u64) -> Result<Held, Torn>,
) -> Result<Held, Cause> {
    let name = target.object_name();
    let first = if target.mark.reach() > 0 { target.mark.reach() } else { FIRST_READ };
    let mut begin = keep.read(&name, 0, first)?.ok_or(Cause::Lost)?;
    let bodies = PREFIX + head_length(MAGIC, &begin)?;
    if bodies > begin.len() && begin.len() == first {
        begin = keep.read(&name, 0, bodies)?.ok_or(Cause::Lost)?;
    }
    let (head, _) = unwrap(MAGIC, &begin)?;
    let head = Head::parse(head)?;
    if head.path != target.path {
        return Err(Torn::Path.into());
    }
    let part = head.body(coding).ok_or(Torn::Head)?;
    let (from, length) = (part.begin as usize, part.length as usize);
    if length > longest
        && let Some(file) = keep.file(&name)?
    {
        part.check_file(&file)?;
        return Ok(make(head, Store::File(file, from as u64), length as u64)?);
    }
    let body = if begin.len() < part.end() {
        keep.read(&name, from as u64, length)?.ok_or(Cause::Lost)?
    } else if begin.len() - length > SLACK {
        Bytes::copy_from_slice(&begin[from..part.end()])
    } else {
        begin.slice(from..part.end())
    };
    part.check(&body)?;
    Ok(make(head, Store::Memory(body), length as u64)?)
}
