//! How a directive reaches lower levels (cascade).

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::Object;
use chidao_domain::access::readable;
use chidao_domain::completion::Span;
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::graphql::completion::Completion;
use crate::graphql::directive::Directive;
use crate::graphql::error::Outcome;
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef};
use crate::store::directives::Directive as Record;
use crate::view::SharedView;
use crate::view::completion::{ObligationSet, ObligationsCounted, Reach, Subject};
use crate::view::units::UnitOnDay;

/// The most levels that a cascade shows at once.
const DEEPEST: i32 = 10;
/// How many units a level is reckoned to have under each unit, for the cost of a query.
const CHILDREN_RECKONED: usize = 8;

/// A unit in the cascade of a directive (tầng nấc triển khai): how far it and all below it have come, and by which documents of its own it
/// carries the directive out.
pub struct CascadeNode {
    unit: UnitOnDay,
    of: Arc<Cascade>,
    levels: u32,
}

/// What the nodes of one cascade share.
struct Cascade {
    directive: DirectiveId,
    implementing: Arc<Vec<(DirectiveId, UnitId)>>,
    set: ObligationSet,
}

impl CascadeNode {
    /// The node of a unit, by default the issuer; whoever may read about it may read about all below it.
    pub(crate) async fn top(view: &SharedView, directive: &Record, unit: Option<OrgUnitRef>, depth: i32) -> Outcome<Self> {
        let levels = u32::try_from(depth).ok().filter(|_| depth <= DEEPEST).ok_or_else(|| {
            let range = InputRefusal::OutOfRange { least: "0".into(), most: DEEPEST.to_string() };
            Refusal::from(range).within("depth")
        })?;
        let unit = match unit {
            None => view.forest().stands_for(directive.issuer),
            Some(unit) => {
                let at = |no: Refusal| no.within("unit");
                view.resolve_unit(view.tree(), &unit.read().map_err(at)?).await.map_err(|stop| stop.within("unit"))?
            }
        };
        let readable = readable(view.grants(), view.forest(), unit)?;
        let subject = Subject::Directives(BTreeSet::from([directive.id]), Reach::Lineage);
        let set = ObligationSet::of_unit(view, readable, Span::Subtree, subject, ObligationsCounted::default());
        let implementing = view.loaders().implementing.load_one(directive.id).await?.unwrap_or_default();
        let unit = crate::graphql::directive::unit(view, unit)?.0;
        Ok(Self { unit, of: Arc::new(Cascade { directive: directive.id, implementing, set }), levels })
    }
}

/// A unit in the cascade of a directive (tầng nấc triển khai): how far it and all below it have come, and by which documents of its own it
/// carries the directive out.
#[Object]
impl CascadeNode {
    /// The unit.
    async fn unit(&self) -> OrgUnit {
        OrgUnit(self.unit.clone())
    }

    /// How far the unit and all below it have come with the directive and with what implements, amends or supplements it; each
    /// obligation once.
    async fn completion(&self) -> Outcome<Completion> {
        Completion::of(self.of.set.below(self.unit.id())).await
    }

    /// The directives of this unit, and of those whose place it is, that implement the directive, directly or not, as far as you may read
    /// them.
    async fn implementing(&self) -> Outcome<Vec<Directive>> {
        let forest = &self.unit.tree().forest;
        let is_its = |issuer: UnitId| forest.stands_for(issuer) == self.unit.id();
        let own = self.of.implementing.iter().filter(|(id, issuer)| is_its(*issuer) && *id != self.of.directive);
        Directive::readable(self.unit.view(), own.map(|(id, _)| *id).collect()).await
    }

    /// The units directly below, in tree order; empty below the last level that was asked for.
    #[graphql(complexity = "1 + CHILDREN_RECKONED * child_complexity")]
    async fn children(&self) -> Vec<CascadeNode> {
        let Some(levels) = self.levels.checked_sub(1) else { return Vec::new() };
        let forest = &self.unit.tree().forest;
        let places = forest.children(self.unit.id()).filter_map(|child| forest.place(child.id));
        places.map(|place| Self { unit: self.unit.elsewhere(place), of: self.of.clone(), levels }).collect()
    }
}
