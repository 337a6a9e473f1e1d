//! Takes the position at which a photo was taken out of its file, where its sender wishes that, and leaves every byte
//! alone that says something else. What was taken out is looked at again: a file that would say anything else
//! afterwards, or its position still, is refused.

use serde::{Deserialize, Serialize};

use super::container::FIRST_PNG_CHUNK;
use super::kind::FileKind;
use super::octets::{Order, be32, find, from, slice, u16_at, u32_at};
use super::private::PrivateKind;
use super::{Reading, read};

const GPS_DIRECTORY: u16 = 0x8825;
/// Bytes of an entry of a directory (TIFF 6.0, section 2).
const ENTRY: usize = 12;
/// Before an EXIF block in a JPEG.
const EXIF: &[u8] = b"Exif\0\0";
/// How films begin that telephones put behind a picture.
const FILMS: [&[u8]; 4] = [b"ftypmp42", b"ftypisom", b"ftypqt  ", b"ftypiso4"];
/// Bytes in which the end of an attribute or element is looked for: positions are short, and a hostile file must not have
/// each of its signs looked for in all of it.
const NEAR: usize = 4_096;
/// Entries of a GPS directory; Exif 3.0 knows 32.
const MOST_ENTRIES: usize = 64;
/// Bytes of one of its values at most: a note on how the position was found is free text.
const LONGEST_VALUE: usize = 4_096;
/// Equal bytes between two that differ, up to which both are told together.
const GAP: usize = 32;

/// Bytes that stand in the place of as many others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// Where the first of them stands in the file.
    pub at: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The position cannot be taken out without changing something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("its position stands in a place out of which it cannot be taken")]
pub struct PositionStays;

/// What to write into a photo's file so that it says its position no more; nothing where it says none.
///
/// # Errors
/// [`PositionStays`] where it stands in compressed or divided metadata, where a film lies in the file, or where the file would
/// say something else afterwards.
pub fn without_position(file: &[u8]) -> Result<Vec<Patch>, PositionStays> {
    let before = read(file, None, &[]);
    let mut changed = file.to_vec();
    if before.kind == FileKind::Tiff {
        clear_exif(&mut changed);
    } else {
        // Each block that there is: cameras put further pictures with their own metadata behind the first.
        let mut at = 0;
        while let Some(found) = find(from(file, at), EXIF) {
            at += found + EXIF.len();
            if let Some(block) = changed.get_mut(at..) {
                clear_exif(block);
            }
        }
        if let Some(block) = before.packets.exif.as_deref().and_then(|exif| lying_in(&mut changed, exif)) {
            clear_exif(block);
        }
    }
    clear_xmp(&mut changed);
    if before.kind == FileKind::Png {
        check_again(&mut changed);
    }
    let after = read(&changed, None, &[]);
    let same = after.facts == before.facts && after.picture_hash == before.picture_hash;
    let packets = [&after.packets.xmp, &after.packets.xmp_extension, &after.packets.exif];
    let mut inside = packets.into_iter().flatten().chain(&after.packets.more_xmp);
    if !same
        || says_position(&after)
        || names_position(&changed)
        || inside.any(|packet| names_position(packet))
    {
        return Err(PositionStays);
    }
    Ok(patches(file, &changed))
}

/// The same for an .xmp file.
///
/// # Errors
/// [`PositionStays`].
pub fn sidecar_without_position(file: &[u8]) -> Result<Vec<Patch>, PositionStays> {
    let said = |file: &[u8]| read(&[], Some(file), &[]);
    let (before, mut changed) = (said(file), file.to_vec());
    clear_xmp(&mut changed);
    let after = said(&changed);
    if after.facts != before.facts || says_position(&after) || names_position(&changed) {
        return Err(PositionStays);
    }
    Ok(patches(file, &changed))
}

fn says_position(reading: &Reading) -> bool {
    reading.private.iter().any(|finding| finding.kind == PrivateKind::Gps)
}

/// Whether bytes name a position in words that readers of metadata may not know, such as those of drones, or hold a film,
/// which has a place for one of its own.
fn names_position(bytes: &[u8]) -> bool {
    const NAMES: [&[u8]; 3] = [b"gpslatitude", b"gpslongitude", b"location.iso6709"];
    let is_one = |at: usize| {
        NAMES
            .iter()
            .any(|name| slice(bytes, at, name.len()).is_some_and(|one| one.eq_ignore_ascii_case(name)))
    };
    memchr::memchr3_iter(b'g', b'G', b'l', bytes).any(is_one)
        || FILMS.iter().any(|film| find(bytes, film).is_some())
}

/// Where a packet lies whole in its file; `None` where it was put together or unpacked.
fn lying_in<'a>(file: &'a mut [u8], packet: &[u8]) -> Option<&'a mut [u8]> {
    let at = find(file, packet).filter(|_| !packet.is_empty())?;
    file.get_mut(at..at.checked_add(packet.len())?)
}

/// Zeros the GPS directory and takes its entry out of the first one.
fn clear_exif(block: &mut [u8]) {
    // What breaks off is left as it is; the look afterwards tells.
    let _ = try_clear_exif(block);
}

fn try_clear_exif(block: &mut [u8]) -> Option<()> {
    let order = match slice(block, 0, 2)? {
        b"II" => Order::Little,
        b"MM" => Order::Big,
        _ => return None,
    };
    let place = |at: usize, block: &[u8]| usize::try_from(u32_at(block, at, order)?).ok();
    let first = place(4, block)?;
    let count = usize::from(u16_at(block, first, order)?);
    let begin = first.checked_add(2)?;
    let index =
        (0..count).find(|index| u16_at(block, begin + index * ENTRY, order) == Some(GPS_DIRECTORY))?;
    let entry = begin + index * ENTRY;
    let gps = place(entry + 8, block)?;
    let entries = usize::from(u16_at(block, gps, order)?).min(MOST_ENTRIES);
    for index in 0..entries {
        let at = gps.checked_add(2 + index * ENTRY)?;
        let count = place(at + 4, block)?;
        let length = count.checked_mul(width(u16_at(block, at + 2, order)?))?;
        if (5..=LONGEST_VALUE).contains(&length) {
            let value = place(at + 8, block)?;
            block.get_mut(value..value.checked_add(length)?)?.fill(0);
        }
    }
    block.get_mut(gps..gps.checked_add(2 + entries * ENTRY + 4)?)?.fill(0);
    // What follows the entry, the place of the next directory with it, moves up.
    let end = begin + count * ENTRY + 4;
    block.get(entry..end)?;
    block.copy_within(entry + ENTRY..end, entry);
    block.get_mut(end - ENTRY..end)?.fill(0);
    let fewer = u16::try_from(count - 1).ok()?;
    let bytes = if order == Order::Little { fewer.to_le_bytes() } else { fewer.to_be_bytes() };
    block.get_mut(first..begin)?.copy_from_slice(&bytes);
    Some(())
}

/// Bytes of one value of a type (TIFF 6.0, section 2).
fn width(kind: u16) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 => 8,
        _ => 1,
    }
}

/// Puts blanks where attributes and elements say `GPS...`: between attributes and elements they say nothing.
fn clear_xmp(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b':', from(bytes, at)) {
        let colon = at + found;
        at = colon + 1;
        if !slice(bytes, at, 3).is_some_and(|name| name.eq_ignore_ascii_case(b"gps")) {
            continue;
        }
        if let Some((start, end)) = said_at(bytes, colon)
            && let Some(said) = bytes.get_mut(start..end)
        {
            said.fill(b' ');
            at = end;
        }
    }
}

/// What stands from `at` on, as far as ends are looked for.
fn near(bytes: &[u8], at: usize) -> &[u8] {
    let rest = from(bytes, at);
    rest.get(..NEAR).unwrap_or(rest)
}

/// From where to where the attribute or element stands whose name has this colon.
fn said_at(packet: &[u8], colon: usize) -> Option<(usize, usize)> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let prefix = packet.get(..colon)?.iter().rev().take(NEAR).take_while(|byte| is_name(byte)).count();
    let rest = near(packet, colon + 1).iter().take_while(|byte| is_name(byte)).count();
    let (start, end) = (colon - prefix, colon + 1 + rest);
    let before = packet.get(start.checked_sub(1)?)?;
    if *before == b'<' {
        let close = end + find(near(packet, end), b">")?;
        if packet.get(close - 1) == Some(&b'/') {
            return Some((start - 1, close + 1));
        }
        let name = [b"</", packet.get(start..end)?].concat();
        let last = close + find(near(packet, close), &name)?;
        return Some((start - 1, last + find(near(packet, last), b">")? + 1));
    }
    let blanks = |at: usize| near(packet, at).iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let equals = end + blanks(end);
    if !before.is_ascii_whitespace() || packet.get(equals) != Some(&b'=') {
        return None;
    }
    let quote = equals + 1 + blanks(equals + 1);
    let sign = packet.get(quote).filter(|sign| b"\"'".contains(sign))?;
    Some((start, quote + 1 + find(near(packet, quote + 1), &[*sign])? + 1))
}

/// Makes the checksums of a PNG's chunks of metadata anew.
fn check_again(file: &mut [u8]) {
    let mut at = FIRST_PNG_CHUNK;
    while let Some(length) = be32(file, at).and_then(|length| usize::try_from(length).ok()) {
        let (name, Some(end)) = (at + 4, (at + 8).checked_add(length)) else { return };
        let Some(checked) = file.get(name..end) else { return };
        if checked.starts_with(b"eXIf") || checked.starts_with(b"iTXt") || checked.starts_with(b"tEXt") {
            let mut check = flate2::Crc::new();
            check.update(checked);
            let sum = check.sum().to_be_bytes();
            let Some(place) = file.get_mut(end..end + 4) else { return };
            place.copy_from_slice(&sum);
        }
        at = end + 4;
    }
}

/// Where two files of one length differ.
fn patches(before: &[u8], after: &[u8]) -> Vec<Patch> {
    let mut found: Vec<Patch> = Vec::new();
    let differ = before.iter().zip(after).enumerate().filter(|(_, (one, other))| one != other);
    for (at, _) in differ {
        match found.last_mut() {
            Some(last) if at - (last.at as usize + last.bytes.len()) <= GAP => {
                let end = last.at as usize + last.bytes.len();
                last.bytes.extend_from_slice(after.get(end..=at).unwrap_or_default());
            }
            _ => found.push(Patch { at: at as u64, bytes: slice(after, at, 1).unwrap_or_default().to_vec() }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(file: &[u8], patches: &[Patch]) -> Vec<u8> {
        let mut bytes = file.to_vec();
        for patch in patches {
            let at = patch.at as usize;
            bytes.get_mut(at..at + patch.bytes.len()).unwrap().copy_from_slice(&patch.bytes);
        }
        bytes
    }

    #[test]
    fn what_differs_is_told_together_where_it_is_near() {
        let before = [0_u8; 200];
        let mut after = before;
        for at in [3, 5, 30, 90, 199] {
            *after.get_mut(at).unwrap() = 1;
        }
        let found = patches(&before, &after);
        assert_eq!(
            found.iter().map(|one| (one.at, one.bytes.len())).collect::<Vec<_>>(),
            [(3, 28), (90, 1), (199, 1)]
        );
        assert_eq!(patched(&before, &found), after);
    }

    #[test]
    fn a_film_behind_a_picture_and_names_that_are_not_known_are_seen() {
        for named in ["drone:gpsLongitude", "...ftypmp42isom", "com.apple.quicktime.location.ISO6709"] {
            assert!(names_position(named.as_bytes()), "{named}");
        }
        assert!(!names_position(b"a picture of a gps device, at latitude 5"));
    }

    fn xmp(attributes: &str, elements: &str) -> Vec<u8> {
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
             <rdf:Description rdf:about='' xmlns:exif='http://ns.adobe.com/exif/1.0/' xmlns:drone='http://drone.example/' \
             xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' photoshop:City='Doel' {attributes}>{elements}\
             </rdf:Description></rdf:RDF></x:xmpmeta>"
        )
        .into_bytes()
    }

    #[test]
    fn a_position_in_xmp_is_blanked_in_every_form_and_nothing_else_is() {
        for (attributes, elements) in [
            ("exif:GPSLatitude=\"51,18.5N\" exif:GPSLongitude = '4,15.9E'", ""),
            ("", "<exif:GPSLatitude>51,18.5N</exif:GPSLatitude><exif:GPSAltitude/>"),
            ("drone:GpsLatitude='51.3' exif:GPSLongitude='4'", ""),
            ("exif:GPSTimeStamp='2026-01-01'", "<exif:GPSLongitude xml:lang='x'>4,15.9E</exif:GPSLongitude>"),
        ] {
            let before = xmp(attributes, elements);
            let after = patched(&before, &sidecar_without_position(&before).unwrap());
            let text = String::from_utf8(after).unwrap();
            assert!(
                !text.to_uppercase().contains("GPS") && !text.contains("51,18") && text.contains("'Doel'"),
                "{text}"
            );
        }
        let without = xmp("", "");
        assert_eq!(sidecar_without_position(&without).unwrap(), []);
        for hidden in ["<!-- drone:GpsLatitude 51.3 -->", "<drone:GpsLatitude xml:lang='x'>51.3"] {
            let hidden = [without.as_slice(), hidden.as_bytes()].concat();
            assert_eq!(sidecar_without_position(&hidden), Err(PositionStays));
        }
    }

    #[test]
    fn an_exif_block_loses_its_gps_directory_and_keeps_what_stands_beside() {
        for order in [Order::Little, Order::Big] {
            let two = |n: u16| if order == Order::Little { n.to_le_bytes() } else { n.to_be_bytes() };
            let four = |n: u32| if order == Order::Little { n.to_le_bytes() } else { n.to_be_bytes() };
            let entry = |tag: u16, kind: u16, count: u32, value: u32| {
                [&two(tag)[..], &two(kind), &four(count), &four(value)].concat()
            };
            let sign: &[u8] = if order == Order::Little { b"II" } else { b"MM" };
            let mut block = [sign, &two(42), &four(8)].concat();
            // Orientation, GPS, and one entry behind it; then the GPS directory at 50 with one value outside, at 68.
            block.extend(two(3));
            let upright = if order == Order::Little { 6 } else { 6 << 16 };
            block.extend(entry(0x0112, 3, 1, upright));
            block.extend(entry(GPS_DIRECTORY, 4, 1, 50));
            block.extend(entry(0x8827, 4, 1, 100));
            block.extend(four(0));
            block.extend(two(1));
            block.extend(entry(2, 5, 3, 68));
            block.extend(four(0));
            block.extend([7; 24]);
            let whole = block.len();
            clear_exif(&mut block);
            assert_eq!((block.len(), u16_at(&block, 8, order)), (whole, Some(2)));
            assert_eq!(u16_at(&block, 22, order), Some(0x8827), "the entry behind it moved up");
            assert!(block.get(50..).unwrap().iter().all(|byte| *byte == 0), "{block:?}");
            assert_eq!(super::super::look(&block).orientation, 6);
        }
    }

    #[test]
    fn blocks_that_break_off_are_left_and_never_reach_past_their_end() {
        let mut whole = b"II\x2a\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x40\0\0\0".to_vec();
        for end in 0..whole.len() {
            clear_exif(whole.get_mut(..end).unwrap());
        }
        for hostile in ["<exif:GPS", "x:GPS=", " exif:GPSa='", "<a:GPSb>", ":GPS", "<a:GPS/"] {
            let mut bytes = hostile.as_bytes().to_vec();
            clear_xmp(&mut bytes);
            assert_eq!(bytes, hostile.as_bytes());
        }
    }
}
