//! The periods of requirements that recur: which have opened, which are due, and who had one (B7).

use std::collections::{HashMap, HashSet};

use chidao_domain::day::Day;
use chidao_domain::directive::{Period, Recurrence, Rhythm};
use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_entity::requirement_period;
use sea_orm::{ConnectionTrait, FromQueryResult, Set, Statement};
use uuid::Uuid;

use crate::store::among::Among;
use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::journal::{self, insert_all};
use crate::store::tx::Tx;

/// A directive of which periods open on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuePeriods {
    /// Their first day.
    pub day: Day,
    /// The directive.
    pub directive: DirectiveId,
}

/// The columns of requirement `r` and its directive `d` that [`RhythmRow`] is read from.
pub(super) const RHYTHM: &str = "r.recurrence, r.first_period, r.due_days_after_period, d.effective_on, \
    (SELECT MAX(p.period) FROM requirement_period p WHERE p.requirement_id = r.id) AS opened";

/// How a requirement comes back, and the last of its periods that has opened: of one requirement they sort as they are written.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct RhythmRow {
    recurrence: String,
    first_period: Option<String>,
    due_days_after_period: Option<i32>,
    effective_on: Option<Day>,
    opened: Option<String>,
}

impl RhythmRow {
    /// None where it does not recur, or has not been issued.
    pub(super) fn rhythm(&self) -> Result<Option<Rhythm>, Fault> {
        let (recurrence, first) = (Recurrence::decode(&self.recurrence)?, self.first_period.as_deref().map(read).transpose()?);
        let due_days = self.due_days_after_period.map(i32::unsigned_abs);
        Ok(self.effective_on.and_then(|effective_on| Rhythm::from_terms(recurrence, (first, due_days), effective_on)))
    }

    pub(super) fn opened(&self) -> Result<Option<Period>, Fault> {
        self.opened.as_deref().map(read).transpose()
    }
}

/// A period as a column has it.
///
/// # Errors
/// [`Fault::Corrupt`] where it is none.
pub(super) fn read(text: &str) -> Result<Period, Fault> {
    text.parse().map_err(|_| Fault::Corrupt { table: "requirement_period", wanted: "period", value: text.into() })
}

#[derive(FromQueryResult)]
struct DueRow {
    directive_id: Uuid,
    #[sea_orm(nested)]
    of: RhythmRow,
}

/// The periods that open next, of those that have begun by the end of `upto` and have not opened: the earliest, of one directive (B7). Only
/// directives in force open any.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn find_due(sql: &impl ConnectionTrait, engine: Engine, upto: Day) -> Result<Option<DuePeriods>, Fault> {
    // All that have opened the period of the day are left out, which are mostly all there are.
    let text = format!(
        "SELECT x.directive_id, x.recurrence, x.first_period, x.due_days_after_period, x.effective_on, x.opened \
         FROM (SELECT r.directive_id, {RHYTHM} FROM requirement r JOIN directive d ON d.id = r.directive_id \
               WHERE d.status = 'ISSUED' AND r.recurrence <> 'NONE') x \
         WHERE x.opened IS NULL OR x.opened < CASE x.recurrence WHEN 'MONTHLY' THEN $1 WHEN 'QUARTERLY' THEN $2 ELSE $3 END \
         ORDER BY x.directive_id"
    );
    let lengths = [Recurrence::Monthly, Recurrence::Quarterly, Recurrence::Yearly];
    let now = lengths.map(|length| Period::containing(upto, length).map(|period| period.to_string()).unwrap_or_default().into());
    let mut first: Option<DuePeriods> = None;
    for row in DueRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, now)).all(sql).await? {
        let opened = row.of.opened()?;
        let Some(next) = row.of.rhythm()?.and_then(|rhythm| rhythm.next(opened)) else { continue };
        let due = DuePeriods { day: next.first_day(), directive: DirectiveId(row.directive_id) };
        if due.day <= upto && first.is_none_or(|first| due.day < first.day) {
            first = Some(due);
        }
    }
    Ok(first)
}

#[derive(FromQueryResult)]
struct OpenedRow {
    requirement_id: Uuid,
    period: String,
}

/// The last period that has opened of each of `requirements`; of those that have none yet nothing.
///
/// # Errors
/// A fault of the database.
pub async fn load_last_opened(
    sql: &impl ConnectionTrait,
    engine: Engine,
    requirements: &[RequirementId],
) -> Result<HashMap<RequirementId, Period>, Fault> {
    let of = Among::new(engine, requirements.iter().copied());
    let text = format!(
        "SELECT p.requirement_id, MAX(p.period) AS period FROM requirement_period p WHERE {} GROUP BY p.requirement_id",
        of.holds("p.requirement_id", 1)
    );
    let rows = OpenedRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [of.value()])).all(sql).await?;
    rows.into_iter().map(|row| Ok((RequirementId(row.requirement_id), read(&row.period)?))).collect()
}

/// Puts down that periods open today, each once, whoever is bound.
///
/// # Errors
/// A fault of the database; one that has opened cannot open again.
pub async fn save_opened(tx: &Tx, periods: &[(RequirementId, Period)]) -> Result<(), Fault> {
    let rows = periods.iter().map(|(requirement, period)| requirement_period::ActiveModel {
        requirement_id: Set((*requirement).into()),
        period: Set(period.to_string()),
        opened_on: Set(tx.today()),
        at: Set(tx.now()),
    });
    Ok(insert_all(tx.sql(), rows).await?)
}

/// What opens on a day that the calendar has passed is owed again: the clocks of two servers never agree wholly.
///
/// # Errors
/// A fault of the database.
pub async fn owe(tx: &Tx, next: Day) -> Result<(), Fault> {
    journal::call_calendar_back(tx.sql(), next).await
}

#[derive(FromQueryResult)]
struct UnitRow {
    unit_id: Uuid,
}

/// The units that had a period, in whatever state, and those that took over from one of them since it opened, directly or not (B6). What
/// only annulled batches had brought is as if it had never been (O5).
///
/// # Errors
/// A fault of the database.
pub async fn load_had(
    sql: &impl ConnectionTrait,
    engine: Engine,
    requirement: RequirementId,
    period: Period,
) -> Result<HashSet<UnitId>, Fault> {
    let text = "WITH RECURSIVE had(unit_id) AS (\
           SELECT o.unit_id FROM obligation o WHERE o.requirement_id = $1 AND o.period = $2 \
             AND (o.state <> 'RELEASED' OR EXISTS (SELECT 1 FROM obligation_reason g \
                    WHERE g.obligation_id = o.id AND g.ended_by_id IS NULL AND g.rule <> 'AGAIN')) \
           UNION SELECT s.to_id FROM had JOIN succession s ON s.from_id = had.unit_id \
             JOIN reorganization r ON r.id = s.reorganization_id \
             JOIN requirement_period p ON p.requirement_id = $1 AND p.period = $2 \
           WHERE r.status = 'ENACTED' AND (r.effective_on > p.opened_on OR r.recorded_at >= p.at)) \
         SELECT unit_id FROM had";
    let values = [Uuid::from(requirement).into(), period.to_string().into()];
    let rows = UnitRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    Ok(rows.into_iter().map(|row| UnitId(row.unit_id)).collect())
}
