//! Lists of obligations by keyset: filtered, ordered and paged in one statement, also where many units or requirements ask for
//! their own list at the same time.

use std::collections::HashMap;
use std::sync::Arc;

use chidao_domain::day::{Day, DayRange};
use chidao_domain::directive::{DirectiveStatus, RelationKind, RequirementKind, Verification};
use chidao_domain::ids::{DirectiveId, ObligationId, PrincipalId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::{COLUMNS, Obligation, TABLES, read};
use crate::store::among::Among;
use crate::store::code::Coded;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::reports::ReportStanding;

/// Which obligations a list holds; what is left out does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObligationSelection {
    /// Only those of these units, which stand in tree order.
    pub units: Option<Arc<[UnitId]>>,
    /// Only those of these directives.
    pub directives: Option<Vec<DirectiveId>>,
    /// How far "of these directives" reaches.
    pub reach: Reach,
    /// Only those of these requirements.
    pub requirements: Option<Vec<RequirementId>>,
    /// Only those of requirements of these kinds; empty: any.
    pub kinds: Vec<RequirementKind>,
    /// Only those in these states; empty: any.
    pub states: Vec<State>,
    /// Only those that are overdue, or only the others (L3).
    pub overdue: Option<bool>,
    /// Only those that were fulfilled late, or only the others (L3).
    pub late: Option<bool>,
    /// Only those that are due in the range, both ends included.
    pub due: DayRange,
    /// Only those of this period.
    pub period: Option<String>,
    /// Only those whose report waits for somebody who may decide.
    pub verifying: Option<Verifying>,
}

/// How far "of a directive" reaches (C4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reach {
    /// To its own obligations.
    #[default]
    Scope,
    /// To those of everything issued that implements, amends or supplements it, directly or not.
    Lineage,
}

/// Whose decision reports wait for (L2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Verifying {
    /// The units that the verifier decides for where their superior does.
    pub below: Arc<[UnitId]>,
    /// The units for which the verifier decides where the issuer does.
    pub issuers: Arc<[UnitId]>,
    /// Who does not decide on reports of his own.
    pub verifier: PrincipalId,
}

/// The order of a list of obligations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ListOrder {
    /// By due date; those without one last (T2).
    #[default]
    DueOn,
    /// By the unit's place in the tree; the selection must name its units.
    Tree,
    /// The last changed first.
    UpdatedAt,
}

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListKey {
    /// What the list is ordered by.
    pub at: Anchor,
    /// Which of those that are equal.
    pub id: ObligationId,
}

/// What a list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// For [`ListOrder::DueOn`].
    DueOn(Option<Day>),
    /// For [`ListOrder::Tree`]: the unit, and how many of the selected units stand before it.
    Unit(UnitId, i64),
    /// For [`ListOrder::UpdatedAt`].
    UpdatedAt(DateTime<Utc>),
}

/// Which part of a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListWindow {
    /// The order of the list.
    pub order: ListOrder,
    /// From which end it is read.
    pub from: Side,
    /// How many rows at most.
    pub limit: i64,
    /// Only what comes after.
    pub after: Option<ListKey>,
    /// Only what comes before.
    pub before: Option<ListKey>,
}

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Its beginning.
    Start,
    /// Its end; rows come backwards.
    Finish,
}

/// Whether there is one list, or one for each unit or requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'a> {
    /// One list.
    Nobody,
    /// One for each of these units.
    Units(&'a [UnitId]),
    /// One for each of these requirements.
    Requirements(&'a [RequirementId]),
}

impl Owner<'_> {
    fn column(self) -> Option<&'static str> {
        match self {
            Self::Nobody => None,
            Self::Units(_) => Some("o.unit_id"),
            Self::Requirements(_) => Some("o.requirement_id"),
        }
    }
}

/// The rows of a window, from the end that it is read from; with owners, those of each.
///
/// # Errors
/// A fault of the database.
pub async fn list_obligations(
    sql: &impl ConnectionTrait,
    engine: Engine,
    (owner, selection, today): (Owner<'_>, &ObligationSelection, Day),
    window: &ListWindow,
) -> Result<Vec<Obligation>, Fault> {
    let mut query = Query::new(engine);
    query.select(owner, selection, today);
    let place = query.order_by_place(window.order, selection);
    if let Some(key) = window.after {
        query.beyond(key, Side::Start);
    }
    if let Some(key) = window.before {
        query.beyond(key, Side::Finish);
    }
    let (sort, limit) = (sort(window.order, window.from), query.bind(window.limit));
    let condition = query.condition();
    let text = match owner.column() {
        None => format!("SELECT {COLUMNS} FROM {TABLES}{place} WHERE {condition} ORDER BY {sort} LIMIT ${limit}"),
        Some(column) => format!(
            "SELECT * FROM (SELECT {COLUMNS}, ROW_NUMBER() OVER (PARTITION BY {column} ORDER BY {sort}) AS number \
             FROM {TABLES}{place} WHERE {condition}) numbered WHERE number <= ${limit} ORDER BY number"
        ),
    };
    read(sql, engine, text, query.values).await
}

#[derive(FromQueryResult)]
struct CountRow {
    owner_id: Option<Uuid>,
    count: i64,
}

/// How many there are in all; with owners, of each, by its id.
///
/// # Errors
/// A fault of the database.
pub async fn count_obligations(
    sql: &impl ConnectionTrait,
    engine: Engine,
    owner: Owner<'_>,
    selection: &ObligationSelection,
    today: Day,
) -> Result<HashMap<Option<Uuid>, usize>, Fault> {
    let mut query = Query::new(engine);
    query.select(owner, selection, today);
    let condition = query.condition();
    let text = match owner.column() {
        None => format!("SELECT COUNT(*) AS count FROM {TABLES} WHERE {condition}"),
        Some(column) => format!("SELECT {column} AS owner_id, COUNT(*) AS count FROM {TABLES} WHERE {condition} GROUP BY {column}"),
    };
    let statement = Statement::from_sql_and_values(engine.backend(), text, query.values);
    let rows = CountRow::find_by_statement(statement).all(sql).await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, usize::try_from(row.count).unwrap_or_default())).collect())
}

/// What is overdue (L3, B8): open, past its date, and not waiting with a report that was in time; or lapsed. `today` is the number of the
/// parameter. It never comes to NULL.
pub(crate) fn overdue_condition(today: usize) -> String {
    let open = codes(State::ALL.into_iter().filter(|state| state.is_open()));
    let (lapsed, reported) = (State::Lapsed.code(), State::Reported.code());
    format!(
        "(NOT r.informative AND (o.state = '{lapsed}' OR (o.state IN ({open}) AND o.due_on IS NOT NULL AND o.due_on < ${today} \
         AND NOT (o.state = '{reported}' AND o.reported_on IS NOT NULL AND o.reported_on <= o.due_on))))"
    )
}

/// What was fulfilled by a report that came after the date (L3). It never comes to NULL.
pub(crate) fn late_condition() -> String {
    let fulfilled = State::Fulfilled.code();
    format!("(o.state = '{fulfilled}' AND o.due_on IS NOT NULL AND o.reported_on IS NOT NULL AND o.reported_on > o.due_on)")
}

/// Codes as SQL literals; they are constants of this program.
fn codes<C: Coded>(of: impl IntoIterator<Item = C>) -> String {
    of.into_iter().map(|one| format!("'{}'", one.code())).collect::<Vec<_>>().join(", ")
}

/// The list's own order, or from its end.
fn sort(order: ListOrder, from: Side) -> &'static str {
    match (order, from) {
        (ListOrder::DueOn, Side::Start) => "o.due_on ASC NULLS LAST, o.id ASC",
        (ListOrder::DueOn, Side::Finish) => "o.due_on DESC NULLS FIRST, o.id DESC",
        (ListOrder::Tree, Side::Start) => "placed.place ASC, o.id ASC",
        (ListOrder::Tree, Side::Finish) => "placed.place DESC, o.id DESC",
        (ListOrder::UpdatedAt, Side::Start) => "o.updated_at DESC, o.id DESC",
        (ListOrder::UpdatedAt, Side::Finish) => "o.updated_at ASC, o.id ASC",
    }
}

/// Conditions and their parameters as they grow.
struct Query {
    engine: Engine,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    fn new(engine: Engine) -> Self {
        Self { engine, conditions: Vec::new(), values: Vec::new() }
    }

    /// Binds a value; answers the number of its parameter.
    fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    fn condition(&self) -> String {
        if self.conditions.is_empty() { "TRUE".into() } else { self.conditions.join(" AND ") }
    }

    /// The condition that `column` is one of `ids`.
    fn among<I: Into<Uuid>>(&mut self, column: &str, ids: impl IntoIterator<Item = I>) -> String {
        let among = Among::new(self.engine, ids);
        let condition = among.holds(column, self.values.len() + 1);
        self.bind(among.value());
        condition
    }

    fn narrow(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    fn select(&mut self, owner: Owner<'_>, selection: &ObligationSelection, today: Day) {
        let own = match owner {
            Owner::Nobody => None,
            Owner::Units(units) => Some(self.among("o.unit_id", units.iter().copied())),
            Owner::Requirements(requirements) => Some(self.among("o.requirement_id", requirements.iter().copied())),
        };
        let units = selection.units.as_ref().map(|units| self.among("o.unit_id", units.iter().copied()));
        let directives = selection.directives.as_ref().map(|ids| self.of_directives(ids, selection.reach));
        let requirements = selection.requirements.as_ref().map(|ids| self.among("o.requirement_id", ids.iter().copied()));
        let kinds = (!selection.kinds.is_empty()).then(|| format!("r.kind IN ({})", codes(selection.kinds.iter().copied())));
        let states = (!selection.states.is_empty()).then(|| format!("o.state IN ({})", codes(selection.states.iter().copied())));
        let overdue = selection.overdue.map(|wanted| only(wanted, overdue_condition(self.bind(today))));
        let late = selection.late.map(|wanted| only(wanted, late_condition()));
        let from = selection.due.from.map(|from| format!("o.due_on >= ${}", self.bind(from)));
        let to = selection.due.to.map(|to| format!("o.due_on <= ${}", self.bind(to)));
        let period = selection.period.as_ref().map(|period| format!("o.period = ${}", self.bind(period.as_str())));
        let verifying = selection.verifying.as_ref().map(|verifying| self.verifying(verifying));
        self.conditions.extend(
            [own, units, directives, requirements, kinds, states, overdue, late, from, to, period, verifying].into_iter().flatten(),
        );
    }

    /// What is of the directives, or of their lineage, which is a set: diamonds count once (C4).
    fn of_directives(&mut self, ids: &[DirectiveId], reach: Reach) -> String {
        if reach == Reach::Scope {
            return self.among("o.directive_id", ids.iter().copied());
        }
        let named = self.among("id", ids.iter().copied());
        let kinds = codes([RelationKind::Implements, RelationKind::Amends, RelationKind::Supplements]);
        let issued = codes(DirectiveStatus::ALL.into_iter().filter(|status| status.was_issued()));
        format!(
            "o.directive_id IN (WITH RECURSIVE line(id) AS (SELECT id FROM directive WHERE {named} UNION \
             SELECT x.from_id FROM line JOIN directive_relation x ON x.to_id = line.id AND x.kind IN ({kinds}) \
             JOIN directive n ON n.id = x.from_id AND n.status IN ({issued})) SELECT id FROM line)"
        )
    }

    /// What waits for the verifier (L2): the superior decides where the verification says so, and where the issuer is the unit itself.
    fn verifying(&mut self, verifying: &Verifying) -> String {
        let below = self.among("o.unit_id", verifying.below.iter().copied());
        let issuers = self.among("d.issuer_id", verifying.issuers.iter().copied());
        let verifier = self.bind(Uuid::from(verifying.verifier));
        let (reported, issuer, waiting) = (State::Reported.code(), Verification::Issuer.code(), ReportStanding::Waiting.code());
        format!(
            "o.state = '{reported}' AND (((r.verification <> '{issuer}' OR d.issuer_id = o.unit_id) AND {below}) \
             OR (r.verification = '{issuer}' AND d.issuer_id <> o.unit_id AND {issuers})) \
             AND NOT EXISTS (SELECT 1 FROM report_obligation w JOIN report p ON p.id = w.report_id WHERE w.obligation_id = o.id \
             AND w.standing = '{waiting}' AND p.submitted_by_id = ${verifier} AND NOT p.paper)"
        )
    }

    /// The join that a list in tree order needs.
    fn order_by_place(&mut self, order: ListOrder, selection: &ObligationSelection) -> String {
        if order != ListOrder::Tree {
            return String::new();
        }
        let among = Among::new(self.engine, selection.units.iter().flat_map(|units| units.iter().copied()));
        let table = among.table(self.values.len() + 1);
        self.bind(among.value());
        format!(" JOIN {table} placed ON placed.id = o.unit_id")
    }

    /// Only what comes after the key in the list (from its start), or before it (from its finish).
    fn beyond(&mut self, key: ListKey, from: Side) {
        let id = self.bind(Uuid::from(key.id));
        let (more, less) = match from {
            Side::Start => (">", "<"),
            Side::Finish => ("<", ">"),
        };
        let condition = match key.at {
            Anchor::DueOn(None) if from == Side::Start => format!("(o.due_on IS NULL AND o.id > ${id})"),
            Anchor::DueOn(None) => format!("(o.due_on IS NOT NULL OR o.id < ${id})"),
            Anchor::DueOn(Some(due_on)) => {
                let due_on = self.bind(due_on);
                let undated = if from == Side::Start { "o.due_on IS NULL OR " } else { "" };
                format!("({undated}o.due_on {more} ${due_on} OR (o.due_on = ${due_on} AND o.id {more} ${id}))")
            }
            Anchor::Unit(unit, place) => {
                let (unit, place) = (self.bind(Uuid::from(unit)), self.bind(place));
                let at = match from {
                    Side::Start => format!("placed.place = ${place} AND (o.unit_id <> ${unit} OR o.id > ${id})"),
                    Side::Finish => format!("o.unit_id = ${unit} AND o.id < ${id}"),
                };
                format!("(placed.place {more} ${place} OR ({at}))")
            }
            Anchor::UpdatedAt(updated_at) => {
                let updated_at = self.bind(updated_at);
                format!("(o.updated_at {less} ${updated_at} OR (o.updated_at = ${updated_at} AND o.id {less} ${id}))")
            }
        };
        self.narrow(condition);
    }
}

fn only(wanted: bool, condition: String) -> String {
    if wanted { condition } else { format!("NOT {condition}") }
}
