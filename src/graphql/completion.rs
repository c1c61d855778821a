//! Completion: the type, its breakdowns, and the query for it.

mod breakdown;
mod cascade;
pub(crate) mod filter;
mod indicator;
mod query;
mod timeline;

use async_graphql::{Context, Object, SimpleObject};
use chidao_domain::completion as domain;
use chidao_domain::obligation::State;
use chidao_domain::refusal::{InputRefusal, Refusal};

pub use breakdown::{BreakdownOrder, CompletionDimension, CompletionPart};
pub use cascade::CascadeNode;
pub use filter::{CascadeThrough, CompletionFilter};
pub use indicator::IndicatorTally;
pub use query::{CompletionQuery, Span, Structure};
pub(crate) use query::{When, below, of_subject, of_unit, seen};
pub use timeline::{CompletionPoint, TimeStep};

use crate::graphql::connection::{Connection, Listing, Paging, connection};
use crate::graphql::error::Outcome;
use crate::graphql::obligation::{Obligation, ObligationState, selected};
use crate::graphql::obligation_filter::ObligationOrder;
use crate::graphql::org_unit::page_cost;
use crate::graphql::scalars::Date;
use crate::store::obligations::ObligationSelection;
use crate::view::completion::ObligationSet;
use crate::view::obligations::Whose;

/// The farthest that `dueWithin` looks ahead, in days: ten years.
const FARTHEST_DUE: i32 = 3650;
/// How many indicators a set is reckoned to have, for the cost of a query.
const INDICATORS_RECKONED: usize = 10;

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

    /// How much was bound, fulfilled and overdue at the end of each day, ISO week or month, cut at `to` and at the day that the completion is
    /// counted for (diễn biến). Each point is what the completion of that day tells; with `structure: THEN` on that day's own tree.
    #[graphql(complexity = "timeline::cost(from, to, step, child_complexity)")]
    async fn timeline(
        &self,
        #[graphql(desc = "The first day, not later than the day that the completion is counted for.")] from: Date,
        #[graphql(desc = "The last day.")] to: Date,
        #[graphql(desc = "How far the points stand apart.", default_with = "Some(TimeStep::Day)")] step: Option<TimeStep>,
    ) -> Outcome<Vec<CompletionPoint>> {
        let points = self.set.timeline(from.0, to.0, step.unwrap_or_default().into()).await?;
        Ok(points.into_iter().map(Into::into).collect())
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
        #[graphql(desc = "Only those of standing duties, or only the others; left out: both.")] informative: Option<bool>,
        #[graphql(desc = "In which order; left out: `DUE_ON`.")] order_by: Option<ObligationOrder>,
        #[graphql(desc = "How many items at most, from the beginning (1 to 100; 25 where nothing is said).")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor, of the same list with the same filter and order.")] after: Option<String>,
    ) -> Outcome<Connection<Obligation>> {
        let states = states.unwrap_or_default().into_iter().map(Into::into).collect();
        let selection = ObligationSelection { states, overdue, late, informative, ..self.set.behind().await? };
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
