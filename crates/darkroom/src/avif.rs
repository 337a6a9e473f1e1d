//! The boxes of an AVIF file (ISO 14496-12, HEIF, AV1 Image File Format 1.1): one still picture in sRGB, stored as BT.601
//! in full range, and perhaps an XMP item that describes it.

/// A picture and what the file states of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Still<'a> {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The decoder's configuration (AV1 in ISO media files, 2.3.3).
    pub av1c: [u8; 4],
    /// The AV1 data, from the sequence header on.
    pub av1: &'a [u8],
}

/// Numbers of the items.
const PICTURE: u16 = 1;
const XMP: u16 = 2;

/// Colour in the code points of ITU-T H.273, as 16-bit numbers: BT.709's primaries, sRGB's curve, BT.601's matrix; then
/// one bit for the full range.
const COLOUR: [u8; 11] = *b"nclx\x00\x01\x00\x0d\x00\x06\x80";

/// The file. `None` when it would be longer than 4 GB.
pub(crate) fn write(still: &Still<'_>, xmp: Option<&[u8]>) -> Option<Vec<u8>> {
    let kind = plain_box(b"ftyp", &[b"avif", &[0; 4], b"avif", b"mif1", b"miaf", b"MA1B"])?;
    // Where the data begin hangs on the length of what says so, which hangs on no number in it.
    let length = meta(still, xmp, 0)?.len();
    let begin = u32::try_from(kind.len() + length + 8).ok()?;
    let data = plain_box(b"mdat", &[still.av1, xmp.unwrap_or_default()])?;
    Some([kind, meta(still, xmp, begin)?, data].concat())
}

/// The picture of a file that is to the byte what [`write`] makes without XMP; `None` for every other.
pub(crate) fn read_own(file: &[u8]) -> Option<Still<'_>> {
    let (_, rest) = split_box(file, b"ftyp")?;
    let (meta, rest) = split_box(rest, b"meta")?;
    let (av1, _) = split_box(rest, b"mdat")?;
    let find = |kind: &[u8; 4]| {
        let at = meta.windows(4).position(|window| window == kind)?;
        meta.get(at + 4..)
    };
    let size = find(b"ispe")?;
    let side = |at: usize| Some(u32::from_be_bytes(*size.get(at..)?.first_chunk()?));
    let (width, height) = (side(4)?, side(8)?);
    let still = Still { width, height, av1c: *find(b"av1C")?.first_chunk()?, av1 };
    (write(&still, None)? == file).then_some(still)
}

/// What says what the data are: `begin` is where they begin in the file.
fn meta(still: &Still<'_>, xmp: Option<&[u8]>, begin: u32) -> Option<Vec<u8>> {
    let handler = full_box(b"hdlr", 0, &[&[0; 4], b"pict", &[0; 13]])?;
    let primary = full_box(b"pitm", 0, &[&PICTURE.to_be_bytes()])?;
    let mut parts = vec![handler, primary, places(still, xmp, begin)?, items(xmp.is_some())?];
    if xmp.is_some() {
        let describes = [XMP.to_be_bytes(), 1u16.to_be_bytes(), PICTURE.to_be_bytes()].concat();
        parts.push(full_box(b"iref", 0, &[&plain_box(b"cdsc", &[&describes])?])?);
    }
    parts.push(properties(still)?);
    full_box(b"meta", 0, &[&parts.concat()])
}

/// Where the items lie: offsets and lengths of four bytes each, one extent an item.
fn places(still: &Still<'_>, xmp: Option<&[u8]>, begin: u32) -> Option<Vec<u8>> {
    let picture = u32::try_from(still.av1.len()).ok()?;
    let mut places = vec![(PICTURE, begin, picture)];
    if let Some(xmp) = xmp {
        places.push((XMP, begin.checked_add(picture)?, u32::try_from(xmp.len()).ok()?));
    }
    let mut list = vec![0x44, 0];
    list.extend(u16::try_from(places.len()).ok()?.to_be_bytes());
    for (item, offset, length) in places {
        list.extend([item.to_be_bytes(), 0u16.to_be_bytes(), 1u16.to_be_bytes()].as_flattened());
        list.extend([offset.to_be_bytes(), length.to_be_bytes()].as_flattened());
    }
    full_box(b"iloc", 0, &[&list])
}

/// What the items are. Names are empty.
fn items(xmp: bool) -> Option<Vec<u8>> {
    let entry = |item: u16, kind: &[u8]| full_box(b"infe", 2, &[&item.to_be_bytes(), &[0; 2], kind]);
    let mut entries = vec![entry(PICTURE, b"av01\0")?];
    if xmp {
        entries.push(entry(XMP, b"mime\0application/rdf+xml\0")?);
    }
    let count = u16::try_from(entries.len()).ok()?;
    full_box(b"iinf", 0, &[&count.to_be_bytes(), &entries.concat()])
}

/// What is stated of the picture: its size, bits, configuration and colour. The configuration alone must be understood.
fn properties(still: &Still<'_>) -> Option<Vec<u8>> {
    let list = [
        full_box(b"ispe", 0, &[&still.width.to_be_bytes(), &still.height.to_be_bytes()])?,
        full_box(b"pixi", 0, &[&[3, 8, 8, 8]])?,
        plain_box(b"av1C", &[&still.av1c])?,
        plain_box(b"colr", &[&COLOUR])?,
    ];
    let of_picture = [&[0, 0, 0, 1][..], &PICTURE.to_be_bytes(), &[4, 1, 2, 0x83, 4]].concat();
    let list = plain_box(b"ipco", &[&list.concat()])?;
    plain_box(b"iprp", &[&list, &full_box(b"ipma", 0, &[&of_picture])?])
}

fn plain_box(kind: &[u8; 4], parts: &[&[u8]]) -> Option<Vec<u8>> {
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    let length = u32::try_from(length.checked_add(8)?).ok()?;
    let mut made = length.to_be_bytes().to_vec();
    made.extend(kind);
    parts.iter().for_each(|part| made.extend_from_slice(part));
    Some(made)
}

/// A box with a version and no flags.
fn full_box(kind: &[u8; 4], version: u8, parts: &[&[u8]]) -> Option<Vec<u8>> {
    let version = [version, 0, 0, 0];
    let all: Vec<&[u8]> = std::iter::once(&version[..]).chain(parts.iter().copied()).collect();
    plain_box(kind, &all)
}

/// The content of a box of this kind at the beginning, and what follows it.
fn split_box<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<(&'a [u8], &'a [u8])> {
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    let (whole, rest) = bytes.split_at_checked(length)?;
    let content = whole.get(4..)?.strip_prefix(kind)?;
    Some((content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still() -> Still<'static> {
        Still { width: 300, height: 200, av1c: [0x81, 1, 12, 0], av1: b"the picture's bytes" }
    }

    #[test]
    fn a_file_of_ours_reads_back() {
        let file = write(&still(), None).unwrap();
        assert_eq!(read_own(&file), Some(still()));
    }

    #[test]
    fn the_places_name_the_data() {
        let file = write(&still(), Some(b"<xmp/>")).unwrap();
        let at = file.windows(4).position(|window| window == b"iloc").unwrap() + 12;
        let number = |at: usize| u32::from_be_bytes(*file[at..].first_chunk().unwrap()) as usize;
        let item = |at: usize| &file[number(at + 6)..number(at + 6) + number(at + 10)];
        assert_eq!((item(at), item(at + 14)), (still().av1, &b"<xmp/>"[..]));
    }

    #[test]
    fn a_file_that_is_not_to_the_byte_ours_is_not_read() {
        let file = write(&still(), None).unwrap();
        let data = file.len() - still().av1.len();
        for at in 0..file.len() {
            let mut other = file.clone();
            other[at] ^= 1;
            // Data, size and configuration may be any; nothing else may.
            let free = read_own(&other).is_some_and(|read| read != still());
            assert_eq!(read_own(&other).is_some(), free, "byte {at}");
            assert!(at >= data || !free || meta_says(&file, at), "byte {at}");
        }
        assert_eq!(read_own(&[&file[..], b"more"].concat()), None);
        assert_eq!(read_own(&write(&still(), Some(b"<xmp/>")).unwrap()), None);
        (0..file.len()).for_each(|length| assert_eq!(read_own(&file[..length]), None));
    }

    /// Whether the byte belongs to what is said of the picture's size or configuration.
    fn meta_says(file: &[u8], at: usize) -> bool {
        let place = |kind: &[u8]| file.windows(4).position(|window| window == kind).unwrap() + 4;
        let (size, configuration) = (place(b"ispe") + 4, place(b"av1C"));
        (size..size + 8).contains(&at) || (configuration..configuration + 4).contains(&at)
    }
}
