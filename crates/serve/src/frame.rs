//! The frame around everything that lies in the tree: four letters that name the kind and its format version, the
//! length and the CRC-32 of the head, the head, and whatever follows it.
//!
//! Tree files are renamed into place without a sync, so after a power cut one may be short, empty or full of zeros.
//! The frame makes each of these visible; CRC-32 is for accidents, not for attackers (the tree is private).

use thiserror::Error;

/// Bytes before the head: magic, length and CRC-32, each four bytes, numbers little endian.
pub(crate) const PREFIX: usize = 12;

/// A head longer than this is not believed, so that a damaged length cannot ask for memory (for maps: the whole).
const LONGEST_HEAD: usize = 1 << 30;

/// Why bytes are not what a printer wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Torn {
    /// The first four bytes name another kind of object, another format, or nothing.
    #[error("it does not begin as an object of this kind and format")]
    Magic,
    /// Fewer bytes than the head promises.
    #[error("it is shorter than it says")]
    Short,
    /// More bytes than the head promises.
    #[error("it is longer than it says")]
    Long,
    /// The head does not match its checksum or cannot be read.
    #[error("its head is damaged")]
    Head,
    /// A body does not match its checksum.
    #[error("a body is damaged")]
    Body,
    /// The object says that it was printed for another path than the one it was read for.
    #[error("it was printed for another path")]
    Path,
}

/// Writes magic, length, checksum and head; bodies may be appended.
pub(crate) fn wrap(magic: [u8; 4], head: &[u8], room: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(PREFIX + head.len() + room);
    let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&magic);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&crc32fast::hash(head).to_le_bytes());
    out.extend_from_slice(head);
    out
}

/// The length of the head that `bytes` (at least [`PREFIX`] of them) promise.
pub(crate) fn head_length(magic: [u8; 4], bytes: &[u8]) -> Result<usize, Torn> {
    let prefix: &[u8; PREFIX] = bytes.first_chunk().ok_or(Torn::Short)?;
    if prefix[..4] != magic {
        return Err(Torn::Magic);
    }
    let length = u32::from_le_bytes([prefix[4], prefix[5], prefix[6], prefix[7]]) as usize;
    if length > LONGEST_HEAD { Err(Torn::Head) } else { Ok(length) }
}

/// The checked head, and what follows it.
pub(crate) fn unwrap(magic: [u8; 4], bytes: &[u8]) -> Result<(&[u8], &[u8]), Torn> {
    let length = head_length(magic, bytes)?;
    let rest = bytes.get(PREFIX..).ok_or(Torn::Short)?;
    let (head, bodies) = rest.split_at_checked(length).ok_or(Torn::Short)?;
    let promised = bytes.get(8..PREFIX).and_then(|four| four.first_chunk()).ok_or(Torn::Short)?;
    if crc32fast::hash(head) != u32::from_le_bytes(*promised) {
        return Err(Torn::Head);
    }
    Ok((head, bodies))
}
