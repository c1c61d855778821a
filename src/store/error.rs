//! Why a use case stopped: a person can mend a refusal, only a developer or an operator a fault.

use std::sync::Arc;

use chidao_domain::refusal::Refusal;
use sea_orm::{DbErr, SqlErr};

/// What only a developer or an operator can mend. Its text goes to the log, never to a client.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database did not do what it was asked.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// No connection could be had, or the database is not ready.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The position that an answer must reflect was not reached in time (J4).
    #[error("position `{wanted}` is asked for and `{reached}` is reached")]
    NotReached {
        /// What the answer must reflect at least.
        wanted: i64,
        /// What it would reflect.
        reached: i64,
    },
    /// A row holds what no code path writes.
    #[error("the table `{table}` holds `{value}`, which is no {wanted}")]
    Corrupt {
        /// The table or column.
        table: &'static str,
        /// What it should be.
        wanted: &'static str,
        /// What it is.
        value: String,
    },
    /// Nobody has logged in, or who did is not let in any more.
    #[error("nobody is logged in")]
    Unauthenticated,
    /// The stored units of a day are not a forest (O3).
    #[error("the tree of a day is broken: {0}")]
    BrokenForest(#[from] chidao_domain::forest::NotAForest),
    /// A command tried to commit without a journal entry (J1).
    #[error("a write without a journal entry was stopped")]
    SilentWrite,
    /// An answer could not be turned into JSON or back.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    /// Something outside the database failed.
    #[error("{0}")]
    Other(String),
    /// What several asked for at the same time failed for all of them.
    #[error(transparent)]
    Shared(Arc<Fault>),
}

impl Fault {
    /// The fault of a batch, for one of those who asked.
    pub fn shared(fault: Arc<Self>) -> Self {
        Self::Shared(fault)
    }
}

/// Why a use case did not give an answer of its own.
#[derive(Debug)]
pub enum Stop {
    /// A person can mend it; nothing was written.
    Refused(Vec<Refusal>),
    /// Only a developer or an operator can.
    Fault(Fault),
    /// The same call came before: this is what it answered.
    Replay(Replay),
}

/// The answer of an earlier call with the same idempotency key.
#[derive(Debug)]
pub struct Replay {
    /// The earlier output, as JSON.
    pub answer: String,
    /// The position that it had reached.
    pub position: i64,
}

impl Stop {
    /// The same, seen from the object whose field `name` holds the value; a fault has no place.
    #[must_use]
    pub fn within(self, name: &'static str) -> Self {
        match self {
            Self::Refused(refusals) => Self::Refused(refusals.into_iter().map(|no| no.within(name)).collect()),
            Self::Fault(_) | Self::Replay(_) => self,
        }
    }

    /// The same, about the field `name` as a whole: what a plan says of its own changes is no path into the input.
    #[must_use]
    pub fn moved_to(self, name: &'static str) -> Self {
        match self {
            Self::Refused(refusals) => Self::Refused(refusals.into_iter().map(|no| no.beyond(usize::MAX).within(name)).collect()),
            Self::Fault(_) | Self::Replay(_) => self,
        }
    }

    /// The same, seen from the list whose item `index` holds the value.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        match self {
            Self::Refused(refusals) => Self::Refused(refusals.into_iter().map(|no| no.at(index)).collect()),
            Self::Fault(_) | Self::Replay(_) => self,
        }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<DbErr> for Stop {
    fn from(no: DbErr) -> Self {
        Self::Fault(no.into())
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<Vec<Refusal>> for Stop {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

/// What a use case gives back, and the journal position that it reflects (J4).
#[derive(Clone, Debug)]
pub struct Done<T> {
    /// What it was asked for.
    pub output: T,
    /// The position.
    pub position: i64,
}

/// The outcome of a write.
pub type Answer<T> = Result<Done<T>, Stop>;

/// Lets the index decide uniqueness, and the refusal stand beside the insert.
pub trait OnUnique<T> {
    /// Where the statement violated the unique index, answers with the refusal instead of a fault.
    ///
    /// `index` is the index's name, as PostgreSQL tells it; `column` one of its columns as `table.column`, as SQLite does.
    ///
    /// # Errors
    /// The refusal, or any other failure as a fault.
    fn on_unique(self, index: &str, column: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Stop>;
}

impl<T> OnUnique<T> for Result<T, DbErr> {
    fn on_unique(self, index: &str, column: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Stop> {
        self.map_err(|no| match no.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(text)) if text.contains(index) || text.contains(column) => refusal().into(),
            _ => no.into(),
        })
    }
}
