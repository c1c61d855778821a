//! Units: the type and its lists.

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject, SimpleObject};
use chidao_domain::ids::UnitId;
use chidao_domain::kind::UnitKind;
use chidao_domain::refusal::{InputRefusal, Locale as Language, Refusal};
use chidao_domain::reorganization::{ExternalId as DomainExternalId, UnitRef};
use chidao_domain::text;

use crate::graphql::binding::{self, Binding};
use crate::graphql::completion::{self, CascadeThrough, Completion, CompletionFilter, Span, Structure, When};
use crate::graphql::connection::{Connection, DEFAULT_PAGE, LARGEST_PAGE, Listing, Paging, connection};
use crate::graphql::directive::Directive;
use crate::graphql::directive_list::{self, DirectiveFilter, DirectiveOrder};
use crate::graphql::error::Outcome;
use crate::graphql::id::{NodeId, typed};
use crate::graphql::journal::{self, JournalEntry};
use crate::graphql::obligation::{Obligation, obligations};
use crate::graphql::obligation_filter::{ObligationFilter, ObligationOrder};
use crate::graphql::org_unit_filter::{OrgUnitFilter, OrgUnitOrder};
use crate::graphql::org_unit_kind::OrgUnitKind;
use crate::graphql::org_unit_record::{self, OrgUnitAction, OrgUnitRevision};
use crate::graphql::person::{self, Appointment, Position};
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::succession::{self, Succession};
use crate::view::directives::ListOf;
use crate::view::obligations::Whose;
use crate::view::units::{Among, UnitOnDay};

/// The language of a text (ngôn ngữ).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "Language")]
pub enum Locale {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

/// What stands between the names of a path, unless something else is asked for.
const SEPARATOR: &str = " › ";

/// How to point at a unit: exactly one of the ways.
#[derive(Clone, Debug, OneofObject)]
pub enum OrgUnitRef {
    /// Its global id.
    Id(ID),
    /// Its code, unique for ever.
    Code(String),
    /// Another system's name for it.
    ExternalId(ExternalIdInput),
}

impl OrgUnitRef {
    /// What it says, with the id read.
    pub(crate) fn read(&self) -> Result<UnitRef, Refusal> {
        Ok(match self {
            Self::Id(id) => UnitRef::Id(typed::<UnitId>(id).map_err(|no| no.within("id"))?),
            Self::Code(code) => UnitRef::Code(text::sought(code).map_err(|no| Refusal::from(no).within("code"))?.into()),
            Self::ExternalId(id) => UnitRef::External(id.sought()?),
        })
    }
}

/// Another system's name for a thing (mã định danh ngoài).
#[derive(Clone, Debug, InputObject)]
pub struct ExternalIdInput {
    /// The other system.
    scheme: String,
    /// Its name for the thing.
    value: String,
}

impl ExternalIdInput {
    /// By which a thing is looked up; refusals stand at `externalId`.
    pub(crate) fn sought(&self) -> Result<DomainExternalId, Refusal> {
        self.read().normalized().map_err(|no| no.within("externalId"))
    }

    pub(crate) fn read(&self) -> DomainExternalId {
        DomainExternalId { scheme: self.scheme.as_str().into(), value: self.value.as_str().into() }
    }
}

/// Another system's name for a thing (mã định danh ngoài).
#[derive(Clone, Debug, SimpleObject)]
pub struct ExternalId {
    /// The other system.
    pub(crate) scheme: String,
    /// Its name for the thing.
    pub(crate) value: String,
}

/// A unit of the tree (tổ chức đảng, đơn vị): provincial committee, bloc, grassroots committee, cell. Everything nested is of its day.
#[derive(Clone)]
pub struct OrgUnit(pub(crate) UnitOnDay);

/// A unit of the tree (tổ chức đảng, đơn vị): provincial committee, bloc, grassroots committee, cell. Everything nested is of its day.
#[Object]
impl OrgUnit {
    /// Opaque and global.
    pub(crate) async fn id(&self) -> ID {
        NodeId::from(self.0.id()).encode()
    }

    /// Unique for ever (mã đơn vị).
    async fn code(&self) -> &str {
        &self.0.unit().code
    }

    /// Its kind on the day (loại).
    async fn kind(&self) -> OrgUnitKind {
        let code = &self.0.unit().kind;
        let kind = self.0.tree().kinds.get(code).cloned().unwrap_or_else(|| UnitKind::unknown(code));
        OrgUnitKind { view: self.0.view().clone(), kind }
    }

    /// Its name on the day (tên). Names are not unique: show the `path` where it matters.
    async fn name(&self) -> &str {
        &self.0.unit().name
    }

    /// Its short name on the day (tên viết tắt).
    async fn short_name(&self) -> Option<&str> {
        self.0.unit().short_name.as_deref()
    }

    /// Party members on the day (số đảng viên).
    async fn member_count(&self) -> Option<u32> {
        self.0.unit().member_count
    }

    /// How other systems name it (mã định danh ngoài).
    async fn external_ids(&self) -> Outcome<Vec<ExternalId>> {
        let found = self.0.view().loaders().external_ids.load_one((self.0.id(), self.0.on().day)).await?.unwrap_or_default();
        Ok(found.into_iter().map(|id| ExternalId { scheme: id.scheme.to_string(), value: id.value.to_string() }).collect())
    }

    /// Counts the changes, from 1.
    async fn version(&self) -> i32 {
        self.0.unit().version
    }

    /// The day that this answer is of.
    async fn as_of(&self) -> Date {
        Date(self.0.day())
    }

    /// Whether it is active on the day; what is told of one that had ended is what last was.
    async fn active(&self) -> bool {
        self.0.ended_on().is_none()
    }

    /// The first day on which it was no longer active, where it had ended before the day (ngày kết thúc hoạt động).
    async fn dissolved_on(&self) -> Option<Date> {
        self.0.ended_on().map(Date)
    }

    /// Whom it took over from, up to the day (tiền thân).
    async fn predecessors(&self) -> Outcome<Vec<Succession>> {
        succession::predecessors(&self.0).await
    }

    /// Who took over from it, up to the day (kế tục).
    async fn successors(&self) -> Outcome<Vec<Succession>> {
        succession::successors(&self.0).await
    }

    /// The first day of its life (ngày thành lập).
    async fn established_on(&self) -> Date {
        Date(self.0.unit().established_on)
    }

    /// The unit that it stands under (cấp trên trực tiếp).
    async fn parent(&self) -> Option<OrgUnit> {
        self.0.parent().map(Self)
    }

    /// The units above, root first.
    async fn ancestors(&self) -> Vec<OrgUnit> {
        self.0.ancestors().into_iter().map(Self).collect()
    }

    /// The names from the root to this unit, joined.
    async fn path(
        &self,
        #[graphql(desc = "What stands between the names.", default_with = "Some(SEPARATOR.to_owned())")] separator: Option<String>,
    ) -> String {
        self.0.path(separator.as_deref().unwrap_or(SEPARATOR))
    }

    /// How many units stand above it; 0 for a root.
    async fn depth(&self) -> u32 {
        self.0.depth()
    }

    /// The units directly below (đơn vị trực thuộc).
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which units are meant; left out: all that are active on the day.")] filter: Option<OrgUnitFilter>,
        #[graphql(desc = "In which order; left out: `TREE`, or the best hits of a search first.")] order_by: Option<OrgUnitOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
        #[graphql(desc = "How many items at most, from the end (1 to 100); not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor, of the same list with the same filter and order.")] before: Option<String>,
    ) -> Outcome<Connection<OrgUnit>> {
        let list = List { name: "children", among: Among::Children(self.0.place()), filter, order_by };
        units(ctx, &self.0, list, Paging { first, after, last, before }).await
    }

    /// All units below, flat, in tree order, so many levels deep: a whole subtree without nesting.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn descendants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which units are meant; left out: all that are active on the day.")] filter: Option<OrgUnitFilter>,
        #[graphql(desc = "How many levels at most, where 1 is the units directly below; left out: all.")] max_depth: Option<i32>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<OrgUnit>> {
        let order_by = Some(OrgUnitOrder::Tree);
        let range = || InputRefusal::OutOfRange { least: "0".into(), most: i32::MAX.to_string() };
        let max_depth = max_depth.map(u32::try_from).transpose().map_err(|_| Refusal::from(range()).within("maxDepth"))?;
        let list = List { name: "descendants", among: Among::Descendants(self.0.place(), max_depth), filter, order_by };
        units(ctx, &self.0, list, Paging::forward(first, after)).await
    }

    /// Its own obligations (nhiệm vụ được giao); refused where you may not read about it.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which obligations are meant; left out: all.")] filter: Option<ObligationFilter>,
        #[graphql(desc = "In which order; left out: `DUE_ON`.")] order_by: Option<ObligationOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let view = self.0.view();
        let list = ("orgUnit.obligations", Whose::Unit(view.readable(self.0.id())?.unit()));
        obligations(ctx, view, list, (filter, order_by), Paging::forward(first, after)).await
    }

    /// How many units stand below, of some kinds or of all.
    async fn descendant_count(
        &self,
        #[graphql(desc = "The codes of the kinds that are counted; left out or empty: all.")] kinds: Option<Vec<String>>,
    ) -> usize {
        let below = self.0.below();
        match kinds.filter(|kinds| !kinds.is_empty()) {
            None => below.len(),
            Some(kinds) => {
                let units = self.0.tree().forest.units();
                below.filter(|&place| kinds.iter().any(|kind| **kind == *units[place].kind)).count()
            }
        }
    }

    /// The directives that it has issued or drafts (văn bản do đơn vị ban hành), as far as you may read them; as they are today. The drafts of a
    /// unit that has ended are those of its place (D2).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn issued(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which directives are meant; left out: all.")] filter: Option<DirectiveFilter>,
        #[graphql(desc = "In which order; left out: `ISSUED_ON`.")] order_by: Option<DirectiveOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Directive>> {
        let list = directive_list::List { name: "issued", filter, order_by, paging: Paging::forward(first, after) };
        directive_list::directives(ctx, self.0.view(), list, ListOf::Issuer(self.0.id())).await
    }

    /// What binds it today, and why, the latest directive first.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn bindings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which directives are meant; left out: all.")] filter: Option<DirectiveFilter>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Binding>> {
        binding::bindings_of(ctx, &self.0, filter, Paging::forward(first, after)).await
    }

    /// How far the obligations of this unit and of all below it have come (tình hình thực hiện): today, or at the end of a past day, `on`, on
    /// today's tree or that day's, as it is or was known.
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn completion(
        &self,
        #[graphql(desc = "Which obligations are counted; left out: all.")] filter: Option<CompletionFilter>,
        #[graphql(desc = "Whose obligations are counted, seen from the unit.", default_with = "Some(Span::Subtree)")] span: Option<Span>,
        #[graphql(
            desc = "How far \"of a directive\" reaches, where the filter names directives.",
            default_with = "Some(CascadeThrough::Scope)"
        )]
        through: Option<CascadeThrough>,
        #[graphql(desc = "The day at whose end it is counted, today at the latest; left out: today.")] on: Option<Date>,
        #[graphql(desc = "On which tree the units stand.", default_with = "Some(Structure::Now)")] structure: Option<Structure>,
        #[graphql(desc = "The tree as it was known at this instant; left out: as it is known now.")] as_known_at: Option<DateTime>,
    ) -> Outcome<Completion> {
        let view = self.0.view();
        let standpoint = When { on, structure, as_known_at }.read(view).await?;
        let what = CompletionFilter::read(filter, view, through.unwrap_or_default()).await?;
        completion::of_unit(view, (self.0.id(), span.unwrap_or_default()), what, standpoint).await
    }

    /// Everything that was ever recorded of it: names, kinds, parents, by the day from which they hold.
    async fn revisions(&self) -> Outcome<Vec<OrgUnitRevision>> {
        org_unit_record::revisions(&self.0).await
    }

    /// Who holds which position on the day, the highest first; in some positions or in all (cấp uỷ).
    async fn officers(
        &self,
        #[graphql(desc = "Only in these positions; left out: in all.")] positions: Option<Vec<Position>>,
    ) -> Outcome<Vec<Appointment>> {
        person::officers(&self.0, positions).await
    }

    /// What was done to it, in its order (nhật ký).
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<JournalEntry>> {
        journal::history(ctx, self.0.view(), self.0.id().into(), Paging::forward(first, after)).await
    }

    /// What the viewer may do with it today.
    async fn viewer_can(&self) -> Vec<OrgUnitAction> {
        org_unit_record::viewer_can(&self.0)
    }

    /// Whether that unit stands below this one.
    async fn is_ancestor_of(&self, #[graphql(desc = "The unit that may stand below.")] unit: OrgUnitRef) -> Outcome<bool> {
        let at = |no: Refusal| no.within("unit");
        let unit = self.0.view().resolve_unit(self.0.tree(), &unit.read().map_err(at)?).await.map_err(|stop| stop.within("unit"))?;
        Ok(self.0.tree().forest.is_below(unit, self.0.id()))
    }
}

/// Which list of units is asked for.
pub(crate) struct List {
    pub(crate) name: &'static str,
    pub(crate) among: Among,
    pub(crate) filter: Option<OrgUnitFilter>,
    pub(crate) order_by: Option<OrgUnitOrder>,
}

/// A page of a list of units, of the day of `of`.
pub(crate) async fn units(ctx: &Context<'_>, of: &UnitOnDay, list: List, paging: Paging) -> Outcome<Connection<OrgUnit>> {
    let selection = OrgUnitFilter::read(list.filter)?;
    let order = OrgUnitOrder::read(list.order_by, &selection);
    let owner = if list.among == Among::All { String::new() } else { of.id().to_string() };
    let listing = Listing::of(ctx, format_args!("{}.{order:?}", list.name), owner);
    let window = paging.window(ctx, &listing, |key| key.parse().ok().map(UnitId))?;
    let units = of.view().select_units((of.tree(), of.on().day), list.among, &selection, order).await?;
    let page = units.page(&window)?;
    Ok(connection(&listing, page, |place| of.elsewhere(*place).id().to_string(), |place| OrgUnit(of.elsewhere(place))))
}

/// What a page costs: each item once.
pub(crate) fn page_cost(first: Option<i32>, last: Option<i32>, child_complexity: usize) -> usize {
    let items = usize::try_from(first.or(last).unwrap_or(DEFAULT_PAGE).min(LARGEST_PAGE)).unwrap_or(1);
    1 + items * child_complexity
}
