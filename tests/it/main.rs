//! The one integration binary: everything is asked over real HTTP, on SQLite and on PostgreSQL.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod access_matrix;
mod again;
mod bare;
mod binding;
mod calendar;
mod cli;
mod codes;
mod completion;
mod conformance;
mod contract;
mod course;
mod coverage;
mod crash;
mod directives;
mod edge;
mod external_ids;
mod flat;
mod form;
mod gates;
mod grants;
mod harness;
mod heirs;
mod integrity;
mod journal;
mod large;
mod life;
mod migrations;
mod model;
mod obligation_lists;
mod obligations;
mod people;
mod periods;
mod previews;
mod principals;
mod readme;
mod refused_batches;
mod registers;
mod relations;
mod reports;
mod resume;
mod rights;
mod rush;
mod schema;
mod sights;
mod signing;
mod statements;
mod story;
mod tables;
mod tidy;
mod tree;
mod tree_lists;
mod urging;
mod viewer_can;
