//! How far a set of obligations has come: four cells, ten states, two rates (section 7).

mod breakdown;
mod due_month;
mod ranking;
mod roll_up;
mod tally;
mod timeline;

#[cfg(test)]
mod tests;

pub use breakdown::{Part, PartKey, Selection, fold_by};
pub use due_month::DueMonth;
pub use ranking::{farther_first, less_far_first};
pub use roll_up::{Completion, RollUp, Span};
pub use tally::{Cell, Group, Tally, UnitTally};
pub use timeline::{Interval, Point, Standing, TimeStep, sweep};
