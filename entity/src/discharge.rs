//! A directive that a unit issued because an obligation asked for it (L6).

use sea_orm::entity::prelude::*;

/// A directive that a unit issued because an obligation asked for it (L6).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "discharge")]
pub struct Model {
    /// The directive.
    #[sea_orm(primary_key, auto_increment = false)]
    pub directive_id: Uuid,
    /// The obligation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub obligation_id: Uuid,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The directive.
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::DirectiveId", to = "super::directive::Column::Id")]
    Directive,
    /// The obligation.
    #[sea_orm(belongs_to = "super::obligation::Entity", from = "Column::ObligationId", to = "super::obligation::Column::Id")]
    Obligation,
}

impl ActiveModelBehavior for ActiveModel {}
