//! A GraphQL server for an organization that directs by hierarchy.

pub mod clock;
pub mod config;
