//! One report as it serves one obligation, and what was decided on it (L7).

use sea_orm::entity::prelude::*;

/// One report as it serves one obligation, and what was decided on it (L7).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_obligation")]
pub struct Model {
    /// The report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: Uuid,
    /// The obligation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub obligation_id: Uuid,
    /// The version that the obligation got with it, which orders the reports of an obligation.
    pub version: i32,
    /// The code of where it stands: waiting, accepted, returned, replaced or dropped.
    pub standing: String,
    /// Why it was returned.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by_id: Option<Uuid>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The report.
    #[sea_orm(belongs_to = "super::report::Entity", from = "Column::ReportId", to = "super::report::Column::Id")]
    Report,
    /// The obligation.
    #[sea_orm(belongs_to = "super::obligation::Entity", from = "Column::ObligationId", to = "super::obligation::Column::Id")]
    Obligation,
    /// Who decided.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::DecidedById", to = "super::principal::Column::Id")]
    DecidedBy,
}

impl ActiveModelBehavior for ActiveModel {}
