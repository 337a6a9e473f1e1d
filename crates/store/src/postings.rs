//! Sets of photos by their numbers, in blocks: what the library intersects. They are kept as text, because text is what
//! both databases hold alike, and cut in Rust, so that both find the same.

use std::collections::BTreeMap;

use crate::error::Because;

/// Photos of a block. A question reads a row for each block and term, so that a word which a quarter of a million photos
/// have costs 245 rows; and a row has to stay small enough to be written again with each photo that comes.
pub(crate) const PER_BLOCK: u32 = 4096;
const WORDS: usize = (PER_BLOCK / 64) as usize;
/// Photos from which on a set is written as bits: two signs a photo are as many as all bits then.
const DENSE: usize = 341;
/// Signs of a block that is written as bits, six of them each. An odd number: a list of photos has an even one.
const DENSE_SIGNS: usize = 683;
/// The sign for 0; the 63 after it are the others.
const FIRST_SIGN: u8 = b'0';

/// The block of a photo, and its place there.
pub(crate) fn place_of(number: u32) -> (u32, u32) {
    (number / PER_BLOCK, number % PER_BLOCK)
}

/// Some photos of one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits([u64; WORDS]);

impl Bits {
    pub(crate) fn none() -> Self {
        Self([0; WORDS])
    }

    pub(crate) fn is_none(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(crate) fn has(&self, place: u32) -> bool {
        self.0.get(place as usize / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub(crate) fn set(&mut self, place: u32, there: bool) {
        if let Some(word) = self.0.get_mut(place as usize / 64) {
            let bit = 1 << (place % 64);
            *word = if there { *word | bit } else { *word & !bit };
        }
    }

    pub(crate) fn or(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    pub(crate) fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own &= other);
    }

    /// The places that are set, from the highest down.
    pub(crate) fn downwards(&self) -> impl Iterator<Item = u32> {
        let words: Vec<(u32, u64)> = (0..).zip(self.0).filter(|(_, word)| *word != 0).collect();
        words.into_iter().rev().flat_map(|(at, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let place = 63_u32.checked_sub(left.leading_zeros())?;
                left &= !(1 << place);
                Some(at * 64 + place)
            })
        })
    }

    /// As it is kept: two signs for each photo, or all bits, whichever is shorter.
    pub(crate) fn to_text(&self) -> String {
        let mut signs = Vec::new();
        if self.count() as usize <= DENSE {
            for place in self.downwards() {
                signs.extend([sign(place >> 6), sign(place)]);
            }
        } else {
            for at in 0..DENSE_SIGNS as u32 {
                let six = (0..6).filter(|bit| self.has(at * 6 + bit)).map(|bit| 1 << bit);
                signs.push(sign(six.sum()));
            }
        }
        signs.into_iter().map(char::from).collect()
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Because> {
        let values: Option<Vec<u32>> = text.bytes().map(value).collect();
        let values = values.ok_or_else(|| Because("a sign that no set of photos has".to_owned()))?;
        let mut bits = Self::none();
        if values.len() == DENSE_SIGNS {
            for (at, six) in (0..).step_by(6).zip(values) {
                bits.or_six(at, u64::from(six));
            }
            return Ok(bits);
        }
        let mut pairs = values.chunks_exact(2);
        for pair in pairs.by_ref() {
            if let [high, low] = pair {
                bits.set(high << 6 | low, true);
            }
        }
        if pairs.remainder().is_empty() {
            Ok(bits)
        } else {
            Err(Because("half of a photo's place".to_owned()))
        }
    }

    fn or_six(&mut self, at: usize, six: u64) {
        let shift = at % 64;
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= six << shift;
        }
        if shift > 58
            && let Some(next) = self.0.get_mut(at / 64 + 1)
        {
            *next |= six >> (64 - shift);
        }
    }
}

fn sign(value: u32) -> u8 {
    FIRST_SIGN + (value & 63) as u8
}

fn value(sign: u8) -> Option<u32> {
    sign.checked_sub(FIRST_SIGN).filter(|value| *value < 64).map(u32::from)
}

/// Photos of the whole archive, by block.
pub(crate) type Photos = BTreeMap<u32, Bits>;

/// Adds photos to others.
pub(crate) fn unite(photos: &mut Photos, block: u32, more: Bits) {
    match photos.get_mut(&block) {
        Some(there) => there.or(&more),
        None => drop(photos.insert(block, more)),
    }
}

/// Leaves those that are in both.
pub(crate) fn intersect(photos: &mut Photos, others: &Photos) {
    photos.retain(|block, bits| {
        let Some(other) = others.get(block) else { return false };
        bits.and(other);
        !bits.is_none()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(places: impl IntoIterator<Item = u32>) -> Bits {
        let mut bits = Bits::none();
        places.into_iter().for_each(|place| bits.set(place, true));
        bits
    }

    #[test]
    fn a_set_comes_back_from_its_text_whether_few_or_many_photos_are_in_it() {
        let edges = [0, 1, 5, 6, 63, 64, 65, 4090, 4095];
        for bits in [
            of([]),
            of(edges),
            of((0..4096).step_by(12).take(341)),
            of((0..4096).step_by(11).take(342)),
            of((0..4096).filter(|place| place % 3 != 0)),
            of(0..4096),
        ] {
            let text = bits.to_text();
            assert_eq!(Bits::parse(&text).unwrap(), bits);
            assert!(text.len() <= DENSE_SIGNS, "{}", text.len());
        }
    }

    #[test]
    fn a_text_that_is_no_set_is_refused() {
        for text in ["0", "0 ", "00~~", "é"] {
            assert!(Bits::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn places_come_downwards_down() {
        let bits = of([4095, 64, 63, 0, 700]);
        assert_eq!(bits.downwards().collect::<Vec<_>>(), [4095, 700, 64, 63, 0]);
        assert_eq!(bits.count(), 5);
    }

    #[test]
    fn what_is_in_both_is_left() {
        let mut photos = Photos::from([(0, of([1, 2])), (1, of([3])), (2, of([4]))]);
        let mut others = Photos::from([(0, of([2, 3])), (2, of([5]))]);
        unite(&mut others, 3, of([6]));
        intersect(&mut photos, &others);
        assert_eq!(photos, Photos::from([(0, of([2]))]));
    }
}
