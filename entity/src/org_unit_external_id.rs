//! How another system names a unit (O9).

use sea_orm::entity::prelude::*;

/// How another system names a unit (O9).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_unit_external_id")]
pub struct Model {
    /// The other system.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme: String,
    /// Its name for the unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: String,
    /// The unit.
    pub unit_id: Uuid,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The unit.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::UnitId", to = "super::org_unit::Column::Id")]
    Unit,
}

impl ActiveModelBehavior for ActiveModel {}
