//! What decisions write: the obligation, the row that keeps what it was (L4, C7), and where its reports stand (L2).

use std::collections::{BTreeMap, HashMap};

use chidao_domain::day::Day;
use chidao_domain::directive::{DirectiveStatus, Recurrence, RequirementKind, Verification};
use chidao_domain::ids::{DirectiveId, ObligationId, RequirementId, UnitId};
use chidao_domain::obligation::{Decided, Extended, Extension, State, Step, Terms};
use chidao_domain::succession::Cause;
use chidao_entity::{directive, report_obligation, requirement, requirement_extension};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set, Value};
use uuid::Uuid;

use super::{EarlierDueDate, STEP_EXTEND};
use crate::store::among::Among;
use crate::store::code::Coded as _;
use crate::store::error::Fault;
use crate::store::journal::insert_all;
use crate::store::reports::ReportStanding;
use crate::store::tx::Tx;

/// What the obligations of one statement have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    step: Step,
    to: State,
    due_on: Option<Day>,
    reported_on: Option<Day>,
    reason: Option<String>,
    cause: Option<Cause>,
}

/// Writes decisions: the obligations with one version more, what they were, and where their reports stand. Statements grow with the
/// number of different outcomes, not with the number of obligations. The reports themselves are there already (`save_reports`).
///
/// # Errors
/// A fault of the database.
pub async fn save_decided(tx: &Tx, decided: &[Decided]) -> Result<(), Fault> {
    let mut groups: BTreeMap<Change, Vec<ObligationId>> = BTreeMap::new();
    for one in decided {
        let change = Change {
            step: one.step,
            to: one.to,
            due_on: one.extension.map(|extension| extension.to),
            reported_on: one.reported_on.filter(|_| one.step == Step::Report),
            reason: one.reason.clone(),
            cause: one.cause,
        };
        groups.entry(change).or_default().push(one.obligation);
    }
    for (change, ids) in groups {
        update_obligations(tx, &ids, columns_of(tx, &change)).await?;
        keep_step(tx, &ids, change.step.code(), change.reason.as_deref()).await?;
        settle_reports(tx, &change, &ids).await?;
    }
    serve(tx, decided).await
}

/// Writes due dates that move by themselves (L4).
///
/// # Errors
/// A fault of the database.
pub async fn save_extended(tx: &Tx, extended: &[Extended], reason: &str) -> Result<(), Fault> {
    let mut groups: BTreeMap<Day, Vec<ObligationId>> = BTreeMap::new();
    for one in extended {
        groups.entry(one.extension.to).or_default().push(one.obligation);
    }
    for (due_on, ids) in groups {
        update_obligations(tx, &ids, vec![("due_on", due_on.into())]).await?;
        keep_step(tx, &ids, STEP_EXTEND, Some(reason)).await?;
    }
    Ok(())
}

fn columns_of(tx: &Tx, change: &Change) -> Vec<(&'static str, Value)> {
    let closed = change.to.is_closed();
    let mut columns: Vec<(&'static str, Value)> = vec![
        ("state", change.to.code().into()),
        ("closed_on", closed.then_some(tx.today()).into()),
        ("fulfilled_on", (change.to == State::Fulfilled).then_some(tx.today()).into()),
        ("closing_reason", change.reason.clone().filter(|_| closed).into()),
        ("closing_cause", change.cause.map(|cause| cause.code().to_owned()).into()),
    ];
    if change.step == Step::Acknowledge {
        columns.push(("acknowledged_at", tx.now().into()));
    }
    columns.extend(change.due_on.map(|due_on| ("due_on", due_on.into())));
    columns.extend(change.reported_on.map(|reported_on| ("reported_on", reported_on.into())));
    columns
}

/// Sets columns of obligations, and counts the change in each.
pub(in crate::store) async fn update_obligations(tx: &Tx, ids: &[ObligationId], columns: Vec<(&'static str, Value)>) -> Result<(), Fault> {
    let among = Among::new(tx.engine(), ids.iter().copied());
    let mut sets = String::from("version = version + 1, updated_at = $2");
    let condition = among.holds("id", 1);
    let mut values: Vec<Value> = vec![among.value(), tx.now().into()];
    for (column, value) in columns {
        values.push(value);
        sets.push_str(&format!(", {column} = ${}", values.len()));
    }
    tx.execute(format!("UPDATE obligation SET {sets} WHERE {condition}"), values).await
}

/// Keeps what the obligations are now beside what they were: one row for each version (C7).
async fn keep_step(tx: &Tx, ids: &[ObligationId], step: &str, reason: Option<&str>) -> Result<(), Fault> {
    let among = Among::new(tx.engine(), ids.iter().copied());
    let text = format!(
        "INSERT INTO obligation_step (obligation_id, version, step, recorded_on, at, state, due_on, reported_on, reason) \
         SELECT o.id, o.version, $2, $3, $4, o.state, o.due_on, o.reported_on, $5 FROM obligation o WHERE {}",
        among.holds("o.id", 1)
    );
    let values = vec![among.value(), step.into(), tx.today().into(), tx.now().into(), reason.map(str::to_owned).into()];
    tx.execute(text, values).await
}

/// What the step means for the report that waited: a new one replaces it, it is decided on, or its obligation is closed without it.
async fn settle_reports(tx: &Tx, change: &Change, ids: &[ObligationId]) -> Result<(), Fault> {
    let standing = match change.step {
        Step::Report => ReportStanding::Replaced,
        Step::Accept => ReportStanding::Accepted,
        Step::Return => ReportStanding::Returned,
        Step::Exempt | Step::Release | Step::Transfer | Step::Lapse => ReportStanding::Dropped,
        Step::Acknowledge | Step::Start | Step::Reopen | Step::BindAgain | Step::Annul | Step::Resume => return Ok(()),
    };
    let among = Among::new(tx.engine(), ids.iter().copied());
    let condition = format!("standing = $2 AND {}", among.holds("obligation_id", 1));
    let mut values: Vec<Value> = vec![among.value(), ReportStanding::Waiting.code().into(), standing.code().into()];
    let mut sets = "standing = $3";
    if matches!(standing, ReportStanding::Accepted | ReportStanding::Returned) {
        sets = "standing = $3, reason = $4, decided_by_id = $5, decided_at = $6";
        values.extend([change.reason.clone().into(), tx.actor().map(Uuid::from).into(), tx.now().into()]);
    }
    tx.execute(format!("UPDATE report_obligation SET {sets} WHERE {condition}"), values).await
}

/// Puts each report that came beside the obligations that it serves (L7).
async fn serve(tx: &Tx, decided: &[Decided]) -> Result<(), Fault> {
    let rows = decided.iter().filter(|one| one.step == Step::Report).filter_map(|one| {
        let at_once = one.is_accepted_at_once();
        let standing = if at_once { ReportStanding::Accepted } else { ReportStanding::Waiting };
        Some(report_obligation::ActiveModel {
            report_id: Set(one.report?.into()),
            obligation_id: Set(one.obligation.into()),
            version: Set(i32::try_from(one.version + 1).unwrap_or(i32::MAX)),
            standing: Set(standing.code().into()),
            reason: Set(None),
            decided_by_id: Set(None),
            decided_at: Set(at_once.then(|| tx.now())),
        })
    });
    Ok(insert_all(tx.sql(), rows).await?)
}

/// A requirement as an extension needs it (L4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extensible {
    /// What it says; its figures are left out.
    pub terms: Terms,
    /// Its date after the extensions that there were.
    pub due_on: Option<Day>,
}

/// The requirement with that id, as an extension needs it.
///
/// # Errors
/// A fault of the database.
pub async fn load_extensible(sql: &impl ConnectionTrait, id: RequirementId) -> Result<Option<Extensible>, Fault> {
    let Some(row) = requirement::Entity::find_by_id(Uuid::from(id)).one(sql).await? else { return Ok(None) };
    let Some(of) = directive::Entity::find_by_id(row.directive_id).one(sql).await? else { return Ok(None) };
    let extensions = requirement_extension::Entity::find().filter(requirement_extension::Column::RequirementId.eq(row.id)).all(sql).await?;
    let terms = Terms {
        requirement: id,
        directive: DirectiveId(row.directive_id),
        issuer: UnitId(of.issuer_id),
        issued_on: of.issued_on.unwrap_or_else(|| of.created_at.date_naive()),
        is_in_force: DirectiveStatus::decode(&of.status)?.is_in_force(),
        verification: Verification::decode(&row.verification)?,
        informative: row.informative,
        recurs: Recurrence::decode(&row.recurrence)? != Recurrence::None,
        asks_for_document: RequirementKind::decode(&row.kind)? == RequirementKind::Document,
        figures: Vec::new(),
    };
    Ok(Some(Extensible { terms, due_on: extensions.iter().map(|extension| extension.due_on).chain(row.due_on).max() }))
}

/// Writes the dated fact beside a requirement that its date is another (L4).
///
/// # Errors
/// A fault of the database.
pub async fn save_requirement_extension(tx: &Tx, id: RequirementId, extension: Extension, reason: &str) -> Result<(), Fault> {
    let row = requirement_extension::ActiveModel {
        id: Set(tx.new_id()),
        requirement_id: Set(id.into()),
        earlier_due_on: Set(extension.from),
        due_on: Set(extension.to),
        at: Set(tx.now()),
        reason: Set(reason.to_owned()),
    };
    requirement_extension::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// The earlier due dates of each of `ids`, oldest first (L4).
///
/// # Errors
/// A fault of the database.
pub async fn load_extensions(
    sql: &impl ConnectionTrait,
    ids: &[RequirementId],
) -> Result<HashMap<RequirementId, Vec<EarlierDueDate>>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let mut rows = requirement_extension::Entity::find().filter(requirement_extension::Column::RequirementId.is_in(ids)).all(sql).await?;
    rows.sort_by_key(|row| row.due_on);
    let mut found: HashMap<RequirementId, Vec<EarlierDueDate>> = HashMap::new();
    for row in rows {
        let earlier = EarlierDueDate { due_on: row.earlier_due_on, until: row.at, reason: row.reason };
        found.entry(RequirementId(row.requirement_id)).or_default().push(earlier);
    }
    Ok(found)
}
