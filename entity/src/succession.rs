//! Who takes over from whom (O6).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "succession")]
pub struct Model {
    /// The batch.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reorganization_id: Uuid,
    /// The place in the batch, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    /// The unit that ends or is split.
    pub from_id: Uuid,
    /// The unit that takes over.
    pub to_id: Uuid,
    /// The code of the kind of succession.
    pub kind: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The batch.
    #[sea_orm(belongs_to = "super::reorganization::Entity", from = "Column::ReorganizationId", to = "super::reorganization::Column::Id")]
    Reorganization,
    /// The unit that ends or is split.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::FromId", to = "super::org_unit::Column::Id")]
    From,
    /// The unit that takes over.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::ToId", to = "super::org_unit::Column::Id")]
    To,
}

impl ActiveModelBehavior for ActiveModel {}
