//! Where a unit stands, and as what: moves, changes of kind, reopening, and whether the register permits it (O1, O3).

use std::collections::HashMap;

use super::super::{Change, ChangeKind, Effect, Judgement, Move, Moved, Reopen, UnitRef};
use super::{Batch, Pointer, Work};
use crate::day::Day;
use crate::ids::UnitId;
use crate::kind::{KindRegister, UnitKind};
use crate::refusal::{EndingRefusal, KindName, Permitted, Placement, Refusal, TreeRefusal};

impl Batch<'_> {
    pub(super) fn relocate(&mut self, change: &Move) {
        let unit = self.resolve("unit", &change.unit);
        let parent = change.parent.as_ref().map(|parent| self.resolve("parent", parent));
        let (Some(unit), Some(to)) = (unit, parent.map_or(Some(None), |found| found.map(Some))) else { return };
        let Some(from) = self.find(unit).map(|unit| unit.parent) else { return };
        if from == to && !self.is_repeated() {
            let (unit, parent) = (self.code_of(unit), to.map(|to| self.code_of(to)).unwrap_or_default());
            return self.refuse_in("parent", TreeRefusal::StandsThere { unit, parent });
        }
        let over = vec![self.needs("unit", from), self.needs("parent", to)];
        let Some(moved) = self.put(unit, to, self.at("parent")) else { return };
        let asked = Move { unit: UnitRef::Id(unit), parent: to.map(UnitRef::Id) };
        self.note(Change::Move(asked), Effect::Moved(moved), over);
    }

    pub(super) fn change_kind(&mut self, change: &ChangeKind) {
        self.check_kind(&change.kind);
        let unit = self.resolve("unit", &change.unit);
        let parent = change.parent.as_ref().map(|parent| self.resolve("parent", parent));
        let (Some(unit), Some(parent)) = (unit, parent.map_or(Some(None), |found| found.map(Some))) else { return };
        let Some(before) = self.find(unit) else { return };
        let (from, stood) = (before.kind.clone(), before.parent);
        let to = parent.or(stood);
        if *from == *change.kind && to == stood && !self.is_repeated() {
            let unit = self.code_of(unit);
            return self.refuse_in("kind", TreeRefusal::NothingRevised { unit });
        }
        let mut over = vec![self.needs("unit", stood)];
        over.extend(parent.map(|parent| self.needs("parent", Some(parent))));
        let pointer = self.at(if parent.is_some() { "parent" } else { "kind" });
        let mut moved = None;
        if to != stood {
            moved = self.put(unit, to, pointer);
            if moved.is_none() {
                return;
            }
        }
        if *from != *change.kind {
            self.placed.push((unit, pointer));
            self.changed_kind.insert(unit, self.at("kind"));
        }
        if let Some(work) = self.work(unit) {
            work.kind = change.kind.as_str().into();
        }
        let asked = ChangeKind { unit: UnitRef::Id(unit), kind: change.kind.clone(), parent: parent.map(UnitRef::Id) };
        let effect = Effect::KindChanged { unit, from, to: change.kind.as_str().into(), moved };
        self.note(Change::ChangeKind(asked), effect, over);
    }

    pub(super) fn reopen(&mut self, change: &Reopen) {
        let Some(unit) = self.ended(&change.unit) else { return };
        let Some(ended) = self.ground.forest.ended(unit) else { return };
        let parent = match &change.parent {
            Some(parent) => {
                let Some(parent) = self.resolve("parent", parent) else { return };
                Some(parent)
            }
            // What takes back names where a unit stood; without a parent it was a root.
            None if self.ground.judgement == Judgement::TakenBack => None,
            None => ended.unit.parent,
        };
        let mut after = ended.unit.clone();
        if let Some(parent) = parent.filter(|&parent| self.find(parent).is_none()) {
            let (unit, parent) = (after.code.to_string(), self.code_of(parent));
            return self.refuse_in("parent", EndingRefusal::ParentEnded { unit, parent });
        }
        after.parent = parent;
        after.version = after.version.saturating_add(1);
        // It leaves the place at which it counted (C5), as a unit that moves leaves its parent.
        let over = vec![self.needs("unit", self.ground.forest.standing(unit)), self.needs("parent", parent)];
        let rights_over = parent.and_then(|parent| self.over(parent));
        self.order.push(unit);
        self.works.insert(unit, Work { before: None, after: Some(Box::new(after)), rights_over, ended_by: None });
        self.placed.push((unit, self.at("parent")));
        if let Some(parent) = parent {
            self.came_under.entry(parent).or_default().push(unit);
        }
        let asked = Reopen { unit: UnitRef::Id(unit), parent: parent.filter(|_| change.parent.is_some()).map(UnitRef::Id) };
        self.note(Change::Reopen(asked), Effect::Reopened { unit, parent }, over);
    }

    /// The unit that had ended before the batch, and that nothing in it has opened again.
    fn ended(&mut self, given: &UnitRef) -> Option<UnitId> {
        let found = self.known(given).filter(|&unit| self.find(unit).is_none() && self.ground.forest.ended(unit).is_some());
        if found.is_some() {
            return found;
        }
        let active = self.resolve("unit", given)?;
        let unit = self.code_of(active);
        self.refuse_in("unit", EndingRefusal::IsActive { unit });
        None
    }

    /// Puts a unit under another one, or makes it a root; its new place is judged at the end.
    pub(super) fn put(&mut self, unit: UnitId, to: Option<UnitId>, pointer: Pointer) -> Option<Moved> {
        if to.is_some_and(|to| self.stands_at_or_below(to, unit)) {
            let (unit, parent) = (self.code_of(unit), to.map(|to| self.code_of(to)).unwrap_or_default());
            let refusal = pointer.lead(TreeRefusal::Cycle { unit, parent }.into());
            self.refusals.push((self.index, refusal));
            return None;
        }
        let work = self.work(unit)?;
        let from = std::mem::replace(&mut work.parent, to);
        if let Some(to) = to {
            self.came_under.entry(to).or_default().push(unit);
        }
        if from != to {
            self.placed.push((unit, pointer));
        }
        Some(Moved { unit, from, to })
    }

    pub(super) fn stands_at_or_below(&self, unit: UnitId, top: UnitId) -> bool {
        std::iter::successors(Some(unit), |&at| self.find(at).and_then(|unit| unit.parent)).any(|at| at == top)
    }

    /// O1, O3: every placement that begins with the batch is permitted on its day, as the batch leaves it.
    pub(super) fn judge_placements(&mut self) {
        if self.ground.judgement == Judgement::TakenBack {
            return;
        }
        let mut last: HashMap<UnitId, Pointer> = HashMap::new();
        let mut order = Vec::new();
        let mut placed = std::mem::take(&mut self.placed);
        for (parent, pointer) in std::mem::take(&mut self.changed_kind) {
            placed.extend(self.children(parent).into_iter().map(|child| (child, pointer)));
        }
        for (unit, pointer) in placed {
            match last.get_mut(&unit) {
                Some(before) if before.change > pointer.change => {}
                Some(before) => *before = pointer,
                None => {
                    last.insert(unit, pointer);
                    order.push(unit);
                }
            }
        }
        for unit in order {
            let refusal = self.misplaced(unit).filter(|_| !self.stood_so(unit)).zip(last.get(&unit));
            if let Some((refusal, pointer)) = refusal {
                self.refusals.push((pointer.change, pointer.lead(refusal)));
            }
        }
    }

    /// Whether no placement begins: the unit stood there before the batch, and both were of the kinds that they are of.
    fn stood_so(&self, unit: UnitId) -> bool {
        let forest = self.ground.forest;
        let (Some(before), Some(after)) = (forest.unit(unit), self.find(unit)) else { return false };
        let kinds_above = (
            before.parent.and_then(|above| forest.unit(above)).map(|above| &above.kind),
            after.parent.and_then(|above| self.find(above)).map(|above| &above.kind),
        );
        before.parent == after.parent && before.kind == after.kind && kinds_above.0 == kinds_above.1
    }

    fn misplaced(&self, unit: UnitId) -> Option<Refusal> {
        let unit = self.find(unit)?;
        let kinds = self.ground.kinds;
        let kind = kinds.get(&unit.kind)?;
        let above = unit.parent.map(|parent| self.find(parent).and_then(|unit| kinds.get(&unit.kind)));
        // The kind of the parent was refused where the parent got it.
        if above == Some(None) {
            return None;
        }
        misplacement(kinds, kind, above.flatten(), self.ground.day)
            .err()
            .map(|placement| TreeRefusal::PlacementNotPermitted(placement).into())
    }
}

/// Whether a placement of a unit of `kind` under one of the kind `above` (`None`: as a root) may begin on a day (O1).
///
/// # Errors
/// What is not permitted, and where the kind may stand instead.
pub fn misplacement(kinds: &KindRegister, kind: &UnitKind, above: Option<&UnitKind>, on: Day) -> Result<(), Box<Placement>> {
    if kind.may_stand_under(above.map(|above| &*above.code), on) {
        return Ok(());
    }
    let under = kinds.all().iter().filter(|above| kind.may_stand_under(Some(&above.code), on)).map(KindName::from).collect();
    let permitted = Permitted { under, as_root: kind.may_stand_under(None, on) };
    Err(Box::new(Placement { kind: kind.into(), parent: above.map(KindName::from), on, permitted }))
}
