//! What is due on a day, in the order in which it is done (S6): the batches of the day in the order of record, then the periods that open on it
//! (B7).

use chidao_domain::day::{Day, day_before};
use sea_orm::ConnectionTrait;

use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::periods::{self, DuePeriods};
use crate::store::reorganizations::{self, Known};

/// Something that the calendar owes.
#[derive(Clone, Debug)]
pub enum Due {
    /// A planned batch whose day has come.
    Batch(Box<Known>),
    /// Periods of a directive that begin.
    Periods(DuePeriods),
}

impl Due {
    /// The day of which it is done.
    pub fn day(&self) -> Day {
        match self {
            Self::Batch(batch) => batch.day,
            Self::Periods(periods) => periods.day,
        }
    }
}

/// What comes next of all that is due up to a day.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn find_due(sql: &impl ConnectionTrait, engine: Engine, upto: Day) -> Result<Option<Due>, Fault> {
    let batch = reorganizations::find_due(sql, upto).await?;
    // A period that opens on the day of a batch opens on the tree that the batch leaves.
    let upto = batch.as_ref().map_or(upto, |batch| day_before(batch.day));
    let periods = periods::find_due(sql, engine, upto).await?;
    Ok(periods.map(Due::Periods).or(batch.map(|batch| Due::Batch(Box::new(batch)))))
}
