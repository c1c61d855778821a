//! The integration tests: real HTTP on port 0, in process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod edge;
