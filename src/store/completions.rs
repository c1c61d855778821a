//! Obligations counted: one statement for all subjects of a read, grouped so that the core can fold every unit's tally from it (C3).

pub mod figures;
pub mod intervals;
mod matching;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chidao_domain::completion::{DueMonth, Group, Tally};
use chidao_domain::day::{Day, DayRange};
use chidao_domain::directive::RequirementKind;
use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::store::code::Coded;
use crate::store::completions::matching::Matching;
pub use crate::store::obligations::Reach;
use crate::store::{Engine, Fault};

/// Whose obligations are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Everybody's, of every directive.
    Everything,
    /// Those of some directives, or of what carries them out, too.
    Directives(BTreeSet<DirectiveId>, Reach),
    /// Those of one requirement, in one period where one is named.
    Requirement(RequirementId, Option<Arc<str>>),
}

/// Which of a subject's obligations are counted; what is left out does not narrow it, an empty set admits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObligationsCounted {
    /// Whether their directive must be in force, or must have ended.
    pub in_force: Option<bool>,
    /// Only those of these directives themselves.
    pub directives: Option<BTreeSet<DirectiveId>>,
    /// Only those of these requirements.
    pub requirements: Option<BTreeSet<RequirementId>>,
    /// Only those of requirements of these kinds.
    pub kinds: Option<BTreeSet<RequirementKind>>,
    /// Only those that are due on this day or later.
    pub due_from: Option<Day>,
    /// Only those that are due on this day or earlier.
    pub due_to: Option<Day>,
    /// Only those that have a due date, or only those that have none.
    pub dated: Option<bool>,
    /// Only those of this period.
    pub period: Option<Arc<str>>,
}

impl ObligationsCounted {
    /// The same, and due in that range of days.
    #[must_use]
    pub fn due_in(&self, days: DayRange) -> Self {
        let due_from = [self.due_from, days.from].into_iter().flatten().max();
        let due_to = [self.due_to, days.to].into_iter().flatten().min();
        Self { due_from, due_to, ..self.clone() }
    }
}

/// How finely counts are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grain {
    /// By unit.
    Units,
    /// By unit, requirement and the month of the due date.
    Requirements,
}

/// As of when obligations are counted (C7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AsOf {
    /// As they are, on that day, which is today.
    Now(Day),
    /// As they stood at the end of a past day.
    EndOf(Day),
}

impl AsOf {
    /// The day by which is judged what is overdue.
    pub fn day(self) -> Day {
        match self {
            Self::Now(day) | Self::EndOf(day) => day,
        }
    }
}

/// One question of a read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// Whose obligations.
    pub subject: Subject,
    /// Which of them.
    pub counted: ObligationsCounted,
    /// How finely.
    pub grain: Grain,
    /// As of when.
    pub as_of: AsOf,
}

/// What obligations of one unit are kept apart by, besides how they count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The requirement.
    pub requirement: RequirementId,
    /// Its directive.
    pub directive: DirectiveId,
    /// When they are due.
    pub due: DueMonth,
}

/// Obligations of one unit that count alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The unit.
    pub unit: UnitId,
    /// What they are of, where that is kept apart.
    pub apart: Option<Apart>,
    /// How many of which sort.
    pub tally: Tally,
}

#[derive(FromQueryResult)]
struct Row {
    place: i32,
    unit_id: Uuid,
    requirement_id: Option<Uuid>,
    directive_id: Option<Uuid>,
    due_month: Option<String>,
    state: String,
    informative: bool,
    past_due: i32,
    count: i64,
}

/// Answers questions that differ in nothing but their subjects, all of one sort, by one statement: the answers in the order of `subjects`.
///
/// # Errors
/// A fault of the database.
pub async fn load_counts(
    sql: &impl ConnectionTrait,
    engine: Engine,
    as_of: AsOf,
    subjects: &[Subject],
    counted: &ObligationsCounted,
    grain: Grain,
) -> Result<Vec<Vec<Counted>>, Fault> {
    let month = month(engine, "m.due_on");
    let (kept, by) = match grain {
        Grain::Units => ("NULL AS requirement_id, NULL AS directive_id, CAST(NULL AS TEXT) AS due_month".to_owned(), String::new()),
        Grain::Requirements => {
            (format!("m.requirement_id, m.directive_id, {month} AS due_month"), format!(", m.requirement_id, m.directive_id, {month}"))
        }
    };
    let select = format!(
        "SELECT m.place, m.unit_id, {kept}, m.state, m.informative, m.past_due, COUNT(*) AS count \
         FROM matching m GROUP BY m.place, m.unit_id{by}, m.state, m.informative, m.past_due"
    );
    let (text, values) = Matching::new(subjects, counted, as_of).statement(&select);
    let rows = Row::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    let mut answers = vec![Vec::new(); subjects.len()];
    for row in rows {
        at(&mut answers, row.place).push(counted_of(row)?);
    }
    Ok(answers)
}

/// The answer at a place that the same statement gave.
fn at<T>(answers: &mut [T], place: i32) -> &mut T {
    &mut answers[usize::try_from(place).unwrap_or_default()]
}

/// The month of a date, as [`month_of`] reads it; null where there is none.
fn month(engine: Engine, column: &str) -> String {
    match engine {
        Engine::Sqlite => format!("SUBSTR({column}, 1, 7)"),
        Engine::Postgres => format!("TO_CHAR({column}, 'YYYY-MM')"),
    }
}

fn month_of(text: Option<&str>) -> Result<DueMonth, Fault> {
    let Some(text) = text else { return Ok(DueMonth::Undated) };
    DueMonth::parse(text).ok_or_else(|| Fault::Corrupt { table: "obligation", wanted: "due_on", value: text.into() })
}

/// What a row is of; nothing, where that is not kept apart.
fn apart_of(requirement: Option<Uuid>, directive: Option<Uuid>, due_month: Option<&str>) -> Result<Option<Apart>, Fault> {
    let Some((requirement, directive)) = requirement.zip(directive) else { return Ok(None) };
    Ok(Some(Apart { requirement: requirement.into(), directive: directive.into(), due: month_of(due_month)? }))
}

fn counted_of(row: Row) -> Result<Counted, Fault> {
    let group = Group { state: State::decode(&row.state)?, informative: row.informative, is_past_due: row.past_due != 0 };
    let apart = apart_of(row.requirement_id, row.directive_id, row.due_month.as_deref())?;
    let count = u32::try_from(row.count).unwrap_or(u32::MAX);
    Ok(Counted { unit: row.unit_id.into(), apart, tally: Tally::of(group, count) })
}

/// What a part of a breakdown by requirement or by directive is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementName {
    /// The directive.
    pub directive: DirectiveId,
    /// The place in the directive, from 1.
    pub ordinal: i32,
    /// The requirement's title.
    pub title: String,
    /// The day of issue.
    pub issued_on: Option<Day>,
    /// The directive's symbol or, where it has none, its title.
    pub directive_name: String,
}

#[derive(FromQueryResult)]
struct NameRow {
    id: Uuid,
    directive_id: Uuid,
    ordinal: i32,
    title: String,
    issued_on: Option<Day>,
    directive_name: String,
}

/// The names of the requirements that have obligations of one of the subjects, which are of one sort.
///
/// # Errors
/// A fault of the database.
pub async fn load_names(
    sql: &impl ConnectionTrait,
    engine: Engine,
    as_of: AsOf,
    subjects: &[Subject],
    counted: &ObligationsCounted,
) -> Result<HashMap<RequirementId, RequirementName>, Fault> {
    let (text, values) = Matching::new(subjects, counted, as_of).statement(
        "SELECT q.id, q.directive_id, q.ordinal, q.title, d.issued_on, COALESCE(d.symbol, d.title) AS directive_name \
         FROM requirement q JOIN directive d ON d.id = q.directive_id WHERE q.id IN (SELECT requirement_id FROM matching)",
    );
    let rows = NameRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    let name = |row: NameRow| RequirementName {
        directive: row.directive_id.into(),
        ordinal: row.ordinal,
        title: row.title,
        issued_on: row.issued_on,
        directive_name: row.directive_name,
    };
    Ok(rows.into_iter().map(|row| (RequirementId(row.id), name(row))).collect())
}

#[derive(FromQueryResult)]
struct ImplementingRow {
    place: i32,
    id: Uuid,
    issuer_id: Uuid,
}

/// For each of `directives` the issued ones that implement it, directly or not, each once, with their issuers; the earliest first.
///
/// # Errors
/// A fault of the database.
pub async fn load_implementing(
    sql: &impl ConnectionTrait,
    engine: Engine,
    directives: &[DirectiveId],
) -> Result<Vec<Vec<(DirectiveId, UnitId)>>, Fault> {
    let (text, values) = matching::implementing(directives);
    let rows = ImplementingRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    let mut answers = vec![Vec::new(); directives.len()];
    for row in rows {
        at(&mut answers, row.place).push((row.id.into(), row.issuer_id.into()));
    }
    Ok(answers)
}

#[derive(FromQueryResult)]
struct BoundRow {
    place: i32,
    unit_id: Uuid,
}

/// For each of `directives` the units that it, or an issued one that implements it, directly or not, binds (D7): each has an obligation that is
/// neither released nor transferred (B5).
///
/// # Errors
/// A fault of the database.
pub async fn load_bound_by_line(
    sql: &impl ConnectionTrait,
    engine: Engine,
    directives: &[DirectiveId],
) -> Result<Vec<HashSet<UnitId>>, Fault> {
    let (text, values) = matching::bound_by_line(directives);
    let rows = BoundRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, values)).all(sql).await?;
    let mut answers = vec![HashSet::new(); directives.len()];
    for row in rows {
        if let Some(units) = usize::try_from(row.place).ok().and_then(|place| answers.get_mut(place)) {
            units.insert(UnitId(row.unit_id));
        }
    }
    Ok(answers)
}
