//! The obligations that a change of the tree may concern.

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::ids::{ObligationId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use chidao_domain::succession::{Bond, Cause};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::{HeldRow, IDS_PER_STATEMENT};
use crate::store::among::{Among, Pairs};
use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;

const COLUMNS: &str = "o.id, o.requirement_id, o.unit_id, o.period, o.state, o.due_on, o.reported_on, o.kept, o.closing_cause, \
    CASE WHEN o.state <> 'RELEASED' THEN FALSE ELSE NOT EXISTS (SELECT 1 FROM obligation_reason g \
      WHERE g.obligation_id = o.id AND g.ended_by_id IS NULL AND g.rule <> 'AGAIN') END AS is_void";

/// Which obligations of some units, or of some issuers, are loaded; of directives in force only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The open ones of units.
    OpenOf,
    /// All of units.
    AllOf,
    /// Of units, the open ones and those that may come back (B4).
    OpenOrLeftOf,
    /// The same of all directives of issuers.
    OpenOrLeftOfIssuers,
}

impl Which {
    fn column(self) -> &'static str {
        match self {
            Self::OpenOf | Self::AllOf | Self::OpenOrLeftOf => "o.unit_id",
            Self::OpenOrLeftOfIssuers => "d.issuer_id",
        }
    }

    fn condition(self) -> String {
        let open: Vec<String> = State::ALL.into_iter().filter(|state| state.is_open()).map(|state| format!("'{}'", state.code())).collect();
        let open = format!("o.state IN ({})", open.join(", "));
        match self {
            Self::OpenOf => format!(" AND {open}"),
            Self::AllOf => String::new(),
            Self::OpenOrLeftOf | Self::OpenOrLeftOfIssuers => {
                let causes = Cause::ALL.into_iter().filter(|cause| cause.ends_when_back());
                let causes: Vec<String> = causes.map(|cause| format!("'{}'", cause.code())).collect();
                format!(" AND ({open} OR (o.state = '{}' AND o.closing_cause IN ({})))", State::Released.code(), causes.join(", "))
            }
        }
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    requirement_id: Uuid,
    unit_id: Uuid,
    period: String,
    state: String,
    due_on: Option<Day>,
    reported_on: Option<Day>,
    kept: bool,
    closing_cause: Option<String>,
    is_void: bool,
}

/// What has been found so far, each once.
pub(super) struct Found<'a, C> {
    sql: &'a C,
    engine: Engine,
    bonds: HashMap<Uuid, usize>,
    rows: HashMap<ObligationId, HeldRow>,
}

impl<'a, C: ConnectionTrait> Found<'a, C> {
    pub(super) fn new(sql: &'a C, engine: Engine, bonds: &[Bond]) -> Self {
        let bonds = bonds.iter().enumerate().map(|(at, bond)| (bond.requirement.0, at)).collect();
        Self { sql, engine, bonds, rows: HashMap::new() }
    }

    pub(super) async fn load(&mut self, which: Which, ids: &[UnitId]) -> Result<(), Fault> {
        for some in ids.chunks(IDS_PER_STATEMENT) {
            let among = Among::new(self.engine, some.iter().copied());
            let text = format!(
                "SELECT {COLUMNS} FROM obligation o JOIN directive d ON d.id = o.directive_id WHERE d.status = 'ISSUED' AND {}{}",
                among.holds(which.column(), 1),
                which.condition(),
            );
            self.take(text, among.value()).await?;
        }
        Ok(())
    }

    /// In any state, those of these requirements and units.
    pub(super) async fn load_keys(&mut self, keys: Vec<(RequirementId, UnitId)>) -> Result<(), Fault> {
        for some in keys.chunks(IDS_PER_STATEMENT) {
            let pairs = Pairs::new(self.engine, some.iter().copied());
            let text = format!(
                "SELECT {COLUMNS} FROM {} wanted JOIN obligation o ON o.requirement_id = wanted.one AND o.unit_id = wanted.other",
                pairs.table(1),
            );
            self.take(text, pairs.value()).await?;
        }
        Ok(())
    }

    async fn take(&mut self, text: String, value: Value) -> Result<(), Fault> {
        let statement = Statement::from_sql_and_values(self.engine.backend(), text, [value]);
        for row in Row::find_by_statement(statement).all(self.sql).await? {
            let Some(&bond) = self.bonds.get(&row.requirement_id) else { continue };
            let held = HeldRow {
                id: ObligationId(row.id),
                bond,
                unit: UnitId(row.unit_id),
                period: row.period,
                state: State::decode(&row.state)?,
                due_on: row.due_on,
                reported_on: row.reported_on,
                kept: row.kept,
                cause: row.closing_cause.as_deref().map(Cause::decode).transpose()?,
                is_void: row.is_void,
            };
            self.rows.insert(held.id, held);
        }
        Ok(())
    }

    /// By requirement, then in tree order, then by period.
    pub(super) fn into_rows(self, forest: &Forest) -> Vec<HeldRow> {
        let mut rows: Vec<HeldRow> = self.rows.into_values().collect();
        rows.sort_by_cached_key(|row| (row.bond, forest.place(row.unit).unwrap_or(usize::MAX), row.unit, row.period.clone()));
        rows
    }
}
