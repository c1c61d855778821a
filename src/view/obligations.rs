//! Obligations and reports as they are read: only of units that the viewer may read about, whatever leads to them (A3).

mod loaders;
mod selection;

pub(crate) use loaders::{
    AsCase, Dischargers, DueDates, Extensions, Followers, Itself, Readings, Reasons, Served, Servings, TheReport, Urges,
};
pub use loaders::{KeptByIssuers, ListAsked, ListTerms, Lists, ObligationLoaders, OfObligation, OfReport, Whose};
pub use selection::ObligationFilter;

use std::sync::Arc;

use chidao_domain::access::{Action, ObligationAction, Role, decide, readable, units_below, units_with};
use chidao_domain::day::Day;
use chidao_domain::forest::Forest;
use chidao_domain::ids::{ObligationId, PrincipalId, ReportId, UnitId};
use chidao_domain::obligation::{Case, ObligationRef, State, Step, is_behind, may_extend, may_step};
use chidao_domain::places::Places;
use chidao_domain::refusal::{InputRefusal, Refusal};
use uuid::Uuid;

use crate::store::obligations::{
    Anchor, ListKey, ListOrder, ListWindow, Obligation, ObligationKey, ObligationSelection, Side, Verifying, find_by_keys,
};
use crate::store::reports::Report;
use crate::store::urges::Urge;
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{Count, End, Page, Window};

impl View {
    /// A page of the obligations that are selected, in an order; with an owner, of its own.
    ///
    /// # Errors
    /// A refusal where a cursor is not of this list; a fault of the database.
    pub async fn list_obligations(
        &self,
        whose: Whose,
        mut selection: ObligationSelection,
        order: ListOrder,
        window: &Window<ListKey>,
    ) -> Result<Page<Obligation>, Stop> {
        if order == ListOrder::Tree && selection.units.is_none() {
            selection.units = Some(self.units_at(&std::iter::once(0..self.forest().known_len()).collect()));
        }
        if order == ListOrder::Tree && selection.kept.is_some() {
            selection.placed = Some(self.units_at(&std::iter::once(0..self.forest().known_len()).collect()));
        }
        let units = selection.placed.clone().or(selection.units.clone()).unwrap_or_default();
        let from = match window.from {
            End::Start => Side::Start,
            End::Finish => Side::Finish,
        };
        let place = |key: Option<ListKey>, field| key.map(|key| self.placed(key, &units).map_err(|no| no.within(field))).transpose();
        let rows = ListWindow {
            order,
            from,
            limit: i64::try_from(window.limit).unwrap_or(i64::MAX).saturating_add(1),
            after: place(window.after, "after")?,
            before: place(window.before, "before")?,
        };
        let of = Arc::new(ListTerms { selection, window: rows, count: window.count });
        let listed = self.loaders().obligations.lists.load_one(ListAsked { whose, of }).await.map_err(Fault::shared)?.unwrap_or_default();
        Ok(Page::of_rows(listed.rows, window, listed.total))
    }

    /// A key of the tree's order, with how many of the selected units stand before its unit today.
    fn placed(&self, key: ListKey, units: &[UnitId]) -> Result<ListKey, Refusal> {
        let Anchor::Unit(unit, _) = key.at else { return Ok(key) };
        let gone = || Refusal::from(InputRefusal::ForeignCursor);
        let place = self.forest().known_place(unit).ok_or_else(gone)?;
        let before = units.partition_point(|other| self.forest().known_place(*other).is_some_and(|other| other < place));
        Ok(ListKey { at: Anchor::Unit(unit, i64::try_from(before).unwrap_or(i64::MAX)), id: key.id })
    }

    /// The units' own obligations that the viewer reports on and that are open.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn inbox(&self, window: &Window<ListKey>) -> Result<Page<Obligation>, Stop> {
        let selection = ObligationSelection {
            units: Some(self.units_at(&units_with(self.grants(), self.forest(), Role::Reporter))),
            states: State::ALL.into_iter().filter(|state| state.is_open()).collect(),
            ..ObligationSelection::default()
        };
        self.list_obligations(Whose::Nobodys, selection, ListOrder::DueOn, window).await
    }

    /// The obligations whose reports wait for the viewer's decision; never those that he submitted himself (L2).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn to_verify(&self, window: &Window<ListKey>) -> Result<Page<Obligation>, Stop> {
        let Some(verifier) = self.caller().id() else { return Ok(Page::empty()) };
        let (grants, forest) = (self.grants(), self.forest());
        let verifying = Verifying {
            below: self.units_at(&units_below(grants, forest, Role::Supervisor)),
            issuers: self.units_at(&forest.with_the_ended(&units_with(grants, forest, Role::Supervisor))),
            places: forest.all_ended().iter().filter_map(|ended| Some((ended.unit.id, forest.standing(ended.unit.id)?))).collect(),
            verifier,
        };
        let units = Some(self.units_at(&units_with(grants, forest, Role::Viewer)));
        let line = forest.with_the_ended(&units_with(grants, forest, Role::Viewer));
        let kept = self.kept_outside(&line, |_| true).await?;
        let selection = ObligationSelection { units, kept, verifying: Some(verifying), ..ObligationSelection::default() };
        self.list_obligations(Whose::Nobodys, selection, ListOrder::DueOn, window).await
    }

    fn units_at(&self, places: &Places) -> Arc<[UnitId]> {
        self.forest().ids_at(places).collect()
    }

    /// The obligation with that id; `None` where there is none or the viewer may not know of it (A5).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn obligation(&self, id: ObligationId) -> Result<Option<Obligation>, Fault> {
        let found = self.loaders().obligations.by_id.load_one(Itself(id)).await.map_err(Fault::shared)?;
        let visible = |known: &Obligation| decide(self.grants(), self.forest(), &Action::ReadObligation(known.sight())).is_allowed();
        Ok(found.filter(visible))
    }

    /// The obligation that a client points at; `None` where there is none or the viewer may not know of it (A5).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn find_obligation(&self, by: &ObligationRef) -> Result<Option<Obligation>, Stop> {
        let id = match by {
            ObligationRef::Id(id) => Some(*id),
            ObligationRef::Of { requirement, unit, period } => match self.resolve_unit(self.tree(), unit).await {
                Ok(unit) => {
                    let key = ObligationKey { requirement: *requirement, unit, period: period.clone() };
                    find_by_keys(self.sql(), self.engine(), std::slice::from_ref(&key)).await?.remove(&key)
                }
                Err(Stop::Refused(_)) => None,
                Err(stop) => return Err(stop),
            },
        };
        match id {
            None => Ok(None),
            Some(id) => Ok(self.obligation(id).await?),
        }
    }

    /// The report with that id; `None` where there is none or the viewer may not know of it (A5).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn report(&self, id: ReportId) -> Result<Option<Report>, Fault> {
        let Some(found) = self.loaders().obligations.reports.load_one(TheReport(id)).await.map_err(Fault::shared)? else { return Ok(None) };
        if readable(self.grants(), self.forest(), found.unit).is_ok() || self.serves_what_is_kept(id).await? {
            return Ok(Some(found));
        }
        Ok(None)
    }

    /// Whether a report of a unit that left serves an obligation which the issuer's line reads (S4).
    async fn serves_what_is_kept(&self, id: ReportId) -> Result<bool, Fault> {
        let served = self.loaders().obligations.reports.load_one(Served(id)).await.map_err(Fault::shared)?.unwrap_or_default();
        for serving in served {
            if self.obligation(serving.obligation).await?.is_some_and(|known| known.kept) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A page of the reminders about an obligation, the latest first; the obligation must be one that the viewer may read.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn urges(&self, obligation: ObligationId, window: &Window<Uuid>) -> Result<Page<Urge>, Fault> {
        let all = self.loaders().obligations.by_id.load_one(Urges(obligation)).await.map_err(Fault::shared)?.unwrap_or_default();
        Ok(Page::of_sorted(&all, window, |urge, key| key.cmp(&urge.id)))
    }

    /// A page of an obligation's reports, the latest first; the obligation must be one that the viewer may read.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn reports_on(&self, obligation: ObligationId, window: &Window<i32>) -> Result<Page<(i32, Report)>, Fault> {
        let loaders = &self.loaders().obligations;
        let servings = loaders.by_id.load_one(Servings(obligation)).await.map_err(Fault::shared)?.unwrap_or_default();
        let page = Page::of_sorted(&servings, window, |item, key| key.cmp(&item.version));
        let wanted = page.items.iter().map(|serving| TheReport(serving.report));
        let known = loaders.reports.load_many(wanted).await.map_err(Fault::shared)?;
        let total = if window.count == Count::Wanted { page.total } else { 0 };
        let shown = |serving: &crate::store::reports::Serving| Some((serving.version, known.get(&TheReport(serving.report))?.clone()));
        let items = page.items.iter().filter_map(shown).collect();
        Ok(Page { items, has_previous: page.has_previous, has_next: page.has_next, total })
    }
}

/// Whether the state of an obligation and of its unit allows an action, by the rules that the mutations enforce (A6); rights are asked besides.
pub fn allows((forest, today): (&Forest, Day), case: &Case, wanted: ObligationAction, viewer: Option<PrincipalId>) -> bool {
    if forest.place(case.unit).is_none() {
        return false;
    }
    let step = match wanted {
        ObligationAction::Acknowledge => Step::Acknowledge,
        ObligationAction::Start => Step::Start,
        ObligationAction::Report => Step::Report,
        ObligationAction::Accept => Step::Accept,
        ObligationAction::Return => Step::Return,
        ObligationAction::Exempt => Step::Exempt,
        ObligationAction::Reopen => Step::Reopen,
        ObligationAction::Extend => return may_extend(case),
        ObligationAction::Urge => return is_behind(case, today),
    };
    may_step(forest, case, step, viewer)
}
