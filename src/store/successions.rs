//! Who takes over from whom, as far as batches hold (O6).

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{ReorganizationId, UnitId};
use chidao_domain::reorganization::SuccessionKind;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::store::among::Among;
use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;

/// One unit that takes over from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The unit that ends or is split.
    pub from: UnitId,
    /// The unit that takes over.
    pub to: UnitId,
    /// How.
    pub kind: SuccessionKind,
    /// The day from which it holds.
    pub effective_on: Day,
    /// The batch.
    pub reorganization: ReorganizationId,
}

/// Which end of a succession is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The unit that ends or is split.
    From,
    /// The unit that takes over.
    To,
}

#[derive(FromQueryResult)]
struct Row {
    from_id: Uuid,
    to_id: Uuid,
    kind: String,
    effective_on: Day,
    reorganization_id: Uuid,
}

/// The successions at that end of each of `units`, in the order in which they act; planned ones too. What an annulment keeps only says where
/// a unit counts that had ended before.
///
/// # Errors
/// A fault of the database.
pub async fn load_successions(
    sql: &impl ConnectionTrait,
    engine: Engine,
    end: End,
    units: &[UnitId],
) -> Result<HashMap<UnitId, Vec<Succession>>, Fault> {
    let column = match end {
        End::From => "from_id",
        End::To => "to_id",
    };
    let among = Among::new(engine, units.iter().copied());
    let text = format!(
        "SELECT s.from_id, s.to_id, s.kind, r.effective_on, s.reorganization_id \
         FROM succession s JOIN reorganization r ON r.id = s.reorganization_id \
         WHERE r.status IN ('PLANNED', 'ENACTED') AND r.annuls_id IS NULL AND {} \
         ORDER BY r.effective_on, r.ordinal, s.ordinal",
        among.holds(&format!("s.{column}"), 1),
    );
    let mut found: HashMap<UnitId, Vec<Succession>> = HashMap::new();
    for row in Row::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [among.value()])).all(sql).await? {
        let succession = Succession {
            from: row.from_id.into(),
            to: row.to_id.into(),
            kind: SuccessionKind::decode(&row.kind)?,
            effective_on: row.effective_on,
            reorganization: row.reorganization_id.into(),
        };
        let of = match end {
            End::From => succession.from,
            End::To => succession.to,
        };
        found.entry(of).or_default().push(succession);
    }
    Ok(found)
}
