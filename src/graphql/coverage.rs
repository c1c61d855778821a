//! Coverage of a directive (D7).

use async_graphql::{Context, Object, SimpleObject};
use chidao_domain::access::readable;
use chidao_domain::directive as domain;
use chidao_domain::ids::UnitId;
use chidao_domain::refusal::{InputRefusal, Refusal};

use crate::graphql::completion::filter::unit_kinds;
use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::directive::Directive;
use crate::graphql::error::Outcome;
use crate::graphql::org_unit::{OrgUnit, OrgUnitRef, page_cost};
use crate::store::forests::TreeOn;
use crate::view::SharedView;
use crate::view::page::Page;
use crate::view::units::UnitOnDay;

/// Which units below one have issued a document of their own to carry a directive out, directly or not, and which have not (tình hình cụ thể
/// hóa). Only active units count; a document of a unit that has ended is its place's.
pub struct Coverage {
    view: SharedView,
    /// Which coverage it is, for its lists: of what, below whom, and of which kinds.
    owner: String,
    counted: domain::Coverage,
}

/// One level of the units below (cấp).
#[derive(SimpleObject)]
pub struct CoverageLevel {
    /// How many levels below the unit, from 1.
    depth: usize,
    /// How many units are expected to issue a document.
    expected: usize,
    /// How many of them have.
    covered: usize,
    /// Covered over expected, never rounded; null where nobody is expected.
    rate: Option<f64>,
}

impl Coverage {
    /// The coverage below a unit, by default the issuer's place; whoever may read about it may read about all below.
    pub(crate) async fn of(
        view: &SharedView,
        directive: &Directive,
        unit: Option<OrgUnitRef>,
        kinds: Option<Vec<String>>,
    ) -> Outcome<Self> {
        let unit = match unit {
            None => view.forest().stands_for(directive.issuer_id()),
            Some(unit) => {
                let read = unit.read().map_err(|no| no.within("unit"))?;
                view.resolve_unit(view.tree(), &read).await.map_err(|stop| stop.within("unit"))?
            }
        };
        let below = readable(view.grants(), view.forest(), unit)?;
        let kinds = kinds.filter(|kinds| !kinds.is_empty()).map(|kinds| unit_kinds(&kinds, view)).transpose()?;
        let directive = directive.record().id;
        let counted = view.coverage(directive, below, kinds.as_ref()).await?;
        let owner = format!("{directive} {unit} {kinds:?}");
        Ok(Self { view: view.clone(), owner, counted })
    }

    fn page(&self, ctx: &Context<'_>, (name, places): (&str, &[usize]), paging: Paging) -> Outcome<Connection<OrgUnit>> {
        let list = Listing::of(ctx, name, &self.owner);
        let window = paging.window(ctx, &list, |key| key.parse().ok().map(UnitId))?;
        let forest = self.view.forest();
        let window = window.try_map(|unit| forest.place(unit).ok_or_else(|| Refusal::from(InputRefusal::ForeignCursor)))?;
        let page = Page::of_sorted(places, &window, usize::cmp);
        let shown =
            |place: usize| OrgUnit(UnitOnDay::at(self.view.clone(), self.view.tree().clone(), TreeOn::day(self.view.today()), place));
        Ok(connection(&list, page, |place| forest.units()[*place].id.to_string(), shown))
    }
}

/// Which units below one have issued a document of their own to carry a directive out, directly or not, and which have not (tình hình cụ thể
/// hóa). Only active units count; a document of a unit that has ended is its place's.
#[Object]
impl Coverage {
    /// How many units are expected to issue a document.
    async fn expected(&self) -> usize {
        self.counted.whole().expected
    }

    /// How many of them have.
    async fn covered(&self) -> usize {
        self.counted.whole().covered
    }

    /// Covered over expected, never rounded; null where nobody is expected.
    async fn rate(&self) -> Option<f64> {
        self.counted.whole().rate()
    }

    /// The same by level below the unit, from the first on to the last at which somebody is expected.
    async fn levels(&self) -> Vec<CoverageLevel> {
        let level = |(depth, level): (usize, &domain::Level)| CoverageLevel {
            depth,
            expected: level.expected,
            covered: level.covered,
            rate: level.rate(),
        };
        (1..).zip(&self.counted.levels).map(level).collect()
    }

    /// The expected units that have issued none, in tree order.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn missing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<OrgUnit>> {
        self.page(ctx, ("missing", &self.counted.missing), Paging::forward(first, after))
    }

    /// Where the chain breaks: of the missing units those above which, up to the unit, none is missing; in tree order.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn breaks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<OrgUnit>> {
        self.page(ctx, ("breaks", &self.counted.breaks), Paging::forward(first, after))
    }
}
