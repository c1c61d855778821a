//! Obligations and reports as they are read: only of units that the viewer may read about, whatever leads to them (A3).

mod loaders;

pub(crate) use loaders::{AsCase, Dischargers, DueDates, Extensions, Followers, Itself, Readings, Reasons, Served, Servings, TheReport};
pub use loaders::{ListAsked, ListTerms, Lists, ObligationLoaders, OfObligation, OfReport, Whose};

use std::sync::Arc;

use chidao_domain::access::{Action, ObligationAction, Readable, Role, decide, readable, units_below, units_with, visible_units};
use chidao_domain::day::DayRange;
use chidao_domain::directive::{DirectiveRef, RequirementKind};
use chidao_domain::forest::Forest;
use chidao_domain::ids::{DirectiveId, ObligationId, PrincipalId, ReportId, RequirementId, UnitId};
use chidao_domain::obligation::{Case, ObligationRef, State, Step, may_extend, may_step};
use chidao_domain::places::Places;
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::UnitRef;
use futures_util::future::join_all;

use crate::store::obligations::{
    Anchor, ListKey, ListOrder, ListWindow, Obligation, ObligationKey, ObligationSelection, Reach, Side, Verifying, find_by_keys,
};
use crate::store::reports::Report;
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::page::{Count, End, Page, Window};

/// Which obligations a list holds, as a client says it; what is left out does not narrow it.
#[derive(Clone, Debug, Default)]
pub struct ObligationFilter {
    /// Only those of this unit and of all below it; an ended unit counts at its place (C5).
    pub under: Option<UnitRef>,
    /// Only those of these units.
    pub units: Option<Vec<UnitRef>>,
    /// Only those of these directives.
    pub directives: Option<Vec<DirectiveRef>>,
    /// How far "of these directives" reaches.
    pub reach: Reach,
    /// Only those of these requirements.
    pub requirements: Option<Vec<RequirementId>>,
    /// Only those of requirements of these kinds; empty: any.
    pub kinds: Vec<RequirementKind>,
    /// Only those of units that have one of these kinds today, or had it last; empty: any.
    pub unit_kinds: Vec<String>,
    /// Only those in these states; empty: any.
    pub states: Vec<State>,
    /// Only those that are overdue, or only the others.
    pub overdue: Option<bool>,
    /// Only those that were fulfilled late, or only the others.
    pub late: Option<bool>,
    /// Only those that are due in the range.
    pub due: DayRange,
    /// Only those of this period.
    pub period: Option<String>,
}

/// The most directives, requirements or units that a filter names.
const NAMED_LIMIT: usize = 100;

impl View {
    /// What a filter selects among the units that the viewer may read about. Paths of refusals begin in the filter.
    ///
    /// # Errors
    /// `FORBIDDEN` for a unit that is named and may not be read about, `NOT_FOUND` for what is not there; a fault of the database.
    pub async fn select_obligations(&self, filter: &ObligationFilter) -> Result<ObligationSelection, Stop> {
        let forest = self.forest();
        let mut places = visible_units(self.grants(), forest);
        if let Some(under) = &filter.under {
            let top = self.readable_unit(under).await.map_err(|stop| stop.within("under"))?;
            places = forest.known_under(top);
        }
        if let Some(units) = &filter.units {
            places = self.named_places(units, &places).await?;
        }
        let places = self.of_kinds(&places, &filter.unit_kinds)?;
        let everywhere = places.len() == forest.known_len();
        let units = (!everywhere).then(|| self.units_at(&places));
        let anywhere = filter.under.is_none() && filter.units.is_none() && filter.unit_kinds.is_empty();
        let kept_by = (anywhere && !everywhere).then(|| self.units_at(&places));
        let directives = match &filter.directives {
            None => None,
            Some(refs) => Some(self.named_directives(refs).await?),
        };
        check_count(filter.requirements.as_ref().map_or(0, Vec::len), "requirements")?;
        Ok(ObligationSelection {
            units,
            kept_by,
            placed: None,
            directives,
            reach: filter.reach,
            requirements: filter.requirements.clone(),
            kinds: filter.kinds.clone(),
            states: filter.states.clone(),
            overdue: filter.overdue,
            late: filter.late,
            due: filter.due,
            period: filter.period.clone(),
            on: None,
            verifying: None,
        })
    }

    /// The right to read about a unit (A3).
    ///
    /// # Errors
    /// `FORBIDDEN`, naming the unit.
    pub fn readable(&self, unit: UnitId) -> Result<Readable, Refusal> {
        readable(self.grants(), self.forest(), unit)
    }

    async fn readable_unit(&self, unit: &UnitRef) -> Result<UnitId, Stop> {
        let unit = self.resolve_unit(self.tree(), unit).await?;
        Ok(readable(self.grants(), self.forest(), unit)?.unit())
    }

    /// The places of named units, of those that may be selected at all.
    async fn named_places(&self, units: &[UnitRef], among: &Places) -> Result<Places, Stop> {
        check_count(units.len(), "units")?;
        let found = join_all(units.iter().map(|unit| self.readable_unit(unit))).await;
        let mut named = Vec::with_capacity(units.len());
        for (at, unit) in found.into_iter().enumerate() {
            let unit = unit.map_err(|stop| stop.at(at).within("units"))?;
            named.extend(self.forest().known_place(unit).filter(|place| among.contains(*place)));
        }
        Ok(named.into_iter().map(|place| place..place + 1).collect())
    }

    fn of_kinds(&self, places: &Places, kinds: &[String]) -> Result<Places, Refusal> {
        if kinds.is_empty() {
            return Ok(places.clone());
        }
        for (at, kind) in kinds.iter().enumerate() {
            if self.tree().kinds.get(kind).is_none() {
                let unknown = InputRefusal::NotFound { wanted: Noun::OrgUnitKind, given: kind.clone() };
                return Err(Refusal::from(unknown).at(at).within("unitKinds"));
            }
        }
        let is_of_one = |place: &usize| self.forest().known_at(*place).is_some_and(|unit| kinds.iter().any(|kind| **kind == *unit.kind));
        Ok(places.iter().filter(is_of_one).map(|place| place..place + 1).collect())
    }

    async fn named_directives(&self, refs: &[DirectiveRef]) -> Result<Vec<DirectiveId>, Stop> {
        check_count(refs.len(), "directives")?;
        let looked_up = join_all(refs.iter().map(|given| self.find_directive(given))).await;
        let mut found = Vec::with_capacity(refs.len());
        for (at, seen) in looked_up.into_iter().enumerate() {
            found.push(seen.map_err(|stop| stop.at(at).within("directives"))?.directive.id);
        }
        Ok(found)
    }

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
        if order == ListOrder::Tree && selection.kept_by.is_some() {
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
        let kept_by = Some(self.units_at(&forest.with_the_ended(&units_with(grants, forest, Role::Viewer))));
        let selection = ObligationSelection { units, kept_by, verifying: Some(verifying), ..ObligationSelection::default() };
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
pub fn allows(forest: &Forest, case: &Case, wanted: ObligationAction, viewer: Option<PrincipalId>) -> bool {
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
    };
    may_step(forest, case, step, viewer)
}

fn check_count(count: usize, field: &'static str) -> Result<(), Refusal> {
    if count > NAMED_LIMIT { Err(Refusal::from(InputRefusal::TooMany { limit: NAMED_LIMIT, count }).within(field)) } else { Ok(()) }
}
