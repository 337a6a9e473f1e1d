//! Progress of long work: a bar on a terminal (photos done, a second, time left), plain lines elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::report::Report;

/// Counts photos.
pub struct Progress {
    bar: Option<ProgressBar>,
    report: Report,
    what: &'static str,
    total: u64,
    done: u64,
    said: u64,
}

impl Progress {
    /// For `total` photos; `what` is a past participle such as `developed`.
    pub fn new(report: Report, what: &'static str, total: usize) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let bar = (std::io::stderr().is_terminal() && !report.is_json()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let style =
                ProgressStyle::with_template("{msg} {pos} of {len}  {wide_bar}  {per_sec}, {eta} left");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(what);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { bar, report, what, total, done: 0, said: 0 }
    }

    /// One more. Without a terminal a line is said at each tenth part.
    pub fn one_more(&mut self) {
        self.done += 1;
        match &self.bar {
            Some(bar) => bar.inc(1),
            None => {
                let tenth = (self.total / 10).max(1);
                if !self.report.is_json() && (self.done >= self.said + tenth || self.done == self.total) {
                    self.said = self.done;
                    self.report.complain(&format!("{} {} of {}", self.what, self.done, self.total));
                }
            }
        }
    }

    /// Takes the bar away.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
