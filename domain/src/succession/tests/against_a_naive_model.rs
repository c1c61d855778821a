//! The plan against a model that walks over everything for every question.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::*;
use super::{TODAY, directive, obligation, requirement, shifted};
use crate::fixture::{self, day, id};
use crate::forest::Forest;
use crate::reorganization::{Change, ChangeKind, Dissolve, Establish, Ground, Merge, Move, Reopen, Split, SplitPart, Taken, UnitRef, plan};
use crate::scope::{Reach, Through};
use crate::unit::OrgUnit;

const KINDS: [&str; 2] = ["GRASSROOTS_COMMITTEE", "CELL"];
const UNITS: usize = 9;
const ALL: usize = 14;
const DAYS: [Option<&str>; 5] = [None, Some("2025-05-01"), Some("2025-06-30"), Some(TODAY), Some("2025-12-31")];

/// The first are those that the tree begins with; the others, those that batches may establish.
fn unit(number: usize) -> UnitId {
    id(&format!("u{number}"))
}

#[derive(Clone, Debug)]
struct Wish {
    verb: u8,
    units: [usize; 4],
    kind: usize,
}

impl Wish {
    fn change(&self, forest: &Forest) -> Change {
        let at = |item: usize| UnitRef::Id(unit(self.units[item]));
        let children = || forest.children(unit(self.units[0])).map(|child| UnitRef::Id(child.id)).collect::<Vec<_>>();
        let part = |item: usize, children| SplitPart { into: at(item), children };
        match self.verb {
            0 => Change::Establish(Establish {
                id: unit(UNITS + self.units[0] % (ALL - UNITS)),
                code: format!("u{}", UNITS + self.units[0] % (ALL - UNITS)),
                kind: KINDS[self.kind].into(),
                name: "n".into(),
                short_name: None,
                member_count: None,
                parent: Some(at(1)),
                external_ids: Vec::new(),
            }),
            1 => Change::Move(Move { unit: at(0), parent: Some(at(1)) }),
            2 => Change::ChangeKind(ChangeKind { unit: at(0), kind: KINDS[self.kind].into(), parent: None }),
            3 => Change::Merge(Merge { units: vec![at(0), at(1)], into: at(2) }),
            4 => Change::Split(Split { unit: at(0), into: vec![part(0, Vec::new()), part(1, Vec::new()), part(2, Vec::new())] }),
            5 => Change::Split(Split { unit: at(0), into: vec![part(1, children()), part(2, Vec::new())] }),
            6 => Change::Dissolve(Dissolve { unit: at(0), heir: Some(at(1)), children_to: None }),
            7 => Change::Dissolve(Dissolve { unit: at(0), heir: None, children_to: Some(at(1)) }),
            _ => Change::Reopen(Reopen { unit: at(0), parent: Some(at(1)) }),
        }
    }
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let verb = prop_oneof![2 => Just(0_u8), 4 => Just(1), 1 => Just(2), 3 => Just(3), 2 => Just(4), 2 => Just(5), 2 => Just(6), 2 => Just(7), 2 => Just(8)];
    (verb, prop::array::uniform4(0..ALL), 0..KINDS.len()).prop_map(|(verb, units, kind)| Wish { verb, units, kind })
}

/// Those of the wishes that can be done, one after the other.
fn possible(forest: &Forest, wishes: &[Wish]) -> Vec<Change> {
    let (kinds, mut done) = (fixture::kinds(), Vec::new());
    for wish in wishes {
        done.push(wish.change(forest));
        let ground = Ground { day: day(TODAY), forest, kinds: &kinds, taken: &Taken::default(), judgement: Judgement::TakenBack };
        if plan(ground, &done).is_err() {
            done.pop();
        }
    }
    done
}

fn any_forest() -> impl Strategy<Value = Forest> {
    let row = (any::<Index>(), prop::bool::weighted(0.08), 0..KINDS.len());
    prop::collection::vec(row, UNITS).prop_map(|rows| {
        let units = rows.iter().enumerate().map(|(at, (above, is_root, kind))| {
            let parent = (at > 0 && !is_root).then(|| unit(above.index(at)));
            fixture::unit(&format!("u{at}"), KINDS[*kind], parent)
        });
        Forest::build(units.collect::<Vec<OrgUnit>>(), &fixture::kinds()).unwrap()
    })
}

fn any_bond() -> impl Strategy<Value = Bond> {
    let few = || prop::collection::vec((0..ALL).prop_map(unit), 0..2);
    let who = (prop_oneof![2 => 0..3_usize, 1 => 0..UNITS], 0..UNITS, 0..Reach::ALL.len(), 0..4_usize);
    (who, (few(), few(), few()), 0..DAYS.len(), prop::bool::weighted(0.8), 0..40_u32).prop_map(|(who, lists, due, late, grace)| {
        let (issuer, anchor, reach, kinds) = who;
        Bond {
            requirement: requirement(""),
            directive: directive(""),
            issuer: unit(issuer),
            scope: Scope {
                anchor: unit(anchor),
                reach: Reach::ALL[reach],
                kinds: KINDS.get(kinds).map(|kind| (*kind).into()).into_iter().collect(),
                include: lists.0,
                except: lists.1,
                except_subtrees: lists.2,
                may_be_empty: true,
            },
            period: if grace % 2 == 0 { String::new() } else { "2025".into() },
            due_on: DAYS[due].map(day),
            binds_late_units: late,
            late_grace_days: grace,
        }
    })
}

#[derive(Clone, Debug)]
struct Row {
    bond: Index,
    unit: usize,
    state: usize,
    days: (usize, usize),
    kept: bool,
    cause: usize,
    is_of_the_current_period: bool,
}

fn any_row() -> impl Strategy<Value = Row> {
    let days = (0..DAYS.len(), 0..DAYS.len());
    // Two thirds are open, since those are what moves.
    let state = prop_oneof![2 => 0..5_usize, 1 => 5..State::ALL.len()];
    let all = (any::<Index>(), 0..ALL, state, days, prop::bool::weighted(0.3), 0..Cause::ALL.len(), prop::bool::weighted(0.8));
    all.prop_map(|(bond, unit, state, days, kept, cause, now)| Row { bond, unit, state, days, kept, cause, is_of_the_current_period: now })
}

#[derive(Clone, Debug)]
struct Wanted {
    from: usize,
    action: u8,
    to: usize,
    directives: Vec<usize>,
    requirements: Vec<usize>,
}

fn any_wanted() -> impl Strategy<Value = Wanted> {
    let few = || prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(0..3_usize, 1..3)];
    (0..ALL, 0..3_u8, 0..ALL, few(), few())
        .prop_map(|(from, action, to, directives, requirements)| Wanted { from, action, to, directives, requirements })
}

#[derive(Clone, Debug)]
struct World {
    first: Forest,
    earlier: Vec<Wish>,
    wishes: Vec<Wish>,
    bonds: Vec<Bond>,
    rows: Vec<Row>,
    wanted: Vec<Wanted>,
}

fn any_world() -> impl Strategy<Value = World> {
    let bonds = prop::collection::vec(any_bond(), 1..4).prop_map(|mut bonds| {
        for (at, bond) in bonds.iter_mut().enumerate() {
            (bond.requirement, bond.directive) = (requirement(&format!("r{at}")), directive(&format!("d{}", at / 2)));
        }
        bonds
    });
    let wishes = |most| prop::collection::vec(any_wish(), 0..most);
    let rows = prop::collection::vec(any_row(), 0..40);
    (any_forest(), wishes(5), wishes(12), bonds, rows, prop::collection::vec(any_wanted(), 0..4))
        .prop_map(|(first, earlier, wishes, bonds, rows, wanted)| World { first, earlier, wishes, bonds, rows, wanted })
}

fn decision(wanted: &Wanted) -> Decision {
    Decision {
        directives: wanted.directives.iter().map(|at| directive(&format!("d{at}"))).collect(),
        requirements: wanted.requirements.iter().map(|at| requirement(&format!("r{at}"))).collect(),
        from: unit(wanted.from),
        action: match wanted.action {
            0 => Action::Transfer { to: unit(wanted.to) },
            1 => Action::Release,
            _ => Action::Keep,
        },
        reason: "because".into(),
    }
}

/// What the rows say, each unit once for a requirement and period, and nothing open where the unit had ended before and stays so.
fn held<'a>(world: &'a World, shift: Shift<'_>) -> Vec<Held<'a>> {
    let mut seen = BTreeSet::new();
    let mut held = Vec::new();
    for row in &world.rows {
        let bond = &world.bonds[row.bond.index(world.bonds.len())];
        let period = if row.is_of_the_current_period { bond.period.clone() } else { "2024".into() };
        if !seen.insert((bond.requirement, row.unit, period.clone())) {
            continue;
        }
        let unit = unit(row.unit);
        let is_anywhere = shift.without.unit(unit).or(shift.with.unit(unit)).is_some();
        let state = State::ALL[row.state];
        held.push(Held {
            id: obligation(&format!("{} {} {period}", bond.requirement, row.unit)),
            bond,
            unit,
            period,
            state: if is_anywhere || state.is_closed() { state } else { State::Fulfilled },
            due_on: DAYS[row.days.0].map(day),
            reported_on: DAYS[row.days.1].map(day),
            kept: row.kept,
            cause: (state == State::Released).then_some(Cause::ALL[row.cause]),
        });
    }
    held
}

/// The model.
struct Naive<'a> {
    estate: Estate<'a>,
    decisions: &'a [Decision],
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

    fn is_inside(forest: &Forest, bond: &Bond, unit: UnitId) -> bool {
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
        self.estate.held.iter().find(|held| held.bond.requirement == bond.requirement && held.period == period && held.unit == unit)
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

    fn what_happens(&self) -> Vec<Consequence> {
        let mut done = self.endings();
        let shift = self.estate.shift;
        let open = self.estate.held.iter().filter(|held| held.state.is_open() && shift.with.unit(held.unit).is_some());
        for held in open {
            // Who was not there has come back by an annulment.
            let was_away = shift.without.unit(held.unit).is_none() && !Self::is_inside(shift.with, held.bond, held.unit) && !held.kept;
            if !self.leaves(held) && !was_away {
                continue;
            }
            let first = self.first(held).filter(|_| self.leaves(held));
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
        done
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
    fn faults(&self) -> BTreeSet<String> {
        let shift = self.estate.shift;
        let mut faults = BTreeSet::new();
        for (at, decision) in self.decisions.iter().enumerate() {
            let below = |unit: UnitId| Self::is_under(shift.without, unit, decision.from);
            let concerned = self.estate.held.iter().filter(|held| below(held.unit) && (self.is_source(held.unit) || self.leaves(held)));
            let concerned: Vec<&Held<'_>> = concerned.collect();
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
            let own = concerned.iter().filter(|held| held.state.is_open() && self.first(held) == Some(at));
            let misfits = own.filter(|held| !self.heirs(held.unit).contains(&to) || !self.may_pass(held, to)).count();
            if misfits > 0 || !sources.iter().any(|unit| self.heirs(*unit).contains(&to)) {
                faults.insert(format!("decisions.{at}.to"));
            }
        }
        faults
    }
}

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
    #![proptest_config(ProptestConfig::with_cases(512))]
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
        ensure_that_enough_is_named(estate)?;
    }
}

fn shifted_or_same(forest: &Forest, changes: &[Change]) -> (Forest, Vec<crate::reorganization::Ending>) {
    if changes.is_empty() { (forest.clone(), Vec::new()) } else { shifted(forest, changes) }
}

/// What [`Shift`] and [`newcomers`] name is all that needs to be loaded.
fn ensure_that_enough_is_named(estate: Estate<'_>) -> Result<(), TestCaseError> {
    let shift = estate.shift;
    let (sources, successors, moved) = (shift.sources(), shift.successors(), shift.moved());
    let issuers: Vec<UnitId> = estate.bonds.iter().map(|bond| bond.issuer).collect();
    let replaced = shift.replaced(&issuers);
    let newcomers = newcomers(shift, estate.bonds);
    let is_new = |held: &Held<'_>| {
        let bond = |newcomer: &Newcomer| estate.bonds[newcomer.bond].requirement == held.bond.requirement;
        newcomers.iter().any(|newcomer| newcomer.unit == held.unit && bond(newcomer) || super::super::line::Forebears::of(shift, estate.predecessors).of_unit(newcomer.unit).contains(&held.unit) && bond(newcomer))
    };
    let is_named = |held: &Held<'_>| {
        held.state.is_open() && (sources.contains(&held.unit) || moved.contains(&held.unit))
            || successors.contains(&held.unit)
            || held.cause.is_some_and(Cause::ends_when_back) && moved.contains(&held.unit)
            || replaced.contains(&held.bond.issuer)
            || is_new(held)
    };
    let named: Vec<Held<'_>> = estate.held.iter().filter(|held| is_named(held)).cloned().collect();
    let again = plan_succession(Estate { held: &named, ..estate }, &[], Judgement::Planned).unwrap();
    let plain = plan_succession(estate, &[], Judgement::Planned).unwrap();
    prop_assert_eq!(again, plain);
    Ok(())
}
