//! Whom directives bind, and why: obligations as they come into being (section 4).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, ObligationId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use chidao_domain::scope::{BindingReason, BindingRule, Reach};
use chidao_entity::{obligation, obligation_reason, obligation_step};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
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
}

/// Writes new obligations with their reasons and their first step, bound today: a few statements, however many there are.
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
        state: Set(State::Pending.code().into()),
        due_on: Set(new.due_on),
        bound_on: Set(tx.today()),
        acknowledged_at: Set(None),
        reported_on: Set(None),
        fulfilled_on: Set(None),
        closed_on: Set(None),
        closing_reason: Set(None),
        version: Set(1),
        updated_at: Set(tx.now()),
    });
    insert_all(tx.sql(), rows.collect()).await?;
    let reasons = new.iter().flat_map(|new| new.reasons.iter().zip(1_i32..).map(|(reason, ordinal)| reason_row(new.id, ordinal, *reason)));
    insert_all(tx.sql(), reasons.collect()).await?;
    let steps = new.iter().map(|new| obligation_step::ActiveModel {
        obligation_id: Set(new.id.into()),
        version: Set(1),
        step: Set(BIND.into()),
        recorded_on: Set(tx.today()),
        at: Set(tx.now()),
        state: Set(State::Pending.code().into()),
        due_on: Set(new.due_on),
        reported_on: Set(None),
        reason: Set(None),
    });
    Ok(insert_all(tx.sql(), steps.collect()).await?)
}

fn reason_row(obligation: ObligationId, ordinal: i32, reason: BindingReason) -> obligation_reason::ActiveModel {
    let (anchor, reach) = reason.reach().unzip();
    obligation_reason::ActiveModel {
        obligation_id: Set(obligation.into()),
        ordinal: Set(ordinal),
        rule: Set(reason.rule().code().into()),
        anchor_id: Set(anchor.map(Uuid::from)),
        reach: Set(reach.map(|reach: Reach| reach.code().into())),
        predecessor_id: Set(reason.predecessor().map(Uuid::from)),
    }
}

/// Why each of `obligations` binds its unit.
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
        let query = obligation_reason::Entity::find().filter(obligation_reason::Column::ObligationId.is_in(ids));
        for row in query.order_by_asc(obligation_reason::Column::Ordinal).all(sql).await? {
            found.entry(ObligationId(row.obligation_id)).or_default().push(reason_of(&row)?);
        }
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
