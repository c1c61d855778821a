//! Reorganizations and what they write: units, revisions with both clocks, successions, external identifiers (O5, O6, T4).

mod asked;
mod calendar;
mod changes;
mod course;
mod decisions;
mod effects;
mod external_ids;
mod revisions;
mod since;

use std::collections::{HashMap, HashSet};

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, PrincipalId, ReorganizationId, UnitId};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::{Plan, Stage, SuccessionKind, Touched};
use chidao_domain::succession::Decision;
use chidao_domain::text;
use chidao_entity::{org_unit, org_unit_external_id, reorganization, succession};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, IdenStatic as _, Iterable as _, QueryFilter as _, QuerySelect as _, Select, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) use calendar::find_due;
pub use calendar::{Removed, load_units_of, save_enacted, save_without};
pub use changes::{Change, Moved, field_change};
pub use course::{Known, load_later, load_since};
pub use effects::{Consequences, Effects, Happening, ObligationEffect, load_consequences, save_effects};
pub use external_ids::{external_ids_planned, external_ids_without};
pub use since::{EndedAt, load_acted_since};

use crate::store::code::{Coded as _, codes};
use crate::store::error::{Fault, Stop};
use crate::store::journal::{self, Many, ROWS_PER_INSERT, insert_all, next_rows};
use crate::store::tx::Tx;

/// Where a reorganization stands (O5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It was only looked at: nothing is written.
    Preview,
    /// It takes effect on its day.
    Planned,
    /// It holds.
    Enacted,
    /// It was planned, and given up before its day.
    Cancelled,
    /// It held, and was taken back as a mistake.
    Annulled,
}

codes!("status of a reorganization", Status {
    Preview => "PREVIEW",
    Planned => "PLANNED",
    Enacted => "ENACTED",
    Cancelled => "CANCELLED",
    Annulled => "ANNULLED",
});

codes!("kind of succession", SuccessionKind {
    Merge => "MERGE",
    Split => "SPLIT",
    Heir => "HEIR",
});

/// A reorganization as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reorganization {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// The day from which it holds.
    pub effective_on: Day,
    /// The directive that orders it.
    pub legal_basis: Option<Uuid>,
    /// Where it stands.
    pub status: Status,
    /// How many units were not as before.
    pub units_touched: usize,
    /// What it did, in its order.
    pub changes: Vec<Change>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: Option<Uuid>,
    /// The reorganization that it takes back.
    pub annuls: Option<Uuid>,
    /// Why it was cancelled or annulled.
    pub taken_back_because: Option<String>,
    /// What it does to obligations and grants, in numbers.
    #[serde(default)]
    pub effects: Effects,
}

impl Reorganization {
    /// Its id.
    pub fn id(&self) -> ReorganizationId {
        ReorganizationId(self.id)
    }

    /// The directive that orders it.
    pub fn legal_basis(&self) -> Option<DirectiveId> {
        self.legal_basis.map(DirectiveId)
    }

    /// Who recorded it.
    pub fn recorded_by(&self) -> Option<PrincipalId> {
        self.recorded_by.map(PrincipalId)
    }

    /// The reorganization that it takes back.
    pub fn annuls(&self) -> Option<ReorganizationId> {
        self.annuls.map(ReorganizationId)
    }
}

/// The reorganizations with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_reorganizations(
    sql: &impl ConnectionTrait,
    ids: &[ReorganizationId],
) -> Result<HashMap<ReorganizationId, Reorganization>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let long = [reorganization::Column::Consequences, reorganization::Column::Asked];
    let rows = leaving_out(reorganization::Entity::find(), &long).filter(reorganization::Column::Id.is_in(ids)).all(sql).await?;
    rows.into_iter().map(|row| reorganization_of(row).map(|known| (known.id(), known))).collect()
}

/// All columns but some that may be very long and are not asked for.
fn leaving_out(query: Select<reorganization::Entity>, long: &[reorganization::Column]) -> Select<reorganization::Entity> {
    let is_long = |column: &reorganization::Column| long.iter().any(|long| long.as_str() == column.as_str());
    let query = query.select_only().columns(reorganization::Column::iter().filter(|column| !is_long(column)));
    long.iter().fold(query, |query, long| query.expr_as(Expr::value(None::<String>), long.as_str()))
}

/// The reorganization with that id.
///
/// # Errors
/// `NOT_FOUND` where there is none; a fault of the database.
pub async fn find(sql: &impl ConnectionTrait, id: ReorganizationId) -> Result<Reorganization, Stop> {
    let missing = || Refusal::from(InputRefusal::NotFound { wanted: Noun::Reorganization, given: id.to_string() });
    Ok(load_reorganizations(sql, &[id]).await?.remove(&id).ok_or_else(missing)?)
}

/// The ids of all reorganizations, latest day first, and on one day latest recorded first.
///
/// # Errors
/// A fault of the database.
pub async fn load_reorganization_ids(sql: &impl ConnectionTrait) -> Result<Vec<ReorganizationId>, Fault> {
    let query = reorganization::Entity::find().select_only().columns([
        reorganization::Column::Id,
        reorganization::Column::EffectiveOn,
        reorganization::Column::Ordinal,
    ]);
    let mut rows: Vec<(Uuid, Day, i64)> = query.into_tuple().all(sql).await?;
    rows.sort_by_key(|(_, day, ordinal)| std::cmp::Reverse((*day, *ordinal)));
    Ok(rows.into_iter().map(|(id, ..)| ReorganizationId(id)).collect())
}

fn reorganization_of(row: reorganization::Model) -> Result<Reorganization, Fault> {
    Ok(Reorganization {
        id: row.id,
        title: row.title,
        effective_on: row.effective_on,
        legal_basis: row.legal_basis_id,
        status: Status::decode(&row.status)?,
        units_touched: usize::try_from(row.units_touched).unwrap_or_default(),
        changes: serde_json::from_str(&row.changes)?,
        recorded_at: row.recorded_at,
        recorded_by: row.recorded_by_id,
        annuls: row.annuls_id,
        taken_back_because: row.taken_back_because,
        effects: row.effects.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default(),
    })
}

/// Writes a reorganization, and the tree as it and the batches after it leave it: `stages` are its own plan and theirs.
///
/// # Errors
/// A fault of the database.
pub async fn save_reorganization(tx: &Tx, record: &Reorganization, decisions: &[Decision], stages: &[Stage]) -> Result<(), Fault> {
    let Some(own) = stages.first() else { return Ok(()) };
    insert_record(tx, record, decisions, &own.plan).await?;
    insert_established(tx, &own.plan).await?;
    bump_known(tx, &own.plan).await?;
    revisions::rewrite(tx, stages, None).await?;
    insert_successions(tx, record.id(), &own.plan).await?;
    match record.status {
        Status::Enacted => replace_external_ids(tx, &own.plan.touched).await,
        Status::Planned => journal::call_calendar_back(tx.sql(), record.effective_on).await,
        Status::Preview | Status::Cancelled | Status::Annulled => Ok(()),
    }
}

/// The statement is written out, since its texts may be very long and an entity would hold each once more.
async fn insert_record(tx: &Tx, record: &Reorganization, decisions: &[Decision], plan: &Plan) -> Result<(), Fault> {
    let text = "INSERT INTO reorganization (id, title, effective_on, legal_basis_id, status, units_touched, changes, recorded_at, \
                recorded_by_id, ordinal, asked, decisions, annuls_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let values: Vec<sea_orm::Value> = vec![
        record.id.into(),
        record.title.clone().into(),
        record.effective_on.into(),
        record.legal_basis.into(),
        record.status.code().into(),
        i32::try_from(record.units_touched).unwrap_or(i32::MAX).into(),
        serde_json::to_string(&record.changes)?.into(),
        record.recorded_at.into(),
        record.recorded_by.into(),
        tx.next_position().into(),
        asked::to_json(plan.changes.iter().map(|change| &change.asked))?.into(),
        decisions::to_json(decisions)?.into(),
        record.annuls.into(),
    ];
    tx.execute(text, values).await
}

/// Counts the change in each unit that was there before.
async fn bump_known(tx: &Tx, plan: &Plan) -> Result<(), Fault> {
    let new: HashSet<UnitId> = plan.established().collect();
    let known = plan.touched.iter().map(|touched| touched.unit).filter(|unit| !new.contains(unit));
    bump_versions(tx, &known.collect::<Vec<_>>()).await
}

/// Says where a batch stands now, and why, where it is taken back.
///
/// # Errors
/// A fault of the database.
pub async fn save_status(tx: &Tx, id: ReorganizationId, status: Status, because: Option<&str>) -> Result<(), Fault> {
    reorganization::Entity::update_many()
        .col_expr(reorganization::Column::Status, Expr::value(status.code()))
        .col_expr(reorganization::Column::TakenBackBecause, Expr::value(because))
        .filter(reorganization::Column::Id.eq(Uuid::from(id)))
        .exec(tx.sql())
        .await?;
    Ok(())
}

async fn insert_established(tx: &Tx, plan: &Plan) -> Result<(), Fault> {
    let new: HashSet<UnitId> = plan.established().collect();
    let units = plan.touched.iter().filter(|touched| new.contains(&touched.unit)).filter_map(|touched| touched.after.as_deref());
    let rows = units.map(|unit| org_unit::ActiveModel {
        id: Set(unit.id.into()),
        code: Set(unit.code.to_string()),
        folded_code: Set(text::fold(&unit.code)),
        version: Set(unit.version),
        created_at: Set(tx.now()),
    });
    // A unit that was planned and never lived is taken up under the id that it has.
    let known = OnConflict::column(org_unit::Column::Id).update_columns([org_unit::Column::Code, org_unit::Column::FoldedCode]).to_owned();
    let mut rows: Many<'_, _> = Box::new(rows);
    while let Some(some) = next_rows(&mut rows) {
        org_unit::Entity::insert_many(some).on_conflict(known.clone()).exec_without_returning(tx.sql()).await?;
    }
    Ok(())
}

async fn insert_successions(tx: &Tx, id: ReorganizationId, plan: &Plan) -> Result<(), Fault> {
    let pairs = plan.endings.iter().flat_map(|ending| ending.heirs.iter().map(move |heir| (ending, *heir)));
    let rows = (1_i32..).zip(pairs).map(|(ordinal, (ending, heir))| succession::ActiveModel {
        reorganization_id: Set(id.into()),
        ordinal: Set(ordinal),
        from_id: Set(ending.unit.into()),
        to_id: Set(heir.into()),
        kind: Set(ending.kind.code().into()),
    });
    Ok(insert_all(tx.sql(), rows).await?)
}

async fn bump_versions(tx: &Tx, units: &[UnitId]) -> Result<(), Fault> {
    for some in units.chunks(ROWS_PER_INSERT) {
        org_unit::Entity::update_many()
            .col_expr(org_unit::Column::Version, Expr::col(org_unit::Column::Version).add(1))
            .filter(org_unit::Column::Id.is_in(some.iter().map(|unit| Uuid::from(*unit))))
            .exec(tx.sql())
            .await?;
    }
    Ok(())
}

/// All are erased before any is added: one may pass from unit to unit in a batch.
async fn replace_external_ids(tx: &Tx, touched: &[Touched]) -> Result<(), Fault> {
    let holders: Vec<&Touched> = touched.iter().filter(|touched| touched.external_ids.is_some()).collect();
    for some in holders.chunks(ROWS_PER_INSERT) {
        org_unit_external_id::Entity::delete_many()
            .filter(org_unit_external_id::Column::UnitId.is_in(some.iter().map(|touched| Uuid::from(touched.unit))))
            .exec(tx.sql())
            .await?;
    }
    let rows = holders.iter().flat_map(|touched| {
        touched.external_ids.iter().flatten().map(|id| org_unit_external_id::ActiveModel {
            scheme: Set(id.scheme.to_string()),
            value: Set(id.value.to_string()),
            unit_id: Set(touched.unit.into()),
        })
    });
    Ok(insert_all(tx.sql(), rows).await?)
}
