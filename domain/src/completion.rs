//! How far a set of obligations has come: four cells, ten states, two rates (section 7).

mod breakdown;
mod roll_up;
mod tally;

#[cfg(test)]
mod tests;

pub use breakdown::{Part, PartKey, Selection, fold_by};
pub use roll_up::{Completion, RollUp, Span};
pub use tally::{Cell, Group, Tally, UnitTally};
