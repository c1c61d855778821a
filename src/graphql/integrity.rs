//! Findings about the tree.

use async_graphql::{Context, Object};
use chidao_domain::ids::UnitId;
use chidao_domain::integrity::Finding;

use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::context::view;
use crate::graphql::error::Outcome;
use crate::graphql::org_unit::{Locale, OrgUnit, OrgUnitRef, page_cost};
use crate::store::Fault;
use crate::store::forests::TreeOn;
use crate::view::SharedView;
use crate::view::units::UnitOnDay;

/// Something about a unit that a person should look at; it refuses nothing (vấn đề cần rà soát).
pub struct IntegrityFinding {
    view: SharedView,
    finding: Finding,
}

/// Something about a unit that a person should look at; it refuses nothing (vấn đề cần rà soát).
#[Object]
impl IntegrityFinding {
    /// The unit, active or ended.
    async fn unit(&self) -> Outcome<OrgUnit> {
        let on = TreeOn::day(self.view.today());
        let lost = || Fault::Corrupt { table: "org_unit", wanted: "unit", value: self.finding.unit.to_string() };
        Ok(UnitOnDay::find(&self.view, self.view.tree(), on, self.finding.unit).map(OrgUnit).ok_or_else(lost)?)
    }

    /// Names the sort of finding for ever: `TOO_FEW_MEMBERS`, `PLACEMENT_NO_LONGER_PERMITTED`, `NAME_TWICE`, `GRANTS_ON_ENDED_UNIT`.
    async fn code(&self) -> &'static str {
        self.finding.what.code()
    }

    /// What is found, and what can be done.
    async fn message(&self, #[graphql(desc = "In which language.", default_with = "Some(Locale::Vi)")] locale: Option<Locale>) -> String {
        self.finding.what.words(locale.unwrap_or_default().into())
    }
}

/// The query about findings.
#[derive(Default)]
pub struct IntegrityQuery;

#[Object]
impl IntegrityQuery {
    /// What of today's tree a person should look at, of a unit and all below it where one is named, in tree order: thresholds of the party
    /// charter, placements that are no longer permitted, names twice under one parent, grants over ended units (for who administers there).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn integrity_findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this unit and those below it; left out: the whole tree.")] under: Option<OrgUnitRef>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<IntegrityFinding>> {
        let view = view(ctx).await?;
        let under = match under {
            None => None,
            Some(under) => {
                let under = under.read().map_err(|no| no.within("under"))?;
                let tree = view.tree().clone();
                Some(view.resolve_unit(&tree, &under).await.map_err(|stop| stop.within("under"))?)
            }
        };
        let list = Listing::of(ctx, "integrityFindings", "");
        let window = Paging::forward(first, after).window(ctx, &list, key)?;
        let page = view.integrity_findings(under, &window).await?;
        let cursor = |finding: &Finding| format!("{} {}", finding.unit, finding.what.code());
        Ok(connection(&list, page, cursor, |finding| IntegrityFinding { view: view.clone(), finding }))
    }
}

fn key(text: &str) -> Option<(UnitId, String)> {
    let (unit, code) = text.split_once(' ')?;
    Some((UnitId(unit.parse().ok()?), code.to_owned()))
}
