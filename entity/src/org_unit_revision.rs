//! What is true of a unit over a range of days, as it was known over a range of instants (O2, T4).

use sea_orm::entity::prelude::*;

/// What is true of a unit over a range of days, as it was known over a range of instants (O2, T4).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_unit_revision")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The first day.
    pub valid_from: Date,
    /// The first day on which it is no longer true.
    pub valid_to: Option<Date>,
    /// When it became known.
    pub recorded_at: DateTimeUtc,
    /// When it was known better.
    pub corrected_at: Option<DateTimeUtc>,
    /// In NFC.
    pub name: String,
    /// In NFC.
    pub short_name: Option<String>,
    /// Folded for search (O7).
    pub folded_name: String,
    /// Folded for search (O7).
    pub folded_short_name: Option<String>,
    /// The kind.
    pub kind_code: String,
    /// The parent; none for a root.
    pub parent_id: Option<Uuid>,
    /// Party members.
    pub member_count: Option<i32>,
    /// The batch that it comes from.
    pub reorganization_id: Uuid,
    /// The batch that ended the unit on `valid_to`.
    pub ended_by_id: Option<Uuid>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The unit.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::UnitId", to = "super::org_unit::Column::Id")]
    Unit,
    /// The kind.
    #[sea_orm(belongs_to = "super::org_unit_kind::Entity", from = "Column::KindCode", to = "super::org_unit_kind::Column::Code")]
    Kind,
    /// The parent; none for a root.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::ParentId", to = "super::org_unit::Column::Id")]
    Parent,
    /// The batch that it comes from.
    #[sea_orm(belongs_to = "super::reorganization::Entity", from = "Column::ReorganizationId", to = "super::reorganization::Column::Id")]
    Reorganization,
}

impl ActiveModelBehavior for ActiveModel {}
