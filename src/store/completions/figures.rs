//! What reports say in figures, and what was asked (C9): four statements for all subjects of a read, whatever units it looks at.

use std::collections::HashMap;
use std::sync::Arc;

use chidao_domain::completion::DueMonth;
use chidao_domain::day::Day;
use chidao_domain::directive::{Aggregation, GoalDirection, Period};
use chidao_domain::ids::{IndicatorId, ReportId, RequirementId, UnitId};
use chidao_domain::indicator::{Goal, Reading, Series};
use chidao_domain::obligation::{Duty, State};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use super::matching::Matching;
use super::{Apart, AsOf, ObligationsCounted, Subject, at};
use crate::store::code::Coded;
use crate::store::{Engine, Fault};

/// The code of a report's standing towards an obligation that it serves, once it was accepted.
const ACCEPTED: &str = "ACCEPTED";
/// The code of a requirement that does not recur.
const ONCE: &str = "NONE";

/// A figure that a requirement asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedFigure {
    /// Which indicator.
    pub id: IndicatorId,
    /// The requirement.
    pub requirement: RequirementId,
    /// What it goes together with.
    pub series: Series,
    /// As people read it.
    pub label: String,
    /// The goal that the requirement sets.
    pub goal: Option<Goal>,
}

/// An obligation that asks for figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose.
    pub unit: UnitId,
    /// What it is of.
    pub apart: Apart,
    /// The period.
    pub period: Option<Period>,
    /// Whether it is counted (C1): only then is a figure that does not come missing.
    pub is_counted: bool,
}

/// A reading, and what it was accepted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The obligation's requirement and date.
    pub apart: Apart,
    /// The reading.
    pub reading: Reading,
}

/// All that can be said in figures about one subject.
#[derive(Clone, Debug, Default)]
pub struct Figured {
    /// The figures that are asked for, the earliest directive's first.
    pub figures: Vec<AskedFigure>,
    /// By whom they are owed.
    pub asked: Vec<Asked>,
    /// What was reported and accepted, and still counts.
    pub readings: Vec<Read>,
}

#[derive(FromQueryResult)]
struct FigureRow {
    place: i32,
    id: Uuid,
    requirement_id: Uuid,
    key: String,
    label: String,
    unit_of_measure: Option<String>,
    aggregation: String,
    ratio_over: Option<String>,
    goal: Option<String>,
    goal_direction: Option<String>,
}

#[derive(FromQueryResult)]
struct GoalRow {
    indicator_id: Uuid,
    unit_id: Uuid,
    goal: String,
}

#[derive(FromQueryResult)]
struct AskedRow {
    place: i32,
    unit_id: Uuid,
    requirement_id: Uuid,
    directive_id: Uuid,
    due_on: Option<Day>,
    period: String,
    state: String,
    informative: bool,
}

#[derive(FromQueryResult)]
struct ReadingRow {
    place: i32,
    unit_id: Uuid,
    requirement_id: Uuid,
    directive_id: Uuid,
    due_on: Option<Day>,
    period: String,
    state: String,
    informative: bool,
    recurrence: String,
    report_id: Uuid,
    accepted_at: DateTime<Utc>,
    indicator_key: String,
    value: String,
}

/// The figures of subjects of one sort, in their order.
///
/// # Errors
/// A fault of the database.
pub async fn load_figures(
    sql: &impl ConnectionTrait,
    engine: Engine,
    as_of: AsOf,
    subjects: &[Subject],
    counted: &ObligationsCounted,
) -> Result<Vec<Figured>, Fault> {
    let statement = |select: &str| {
        let (text, values) = Matching::new(subjects, counted, as_of).statement(select);
        Statement::from_sql_and_values(engine.backend(), text, values)
    };
    let figures = FigureRow::find_by_statement(statement(
        "SELECT m.place, i.id, i.requirement_id, i.key, i.label, i.unit_of_measure, i.aggregation, i.ratio_over, i.goal, i.goal_direction \
         FROM (SELECT DISTINCT place, requirement_id FROM matching) m JOIN indicator i ON i.requirement_id = m.requirement_id \
         JOIN requirement q ON q.id = i.requirement_id JOIN directive d ON d.id = q.directive_id \
         ORDER BY d.issued_on, d.id, q.ordinal, i.ordinal",
    ));
    let goals = GoalRow::find_by_statement(statement(
        "SELECT g.indicator_id, g.unit_id, g.goal FROM indicator_goal g JOIN indicator i ON i.id = g.indicator_id \
         WHERE i.requirement_id IN (SELECT requirement_id FROM matching)",
    ));
    let asked = AskedRow::find_by_statement(statement(
        "SELECT m.place, m.unit_id, m.requirement_id, m.directive_id, m.due_on, m.period, m.state, m.informative FROM matching m \
         WHERE m.requirement_id IN (SELECT requirement_id FROM indicator)",
    ));
    // What was accepted later had not been accepted then; the step of the acceptance has its instant.
    let accepted = match as_of {
        AsOf::Now(_) => "",
        AsOf::EndOf(_) => {
            " WHERE EXISTS (SELECT 1 FROM obligation_step a \
              WHERE a.obligation_id = m.id AND a.at = COALESCE(s.decided_at, r.submitted_at) AND a.recorded_on <= $1)"
        }
    };
    let readings = ReadingRow::find_by_statement(statement(&format!(
        "SELECT m.place, m.unit_id, m.requirement_id, m.directive_id, m.due_on, m.period, m.state, m.informative, m.recurrence, r.id AS report_id, \
         COALESCE(s.decided_at, r.submitted_at) AS accepted_at, f.indicator_key, f.value \
         FROM matching m JOIN report_obligation s ON s.obligation_id = m.id AND s.standing = '{ACCEPTED}' \
         JOIN report r ON r.id = s.report_id JOIN reading f ON f.report_id = r.id{accepted}",
    )));
    let parts = parts_of(goals.all(sql).await?)?;
    let mut answers = vec![Figured::default(); subjects.len()];
    for row in figures.all(sql).await? {
        at(&mut answers, row.place).figures.push(figure_of(row, &parts)?);
    }
    for row in asked.all(sql).await? {
        at(&mut answers, row.place).asked.push(asked_of(row)?);
    }
    for row in readings.all(sql).await? {
        at(&mut answers, row.place).readings.extend(read_of(row)?);
    }
    Ok(answers)
}

type Parts = HashMap<Uuid, HashMap<UnitId, Decimal>>;

fn parts_of(rows: Vec<GoalRow>) -> Result<Parts, Fault> {
    let mut parts = Parts::new();
    for row in rows {
        parts.entry(row.indicator_id).or_default().insert(row.unit_id.into(), decimal("indicator_goal", &row.goal)?);
    }
    Ok(parts)
}

fn figure_of(row: FigureRow, parts: &Parts) -> Result<AskedFigure, Fault> {
    let direction = row.goal_direction.as_deref().map(GoalDirection::decode).transpose()?;
    let goal = row.goal.as_deref().map(|goal| decimal("indicator", goal)).transpose()?;
    let goal =
        goal.zip(direction).map(|(goal, direction)| Goal { goal, direction, parts: parts.get(&row.id).cloned().unwrap_or_default() });
    let series = Series {
        key: row.key.into(),
        unit_of_measure: row.unit_of_measure.map(Arc::from),
        aggregation: Aggregation::decode(&row.aggregation)?,
        ratio_over: row.ratio_over.map(Arc::from),
    };
    Ok(AskedFigure { id: row.id.into(), requirement: row.requirement_id.into(), series, label: row.label, goal })
}

fn asked_of(row: AskedRow) -> Result<Asked, Fault> {
    let excused = matches!(State::decode(&row.state)?, State::Exempt | State::Released | State::Transferred);
    Ok(Asked {
        unit: row.unit_id.into(),
        apart: Apart { requirement: row.requirement_id.into(), directive: row.directive_id.into(), due: DueMonth::of(row.due_on) },
        period: period_of(&row.period)?,
        is_counted: !excused && !row.informative,
    })
}

/// Nothing, where the obligation gives no figure any more.
fn read_of(row: ReadingRow) -> Result<Option<Read>, Fault> {
    let duty = if row.informative && row.recurrence == ONCE { Duty::Standing } else { Duty::Once };
    if !State::decode(&row.state)?.gives_figure(duty) {
        return Ok(None);
    }
    let reading = Reading {
        key: row.indicator_key.into(),
        unit: row.unit_id.into(),
        period: period_of(&row.period)?,
        report: ReportId(row.report_id),
        accepted_at: row.accepted_at,
        value: decimal("reading", &row.value)?,
    };
    let apart = Apart { requirement: row.requirement_id.into(), directive: row.directive_id.into(), due: DueMonth::of(row.due_on) };
    Ok(Some(Read { apart, reading }))
}

/// Obligations without a period have an empty text in their key.
fn period_of(text: &str) -> Result<Option<Period>, Fault> {
    let given = Some(text).filter(|text| !text.is_empty());
    given.map(|text| text.parse().map_err(|_| Fault::Corrupt { table: "obligation", wanted: "period", value: text.into() })).transpose()
}

fn decimal(table: &'static str, text: &str) -> Result<Decimal, Fault> {
    Decimal::from_str_exact(text).map_err(|_| Fault::Corrupt { table, wanted: "decimal", value: text.chars().take(40).collect() })
}
