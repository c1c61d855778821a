//! What an annulment changes: from the tree of today to the tree of today without the batch that was a mistake (O5).

use std::collections::HashMap;

use super::{Change, ChangeKind, Dissolve, EndAgain, ExternalId, Move, Reopen, Revise, UnitRef};
use crate::forest::{Ended, Forest};
use crate::ids::UnitId;
use crate::unit::OrgUnit;

/// The changes that lead from `now` to `without`, by ids and in an order in which each is possible: units that are active again, parents
/// first; every unit to its place, from the top; then units that would not be active end, from the bottom: those that only the annulled
/// batch established without an heir, those that it opened again as they had ended before.
pub fn changes_back(now: &Forest, without: &Forest) -> Vec<Change> {
    let mut changes = Vec::new();
    for unit in without.units() {
        match now.unit(unit.id) {
            Some(stands) => change_back(&mut changes, stands, unit),
            None => {
                changes.push(Change::Reopen(Reopen { unit: UnitRef::Id(unit.id), parent: unit.parent.map(UnitRef::Id) }));
                if let Some(ended) = now.ended(unit.id) {
                    change_back(&mut changes, &OrgUnit { parent: unit.parent, ..ended.unit.clone() }, unit);
                }
            }
        }
    }
    for stands in now.units().iter().rev().filter(|unit| without.unit(unit.id).is_none()) {
        let unit = UnitRef::Id(stands.id);
        match without.ended(stands.id) {
            Some(Ended { unit: was, heirs, .. }) => {
                change_back(&mut changes, &OrgUnit { parent: was.parent, ..stands.clone() }, was);
                changes.push(Change::EndAgain(EndAgain { unit, heirs: heirs.clone(), parent: was.parent }));
            }
            None => changes.push(Change::Dissolve(Dissolve { unit, heir: None, children_to: None })),
        }
    }
    changes
}

/// Puts before and after `changes` what gives units back the external identifiers that they hold `without` the mistake, where that is not
/// what they hold `now`: first all are taken that do not stay, so that two units can exchange theirs. A unit that has ended keeps what it has.
pub fn give_external_ids_back(
    changes: &mut Vec<Change>,
    (now, now_held): (&Forest, &HashMap<UnitId, Vec<ExternalId>>),
    (without, without_held): (&Forest, &HashMap<UnitId, Vec<ExternalId>>),
) {
    let mut given: Vec<(UnitId, &[ExternalId])> = without_held.iter().map(|(unit, ids)| (*unit, ids.as_slice())).collect();
    given.retain(|(unit, ids)| now_held.get(unit).map_or(&[][..], Vec::as_slice) != *ids);
    given.sort_by_key(|(unit, _)| *unit);
    let revise = |unit: UnitId, ids: &[ExternalId]| {
        let unit = UnitRef::Id(unit);
        Change::Revise(Revise { unit, name: None, short_name: None, member_count: None, external_ids: Some(ids.to_vec()) })
    };
    let stands = |forest: &Forest, unit: UnitId| forest.unit(unit).is_some();
    let taken = given.iter().filter(|(unit, _)| stands(now, *unit) && now_held.contains_key(unit));
    changes.splice(0..0, taken.map(|(unit, _)| revise(*unit, &[])).collect::<Vec<_>>());
    changes.extend(given.iter().filter(|(unit, ids)| stands(without, *unit) && !ids.is_empty()).map(|(unit, ids)| revise(*unit, ids)));
}

fn change_back(changes: &mut Vec<Change>, from: &OrgUnit, to: &OrgUnit) {
    let unit = UnitRef::Id(to.id);
    if from.parent != to.parent {
        changes.push(Change::Move(Move { unit: unit.clone(), parent: to.parent.map(UnitRef::Id) }));
    }
    if from.kind != to.kind {
        changes.push(Change::ChangeKind(ChangeKind { unit: unit.clone(), kind: to.kind.to_string(), parent: None }));
    }
    let revise = Revise {
        unit,
        name: (from.name != to.name).then(|| to.name.to_string()),
        short_name: (from.short_name != to.short_name).then(|| to.short_name.as_ref().map(ToString::to_string)),
        member_count: (from.member_count != to.member_count).then(|| to.member_count.and_then(|count| i32::try_from(count).ok())),
        external_ids: None,
    };
    if revise.name.is_some() || revise.short_name.is_some() || revise.member_count.is_some() {
        changes.push(Change::Revise(revise));
    }
}
