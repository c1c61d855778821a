//! All SQL. Rows become domain values and back here and only here.

pub mod among;
pub mod bindings;
pub mod calendar;
pub mod code;
pub mod comments;
pub mod completions;
pub mod database;
pub mod directive_lists;
pub mod directives;
pub mod entries;
pub mod error;
pub mod estates;
pub mod forests;
pub mod grants;
pub mod integrity;
pub mod journal;
pub mod obligations;
mod opening;
pub mod people;
pub mod periods;
pub mod principals;
pub mod registers;
pub mod relations;
pub mod reorganizations;
pub mod reports;
pub mod requirements;
pub mod sessions;
pub mod sights;
pub mod successions;
pub mod tx;
pub mod units;
pub mod urges;

pub use among::Among;
pub use database::{Database, Engine, Snapshot};
pub use error::{Answer, Done, Fault, OnUnique, Replay, Stop};
pub use tx::Tx;
