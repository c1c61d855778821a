//! A reminder from a unit above to units that are behind (L9).

use sea_orm::entity::prelude::*;

/// A reminder from a unit above to units that are behind (L9).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "urge")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The directive that it is about.
    pub directive_id: Uuid,
    /// The unit that urges; null where a grant over the whole forest gave the right.
    pub on_behalf_of_id: Option<Uuid>,
    /// Who entered it.
    pub by_id: Uuid,
    /// What is said.
    pub words: String,
    /// When.
    pub at: DateTimeUtc,
}

/// Nothing is walked from here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
