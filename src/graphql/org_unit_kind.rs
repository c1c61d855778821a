//! Kinds of unit.

use async_graphql::Object;
use chidao_domain::kind::UnitKind;

use crate::graphql::org_unit::Locale;
use crate::graphql::scalars::Date;
use crate::view::SharedView;

/// A kind of unit (loại tổ chức đảng), with dated rules of where it may stand.
pub struct OrgUnitKind {
    pub(crate) view: SharedView,
    pub(crate) kind: UnitKind,
}

/// A kind of unit (loại tổ chức đảng), with dated rules of where it may stand.
#[Object]
impl OrgUnitKind {
    /// Unique, upper case, for example `GRASSROOTS_CELL`.
    async fn code(&self) -> &str {
        &self.kind.code
    }

    /// What it is called.
    async fn name(&self, #[graphql(desc = "In which language.", default_with = "Some(Locale::Vi)")] locale: Option<Locale>) -> &str {
        self.kind.name(locale.unwrap_or_default().into())
    }

    /// From the top of the hierarchy (small) to its bottom; it is not a depth.
    async fn rank(&self) -> i32 {
        self.kind.rank
    }

    /// The kinds that it may be placed under on a day, by default today.
    async fn may_stand_under(&self, #[graphql(desc = "On which day; left out: today.")] on: Option<Date>) -> Vec<Self> {
        let day = on.map_or(self.view.today(), |on| on.0);
        let kinds = self.view.tree().kinds.all().iter();
        kinds
            .filter(|parent| self.kind.may_stand_under(Some(&parent.code), day))
            .map(|kind| Self { view: self.view.clone(), kind: kind.clone() })
            .collect()
    }

    /// Whether it may be placed as a root on a day, by default today.
    async fn may_be_root(&self, #[graphql(desc = "On which day; left out: today.")] on: Option<Date>) -> bool {
        self.kind.may_stand_under(None, on.map_or(self.view.today(), |on| on.0))
    }
}
