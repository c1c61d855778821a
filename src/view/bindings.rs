//! Who is bound, and why, as it is read: only of units that the viewer may read about (A3, B5).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chidao_domain::access::{readable, visible_units};
use chidao_domain::directive::{Period, Rhythm};
use chidao_domain::ids::{DirectiveId, ObligationId, RequirementId, UnitId};
use chidao_domain::refusal::{InputRefusal, Locale, Noun, Refusal};
use chidao_domain::reorganization::UnitRef;
use chidao_domain::scope::{self, BindingReason, DirectiveFacts, Explanation, Names};

use crate::store::bindings::{Binding, NewObligation, load_standing};
use crate::store::directive_lists::{DirectiveOrder, DirectiveSelection};
use crate::store::directives::Directive;
use crate::store::periods::load_last_opened;
use crate::store::requirements::KeptRequirement;
use crate::store::sights::Sighted;
use crate::store::{Fault, Stop};
use crate::view::View;
use crate::view::directives::ListOf;
use crate::view::page::{Page, Window};
use crate::view::units::{Among, UnitOrder, UnitSelection};

impl View {
    /// A page of what binds units by a directive that the caller may read, in tree order.
    ///
    /// # Errors
    /// A refusal where the filter points at nothing or a cursor at another list, or a fault of the database.
    pub async fn bound_units(
        &self,
        directive: DirectiveId,
        filter: &UnitSelection,
        window: &Window<UnitId>,
    ) -> Result<Page<Binding>, Stop> {
        let bound = self.loaders().of_directives.bindings.load_one(directive).await.map_err(Fault::shared)?.unwrap_or_default();
        let visible = visible_units(self.grants(), self.forest());
        let may_see = |unit: UnitId| self.forest().known_place(unit).is_some_and(|place| visible.contains(place));
        let listed = self.select_units((self.tree(), self.today()), Among::All, filter, UnitOrder::Tree).await?;
        let page = listed.only(|unit| bound.contains(&unit) && may_see(unit)).page(window)?;
        let Page { items, has_previous, has_next, total } = page;
        let units: Vec<UnitId> = items.into_iter().filter_map(|place| Some(self.forest().known_at(place)?.id)).collect();
        let wanted = units.iter().map(|unit| (directive, *unit));
        let mut known = self.loaders().of_directives.bindings.load_many(wanted).await.map_err(Fault::shared)?;
        let items = units.into_iter().filter_map(|unit| known.remove(&(directive, unit))).collect();
        Ok(Page { items, has_previous, has_next, total })
    }

    /// A page of what would bind units by a directive that is only looked at, in tree order.
    ///
    /// # Errors
    /// A refusal where a cursor points at another list.
    pub fn previewed_bindings(
        &self,
        directive: &Directive,
        new: &[NewObligation],
        window: &Window<UnitId>,
    ) -> Result<Page<Binding>, Refusal> {
        let place_of = |unit: UnitId| {
            let foreign = || Refusal::from(InputRefusal::ForeignCursor);
            self.forest().place(unit).ok_or_else(foreign)
        };
        let window = window.clone().try_map(place_of)?;
        let mut bindings: BTreeMap<usize, Binding> = BTreeMap::new();
        for one in new {
            let (obligations, reasons) = (Vec::new(), Vec::new());
            let empty = || Binding { directive: directive.id, unit: one.unit, obligations, reasons, bound_on: self.today() };
            let binding = bindings.entry(place_of(one.unit)?).or_insert_with(empty);
            let fresh: Vec<BindingReason> = one.reasons.iter().filter(|reason| !binding.reasons.contains(reason)).copied().collect();
            binding.reasons.extend(fresh);
        }
        let listed: Vec<(usize, Binding)> = bindings.into_iter().collect();
        Ok(Page::of_sorted(&listed, &window, |(place, _), key| place.cmp(key)).map(|(_, binding)| binding))
    }

    /// A page of what binds a unit, the latest directive first.
    ///
    /// # Errors
    /// `FORBIDDEN` where the caller may not read about the unit (A3), or a fault of the database.
    pub async fn bindings_of(
        &self,
        unit: UnitId,
        selection: DirectiveSelection,
        window: &Window<DirectiveId>,
    ) -> Result<Page<(Arc<Sighted>, Binding)>, Stop> {
        let whose = ListOf::Binding(readable(self.grants(), self.forest(), unit)?.unit());
        let page = self.directives(whose, selection, DirectiveOrder::IssuedOn, window).await.map_err(Fault::shared)?;
        let Page { items, has_previous, has_next, total } = page;
        let wanted = items.iter().map(|seen| (seen.directive.id, unit));
        let mut known = self.loaders().of_directives.bindings.load_many(wanted).await.map_err(Fault::shared)?;
        let binding = |seen: Arc<Sighted>| known.remove(&(seen.directive.id, unit)).map(|binding| (seen, binding));
        let items = items.into_iter().filter_map(binding).collect();
        Ok(Page { items, has_previous, has_next, total })
    }

    /// Why a unit is bound by a requirement, or why not (B5); and which unit that is.
    ///
    /// # Errors
    /// `NOT_FOUND` where there is no such unit or requirement, `FORBIDDEN` where the caller may not read about the unit.
    pub async fn explain(&self, unit: &UnitRef, requirement: RequirementId) -> Result<(UnitId, Explanation), Stop> {
        let unit = self.resolve_unit(self.tree(), unit).await.map_err(|stop| stop.within("unit"))?;
        readable(self.grants(), self.forest(), unit).map_err(|no| no.within("unit"))?;
        let missing = || {
            let missing = InputRefusal::NotFound { wanted: Noun::Requirement, given: requirement.to_string() };
            Refusal::from(missing).within("requirement")
        };
        let kept = self.loaders().requirements.load_one(requirement).await.map_err(Fault::shared)?.ok_or_else(missing)?;
        let seen = self.directive(kept.directive).await.map_err(Fault::shared)?.ok_or_else(missing)?;
        let directive = &seen.directive;
        let facts = DirectiveFacts {
            status: directive.status,
            issuer: directive.issuer,
            bound_on: directive.bound_on,
            ended_on: directive.ended_on,
            next_period: self.next_period(&kept, directive).await?,
        };
        let standing = load_standing(self.sql(), requirement, unit).await?;
        Ok((unit, scope::explain(self.forest(), &kept.terms.scope, facts, unit, standing)))
    }

    /// The period of a requirement that opens next (B7); none where it does not recur, or was not issued.
    async fn next_period(&self, kept: &KeptRequirement, directive: &Directive) -> Result<Option<Period>, Fault> {
        let Some(rhythm) = directive.effective_on.and_then(|effective_on| Rhythm::of(&kept.terms, effective_on)) else { return Ok(None) };
        let opened = load_last_opened(self.sql(), self.engine(), &[kept.id]).await?;
        Ok(rhythm.next(opened.get(&kept.id).copied()))
    }

    /// A reason in words; `owners` says whose the obligations are that were taken over, as far as the viewer may read about them.
    pub fn reason_words(&self, reason: BindingReason, owners: &HashMap<ObligationId, UnitId>, locale: Locale) -> String {
        let owner = |id| owners.get(&id).copied();
        reason.words(Names { owner: &owner, unit: &|unit| self.called(unit), kinds: &self.tree().kinds }, locale)
    }

    /// An explanation in words: the whole sentence, and the clause that says why not; `owners` as for a reason.
    pub fn explanation_words(
        &self,
        unit: UnitId,
        explanation: &Explanation,
        owners: &HashMap<ObligationId, UnitId>,
        locale: Locale,
    ) -> (String, Option<String>) {
        let owner = |id| owners.get(&id).copied();
        let names = Names { owner: &owner, unit: &|unit| self.called(unit), kinds: &self.tree().kinds };
        let why_not = match explanation {
            Explanation::Bound(_) => None,
            Explanation::NotBound(why) => Some(why.words(names, locale)),
        };
        (explanation.words(unit, names, locale), why_not)
    }

    /// The name of a unit, or its path where another unit has the same name (O2).
    fn called(&self, unit: UnitId) -> String {
        let forest = self.forest();
        let Some(known) = forest.known(unit) else { return unit.to_string() };
        let shared = forest.unit(unit).is_some() && forest.units().iter().any(|other| other.id != unit && other.name == known.name);
        if shared { forest.path(unit, " › ") } else { known.name.to_string() }
    }
}
