//! What a unit says about one or more of its obligations.

use sea_orm::entity::prelude::*;

/// What a unit says about one or more of its obligations.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit that reports.
    pub unit_id: Uuid,
    /// The day of the event.
    pub held_on: Option<Date>,
    /// The day of the report (L3).
    pub received_on: Date,
    /// Whether a unit above entered it from paper (L2).
    pub paper: bool,
    /// In NFC.
    pub narrative: String,
    /// The directive that is the evidence (L6).
    pub directive_id: Option<Uuid>,
    /// Who submitted it.
    pub submitted_by_id: Uuid,
    /// When.
    pub submitted_at: DateTimeUtc,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The unit that reports.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::UnitId", to = "super::org_unit::Column::Id")]
    Unit,
    /// The directive that is the evidence (L6).
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::DirectiveId", to = "super::directive::Column::Id")]
    Directive,
    /// Who submitted it.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::SubmittedById", to = "super::principal::Column::Id")]
    SubmittedBy,
}

impl ActiveModelBehavior for ActiveModel {}
