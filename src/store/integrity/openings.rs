//! The periods that have opened, of every requirement that recurs and was issued (B7).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::directive::{DirectiveStatus, Period, Recurrence};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;

/// A requirement of a directive that was issued, as far as its periods go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The requirement.
    pub requirement: Uuid,
    /// How often it comes back.
    pub recurrence: Recurrence,
    /// Its first period; none where it says none that can be read.
    pub first: Option<Period>,
    /// The day on which the issue was recorded.
    pub bound_on: Day,
    /// Whether its directive is in force.
    pub is_in_force: bool,
    /// What has opened, as it is written and on which day, in that order.
    pub periods: Vec<(String, Day)>,
}

#[derive(FromQueryResult)]
struct IssuedRow {
    id: Uuid,
    recurrence: String,
    first_period: Option<String>,
    effective_on: Option<Day>,
    bound_on: Option<Day>,
    status: String,
}

#[derive(FromQueryResult)]
struct OpenedRow {
    requirement_id: Uuid,
    period: String,
    opened_on: Day,
}

#[derive(FromQueryResult)]
struct MarkRow {
    calendar_on: Option<Day>,
}

/// Every requirement that recurs and was issued, and every other of which a period has opened all the same; and the day up to which the
/// calendar has been done. Three statements.
///
/// # Errors
/// A fault of the database.
pub async fn load_openings(sql: &impl ConnectionTrait, engine: Engine) -> Result<(Vec<Opened>, Option<Day>), Fault> {
    let statement = |text: &str| Statement::from_string(engine.backend(), text);
    let text = "SELECT p.requirement_id, p.period, p.opened_on FROM requirement_period p ORDER BY p.requirement_id, p.period";
    let mut periods: HashMap<Uuid, Vec<(String, Day)>> = HashMap::new();
    for row in OpenedRow::find_by_statement(statement(text)).all(sql).await? {
        periods.entry(row.requirement_id).or_default().push((row.period, row.opened_on));
    }
    let text = "SELECT r.id, r.recurrence, r.first_period, d.effective_on, d.bound_on, d.status FROM requirement r \
                JOIN directive d ON d.id = r.directive_id \
                WHERE (r.recurrence <> 'NONE' AND d.bound_on IS NOT NULL) \
                   OR EXISTS (SELECT 1 FROM requirement_period p WHERE p.requirement_id = r.id) ORDER BY r.id";
    let mut found = Vec::new();
    for row in IssuedRow::find_by_statement(statement(text)).all(sql).await? {
        let recurrence = Recurrence::decode(&row.recurrence)?;
        let first = match row.first_period {
            Some(first) => first.parse().ok(),
            None => row.effective_on.and_then(|day| Period::containing(day, recurrence)),
        };
        found.push(Opened {
            requirement: row.id,
            recurrence,
            first,
            bound_on: row.bound_on.unwrap_or(Day::MAX),
            is_in_force: DirectiveStatus::decode(&row.status)?.is_in_force(),
            periods: periods.remove(&row.id).unwrap_or_default(),
        });
    }
    let mark = MarkRow::find_by_statement(statement("SELECT calendar_on FROM journal_head WHERE id = 1")).one(sql).await?;
    Ok((found, mark.and_then(|mark| mark.calendar_on)))
}
