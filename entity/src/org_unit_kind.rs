//! A kind of unit (O1).

use sea_orm::entity::prelude::*;

/// A kind of unit (O1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_unit_kind")]
pub struct Model {
    /// Unique, upper case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The Vietnamese name.
    pub name_vi: String,
    /// The English name.
    pub name_en: String,
    /// From the top of the hierarchy (small) to its bottom.
    pub rank: i32,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
