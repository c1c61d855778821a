//! A scope covers only units of the kinds that are listed (B1).

use sea_orm::entity::prelude::*;

/// A scope covers only units of the kinds that are listed (B1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement_unit_kind")]
pub struct Model {
    /// The requirement.
    #[sea_orm(primary_key, auto_increment = false)]
    pub requirement_id: Uuid,
    /// A kind of unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind_code: String,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The requirement.
    #[sea_orm(belongs_to = "super::requirement::Entity", from = "Column::RequirementId", to = "super::requirement::Column::Id")]
    Requirement,
    /// A kind of unit.
    #[sea_orm(belongs_to = "super::org_unit_kind::Entity", from = "Column::KindCode", to = "super::org_unit_kind::Column::Code")]
    Kind,
}

impl ActiveModelBehavior for ActiveModel {}
