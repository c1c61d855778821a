//! A user or a service (A1).

use sea_orm::entity::prelude::*;

/// A user or a service (A1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "principal")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `USER` or `SERVICE`.
    pub kind: String,
    /// As people see it.
    pub display_name: String,
    /// A principal that is not active is refused at once.
    pub active: bool,
    /// When it was recorded.
    pub created_at: DateTimeUtc,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// What makes it a user.
    #[sea_orm(has_one = "super::user_account::Entity")]
    UserAccount,
}

impl Related<super::user_account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UserAccount.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
