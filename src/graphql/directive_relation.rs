//! What one directive says of another.

use async_graphql::SimpleObject;

use crate::graphql::directive::Directive;
use crate::graphql::directive_words::RelationKind;

/// What one directive says of another (quan hệ giữa các văn bản).
#[derive(SimpleObject)]
pub struct DirectiveRelation {
    /// How it relates.
    pub(crate) kind: RelationKind,
    /// The one that says so.
    pub(crate) from: Directive,
    /// The one that it is about.
    pub(crate) to: Directive,
    /// What exactly.
    pub(crate) note: Option<String>,
}
