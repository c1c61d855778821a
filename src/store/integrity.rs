//! What `chidao check` asks the tables: questions whose answer must be empty, and what the rules are asked about.

use std::collections::HashSet;

use chidao_domain::day::{Day, Validity};
use chidao_domain::ids::UnitId;
use chidao_domain::kind::{KindCode, KindRegister};
use chidao_domain::obligation::{Duty, State, Step};
use chidao_entity::reorganization;
use futures_util::TryStreamExt as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter as _, QuerySelect as _, Statement, StreamTrait,
};
use uuid::Uuid;

use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::obligations::{STEP_BIND, STEP_EXTEND, STEP_KEEP, STEP_LINK};

mod openings;
mod questions;

pub use openings::{Opened, load_openings};
pub use questions::{QUESTIONS, Question};

/// How many rows one question names at most; the first few show what is wrong.
pub const NAMED_ROWS: u64 = 20;

/// Instants that must stand in the journal (J1): table, the column that names the row, the instant.
pub const EXPLAINED: [(&str, &str, &str); 20] = [
    ("principal", "id", "created_at"),
    ("role_grant", "id", "granted_at"),
    ("role_grant", "id", "revoked_at"),
    ("session", "id", "started_at"),
    ("session", "id", "ended_at"),
    ("person", "id", "created_at"),
    ("org_unit", "id", "created_at"),
    ("org_unit_revision", "id", "recorded_at"),
    ("org_unit_revision", "id", "corrected_at"),
    ("reorganization", "id", "recorded_at"),
    ("directive", "id", "created_at"),
    ("directive", "id", "updated_at"),
    ("draft_comment", "id", "at"),
    ("draft_comment", "id", "answered_at"),
    ("requirement_extension", "id", "at"),
    ("requirement_period", "requirement_id", "at"),
    ("obligation", "id", "updated_at"),
    ("obligation_step", "obligation_id", "at"),
    ("report", "id", "submitted_at"),
    ("urge", "id", "at"),
];

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
}

/// The first rows that answer a question; none: all is well.
///
/// # Errors
/// A fault of the database.
pub async fn ask(sql: &impl ConnectionTrait, engine: Engine, question: &Question) -> Result<Vec<Uuid>, Fault> {
    named(sql, engine, question.sql).await
}

/// The first rows of a table whose instant no journal entry has.
///
/// # Errors
/// A fault of the database.
pub async fn load_unexplained(
    sql: &impl ConnectionTrait,
    engine: Engine,
    (table, id, instant): (&str, &str, &str),
) -> Result<Vec<Uuid>, Fault> {
    let text = format!(
        "SELECT changed.{id} AS id FROM {table} changed \
         LEFT JOIN (SELECT DISTINCT at FROM journal_entry) told ON told.at = changed.{instant} \
         WHERE changed.{instant} IS NOT NULL AND told.at IS NULL"
    );
    named(sql, engine, &text).await
}

async fn named(sql: &impl ConnectionTrait, engine: Engine, text: &str) -> Result<Vec<Uuid>, Fault> {
    let text = format!("SELECT id FROM ({text}) named ORDER BY id LIMIT {NAMED_ROWS}");
    let rows = Named::find_by_statement(Statement::from_string(engine.backend(), text)).all(sql).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Open obligations of units that are not active on a day (S3); one that ends by a batch which has still to take effect counts as active.
///
/// # Errors
/// A fault of the database.
pub async fn load_open_of_nobody(sql: &impl ConnectionTrait, engine: Engine, today: Day) -> Result<Vec<Uuid>, Fault> {
    let open: Vec<String> = State::ALL.into_iter().filter(|state| state.is_open()).map(|state| format!("'{}'", state.code())).collect();
    let text = format!(
        "SELECT o.id FROM obligation o WHERE o.state IN ({}) AND NOT EXISTS \
         (SELECT 1 FROM org_unit_revision r LEFT JOIN reorganization b ON b.id = r.ended_by_id \
          WHERE r.unit_id = o.unit_id AND r.corrected_at IS NULL AND r.valid_from <= $1 \
            AND (r.valid_to IS NULL OR r.valid_to > $1 OR b.status = 'PLANNED')) ORDER BY o.id LIMIT {NAMED_ROWS}",
        open.join(", ")
    );
    let rows = Named::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [today.into()])).all(sql).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What was transferred and is with nobody, while its unit is active: those that follow it, directly or not, are released by annulments (O5).
/// What a successor lost otherwise, by leaving or by a decision, is lost by the rules.
///
/// # Errors
/// A fault of the database.
pub async fn load_lost(sql: &impl ConnectionTrait, engine: Engine, today: Day) -> Result<Vec<Uuid>, Fault> {
    let text = format!(
        "WITH RECURSIVE gone(id) AS (\
           SELECT o.id FROM obligation o JOIN directive d ON d.id = o.directive_id AND d.status = 'ISSUED' \
           WHERE o.state = 'TRANSFERRED' AND EXISTS (SELECT 1 FROM org_unit_revision r WHERE r.unit_id = o.unit_id \
             AND r.corrected_at IS NULL AND r.valid_from <= $1 AND (r.valid_to IS NULL OR r.valid_to > $1))), \
         heirs(first, id, state) AS (\
           SELECT gone.id, gone.id, 'TRANSFERRED' FROM gone \
           UNION SELECT h.first, o.id, o.state FROM heirs h \
             JOIN obligation_reason r ON r.predecessor_id = h.id AND r.ended_by_id IS NULL JOIN obligation o ON o.id = r.obligation_id \
             WHERE h.state = 'TRANSFERRED') \
         SELECT gone.id FROM gone WHERE NOT EXISTS (SELECT 1 FROM heirs h JOIN obligation o ON o.id = h.id \
           WHERE h.first = gone.id AND h.state <> 'TRANSFERRED' AND NOT (h.state = 'RELEASED' AND o.closing_cause IN ('ANNULLED', 'NO_HEIR') \
             AND EXISTS (SELECT 1 FROM obligation_step s JOIN reorganization b ON b.id = s.reorganization_id AND b.annuls_id IS NOT NULL \
                         WHERE s.obligation_id = o.id AND s.version = o.version))) \
         ORDER BY gone.id LIMIT {NAMED_ROWS}"
    );
    let rows = Named::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [today.into()])).all(sql).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Where a unit stands over a range of days, as it is known now (O2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The unit.
    pub unit: UnitId,
    /// The days.
    pub validity: Validity,
    /// Its kind.
    pub kind: KindCode,
    /// The unit that it stands under; none for a root.
    pub parent: Option<UnitId>,
    /// Whether the unit ended with it.
    pub is_last: bool,
}

#[derive(FromQueryResult)]
struct PlacementRow {
    unit_id: Uuid,
    valid_from: Day,
    valid_to: Option<Day>,
    kind_code: String,
    parent_id: Option<Uuid>,
    ended_by_id: Option<Uuid>,
}

/// All uncorrected revisions, by unit and then by day; read as a stream, so that only what is kept is in memory.
///
/// # Errors
/// A fault of the database.
pub async fn load_placements<C: ConnectionTrait + StreamTrait>(
    sql: &C,
    engine: Engine,
    kinds: &KindRegister,
) -> Result<Vec<Placement>, Fault> {
    let text = "SELECT unit_id, valid_from, valid_to, kind_code, parent_id, ended_by_id FROM org_unit_revision \
                WHERE corrected_at IS NULL ORDER BY unit_id, valid_from, CASE WHEN valid_to IS NULL THEN 1 ELSE 0 END, valid_to";
    let statement = Statement::from_string(engine.backend(), text);
    let mut rows = PlacementRow::find_by_statement(statement).stream(sql).await?;
    let mut placements = Vec::new();
    while let Some(row) = rows.try_next().await? {
        placements.push(Placement {
            unit: UnitId(row.unit_id),
            validity: Validity { from: row.valid_from, to: row.valid_to },
            kind: kinds.get(&row.kind_code).map_or_else(|| row.kind_code.as_str().into(), |kind| kind.code.clone()),
            parent: row.parent_id.map(UnitId),
            is_last: row.ended_by_id.is_some(),
        });
    }
    Ok(placements)
}

/// The days on which batches were annulled.
///
/// # Errors
/// A fault of the database.
pub async fn load_days_taken_back(sql: &impl ConnectionTrait) -> Result<HashSet<Day>, Fault> {
    let query = reorganization::Entity::find().select_only().column(reorganization::Column::EffectiveOn).distinct();
    let days = query.filter(reorganization::Column::AnnulsId.is_not_null()).into_tuple::<Day>().all(sql).await?;
    Ok(days.into_iter().collect())
}

/// What a row of `obligation_step` says was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedStep {
    /// The obligation came into being (B3).
    Bound,
    /// Its date was moved, and nothing else (L4).
    Extended,
    /// It took over another one beside its own (S1), or was kept (S4): its state stayed.
    Carried,
    /// A step of L1.
    Taken(Step),
}

/// One sort of step that obligations have taken, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The state before the one before.
    pub earlier: Option<State>,
    /// The state before; none: it was the first step.
    pub from: Option<State>,
    /// What was done; none: no code of a step.
    pub step: Option<RecordedStep>,
    /// The state after; none: no code of a state.
    pub to: Option<State>,
    /// Whether an accepted report ends the duty (B8).
    pub duty: Duty,
    /// Whether nobody else accepts (L2).
    pub accepts_itself: bool,
    /// As the rows spell it.
    pub spelled: String,
    /// How many obligations took it.
    pub times: i64,
    /// One of them.
    pub example: Uuid,
}

#[derive(FromQueryResult)]
struct TransitionRow {
    earlier: Option<String>,
    came_from: Option<String>,
    step: String,
    state: String,
    informative: bool,
    recurrence: String,
    verified_by: String,
    times: i64,
    example: String,
}

/// Every sort of step that was ever recorded: a few hundred at most, however many obligations there are. What asks for no verification is
/// verified by the issuer all the same where something of the requirement was kept outside (S4).
///
/// # Errors
/// A fault of the database.
pub async fn load_transitions(sql: &impl ConnectionTrait, engine: Engine) -> Result<Vec<Transition>, Fault> {
    let example = match engine {
        Engine::Sqlite => "lower(hex(MIN(walked.obligation_id)))",
        Engine::Postgres => "MIN(walked.obligation_id::text)",
    };
    let text = format!(
        "SELECT walked.earlier, walked.came_from, walked.step, walked.state, r.informative, r.recurrence, \
                CASE WHEN kept.requirement_id IS NULL THEN r.verification ELSE 'ISSUER' END AS verified_by, \
                COUNT(*) AS times, {example} AS example \
         FROM (SELECT obligation_id, step, state, LAG(state) OVER told AS came_from, LAG(state, 2) OVER told AS earlier \
               FROM obligation_step WINDOW told AS (PARTITION BY obligation_id ORDER BY version)) walked \
         JOIN obligation o ON o.id = walked.obligation_id JOIN requirement r ON r.id = o.requirement_id \
         LEFT JOIN (SELECT DISTINCT k.requirement_id FROM obligation_step s JOIN obligation k ON k.id = s.obligation_id \
                    WHERE s.step = '{STEP_KEEP}') kept ON kept.requirement_id = r.id \
         GROUP BY walked.earlier, walked.came_from, walked.step, walked.state, r.informative, r.recurrence, verified_by"
    );
    let rows = TransitionRow::find_by_statement(Statement::from_string(engine.backend(), text)).all(sql).await?;
    rows.into_iter().map(transition_of).collect()
}

fn transition_of(row: TransitionRow) -> Result<Transition, Fault> {
    let spelled = format!("{} from {} to {}", row.step, row.came_from.as_deref().unwrap_or("nothing"), row.state);
    let example = Uuid::parse_str(&row.example);
    Ok(Transition {
        earlier: row.earlier.as_deref().and_then(state),
        from: row.came_from.as_deref().and_then(state),
        step: recorded_step(&row.step),
        to: state(&row.state),
        duty: if row.informative && row.recurrence == "NONE" { Duty::Standing } else { Duty::Once },
        accepts_itself: row.verified_by == "SELF",
        spelled,
        times: row.times,
        example: example.map_err(|_| Fault::Corrupt { table: "obligation_step.obligation_id", wanted: "id", value: row.example })?,
    })
}

fn state(code: &str) -> Option<State> {
    State::decode(code).ok()
}

fn recorded_step(code: &str) -> Option<RecordedStep> {
    match code {
        STEP_BIND => Some(RecordedStep::Bound),
        STEP_EXTEND => Some(RecordedStep::Extended),
        STEP_LINK | STEP_KEEP => Some(RecordedStep::Carried),
        other => Step::decode(other).ok().map(RecordedStep::Taken),
    }
}

/// How far the journal reaches (J1, J3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Extent {
    /// The position of the head.
    pub head: i64,
    /// The position of the last change to the tree.
    pub structure_version: i64,
    /// How many entries there are.
    pub entries: i64,
    /// The first position; 0 where there is none.
    pub first: i64,
    /// The last position; 0 where there is none.
    pub last: i64,
}

/// How far the journal reaches.
///
/// # Errors
/// A fault of the database, or a head that is missing.
pub async fn load_extent(sql: &impl ConnectionTrait, engine: Engine) -> Result<Extent, Fault> {
    let text = "SELECT h.position AS head, h.structure_version, e.entries, e.first, e.last FROM journal_head h \
                CROSS JOIN (SELECT COUNT(*) AS entries, COALESCE(MIN(position), 0) AS first, COALESCE(MAX(position), 0) AS last \
                            FROM journal_entry) e";
    let extent = Extent::find_by_statement(Statement::from_string(engine.backend(), text)).one(sql).await?;
    extent.ok_or(Fault::Corrupt { table: "journal_head", wanted: "row", value: "nothing".into() })
}

/// How many obligations there are.
///
/// # Errors
/// A fault of the database.
pub async fn count_obligations(sql: &impl ConnectionTrait, engine: Engine) -> Result<i64, Fault> {
    let statement = Statement::from_string(engine.backend(), "SELECT COUNT(*) AS rows FROM obligation");
    let row = sql.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get("", "rows")).transpose()?.unwrap_or_default())
}
