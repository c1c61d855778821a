//! What makes a principal a service.

use sea_orm::entity::prelude::*;

/// What makes a principal a service.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_account")]
pub struct Model {
    /// The principal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal_id: Uuid,
    /// SHA-256 of the secret, in base64url.
    pub secret_hash: String,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The principal.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::PrincipalId", to = "super::principal::Column::Id")]
    Principal,
}

impl ActiveModelBehavior for ActiveModel {}
