//! What a sender says that the hash of some bytes is, compared while they come.

use sha1::Digest as _;

use crate::hash::{Hasher, Sha256};

/// The hash that bytes must have, by the name that the sender gave (tus 1.0, extension "Checksum").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checksum {
    /// `sha1`, which that extension demands (FIPS 180-4). It tells of faults on the way, not of forgery.
    Sha1([u8; 20]),
    /// `sha256`.
    Sha256(Sha256),
}

/// A hash that grows with what comes, and what it must become.
#[derive(Debug)]
pub(super) enum Running {
    Sha1(sha1::Sha1, [u8; 20]),
    Sha256(Hasher, Sha256),
}

impl Running {
    pub(super) fn new(expected: Checksum) -> Self {
        match expected {
            Checksum::Sha1(expected) => Self::Sha1(sha1::Sha1::new(), expected),
            Checksum::Sha256(expected) => Self::Sha256(Hasher::default(), expected),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash, _) => hash.update(bytes),
            Self::Sha256(hash, _) => hash.update(bytes),
        }
    }

    pub(super) fn meets(self) -> bool {
        match self {
            Self::Sha1(hash, expected) => <[u8; 20]>::from(hash.finalize()) == expected,
            Self::Sha256(hash, expected) => hash.finish() == expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_s_own_example_meets_its_hashes_and_another_text_does_not() {
        // FIPS 180-4's example message "abc".
        let sha1 = [
            0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e, 0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c,
            0x9c, 0xd0, 0xd8, 0x9d,
        ];
        for expected in [Checksum::Sha1(sha1), Checksum::Sha256(Sha256::of(b"abc"))] {
            for (text, met) in [(&b"abc"[..], true), (b"abd", false), (b"", false)] {
                let mut running = Running::new(expected);
                for byte in text.chunks(1) {
                    running.update(byte);
                }
                assert_eq!(running.meets(), met, "{expected:?} {text:?}");
            }
        }
    }
}
