//! Which pictures look alike: the same picture resized, recompressed or slightly cut, known by its gradient hash. What
//! counts as near is said here and nowhere else.

/// Bits in which the fingerprints of two copies of one picture differ at most. Resized and recompressed copies differ
/// in up to 4, copies cut at the edges in a few more, other photographs in more than 20.
pub const ALIKE: u32 = 10;

/// In how many bits two fingerprints differ, where they are near; `None` for other pictures.
#[must_use]
pub fn near(one: u64, other: u64) -> Option<u32> {
    let bits = (one ^ other).count_ones();
    (bits <= ALIKE).then_some(bits)
}

/// The fingerprints of an archive, by the numbers of their photos: nine bytes a photo, so that a million of them are
/// looked through in some milliseconds.
#[derive(Debug, Default)]
pub struct Looks {
    version: i64,
    prints: Vec<u64>,
    known: Vec<bool>,
}

impl Looks {
    /// The version of the newest change that was taken in; 0 before the first.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Takes a change in: the fingerprint that the photo of this number has now.
    pub fn learn(&mut self, number: u32, print: Option<u64>, version: i64) {
        let place = number as usize;
        if place >= self.prints.len() {
            self.prints.resize(place + 1, 0);
            self.known.resize(place + 1, false);
        }
        if let (Some(kept), Some(known)) = (self.prints.get_mut(place), self.known.get_mut(place)) {
            *kept = print.unwrap_or_default();
            *known = print.is_some();
        }
        self.version = self.version.max(version);
    }

    /// The photos near a fingerprint, with the bits in which theirs differ: the nearest first, of equals the oldest, at
    /// most `limit`.
    #[must_use]
    pub fn near(&self, print: u64, limit: usize) -> Vec<(u32, u32)> {
        let all = (0..).zip(self.prints.iter().zip(&self.known));
        let mut found: Vec<(u32, u32)> = all
            .filter_map(|(number, (other, known))| {
                near(print, *other).filter(|_| *known).map(|bits| (bits, number))
            })
            .collect();
        found.sort_unstable();
        found.truncate(limit);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_bits_are_near_and_eleven_are_not() {
        assert_eq!(near(0, 0b11_1111_1111), Some(10));
        assert_eq!(near(0, 0b111_1111_1111), None);
    }

    #[test]
    fn the_nearest_come_first_and_a_photo_without_a_fingerprint_is_near_to_none() {
        let mut looks = Looks::default();
        for (number, print) in
            [(0, Some(0b111)), (1, None), (2, Some(0)), (4, Some(u64::MAX)), (5, Some(0b1))]
        {
            looks.learn(number, print, i64::from(number));
        }
        assert_eq!(looks.near(0, 9), [(0, 2), (1, 5), (3, 0)]);
        assert_eq!(looks.near(0, 1), [(0, 2)]);
        assert_eq!(looks.version(), 5);
        looks.learn(2, None, 6);
        assert_eq!(looks.near(0, 9), [(1, 5), (3, 0)]);
    }
}
