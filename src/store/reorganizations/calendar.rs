//! Planned batches when their day has come: one takes effect, or is taken out of the course (S6, O5).

use std::collections::HashSet;

use chidao_domain::day::Day;
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::reorganization::{Plan, Stage};
use chidao_entity::org_unit_revision;
use chidao_entity::reorganization::{self, Column};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::course::known;
use super::{Known, Reorganization, Status, bump_known, bump_versions, replace_external_ids, revisions, save_status};
use crate::store::code::Coded as _;
use crate::store::error::Fault;
use crate::store::tx::Tx;

/// The batch whose turn it is next: the first of those that are planned for `upto` or an earlier day (S6).
///
/// # Errors
/// A fault of the database.
pub(crate) async fn find_due(sql: &impl ConnectionTrait, upto: Day) -> Result<Option<Known>, Fault> {
    let planned = reorganization::Entity::find().filter(Column::Status.eq(Status::Planned.code())).filter(Column::EffectiveOn.lte(upto));
    let first = planned.order_by_asc(Column::EffectiveOn).order_by_asc(Column::Ordinal).one(sql).await?;
    first.map(known).transpose()
}

/// Which units the batches have written revisions of, as far as those are known still: what they change, in the past or ahead.
///
/// # Errors
/// A fault of the database.
pub async fn load_units_of(sql: &impl ConnectionTrait, batches: &[ReorganizationId]) -> Result<HashSet<(ReorganizationId, UnitId)>, Fault> {
    use org_unit_revision::Column as Revision;

    let ids: HashSet<Uuid> = batches.iter().map(|batch| Uuid::from(*batch)).collect();
    let by = Revision::ReorganizationId.is_in(ids.iter().copied()).or(Revision::EndedById.is_in(ids.iter().copied()));
    let query =
        org_unit_revision::Entity::find().select_only().columns([Revision::UnitId, Revision::ReorganizationId, Revision::EndedById]);
    let rows: Vec<(Uuid, Uuid, Option<Uuid>)> = query.filter(Revision::CorrectedAt.is_null()).filter(by).into_tuple().all(sql).await?;
    let named = rows.into_iter().flat_map(|(unit, by, ended_by)| [Some(by), ended_by].into_iter().flatten().map(move |by| (by, unit)));
    Ok(named.filter(|(by, _)| ids.contains(by)).map(|(by, unit)| (ReorganizationId(by), UnitId(unit))).collect())
}

/// What is taken out of the course.
#[derive(Clone, Debug)]
pub struct Removed {
    /// The day from which it held, or would have.
    pub day: Day,
    /// The units that it changed, or would have.
    pub units: Vec<UnitId>,
}

/// Takes planned batches out of the course: the tree is what `stages`, which are those since the day without them, leave.
///
/// # Errors
/// A fault of the database.
pub async fn save_without(tx: &Tx, removed: &Removed, stages: &[Stage]) -> Result<(), Fault> {
    bump_versions(tx, &removed.units).await?;
    revisions::rewrite(tx, stages, Some(removed)).await
}

/// A planned batch takes effect: what it does is told as it came to be, and the units that it changes get their external ids (O9). The tree
/// of its day needs no writing: it was written ahead, and again with each change that came before it.
///
/// # Errors
/// A fault of the database.
pub async fn save_enacted(tx: &Tx, record: &Reorganization, plan: &Plan) -> Result<(), Fault> {
    reorganization::Entity::update_many()
        .col_expr(Column::UnitsTouched, Expr::value(i32::try_from(record.units_touched).unwrap_or(i32::MAX)))
        .col_expr(Column::Changes, Expr::value(serde_json::to_string(&record.changes)?))
        .filter(Column::Id.eq(record.id))
        .exec(tx.sql())
        .await?;
    save_status(tx, record.id(), Status::Enacted, None).await?;
    bump_known(tx, plan).await?;
    replace_external_ids(tx, &plan.touched).await
}
