//! What an annulled batch closed and brought into being, and how it comes back (O5).

use std::collections::{BTreeMap, HashMap};

use chidao_domain::ids::{DirectiveId, ObligationId, ReorganizationId};
use chidao_domain::obligation::{State, Step};
use chidao_domain::scope::BindingRule;
use chidao_domain::succession::{Closed, Follows, Grounded, LinkedBy, Returned};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::save::{keep_step, reopened};
use super::{Carried, IDS_PER_STATEMENT};
use crate::store::among::Among;
use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::obligations::update_obligations;
use crate::store::reports::ReportStanding;
use crate::store::tx::Tx;

#[derive(FromQueryResult)]
struct ClosedRow {
    id: Uuid,
    before: String,
    now: String,
}

/// What the batch transferred or released of directives in force, or of one only, and that is still as it left it.
///
/// # Errors
/// A fault of the database.
pub async fn load_closed(
    sql: &impl ConnectionTrait,
    engine: Engine,
    (batch, only): (ReorganizationId, Option<DirectiveId>),
) -> Result<Vec<Closed>, Fault> {
    let text = "SELECT o.id, p.state AS before, o.state AS now FROM obligation_step s \
                JOIN obligation o ON o.id = s.obligation_id AND o.version = s.version \
                JOIN directive d ON d.id = o.directive_id AND d.status = 'ISSUED' \
                JOIN obligation_step p ON p.obligation_id = s.obligation_id AND p.version = s.version - 1 \
                WHERE s.reorganization_id = $1 AND s.step IN ('TRANSFER', 'RELEASE') AND ($2 IS NULL OR d.id = $2) ORDER BY o.id";
    let values: [Value; 2] = [Uuid::from(batch).into(), only.map(Uuid::from).into()];
    let statement = Statement::from_sql_and_values(engine.backend(), text, values);
    let rows = ClosedRow::find_by_statement(statement).all(sql).await?;
    let closed = |row: ClosedRow| {
        Ok(Closed { obligation: ObligationId(row.id), before: State::decode(&row.before)?, now: State::decode(&row.now)? })
    };
    rows.into_iter().map(closed).collect()
}

#[derive(FromQueryResult)]
struct GroundRow {
    id: Uuid,
    state: String,
    rule: Option<String>,
    predecessor_id: Option<Uuid>,
    of_the_batch: bool,
    passed_on: bool,
}

/// What the batch closed, and everything that follows something by it, or follows that, directly or not; of directives in force, or of one
/// only.
///
/// # Errors
/// A fault of the database.
pub async fn load_line(
    sql: &impl ConnectionTrait,
    engine: Engine,
    (batch, only): (ReorganizationId, Option<DirectiveId>),
) -> Result<Vec<Grounded>, Fault> {
    let text = "WITH RECURSIVE line(id) AS (\
                  SELECT r.obligation_id FROM obligation_reason r \
                  WHERE r.reorganization_id = $1 AND r.predecessor_id IS NOT NULL AND r.ended_by_id IS NULL \
                  UNION SELECT s.obligation_id FROM obligation_step s \
                  WHERE s.reorganization_id = $1 AND s.step IN ('TRANSFER', 'RELEASE') \
                  UNION SELECT r.obligation_id FROM line JOIN obligation_reason r ON r.predecessor_id = line.id AND r.ended_by_id IS NULL) \
                SELECT o.id, o.state, r.rule, r.predecessor_id, r.reorganization_id IS NOT DISTINCT FROM $1 AS of_the_batch, \
                  EXISTS (SELECT 1 FROM obligation p JOIN obligation_step s ON s.obligation_id = p.id AND s.version = p.version \
                          WHERE p.id = r.predecessor_id AND s.step = 'TRANSFER' AND s.reorganization_id = r.reorganization_id) AS passed_on \
                FROM line JOIN obligation o ON o.id = line.id JOIN directive d ON d.id = o.directive_id AND d.status = 'ISSUED' \
                  AND ($2 IS NULL OR d.id = $2) \
                LEFT JOIN obligation_reason r ON r.obligation_id = o.id AND r.ended_by_id IS NULL ORDER BY o.id, r.ordinal";
    let values: [Value; 2] = [Uuid::from(batch).into(), only.map(Uuid::from).into()];
    let statement = Statement::from_sql_and_values(engine.backend(), text, values);
    let mut line: Vec<Grounded> = Vec::new();
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    for row in GroundRow::find_by_statement(statement).all(sql).await? {
        let at = *places.entry(row.id).or_insert(line.len());
        if at == line.len() {
            let (obligation, state) = (ObligationId(row.id), State::decode(&row.state)?);
            line.push(Grounded { obligation, state, is_bound_itself: false, follows: Vec::new() });
        }
        match row.rule.as_deref().map(BindingRule::decode).transpose()? {
            Some(BindingRule::Scope | BindingRule::Included | BindingRule::Late) => line[at].is_bound_itself = true,
            Some(BindingRule::Again) | None => {}
            Some(BindingRule::Succession) => {
                let by = match (row.of_the_batch, row.passed_on) {
                    (true, _) => LinkedBy::Annulled,
                    (false, true) => LinkedBy::Transfer,
                    (false, false) => LinkedBy::Another,
                };
                line[at].follows.extend(row.predecessor_id.map(|id| Follows { predecessor: ObligationId(id), by }));
            }
        }
    }
    Ok(line)
}

/// Nothing follows these any more by the batch: since the annulment.
///
/// # Errors
/// A fault of the database.
pub async fn save_parted(tx: &Tx, annulment: Carried, batch: ReorganizationId, parted: &[ObligationId]) -> Result<(), Fault> {
    for some in parted.chunks(IDS_PER_STATEMENT) {
        let among = Among::new(tx.engine(), some.iter().copied());
        let text = format!(
            "UPDATE obligation_reason SET ended_by_id = $2 WHERE reorganization_id = $3 AND ended_by_id IS NULL AND {}",
            among.holds("predecessor_id", 1)
        );
        tx.execute(text, vec![among.value(), Uuid::from(annulment.by).into(), Uuid::from(batch).into()]).await?;
    }
    Ok(())
}

/// Obligations return to the state before, with their own dates; the report that waited waits again.
///
/// # Errors
/// A fault of the database.
pub async fn save_returned(tx: &Tx, carried: Carried, returned: &[Returned], reason: &str) -> Result<(), Fault> {
    let mut groups: BTreeMap<State, Vec<ObligationId>> = BTreeMap::new();
    for one in returned {
        groups.entry(one.to).or_default().push(one.obligation);
    }
    for (to, ids) in groups {
        for some in ids.chunks(IDS_PER_STATEMENT) {
            update_obligations(tx, some, reopened(to)).await?;
            keep_step(tx, carried, some, (Step::Annul.code(), Some(reason))).await?;
            if to == State::Reported {
                wait_again(tx, some).await?;
            }
        }
    }
    Ok(())
}

async fn wait_again(tx: &Tx, ids: &[ObligationId]) -> Result<(), Fault> {
    let among = Among::new(tx.engine(), ids.iter().copied());
    let text = format!(
        "UPDATE report_obligation SET standing = $2 WHERE standing = $3 AND {} AND version = \
         (SELECT MAX(other.version) FROM report_obligation other WHERE other.obligation_id = report_obligation.obligation_id)",
        among.holds("obligation_id", 1)
    );
    let values = vec![among.value(), ReportStanding::Waiting.code().into(), ReportStanding::Dropped.code().into()];
    tx.execute(text, values).await
}
