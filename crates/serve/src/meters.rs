//! Counters of the hot path, and their Prometheus text.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only grows, or follows a level.
#[derive(Debug, Default)]
pub struct Meter(AtomicU64);

impl Meter {
    pub(crate) fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    pub(crate) fn sub(&self, amount: u64) {
        self.0.fetch_sub(amount, Ordering::Relaxed);
    }

    /// The number now.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the hot path counts.
#[derive(Debug, Default)]
pub struct Meters {
    /// Answers by the first digit of their status, 1 to 5.
    pub answers: [Meter; 5],
    /// Bytes of answered bodies, as announced.
    pub bytes: Meter,
    /// Objects and pictures found in memory.
    pub hits: Meter,
    /// Objects and pictures that were read.
    pub misses: Meter,
    /// Objects and pictures that were damaged, lost or unreadable.
    pub damaged: Meter,
    /// Connections open now.
    pub open: Meter,
    /// Connections accepted.
    pub accepted: Meter,
    /// Connections that ended with a fault of the other side: slow, broken off, not HTTP.
    pub broken: Meter,
}

impl Meters {
    pub(crate) fn answered(&self, status: u16, bytes: u64) {
        if let Some(meter) =
            usize::from(status / 100).checked_sub(1).and_then(|class| self.answers.get(class))
        {
            meter.add(1);
        }
        self.bytes.add(bytes);
    }

    /// The Prometheus text exposition format, version 0.0.4.
    #[must_use]
    pub fn render_prometheus(&self) -> String {
        let mut out = String::with_capacity(1024);
        let mut family = |name: &str, kind: &str, about: &str, rows: &[(&str, &Meter)]| {
            // Writing into a String cannot fail.
            let _ = write!(out, "# HELP halftone_{name} {about}\n# TYPE halftone_{name} {kind}\n");
            for (labels, meter) in rows {
                let _ = writeln!(out, "halftone_{name}{labels} {}", meter.get());
            }
        };
        let [one, two, three, four, five] = &self.answers;
        let answers = [
            ("{class=\"1xx\"}", one),
            ("{class=\"2xx\"}", two),
            ("{class=\"3xx\"}", three),
            ("{class=\"4xx\"}", four),
            ("{class=\"5xx\"}", five),
        ];
        family("answers_total", "counter", "Answers by class of status.", &answers);
        family("answer_bytes_total", "counter", "Bytes of answered bodies.", &[("", &self.bytes)]);
        let cache = [("{found=\"hit\"}", &self.hits), ("{found=\"miss\"}", &self.misses)];
        family("cache_reads_total", "counter", "Reads of printed objects and pictures.", &cache);
        let damaged = "Objects and pictures that were torn, lost or unreadable.";
        family("damaged_objects_total", "counter", damaged, &[("", &self.damaged)]);
        family("connections", "gauge", "Connections open now.", &[("", &self.open)]);
        family("connections_accepted_total", "counter", "Connections accepted.", &[("", &self.accepted)]);
        let broken = "Connections that ended with a fault of the other side.";
        family("connections_broken_total", "counter", broken, &[("", &self.broken)]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Meters;

    #[test]
    fn every_family_is_described_once_and_carries_its_number() {
        let meters = Meters::default();
        meters.answered(204, 7);
        meters.answered(503, 0);
        let text = meters.render_prometheus();
        assert!(text.contains("\nhalftone_answers_total{class=\"2xx\"} 1\n"), "{text}");
        assert!(text.contains("\nhalftone_answers_total{class=\"5xx\"} 1\n"), "{text}");
        assert!(text.contains("\nhalftone_answer_bytes_total 7\n"), "{text}");
        assert_eq!(text.matches("# TYPE ").count(), text.matches("# HELP ").count());
        assert_eq!(text.matches("# TYPE halftone_answers_total counter").count(), 1);
    }
}
