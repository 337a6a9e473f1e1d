//! The one place where libaom is called. It is given settings and planes that were made here, never bytes of a file.

use std::ffi::{CStr, c_int, c_long};
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use libaom_sys as aom;

use super::yuv::Planes;

/// What libaom answers with when something cannot be done.
pub(super) type Code = aom::aom_codec_err_t;

/// libaom's code for memory that cannot be had.
pub(super) const NO_MEMORY: Code = aom::AOM_CODEC_MEM_ERROR;

/// How long libaom may search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Its fastest speed, which decides without trying what each choice would cost in bits.
    Quick,
    /// A speed that tries, in four to ten times the time of `Quick`. What it weighs its choices by has to know the
    /// matrices, or they cost more bytes than they save. Tools for screens are left out: photos that are taken for a
    /// screen come out larger and four times as late.
    Searching,
}

impl Effort {
    /// libaom's speed, 0 to 9.
    fn speed(self) -> c_int {
        match self {
            Self::Quick => 9,
            Self::Searching => 6,
        }
    }

    /// Further settings by their names: not all of them have a number.
    fn options(self) -> &'static [(&'static CStr, &'static CStr)] {
        match self {
            Self::Quick => &[],
            Self::Searching => &[
                (c"dist-metric", c"qm-psnr"),
                (c"tune", c"ssim"),
                (c"min-partition-size", c"8"),
                (c"enable-palette", c"0"),
                (c"enable-intrabc", c"0"),
            ],
        }
    }
}

/// Settings that are the same for every picture: control and value. The colour is that of `Planes`, in the code points
/// of ITU-T H.273.
const SETTINGS: [(u32, c_int); 8] = [
    (aom::AV1E_SET_ENABLE_QM, 1),
    (aom::AV1E_SET_QM_MIN, 2),
    (aom::AV1E_SET_QM_MAX, 10),
    (aom::AV1E_SET_ENABLE_CHROMA_DELTAQ, 1),
    (aom::AV1E_SET_COLOR_PRIMARIES, 1),
    (aom::AV1E_SET_TRANSFER_CHARACTERISTICS, 13),
    (aom::AV1E_SET_MATRIX_COEFFICIENTS, 6),
    (aom::AV1E_SET_COLOR_RANGE, 1),
];

/// Encodes one still picture on this thread. `quantiser` is 0, the finest, to 63.
///
/// # Errors
/// libaom's code.
pub(super) fn encode(planes: &mut Planes, quantiser: u8, effort: Effort) -> Result<Vec<u8>, Code> {
    let mut image = image(planes)?;
    let mut encoder = Encoder::new(planes.width, planes.height)?;
    encoder.set(aom::AOME_SET_CPUUSED, effort.speed())?;
    for (control, value) in SETTINGS {
        encoder.set(control, value)?;
    }
    for (name, value) in effort.options() {
        encoder.set_named(name, value)?;
    }
    encoder.set(aom::AOME_SET_CQ_LEVEL, quantiser.min(63).into())?;
    let mut av1 = Vec::new();
    encoder.push(&raw mut image, &mut av1)?;
    encoder.push(null_mut(), &mut av1)?;
    Ok(av1)
}

/// The planes as libaom wants them described. It points into `planes` and must not outlive it.
fn image(planes: &mut Planes) -> Result<aom::aom_image_t, Code> {
    // The layout that aom_img_wrap assumes for an alignment of one byte.
    if planes.samples.len() != Planes::count(planes.width, planes.height) {
        return Err(aom::AOM_CODEC_INVALID_PARAM);
    }
    let mut image = MaybeUninit::zeroed();
    let samples = planes.samples.as_mut_ptr();
    #[expect(unsafe_code, reason = "libaom is C")]
    // SAFETY: the function fills the structure that it is given and keeps the pointer to the samples without reading
    // them. It sets lengths of rows and planes for sides rounded up to even numbers, which the samples have (above).
    let wrapped = unsafe {
        let (width, height) = (planes.width, planes.height);
        aom::aom_img_wrap(image.as_mut_ptr(), aom::AOM_IMG_FMT_I420, width, height, 1, samples)
    };
    if wrapped.is_null() {
        return Err(aom::AOM_CODEC_INVALID_PARAM);
    }
    #[expect(unsafe_code, reason = "libaom is C")]
    // SAFETY: the structure was zeroed, for which all its fields are valid, and then filled.
    let mut image: aom::aom_image_t = unsafe { image.assume_init() };
    image.range = aom::AOM_CR_FULL_RANGE;
    Ok(image)
}

/// An encoder, from its beginning to its end.
struct Encoder {
    // In a box, so that it stays where libaom first saw it.
    context: Box<aom::aom_codec_ctx_t>,
}

impl Encoder {
    fn new(width: u32, height: u32) -> Result<Self, Code> {
        let mut settings = MaybeUninit::zeroed();
        #[expect(unsafe_code, reason = "libaom is C")]
        // SAFETY: the function only fills the structure; integers, enumerations of C and null pointers in it may be zero.
        let mut settings: aom::aom_codec_enc_cfg_t = unsafe {
            let usage = aom::AOM_USAGE_ALL_INTRA;
            done(aom::aom_codec_enc_config_default(aom::aom_codec_av1_cx(), settings.as_mut_ptr(), usage))?;
            settings.assume_init()
        };
        (settings.g_w, settings.g_h) = (width, height);
        // One frame makes a still picture with the short header.
        settings.g_limit = 1;
        settings.g_threads = 1;
        settings.rc_end_usage = aom::AOM_Q;
        let mut context = Box::new(MaybeUninit::zeroed());
        #[expect(unsafe_code, reason = "libaom is C")]
        // SAFETY: both structures live through the call, which copies the settings. Zero is valid for all fields of the
        // context, and the function has set it up when it says that it has; after a fault nothing needs an end.
        let context = unsafe {
            let version = aom::AOM_ENCODER_ABI_VERSION as c_int;
            let encoder = aom::aom_codec_av1_cx();
            done(aom::aom_codec_enc_init_ver(
                context.as_mut_ptr(),
                encoder,
                &raw const settings,
                0,
                version,
            ))?;
            context.assume_init()
        };
        Ok(Self { context })
    }

    fn set(&mut self, control: u32, value: c_int) -> Result<(), Code> {
        #[expect(unsafe_code, reason = "libaom is C")]
        // SAFETY: the context is set up; each control above takes one number of the size of an int.
        let code = unsafe { aom::aom_codec_control(&raw mut *self.context, control as c_int, value) };
        done(code)
    }

    fn set_named(&mut self, name: &CStr, value: &CStr) -> Result<(), Code> {
        let context = &raw mut *self.context;
        #[expect(unsafe_code, reason = "libaom is C")]
        // SAFETY: the context is set up; both texts end with a zero and are read during the call alone.
        done(unsafe { aom::aom_codec_set_option(context, name.as_ptr(), value.as_ptr()) })
    }

    /// Hands in a picture, or null for the end, and takes what comes out.
    fn push(&mut self, image: *const aom::aom_image_t, av1: &mut Vec<u8>) -> Result<(), Code> {
        let context = &raw mut *self.context;
        #[expect(unsafe_code, reason = "libaom is C")]
        // SAFETY: the image, where there is one, describes planes that outlive this call, which copies them.
        done(unsafe { aom::aom_codec_encode(context, image, 0, 1, 0 as c_long) })?;
        let mut place = null();
        loop {
            #[expect(unsafe_code, reason = "libaom is C")]
            // SAFETY: what the function gives is null or a packet that is valid until the next call for this context.
            // A packet of the kind FRAME holds a frame: so many bytes from its pointer on, which are copied here.
            unsafe {
                let packet = aom::aom_codec_get_cx_data(context, &raw mut place);
                let Some(packet) = packet.as_ref() else { return Ok(()) };
                if packet.kind == aom::AOM_CODEC_CX_FRAME_PKT {
                    let frame = packet.data.frame;
                    av1.extend_from_slice(std::slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz));
                }
            }
        }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "libaom is C")]
        // SAFETY: the context was set up and is used no more.
        unsafe {
            aom::aom_codec_destroy(&raw mut *self.context);
        }
    }
}

fn done(code: Code) -> Result<(), Code> {
    if code == aom::AOM_CODEC_OK { Ok(()) } else { Err(code) }
}
