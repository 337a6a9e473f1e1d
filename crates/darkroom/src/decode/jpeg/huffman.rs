//! Huffman codes and bits of JPEG's entropy-coded data (ITU-T T.81, Annexes C and F), as far as walking needs them.

/// Bits looked up at once; longer codes are searched.
const LOOK: u32 = 10;

/// Bits looked up at once for as many AC codes as they hold.
const PACK: u32 = 12;

/// How far a pack goes on in the block before its last code.
const PACK_ADVANCE: u32 = 16;

/// The last place in a block from which a pack may be passed: all its codes then begin within the block.
pub(super) const LAST_FOR_PACK: u32 = 63 - PACK_ADVANCE;

/// What passing the end-of-block code adds to a place in the block: more than codes within it can.
pub(super) const BLOCK_ENDS: u32 = 128;

/// One Huffman table.
pub(super) struct Table {
    /// Length in the upper byte (0: longer than LOOK bits, or no code), symbol in the lower.
    quick: Vec<u16>,
    /// For each length 1 to 16: one past the largest code, left-aligned to 16 bits.
    past: [u32; 17],
    /// For each length: what to add to a code to get its place among the symbols.
    offset: [i32; 17],
    symbols: Vec<u8>,
    /// For each PACK bits: in the lower byte the bits of all codes that they hold, with the bits that those count, in
    /// the upper how far these codes go in the block; 0 where they hold no whole code. Empty until asked for.
    packs: Vec<u16>,
}

impl Table {
    /// Builds a table from the counts of codes a length and the symbols in order of code; `None` when the counts do
    /// not make a code.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            quick: vec![0; 1 << LOOK],
            past: [0; 17],
            offset: [0; 17],
            symbols: symbols.to_vec(),
            packs: Vec::new(),
        };
        let (mut code, mut place) = (0u32, 0usize);
        let rows = table.offset.iter_mut().zip(&mut table.past).skip(1);
        for ((length, &count), (offset, past)) in (1u32..=16).zip(counts).zip(rows) {
            let first = code;
            code += u32::from(count);
            if code > 1 << length {
                return None;
            }
            *offset = place as i32 - first as i32;
            *past = code << (16 - length);
            if length <= LOOK {
                let shift = LOOK - length;
                for (code, symbol) in (first..code).zip(symbols.get(place..)?) {
                    let entry = (length as u16) << 8 | u16::from(*symbol);
                    let from = (code << shift) as usize;
                    table.quick.get_mut(from..from + (1 << shift))?.fill(entry);
                }
            }
            place += usize::from(count);
            code <<= 1;
        }
        Some(table)
    }

    /// Length and symbol of the code at the top of `peek`, which holds 16 bits; `None` when it is no code.
    #[inline(always)]
    fn find(&self, peek: u32) -> Option<(u32, u8)> {
        let entry = self.quick.get((peek >> (16 - LOOK)) as usize).copied().unwrap_or(0);
        if entry != 0 {
            return Some((u32::from(entry >> 8), entry as u8));
        }
        self.search(peek)
    }

    /// The same table, ready for [`Bits::packed`].
    pub(super) fn with_packs(mut self) -> Self {
        self.packs = (0..1 << PACK).map(|start| self.pack(start)).collect();
        self
    }

    fn pack(&self, start: u32) -> u16 {
        let (mut bits, mut advance) = (0, 0);
        while advance <= PACK_ADVANCE {
            let rest = (start << bits) & ((1 << PACK) - 1);
            let Some((length, symbol)) = self.find(rest << (16 - PACK)) else { break };
            let length = length + u32::from(symbol & 15);
            if bits + length > PACK {
                break;
            }
            bits += length;
            advance += advance_of(symbol);
        }
        (advance << 8 | bits) as u16
    }

    #[cold]
    fn search(&self, peek: u32) -> Option<(u32, u8)> {
        let length = (LOOK + 1..=16)
            .find(|length| self.past.get(*length as usize).is_some_and(|past| peek < *past))?;
        let place = (peek >> (16 - length)) as i32 + self.offset.get(length as usize)?;
        Some((length, *self.symbols.get(usize::try_from(place).ok()?)?))
    }
}

/// How far an AC code of a sequential picture goes in its block.
#[inline]
pub(super) fn advance_of(symbol: u8) -> u32 {
    if symbol & 15 == 0 && symbol != 0xF0 { BLOCK_ENDS } else { u32::from(symbol >> 4) + 1 }
}

/// Why a walk stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The data is used up.
    Short,
    /// The bits are no code of the table, or code what cannot be.
    Wrong,
}

/// Bits of one scan; stuffed zeros are taken out, markers end the data. A copy may be worked on and put back: then it
/// stays in registers.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, from the top.
    next: u64,
    /// How many bits of `next` are filled.
    filled: u32,
    /// Zeros put in after the end of the data, of all that were ever filled in.
    made_up: u32,
}

const EVERY_01: u64 = 0x0101_0101_0101_0101;
const EVERY_80: u64 = 0x8080_8080_8080_8080;

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, next: 0, filled: 0, made_up: 0 }
    }

    /// Fills up to at least 56 bits, with zeros after the end.
    #[inline(always)]
    fn fill(&mut self) {
        if self.filled >= 32 {
            return;
        }
        let eight = self.data.get(self.at..self.at + 8).and_then(|bytes| bytes.try_into().ok());
        if let Some(bytes) = eight {
            let word = u64::from_be_bytes(bytes);
            let inverse = !word;
            if inverse.wrapping_sub(EVERY_01) & !inverse & EVERY_80 == 0 {
                self.next |= word >> self.filled;
                let whole = (63 - self.filled) / 8;
                self.at += whole as usize;
                self.filled += whole * 8;
                return;
            }
        }
        *self = self.filled_slowly();
    }

    #[inline(never)]
    fn filled_slowly(mut self) -> Self {
        // The quick way may have left a part of the byte at `at` below the filled bits.
        self.next &= !(u64::MAX >> self.filled);
        while self.filled <= 56 {
            let byte = match (self.data.get(self.at), self.data.get(self.at + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.at += 2;
                    0xFF
                }
                (Some(0xFF) | None, _) => {
                    self.made_up += 8;
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    *byte
                }
            };
            self.next |= u64::from(byte) << (56 - self.filled);
            self.filled += 8;
        }
        self
    }

    /// Drops up to 32 bits.
    #[inline]
    fn drop(&mut self, count: u32) {
        self.next <<= count;
        self.filled -= count;
    }

    /// Reads up to 16 bits.
    pub(super) fn read(&mut self, count: u32) -> u32 {
        self.fill();
        let value = (self.next >> 32 >> (32 - count)) as u32;
        self.drop(count);
        value
    }

    /// Passes over any number of bits.
    pub(super) fn pass(&mut self, mut count: u32) {
        while count > 0 {
            let part = count.min(16);
            self.fill();
            self.drop(part);
            count -= part;
        }
    }

    /// Reads a symbol and passes over the bits that its lower half counts.
    #[inline(always)]
    pub(super) fn coded(&mut self, table: &Table) -> Result<u8, Stop> {
        self.fill();
        let (length, symbol) = table.find((self.next >> 48) as u32).ok_or(Stop::Wrong)?;
        self.drop(length + u32::from(symbol & 15));
        Ok(symbol)
    }

    /// Passes over all AC codes that the next bits hold whole and tells how far they go in the block, 0 for none. Only
    /// from places up to [`LAST_FOR_PACK`].
    #[inline(always)]
    pub(super) fn packed(&mut self, table: &Table) -> u32 {
        self.fill();
        let entry = table.packs.get((self.next >> (64 - PACK)) as usize).copied().unwrap_or(0);
        self.drop(u32::from(entry & 0xFF));
        u32::from(entry >> 8)
    }

    /// Reads a symbol alone.
    pub(super) fn symbol(&mut self, table: &Table) -> Result<u8, Stop> {
        self.fill();
        let (length, symbol) = table.find((self.next >> 48) as u32).ok_or(Stop::Wrong)?;
        self.drop(length);
        Ok(symbol)
    }

    /// Whether bits were used that the data does not hold.
    #[inline]
    pub(super) fn overdrawn(&self) -> bool {
        self.made_up > self.filled
    }

    /// Goes on behind the next restart marker, which has to be `number` (0 to 7).
    pub(super) fn restart(&mut self, number: u8) -> Result<(), Stop> {
        let rest = self.data.get(self.at..).ok_or(Stop::Short)?;
        let marker =
            rest.windows(2).position(|pair| matches!(pair, [0xFF, 0xD0..=0xD7])).ok_or(Stop::Short)?;
        if rest.get(marker + 1) != Some(&(0xD0 | number)) {
            return Err(Stop::Wrong);
        }
        (self.next, self.filled, self.made_up) = (0, 0, 0);
        self.at += marker + 2;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes 0, 10, 110 for 5, 6, 7.
    fn three() -> Table {
        let mut counts = [0; 16];
        counts[..3].fill(1);
        Table::new(&counts, &[5, 6, 7]).unwrap()
    }

    #[test]
    fn bits_come_back_in_order_across_stuffed_bytes() {
        let data = [0b1101_1010, 0b0111_1111];
        let mut bits = Bits::new(&data);
        let table = three();
        let seen: Vec<u8> = (0..4).map(|_| bits.symbol(&table).unwrap()).collect();
        assert_eq!(seen, [7, 7, 6, 5]);
        assert_eq!(bits.symbol(&table), Err(Stop::Wrong), "111 is no code");
        let mut bits = Bits::new(&[0xA5, 0xFF, 0x00, 0x5A, 0xFF, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55]);
        let bytes: Vec<u32> = (0..9).map(|_| bits.read(8)).collect();
        assert_eq!(bytes, [0xA5, 0xFF, 0x5A, 0xFF, 0x11, 0x22, 0x33, 0x44, 0x55]);
        assert!(!bits.overdrawn());
    }

    #[test]
    fn packed_codes_go_as_far_as_single_ones() {
        // Codes 0: end of block; 10: run 0, size 1; 110: run 2, size 3; 1110: sixteen zeros.
        let mut counts = [0; 16];
        counts[..4].fill(1);
        let table = Table::new(&counts, &[0x00, 0x01, 0x23, 0xF0]).unwrap().with_packs();
        let data: Vec<u8> = (0..60).map(|number: u8| number.wrapping_mul(73) & 0xEE).collect();
        let (mut single, mut packed) = (Bits::new(&data), Bits::new(&data));
        let (mut far, mut packs) = (0, 0);
        while !single.overdrawn() && !packed.overdrawn() {
            let mut place = packed.packed(&table);
            if place == 0 {
                place = packed.coded(&table).map_or(999, advance_of);
            }
            packs += 1;
            let mut alone = 0;
            while alone < place && !single.overdrawn() {
                alone += single.coded(&table).map_or(999, advance_of);
            }
            assert!(alone == place || single.overdrawn(), "{alone} {place}");
            far += place;
        }
        assert!(far > 1000 && packs > 20, "{far} {packs}");
    }

    #[test]
    fn bits_beyond_the_data_are_told() {
        let mut bits = Bits::new(&[0xA5]);
        assert_eq!(bits.read(8), 0xA5);
        assert!(!bits.overdrawn());
        bits.read(1);
        assert!(bits.overdrawn());
    }

    #[test]
    fn counts_that_overfill_a_length_are_no_table() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Table::new(&counts, &[1, 2, 3]).is_none());
    }
}
