//! The rules of Chidao (chỉ đạo: to direct), pure: no input or output, no clock, no randomness.
//!
//! Every rule has a number (`O3`, `B2`, `L1` …) that stands in `docs/domain.md`; doc comments, tests and refusals name it.

pub mod access;
pub mod appointment;
pub mod completion;
pub mod day;
pub mod directive;
mod enumeration;
#[cfg(test)]
mod fixture;
pub mod forest;
pub mod ids;
pub mod indicator;
pub mod integrity;
pub mod journal;
pub mod kind;
pub mod obligation;
pub mod places;
pub mod refusal;
pub mod reorganization;
pub mod scope;
pub mod succession;
pub mod symbol;
pub mod table;
pub mod text;
pub mod unit;
