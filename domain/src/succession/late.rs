//! Units that come into a scope or come back are bound (B4).

use std::collections::HashMap;

use super::inheritance::grace;
use super::line::Forebears;
use super::scene::{Bounds, Key, Scene};
use super::shift::Displaced;
use super::{Bond, Consequence, Held, NewObligation, Shift};
use crate::day::{Day, later_due};
use crate::ids::UnitId;
use crate::obligation::State;
use crate::scope::{BindingReason, Membership, Scope, Through};

/// A unit that a change of the tree brings into the scope of a requirement that binds late units, before its date has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// The place of the requirement among the bonds.
    pub bond: usize,
    /// The unit.
    pub unit: UnitId,
    /// By which rules the scope covers it.
    pub through: Through,
}

/// Appends what happens: units that are back first, then new ones.
pub(super) fn plan(scene: &Scene<'_>, done: &mut Vec<Consequence>) {
    let (day, held) = (scene.estate.shift.day, scene.estate.held);
    done.extend(held.iter().filter(|held| is_back(scene, held)).map(|held| {
        let due_on = held.due_on.map(|due_on| if due_on < day { grace(day, held.bond.late_grace_days) } else { due_on });
        Consequence::BindAgain { obligation: held.id, due_on }
    }));
    let forebears = Forebears::of(scene.estate.shift, scene.estate.predecessors);
    let mut known: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    for newcomer in newcomers(scene.estate.shift, scene.estate.bonds) {
        let bond = &scene.estate.bonds[newcomer.bond];
        let key = |unit| Key { requirement: bond.requirement, unit, period: &bond.period };
        let forebears = known.entry(newcomer.unit).or_insert_with(|| forebears.of_unit(newcomer.unit));
        let mut line = std::iter::once(newcomer.unit).chain(forebears.iter().copied());
        // What a successor has just got, a predecessor had.
        if !line.any(|unit| scene.holds(&key(unit)).is_some()) {
            done.push(scene.bring(bind(bond, newcomer, day)));
        }
    }
}

/// Whether its unit comes back to what it was released from when it left, or ended without an heir.
fn is_back(scene: &Scene<'_>, held: &Held<'_>) -> bool {
    let ends_now = held.state == State::Released && held.cause.is_some_and(|cause| cause.ends_when_back());
    ends_now && !held.is_void && scene.after.hold(held.bond.issuer, held.unit) && !scene.before.hold(held.bond.issuer, held.unit)
}

fn bind(bond: &Bond, newcomer: Newcomer, day: Day) -> NewObligation {
    NewObligation {
        requirement: bond.requirement,
        directive: bond.directive,
        unit: newcomer.unit,
        period: bond.period.clone(),
        state: State::Pending,
        due_on: later_due(bond.due_on, Some(grace(day, bond.late_grace_days))),
        reasons: reasons(&bond.scope, newcomer.through),
        kept: false,
    }
}

fn reasons(scope: &Scope, through: Through) -> Vec<BindingReason> {
    let late = BindingReason::Late { anchor: scope.anchor, reach: scope.reach };
    match through {
        Through::Reach => vec![late],
        Through::Include => vec![BindingReason::Included],
        Through::Both => vec![late, BindingReason::Included],
    }
}

/// Whoever is covered with the shift and was not without it, by requirements in their order and then in tree order. A scope binds as far
/// as the issuer's place reaches (B2, B6).
pub(super) fn newcomers(shift: Shift<'_>, bonds: &[Bond]) -> Vec<Newcomer> {
    let (before, after) = (Bounds::of(shift.without, bonds), Bounds::of(shift.with, bonds));
    let displaced = shift.displaced();
    let mut found = Vec::new();
    let takes_late = |bond: &Bond| bond.binds_late_units && bond.due_on.is_none_or(|due_on| shift.day <= due_on);
    for (at, bond) in bonds.iter().enumerate().filter(|(_, bond)| takes_late(bond)) {
        let (was, is) = (before.places(bond.issuer), after.places(bond.issuer));
        let (old, new) = (Membership::of(shift.without, &bond.scope), Membership::of(shift.with, &bond.scope));
        let mut ask = |candidate: Displaced| {
            let was_covered = candidate.without.is_some_and(|place| was.contains(&place) && old.through(place).is_some());
            if let Some(through) = new.through(candidate.with).filter(|_| !was_covered) {
                found.push(Newcomer { bond: at, unit: shift.with.units()[candidate.with].id, through });
            }
        };
        if shift.without.standing(bond.issuer) == shift.with.standing(bond.issuer) {
            let start = displaced.partition_point(|one| one.with < is.start);
            displaced[start..].iter().take_while(|one| one.with < is.end).for_each(|one| ask(*one));
        } else {
            // Another unit stands for the issuer: who did not move may have come within its bounds, too.
            is.map(|with| Displaced { with, without: shift.without.place(shift.with.units()[with].id) }).for_each(ask);
        }
    }
    found
}
