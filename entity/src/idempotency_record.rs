//! What a mutation answered, for as long as it may be sent again.

use sea_orm::entity::prelude::*;

/// What a mutation answered, for as long as it may be sent again.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_record")]
pub struct Model {
    /// Who sent it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal_id: Uuid,
    /// The key that the client chose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_mutation_id: String,
    /// The name of the mutation.
    pub mutation: String,
    /// SHA-256 of its input, in hexadecimal.
    pub input_hash: String,
    /// What it answered, as JSON.
    pub answer: String,
    /// The position that it reached.
    pub position: i64,
    /// When.
    pub at: DateTimeUtc,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who sent it.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::PrincipalId", to = "super::principal::Column::Id")]
    Principal,
}

impl ActiveModelBehavior for ActiveModel {}
