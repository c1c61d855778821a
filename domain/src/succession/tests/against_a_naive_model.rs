//! The plan against a model that walks over everything for every question.

mod model;
mod world;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::line::Forebears;
use super::super::*;
use super::{TODAY, shifted};
use crate::fixture::day;
use crate::forest::Forest;
use crate::reorganization::{Change, Ending};
use model::Naive;
use world::{any_world, decision, held, possible};

/// The same in an order that no model owes.
fn sorted(mut done: Vec<Consequence>) -> Vec<String> {
    for one in &mut done {
        match one {
            Consequence::Transfer { to, .. } => to.sort(),
            Consequence::Link { predecessors, .. } => predecessors.sort(),
            Consequence::Create(new) => new.reasons.sort_by_key(|reason| reason.predecessor()),
            _ => {}
        }
    }
    let mut told: Vec<String> = done.iter().map(|one| format!("{one:?}")).collect();
    told.sort();
    told
}

fn rank(due_on: Option<Day>) -> Day {
    due_on.unwrap_or(Day::MAX)
}

/// What must hold whatever the rules say.
fn ensure_nothing_is_lost(estate: Estate<'_>, done: &[Consequence]) -> Result<(), TestCaseError> {
    let by_id = |id: ObligationId| estate.held.iter().find(|held| held.id == id).unwrap();
    let with = estate.shift.with;
    for held in estate.held.iter().filter(|held| held.state.is_open() && with.unit(held.unit).is_none()) {
        let closed = done.iter().filter(|one| match one {
            Consequence::Transfer { obligation, .. } | Consequence::Release { obligation, .. } => *obligation == held.id,
            _ => false,
        });
        prop_assert_eq!(closed.count(), 1, "an open obligation of a unit that ends is closed once");
    }
    let mut keys: BTreeSet<_> = estate.held.iter().map(|held| (held.bond.requirement, held.unit, held.period.clone())).collect();
    let kept = |id: ObligationId| by_id(id).kept;
    let inside = |bond: &Bond, unit: UnitId| Naive::is_inside(with, bond, unit);
    for one in done {
        match one {
            Consequence::Create(new) => {
                prop_assert!(keys.insert((new.requirement, new.unit, new.period.clone())), "two for the same");
                let bond = estate.bonds.iter().find(|bond| bond.requirement == new.requirement).unwrap();
                let mut from = new.reasons.iter().filter_map(|reason| reason.predecessor());
                prop_assert!(from.clone().all(|id| rank(by_id(id).due_on) <= rank(new.due_on)));
                prop_assert!(inside(bond, new.unit) || new.kept && from.any(kept), "bound outside");
            }
            Consequence::Link { obligation, predecessors, due_on } => {
                let own = by_id(*obligation);
                prop_assert!(own.state.is_open() && rank(own.due_on) <= rank(*due_on));
                prop_assert!(predecessors.iter().all(|id| rank(by_id(*id).due_on) <= rank(*due_on)));
                prop_assert!(inside(own.bond, own.unit) || predecessors.iter().any(|id| kept(*id)), "linked outside");
            }
            Consequence::Revive { obligation, new } => {
                prop_assert!(by_id(*obligation).is_void && rank(by_id(*obligation).due_on) <= rank(new.due_on));
            }
            Consequence::BindAgain { obligation, due_on } => {
                let own = by_id(*obligation);
                prop_assert!(rank(own.due_on) <= rank(*due_on) && rank(*due_on) >= estate.shift.day && inside(own.bond, own.unit));
            }
            Consequence::Transfer { to, .. } => prop_assert!(!to.is_empty() && to.iter().all(|unit| with.unit(*unit).is_some())),
            Consequence::Release { .. } | Consequence::Keep { .. } => {}
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn s6_any_batch_does_what_the_model_does(world in any_world()) {
        let (without, earlier) = shifted_or_same(&world.first, &possible(&world.first, &world.earlier));
        let (with, endings) = shifted_or_same(&without, &possible(&without, &world.wishes));
        let mut predecessors: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
        for ending in &earlier {
            ending.heirs.iter().for_each(|heir| predecessors.entry(*heir).or_default().push(ending.unit));
        }
        let shift = Shift { day: day(TODAY), without: &without, with: &with, endings: &endings };
        let held = held(&world, shift);
        let decisions: Vec<Decision> = world.wanted.iter().map(decision).collect();
        let estate = Estate { shift, bonds: &world.bonds, held: &held, predecessors: &predecessors };
        let naive = Naive { estate, decisions: &decisions };

        let done = plan_succession(estate, &decisions, Judgement::Planned).unwrap();
        prop_assert_eq!(sorted(done.clone()), sorted(naive.what_happens()));
        ensure_nothing_is_lost(estate, &done)?;

        let reversed: Vec<Held<'_>> = held.iter().rev().cloned().collect();
        let again = plan_succession(Estate { held: &reversed, ..estate }, &decisions, Judgement::Planned).unwrap();
        prop_assert_eq!(sorted(again), sorted(done.clone()), "the order of what is loaded does not matter");

        let asked = plan_succession(estate, &decisions, Judgement::Asked);
        let paths = |refusal: &Refusal| refusal.path().iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
        let refused: BTreeSet<String> = asked.as_ref().err().into_iter().flatten().map(paths).collect();
        prop_assert_eq!(refused, naive.faults());
        prop_assert!(asked.is_err() || asked.as_ref() == Ok(&done));
        ensure_that_enough_is_named(estate, &decisions)?;
    }
}

fn shifted_or_same(forest: &Forest, changes: &[Change]) -> (Forest, Vec<Ending>) {
    if changes.is_empty() { (forest.clone(), Vec::new()) } else { shifted(forest, changes) }
}

/// What [`Shift`] and [`newcomers`] name is all that needs to be loaded, beside what an annulment has just brought back (O5).
fn ensure_that_enough_is_named(estate: Estate<'_>, decisions: &[Decision]) -> Result<(), TestCaseError> {
    let shift = estate.shift;
    let (sources, successors, moved) = (shift.sources(), shift.successors(), shift.moved());
    let issuers: Vec<UnitId> = estate.bonds.iter().map(|bond| bond.issuer).collect();
    let replaced = shift.replaced(&issuers);
    let newcomers = newcomers(shift, estate.bonds);
    let forebears = Forebears::of(shift, estate.predecessors);
    let is_new = |held: &Held<'_>| {
        let of_the_line = |unit: UnitId| unit == held.unit || forebears.of_unit(unit).contains(&held.unit);
        newcomers.iter().any(|one| estate.bonds[one.bond].requirement == held.bond.requirement && of_the_line(one.unit))
    };
    let comes_or_goes = |held: &Held<'_>| held.state.is_open() || held.cause.is_some_and(Cause::ends_when_back);
    let is_named = |held: &Held<'_>| {
        held.state.is_open() && sources.contains(&held.unit)
            || successors.contains(&held.unit)
            || comes_or_goes(held) && (moved.contains(&held.unit) || replaced.contains(&held.bond.issuer))
            || is_new(held)
            || held.state.is_open() && !held.kept && !Naive::is_inside(shift.without, held.bond, held.unit)
    };
    let named: Vec<Held<'_>> = estate.held.iter().filter(|held| is_named(held)).cloned().collect();
    for judgement in [Judgement::Asked, Judgement::Planned] {
        let again = plan_succession(Estate { held: &named, ..estate }, decisions, judgement);
        prop_assert_eq!(again, plan_succession(estate, decisions, judgement));
    }
    Ok(())
}
