//! The integration tests: real HTTP on port 0, in process.

mod edge;
