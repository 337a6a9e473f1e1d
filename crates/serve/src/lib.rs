//! The hot path: the published tree to the socket. The one owner of the tree's format.
//!
//! Publishing writes finished objects ([`Printed`]) through a [`TreeWriter`]; a [`Site`] holds the map of what is
//! published and answers readers from memory or with one read; a [`Server`] carries that to sockets. Nothing here asks
//! a database, fills a template or encodes a picture (ARCHITECTURE.md, invariant 1).
//!
//! ```text
//! Printed --TreeWriter--> Keep (folder, object store) --Site--> Response --Server--> reader
//!                           pages/ log/ map/           map + cache
//! ```

mod answer;
mod body;
mod cache;
mod conditional;
mod face;
mod frame;
mod grant;
mod head;
mod keep;
mod key;
mod lane;
mod load;
mod meters;
mod negotiate;
mod object;
mod policy;
mod press;
mod readings;
#[cfg(test)]
mod rig;
mod server;
mod site;
mod stall;
mod tree;
mod visitor;
mod wire;
mod writer;

pub use body::{Body, BodyFault};
pub use face::protection;
pub use frame::Torn;
pub use grant::{Grant, Rendition, grant_path};
pub use keep::{Blobs, FolderKeep, Keep, Listed};
pub use key::{GONE_PAGE, Key, LONGEST_PATH, MISSING_PAGE, address, canonical, path_of};
pub use meters::{Meter, Meters};
pub use object::{PrintFault, Printed, Status};
pub use policy::{Network, Policy};
pub use press::press;
pub use server::{AccessLog, Clock, Drained, RequestRecord, Server, ServerOptions, Source};
pub use site::{Cause, Damage, Site, SiteOptions};
pub use tree::{Entry, HIGHEST_CHANGE, Kind, Map, Mark};
pub use visitor::{ShortAddress, Visitor};
pub use writer::{Pruned, Reading, Tombstone, TreeWriter, WriteFault};
