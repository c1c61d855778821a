//! The changes themselves, once nothing stands in the way.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Above, Judged, Missing, TablePlan};
use crate::ids::UnitId;
use crate::reorganization::{Change, ChangeKind, Dissolve, Establish, ExternalId, Move, Reopen, Revise, UnitRef};
use crate::table::Row;
use crate::unit::OrgUnit;

use super::shape::Shape;

pub(super) fn plan(judged: &Judged<'_>, shape: &Shape, mut new_id: impl FnMut() -> UnitId) -> TablePlan {
    let order = shape.order(judged);
    let mut plan = TablePlan::default();
    let mut passing = Passing::of(judged);
    for &row in &order {
        if let Some(unit) = judged.units[row] {
            passing.free(&mut plan, judged, row, unit);
        }
    }
    let anchor = anchor(judged, &order);
    for &row in &order {
        match (judged.units[row], judged.back[row]) {
            (Some(unit), _) => {
                let parent = unit.parent.and_then(|parent| judged.ground.forest.unit(parent)).map(|unit| unit.code.clone());
                amend(&mut plan, judged, row, unit, parent, &passing);
            }
            (None, Some(unit)) => {
                reopen(&mut plan, judged, row, unit, anchor.as_ref());
                passing.free(&mut plan, judged, row, unit);
                amend(&mut plan, judged, row, unit, parent_of(judged, row), &passing);
            }
            (None, None) => plan.add(establish(judged, row, new_id(), &passing), Some(&judged.rows[row])),
        }
    }
    for row in order.into_iter().filter(|row| passing.waiting.contains(row)) {
        passing.give(&mut plan, judged, row);
    }
    if judged.ground.missing == Missing::Dissolve {
        // From the end of the tree order: children before their parents.
        for unit in judged.ground.forest.units().iter().rev().filter(|unit| !judged.by_code.contains_key(&*unit.code)) {
            plan.add(Change::Dissolve(Dissolve { unit: UnitRef::Id(unit.id), heir: None, children_to: None }), None);
        }
    }
    plan
}

impl TablePlan {
    fn add(&mut self, change: Change, row: Option<&Row>) {
        self.changes.push(change);
        self.rows.push(row.map(|row| row.number));
    }
}

fn nothing(code: &Arc<str>) -> Revise {
    Revise { unit: UnitRef::Code(code.clone()), name: None, short_name: None, member_count: None, external_ids: None }
}

fn held<'a>(judged: &'a Judged<'_>, unit: &OrgUnit) -> &'a [ExternalId] {
    judged.held.get(&unit.id).map_or(&[], Vec::as_slice)
}

/// External ids that pass from unit to unit, even crosswise: those that are given up are free before any is given.
struct Passing<'a> {
    wanted: HashSet<&'a ExternalId>,
    /// The rows of units that gave some up.
    freed: HashSet<usize>,
    /// The rows that want one of a unit that must be brought back before it can give it up: theirs are given at the end.
    waiting: HashSet<usize>,
}

impl<'a> Passing<'a> {
    fn of(judged: &Judged<'a>) -> Self {
        let wanted = judged.rows.iter().flat_map(|row| row.external_ids.iter().flatten()).collect();
        let back: HashSet<UnitId> = judged.back.iter().flatten().map(|unit| unit.id).collect();
        let waits = |row: &usize| {
            let own = judged.own(*row).map(|unit| unit.id);
            let holders = judged.rows[*row].external_ids.iter().flatten().filter_map(|id| judged.ground.taken.external_ids.get(id));
            holders.into_iter().any(|holder| back.contains(holder) && own != Some(*holder))
        };
        let waiting = if back.is_empty() { HashSet::new() } else { (0..judged.rows.len()).filter(waits).collect() };
        Self { wanted, freed: HashSet::new(), waiting }
    }

    fn free(&mut self, plan: &mut TablePlan, judged: &Judged<'_>, row: usize, unit: &OrgUnit) {
        let Some(after) = &judged.rows[row].external_ids else { return };
        let before = held(judged, unit);
        if before.iter().any(|id| !after.contains(id) && self.wanted.contains(id)) {
            let kept = before.iter().filter(|id| after.contains(id)).cloned().collect();
            plan.add(Change::Revise(Revise { external_ids: Some(kept), ..nothing(&unit.code) }), Some(&judged.rows[row]));
            self.freed.insert(row);
        }
    }

    /// What a row gives its unit, where that is not what it holds.
    fn given(&self, judged: &Judged<'_>, row: usize) -> Option<Vec<ExternalId>> {
        let before = judged.own(row).map_or(&[][..], |unit| held(judged, unit));
        judged.rows[row].external_ids.clone().filter(|after| {
            let begins_with = before.iter().filter(|id| !self.freed.contains(&row) || after.contains(id)).count();
            begins_with != after.len() || !after.iter().all(|id| before.contains(id))
        })
    }

    fn give(&self, plan: &mut TablePlan, judged: &Judged<'_>, row: usize) {
        if let (Some(code), Some(external_ids)) = (&judged.rows[row].code, self.given(judged, row)) {
            plan.add(Change::Revise(Revise { external_ids: Some(external_ids), ..nothing(code) }), Some(&judged.rows[row]));
        }
    }
}

/// The code of the parent that a row gives its unit.
fn parent_of(judged: &Judged<'_>, row: usize) -> Option<Arc<str>> {
    match judged.above(row) {
        Above::Row(above) => judged.rows[above].code.clone(),
        Above::Unit(above) => Some(above.code.clone()),
        Above::Nothing | Above::Unknown => None,
    }
}

/// A unit under which another one can be brought back on its way to be a root: without a parent it would come back under its last one.
fn anchor(judged: &Judged<'_>, order: &[usize]) -> Option<Arc<str>> {
    let active = judged.ground.forest.units().first().map(|unit| unit.code.clone());
    active.or_else(|| order.first().filter(|row| !judged.becomes_root(**row)).and_then(|row| judged.rows[*row].code.clone()))
}

fn reopen(plan: &mut TablePlan, judged: &Judged<'_>, row: usize, unit: &OrgUnit, anchor: Option<&Arc<str>>) {
    let given = Some(&judged.rows[row]);
    let at = UnitRef::Code(unit.code.clone());
    let by_the_way = anchor.filter(|_| judged.becomes_root(row));
    let parent = parent_of(judged, row).or_else(|| by_the_way.cloned()).map(UnitRef::Code);
    plan.add(Change::Reopen(Reopen { unit: at.clone(), parent }), given);
    if by_the_way.is_some() {
        plan.add(Change::Move(Move { unit: at, parent: None }), given);
    }
}

fn establish(judged: &Judged<'_>, row: usize, id: UnitId, passing: &Passing<'_>) -> Change {
    let given = &judged.rows[row];
    let waits = passing.waiting.contains(&row);
    Change::Establish(Establish {
        id,
        code: given.code.as_deref().unwrap_or_default().to_owned(),
        kind: judged.kinds[row].map(|kind| kind.code.to_string()).unwrap_or_default(),
        name: given.name.clone().unwrap_or_default(),
        short_name: given.short_name.clone().flatten(),
        member_count: given.member_count.flatten(),
        parent: given.parent.clone().flatten().map(UnitRef::Code),
        external_ids: given.external_ids.clone().filter(|_| !waits).unwrap_or_default(),
    })
}

/// What of a unit that stands under a parent is not as the table has it.
fn amend(plan: &mut TablePlan, judged: &Judged<'_>, row: usize, unit: &OrgUnit, stood: Option<Arc<str>>, passing: &Passing<'_>) {
    let given = &judged.rows[row];
    let at = UnitRef::Code(unit.code.clone());
    let parent = parent_of(judged, row);
    let moves = parent != stood;
    if let Some(kind) = judged.kinds[row].filter(|kind| kind.code != unit.kind) {
        let to = parent.clone().filter(|_| moves).map(UnitRef::Code);
        let becomes_root = moves && to.is_none();
        plan.add(Change::ChangeKind(ChangeKind { unit: at.clone(), kind: kind.code.to_string(), parent: to }), Some(given));
        if becomes_root {
            plan.add(Change::Move(Move { unit: at, parent: None }), Some(given));
        }
    } else if moves {
        plan.add(Change::Move(Move { unit: at, parent: parent.map(UnitRef::Code) }), Some(given));
    }
    let revise = Revise {
        name: given.name.clone().filter(|name| **name != *unit.name),
        short_name: given.short_name.clone().filter(|name| name.as_deref() != unit.short_name.as_deref()),
        member_count: given.member_count.filter(|count| count.map(i64::from) != unit.member_count.map(i64::from)),
        external_ids: Some(row).filter(|row| !passing.waiting.contains(row)).and_then(|row| passing.given(judged, row)),
        ..nothing(&unit.code)
    };
    if revise != nothing(&unit.code) {
        plan.add(Change::Revise(revise), Some(given));
    }
}
