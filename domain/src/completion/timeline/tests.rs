//! Timelines, held against a model that counts every obligation anew for every day (C8).

use chrono::Duration;
use proptest::prelude::*;

use super::*;
use crate::completion::{Group, Tally};
use crate::fixture::day;

const BEGIN: &str = "2020-11-20";

/// The life of an obligation: what it was from which day on, in order; several steps may fall on one day.
type Life = Vec<(Day, Timing)>;

fn at(days: i64) -> Day {
    day(BEGIN) + Duration::days(days)
}

fn life() -> impl Strategy<Value = Life> {
    let some_day = || prop_oneof![Just(None), (0..60_i64).prop_map(|days| Some(at(days)))];
    let steps = proptest::collection::vec((0..12_i64, 0..10_usize, some_day(), some_day()), 1..6);
    (0..40_i64, any::<bool>(), steps).prop_map(|(first, informative, steps)| {
        let mut on = first;
        let step = |(later, state, due_on, reported_on)| {
            on += later;
            (at(on), Timing { state: State::ALL[state], due_on, reported_on, informative })
        };
        steps.into_iter().map(step).collect()
    })
}

/// The model: on each day what was recorded last, counted as any tally is.
fn naive(lives: &[Life], on: Day) -> Point {
    let stood = lives.iter().filter_map(|life| life.iter().rfind(|(recorded, _)| *recorded <= on));
    let tally = stood.fold(Tally::default(), |sum, (_, timing)| sum + Tally::of(Group::of(timing, on), 1));
    Point { on, bound: tally.counted(), fulfilled: tally.done(), overdue: tally.overdue }
}

fn intervals(life: &Life) -> impl Iterator<Item = Interval> {
    let ends = life.iter().skip(1).map(|(day, _)| Some(*day)).chain([None]);
    life.iter().zip(ends).filter_map(|((since, timing), until)| {
        let interval = Interval { standing: Standing::of(timing)?, since: *since, until, count: 1 };
        interval.within(None, None)
    })
}

fn step() -> impl Strategy<Value = TimeStep> {
    (0..TimeStep::ALL.len()).prop_map(|at| TimeStep::ALL[at])
}

proptest! {
    #[test]
    fn c8_each_point_is_the_tally_of_its_day(
        lives in proptest::collection::vec(life(), 0..25),
        (from, length) in (-10..60_i64, 0..60_i64),
        step in step(),
    ) {
        let days: Vec<Day> = step.points(at(from), at(from + length)).collect();
        let told = sweep(&days, lives.iter().flat_map(intervals));
        prop_assert_eq!(told, days.iter().map(|on| naive(&lives, *on)).collect::<Vec<_>>());
    }

    #[test]
    fn c8_intervals_that_count_alike_may_be_put_together(lives in proptest::collection::vec(life(), 0..25), cut in 0..60_i64) {
        let days: Vec<Day> = TimeStep::Day.points(at(0), at(60)).collect();
        let (whole, twice): (Vec<Interval>, Vec<Interval>) =
            lives.iter().flat_map(intervals).map(|one| (one, Interval { count: 2, ..one })).unzip();
        let told = sweep(&days, twice);
        prop_assert_eq!(&told, &sweep(&days, whole.iter().chain(&whole).copied()));
        let (before, after): (Vec<_>, Vec<_>) =
            whole.iter().map(|one| (one.within(None, Some(at(cut))), one.within(Some(at(cut)), None))).unzip();
        let parts = sweep(&days, before.into_iter().chain(after).flatten());
        prop_assert_eq!(parts, sweep(&days, whole), "cut in two at any day");
    }

    #[test]
    fn c8_points_are_the_ends_of_days_weeks_and_months(from in -400..400_i64, length in -3..800_i64, step in step()) {
        let (from, to) = (at(from), at(from + length));
        let points: Vec<Day> = step.points(from, to).collect();
        let is_end = |day: Day| match step {
            TimeStep::Day => true,
            TimeStep::Week => day.weekday() == chrono::Weekday::Sun,
            TimeStep::Month => (day + Duration::days(1)).day() == 1,
        };
        let days = (0..=length).map(|days| from + Duration::days(days));
        prop_assert_eq!(&points, &days.filter(|day| is_end(*day) || *day == to).collect::<Vec<_>>());
        prop_assert_eq!(points.len(), step.count(from, to));
    }
}

#[test]
fn c8_the_calendar_ends_without_a_panic() {
    let last = Day::MAX;
    for step in TimeStep::ALL {
        let days: Vec<Day> = step.points(last - Duration::days(40), last).collect();
        assert_eq!(days.last(), Some(&last), "{step:?}");
        assert_eq!(days.len(), step.count(last - Duration::days(40), last), "{step:?}");
    }
    let open = Interval { standing: Standing::Open { in_time_until: Some(last) }, since: last, until: None, count: 1 };
    assert_eq!(sweep(&[last], [open]), [Point { on: last, bound: 1, fulfilled: 0, overdue: 0 }]);
}

#[test]
fn c8_an_obligation_becomes_overdue_by_time_alone_and_a_report_in_time_holds_it() {
    let due = Some(day("2020-12-31"));
    let open = Timing { state: State::Pending, due_on: due, reported_on: None, informative: false };
    let waits = Timing { state: State::Reported, reported_on: due, ..open };
    let too_late = Timing { reported_on: Some(day("2021-01-01")), ..waits };
    let rows = [
        (open, Some(Standing::Open { in_time_until: due })),
        (waits, Some(Standing::Open { in_time_until: None })),
        (too_late, Some(Standing::Open { in_time_until: due })),
        (Timing { due_on: None, ..open }, Some(Standing::Open { in_time_until: None })),
        (Timing { state: State::Lapsed, ..open }, Some(Standing::Lapsed)),
        (Timing { state: State::Fulfilled, ..too_late }, Some(Standing::Fulfilled)),
        (Timing { state: State::Exempt, ..open }, None),
        (Timing { informative: true, ..open }, None),
    ];
    for (timing, standing) in rows {
        assert_eq!(Standing::of(&timing), standing, "{timing:?}");
    }
    let days: Vec<Day> = TimeStep::Day.points(day("2020-12-30"), day("2021-01-02")).collect();
    let interval = Interval { standing: Standing::of(&open).unwrap(), since: day("2020-12-01"), until: None, count: 3 };
    assert_eq!(sweep(&days, [interval]).iter().map(|point| point.overdue).collect::<Vec<_>>(), [0, 0, 3, 3]);
}
