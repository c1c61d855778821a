use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::*;
use crate::fixture;

/// The model: a map from each unit to its parent, answered by walking up.
struct Naive {
    parents: HashMap<UnitId, Option<UnitId>>,
}

impl Naive {
    fn of(units: &[OrgUnit]) -> Self {
        Self { parents: units.iter().map(|unit| (unit.id, unit.parent)).collect() }
    }

    /// The units above, nearest first.
    fn line(&self, unit: UnitId) -> Vec<UnitId> {
        std::iter::successors(self.parents[&unit], |above| self.parents[above]).collect()
    }

    fn children(&self, unit: Option<UnitId>) -> BTreeSet<UnitId> {
        self.parents.iter().filter(|(_, parent)| **parent == unit).map(|(child, _)| *child).collect()
    }

    fn below(&self, top: UnitId) -> BTreeSet<UnitId> {
        self.parents.keys().copied().filter(|unit| self.line(*unit).contains(&top)).collect()
    }
}

/// Up to 40 units in any order: unit `i` stands under one before it, or is a root.
fn any_units() -> impl Strategy<Value = Vec<OrgUnit>> {
    let kinds = prop::sample::select(vec!["PROVINCIAL", "BLOC", "GRASSROOTS_COMMITTEE", "GRASSROOTS_CELL", "CELL"]);
    prop::collection::vec((any::<prop::sample::Index>(), kinds), 0..40)
        .prop_map(|choices| {
            let placed = choices.iter().enumerate().map(|(at, (parent, kind))| {
                // One place more than there are units before it: the last means a root.
                let parent = Some(parent.index(at + 1)).filter(|&parent| parent < at).map(|parent| fixture::id(&format!("u{parent}")));
                fixture::unit(&format!("u{at}"), kind, parent)
            });
            placed.collect::<Vec<_>>()
        })
        .prop_shuffle()
}

fn ids<'a>(units: impl Iterator<Item = &'a OrgUnit>) -> Vec<UnitId> {
    units.map(|unit| unit.id).collect()
}

proptest! {
    #[test]
    fn o3_the_forest_answers_as_walks_over_a_parent_map(units in any_units()) {
        let naive = Naive::of(&units);
        let forest = Forest::build(units.clone(), &fixture::kinds()).unwrap();
        prop_assert_eq!(forest.len(), units.len());
        prop_assert_eq!(forest.is_empty(), units.is_empty());
        prop_assert_eq!(ids(forest.roots()).into_iter().collect::<BTreeSet<_>>(), naive.children(None));
        for unit in &units {
            let line = naive.line(unit.id);
            let place = forest.place(unit.id).unwrap();
            prop_assert_eq!(&forest.units()[place], unit);
            prop_assert_eq!(forest.unit(unit.id), Some(unit));
            prop_assert_eq!(forest.by_code(&unit.code), Some(unit));
            prop_assert_eq!(ids(forest.ancestors(unit.id)), line.clone());
            prop_assert_eq!(forest.depth_at(place) as usize, line.len());
            prop_assert_eq!(forest.parent_at(place).map(|parent| forest.units()[parent].id), unit.parent);
            prop_assert_eq!(ids(forest.children(unit.id)).into_iter().collect::<BTreeSet<_>>(), naive.children(Some(unit.id)));
            let subtree = forest.subtree(unit.id).unwrap();
            prop_assert_eq!(subtree.start, place);
            prop_assert_eq!(ids(forest.units()[subtree].iter().skip(1)).into_iter().collect::<BTreeSet<_>>(), naive.below(unit.id));
            let mut names: Vec<_> = line.iter().rev().map(|above| &*forest.unit(*above).unwrap().name).collect();
            names.push(&unit.name);
            prop_assert_eq!(forest.path(unit.id, "/"), names.join("/"));
        }
    }

    #[test]
    fn o3_covers_and_is_below_agree_with_the_walk(units in any_units()) {
        let naive = Naive::of(&units);
        let forest = Forest::build(units.clone(), &fixture::kinds()).unwrap();
        for top in &units {
            for unit in &units {
                let below = naive.line(unit.id).contains(&top.id);
                prop_assert_eq!(forest.is_below(unit.id, top.id), below);
                prop_assert_eq!(forest.covers(top.id, unit.id), below || top.id == unit.id);
            }
        }
    }

    #[test]
    fn o3_the_order_of_the_units_given_does_not_matter(units in any_units(), seed in any::<prop::sample::Index>()) {
        let mut turned = units.clone();
        if !turned.is_empty() {
            let by = seed.index(turned.len());
            turned.rotate_left(by);
        }
        let (one, other) = (Forest::build(units, &fixture::kinds()).unwrap(), Forest::build(turned, &fixture::kinds()).unwrap());
        prop_assert_eq!(one.units(), other.units());
    }

    #[test]
    fn o3_a_unit_hung_below_itself_is_a_cycle_that_is_named(units in any_units(), pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        prop_assume!(!units.is_empty());
        let naive = Naive::of(&units);
        let mut units = units;
        let top = pick.index(units.len());
        let top_id = units[top].id;
        let mut lower: Vec<UnitId> = naive.below(top_id).into_iter().collect();
        lower.push(top_id);
        units[top].parent = Some(lower[at.index(lower.len())]);
        match Forest::build(units, &fixture::kinds()) {
            Err(NotAForest::Cycle(named)) => prop_assert!(lower.contains(&named), "names a unit that hangs on the cycle"),
            other => prop_assert!(false, "{:?}", other.err()),
        }
    }
}

#[test]
fn o3_a_unit_given_twice_is_named() {
    let mut units = fixture::units("bloc BLOC\n  a\n  b");
    units.push(units[1].clone());
    assert_eq!(Forest::build(units, &fixture::kinds()).err(), Some(NotAForest::Twice(fixture::id("a"))));
}

#[test]
fn o3_a_unit_under_one_that_is_not_there_is_named() {
    let mut units = fixture::units("bloc BLOC\n  a\n    b");
    units.remove(1);
    let orphan = NotAForest::Orphan { unit: fixture::id("b"), parent: fixture::id("a") };
    assert_eq!(Forest::build(units, &fixture::kinds()).err(), Some(orphan));
}

#[test]
fn o3_nothing_is_a_forest_and_an_unknown_unit_stands_nowhere() {
    let empty = Forest::default();
    let nobody = fixture::id("nobody");
    assert!(empty.is_empty() && empty.roots().next().is_none());
    let forest = fixture::forest("bloc BLOC\n  a");
    assert!(!forest.covers(nobody, nobody), "not even by itself");
    assert!(!forest.covers(fixture::id("bloc"), nobody));
    assert!(forest.subtree(nobody).is_none() && forest.unit(nobody).is_none() && forest.by_code("nobody").is_none());
    assert_eq!(forest.children(nobody).count() + forest.ancestors(nobody).count(), 0);
    assert_eq!(forest.path(nobody, "/"), "");
}

#[test]
fn o3_siblings_stand_by_rank_then_name_then_code() {
    let forest = fixture::forest("bloc BLOC\n  z GRASSROOTS_COMMITTEE\n  b GRASSROOTS_CELL\n  a GRASSROOTS_CELL\n    deep CELL");
    let codes: Vec<&str> = forest.units().iter().map(|unit| &*unit.code).collect();
    assert_eq!(codes, ["bloc", "z", "a", "deep", "b"]);
    let mut units = fixture::units("bloc BLOC\n  y\n  x\n  w");
    units[1].rename("Chi bộ 1");
    units[2].rename("Chi bộ 1");
    units[3].rename("Chi bộ 2");
    let forest = Forest::build(units, &fixture::kinds()).unwrap();
    let codes: Vec<&str> = forest.units().iter().map(|unit| &*unit.code).collect();
    assert_eq!(codes, ["bloc", "x", "y", "w"]);
}

/// A root `top` with one unit `k` below it, and ended units: code, parent, heirs, day in 2021.
fn forest_with_ended(ended: &[(&str, &str, &[&str], u32)]) -> Forest {
    let rows = ended.iter().map(|(code, parent, heirs, day)| Ended {
        unit: fixture::unit(code, "CELL", Some(fixture::id(parent))),
        ended_on: fixture::day("2021-01-01") + chrono::Days::new(u64::from(*day)),
        heirs: heirs.iter().map(|heir| fixture::id(heir)).collect(),
    });
    fixture::forest("top\n  k").after(rows.collect())
}

#[test]
fn c5_ended_units_of_a_place_come_by_the_day_on_which_they_ended() {
    let forest = forest_with_ended(&[
        ("a", "k", &[], 3),
        ("b", "a", &[], 1),
        ("c", "top", &["a"], 2),
        ("d", "k", &["b", "c"], 1),
        ("k", "top", &[], 0),
    ]);
    assert_eq!(forest.ended_at(fixture::id("k")), ["b", "d", "c", "a"].map(fixture::id));
    assert_eq!(forest.ended_at(fixture::id("top")), []);
    assert_eq!(forest.ended(fixture::id("k")), None, "it is active");
    assert_eq!(forest.standing(fixture::id("k")), Some(fixture::id("k")));
    assert_eq!((forest.standing(fixture::id("e")), forest.ended_by_code("e")), (None, None));
    assert_eq!(forest.ended_by_code("a").map(|ended| ended.unit.id), Some(fixture::id("a")));
    assert_eq!((forest.code_of(fixture::id("a")), forest.by_code("a")), ("a".to_owned(), None));
}

#[test]
fn c5_a_way_that_leads_round_ends_at_the_nearest_active_unit_above_what_was_split() {
    let forest = forest_with_ended(&[
        ("p", "k", &["q"], 1),
        ("q", "p", &["x", "y"], 1),
        ("z", "top", &["p"], 0),
        ("x", "top", &[], 2),
        ("y", "top", &[], 2),
    ]);
    for unit in ["p", "q", "z"] {
        assert_eq!(forest.standing(fixture::id(unit)), Some(fixture::id("k")), "{unit}");
    }
    let broken = forest_with_ended(&[("p", "q", &["q"], 1), ("q", "p", &["p"], 1), ("r", "r", &[], 1), ("s", "gone", &[], 1)]);
    for unit in ["p", "q", "r", "s"] {
        assert_eq!(broken.standing(fixture::id(unit)), None, "{unit} leads nowhere");
    }
}

#[test]
fn c5_a_long_line_of_successors_is_followed_once() {
    let name = |at: u32| format!("u{at}");
    let rows = (0..50_000).map(|at| Ended {
        unit: fixture::unit(&name(at), "CELL", Some(fixture::id("top"))),
        ended_on: fixture::day("2021-01-01"),
        heirs: vec![if at == 49_999 { fixture::id("k") } else { fixture::id(&name(at + 1)) }],
    });
    let forest = fixture::forest("top\n  k").after(rows.collect());
    assert_eq!(forest.standing(fixture::id("u0")), Some(fixture::id("k")));
    assert_eq!(forest.ended_at(fixture::id("k")).len(), 50_000);
}
