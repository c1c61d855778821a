//! One dated, atomic batch of changes to the tree (O5).

use sea_orm::entity::prelude::*;

/// One dated, atomic batch of changes to the tree (O5).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reorganization")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// The day from which it holds.
    pub effective_on: Date,
    /// The directive that orders it.
    pub legal_basis_id: Option<Uuid>,
    /// The code of its status.
    pub status: String,
    /// How many units were not as before.
    pub units_touched: i32,
    /// The changes in their order, as JSON.
    pub changes: String,
    /// When.
    pub recorded_at: DateTimeUtc,
    /// By whom.
    pub recorded_by_id: Option<Uuid>,
    /// Its place in the order of record; ties of the day are broken by it (O5).
    pub ordinal: i64,
    /// What was asked for, as JSON that points by ids; none where an earlier version recorded it.
    pub asked: Option<String>,
    /// What was decided about obligations (S4), as JSON.
    pub decisions: Option<String>,
    /// What it does to obligations and grants, in numbers, as JSON; none where an earlier version recorded it.
    pub effects: Option<String>,
    /// What happens to each obligation, as JSON.
    pub consequences: Option<String>,
    /// The batch that it takes back, where it is an annulment.
    pub annuls_id: Option<Uuid>,
    /// Why it was cancelled or annulled.
    pub taken_back_because: Option<String>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The directive that orders it.
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::LegalBasisId", to = "super::directive::Column::Id")]
    LegalBasis,
    /// By whom.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::RecordedById", to = "super::principal::Column::Id")]
    RecordedBy,
}

impl ActiveModelBehavior for ActiveModel {}
