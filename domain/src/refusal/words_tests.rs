//! The words of refusals keep one style, whatever they are about.

use super::*;
use crate::access::Role;
use crate::day::Day;
use crate::directive::{DirectiveStatus, DirectiveStep, WaitingReport};

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

#[test]
fn refusals_of_scopes_directives_and_rights_keep_the_style() {
    let all = own_families();
    for refusal in &all {
        let (vi, en) = (refusal.words(Locale::Vi), refusal.words(Locale::En));
        assert_ne!(vi, en);
        // The law has no number for appointments.
        assert!(refusal.rule().is_some() || matches!(refusal.kind(), RefusalKind::People(_)), "{en}");
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
