//! Obligations as they stand (section 5): what is read of them, what a decision needs, and what it writes.

mod cases;
mod gates;
mod list;
mod save;

pub use cases::{Chosen, load_cases, load_states_before_the_end};
pub use list::{
    Anchor, KeptOutside, ListKey, ListOrder, ListWindow, ObligationSelection, Owner, Part, Reach, Side, Verifying, count_obligations,
    list_obligations, load_kept,
};
pub(crate) use list::{late_condition, open_states, overdue_condition, past_condition, stood_then};
pub(in crate::store) use save::update_obligations;
pub use save::{Extensible, load_extensible, load_extensions, save_decided, save_extended, save_requirement_extension};

use std::collections::{HashMap, HashSet};

use chidao_domain::access::ObligationSight;
use chidao_domain::day::Day;
use chidao_domain::directive::{DirectiveStatus, Recurrence, RequirementKind, Verification};
use chidao_domain::ids::{DirectiveId, ObligationId, RequirementId, UnitId};
use chidao_domain::obligation::{State, Step, Timing};
use chidao_domain::succession::Cause;
use chidao_entity::{discharge, obligation_step};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, Statement, Value};
use uuid::Uuid;

use crate::store::among::{Among, Pairs};
use crate::store::code::{Coded as _, codes};
use crate::store::database::Engine;
use crate::store::error::Fault;

codes!("state of an obligation", State {
    Pending => "PENDING",
    Acknowledged => "ACKNOWLEDGED",
    InProgress => "IN_PROGRESS",
    Reported => "REPORTED",
    Returned => "RETURNED",
    Fulfilled => "FULFILLED",
    Exempt => "EXEMPT",
    Released => "RELEASED",
    Transferred => "TRANSFERRED",
    Lapsed => "LAPSED",
});

codes!("step of an obligation", Step {
    Acknowledge => "ACKNOWLEDGE",
    Start => "START",
    Report => "REPORT",
    Accept => "ACCEPT",
    Return => "RETURN",
    Exempt => "EXEMPT",
    Reopen => "REOPEN",
    Release => "RELEASE",
    Transfer => "TRANSFER",
    Lapse => "LAPSE",
    BindAgain => "BIND_AGAIN",
    Annul => "ANNUL",
    Resume => "RESUME",
});

/// `obligation_step.step` of the row with which an obligation comes into being (B3); the other rows hold the code of a [`Step`].
pub const STEP_BIND: &str = "BIND";
/// `obligation_step.step` of an extension that comes by itself (L4).
pub const STEP_EXTEND: &str = "EXTEND";
/// `obligation_step.step` where it takes over another one beside its own (S1); its date may move.
pub const STEP_LINK: &str = "LINK";
/// `obligation_step.step` where a person decides that it lasts though its unit leaves (S4).
pub const STEP_KEEP: &str = "KEEP";

/// An obligation as it stands, with what its requirement and directive say of its rights and dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// It.
    pub id: ObligationId,
    /// What it is of.
    pub requirement: RequirementId,
    /// Whose requirement that is.
    pub directive: DirectiveId,
    /// Whom it binds.
    pub unit: UnitId,
    /// Its period, where its requirement names one.
    pub period: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The last day on which a report is on time.
    pub due_on: Option<Day>,
    /// Since when the unit is bound.
    pub bound_on: Day,
    /// When the unit took note of it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// The day on which its latest report came.
    pub reported_on: Option<Day>,
    /// The day on which its fulfilment was recorded.
    pub fulfilled_on: Option<Day>,
    /// The day on which it was closed.
    pub closed_on: Option<Day>,
    /// Why, where a reason was given.
    pub closing_reason: Option<String>,
    /// What closed it, where a succession did (section 6).
    pub closing_cause: Option<Cause>,
    /// Whether a person decided that it lasts outside the issuer's subtree (S4).
    pub kept: bool,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What the requirement asks for.
    pub kind: RequirementKind,
    /// How often the requirement comes back.
    pub recurrence: Recurrence,
    /// Who accepts.
    pub verification: Verification,
    /// Whether it is a standing duty (B8).
    pub informative: bool,
    /// Who issued the directive.
    pub issuer: UnitId,
    /// The day of the directive.
    pub issued_on: Day,
    /// Where the directive stands.
    pub directive_status: DirectiveStatus,
}

impl Obligation {
    /// What its dates say (L3).
    pub fn timing(&self) -> Timing {
        Timing { state: self.state, due_on: self.due_on, reported_on: self.reported_on, informative: self.informative }
    }

    /// What rights over it depend on.
    pub fn sight(&self) -> ObligationSight {
        ObligationSight { unit: self.unit, issuer: self.issuer, verification: self.verification, kept: self.kept }
    }
}

const COLUMNS: &str = "o.id, o.requirement_id, o.directive_id, o.unit_id, o.period, o.state, o.due_on, o.bound_on, o.acknowledged_at, \
    o.reported_on, o.fulfilled_on, o.closed_on, o.closing_reason, o.closing_cause, o.kept, o.version, o.updated_at, \
    r.kind, r.recurrence, r.verification, r.informative, d.issuer_id, d.issued_on, d.status AS directive_status";
const TABLES: &str = "obligation o JOIN requirement r ON r.id = o.requirement_id JOIN directive d ON d.id = o.directive_id";

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    requirement_id: Uuid,
    directive_id: Uuid,
    unit_id: Uuid,
    period: String,
    state: String,
    due_on: Option<Day>,
    bound_on: Day,
    acknowledged_at: Option<DateTime<Utc>>,
    reported_on: Option<Day>,
    fulfilled_on: Option<Day>,
    closed_on: Option<Day>,
    closing_reason: Option<String>,
    closing_cause: Option<String>,
    kept: bool,
    version: i32,
    updated_at: DateTime<Utc>,
    kind: String,
    recurrence: String,
    verification: String,
    informative: bool,
    issuer_id: Uuid,
    issued_on: Option<Day>,
    directive_status: String,
    owner_id: Option<Uuid>,
}

impl TryFrom<Row> for Obligation {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: ObligationId(row.id),
            requirement: RequirementId(row.requirement_id),
            directive: DirectiveId(row.directive_id),
            unit: UnitId(row.unit_id),
            period: Some(row.period).filter(|period| !period.is_empty()),
            state: State::decode(&row.state)?,
            due_on: row.due_on,
            bound_on: row.bound_on,
            acknowledged_at: row.acknowledged_at,
            reported_on: row.reported_on,
            fulfilled_on: row.fulfilled_on,
            closed_on: row.closed_on,
            closing_reason: row.closing_reason,
            closing_cause: row.closing_cause.as_deref().map(Cause::decode).transpose()?,
            kept: row.kept,
            version: row.version,
            updated_at: row.updated_at,
            kind: RequirementKind::decode(&row.kind)?,
            recurrence: Recurrence::decode(&row.recurrence)?,
            verification: Verification::decode(&row.verification)?,
            informative: row.informative,
            issuer: UnitId(row.issuer_id),
            issued_on: row.issued_on.unwrap_or(row.bound_on),
            directive_status: DirectiveStatus::decode(&row.directive_status)?,
        })
    }
}

async fn read(sql: &impl ConnectionTrait, engine: Engine, text: String, values: Vec<Value>) -> Result<Vec<Obligation>, Fault> {
    Ok(read_owned(sql, engine, text, values).await?.into_iter().map(|(_, known)| known).collect())
}

/// With `owner_id`, where the statement says one.
async fn read_owned(
    sql: &impl ConnectionTrait,
    engine: Engine,
    text: String,
    values: Vec<Value>,
) -> Result<Vec<(Option<Uuid>, Obligation)>, Fault> {
    let rows = Row::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    rows.into_iter().map(|row| Ok((row.owner_id, Obligation::try_from(row)?))).collect()
}

/// The obligations with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_obligations(
    sql: &impl ConnectionTrait,
    engine: Engine,
    ids: &[ObligationId],
) -> Result<HashMap<ObligationId, Obligation>, Fault> {
    let among = Among::new(engine, ids.iter().copied());
    let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE {}", among.holds("o.id", 1));
    Ok(read(sql, engine, text, vec![among.value()]).await?.into_iter().map(|known| (known.id, known)).collect())
}

/// What tells an obligation from the others of its requirement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObligationKey {
    /// The requirement.
    pub requirement: RequirementId,
    /// The unit.
    pub unit: UnitId,
    /// The period; none: that of a requirement that does not recur (B7).
    pub period: Option<String>,
}

#[derive(FromQueryResult)]
struct KeyRow {
    id: Uuid,
    requirement_id: Uuid,
    unit_id: Uuid,
    period: String,
    recurs: bool,
}

/// The obligations behind keys; one that no obligation has is left out, and so is one without a period where the requirement recurs: what
/// names one obligation in its first month would name none in the second.
///
/// # Errors
/// A fault of the database.
pub async fn find_by_keys(
    sql: &impl ConnectionTrait,
    engine: Engine,
    keys: &[ObligationKey],
) -> Result<HashMap<ObligationKey, ObligationId>, Fault> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let named: HashSet<(RequirementId, UnitId)> = keys.iter().map(|key| (key.requirement, key.unit)).collect();
    let named = Pairs::new(engine, named);
    let text = format!(
        "SELECT o.id, o.requirement_id, o.unit_id, o.period, r.recurrence <> '{once}' AS recurs FROM {} named \
         JOIN obligation o ON o.requirement_id = named.one AND o.unit_id = named.other JOIN requirement r ON r.id = o.requirement_id",
        named.table(1),
        once = Recurrence::None.code(),
    );
    let rows = KeyRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [named.value()])).all(sql).await?;
    let mut known: HashMap<(Uuid, Uuid), Vec<&KeyRow>> = HashMap::new();
    for row in &rows {
        known.entry((row.requirement_id, row.unit_id)).or_default().push(row);
    }
    let mut found = HashMap::new();
    for key in keys {
        let periods = known.get(&(key.requirement.0, key.unit.0)).into_iter().flatten();
        let is_meant = |row: &&&KeyRow| key.period.as_ref().map_or(!row.recurs, |period| *period == row.period);
        let mut hits = periods.filter(is_meant);
        if let (Some(hit), None) = (hits.next(), hits.next()) {
            found.insert(key.clone(), ObligationId(hit.id));
        }
    }
    Ok(found)
}

/// A due date that no longer holds (L4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierDueDate {
    /// The date that held.
    pub due_on: Day,
    /// Until when it held.
    pub until: DateTime<Utc>,
    /// Why it was moved.
    pub reason: String,
}

/// The earlier due dates of each of `ids`, oldest first (L4).
///
/// # Errors
/// A fault of the database.
pub async fn load_earlier_due_dates(
    sql: &impl ConnectionTrait,
    ids: &[ObligationId],
) -> Result<HashMap<ObligationId, Vec<EarlierDueDate>>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let mut rows = obligation_step::Entity::find().filter(obligation_step::Column::ObligationId.is_in(ids)).all(sql).await?;
    rows.sort_by_key(|row| (row.obligation_id, row.version));
    let mut found: HashMap<ObligationId, Vec<EarlierDueDate>> = HashMap::new();
    for (before, after) in rows.iter().zip(rows.iter().skip(1)) {
        if let (true, Some(due_on)) = (before.obligation_id == after.obligation_id && before.due_on != after.due_on, before.due_on) {
            let earlier = EarlierDueDate { due_on, until: after.at, reason: after.reason.clone().unwrap_or_default() };
            found.entry(ObligationId(after.obligation_id)).or_default().push(earlier);
        }
    }
    Ok(found)
}

/// The directives that discharge each of `ids` (L6), in the order in which they were made.
///
/// # Errors
/// A fault of the database.
pub async fn load_dischargers(sql: &impl ConnectionTrait, ids: &[ObligationId]) -> Result<HashMap<ObligationId, Vec<DirectiveId>>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let mut rows = discharge::Entity::find().filter(discharge::Column::ObligationId.is_in(ids)).all(sql).await?;
    rows.sort_by_key(|row| row.directive_id);
    let mut found: HashMap<ObligationId, Vec<DirectiveId>> = HashMap::new();
    for row in rows {
        found.entry(ObligationId(row.obligation_id)).or_default().push(DirectiveId(row.directive_id));
    }
    Ok(found)
}
