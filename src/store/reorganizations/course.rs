//! The batches that are planned again when one comes in before them (O5).

use chidao_domain::day::Day;
use chidao_domain::ids::ReorganizationId;
use chidao_domain::reorganization::{Change, Judgement, Recorded};
use chidao_domain::succession::Decision;
use chidao_entity::reorganization::{self, Column, Model};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _};

use super::{Status, asked, decisions, leaving_out};
use crate::store::code::Coded as _;
use crate::store::error::Fault;

/// A batch of the course as it is kept.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its id.
    pub id: ReorganizationId,
    /// What it is called.
    pub title: String,
    /// Its day.
    pub day: Day,
    /// Where it stands.
    pub status: Status,
    /// What was asked for; none where an earlier version recorded it and nothing can be put before it.
    pub asked: Option<Vec<Change>>,
    /// Whether it takes back another one.
    pub is_annulment: bool,
    /// What was decided about obligations (S4).
    pub decisions: Vec<Decision>,
}

impl Known {
    /// How the core plans it again; none where nobody knows what was asked for.
    pub fn recorded(&self) -> Option<Recorded> {
        let judgement = match self.status {
            _ if self.is_annulment => Judgement::TakenBack,
            Status::Planned => Judgement::Planned,
            Status::Preview | Status::Enacted | Status::Cancelled | Status::Annulled => Judgement::Enacted,
        };
        let asked = self.asked.clone()?;
        // What took effect has passed external ids on, and somebody else may hold them by now.
        let changes = if self.is_annulment { asked.into_iter().map(Change::without_external_ids).collect() } else { asked };
        Some(Recorded { id: self.id, title: self.title.clone(), day: self.day, judgement, changes })
    }
}

/// The batches of later days than `day`, in the order in which they act; those that were cancelled never do.
///
/// # Errors
/// A fault of the database.
pub async fn load_later(sql: &impl ConnectionTrait, day: Day) -> Result<Vec<Known>, Fault> {
    load(sql, Condition::all().add(Column::EffectiveOn.gt(day))).await
}

/// The batches of `day` and of later days, in the order in which they act.
///
/// # Errors
/// A fault of the database.
pub async fn load_since(sql: &impl ConnectionTrait, day: Day) -> Result<Vec<Known>, Fault> {
    load(sql, Condition::all().add(Column::EffectiveOn.gte(day))).await
}

async fn load(sql: &impl ConnectionTrait, which: Condition) -> Result<Vec<Known>, Fault> {
    let acts = Column::Status.is_in([Status::Planned.code(), Status::Enacted.code(), Status::Annulled.code()]);
    let query = leaving_out(reorganization::Entity::find(), &[Column::Consequences])
        .filter(which.add(acts))
        .order_by_asc(Column::EffectiveOn)
        .order_by_asc(Column::Ordinal);
    query.all(sql).await?.into_iter().map(known).collect()
}

pub(super) fn known(row: Model) -> Result<Known, Fault> {
    Ok(Known {
        id: row.id.into(),
        title: row.title,
        day: row.effective_on,
        status: Status::decode(&row.status)?,
        asked: row.asked.as_deref().map(asked::from_json).transpose()?,
        is_annulment: row.annuls_id.is_some(),
        decisions: decisions::from_json(row.decisions.as_deref())?,
    })
}
