//! A requirement comes after an earlier one (L5).

use sea_orm::entity::prelude::*;

/// A requirement comes after an earlier one (L5).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement_after")]
pub struct Model {
    /// The later one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub requirement_id: Uuid,
    /// The one that must be done before.
    #[sea_orm(primary_key, auto_increment = false)]
    pub after_id: Uuid,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The later one.
    #[sea_orm(belongs_to = "super::requirement::Entity", from = "Column::RequirementId", to = "super::requirement::Column::Id")]
    Requirement,
    /// The one that must be done before.
    #[sea_orm(belongs_to = "super::requirement::Entity", from = "Column::AfterId", to = "super::requirement::Column::Id")]
    After,
}

impl ActiveModelBehavior for ActiveModel {}
