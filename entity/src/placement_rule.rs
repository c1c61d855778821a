//! A dated rule of which kind may stand under which (O1).

use sea_orm::entity::prelude::*;

/// A dated rule of which kind may stand under which (O1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "placement_rule")]
pub struct Model {
    /// The kind that is placed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind_code: String,
    /// The kind of the parent; empty permits being a root.
    #[sea_orm(primary_key, auto_increment = false)]
    pub parent_code: String,
    /// The first day on which such a placement may begin.
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    /// The first day on which it no longer may.
    pub valid_to: Option<Date>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The kind that is placed.
    #[sea_orm(belongs_to = "super::org_unit_kind::Entity", from = "Column::KindCode", to = "super::org_unit_kind::Column::Code")]
    Kind,
}

impl ActiveModelBehavior for ActiveModel {}
