//! Sessions and the refresh tokens that continue them. Tokens are stored hashed, and each is good for one renewal.

use chidao_domain::ids::{PrincipalId, SessionId};
use chidao_entity::{refresh_token, session};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _, Set};
use uuid::Uuid;

use crate::store::error::Fault;
use crate::store::tx::Tx;

/// A refresh token as it stands, with the session that it continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session.
    pub session: SessionId,
    /// Who logged in to it.
    pub principal: PrincipalId,
    /// Whether the token has not been used.
    pub is_fresh: bool,
    /// Whether the session has neither ended nor expired.
    pub session_goes_on: bool,
}

/// Writes a new session of `principal` and its first token.
///
/// # Errors
/// A fault of the database.
pub async fn insert_session(
    tx: &Tx,
    id: SessionId,
    principal: PrincipalId,
    token_hash: String,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = session::ActiveModel {
        id: Set(id.into()),
        principal_id: Set(principal.into()),
        started_at: Set(tx.now()),
        expires_at: Set(expires_at),
        ended_at: Set(None),
    };
    session::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    insert_token(tx, id, token_hash).await
}

async fn insert_token(tx: &Tx, session: SessionId, token_hash: String) -> Result<(), Fault> {
    let row = refresh_token::ActiveModel {
        token_hash: Set(token_hash),
        session_id: Set(session.into()),
        issued_at: Set(tx.now()),
        used_at: Set(None),
    };
    refresh_token::Entity::insert(row).exec_without_returning(tx.sql()).await?;
    Ok(())
}

/// The refresh token with that hash, as it stands at `now`.
///
/// # Errors
/// A fault of the database.
pub async fn load_refresh_token(sql: &impl ConnectionTrait, token_hash: &str, now: DateTime<Utc>) -> Result<Option<RefreshToken>, Fault> {
    let Some(token) = refresh_token::Entity::find_by_id(token_hash.to_owned()).one(sql).await? else { return Ok(None) };
    let Some(session) = session::Entity::find_by_id(token.session_id).one(sql).await? else { return Ok(None) };
    Ok(Some(RefreshToken {
        session: SessionId(session.id),
        principal: PrincipalId(session.principal_id),
        is_fresh: token.used_at.is_none(),
        session_goes_on: session.ended_at.is_none() && session.expires_at > now,
    }))
}

/// Uses a token up and gives the session the next one, and so a later end.
///
/// # Errors
/// A fault of the database.
pub async fn save_renewed(tx: &Tx, session: SessionId, used_hash: &str, next_hash: String, expires_at: DateTime<Utc>) -> Result<(), Fault> {
    let used = refresh_token::Entity::update_many().col_expr(refresh_token::Column::UsedAt, Expr::value(tx.now()));
    used.filter(refresh_token::Column::TokenHash.eq(used_hash)).exec(tx.sql()).await?;
    let later = session::Entity::update_many().col_expr(session::Column::ExpiresAt, Expr::value(expires_at));
    later.filter(session::Column::Id.eq(Uuid::from(session))).exec(tx.sql()).await?;
    insert_token(tx, session, next_hash).await
}

/// Ends a session.
///
/// # Errors
/// A fault of the database.
pub async fn save_ended(tx: &Tx, session: SessionId) -> Result<(), Fault> {
    end(tx, session::Column::Id.eq(Uuid::from(session))).await
}

/// Ends every session of a principal.
///
/// # Errors
/// A fault of the database.
pub async fn save_all_ended(tx: &Tx, principal: PrincipalId) -> Result<(), Fault> {
    end(tx, session::Column::PrincipalId.eq(Uuid::from(principal))).await
}

async fn end(tx: &Tx, which: sea_orm::sea_query::SimpleExpr) -> Result<(), Fault> {
    let update = session::Entity::update_many().col_expr(session::Column::EndedAt, Expr::value(tx.now()));
    update.filter(session::Column::EndedAt.is_null()).filter(which).exec(tx.sql()).await?;
    Ok(())
}
