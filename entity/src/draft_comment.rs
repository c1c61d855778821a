//! What a unit says on a draft, kept for ever (D5).

use sea_orm::entity::prelude::*;

/// What a unit says on a draft, kept for ever (D5).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft_comment")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The draft.
    pub directive_id: Uuid,
    /// The unit that comments.
    pub unit_id: Uuid,
    /// Who wrote it down.
    pub author_id: Uuid,
    /// The comment.
    pub body: String,
    /// When.
    pub at: DateTimeUtc,
    /// The code of the answer.
    pub decision: Option<String>,
    /// Why.
    pub answer_reason: Option<String>,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
    /// Who answered.
    pub answered_by_id: Option<Uuid>,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The draft.
    #[sea_orm(belongs_to = "super::directive::Entity", from = "Column::DirectiveId", to = "super::directive::Column::Id")]
    Directive,
    /// The unit that comments.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::UnitId", to = "super::org_unit::Column::Id")]
    Unit,
    /// Who wrote it down.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::AuthorId", to = "super::principal::Column::Id")]
    Author,
    /// Who answered.
    #[sea_orm(belongs_to = "super::principal::Entity", from = "Column::AnsweredById", to = "super::principal::Column::Id")]
    AnsweredBy,
}

impl ActiveModelBehavior for ActiveModel {}
