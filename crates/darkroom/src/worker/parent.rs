//! The parent's side of one worker.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use thiserror::Error;

use super::protocol::{Answer, Hello, Reply, Request};
use super::socket::{length, send};
use crate::fault::InputFault;
use crate::limits::Limits;

/// Bytes of the child's standard error that are kept, from its end.
const TAIL: usize = 4096;

/// What glibc's allocator keeps from one photo to the next, in bytes, rather than give it back and have each page faulted
/// in anew: 25 ms of a photo of 24 megapixels. Other allocators ignore it.
const ALLOCATOR: [(&str, &str); 2] =
    [("MALLOC_MMAP_THRESHOLD_", "33554432"), ("MALLOC_TRIM_THRESHOLD_", "67108864")];

/// SIGABRT: how Rust and C++ end when memory cannot be had.
const ABORT: i32 = 6;

/// Why there is no answer. Only [`WorkerFault::Input`] and [`WorkerFault::Files`] leave a worker that can be asked
/// again.
#[derive(Debug, Error)]
pub enum WorkerFault {
    /// The photo is refused, with a sentence for its sender.
    #[error(transparent)]
    Input(#[from] InputFault),
    /// The photo cannot be read or a rendition not written.
    #[error("The worker could not read or write a file: {reason}.")]
    Files {
        /// What the system said.
        reason: String,
        /// Whether the disk or quota is full.
        no_space: bool,
    },
    /// The child ran out of its address space. Told by its end: SIGABRT after "memory allocation of N bytes failed"
    /// (Rust) or "std::bad_alloc" (the encoder) on its standard error.
    #[error("Developing this picture took more memory than the worker may use.")]
    OutOfMemory,
    /// There was no answer in time; the child was killed.
    #[error("Developing this picture took longer than {} seconds.", .0.as_secs_f32())]
    OutOfTime(Duration),
    /// The child ended by itself.
    #[error("The worker ended unexpectedly ({}).", ending(*signal, *exit))]
    Died {
        /// The signal that ended it.
        signal: Option<i32>,
        /// Its exit code.
        exit: Option<i32>,
        /// The end of its standard error.
        stderr: String,
    },
    /// No child could be started, or the socket broke in another way.
    #[error("The worker cannot be reached: {0}.")]
    Unreachable(#[from] io::Error),
}

fn ending(signal: Option<i32>, exit: Option<i32>) -> String {
    match (signal, exit) {
        (Some(signal), _) => format!("signal {signal}"),
        (None, Some(exit)) => format!("exit code {exit}"),
        (None, None) => "reason unknown".to_owned(),
    }
}

impl WorkerFault {
    /// Whether the worker can be asked again; otherwise it has to be replaced.
    pub fn leaves_worker(&self) -> bool {
        matches!(self, Self::Input(_) | Self::Files { .. })
    }
}

/// One child process and the socket to it. Dropping it kills the child.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    socket: UnixStream,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Worker {
    /// Starts `program args...`, which has to call [`run_child`](super::run_child), and tells it its limits.
    ///
    /// # Errors
    /// What the system says when there is no such program or no room for a process.
    pub fn spawn<S: AsRef<OsStr>>(program: &Path, args: &[S], limits: &Limits) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        // What this process itself was started with may lack the mark that the standard library gives to all it opens.
        close_fds::set_fds_cloexec_threadsafe(3, &[]);
        let mut child = Command::new(program)
            .args(args)
            .env_clear()
            .envs(ALLOCATOR)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let stderr = child.stderr.take().map(|pipe| std::thread::spawn(|| tail(pipe)));
        let worker = Self { child, socket, stderr };
        // A child that is gone already is told apart by the first request.
        let _ = send(&worker.socket, &Hello { limits: *limits }, &[]);
        Ok(worker)
    }

    /// Process id of the child.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the child and waits for its answer, at most `deadline`. The files' positions are neither used nor moved.
    ///
    /// # Errors
    /// See [`WorkerFault`]; after one that does not leave the worker, drop it and spawn another.
    pub fn ask(
        &mut self,
        request: &Request,
        source: &File,
        sidecar: Option<&File>,
        deadline: Duration,
    ) -> Result<Answer, WorkerFault> {
        let until = Instant::now() + deadline;
        let mut descriptors = vec![source.as_fd()];
        descriptors.extend(sidecar.map(AsFd::as_fd));
        let reply = send(&self.socket, request, &descriptors).and_then(|()| self.receive(until));
        match reply {
            Ok(Reply::Done { answer }) => Ok(answer),
            Ok(Reply::Refused { fault }) => Err(WorkerFault::Input(fault)),
            Ok(Reply::Files { reason, no_space }) => Err(WorkerFault::Files { reason, no_space }),
            Err(error) if is_timeout(&error) => {
                self.kill();
                Err(WorkerFault::OutOfTime(deadline))
            }
            Err(error) if is_hanging_up(&error) => Err(self.post_mortem(until)),
            Err(error) => {
                self.kill();
                Err(WorkerFault::Unreachable(error))
            }
        }
    }

    fn receive(&mut self, until: Instant) -> io::Result<Reply> {
        let mut head = [0; 4];
        self.fill(&mut head, until)?;
        let mut json = vec![0; length(head)?];
        self.fill(&mut json, until)?;
        Ok(serde_json::from_slice(&json)?)
    }

    fn fill(&mut self, buffer: &mut [u8], until: Instant) -> io::Result<()> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.socket.set_read_timeout(Some(left))?;
            match self.socket.read(rest) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What a child that closed its socket died of; one that lingers is killed when its time is over.
    fn post_mortem(&mut self, until: Instant) -> WorkerFault {
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Ok(None) => {
                    self.kill();
                    return WorkerFault::OutOfTime(Duration::ZERO);
                }
                Err(error) => return WorkerFault::Unreachable(error),
            }
        };
        let said = self.stderr.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        classify(status, String::from_utf8_lossy(&said).into_owned())
    }

    fn kill(&mut self) {
        // Both fail only for a child that is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

/// Whether the other end of the socket is closed.
fn is_hanging_up(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
}

fn classify(status: ExitStatus, stderr: String) -> WorkerFault {
    let signal = status.signal();
    let memory = ["memory allocation of ", "std::bad_alloc"];
    if signal == Some(ABORT) && memory.iter().any(|words| stderr.contains(words)) {
        return WorkerFault::OutOfMemory;
    }
    WorkerFault::Died { signal, exit: status.code(), stderr }
}

/// Reads the pipe to its end, so that the child never waits for it, and keeps the last bytes.
fn tail(mut pipe: ChildStderr) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        match pipe.read(&mut buffer) {
            Ok(0) => return kept,
            Ok(count) => kept.extend(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return kept,
        }
        let surplus = kept.len().saturating_sub(TAIL);
        kept.drain(..surplus);
    }
}
