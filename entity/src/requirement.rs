//! One thing that a directive asks for.

use sea_orm::entity::prelude::*;

/// One thing that a directive asks for.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The directive.
    pub directive_id: Uuid,
    /// The place in the directive, from 1.
    pub ordinal: i32,
    /// The code of its kind.
    pub kind: String,
    /// In NFC.
    pub title: String,
    /// The wording of the document.
    pub detail: Option<String>,
    /// The last day on which a report is on time (T2).
    pub due_on: Option<Date>,
    /// The wording of the date.
    pub due_text: Option<String>,
    /// The code of the recurrence (B7).
    pub recurrence: String,
    /// The period that it is about, where it does not recur.
    pub period: Option<String>,
    /// The first period, where it recurs.
    pub first_period: Option<String>,
    /// Days after a period's end, where it recurs.
    pub due_days_after_period: Option<i32>,
    /// Who accepts (L2).
    pub verification: String,
    /// An exact decimal in (0, 1] (L5).
    pub gate_share: Option<String>,
    /// A standing duty that is not counted (B8).
    pub informative: bool,
    /// Whether a unit that comes later is bound (B4).
    pub binds_late_units: bool,
    /// How many days such a unit has at least.
    pub late_grace_days: i32,
    /// Where the scope is anchored (B1).
    pub anchor_id: Uuid,
    /// How far it reaches from there.
    pub reach: String,
    /// Whether it may cover nobody.
    pub may_be_empty: bool,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The directive.
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::DirectiveId", to = "super::directive::Column::Id")]
    Directive,
    /// Where the scope is anchored (B1).
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::AnchorId", to = "super::org_unit::Column::Id")]
    Anchor,
}

impl ActiveModelBehavior for ActiveModel {}
