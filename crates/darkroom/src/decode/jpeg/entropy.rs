//! A walk through a JPEG's entropy-coded data that decodes codes but no pixels. It proves that every block of the
//! picture is there: decoders fill what is missing with grey and say nothing, and such a picture must be refused with
//! how much of it was missing (R41).

use super::huffman::{BLOCK_ENDS, Bits, LAST_FOR_PACK, Stop, Table, advance_of};
use crate::fault::InputFault;
use crate::header::Format;
use crate::walk::jpeg::{Frame, Scan, Structure};

/// Blocks of one component: how many across and down when it comes alone in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Grid {
    across: u32,
    down: u32,
}

/// State that lasts over scans.
struct Walk<'a> {
    frame: &'a Frame,
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    /// Of each component and coefficient, the bit position it is known to; -1 before its first scan.
    known: Vec<[i8; 64]>,
    /// Of each component of a progressive picture, the coefficients of each block that are not zero.
    nonzero: Vec<Vec<u64>>,
}

fn damaged(detail: impl Into<String>) -> InputFault {
    InputFault::damaged(Format::Jpeg, detail)
}

fn truncated(missing: impl Into<String>) -> InputFault {
    InputFault::truncated(Format::Jpeg, missing)
}

/// Samples of all components, filled up to whole MCUs.
pub(super) fn padded_samples(frame: &Frame) -> u64 {
    let mcus = mcus(frame);
    let across = u64::from(mcus.across) * u64::from(mcus.down);
    let blocks: u64 =
        frame.components.iter().map(|one| u64::from(one.horizontal) * u64::from(one.vertical)).sum();
    across * blocks * 64
}

fn mcus(frame: &Frame) -> Grid {
    let (horizontal, vertical) = frame.sampling();
    Grid { across: frame.width.div_ceil(8 * horizontal), down: frame.height.div_ceil(8 * vertical) }
}

fn grid(frame: &Frame, component: usize) -> Grid {
    let (horizontal, vertical) = frame.sampling();
    let (own_h, own_v) = frame
        .components
        .get(component)
        .map_or((1, 1), |one| (u32::from(one.horizontal), u32::from(one.vertical)));
    Grid {
        across: (frame.width * own_h).div_ceil(horizontal).div_ceil(8),
        down: (frame.height * own_v).div_ceil(vertical).div_ceil(8),
    }
}

/// Walks all scans.
///
/// # Errors
/// `Truncated` with the rows of blocks that are missing, or `Damaged` where the codes make no sense.
pub(crate) fn check(source: &[u8], structure: &Structure) -> Result<(), InputFault> {
    let frame = &structure.frame;
    let mut walk = Walk {
        frame,
        dc: [const { None }; 4],
        ac: [const { None }; 4],
        known: vec![[-1; 64]; frame.components.len()],
        nonzero: Vec::new(),
    };
    if frame.progressive() {
        walk.nonzero = (0..frame.components.len())
            .map(|component| {
                let grid = grid(frame, component);
                vec![0; grid.across as usize * grid.down as usize]
            })
            .collect();
    }
    for (number, scan) in structure.scans.iter().enumerate() {
        for range in &scan.tables {
            walk.read_tables(source.get(range.clone()).unwrap_or_default())?;
        }
        let data = source.get(scan.data.clone()).unwrap_or_default();
        walk.scan(number, scan, data)?;
    }
    walk.finish(structure.ended)
}

impl Walk<'_> {
    /// A DHT payload: tables one after the other.
    fn read_tables(&mut self, mut payload: &[u8]) -> Result<(), InputFault> {
        let bad = || damaged("a Huffman table in it is not valid");
        while let Some((head, rest)) = payload.split_first() {
            let counts: &[u8; 16] =
                rest.get(..16).and_then(|counts| counts.try_into().ok()).ok_or_else(bad)?;
            let total: usize = counts.iter().map(|count| usize::from(*count)).sum();
            let symbols = rest.get(16..16 + total).ok_or_else(bad)?;
            let table = Table::new(counts, symbols).ok_or_else(bad)?;
            let (tables, table) = match head >> 4 {
                0 => (&mut self.dc, table),
                _ if self.frame.progressive() => (&mut self.ac, table),
                _ => (&mut self.ac, table.with_packs()),
            };
            *tables.get_mut(usize::from(head & 15)).ok_or_else(bad)? = Some(table);
            payload = rest.get(16 + total..).unwrap_or_default();
        }
        Ok(())
    }

    fn scan(&mut self, number: usize, scan: &Scan, data: &[u8]) -> Result<(), InputFault> {
        self.check_kind(scan)?;
        let alone = match scan.takings.as_slice() {
            [one] => Some(one.component),
            _ => None,
        };
        let grid = alone.map_or_else(|| mcus(self.frame), |one| grid(self.frame, one));
        let walked = self.walk_scan(scan, data, grid, alone);
        let (row, stop) = match walked {
            Ok(()) => {
                self.note_known(scan);
                return Ok(());
            }
            Err((mcu, stop)) => (mcu / grid.across.max(1), stop),
        };
        let missing = grid.down.saturating_sub(row);
        let pass = if self.frame.progressive() || number > 0 {
            format!(" of its pass {}", number + 1)
        } else {
            String::new()
        };
        Err(match stop {
            Stop::Short => truncated(format!("{missing} of {} rows of blocks{pass} are missing", grid.down)),
            Stop::Wrong => damaged(format!(
                "its data makes no sense from row {} of {} rows of blocks{pass} on",
                row + 1,
                grid.down
            )),
        })
    }

    /// Whether the scan's parameters fit the frame, and its tables are there.
    fn check_kind(&self, scan: &Scan) -> Result<(), InputFault> {
        let (start, end) = scan.spectral;
        let bad = || damaged("the header of a scan contradicts the frame");
        let (dc, ac) = if self.frame.progressive() {
            let ordered = start <= end && end <= 63 && (start > 0 || end == 0);
            if !ordered || (start > 0 && scan.takings.len() > 1) || scan.low > 13 {
                return Err(bad());
            }
            (start == 0 && scan.high == 0, start > 0)
        } else {
            (true, true)
        };
        let there =
            |tables: &[Option<Table>; 4], place: usize| tables.get(place).is_some_and(Option::is_some);
        let complete = scan.takings.iter().all(|taking| {
            (!dc || there(&self.dc, taking.dc_table)) && (!ac || there(&self.ac, taking.ac_table))
        });
        if complete { Ok(()) } else { Err(damaged("it lacks a Huffman table")) }
    }

    fn note_known(&mut self, scan: &Scan) {
        let (start, end) = if self.frame.progressive() { scan.spectral } else { (0, 63) };
        let low = if self.frame.progressive() { scan.low as i8 } else { 0 };
        for taking in &scan.takings {
            if let Some(known) = self.known.get_mut(taking.component) {
                let range = usize::from(start)..=usize::from(end);
                known.get_mut(range).unwrap_or_default().fill(low);
            }
        }
    }

    /// Walks one scan; on a stop, tells the MCU it came to.
    fn walk_scan(
        &mut self,
        scan: &Scan,
        data: &[u8],
        grid: Grid,
        alone: Option<usize>,
    ) -> Result<(), (u32, Stop)> {
        let mut bits = Bits::new(data);
        let mut run = 0;
        let mut nonzero =
            alone.and_then(|one| self.nonzero.get_mut(one)).map(std::mem::take).unwrap_or_default();
        let blocks = self.blocks(scan, alone.is_some());
        let (mut until_restart, mut restarts) = (scan.restart, 0u8);
        let mut outcome = Ok(());
        for mcu in 0..grid.across * grid.down {
            if scan.restart > 0 && until_restart == 0 {
                if let Err(stop) = bits.restart(restarts & 7) {
                    outcome = Err((mcu, stop));
                    break;
                }
                (run, until_restart, restarts) = (0, scan.restart, restarts.wrapping_add(1));
            }
            until_restart = until_restart.saturating_sub(1);
            let mask = nonzero.get_mut(mcu as usize);
            let walked = match (self.frame.progressive(), scan.spectral.0) {
                (false, _) => sequential(&mut bits, &blocks),
                (true, 0) => first_coefficients(&mut bits, &blocks, scan.high > 0),
                (true, _) if scan.high == 0 => further(&mut bits, &blocks, scan, &mut run, mask),
                (true, _) => refined(&mut bits, &blocks, scan, &mut run, mask),
            };
            let stop = match walked {
                _ if bits.overdrawn() => Stop::Short,
                Err(stop) => stop,
                Ok(()) => continue,
            };
            outcome = Err((mcu, stop));
            break;
        }
        if let Some(place) = alone.and_then(|one| self.nonzero.get_mut(one)) {
            *place = nonzero;
        }
        outcome
    }

    /// The tables of each block of an MCU, in order.
    fn blocks(&self, scan: &Scan, alone: bool) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        for taking in &scan.takings {
            let factors = self.frame.components.get(taking.component);
            let count = match factors {
                Some(one) if !alone => usize::from(one.horizontal) * usize::from(one.vertical),
                _ => 1,
            };
            let block = Block {
                dc: self.dc.get(taking.dc_table).and_then(Option::as_ref),
                ac: self.ac.get(taking.ac_table).and_then(Option::as_ref),
            };
            blocks.extend(std::iter::repeat_n(block, count));
        }
        blocks
    }

    /// Whether the scans together make a whole picture.
    fn finish(&self, ended: bool) -> Result<(), InputFault> {
        if self.known.iter().any(|known| known[0] < 0) {
            let detail = "one of its colour channels is missing";
            return Err(if ended { damaged(detail) } else { truncated(detail) });
        }
        let complete = self.known.iter().flatten().all(|low| *low == 0);
        if ended || complete {
            return Ok(());
        }
        Err(truncated("its last passes, which hold the fine detail, are missing"))
    }
}

/// Tables for one block.
#[derive(Clone, Copy)]
struct Block<'a> {
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
}

/// Blocks of a sequential picture: one DC and up to 63 AC codes each.
fn sequential(bits: &mut Bits<'_>, blocks: &[Block<'_>]) -> Result<(), Stop> {
    let mut own = *bits;
    let outcome = sequential_blocks(&mut own, blocks);
    *bits = own;
    outcome
}

#[inline(always)]
fn sequential_blocks(bits: &mut Bits<'_>, blocks: &[Block<'_>]) -> Result<(), Stop> {
    for block in blocks {
        let (Some(dc), Some(ac)) = (block.dc, block.ac) else { return Err(Stop::Wrong) };
        if bits.coded(dc)? > 15 {
            return Err(Stop::Wrong);
        }
        let mut place = 1;
        while place < 64 {
            let packed = if place <= LAST_FOR_PACK { bits.packed(ac) } else { 0 };
            place += if packed > 0 { packed } else { advance_of(bits.coded(ac)?) };
        }
        if (65..BLOCK_ENDS).contains(&place) {
            return Err(Stop::Wrong);
        }
    }
    Ok(())
}

/// DC coefficients of a progressive picture.
fn first_coefficients(bits: &mut Bits<'_>, blocks: &[Block<'_>], refining: bool) -> Result<(), Stop> {
    if refining {
        bits.pass(blocks.len() as u32);
        return Ok(());
    }
    for block in blocks {
        let Some(dc) = block.dc else { return Err(Stop::Wrong) };
        if bits.coded(dc)? > 15 {
            return Err(Stop::Wrong);
        }
    }
    Ok(())
}

/// First pass over AC coefficients of a progressive picture, one block.
fn further(
    bits: &mut Bits<'_>,
    blocks: &[Block<'_>],
    scan: &Scan,
    run: &mut u32,
    mask: Option<&mut u64>,
) -> Result<(), Stop> {
    if *run > 0 {
        *run -= 1;
        return Ok(());
    }
    let ac = blocks.first().and_then(|block| block.ac).ok_or(Stop::Wrong)?;
    let (mut place, end) = (u32::from(scan.spectral.0), u32::from(scan.spectral.1));
    let mut seen = 0;
    while place <= end {
        let symbol = bits.symbol(ac)?;
        let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 && zeros < 15 {
            *run = (1 << zeros) - 1 + bits.read(zeros);
            break;
        }
        place += zeros;
        if size > 0 {
            if place > 63 {
                return Err(Stop::Wrong);
            }
            bits.pass(size);
            seen |= 1u64 << place;
        }
        place += 1;
    }
    if let Some(mask) = mask {
        *mask |= seen;
    }
    Ok(())
}

/// Later pass over AC coefficients of a progressive picture, one block: a bit for each that is not zero already.
fn refined(
    bits: &mut Bits<'_>,
    blocks: &[Block<'_>],
    scan: &Scan,
    run: &mut u32,
    mask: Option<&mut u64>,
) -> Result<(), Stop> {
    let mask = mask.ok_or(Stop::Wrong)?;
    let ac = blocks.first().and_then(|block| block.ac).ok_or(Stop::Wrong)?;
    let (mut place, end) = (u32::from(scan.spectral.0), u32::from(scan.spectral.1));
    let mut seen = 0;
    while *run == 0 && place <= end {
        let symbol = bits.symbol(ac)?;
        let (mut zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 && zeros < 15 {
            *run = (1 << zeros) + bits.read(zeros);
            break;
        }
        bits.pass(size.min(1));
        while place <= end {
            if *mask >> place & 1 == 1 {
                bits.pass(1);
            } else if zeros == 0 {
                break;
            } else {
                zeros -= 1;
            }
            place += 1;
        }
        if size > 0 && place <= end {
            seen |= 1u64 << place;
        }
        place += 1;
    }
    if *run > 0 {
        if place <= end {
            let rest = (u64::MAX << place) & (u64::MAX >> (63 - end));
            bits.pass((*mask & rest).count_ones());
        }
        *run -= 1;
    }
    *mask |= seen;
    Ok(())
}
