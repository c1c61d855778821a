//! One log-in and what follows from it.

use sea_orm::entity::prelude::*;

/// One log-in and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who logged in.
    pub principal_id: Uuid,
    /// When.
    pub started_at: DateTimeUtc,
    /// When no refresh token of it is taken any longer.
    pub expires_at: DateTimeUtc,
    /// When it was logged out, or ended because a token came twice.
    pub ended_at: Option<DateTimeUtc>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who logged in.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::PrincipalId", to = "super::principal::Column::Id")]
    Principal,
}

impl ActiveModelBehavior for ActiveModel {}
