//! What units say on drafts, kept for ever with them, and what is answered (D5).

use chidao_domain::directive::CommentDecision;
use chidao_domain::ids::{CommentId, DirectiveId, PrincipalId, UnitId};
use chidao_entity::draft_comment;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set};
use uuid::Uuid;

use crate::store::code::{Coded as _, codes};
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

/// The comment with that id.
///
/// # Errors
/// A fault of the database.
pub async fn load_comment(sql: &impl ConnectionTrait, id: CommentId) -> Result<Option<Comment>, Fault> {
    draft_comment::Entity::find_by_id(Uuid::from(id)).one(sql).await?.map(comment_of).transpose()
}

/// The comments on a draft, oldest first; `limit` at most, after the one that is named.
///
/// # Errors
/// A fault of the database.
pub async fn list_comments(
    sql: &impl ConnectionTrait,
    directive: DirectiveId,
    after: Option<CommentId>,
    limit: u64,
) -> Result<Vec<Comment>, Fault> {
    let mut query = draft_comment::Entity::find().filter(draft_comment::Column::DirectiveId.eq(Uuid::from(directive)));
    if let Some(after) = after {
        query = query.filter(draft_comment::Column::Id.gt(Uuid::from(after)));
    }
    // Ids are made in the order of time.
    let rows = query.order_by_asc(draft_comment::Column::Id).limit(limit).all(sql).await?;
    rows.into_iter().map(comment_of).collect()
}

/// How many comments there are on a draft.
///
/// # Errors
/// A fault of the database.
pub async fn count_comments(sql: &impl ConnectionTrait, directive: DirectiveId) -> Result<u64, Fault> {
    use sea_orm::PaginatorTrait as _;
    Ok(draft_comment::Entity::find().filter(draft_comment::Column::DirectiveId.eq(Uuid::from(directive))).count(sql).await?)
}
