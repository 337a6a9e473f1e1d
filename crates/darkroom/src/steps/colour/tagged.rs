//! The profile that a file's own marks ask for.

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace,
    MatrixCoefficients, ToneReprCurve, TransferCharacteristics,
};

use crate::fault::Note;
use crate::pixels::{ColourTags, Layout};

/// sRGB's gamma as PNG writes it, and how far from it still counts as it.
const SRGB_GAMMA: f64 = 0.454_55;
const GAMMA_TOLERANCE: f64 = 0.005;

/// The profile to convert from; `None` where the picture is sRGB, or has no usable mark.
pub(super) fn profile(layout: Layout, tags: &ColourTags, notes: &mut Vec<Note>) -> Option<ColorProfile> {
    if layout == Layout::Rgb
        && let Some(points) = tags.cicp
        && let Some(found) = by_code_points(points, notes)
    {
        return found;
    }
    if let Some(icc) = &tags.icc {
        match embedded(layout, icc) {
            Ok(profile) => return Some(profile),
            Err(reason) => notes.push(Note::new(
                "profile_broken",
                format!(
                    "The colour profile cannot be used ({reason}); the picture is treated as if it had none."
                ),
            )),
        }
    }
    if tags.srgb || layout == Layout::Cmyk {
        return None;
    }
    if let Some(profile) = by_gamma(layout, tags) {
        return Some(profile);
    }
    (layout == Layout::Rgb && tags.adobe_rgb).then(ColorProfile::new_adobe_rgb)
}

/// The embedded profile, if it can be read and is for this kind of pixel.
fn embedded(layout: Layout, icc: &[u8]) -> Result<ColorProfile, String> {
    let profile = ColorProfile::new_from_slice(icc).map_err(|error| error.to_string())?;
    let fits = match layout {
        Layout::Gray => matches!(profile.color_space, DataColorSpace::Gray | DataColorSpace::Rgb),
        Layout::Rgb => profile.color_space == DataColorSpace::Rgb,
        Layout::Cmyk => profile.color_space == DataColorSpace::Cmyk,
    };
    if fits { Ok(profile) } else { Err("it is for another kind of picture".to_owned()) }
}

/// Outer `None`: the code points say nothing that is known; inner `None`: sRGB.
fn by_code_points(points: [u8; 4], notes: &mut Vec<Note>) -> Option<Option<ColorProfile>> {
    let [primaries, transfer, matrix, full] = points;
    if matrix != 0 || full == 0 {
        return None;
    }
    if (primaries, transfer) == (1, 13) {
        return Some(None);
    }
    let mut transfer = TransferCharacteristics::try_from(transfer).ok()?;
    if matches!(transfer, TransferCharacteristics::Smpte2084 | TransferCharacteristics::Hlg) {
        notes.push(Note::new(
            "high_dynamic_range",
            "The picture is coded for high dynamic range, which is shown with ordinary brightness.",
        ));
        transfer = TransferCharacteristics::Srgb;
    }
    let profile = CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
        transfer_characteristics: transfer,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    };
    let profile = ColorProfile::new_from_cicp(profile);
    profile.is_matrix_shaper().then_some(Some(profile))
}

/// A profile made of PNG's gamma and chromaticities; `None` where they are sRGB's, missing or no colour space.
fn by_gamma(layout: Layout, tags: &ColourTags) -> Option<ColorProfile> {
    let gamma = tags.gamma.filter(|gamma| (0.1..=2.0).contains(gamma));
    let usual_gamma = gamma.is_none_or(|gamma| (gamma - SRGB_GAMMA).abs() < GAMMA_TOLERANCE);
    let points = tags.chromaticities.filter(|points| layout == Layout::Rgb && triangle(points));
    if usual_gamma && points.is_none_or(|points| is_srgb(&points)) {
        return None;
    }
    let mut profile = match layout {
        Layout::Gray => ColorProfile::new_gray_with_gamma(1.0),
        _ => ColorProfile::new_srgb(),
    };
    if let Some([white, red, green, blue]) = points {
        let point = |(x, y): (f64, f64)| Chromaticity::new(x as f32, y as f32);
        let primaries = ColorPrimaries { red: point(red), green: point(green), blue: point(blue) };
        profile.update_rgb_colorimetry(point(white).to_xyyb(), primaries);
    }
    if let Some(gamma) = gamma.filter(|_| !usual_gamma) {
        let curve = ToneReprCurve::Parametric(vec![(1.0 / gamma) as f32]);
        profile.cicp = None;
        if layout == Layout::Gray {
            profile.gray_trc = Some(curve);
        } else {
            profile.red_trc = Some(curve.clone());
            profile.green_trc = Some(curve.clone());
            profile.blue_trc = Some(curve);
        }
    } else if layout == Layout::Gray {
        return None;
    }
    Some(profile)
}

/// Whether white lies in the middle of three different primaries.
fn triangle(points: &[(f64, f64); 4]) -> bool {
    let [white, red, green, blue] = *points;
    let area =
        |a: (f64, f64), b: (f64, f64), c: (f64, f64)| (b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1);
    let parts = [area(red, green, white), area(green, blue, white), area(blue, red, white)];
    points.iter().all(|(x, y)| (0.0..=1.0).contains(x) && (0.001..=1.0).contains(y))
        && (parts.iter().all(|part| *part > 1e-4) || parts.iter().all(|part| *part < -1e-4))
}

fn is_srgb(points: &[(f64, f64); 4]) -> bool {
    let srgb = [(0.3127, 0.3290), (0.64, 0.33), (0.30, 0.60), (0.15, 0.06)];
    points
        .iter()
        .zip(srgb)
        .all(|(point, known)| (point.0 - known.0).abs() < 0.002 && (point.1 - known.1).abs() < 0.002)
}
