//! One requirement as it binds one unit in one period (B3).

use sea_orm::entity::prelude::*;

/// One requirement as it binds one unit in one period (B3).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "obligation")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The requirement.
    pub requirement_id: Uuid,
    /// Its directive, so that lists need no join.
    pub directive_id: Uuid,
    /// The unit that is bound.
    pub unit_id: Uuid,
    /// The period, or empty.
    pub period: String,
    /// The code of its state (L1).
    pub state: String,
    /// The last day on which a report is on time (T2).
    pub due_on: Option<Date>,
    /// Since when the unit is bound.
    pub bound_on: Date,
    /// When the unit took note of it.
    pub acknowledged_at: Option<DateTimeUtc>,
    /// The day of the report that waits or was accepted (L3).
    pub reported_on: Option<Date>,
    /// The day on which the acceptance was recorded.
    pub fulfilled_on: Option<Date>,
    /// The day on which it was closed.
    pub closed_on: Option<Date>,
    /// Why, where a person or a rule gave a reason.
    pub closing_reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
    /// Whether a decision keeps it with a unit that left the issuer's subtree (S4).
    pub kept: bool,
    /// The code of what closed it, where a succession did (section 6).
    pub closing_cause: Option<String>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The requirement.
    #[sea_orm(belongs_to = "super::requirement::Entity", from = "Column::RequirementId", to = "super::requirement::Column::Id")]
    Requirement,
    /// Its directive, so that lists need no join.
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::DirectiveId", to = "super::directive::Column::Id")]
    Directive,
    /// The unit that is bound.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::UnitId", to = "super::org_unit::Column::Id")]
    Unit,
}

impl ActiveModelBehavior for ActiveModel {}
