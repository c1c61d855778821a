//! How another system names a directive (O9).

use sea_orm::entity::prelude::*;

/// How another system names a directive (O9).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "directive_external_id")]
pub struct Model {
    /// The other system.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme: String,
    /// Its name for the directive.
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: String,
    /// The directive.
    pub directive_id: Uuid,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The directive.
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::DirectiveId", to = "super::directive::Column::Id")]
    Directive,
}

impl ActiveModelBehavior for ActiveModel {}
