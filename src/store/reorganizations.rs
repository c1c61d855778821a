//! Reorganizations and what they write: units, revisions with both clocks, external identifiers (O5, T4).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, PrincipalId, ReorganizationId, UnitId};
use chidao_domain::reorganization::{Effect, FieldRevision, Plan, Touched};
use chidao_domain::text;
use chidao_domain::unit::OrgUnit;
use chidao_entity::{org_unit, org_unit_external_id, org_unit_revision, reorganization};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::error::Fault;
use crate::store::journal::{ROWS_PER_INSERT, insert_all};
use crate::store::tx::Tx;

/// Where a reorganization stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It was only looked at: nothing is written.
    Preview,
    /// It holds.
    Enacted,
}

codes!("status of a reorganization", Status {
    Preview => "PREVIEW",
    Enacted => "ENACTED",
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
    Moved {
        /// The unit.
        unit: Uuid,
        /// The parent before; none where it was a root.
        from: Option<Uuid>,
        /// The parent now.
        to: Uuid,
    },
}

impl From<&Effect> for Change {
    fn from(effect: &Effect) -> Self {
        match effect {
            Effect::Established { unit, .. } => Self::Established { unit: unit.0 },
            Effect::Revised { unit, fields } => Self::Revised { unit: unit.0, fields: fields.iter().map(field_change).collect() },
            Effect::Moved { unit, from, to } => Self::Moved { unit: unit.0, from: from.map(Uuid::from), to: to.0 },
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

/// The reorganization with the latest day: its title and that day.
///
/// # Errors
/// A fault of the database.
pub async fn latest(sql: &impl ConnectionTrait) -> Result<Option<(String, Day)>, Fault> {
    let query = reorganization::Entity::find().select_only().columns([reorganization::Column::Title, reorganization::Column::EffectiveOn]);
    Ok(query.order_by_desc(reorganization::Column::EffectiveOn).into_tuple().one(sql).await?)
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

/// The ids of all reorganizations, latest day first, and on one day latest recorded first.
///
/// # Errors
/// A fault of the database.
pub async fn load_reorganization_ids(sql: &impl ConnectionTrait) -> Result<Vec<ReorganizationId>, Fault> {
    let query = reorganization::Entity::find().select_only().columns([
        reorganization::Column::Id,
        reorganization::Column::EffectiveOn,
        reorganization::Column::RecordedAt,
    ]);
    let mut rows: Vec<(Uuid, Day, DateTime<Utc>)> = query.into_tuple().all(sql).await?;
    rows.sort_by_key(|(id, day, at)| std::cmp::Reverse((*day, *at, *id)));
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
    })
}

/// Writes a reorganization and everything that follows from its plan.
///
/// # Errors
/// A fault of the database.
pub async fn save_reorganization(tx: &Tx, record: &Reorganization, plan: &Plan) -> Result<(), Fault> {
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
    };
    reorganization::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    let (new, known): (Vec<&Touched>, Vec<&Touched>) = plan.touched.iter().partition(|touched| touched.before.is_none());
    insert_established(tx, &new).await?;
    let known: Vec<UnitId> = known.iter().map(|touched| touched.after.id).collect();
    bump_versions(tx, &known).await?;
    let revised: Vec<&OrgUnit> =
        plan.touched.iter().filter(|touched| touched.before.as_ref() != Some(&touched.after)).map(|touched| &touched.after).collect();
    let ended: Vec<UnitId> = revised.iter().map(|unit| unit.id).filter(|id| known.contains(id)).collect();
    end_revisions(tx, &ended, plan.day).await?;
    insert_revisions(tx, &revised, plan.day, record.id()).await?;
    replace_external_ids(tx, &plan.touched).await
}

async fn insert_established(tx: &Tx, new: &[&Touched]) -> Result<(), Fault> {
    let rows = new.iter().map(|touched| org_unit::ActiveModel {
        id: Set(touched.after.id.into()),
        code: Set(touched.after.code.to_string()),
        folded_code: Set(text::fold(&touched.after.code)),
        version: Set(touched.after.version),
        created_at: Set(tx.now()),
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

/// Ends what is known of `units` from `day` on: the open revision of each is corrected, and one that ends on that day takes its place
/// where it began before. Nothing is overwritten, so the tree as it was known earlier still has an answer (T4).
async fn end_revisions(tx: &Tx, units: &[UnitId], day: Day) -> Result<(), Fault> {
    for some in units.chunks(ROWS_PER_INSERT) {
        let open = sea_orm::Condition::all()
            .add(org_unit_revision::Column::CorrectedAt.is_null())
            .add(org_unit_revision::Column::ValidTo.is_null())
            .add(org_unit_revision::Column::UnitId.is_in(some.iter().map(|unit| Uuid::from(*unit))));
        let rows = org_unit_revision::Entity::find().filter(open.clone()).all(tx.sql()).await?;
        org_unit_revision::Entity::update_many()
            .col_expr(org_unit_revision::Column::CorrectedAt, Expr::value(tx.now()))
            .filter(open)
            .exec(tx.sql())
            .await?;
        let ended = rows.into_iter().filter(|row| row.valid_from < day).map(|row| {
            let ended = org_unit_revision::Model { id: tx.new_id(), valid_to: Some(day), recorded_at: tx.now(), ..row };
            ended.into_active_model().reset_all()
        });
        insert_all(tx.sql(), ended.collect()).await?;
    }
    Ok(())
}

async fn insert_revisions(tx: &Tx, units: &[&OrgUnit], day: Day, reorganization: ReorganizationId) -> Result<(), Fault> {
    let rows = units.iter().map(|unit| org_unit_revision::ActiveModel {
        id: Set(tx.new_id()),
        unit_id: Set(unit.id.into()),
        valid_from: Set(day),
        valid_to: Set(None),
        recorded_at: Set(tx.now()),
        corrected_at: Set(None),
        name: Set(unit.name.to_string()),
        short_name: Set(unit.short_name.as_ref().map(ToString::to_string)),
        folded_name: Set(text::fold(&unit.name)),
        folded_short_name: Set(unit.short_name.as_ref().map(|name| text::fold(name))),
        kind_code: Set(unit.kind.to_string()),
        parent_id: Set(unit.parent.map(Uuid::from)),
        member_count: Set(unit.member_count.and_then(|count| i32::try_from(count).ok())),
        reorganization_id: Set(reorganization.into()),
    });
    Ok(insert_all(tx.sql(), rows.collect()).await?)
}

/// All are erased before any is added: one may pass from unit to unit in a batch.
async fn replace_external_ids(tx: &Tx, touched: &[Touched]) -> Result<(), Fault> {
    let holders: Vec<&Touched> = touched.iter().filter(|touched| touched.external_ids.is_some()).collect();
    for some in holders.chunks(ROWS_PER_INSERT) {
        org_unit_external_id::Entity::delete_many()
            .filter(org_unit_external_id::Column::UnitId.is_in(some.iter().map(|touched| Uuid::from(touched.after.id))))
            .exec(tx.sql())
            .await?;
    }
    let rows = holders.iter().flat_map(|touched| {
        touched.external_ids.iter().flatten().map(|id| org_unit_external_id::ActiveModel {
            scheme: Set(id.scheme.to_string()),
            value: Set(id.value.to_string()),
            unit_id: Set(touched.after.id.into()),
        })
    });
    Ok(insert_all(tx.sql(), rows.collect()).await?)
}
