//! `[work]`: developing pictures and running jobs.

use std::time::Duration;

use super::reading::SectionReader;

/// The settings of the background work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkConfig {
    /// Worker processes that read and develop photos at once; one a core when 0.
    pub workers: usize,
    /// How long one photo may take before its worker is ended.
    pub deadline: Duration,
    /// How long a claimed job stays claimed without a sign of life.
    pub lease: Duration,
    /// JPEG quality of the renditions, 1 to 100.
    pub jpeg_quality: u8,
}

impl WorkConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        Self {
            workers: usize::try_from(section.number("workers", 0, 0, 256)).unwrap_or(0),
            deadline: Duration::from_secs(section.number("deadline_seconds", 60, 1, 3600)),
            lease: Duration::from_secs(section.number("lease_seconds", 10, 3, 3600)),
            jpeg_quality: u8::try_from(section.number("jpeg_quality", 82, 1, 100)).unwrap_or(82),
        }
    }
}
