//! What a batch does to obligations and grants, as it is kept: the numbers beside the batch, the list by itself.

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::ReorganizationId;
use chidao_entity::reorganization;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _, QuerySelect as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::error::Fault;
use crate::store::tx::Tx;

/// What a batch does beyond the tree, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effects {
    /// Obligations that pass to successors (S1–S3).
    pub transferred: usize,
    /// Obligations that bind no more (B6, S1, S3, S4).
    pub released: usize,
    /// Obligations that come into being (S1, S2, B4).
    pub created: usize,
    /// Grants on units that end (A1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants_ending: Vec<Uuid>,
}

/// What happens to an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Happening {
    /// It passes to successors.
    Transferred,
    /// It binds no more.
    Released,
    /// It lasts though its unit leaves (S4).
    Kept,
    /// It comes into being.
    Created,
    /// It takes over another one beside its own (S1).
    Linked,
    /// Its unit is back, and takes it up again (B4).
    BoundAgain,
    /// It returns to the state before, since what closed it was a mistake (O5).
    Returned,
}

/// One thing that happens to one obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObligationEffect {
    /// What.
    pub happening: Happening,
    /// The obligation; none: it does not exist yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obligation: Option<Uuid>,
    /// Its requirement.
    pub requirement: Uuid,
    /// The unit that it binds.
    pub unit: Uuid,
    /// Its period, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// The code of the cause of its closing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The words of who decided it (S4), or of who took a batch back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why the unit is bound, as the codes of the rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The code of its state afterwards.
    pub state: String,
    /// Its last day afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    /// The obligations that it follows by this batch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub predecessors: Vec<Uuid>,
    /// The units that it passes to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<Uuid>,
}

/// The list of what a batch does to obligations, in the order in which it acts.
pub type Consequences = Vec<ObligationEffect>;

/// Keeps what a batch does; what was kept before, when it was planned, is gone.
///
/// # Errors
/// A fault of the database.
pub async fn save_effects(tx: &Tx, id: ReorganizationId, effects: &Effects, consequences: &[ObligationEffect]) -> Result<(), Fault> {
    reorganization::Entity::update_many()
        .col_expr(reorganization::Column::Effects, Expr::value(serde_json::to_string(effects)?))
        .col_expr(reorganization::Column::Consequences, Expr::value(serde_json::to_string(consequences)?))
        .filter(reorganization::Column::Id.eq(Uuid::from(id)))
        .exec(tx.sql())
        .await?;
    Ok(())
}

/// What each of the batches does to obligations.
///
/// # Errors
/// A fault of the database.
pub async fn load_consequences(
    sql: &impl ConnectionTrait,
    ids: &[ReorganizationId],
) -> Result<HashMap<ReorganizationId, Consequences>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let query = reorganization::Entity::find().select_only();
    let query = query.columns([reorganization::Column::Id, reorganization::Column::Consequences]);
    let rows: Vec<(Uuid, Option<String>)> = query.filter(reorganization::Column::Id.is_in(ids)).into_tuple().all(sql).await?;
    let mut found = HashMap::new();
    for (id, text) in rows {
        found.insert(ReorganizationId(id), text.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default());
    }
    Ok(found)
}
