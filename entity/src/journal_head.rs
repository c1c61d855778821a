//! One row: updating it takes the turn to write (J3).

use sea_orm::entity::prelude::*;

/// One row: updating it takes the turn to write (J3).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The last position that was given out.
    pub position: i64,
    /// The position of the last change to the tree or to its kinds.
    pub structure_version: i64,
    /// The day up to which the calendar has been done (S6).
    pub calendar_on: Option<Date>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
