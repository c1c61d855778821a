//! The edge.
pub mod token;
