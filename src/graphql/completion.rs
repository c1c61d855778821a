//! Completion: the type, its breakdowns, and the query for it.

mod breakdown;
mod cascade;
pub(crate) mod filter;
mod indicator;

use async_graphql::{Context, Enum, Object, SimpleObject, Value};
use chidao_domain::access::{Readable, readable};
use chidao_domain::completion as domain;
use chidao_domain::ids::UnitId;
use chidao_domain::obligation::State;
use chidao_domain::refusal::{InputRefusal, Refusal};

pub use breakdown::{BreakdownOrder, CompletionDimension, CompletionPart};
pub use cascade::CascadeNode;
pub use filter::{CascadeThrough, CompletionFilter};
pub use indicator::IndicatorTally;

use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::context::view;
use crate::graphql::error::Outcome;
use crate::graphql::obligation::{Obligation, ObligationState, selected};
use crate::graphql::obligation_filter::ObligationOrder;
use crate::graphql::org_unit::{OrgUnitRef, page_cost};
use crate::graphql::scalars::{Date, DateTime};
use crate::store::obligations::{Obligation as Record, ObligationSelection};
use crate::view::SharedView;
use crate::view::completion::{self as view_completion, ObligationSet, ObligationsCounted, Standpoint, Subject};
use crate::view::obligations::Whose;

/// The farthest that `dueWithin` looks ahead, in days: ten years.
const FARTHEST_DUE: i32 = 3650;
/// How many indicators a set is reckoned to have, for the cost of a query.
const INDICATORS_RECKONED: usize = 10;

/// Whose obligations are meant, seen from one unit (phạm vi).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Span")]
pub enum Span {
    /// The unit's own.
    Own,
    /// Those of all units below it.
    Below,
    /// Both.
    #[default]
    Subtree,
}

/// On which tree the units of a completion stand (cơ cấu tổ chức).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "view_completion::Structure")]
pub enum Structure {
    /// On today's.
    #[default]
    Now,
    /// On that of the day that is asked for.
    Then,
}

/// From when and on which tree a completion is asked for.
pub(crate) struct When {
    pub(crate) on: Option<Date>,
    pub(crate) structure: Option<Structure>,
    pub(crate) as_known_at: Option<DateTime>,
}

impl When {
    pub(crate) async fn read(self, view: &SharedView) -> Outcome<Standpoint> {
        let structure = self.structure.unwrap_or_default().into();
        Ok(view.standpoint(self.on.map(|day| day.0), structure, self.as_known_at.map(|at| at.0)).await?)
    }
}

/// The tally of a set of obligations (tình hình thực hiện): four cells, ten states, two rates. A unit's own duty neither implies nor
/// is implied by those of the units below it.
pub struct Completion {
    set: ObligationSet,
    counts: domain::Completion,
}

impl Completion {
    /// Counts a set.
    pub(crate) async fn of(set: ObligationSet) -> Outcome<Self> {
        let counts = set.completion().await?;
        Ok(Self { set, counts })
    }

    fn state(&self, state: State) -> u32 {
        self.counts.tally.in_state(state)
    }
}

/// The tally of a set of obligations (tình hình thực hiện): four cells, ten states, two rates. A unit's own duty neither implies nor
/// is implied by those of the units below it.
#[Object]
impl Completion {
    /// The day that it is counted for, at its end (tính đến ngày).
    async fn on(&self) -> Date {
        Date(self.set.standpoint().day())
    }

    /// All obligations of the set (tổng số); the ten states add up to it.
    async fn total(&self) -> u32 {
        self.counts.tally.total()
    }

    /// All but the exempt, released, transferred and informative, each once (số được tính); the four cells add up to it.
    async fn counted(&self) -> u32 {
        self.counts.tally.counted()
    }

    /// Fulfilled by a report that came in time (hoàn thành đúng hạn).
    async fn on_time(&self) -> u32 {
        self.counts.tally.on_time
    }

    /// Fulfilled by a report that came late (hoàn thành quá hạn).
    async fn late(&self) -> u32 {
        self.counts.tally.late
    }

    /// Open and not overdue (đang thực hiện, trong hạn).
    async fn open_in_time(&self) -> u32 {
        self.counts.tally.open_in_time
    }

    /// Open and overdue, or lapsed (quá hạn).
    async fn overdue(&self) -> u32 {
        self.counts.tally.overdue
    }

    /// In the state `PENDING` (chờ tiếp nhận), counted or not.
    async fn pending(&self) -> u32 {
        self.state(State::Pending)
    }

    /// In the state `ACKNOWLEDGED` (đã tiếp nhận), counted or not.
    async fn acknowledged(&self) -> u32 {
        self.state(State::Acknowledged)
    }

    /// In the state `IN_PROGRESS` (đang thực hiện), counted or not.
    async fn in_progress(&self) -> u32 {
        self.state(State::InProgress)
    }

    /// In the state `REPORTED` (đã báo cáo, chờ xác nhận), counted or not.
    async fn reported(&self) -> u32 {
        self.state(State::Reported)
    }

    /// In the state `RETURNED` (trả lại), counted or not.
    async fn returned(&self) -> u32 {
        self.state(State::Returned)
    }

    /// In the state `FULFILLED` (hoàn thành), counted or not.
    async fn fulfilled(&self) -> u32 {
        self.state(State::Fulfilled)
    }

    /// In the state `EXEMPT` (được miễn).
    async fn exempt(&self) -> u32 {
        self.state(State::Exempt)
    }

    /// In the state `RELEASED` (không còn ràng buộc).
    async fn released(&self) -> u32 {
        self.state(State::Released)
    }

    /// In the state `TRANSFERRED` (đã chuyển giao).
    async fn transferred(&self) -> u32 {
        self.state(State::Transferred)
    }

    /// In the state `LAPSED` (hết hiệu lực khi chưa xong): counted as overdue.
    async fn lapsed(&self) -> u32 {
        self.state(State::Lapsed)
    }

    /// Of standing duties, in any state (nhiệm vụ thường xuyên): reported on and listed, but not counted.
    async fn informative(&self) -> u32 {
        self.counts.tally.informative
    }

    /// Of `openInTime`, those that are due on the day or within so many days (sắp đến hạn).
    async fn due_within(
        &self,
        #[graphql(desc = "How many days ahead, from 0 to 3650.", default_with = "Some(7)")] days: Option<i32>,
    ) -> Outcome<u32> {
        let days = days.unwrap_or(7);
        let days = u32::try_from(days).ok().filter(|_| days <= FARTHEST_DUE).ok_or_else(|| {
            let range = InputRefusal::OutOfRange { least: "0".into(), most: FARTHEST_DUE.to_string() };
            Refusal::from(range).within("days")
        })?;
        Ok(self.set.due_within(days).await?)
    }

    /// (onTime + late) / counted, from 0 to 1, not rounded (tỷ lệ hoàn thành); null where nothing is counted.
    async fn completion_rate(&self) -> Option<f64> {
        self.counts.tally.completion_rate()
    }

    /// (onTime + late) / (onTime + late + overdue), from 0 to 1, not rounded (tỷ lệ hoàn thành nhiệm vụ đến hạn); null where nothing is
    /// done or overdue.
    async fn due_rate(&self) -> Option<f64> {
        self.counts.tally.due_rate()
    }

    /// The units that have these obligations.
    async fn units(&self) -> UnitTally {
        let domain::UnitTally { bound, complete, behind, ended } = self.counts.units;
        UnitTally { bound, complete, behind, ended }
    }

    /// The figures that reports carry, put together (chỉ tiêu).
    #[graphql(complexity = "1 + INDICATORS_RECKONED * child_complexity")]
    async fn indicators(&self) -> Outcome<Vec<IndicatorTally>> {
        let tallies = self.set.indicators().await?;
        Ok(tallies.into_iter().map(|of| IndicatorTally { view: self.set.view().clone(), of }).collect())
    }

    /// The same set in parts that add up to it, none of them empty; a unit's own obligations are a part of their own.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn breakdown(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By what it is broken down.")] by: CompletionDimension,
        #[graphql(desc = "In which order; left out: `NATURAL`.")] order_by: Option<BreakdownOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<CompletionPart>> {
        let order = order_by.unwrap_or(BreakdownOrder::Natural);
        let list = Listing::of(ctx, format_args!("breakdown.{order:?}"), self.set.identity());
        let window = Paging::forward(first, after).window(ctx, &list, |key| Some(key.to_owned()))?;
        let parts = self.set.breakdown(by.into(), order.into()).await?;
        let parts: Vec<CompletionPart> = parts.into_iter().map(CompletionPart::new).collect();
        let page = breakdown::page(&parts, window)?;
        Ok(connection(&list, page, CompletionPart::key_of, |part| part))
    }

    /// The obligations behind the numbers, of units that you may read about: all of them, or those in some states, overdue or late. For a past
    /// day, those that were so at its end; each is told as it is today.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn obligations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in these states; left out or empty: in any.")] states: Option<Vec<ObligationState>>,
        #[graphql(desc = "Only those that are overdue, or only the others; left out: both.")] overdue: Option<bool>,
        #[graphql(desc = "Only those that were fulfilled late, or only the others; left out: both.")] late: Option<bool>,
        #[graphql(desc = "In which order; left out: `DUE_ON`.")] order_by: Option<ObligationOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let states = states.unwrap_or_default().into_iter().map(Into::into).collect();
        let selection = ObligationSelection { states, overdue, late, ..self.set.behind().await? };
        let order = order_by.unwrap_or(ObligationOrder::DueOn);
        let list = Listing::of(ctx, format_args!("completion.obligations.{order:?}"), self.set.identity());
        selected(ctx, self.set.view(), (list, Whose::Nobodys), (selection, order), Paging::forward(first, after)).await
    }
}

/// How far units have come (số đơn vị): active ones, but for `ended`. It does not add up over parts that share units.
#[derive(SimpleObject)]
pub struct UnitTally {
    /// With at least one counted obligation.
    bound: u32,
    /// Bound, and every counted obligation is fulfilled.
    complete: u32,
    /// With at least one obligation that is open and overdue (chậm).
    behind: u32,
    /// Dissolved units in the set.
    ended: u32,
}

/// The completion of a unit's span, for who may read about the unit (A3).
pub(crate) async fn of_unit(
    view: &SharedView,
    (unit, span): (UnitId, Span),
    (subject, filter): (Subject, filter::Filter),
    standpoint: Standpoint,
) -> Outcome<Completion> {
    let readable = readable(view.grants(), view.forest(), unit)?;
    let set = ObligationSet::of_unit(view, readable, span.into(), subject, filter.counted).seen_from(standpoint);
    Completion::of(set.of_kinds(filter.unit_kinds)).await
}

/// From where a directive's obligations are seen: a unit's span, or the whole (C3).
pub(crate) struct Seen {
    view: SharedView,
    readable: Readable,
    span: Option<Span>,
}

/// Reads from where a directive's obligations are seen. Without a unit the viewer must be one who may read about the issuer, and a span
/// is refused (C10).
pub(crate) async fn seen(
    ctx: &Context<'_>,
    view: &SharedView,
    issuer: UnitId,
    unit: Option<OrgUnitRef>,
    span: Option<Span>,
) -> Outcome<Seen> {
    let Some(unit) = unit else {
        let named = ctx
            .field()
            .arguments()
            .is_ok_and(|arguments| arguments.iter().any(|(name, value)| name.as_str() == "span" && *value != Value::Null));
        if named {
            return Err(Refusal::from(InputRefusal::Needs { field: "unit" }).by("C10").within("span").into());
        }
        return Ok(Seen { view: view.clone(), readable: readable(view.grants(), view.forest(), issuer)?, span: None });
    };
    let at = |no: Refusal| no.within("unit");
    let unit = view.resolve_unit(view.tree(), &unit.read().map_err(at)?).await.map_err(|stop| stop.within("unit"))?;
    let readable = readable(view.grants(), view.forest(), unit).map_err(|no| no.within("unit"))?;
    Ok(Seen { view: view.clone(), readable, span: Some(span.unwrap_or_default()) })
}

/// The completion of what is of a subject, from where it is seen.
pub(crate) async fn of_subject(seen: Seen, subject: Subject, filter: Option<CompletionFilter>, when: When) -> Outcome<Completion> {
    let Seen { view, readable, span } = seen;
    let standpoint = when.read(&view).await?;
    let filter = CompletionFilter::read_within(filter, &view).await?;
    let set = match span {
        None => ObligationSet::whole(&view, readable, subject, filter.counted),
        Some(span) => ObligationSet::of_unit(&view, readable, span.into(), subject, filter.counted),
    };
    Completion::of(set.seen_from(standpoint).of_kinds(filter.unit_kinds)).await
}

/// The completion of an obligation's requirement and period, strictly below its unit.
pub(crate) async fn below(view: &SharedView, obligation: &Record) -> Outcome<Completion> {
    let readable = readable(view.grants(), view.forest(), obligation.unit)?;
    let period = obligation.period.as_deref().unwrap_or_default();
    let subject = Subject::Requirement(obligation.requirement, Some(period.into()));
    Completion::of(ObligationSet::of_unit(view, readable, domain::Span::Below, subject, ObligationsCounted::default())).await
}

/// The query about completion.
#[derive(Default)]
pub struct CompletionQuery;

#[Object]
impl CompletionQuery {
    /// How far the obligations of a unit, or of all units below it, have come (tình hình thực hiện): today, or at the end of a past day, `on`,
    /// on today's tree or that day's, as it is or was known.
    #[allow(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn completion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit that `span` is seen from.")] unit: OrgUnitRef,
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
        let view = view(ctx).await?;
        let standpoint = When { on, structure, as_known_at }.read(&view).await?;
        let at = |no: Refusal| no.within("unit");
        let unit = view.resolve_unit(view.tree(), &unit.read().map_err(at)?).await.map_err(|stop| stop.within("unit"))?;
        let what = CompletionFilter::read(filter, &view, through.unwrap_or_default()).await?;
        of_unit(&view, (unit, span.unwrap_or_default()), what, standpoint).await.map_err(|no| no.within("unit"))
    }
}
