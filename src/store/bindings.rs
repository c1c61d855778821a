//! Whom directives bind, and why: obligations as they come into being (section 4).

use std::collections::{HashMap, HashSet};

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, ObligationId, ReorganizationId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use chidao_domain::scope::{BindingReason, BindingRule, Reach, Standing};
use chidao_domain::succession::Cause;
use chidao_entity::{obligation, obligation_reason, obligation_step};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter as _, QueryOrder as _, Set, Statement};
use uuid::Uuid;

use crate::store::among::{Among, Pairs};
use crate::store::code::{Coded as _, codes};
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::journal::{ROWS_PER_INSERT, insert_all};
use crate::store::tx::Tx;

codes!("rule of binding", BindingRule {
    Scope => "SCOPE",
    Included => "INCLUDED",
    Late => "LATE",
    Again => "AGAIN",
    Succession => "SUCCESSION",
});

codes!("cause of a closing", Cause {
    Merged => "MERGED",
    SplitUp => "SPLIT",
    Inherited => "HEIR",
    Decided => "DECIDED",
    Left => "LEFT",
    NoHeir => "NO_HEIR",
    HeirOutside => "HEIR_OUTSIDE",
    HeirClosed => "HEIR_CLOSED",
    Annulled => "ANNULLED",
    Replaced => "REPLACED",
    Repealed => "REPEALED",
});

/// The step that an obligation begins with; people and the rules of L1 take all others.
pub const BIND: &str = "BIND";

/// An obligation that comes into being (B3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewObligation {
    /// Its id.
    pub id: ObligationId,
    /// What is required.
    pub requirement: RequirementId,
    /// By which directive.
    pub directive: DirectiveId,
    /// Of which unit.
    pub unit: UnitId,
    /// For which period, or empty (B7).
    pub period: String,
    /// The last day on which a report is on time.
    pub due_on: Option<Day>,
    /// Why.
    pub reasons: Vec<BindingReason>,
    /// Where it begins: [`State::Pending`], but for one that takes over what was begun (S1).
    pub state: State,
    /// Since when the unit is bound.
    pub bound_on: Day,
    /// Whether it lasts though its unit stands outside the issuer's subtree (S4).
    pub kept: bool,
    /// The batch that creates it, where one does (section 6).
    pub by: Option<ReorganizationId>,
}

/// Writes new obligations with their reasons and their first step: a few statements, however many there are.
///
/// # Errors
/// A fault of the database.
pub async fn insert_obligations(tx: &Tx, new: &[NewObligation]) -> Result<(), Fault> {
    let rows = new.iter().map(|new| obligation::ActiveModel {
        id: Set(new.id.into()),
        requirement_id: Set(new.requirement.into()),
        directive_id: Set(new.directive.into()),
        unit_id: Set(new.unit.into()),
        period: Set(new.period.clone()),
        state: Set(new.state.code().into()),
        due_on: Set(new.due_on),
        bound_on: Set(new.bound_on),
        acknowledged_at: Set(None),
        reported_on: Set(None),
        fulfilled_on: Set(None),
        closed_on: Set(None),
        closing_reason: Set(None),
        closing_cause: Set(None),
        version: Set(1),
        updated_at: Set(tx.now()),
        kept: Set(new.kept),
    });
    insert_all(tx.sql(), rows).await?;
    let reasons =
        new.iter().flat_map(|new| new.reasons.iter().zip(1_i32..).map(|(reason, ordinal)| reason_row(new.id, ordinal, *reason, new.by)));
    insert_all(tx.sql(), reasons).await?;
    let steps = new.iter().map(|new| obligation_step::ActiveModel {
        obligation_id: Set(new.id.into()),
        version: Set(1),
        step: Set(BIND.into()),
        recorded_on: Set(new.bound_on),
        at: Set(tx.now()),
        state: Set(new.state.code().into()),
        due_on: Set(new.due_on),
        reported_on: Set(None),
        reason: Set(None),
        reorganization_id: Set(new.by.map(Uuid::from)),
    });
    Ok(insert_all(tx.sql(), steps).await?)
}

pub(crate) fn reason_row(
    obligation: ObligationId,
    ordinal: i32,
    reason: BindingReason,
    by: Option<ReorganizationId>,
) -> obligation_reason::ActiveModel {
    let (anchor, reach) = reason.reach().unzip();
    obligation_reason::ActiveModel {
        obligation_id: Set(obligation.into()),
        ordinal: Set(ordinal),
        rule: Set(reason.rule().code().into()),
        anchor_id: Set(anchor.map(Uuid::from)),
        reach: Set(reach.map(|reach: Reach| reach.code().into())),
        predecessor_id: Set(reason.predecessor().map(Uuid::from)),
        reorganization_id: Set(by.map(Uuid::from)),
        ended_by_id: Set(None),
    }
}

/// Why each of `obligations` binds its unit, each reason once; without what annulments have ended (O5).
///
/// # Errors
/// A fault of the database.
pub async fn load_reasons(
    sql: &impl ConnectionTrait,
    obligations: &[ObligationId],
) -> Result<HashMap<ObligationId, Vec<BindingReason>>, Fault> {
    let mut found: HashMap<ObligationId, Vec<BindingReason>> = HashMap::new();
    for some in obligations.chunks(ROWS_PER_INSERT) {
        let ids = some.iter().map(|id| Uuid::from(*id));
        let query = obligation_reason::Entity::find().filter(obligation_reason::Column::ObligationId.is_in(ids)).filter(stands());
        for row in query.order_by_asc(obligation_reason::Column::Ordinal).all(sql).await? {
            let (reason, known) = (reason_of(&row)?, found.entry(ObligationId(row.obligation_id)).or_default());
            if !known.contains(&reason) {
                known.push(reason);
            }
        }
    }
    Ok(found)
}

/// Of reasons and links: no annulment has ended them (O5).
fn stands() -> SimpleExpr {
    obligation_reason::Column::EndedById.is_null()
}

#[derive(FromQueryResult)]
struct FollowerRow {
    obligation_id: Uuid,
    predecessor_id: Uuid,
}

/// The obligations that follow each of `obligations` (S5), in the order in which they came into being.
///
/// # Errors
/// A fault of the database.
pub async fn load_followers(
    sql: &impl ConnectionTrait,
    engine: Engine,
    obligations: &[ObligationId],
) -> Result<HashMap<ObligationId, Vec<ObligationId>>, Fault> {
    let of = Among::new(engine, obligations.iter().copied());
    let text = format!(
        "SELECT DISTINCT r.obligation_id, r.predecessor_id FROM obligation_reason r \
         WHERE r.ended_by_id IS NULL AND {} ORDER BY r.obligation_id",
        of.holds("r.predecessor_id", 1)
    );
    let mut found: HashMap<ObligationId, Vec<ObligationId>> = HashMap::new();
    for row in FollowerRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [of.value()])).all(sql).await? {
        found.entry(ObligationId(row.predecessor_id)).or_default().push(ObligationId(row.obligation_id));
    }
    Ok(found)
}

fn reason_of(row: &obligation_reason::Model) -> Result<BindingReason, Fault> {
    let rule = BindingRule::decode(&row.rule)?;
    let corrupt = || Fault::Corrupt { table: "obligation_reason", wanted: "reason", value: row.rule.clone() };
    let from = || Ok::<_, Fault>((UnitId(row.anchor_id.ok_or_else(corrupt)?), Reach::decode(row.reach.as_deref().unwrap_or_default())?));
    Ok(match rule {
        BindingRule::Scope => from().map(|(anchor, reach)| BindingReason::Scope { anchor, reach })?,
        BindingRule::Included => BindingReason::Included,
        BindingRule::Late => from().map(|(anchor, reach)| BindingReason::Late { anchor, reach })?,
        BindingRule::Again => BindingReason::Again,
        BindingRule::Succession => BindingReason::Succession { predecessor: ObligationId(row.predecessor_id.ok_or_else(corrupt)?) },
    })
}

/// What binds one unit by one directive: at least one obligation that is neither released nor transferred (B5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The directive.
    pub directive: DirectiveId,
    /// The unit.
    pub unit: UnitId,
    /// Its obligations, in the order of the requirements.
    pub obligations: Vec<ObligationId>,
    /// Why, each reason once.
    pub reasons: Vec<BindingReason>,
    /// Since when.
    pub bound_on: Day,
}

#[derive(FromQueryResult)]
struct BoundRow {
    id: Uuid,
    directive_id: Uuid,
    unit_id: Uuid,
    bound_on: Day,
}

#[derive(FromQueryResult)]
struct PairRow {
    directive_id: Uuid,
    unit_id: Uuid,
}

/// The units that each of `directives` binds, in no order.
///
/// # Errors
/// A fault of the database.
pub async fn load_bound_units(
    sql: &impl ConnectionTrait,
    engine: Engine,
    directives: &[DirectiveId],
) -> Result<HashMap<DirectiveId, HashSet<UnitId>>, Fault> {
    let of = Among::new(engine, directives.iter().copied());
    let text = format!(
        "SELECT DISTINCT o.directive_id, o.unit_id FROM obligation o WHERE {} AND o.state NOT IN ('RELEASED', 'TRANSFERRED')",
        of.holds("o.directive_id", 1)
    );
    let mut found: HashMap<DirectiveId, HashSet<UnitId>> = HashMap::new();
    for row in PairRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [of.value()])).all(sql).await? {
        found.entry(DirectiveId(row.directive_id)).or_default().insert(UnitId(row.unit_id));
    }
    Ok(found)
}

/// What binds units by directives, for these pairs of them, each once: two statements, however many there are.
///
/// # Errors
/// A fault of the database.
pub async fn load_bindings(
    sql: &impl ConnectionTrait,
    engine: Engine,
    wanted: &[(DirectiveId, UnitId)],
) -> Result<HashMap<(DirectiveId, UnitId), Binding>, Fault> {
    let wanted = Pairs::new(engine, wanted.iter().copied());
    let text = format!(
        "SELECT o.id, o.directive_id, o.unit_id, o.bound_on FROM {} wanted \
         JOIN obligation o ON o.directive_id = wanted.one AND o.unit_id = wanted.other JOIN requirement r ON r.id = o.requirement_id \
         WHERE o.state NOT IN ('RELEASED', 'TRANSFERRED') ORDER BY r.ordinal, o.period",
        wanted.table(1),
    );
    let statement = Statement::from_sql_and_values(engine.backend(), text, [wanted.value()]);
    let rows = BoundRow::find_by_statement(statement).all(sql).await?;
    let ids: Vec<ObligationId> = rows.iter().map(|row| ObligationId(row.id)).collect();
    let reasons = load_reasons(sql, &ids).await?;
    let mut found: HashMap<(DirectiveId, UnitId), Binding> = HashMap::new();
    for row in rows {
        let (id, directive, unit) = (ObligationId(row.id), DirectiveId(row.directive_id), UnitId(row.unit_id));
        let new = || Binding { directive, unit, obligations: Vec::new(), reasons: Vec::new(), bound_on: row.bound_on };
        let binding = found.entry((directive, unit)).or_insert_with(new);
        binding.obligations.push(id);
        binding.bound_on = binding.bound_on.min(row.bound_on);
        for reason in reasons.get(&id).into_iter().flatten() {
            if !binding.reasons.contains(reason) {
                binding.reasons.push(*reason);
            }
        }
    }
    Ok(found)
}

/// What a unit's obligations on a requirement say of whether it is bound (B5).
///
/// # Errors
/// A fault of the database.
pub async fn load_standing(sql: &impl ConnectionTrait, requirement: RequirementId, unit: UnitId) -> Result<Standing, Fault> {
    let query = obligation::Entity::find()
        .filter(obligation::Column::RequirementId.eq(Uuid::from(requirement)))
        .filter(obligation::Column::UnitId.eq(Uuid::from(unit)));
    let rows = query.order_by_asc(obligation::Column::Period).all(sql).await?;
    let mut bound = Vec::new();
    let mut standing = Standing::Never;
    for row in rows {
        match State::decode(&row.state)? {
            State::Released => {
                let cause = row.closing_cause.as_deref().map(Cause::decode).transpose()?;
                standing = Standing::Released { reason: row.closing_reason, cause };
            }
            State::Transferred => standing = Standing::Transferred { to: load_heirs(sql, ObligationId(row.id)).await? },
            _ => bound.push(ObligationId(row.id)),
        }
    }
    if bound.is_empty() {
        return Ok(standing);
    }
    let mut known = load_reasons(sql, &bound).await?;
    let mut reasons: Vec<BindingReason> = Vec::new();
    for reason in bound.iter().filter_map(|id| known.remove(id)).flatten() {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    Ok(Standing::Bound(reasons))
}

/// The units that took an obligation over (S1).
async fn load_heirs(sql: &impl ConnectionTrait, predecessor: ObligationId) -> Result<Vec<UnitId>, Fault> {
    let query =
        obligation_reason::Entity::find().filter(obligation_reason::Column::PredecessorId.eq(Uuid::from(predecessor))).filter(stands());
    let ids: Vec<Uuid> = query.all(sql).await?.into_iter().map(|row| row.obligation_id).collect();
    let heirs = obligation::Entity::find().filter(obligation::Column::Id.is_in(ids)).all(sql).await?;
    Ok(heirs.into_iter().map(|row| UnitId(row.unit_id)).collect())
}
