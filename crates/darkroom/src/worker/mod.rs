//! The worker: a long-lived child of the same binary that reads facts and develops photos, so that hostile bytes meet
//! a process whose death is an answer and not an outage (ARCHITECTURE.md, "Worker").
//!
//! Parent and child talk over a Unix socket, which is the child's standard input. A message is its length (four bytes,
//! little endian) and JSON; the photo travels as a file descriptor, the sidecar as a second one, renditions as files in
//! a folder that the request names. No pixels cross the socket. The child sets its own limits before it reads its first
//! request: memory, address space, no core dump, file size, open files. Its environment holds two settings of the
//! allocator and nothing else; it has no other descriptors than the socket, `/dev/null` and its standard error.

mod child;
mod keeper;
mod parent;
mod protocol;
mod socket;

pub use child::run_child;
pub use keeper::Keeper;
pub use parent::{Worker, WorkerFault};
pub use protocol::{Answer, Developing, Durability, Glancing, Inspected, Inspecting, Printed, Request};
