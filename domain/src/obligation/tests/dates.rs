//! Overdue, late, the day on which a report comes (L3), and extensions (L4).

use super::*;

fn timing(state: State, due_on: Option<&str>, reported_on: Option<&str>) -> Timing {
    Timing { state, due_on: due_on.map(day), reported_on: reported_on.map(day), informative: false }
}

#[test]
fn l3_overdue_is_open_past_the_date_and_not_waiting_in_time() {
    const DUE: Option<&str> = Some("2020-12-30");
    let rows = [
        (State::Pending, DUE, None, "2020-12-30", false),
        (State::Pending, DUE, None, "2020-12-31", true),
        (State::Acknowledged, DUE, None, "2020-12-31", true),
        (State::InProgress, DUE, None, "2020-12-31", true),
        (State::Pending, None, None, "2099-01-01", false),
        (State::Reported, DUE, Some("2020-12-30"), "2021-01-05", false),
        (State::Reported, DUE, Some("2020-12-31"), "2021-01-05", true),
        (State::Reported, DUE, Some("2020-12-31"), "2020-12-30", false),
        (State::Returned, DUE, Some("2020-12-10"), "2020-12-31", true),
        (State::Fulfilled, DUE, Some("2021-01-04"), "2021-01-05", false),
        (State::Exempt, DUE, None, "2021-01-05", false),
        (State::Released, DUE, None, "2021-01-05", false),
        (State::Transferred, DUE, None, "2021-01-05", false),
        (State::Lapsed, None, None, "2020-12-20", true),
    ];
    for (state, due_on, reported_on, today, expected) in rows {
        let timing = timing(state, due_on, reported_on);
        assert_eq!(timing.is_overdue(day(today)), expected, "{timing:?} on {today}");
    }
}

#[test]
fn b8_a_standing_duty_is_never_overdue() {
    for state in State::ALL {
        let standing = Timing { informative: true, ..timing(state, Some("2020-12-30"), None) };
        assert!(!standing.is_overdue(day("2021-06-01")), "{state:?}");
    }
}

#[test]
fn l3_late_is_fulfilled_by_a_report_that_came_after_the_date() {
    assert!(timing(State::Fulfilled, Some("2020-12-30"), Some("2020-12-31")).is_late());
    assert!(!timing(State::Fulfilled, Some("2020-12-30"), Some("2020-12-30")).is_late());
    assert!(!timing(State::Fulfilled, None, Some("2030-12-31")).is_late());
    assert!(!timing(State::Reported, Some("2020-12-30"), Some("2020-12-31")).is_late());
}

#[test]
fn l3_days_left_are_those_of_what_is_open() {
    let left = |state, due_on| timing(state, due_on, None).days_left(today());
    assert_eq!(left(State::Pending, Some("2020-12-30")), Some(10));
    assert_eq!(left(State::Returned, Some("2020-12-18")), Some(-2));
    assert_eq!(left(State::Pending, None), None);
    assert_eq!(left(State::Fulfilled, Some("2020-12-30")), None);
}

#[test]
fn l3_a_paper_report_came_between_the_issue_and_today() {
    let came = |entered: Option<&str>| received_on(entered.map(day), day("2020-12-04"), today()).map_err(|refusal| told(&[refusal]));
    assert_eq!(came(None), Ok(today()));
    assert_eq!(came(Some("2020-12-04")), Ok(day("2020-12-04")));
    assert_eq!(came(Some(TODAY)), Ok(today()));
    assert_eq!(came(Some("2020-12-03")), Err(vec!["Invalid L3 receivedOn".to_owned()]));
    assert_eq!(came(Some("2020-12-21")), Err(vec!["Invalid L3 receivedOn".to_owned()]));
}

#[test]
fn l4_no_date_gets_earlier() {
    assert_eq!(extended_due(Some(day("2020-12-30")), day("2020-12-31")), Ok(Extension { from: day("2020-12-30"), to: day("2020-12-31") }));
    for (current, to) in [(Some("2020-12-30"), "2020-12-30"), (Some("2020-12-30"), "2020-12-29"), (None, "2099-12-31")] {
        assert!(extended_due(current.map(day), day(to)).is_err(), "{current:?} {to}");
    }
}

#[test]
fn l4_named_obligations_are_extended_all_or_none() {
    let (open, done) = (case(1, State::Pending, terms()), case(2, State::Fulfilled, terms()));
    let undated = Case { due_on: None, ..case(3, State::Pending, terms()) };
    let to = day("2021-01-15");
    let refused = plan_extend(&[open.clone(), done, undated, open.clone()], to, "flood").unwrap_err();
    assert_eq!(told(&refused), ["Invalid F6 obligations.3", "StepNotAllowed L4 obligations.1", "Invalid L4 obligations.2"]);
    let extended = plan_extend(std::slice::from_ref(&open), to, "flood").unwrap();
    assert_eq!(extended, [Extended { obligation: open.id, version: 1, extension: Extension { from: day("2020-12-30"), to } }]);
    assert_eq!(told(&plan_extend(&[open], to, "").unwrap_err()), ["Invalid F2 reason"]);
}

#[test]
fn l4_a_requirement_takes_its_open_obligations_to_the_later_of_both_dates() {
    let usual = case(1, State::Returned, terms());
    let later = Case { due_on: Some(day("2021-02-01")), ..case(2, State::Pending, terms()) };
    let undated = Case { due_on: None, ..case(3, State::Pending, terms()) };
    let closed = case(4, State::Exempt, terms());
    let cases = [usual.clone(), later, undated, closed];
    let to = day("2021-01-15");
    let extension = Extension { from: day("2020-12-30"), to };
    let extended = plan_extend_requirement(&terms(), Some(day("2020-12-30")), &cases, to, "flood").unwrap();
    assert_eq!(extended.extension, extension);
    assert_eq!(extended.obligations, [Extended { obligation: usual.id, version: 1, extension }]);
    let refused = plan_extend_requirement(&terms(), Some(to), &cases, to, "flood").unwrap_err();
    assert_eq!(told(&refused), ["Invalid L4 dueOn"]);
    let recurring = Terms { recurs: true, ..terms() };
    assert_eq!(told(&plan_extend_requirement(&recurring, None, &cases, to, "flood").unwrap_err()), ["Invalid L4 requirement"]);
}

#[test]
fn l4_a_return_may_bring_a_later_date() {
    let reported = case(1, State::Reported, terms());
    let returned = plan_return(&reported, "no figures", Some(day("2021-01-10"))).unwrap();
    assert_eq!(returned.due_on, Some(day("2021-01-10")));
    assert_eq!(returned.extension, Some(Extension { from: day("2020-12-30"), to: day("2021-01-10") }));
    let refused = plan_return(&case(1, State::Pending, terms()), "", Some(day("2020-12-01"))).unwrap_err();
    assert_eq!(told(&refused), ["Invalid F2 reason", "StepNotAllowed L1 obligation", "Invalid L4 newDueOn"]);
}
