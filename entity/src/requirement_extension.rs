//! A requirement as a whole was given more time (L4).

use sea_orm::entity::prelude::*;

/// A requirement as a whole was given more time (L4).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement_extension")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The requirement.
    pub requirement_id: Uuid,
    /// The date that held before.
    pub earlier_due_on: Date,
    /// The date that holds since.
    pub due_on: Date,
    /// When.
    pub at: DateTimeUtc,
    /// Why.
    pub reason: String,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The requirement.
    #[sea_orm(belongs_to = "super::requirement::Entity", from = "Column::RequirementId", to = "super::requirement::Column::Id")]
    Requirement,
}

impl ActiveModelBehavior for ActiveModel {}
