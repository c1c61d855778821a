//! A figure that the reports on a requirement carry (C9).

use sea_orm::entity::prelude::*;

/// A figure that the reports on a requirement carry (C9).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The requirement.
    pub requirement_id: Uuid,
    /// The place in the requirement, from 1.
    pub ordinal: i32,
    /// What figures are aggregated by.
    pub key: String,
    /// As people read it.
    pub label: String,
    /// For example `người`.
    pub unit_of_measure: Option<String>,
    /// The code of the aggregation.
    pub aggregation: String,
    /// The key of the denominator, for a ratio.
    pub ratio_over: Option<String>,
    /// An exact decimal.
    pub goal: Option<String>,
    /// At least or at most.
    pub goal_direction: Option<String>,
    /// Whether a report must carry it.
    pub required: bool,
    /// Whether a reading may lie below 0.
    pub may_be_negative: bool,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The requirement.
    #[sea_orm(belongs_to = "super::requirement::Entity", from = "Column::RequirementId", to = "super::requirement::Column::Id")]
    Requirement,
}

impl ActiveModelBehavior for ActiveModel {}
