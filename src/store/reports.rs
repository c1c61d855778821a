//! Reports: what a unit says about its obligations, with figures, and what was decided on it (L2, L3, L7).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{DirectiveId, ObligationId, PrincipalId, ReportId, UnitId};
use chidao_domain::obligation::PlannedReport;
use chidao_entity::{discharge, reading, report, report_obligation};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
use crate::store::error::Fault;
use crate::store::journal::insert_all;
use crate::store::tx::Tx;

/// Where a report stands for one of the obligations that it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportStanding {
    /// Nobody has decided on it.
    Waiting,
    /// It was accepted, by somebody or, under `SELF`, at once.
    Accepted,
    /// It came back.
    Returned,
    /// A later report took its place while it waited.
    Replaced,
    /// The obligation was closed otherwise while it waited.
    Dropped,
}

codes!("standing of a report", ReportStanding {
    Waiting => "WAITING",
    Accepted => "ACCEPTED",
    Returned => "RETURNED",
    Replaced => "REPLACED",
    Dropped => "DROPPED",
});

/// A report as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// It.
    pub id: ReportId,
    /// Whose it is.
    pub unit: UnitId,
    /// The day of the event that it tells of.
    pub held_on: Option<Day>,
    /// The day on which it came (L3).
    pub received_on: Day,
    /// Whether a supervisor entered it from paper.
    pub on_paper: bool,
    /// What it says.
    pub narrative: String,
    /// The document that is its evidence (L6).
    pub directive: Option<DirectiveId>,
    /// Who entered it.
    pub submitted_by: PrincipalId,
    /// When.
    pub submitted_at: DateTime<Utc>,
}

/// One report as it serves one obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serving {
    /// The report.
    pub report: ReportId,
    /// The obligation.
    pub obligation: ObligationId,
    /// The version that the obligation got with it.
    pub version: i32,
    /// Where it stands.
    pub standing: ReportStanding,
    /// Why it was returned.
    pub reason: Option<String>,
    /// Who decided; nobody where it closed the obligation at once.
    pub decided_by: Option<PrincipalId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

/// What a report says beside what was decided on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The day of the event that it tells of.
    pub held_on: Option<Day>,
    /// What it says.
    pub narrative: String,
    /// The document that is its evidence (L6).
    pub directive: Option<DirectiveId>,
    /// Its figures, by the key of the indicator.
    pub readings: Vec<(String, Decimal)>,
}

/// Writes reports with their figures; what they do to obligations is saved after (`save_decided`).
///
/// # Errors
/// A fault of the database; a report that nobody submitted.
pub async fn save_reports(tx: &Tx, reports: &[(PlannedReport, Content)]) -> Result<(), Fault> {
    let Some(actor) = tx.actor() else { return Err(Fault::Other("a report that nobody submits".into())) };
    let rows = reports.iter().map(|(planned, content)| report::ActiveModel {
        id: Set(planned.id.into()),
        unit_id: Set(planned.unit.into()),
        held_on: Set(content.held_on),
        received_on: Set(planned.received_on),
        paper: Set(planned.on_paper),
        narrative: Set(content.narrative.clone()),
        directive_id: Set(content.directive.map(Uuid::from)),
        submitted_by_id: Set(actor.into()),
        submitted_at: Set(tx.now()),
    });
    insert_all(tx.sql(), rows).await?;
    let readings = reports.iter().flat_map(|(planned, content)| {
        content.readings.iter().map(|(key, value)| reading::ActiveModel {
            report_id: Set(planned.id.into()),
            indicator_key: Set(key.clone()),
            value: Set(value.normalize().to_string()),
        })
    });
    Ok(insert_all(tx.sql(), readings).await?)
}

/// Says that a document discharges obligations that ask for one (L6); said twice it stays said once.
///
/// # Errors
/// A fault of the database.
pub async fn save_discharges(tx: &Tx, discharges: &[(DirectiveId, ObligationId)]) -> Result<(), Fault> {
    if discharges.is_empty() {
        return Ok(());
    }
    let rows = discharges.iter().map(|(directive, obligation)| discharge::ActiveModel {
        directive_id: Set((*directive).into()),
        obligation_id: Set((*obligation).into()),
    });
    let said = OnConflict::columns([discharge::Column::DirectiveId, discharge::Column::ObligationId]).do_nothing().to_owned();
    discharge::Entity::insert_many(rows).on_conflict(said).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// The reports with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_reports(sql: &impl ConnectionTrait, ids: &[ReportId]) -> Result<HashMap<ReportId, Report>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let rows = report::Entity::find().filter(report::Column::Id.is_in(ids)).all(sql).await?;
    let known = rows.into_iter().map(|row| Report {
        id: ReportId(row.id),
        unit: UnitId(row.unit_id),
        held_on: row.held_on,
        received_on: row.received_on,
        on_paper: row.paper,
        narrative: row.narrative,
        directive: row.directive_id.map(DirectiveId),
        submitted_by: PrincipalId(row.submitted_by_id),
        submitted_at: row.submitted_at,
    });
    Ok(known.map(|report| (report.id, report)).collect())
}

/// What serves each of `obligations`, the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn load_serving(sql: &impl ConnectionTrait, obligations: &[ObligationId]) -> Result<HashMap<ObligationId, Vec<Serving>>, Fault> {
    let ids = obligations.iter().map(|id| Uuid::from(*id));
    let rows = report_obligation::Entity::find().filter(report_obligation::Column::ObligationId.is_in(ids)).all(sql).await?;
    let mut found: HashMap<ObligationId, Vec<Serving>> = HashMap::new();
    for row in rows {
        found.entry(ObligationId(row.obligation_id)).or_default().push(serving_of(row)?);
    }
    found.values_mut().for_each(|servings| servings.sort_by_key(|serving| std::cmp::Reverse(serving.version)));
    Ok(found)
}

/// The obligations that each of `directives` discharges (L6).
///
/// # Errors
/// A fault of the database.
pub async fn load_discharges(
    sql: &impl ConnectionTrait,
    directives: &[DirectiveId],
) -> Result<HashMap<DirectiveId, Vec<ObligationId>>, Fault> {
    let ids = directives.iter().map(|id| Uuid::from(*id));
    let query = discharge::Entity::find().filter(discharge::Column::DirectiveId.is_in(ids));
    let mut found: HashMap<DirectiveId, Vec<ObligationId>> = HashMap::new();
    for row in query.order_by_asc(discharge::Column::ObligationId).all(sql).await? {
        found.entry(DirectiveId(row.directive_id)).or_default().push(ObligationId(row.obligation_id));
    }
    Ok(found)
}

/// What each of `reports` serves, in the order in which the obligations were made.
///
/// # Errors
/// A fault of the database.
pub async fn load_served(sql: &impl ConnectionTrait, reports: &[ReportId]) -> Result<HashMap<ReportId, Vec<Serving>>, Fault> {
    let ids = reports.iter().map(|id| Uuid::from(*id));
    let query = report_obligation::Entity::find().filter(report_obligation::Column::ReportId.is_in(ids));
    let mut found: HashMap<ReportId, Vec<Serving>> = HashMap::new();
    for row in query.order_by_asc(report_obligation::Column::ObligationId).all(sql).await? {
        found.entry(ReportId(row.report_id)).or_default().push(serving_of(row)?);
    }
    Ok(found)
}

fn serving_of(row: report_obligation::Model) -> Result<Serving, Fault> {
    Ok(Serving {
        report: ReportId(row.report_id),
        obligation: ObligationId(row.obligation_id),
        version: row.version,
        standing: ReportStanding::decode(&row.standing)?,
        reason: row.reason,
        decided_by: row.decided_by_id.map(PrincipalId),
        decided_at: row.decided_at,
    })
}

/// The figures of each of `reports`, by the key of the indicator.
///
/// # Errors
/// A fault of the database.
pub async fn load_readings(sql: &impl ConnectionTrait, reports: &[ReportId]) -> Result<HashMap<ReportId, Vec<(String, Decimal)>>, Fault> {
    let ids = reports.iter().map(|id| Uuid::from(*id));
    let query = reading::Entity::find().filter(reading::Column::ReportId.is_in(ids)).order_by_asc(reading::Column::IndicatorKey);
    let mut found: HashMap<ReportId, Vec<(String, Decimal)>> = HashMap::new();
    for row in query.all(sql).await? {
        let value = decimal(&row.value)?;
        found.entry(ReportId(row.report_id)).or_default().push((row.indicator_key, value));
    }
    Ok(found)
}

fn decimal(text: &str) -> Result<Decimal, Fault> {
    let corrupt = |_| Fault::Corrupt { table: "an exact decimal", wanted: "decimal", value: text.chars().take(40).collect() };
    Decimal::from_str_exact(text).map_err(corrupt)
}
