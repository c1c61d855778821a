//! A kind of directive (D3).

use sea_orm::entity::prelude::*;

/// A kind of directive (D3).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "directive_kind")]
pub struct Model {
    /// Unique, upper case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The Vietnamese name.
    pub name_vi: String,
    /// The English name.
    pub name_en: String,
    /// As it stands in symbols; two kinds may share one.
    pub abbreviation: String,
    /// The place in the register, from 1.
    pub ordinal: i32,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
