//! JPEG markers (ITU-T T.81, Annex B): frame, tables, scans and where the entropy-coded data of each lies.

use std::ops::Range;

use super::{ExifHints, be16, exif_hints};
use crate::fault::InputFault;
use crate::header::{Format, Header};
use crate::limits::Limits;

/// One component of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Component {
    pub id: u8,
    pub horizontal: u8,
    pub vertical: u8,
}

/// The frame header (SOF).
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// SOF marker: C0 baseline, C1 extended, C2 progressive.
    pub marker: u8,
    pub width: u32,
    pub height: u32,
    pub components: Vec<Component>,
}

impl Frame {
    pub(crate) fn progressive(&self) -> bool {
        self.marker == 0xC2
    }

    /// Largest sampling factors, horizontal and vertical.
    pub(crate) fn sampling(&self) -> (u32, u32) {
        let most = |pick: fn(&Component) -> u8| self.components.iter().map(pick).max().map_or(1, u32::from);
        (most(|component| component.horizontal), most(|component| component.vertical))
    }
}

/// One component's part in a scan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taking {
    /// Index into the frame's components.
    pub component: usize,
    pub dc_table: usize,
    pub ac_table: usize,
}

/// One scan (SOS).
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub takings: Vec<Taking>,
    pub spectral: (u8, u8),
    pub high: u8,
    pub low: u8,
    /// MCUs between restart markers, 0 for none.
    pub restart: u32,
    /// Entropy-coded bytes, restart markers included.
    pub data: Range<usize>,
    /// DHT payloads that came since the scan before.
    pub tables: Vec<Range<usize>>,
}

/// Everything a walk over the markers finds.
#[derive(Debug, Clone)]
pub(crate) struct Structure {
    pub frame: Frame,
    pub scans: Vec<Scan>,
    /// Whether the end of the picture (EOI) was met.
    pub ended: bool,
    /// Where the walk ended: behind the EOI, where it was met.
    pub end: usize,
    /// Colour transform of Adobe's APP14, where there is one.
    pub adobe: Option<u8>,
    pub jfif: bool,
    /// The ICC profile, put together from its APP2 parts.
    pub icc: Option<Vec<u8>>,
    /// EXIF block from its TIFF header on.
    pub exif: Option<Range<usize>>,
}

const ACCEPTED: &str = "Huffman-coded baseline and progressive JPEGs of 8 bits are accepted";

fn damaged(detail: impl Into<String>) -> InputFault {
    InputFault::damaged(Format::Jpeg, detail)
}

/// State of the walk.
struct Walk<'a> {
    source: &'a [u8],
    at: usize,
    frame: Option<Frame>,
    scans: Vec<Scan>,
    tables: Vec<Range<usize>>,
    restart: u32,
    adobe: Option<u8>,
    jfif: bool,
    icc: Vec<(u8, u8, Range<usize>)>,
    exif: Option<Range<usize>>,
    most_scans: u32,
}

/// Walks the markers to the end of the picture.
///
/// # Errors
/// Damage between markers, a cut before the picture data, and the varieties that are not decoded. A file that is cut
/// inside its last scan comes back with `ended` false: only the entropy decoder can tell what is missing.
pub(crate) fn walk(source: &[u8], limits: &Limits) -> Result<Structure, InputFault> {
    let mut walk = Walk {
        source,
        at: 2,
        frame: None,
        scans: Vec::new(),
        tables: Vec::new(),
        restart: 0,
        adobe: None,
        jfif: false,
        icc: Vec::new(),
        exif: None,
        most_scans: limits.scans,
    };
    let ended = walk.run()?;
    let icc = walk.profile();
    let frame = walk.frame.ok_or_else(|| cut_before_data(source.len()))?;
    if walk.scans.is_empty() {
        return Err(if ended {
            damaged("it has a header but no picture data")
        } else {
            cut_before_data(source.len())
        });
    }
    Ok(Structure {
        frame,
        scans: walk.scans,
        ended,
        end: walk.at,
        adobe: walk.adobe,
        jfif: walk.jfif,
        icc,
        exif: walk.exif,
    })
}

fn cut_before_data(bytes: usize) -> InputFault {
    InputFault::truncated(
        Format::Jpeg,
        format!("all of its picture data is missing, it ends after {bytes} bytes of header"),
    )
}

impl Walk<'_> {
    /// Whether EOI was met.
    fn run(&mut self) -> Result<bool, InputFault> {
        while let Some(marker) = self.marker()? {
            match marker {
                0xD9 => return Ok(true),
                // Stand alone, without a length: TEM and restart markers outside a scan, a second SOI.
                0x01 | 0xD0..=0xD8 => {}
                _ => {
                    let Some(payload) = self.payload()? else { return Ok(false) };
                    self.segment(marker, payload)?;
                }
            }
        }
        Ok(false)
    }

    /// The next marker; bytes between segments are passed over, as other decoders do.
    fn marker(&mut self) -> Result<Option<u8>, InputFault> {
        let Some(rest) = self.source.get(self.at..) else { return Ok(None) };
        let Some(skip) = memchr::memchr(0xFF, rest) else { return Ok(None) };
        if skip > 0 && self.scans.is_empty() && skip > STRAY_BYTES {
            return Err(damaged(format!("{skip} stray bytes stand between its headers")));
        }
        self.at += skip;
        while let Some(&byte) = self.source.get(self.at) {
            self.at += 1;
            match byte {
                0xFF => {}
                0 => return self.marker(),
                marker => return Ok(Some(marker)),
            }
        }
        Ok(None)
    }

    /// The payload of the segment at hand, without its length; `None` when the file ends inside it.
    fn payload(&mut self) -> Result<Option<Range<usize>>, InputFault> {
        let Some(length) = be16(self.source, self.at) else { return Ok(None) };
        let length = usize::from(length);
        if length < 2 {
            return Err(damaged(format!("a header states the length {length}")));
        }
        let payload = self.at + 2..self.at + length;
        if payload.end > self.source.len() {
            return Ok(None);
        }
        self.at = payload.end;
        Ok(Some(payload))
    }

    fn segment(&mut self, marker: u8, payload: Range<usize>) -> Result<(), InputFault> {
        let bytes = self.source.get(payload.clone()).unwrap_or_default();
        match marker {
            0xC0..=0xC2 => self.frame(marker, bytes)?,
            0xC4 => self.tables.push(payload),
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCC..=0xCF => return Err(coding(marker)),
            0xDD => self.restart = be16(bytes, 0).map_or(0, u32::from),
            0xDA => self.scan(bytes)?,
            0xE0 if bytes.starts_with(b"JFIF\0") => self.jfif = true,
            0xE1 if bytes.starts_with(b"Exif\0") && self.exif.is_none() && bytes.len() > 6 => {
                self.exif = Some(payload.start + 6..payload.end);
            }
            0xE2 if bytes.starts_with(b"ICC_PROFILE\0") && bytes.len() > 14 => {
                let (number, count) = (bytes.get(12), bytes.get(13));
                self.icc.extend(
                    number
                        .zip(count)
                        .map(|(number, count)| (*number, *count, payload.start + 14..payload.end)),
                );
            }
            0xEE if bytes.starts_with(b"Adobe") => self.adobe = bytes.get(11).copied(),
            _ => {}
        }
        Ok(())
    }

    fn frame(&mut self, marker: u8, bytes: &[u8]) -> Result<(), InputFault> {
        if self.frame.is_some() {
            return Err(damaged("it has two frame headers"));
        }
        let short = || damaged("its frame header is too short");
        let [precision, _, _, _, _, count, ..] = *bytes else { return Err(short()) };
        if precision != 8 {
            return Err(InputFault::unsupported(
                Format::Jpeg,
                format!("of {precision} bits a sample"),
                ACCEPTED,
            ));
        }
        let height = be16(bytes, 1).ok_or_else(short)?;
        let width = be16(bytes, 3).ok_or_else(short)?;
        if !matches!(count, 1 | 3 | 4) {
            return Err(damaged(format!("it states {count} colour components")));
        }
        let triples = bytes.get(6..6 + 3 * usize::from(count)).ok_or_else(short)?;
        let components: Vec<Component> = triples
            .as_chunks()
            .0
            .iter()
            .map(|&[id, factors, _]| Component { id, horizontal: factors >> 4, vertical: factors & 15 })
            .collect();
        let sound = components
            .iter()
            .all(|component| matches!(component.horizontal, 1..=4) && matches!(component.vertical, 1..=4));
        if !sound {
            return Err(damaged("its sampling factors are not between 1 and 4"));
        }
        self.frame = Some(Frame { marker, width: width.into(), height: height.into(), components });
        Ok(())
    }

    fn scan(&mut self, bytes: &[u8]) -> Result<(), InputFault> {
        let bad = || damaged("the header of a scan contradicts the frame");
        let frame = self.frame.as_ref().ok_or_else(|| damaged("a scan comes before the frame"))?;
        let count = usize::from(*bytes.first().ok_or_else(bad)?);
        if !(1..=frame.components.len()).contains(&count) {
            return Err(bad());
        }
        let pairs = bytes.get(1..1 + 2 * count).ok_or_else(bad)?;
        let mut takings: Vec<Taking> = Vec::with_capacity(count);
        for &[id, tables] in pairs.as_chunks().0 {
            let component = frame.components.iter().position(|one| one.id == id).ok_or_else(bad)?;
            if takings.iter().any(|taking| taking.component == component) {
                return Err(bad());
            }
            let (dc_table, ac_table) = (usize::from(tables >> 4), usize::from(tables & 15));
            if dc_table > 3 || ac_table > 3 {
                return Err(bad());
            }
            takings.push(Taking { component, dc_table, ac_table });
        }
        let [start, end, approximation] = *bytes.get(1 + 2 * count..4 + 2 * count).ok_or_else(bad)? else {
            return Err(bad());
        };
        let data = self.entropy();
        self.scans.push(Scan {
            takings,
            spectral: (start, end),
            high: approximation >> 4,
            low: approximation & 15,
            restart: self.restart,
            data,
            tables: std::mem::take(&mut self.tables),
        });
        if self.scans.len() as u64 > u64::from(self.most_scans) {
            return Err(InputFault::unsupported(
                Format::Jpeg,
                format!("a picture in more than {} passes", self.most_scans),
                format!("JPEGs of up to {} passes are accepted", self.most_scans),
            ));
        }
        Ok(())
    }

    /// The entropy-coded data from here to the next marker that is neither stuffing nor a restart.
    fn entropy(&mut self) -> Range<usize> {
        let start = self.at;
        let mut at = start;
        while let Some(skip) = self.source.get(at..).and_then(|rest| memchr::memchr(0xFF, rest)) {
            at += skip;
            match self.source.get(at + 1) {
                None => break,
                Some(0 | 0xD0..=0xD7) => at += 2,
                Some(0xFF) => at += 1,
                Some(_) => {
                    self.at = at;
                    return start..at;
                }
            }
        }
        self.at = self.source.len();
        start..self.at
    }

    /// The profile, if its parts are all there and say so; order of the parts is by number, not by place.
    fn profile(&mut self) -> Option<Vec<u8>> {
        let mut parts = std::mem::take(&mut self.icc);
        let count = usize::from(parts.first()?.1);
        parts.sort_by_key(|(number, ..)| *number);
        parts.dedup_by_key(|(number, ..)| *number);
        let whole =
            parts.len() == count && parts.iter().zip(1..).all(|((number, ..), expected)| *number == expected);
        if !whole {
            return None;
        }
        let pieces = parts.into_iter().filter_map(|(.., range)| self.source.get(range));
        Some(pieces.flatten().copied().collect())
    }
}

/// Bytes between segments that are passed over in silence: some cameras pad their headers.
const STRAY_BYTES: usize = 4096;

fn coding(marker: u8) -> InputFault {
    let variety = match marker {
        0xC3 | 0xC7 | 0xCB | 0xCF => "lossless-coded",
        0xC5 | 0xC6 | 0xCD | 0xCE => "hierarchically coded",
        _ => "arithmetic-coded",
    };
    InputFault::unsupported(Format::Jpeg, variety, ACCEPTED)
}

impl Structure {
    /// Orientation and colour marks of its EXIF block.
    pub(crate) fn hints(&self, source: &[u8]) -> ExifHints {
        let block = self.exif.clone().and_then(|range| source.get(range));
        block.map(exif_hints).unwrap_or_default()
    }

    /// Facts for the limits.
    pub(crate) fn header(&self, source: &[u8]) -> Header {
        let frame = &self.frame;
        Header {
            format: Format::Jpeg,
            width: frame.width,
            height: frame.height,
            channels: frame.components.len() as u8,
            depth: 8,
            progressive: frame.progressive(),
            scans: self.scans.len() as u32,
            frames: 1,
            orientation: self.hints(source).orientation,
            decoder_bytes: crate::decode::jpeg::decoder_bytes(self),
        }
    }
}

/// Header and structural check. Only when the end of the picture is missing is the entropy-coded data read, to say how
/// much of it is.
pub(crate) fn header(source: &[u8], limits: &Limits) -> Result<Header, InputFault> {
    let structure = walk(source, limits)?;
    let header = structure.header(source);
    if !structure.ended {
        limits.check(&header, source.len() as u64)?;
        crate::decode::jpeg::check_entropy(source, &structure)?;
    }
    Ok(header)
}
