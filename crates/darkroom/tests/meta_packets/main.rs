//! Metadata in files made by hand, byte by byte: each container, each packet, each way to write a value.

#[cfg(test)]
mod asking;
#[cfg(test)]
mod containers;
#[cfg(test)]
mod exif;
#[cfg(test)]
mod hashes;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod made;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod xmp;
