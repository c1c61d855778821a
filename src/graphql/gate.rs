//! What must be closed before an obligation can be fulfilled (L5).

use async_graphql::{Context, Object};
use chidao_domain::ids::{ObligationId, RequirementId};
use chidao_domain::obligation::{Below, Case, Gate as DomainGate, unmet};

use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::error::Outcome;
use crate::graphql::obligation::Obligation;
use crate::graphql::org_unit::page_cost;
use crate::graphql::requirement::Requirement;
use crate::graphql::scalars::Decimal;
use crate::view::SharedView;
use crate::view::page::{Page, Window};

/// What must be closed before an obligation can be fulfilled (điều kiện hoàn thành).
pub struct Gate {
    view: SharedView,
    of: ObligationId,
    gate: DomainGate,
    below: Option<Below>,
}

impl Gate {
    /// The gate of an obligation; nothing where nothing must be closed before.
    pub(crate) fn of(view: &SharedView, case: &Case) -> Option<Self> {
        let below = case.gate.share.as_ref().map(|share| share.below(view.forest(), case.unit));
        let gate = Self { view: view.clone(), of: case.id, gate: case.gate.clone(), below };
        (!gate.gate.after.is_empty() || gate.below.is_some()).then_some(gate)
    }

    /// What is missing: the unit's own first, then those of the units below while their share is not reached.
    fn missing_ids(&self) -> Vec<ObligationId> {
        let below = self.below.iter().filter(|below| below.wanted > 0).flat_map(|below| &below.open);
        unmet(&self.gate).map(|earlier| earlier.obligation).chain(below.map(|one| one.obligation)).collect()
    }
}

/// What must be closed before an obligation can be fulfilled (điều kiện hoàn thành).
#[Object]
impl Gate {
    /// The share of the units below that must have fulfilled it; nothing: it does not matter.
    async fn share(&self) -> Option<Decimal> {
        self.gate.share.as_ref().map(|share| Decimal(share.of))
    }

    /// How many of the units below have fulfilled it; 0 where their share does not matter.
    async fn fulfilled(&self) -> usize {
        self.below.as_ref().map_or(0, |below| below.fulfilled)
    }

    /// How many of the units below are counted; 0 where their share does not matter.
    async fn counted(&self) -> usize {
        self.below.as_ref().map_or(0, |below| below.counted)
    }

    /// The earlier requirements on which the unit's own obligations are still open, in their order.
    async fn unmet_after(&self) -> Outcome<Vec<Requirement>> {
        let mut ids: Vec<RequirementId> = unmet(&self.gate).map(|earlier| earlier.requirement).collect();
        ids.dedup();
        let found = futures_util::future::try_join_all(ids.iter().map(|id| Requirement::find(&self.view, *id))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Whether nothing is missing.
    async fn open(&self) -> bool {
        self.missing_ids().is_empty()
    }

    /// The obligations that are missing: the unit's own that must come before, then, while the share is not reached, those of the units below in
    /// tree order; as far as you may read them.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn missing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let list = Listing::of(ctx, "gate.missing", self.of);
        let window: Window<usize> = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok())?;
        let missing: Vec<(usize, ObligationId)> = self.missing_ids().into_iter().enumerate().collect();
        let page = Page::of_sorted(&missing, &window, |item, key| item.0.cmp(key));
        let ids: Vec<ObligationId> = page.items.iter().map(|item| item.1).collect();
        let mut shown = Obligation::all(&self.view, &ids).await?.into_iter();
        let page = page.map(|item| (item.0, shown.next()));
        let page = Page {
            items: page.items.into_iter().filter_map(|(at, known)| Some((at, known?))).collect(),
            has_previous: page.has_previous,
            has_next: page.has_next,
            total: page.total,
        };
        Ok(connection(&list, page, |item| item.0.to_string(), |item| item.1))
    }
}
