//! The IIM copy of the rights (R5: JPEG only): 2:80, 2:110 and 2:116 in UTF-8, in a Photoshop resource block.

use super::record::RightsRecord;
use crate::meta::text::cut;

/// What a dataset may hold, in bytes (IIM 4.2).
const CREATOR: usize = 32;
const CREDIT: usize = 32;
const COPYRIGHT: usize = 128;
/// Creators that are written.
const CREATORS: usize = 20;

/// A Photoshop resource block (0x0404) with the rights as IIM, without the name that an APP13 segment begins with.
/// Texts are cut at the limit of their dataset on a character boundary (R1); the XMP packet holds them whole.
pub fn iim_block(rights: &RightsRecord) -> Vec<u8> {
    let iim = datasets(rights);
    let mut block = b"8BIM\x04\x04\x00\x00".to_vec();
    block.extend(u32::try_from(iim.len()).unwrap_or(u32::MAX).to_be_bytes());
    let odd = iim.len() % 2 == 1;
    block.extend(iim);
    if odd {
        block.push(0);
    }
    block
}

fn datasets(rights: &RightsRecord) -> Vec<u8> {
    let mut iim = Vec::new();
    // The charset of record 2 is named before it begins, and the record by its version (IIM 4.2, 2:00).
    push(&mut iim, 1, 90, b"\x1b%G");
    push(&mut iim, 2, 0, &[0, 4]);
    for creator in rights.creators.iter().take(CREATORS) {
        push_text(&mut iim, 80, creator, CREATOR);
    }
    push_text(&mut iim, 110, &rights.credit, CREDIT);
    push_text(&mut iim, 116, rights.copyright.as_deref().unwrap_or_default(), COPYRIGHT);
    iim
}

fn push_text(iim: &mut Vec<u8>, number: u8, text: &str, limit: usize) {
    let text = cut(text, limit).trim_end();
    if !text.is_empty() {
        push(iim, 2, number, text.as_bytes());
    }
}

/// A dataset; all that are written are shorter than 32,768 bytes.
fn push(iim: &mut Vec<u8>, record: u8, number: u8, data: &[u8]) {
    iim.extend([0x1c, record, number]);
    iim.extend(u16::try_from(data.len()).unwrap_or(0).to_be_bytes());
    iim.extend(data);
}
