//! The table of steps (L1), who accepts (L2), gates (L5), and bulks of steps.

use std::collections::HashMap;

use super::*;
use crate::fixture::forest;
use crate::ids::UnitId;
use crate::refusal::{Locale, ObligationRefusal};
use crate::succession::Cause;

/// Every pair of a state and a step: where a report waits for another unit, and PENDING was the state before the system closed it.
const TABLE: &str = "
              Acknowledge  Start      Report   Accept    Return   Exempt Reopen   Release  Transfer    Lapse  BindAgain Annul   Resume
Pending       Acknowledged InProgress Reported -         -        Exempt -        Released Transferred Lapsed -         -       -
Acknowledged  -            InProgress Reported -         -        Exempt -        Released Transferred Lapsed -         -       -
InProgress    -            -          Reported -         -        Exempt -        Released Transferred Lapsed -         -       -
Reported      -            -          Reported Fulfilled Returned Exempt -        Released Transferred Lapsed -         -       -
Returned      -            InProgress Reported -         -        Exempt -        Released Transferred Lapsed -         -       -
Fulfilled     -            -          -        -         -        -      Returned -        -           -      -         -       -
Exempt        -            -          -        -         -        -      Pending  -        -           -      -         -       -
Released      -            -          -        -         -        -      -        -        -           -      Pending   Pending -
Transferred   -            -          -        -         -        -      -        -        -           -      -         Pending -
Lapsed        -            -          -        -         -        -      -        -        -           -      -         -       Pending
";

fn answers(circumstances: Circumstances) -> Vec<(State, Step, Option<State>)> {
    let pairs = State::ALL.into_iter().flat_map(|from| Step::ALL.into_iter().map(move |step| (from, step)));
    pairs.map(|(from, step)| (from, step, next(from, step, circumstances).ok())).collect()
}

#[test]
fn l1_every_pair_of_state_and_step_is_decided() {
    let mut lines = TABLE.trim().lines();
    let steps: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    let mut expected = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(cells.len(), 14, "{line}");
        expected.extend(steps.iter().zip(&cells[1..]).map(|(step, to)| format!("{} {step} {to}", cells[0])));
    }
    assert_eq!(expected.len(), 130);
    let found = answers(Circumstances { before: Some(State::Pending), ..Circumstances::default() });
    let found = found.into_iter().map(|(from, step, to)| {
        let to = to.map_or("-".to_owned(), |to| format!("{to:?}"));
        format!("{from:?} {step:?} {to}")
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

/// What differs from [`TABLE`] under other circumstances: from, step, to.
fn changes(circumstances: Circumstances) -> Vec<(State, Step, Option<State>)> {
    let usual = answers(Circumstances { before: Some(State::Pending), ..Circumstances::default() });
    answers(circumstances).into_iter().filter(|answer| !usual.contains(answer)).collect()
}

#[test]
fn l1_a_report_that_nobody_accepts_fulfils() {
    let self_report = Circumstances { acceptance: Acceptance::AtOnce, before: Some(State::Pending), ..Circumstances::default() };
    let open = State::ALL.into_iter().filter(|state| state.is_open());
    let expected: Vec<_> = open.map(|from| (from, Step::Report, Some(State::Fulfilled))).collect();
    assert_eq!(changes(self_report), expected);
}

#[test]
fn b8_a_standing_duty_goes_on_after_its_report_is_accepted() {
    let standing = Circumstances { duty: Duty::Standing, before: Some(State::Pending), ..Circumstances::default() };
    assert_eq!(changes(standing), [(State::Reported, Step::Accept, Some(State::InProgress))]);
    let alone = Circumstances { acceptance: Acceptance::AtOnce, ..standing };
    let reports: Vec<_> = changes(alone).into_iter().filter(|(_, step, _)| *step == Step::Report).collect();
    assert_eq!(reports.len(), 5);
    assert!(reports.iter().all(|(_, _, to)| *to == Some(State::InProgress)));
    let recurring = Terms { informative: true, recurs: true, ..terms() };
    assert_eq!((recurring.duty(), Terms { recurs: false, ..recurring }.duty()), (Duty::Once, Duty::Standing));
}

#[test]
fn l1_what_the_system_undoes_returns_to_an_open_state_that_is_known() {
    for (from, step) in [(State::Released, Step::Annul), (State::Transferred, Step::Annul), (State::Lapsed, Step::Resume)] {
        let undone = |before| next(from, step, Circumstances { before, ..Circumstances::default() }).ok();
        assert_eq!(undone(Some(State::Reported)), Some(State::Reported));
        assert_eq!(undone(Some(State::Fulfilled)), None);
        assert_eq!(undone(None), None);
    }
}

#[test]
fn c9_what_is_reopened_or_excused_gives_no_figure() {
    let giving = |duty| State::ALL.into_iter().filter(|state| state.gives_figure(duty)).collect::<Vec<_>>();
    assert_eq!(giving(Duty::Once), [State::Fulfilled]);
    let open = State::ALL.into_iter().filter(|state| state.is_open());
    assert_eq!(giving(Duty::Standing), open.chain([State::Lapsed]).collect::<Vec<_>>());
}

#[test]
fn d6_concluding_lapses_what_is_open_and_leaves_the_rest() {
    let cases: Vec<Case> = (1..).zip(State::ALL).map(|(of, state)| case(of, state, terms())).collect();
    let lapsed = plan_lapse(&cases, "summed up");
    assert_eq!(lapsed.iter().map(|decided| decided.from).collect::<Vec<_>>(), &State::ALL[..5]);
    assert!(lapsed.iter().all(|decided| decided.to == State::Lapsed && decided.reason.as_deref() == Some("summed up")));
}

#[test]
fn d6_replacing_releases_what_is_open_and_names_what_replaced_it() {
    let cases: Vec<Case> = (1..).zip(State::ALL).map(|(of, state)| case(of, state, terms())).collect();
    let released = plan_release(&cases, Cause::Replaced, "02-KH/ĐUK");
    assert_eq!(released.iter().map(|decided| decided.from).collect::<Vec<_>>(), &State::ALL[..5], "a report that waits holds nothing up");
    assert!(released.iter().all(|decided| (decided.to, decided.cause) == (State::Released, Some(Cause::Replaced))));
    let told = Cause::Replaced.told(released[0].reason.as_deref(), Locale::En);
    assert_eq!(told, "its directive was replaced: 02-KH/ĐUK");
    assert_eq!(Cause::Decided.told(Some("decision 5"), Locale::En), "decision 5");
    assert_eq!(Cause::Left.told(None, Locale::En), Cause::Left.words(Locale::En));
}

#[test]
fn d6_resuming_returns_what_lapsed_to_the_state_before_and_nothing_else() {
    let open = &State::ALL[..5];
    let lapsed: Vec<Case> = (1..).zip(open).map(|(of, _)| case(of, State::Lapsed, terms())).collect();
    let closed = (11..).zip(&State::ALL[5..]).filter(|(_, state)| **state != State::Lapsed).map(|(of, state)| case(of, *state, terms()));
    let before: HashMap<ObligationId, State> = lapsed.iter().map(|case| case.id).zip(open.iter().copied()).collect();
    let cases: Vec<Case> = lapsed.iter().cloned().chain(closed).collect();
    let resumed = plan_resume(&cases, &before, "needed again");
    assert_eq!(
        resumed.iter().map(|decided| (decided.from, decided.to)).collect::<Vec<_>>(),
        open.iter().map(|to| (State::Lapsed, *to)).collect::<Vec<_>>()
    );
    assert!(resumed.iter().all(|decided| decided.due_on == Some(day("2020-12-30")) && decided.reason.as_deref() == Some("needed again")));
}

#[test]
fn d6_every_report_that_waits_holds_a_conclusion_up_wherever_its_unit_stands() {
    let of_unit = |of: u128, unit: &str, state| Case { unit: id(unit), ..case(of, state, terms()) };
    let cases = [
        of_unit(1, "office", State::Reported),
        of_unit(2, "district", State::Reported),
        of_unit(3, "cell", State::InProgress),
        of_unit(4, "bloc", State::Fulfilled),
    ];
    let held_by: Vec<ObligationId> = holding_up(&cases).into_iter().map(|case| case.id).collect();
    assert_eq!(held_by, [cases[0].id, cases[1].id], "what is open outside the issuer's subtree was kept (S4)");
}

#[test]
fn l1_a_refusal_says_what_is_possible() {
    let refused = next(State::Reported, Step::Acknowledge, Circumstances::default()).unwrap_err();
    let told = Refusal::from(refused).words(Locale::En);
    assert!(told.contains("choose one of `report`, `accept`, `return`, `exempt`; "), "{told}");
    let refused = Refusal::from(next(State::Lapsed, Step::Report, Circumstances::default()).unwrap_err());
    assert!(refused.words(Locale::Vi).contains("nhiệm vụ đã kết thúc"), "{}", refused.words(Locale::Vi));
}

#[test]
fn l2_each_verification_has_its_acceptor() {
    use Verification::{Issuer, Itself, Superior};
    let forest = forest(TREE);
    let stranger = "nowhere";
    let rows: [(Verification, &str, &str, Option<&str>); 11] = [
        (Itself, "office", "bloc", None),
        (Superior, "office", "province", Some("bloc")),
        (Superior, "cell", "bloc", Some("office")),
        (Superior, "bloc", "bloc", Some("province")),
        (Superior, "province", "province", None),
        (Issuer, "cell", "bloc", Some("bloc")),
        (Issuer, "office", "province", Some("province")),
        (Issuer, "bloc", "bloc", Some("province")),
        (Issuer, "province", "province", None),
        (Superior, stranger, "bloc", Some("bloc")),
        (Issuer, stranger, "bloc", Some("bloc")),
    ];
    for (verification, unit, issuer, expected) in rows {
        let found = acceptor(&forest, verification, id(unit), id(issuer));
        assert_eq!(found, expected.map(id), "{verification:?} {unit} {issuer}");
        let at_once = acceptance(&forest, verification, id(unit), id(issuer)) == Acceptance::AtOnce;
        assert_eq!(at_once, expected.is_none(), "{verification:?} {unit} {issuer}");
        if verification != Itself {
            assert_eq!(overseer(&forest, verification, id(unit), id(issuer)), found);
        }
    }
    assert_eq!(overseer(&forest, Itself, id("office"), id("province")), Some(id("bloc")));
}

#[test]
fn l2_the_acceptor_or_any_unit_above_it_may_accept() {
    let forest = forest(TREE);
    let may: Vec<UnitId> = ["province", "bloc", "office", "cell", "school", "district"]
        .into_iter()
        .map(id)
        .filter(|&candidate| may_accept(&forest, candidate, id("bloc")))
        .collect();
    assert_eq!(may, [id("province"), id("bloc")]);
}

#[test]
fn l2_who_submitted_does_not_accept_unless_it_came_on_paper() {
    let forest = forest(TREE);
    let own = case(1, State::Reported, terms());
    let mut paper = case(2, State::Reported, terms());
    paper.waiting = paper.waiting.map(|waiting| Waiting { on_paper: true, ..waiting });
    let refused = plan_accept(&forest, &[own.clone(), paper.clone()], principal(7)).unwrap_err();
    assert_eq!(told(&refused), ["Forbidden L2 obligations.0"]);
    assert_eq!(plan_accept(&forest, &[paper], principal(7)).unwrap()[0].to, State::Fulfilled);
    let accepted = plan_accept(&forest, &[own], principal(8)).unwrap();
    assert_eq!((accepted[0].to, accepted[0].report), (State::Fulfilled, Some(ReportId(number(101)))));
    assert_eq!(accepted[0].reported_on, Some(day("2020-12-10")));
}

#[test]
fn l2_nobody_accepts_for_a_root() {
    let root = Case { unit: id("province"), ..case(1, State::Reported, Terms { issuer: id("province"), ..terms() }) };
    let refused = plan_accept(&forest(TREE), &[root], principal(8)).unwrap_err();
    assert_eq!(told(&refused), ["StepNotAllowed L2 obligations.0"]);
}

#[test]
fn l5_a_closed_gate_counts_what_is_missing_and_names_the_first() {
    let gated = after(after(after(case(9, State::Reported, terms()), 3, State::Exempt), 4, State::Returned), 5, State::Pending);
    assert_eq!(unmet(&gated.gate).map(|earlier| earlier.ordinal).collect::<Vec<_>>(), [4, 5]);
    let refused = plan_accept(&forest(TREE), &[gated], principal(8)).unwrap_err();
    assert_eq!(told(&refused), ["GateClosed L5 obligations.0"]);
    assert!(refused[0].to_string().contains("`2` of the unit's obligations") && refused[0].to_string().contains("`4` `study`"));
}

#[test]
fn l5_gates_are_asked_in_the_order_given() {
    let forest = forest(TREE);
    let first = case(1, State::Reported, terms());
    let second = after(case(2, State::Reported, terms()), 1, State::Reported);
    let accepted = plan_accept(&forest, &[first.clone(), second.clone()], principal(8)).unwrap();
    assert_eq!(accepted.iter().map(|decided| decided.obligation).collect::<Vec<_>>(), [first.id, second.id]);
    let refused = plan_accept(&forest, &[second, first], principal(8)).unwrap_err();
    assert_eq!(told(&refused), ["GateClosed L5 obligations.0"]);
}

#[test]
fn l5_a_standing_duty_asks_no_gate() {
    let standing = after(case(2, State::Reported, Terms { informative: true, ..terms() }), 1, State::Pending);
    assert_eq!(plan_accept(&forest(TREE), &[standing], principal(8)).unwrap()[0].to, State::InProgress);
}

#[test]
fn l1_a_bulk_is_all_or_none_and_tells_every_refusal() {
    let cases = [case(1, State::Pending, terms()), case(2, State::Fulfilled, terms()), case(1, State::Pending, terms())];
    let refused = plan_acknowledge(&cases).unwrap_err();
    assert_eq!(told(&refused), ["Invalid F6 obligations.2", "StepNotAllowed L1 obligations.1"]);
    assert_eq!(plan_acknowledge(&cases[..1]).unwrap()[0].to, State::Acknowledged);
    assert_eq!(told(&plan_start(&[]).unwrap_err()), ["Invalid F6 obligations"]);
    assert_eq!(plan_start(&cases[..1]).unwrap()[0].to, State::InProgress);
}

#[test]
fn l1_exempting_and_returning_and_reopening_need_a_reason() {
    let forest = forest(TREE);
    let (reported, fulfilled) = (case(1, State::Reported, terms()), case(1, State::Fulfilled, terms()));
    assert_eq!(told(&plan_exempt(std::slice::from_ref(&reported), " ").unwrap_err()), ["Invalid F2 reason"]);
    assert_eq!(told(&plan_return(&reported, "", None).unwrap_err()), ["Invalid F2 reason"]);
    assert_eq!(told(&plan_reopen(&forest, &fulfilled, "").unwrap_err()), ["Invalid F2 reason"]);
    let exempt = plan_exempt(std::slice::from_ref(&reported), "newly founded").unwrap();
    assert_eq!((exempt[0].to, exempt[0].reason.as_deref()), (State::Exempt, Some("newly founded")));
    let returned = plan_return(&reported, "no figures", None).unwrap();
    assert_eq!((returned.to, returned.report, returned.extension), (State::Returned, Some(ReportId(number(101))), None));
}

#[test]
fn l1_reopening_needs_a_directive_in_force_and_a_unit_below_its_issuer() {
    let forest = forest(TREE);
    let done = case(1, State::Fulfilled, terms());
    assert_eq!(plan_reopen(&forest, &done, "wrong figures").unwrap().to, State::Returned);
    assert_eq!(plan_reopen(&forest, &case(1, State::Exempt, terms()), "able after all").unwrap().to, State::Pending);
    let ended = case(1, State::Fulfilled, Terms { is_in_force: false, ..terms() });
    assert_eq!(told(&plan_reopen(&forest, &ended, "why").unwrap_err()), ["StepNotAllowed L1 obligation"]);
    for left in ["district", "gone"] {
        let refused = plan_reopen(&forest, &Case { unit: id(left), ..done.clone() }, "why").unwrap_err();
        assert_eq!(refused[0].kind(), Refusal::from(ObligationRefusal::LeftIssuer).kind());
    }
}
