//! The share of the units below that must come first (L5).

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::fixture::forest;
use crate::refusal::{Locale, ObligationRefusal};

const WIDE: &str = "province\n  bloc\n    a\n      a1\n      a2\n    b\n      b1\n  district";

fn share(of: &str, states: &[(&str, State)]) -> Share {
    let one = |(at, (unit, state)): (u128, &(&str, State))| Counted { obligation: ObligationId(number(at)), unit: id(unit), state: *state };
    Share { of: of.parse().unwrap(), counted: (50..).zip(states).map(one).collect() }
}

fn gated(of: u128, unit: &str, share: Share) -> Case {
    Case { unit: id(unit), gate: Gate { share: Some(share), ..Gate::default() }, ..case(of, State::Reported, terms()) }
}

#[test]
fn l5_a_share_counts_the_units_strictly_below_and_names_the_first_that_is_missing() {
    use State::{Fulfilled, Pending, Reported};
    let forest = forest(WIDE);
    let states =
        [("bloc", Pending), ("a", Fulfilled), ("a1", Fulfilled), ("a2", Reported), ("b", Pending), ("b1", Pending), ("district", Pending)];
    let half = share("0.5", &states);
    let below = half.below(&forest, id("bloc"));
    assert_eq!((below.counted, below.fulfilled, below.wanted), (5, 2, 1), "2.5 of 5 are 3");
    assert_eq!(below.open.iter().map(|one| one.unit).collect::<Vec<_>>(), ["a2", "b", "b1"].map(id), "in tree order");
    let no = plan_accept(&forest, &[gated(1, "bloc", half)], principal(8)).unwrap_err();
    assert_eq!(
        no[0].words(Locale::En),
        "`1` more of the units below must fulfil the same requirement, first `a2`: let them close theirs first"
    );
    assert!(plan_accept(&forest, &[gated(1, "bloc", share("0.4", &states))], principal(8)).is_ok(), "exactly the share opens it");
    assert!(plan_accept(&forest, &[gated(1, "b1", share("1", &states))], principal(8)).is_ok(), "nobody below holds nothing up");
    assert!(plan_accept(&forest, &[gated(1, "district", share("1", &states))], principal(8)).is_ok(), "nor do units elsewhere");
}

#[test]
fn l5_accepting_the_last_one_below_opens_the_level_above_in_the_same_bulk() {
    let forest = forest(WIDE);
    let lower = case(50, State::Reported, terms());
    let lower = Case { unit: id("a1"), ..lower };
    let upper = gated(1, "a", share("1", &[("a1", State::Reported)]));
    assert!(plan_accept(&forest, &[lower.clone(), upper.clone()], principal(8)).is_ok());
    let no = plan_accept(&forest, &[upper, lower], principal(8)).unwrap_err();
    assert_eq!(no.len(), 1, "in the order given: {no:?}");
    assert_eq!(no[0].path().len(), 2);
}

#[test]
fn l5_what_must_come_before_is_asked_first() {
    let forest = forest(WIDE);
    let mut both = gated(1, "a", share("1", &[("a1", State::Pending)]));
    both.gate.after.push(Earlier {
        obligation: ObligationId(number(90)),
        requirement: RequirementId(number(2)),
        ordinal: 1,
        title: "study".into(),
        state: State::Pending,
    });
    let no = gate_of(&forest, &both).unwrap_err();
    assert!(matches!(no, ObligationRefusal::GateClosed { .. }), "{no:?}");
}

fn gate_of(forest: &crate::forest::Forest, case: &Case) -> Result<(), ObligationRefusal> {
    super::super::gate::ask(&case.gate, (forest, case.unit), &std::collections::HashMap::new())
}

proptest! {
    #[test]
    fn l5_no_number_below_the_share_opens_and_the_least_that_is_not_does(digits in 1_i64..=10_000, counted in 0_usize..400) {
        let of = Decimal::new(digits, 4);
        let share = Share { of, counted: Vec::new().into() };
        let needed = share.needed(counted);
        let enough = |number: usize| Decimal::from(number) >= of * Decimal::from(counted);
        prop_assert!(enough(needed) && (needed == 0 || !enough(needed - 1)), "{needed} of {counted} at {of}");
    }
}

#[test]
fn l5_a_share_of_28_digits_is_not_rounded() {
    let third = share("0.3333333333333333333333333333", &[]);
    assert_eq!((third.needed(3), third.needed(30_000)), (1, 10_000), "a little less than a third");
    let more: Share = share("0.3333333333333333333333333334", &[]);
    assert_eq!((more.needed(3), more.needed(30_000)), (2, 10_001), "a little more");
}
