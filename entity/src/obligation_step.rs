//! Every state and due date that an obligation had, and since when: the past of L4 and C7.

use sea_orm::entity::prelude::*;

/// Every state and due date that an obligation had, and since when: the past of L4 and C7.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "obligation_step")]
pub struct Model {
    /// The obligation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub obligation_id: Uuid,
    /// The version that began with this step.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// The code of the step; `BIND` for the first.
    pub step: String,
    /// The day on which it was recorded.
    pub recorded_on: Date,
    /// The instant.
    pub at: DateTimeUtc,
    /// The state since then.
    pub state: String,
    /// The due date since then.
    pub due_on: Option<Date>,
    /// The day of the report since then.
    pub reported_on: Option<Date>,
    /// Why.
    pub reason: Option<String>,
    /// The reorganization that took the step, where one did (section 6).
    pub reorganization_id: Option<Uuid>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The obligation.
    #[sea_orm(belongs_to = "super::obligation::Entity", from = "Column::ObligationId", to = "super::obligation::Column::Id")]
    Obligation,
}

impl ActiveModelBehavior for ActiveModel {}
