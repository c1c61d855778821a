//! Sections 4 and 6 once more, plainly: every question walks over everything.

use std::collections::BTreeSet;

use super::super::super::*;
use super::world::{ALL, unit};
use crate::forest::Forest;
use crate::scope::{Reach, Through};

/// The model.
pub(super) struct Naive<'a> {
    pub(super) estate: Estate<'a>,
    pub(super) decisions: &'a [Decision],
}

impl Naive<'_> {
    fn is_under(forest: &Forest, unit: UnitId, top: UnitId) -> bool {
        let mut at = unit;
        loop {
            if forest.unit(at).is_none() {
                return false;
            }
            if at == top {
                return true;
            }
            match forest.unit(at).unwrap().parent {
                Some(parent) => at = parent,
                None => return false,
            }
        }
    }

    pub(super) fn is_inside(forest: &Forest, bond: &Bond, unit: UnitId) -> bool {
        forest.standing(bond.issuer).is_some_and(|place| Self::is_under(forest, unit, place))
    }

    fn covers(forest: &Forest, bond: &Bond, unit: UnitId) -> Option<Through> {
        let (at, scope) = (forest.unit(unit)?, &bond.scope);
        if !Self::is_inside(forest, bond, unit) || scope.except.contains(&unit) {
            return None;
        }
        if scope.except_subtrees.iter().any(|top| Self::is_under(forest, unit, *top)) {
            return None;
        }
        let comes_to = match scope.reach {
            Reach::Itself => unit == scope.anchor,
            Reach::Children => at.parent == Some(scope.anchor),
            Reach::Descendants => unit != scope.anchor && Self::is_under(forest, unit, scope.anchor),
        };
        let by_reach = comes_to && (scope.kinds.is_empty() || scope.kinds.contains(&at.kind));
        match (by_reach, scope.include.contains(&unit)) {
            (true, true) => Some(Through::Both),
            (true, false) => Some(Through::Reach),
            (false, true) => Some(Through::Include),
            (false, false) => None,
        }
    }

    fn is_source(&self, unit: UnitId) -> bool {
        self.estate.shift.endings.iter().any(|ending| ending.unit == unit)
    }

    /// Duties are laid into the hands of the unit, and every ending hands them on.
    fn heirs(&self, unit: UnitId) -> BTreeSet<UnitId> {
        let mut hands = BTreeSet::from([unit]);
        for ending in self.estate.shift.endings {
            if hands.contains(&ending.unit) {
                if !ending.stays {
                    hands.remove(&ending.unit);
                }
                hands.extend(&ending.heirs);
            }
        }
        hands.remove(&unit);
        hands
    }

    fn is_kept(&self, held: &Held<'_>) -> bool {
        held.kept && !Self::is_inside(self.estate.shift.without, held.bond, held.unit)
    }

    fn leaves(&self, held: &Held<'_>) -> bool {
        let shift = self.estate.shift;
        shift.with.unit(held.unit).is_some()
            && Self::is_inside(shift.without, held.bond, held.unit)
            && !Self::is_inside(shift.with, held.bond, held.unit)
    }

    fn may_pass(&self, held: &Held<'_>, to: UnitId) -> bool {
        self.is_kept(held) || Self::is_inside(self.estate.shift.with, held.bond, to)
    }

    fn first(&self, held: &Held<'_>) -> Option<usize> {
        self.decisions.iter().position(|decision| {
            let names = decision.directives.contains(&held.bond.directive) || decision.requirements.contains(&held.bond.requirement);
            let all = decision.directives.is_empty() && decision.requirements.is_empty();
            (all || names) && Self::is_under(self.estate.shift.without, held.unit, decision.from)
        })
    }

    fn find(&self, bond: &Bond, period: &str, unit: UnitId) -> Option<&Held<'_>> {
        let mut live = self.estate.held.iter().filter(|held| !held.is_void);
        live.find(|held| held.bond.requirement == bond.requirement && held.period == period && held.unit == unit)
    }

    /// What comes into being, and was there by annulled batches only, lives once more.
    fn revived(&self, done: Consequence) -> Consequence {
        let Consequence::Create(new) = done else { return done };
        let same = |held: &&Held<'_>| (held.bond.requirement, held.unit, &*held.period) == (new.requirement, new.unit, &*new.period);
        match self.estate.held.iter().find(same) {
            Some(void) => {
                Consequence::Revive { obligation: void.id, new: NewObligation { due_on: Self::latest(&[void.due_on, new.due_on]), ..new } }
            }
            None => Consequence::Create(new),
        }
    }

    /// To whom it passes, by which decision, and why not where to nobody.
    fn passes(&self, held: &Held<'_>) -> (BTreeSet<UnitId>, Option<usize>, Cause) {
        let heirs = self.heirs(held.unit);
        let first = self.first(held);
        let mut chosen = heirs.clone();
        let mut by = None;
        match first.map(|at| self.decisions[at].action) {
            Some(Action::Release) => return (BTreeSet::new(), first, Cause::Decided),
            Some(Action::Transfer { to }) if heirs.contains(&to) && self.may_pass(held, to) => {
                chosen = BTreeSet::from([to]);
                by = first;
            }
            _ => {}
        }
        if chosen.is_empty() {
            return (chosen, None, Cause::NoHeir);
        }
        chosen.retain(|to| self.may_pass(held, *to));
        if chosen.is_empty() {
            return (chosen, None, Cause::HeirOutside);
        }
        chosen.retain(|to| self.find(held.bond, &held.period, *to).is_none_or(|own| own.state.is_open()));
        if chosen.is_empty() {
            return (chosen, None, Cause::HeirClosed);
        }
        let last = self.estate.shift.endings.iter().rfind(|ending| ending.unit == held.unit).unwrap();
        (chosen, by, if by.is_some() { Cause::Decided } else { last.kind.into() })
    }

    fn late_day(&self, bond: &Bond) -> Day {
        self.estate.shift.day + chrono::Days::new(u64::from(bond.late_grace_days))
    }

    fn latest(days: &[Option<Day>]) -> Option<Day> {
        if days.contains(&None) { None } else { days.iter().copied().max().flatten() }
    }

    pub(super) fn what_happens(&self) -> Vec<Consequence> {
        let mut done = self.endings();
        let shift = self.estate.shift;
        let open = self.estate.held.iter().filter(|held| held.state.is_open() && shift.with.unit(held.unit).is_some());
        for held in open {
            if !self.leaves(held) {
                continue;
            }
            let first = self.first(held);
            done.push(match first.map(|at| self.decisions[at].action) {
                Some(Action::Keep) => Consequence::Keep { obligation: held.id, decision: first.unwrap() },
                Some(Action::Release) => Consequence::Release { obligation: held.id, cause: Cause::Decided, decision: first },
                _ => Consequence::Release { obligation: held.id, cause: Cause::Left, decision: None },
            });
        }
        for held in self.estate.held.iter().filter(|held| matches!(held.cause, Some(Cause::Left | Cause::NoHeir))) {
            let (was, is) = (Self::is_inside(shift.without, held.bond, held.unit), Self::is_inside(shift.with, held.bond, held.unit));
            if held.state == State::Released && is && !was {
                let passed = held.due_on.is_some_and(|due_on| due_on < shift.day);
                let due_on = if passed { Some(self.late_day(held.bond)) } else { held.due_on };
                done.push(Consequence::BindAgain { obligation: held.id, due_on });
            }
        }
        self.late(&mut done);
        done.into_iter().map(|one| self.revived(one)).collect()
    }

    fn endings(&self) -> Vec<Consequence> {
        let mut done = Vec::new();
        let mut shares: Vec<(&Held<'_>, UnitId)> = Vec::new();
        for held in self.estate.held.iter().filter(|held| held.state.is_open() && self.is_source(held.unit)) {
            let (to, decision, cause) = self.passes(held);
            shares.extend(to.iter().map(|to| (held, *to)));
            if self.estate.shift.with.unit(held.unit).is_none() {
                let (obligation, to) = (held.id, to.into_iter().collect::<Vec<_>>());
                done.push(if to.is_empty() {
                    Consequence::Release { obligation, cause, decision }
                } else {
                    Consequence::Transfer { obligation, to, cause, decision }
                });
            }
        }
        for bond in self.estate.bonds {
            let periods: BTreeSet<&str> = shares.iter().map(|(held, _)| &*held.period).collect();
            for (period, unit) in periods.into_iter().flat_map(|period| (0..ALL).map(move |number| (period, unit(number)))) {
                let of = |held: &Held<'_>, to| held.bond.requirement == bond.requirement && held.period == period && to == unit;
                let from: Vec<&Held<'_>> = shares.iter().filter(|(held, to)| of(held, *to)).map(|(held, _)| *held).collect();
                if from.is_empty() {
                    continue;
                }
                let own = self.find(bond, period, unit);
                let mut days: Vec<Option<Day>> = from.iter().copied().chain(own).map(|held| held.due_on).collect();
                for held in from.iter().filter(|held| held.state == State::Reported) {
                    if held.reported_on.is_some_and(|on| held.due_on.is_none_or(|due_on| on <= due_on)) {
                        days.push(Some(self.late_day(bond)));
                    }
                }
                let begun = [State::InProgress, State::Reported, State::Returned];
                done.push(match own {
                    Some(own) => Consequence::Link {
                        obligation: own.id,
                        predecessors: from.iter().map(|held| held.id).collect(),
                        due_on: Self::latest(&days),
                    },
                    None => Consequence::Create(NewObligation {
                        requirement: bond.requirement,
                        directive: bond.directive,
                        unit,
                        period: period.into(),
                        state: if from.iter().any(|held| begun.contains(&held.state)) { State::InProgress } else { State::Pending },
                        due_on: Self::latest(&days),
                        reasons: from.iter().map(|held| BindingReason::Succession { predecessor: held.id }).collect(),
                        kept: from.iter().any(|held| self.is_kept(held)),
                    }),
                });
            }
        }
        done
    }

    fn late(&self, done: &mut Vec<Consequence>) {
        let shift = self.estate.shift;
        for bond in self.estate.bonds {
            for unit in (0..ALL).map(unit) {
                let Some(through) = Self::covers(shift.with, bond, unit) else { continue };
                let has_passed = bond.due_on.is_some_and(|due_on| due_on < shift.day);
                if Self::covers(shift.without, bond, unit).is_some() || !bond.binds_late_units || has_passed {
                    continue;
                }
                let mut line = BTreeSet::from([unit]);
                for _ in 0..ALL {
                    let now = shift.endings.iter().filter(|ending| ending.heirs.iter().any(|heir| line.contains(heir)));
                    let now: Vec<UnitId> = now.map(|ending| ending.unit).collect();
                    let earlier = self.estate.predecessors.iter().filter(|(heir, _)| line.contains(heir));
                    let earlier: Vec<UnitId> = earlier.flat_map(|(_, units)| units).copied().collect();
                    line.extend(now.into_iter().chain(earlier));
                }
                let inherits = |one: &Consequence| match one {
                    Consequence::Create(new) => new.requirement == bond.requirement && new.unit == unit && new.period == bond.period,
                    _ => false,
                };
                if line.iter().any(|unit| self.find(bond, &bond.period, *unit).is_some()) || done.iter().any(inherits) {
                    continue;
                }
                let late = BindingReason::Late { anchor: bond.scope.anchor, reach: bond.scope.reach };
                done.push(Consequence::Create(NewObligation {
                    requirement: bond.requirement,
                    directive: bond.directive,
                    unit,
                    period: bond.period.clone(),
                    state: State::Pending,
                    due_on: Self::latest(&[bond.due_on, Some(self.late_day(bond))]),
                    reasons: match through {
                        Through::Reach => vec![late],
                        Through::Include => vec![BindingReason::Included],
                        Through::Both => vec![late, BindingReason::Included],
                    },
                    kept: false,
                }));
            }
        }
    }

    /// The fields of decisions that are at fault.
    pub(super) fn faults(&self) -> BTreeSet<String> {
        let shift = self.estate.shift;
        let mut faults = BTreeSet::new();
        for (at, decision) in self.decisions.iter().enumerate() {
            let below = |unit: UnitId| Self::is_under(shift.without, unit, decision.from);
            let concerned = self.estate.held.iter().filter(|held| held.state.is_open() && below(held.unit));
            let concerned: Vec<&Held<'_>> = concerned.filter(|held| self.is_source(held.unit) || self.leaves(held)).collect();
            let sources: Vec<UnitId> = shift.endings.iter().map(|ending| ending.unit).filter(|unit| below(*unit)).collect();
            if concerned.is_empty() && sources.is_empty() {
                if decision.action != Action::Keep {
                    faults.insert(format!("decisions.{at}.from"));
                }
                continue;
            }
            for (item, named) in decision.directives.iter().enumerate() {
                if !concerned.iter().any(|held| held.bond.directive == *named) {
                    faults.insert(format!("decisions.{at}.directives.{item}"));
                }
            }
            for (item, named) in decision.requirements.iter().enumerate() {
                if !concerned.iter().any(|held| held.bond.requirement == *named) {
                    faults.insert(format!("decisions.{at}.requirements.{item}"));
                }
            }
            let Action::Transfer { to } = decision.action else { continue };
            let own = concerned.iter().filter(|held| self.first(held) == Some(at));
            let misfits = own.filter(|held| !self.heirs(held.unit).contains(&to) || !self.may_pass(held, to)).count();
            if misfits > 0 || !sources.iter().any(|unit| self.heirs(*unit).contains(&to)) {
                faults.insert(format!("decisions.{at}.to"));
            }
        }
        faults
    }
}
