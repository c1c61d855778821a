//! How units end: merged, split, dissolved; where their children go, and who takes over (O6).

use std::collections::HashSet;

use super::super::{Change, Dissolve, Effect, Ending, Merge, Moved, Over, Split, SplitPart, SuccessionKind, UnitRef};
use super::{Batch, Pointer};
use crate::ids::UnitId;
use crate::refusal::{EndingRefusal, InputRefusal};

/// The least parts of a split: with one it would be a dissolution with an heir.
const LEAST_PARTS: usize = 2;

impl Batch<'_> {
    pub(super) fn merge(&mut self, change: &Merge) {
        let Some(units) = self.distinct("units", &change.units) else { return };
        let Some(into) = self.resolve("into", &change.into) else { return };
        let mut asked: Vec<UnitRef> = Vec::with_capacity(units.len());
        let mut over = vec![self.needs("into", Some(into))];
        let (mut ended, mut children) = (Vec::new(), Vec::new());
        for (item, unit) in units.into_iter().enumerate() {
            asked.push(UnitRef::Id(unit));
            if unit == into {
                continue;
            }
            over.push(Over { index: Some(item), ..self.needs("units", self.find(unit).and_then(|unit| unit.parent)) });
            let pointer = Pointer { item: Some(item), ..self.at("units") };
            let Some(moved) = self.children_to(unit, Some(into), pointer) else { return };
            children.extend(moved);
            if !self.end(unit, pointer) {
                return;
            }
            self.endings.push(Ending { unit, kind: SuccessionKind::Merge, heirs: vec![into], stays: false });
            ended.push(unit);
        }
        if ended.is_empty() {
            let unit = self.code_of(into);
            return self.refuse_in("units", EndingRefusal::NothingMerged { unit });
        }
        let asked = Change::Merge(Merge { units: asked, into: UnitRef::Id(into) });
        self.note(asked, Effect::Merged { units: ended, into, children }, over);
    }

    pub(super) fn split(&mut self, change: &Split) {
        let Some(unit) = self.resolve("unit", &change.unit) else { return };
        let targets: Vec<UnitRef> = change.into.iter().map(|part| part.into.clone()).collect();
        if targets.len() < LEAST_PARTS {
            let unit = self.code_of(unit);
            return self.refuse_in("into", EndingRefusal::OnePart { unit });
        }
        let Some(parts) = self.distinct("into", &targets) else { return };
        let stays = parts.contains(&unit);
        let mut over = vec![self.needs("unit", if stays { Some(unit) } else { self.find(unit).and_then(|unit| unit.parent) })];
        over.extend(parts.iter().enumerate().map(|(item, part)| Over { index: Some(item), ..self.needs("into", Some(*part)) }));
        let Some(placed) = self.parts_of_children(unit, &change.into) else { return };
        let mut children = Vec::new();
        for ((item, part), placed) in parts.iter().enumerate().zip(&placed) {
            let pointer = Pointer { item: Some(item), ..self.at("into") };
            for &child in placed.iter().filter(|_| *part != unit) {
                let Some(moved) = self.put(child, Some(*part), pointer) else { return };
                children.push(moved);
            }
        }
        if !stays {
            let left = self.children(unit);
            if !left.is_empty() {
                return self.refuse_unplaced(unit, &left, "into");
            }
            if !self.end(unit, self.at("unit")) {
                return;
            }
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
        let Some(children) = self.children_to(unit, children_to.or(heir), self.at(field)) else { return };
        if !self.end(unit, self.at("unit")) {
            return;
        }
        self.endings.push(Ending { unit, kind: SuccessionKind::Heir, heirs: heir.into_iter().collect(), stays: false });
        let asked = Dissolve { unit: UnitRef::Id(unit), heir: heir.map(UnitRef::Id), children_to: children_to.map(UnitRef::Id) };
        self.note(Change::Dissolve(asked), Effect::Dissolved { unit, heir, children }, over);
    }

    /// What a unit leaves behind stands under `to` from now on.
    fn children_to(&mut self, unit: UnitId, to: Option<UnitId>, pointer: Pointer) -> Option<Vec<Moved>> {
        let children = self.children(unit);
        if children.is_empty() {
            return Some(Vec::new());
        }
        let Some(to) = to else {
            self.refuse_unplaced(unit, &children, pointer.field);
            return None;
        };
        children.into_iter().map(|child| self.put(child, Some(to), pointer)).collect()
    }

    /// Each child that a split names stands directly below the unit, and is named once.
    fn parts_of_children(&mut self, unit: UnitId, parts: &[SplitPart]) -> Option<Vec<Vec<UnitId>>> {
        let refusals = self.refusals.len();
        let below: HashSet<UnitId> = self.children(unit).into_iter().collect();
        let mut seen = HashSet::new();
        let mut placed = Vec::with_capacity(parts.len());
        for (item, part) in parts.iter().enumerate() {
            let mut children = Vec::with_capacity(part.children.len());
            for given in &part.children {
                let Some(child) = self.resolve_item("into", Some(item), given) else { continue };
                let (code, of) = (self.code_of(child), self.code_of(unit));
                if !below.contains(&child) {
                    self.refuse_at("into", Some(item), EndingRefusal::NotAChild { unit: code, parent: of }.into());
                } else if !seen.insert(child) {
                    self.refuse_at("into", Some(item), InputRefusal::Twice { given: code }.into());
                } else {
                    children.push(child);
                }
            }
            placed.push(children);
        }
        (self.refusals.len() == refusals).then_some(placed)
    }

    /// The units that a list points at, each once.
    fn distinct(&mut self, field: &'static str, given: &[UnitRef]) -> Option<Vec<UnitId>> {
        let refusals = self.refusals.len();
        let mut seen = HashSet::new();
        let mut units = Vec::with_capacity(given.len());
        for (item, given) in given.iter().enumerate() {
            let Some(unit) = self.resolve_item(field, Some(item), given) else { continue };
            if seen.insert(unit) {
                units.push(unit);
            } else {
                let given = self.code_of(unit);
                self.refuse_at(field, Some(item), InputRefusal::Twice { given }.into());
            }
        }
        if given.is_empty() {
            self.refuse_in(field, InputRefusal::NothingGiven);
        }
        (self.refusals.len() == refusals).then_some(units)
    }

    /// Ends a unit; one that this batch makes or opens has no day to live, so that it is refused.
    fn end(&mut self, unit: UnitId, pointer: Pointer) -> bool {
        let index = self.index;
        self.work(unit);
        let Some(work) = self.works.get_mut(&unit) else { return false };
        if work.before.is_none() {
            let code = self.code_of(unit);
            self.refusals.push((index, pointer.lead(EndingRefusal::BeginsInBatch { unit: code }.into())));
            return false;
        }
        (work.after, work.ended_by) = (None, Some(index));
        true
    }

    fn refuse_unplaced(&mut self, unit: UnitId, children: &[UnitId], field: &'static str) {
        let codes = children.iter().map(|child| self.code_of(*child)).collect();
        let unit = self.code_of(unit);
        self.refuse_in(field, EndingRefusal::ChildrenUnplaced { unit, children: codes });
    }

    /// Who takes over lives on, or leaves an heir too: duties that were taken over are not lost within one batch (O6, S6).
    pub(super) fn judge_heirs(&mut self) {
        let mut lost = Vec::new();
        for ending in &self.endings {
            for heir in &ending.heirs {
                let end = self.endings.iter().find(|other| other.unit == *heir && !other.stays && other.heirs.is_empty());
                if let (Some(_), Some(change)) = (end, self.works.get(heir).and_then(|work| work.ended_by)) {
                    lost.push((change, self.code_of(*heir), self.code_of(ending.unit)));
                }
            }
        }
        for (change, heir, unit) in lost {
            let pointer = Pointer { change, verb: "dissolve", field: "heir", item: None };
            self.refusals.push((change, pointer.lead(EndingRefusal::HeirLeavesNone { heir, unit }.into())));
        }
    }
}
