//! Findings about the tree (O8). What they say of names, places and numbers of members is as public as those are; how many grants are left
//! over an ended unit is for who administers its place.

use chidao_domain::access::{Action, Role};
use chidao_domain::ids::UnitId;
use chidao_domain::integrity::{self, Finding, Found};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::store::{Stop, grants};
use crate::view::View;
use crate::view::page::{Page, Window};

impl View {
    /// A page of today's findings, of a unit and all below it where one is named, in tree order.
    ///
    /// # Errors
    /// A refusal where a cursor points at none, or a fault of the database.
    pub async fn integrity_findings(&self, under: Option<UnitId>, window: &Window<(UnitId, String)>) -> Result<Page<Finding>, Stop> {
        let forest = self.forest();
        let held = grants::count_by_unit(self.sql(), self.today()).await?;
        let mut findings = integrity::find(forest, &self.tree().kinds, self.today(), &held);
        findings.retain(|finding| {
            let stands = forest.standing(finding.unit);
            let within = under.is_none_or(|top| stands.is_some_and(|stands| forest.covers(top, stands)));
            within && (!matches!(finding.what, Found::GrantsOnEnded { .. }) || self.administers(stands))
        });
        let window = window.clone().try_map(|(unit, code)| {
            let place = findings.iter().position(|finding| finding.unit == unit && finding.what.code() == code);
            place.ok_or_else(|| Refusal::from(InputRefusal::ForeignCursor))
        })?;
        let places: Vec<usize> = (0..findings.len()).collect();
        Ok(Page::of_sorted(&places, &window, usize::cmp).map(|place| findings[place].clone()))
    }

    fn administers(&self, unit: Option<UnitId>) -> bool {
        self.grants().check(self.forest(), Action::RevokeGrant { role: Role::Admin, unit }).is_ok()
    }
}
