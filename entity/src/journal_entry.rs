//! One thing that somebody did (J1).

use sea_orm::entity::prelude::*;

/// One thing that somebody did (J1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_entry")]
pub struct Model {
    /// From 1, without gaps, in the order of commits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// When.
    pub at: DateTimeUtc,
    /// Who; none: the system or the command line.
    pub actor_id: Option<Uuid>,
    /// For which unit (L8).
    pub on_behalf_of_id: Option<Uuid>,
    /// The code of the action.
    pub action: String,
    /// The type of what it was done to.
    pub subject_type: String,
    /// What it was done to.
    pub subject_id: Uuid,
    /// Field, before and after, as JSON.
    pub changes: String,
    /// Why.
    pub reason: Option<String>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who; none: the system or the command line.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::ActorId", to = "super::principal::Column::Id")]
    Actor,
    /// For which unit (L8).
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::OnBehalfOfId", to = "super::org_unit::Column::Id")]
    OnBehalfOf,
}

impl ActiveModelBehavior for ActiveModel {}
