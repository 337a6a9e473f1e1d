//! The metadata packets of a photo as they stand in it (R4), and what else the container tells.

use serde::{Deserialize, Serialize};

/// Raw packets and findings of the container. The packets' bytes stay in this process: they are left out when a
/// reading is serialised, since the original file is kept byte for byte (R4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Packets {
    /// The EXIF block from its TIFF header on. `None` in a TIFF file, which is one itself.
    #[serde(skip)]
    pub exif: Option<Vec<u8>>,
    /// The IIM block: datasets from the first `1C` on.
    #[serde(skip)]
    pub iim: Option<Vec<u8>>,
    /// The XMP packet.
    #[serde(skip)]
    pub xmp: Option<Vec<u8>>,
    /// The extension of the XMP packet, put together (XMP part 3, 1.1.3.1).
    #[serde(skip)]
    pub xmp_extension: Option<Vec<u8>>,
    /// Further XMP packets, which are kept and not read.
    #[serde(skip)]
    pub more_xmp: Vec<Vec<u8>>,
    /// MD5 of the IIM block as the last program that kept IIM and XMP together wrote it (Photoshop resource 0x0425).
    pub iim_digest: Option<[u8; 16]>,
    /// An ICC profile is there.
    pub has_icc: bool,
    /// A C2PA manifest is there (R27). It is noted, not judged.
    pub has_c2pa: bool,
    /// A smaller copy of the picture is there.
    pub has_thumbnail: bool,
    /// Comments and plain text chunks, cleaned; never a caption (R3).
    pub comments: Vec<Comment>,
    /// Width and height in pixels as stored, before orientation, where the container's header says so.
    pub stored_size: Option<(u32, u32)>,
}

/// A comment of the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its keyword in a PNG; `None` in a JPEG.
    pub keyword: Option<String>,
    /// Its text.
    pub text: String,
}

impl Packets {
    /// Keeps an XMP packet: the first is read, further ones are only kept.
    pub(crate) fn keep_xmp(&mut self, packet: Vec<u8>) {
        if self.xmp.is_none() {
            self.xmp = Some(packet);
        } else {
            self.more_xmp.push(packet);
        }
    }
}
