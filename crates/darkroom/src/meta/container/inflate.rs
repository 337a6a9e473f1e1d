//! Inflating a zlib stream without ever holding more than is allowed.

use std::io::Read;

/// How an inflation ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inflated {
    /// All of it.
    Whole(Vec<u8>),
    /// It would have passed the bound; what fits.
    Cut(Vec<u8>),
    /// The stream is broken.
    Broken,
}

/// Inflates `stream` to at most `bound` bytes.
pub(super) fn inflate(stream: &[u8], bound: usize) -> Inflated {
    let one_more = u64::try_from(bound).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    match flate2::read::ZlibDecoder::new(stream).take(one_more).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > bound => {
            bytes.truncate(bound);
            Inflated::Cut(bytes)
        }
        Ok(_) => Inflated::Whole(bytes),
        Err(_) => Inflated::Broken,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_bomb_is_cut_at_the_bound() {
        let bomb = deflated(&vec![b'a'; 5_000_000]);
        let Inflated::Cut(bytes) = inflate(&bomb, 1_000) else { panic!("not cut") };
        assert_eq!(bytes.len(), 1_000);
        assert!(bytes.capacity() < 10_000);
    }

    #[test]
    fn a_text_that_fits_exactly_is_whole() {
        assert_eq!(inflate(&deflated(b"caption"), 7), Inflated::Whole(b"caption".to_vec()));
    }

    #[test]
    fn a_broken_stream_is_told() {
        assert_eq!(inflate(b"no zlib", 100), Inflated::Broken);
    }
}
