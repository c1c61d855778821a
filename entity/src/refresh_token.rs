//! A token that is good for one renewal.

use sea_orm::entity::prelude::*;

/// A token that is good for one renewal.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// SHA-256 of the token, in base64url.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// The session that it renews.
    pub session_id: Uuid,
    /// When.
    pub issued_at: DateTimeUtc,
    /// When it was used; a second use ends the session.
    pub used_at: Option<DateTimeUtc>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The session that it renews.
    #[sea_orm(belongs_to = "super::session::Entity", from = "Column::SessionId", to = "super::session::Column::Id")]
    Session,
}

impl ActiveModelBehavior for ActiveModel {}
