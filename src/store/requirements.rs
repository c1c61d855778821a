//! What directives ask for: requirements, their scopes, gates and indicators (sections 3 and 4).

use std::collections::HashMap;

use chidao_domain::directive::{
    Aggregation, GoalDirection, Indicator, Period, Recurrence, Requirement, RequirementKind, UnitGoal, Verification,
};
use chidao_domain::ids::{DirectiveId, IndicatorId, RequirementId, UnitId};
use chidao_domain::scope::{Reach, Scope};
use chidao_entity::{indicator, indicator_goal, requirement, requirement_after, requirement_unit, requirement_unit_kind};
use rust_decimal::Decimal;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::error::Fault;
use crate::store::journal::insert_all;
use crate::store::tx::Tx;

codes!("kind of requirement", RequirementKind {
    Study => "STUDY",
    Document => "DOCUMENT",
    Implement => "IMPLEMENT",
    Emulation => "EMULATION",
    Propagate => "PROPAGATE",
    Report => "REPORT",
    Target => "TARGET",
});

codes!("verification", Verification {
    Itself => "SELF",
    Superior => "SUPERIOR",
    Issuer => "ISSUER",
});

codes!("recurrence", Recurrence {
    None => "NONE",
    Monthly => "MONTHLY",
    Quarterly => "QUARTERLY",
    Yearly => "YEARLY",
});

codes!("reach", Reach {
    Itself => "SELF",
    Children => "CHILDREN",
    Descendants => "DESCENDANTS",
});

codes!("aggregation", Aggregation {
    Sum => "SUM",
    Mean => "MEAN",
    Min => "MIN",
    Max => "MAX",
    Ratio => "RATIO",
});

codes!("direction of a goal", GoalDirection {
    AtLeast => "AT_LEAST",
    AtMost => "AT_MOST",
});

/// How a scope names a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Include,
    Except,
    ExceptSubtree,
}

codes!("role of a unit in a scope", Named {
    Include => "INCLUDE",
    Except => "EXCEPT",
    ExceptSubtree => "EXCEPT_SUBTREE",
});

/// A requirement as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRequirement {
    /// Its id.
    pub id: RequirementId,
    /// Its directive.
    pub directive: DirectiveId,
    /// Its place in the directive, from 1.
    pub ordinal: u32,
    /// What it says; the lists of units in the scope keep their order, the kinds come sorted.
    pub terms: Requirement,
}

/// The requirements of each of `directives`, in their order.
///
/// # Errors
/// A fault of the database.
pub async fn load_requirements(
    sql: &impl ConnectionTrait,
    directives: &[DirectiveId],
) -> Result<HashMap<DirectiveId, Vec<KeptRequirement>>, Fault> {
    let ids = directives.iter().map(|id| Uuid::from(*id));
    let query = requirement::Entity::find().filter(requirement::Column::DirectiveId.is_in(ids));
    let rows = query.order_by_asc(requirement::Column::Ordinal).all(sql).await?;
    let mut found: HashMap<DirectiveId, Vec<KeptRequirement>> = HashMap::new();
    for kept in complete(sql, rows).await? {
        found.entry(kept.directive).or_default().push(kept);
    }
    Ok(found)
}

/// The requirements with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_requirements_by_id(
    sql: &impl ConnectionTrait,
    ids: &[RequirementId],
) -> Result<HashMap<RequirementId, KeptRequirement>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let rows = requirement::Entity::find().filter(requirement::Column::Id.is_in(ids)).all(sql).await?;
    Ok(complete(sql, rows).await?.into_iter().map(|kept| (kept.id, kept)).collect())
}

/// Everything that hangs on the rows, one statement for each table however many rows there are.
async fn complete(sql: &impl ConnectionTrait, rows: Vec<requirement::Model>) -> Result<Vec<KeptRequirement>, Fault> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let of = |column: requirement_unit::Column| column.is_in(ids.iter().copied());
    let mut kinds: HashMap<Uuid, Vec<String>> = HashMap::new();
    let query = requirement_unit_kind::Entity::find().filter(requirement_unit_kind::Column::RequirementId.is_in(ids.iter().copied()));
    for row in query.order_by_asc(requirement_unit_kind::Column::KindCode).all(sql).await? {
        kinds.entry(row.requirement_id).or_default().push(row.kind_code);
    }
    let mut units: HashMap<Uuid, Vec<requirement_unit::Model>> = HashMap::new();
    let query = requirement_unit::Entity::find().filter(of(requirement_unit::Column::RequirementId));
    for row in query.order_by_asc(requirement_unit::Column::Ordinal).all(sql).await? {
        units.entry(row.requirement_id).or_default().push(row);
    }
    let after = load_after(sql, &ids).await?;
    let mut indicators = load_indicators(sql, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let (kinds, units) = (kinds.remove(&row.id).unwrap_or_default(), units.remove(&row.id).unwrap_or_default());
            let indicators = indicators.remove(&row.id).unwrap_or_default();
            let after = after.get(&row.id).cloned().unwrap_or_default();
            kept(row, &kinds, &units, after, indicators)
        })
        .collect()
}

async fn load_after(sql: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<u32>>, Fault> {
    let query = requirement_after::Entity::find().filter(requirement_after::Column::RequirementId.is_in(ids.iter().copied()));
    let edges = query.all(sql).await?;
    if edges.is_empty() {
        return Ok(HashMap::new());
    }
    let query = requirement::Entity::find().filter(requirement::Column::Id.is_in(edges.iter().map(|edge| edge.after_id)));
    let ordinals: HashMap<Uuid, u32> = query.all(sql).await?.into_iter().map(|row| (row.id, row.ordinal.unsigned_abs())).collect();
    let mut found: HashMap<Uuid, Vec<u32>> = HashMap::new();
    for edge in edges {
        found.entry(edge.requirement_id).or_default().extend(ordinals.get(&edge.after_id));
    }
    found.values_mut().for_each(|ordinals| ordinals.sort_unstable());
    Ok(found)
}

async fn load_indicators(sql: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Indicator>>, Fault> {
    let query = indicator::Entity::find().filter(indicator::Column::RequirementId.is_in(ids.iter().copied()));
    let rows = query.order_by_asc(indicator::Column::Ordinal).all(sql).await?;
    let mut goals: HashMap<Uuid, Vec<UnitGoal>> = HashMap::new();
    if !rows.is_empty() {
        let query = indicator_goal::Entity::find().filter(indicator_goal::Column::IndicatorId.is_in(rows.iter().map(|row| row.id)));
        for row in query.order_by_asc(indicator_goal::Column::UnitId).all(sql).await? {
            let goal = UnitGoal { unit: UnitId(row.unit_id), goal: decimal(&row.goal)? };
            goals.entry(row.indicator_id).or_default().push(goal);
        }
    }
    let mut found: HashMap<Uuid, Vec<Indicator>> = HashMap::new();
    for row in rows {
        let goals = goals.remove(&row.id).unwrap_or_default();
        found.entry(row.requirement_id).or_default().push(Indicator {
            key: row.key,
            label: row.label,
            unit_of_measure: row.unit_of_measure,
            aggregation: Aggregation::decode(&row.aggregation)?,
            ratio_over: row.ratio_over,
            goal: row.goal.as_deref().map(decimal).transpose()?,
            goal_direction: row.goal_direction.as_deref().map(GoalDirection::decode).transpose()?,
            goals,
            required: row.required,
            may_be_negative: row.may_be_negative,
        });
    }
    Ok(found)
}

fn kept(
    row: requirement::Model,
    kinds: &[String],
    units: &[requirement_unit::Model],
    after: Vec<u32>,
    indicators: Vec<Indicator>,
) -> Result<KeptRequirement, Fault> {
    let named = |role: Named| units.iter().filter(|unit| unit.role == role.code()).map(|unit| UnitId(unit.unit_id)).collect();
    let terms = Requirement {
        kind: RequirementKind::decode(&row.kind)?,
        title: row.title,
        detail: row.detail,
        due_on: row.due_on,
        due_text: row.due_text,
        recurrence: Recurrence::decode(&row.recurrence)?,
        period: row.period.as_deref().map(period).transpose()?,
        first_period: row.first_period.as_deref().map(period).transpose()?,
        due_days_after_period: row.due_days_after_period.map(i32::unsigned_abs),
        scope: Scope {
            anchor: UnitId(row.anchor_id),
            reach: Reach::decode(&row.reach)?,
            kinds: kinds.iter().map(|kind| kind.as_str().into()).collect(),
            include: named(Named::Include),
            except: named(Named::Except),
            except_subtrees: named(Named::ExceptSubtree),
            may_be_empty: row.may_be_empty,
        },
        verification: Verification::decode(&row.verification)?,
        gate_share: row.gate_share.as_deref().map(decimal).transpose()?,
        after,
        informative: row.informative,
        binds_late_units: row.binds_late_units,
        late_grace_days: row.late_grace_days.unsigned_abs(),
        indicators,
    };
    let (id, directive) = (RequirementId(row.id), DirectiveId(row.directive_id));
    Ok(KeptRequirement { id, directive, ordinal: row.ordinal.unsigned_abs(), terms })
}

fn decimal(text: &str) -> Result<Decimal, Fault> {
    let corrupt = |_| Fault::Corrupt { table: "a column", wanted: "decimal", value: text.into() };
    Decimal::from_str_exact(text).map_err(corrupt)
}

fn period(text: &str) -> Result<Period, Fault> {
    text.parse().map_err(|_| Fault::Corrupt { table: "requirement", wanted: "period", value: text.into() })
}

/// Lets scopes reach from another unit.
///
/// # Errors
/// A fault of the database.
pub async fn save_anchor(tx: &Tx, requirements: &[RequirementId], anchor: UnitId) -> Result<(), Fault> {
    if requirements.is_empty() {
        return Ok(());
    }
    requirement::Entity::update_many()
        .col_expr(requirement::Column::AnchorId, Expr::value(anchor.0))
        .filter(requirement::Column::Id.is_in(requirements.iter().map(|id| id.0)))
        .exec(tx.sql())
        .await?;
    Ok(())
}

/// Gives a draft these requirements and no others; nothing points at the old ones yet.
///
/// # Errors
/// A fault of the database.
pub async fn replace_requirements(tx: &Tx, directive: DirectiveId, requirements: &[Requirement]) -> Result<(), Fault> {
    erase_requirements(tx, directive).await?;
    let ids: Vec<RequirementId> = requirements.iter().map(|_| tx.new_id()).collect();
    let (mut rows, mut kinds, mut units, mut after) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ((id, requirement), ordinal) in ids.iter().zip(requirements).zip(1_i32..) {
        rows.push(row(*id, directive, ordinal, requirement));
        let scope = &requirement.scope;
        kinds.extend(
            scope
                .kinds
                .iter()
                .map(|kind| requirement_unit_kind::ActiveModel { requirement_id: Set((*id).into()), kind_code: Set(kind.to_string()) }),
        );
        let named = [(Named::Include, &scope.include), (Named::Except, &scope.except), (Named::ExceptSubtree, &scope.except_subtrees)];
        units.extend(
            named.into_iter().flat_map(|(role, named)| named.iter().zip(1_i32..).map(move |(unit, at)| unit_row(*id, role, *unit, at))),
        );
        let earlier = requirement.after.iter().filter_map(|ordinal| ids.get((*ordinal as usize).checked_sub(1)?));
        after.extend(
            earlier.map(|earlier| requirement_after::ActiveModel { requirement_id: Set((*id).into()), after_id: Set((*earlier).into()) }),
        );
    }
    insert_all(tx.sql(), rows).await?;
    insert_all(tx.sql(), kinds).await?;
    insert_all(tx.sql(), units).await?;
    insert_all(tx.sql(), after).await?;
    insert_indicators(tx, &ids, requirements).await
}

async fn erase_requirements(tx: &Tx, directive: DirectiveId) -> Result<(), Fault> {
    use sea_orm::sea_query::{Expr, Query};
    let old = || {
        let of = Expr::col(requirement::Column::DirectiveId).eq(Uuid::from(directive));
        Query::select().column(requirement::Column::Id).from(requirement::Entity).and_where(of).take()
    };
    let old_indicators = Query::select()
        .column(indicator::Column::Id)
        .from(indicator::Entity)
        .and_where(Expr::col(indicator::Column::RequirementId).in_subquery(old()))
        .take();
    let sql = tx.sql();
    indicator_goal::Entity::delete_many().filter(indicator_goal::Column::IndicatorId.in_subquery(old_indicators)).exec(sql).await?;
    indicator::Entity::delete_many().filter(indicator::Column::RequirementId.in_subquery(old())).exec(sql).await?;
    requirement_after::Entity::delete_many().filter(requirement_after::Column::RequirementId.in_subquery(old())).exec(sql).await?;
    requirement_unit::Entity::delete_many().filter(requirement_unit::Column::RequirementId.in_subquery(old())).exec(sql).await?;
    requirement_unit_kind::Entity::delete_many().filter(requirement_unit_kind::Column::RequirementId.in_subquery(old())).exec(sql).await?;
    requirement::Entity::delete_many().filter(requirement::Column::DirectiveId.eq(Uuid::from(directive))).exec(sql).await?;
    Ok(())
}

fn row(id: RequirementId, directive: DirectiveId, ordinal: i32, terms: &Requirement) -> requirement::ActiveModel {
    requirement::ActiveModel {
        id: Set(id.into()),
        directive_id: Set(directive.into()),
        ordinal: Set(ordinal),
        kind: Set(terms.kind.code().into()),
        title: Set(terms.title.clone()),
        detail: Set(terms.detail.clone()),
        due_on: Set(terms.due_on),
        due_text: Set(terms.due_text.clone()),
        recurrence: Set(terms.recurrence.code().into()),
        period: Set(terms.period.map(|period| period.to_string())),
        first_period: Set(terms.first_period.map(|period| period.to_string())),
        due_days_after_period: Set(terms.due_days_after_period.and_then(|days| i32::try_from(days).ok())),
        verification: Set(terms.verification.code().into()),
        gate_share: Set(terms.gate_share.map(|share| share.normalize().to_string())),
        informative: Set(terms.informative),
        binds_late_units: Set(terms.binds_late_units),
        late_grace_days: Set(i32::try_from(terms.late_grace_days).unwrap_or(i32::MAX)),
        anchor_id: Set(terms.scope.anchor.into()),
        reach: Set(terms.scope.reach.code().into()),
        may_be_empty: Set(terms.scope.may_be_empty),
    }
}

fn unit_row(requirement: RequirementId, role: Named, unit: UnitId, ordinal: i32) -> requirement_unit::ActiveModel {
    requirement_unit::ActiveModel {
        requirement_id: Set(requirement.into()),
        role: Set(role.code().into()),
        unit_id: Set(unit.into()),
        ordinal: Set(ordinal),
    }
}

async fn insert_indicators(tx: &Tx, ids: &[RequirementId], requirements: &[Requirement]) -> Result<(), Fault> {
    let (mut rows, mut goals) = (Vec::new(), Vec::new());
    for (requirement, terms) in ids.iter().zip(requirements) {
        for (kept, ordinal) in terms.indicators.iter().zip(1_i32..) {
            let id: IndicatorId = tx.new_id();
            rows.push(indicator::ActiveModel {
                id: Set(id.into()),
                requirement_id: Set((*requirement).into()),
                ordinal: Set(ordinal),
                key: Set(kept.key.clone()),
                label: Set(kept.label.clone()),
                unit_of_measure: Set(kept.unit_of_measure.clone()),
                aggregation: Set(kept.aggregation.code().into()),
                ratio_over: Set(kept.ratio_over.clone()),
                goal: Set(kept.goal.map(|goal| goal.normalize().to_string())),
                goal_direction: Set(kept.goal_direction.map(|direction| direction.code().into())),
                required: Set(kept.required),
                may_be_negative: Set(kept.may_be_negative),
            });
            goals.extend(kept.goals.iter().map(|part| indicator_goal::ActiveModel {
                indicator_id: Set(id.into()),
                unit_id: Set(part.unit.into()),
                goal: Set(part.goal.normalize().to_string()),
            }));
        }
    }
    insert_all(tx.sql(), rows).await?;
    Ok(insert_all(tx.sql(), goals).await?)
}
