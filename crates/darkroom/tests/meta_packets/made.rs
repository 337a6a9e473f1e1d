//! Files made byte by byte.

use std::io::Write;

pub(crate) fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], data].concat()
}

/// A JPEG's frame header says 40 x 30 pixels; its scan holds a stuffed zero and a restart.
pub(crate) fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    let frame = segment(0xc0, &[8, 0, 30, 0, 40, 1, 1, 0x11, 0]);
    let scan = [segment(0xda, &[1, 1, 0, 0, 63, 0]), vec![1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]].concat();
    [&[0xff, 0xd8][..], &segments.concat(), &frame, &scan, &[0xff, 0xd9]].concat()
}

pub(crate) fn jpeg_with_xmp(body: &str) -> Vec<u8> {
    jpeg(&[xmp_segment(&packet(body))])
}

pub(crate) fn xmp_segment(packet: &str) -> Vec<u8> {
    segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat())
}

pub(crate) fn extension_segment(guid: &str, whole: usize, offset: usize, data: &[u8]) -> Vec<u8> {
    let whole = u32::try_from(whole).unwrap().to_be_bytes();
    let offset = u32::try_from(offset).unwrap().to_be_bytes();
    segment(0xe1, &[b"http://ns.adobe.com/xmp/extension/\0", guid.as_bytes(), &whole, &offset, data].concat())
}

/// An XMP packet around the properties of one description.
pub(crate) fn packet(body: &str) -> String {
    wrapped(&format!("<rdf:Description rdf:about=''>{body}</rdf:Description>"))
}

pub(crate) fn wrapped(descriptions: &str) -> String {
    format!(
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>\
         <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
         xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' \
         xmlns:ext='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/' \
         xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:xmpNote='http://ns.adobe.com/xmp/note/' \
         xmlns:exif='http://ns.adobe.com/exif/1.0/' \
         xmlns:mwg='http://www.metadataworkinggroup.com/schemas/regions/' \
         xmlns:area='http://ns.adobe.com/xmp/sType/Area#'>{descriptions}</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
}

pub(crate) fn dataset(record: u8, number: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    [&[0x1c, record, number], &length[..], data].concat()
}

pub(crate) fn resource(id: u16, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let pad: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
    [b"8BIM", &id.to_be_bytes()[..], &[0, 0], &length, data, pad].concat()
}

pub(crate) fn photoshop_segment(block: &[u8]) -> Vec<u8> {
    segment(0xed, &[b"Photoshop 3.0\0", block].concat())
}

/// A little-endian directory at `at` of entries (tag, type, value bytes), and the bytes that its values need.
pub(crate) fn directory(at: usize, entries: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let widths = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8];
    let mut records = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    let mut values = Vec::new();
    let values_at = at + 2 + entries.len() * 12 + 4;
    for (tag, kind, bytes) in entries {
        let count = bytes.len() / widths[usize::from(*kind)];
        records.extend(tag.to_le_bytes());
        records.extend(kind.to_le_bytes());
        records.extend(u32::try_from(count).unwrap().to_le_bytes());
        if bytes.len() <= 4 {
            records.extend(bytes.iter().copied().chain([0; 4]).take(4));
        } else {
            records.extend(u32::try_from(values_at + values.len()).unwrap().to_le_bytes());
            values.extend(bytes);
        }
    }
    records.extend([0; 4]);
    [records, values].concat()
}

pub(crate) fn long(number: u32) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

pub(crate) fn short(number: u16) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

pub(crate) fn ascii(text: &str) -> Vec<u8> {
    [text.as_bytes(), &[0]].concat()
}

/// An EXIF block of a first directory and, behind it, an EXIF directory.
pub(crate) fn exif(main: &[(u16, u16, Vec<u8>)], sub: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    const FAR: usize = 2_000;
    let mut entries = main.to_vec();
    entries.push((0x8769, 4, long(FAR as u32)));
    let mut block = [b"II*\0\x08\0\0\0".to_vec(), directory(8, &entries)].concat();
    assert!(block.len() <= FAR);
    block.resize(FAR, 0);
    block.extend(directory(FAR, sub));
    block
}

pub(crate) fn jpeg_with_exif(block: &[u8]) -> Vec<u8> {
    jpeg(&[segment(0xe1, &[b"Exif\0\0", block].concat())])
}

pub(crate) fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&40_u32.to_be_bytes()[..], &30_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let ends: [(&[u8; 4], Vec<u8>); 2] = [(b"IDAT", vec![1, 2, 3]), (b"IEND", Vec::new())];
    for (name, data) in [(b"IHDR", header)].iter().chain(chunks).chain(&ends) {
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        bytes.extend(*name);
        bytes.extend(data);
        bytes.extend([0; 4]);
    }
    bytes
}

pub(crate) fn riff(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, data) in chunks {
        body.extend(*name);
        body.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend(data);
        body.extend(vec![0; data.len() % 2]);
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn hexadecimal_profile(name: &str, bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<String> = digits.chunks(36).map(|line| line.concat()).collect();
    format!("\n{name}\n{:8}\n{}\n", bytes.len(), lines.join("\n")).into_bytes()
}

pub(crate) const CAPTION: &str =
    "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>A caption</rdf:li></rdf:Alt></dc:description>";

pub(crate) fn with_all(xmp: &str, iim: &[Vec<u8>], digest: Option<[u8; 16]>) -> Vec<u8> {
    let iim = iim.concat();
    let digest = digest.map_or(Vec::new(), |digest| resource(0x0425, &digest));
    jpeg(&[xmp_segment(&packet(xmp)), photoshop_segment(&[resource(0x0404, &iim), digest].concat())])
}
