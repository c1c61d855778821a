//! Obligations of units that end or are split pass on (S1–S3).

use std::collections::HashMap;

use super::decision::Action;
use super::scene::{Key, Scene};
use super::{Cause, Consequence, Held, NewObligation};
use crate::day::{Day, later_due};
use crate::ids::UnitId;
use crate::obligation::State;
use crate::scope::BindingReason;

/// What one successor takes over for one requirement and period.
struct Share<'a> {
    unit: UnitId,
    from: Vec<&'a Held<'a>>,
}

/// Shares in the order in which they came up.
#[derive(Default)]
struct Shares<'a> {
    shares: Vec<Share<'a>>,
    by_key: HashMap<Key<'a>, usize>,
}

impl<'a> Shares<'a> {
    fn add(&mut self, held: &'a Held<'a>, to: UnitId) {
        let next = self.shares.len();
        let at = *self.by_key.entry(Key::of(held, to)).or_insert(next);
        if at == next {
            self.shares.push(Share { unit: to, from: Vec::new() });
        }
        self.shares[at].from.push(held);
    }
}

pub(super) fn plan(scene: &Scene<'_>, done: &mut Vec<Consequence>) {
    let mut shares = Shares::default();
    for held in scene.estate.held.iter().filter(|held| held.state.is_open() && scene.line.is_source(held.unit)) {
        let will = will(scene, held);
        will.to.iter().for_each(|to| shares.add(held, *to));
        // Who stays in a split keeps its own in any case (S2, S4).
        if scene.estate.shift.with.unit(held.unit).is_none() {
            done.push(will.closing(held));
        }
    }
    done.extend(shares.shares.iter().filter_map(|share| take_over(scene, share)));
}

/// Where an obligation goes.
struct Will {
    to: Vec<UnitId>,
    cause: Cause,
    decision: Option<usize>,
}

impl Will {
    fn closing(self, held: &Held<'_>) -> Consequence {
        let Self { to, cause, decision } = self;
        match to.is_empty() {
            true => Consequence::Release { obligation: held.id, cause, decision },
            false => Consequence::Transfer { obligation: held.id, to, cause, decision },
        }
    }
}

fn will(scene: &Scene<'_>, held: &Held<'_>) -> Will {
    let heirs = scene.heirs(held.unit);
    let may_pass = |to: &UnitId| scene.may_pass(held, *to);
    let (heirs, cause, decision) = match scene.decided(held) {
        Some((at, decision)) => match decision.action {
            Action::Release => return Will { to: Vec::new(), cause: Cause::Decided, decision: Some(at) },
            Action::Transfer { to } if heirs.contains(&to) && may_pass(&to) => (vec![to], Cause::Decided, Some(at)),
            // Only a unit that leaves can be kept; a recorded decision that no longer fits has no effect.
            Action::Transfer { .. } | Action::Keep => (heirs.to_vec(), scene.line.cause(held.unit), None),
        },
        None => (heirs.to_vec(), scene.line.cause(held.unit), None),
    };
    let inside: Vec<UnitId> = heirs.iter().copied().filter(may_pass).collect();
    let to: Vec<UnitId> =
        inside.iter().copied().filter(|to| scene.holds(&Key::of(held, *to)).is_none_or(|own| own.state.is_open())).collect();
    match (to.is_empty(), inside.is_empty(), heirs.is_empty()) {
        (false, ..) => Will { to, cause, decision },
        (true, false, _) => Will { to, cause: Cause::HeirClosed, decision: None },
        (true, true, false) => Will { to, cause: Cause::HeirOutside, decision: None },
        (true, true, true) => Will { to, cause: Cause::NoHeir, decision: None },
    }
}

/// A successor's own obligation is linked, or it gets one (S1).
fn take_over(scene: &Scene<'_>, share: &Share<'_>) -> Option<Consequence> {
    let first = share.from.first()?;
    let own = scene.holds(&Key::of(first, share.unit));
    let due_on = due_on(own, &share.from, scene.estate.shift.day);
    Some(match own {
        Some(own) => Consequence::Link { obligation: own.id, predecessors: share.from.iter().map(|held| held.id).collect(), due_on },
        None => scene.bring(NewObligation {
            requirement: first.bond.requirement,
            directive: first.bond.directive,
            unit: share.unit,
            period: first.period.clone(),
            state: if share.from.iter().any(|held| is_begun(held.state)) { State::InProgress } else { State::Pending },
            due_on,
            reasons: share.from.iter().map(|held| BindingReason::Succession { predecessor: held.id }).collect(),
            kept: share.from.iter().any(|held| scene.is_kept(held)),
        }),
    })
}

fn is_begun(state: State) -> bool {
    matches!(state, State::InProgress | State::Reported | State::Returned)
}

/// The latest of all dates; where a report waits that was in time, at least as late as a late unit's.
fn due_on(own: Option<&Held<'_>>, from: &[&Held<'_>], day: Day) -> Option<Day> {
    let floors = from.iter().filter(|held| held.waits_in_time()).map(|held| Some(grace(day, held.bond.late_grace_days)));
    let dates = own.map(|own| own.due_on).into_iter().chain(from.iter().map(|held| held.due_on)).chain(floors);
    dates.reduce(later_due).flatten()
}

/// The last day of a grace that begins on `day`.
pub(super) fn grace(day: Day, days: u32) -> Day {
    day.checked_add_days(chrono::Days::new(u64::from(days))).unwrap_or(Day::MAX)
}
