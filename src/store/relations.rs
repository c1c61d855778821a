//! Which directive relates to which (D2, D4).

use std::collections::HashMap;

use chidao_domain::directive::{Implements, RelationKind};
use chidao_domain::ids::DirectiveId;
use chidao_entity::directive_relation;
use sea_orm::sea_query::{ExprTrait as _, IntoCondition};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, Set, Statement};
use uuid::Uuid;

use crate::store::among::Among;
use crate::store::code::{Coded as _, codes};
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::journal::insert_all;
use crate::store::tx::Tx;

codes!("kind of relation", RelationKind {
    Implements => "IMPLEMENTS",
    Amends => "AMENDS",
    Supplements => "SUPPLEMENTS",
    Replaces => "REPLACES",
    Repeals => "REPEALS",
});

/// One directive relates to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The one that says so.
    pub from: DirectiveId,
    /// How.
    pub kind: RelationKind,
    /// The one that it is about.
    pub to: DirectiveId,
    /// What exactly.
    pub note: Option<String>,
}

/// The relations that each of `directives` states, in a fixed order.
///
/// # Errors
/// A fault of the database.
pub async fn load_relations(sql: &impl ConnectionTrait, directives: &[DirectiveId]) -> Result<HashMap<DirectiveId, Vec<Relation>>, Fault> {
    let stated = directive_relation::Column::FromId.is_in(directives.iter().map(|id| Uuid::from(*id)));
    load(sql, stated, |relation| (relation.from, relation.to)).await
}

/// By which directives each of `directives` is amended, supplemented, replaced or repealed, or would be: drafts are among them (D2).
///
/// # Errors
/// A fault of the database.
pub async fn load_changes(sql: &impl ConnectionTrait, directives: &[DirectiveId]) -> Result<HashMap<DirectiveId, Vec<Relation>>, Fault> {
    let of_these = directive_relation::Column::ToId.is_in(directives.iter().map(|id| Uuid::from(*id)));
    let changing = directive_relation::Column::Kind.ne(RelationKind::Implements.code());
    load(sql, of_these.and(changing), |relation| (relation.to, relation.from)).await
}

/// The relations that fulfil a condition, by one end of each and ordered by the other.
async fn load(
    sql: &impl ConnectionTrait,
    condition: impl IntoCondition,
    ends: impl Fn(&Relation) -> (DirectiveId, DirectiveId),
) -> Result<HashMap<DirectiveId, Vec<Relation>>, Fault> {
    let mut found: HashMap<DirectiveId, Vec<Relation>> = HashMap::new();
    for row in directive_relation::Entity::find().filter(condition).all(sql).await? {
        let kind = RelationKind::decode(&row.kind)?;
        let relation = Relation { from: DirectiveId(row.from_id), kind, to: DirectiveId(row.to_id), note: row.note };
        found.entry(ends(&relation).0).or_default().push(relation);
    }
    found.values_mut().for_each(|relations| relations.sort_by_key(|relation| (relation.kind, ends(relation).1)));
    Ok(found)
}

/// Gives a directive these relations and no others.
///
/// # Errors
/// A fault of the database.
pub async fn replace_relations(tx: &Tx, directive: DirectiveId, relations: &[Relation]) -> Result<(), Fault> {
    let old = directive_relation::Column::FromId.eq(Uuid::from(directive));
    directive_relation::Entity::delete_many().filter(old).exec(tx.sql()).await?;
    let rows = relations.iter().map(|relation| directive_relation::ActiveModel {
        from_id: Set(directive.into()),
        kind: Set(relation.kind.code().into()),
        to_id: Set(relation.to.into()),
        note: Set(relation.note.clone()),
    });
    Ok(insert_all(tx.sql(), rows).await?)
}

#[derive(FromQueryResult)]
struct Edge {
    from_id: Uuid,
    to_id: Uuid,
}

/// Every `IMPLEMENTS` on the ways up from each of `directives`, each once (D4): `UNION` keeps each edge once, so that diamonds, and even a
/// cycle, end.
///
/// # Errors
/// A fault of the database.
pub async fn load_edges_above(sql: &impl ConnectionTrait, engine: Engine, directives: &[DirectiveId]) -> Result<Vec<Implements>, Fault> {
    let from = Among::new(engine, directives.iter().copied());
    let text = format!(
        "WITH RECURSIVE above(from_id, to_id) AS ( \
           SELECT from_id, to_id FROM directive_relation WHERE kind = 'IMPLEMENTS' AND {} \
           UNION \
           SELECT r.from_id, r.to_id FROM directive_relation r JOIN above a ON r.from_id = a.to_id WHERE r.kind = 'IMPLEMENTS' \
         ) SELECT from_id, to_id FROM above",
        from.holds("from_id", 1)
    );
    let rows = Edge::find_by_statement(Statement::from_sql_and_values(engine.backend(), text, [from.value()])).all(sql).await?;
    Ok(rows.into_iter().map(|row| Implements { from: DirectiveId(row.from_id), to: DirectiveId(row.to_id) }).collect())
}
