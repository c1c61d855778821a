//! Obligations as decisions need them: with their terms, the report that waits and what must be closed first.

use std::collections::HashMap;
use std::sync::Arc;

use chidao_domain::directive::{Aggregation, Recurrence, RequirementKind};
use chidao_domain::ids::{DirectiveId, ObligationId, PrincipalId, ReportId, RequirementId};
use chidao_domain::obligation::{AskedFigure, Case, State, Terms, Waiting};
use chidao_entity::indicator;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, Statement, Value};
use uuid::Uuid;

use super::gates::load_gates;
use super::{COLUMNS, Obligation, TABLES, read};
use crate::store::among::Among;
use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::reports::ReportStanding;

/// Which obligations are decided on.
#[derive(Clone, Copy, Debug)]
pub enum Chosen<'a> {
    /// These.
    These(&'a [ObligationId]),
    /// All of one requirement.
    OfRequirement(RequirementId),
    /// All of one directive.
    OfDirective(DirectiveId),
}

impl Chosen<'_> {
    /// A condition on obligation `o`, and the value of its only parameter.
    fn condition(self, engine: Engine) -> (String, Value) {
        match self {
            Self::These(ids) => {
                let among = Among::new(engine, ids.iter().copied());
                (among.holds("o.id", 1), among.value())
            }
            Self::OfRequirement(id) => ("o.requirement_id = $1".into(), id.0.into()),
            Self::OfDirective(id) => ("o.directive_id = $1".into(), id.0.into()),
        }
    }
}

/// Loads what is decided on, in the order of ids, in five statements however many there are.
///
/// # Errors
/// A fault of the database.
pub async fn load_cases(sql: &impl ConnectionTrait, engine: Engine, chosen: Chosen<'_>) -> Result<Vec<Case>, Fault> {
    let (condition, value) = chosen.condition(engine);
    let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE {condition} ORDER BY o.id");
    let known = read(sql, engine, text, vec![value.clone()]).await?;
    let mut terms = HashMap::new();
    let mut figures = load_figures(sql, &known).await?;
    for known in &known {
        let of_requirement = || Arc::new(terms_of(known, figures.remove(&known.requirement).unwrap_or_default()));
        terms.entry(known.requirement).or_insert_with(of_requirement);
    }
    let mut waiting = load_waiting(sql, engine, &condition, &value).await?;
    // No step that is taken on all obligations of something leads through a gate.
    let mut gates = match chosen {
        Chosen::These(_) => load_gates(sql, engine, &condition, &value).await?,
        Chosen::OfRequirement(_) | Chosen::OfDirective(_) => HashMap::new(),
    };
    let case = |known: Obligation| {
        Some(Case {
            id: known.id,
            unit: known.unit,
            state: known.state,
            due_on: known.due_on,
            reported_on: known.reported_on,
            version: known.version.into(),
            waiting: waiting.remove(&known.id),
            gate: gates.remove(&known.id).unwrap_or_default(),
            terms: terms.get(&known.requirement)?.clone(),
            kept: known.kept,
        })
    };
    Ok(known.into_iter().filter_map(case).collect())
}

/// The state before it lapsed of each obligation that lapsed with its directive (D6).
///
/// # Errors
/// A fault of the database.
pub async fn load_states_before_the_end(
    sql: &impl ConnectionTrait,
    engine: Engine,
    directive: DirectiveId,
) -> Result<HashMap<ObligationId, State>, Fault> {
    let text = format!(
        "SELECT o.id, p.state FROM obligation o JOIN obligation_step p ON p.obligation_id = o.id AND p.version = o.version - 1 \
         WHERE o.directive_id = $1 AND o.state = '{}'",
        State::Lapsed.code()
    );
    let statement = Statement::from_sql_and_values(engine.backend(), text, [directive.0.into()]);
    let rows = StateRow::find_by_statement(statement).all(sql).await?;
    rows.into_iter().map(|row| Ok((ObligationId(row.id), State::decode(&row.state)?))).collect()
}

fn terms_of(known: &Obligation, figures: Vec<AskedFigure>) -> Terms {
    Terms {
        requirement: known.requirement,
        directive: known.directive,
        issuer: known.issuer,
        issued_on: known.issued_on,
        is_in_force: known.directive_status.is_in_force(),
        verification: known.verification,
        informative: known.informative,
        recurs: known.recurrence != Recurrence::None,
        asks_for_document: known.kind == RequirementKind::Document,
        figures,
    }
}

async fn load_figures(sql: &impl ConnectionTrait, known: &[Obligation]) -> Result<HashMap<RequirementId, Vec<AskedFigure>>, Fault> {
    let mut ids: Vec<Uuid> = known.iter().map(|known| known.requirement.into()).collect();
    ids.sort_unstable();
    ids.dedup();
    let query = indicator::Entity::find().filter(indicator::Column::RequirementId.is_in(ids));
    let mut found: HashMap<RequirementId, Vec<AskedFigure>> = HashMap::new();
    for row in query.order_by_asc(indicator::Column::Ordinal).all(sql).await? {
        found.entry(RequirementId(row.requirement_id)).or_default().push(AskedFigure {
            key: row.key.into(),
            aggregation: Aggregation::decode(&row.aggregation)?,
            ratio_over: row.ratio_over.map(Into::into),
            required: row.required,
            may_be_negative: row.may_be_negative,
        });
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct StateRow {
    id: Uuid,
    state: String,
}

#[derive(FromQueryResult)]
struct WaitingRow {
    obligation_id: Uuid,
    report_id: Uuid,
    submitted_by_id: Uuid,
    paper: bool,
}

async fn load_waiting(
    sql: &impl ConnectionTrait,
    engine: Engine,
    condition: &str,
    value: &Value,
) -> Result<HashMap<ObligationId, Waiting>, Fault> {
    let text = format!(
        "SELECT w.obligation_id, w.report_id, p.submitted_by_id, p.paper FROM obligation o \
         JOIN report_obligation w ON w.obligation_id = o.id JOIN report p ON p.id = w.report_id \
         WHERE o.state = '{}' AND w.standing = '{}' AND {condition}",
        State::Reported.code(),
        ReportStanding::Waiting.code(),
    );
    let statement = Statement::from_sql_and_values(engine.backend(), text, [value.clone()]);
    let rows = WaitingRow::find_by_statement(statement).all(sql).await?;
    let waiting = |row: WaitingRow| {
        let (report, submitted_by) = (ReportId(row.report_id), PrincipalId(row.submitted_by_id));
        (ObligationId(row.obligation_id), Waiting { report, submitted_by, on_paper: row.paper })
    };
    Ok(rows.into_iter().map(waiting).collect())
}
