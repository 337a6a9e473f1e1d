//! Pictures in memory, between the decoder and the encoder.

/// What a pixel is made of, in the picture's own colour space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One sample: luminance.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black, as amounts of ink: 0 is none.
    Cmyk,
}

impl Layout {
    /// Samples a pixel.
    pub fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

/// Samples row by row, without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Samples {
    /// 8 bits a sample.
    Eight(Vec<u8>),
    /// 16 bits a sample, native byte order.
    Sixteen(Vec<u16>),
}

impl Default for Samples {
    fn default() -> Self {
        Self::Eight(Vec::new())
    }
}

/// A picture. `samples` holds exactly `width * height * layout.channels()` samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What a pixel is made of.
    pub layout: Layout,
    /// The samples.
    pub samples: Samples,
}

impl Pixels {
    /// Samples that a picture of this size and layout has.
    pub(crate) fn count(width: u32, height: u32, layout: Layout) -> usize {
        width as usize * height as usize * layout.channels()
    }
}

/// An sRGB picture of 8 bits: what the colour step makes and the ladder and encoder take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Srgb {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue, row by row.
    pub samples: Vec<u8>,
}

/// What the file says about the colours of its samples, strongest first; the decoder fills it in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColourTags {
    /// Embedded ICC profile.
    pub icc: Option<Vec<u8>>,
    /// Coding-independent code points (PNG cICP): primaries, transfer, matrix, full range.
    pub cicp: Option<[u8; 4]>,
    /// Whether the file says outright that it is sRGB (PNG sRGB).
    pub srgb: bool,
    /// Encoding gamma (PNG gAMA, as the file states it: 0.45455 for 2.2).
    pub gamma: Option<f64>,
    /// White point, red, green and blue as x, y (PNG cHRM).
    pub chromaticities: Option<[(f64, f64); 4]>,
    /// DCF's mark for Adobe RGB in EXIF.
    pub adobe_rgb: bool,
}

/// Buffers that outlive a picture, so that the next one need not fault its memory in anew.
#[derive(Default)]
pub struct Scratch {
    pub(crate) eight: Vec<u8>,
    pub(crate) sixteen: Vec<u16>,
    /// One for each half of a picture.
    pub(crate) resizers: [fast_image_resize::Resizer; 2],
}

/// A buffer of more samples than this is given back after use.
const KEPT: usize = 160_000_000;

impl Scratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives everything back that is kept beyond `room` bytes, before a photo that needs the room.
    pub(crate) fn make_room(&mut self, room: u64) {
        let kept = self.eight.capacity() + 2 * self.sixteen.capacity();
        let of_resizers = self.resizers.iter().map(fast_image_resize::Resizer::size_of_internal_buffers);
        let kept = kept + of_resizers.sum::<usize>();
        if kept as u64 > room {
            *self = Self::default();
        }
    }

    /// A buffer of `count` samples of 8 bits, with whatever it held before.
    pub(crate) fn take_eight(&mut self, count: usize) -> Vec<u8> {
        let mut buffer = std::mem::take(&mut self.eight);
        buffer.resize(count, 0);
        buffer
    }

    /// A buffer of `count` samples of 16 bits, with whatever it held before.
    pub(crate) fn take_sixteen(&mut self, count: usize) -> Vec<u16> {
        let mut buffer = std::mem::take(&mut self.sixteen);
        buffer.resize(count, 0);
        buffer
    }

    /// Takes a decoded picture's buffer back.
    pub(crate) fn give_back(&mut self, samples: Samples) {
        match samples {
            Samples::Eight(buffer) if buffer.capacity() <= KEPT => self.eight = buffer,
            Samples::Sixteen(buffer) if buffer.capacity() <= KEPT / 2 => self.sixteen = buffer,
            _ => {}
        }
    }
}
