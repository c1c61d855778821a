//! A GraphQL server for an organization that directs by hierarchy: who must do what, by when, because of which document, and how far
//! are they. `ARCHITECTURE.md` is the map; `docs/domain.md` has the rules by their numbers.

pub mod check;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod demo;
pub mod graphql;
pub mod http;
pub mod live;
pub mod office;
pub mod password;
pub mod secret;
pub mod server;
pub mod store;
pub mod tables;
pub mod view;
