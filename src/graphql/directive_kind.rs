//! Kinds of directive.

use async_graphql::Object;

use crate::graphql::org_unit::Locale;
use crate::store::registers::DirectiveKind as Kind;

/// A kind of directive (loại văn bản).
#[derive(Clone)]
pub struct DirectiveKind(pub(crate) Kind);

/// A kind of directive (loại văn bản).
#[Object]
impl DirectiveKind {
    /// Unique, upper case, for example `PLAN`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// What it is called.
    async fn name(&self, #[graphql(desc = "In which language.", default_with = "Some(Locale::Vi)")] locale: Option<Locale>) -> &str {
        match locale.unwrap_or_default() {
            Locale::Vi => &self.0.name_vi,
            Locale::En => &self.0.name_en,
        }
    }

    /// As it stands in symbols; two kinds may share one (chữ viết tắt).
    async fn abbreviation(&self) -> &str {
        &self.0.abbreviation
    }
}
