//! An example of every refusal that there is. Who adds a variant adds an example of it, or the tests do not compile.

use crate::access::Role;
use crate::day::Day;
use crate::directive::{DirectiveStatus, DirectiveStep, WaitingReport};
use crate::obligation::{State, Step, steps_from};
use crate::refusal::*;
use crate::table::Column;

/// Examples of an enum, at least one of each variant; those without fields are written `Variant {}`, tuples `Variant { 0: … }`.
macro_rules! examples {
    ($family:ident: $($variant:ident $fields:tt)+) => {{
        #[allow(unreachable_patterns, reason = "a variant may have several examples")]
        let _of_every_variant = |example: &$family| match example { $($family::$variant { .. } => (),)+ };
        vec![$($family::$variant $fields),+]
    }};
}

/// The examples of every family, as refusals.
macro_rules! families {
    ($($family:ident: $examples:expr),+ $(,)?) => {{
        let _of_every_family = |kind: &RefusalKind| match kind { $(RefusalKind::$family(_) => (),)+ };
        let mut all: Vec<Refusal> = Vec::new();
        $(all.extend($examples.into_iter().map(Refusal::from));)+
        all
    }};
}

pub(super) fn all() -> Vec<Refusal> {
    families! {
        Input: input(),
        Tree: tree(),
        Register: register(),
        Table: table(),
        Ending: ending(),
        Directive: directive(),
        Scope: scope(),
        Obligation: obligation(),
        Succession: succession(),
        Completion: completion(),
        People: people(),
        Access: access(),
    }
}

fn x() -> String {
    "X".into()
}

fn y() -> String {
    "Y".into()
}

fn nouns() -> Vec<Noun> {
    examples! { Noun:
        OrgUnit {} OrgUnitKind {} Reorganization {} Directive {} DirectiveKind {} Requirement {} Obligation {} Report {} Comment {}
        Person {} Appointment {} Principal {} Grant {} Thing {}
    }
}

fn input() -> Vec<InputRefusal> {
    let mut all = examples! { InputRefusal:
        MalformedId { given: y(), wanted: Noun::OrgUnit }
        NotFound { wanted: Noun::OrgUnit, given: y() }
        Empty {}
        TooLong { limit: 1, length: 2 }
        ForbiddenCharacter { character: "U+0000".into(), position: 0 }
        NotASymbol { given: x() }
        OutOfRange { least: "1".into(), most: "2".into() }
        TooMany { limit: 1, count: 2 }
        NothingGiven {}
        Twice { given: x(), of: Some(Noun::OrgUnit) }
        OneOf { fields: "id, code" }
        Needs { field: "unit" }
        NotTogether { fields: "first, last" }
        LaterThan { latest: "2020-12-31".into() }
        EarlierThan { earliest: "2020-12-31".into() }
        Stale { expected: 1, current: 2 }
        IdempotencyMismatch { key: x() }
        ForeignCursor {}
        Taken { value: x() }
        BadCredentials {}
        SessionEnded {}
        WeakPassword { least: 12 }
    };
    for wanted in nouns() {
        all.extend([InputRefusal::MalformedId { given: x(), wanted }, InputRefusal::NotFound { wanted, given: x() }]);
    }
    all
}

fn kind(code: &str) -> KindName {
    KindName { code: code.into(), vi: format!("loại {}", code.to_lowercase()), en: format!("kind {}", code.to_lowercase()) }
}

fn tree() -> Vec<TreeRefusal> {
    let placement = |parent: Option<&str>, under: &[&str], as_root| {
        let permitted = Permitted { under: under.iter().copied().map(kind).collect(), as_root };
        Box::new(Placement { kind: kind("CELL"), parent: parent.map(kind), on: Day::MAX, permitted })
    };
    let why = || Refusal::from(EndingRefusal::HasEnded { unit: y(), on: Day::MAX });
    examples! { TreeRefusal:
        CodeTaken { code: x(), holder: x() }
        CodeTaken { code: x(), holder: y() }
        CodeTwice { code: x() }
        ExternalIdTaken { scheme: x(), value: y() }
        PlacementNotPermitted { 0: placement(None, &[], false) }
        PlacementNotPermitted { 0: placement(None, &["BLOC", "COMMUNE"], false) }
        PlacementNotPermitted { 0: placement(Some("BLOC"), &[], true) }
        PlacementNotPermitted { 0: placement(Some("BLOC"), &["COMMUNE"], true) }
        Cycle { unit: x(), parent: y() }
        StandsThere { unit: x(), parent: y() }
        NothingRevised { unit: x() }
        TooManyChanges { limit: 1, count: 2 }
        LaterFact { title: x(), on: Day::MAX, why: None }
        LaterFact { title: x(), on: Day::MAX, why: Some(Box::new(why())) }
    }
}

fn register() -> Vec<RegisterRefusal> {
    examples! { RegisterRefusal:
        MalformedCode { given: x() }
        NothingDefined { code: x() }
        RuleInUse { unit: x(), on: Day::MAX }
    }
}

fn table() -> Vec<TableRefusal> {
    examples! { TableRefusal:
        NoRows {}
        NoHeading { missing: Column::ALL.into() }
        HeadingTwice {}
        BeyondHeadings { given: x() }
        NotACount { most: i32::MAX }
        NotADate {}
        BecameADate {}
        NotComputed {}
        MalformedExternalId { given: x() }
        UnknownKind { known: vec![kind("CELL"), kind("BLOC")] }
        UnknownKindToo { row: 2 }
        CodeOfLater { since: Day::MAX }
        CodeTwice { earlier: 2 }
        ExternalIdTwice { earlier: 2 }
        UnknownParent { on: Day::MAX }
        ParentLeftOut {}
        Cycle { line: vec![x(), y()] }
        Cycle { line: vec![x(); 50] }
        CodeOfEnded { on: Day::MAX }
        OtherDay { on: Day::MAX }
    }
}

fn ending() -> Vec<EndingRefusal> {
    examples! { EndingRefusal:
        EndsInBatch { unit: x(), change: 1 }
        HasEnded { unit: x(), on: Day::MAX }
        BeginsInBatch { unit: x() }
        TakesBack { title: x() }
        IsActive { unit: x() }
        ParentEnded { unit: x(), parent: y() }
        NotPlanned { title: x(), on: Day::MAX }
        NotEnacted { title: x() }
        OnePart { unit: x() }
        NothingMerged { unit: x() }
        OwnHeir { unit: x() }
        NotAChild { unit: x(), parent: y() }
        ChildrenUnplaced { unit: x(), children: vec![y()] }
        ChildrenUnplaced { unit: x(), children: vec![y(); 7] }
        ReceiverBelow { unit: x(), to: y() }
        HeirLeavesNone { heir: x(), unit: y() }
    }
}

fn directive() -> Vec<DirectiveRefusal> {
    let draft = DirectiveStatus::Draft;
    let waiting = |count| vec![WaitingReport { unit: x(), ordinal: 1 }; count];
    let mut all = examples! { DirectiveRefusal:
        StepNotAllowed { from: DirectiveStatus::Withdrawn, step: DirectiveStep::Issue }
        TextStandsStill { status: DirectiveStatus::Consulting }
        TextStandsStill { status: DirectiveStatus::Issued }
        NotConsulting { status: draft }
        NotConsulting { status: DirectiveStatus::Issued }
        NotConsulted { unit: x(), issuer: y() }
        AnsweredBefore {}
        ReportsWait { waiting: waiting(1) }
        ReportsWait { waiting: waiting(11) }
        SymbolNeeded {}
        SymbolTaken { symbol: x(), holder: y() }
        ExternalIdTaken { scheme: x(), value: y(), holder: None }
        ExternalIdTaken { scheme: x(), value: y(), holder: Some(x()) }
        LineageCycle { path: vec![x(), y()] }
        TargetNotIssued { target: x(), status: draft }
        TargetNotIssued { target: x(), status: DirectiveStatus::Withdrawn }
        ChangesItself {}
        NotAboveTarget { target: x(), target_issuer: y(), issuer: x() }
        TargetNotInForce { target: x(), status: DirectiveStatus::Concluded }
        TargetNotInForce { target: x(), status: DirectiveStatus::Draft }
        TargetNotInForce { target: x(), status: DirectiveStatus::Repealed }
        NotBelowTarget { target: x(), target_issuer: y(), issuer: x() }
        Requirement { 0: RequirementRefusal::NotEarlier { ordinal: 2 } }
    };
    all.extend(requirement().into_iter().map(DirectiveRefusal::Requirement));
    for step in DirectiveStep::ALL.into_iter().filter(|step| *step != DirectiveStep::Issue) {
        all.extend(DirectiveStatus::ALL.map(|from| DirectiveRefusal::StepNotAllowed { from, step }));
    }
    all
}

fn requirement() -> Vec<RequirementRefusal> {
    examples! { RequirementRefusal:
        MalformedPeriod { given: x() }
        OnlyRecurring {}
        NotRecurring {}
        PeriodOfAnotherLength { given: x() }
        TooManyPeriods { first: x(), count: 25, limit: 24 }
        ShareOutOfRange { given: x() }
        NothingToShare {}
        NotEarlier { ordinal: 1 }
        AfterStandingDuty { ordinal: 1 }
        MalformedKey { given: x() }
        RatioOverNothing {}
        RatioOverUnknown { given: x() }
        OnlyRatio {}
        MeanOfPercentages {}
        TooManyDigits {}
    }
}

fn scope() -> Vec<ScopeRefusal> {
    examples! { ScopeRefusal:
        OutsideIssuer { unit: x(), issuer: y() }
        NotActive { unit: x() }
        CoversNobody {}
        UnknownKind { code: x() }
    }
}

fn figure() -> Vec<FigureRefusal> {
    examples! { FigureRefusal:
        UnknownIndicator { key: x(), known: Vec::new() }
        UnknownIndicator { key: x(), known: vec![x(), y()] }
        ReadingMissing { key: x() }
        HalfARatio { key: x(), over: y() }
        TooManyDigits {}
        NegativeBase { key: x() }
        NegativeCount { key: x() }
        RatioOverZero { key: x(), over: y() }
    }
}

fn obligation() -> Vec<ObligationRefusal> {
    let mut all = examples! { ObligationRefusal:
        StepNotAllowed { from: State::Lapsed, step: Step::Report, possible: Vec::new() }
        GateClosed { missing: 2, ordinal: 1, title: x() }
        GateBelowClosed { missing: 2, unit: x() }
        OwnReport {}
        NobodyAccepts {}
        DirectiveEnded {}
        LeftIssuer {}
        UnitEnded { unit: x(), on: Day::MAX }
        OtherUnit {}
        DocumentMissing {}
        DocumentOfAnother {}
        DocumentEndsDirective {}
        DocumentNotIssued {}
        NoDocumentAsked {}
        NotBehind { unit: x() }
        Figure { 0: FigureRefusal::TooManyDigits }
        NotLater { current: Some(Day::MAX) }
        NotLater { current: None }
        NotOpen { state: State::Exempt }
        NotOpen { state: State::Lapsed }
        Recurring {}
        NotInForce {}
    };
    // One of them stands above, since every variant wants an example.
    all.extend(figure().into_iter().filter(|one| *one != FigureRefusal::TooManyDigits).map(ObligationRefusal::from));
    for from in State::ALL.into_iter().filter(|from| *from != State::Lapsed) {
        all.push(ObligationRefusal::StepNotAllowed { from, step: Step::Accept, possible: steps_from(from) });
    }
    all
}

fn succession() -> Vec<SuccessionRefusal> {
    examples! { SuccessionRefusal:
        NothingToDecide { unit: x() }
        DirectiveNotConcerned { unit: x() }
        RequirementNotConcerned { unit: x() }
        NotASuccessor { to: x(), unit: y(), successors: Vec::new() }
        NotASuccessor { to: x(), unit: y(), successors: vec![x(), y()] }
        SuccessorOutside { to: x(), unit: y(), issuer: x() }
        NobodyForIssuer { unit: x() }
    }
}

fn completion() -> Vec<CompletionRefusal> {
    examples! { CompletionRefusal: TooManyPoints { limit: 1, count: 2 } TooManyTrees { limit: 1, count: 2 } }
}

fn people() -> Vec<PeopleRefusal> {
    examples! { PeopleRefusal:
        HoldsPosition { person: x(), unit: y(), from: Day::MIN, to: None }
        HoldsPosition { person: x(), unit: y(), from: Day::MIN, to: Some(Day::MAX) }
    }
}

fn access() -> Vec<AccessRefusal> {
    let mut all = examples! { AccessRefusal:
        RoleNeeded { roles: vec![Role::Reporter], unit: x() }
        OperatorNeeded {}
        RoleNeededSomewhere { role: Role::Admin }
        NobodyAbove { unit: x() }
        NotOnBehalf { unit: x() }
        GrantBeyondOwn { role: Role::Admin, unit: x() }
        RoleNeedsUnit { role: Role::Drafter }
        LastOperator {}
    };
    all.extend(Role::ALL.map(|role| AccessRefusal::RoleNeeded { roles: vec![role, Role::Admin], unit: x() }));
    all
}
