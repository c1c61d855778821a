//! The network edge: thin, and the only user of actix and jsonwebtoken.
//!
//! What stands behind it is a [`House`]: it looks callers up and executes operations. The edge reads requests by the
//! GraphQL-over-HTTP specification, keeps them within the limits, and writes answers that tell no secrets.

mod ask;
mod body;
mod error;
mod graphiql;
mod graphql;
mod house;
mod negotiation;
mod office;
mod parameters;
mod server;
mod today;
pub mod token;

pub use house::{Asked, Edge, House};
pub use office::Premises;
pub use server::{Serving, serve};
