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
    /// Whether AVIF is added to the pictures of published stories.
    pub avif: Avif,
    /// AVIF quality of the renditions, 1 to 100.
    pub avif_quality: u8,
}

/// Whether AVIF is added to the pictures of published stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Avif {
    /// While nothing else is to be done.
    On,
    /// Not at all.
    Off,
}

impl std::str::FromStr for Avif {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err(()),
        }
    }
}

impl WorkConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        Self {
            workers: usize::try_from(section.number("workers", 0, 0, 256)).unwrap_or(0),
            deadline: Duration::from_secs(section.number("deadline_seconds", 60, 1, 3600)),
            lease: Duration::from_secs(section.number("lease_seconds", 10, 3, 3600)),
            jpeg_quality: u8::try_from(section.number("jpeg_quality", 82, 1, 100)).unwrap_or(82),
            avif: section.parsed("avif", Avif::On, "\"on\" or \"off\""),
            avif_quality: u8::try_from(section.number("avif_quality", 78, 1, 100)).unwrap_or(78),
        }
    }
}
