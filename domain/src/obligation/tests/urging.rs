//! Reminders to units that are behind (L9).

use super::*;
use crate::fixture::forest;
use crate::refusal::Locale;

#[test]
fn l9_a_reminder_is_about_what_is_open_and_overdue_and_nothing_else() {
    let forest = forest(TREE);
    let of = |number, unit, state| Case { unit: id(unit), ..case(number, state, terms()) };
    let cases = [
        of(1, "office", State::Pending),
        of(2, "office", State::Returned),
        of(3, "office", State::Fulfilled),
        of(4, "school", State::Reported),
        of(5, "cell", State::Lapsed),
    ];
    let late = day("2020-12-31");
    assert_eq!(plan_urge(&forest, &cases, &[id("office")], late).unwrap(), [cases[0].id, cases[1].id]);
    assert!(plan_urge(&forest, &cases, &[id("office")], day("2020-12-30")).is_err(), "on its last day nobody is behind");
    let no = plan_urge(&forest, &cases, &["office", "school", "cell", "office"].map(id), late).unwrap_err();
    assert_eq!(told(&no), ["StepNotAllowed L9 units.1", "StepNotAllowed L9 units.2", "Invalid L9 units.3"]);
    assert!(no[0].words(Locale::En).starts_with("`school` has nothing of this directive that is overdue"), "its report came in time");
    assert_eq!(told(&plan_urge(&forest, &cases, &[], late).unwrap_err()), ["Invalid L9 units"]);
}
