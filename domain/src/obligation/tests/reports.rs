//! Plans for reports: one unit, one time each, evidence and figures (L3, L6, L7).

use rust_decimal::Decimal;

use super::*;
use crate::directive::Aggregation;
use crate::fixture::forest;

fn input(of: u128, obligations: &[u128]) -> ReportInput {
    ReportInput {
        id: ReportId(number(of)),
        obligations: obligations.iter().map(|&of| ObligationId(number(of))).collect(),
        held_on: None,
        received_on: None,
        document: None,
        readings: Vec::new(),
        expected_version: None,
    }
}

fn refused(cases: &[Case], inputs: &[ReportInput]) -> Vec<String> {
    told(&plan_reports(&forest(TREE), cases, inputs, today()).unwrap_err())
}

fn planned(cases: &[Case], inputs: &[ReportInput]) -> Vec<PlannedReport> {
    plan_reports(&forest(TREE), cases, inputs, today()).unwrap()
}

fn figure(key: &str, over: Option<&str>, required: bool) -> AskedFigure {
    let aggregation = if over.is_some() { Aggregation::Ratio } else { Aggregation::Sum };
    AskedFigure { key: key.into(), aggregation, ratio_over: over.map(Into::into), required, may_be_negative: key == "growth" }
}

/// A report on one obligation that asks for a ratio of `attended` over `members`, and requires `members`.
fn with_readings(readings: &[(&str, &str)]) -> (Vec<Case>, ReportInput) {
    let figures = vec![figure("attended", Some("members"), false), figure("members", None, true), figure("growth", None, false)];
    let readings = readings.iter().map(|(key, value)| ReadingInput { key: (*key).into(), value: value.parse().unwrap() });
    let input = ReportInput { readings: readings.collect(), ..input(50, &[1]) };
    (vec![case(1, State::Pending, Terms { figures, ..terms() })], input)
}

#[test]
fn l7_one_report_serves_several_obligations_of_one_unit() {
    let cases = [case(1, State::Pending, terms()), case(2, State::InProgress, Terms { verification: Verification::Itself, ..terms() })];
    let report = planned(&cases, &[input(50, &[2, 1])]).remove(0);
    assert_eq!((report.unit, report.received_on, report.on_paper), (id("office"), today(), false));
    let steps: Vec<_> = report.decided.iter().map(|decided| (decided.obligation, decided.to, decided.is_accepted_at_once())).collect();
    assert_eq!(steps, [(cases[1].id, State::Fulfilled, true), (cases[0].id, State::Reported, false)]);
    assert!(report.decided.iter().all(|decided| decided.reported_on == Some(today()) && decided.report == Some(report.id)));
}

#[test]
fn l7_obligations_of_another_unit_are_refused() {
    let cases = [case(1, State::Pending, terms()), Case { unit: id("school"), ..case(2, State::Pending, terms()) }];
    assert_eq!(refused(&cases, &[input(50, &[1, 2])]), ["Invalid L7 reports.0.obligations.1"]);
    assert_eq!(planned(&cases, &[input(50, &[1]), input(51, &[2])]).len(), 2);
}

#[test]
fn l7_no_obligation_is_served_twice_in_one_call() {
    let cases = [case(1, State::Pending, terms()), case(2, State::Pending, terms())];
    assert_eq!(refused(&cases, &[input(50, &[1, 1])]), ["Invalid F6 reports.0.obligations.1"]);
    assert_eq!(refused(&cases, &[input(50, &[1]), input(51, &[2, 1])]), ["Invalid F6 reports.1.obligations.1"]);
}

#[test]
fn l7_all_refusals_are_gathered() {
    let cases = [case(1, State::Fulfilled, terms()), case(2, State::Pending, terms())];
    let inputs = [
        ReportInput { held_on: Some(day("2020-12-21")), ..input(50, &[1, 3]) },
        input(51, &[]),
        ReportInput { expected_version: Some(9), ..input(52, &[2]) },
    ];
    let expected = [
        "NotFound A5 reports.0.obligations.1",
        "Invalid L7 reports.0.heldOn",
        "StepNotAllowed L1 reports.0.obligations.0",
        "Invalid L7 reports.1.obligations",
        "Conflict F4 reports.2.obligations.0",
    ];
    assert_eq!(refused(&cases, &inputs), expected);
}

#[test]
fn l3_a_report_that_replaces_one_keeps_its_day() {
    let waits = case(1, State::Reported, terms());
    let report = planned(std::slice::from_ref(&waits), &[input(50, &[1])]).remove(0);
    assert_eq!((report.received_on, report.decided[0].reported_on), (day("2020-12-10"), Some(day("2020-12-10"))));
    assert_eq!(report.decided[0].replaces, Some(ReportId(number(101))));
    let returned = Case { reported_on: Some(day("2020-12-10")), ..case(1, State::Returned, terms()) };
    assert_eq!(planned(&[returned], &[input(50, &[1])])[0].received_on, today());
    let both = planned(&[waits, case(2, State::Pending, terms())], &[input(50, &[1, 2])]).remove(0);
    let days: Vec<_> = both.decided.iter().map(|decided| decided.reported_on).collect();
    assert_eq!((both.received_on, days), (today(), vec![Some(day("2020-12-10")), Some(today())]));
}

#[test]
fn l3_a_paper_report_comes_after_every_directive_that_it_serves() {
    let cases = [case(1, State::Pending, terms()), case(2, State::Pending, Terms { issued_on: day("2020-12-15"), ..terms() })];
    let paper = |on: &str| ReportInput { received_on: Some(day(on)), ..input(50, &[1, 2]) };
    assert_eq!(refused(&cases, &[paper("2020-12-14")]), ["Invalid L3 reports.0.receivedOn"]);
    let report = planned(&cases, &[paper("2020-12-15")]).remove(0);
    assert!(report.on_paper && report.decided.iter().all(|decided| decided.reported_on == Some(day("2020-12-15"))));
}

#[test]
fn l2_the_report_of_a_root_closes_at_once() {
    let root = Case { unit: id("province"), ..case(1, State::Pending, Terms { issuer: id("province"), ..terms() }) };
    assert_eq!(planned(&[root], &[input(50, &[1])])[0].decided[0].to, State::Fulfilled);
}

#[test]
fn l5_what_closes_at_once_asks_its_gate_and_opens_the_next() {
    let alone = || Terms { verification: Verification::Itself, ..terms() };
    let cases = [case(1, State::Pending, alone()), after(case(2, State::Pending, alone()), 1, State::Pending)];
    assert_eq!(planned(&cases, &[input(50, &[1]), input(51, &[2])])[1].decided[0].to, State::Fulfilled);
    assert_eq!(planned(&cases, &[input(50, &[1, 2])])[0].decided[1].to, State::Fulfilled);
    assert_eq!(refused(&cases, &[input(50, &[2]), input(51, &[1])]), ["GateClosed L5 reports.0.obligations.0"]);
    let waits = after(case(2, State::Pending, terms()), 1, State::Pending);
    assert_eq!(planned(&[waits], &[input(50, &[2])])[0].decided[0].to, State::Reported);
    let not_closed = [case(1, State::Pending, terms()), cases[1].clone()];
    assert_eq!(refused(&not_closed, &[input(50, &[1, 2])]), ["GateClosed L5 reports.0.obligations.1"]);
}

#[test]
fn l6_a_document_of_the_units_own_is_the_evidence() {
    let cases = [case(1, State::Pending, terms()), case(2, State::Pending, Terms { asks_for_document: true, ..terms() })];
    let named = |issuer: &str, was_issued| {
        let document = Document { id: DirectiveId(number(9)), issuer: id(issuer), was_issued };
        [ReportInput { document: Some(document), ..input(50, &[1, 2]) }]
    };
    assert_eq!(refused(&cases, &[input(50, &[1, 2])]), ["Invalid L6 reports.0.directive"]);
    assert_eq!(refused(&cases, &named("bloc", true)), ["Invalid L6 reports.0.directive"]);
    assert_eq!(refused(&cases, &named("office", false)), ["Invalid L6 reports.0.directive"]);
    assert_eq!(planned(&cases, &named("office", true))[0].decided.len(), 2);
    assert_eq!(planned(&cases, &[input(50, &[1])])[0].decided.len(), 1);
}

#[test]
fn l7_readings_name_known_keys_once_and_hold_what_is_required() {
    type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let rows: [Row; 6] = [
        (&[("members", "40"), ("attended", "38"), ("growth", "-1.5")], &[]),
        (&[("members", "40")], &[]),
        (&[], &["Invalid L7 reports.0.readings"]),
        (&[("attended", "38")], &["Invalid C9 reports.0.readings", "Invalid L7 reports.0.readings"]),
        (&[("members", "40"), ("absent", "2")], &["Invalid L7 reports.0.readings.1.indicator"]),
        (&[("members", "40"), ("members", "41")], &["Invalid L7 reports.0.readings.1.indicator"]),
    ];
    for (readings, expected) in rows {
        let (cases, input) = with_readings(readings);
        let found = plan_reports(&forest(TREE), &cases, &[input], today()).err().unwrap_or_default();
        assert_eq!(told(&found), expected, "{readings:?}");
    }
}

#[test]
fn l7_a_shared_key_is_asked_for_once() {
    let asks = |required| Terms { figures: vec![figure("members", None, required)], ..terms() };
    let cases = [case(1, State::Pending, asks(true)), case(2, State::Pending, asks(true)), case(3, State::Pending, asks(false))];
    assert_eq!(refused(&cases, &[input(50, &[1, 2, 3])]), ["Invalid L7 reports.0.readings"]);
    let reading = ReadingInput { key: "members".into(), value: Decimal::TEN };
    assert_eq!(planned(&cases, &[ReportInput { readings: vec![reading], ..input(50, &[3, 1, 2]) }])[0].decided.len(), 3);
}

#[test]
fn c9_what_is_counted_is_not_negative_and_nothing_is_measured_against_zero() {
    type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let rows: [Row; 7] = [
        (&[("members", "40"), ("growth", "-1.5")], &[]),
        (&[("members", "40"), ("attended", "-1")], &["Invalid C9 reports.0.readings.1.value"]),
        (&[("members", "-1"), ("attended", "-1")], &["Invalid C9 reports.0.readings.0.value", "Invalid C9 reports.0.readings.1.value"]),
        (&[("members", "0"), ("attended", "5")], &["Invalid C9 reports.0.readings.0.value"]),
        (&[("attended", "0.1"), ("members", "0.0")], &["Invalid C9 reports.0.readings.1.value"]),
        (&[("members", "0"), ("attended", "0")], &[]),
        (&[("members", "0")], &[]),
    ];
    for (readings, expected) in rows {
        let (cases, input) = with_readings(readings);
        let found = plan_reports(&forest(TREE), &cases, &[input], today()).err().unwrap_or_default();
        assert_eq!(told(&found), expected, "{readings:?}");
    }
}

#[test]
fn c9_readings_are_short_enough_to_add_up_and_bases_not_negative() {
    let rows = [
        ("999999999999999999.9999999999", true),
        ("-999999999999999999.9999999999", false),
        ("1000000000000000000", false),
        ("0.00000000001", false),
        ("1.50000000000000", true),
        ("-1", false),
        ("0", true),
    ];
    for (value, is_taken) in rows {
        let (cases, input) = with_readings(&[("members", value)]);
        assert_eq!(plan_reports(&forest(TREE), &cases, &[input], today()).is_ok(), is_taken, "{value}");
    }
    let (cases, mut input) = with_readings(&[("members", "40"), ("growth", "1")]);
    input.readings[1].value = Decimal::MAX;
    assert_eq!(refused(&cases, &[input]), ["Invalid C9 reports.0.readings.1.value"]);
}
