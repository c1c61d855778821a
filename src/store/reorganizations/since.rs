//! The batches that a directive has missed while it was not in force (D6).

use chidao_domain::day::Day;
use chidao_entity::reorganization::{self, Column};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::{Reorganization, Status, leaving_out, reorganization_of};
use crate::store::code::Coded as _;
use crate::store::error::Fault;

/// When a directive ended: the instant, and its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedAt {
    /// The day.
    pub on: Day,
    /// The instant.
    pub at: DateTime<Utc>,
}

impl EndedAt {
    /// Whether a batch had acted on obligations by then (S6).
    pub fn is_after(self, batch: &Reorganization) -> bool {
        batch.recorded_at <= self.at && batch.effective_on <= self.on
    }
}

/// The batches that have acted on obligations since a directive ended and hold, in the order in which they did: each on the later of its day and the
/// day on which it was recorded (S6).
///
/// # Errors
/// A fault of the database.
pub async fn load_acted_since(
    sql: &impl ConnectionTrait,
    ended: EndedAt,
    today: Day,
    day_of: impl Fn(DateTime<Utc>) -> Day,
) -> Result<Vec<Reorganization>, Fault> {
    let since = Condition::any().add(Column::RecordedAt.gt(ended.at)).add(Column::EffectiveOn.gt(ended.on));
    let query = leaving_out(reorganization::Entity::find(), &[Column::Consequences, Column::Asked])
        .filter(Column::Status.eq(Status::Enacted.code()))
        .filter(Column::EffectiveOn.lte(today))
        .filter(since);
    let mut rows = query.all(sql).await?;
    rows.sort_by_key(|row| (row.effective_on.max(day_of(row.recorded_at)), row.ordinal));
    rows.into_iter().map(reorganization_of).collect()
}
