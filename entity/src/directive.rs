//! A document that one unit issues.

use sea_orm::entity::prelude::*;

/// A document that one unit issues.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "directive")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit that issues it.
    pub issuer_id: Uuid,
    /// Its kind; never guessed from the symbol.
    pub kind_code: String,
    /// Congress, committee or standing committee.
    pub issuing_body: String,
    /// The term of the issuer, or empty; numbers start again with it (D3).
    pub term: String,
    /// As it is written; drafts and some congresses have none.
    pub symbol: Option<String>,
    /// What symbols are compared by (D3).
    pub symbol_key: Option<String>,
    /// The number in the symbol, by which lists sort.
    pub symbol_number: Option<i64>,
    /// In NFC.
    pub title: String,
    /// Folded for search (O7).
    pub folded_title: String,
    /// In a few sentences.
    pub summary: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// The code of its status (D1).
    pub status: String,
    /// The date that the document bears.
    pub issued_on: Option<Date>,
    /// From when it applies.
    pub effective_on: Option<Date>,
    /// The day of the tree that its scopes were resolved on (B3).
    pub bound_on: Option<Date>,
    /// The day on which its end was recorded (D6).
    pub ended_on: Option<Date>,
    /// What was said when it was concluded.
    pub conclusion: Option<String>,
    /// Who signed, and as what.
    pub signed_by_id: Option<Uuid>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When the draft was begun.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// What the row points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The unit that issues it.
    #[sea_orm(belongs_to = "super::org_unit::Entity", from = "Column::IssuerId", to = "super::org_unit::Column::Id")]
    Issuer,
    /// Its kind; never guessed from the symbol.
    #[sea_orm(belongs_to = "super::directive_kind::Entity", from = "Column::KindCode", to = "super::directive_kind::Column::Code")]
    Kind,
    /// Who signed, and as what.
    #[sea_orm(belongs_to = "super::appointment::Entity", from = "Column::SignedById", to = "super::appointment::Column::Id")]
    SignedBy,
}

impl ActiveModelBehavior for ActiveModel {}
