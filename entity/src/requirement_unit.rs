//! A unit that a scope includes or excepts by name (B1).

use sea_orm::entity::prelude::*;

/// A unit that a scope includes or excepts by name (B1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement_unit")]
pub struct Model {
    /// The requirement.
    #[sea_orm(primary_key, auto_increment = false)]
    pub requirement_id: Uuid,
    /// `INCLUDE`, `EXCEPT` or `EXCEPT_SUBTREE`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: String,
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// The place in its list, from 1: refusals point into the list as it was given.
    pub ordinal: i32,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The requirement.
    #[sea_orm(belongs_to = "super::requirement::Entity", from = "Column::RequirementId", to = "super::requirement::Column::Id")]
    Requirement,
    /// The unit.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::UnitId", to = "super::org_unit::Column::Id")]
    Unit,
}

impl ActiveModelBehavior for ActiveModel {}
