//! What a file is, by its content (R40): never by its name or declared type. Refused kinds have names, so that a
//! refusal can say what was sent.

use serde::{Deserialize, Serialize};

use super::ifd::Tiff;
use super::octets::{Order, be32, find, le32, slice, u16_at};

/// How far into a text a tag is looked for.
const TEXT_HEAD: usize = 4_096;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A JPEG photo.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A WebP picture.
    WebP,
    /// A TIFF picture.
    Tiff,
    /// A TIFF with 64-bit offsets.
    BigTiff,
    /// AVIF.
    Avif,
    /// HEIC or HEIF.
    Heic,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// GIF.
    Gif,
    /// SVG.
    Svg,
    /// BMP.
    Bmp,
    /// A Windows icon or cursor.
    Ico,
    /// Photoshop's own format.
    Psd,
    /// A camera's raw file: Canon, Nikon, Sony, DNG and others.
    Raw,
    /// A video: MP4, QuickTime, AVI, Matroska, MPEG, ASF, FLV, Ogg.
    Video,
    /// PDF or PostScript.
    Pdf,
    /// HTML.
    Html,
    /// An XMP packet by itself, as sidecars are.
    Xmp,
    /// Other XML.
    Xml,
    /// Text of another kind, ImageMagick's MVG and scripts among them.
    Text,
    /// An archive: ZIP (office documents, too), gzip, 7z, RAR.
    Archive,
    /// No bytes at all.
    Empty,
    /// Nothing that is known.
    Unknown,
}

impl FileKind {
    /// Whether Halftone takes it in as a photo.
    pub fn is_photo(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::WebP | Self::Tiff)
    }

    /// Its name in a sentence: `This is {name}.`
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "a JPEG photo",
            Self::Png => "a PNG picture",
            Self::WebP => "a WebP picture",
            Self::Tiff => "a TIFF picture",
            Self::BigTiff => "a BigTIFF picture",
            Self::Avif => "an AVIF picture",
            Self::Heic => "a HEIC picture",
            Self::JpegXl => "a JPEG XL picture",
            Self::Jpeg2000 => "a JPEG 2000 picture",
            Self::Gif => "a GIF picture",
            Self::Svg => "an SVG drawing",
            Self::Bmp => "a BMP picture",
            Self::Ico => "a Windows icon",
            Self::Psd => "a Photoshop document",
            Self::Raw => "a camera raw file",
            Self::Video => "a video",
            Self::Pdf => "a PDF or PostScript document",
            Self::Html => "an HTML page",
            Self::Xmp => "an XMP sidecar",
            Self::Xml => "an XML document",
            Self::Text => "a text file",
            Self::Archive => "an archive",
            Self::Empty => "an empty file",
            Self::Unknown => "a file of an unknown kind",
        }
    }
}

impl std::fmt::Display for FileKind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

/// Tells what `bytes` are. The whole file is best; its first 64 KB are enough for all but raw files made of TIFF.
pub fn kind(bytes: &[u8]) -> FileKind {
    if bytes.is_empty() {
        return FileKind::Empty;
    }
    picture(bytes)
        .or_else(|| base_media(bytes))
        .or_else(|| raw(bytes))
        .or_else(|| video(bytes))
        .or_else(|| document(bytes))
        .unwrap_or_else(|| text(bytes))
}

fn picture(bytes: &[u8]) -> Option<FileKind> {
    const SIGNATURES: [(&[u8], FileKind); 14] = [
        (b"\xff\xd8\xff", FileKind::Jpeg),
        (b"\x89PNG\r\n\x1a\n", FileKind::Png),
        (b"II\x2b\x00", FileKind::BigTiff),
        (b"MM\x00\x2b", FileKind::BigTiff),
        (b"GIF87a", FileKind::Gif),
        (b"GIF89a", FileKind::Gif),
        (b"\xff\x0a", FileKind::JpegXl),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", FileKind::JpegXl),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", FileKind::Jpeg2000),
        (b"\xff\x4f\xff\x51", FileKind::Jpeg2000),
        (b"BM", FileKind::Bmp),
        (b"\x00\x00\x01\x00", FileKind::Ico),
        (b"\x00\x00\x02\x00", FileKind::Ico),
        (b"8BPS", FileKind::Psd),
    ];
    if bytes.starts_with(b"RIFF") {
        return match slice(bytes, 8, 4)? {
            b"WEBP" => Some(FileKind::WebP),
            b"AVI " => Some(FileKind::Video),
            _ => None,
        };
    }
    if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        return Some(tiff(bytes));
    }
    let (_, kind) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature))?;
    match kind {
        // Two letters are not enough: the header's own length, and an icon's or cursor's count, are looked at, too.
        FileKind::Bmp => is_bitmap(bytes).then_some(FileKind::Bmp),
        FileKind::Ico => is_icon(bytes).then_some(FileKind::Ico),
        kind => Some(*kind),
    }
}

fn is_bitmap(bytes: &[u8]) -> bool {
    let header = slice(bytes, 14, 4);
    matches!(header, Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

/// Whether the first picture's place lies right behind the directory or farther. A TGA may begin alike.
fn is_icon(bytes: &[u8]) -> bool {
    let count = u16_at(bytes, 4, Order::Little).map_or(0, u32::from);
    let place = le32(bytes, 18).unwrap_or(0);
    count > 0 && place >= count.saturating_mul(16).saturating_add(6)
}

/// A TIFF, or one of the raw formats that are TIFF inside.
fn tiff(bytes: &[u8]) -> FileKind {
    const DNG_VERSION: u16 = 0xc612;
    const SUB_DIRECTORIES: u16 = 0x014a;
    const NEW_SUBFILE_TYPE: u16 = 0x00fe;
    if slice(bytes, 8, 2) == Some(b"CR") {
        return FileKind::Raw;
    }
    let Some(structure) = Tiff::new(bytes) else { return FileKind::Tiff };
    let first = structure.directory(structure.first);
    let reduced = first.number(NEW_SUBFILE_TYPE).is_some_and(|kind| kind & 1 == 1);
    if first.get(DNG_VERSION).is_some() || (reduced && first.get(SUB_DIRECTORIES).is_some()) {
        // A raw file's first directory is a small picture, and the negative hangs below it.
        return FileKind::Raw;
    }
    FileKind::Tiff
}

/// ISO base media files (AVIF, HEIC, CR3, MP4, QuickTime), told apart by their brands.
fn base_media(bytes: &[u8]) -> Option<FileKind> {
    let name = slice(bytes, 4, 4)?;
    if name != b"ftyp" {
        return matches!(name, b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot")
            .then_some(FileKind::Video);
    }
    let length = usize::try_from(be32(bytes, 0)?).ok()?.clamp(16, 512).min(bytes.len());
    let brands = bytes.get(8..length)?;
    let has = |names: &[&[u8]]| {
        brands.chunks(4).enumerate().any(|(index, brand)| index != 1 && names.contains(&brand))
    };
    if brands.starts_with(b"crx ") {
        Some(FileKind::Raw)
    } else if has(&[b"avif", b"avis"]) {
        Some(FileKind::Avif)
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Some(FileKind::Heic)
    } else {
        Some(FileKind::Video)
    }
}

fn raw(bytes: &[u8]) -> Option<FileKind> {
    const SIGNATURES: [&[u8]; 8] =
        [b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FUJIFILMCCD-RAW", b"FOVb", b"\0MRM", b"II\x1a\0\0\0HEAPCCDR"];
    SIGNATURES.iter().any(|signature| bytes.starts_with(signature)).then_some(FileKind::Raw)
}

fn video(bytes: &[u8]) -> Option<FileKind> {
    const SIGNATURES: [&[u8]; 6] = [
        b"\x1a\x45\xdf\xa3",
        b"\x00\x00\x01\xba",
        b"\x00\x00\x01\xb3",
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
        b"FLV\x01",
        b"OggS",
    ];
    let stream = bytes.first() == Some(&0x47) && bytes.get(188) == Some(&0x47);
    let known = SIGNATURES.iter().any(|signature| bytes.starts_with(signature));
    (known || stream).then_some(FileKind::Video)
}

fn document(bytes: &[u8]) -> Option<FileKind> {
    const ARCHIVES: [&[u8]; 5] =
        [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a"];
    let head = bytes.get(..1_024).unwrap_or(bytes);
    if find(head, b"%PDF-").is_some() || bytes.starts_with(b"%!PS") || bytes.starts_with(b"\xc5\xd0\xd3\xc6")
    {
        return Some(FileKind::Pdf);
    }
    ARCHIVES.iter().any(|signature| bytes.starts_with(signature)).then_some(FileKind::Archive)
}

/// Text of some kind, or nothing that is known.
fn text(bytes: &[u8]) -> FileKind {
    let head = bytes.get(..TEXT_HEAD).unwrap_or(bytes);
    let plain: Vec<u8> =
        head.iter().copied().filter(|byte| *byte != 0).map(|byte| byte.to_ascii_lowercase()).collect();
    let start = plain.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&plain).trim_ascii_start();
    let is_markup =
        start.starts_with(b"<") || plain.starts_with(b"\xff\xfe<") || plain.starts_with(b"\xfe\xff<");
    if is_markup {
        return markup(start);
    }
    let binary = head.iter().any(|byte| *byte < 9 || (14..32).contains(byte) && *byte != 27);
    if binary || std::str::from_utf8(head).is_err_and(|fault| fault.error_len().is_some()) {
        FileKind::Unknown
    } else {
        FileKind::Text
    }
}

fn markup(start: &[u8]) -> FileKind {
    const HTML: [&[u8]; 8] =
        [b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<title", b"<img"];
    let has = |tag: &[u8]| find(start, tag).is_some();
    if HTML.iter().any(|tag| start.starts_with(tag)) {
        FileKind::Html
    } else if has(b"<svg") || has(b"<!doctype svg") || has(b":svg ") {
        FileKind::Svg
    } else if HTML.iter().any(|tag| has(tag)) {
        FileKind::Html
    } else if has(b"<x:xmpmeta") || has(b"<?xpacket") || has(b"adobe:ns:meta") || has(b"22-rdf-syntax-ns") {
        FileKind::Xmp
    } else if start.starts_with(b"<?xml") {
        FileKind::Xml
    } else {
        FileKind::Text
    }
}
