//! What stands in the way of a table: told up to a number, and all of it counted.

use super::BadCell;

/// How many cells that stand in the way are told; the others are counted. A table with more is wrong in one way many times.
pub const TOLD: usize = 1_000;

/// Cells that stand in the way: the first of them by their rows, at most [`TOLD`], and how many there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    told: Vec<BadCell>,
    count: usize,
}

impl Faults {
    /// One more, of the same row as the last or of a later one.
    pub(super) fn add(&mut self, bad: BadCell) {
        self.count += 1;
        if self.told.len() < TOLD {
            self.told.push(bad);
        }
    }

    /// With those that were found at another look at the table.
    #[must_use]
    pub(super) fn and(mut self, others: Self) -> Self {
        self.count += others.count;
        self.told.extend(others.told);
        self.told.sort_by_key(|bad| bad.row);
        self.told.truncate(TOLD);
        self
    }

    /// Those that are told, in the order of their rows.
    pub fn told(&self) -> &[BadCell] {
        &self.told
    }

    /// How many there are, told or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether nothing stands in the way.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl FromIterator<BadCell> for Faults {
    fn from_iter<I: IntoIterator<Item = BadCell>>(bad: I) -> Self {
        let mut faults = Self::default();
        bad.into_iter().for_each(|bad| faults.add(bad));
        faults
    }
}
