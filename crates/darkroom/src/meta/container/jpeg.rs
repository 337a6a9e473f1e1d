//! Metadata segments of a JPEG (T.81 annex B; Exif 2.3, 4.7; XMP part 3, 1.1.3).

use md5::{Digest, Md5};

use super::{Gathering, photoshop};
use crate::meta::octets::{be16, be32, find, from, slice};
use crate::meta::problem::ProblemCode;

/// What an APP1 segment with XMP begins with.
pub(super) const XMP_NAME: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const XMP_EXTENSION_NAME: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const EXIF_NAME: &[u8] = b"Exif\0";
const PHOTOSHOP_NAMES: [&[u8]; 2] = [b"Photoshop 3.0\0", b"Adobe_Photoshop2.5:"];

/// A segment before the picture data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment<'a> {
    /// The marker's second byte: 0xE1 for APP1.
    pub marker: u8,
    /// Its content without marker and length.
    pub data: &'a [u8],
    /// Where the next segment stands.
    pub next: usize,
}

/// The segment at `at`. `Ok(None)` at the end of the headers: SOS, EOI or the end of the bytes; `Err` when the bytes
/// there are none.
pub(crate) fn segment(bytes: &[u8], at: usize) -> Result<Option<Segment<'_>>, ()> {
    let mut at = at;
    // Any number of fill bytes may stand before a marker (T.81, B.1.1.2).
    while slice(bytes, at, 2) == Some(&[0xff, 0xff]) {
        at = at.saturating_add(1);
    }
    let Some([0xff, marker]) = slice(bytes, at, 2) else {
        return if at >= bytes.len() { Ok(None) } else { Err(()) };
    };
    match marker {
        0xd9 | 0xda => Ok(None),
        0x01 | 0xd0..=0xd8 => Ok(Some(Segment { marker: *marker, data: &[], next: at.saturating_add(2) })),
        _ => sized(bytes, at, *marker).map(Some).ok_or(()),
    }
}

fn sized(bytes: &[u8], at: usize, marker: u8) -> Option<Segment<'_>> {
    let length = usize::from(be16(bytes, at.checked_add(2)?)?);
    let data = slice(bytes, at.checked_add(4)?, length.checked_sub(2)?)?;
    Some(Segment { marker, data, next: at.checked_add(2)?.checked_add(length)? })
}

/// Parts of a JPEG's metadata that stand in several segments.
#[derive(Default)]
struct Parts<'a> {
    photoshop: Vec<u8>,
    extensions: Vec<Extension<'a>>,
}

/// Parts of an extended XMP packet that are looked at: the allowance of metadata in parts of 16 KB.
const MOST_EXTENSIONS: usize = 1_024;

/// A part of an extended XMP packet.
#[derive(Clone, Copy)]
struct Extension<'a> {
    guid: &'a [u8],
    whole: usize,
    offset: usize,
    data: &'a [u8],
}

/// Finds the packets.
pub(super) fn gather(bytes: &[u8], gathering: &mut Gathering<'_>) {
    let mut parts = Parts::default();
    let mut at = 2;
    loop {
        match segment(bytes, at) {
            Ok(Some(segment)) => {
                keep(segment, &mut parts, gathering);
                at = segment.next;
            }
            Ok(None) => break,
            Err(()) => {
                gathering.damaged("A segment of the JPEG breaks off or lies about its length.");
                break;
            }
        }
    }
    photoshop::read(&parts.photoshop, gathering);
    extend(&parts.extensions, gathering);
}

fn keep<'a>(segment: Segment<'a>, parts: &mut Parts<'a>, gathering: &mut Gathering<'_>) {
    let data = segment.data;
    match segment.marker {
        0xe0 => keep_jfif(data, gathering),
        0xe1 => keep_app1(data, parts, gathering),
        0xe2 if data.starts_with(b"ICC_PROFILE\0") => gathering.packets.has_icc = true,
        0xe2 if data.starts_with(b"MPF\0") => gathering.note_thumbnail(),
        0xeb if data.starts_with(b"JP") && find(data, b"c2pa").is_some() => gathering.packets.has_c2pa = true,
        0xed => keep_photoshop(data, parts, gathering),
        0xfe => gathering.keep_comment(None, data),
        // Start of frame: SOF0 to SOF15 without DHT, JPG and DAC.
        0xc0..=0xcf if !matches!(segment.marker, 0xc4 | 0xc8 | 0xcc) => keep_size(data, gathering),
        _ => {}
    }
}

fn keep_size(data: &[u8], gathering: &mut Gathering<'_>) {
    if let (Some(height), Some(width)) = (be16(data, 1), be16(data, 3)) {
        gathering.packets.stored_size = Some((u32::from(width), u32::from(height)));
    }
}

fn keep_jfif(data: &[u8], gathering: &mut Gathering<'_>) {
    let jfif = data.starts_with(b"JFIF\0") && matches!(slice(data, 12, 2), Some([1..=255, 1..=255]));
    if jfif || data.starts_with(b"JFXX\0") {
        gathering.note_thumbnail();
    }
}

fn keep_app1<'a>(data: &'a [u8], parts: &mut Parts<'a>, gathering: &mut Gathering<'_>) {
    if let Some(rest) = data.strip_prefix(EXIF_NAME) {
        // The name ends with two zeros; some writers put another byte into the second place.
        gathering.keep_exif(from(rest, 1));
    } else if let Some(packet) = data.strip_prefix(XMP_NAME) {
        gathering.keep_xmp(packet);
    } else if let Some(rest) = data.strip_prefix(XMP_EXTENSION_NAME) {
        match extension(rest) {
            Some(part) if parts.extensions.len() < MOST_EXTENSIONS => parts.extensions.push(part),
            Some(_) => note_extension(gathering, "The extended XMP has more parts than are read."),
            None => note_extension(gathering, "A part of the extended XMP breaks off."),
        }
    }
}

fn keep_photoshop(data: &[u8], parts: &mut Parts<'_>, gathering: &mut Gathering<'_>) {
    let named = PHOTOSHOP_NAMES.iter().find_map(|name| data.strip_prefix(*name));
    if let Some(block) = named {
        // A resource may go on in the next segment, so they are read together.
        if gathering.allowance.take(block.len(), "Photoshop block", gathering.problems) {
            parts.photoshop.extend_from_slice(block);
        }
    } else if matches!(data, [0x1c, 1..=9, ..]) {
        gathering.keep_iim(data);
    }
}

fn extension(rest: &[u8]) -> Option<Extension<'_>> {
    let whole = usize::try_from(be32(rest, 32)?).ok()?;
    let offset = usize::try_from(be32(rest, 36)?).ok()?;
    Some(Extension { guid: slice(rest, 0, 32)?, whole, offset, data: from(rest, 40) })
}

fn note_extension(gathering: &mut Gathering<'_>, sentence: &str) {
    gathering.problems.note(ProblemCode::XmpExtension, sentence);
}

/// Puts the parts of the extension together that the packet names.
fn extend(extensions: &[Extension<'_>], gathering: &mut Gathering<'_>) {
    if extensions.is_empty() {
        return;
    }
    let packet = gathering.packets.xmp.as_deref().unwrap_or_default();
    let Some(guid) = named_extension(packet).map(<[u8]>::to_vec) else {
        note_extension(gathering, "Extended XMP is there, but the XMP packet does not name it.");
        return;
    };
    let parts: Vec<_> = extensions.iter().filter(|part| part.guid == guid.as_slice()).copied().collect();
    let Some(joined) = join(parts) else {
        note_extension(gathering, "The extended XMP is incomplete and was not read.");
        return;
    };
    if !is_digest(&guid, &joined) {
        note_extension(gathering, "The extended XMP does not match its checksum.");
    }
    if gathering.allowance.take(joined.len(), "extended XMP", gathering.problems) {
        gathering.packets.xmp_extension = Some(joined);
    }
}

/// The GUID in the packet's `xmpNote:HasExtendedXMP`, be it attribute or element: the first 32 digits behind the name.
fn named_extension(packet: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"HasExtendedXMP";
    let behind = from(packet, find(packet, NAME)?.checked_add(NAME.len())?);
    let near = behind.get(..80).unwrap_or(behind);
    near.windows(32).find(|window| window.iter().all(u8::is_ascii_hexdigit))
}

/// Joins parts in the order of their offsets; `None` when they do not lie end to end or miss the stated length.
fn join(mut parts: Vec<Extension<'_>>) -> Option<Vec<u8>> {
    parts.sort_by_key(|part| part.offset);
    parts.dedup_by_key(|part| part.offset);
    let whole = parts.first()?.whole;
    // Memory is taken for what is there, not for what the first part claims.
    let mut joined = Vec::new();
    for part in parts {
        if part.offset != joined.len() || part.whole != whole {
            return None;
        }
        joined.extend_from_slice(part.data);
    }
    (joined.len() == whole).then_some(joined)
}

/// Whether `guid` is the MD5 of `bytes` in upper-case hexadecimal (XMP part 3, 1.1.3.1).
fn is_digest(guid: &[u8], bytes: &[u8]) -> bool {
    let digest = Md5::digest(bytes);
    let stated = guid
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|text| u8::from_str_radix(text, 16).ok()));
    stated.eq(digest.iter().map(|byte| Some(*byte)))
}
