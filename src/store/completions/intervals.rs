//! Obligations over time: one statement for all subjects of a read, with an interval for each state and due date that they had, grouped so
//! that the core can sweep a timeline from it (C8).

use chidao_domain::completion::{Interval, Standing};
use chidao_domain::day::Day;
use chidao_domain::ids::UnitId;
use chidao_domain::obligation::State;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use super::matching::Matching;
use super::{Apart, Grain, ObligationsCounted, Subject, apart_of, at, month};
use crate::store::code::Coded;
use crate::store::obligations::{open_states, past_condition};
use crate::store::{Engine, Fault};

/// Obligations of one unit that count alike over the same days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// The unit.
    pub unit: UnitId,
    /// What they are of, where that is kept apart.
    pub apart: Option<Apart>,
    /// How they count, from when to when, and how many they are.
    pub interval: Interval,
}

#[derive(FromQueryResult)]
struct Row {
    place: i32,
    unit_id: Uuid,
    requirement_id: Option<Uuid>,
    directive_id: Option<Uuid>,
    due_month: Option<String>,
    ended_on: Option<Day>,
    standing: String,
    in_time_until: Option<Day>,
    since: Day,
    until: Option<Day>,
    count: i64,
}

/// What the open states are told as, all of them together.
const OPEN: &str = "OPEN";

/// The intervals that lie in a range of days, of subjects of one sort, in the order of `subjects`. What began before is told as if it had begun
/// on the first day, so that what differs in its past only goes together.
///
/// # Errors
/// A fault of the database.
pub async fn load_courses(
    sql: &impl ConnectionTrait,
    engine: Engine,
    (from, to): (Day, Day),
    (subjects, counted): (&[Subject], &ObligationsCounted),
    grain: Grain,
) -> Result<Vec<Vec<Course>>, Fault> {
    let mut matching = Matching::over_time(subjects, counted, to);
    let from = matching.bind(from);
    let (text, values) = matching.course(&select(engine, grain, &from));
    let rows = Row::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    let mut answers = vec![Vec::new(); subjects.len()];
    for row in rows {
        let (place, ended_on) = (row.place, row.ended_on);
        let course = course_of(row)?;
        let interval = match counted.in_force {
            None => Some(course.interval),
            // On the day on which a directive ends it is no longer in force (D6).
            Some(true) => course.interval.within(None, ended_on),
            Some(false) => ended_on.and_then(|ended_on| course.interval.within(Some(ended_on), None)),
        };
        at(&mut answers, place).extend(interval.map(|interval| Course { interval, ..course }));
    }
    Ok(answers)
}

/// The last day is the first parameter. An obligation that is in time until then cannot become overdue before: why is of no account.
fn select(engine: Engine, grain: Grain, from: &str) -> String {
    let (fulfilled, lapsed, open, past) = (State::Fulfilled.code(), State::Lapsed.code(), open_states(), past_condition("o", 1));
    let month = month(engine, "o.due_on");
    let apart = match grain {
        Grain::Units => "CAST(NULL AS TEXT) AS due_month, NULL AS requirement_id, NULL AS directive_id".to_owned(),
        Grain::Requirements => format!("{month} AS due_month, o.requirement_id, o.directive_id"),
    };
    let by = match grain {
        Grain::Units => String::new(),
        Grain::Requirements => format!(", {month}, o.requirement_id, o.directive_id"),
    };
    let standing = format!("CASE WHEN o.state IN ('{fulfilled}', '{lapsed}') THEN o.state ELSE '{OPEN}' END");
    let in_time_until = format!("CASE WHEN {past} THEN o.due_on END");
    let since = format!("CASE WHEN o.since < {from} THEN {from} ELSE o.since END");
    format!(
        "SELECT o.place, o.unit_id, {apart}, o.ended_on, {standing} AS standing, {in_time_until} AS in_time_until, {since} AS since, o.until, \
         COUNT(*) AS count FROM told o \
         WHERE (o.until IS NULL OR (o.until > o.since AND o.until > {from})) AND o.state IN ({open}, '{fulfilled}', '{lapsed}') AND {{dated}} \
         GROUP BY o.place, o.unit_id{by}, o.ended_on, {standing}, {in_time_until}, {since}, o.until"
    )
}

fn course_of(row: Row) -> Result<Course, Fault> {
    let standing = match &*row.standing {
        OPEN => Standing::Open { in_time_until: row.in_time_until },
        other if State::decode(other)? == State::Lapsed => Standing::Lapsed,
        _ => Standing::Fulfilled,
    };
    let apart = apart_of(row.requirement_id, row.directive_id, row.due_month.as_deref())?;
    let count = u32::try_from(row.count).unwrap_or(u32::MAX);
    Ok(Course { unit: row.unit_id.into(), apart, interval: Interval { standing, since: row.since, until: row.until, count } })
}
