//! A unit that an entry touches.

use sea_orm::entity::prelude::*;

/// A unit that an entry touches.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_entry_unit")]
pub struct Model {
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// The entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The unit.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::UnitId", to = "super::org_unit::Column::Id")]
    Unit,
    /// The entry.
    #[sea_orm(belongs_to = "super::journal_entry::Entity", from = "Column::Position", to = "super::journal_entry::Column::Position")]
    Position,
}

impl ActiveModelBehavior for ActiveModel {}
