//! The words of refusals keep one style, whatever they are about.

use super::*;
use crate::access::Role;
use crate::day::Day;
use crate::directive::{DirectiveStatus, DirectiveStep, WaitingReport};
use crate::obligation::{State, Step};
use crate::table::Column;

fn own_families() -> Vec<Refusal> {
    let text = || "X".to_owned();
    let waiting = vec![WaitingReport { unit: text(), ordinal: 1 }];
    let status = DirectiveStatus::Draft;
    let mut all: Vec<Refusal> = vec![
        ScopeRefusal::OutsideIssuer { unit: text(), issuer: text() }.into(),
        ScopeRefusal::NotActive { unit: text() }.into(),
        ScopeRefusal::CoversNobody.into(),
        ScopeRefusal::UnknownKind { code: text() }.into(),
        DirectiveRefusal::TextStandsStill { status: DirectiveStatus::Consulting }.into(),
        DirectiveRefusal::TextStandsStill { status: DirectiveStatus::Issued }.into(),
        DirectiveRefusal::NotConsulting { status }.into(),
        DirectiveRefusal::NotConsulted { unit: text(), issuer: text() }.into(),
        DirectiveRefusal::AnsweredBefore.into(),
        DirectiveRefusal::ReportsWait { waiting }.into(),
        DirectiveRefusal::SymbolNeeded.into(),
        DirectiveRefusal::SymbolTaken { symbol: text(), holder: text() }.into(),
        DirectiveRefusal::ExternalIdTaken { scheme: text(), value: text(), holder: None }.into(),
        DirectiveRefusal::ExternalIdTaken { scheme: text(), value: text(), holder: Some(text()) }.into(),
        DirectiveRefusal::LineageCycle { path: vec![text(), text()] }.into(),
        DirectiveRefusal::TargetNotIssued { target: text(), status }.into(),
        DirectiveRefusal::NotBelowTarget { target: text(), target_issuer: text(), issuer: text() }.into(),
        RequirementRefusal::MalformedPeriod { given: text() }.into(),
        RequirementRefusal::OnlyRecurring.into(),
        RequirementRefusal::NotRecurring.into(),
        RequirementRefusal::PeriodOfAnotherLength { given: text() }.into(),
        RequirementRefusal::ShareOutOfRange { given: text() }.into(),
        RequirementRefusal::NothingToShare.into(),
        RequirementRefusal::NotEarlier { ordinal: 1 }.into(),
        RequirementRefusal::AfterStandingDuty { ordinal: 1 }.into(),
        RequirementRefusal::MalformedKey { given: text() }.into(),
        RequirementRefusal::RatioOverNothing.into(),
        RequirementRefusal::RatioOverUnknown { given: text() }.into(),
        RequirementRefusal::OnlyRatio.into(),
        RequirementRefusal::TooManyDigits.into(),
        SuccessionRefusal::NothingToDecide { unit: text() }.into(),
        SuccessionRefusal::DirectiveNotConcerned { unit: text() }.into(),
        SuccessionRefusal::RequirementNotConcerned { unit: text() }.into(),
        SuccessionRefusal::NotASuccessor { to: text(), unit: text(), successors: Vec::new() }.into(),
        SuccessionRefusal::NotASuccessor { to: text(), unit: text(), successors: vec![text(), text()] }.into(),
        SuccessionRefusal::SuccessorOutside { to: text(), unit: text(), issuer: text() }.into(),
        SuccessionRefusal::NobodyForIssuer { unit: text() }.into(),
        TreeRefusal::TooManyChanges { limit: 1, count: 2 }.into(),
        PeopleRefusal::HoldsPosition { person: text(), unit: text(), from: Day::MIN, to: None }.into(),
        PeopleRefusal::HoldsPosition { person: text(), unit: text(), from: Day::MIN, to: Some(Day::MAX) }.into(),
        AccessRefusal::OperatorNeeded.into(),
        AccessRefusal::NobodyAbove { unit: text() }.into(),
        AccessRefusal::NotOnBehalf { unit: text() }.into(),
        AccessRefusal::LastOperator.into(),
    ];
    for step in DirectiveStep::ALL {
        all.extend(DirectiveStatus::ALL.map(|from| DirectiveRefusal::StepNotAllowed { from, step }.into()));
    }
    for role in Role::ALL {
        all.push(AccessRefusal::RoleNeeded { roles: vec![role, Role::Admin], unit: text() }.into());
        all.push(AccessRefusal::RoleNeededSomewhere { role }.into());
        all.push(AccessRefusal::GrantBeyondOwn { role, unit: text() }.into());
        all.push(AccessRefusal::RoleNeedsUnit { role }.into());
    }
    all
}

fn of_endings() -> Vec<Refusal> {
    let code = |code: &str| code.to_owned();
    let children = |count: usize| (0..count).map(|at| format!("C{at}")).collect();
    let all = vec![
        EndingRefusal::EndsInBatch { unit: code("X"), change: 1 },
        EndingRefusal::HasEnded { unit: code("X"), on: Day::MAX },
        EndingRefusal::BeginsInBatch { unit: code("X") },
        EndingRefusal::IsActive { unit: code("X") },
        EndingRefusal::ParentEnded { unit: code("X"), parent: code("Y") },
        EndingRefusal::OnePart { unit: code("X") },
        EndingRefusal::NothingMerged { unit: code("X") },
        EndingRefusal::OwnHeir { unit: code("X") },
        EndingRefusal::NotAChild { unit: code("X"), parent: code("Y") },
        EndingRefusal::ChildrenUnplaced { unit: code("X"), children: children(5) },
        EndingRefusal::ChildrenUnplaced { unit: code("X"), children: children(7) },
        EndingRefusal::ReceiverBelow { unit: code("X"), to: code("Y") },
        EndingRefusal::HeirLeavesNone { heir: code("X"), unit: code("Y") },
    ];
    all.into_iter().map(Refusal::from).collect()
}

#[test]
fn o6_a_refusal_lists_some_children_and_counts_the_others() {
    let words: Vec<String> = of_endings()[9..11].iter().map(|refusal| refusal.words(Locale::En)).collect();
    assert!(words[0].contains("nowhere: `C0`, `C1`, `C2`, `C3`, `C4`; say"), "{}", words[0]);
    assert!(words[1].contains("nowhere: `C0`, `C1`, `C2`, `C3`, `C4` and 2 more; say"), "{}", words[1]);
}

fn of_tables_and_registers() -> Vec<Refusal> {
    let code = |code: &str| code.to_owned();
    let known = vec![KindName { code: code("CELL"), vi: code("chi bộ"), en: code("cell") }];
    let mut all: Vec<Refusal> = [
        TableRefusal::NoRows,
        TableRefusal::NoHeading { missing: vec![Column::Code, Column::Parent] },
        TableRefusal::HeadingTwice,
        TableRefusal::BeyondHeadings { given: code("X") },
        TableRefusal::NotACount { most: i32::MAX },
        TableRefusal::NotADate,
        TableRefusal::BecameADate,
        TableRefusal::NotComputed,
        TableRefusal::MalformedExternalId { given: code("X") },
        TableRefusal::CodeTwice { earlier: 2 },
        TableRefusal::ExternalIdTwice { earlier: 2 },
        TableRefusal::UnknownParent { on: Day::MAX },
        TableRefusal::ParentLeftOut,
        TableRefusal::Cycle { line: vec![code("X"), code("Y")] },
        TableRefusal::UnknownKindToo { row: 2 },
        TableRefusal::CodeOfEnded { on: Day::MAX },
        TableRefusal::CodeOfLater { since: Day::MAX },
        TableRefusal::OtherDay { on: Day::MAX },
    ]
    .map(Refusal::from)
    .into();
    all.push(RegisterRefusal::MalformedCode { given: code("x") }.into());
    all.push(RegisterRefusal::NothingDefined { code: code("X") }.into());
    all.push(RegisterRefusal::RuleInUse { unit: code("X"), on: Day::MAX }.into());
    let unknown = Refusal::from(TableRefusal::UnknownKind { known });
    assert!(unknown.words(Locale::Vi).contains("`chi bộ` (CELL)"), "codes of kinds are in capitals");
    all
}

#[test]
fn refusals_of_scopes_directives_and_rights_keep_the_style() {
    let all = [own_families(), of_endings(), of_tables_and_registers()].concat();
    for refusal in &all {
        let (vi, en) = (refusal.words(Locale::Vi), refusal.words(Locale::En));
        assert_ne!(vi, en);
        for words in [vi, en] {
            // Values stand in backticks; outside them only `ASCII` is written in capitals.
            let prose: String = words.split('`').step_by(2).collect::<String>().replace("ASCII", "ascii");
            assert_eq!(words.matches('`').count() % 2, 0, "{words}");
            assert!(words.chars().next().is_some_and(|first| first == '`' || first.is_lowercase()), "{words}");
            assert!(!words.ends_with('.') && !words.contains("  ") && prose == prose.to_lowercase(), "{words}");
        }
    }
    let words: std::collections::BTreeSet<String> = all.iter().map(|refusal| refusal.words(Locale::Vi)).collect();
    assert_eq!(words.len(), all.len(), "two reasons say the same");
}

#[test]
fn vietnamese_words_name_states_in_vietnamese() {
    let codes = DirectiveStatus::ALL.map(|status| format!("`{status:?}`").to_uppercase());
    for refusal in own_families() {
        let words = refusal.words(Locale::Vi);
        assert!(!codes.iter().any(|code| words.contains(code)) && !words.contains("`PENDING`"), "{words}");
        assert!(words.chars().any(|letter| "ạảấầậắằặẻẽếềểễệịỏọốồổỗộớờởỡợủụứừửữựỳỷỹđư".contains(letter)), "{words}");
    }
}

#[test]
fn o1_whoever_names_an_unknown_kind_is_told_where_the_kinds_are() {
    let unknown = |wanted| Refusal::from(InputRefusal::NotFound { wanted, given: "LAKE".into() });
    for (noun, list) in [(Noun::OrgUnitKind, "`orgUnitKinds`"), (Noun::DirectiveKind, "`directiveKinds`")] {
        for (locale, right) in [(Locale::Vi, "quyền"), (Locale::En, "right")] {
            let words = unknown(noun).words(locale);
            assert!(words.contains(list) && !words.contains(right), "{words}");
        }
    }
    assert!(unknown(Noun::Directive).words(Locale::Vi).contains("cấp quyền xem"), "a directive may be hidden (A5)");
}

#[test]
fn a_value_given_empty_leaves_no_hole_in_the_sentence() {
    let empty = Refusal::from(InputRefusal::NotFound { wanted: Noun::OrgUnit, given: String::new() });
    assert!(empty.words(Locale::Vi).starts_with("không tìm thấy đơn vị (để trống): "), "{}", empty.words(Locale::Vi));
    assert!(empty.words(Locale::En).starts_with("there is no unit (empty): "), "{}", empty.words(Locale::En));
}

#[test]
fn d6_one_report_waits_and_two_wait() {
    let wait = |count| {
        let waiting = vec![WaitingReport { unit: "X".into(), ordinal: 1 }; count];
        Refusal::from(DirectiveRefusal::ReportsWait { waiting }).words(Locale::En)
    };
    assert!(wait(1).starts_with("`1` report waits ") && wait(2).starts_with("`2` reports wait "));
}

#[test]
fn o5_a_later_batch_tells_what_would_stand_in_its_way() {
    let why = Refusal::from(EndingRefusal::HasEnded { unit: "Y".into(), on: Day::MIN });
    let later =
        |why: Option<&Refusal>| Refusal::from(TreeRefusal::LaterFact { title: "X".into(), on: Day::MIN, why: why.cloned().map(Box::new) });
    for locale in [Locale::Vi, Locale::En] {
        assert!(later(Some(&why)).words(locale).contains(&format!("({})", why.words(locale))), "{}", later(Some(&why)).words(locale));
        assert!(!later(None).words(locale).contains('('), "one of an earlier version is not planned again: {}", later(None).words(locale));
    }
}

#[test]
fn l1_who_may_not_reopen_is_told_who_may() {
    let (from, step, possible) = (State::Fulfilled, Step::Report, vec![Step::Reopen]);
    let words = Refusal::from(ObligationRefusal::StepNotAllowed { from, step, possible }).words(Locale::En);
    assert!(words.contains("ask a `SUPERVISOR` who verifies it to reopen"), "{words}");
    let not_open = |state| Refusal::from(ObligationRefusal::NotOpen { state }).words(Locale::En);
    assert!(not_open(State::Exempt).contains("reopen") && !not_open(State::Lapsed).contains("reopen"));
}
