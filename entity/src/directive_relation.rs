//! One directive implements or changes another (D2, D4).

use sea_orm::entity::prelude::*;

/// One directive implements or changes another (D2, D4).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "directive_relation")]
pub struct Model {
    /// The directive that says so.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_id: Uuid,
    /// The code of the relation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// The directive that it is about.
    #[sea_orm(primary_key, auto_increment = false)]
    pub to_id: Uuid,
    /// What exactly it changes.
    pub note: Option<String>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The directive that says so.
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::FromId", to = "super::directive::Column::Id")]
    From,
    /// The directive that it is about.
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::ToId", to = "super::directive::Column::Id")]
    To,
}

impl ActiveModelBehavior for ActiveModel {}
