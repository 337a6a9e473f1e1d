//! The metrics, on a listener of their own that readers do not reach.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use serve::{Blobs, Keep, Listed, Site};

use super::Health;

/// What the metrics are read from.
pub struct Instruments {
    /// The readers' site.
    pub site: Arc<Site>,
    /// The state of the process.
    pub health: Arc<Health>,
}

impl Instruments {
    /// The Prometheus text format, version 0.0.4.
    pub(super) fn render(&self) -> String {
        let mut out = self.site.meters().render_prometheus();
        for (name, about, value) in [
            ("paths", "Paths in the printed tree.", self.site.len() as u64),
            ("applied_change", "The newest change that readers see.", self.site.applied()),
            ("records_reachable", "1 while the records can be reached.", u64::from(self.health.is_sound())),
        ] {
            // Writing into a String cannot fail.
            let _ = writeln!(
                out,
                "# HELP halftone_{name} {about}\n# TYPE halftone_{name} gauge\nhalftone_{name} {value}"
            );
        }
        out
    }
}

/// A tree with nothing in it: the metrics' listener has routes only.
pub struct NoTree;

impl Keep for NoTree {
    fn read(&self, _: &str, _: u64, _: usize) -> io::Result<Option<Bytes>> {
        Ok(None)
    }

    fn put(&self, _: &str, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn list(&self, _: &str) -> io::Result<Vec<Listed>> {
        Ok(Vec::new())
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

impl Blobs for NoTree {
    fn read(&self, _: &str, _: u64, _: usize) -> io::Result<Option<Bytes>> {
        Ok(None)
    }
}
