//! A period of a requirement that recurs has opened (B7).

use sea_orm::entity::prelude::*;

/// A period of a requirement that recurs has opened (B7).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement_period")]
pub struct Model {
    /// The requirement.
    #[sea_orm(primary_key, auto_increment = false)]
    pub requirement_id: Uuid,
    /// The period, for example `2020-12`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: String,
    /// The day on whose tree its scope was resolved.
    pub opened_on: Date,
    /// When that was recorded.
    pub at: DateTimeUtc,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The requirement.
    #[sea_orm(belongs_to = "super::requirement::Entity", from = "Column::RequirementId", to = "super::requirement::Column::Id")]
    Requirement,
}

impl ActiveModelBehavior for ActiveModel {}
