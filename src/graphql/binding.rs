//! Who is bound, and why.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object};
use chidao_domain::ids::{DirectiveId, ObligationId, UnitId};
use chidao_domain::scope::{self, Explanation};

use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::context::view;
use crate::graphql::directive::{Directive, unit};
use crate::graphql::directive_list::DirectiveFilter;
use crate::graphql::directive_words::{BindingRule, Reach};
use crate::graphql::error::Outcome;
use crate::graphql::id::typed;
use crate::graphql::obligation::Obligation;
use crate::graphql::org_unit::{Locale, OrgUnit, OrgUnitRef};
use crate::graphql::org_unit_filter::OrgUnitFilter;
use crate::graphql::scalars::Date;
use crate::store::bindings::{Binding as Record, NewObligation};
use crate::view::SharedView;
use crate::view::page::Page;
use crate::view::units::UnitOnDay;

/// A unit as a directive binds it (đối tượng thực hiện), and why.
pub struct Binding {
    directive: Directive,
    record: Record,
}

impl Binding {
    pub(crate) fn of(directive: &Directive, record: Record) -> Self {
        Self { directive: directive.clone(), record }
    }
}

/// A unit as a directive binds it (đối tượng thực hiện), and why.
#[Object]
impl Binding {
    /// The unit that is bound.
    async fn unit(&self) -> Outcome<OrgUnit> {
        unit(&self.directive.view, self.record.unit)
    }

    /// The directive that binds it.
    async fn directive(&self) -> Directive {
        self.directive.clone()
    }

    /// Its obligations on that directive; a preview has none yet.
    async fn obligations(&self) -> Outcome<Vec<Obligation>> {
        Obligation::all(&self.directive.view, &self.record.obligations).await
    }

    /// Why, each reason once.
    async fn reasons(&self) -> Vec<BindingReason> {
        reasons(&self.directive.view, &self.record.reasons)
    }

    /// Since when.
    async fn bound_on(&self) -> Date {
        Date(self.record.bound_on)
    }
}

/// One reason why a unit is bound (căn cứ).
pub struct BindingReason {
    view: SharedView,
    reason: scope::BindingReason,
}

/// Reasons as clients see them.
pub(crate) fn reasons(view: &SharedView, reasons: &[scope::BindingReason]) -> Vec<BindingReason> {
    reasons.iter().map(|reason| BindingReason { view: view.clone(), reason: *reason }).collect()
}

/// Whose the obligations are that were taken over: those that the viewer may read.
async fn owners(view: &SharedView, reasons: &[scope::BindingReason]) -> Outcome<HashMap<ObligationId, UnitId>> {
    let taken_over: Vec<ObligationId> = reasons.iter().filter_map(|reason| reason.predecessor()).collect();
    let found = Obligation::all(view, &taken_over).await?;
    Ok(found.iter().map(Obligation::owner).collect())
}

/// One reason why a unit is bound (căn cứ).
#[Object]
impl BindingReason {
    /// The rule by which it is bound.
    async fn rule(&self) -> BindingRule {
        self.reason.rule().into()
    }

    /// From where the scope reaches, where the rule goes by that.
    async fn anchor(&self) -> Outcome<Option<OrgUnit>> {
        self.reason.reach().map(|(anchor, _)| unit(&self.view, anchor)).transpose()
    }

    /// How far the scope reaches, where the rule goes by that.
    async fn reach(&self) -> Option<Reach> {
        self.reason.reach().map(|(_, reach)| reach.into())
    }

    /// The obligation that it took over, where it did; nothing where you may not read that one.
    async fn predecessor(&self) -> Option<Outcome<Obligation>> {
        let found = Obligation::all(&self.view, &[self.reason.predecessor()?]).await;
        found.map(|found| found.into_iter().next()).transpose()
    }

    /// The reason in words.
    async fn text(
        &self,
        #[graphql(desc = "In which language.", default_with = "Some(Locale::Vi)")] locale: Option<Locale>,
    ) -> Outcome<String> {
        let owners = owners(&self.view, &[self.reason]).await?;
        Ok(self.view.reason_words(self.reason, &owners, locale.unwrap_or_default().into()))
    }
}

/// Whether a unit is bound by a requirement, and why (giải thích).
pub struct BindingExplanation {
    view: SharedView,
    unit: UnitId,
    explanation: Explanation,
}

/// Whether a unit is bound by a requirement, and why (giải thích).
#[Object]
impl BindingExplanation {
    /// Whether it is bound: it has an obligation that is not released or transferred.
    async fn bound(&self) -> bool {
        self.explanation.is_bound()
    }

    /// Why it is bound; empty where it is not.
    async fn reasons(&self) -> Vec<BindingReason> {
        match &self.explanation {
            Explanation::Bound(found) => reasons(&self.view, found),
            Explanation::NotBound(_) => Vec::new(),
        }
    }

    /// Why it is not bound, as a clause in the language of `Accept-Language`; nothing where it is.
    async fn not_bound_because(&self) -> Option<String> {
        self.view.explanation_words(self.unit, &self.explanation, &HashMap::new(), self.view.locale()).1
    }

    /// The explanation as a sentence.
    async fn text(
        &self,
        #[graphql(desc = "In which language.", default_with = "Some(Locale::Vi)")] locale: Option<Locale>,
    ) -> Outcome<String> {
        let owners = match &self.explanation {
            Explanation::Bound(reasons) => owners(&self.view, reasons).await?,
            Explanation::NotBound(_) => HashMap::new(),
        };
        Ok(self.view.explanation_words(self.unit, &self.explanation, &owners, locale.unwrap_or_default().into()).0)
    }
}

/// A page of the units that a directive binds, as far as the viewer may read about them.
pub(crate) async fn bound_units(
    ctx: &Context<'_>,
    directive: &Directive,
    filter: Option<OrgUnitFilter>,
    paging: Paging,
) -> Outcome<Connection<Binding>> {
    let list = Listing::of(ctx, "boundUnits", directive.record().id);
    let window = paging.window(ctx, &list, |key| key.parse().ok().map(UnitId))?;
    let page = directive.view.bound_units(directive.record().id, &OrgUnitFilter::read(filter)?, &window).await?;
    Ok(connection(&list, page, |binding| binding.unit.to_string(), |binding| Binding::of(directive, binding)))
}

/// A page of the units that a preview would bind; nobody where there is none to show.
pub(crate) fn previewed(
    ctx: &Context<'_>,
    directive: Option<&Directive>,
    new: &[NewObligation],
    paging: Paging,
) -> Outcome<Connection<Binding>> {
    let owner = directive.map(|directive| directive.record().id.to_string()).unwrap_or_default();
    let list = Listing::of(ctx, "boundUnits of a preview", owner);
    let window = paging.window(ctx, &list, |key| key.parse().ok().map(UnitId))?;
    let page = match directive {
        None => Page::empty(),
        Some(directive) => {
            let page = directive.view.previewed_bindings(directive.record(), new, &window)?;
            page.map(|record| Binding::of(directive, record))
        }
    };
    Ok(connection(&list, page, |binding: &Binding| binding.record.unit.to_string(), |binding| binding))
}

/// A page of what binds a unit.
pub(crate) async fn bindings_of(
    ctx: &Context<'_>,
    bound: &UnitOnDay,
    filter: Option<DirectiveFilter>,
    paging: Paging,
) -> Outcome<Connection<Binding>> {
    let (list, view) = (Listing::of(ctx, "bindings", bound.id()), bound.view());
    let window = paging.window(ctx, &list, |key| key.parse().ok().map(DirectiveId))?;
    let selection = view.select_directives(&DirectiveFilter::read(filter)?).await?;
    let page = view.bindings_of(bound.id(), selection, &window).await?;
    let shown = |(sighted, record)| Binding { directive: Directive { view: view.clone(), sighted }, record };
    Ok(connection(&list, page, |(_, binding)| binding.directive.to_string(), shown))
}

/// The queries about binding.
#[derive(Default)]
pub struct BindingQuery;

#[Object]
impl BindingQuery {
    /// Why a unit is bound by a requirement, or why it is not, in words and in data.
    async fn explain(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which unit.")] unit: OrgUnitRef,
        #[graphql(desc = "Which requirement, by its global id.")] requirement: ID,
    ) -> Outcome<BindingExplanation> {
        let view = view(ctx).await?;
        let requirement = typed(&requirement).map_err(|no| no.within("requirement"))?;
        let (unit, explanation) = view.explain(&unit.read().map_err(|no| no.within("unit"))?, requirement).await?;
        Ok(BindingExplanation { view, unit, explanation })
    }
}
