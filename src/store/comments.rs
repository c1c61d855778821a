//! What units say on drafts, kept for ever with them, and what is answered (D5).

use std::collections::HashMap;

use chidao_domain::directive::CommentDecision;
use chidao_domain::ids::{CommentId, DirectiveId, PrincipalId, UnitId};
use chidao_entity::draft_comment;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, FromQueryResult as _, QueryFilter as _, QuerySelect as _, Set, Statement};
use uuid::Uuid;

use crate::store::among::Among;
use crate::store::code::{Coded as _, codes};
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::tx::Tx;

codes!("answer to a comment", CommentDecision {
    Accepted => "ACCEPTED",
    Partly => "PARTLY",
    Declined => "DECLINED",
});

/// A comment as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The draft.
    pub directive: DirectiveId,
    /// The unit that comments.
    pub unit: UnitId,
    /// Who wrote it down.
    pub author: PrincipalId,
    /// What it says.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What was answered.
    pub answer: Option<CommentAnswer>,
}

/// The answer to a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentAnswer {
    /// What was decided.
    pub decision: CommentDecision,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who decided.
    pub by: Option<PrincipalId>,
}

fn comment_of(row: draft_comment::Model) -> Result<Comment, Fault> {
    let decision = row.decision.as_deref().map(CommentDecision::decode).transpose()?;
    let answer = decision.zip(row.answered_at).map(|(decision, at)| CommentAnswer {
        decision,
        reason: row.answer_reason,
        at,
        by: row.answered_by_id.map(PrincipalId),
    });
    Ok(Comment {
        id: CommentId(row.id),
        directive: DirectiveId(row.directive_id),
        unit: UnitId(row.unit_id),
        author: PrincipalId(row.author_id),
        body: row.body,
        at: row.at,
        answer,
    })
}

/// Writes a new comment.
///
/// # Errors
/// A fault of the database.
pub async fn insert_comment(tx: &Tx, comment: &Comment) -> Result<(), Fault> {
    let row = draft_comment::ActiveModel {
        id: Set(comment.id.into()),
        directive_id: Set(comment.directive.into()),
        unit_id: Set(comment.unit.into()),
        author_id: Set(comment.author.into()),
        body: Set(comment.body.clone()),
        at: Set(comment.at),
        decision: Set(None),
        answer_reason: Set(None),
        answered_at: Set(None),
        answered_by_id: Set(None),
    };
    draft_comment::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// Writes the answer to a comment.
///
/// # Errors
/// A fault of the database.
pub async fn save_answer(tx: &Tx, comment: CommentId, answer: &CommentAnswer) -> Result<(), Fault> {
    draft_comment::Entity::update_many()
        .col_expr(draft_comment::Column::Decision, Expr::value(answer.decision.code()))
        .col_expr(draft_comment::Column::AnswerReason, Expr::value(answer.reason.clone()))
        .col_expr(draft_comment::Column::AnsweredAt, Expr::value(answer.at))
        .col_expr(draft_comment::Column::AnsweredById, Expr::value(answer.by.map(Uuid::from)))
        .filter(draft_comment::Column::Id.eq(Uuid::from(comment)))
        .exec(tx.sql())
        .await?;
    Ok(())
}

/// The comments with those ids.
///
/// # Errors
/// A fault of the database.
pub async fn load_comments(sql: &impl ConnectionTrait, ids: &[CommentId]) -> Result<HashMap<CommentId, Comment>, Fault> {
    let ids = ids.iter().map(|id| Uuid::from(*id));
    let rows = draft_comment::Entity::find().filter(draft_comment::Column::Id.is_in(ids)).all(sql).await?;
    rows.into_iter().map(|row| comment_of(row).map(|comment| (comment.id, comment))).collect()
}

/// The comment with that id.
///
/// # Errors
/// A fault of the database.
pub async fn load_comment(sql: &impl ConnectionTrait, id: CommentId) -> Result<Option<Comment>, Fault> {
    Ok(load_comments(sql, &[id]).await?.remove(&id))
}

/// The comments on each of `directives`, oldest first; `limit` of each at most, after the one that is named.
///
/// # Errors
/// A fault of the database.
pub async fn list_comments(
    sql: &impl ConnectionTrait,
    engine: Engine,
    directives: &[DirectiveId],
    after: Option<CommentId>,
    limit: u64,
) -> Result<HashMap<DirectiveId, Vec<Comment>>, Fault> {
    let of = Among::new(engine, directives.iter().copied());
    let (condition, mut values) = (of.holds("c.directive_id", 1), vec![of.value()]);
    // Ids are made in the order of time.
    let later = after.map(|after| {
        values.push(Uuid::from(after).into());
        " AND c.id > $2"
    });
    let text = format!(
        "SELECT * FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY c.directive_id ORDER BY c.id) AS number FROM draft_comment c \
         WHERE {condition}{}) numbered WHERE number <= {limit} ORDER BY number",
        later.unwrap_or_default()
    );
    let statement = Statement::from_sql_and_values(engine.backend(), text, values);
    let mut found: HashMap<DirectiveId, Vec<Comment>> = HashMap::new();
    for row in draft_comment::Model::find_by_statement(statement).all(sql).await? {
        found.entry(DirectiveId(row.directive_id)).or_default().push(comment_of(row)?);
    }
    Ok(found)
}

/// How many comments there are on each of `directives`; those without any are missing.
///
/// # Errors
/// A fault of the database.
pub async fn count_comments(sql: &impl ConnectionTrait, directives: &[DirectiveId]) -> Result<HashMap<DirectiveId, usize>, Fault> {
    let query = draft_comment::Entity::find()
        .select_only()
        .column(draft_comment::Column::DirectiveId)
        .column_as(draft_comment::Column::Id.count(), "count")
        .filter(draft_comment::Column::DirectiveId.is_in(directives.iter().map(|id| Uuid::from(*id))))
        .group_by(draft_comment::Column::DirectiveId);
    let rows: Vec<(Uuid, i64)> = query.into_tuple().all(sql).await?;
    Ok(rows.into_iter().map(|(id, count)| (DirectiveId(id), usize::try_from(count).unwrap_or_default())).collect())
}

/// Those of `directives` on which a comment waits for its answer (D5).
///
/// # Errors
/// A fault of the database.
pub async fn load_awaiting_answer(sql: &impl ConnectionTrait, directives: &[DirectiveId]) -> Result<Vec<DirectiveId>, Fault> {
    let query = draft_comment::Entity::find()
        .select_only()
        .column(draft_comment::Column::DirectiveId)
        .filter(draft_comment::Column::DirectiveId.is_in(directives.iter().map(|id| Uuid::from(*id))))
        .filter(draft_comment::Column::Decision.is_null())
        .distinct();
    let rows: Vec<Uuid> = query.into_tuple().all(sql).await?;
    Ok(rows.into_iter().map(DirectiveId).collect())
}
