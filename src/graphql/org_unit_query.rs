//! The queries that find units.

use async_graphql::{Context, Object};

use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::view;
use crate::graphql::error::Outcome;
use crate::graphql::org_unit::{List, OrgUnit, OrgUnitRef, page_cost, units};
use crate::graphql::org_unit_filter::{OrgUnitFilter, OrgUnitOrder};
use crate::graphql::org_unit_kind::OrgUnitKind;
use crate::graphql::scalars::{Date, DateTime};
use crate::store::Stop;
use crate::store::forests::TreeOn;
use crate::view::View;
use crate::view::units::{Among, UnitOnDay};

/// The queries about units.
#[derive(Default)]
pub struct OrgUnitQuery;

#[Object]
impl OrgUnitQuery {
    /// The units without a parent (đơn vị gốc), on a day, as it is or was known.
    async fn roots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day that the tree is of, past or to come; left out: today.")] as_of: Option<Date>,
        #[graphql(desc = "The tree as it was known at this instant; left out: as it is known now.")] as_known_at: Option<DateTime>,
    ) -> Outcome<Vec<OrgUnit>> {
        let view = view(ctx).await?;
        let on = tree_on(&view, as_of, as_known_at);
        let tree = view.tree_known(on).await?;
        let roots = tree.forest.roots().filter_map(|unit| tree.forest.place(unit.id));
        Ok(roots.map(|place| OrgUnit(UnitOnDay::at(view.clone(), tree.clone(), on, place))).collect())
    }

    /// The unit, as it is on a day, as it is or was known; nothing before its first day. After its last it is told as it last was.
    async fn org_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which unit.")] by: OrgUnitRef,
        #[graphql(desc = "The day that the tree is of, past or to come; left out: today.")] as_of: Option<Date>,
        #[graphql(desc = "The tree as it was known at this instant; left out: as it is known now.")] as_known_at: Option<DateTime>,
    ) -> Option<Outcome<OrgUnit>> {
        find(ctx, by, as_of, as_known_at).await.transpose()
    }

    /// All units of a day, filtered and ordered; a search without an order puts the best hits first.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn org_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which units are meant; left out: all that are active on the day.")] filter: Option<OrgUnitFilter>,
        #[graphql(desc = "In which order; left out: `TREE`, or the best hits of a search first.")] order_by: Option<OrgUnitOrder>,
        #[graphql(desc = "The day that the tree is of, past or to come; left out: today.")] as_of: Option<Date>,
        #[graphql(desc = "The tree as it was known at this instant; left out: as it is known now.")] as_known_at: Option<DateTime>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
        #[graphql(desc = "How many items at most, from the end (1 to 100); not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor, of the same list with the same filter and order.")] before: Option<String>,
    ) -> Outcome<Connection<OrgUnit>> {
        let view = view(ctx).await?;
        let on = tree_on(&view, as_of, as_known_at);
        let of = UnitOnDay::at(view.clone(), view.tree_known(on).await?, on, 0);
        units(ctx, &of, List { name: "orgUnits", among: Among::All, filter, order_by }, Paging { first, after, last, before }).await
    }

    /// The register of kinds of unit, from the top of the hierarchy to its bottom.
    async fn org_unit_kinds(&self, ctx: &Context<'_>) -> Outcome<Vec<OrgUnitKind>> {
        let view = view(ctx).await?;
        let kinds = view.tree().kinds.all().to_vec();
        Ok(kinds.into_iter().map(|kind| OrgUnitKind { view: view.clone(), kind }).collect())
    }
}

/// Which tree is asked for.
fn tree_on(view: &View, as_of: Option<Date>, as_known_at: Option<DateTime>) -> TreeOn {
    TreeOn { day: as_of.map_or(view.today(), |day| day.0), known_at: as_known_at.map(|at| at.0) }
}

async fn find(ctx: &Context<'_>, by: OrgUnitRef, as_of: Option<Date>, as_known_at: Option<DateTime>) -> Outcome<Option<OrgUnit>> {
    let view = view(ctx).await?;
    let on = tree_on(&view, as_of, as_known_at);
    let tree = view.tree_known(on).await?;
    match view.resolve_unit(&tree, &by.read().map_err(|no| no.within("by"))?).await {
        Ok(id) => Ok(UnitOnDay::find(&view, &tree, on, id).map(OrgUnit)),
        Err(Stop::Refused(_)) => Ok(None),
        Err(stop) => Err(stop.into()),
    }
}
