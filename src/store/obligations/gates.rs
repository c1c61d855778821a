//! What must be done before an obligation can be fulfilled (L5).

use std::collections::HashMap;

use chidao_domain::directive::Recurrence;
use chidao_domain::ids::{ObligationId, RequirementId, UnitId};
use chidao_domain::obligation::{Counted, Earlier, Gate, Share, State};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;

#[derive(FromQueryResult)]
struct EarlierRow {
    obligation_id: Uuid,
    earlier_id: Uuid,
    requirement_id: Uuid,
    ordinal: i32,
    title: String,
    state: String,
}

/// What must be done before each of the chosen obligations (L5).
///
/// # Errors
/// A fault of the database.
pub(super) async fn load_gates(
    sql: &impl ConnectionTrait,
    engine: Engine,
    condition: &str,
    value: &Value,
) -> Result<HashMap<ObligationId, Gate>, Fault> {
    let mut gates = load_earlier(sql, engine, condition, value).await?;
    let (shared, shares) = load_shares(sql, engine, condition, value).await?;
    for (obligation, key) in shared {
        gates.entry(obligation).or_default().share = shares.get(&key).cloned();
    }
    Ok(gates)
}

/// The unit's own obligations on the requirements that come before, of the same period where both recur.
async fn load_earlier(
    sql: &impl ConnectionTrait,
    engine: Engine,
    condition: &str,
    value: &Value,
) -> Result<HashMap<ObligationId, Gate>, Fault> {
    let text = format!(
        "SELECT o.id AS obligation_id, e.id AS earlier_id, e.requirement_id, q.ordinal, q.title, e.state FROM obligation o \
         JOIN requirement r ON r.id = o.requirement_id JOIN requirement_after a ON a.requirement_id = o.requirement_id \
         JOIN requirement q ON q.id = a.after_id JOIN obligation e ON e.requirement_id = a.after_id AND e.unit_id = o.unit_id \
         WHERE (r.recurrence = '{once}' OR q.recurrence = '{once}' OR e.period = o.period) AND {condition} ORDER BY q.ordinal, e.period",
        once = Recurrence::None.code(),
    );
    let rows = EarlierRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [value.clone()])).all(sql).await?;
    let mut gates: HashMap<ObligationId, Gate> = HashMap::new();
    for row in rows {
        gates.entry(ObligationId(row.obligation_id)).or_default().after.push(Earlier {
            obligation: ObligationId(row.earlier_id),
            requirement: RequirementId(row.requirement_id),
            ordinal: u32::try_from(row.ordinal).unwrap_or_default(),
            title: row.title.into(),
            state: State::decode(&row.state)?,
        });
    }
    Ok(gates)
}

/// A requirement and a period.
type Key = (Uuid, String);

#[derive(FromQueryResult)]
struct CountedRow {
    id: Uuid,
    requirement_id: Uuid,
    period: String,
    unit_id: Uuid,
    state: String,
    gate_share: String,
    is_chosen: bool,
}

/// The chosen obligations whose requirement asks for a share of the units below; and those shares, each with all counted obligations of its
/// requirement and period (C1), which all that ask for it have in common.
async fn load_shares(
    sql: &impl ConnectionTrait,
    engine: Engine,
    condition: &str,
    value: &Value,
) -> Result<(Vec<(ObligationId, Key)>, HashMap<Key, Share>), Fault> {
    let not_counted = [State::Exempt, State::Released, State::Transferred].map(|state| format!("'{}'", state.code())).join(", ");
    let text = format!(
        "WITH chosen AS (SELECT o.id, o.requirement_id, o.period FROM obligation o JOIN requirement q ON q.id = o.requirement_id \
           WHERE q.gate_share IS NOT NULL AND {condition}) \
         SELECT b.id, b.requirement_id, b.period, b.unit_id, b.state, q.gate_share, \
           EXISTS (SELECT 1 FROM chosen WHERE chosen.id = b.id) AS is_chosen \
         FROM (SELECT DISTINCT requirement_id, period FROM chosen) k JOIN requirement q ON q.id = k.requirement_id \
         JOIN obligation b ON b.requirement_id = k.requirement_id AND b.period = k.period \
         WHERE b.state NOT IN ({not_counted}) OR EXISTS (SELECT 1 FROM chosen WHERE chosen.id = b.id)"
    );
    let rows = CountedRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [value.clone()])).all(sql).await?;
    let mut chosen = Vec::new();
    let mut counted: HashMap<Key, (String, Vec<Counted>)> = HashMap::new();
    for row in rows {
        let key = (row.requirement_id, row.period);
        let (obligation, state) = (ObligationId(row.id), State::decode(&row.state)?);
        if row.is_chosen {
            chosen.push((obligation, key.clone()));
        }
        let (_, list) = counted.entry(key).or_insert_with(|| (row.gate_share, Vec::new()));
        if !matches!(state, State::Exempt | State::Released | State::Transferred) {
            list.push(Counted { obligation, unit: UnitId(row.unit_id), state });
        }
    }
    let share = |(key, (of, counted)): (Key, (String, Vec<Counted>))| {
        let unreadable = |_| Fault::Corrupt { table: "requirement.gate_share", wanted: "decimal", value: of.clone() };
        Ok((key, Share { of: of.parse().map_err(unreadable)?, counted: counted.into() }))
    };
    Ok((chosen, counted.into_iter().map(share).collect::<Result<_, Fault>>()?))
}
