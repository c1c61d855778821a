//! Timelines as clients see them.

use async_graphql::{Enum, SimpleObject};
use chidao_domain::completion as domain;
use chidao_domain::day::Day;

use crate::graphql::scalars::Date;

/// The most points that the cost of a query is reckoned with: what has more is refused, by words that say so.
const POINTS_RECKONED: usize = 1_000;

/// How far the points of a timeline stand apart (bước thời gian).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::TimeStep")]
pub enum TimeStep {
    /// One at the end of each day.
    #[default]
    Day,
    /// One at the end of each ISO week, its Sunday.
    Week,
    /// One at the end of each month.
    Month,
}

/// How far a set of obligations had come at the end of a day (mốc diễn biến).
#[derive(SimpleObject)]
pub struct CompletionPoint {
    /// The day: the last of a week or month, or of the timeline.
    on: Date,
    /// Those that were counted (số được tính): what `counted` tells of that day.
    bound: u32,
    /// Of these, those that were fulfilled (hoàn thành), in time or late.
    fulfilled: u32,
    /// Of these, those that were overdue (quá hạn), lapsed ones among them.
    overdue: u32,
}

impl From<domain::Point> for CompletionPoint {
    fn from(point: domain::Point) -> Self {
        let domain::Point { on, bound, fulfilled, overdue } = point;
        Self { on: Date(on), bound, fulfilled, overdue }
    }
}

/// What a timeline costs: each point once.
pub(super) fn cost(from: Date, to: Date, step: Option<TimeStep>, child_complexity: usize) -> usize {
    let (from, to): (Day, Day) = (from.0, to.0);
    let step: domain::TimeStep = step.unwrap_or_default().into();
    1 + step.count(from, to).min(POINTS_RECKONED) * child_complexity
}
