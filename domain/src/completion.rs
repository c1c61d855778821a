//! How far a set of obligations has come: four cells, ten states, two rates (section 7).

mod breakdown;
mod ranking;
mod roll_up;
mod tally;

#[cfg(test)]
mod tests;

pub use breakdown::{Part, PartKey, Selection, fold_by};
pub use ranking::{farther_first, less_far_first};
pub use roll_up::{Completion, RollUp, Span};
pub use tally::{Cell, Group, Tally, UnitTally};
