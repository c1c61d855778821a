//! A unit for ever: what changes about it stands in its revisions (O2).

use sea_orm::entity::prelude::*;

/// A unit for ever: what changes about it stands in its revisions (O2).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_unit")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique for ever.
    pub code: String,
    /// Folded for search (O7).
    pub folded_code: String,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it was recorded.
    pub created_at: DateTimeUtc,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
