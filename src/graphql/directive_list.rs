//! Lists of directives, and what they are narrowed and ordered by.

use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject};
use chidao_domain::day::DayRange;
use chidao_domain::ids::DirectiveId;
use chidao_domain::refusal::Refusal;
use chidao_domain::text;

use crate::graphql::completion::filter::DateRange;
use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::directive::Directive;
use crate::graphql::directive_input::DirectiveRef;
use crate::graphql::directive_words::DirectiveStatus;
use crate::graphql::error::Outcome;
use crate::graphql::org_unit::OrgUnitRef;
use crate::graphql::org_unit_filter::searched;
use crate::store::directive_lists::DirectiveOrder as Order;
use crate::store::sights::Sighted;
use crate::view::SharedView;
use crate::view::directives::{DirectiveFilter as Filter, ListOf};

/// Which directives a list holds; what is left out does not narrow it.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DirectiveFilter {
    /// Words of the title, without case, diacritics and tone marks; or a symbol in either notation.
    search: Option<String>,
    /// Only in these states.
    statuses: Option<Vec<DirectiveStatus>>,
    /// Only of these kinds, by code.
    kinds: Option<Vec<String>>,
    /// Only of this issuer; of a draft whose issuer has ended, its place is the issuer (D2).
    issuer: Option<OrgUnitRef>,
    /// Only of this unit and those below it; what has ended counts at its place.
    under: Option<OrgUnitRef>,
    /// Only issued in the range, both ends included.
    issued: Option<DateRange>,
    /// Only those that implement this one.
    implements: Option<DirectiveRef>,
}

impl DirectiveFilter {
    pub(crate) fn read(filter: Option<Self>) -> Result<Filter, Refusal> {
        let filter = filter.unwrap_or_default();
        let at = |field: &'static str| move |no: Refusal| no.within(field).within("filter");
        let kinds = filter.kinds.unwrap_or_default();
        let kinds =
            kinds.iter().enumerate().map(|(at, kind)| text::sought(kind).map_err(|no| Refusal::from(no).at(at))).collect::<Result<_, _>>();
        Ok(Filter {
            search: searched(filter.search.as_deref()).map_err(|no| no.within("filter"))?,
            statuses: filter.statuses.unwrap_or_default().into_iter().map(Into::into).collect(),
            kinds: kinds.map_err(at("kinds"))?,
            issuer: filter.issuer.map(|unit| unit.read()).transpose().map_err(at("issuer"))?,
            under: filter.under.map(|unit| unit.read()).transpose().map_err(at("under"))?,
            issued: filter.issued.map_or(DayRange::default(), DateRange::read),
            implements: filter.implements.map(|directive| directive.read()).transpose().map_err(at("implements"))?,
        })
    }
}

/// The order of a list of directives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Order")]
pub enum DirectiveOrder {
    /// The latest date first; drafts, which have none yet, before all.
    IssuedOn,
    /// By title, without case and diacritics.
    Title,
    /// By number and signs; those without one last.
    Symbol,
}

/// What a list of directives is asked for with.
#[derive(Default)]
pub(crate) struct List {
    pub(crate) name: &'static str,
    pub(crate) filter: Option<DirectiveFilter>,
    pub(crate) order_by: Option<DirectiveOrder>,
    pub(crate) paging: Paging,
}

/// A page of directives; with an owner, of its own.
pub(crate) async fn directives(ctx: &Context<'_>, view: &SharedView, list: List, whose: ListOf) -> Outcome<Connection<Directive>> {
    let order: Order = list.order_by.map(Into::into).unwrap_or_default();
    let listing = Listing::of(ctx, format_args!("{}.{order:?}", list.name), format_args!("{whose:?}"));
    let window = list.paging.window(ctx, &listing, |key| key.parse().ok().map(DirectiveId))?;
    let selection = view.select_directives(&DirectiveFilter::read(list.filter)?).await?;
    let page = view.directives(whose, selection, order, &window).await?;
    let shown = |sighted: Arc<Sighted>| Directive { view: view.clone(), sighted };
    Ok(connection(&listing, page, |sighted| sighted.directive.id.to_string(), shown))
}
