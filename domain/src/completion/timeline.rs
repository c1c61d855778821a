//! A timeline: how much was bound, fulfilled and overdue at the end of each day, week or month (C8). It is swept over the intervals in which
//! obligations count alike, and not counted anew for each day.

use std::iter;

use chrono::{Datelike as _, Days, Months};

use crate::day::Day;
use crate::enumeration::enumeration;
use crate::obligation::{State, Timing};

enumeration! {
    /// How far the points of a timeline stand apart.
    pub enum TimeStep {
        /// A point at the end of each day.
        Day,
        /// At the end of each ISO week, its Sunday.
        Week,
        /// At the end of each month.
        Month,
    }
}

impl TimeStep {
    /// The last day of the day, week or month that `day` lies in; the calendar's own last day where it ends before.
    fn end_of(self, day: Day) -> Day {
        let end = match self {
            Self::Day => Some(day),
            Self::Week => day.checked_add_days(Days::new(u64::from(6 - day.weekday().num_days_from_monday()))),
            Self::Month => day.with_day(1).and_then(|first| first.checked_add_months(Months::new(1))).and_then(|next| next.pred_opt()),
        };
        end.unwrap_or(Day::MAX)
    }

    /// How many points there are from `from` to `to`, without walking; none where the range is empty.
    pub fn count(self, from: Day, to: Day) -> usize {
        let between = match self {
            _ if from > to => return 0,
            Self::Day => (to - from).num_days(),
            Self::Week => ((to - from).num_days() + days_of_the_week_before(from) - days_of_the_week_before(to)) / 7,
            Self::Month => i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month()),
        };
        usize::try_from(between).unwrap_or(0) + 1
    }

    /// The days at whose ends a timeline tells: the last of each day, week or month that the range touches, the last one cut at `to`; in their
    /// order, none where the range is empty.
    pub fn points(self, from: Day, to: Day) -> impl Iterator<Item = Day> {
        let first = (from <= to).then(|| self.end_of(from).min(to));
        iter::successors(first, move |last| last.succ_opt().filter(|next| *next <= to).map(|next| self.end_of(next).min(to)))
    }
}

fn days_of_the_week_before(day: Day) -> i64 {
    i64::from(day.weekday().num_days_from_monday())
}

/// How an obligation counts as long as nothing is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Fulfilled, in time or late.
    Fulfilled,
    /// Open; from the day after that one on it is overdue, where there is one (L3).
    Open {
        /// The last day on which it is not overdue; `None`: it does not become overdue by time alone.
        in_time_until: Option<Day>,
    },
    /// Lapsed, which counts as overdue from the first day.
    Lapsed,
}

impl Standing {
    /// How an obligation with these dates counts; `None` where it is not counted (C1).
    pub fn of(timing: &Timing) -> Option<Self> {
        match timing.state {
            _ if timing.informative => None,
            State::Exempt | State::Released | State::Transferred => None,
            State::Fulfilled => Some(Self::Fulfilled),
            State::Lapsed => Some(Self::Lapsed),
            _ => Some(Self::Open { in_time_until: timing.due_on.filter(|_| !timing.waits_in_time()) }),
        }
    }

    /// The first day at whose end it counts as overdue.
    fn overdue_from(self, since: Day) -> Option<Day> {
        match self {
            Self::Fulfilled | Self::Open { in_time_until: None } => None,
            Self::Open { in_time_until: Some(last) } => last.succ_opt().map(|next| next.max(since)),
            Self::Lapsed => Some(since),
        }
    }
}

/// Some obligations that count alike over the same days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// How.
    pub standing: Standing,
    /// The first day at whose end they count so.
    pub since: Day,
    /// The first day at whose end they no longer do; `None`: to the end of the timeline.
    pub until: Option<Day>,
    /// How many they are.
    pub count: u32,
}

impl Interval {
    /// The days that both it and the range hold; `None` where there are none. Without an end the range is open.
    #[must_use]
    pub fn within(self, since: Option<Day>, until: Option<Day>) -> Option<Self> {
        let since = since.map_or(self.since, |since| since.max(self.since));
        let until = [self.until, until].into_iter().flatten().min();
        until.is_none_or(|until| since < until).then_some(Self { since, until, ..self })
    }
}

/// How far a set had come at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The day.
    pub on: Day,
    /// Those that were counted (C1).
    pub bound: u32,
    /// Of these, those that were fulfilled.
    pub fulfilled: u32,
    /// Of these, those that were overdue, lapsed ones among them.
    pub overdue: u32,
}

/// What begins to count, or no longer does, at one point.
#[derive(Clone, Copy, Debug, Default)]
struct Change {
    bound: i64,
    fulfilled: i64,
    overdue: i64,
}

/// The points of some days, which stand in order: each interval is written down where it begins and where it ends, and one walk adds up.
pub fn sweep(days: &[Day], intervals: impl IntoIterator<Item = Interval>) -> Vec<Point> {
    let mut changes = vec![Change::default(); days.len() + 1];
    let at = |day: Option<Day>| day.map_or(days.len(), |day| days.partition_point(|point| *point < day));
    for Interval { standing, since, until, count } in intervals {
        let (begin, end, count) = (at(Some(since)), at(until), i64::from(count));
        let overdue = at(standing.overdue_from(since));
        if begin >= end {
            continue;
        }
        changes[begin].bound += count;
        changes[end].bound -= count;
        if standing == Standing::Fulfilled {
            changes[begin].fulfilled += count;
            changes[end].fulfilled -= count;
        }
        if overdue < end {
            changes[overdue].overdue += count;
            changes[end].overdue -= count;
        }
    }
    let mut sum = Change::default();
    let points = days.iter().zip(changes).map(|(on, change)| {
        sum.bound += change.bound;
        sum.fulfilled += change.fulfilled;
        sum.overdue += change.overdue;
        Point { on: *on, bound: number(sum.bound), fulfilled: number(sum.fulfilled), overdue: number(sum.overdue) }
    });
    points.collect()
}

/// A sum of what began and has not ended, which is never negative.
fn number(sum: i64) -> u32 {
    u32::try_from(sum).unwrap_or_default()
}

#[cfg(test)]
mod tests;
