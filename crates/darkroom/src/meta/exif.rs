//! EXIF (Exif 2.32 and 3.0; TIFF 6.0): what the desk needs of it, and what must not be published (R45).

use super::bounds::KEYWORDS;
use super::dates;
use super::facts::{Fact, Facts, Packet};
use super::ifd::{Directory, Entry, Tiff};
use super::private::{PrivateKind, Privates};
use super::problem::{ProblemCode, Problems};
use super::text::Texts;

/// Tags of the first directory.
const DOCUMENT_NAME: u16 = 0x010d;
const IMAGE_DESCRIPTION: u16 = 0x010e;
const MAKE: u16 = 0x010f;
const MODEL: u16 = 0x0110;
const ORIENTATION: u16 = 0x0112;
const ARTIST: u16 = 0x013b;
const THUMBNAIL_OFFSET: u16 = 0x0201;
const STRIP_OFFSETS: u16 = 0x0111;
const RATING: u16 = 0x4746;
const COPYRIGHT: u16 = 0x8298;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const XP_TITLE: u16 = 0x9c9b;
const XP_AUTHOR: u16 = 0x9c9d;
const XP_KEYWORDS: u16 = 0x9c9e;
const XP_SUBJECT: u16 = 0x9c9f;
const CAMERA_SERIAL_NUMBER: u16 = 0xc62f;
const ORIGINAL_RAW_FILE_NAME: u16 = 0xc68b;
/// Tags of the EXIF and interoperability directories.
const COLOR_SPACE: u16 = 0xa001;
const INTEROP_DIRECTORY: u16 = 0xa005;
const INTEROP_INDEX: u16 = 0x0001;
const EXPOSURE_TIME: u16 = 0x829a;
const F_NUMBER: u16 = 0x829d;
const SENSITIVITY: u16 = 0x8827;
const FOCAL_LENGTH: u16 = 0x920a;
const LENS_MODEL: u16 = 0xa434;
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const OFFSET_TIME_ORIGINAL: u16 = 0x9011;
const MAKER_NOTE: u16 = 0x927c;
const SUB_SEC_TIME_ORIGINAL: u16 = 0x9291;
const OWNER_NAME: u16 = 0xa430;
const BODY_SERIAL_NUMBER: u16 = 0xa431;
const LENS_SERIAL_NUMBER: u16 = 0xa435;
const IMAGE_TITLE: u16 = 0xa436;
const PHOTOGRAPHER: u16 = 0xa437;

/// Reads an EXIF block, or a whole TIFF file.
pub(crate) fn read(block: &[u8], is_file: bool, problems: &mut Problems, privates: &mut Privates) -> Facts {
    let Some(tiff) = Tiff::new(block) else {
        problems.note(ProblemCode::ExifDamaged, "The EXIF block has no valid header.");
        return Facts::default();
    };
    let main = tiff.directory(tiff.first);
    let exif = main.offset(EXIF_DIRECTORY).map(|at| tiff.directory(at)).unwrap_or_default();
    let gps = main.offset(GPS_DIRECTORY).map(|at| tiff.directory(at)).unwrap_or_default();
    if main.damaged || exif.damaged || gps.damaged {
        problems.note(ProblemCode::ExifDamaged, "The EXIF block breaks off or points outside itself.");
    }
    let mut reader = Reader { main, exif, problems };
    let facts = reader.facts();
    let thumbnail = !is_file && has_thumbnail(&tiff, &reader.main);
    reader.privates(&gps, thumbnail, privates);
    facts
}

/// What an EXIF block says about how its picture looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Orientation, 1 to 8; 1 where nothing valid is stated.
    pub orientation: u8,
    /// Its colours are Adobe RGB where no profile says otherwise: ColorSpace 2, or interoperability index R03 (DCF
    /// 2.0) without ColorSpace sRGB.
    pub adobe_rgb: bool,
}

/// How a picture with this EXIF block looks. The block begins with its TIFF header; a TIFF file is one as a whole. It
/// is not copied, and each of its directories is read at most once.
pub fn look(block: &[u8]) -> Look {
    let mut look = Look { orientation: 1, adobe_rgb: false };
    let Some(tiff) = Tiff::new(block) else { return look };
    let main = tiff.directory(tiff.first);
    let stated = main.number(ORIENTATION).and_then(|stated| u8::try_from(stated).ok());
    look.orientation = stated.filter(|stated| (1..=8).contains(stated)).unwrap_or(1);
    let exif = main.offset(EXIF_DIRECTORY).map(|at| tiff.directory(at)).unwrap_or_default();
    let interop = exif.offset(INTEROP_DIRECTORY).map(|at| tiff.directory(at)).unwrap_or_default();
    let index = interop.get(INTEROP_INDEX).map(|entry| entry.bytes);
    let space = exif.number(COLOR_SPACE);
    let r03 = index.is_some_and(|index| index.starts_with(b"R03"));
    look.adobe_rgb = space == Some(2) || (r03 && space != Some(1));
    look
}

/// Whether the second directory holds a smaller copy. In a TIFF file it is the next page.
fn has_thumbnail(tiff: &Tiff<'_>, main: &Directory<'_>) -> bool {
    if main.next == 0 {
        return false;
    }
    let second = tiff.directory(main.next);
    second.get(THUMBNAIL_OFFSET).is_some() || second.get(STRIP_OFFSETS).is_some()
}

struct Reader<'a, 'p> {
    main: Directory<'a>,
    exif: Directory<'a>,
    problems: &'p mut Problems,
}

impl Reader<'_, '_> {
    fn facts(&mut self) -> Facts {
        let mut facts = Facts {
            proposed_description: self.description(),
            title: self.title(),
            creators: self.creators(),
            copyright: self.copyright(),
            keywords: self.keywords(),
            rating: self.rating(),
            orientation: self.orientation(),
            camera: self.camera(),
            lens: self.exif_text(LENS_MODEL, "lens").map(|text| Fact::new(text, Packet::Exif, "LensModel")),
            exposure: self.exposure(),
            ..Facts::default()
        };
        self.dates(&mut facts);
        facts
    }

    fn main_text(&mut self, tag: u16, field: &str) -> Option<String> {
        text(self.main.get(tag), field, self.problems)
    }

    fn exif_text(&mut self, tag: u16, field: &str) -> Option<String> {
        text(self.exif.get(tag), field, self.problems)
    }

    fn windows_text(&mut self, tag: u16, field: &str) -> Option<String> {
        let entry = self.main.get(tag)?;
        Texts::new(self.problems).ucs2(entry.bytes, field)
    }

    /// ImageDescription is a proposal only (R3), and none where the camera wrote it itself.
    fn description(&mut self) -> Option<Fact<String>> {
        let camera = [MAKE, MODEL].map(|tag| self.main_text(tag, "proposed_description"));
        let own = self.main_text(IMAGE_DESCRIPTION, "proposed_description");
        let is_camera =
            |text: &String| is_camera_text(text) || camera.iter().flatten().any(|name| name == text);
        if let Some(text) = own.filter(|text| !is_camera(text)) {
            return Some(Fact::new(text, Packet::Exif, "ImageDescription"));
        }
        let text = self.windows_text(XP_SUBJECT, "proposed_description")?;
        Some(Fact::new(text, Packet::Exif, "XPSubject"))
    }

    fn title(&mut self) -> Option<Fact<String>> {
        if let Some(text) = self.exif_text(IMAGE_TITLE, "title") {
            return Some(Fact::new(text, Packet::Exif, "ImageTitle"));
        }
        let text = self.windows_text(XP_TITLE, "title")?;
        Some(Fact::new(text, Packet::Exif, "XPTitle"))
    }

    /// Several artists are parted by semicolons (Exif 2.3, 4.6.4).
    fn creators(&mut self) -> Option<Fact<Vec<String>>> {
        let (text, property) = if let Some(text) = self.exif_text(PHOTOGRAPHER, "creators") {
            (text, "Photographer")
        } else if let Some(text) = self.main_text(ARTIST, "creators") {
            (text, "Artist")
        } else {
            (self.windows_text(XP_AUTHOR, "creators")?, "XPAuthor")
        };
        let list = parted(&text);
        (!list.is_empty()).then(|| Fact::new(list, Packet::Exif, property))
    }

    /// The photographer's notice; else the editor's, which stands behind a zero (Exif 2.3, 4.6.4).
    fn copyright(&mut self) -> Option<Fact<String>> {
        let entry = self.main.get(COPYRIGHT)?;
        let mut texts = Texts::new(self.problems);
        let text =
            entry.bytes.split(|byte| *byte == 0).find_map(|part| texts.latin_or_utf8(part, "copyright"))?;
        Some(Fact::new(text, Packet::Exif, "Copyright"))
    }

    fn keywords(&mut self) -> Option<Fact<Vec<String>>> {
        let text = self.windows_text(XP_KEYWORDS, "keywords")?;
        let mut list = parted(&text);
        if list.len() > KEYWORDS {
            list.truncate(KEYWORDS);
            let sentence = format!("There are more than {KEYWORDS} entries; the first {KEYWORDS} were kept.");
            self.problems.note_field(ProblemCode::TooManyKeywords, "keywords", sentence);
        }
        (!list.is_empty()).then(|| Fact::new(list, Packet::Exif, "XPKeywords"))
    }

    fn rating(&self) -> Option<Fact<i8>> {
        let rating =
            i8::try_from(self.main.number(RATING)?).ok().filter(|rating| (0..=5).contains(rating))?;
        Some(Fact::new(rating, Packet::Exif, "Rating"))
    }

    fn orientation(&mut self) -> Option<Fact<u8>> {
        let stated = self.main.number(ORIENTATION)?;
        match u8::try_from(stated).ok().filter(|stated| (1..=8).contains(stated)) {
            Some(orientation) => Some(Fact::new(orientation, Packet::Exif, "Orientation")),
            None => {
                let sentence =
                    format!("EXIF Orientation is {stated}, which is not 1 to 8; it was read as 1.");
                self.problems.note_field(ProblemCode::ExifOrientation, "orientation", sentence);
                None
            }
        }
    }

    /// The model names its maker mostly itself.
    fn camera(&mut self) -> Option<Fact<String>> {
        let make = self.main_text(MAKE, "camera");
        let model = self.main_text(MODEL, "camera")?;
        let first = make.as_deref().and_then(|make| make.split_whitespace().next()).unwrap_or_default();
        let named = model.to_lowercase().starts_with(&first.to_lowercase());
        let camera = if named { model } else { format!("{} {model}", make.unwrap_or_default()) };
        Some(Fact::new(camera, Packet::Exif, "Model"))
    }

    fn exposure(&self) -> Option<Fact<String>> {
        let ratio = |tag| self.exif.get(tag).and_then(Entry::ratio).filter(|ratio| *ratio > 0.0);
        let tenth = |value: f64| ((value * 10.0).round() / 10.0).to_string();
        let time = ratio(EXPOSURE_TIME).map(|seconds| {
            if seconds < 0.3 {
                format!("1/{} s", (1.0 / seconds).round())
            } else {
                format!("{} s", tenth(seconds))
            }
        });
        let parts = [
            time,
            ratio(F_NUMBER).map(|number| format!("f/{}", tenth(number))),
            self.exif.number(SENSITIVITY).filter(|iso| *iso > 0).map(|iso| format!("ISO {iso}")),
            ratio(FOCAL_LENGTH).map(|length| format!("{} mm", tenth(length))),
        ];
        let told = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        (!told.is_empty()).then(|| Fact::new(told, Packet::Exif, "ExposureTime"))
    }

    fn dates(&mut self, facts: &mut Facts) {
        let Some(text) = self.exif_text(DATE_TIME_ORIGINAL, "taken") else { return };
        let fraction = self.exif_text(SUB_SEC_TIME_ORIGINAL, "taken");
        let offset = self.exif_text(OFFSET_TIME_ORIGINAL, "taken");
        match dates::exif(&text, fraction.as_deref(), offset.as_deref()) {
            Some(stated) => {
                facts.date_created = Some(Fact::new(stated.date, Packet::Exif, "DateTimeOriginal"));
                facts.taken = stated.time.map(|time| Fact::new(time, Packet::Exif, "DateTimeOriginal"));
            }
            // A camera whose clock was never set writes zeros or blanks.
            None if text.chars().all(|character| matches!(character, '0' | ' ' | ':' | '-')) => {}
            None => {
                let sentence = format!("{text:?} in DateTimeOriginal is no date.");
                self.problems.note_field(ProblemCode::ExifDate, "taken", sentence);
            }
        }
    }

    fn privates(&mut self, gps: &Directory<'_>, thumbnail: bool, privates: &mut Privates) {
        // Tag 0 is only the version.
        if gps.entries.iter().any(|entry| entry.tag != 0) {
            privates.note(PrivateKind::Gps, Packet::Exif, "GPSInfo", None);
        }
        if self.exif.get(MAKER_NOTE).is_some() {
            privates.note(PrivateKind::MakerNote, Packet::Exif, "MakerNote", None);
        }
        if thumbnail {
            privates.note(PrivateKind::Thumbnail, Packet::Exif, "IFD1", None);
        }
        let named = [
            (PrivateKind::OwnerName, "CameraOwnerName", self.exif_text(OWNER_NAME, "private")),
            (PrivateKind::SerialNumber, "BodySerialNumber", self.exif_text(BODY_SERIAL_NUMBER, "private")),
            (PrivateKind::SerialNumber, "LensSerialNumber", self.exif_text(LENS_SERIAL_NUMBER, "private")),
            (
                PrivateKind::SerialNumber,
                "CameraSerialNumber",
                self.main_text(CAMERA_SERIAL_NUMBER, "private"),
            ),
            (PrivateKind::OriginalFileName, "DocumentName", self.main_text(DOCUMENT_NAME, "private")),
            (
                PrivateKind::OriginalFileName,
                "OriginalRawFileName",
                self.main_text(ORIGINAL_RAW_FILE_NAME, "private"),
            ),
        ];
        for (kind, property, text) in named {
            if text.is_some() {
                privates.note(kind, Packet::Exif, property, text);
            }
        }
    }
}

/// A text entry: UTF-8 or Latin, up to its first zero.
fn text(entry: Option<&Entry<'_>>, field: &str, problems: &mut Problems) -> Option<String> {
    let entry = entry.filter(|entry| matches!(entry.kind, 1 | 2 | 7 | 129))?;
    let bytes = entry.bytes.split(|byte| *byte == 0).next()?;
    Texts::new(problems).latin_or_utf8(bytes, field)
}

fn parted(text: &str) -> Vec<String> {
    let parts = text.split(';').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    super::merge::without_repetitions(parts.collect())
}

/// Texts that cameras and programs write by themselves.
fn is_camera_text(text: &str) -> bool {
    const KNOWN: [&str; 20] = [
        "SONY DSC",
        "MINOLTA DSC",
        "DCF 1.0",
        "EXIF_JPEG_PICTURE",
        "EXIF JPEG",
        "JPEG",
        "DEFAULT",
        "COF",
        "HDR",
        "SDR",
        "PTR",
        "RHDR",
        "OZNOR",
        "MDE",
        "SAMSUNG",
        "SAMSUNG CAMERA PICTURES",
        "DIGITAL STILLCAMERA",
        "APPLEMARK",
        "UNTITLED",
        "IMAGEDESCRIPTION",
    ];
    let upper = text.to_uppercase();
    let is_model = upper.starts_with('<') && upper.ends_with('>');
    KNOWN.contains(&upper.as_str()) || upper.ends_with("DIGITAL CAMERA") || is_model
}
