//! Lists of obligations by keyset: filtered, ordered and paged in one statement, also where many units or requirements ask for
//! their own list at the same time.

mod query;

pub(crate) use query::{late_condition, open_states, overdue_condition, past_condition, stood_then};

use std::collections::HashMap;
use std::sync::Arc;

use chidao_domain::day::{Day, DayRange};
use chidao_domain::directive::RequirementKind;
use chidao_domain::ids::{DirectiveId, ObligationId, PrincipalId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use self::query::{Query, sort};
use super::{COLUMNS, Obligation, TABLES, read_owned};
use crate::store::database::Engine;
use crate::store::error::Fault;

/// Which obligations a list holds; what is left out does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObligationSelection {
    /// Only those of these units, which stand in tree order.
    pub units: Option<Arc<[UnitId]>>,
    /// Besides those of the units: what is kept of units that have left (S4).
    pub kept: Option<KeptOutside>,
    /// For [`ListOrder::Tree`], where more than the units is held: all units in tree order.
    pub placed: Option<Arc<[UnitId]>>,
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
    /// Only those that have a due date, or only those that have none.
    pub dated: Option<bool>,
    /// Only those of standing duties, or only the others (B8).
    pub informative: Option<bool>,
    /// Only those whose directive is in force, or only those whose directive has ended.
    pub in_force: Option<bool>,
    /// Only those of this period.
    pub period: Option<String>,
    /// The past day at whose end those states and dates are asked for, and at which it must have been there; today where none is named (C7).
    pub on: Option<Day>,
    /// Only those whose report waits for somebody who may decide.
    pub verifying: Option<Verifying>,
}

/// What issuers keep of units that have left their subtrees (S4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeptOutside {
    /// The units that have left.
    pub units: Arc<[UnitId]>,
    /// The issuers.
    pub issuers: Arc<[UnitId]>,
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
    /// The units for which the verifier decides where the issuer does, those that have ended at their places.
    pub issuers: Arc<[UnitId]>,
    /// Units that have ended, each with its place, which stands for it as an issuer (B6).
    pub places: Arc<[(UnitId, UnitId)]>,
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
    /// One for each of these parts; owners are their places, as ids.
    Parts(&'a [Part]),
}

/// What stands behind one number of many: what is of one of the units and of one of the requirements, and is due then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The units.
    pub units: Arc<[UnitId]>,
    /// The requirements.
    pub requirements: Vec<RequirementId>,
    /// When it is due, where that is not the same for all parts.
    pub due: Option<PartDue>,
}

/// When what stands behind a number is due, and whether it has a date at all.
pub type PartDue = (DayRange, Option<bool>);

impl Owner<'_> {
    fn column(self) -> Option<&'static str> {
        match self {
            Self::Nobody => None,
            Self::Units(_) => Some("o.unit_id"),
            Self::Requirements(_) => Some("o.requirement_id"),
            Self::Parts(_) => Some("part.one"),
        }
    }
}

/// The rows of a window, from the end that it is read from; with owners, those of each, and whose each is.
///
/// # Errors
/// A fault of the database.
pub async fn list_obligations(
    sql: &impl ConnectionTrait,
    engine: Engine,
    (owner, selection, today): (Owner<'_>, &ObligationSelection, Day),
    window: &ListWindow,
) -> Result<Vec<(Option<Uuid>, Obligation)>, Fault> {
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
    let (condition, join) = (query.condition(), std::mem::take(&mut query.join));
    let text = match owner.column() {
        None => format!("SELECT {COLUMNS} FROM {TABLES}{place} WHERE {condition} ORDER BY {sort} LIMIT ${limit}"),
        Some(column) => format!(
            "SELECT * FROM (SELECT {COLUMNS}, {column} AS owner_id, ROW_NUMBER() OVER (PARTITION BY {column} ORDER BY {sort}) AS number \
             FROM {TABLES}{join}{place} WHERE {condition}) numbered WHERE number <= ${limit} ORDER BY number"
        ),
    };
    read_owned(sql, engine, text, query.values).await
}

#[derive(FromQueryResult)]
struct KeptRow {
    unit_id: Uuid,
    issuer_id: Uuid,
}

/// Of which units something is kept, and by which issuers (S4): few, since a person decides it each time.
///
/// # Errors
/// A fault of the database.
pub async fn load_kept(sql: &impl ConnectionTrait, engine: Engine) -> Result<Vec<(UnitId, UnitId)>, Fault> {
    let text = "SELECT DISTINCT o.unit_id, d.issuer_id FROM obligation o JOIN directive d ON d.id = o.directive_id WHERE o.kept";
    let rows = KeptRow::find_by_statement(Statement::from_string(engine.backend(), text)).all(sql).await?;
    Ok(rows.into_iter().map(|row| (UnitId(row.unit_id), UnitId(row.issuer_id))).collect())
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
    let (condition, join) = (query.condition(), std::mem::take(&mut query.join));
    let text = match owner.column() {
        None => format!("SELECT COUNT(*) AS count FROM {TABLES} WHERE {condition}"),
        Some(column) => format!("SELECT {column} AS owner_id, COUNT(*) AS count FROM {TABLES}{join} WHERE {condition} GROUP BY {column}"),
    };
    let statement = Statement::from_sql_and_values(engine.backend(), text, query.values);
    let rows = CountRow::find_by_statement(statement).all(sql).await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, usize::try_from(row.count).unwrap_or_default())).collect())
}
