//! The page while it is read: its lines, and what each was taken for.

use super::captured::{Fate, Field, LineReport};
use super::lines::Line;
use super::wrap::Unit;

/// The lines and their fates.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The page's lines.
    pub lines: Vec<Line>,
    fates: Vec<Option<Field>>,
}

impl Sheet {
    /// A page of which nothing is understood yet.
    pub fn new(lines: Vec<Line>) -> Self {
        let fates = vec![None; lines.len()];
        Self { lines, fates }
    }

    /// Takes a unit's lines for a field. A line that was taken before stays what it is.
    pub fn claim(&mut self, unit: &Unit, field: Field) {
        for index in unit.lines.clone() {
            self.claim_line(index, field);
        }
    }

    /// Takes one line for a field.
    pub fn claim_line(&mut self, index: usize, field: Field) {
        if let Some(fate) = self.fates.get_mut(index) {
            fate.get_or_insert(field);
        }
    }

    /// Nothing of the unit is taken.
    pub fn is_open(&self, unit: &Unit) -> bool {
        self.fates.get(unit.lines.clone()).is_some_and(|fates| fates.iter().all(Option::is_none))
    }

    /// The number, in the file, of the line at an index; 0 for none.
    pub fn number(&self, index: usize) -> usize {
        self.lines.get(index).map_or(0, |line| line.number)
    }

    /// What became of each line.
    pub fn report(self) -> Vec<LineReport> {
        let fates = self.fates.into_iter().map(|fate| fate.map_or(Fate::NotUnderstood, Fate::Field));
        let lines = self.lines.into_iter().zip(fates);
        lines.map(|(line, fate)| LineReport { number: line.number, text: line.raw, fate }).collect()
    }
}
