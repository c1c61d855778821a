//! One role over one unit and all below, or over the whole forest (A1, A2).

use sea_orm::entity::prelude::*;

/// One role over one unit and all below, or over the whole forest (A1, A2).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who holds it.
    pub principal_id: Uuid,
    /// The code of the role.
    pub role: String,
    /// Over which unit; none: over the whole forest.
    pub unit_id: Option<Uuid>,
    /// When.
    pub granted_at: DateTimeUtc,
    /// By whom; none: by the command line.
    pub granted_by_id: Option<Uuid>,
    /// The first day on which it no longer holds.
    pub expires_on: Option<Date>,
    /// When it was taken back.
    pub revoked_at: Option<DateTimeUtc>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who holds it.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::PrincipalId", to = "super::principal::Column::Id")]
    Principal,
    /// Over which unit; none: over the whole forest.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::UnitId", to = "super::org_unit::Column::Id")]
    Unit,
    /// By whom; none: by the command line.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::GrantedById", to = "super::principal::Column::Id")]
    GrantedBy,
}

impl ActiveModelBehavior for ActiveModel {}
