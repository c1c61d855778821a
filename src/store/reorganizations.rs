//! Reorganizations and what they write: units, revisions with both clocks, successions, external identifiers (O5, O6, T4).

mod asked;
mod calendar;
mod course;
mod revisions;

use std::collections::{HashMap, HashSet};

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, PrincipalId, ReorganizationId, UnitId};
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::{self as domain, Effect, FieldRevision, Plan, Stage, SuccessionKind, Touched};
use chidao_domain::text;
use chidao_entity::{org_unit, org_unit_external_id, reorganization, succession};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _, QuerySelect as _, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) use calendar::find_due;
pub use calendar::{Removed, load_units_of, save_enacted, save_without};
pub use course::{Known, load_later, load_since};

use crate::store::code::{Coded as _, codes};
use crate::store::error::{Fault, Stop};
use crate::store::journal::{self, ROWS_PER_INSERT, insert_all};
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

/// One change as it is kept: ids, and texts before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A unit came into being.
    Established {
        /// The unit.
        unit: Uuid,
    },
    /// A unit got new values.
    Revised {
        /// The unit.
        unit: Uuid,
        /// What changed: the field's name in the schema, before, after.
        fields: Vec<(String, Option<String>, Option<String>)>,
    },
    /// A unit got another parent.
    Moved(Moved),
    /// A unit became one of another kind.
    KindChanged {
        /// The unit.
        unit: Uuid,
        /// The code of its kind before.
        from: String,
        /// The code of its kind now.
        to: String,
        /// Where it moved, if it did.
        moved: Option<Moved>,
    },
    /// Units became one.
    Merged {
        /// Those that ended.
        units: Vec<Uuid>,
        /// What they became.
        into: Uuid,
        /// Their children, which stand under it now.
        children: Vec<Moved>,
    },
    /// A unit became several.
    Split {
        /// The unit.
        unit: Uuid,
        /// What it became.
        into: Vec<Uuid>,
        /// Its children, which stand under the parts now.
        children: Vec<Moved>,
    },
    /// A unit ended.
    Dissolved {
        /// The unit.
        unit: Uuid,
        /// Who took over.
        heir: Option<Uuid>,
        /// Its children, which stand elsewhere now.
        children: Vec<Moved>,
    },
    /// A unit is active again.
    Reopened {
        /// The unit.
        unit: Uuid,
        /// Its parent.
        parent: Option<Uuid>,
    },
}

/// A unit that got another parent, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The unit.
    pub unit: Uuid,
    /// The parent before; none where it was a root.
    pub from: Option<Uuid>,
    /// The parent now; none where it is a root.
    pub to: Option<Uuid>,
}

impl From<&domain::Moved> for Moved {
    fn from(moved: &domain::Moved) -> Self {
        Self { unit: moved.unit.0, from: moved.from.map(Uuid::from), to: moved.to.map(Uuid::from) }
    }
}

impl From<&Effect> for Change {
    fn from(effect: &Effect) -> Self {
        let ids = |units: &[UnitId]| units.iter().map(|unit| unit.0).collect();
        let moves = |children: &[domain::Moved]| children.iter().map(Moved::from).collect();
        match effect {
            Effect::Established { unit, .. } => Self::Established { unit: unit.0 },
            Effect::Revised { unit, fields } => Self::Revised { unit: unit.0, fields: fields.iter().map(field_change).collect() },
            Effect::Moved(moved) => Self::Moved(moved.into()),
            Effect::KindChanged { unit, from, to, moved } => {
                Self::KindChanged { unit: unit.0, from: from.to_string(), to: to.to_string(), moved: moved.as_ref().map(Moved::from) }
            }
            Effect::Merged { units, into, children } => Self::Merged { units: ids(units), into: into.0, children: moves(children) },
            Effect::Split { unit, into, children } => Self::Split { unit: unit.0, into: ids(into), children: moves(children) },
            Effect::Dissolved { unit, heir, children } => {
                Self::Dissolved { unit: unit.0, heir: heir.map(Uuid::from), children: moves(children) }
            }
            Effect::Reopened { unit, parent } => Self::Reopened { unit: unit.0, parent: parent.map(Uuid::from) },
        }
    }
}

/// A revised field as texts: its name in the schema, before, after.
pub fn field_change(field: &FieldRevision) -> (String, Option<String>, Option<String>) {
    let texts = |ids: &[chidao_domain::reorganization::ExternalId]| {
        let all: Vec<String> = ids.iter().map(|id| format!("{} {}", id.scheme, id.value)).collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    match field {
        FieldRevision::Name { before, after } => ("name".into(), Some(before.to_string()), Some(after.to_string())),
        FieldRevision::ShortName { before, after } => {
            ("shortName".into(), before.as_ref().map(ToString::to_string), after.as_ref().map(ToString::to_string))
        }
        FieldRevision::MemberCount { before, after } => {
            ("memberCount".into(), before.map(|count| count.to_string()), after.map(|count| count.to_string()))
        }
        FieldRevision::ExternalIds { before, after } => ("externalIds".into(), texts(before), texts(after)),
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
    let rows = reorganization::Entity::find().filter(reorganization::Column::Id.is_in(ids)).all(sql).await?;
    rows.into_iter().map(|row| reorganization_of(row).map(|known| (known.id(), known))).collect()
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
    })
}

/// Writes a reorganization, and the tree as it and the batches after it leave it: `stages` are its own plan and theirs.
///
/// # Errors
/// A fault of the database.
pub async fn save_reorganization(tx: &Tx, record: &Reorganization, stages: &[Stage]) -> Result<(), Fault> {
    let Some(own) = stages.first() else { return Ok(()) };
    let row = reorganization::ActiveModel {
        id: Set(record.id),
        title: Set(record.title.clone()),
        effective_on: Set(record.effective_on),
        legal_basis_id: Set(record.legal_basis),
        status: Set(record.status.code().into()),
        units_touched: Set(i32::try_from(record.units_touched).unwrap_or(i32::MAX)),
        changes: Set(serde_json::to_string(&record.changes)?),
        recorded_at: Set(record.recorded_at),
        recorded_by_id: Set(record.recorded_by),
        ordinal: Set(tx.next_position()),
        asked: Set(Some(asked::to_json(own.plan.changes.iter().map(|change| &change.asked))?)),
        decisions: Set(None),
        effects: Set(None),
        annuls_id: Set(record.annuls),
        taken_back_because: Set(None),
    };
    reorganization::Entity::insert(row).exec_without_returning(tx.sql()).await?;
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
    let units = plan.touched.iter().filter(|touched| new.contains(&touched.unit)).filter_map(|touched| touched.after.as_ref());
    let rows = units.map(|unit| org_unit::ActiveModel {
        id: Set(unit.id.into()),
        code: Set(unit.code.to_string()),
        folded_code: Set(text::fold(&unit.code)),
        version: Set(unit.version),
        created_at: Set(tx.now()),
    });
    let rows: Vec<_> = rows.collect();
    for some in rows.chunks(ROWS_PER_INSERT) {
        // A unit that was planned and never lived is taken up under the id that it has.
        let known =
            OnConflict::column(org_unit::Column::Id).update_columns([org_unit::Column::Code, org_unit::Column::FoldedCode]).to_owned();
        org_unit::Entity::insert_many(some.to_vec()).on_conflict(known).exec_without_returning(tx.sql()).await?;
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
    Ok(insert_all(tx.sql(), rows.collect()).await?)
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
    Ok(insert_all(tx.sql(), rows.collect()).await?)
}
