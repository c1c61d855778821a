use rust_decimal::Decimal;

use super::*;
use crate::fixture::{self, day, id};
use crate::ids::DirectiveId;
use crate::refusal::{DirectiveRefusal, Explain, Locale, Refusal};
use crate::scope::{Reach, Scope};

/// Every step that D1 lists, and no other.
const LIFE: &[(DirectiveStatus, DirectiveStep, DirectiveStatus)] = &[
    (DirectiveStatus::Draft, DirectiveStep::OpenConsultation, DirectiveStatus::Consulting),
    (DirectiveStatus::Draft, DirectiveStep::Issue, DirectiveStatus::Issued),
    (DirectiveStatus::Draft, DirectiveStep::Withdraw, DirectiveStatus::Withdrawn),
    (DirectiveStatus::Consulting, DirectiveStep::CloseConsultation, DirectiveStatus::Draft),
    (DirectiveStatus::Consulting, DirectiveStep::Issue, DirectiveStatus::Issued),
    (DirectiveStatus::Consulting, DirectiveStep::Withdraw, DirectiveStatus::Withdrawn),
    (DirectiveStatus::Issued, DirectiveStep::Conclude, DirectiveStatus::Concluded),
    (DirectiveStatus::Issued, DirectiveStep::Replace, DirectiveStatus::Replaced),
    (DirectiveStatus::Issued, DirectiveStep::Repeal, DirectiveStatus::Repealed),
    (DirectiveStatus::Concluded, DirectiveStep::Resume, DirectiveStatus::Issued),
];

#[test]
fn d1_only_the_listed_steps_are_taken() {
    for from in DirectiveStatus::ALL {
        for step in DirectiveStep::ALL {
            let listed = LIFE.iter().find(|(status, listed, _)| (*status, *listed) == (from, step)).map(|(.., to)| *to);
            assert_eq!(take_step(from, step), listed.ok_or(DirectiveRefusal::StepNotAllowed { from, step }));
        }
    }
    let refusal = take_step(DirectiveStatus::Withdrawn, DirectiveStep::Issue).unwrap_err();
    let words = refusal.words(Locale::En);
    assert_eq!(words, "a directive that is `withdrawn` cannot be issued: read it again, `viewerCan` says what you may do with it");
}

#[test]
fn d2_only_the_text_of_a_draft_may_change() {
    for status in DirectiveStatus::ALL {
        assert_eq!(check_text_may_change(status).is_ok(), status == DirectiveStatus::Draft, "{status:?}");
    }
    let words = check_text_may_change(DirectiveStatus::Consulting).unwrap_err().words(Locale::En);
    assert!(words.contains("closeConsultation"), "{words}");
}

#[test]
fn d1_statuses_are_either_before_the_issue_in_force_or_ended() {
    let in_force: Vec<_> = DirectiveStatus::ALL.into_iter().filter(|status| status.is_in_force()).collect();
    let ended: Vec<_> = DirectiveStatus::ALL.into_iter().filter(|status| status.has_ended()).collect();
    assert_eq!(in_force, [DirectiveStatus::Issued]);
    assert_eq!(ended, [DirectiveStatus::Concluded, DirectiveStatus::Replaced, DirectiveStatus::Repealed]);
    assert!(!DirectiveStatus::Withdrawn.was_issued());
}

#[test]
fn d6_concluding_waits_for_every_report_and_names_them() {
    assert_eq!(decide_conclusion(DirectiveStatus::Issued, Vec::new()), Ok(DirectiveStatus::Concluded));
    let waiting = |count: u32| (1..=count).map(|ordinal| WaitingReport { unit: "KHOI".into(), ordinal }).collect::<Vec<_>>();
    let words = decide_conclusion(DirectiveStatus::Issued, waiting(2)).unwrap_err().words(Locale::En);
    assert!(words.ends_with("`KHOI` (requirement `1`), `KHOI` (requirement `2`)"), "{words}");
    let words = decide_conclusion(DirectiveStatus::Issued, waiting(12)).unwrap_err().words(Locale::Vi);
    assert!(words.starts_with("còn `12` báo cáo") && words.ends_with("`KHOI` (yêu cầu `10`), …"), "{words}");
    let refusal = decide_conclusion(DirectiveStatus::Draft, waiting(1)).unwrap_err();
    assert_eq!(refusal.rule(), "D1", "a wrong status is said first");
}

#[test]
fn b3_issued_not_later_than_recorded() {
    let today = day("2020-12-10");
    assert_eq!(check_issued_on(day("2020-12-10"), today), Ok(()));
    assert_eq!(check_issued_on(day("2020-12-01"), today), Ok(()));
    assert_eq!(paths(vec![check_issued_on(day("2020-12-11"), today).unwrap_err()]), ["issuedOn"]);
}

#[test]
fn d3_only_a_congress_issues_without_a_symbol() {
    assert_eq!(check_symbol(IssuingBody::Congress, None), Ok(()));
    assert_eq!(check_symbol(IssuingBody::Committee, Some("81-KH/ĐUK")), Ok(()));
    for (body, symbol) in [(IssuingBody::Committee, None), (IssuingBody::StandingCommittee, Some("  "))] {
        assert_eq!(check_symbol(body, symbol).unwrap_err().rule(), "D3");
    }
}

#[test]
fn d5_comments_come_while_consulting_from_the_issuer_and_below() {
    for status in DirectiveStatus::ALL {
        assert_eq!(check_open_to_comments(status).is_ok(), status == DirectiveStatus::Consulting, "{status:?}");
    }
    let forest = fixture::forest("tinh\n  khoi\n    a\n  huyen");
    assert_eq!(check_consulted(&forest, id("khoi"), id("a")), Ok(()));
    assert_eq!(check_consulted(&forest, id("khoi"), id("khoi")), Ok(()));
    for stranger in ["tinh", "huyen"] {
        assert_eq!(check_consulted(&forest, id("khoi"), id(stranger)).unwrap_err().rule(), "D5", "{stranger}");
    }
}

#[test]
fn d5_an_answer_that_declines_says_why_and_stands() {
    use CommentDecision::{Accepted, Declined, Partly};
    assert_eq!(check_answer(None, Accepted, None), Ok(()));
    for decision in [Partly, Declined] {
        assert_eq!(check_answer(None, decision, Some("no funds")), Ok(()));
        for silent in [None, Some(" ")] {
            assert_eq!(paths(vec![check_answer(None, decision, silent).unwrap_err()]), ["reason"]);
        }
    }
    assert_eq!(check_answer(Some(Accepted), Declined, Some("no funds")).unwrap_err().rule(), "D5");
}

/// A directive that is known by one letter.
fn d(name: char) -> DirectiveId {
    DirectiveId(uuid::Uuid::from_u128(u128::from(u32::from(name))))
}

fn letter(directive: DirectiveId) -> String {
    u32::try_from(directive.0.as_u128()).ok().and_then(char::from_u32).unwrap().to_string()
}

/// `"ab bc"`: a implements b, b implements c.
fn edges(text: &str) -> Vec<Implements> {
    let edge = |pair: &str| Implements { from: d(pair.chars().next().unwrap()), to: d(pair.chars().nth(1).unwrap()) };
    text.split_whitespace().map(edge).collect()
}

fn cycle(text: &str, from: char, to: char) -> Option<String> {
    find_cycle(&edges(text), d(from), d(to)).map(|path| path.into_iter().map(letter).collect())
}

#[test]
fn d4_finds_the_cycle_that_an_edge_would_close() {
    assert_eq!(cycle("", 'a', 'a').as_deref(), Some("aa"));
    assert_eq!(cycle("bc ca", 'a', 'b').as_deref(), Some("abca"));
    assert_eq!(cycle("bc cd be ea da", 'a', 'b').as_deref(), Some("abea"), "a shortest one");
    assert_eq!(cycle("ab ac bd cd", 'x', 'a'), None, "a diamond is no cycle");
    assert_eq!(cycle("bc cb", 'a', 'b'), None, "a circle elsewhere is not walked for ever");
}

#[test]
fn d4_an_implementing_directive_comes_from_the_issuer_or_below() {
    let forest = fixture::forest("tinh\n  khoi\n    a\n  huyen");
    let target = |issuer, status| Target { id: d('t'), name: "01-NQ/ĐH".into(), status, issuer: id(issuer) };
    let check = |issuer, target: &Target, known: &str| check_implements(&forest, &edges(known), (d('f'), id(issuer)), target, letter);
    let of_khoi = target("khoi", DirectiveStatus::Draft);
    assert_eq!(check("khoi", &of_khoi, ""), Ok(()));
    assert_eq!(check("a", &of_khoi, ""), Ok(()));
    for stranger in ["tinh", "huyen"] {
        assert!(matches!(check(stranger, &of_khoi, ""), Err(DirectiveRefusal::NotBelowTarget { .. })), "{stranger}");
    }
    let refusal = check("a", &of_khoi, "tf").unwrap_err();
    assert!(refusal.words(Locale::En).contains("`f` → `t` → `f`"), "{}", refusal.words(Locale::En));
    for status in DirectiveStatus::ALL {
        assert_eq!(check_target_issued(&target("khoi", status)).is_ok(), status.was_issued(), "{status:?}");
    }
}

#[test]
fn b7_periods_are_read_and_written_alike() {
    for (text, recurrence) in [("2020", Recurrence::Yearly), ("2020-Q4", Recurrence::Quarterly), ("2020-12", Recurrence::Monthly)] {
        let period: Period = text.parse().unwrap();
        assert_eq!((period.to_string().as_str(), period.recurrence()), (text, recurrence));
    }
    for text in [
        "",
        "20",
        "0000",
        "+020",
        "2020-",
        "2020-Q0",
        "2020-Q5",
        "2020-q4",
        "2020-Q+",
        "2020-00",
        "2020-13",
        "2020-1",
        "2020-12-01",
        "２０２０",
    ] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}

fn requirement() -> Requirement {
    Requirement {
        kind: RequirementKind::Study,
        title: "Hold the study conference".into(),
        detail: None,
        due_on: None,
        due_text: None,
        recurrence: Recurrence::None,
        period: None,
        first_period: None,
        due_days_after_period: None,
        scope: Scope {
            anchor: id("khoi"),
            reach: Reach::Children,
            kinds: Vec::new(),
            include: Vec::new(),
            except: Vec::new(),
            except_subtrees: Vec::new(),
            may_be_empty: false,
        },
        verification: Verification::Superior,
        gate_share: None,
        after: Vec::new(),
        informative: false,
        binds_late_units: true,
        late_grace_days: 30,
        indicators: Vec::new(),
    }
}

fn indicator(key: &str) -> Indicator {
    Indicator {
        key: key.into(),
        label: "Party members".into(),
        unit_of_measure: None,
        aggregation: Aggregation::Sum,
        ratio_over: None,
        goal: None,
        goal_direction: None,
        goals: Vec::new(),
        required: false,
        may_be_negative: false,
    }
}

fn paths(refusals: Vec<Refusal>) -> Vec<String> {
    let path = |refusal: Refusal| refusal.path().iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    refusals.into_iter().map(path).collect()
}

/// The paths that are refused below the requirement, which stands alone.
fn refused(requirement: Requirement) -> Vec<String> {
    let refusals = check_requirements(&[requirement]).err().unwrap_or_default();
    paths(refusals).into_iter().map(|path| path.strip_prefix("requirements.0.").unwrap().to_owned()).collect()
}

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn b7_what_recurs_is_due_by_its_periods() {
    let december = || Some(Period::Month { year: 2020, month: 12 });
    let once = Requirement { due_on: Some(day("2020-12-30")), period: december(), ..requirement() };
    assert_eq!(refused(once.clone()), nothing());
    let monthly =
        || Requirement { recurrence: Recurrence::Monthly, due_days_after_period: Some(5), first_period: december(), ..requirement() };
    assert_eq!(refused(monthly()), nothing());
    assert_eq!(refused(Requirement { due_on: once.due_on, period: december(), ..monthly() }), ["dueOn", "period"]);
    assert_eq!(refused(Requirement { due_days_after_period: None, ..monthly() }), ["dueDaysAfterPeriod"]);
    assert_eq!(refused(Requirement { due_days_after_period: Some(3650), ..monthly() }), nothing());
    assert_eq!(refused(Requirement { due_days_after_period: Some(3651), ..monthly() }), ["dueDaysAfterPeriod"]);
    assert_eq!(refused(Requirement { recurrence: Recurrence::Quarterly, ..monthly() }), ["firstPeriod"]);
    assert_eq!(refused(Requirement { recurrence: Recurrence::None, ..monthly() }), ["firstPeriod", "dueDaysAfterPeriod"]);
}

#[test]
fn b7_issuing_opens_no_more_periods_than_the_limit() {
    let with = |first: Option<&str>, recurrence| Requirement {
        recurrence,
        first_period: first.map(|first| first.parse().unwrap()),
        due_days_after_period: Some(5),
        ..requirement()
    };
    let check = |requirement, effective_on: &str| {
        let all = [self::requirement(), requirement];
        check_periods_begun(&all, (day(effective_on), day("2020-12-04")), 24).err().unwrap_or_default()
    };
    assert_eq!(check(with(Some("2019-01"), Recurrence::Monthly), "2020-12-04"), []);
    let refusals = check(with(Some("2018-12"), Recurrence::Monthly), "2020-12-04");
    assert_eq!((refusals[0].code(), refusals[0].rule()), (crate::refusal::Code::LimitExceeded, "B7"));
    assert_eq!(paths(refusals), ["requirements.1.firstPeriod"]);
    assert_eq!(check(with(None, Recurrence::Monthly), "2019-01-31"), [], "the first is the one that contains the day of effect");
    assert_eq!(check(with(None, Recurrence::Monthly), "2018-12-31").len(), 1);
    assert_eq!(check(with(Some("1997"), Recurrence::Yearly), "2020-12-04"), []);
    assert_eq!(check(with(Some("2031"), Recurrence::Yearly), "2020-12-04"), [], "one that has not begun opens nothing");
    assert_eq!(paths(check(with(None, Recurrence::Yearly), "0000-12-31")), ["requirements.1.firstPeriod"], "no period is of the year 0");
    assert_eq!(check(requirement(), "0000-12-31"), [], "what does not recur needs none");
}

#[test]
fn b4_grace_is_at_most_ten_years() {
    assert_eq!(refused(Requirement { late_grace_days: 3650, ..requirement() }), nothing());
    assert_eq!(refused(Requirement { late_grace_days: 3651, title: " ".into(), ..requirement() }), ["lateGraceDays", "title"]);
}

#[test]
fn l5_a_gate_is_a_share_above_zero_and_at_most_one() {
    let with = |share: &str| Requirement { gate_share: Some(share.parse().unwrap()), ..requirement() };
    for share in ["0.0000001", "0.8", "1", "1.000"] {
        assert_eq!(refused(with(share)), nothing(), "{share}");
    }
    for share in ["0", "-0.5", "1.0000001"] {
        assert_eq!(refused(with(share)), ["gateShare"], "{share}");
    }
    assert_eq!(refused(Requirement { informative: true, ..with("0.8") }), ["gateShare"]);
}

#[test]
fn l5_after_names_earlier_requirements_that_can_close() {
    let standing = || Requirement { informative: true, ..requirement() };
    let summary = || Requirement { recurrence: Recurrence::Monthly, due_days_after_period: Some(0), ..standing() };
    let last = |after: &[u32]| Requirement { after: after.to_vec(), ..requirement() };
    let check = |after: &[u32]| check_requirements(&[requirement(), standing(), summary(), last(after)]).err().unwrap_or_default();
    assert_eq!(paths(check(&[1, 3])), nothing());
    let refusals = check(&[1, 0, 4, 5, 2, 1]);
    assert_eq!(refusals.iter().map(|refusal| refusal.rule()).collect::<Vec<_>>(), ["L5", "L5", "L5", "B8", "L5"]);
    let at = |index: usize| format!("requirements.3.after.{index}");
    assert_eq!(paths(refusals), (1..=5).map(at).collect::<Vec<_>>());
}

#[test]
fn c9_keys_are_plain_and_unique_within_a_requirement() {
    let with = |keys: &[&str]| Requirement { indicators: keys.iter().map(|key| indicator(key)).collect(), ..requirement() };
    assert_eq!(refused(with(&["members", "soDangVien", "a", "x.1-y_2", &"k".repeat(64)])), nothing());
    for key in ["", "1a", "_a", "a b", "số", "a/b", &"k".repeat(65)] {
        assert_eq!(refused(with(&[key])), ["indicators.0.key"], "{key}");
    }
    assert_eq!(refused(with(&["members", "attended", "members"])), ["indicators.2.key"]);
    let twice = [with(&["members"]), with(&["members"])];
    assert_eq!(check_requirements(&twice), Ok(()), "requirements share a key, and the figure with it (L7)");
}

#[test]
fn c9_a_ratio_is_over_another_key_of_the_requirement() {
    let check = |aggregation, over: Option<&str>| {
        let ratio = Indicator { aggregation, ratio_over: over.map(Into::into), ..indicator("attended") };
        refused(Requirement { indicators: vec![ratio, indicator("members")], ..requirement() })
    };
    assert_eq!(check(Aggregation::Ratio, Some("members")), nothing());
    for (aggregation, over) in [
        (Aggregation::Ratio, None),
        (Aggregation::Ratio, Some("attended")),
        (Aggregation::Ratio, Some("elsewhere")),
        (Aggregation::Sum, Some("members")),
    ] {
        assert_eq!(check(aggregation, over), ["indicators.0.ratioOver"], "{aggregation:?} {over:?}");
    }
}

#[test]
fn c9_goals_have_a_direction_and_at_most_28_digits() {
    let check = |goal: Option<&str>, direction, parts: &[(&str, &str)]| {
        let parse = |goal: &str| goal.parse::<Decimal>().unwrap();
        let goals = parts.iter().map(|(unit, goal)| UnitGoal { unit: id(unit), goal: parse(goal) }).collect();
        let with = Indicator { goal: goal.map(parse), goal_direction: direction, goals, ..indicator("members") };
        refused(Requirement { indicators: vec![with], ..requirement() })
    };
    let least = Some(GoalDirection::AtLeast);
    assert_eq!(check(Some(&"9".repeat(28)), least, &[("a", "1"), ("b", "-2.5")]), nothing());
    assert_eq!(check(Some("1"), None, &[]), ["indicators.0.goalDirection"]);
    assert_eq!(check(None, least, &[]), ["indicators.0.goalDirection"], "a direction of nothing");
    for direction in [None, least] {
        assert_eq!(check(None, direction, &[("a", "1")]), ["indicators.0.goals"], "parts of nothing");
    }
    let long = format!("1{}", "0".repeat(28));
    assert_eq!(
        check(Some(&long), least, &[("a", &long), ("a", "1")]),
        ["goal", "goals.0.goal", "goals.1.unit"].map(|at| format!("indicators.0.{at}"))
    );
}

#[test]
fn c9_percentages_are_never_averaged() {
    let check = |aggregation, measure: &str| {
        let with = Indicator { aggregation, unit_of_measure: Some(measure.into()), ..indicator("studied") };
        refused(Requirement { indicators: vec![with], ..requirement() })
    };
    for measure in ["%", "Phần trăm", "phần trăm đảng viên", "percent", "‰", "Per cent", "PHẦN NGHÌN"] {
        assert_eq!(check(Aggregation::Mean, measure), ["indicators.0.aggregation"], "{measure}");
        assert_eq!(check(Aggregation::Max, measure), nothing(), "{measure}");
    }
    for measure in ["người", "ngày", "điểm", "phần", "trăm"] {
        assert_eq!(check(Aggregation::Mean, measure), nothing(), "{measure}");
    }
}

#[test]
fn b2_scopes_and_split_goals_stay_below_the_issuer() {
    let forest = fixture::forest("tinh\n  khoi\n    a\n  huyen");
    let with_goals = |units: &[&str]| {
        let goals = units.iter().map(|unit| UnitGoal { unit: id(unit), goal: Decimal::ONE }).collect();
        Requirement { indicators: vec![Indicator { goals, ..indicator("members") }], ..requirement() }
    };
    let check = |issuer, requirements: &[Requirement]| check_binding(&forest, &fixture::kinds(), id(issuer), requirements);
    assert_eq!(check("khoi", &[with_goals(&["khoi", "a"])]), Ok(()));
    let refusals = check("khoi", &[requirement(), with_goals(&["a", "huyen"])]).unwrap_err();
    assert_eq!(paths(refusals), ["requirements.1.indicators.0.goals.1.unit"]);
    assert_eq!(paths(check("huyen", &[requirement()]).unwrap_err()), ["requirements.0.scope.anchor"]);
}
