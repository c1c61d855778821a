//! Why a unit is bound (B3, B5).

use sea_orm::entity::prelude::*;

/// Why a unit is bound (B3, B5).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "obligation_reason")]
pub struct Model {
    /// The obligation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub obligation_id: Uuid,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    /// The code of the rule of binding.
    pub rule: String,
    /// The anchor of the scope.
    pub anchor_id: Option<Uuid>,
    /// The reach of the scope.
    pub reach: Option<String>,
    /// The obligation that it follows.
    pub predecessor_id: Option<Uuid>,
    /// The reorganization that gave the reason, where one did.
    pub reorganization_id: Option<Uuid>,
    /// The annulment since which it holds no more.
    pub ended_by_id: Option<Uuid>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The obligation.
    #[sea_orm(belongs_to = "super::obligation::Entity", from = "Column::ObligationId", to = "super::obligation::Column::Id")]
    Obligation,
    /// The anchor of the scope.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::AnchorId", to = "super::org_unit::Column::Id")]
    Anchor,
    /// The obligation that it follows.
    #[sea_orm(belongs_to = "super::obligation::Entity", from = "Column::PredecessorId", to = "super::obligation::Column::Id")]
    Predecessor,
}

impl ActiveModelBehavior for ActiveModel {}
