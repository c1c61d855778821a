//! The changes themselves, once nothing stands in the way.

use std::collections::HashSet;

use super::{Above, Judged, Missing, TablePlan};
use crate::ids::UnitId;
use crate::reorganization::{Change, ChangeKind, Dissolve, Establish, ExternalId, Move, Revise, UnitRef};
use crate::table::Row;
use crate::unit::OrgUnit;

use super::shape::Shape;

pub(super) fn plan(judged: &Judged<'_>, shape: &Shape, mut new_id: impl FnMut() -> UnitId) -> TablePlan {
    let order = shape.order(judged.rows.len());
    let mut plan = TablePlan::default();
    // One external id may pass from unit to unit, even crosswise: those that are given up are free before any is given.
    let wanted: HashSet<&ExternalId> = judged.rows.iter().flat_map(|row| row.external_ids.iter().flatten()).collect();
    let mut freed = HashSet::new();
    for &row in &order {
        let (Some(unit), Some(after)) = (judged.units[row], &judged.rows[row].external_ids) else { continue };
        let before = held(judged, unit);
        let passes_on = |id: &ExternalId| !after.contains(id) && wanted.contains(id);
        if before.iter().any(passes_on) {
            let kept = before.iter().filter(|id| after.contains(id)).cloned().collect();
            plan.add(Change::Revise(Revise { external_ids: Some(kept), ..nothing(unit) }), Some(&judged.rows[row]));
            freed.insert(row);
        }
    }
    for &row in &order {
        match judged.units[row] {
            Some(unit) => amend(&mut plan, judged, row, unit, freed.contains(&row)),
            None => plan.add(establish(judged, row, new_id()), Some(&judged.rows[row])),
        }
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

fn nothing(unit: &OrgUnit) -> Revise {
    Revise { unit: UnitRef::Code(unit.code.clone()), name: None, short_name: None, member_count: None, external_ids: None }
}

fn held<'a>(judged: &'a Judged<'_>, unit: &OrgUnit) -> &'a [ExternalId] {
    judged.held.get(&unit.id).map_or(&[], Vec::as_slice)
}

fn establish(judged: &Judged<'_>, row: usize, id: UnitId) -> Change {
    let given = &judged.rows[row];
    Change::Establish(Establish {
        id,
        code: given.code.as_deref().unwrap_or_default().to_owned(),
        kind: judged.kinds[row].map(|kind| kind.code.to_string()).unwrap_or_default(),
        name: given.name.clone().unwrap_or_default(),
        short_name: given.short_name.clone().flatten(),
        member_count: given.member_count.flatten(),
        parent: given.parent.clone().flatten().map(UnitRef::Code),
        external_ids: given.external_ids.clone().unwrap_or_default(),
    })
}

/// What of a unit of the tree is not as the table has it.
fn amend(plan: &mut TablePlan, judged: &Judged<'_>, row: usize, unit: &OrgUnit, was_freed: bool) {
    let given = &judged.rows[row];
    let at = UnitRef::Code(unit.code.clone());
    let parent = match judged.above(row) {
        Above::Row(above) => judged.rows[above].code.clone(),
        Above::Unit(above) => Some(above.code.clone()),
        Above::Nothing | Above::Unknown => None,
    };
    let stood = unit.parent.and_then(|parent| judged.ground.forest.unit(parent)).map(|unit| unit.code.clone());
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
    let before = held(judged, unit);
    let external_ids = given.external_ids.clone().filter(|after| {
        let begins_with = before.iter().filter(|id| !was_freed || after.contains(id)).count();
        begins_with != after.len() || !after.iter().all(|id| before.contains(id))
    });
    let revise = Revise {
        name: given.name.clone().filter(|name| **name != *unit.name),
        short_name: given.short_name.clone().filter(|name| name.as_deref() != unit.short_name.as_deref()),
        member_count: given.member_count.filter(|count| count.map(i64::from) != unit.member_count.map(i64::from)),
        external_ids,
        ..nothing(unit)
    };
    if revise != nothing(unit) {
        plan.add(Change::Revise(revise), Some(given));
    }
}
