//! What must be closed before an obligation can be fulfilled (L5).

use async_graphql::{Context, Object};
use chidao_domain::ids::{ObligationId, RequirementId};
use chidao_domain::obligation::{Gate as DomainGate, unmet};

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
}

impl Gate {
    /// The gate of an obligation; nothing where nothing must be closed before.
    pub(crate) fn of(view: &SharedView, obligation: ObligationId, gate: &DomainGate) -> Option<Self> {
        let gate = Self { view: view.clone(), of: obligation, gate: gate.clone() };
        (!gate.gate.after.is_empty()).then_some(gate)
    }
}

/// What must be closed before an obligation can be fulfilled (điều kiện hoàn thành).
#[Object]
impl Gate {
    /// The share of the units below that must have fulfilled it; nothing: it does not matter.
    async fn share(&self) -> Option<Decimal> {
        None
    }

    /// How many of the units below have fulfilled it; 0 where their share does not matter.
    async fn fulfilled(&self) -> usize {
        0
    }

    /// How many of the units below are counted; 0 where their share does not matter.
    async fn counted(&self) -> usize {
        0
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
        unmet(&self.gate).next().is_none()
    }

    /// The obligations that are still open.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn missing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let list = Listing::of(ctx, "gate.missing", self.of);
        let window: Window<usize> = Paging::forward(first, after).window(ctx, &list, |key| key.parse().ok())?;
        let missing: Vec<(usize, ObligationId)> = unmet(&self.gate).map(|earlier| earlier.obligation).enumerate().collect();
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
