//! How units end: merged, split, dissolved; where their children go, and who takes over (O6).

use std::collections::HashSet;

use super::super::{Change, Dissolve, Effect, EndAgain, Ending, Judgement, Merge, Moved, Split, SplitPart, Spot, SuccessionKind, UnitRef};
use super::{Batch, Pointer};
use crate::ids::UnitId;
use crate::refusal::{EndingRefusal, InputRefusal};
use crate::unit::OrgUnit;

/// The least parts of a split: with one it would be a dissolution with an heir.
const LEAST_PARTS: usize = 2;

impl Batch<'_> {
    pub(super) fn merge(&mut self, change: &Merge) {
        let given = change.units.iter().enumerate().map(|(item, unit)| (Spot::Item("units", item), unit));
        let units = self.distinct(given);
        let into = self.resolve("into", &change.into);
        if change.units.is_empty() {
            return self.refuse_in("units", InputRefusal::NothingGiven);
        }
        let (Some(units), Some(into)) = (units, into) else { return };
        let named = units.iter().enumerate().map(|(item, unit)| (*unit, Spot::Item("units", item)));
        let ending: Vec<(UnitId, Spot)> = named.filter(|(unit, _)| *unit != into).collect();
        if ending.is_empty() {
            let unit = self.code_of(into);
            return self.refuse_in("units", EndingRefusal::NothingMerged { unit });
        }
        let mut over = vec![self.needs("into", Some(into))];
        over.extend(ending.iter().map(|(unit, spot)| self.needs(*spot, self.find(*unit).and_then(|unit| unit.parent))));
        let refusals = self.refusals.len();
        for (unit, spot) in &ending {
            self.judge_end(*unit, *spot);
            self.judge_receiver(*unit, into, *spot);
        }
        if self.refusals.len() > refusals {
            return;
        }
        let together: HashSet<UnitId> = ending.iter().map(|(unit, _)| *unit).collect();
        let mut children = Vec::new();
        for (unit, spot) in &ending {
            let stay: Vec<UnitId> = self.children(*unit).into_iter().filter(|child| !together.contains(child)).collect();
            let Some(moved) = self.put_all(stay, into, *spot) else { return };
            children.extend(moved);
        }
        for (unit, _) in &ending {
            self.end(*unit);
            self.endings.push(Ending { unit: *unit, kind: SuccessionKind::Merge, heirs: vec![into], stays: false });
        }
        let asked = Merge { units: units.into_iter().map(UnitRef::Id).collect(), into: UnitRef::Id(into) };
        let ended = ending.into_iter().map(|(unit, _)| unit).collect();
        self.note(Change::Merge(asked), Effect::Merged { units: ended, into, children }, over);
    }

    pub(super) fn split(&mut self, change: &Split) {
        let unit = self.resolve("unit", &change.unit);
        let given = change.into.iter().enumerate().map(|(part, given)| (Spot::Part(part), &given.into));
        let parts = self.distinct(given);
        let Some(unit) = unit else { return };
        if change.into.len() < LEAST_PARTS {
            let unit = self.code_of(unit);
            return self.refuse_in("into", EndingRefusal::OnePart { unit });
        }
        let placed = self.parts_of_children(unit, &change.into);
        let (Some(parts), Some(placed)) = (parts, placed) else { return };
        let stays = parts.contains(&unit);
        if !stays {
            let left = self.left_unplaced(unit, &placed);
            let refusals = self.refusals.len();
            self.judge_end(unit, Spot::Field("unit"));
            if !left.is_empty() {
                self.refuse_unplaced(unit, &left, "into");
            }
            if self.refusals.len() > refusals {
                return;
            }
        }
        let mut over = vec![self.needs("unit", if stays { Some(unit) } else { self.find(unit).and_then(|unit| unit.parent) })];
        over.extend(parts.iter().enumerate().map(|(part, into)| self.needs(Spot::Part(part), Some(*into))));
        let mut children = Vec::new();
        for (part, (into, placed)) in parts.iter().zip(&placed).enumerate().filter(|(_, (into, _))| **into != unit) {
            for (item, child) in placed.iter().enumerate() {
                let Some(moved) = self.put(*child, Some(*into), self.at(Spot::PartChild(part, item))) else { return };
                children.push(moved);
            }
        }
        if !stays {
            self.end(unit);
        }
        let heirs = parts.iter().copied().filter(|part| *part != unit).collect();
        self.endings.push(Ending { unit, kind: SuccessionKind::Split, heirs, stays });
        let into = parts
            .iter()
            .zip(placed)
            .map(|(part, placed)| SplitPart { into: UnitRef::Id(*part), children: placed.into_iter().map(UnitRef::Id).collect() });
        let asked = Change::Split(Split { unit: UnitRef::Id(unit), into: into.collect() });
        self.note(asked, Effect::Split { unit, into: parts, children }, over);
    }

    pub(super) fn dissolve(&mut self, change: &Dissolve) {
        let Some(unit) = self.resolve("unit", &change.unit) else { return };
        let heir = change.heir.as_ref().map(|heir| self.resolve("heir", heir));
        let children_to = change.children_to.as_ref().map(|to| self.resolve("childrenTo", to));
        if matches!(heir, Some(None)) || matches!(children_to, Some(None)) {
            return;
        }
        let (heir, children_to) = (heir.flatten(), children_to.flatten());
        for (field, other) in [("heir", heir), ("childrenTo", children_to)] {
            if other == Some(unit) {
                let unit = self.code_of(unit);
                return self.refuse_in(field, EndingRefusal::OwnHeir { unit });
            }
        }
        let mut over = vec![self.needs("unit", self.find(unit).and_then(|unit| unit.parent))];
        over.extend(heir.map(|heir| self.needs("heir", Some(heir))));
        over.extend(children_to.map(|to| self.needs("childrenTo", Some(to))));
        let field = if children_to.is_some() || heir.is_none() { "childrenTo" } else { "heir" };
        let refusals = self.refusals.len();
        self.judge_end(unit, Spot::Field("unit"));
        let left = self.children(unit);
        match children_to.or(heir) {
            Some(to) => self.judge_receiver(unit, to, field.into()),
            None if left.is_empty() => {}
            None => self.refuse_unplaced(unit, &left, field),
        }
        if self.refusals.len() > refusals {
            return;
        }
        let children = children_to.or(heir).map(|to| self.put_all(left, to, field.into()));
        let Some(children) = children.unwrap_or_else(|| Some(Vec::new())) else { return };
        self.end(unit);
        self.endings.push(Ending { unit, kind: SuccessionKind::Heir, heirs: heir.into_iter().collect(), stays: false });
        let asked = Dissolve { unit: UnitRef::Id(unit), heir: heir.map(UnitRef::Id), children_to: children_to.map(UnitRef::Id) };
        self.note(Change::Dissolve(asked), Effect::Dissolved { unit, heir, children }, over);
    }

    pub(super) fn end_again(&mut self, change: &EndAgain) {
        let Some(unit) = self.resolve("unit", &change.unit) else { return };
        let over = vec![self.needs("unit", self.find(unit).and_then(|unit| unit.parent))];
        let refusals = self.refusals.len();
        self.judge_end(unit, Spot::Field("unit"));
        let left = self.children(unit);
        if !left.is_empty() {
            self.refuse_unplaced(unit, &left, "childrenTo");
        }
        if self.refusals.len() > refusals {
            return;
        }
        let Some(stands) = self.find(unit).cloned() else { return };
        self.end(unit);
        // It is remembered as it was when it had ended, not as the annulled batch made it stand.
        if let Some(work) = self.works.get_mut(&unit) {
            work.before = Some(Box::new(OrgUnit { parent: change.parent, ..stands }));
        }
        self.endings.push(Ending { unit, kind: SuccessionKind::Heir, heirs: change.heirs.clone(), stays: false });
        let asked = EndAgain { unit: UnitRef::Id(unit), ..change.clone() };
        self.note(Change::EndAgain(asked), Effect::Dissolved { unit, heir: None, children: Vec::new() }, over);
    }

    /// Who takes a unit's children does not stand below it, where it would come to stand under itself.
    fn judge_receiver(&mut self, unit: UnitId, to: UnitId, spot: Spot) {
        if self.stands_at_or_below(to, unit) {
            let (unit, to) = (self.code_of(unit), self.code_of(to));
            self.refuse_in(spot, EndingRefusal::ReceiverBelow { unit, to });
        }
    }

    fn put_all(&mut self, children: Vec<UnitId>, to: UnitId, spot: Spot) -> Option<Vec<Moved>> {
        let pointer = self.at(spot);
        children.into_iter().map(|child| self.put(child, Some(to), pointer)).collect()
    }

    /// Each child that a split names stands directly below the unit, and is named once.
    fn parts_of_children(&mut self, unit: UnitId, parts: &[SplitPart]) -> Option<Vec<Vec<UnitId>>> {
        let refusals = self.refusals.len();
        let mut seen = HashSet::new();
        let mut placed = Vec::with_capacity(parts.len());
        for (part, given) in parts.iter().enumerate() {
            let mut children = Vec::with_capacity(given.children.len());
            for (item, given) in given.children.iter().enumerate() {
                let spot = Spot::PartChild(part, item);
                let Some(child) = self.resolve(spot, given) else { continue };
                let (code, parent) = (self.code_of(child), self.code_of(unit));
                if self.find(child).is_none_or(|child| child.parent != Some(unit)) {
                    self.refuse_in(spot, EndingRefusal::NotAChild { unit: code, parent });
                } else if !seen.insert(child) {
                    self.refuse_in(spot, InputRefusal::Twice { given: code, of: None });
                } else {
                    children.push(child);
                }
            }
            placed.push(children);
        }
        (self.refusals.len() == refusals).then_some(placed)
    }

    fn left_unplaced(&self, unit: UnitId, placed: &[Vec<UnitId>]) -> Vec<UnitId> {
        let placed: HashSet<UnitId> = placed.iter().flatten().copied().collect();
        self.children(unit).into_iter().filter(|child| !placed.contains(child)).collect()
    }

    /// The units that a list points at, each once.
    fn distinct<'g>(&mut self, given: impl Iterator<Item = (Spot, &'g UnitRef)>) -> Option<Vec<UnitId>> {
        let refusals = self.refusals.len();
        let mut seen = HashSet::new();
        let mut units = Vec::new();
        for (spot, given) in given {
            let Some(unit) = self.resolve(spot, given) else { continue };
            if seen.insert(unit) {
                units.push(unit);
            } else {
                let given = self.code_of(unit);
                self.refuse_in(spot, InputRefusal::Twice { given, of: None });
            }
        }
        (self.refusals.len() == refusals).then_some(units)
    }

    /// One that this batch makes or opens would have no day to live.
    fn judge_end(&mut self, unit: UnitId, spot: Spot) {
        if self.works.get(&unit).is_some_and(|work| work.before.is_none()) {
            let unit = self.code_of(unit);
            self.refuse_in(spot, EndingRefusal::BeginsInBatch { unit });
        }
    }

    fn end(&mut self, unit: UnitId) {
        let index = self.index;
        self.work(unit);
        if let Some(work) = self.works.get_mut(&unit) {
            (work.after, work.ended_by) = (None, Some(index));
        }
    }

    fn refuse_unplaced(&mut self, unit: UnitId, children: &[UnitId], field: &'static str) {
        let codes = children.iter().map(|child| self.code_of(*child)).collect();
        let unit = self.code_of(unit);
        self.refuse_in(field, EndingRefusal::ChildrenUnplaced { unit, children: codes });
    }

    /// Who takes over lives on, or leaves an heir too: duties that were taken over are not lost within one batch (O6, S6).
    pub(super) fn judge_heirs(&mut self) {
        // By an annulment nothing passes on.
        if self.ground.judgement == Judgement::TakenBack {
            return;
        }
        let leaves_none = |ending: &&Ending| !ending.stays && ending.heirs.is_empty();
        let without_heir: HashSet<UnitId> = self.endings.iter().filter(leaves_none).map(|ending| ending.unit).collect();
        let mut lost = Vec::new();
        for ending in &self.endings {
            for heir in ending.heirs.iter().filter(|heir| without_heir.contains(heir)) {
                let ended_by = self.works.get(heir).and_then(|work| work.ended_by);
                lost.extend(ended_by.map(|change| (change, self.code_of(*heir), self.code_of(ending.unit))));
            }
        }
        for (change, heir, unit) in lost {
            let pointer = Pointer { change, verb: "dissolve", spot: Spot::Field("heir") };
            self.refusals.push((change, pointer.lead(EndingRefusal::HeirLeavesNone { heir, unit }.into())));
        }
    }
}
