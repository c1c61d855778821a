//! Every write. A command begins (and so takes the writer's turn), loads, lets the domain decide, saves, records and commits.

mod reorganize;

pub use reorganize::{Reorganize, Reorganized, reorganize};

/// Whether a command is carried out or only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is written.
    Real,
    /// The same is decided and nothing is written.
    Preview,
}
