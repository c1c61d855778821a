mod matrix;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::directive::{DirectiveStatus, Verification};
use crate::fixture::{self, day, id};
use crate::forest::Ended;
use crate::refusal::{Code, Noun};

const TREE: &str = "
tinh
  khoi
    a
      a1
    b
  huyen [DISTRICT]
    c
";

/// Grants as text: `SUPERVISOR khoi, VIEWER *`; `*` is the whole forest.
fn grants(text: &str) -> Grants {
    let grant = |text: &str| {
        let (role, unit) = text.split_once(' ').unwrap();
        Grant { id: GrantId(Uuid::nil()), role: role_named(role), unit: Some(unit).filter(|unit| *unit != "*").map(id), expires_on: None }
    };
    Grants::new(text.split(", ").filter(|text| !text.is_empty()).map(grant).collect())
}

fn role_named(name: &str) -> Role {
    Role::ALL.into_iter().find(|role| format!("{role:?}").eq_ignore_ascii_case(name)).unwrap()
}

fn decided(held: &str, action: &Action<'_>) -> Decision {
    decide(&grants(held), &fixture::forest(TREE), action)
}

fn may(held: &str, action: &Action<'_>) -> bool {
    decided(held, action).is_allowed()
}

fn on_behalf(held: &str, action: &Action<'_>, named: Option<&str>) -> String {
    let forest = fixture::forest(TREE);
    match decide_for(&grants(held), &forest, action, named.map(id)) {
        Decision::Allowed { on_behalf_of } => on_behalf_of.map_or("nobody".into(), |unit| forest.code_of(unit)),
        other => format!("{other:?}"),
    }
}

fn directive(status: DirectiveStatus, bound: &[UnitId]) -> DirectiveSight<'_> {
    DirectiveSight { status, issuer: id("khoi"), concerned: bound }
}

fn obligation(unit: &str, verification: Verification) -> ObligationSight {
    ObligationSight { unit: id(unit), issuer: id("khoi"), verification, kept: false }
}

#[test]
fn s4_what_is_kept_outside_is_verified_by_the_issuer_and_read_by_its_line() {
    let kept = |unit| ObligationSight { kept: true, ..obligation(unit, Verification::Superior) };
    for held in ["VIEWER khoi", "VIEWER tinh", "VIEWER c", "VIEWER huyen"] {
        assert!(may(held, &Action::ReadObligation(kept("c"))), "{held}");
    }
    assert!(!may("VIEWER a", &Action::ReadObligation(kept("c"))), "whom the issuer binds besides has no part in it");
    assert!(!may("VIEWER khoi", &Action::ReadObligation(obligation("c", Verification::Superior))), "only what is kept");
    assert!(may("SUPERVISOR khoi", &Action::Accept(kept("c"))));
    assert!(!may("SUPERVISOR huyen", &Action::Accept(kept("c"))), "not its new superior");
    assert!(may("SUPERVISOR a", &Action::Accept(kept("a1"))), "a unit that is back has its superior again");
}

#[test]
fn a1_a_grant_covers_the_unit_and_all_below() {
    let read = |unit| Action::ReadUnit { unit: id(unit) };
    for (unit, allowed) in [("khoi", true), ("a", true), ("a1", true), ("tinh", false), ("huyen", false), ("c", false)] {
        assert_eq!(may("VIEWER khoi", &read(unit)), allowed, "{unit}");
        assert!(may("VIEWER *", &read(unit)), "{unit}");
        assert!(!may("", &read(unit)), "{unit}");
    }
    assert!(!may("VIEWER gone", &read("a")), "a grant of a unit that has ended gives nothing");
}

#[test]
fn a1_a_grant_holds_until_the_day_it_expires() {
    let until = Grant { expires_on: Some(day("2021-01-01")), ..grants("VIEWER a").all()[0] };
    let forest = fixture::forest(TREE);
    assert_eq!(Grants::held_on(day("2020-12-31"), &forest, [until]).all(), [until]);
    assert_eq!(Grants::held_on(day("2021-01-01"), &forest, [until]).all(), []);
}

#[test]
fn a2_roles_include_viewing_and_nothing_else() {
    for held in Role::ALL {
        for wanted in Role::ALL {
            assert_eq!(held.includes(wanted), held == wanted || wanted == Role::Viewer, "{held:?} {wanted:?}");
        }
    }
}

#[test]
fn a2_changing_a_place_takes_admin_over_it() {
    let change = |over: &str| Action::Reorganize { over: Some(id(over)) };
    assert!(may("ADMIN khoi", &change("a")));
    assert!(!may("ADMIN khoi", &change("huyen")), "a move asks for both parents");
    assert!(!may("ADMIN khoi, SUPERVISOR huyen", &change("huyen")));
    assert!(may("ADMIN khoi, ADMIN huyen", &change("huyen")));
    assert!(!may("ADMIN tinh", &change("gone")), "what does not stand in the forest is under nobody's grant");
    let refused = grants("VIEWER khoi").check(&fixture::forest(TREE), change("a")).unwrap_err();
    assert_eq!((refused.code(), refused.rule()), (Code::Forbidden, "A2"));
}

#[test]
fn a2_roots_and_kinds_are_an_operators() {
    for action in [Action::Reorganize { over: None }, Action::DefineKind] {
        assert_eq!(decided("ADMIN tinh", &action), Decision::Forbidden(AccessRefusal::OperatorNeeded));
        assert!(!may("VIEWER *", &action), "an inspector is no operator");
        assert!(may("ADMIN *", &action));
    }
}

#[test]
fn a2_only_admin_and_viewer_may_cover_the_whole_forest() {
    for role in Role::ALL {
        assert_eq!(check_grant(role, Some(id("a"))), Ok(()));
        assert_eq!(check_grant(role, None).is_ok(), matches!(role, Role::Admin | Role::Viewer), "{role:?}");
    }
}

#[test]
fn a3_issued_directives_are_read_by_the_line_above_and_by_whom_they_bind() {
    let bound = [id("a")];
    let reads = |held: &str| may(held, &Action::ReadDirective(directive(DirectiveStatus::Issued, &bound)));
    for held in ["VIEWER khoi", "VIEWER tinh", "REPORTER a", "VIEWER *"] {
        assert!(reads(held), "{held}");
    }
    for held in ["", "VIEWER a1", "VIEWER b", "ADMIN huyen"] {
        assert!(!reads(held), "{held}");
    }
    let elsewhere = [id("c")];
    let read = Action::ReadDirective(directive(DirectiveStatus::Concluded, &elsewhere));
    assert!(may("VIEWER huyen", &read), "those above a bound unit read it");
}

#[test]
fn a3_drafts_are_read_by_the_issuer_and_by_all_below_while_consulting() {
    let reads = |held: &str, status| may(held, &Action::ReadDirective(directive(status, &[])));
    for status in [DirectiveStatus::Draft, DirectiveStatus::Consulting, DirectiveStatus::Withdrawn] {
        assert!(reads("VIEWER khoi", status), "{status:?}");
        assert_eq!(reads("VIEWER a1", status), status == DirectiveStatus::Consulting, "{status:?}");
        assert!(!reads("VIEWER huyen", status), "{status:?}");
    }
}

#[test]
fn a3_lists_are_filtered_to_merged_ranges() {
    let forest = fixture::forest(TREE);
    let visible = |held: &str| visible_units(&grants(held), &forest).iter().map(|place| &*forest.units()[place].code).collect::<Vec<_>>();
    assert_eq!(visible(""), Vec::<&str>::new());
    assert_eq!(visible("VIEWER a1, REPORTER a, VIEWER huyen, VIEWER gone"), ["a", "a1", "huyen", "c"]);
    assert_eq!(visible("VIEWER *").len(), forest.len());
}

#[test]
fn a4_admin_gives_any_role_over_what_it_administers() {
    for role in Role::ALL {
        for action in [Action::GrantRole { role, unit: Some(id("a")) }, Action::RevokeGrant { role, unit: Some(id("a")) }] {
            assert!(may("ADMIN khoi", &action), "{role:?}");
            for held in ["ADMIN a1", "ADMIN huyen", "SUPERVISOR khoi, DRAFTER khoi, REPORTER khoi"] {
                let refusal = AccessRefusal::GrantBeyondOwn { role, unit: "a".into() };
                assert_eq!(decided(held, &action), Decision::Forbidden(refusal), "{held} {role:?}");
            }
        }
        let whole = Action::GrantRole { role, unit: None };
        assert!(!may("ADMIN tinh", &whole), "{role:?}");
        assert!(may("ADMIN *", &whole), "{role:?}");
    }
}

#[test]
fn a4_the_last_operator_stays() {
    let operator = grants("ADMIN *").all()[0];
    let expiring = Grant { expires_on: Some(day("2099-01-01")), ..operator };
    let others = grants("VIEWER *, ADMIN tinh");
    assert_eq!(check_operator_stays(others.all().iter().chain([&operator])), Ok(()));
    assert_eq!(check_operator_stays(others.all().iter().chain([&expiring])), Err(AccessRefusal::LastOperator));
    assert_eq!(check_operator_stays([]), Err(AccessRefusal::LastOperator));
}

#[test]
fn a4_deactivating_takes_admin_over_all_that_the_principal_holds() {
    let held = [Some(id("a")), Some(id("c"))];
    let action = Action::DeactivatePrincipal { grants: &held };
    assert!(!may("ADMIN a", &action));
    assert!(may("ADMIN a, ADMIN huyen", &action));
    assert!(!may("ADMIN tinh", &Action::DeactivatePrincipal { grants: &[None] }));
    assert!(may("ADMIN *", &Action::DeactivatePrincipal { grants: &[None] }));
    assert!(!may("ADMIN tinh", &Action::DeactivatePrincipal { grants: &[] }), "who holds nothing stands under nobody but the operator");
    assert!(may("ADMIN *", &Action::DeactivatePrincipal { grants: &[] }));
    assert!(!may("SUPERVISOR tinh", &Action::DeactivatePrincipal { grants: &[] }));
}

#[test]
fn a5_what_may_not_be_known_looks_missing_and_the_rest_is_forbidden() {
    let missing = || InputRefusal::NotFound { wanted: Noun::Directive, given: "x".into() };
    let issued = directive(DirectiveStatus::Issued, &[]);
    let hidden = decided("ADMIN huyen", &Action::Conclude(issued));
    assert_eq!(hidden, Decision::Hidden);
    assert_eq!(hidden.or_refuse(missing).unwrap_err().code(), Code::NotFound);
    let forbidden = decided("VIEWER khoi", &Action::Conclude(issued));
    assert_eq!(forbidden, Decision::Forbidden(AccessRefusal::RoleNeeded { roles: vec![Role::Drafter], unit: "khoi".into() }));
    assert_eq!(forbidden.or_refuse(missing).unwrap_err().code(), Code::Forbidden);
    assert_eq!(decided("VIEWER a", &Action::ReadObligation(obligation("b", Verification::Superior))), Decision::Hidden);
    let forest = fixture::forest(TREE);
    assert_eq!(readable(&grants("VIEWER a"), &forest, id("a1")).unwrap().unit(), id("a1"));
    assert_eq!(readable(&grants("VIEWER a"), &forest, id("b")).unwrap_err().code(), Code::Forbidden);
}

#[test]
fn a5_a_role_does_not_reach_a_draft_that_may_not_be_read() {
    let comment = |status| Action::CommentOnDraft { directive: directive(status, &[]), unit: id("a") };
    assert_eq!(decided("REPORTER a", &comment(DirectiveStatus::Draft)), Decision::Hidden);
    assert!(may("REPORTER a", &comment(DirectiveStatus::Consulting)));
    assert!(may("DRAFTER a", &comment(DirectiveStatus::Consulting)));
    let refusal = AccessRefusal::RoleNeeded { roles: vec![Role::Reporter, Role::Drafter], unit: "a".into() };
    assert_eq!(decided("REPORTER b", &comment(DirectiveStatus::Consulting)), Decision::Forbidden(refusal));
}

#[test]
fn l2_the_superior_decides_or_any_unit_above() {
    let accept = |unit: &str| Action::Accept(obligation(unit, Verification::Superior));
    for (held, allowed) in [("SUPERVISOR a", true), ("SUPERVISOR khoi", true), ("SUPERVISOR a1", false), ("SUPERVISOR b", false)] {
        assert_eq!(may(held, &accept("a1")), allowed, "{held}");
    }
    assert_eq!(decided("SUPERVISOR tinh", &accept("tinh")), Decision::Forbidden(AccessRefusal::NobodyAbove { unit: "tinh".into() }));
}

#[test]
fn l2_the_issuer_decides_where_the_requirement_says_so() {
    let accept = |unit: &str| Action::Accept(obligation(unit, Verification::Issuer));
    assert!(!may("SUPERVISOR a", &accept("a1")));
    assert!(may("SUPERVISOR khoi", &accept("a1")));
    assert!(may("SUPERVISOR tinh", &accept("a1")));
    assert!(!may("SUPERVISOR khoi", &accept("khoi")), "nobody accepts the report of the own unit");
    assert!(may("SUPERVISOR tinh", &accept("khoi")));
    assert!(may("SUPERVISOR a", &Action::Return(obligation("a1", Verification::Itself))), "of what closed itself, the superior");
    assert!(!may("SUPERVISOR a1", &Action::Reopen(obligation("a1", Verification::Itself))));
}

#[test]
fn l3_supervisors_report_for_units_strictly_below() {
    let own = obligation("a", Verification::Superior);
    assert!(may("SUPERVISOR khoi", &Action::Report(own)));
    assert!(!may("SUPERVISOR a", &Action::Report(own)));
    assert!(may("REPORTER a", &Action::Report(own)));
    assert!(may("SUPERVISOR khoi", &Action::ReportOnPaper(own)));
    assert!(!may("REPORTER a", &Action::ReportOnPaper(own)));
    assert!(!may("SUPERVISOR khoi", &Action::Acknowledge(own)), "acknowledging is the unit's own word");
}

#[test]
fn l8_acts_for_the_nearest_grant_or_for_the_unit_that_is_named() {
    let accept = Action::Accept(obligation("a1", Verification::Superior));
    let held = "SUPERVISOR tinh, REPORTER a, SUPERVISOR khoi";
    assert_eq!(on_behalf(held, &accept, None), "khoi");
    assert_eq!(on_behalf(held, &accept, Some("a")), "a", "a grant above gives the right there");
    assert_eq!(on_behalf(held, &accept, Some("tinh")), "tinh");
    let refused = |unit: &str| format!("{:?}", Decision::Forbidden(AccessRefusal::NotOnBehalf { unit: unit.into() }));
    assert_eq!(on_behalf(held, &accept, Some("a1")), refused("a1"), "never for the unit itself");
    assert_eq!(on_behalf(held, &accept, Some("huyen")), refused("huyen"));
    assert_eq!(on_behalf("SUPERVISOR a", &accept, Some("khoi")), refused("khoi"), "no grant covers that unit");
    assert_eq!(on_behalf("ADMIN *", &Action::Reorganize { over: Some(id("a")) }, None), "nobody");
    assert_eq!(
        on_behalf("ADMIN *, ADMIN tinh", &Action::Reorganize { over: Some(id("a")) }, None),
        "tinh",
        "a unit is nearer than the forest"
    );
}

#[test]
fn a6_viewer_can_agrees_with_the_rules() {
    let forest = fixture::forest(TREE);
    let unit = |held: &str, unit| viewer_can_with_unit(&grants(held), &forest, id(unit));
    assert_eq!(unit("", "a"), []);
    assert_eq!(unit("VIEWER a", "a"), [UnitAction::ReadCompletion]);
    assert_eq!(unit("DRAFTER khoi", "a"), [UnitAction::ReadCompletion, UnitAction::Draft]);
    use UnitAction as Unit;
    let own = [Unit::ReadCompletion, Unit::Establish, Unit::Revise, Unit::Split, Unit::Appoint, Unit::GrantRole];
    assert_eq!(unit("ADMIN a", "a"), own, "moving and ending it takes the parent");
    let from_above = unit("ADMIN khoi", "a");
    assert!([Unit::Move, Unit::ChangeKind, Unit::Merge, Unit::Dissolve].iter().all(|action| from_above.contains(action)), "{from_above:?}");
    assert!(!from_above.contains(&Unit::Reopen), "it is active");
    let by = |held: &str, status, matter| viewer_can_with_directive(&grants(held), &forest, directive(status, &[id("a")]), matter);
    let with = |held: &str, status| by(held, status, DirectiveMatter { awaits_answer: true, has_date: true });
    let without = |held: &str, status| by(held, status, DirectiveMatter { awaits_answer: false, has_date: false });
    use DirectiveAction as Do;
    assert_eq!(
        with("DRAFTER khoi", DirectiveStatus::Draft),
        [Do::Revise, Do::Withdraw, Do::OpenConsultation, Do::AnswerComment, Do::Issue]
    );
    let consulting = [Do::Withdraw, Do::CloseConsultation, Do::Comment, Do::AnswerComment, Do::Issue];
    assert_eq!(with("DRAFTER khoi", DirectiveStatus::Consulting), consulting);
    assert_eq!(with("REPORTER a1", DirectiveStatus::Consulting), [Do::Comment]);
    assert_eq!(with("REPORTER huyen", DirectiveStatus::Consulting), []);
    assert_eq!(with("DRAFTER khoi", DirectiveStatus::Issued), [Do::AnswerComment, Do::Conclude]);
    assert_eq!(with("SUPERVISOR khoi", DirectiveStatus::Issued), [Do::Extend]);
    assert_eq!(with("SUPERVISOR khoi", DirectiveStatus::Concluded), []);
    assert_eq!(without("DRAFTER khoi", DirectiveStatus::Concluded), [Do::Resume], "D1: its issuer, and nobody after it was replaced");
    assert_eq!(without("DRAFTER khoi", DirectiveStatus::Replaced), []);
    assert_eq!(without("DRAFTER khoi", DirectiveStatus::Issued), [Do::Conclude], "no comment waits for an answer");
    assert_eq!(without("SUPERVISOR khoi", DirectiveStatus::Issued), [], "there is no date to extend");
    let about = |held: &str, allows: fn(ObligationAction) -> bool| {
        viewer_can_with_obligation(&grants(held), &forest, obligation("a", Verification::Superior), allows)
    };
    assert_eq!(about("REPORTER a", |_| true), [ObligationAction::Acknowledge, ObligationAction::Start, ObligationAction::Report]);
    assert_eq!(about("REPORTER a", |action| action == ObligationAction::Report), [ObligationAction::Report], "the state has its say");
    assert!(about("SUPERVISOR khoi", |_| true).contains(&ObligationAction::Accept));
    assert_eq!(about("SUPERVISOR b", |_| true), []);
}

/// The tree, and units that have ended: one that was merged into `b`, one into `khoi`, one that stood under `huyen`, one that led nowhere.
fn tree_with_the_ended() -> Forest {
    let ended = |code: &str, parent: Option<&str>, heirs: &[&str]| Ended {
        unit: fixture::unit(code, "GRASSROOTS_COMMITTEE", parent.map(id)),
        ended_on: day("2020-12-10"),
        heirs: heirs.iter().map(|heir| id(heir)).collect(),
    };
    let merged = [ended("gone", Some("a"), &["b"]), ended("merged", Some("tinh"), &["khoi"])];
    fixture::forest(TREE).after([&merged[..], &[ended("old", Some("huyen"), &[]), ended("lost", None, &[])]].concat())
}

#[test]
fn a1_a_grant_covers_ended_units_at_their_places_and_ends_with_its_unit() {
    let forest = tree_with_the_ended();
    let may = |held: &str, action: Action<'_>| decide(&grants(held), &forest, &action).is_allowed();
    let read = |unit| Action::ReadUnit { unit: id(unit) };
    for (held, unit, allowed) in [
        ("VIEWER b", "gone", true),
        ("VIEWER khoi", "gone", true),
        ("VIEWER a", "gone", false),
        ("VIEWER huyen", "old", true),
        ("VIEWER c", "old", false),
        ("VIEWER tinh", "lost", false),
        ("VIEWER *", "lost", true),
        ("VIEWER gone", "gone", false),
        ("VIEWER gone", "b", false),
    ] {
        assert_eq!(may(held, read(unit)), allowed, "{held} reads {unit}");
    }
    let held = grants("ADMIN gone, ADMIN b, VIEWER *");
    let left = Grants::held_on(day("2020-12-20"), &forest, held.all().iter().copied());
    assert_eq!(left.all(), &held.all()[1..], "it never passes to an heir");
    let ended = |held: &str| viewer_can_with_unit(&grants(held), &forest, id("gone"));
    assert_eq!(ended("ADMIN b"), [UnitAction::ReadCompletion, UnitAction::Reopen], "what has ended is only read and brought back");
    assert_eq!(ended("ADMIN a"), [], "its place has the right, not the parent that it had");
}

#[test]
fn b6_the_place_of_an_issuer_that_has_ended_stands_for_it() {
    let forest = tree_with_the_ended();
    let may = |held: &str, action: Action<'_>| decide(&grants(held), &forest, &action).is_allowed();
    let of = |status| DirectiveSight { status, issuer: id("gone"), concerned: &[] };
    for held in ["DRAFTER b", "DRAFTER khoi"] {
        assert!(may(held, Action::Conclude(of(DirectiveStatus::Issued))), "{held}");
        assert!(may(held, Action::Issue(of(DirectiveStatus::Draft))), "{held}");
    }
    assert!(!may("DRAFTER a", Action::Conclude(of(DirectiveStatus::Issued))), "its last parent is no place");
    assert!(may("VIEWER b", Action::ReadDirective(of(DirectiveStatus::Issued))));
    assert!(may("VIEWER b", Action::ReadDirective(of(DirectiveStatus::Consulting))), "where the issuer has ended, its place consults");
    let sight = |verification| ObligationSight { unit: id("c"), issuer: id("old"), verification, kept: false };
    assert!(may("SUPERVISOR huyen", Action::Exempt(sight(Verification::Superior))));
    assert!(may("SUPERVISOR huyen", Action::Accept(sight(Verification::Issuer))));
    assert!(!may("SUPERVISOR c", Action::Accept(sight(Verification::Issuer))));
    let kept = |unit| ObligationSight { unit: id(unit), issuer: id("merged"), verification: Verification::Superior, kept: true };
    assert!(may("SUPERVISOR a", Action::Accept(kept("a1"))), "what stands below the issuer's place has its superior");
    assert!(may("VIEWER khoi", Action::ReadObligation(kept("c"))) && !may("VIEWER a", Action::ReadObligation(kept("c"))));
    assert!(may("SUPERVISOR khoi", Action::Accept(kept("c"))) && !may("SUPERVISOR huyen", Action::Accept(kept("c"))));
    let own = ObligationSight { unit: id("huyen"), issuer: id("old"), verification: Verification::Issuer, kept: false };
    assert!(!may("SUPERVISOR huyen", Action::Accept(own)), "nobody accepts his own: the next unit above does");
    assert!(may("SUPERVISOR tinh", Action::Accept(own)));
}

proptest! {
    #[test]
    fn a3_visible_units_are_those_that_may_be_read(held in prop::collection::vec(prop::sample::select(vec!["tinh", "khoi", "a", "a1", "b", "huyen", "c", "gone"]), 0..4)) {
        let forest = tree_with_the_ended();
        let held = grants(&held.iter().map(|unit| format!("VIEWER {unit}")).collect::<Vec<_>>().join(", "));
        let visible = visible_units(&held, &forest);
        for place in 0..forest.known_len() {
            let unit = forest.known_at(place).unwrap().id;
            prop_assert_eq!(forest.known_place(unit), Some(place));
            prop_assert_eq!(visible.contains(place), readable(&held, &forest, unit).is_ok());
        }
    }
}
