//! Metadata in files made by hand, byte by byte: each container, each packet, each way to write a value.

mod asking;
mod containers;
mod exif;
mod hashes;
mod kinds;
mod made;
mod merging;
mod xmp;
