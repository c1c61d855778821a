//! Figures and goals (C9), held against sums of whole numbers.

use std::collections::{BTreeMap, HashMap, HashSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::directive::GoalDirection;
use crate::fixture::id;

const DECEMBER: Option<Period> = Some(Period::Month { year: 2020, month: 12 });

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn series(aggregation: Aggregation) -> Series {
    let ratio_over = (aggregation == Aggregation::Ratio).then(|| "members".into());
    Series { key: "attended".into(), unit_of_measure: Some("đảng viên".into()), aggregation, ratio_over }
}

/// A reading of report `report` of a unit, accepted `at` seconds after the epoch.
fn reading(key: &str, unit: &str, report: u128, at: i64, value: &str) -> Reading {
    Reading {
        key: key.into(),
        unit: id(unit),
        period: None,
        report: ReportId(Uuid::from_u128(report)),
        accepted_at: DateTime::from_timestamp(at, 0).unwrap(),
        value: decimal(value),
    }
}

fn value(aggregation: Aggregation, readings: &[Reading]) -> Option<String> {
    Figures::gather(&series(aggregation), readings).tally(&HashSet::new()).value.map(|value| value.to_string())
}

fn goal(goal: &str, direction: GoalDirection, parts: &[(&str, &str)]) -> Goal {
    Goal { goal: decimal(goal), direction, parts: parts.iter().map(|(unit, part)| (id(unit), decimal(part))).collect() }
}

#[test]
fn c9_each_aggregation_puts_figures_together_its_own_way() {
    let readings = [
        reading("attended", "a", 1, 1, "30"),
        reading("members", "a", 1, 1, "40"),
        reading("attended", "b", 2, 1, "12.5"),
        reading("members", "b", 2, 1, "10"),
        reading("attended", "c", 3, 1, "100"),
    ];
    let rows = [
        (Aggregation::Sum, "142.5"),
        (Aggregation::Mean, "47.5"),
        (Aggregation::Min, "12.5"),
        (Aggregation::Max, "100"),
        (Aggregation::Ratio, "0.85"),
    ];
    for (aggregation, expected) in rows {
        assert_eq!(value(aggregation, &readings).as_deref(), Some(expected), "{aggregation:?}");
        assert_eq!(value(aggregation, &[]), None, "{aggregation:?}");
    }
}

#[test]
fn c9_one_figure_counts_for_a_unit_and_period() {
    let mut readings = vec![
        reading("attended", "a", 2, 50, "38"),
        reading("attended", "a", 2, 20, "38"),
        reading("attended", "a", 1, 40, "30"),
        reading("attended", "b", 3, 10, "5"),
    ];
    assert_eq!(value(Aggregation::Sum, &readings).as_deref(), Some("43"));
    readings.reverse();
    assert_eq!(value(Aggregation::Sum, &readings).as_deref(), Some("43"));
    readings.push(reading("attended", "a", 9, 50, "39"));
    assert_eq!(value(Aggregation::Sum, &readings).as_deref(), Some("44"), "of two accepted at once the later report counts");
    readings.push(Reading { period: DECEMBER, ..reading("attended", "a", 4, 5, "100") });
    assert_eq!(value(Aggregation::Sum, &readings).as_deref(), Some("144"));
}

#[test]
fn c9_a_ratio_takes_both_figures_from_one_report() {
    let readings = [
        reading("attended", "a", 1, 1, "30"),
        reading("members", "a", 1, 1, "40"),
        reading("attended", "a", 2, 2, "39"),
        reading("members", "a", 3, 3, "50"),
        reading("attended", "b", 4, 1, "7"),
    ];
    assert_eq!(value(Aggregation::Ratio, &readings).as_deref(), Some("0.75"));
    let over_nothing = [reading("attended", "a", 1, 1, "1"), reading("members", "a", 1, 1, "0")];
    assert_eq!(value(Aggregation::Ratio, &over_nothing), None);
    let judged = Figures::gather(&series(Aggregation::Ratio), &over_nothing).judge(&goal("0.5", GoalDirection::AtLeast, &[]));
    assert_eq!(judged, GoalTally { meets_goal: None, units_meeting_goal: 0, units_judged: 0 });
}

#[test]
fn c9_what_is_asked_and_not_reported_is_missing() {
    let figures = Figures::gather(&series(Aggregation::Sum), &[reading("attended", "a", 1, 1, "30"), reading("attended", "x", 2, 1, "1")]);
    let asked = ["a", "b", "c"].map(|unit| (id(unit), None)).into_iter().chain([(id("a"), DECEMBER)]).collect();
    let tally = figures.tally(&asked);
    assert_eq!((tally.readings, tally.missing), (2, 3));
}

#[test]
fn c9_a_goal_is_judged_on_the_aggregate_and_units_by_their_parts() {
    let readings = [reading("attended", "a", 1, 1, "30"), reading("attended", "b", 2, 1, "20"), reading("attended", "c", 3, 1, "50")];
    let figures = |aggregation| Figures::gather(&series(aggregation), &readings);
    let parts = [("a", "31"), ("b", "20"), ("d", "9")];
    let tally = |meets_goal, units_meeting_goal, units_judged| GoalTally { meets_goal, units_meeting_goal, units_judged };
    let at_least = goal("100", GoalDirection::AtLeast, &parts);
    assert_eq!(figures(Aggregation::Sum).judge(&at_least), tally(Some(true), 1, 2));
    let at_most = goal("99.9", GoalDirection::AtMost, &parts);
    assert_eq!(figures(Aggregation::Sum).judge(&at_most), tally(Some(false), 2, 2));
    let mean = goal("30", GoalDirection::AtLeast, &[("a", "31")]);
    assert_eq!(figures(Aggregation::Mean).judge(&mean), tally(Some(true), 1, 3));
    assert_eq!(Figures::gather(&series(Aggregation::Sum), &[]).judge(&at_least), tally(None, 0, 0));
}

#[test]
fn c9_a_quotient_is_judged_without_rounding() {
    let readings = [reading("attended", "a", 1, 1, "2"), reading("members", "a", 1, 1, "3")];
    let figures = Figures::gather(&series(Aggregation::Ratio), &readings);
    assert_eq!(figures.tally(&HashSet::new()).value, Some(decimal("0.6666666666666666666666666667")));
    let meets = |limit: &str| figures.judge(&goal(limit, GoalDirection::AtLeast, &[])).meets_goal;
    assert_eq!(meets("0.6666666666666666666666666666"), Some(true));
    assert_eq!(meets("0.6666666666666666666666666667"), Some(false), "the shown value, rounded up, would meet it");
}

#[test]
fn c9_the_parts_of_a_goal_are_checked_against_the_whole() {
    let goal = |parts: &[(&str, &str)]| goal("100", GoalDirection::AtLeast, parts);
    let parts = goal(&[("a", "60.5"), ("b", "50")]);
    assert_eq!(parts.difference(Aggregation::Sum), Some(decimal("10.5")));
    assert_eq!(parts.difference(Aggregation::Ratio), None);
    assert_eq!(goal(&[("a", "100")]).difference(Aggregation::Sum), Some(Decimal::ZERO));
    assert_eq!(goal(&[]).difference(Aggregation::Sum), None);
}

#[test]
fn c9_a_sum_that_does_not_fit_is_none_and_never_rounded() {
    let (huge, tiny) = ("79228162514264337593543950335", "0.0000000000000000000000000001");
    let sum = |values: [&str; 2]| {
        let [a, b] = values;
        let readings = [reading("attended", "a", 1, 1, a), reading("attended", "b", 2, 1, b)];
        (value(Aggregation::Sum, &readings), Figures::gather(&series(Aggregation::Sum), &readings))
    };
    assert_eq!(sum([huge, "-1"]).0.as_deref(), Some("79228162514264337593543950334"));
    assert_eq!(sum([huge, "1"]).0, None);
    let (shown, figures) = sum([huge, tiny]);
    assert_eq!((shown, figures.judge(&goal("1", GoalDirection::AtLeast, &[])).meets_goal), (None, None));
    let parts = goal(huge, GoalDirection::AtLeast, &[("a", tiny)]);
    assert_eq!(parts.difference(Aggregation::Sum), None);
}

#[test]
fn c9_periods_and_units_part_the_figures_and_what_is_missing() {
    let november = Some(Period::Month { year: 2020, month: 11 });
    let of = |unit: &str, period, value: &str| Reading { period, ..reading("attended", unit, 1, 1, value) };
    let readings = [of("a", november, "10"), of("a", DECEMBER, "12.5"), of("b", DECEMBER, "7"), of("c", None, "1")];
    let figures = Figures::gather(&series(Aggregation::Sum), &readings);
    let asked: HashSet<Whose> =
        [("a", november), ("b", november), ("b", DECEMBER), ("d", DECEMBER)].map(|(unit, period)| (id(unit), period)).into();
    let told = figures.by_period(&asked);
    let shown: Vec<_> = told.iter().map(|(period, tally)| (*period, tally.value, tally.readings, tally.missing)).collect();
    assert_eq!(
        shown,
        [(None, Some(Decimal::ONE), 1, 0), (november, Some(Decimal::TEN), 1, 1), (DECEMBER, Some(decimal("19.5")), 2, 1)],
        "in order, with those that nobody has reported on"
    );
    let whole = figures.tally(&asked);
    let sum: Decimal = told.iter().filter_map(|(_, tally)| tally.value).sum();
    let (readings, missing) =
        told.iter().fold((0, 0), |(readings, missing), (_, tally)| (readings + tally.readings, missing + tally.missing));
    assert_eq!((whole.value, whole.readings, whole.missing), (Some(sum), readings, missing));
    assert_eq!(figures.only(|(unit, _)| *unit == id("a")).tally(&HashSet::new()).value, Some(decimal("22.5")));
}

proptest! {
    #[test]
    fn c9_sums_are_exact_in_any_order(
        cents in proptest::collection::vec((0..8_usize, 0..4_i64, -10_000_000_i64..10_000_000), 1..60),
        limit in -20_000_000_i64..20_000_000,
    ) {
        let units = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let readings: Vec<Reading> = (0_u128..)
            .zip(&cents)
            .map(|(report, (unit, at, cents))| Reading { value: Decimal::new(*cents, 2), ..reading("attended", units[*unit], report, *at, "0") })
            .collect();
        let mut latest: BTreeMap<usize, (i64, usize, i64)> = BTreeMap::new();
        for (report, (unit, at, cents)) in cents.iter().enumerate() {
            let best = latest.entry(*unit).or_insert((*at, report, *cents));
            *best = (*best).max((*at, report, *cents));
        }
        let sum: i64 = latest.values().map(|(_, _, cents)| cents).sum();
        let count = i64::try_from(latest.len()).unwrap();
        let figures = |aggregation| Figures::gather(&series(aggregation), &readings);
        let tally = figures(Aggregation::Sum).tally(&HashSet::new());
        prop_assert_eq!((tally.value, tally.readings), (Some(Decimal::new(sum, 2)), latest.len()));
        let mut backwards = readings.clone();
        backwards.reverse();
        prop_assert_eq!(Figures::gather(&series(Aggregation::Sum), &backwards).tally(&HashSet::new()), tally);
        let goal = |direction| Goal { goal: Decimal::new(limit, 2), direction, parts: HashMap::new() };
        let (at_least, at_most) = (goal(GoalDirection::AtLeast), goal(GoalDirection::AtMost));
        prop_assert_eq!(figures(Aggregation::Sum).judge(&at_least).meets_goal, Some(sum >= limit));
        prop_assert_eq!(figures(Aggregation::Sum).judge(&at_most).meets_goal, Some(sum <= limit));
        prop_assert_eq!(figures(Aggregation::Mean).judge(&at_least).meets_goal, Some(sum >= limit * count));
        let least = latest.values().map(|(_, _, cents)| *cents).min().unwrap();
        prop_assert_eq!(figures(Aggregation::Min).tally(&HashSet::new()).value, Some(Decimal::new(least, 2)));
    }
}
