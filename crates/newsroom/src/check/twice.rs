//! Captions that stand twice (R9, R37).

use std::collections::HashMap;

use super::finding::{Desk, Finding};
use super::reading::Reading;
use super::{CheckReport, CheckedSlide};

/// Two slides with the same caption (R37).
pub(super) fn check(slides: &[CheckedSlide<'_>], readings: &[Reading<'_>], report: &mut CheckReport) {
    let mut seen: HashMap<&[String], usize> = HashMap::new();
    for (index, (checked, reading)) in slides.iter().zip(readings).enumerate() {
        let caption = reading.folded();
        if caption.is_empty() {
            continue;
        }
        let first = *seen.entry(caption).or_insert(index + 1);
        if first != index + 1 {
            let mut desk = Desk { checked, reading, number: index + 1, report: &mut *report };
            let sentence = format!("The caption is the same as that of slide {first}.");
            desk.warn(Finding::new("same_caption", "R37", sentence));
        }
    }
}
