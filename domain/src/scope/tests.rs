use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::directive::DirectiveStatus;
use crate::fixture::{self, day, id};
use crate::refusal::{Code, Locale};

const BLOC: &str = "
tinh
  khoi
    a
      a1
      a2
    b [GRASSROOTS_CELL]
    c
      c1
  huyen [DISTRICT]
    d
";

fn scope(anchor: &str, reach: Reach) -> Scope {
    let none = Vec::new;
    Scope { anchor: id(anchor), reach, kinds: Vec::new(), include: none(), except: none(), except_subtrees: none(), may_be_empty: false }
}

fn ids(codes: &str) -> Vec<UnitId> {
    codes.split_whitespace().map(id).collect()
}

fn covered(tree: &str, scope: &Scope) -> String {
    let forest = fixture::forest(tree);
    cover(&forest, scope).iter().map(|covered| forest.code_of(covered.unit)).collect::<Vec<_>>().join(" ")
}

#[test]
fn b1_children_are_not_descendants() {
    assert_eq!(covered(BLOC, &scope("khoi", Reach::Itself)), "khoi");
    assert_eq!(covered(BLOC, &scope("khoi", Reach::Children)), "a c b");
    assert_eq!(covered(BLOC, &scope("khoi", Reach::Descendants)), "a a1 a2 c c1 b");
    assert_eq!(covered(BLOC, &scope("a1", Reach::Children)), "");
}

#[test]
fn b1_kinds_limit_the_reach_but_not_what_is_included() {
    let mut cells = scope("khoi", Reach::Children);
    cells.kinds = vec!["GRASSROOTS_CELL".into()];
    assert_eq!(covered(BLOC, &cells), "b");
    cells.include = ids("c1");
    assert_eq!(covered(BLOC, &cells), "c1 b");
}

#[test]
fn b1_exceptions_win_over_both_rules() {
    let mut all = scope("khoi", Reach::Descendants);
    all.include = ids("khoi a1 c");
    all.except = ids("a1");
    all.except_subtrees = ids("c");
    assert_eq!(covered(BLOC, &all), "khoi a a2 b");
    all.except = ids("a");
    assert_eq!(covered(BLOC, &all), "khoi a1 a2 b", "an exception by name leaves what stands below");
}

#[test]
fn b3_two_rules_are_two_reasons_of_one_obligation() {
    let mut both = scope("khoi", Reach::Children);
    both.include = ids("b khoi b");
    let forest = fixture::forest(BLOC);
    let found: Vec<_> = cover(&forest, &both).into_iter().map(|covered| (covered.unit, covered.reasons(&both))).collect();
    let by_reach = BindingReason::Scope { anchor: id("khoi"), reach: Reach::Children };
    assert_eq!(
        found,
        vec![
            (id("khoi"), vec![BindingReason::Included]),
            (id("a"), vec![by_reach]),
            (id("c"), vec![by_reach]),
            (id("b"), vec![by_reach, BindingReason::Included]),
        ]
    );
}

fn refused(issuer: &str, scope: &Scope) -> Vec<String> {
    let refusals = check(&fixture::forest(BLOC), &fixture::kinds(), id(issuer), scope).err().unwrap_or_default();
    let path = |refusal: &Refusal| refusal.path().iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    refusals.iter().map(|refusal| format!("{:?} {} {}", refusal.code(), refusal.rule(), path(refusal))).collect()
}

#[test]
fn b2_a_scope_stays_at_the_issuer_and_below() {
    assert_eq!(refused("khoi", &scope("khoi", Reach::Descendants)), Vec::<String>::new());
    assert_eq!(refused("khoi", &scope("a", Reach::Children)), Vec::<String>::new());
    assert_eq!(refused("khoi", &scope("tinh", Reach::Children)), ["OutsideIssuer B2 anchor"]);
    assert_eq!(refused("khoi", &scope("huyen", Reach::Itself)), ["OutsideIssuer B2 anchor"]);
    let mut wrong = scope("khoi", Reach::Children);
    wrong.include = ids("a d gone");
    wrong.kinds = vec!["GRASSROOTS_CELL".into(), "GUILD".into()];
    assert_eq!(refused("khoi", &wrong), ["OutsideIssuer B2 include.1", "Invalid B2 include.2", "NotFound O1 kinds.1"]);
}

#[test]
fn b1_a_scope_covers_somebody_unless_it_may_be_empty() {
    let mut nobody = scope("a1", Reach::Children);
    assert_eq!(refused("khoi", &nobody), ["Invalid B1 "]);
    nobody.may_be_empty = true;
    assert_eq!(refused("khoi", &nobody), Vec::<String>::new());
}

#[test]
fn b2_an_exception_that_excludes_nothing_is_no_fault() {
    let mut sure = scope("khoi", Reach::Children);
    sure.except = ids("d gone");
    sure.except_subtrees = ids("huyen gone");
    assert_eq!(refused("khoi", &sure), Vec::<String>::new());
    assert_eq!(covered(BLOC, &sure), "a c b");
}

fn facts(status: DirectiveStatus) -> DirectiveFacts {
    let (bound_on, ended_on) = (Some(day("2020-12-10")), Some(day("2020-12-31")));
    DirectiveFacts { status, issuer: id("khoi"), bound_on, ended_on, next_period: None }
}

/// Why `unit` is not bound by an issued directive with that scope, in data and in English.
fn why_not(scope: &Scope, unit: &str, status: DirectiveStatus, standing: Standing) -> (NotBound, String) {
    let forest = fixture::forest(BLOC);
    let kinds = fixture::kinds();
    let name = |unit| forest.code_of(unit);
    let names = Names { owner: &|_| None, unit: &name, kinds: &kinds };
    let explanation = explain(&forest, scope, facts(status), id(unit), standing);
    let vi = explanation.words(id(unit), names, Locale::Vi);
    assert!(vi.starts_with(&format!("`{}` không phải thực hiện vì ", forest.code_of(id(unit)))), "{vi}");
    let Explanation::NotBound(why) = explanation else { panic!("{unit} is bound") };
    let words = why.words(names, Locale::En);
    (why, words)
}

#[test]
fn b5_explains_why_a_unit_is_not_bound() {
    use NotBound as Why;
    let mut cells = scope("khoi", Reach::Children);
    cells.kinds = vec!["GRASSROOTS_COMMITTEE".into()];
    cells.except = ids("c");
    cells.except_subtrees = ids("a");
    let khoi = id("khoi");
    let cases = [
        ("d", Why::OutsideIssuer { issuer: khoi }, "it stands neither at the issuer `khoi` nor below it"),
        ("gone", Why::NotActive, "it is not active on that day"),
        ("c", Why::Excepted, "the scope excepts it by name"),
        ("a", Why::ExceptedWithSubtree { top: id("a") }, "the scope excepts `a` with all below it"),
        ("a1", Why::ExceptedWithSubtree { top: id("a") }, "the scope excepts `a` with all below it"),
        ("c1", Why::OutsideReach { anchor: khoi, reach: Reach::Children }, "the scope reaches only the units directly below `khoi`"),
        (
            "b",
            Why::KindNotListed { kind: "GRASSROOTS_CELL".into(), admitted: vec!["GRASSROOTS_COMMITTEE".into()] },
            "it is of the kind `grassroots_cell`, and the scope admits only `grassroots_committee`",
        ),
    ];
    for (unit, why, words) in cases {
        assert_eq!(why_not(&cells, unit, DirectiveStatus::Issued, Standing::Never), (why, words.to_owned()), "{unit}");
    }
    let anchored = scope("gone", Reach::Children);
    assert_eq!(why_not(&anchored, "b", DirectiveStatus::Issued, Standing::Never).0, Why::AnchorEnded { anchor: id("gone") });
}

#[test]
fn b5_explains_why_a_covered_unit_is_not_bound() {
    use NotBound as Why;
    let children = scope("khoi", Reach::Children);
    let why = |status, standing| why_not(&children, "b", status, standing).0;
    assert_eq!(why(DirectiveStatus::Draft, Standing::Never), Why::NotIssued);
    assert_eq!(why(DirectiveStatus::Consulting, Standing::Never), Why::NotIssued);
    assert_eq!(why(DirectiveStatus::Withdrawn, Standing::Never), Why::Withdrawn);
    assert_eq!(why(DirectiveStatus::Issued, Standing::Never), Why::CameAfter { bound_on: Some(day("2020-12-10")) });
    let recurring = DirectiveFacts { next_period: "2021-01".parse().ok(), ..facts(DirectiveStatus::Issued) };
    let next = explain(&fixture::forest(BLOC), &children, recurring, id("b"), Standing::Never);
    assert_eq!(next, Explanation::NotBound(Why::NextPeriod { period: "2021-01".parse().unwrap() }), "of what recurs the next one (B7)");
    assert_eq!(why(DirectiveStatus::Concluded, Standing::Never), Why::Ended { on: Some(day("2020-12-31")) });
    let released = Standing::Released { reason: Some("moved away".into()), cause: None };
    assert_eq!(why(DirectiveStatus::Issued, released), Why::Released { reason: Some("moved away".into()), cause: None });
    assert_eq!(why(DirectiveStatus::Issued, Standing::Transferred { to: ids("a") }), Why::Transferred { to: ids("a") });
}

#[test]
fn b5_an_obligation_decides_over_the_scope_of_today() {
    let forest = fixture::forest(BLOC);
    let kinds = fixture::kinds();
    let children = scope("khoi", Reach::Children);
    let reason = BindingReason::Scope { anchor: id("khoi"), reach: Reach::Children };
    // It left the scope, but not the subtree: it stays bound (B6).
    let explanation = explain(&forest, &children, facts(DirectiveStatus::Issued), id("a1"), Standing::Bound(vec![reason]));
    assert!(explanation.is_bound());
    let name = |unit| forest.code_of(unit);
    let names = Names { owner: &|_| None, unit: &name, kinds: &kinds };
    assert_eq!(
        explanation.words(id("a1"), names, Locale::Vi),
        "`a1` phải thực hiện vì thuộc đối tượng thực hiện: các đơn vị trực thuộc `khoi`"
    );
    assert_eq!(explanation.words(id("a1"), names, Locale::En), "`a1` is bound because it is in the scope: the units directly below `khoi`");
}

#[test]
fn b3_every_rule_has_a_reason_and_words_of_its_own() {
    let kinds = fixture::kinds();
    let names = Names { owner: &|_| None, unit: &|_| "x".into(), kinds: &kinds };
    let predecessor = crate::ids::ObligationId(id("before").0);
    let (anchor, reach) = (id("khoi"), Reach::Itself);
    let reasons = [
        BindingReason::Scope { anchor, reach },
        BindingReason::Included,
        BindingReason::Late { anchor, reach },
        BindingReason::Again,
        BindingReason::Succession { predecessor },
    ];
    assert_eq!(reasons.map(BindingReason::rule), BindingRule::ALL);
    for locale in [Locale::Vi, Locale::En] {
        assert_eq!(reasons.iter().map(|reason| reason.words(names, locale)).collect::<BTreeSet<_>>().len(), reasons.len());
    }
    let told = Names { owner: &|id| (id == predecessor).then_some(anchor), ..names };
    assert_eq!(BindingReason::Succession { predecessor }.words(told, Locale::En), "took over the obligation of `x` in a reorganization");
    assert_eq!(Code::OutsideIssuer, Refusal::from(ScopeRefusal::OutsideIssuer { unit: "a".into(), issuer: "b".into() }).code());
}

const KINDS: [&str; 3] = ["BLOC", "GRASSROOTS_COMMITTEE", "CELL"];

#[derive(Debug, Clone)]
struct World {
    units: Vec<crate::unit::OrgUnit>,
    scope: Scope,
}

/// Up to 25 units and a scope that names them, and now and then one that is not active.
fn any_world() -> impl Strategy<Value = World> {
    let units = prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(KINDS.to_vec())), 1..25);
    let some = || prop::collection::vec(0_usize..26, 0..4);
    let kinds = prop::sample::subsequence(KINDS.to_vec(), 0..3);
    (units, 0_usize..26, prop::sample::select(Reach::ALL.to_vec()), kinds, some(), some(), prop::collection::vec(0_usize..26, 0..2))
        .prop_map(|(choices, anchor, reach, kinds, include, except, except_subtrees)| {
            let code = |at: usize| format!("u{at}");
            let ids = |places: Vec<usize>| places.into_iter().map(|at| id(&code(at))).collect();
            let place = |(at, (parent, kind)): (usize, (prop::sample::Index, &str))| {
                let parent = Some(parent.index(at + 1)).filter(|&parent| parent < at).map(|parent| id(&code(parent)));
                fixture::unit(&code(at), kind, parent)
            };
            World {
                units: choices.into_iter().enumerate().map(place).collect(),
                scope: Scope {
                    anchor: id(&code(anchor)),
                    reach,
                    kinds: kinds.into_iter().map(Into::into).collect(),
                    include: ids(include),
                    except: ids(except),
                    except_subtrees: ids(except_subtrees),
                    may_be_empty: false,
                },
            }
        })
}

/// B1 as it is written, over sets, by walking up from each unit.
fn naive(World { units, scope }: &World) -> BTreeSet<UnitId> {
    let parent = |unit: UnitId| units.iter().find(|other| other.id == unit).and_then(|unit| unit.parent);
    let above = |unit: UnitId| std::iter::successors(parent(unit), |&unit| parent(unit)).collect::<Vec<_>>();
    let reached = |unit: UnitId| match scope.reach {
        Reach::Itself => unit == scope.anchor,
        Reach::Children => parent(unit) == Some(scope.anchor),
        Reach::Descendants => above(unit).contains(&scope.anchor),
    };
    let mut covered: BTreeSet<UnitId> = units
        .iter()
        .filter(|unit| reached(unit.id) && (scope.kinds.is_empty() || scope.kinds.contains(&unit.kind)))
        .map(|unit| unit.id)
        .collect();
    covered.extend(units.iter().map(|unit| unit.id).filter(|unit| scope.include.contains(unit)));
    covered.retain(|&unit| !scope.except.contains(&unit));
    covered.retain(|&unit| !scope.except_subtrees.iter().any(|&top| top == unit || above(unit).contains(&top)));
    covered
}

proptest! {
    #[test]
    fn b1_covers_what_the_sets_say_in_tree_order(world in any_world()) {
        let forest = Forest::build(world.units.clone(), &fixture::kinds()).unwrap();
        let covered = cover(&forest, &world.scope);
        prop_assert_eq!(covered.iter().map(|covered| covered.unit).collect::<BTreeSet<_>>(), naive(&world));
        prop_assert!(covered.is_sorted_by(|a, b| forest.place(a.unit) < forest.place(b.unit)), "out of order, or twice");
        for covered in &covered {
            let by_include = world.scope.include.contains(&covered.unit);
            prop_assert_eq!(covered.reasons(&world.scope).contains(&BindingReason::Included), by_include);
        }
        let membership = Membership::of(&forest, &world.scope);
        let asked = (0..forest.len()).filter_map(|place| Some((forest.units()[place].id, membership.through(place)?)));
        let together = covered.iter().map(|covered| (covered.unit, covered.through));
        prop_assert_eq!(asked.collect::<Vec<_>>(), together.collect::<Vec<_>>(), "asked one by one");
    }

    #[test]
    fn b7_a_period_binds_whom_the_scope_covers_below_the_issuer(world in any_world(), issuer in any::<prop::sample::Index>()) {
        let forest = Forest::build(world.units.clone(), &fixture::kinds()).unwrap();
        prop_assume!(!forest.is_empty());
        let issuer = forest.units()[issuer.index(forest.len())].id;
        let had_before: std::collections::HashSet<UnitId> = forest.units().iter().map(|unit| unit.id).step_by(3).collect();
        let goes_on = |unit: &UnitId| forest.unit(world.scope.anchor).is_none() && had_before.contains(unit);
        let covered = naive(&world);
        let all = forest.units().iter().map(|unit| unit.id).filter(|unit| forest.covers(issuer, *unit));
        let wanted: Vec<UnitId> = all.filter(|unit| covered.contains(unit) || goes_on(unit)).collect();
        let found = cover_period(&forest, issuer, &world.scope, &had_before);
        prop_assert_eq!(found.into_iter().map(|covered| covered.unit).collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn b5_explains_exactly_the_units_that_are_not_covered(world in any_world()) {
        let forest = Forest::build(world.units.clone(), &fixture::kinds()).unwrap();
        let covered = naive(&world);
        for unit in forest.units() {
            // The unit's own root as the issuer: nothing is left out for standing elsewhere.
            let issuer = forest.ancestors(unit.id).last().map_or(unit.id, |root| root.id);
            let facts = DirectiveFacts { issuer, ..facts(DirectiveStatus::Draft) };
            let explanation = explain(&forest, &world.scope, facts, unit.id, Standing::Never);
            prop_assert_eq!(explanation == Explanation::NotBound(NotBound::NotIssued), covered.contains(&unit.id));
        }
    }
}
