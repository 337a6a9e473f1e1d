//! Keeps a number of workers, each asked by one thread at a time, and replaces those that die.

use std::ffi::OsString;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::parent::{Worker, WorkerFault};
use super::protocol::{Answer, Request};
use crate::limits::Limits;

/// A number of workers, shared by threads.
#[derive(Debug)]
pub struct Keeper {
    program: PathBuf,
    args: Vec<OsString>,
    limits: Limits,
    seats: Mutex<Seats>,
    freed: Condvar,
}

#[derive(Debug)]
struct Seats {
    /// Workers that wait for a request.
    idle: Vec<Worker>,
    /// How many more may be started or asked.
    free: usize,
}

impl Keeper {
    /// Keeps up to `count` workers that run `program args...`; each is started when it is first needed.
    pub fn new(program: PathBuf, args: Vec<OsString>, limits: Limits, count: NonZeroUsize) -> Self {
        let seats = Mutex::new(Seats { idle: Vec::new(), free: count.get() });
        Self { program, args, limits, seats, freed: Condvar::new() }
    }

    /// Limits that the workers keep.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Asks a worker, waiting for one to be free; the deadline begins when it is asked. A worker that does not survive
    /// the question is replaced before the next one.
    ///
    /// # Errors
    /// See [`WorkerFault`].
    pub fn ask(
        &self,
        request: &Request,
        source: &File,
        sidecar: Option<&File>,
        deadline: Duration,
    ) -> Result<Answer, WorkerFault> {
        let seat = self.take();
        let mut worker = match seat {
            Some(worker) => worker,
            None => match Worker::spawn(&self.program, &self.args, &self.limits) {
                Ok(worker) => worker,
                Err(error) => {
                    self.give_back(None);
                    return Err(error.into());
                }
            },
        };
        let outcome = worker.ask(request, source, sidecar, deadline);
        let usable = outcome.as_ref().err().is_none_or(WorkerFault::leaves_worker);
        self.give_back(usable.then_some(worker));
        outcome
    }

    /// An idle worker, or `None` with leave to start one.
    fn take(&self) -> Option<Worker> {
        let mut seats = self.seats();
        while seats.free == 0 {
            seats = self.freed.wait(seats).unwrap_or_else(PoisonError::into_inner);
        }
        seats.free -= 1;
        seats.idle.pop()
    }

    fn give_back(&self, worker: Option<Worker>) {
        let mut seats = self.seats();
        seats.free += 1;
        seats.idle.extend(worker);
        self.freed.notify_one();
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        // The lock is never held over anything that can panic.
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
