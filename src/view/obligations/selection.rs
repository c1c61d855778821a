//! Which obligations a list holds: what a client names, held against what the viewer may read (A3, S4).

use std::collections::BTreeSet;
use std::sync::Arc;

use chidao_domain::access::{Readable, readable, visible_units};
use chidao_domain::completion::Span;
use chidao_domain::day::DayRange;
use chidao_domain::directive::{DirectiveRef, RequirementKind};
use chidao_domain::ids::{DirectiveId, RequirementId, UnitId};
use chidao_domain::obligation::State;
use chidao_domain::places::Places;
use chidao_domain::refusal::{InputRefusal, Noun, Refusal};
use chidao_domain::reorganization::UnitRef;
use futures_util::future::join_all;

use crate::store::obligations::{KeptOutside, ObligationSelection, Reach};
use crate::store::{Fault, Stop};
use crate::view::View;

/// Which obligations a list holds, as a client says it; what is left out does not narrow it.
#[derive(Clone, Debug, Default)]
pub struct ObligationFilter {
    /// Only those of this unit and of all below it, and what an issuer among these keeps of units that have left (S4); an ended unit counts at
    /// its place (C5).
    pub under: Option<UnitRef>,
    /// Whose obligations are meant, seen from `under`, as completions count them (C3): without what an issuer keeps outside.
    pub span: Option<Span>,
    /// Only those of units that stand neither at this unit nor below it.
    pub outside: Option<UnitRef>,
    /// Only those of these units; of one that may not be read about, what is kept of it (S4).
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
    /// Only those that have a due date, or only those that have none.
    pub dated: Option<bool>,
    /// Only those of standing duties, or only the others.
    pub informative: Option<bool>,
    /// Only those whose directive is in force, or only those whose directive has ended.
    pub in_force: Option<bool>,
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
        let mut places = self.places_of(filter).await?;
        let outside = match &filter.outside {
            Some(unit) => {
                Some(self.resolve_unit(self.tree(), unit).await.map(|top| forest.known_under(top)).map_err(|stop| stop.within("outside"))?)
            }
            None => None,
        };
        let named = match &filter.units {
            Some(units) => Some(self.named_places(units).await?),
            None => None,
        };
        let is_named = |place: usize| named.as_ref().is_none_or(|named| named.contains(place));
        let is_wanted = self.is_of_kinds(&filter.unit_kinds)?;
        let is_outside = |place: usize| outside.as_ref().is_none_or(|under| !under.contains(place));
        let is_selected = |place: usize| is_named(place) && is_wanted(place) && is_outside(place);
        let everywhere = places.len() == forest.known_len();
        // Who reads everywhere reads what is kept anyway.
        let kept = if everywhere || filter.span.is_some() { None } else { self.kept_outside(&places, is_selected).await? };
        let is_narrowed = named.is_some() || !filter.unit_kinds.is_empty() || outside.is_some();
        if is_narrowed {
            places = places.iter().filter(|place| is_selected(*place)).map(|place| place..place + 1).collect();
        }
        let units = (is_narrowed || !everywhere).then(|| self.units_at(&places));
        let directives = match &filter.directives {
            None => None,
            Some(refs) => Some(self.named_directives(refs).await?),
        };
        check_count(filter.requirements.as_ref().map_or(0, Vec::len), "requirements")?;
        Ok(ObligationSelection {
            units,
            kept,
            placed: None,
            directives,
            reach: filter.reach,
            requirements: filter.requirements.clone(),
            kinds: filter.kinds.clone(),
            states: filter.states.clone(),
            overdue: filter.overdue,
            late: filter.late,
            due: filter.due,
            dated: filter.dated,
            informative: filter.informative,
            in_force: filter.in_force,
            period: filter.period.clone(),
            on: None,
            verifying: None,
        })
    }

    /// The places that a filter looks at: those that the viewer may read about, or what stands under a unit (C3).
    async fn places_of(&self, filter: &ObligationFilter) -> Result<Places, Stop> {
        let forest = self.forest();
        let Some(under) = &filter.under else {
            if filter.span.is_some() {
                return Err(Refusal::from(InputRefusal::Needs { field: "under" }).by("C3").within("span").into());
            }
            return Ok(visible_units(self.grants(), forest));
        };
        let top = self.readable_unit(under).await.map_err(|stop| stop.within("under"))?;
        let (all, own) = (forest.known_under(top), forest.known_place(top));
        Ok(match filter.span {
            None | Some(Span::Subtree) => all,
            Some(Span::Own) => own.map(|place| place..place + 1).into_iter().collect(),
            Some(Span::Below) => all.iter().filter(|place| Some(*place) != own).map(|place| place..place + 1).collect(),
        })
    }

    /// The right to read about a unit (A3).
    ///
    /// # Errors
    /// `FORBIDDEN`, naming the unit.
    pub fn readable(&self, unit: UnitId) -> Result<Readable, Refusal> {
        readable(self.grants(), self.forest(), unit)
    }

    /// What issuers at some places keep of units that have left (S4), of those that are wanted by their places; none: nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub(crate) async fn kept_outside(&self, issuers: &Places, wanted: impl Fn(usize) -> bool) -> Result<Option<KeptOutside>, Fault> {
        let is_there = |unit: UnitId, holds: &dyn Fn(usize) -> bool| self.forest().known_place(unit).is_some_and(holds);
        let (mut units, mut by) = (BTreeSet::new(), BTreeSet::new());
        for &(unit, issuer) in self.kept().await?.iter() {
            if is_there(unit, &wanted) && is_there(issuer, &|place| issuers.contains(place)) {
                units.insert(unit);
                by.insert(issuer);
            }
        }
        let kept = || KeptOutside { units: units.iter().copied().collect(), issuers: by.iter().copied().collect() };
        Ok((!units.is_empty()).then(kept))
    }

    /// Of which units something is kept, and by which issuers, whoever may read it.
    async fn kept(&self) -> Result<Arc<[(UnitId, UnitId)]>, Fault> {
        let kept = self.loaders().obligations.kept.load_one(()).await.map_err(Fault::shared)?;
        Ok(kept.unwrap_or_else(|| Arc::new([])))
    }

    async fn readable_unit(&self, unit: &UnitRef) -> Result<UnitId, Stop> {
        let unit = self.resolve_unit(self.tree(), unit).await?;
        Ok(readable(self.grants(), self.forest(), unit)?.unit())
    }

    /// A unit that is named by itself: one that may be read about, or of which the viewer reads what is kept (S4).
    async fn named_unit(&self, unit: &UnitRef) -> Result<UnitId, Stop> {
        let unit = self.resolve_unit(self.tree(), unit).await?;
        let Err(refused) = readable(self.grants(), self.forest(), unit) else { return Ok(unit) };
        let is_it = |place| self.forest().known_place(unit) == Some(place);
        match self.kept_outside(&visible_units(self.grants(), self.forest()), is_it).await? {
            Some(_) => Ok(unit),
            None => Err(refused.into()),
        }
    }

    async fn named_places(&self, units: &[UnitRef]) -> Result<Places, Stop> {
        check_count(units.len(), "units")?;
        let found = join_all(units.iter().map(|unit| self.named_unit(unit))).await;
        let mut named = Vec::with_capacity(units.len());
        for (at, unit) in found.into_iter().enumerate() {
            let unit = unit.map_err(|stop| stop.at(at).within("units"))?;
            named.extend(self.forest().known_place(unit));
        }
        Ok(named.into_iter().map(|place| place..place + 1).collect())
    }

    /// Whether the unit at a place is of one of the kinds; of any, where none is named.
    fn is_of_kinds<'a>(&'a self, kinds: &'a [String]) -> Result<impl Fn(usize) -> bool + 'a, Refusal> {
        for (at, kind) in kinds.iter().enumerate() {
            if self.tree().kinds.get(kind).is_none() {
                let unknown = InputRefusal::NotFound { wanted: Noun::OrgUnitKind, given: kind.clone() };
                return Err(Refusal::from(unknown).at(at).within("unitKinds"));
            }
        }
        let is_of_one = |place: usize| self.forest().known_at(place).is_some_and(|unit| kinds.iter().any(|kind| **kind == *unit.kind));
        Ok(move |place| kinds.is_empty() || is_of_one(place))
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
}

fn check_count(count: usize, field: &'static str) -> Result<(), Refusal> {
    if count > NAMED_LIMIT { Err(Refusal::from(InputRefusal::TooMany { limit: NAMED_LIMIT, count }).within(field)) } else { Ok(()) }
}
