//! Random trees, batches, requirements, obligations and decisions.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::super::*;
use super::super::{TODAY, directive, obligation, requirement};
use crate::fixture::{self, day, id};
use crate::forest::Forest;
use crate::reorganization::{Change, ChangeKind, Dissolve, Establish, Ground, Merge, Move, Reopen, Split, SplitPart, Taken, UnitRef, plan};
use crate::scope::Reach;
use crate::unit::OrgUnit;

pub(super) const KINDS: [&str; 2] = ["GRASSROOTS_COMMITTEE", "CELL"];
pub(super) const UNITS: usize = 7;
pub(super) const ALL: usize = 10;
pub(super) const DAYS: [Option<&str>; 5] = [None, Some("2025-05-01"), Some("2025-06-30"), Some(TODAY), Some("2025-12-31")];

/// The first are those that the tree begins with; the others, those that batches may establish.
pub(super) fn unit(number: usize) -> UnitId {
    id(&format!("u{number}"))
}

#[derive(Clone, Debug)]
pub(super) struct Wish {
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

pub(super) fn any_wish() -> impl Strategy<Value = Wish> {
    let verb = prop_oneof![2 => Just(0_u8), 6 => Just(1), 1 => Just(2), 3 => Just(3), 2 => Just(4), 2 => Just(5), 2 => Just(6), 2 => Just(7), 2 => Just(8)];
    (verb, prop::array::uniform4(0..ALL), 0..KINDS.len()).prop_map(|(verb, units, kind)| Wish { verb, units, kind })
}

/// Those of the wishes that can be done, one after the other.
pub(super) fn possible(forest: &Forest, wishes: &[Wish]) -> Vec<Change> {
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

pub(super) fn any_forest() -> impl Strategy<Value = Forest> {
    let row = (any::<Index>(), prop::bool::weighted(0.08), 0..KINDS.len());
    prop::collection::vec(row, UNITS).prop_map(|rows| {
        let units = rows.iter().enumerate().map(|(at, (above, is_root, kind))| {
            let parent = (at > 0 && !is_root).then(|| unit(above.index(at)));
            fixture::unit(&format!("u{at}"), KINDS[*kind], parent)
        });
        Forest::build(units.collect::<Vec<OrgUnit>>(), &fixture::kinds()).unwrap()
    })
}

pub(super) fn any_bond() -> impl Strategy<Value = Bond> {
    let few = || prop::collection::vec((1..ALL).prop_map(unit), 0..2);
    let near_the_top = || prop_oneof![4 => 0..3_usize, 1 => 0..UNITS];
    let who = (near_the_top(), near_the_top(), prop_oneof![2 => Just(2_usize), 1 => 0..Reach::ALL.len()], 0..6_usize);
    (who, (few(), few(), few()), prop_oneof![1 => 0..DAYS.len(), 2 => Just(4_usize)], prop::bool::weighted(0.8), 0..40_u32).prop_map(
        |(who, lists, due, late, grace)| {
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
        },
    )
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    bond: Index,
    unit: usize,
    state: usize,
    days: (usize, usize),
    kept: bool,
    cause: usize,
    is_of_the_current_period: bool,
}

pub(super) fn any_row() -> impl Strategy<Value = Row> {
    let days = (0..DAYS.len(), 0..DAYS.len());
    // Most are open, since those are what moves, or were released because their unit was not there.
    let state = prop_oneof![4 => 0..5_usize, 1 => 5..State::ALL.len(), 1 => Just(7_usize)];
    let all = (
        any::<Index>(),
        0..ALL,
        state,
        days,
        prop::bool::weighted(0.3),
        prop_oneof![1 => 0..Cause::ALL.len(), 1 => 4..6_usize],
        prop::bool::weighted(0.8),
    );
    all.prop_map(|(bond, unit, state, days, kept, cause, now)| Row { bond, unit, state, days, kept, cause, is_of_the_current_period: now })
}

#[derive(Clone, Debug)]
pub(super) struct Wanted {
    from: usize,
    action: u8,
    to: usize,
    directives: Vec<usize>,
    requirements: Vec<usize>,
}

pub(super) fn any_wanted() -> impl Strategy<Value = Wanted> {
    let few = || prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(0..3_usize, 1..3)];
    (prop_oneof![1 => 0..3_usize, 1 => 0..ALL], 0..3_u8, 0..ALL, few(), few())
        .prop_map(|(from, action, to, directives, requirements)| Wanted { from, action, to, directives, requirements })
}

#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) first: Forest,
    pub(super) earlier: Vec<Wish>,
    pub(super) wishes: Vec<Wish>,
    pub(super) bonds: Vec<Bond>,
    pub(super) rows: Vec<Row>,
    pub(super) wanted: Vec<Wanted>,
}

pub(super) fn any_world() -> impl Strategy<Value = World> {
    let bonds = prop::collection::vec(any_bond(), 1..4).prop_map(|mut bonds| {
        for (at, bond) in bonds.iter_mut().enumerate() {
            (bond.requirement, bond.directive) = (requirement(&format!("r{at}")), directive(&format!("d{}", at / 2)));
        }
        bonds
    });
    let wishes = |most| prop::collection::vec(any_wish(), 2..most);
    let rows = prop::collection::vec(any_row(), 0..50);
    (any_forest(), wishes(8), wishes(16), bonds, rows, prop::collection::vec(any_wanted(), 0..4))
        .prop_map(|(first, earlier, wishes, bonds, rows, wanted)| World { first, earlier, wishes, bonds, rows, wanted })
}

pub(super) fn decision(wanted: &Wanted) -> Decision {
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
pub(super) fn held<'a>(world: &'a World, shift: Shift<'_>) -> Vec<Held<'a>> {
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
            is_void: state == State::Released && Cause::ALL[row.cause] == Cause::Annulled,
        });
    }
    held
}
