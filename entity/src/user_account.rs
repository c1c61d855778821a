//! What makes a principal a user.

use sea_orm::entity::prelude::*;

/// What makes a principal a user.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_account")]
pub struct Model {
    /// The principal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal_id: Uuid,
    /// As it is shown.
    pub user_name: String,
    /// Unique, lower case.
    pub folded_user_name: String,
    /// Argon2id in PHC form; without one nobody logs in by password.
    pub password_hash: Option<String>,
    /// The person behind it.
    pub person_id: Option<Uuid>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The principal.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::PrincipalId", to = "super::principal::Column::Id")]
    Principal,
    /// The person behind it.
    #[sea_orm(belongs_to = "super::person::Entity", from = "Column::PersonId", to = "super::person::Column::Id")]
    Person,
}

impl ActiveModelBehavior for ActiveModel {}

impl Related<super::principal::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Principal.def()
    }
}
