//! A natural person, known only as an officer or a user.

use sea_orm::entity::prelude::*;

/// A natural person, known only as an officer or a user.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In NFC.
    pub name: String,
    /// Folded for search (O7).
    pub folded_name: String,
    /// When it was recorded.
    pub created_at: DateTimeUtc,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
