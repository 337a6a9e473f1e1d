//! The rights metadata of public files (R5): XMP and IIM made from the published record, and nothing else.

mod avif;
mod iim;
mod jpeg;
mod record;
mod xmp;

pub use avif::mux_avif;
pub use iim::iim_block;
pub use jpeg::{MuxError, mux_jpeg};
pub use record::RightsRecord;
pub use xmp::xmp_packet;
