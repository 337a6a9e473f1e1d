//! The colour step in numbers, on its own output, before anything else touches it: CIE Delta E 2000 against LittleCMS
//! through Pillow, mean under 1 and 99th percentile under 3.
//!
//! `HALFTONE_PYTHON` names a Python that has Pillow and NumPy; `HALFTONE_SHARED` the shared corpus with the four-ink
//! photo. What is not set is skipped, aloud.

#[cfg(test)]
mod comparison;
