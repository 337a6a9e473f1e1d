//! Which pages are read most: every eighth answer is noted in a table of bounded size. It is a hint for whoever chooses
//! what to do first, and no count of readers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// One answer in so many is noted.
const ONE_IN: u64 = 8;
/// Paths that are held at once.
const PATHS: usize = 1024;

/// The table.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    answers: AtomicU64,
    noted: Mutex<HashMap<String, u64>>,
}

impl Readings {
    /// Takes note of an answer. A full table forgets the paths that were noted once, and counts the others half.
    pub fn note(&self, path: &str) {
        if !self.answers.fetch_add(1, Ordering::Relaxed).is_multiple_of(ONE_IN) {
            return;
        }
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = noted.get_mut(path) {
            *times += 1;
            return;
        }
        if noted.len() >= PATHS {
            noted.retain(|_, times| {
                *times /= 2;
                *times > 0
            });
        }
        if noted.len() < PATHS {
            noted.insert(path.to_owned(), 1);
        }
    }

    /// What was noted since the last time, most read first.
    pub fn take(&self) -> Vec<String> {
        let noted = std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner));
        let mut paths: Vec<(String, u64)> = noted.into_iter().collect();
        paths.sort_unstable_by(|(a, read_a), (b, read_b)| (read_b, a).cmp(&(read_a, b)));
        paths.into_iter().map(|(path, _)| path).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(readings: &Readings, path: &str, times: u64) {
        (0..times * ONE_IN).for_each(|_| readings.note(path));
    }

    #[test]
    fn what_is_read_most_comes_first_and_each_time_anew() {
        let readings = Readings::default();
        read(&readings, "/b", 2);
        read(&readings, "/a", 5);
        read(&readings, "/c", 2);
        assert_eq!(readings.take(), ["/a", "/b", "/c"]);
        assert_eq!(readings.take(), [""; 0]);
    }

    #[test]
    fn the_table_keeps_its_size_and_what_is_read_often() {
        let readings = Readings::default();
        read(&readings, "/often", 50);
        for number in 0..3 * PATHS {
            read(&readings, &format!("/{number}"), 1);
        }
        let paths = readings.take();
        assert!(paths.len() <= PATHS, "{}", paths.len());
        assert_eq!(paths[0], "/often");
    }

    #[test]
    fn one_answer_in_eight_is_noted() {
        let readings = Readings::default();
        (0..ONE_IN - 1).for_each(|_| readings.note("/a"));
        readings.note("/b");
        readings.note("/c");
        assert_eq!(readings.take(), ["/a", "/c"]);
    }
}
