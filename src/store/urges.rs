//! Reminders from units above to units that are behind (L9).

use std::collections::HashMap;

use chidao_domain::ids::{DirectiveId, ObligationId, PrincipalId, UnitId};
use chidao_entity::{urge, urge_obligation};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait as _, FromQueryResult, Set, Statement};
use uuid::Uuid;

use crate::store::among::Among;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::journal::insert_all;
use crate::store::tx::Tx;

/// A reminder as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urge {
    /// Its id.
    pub id: Uuid,
    /// The unit that urges; `None` where a grant over the whole forest gave the right.
    pub on_behalf_of: Option<UnitId>,
    /// Who entered it.
    pub by: PrincipalId,
    /// What is said.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a reminder about obligations on a directive.
///
/// # Errors
/// A fault of the database.
pub async fn insert_urge(tx: &Tx, directive: DirectiveId, new: &Urge, about: &[ObligationId]) -> Result<(), Fault> {
    let row = urge::ActiveModel {
        id: Set(new.id),
        directive_id: Set(directive.into()),
        on_behalf_of_id: Set(new.on_behalf_of.map(Uuid::from)),
        by_id: Set(new.by.into()),
        words: Set(new.words.clone()),
        at: Set(new.at),
    };
    urge::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    let rows = about.iter().map(|id| urge_obligation::ActiveModel { urge_id: Set(new.id), obligation_id: Set((*id).into()) });
    Ok(insert_all(tx.sql(), rows).await?)
}

#[derive(FromQueryResult)]
struct UrgeRow {
    obligation_id: Uuid,
    id: Uuid,
    on_behalf_of_id: Option<Uuid>,
    by_id: Uuid,
    words: String,
    at: DateTime<Utc>,
}

/// The reminders about each of `obligations`, the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn load_urges(
    sql: &impl ConnectionTrait,
    engine: Engine,
    obligations: &[ObligationId],
) -> Result<HashMap<ObligationId, Vec<Urge>>, Fault> {
    let among = Among::new(engine, obligations.iter().copied());
    let text = format!(
        "SELECT a.obligation_id, u.id, u.on_behalf_of_id, u.by_id, u.words, u.at FROM urge_obligation a JOIN urge u ON u.id = a.urge_id \
         WHERE {} ORDER BY u.id DESC",
        among.holds("a.obligation_id", 1)
    );
    let rows = UrgeRow::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [among.value()])).all(sql).await?;
    let mut found: HashMap<ObligationId, Vec<Urge>> = HashMap::new();
    for row in rows {
        let (on_behalf_of, by) = (row.on_behalf_of_id.map(UnitId), PrincipalId(row.by_id));
        let urge = Urge { id: row.id, on_behalf_of, by, words: row.words, at: row.at };
        found.entry(ObligationId(row.obligation_id)).or_default().push(urge);
    }
    Ok(found)
}
