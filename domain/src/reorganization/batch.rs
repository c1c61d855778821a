//! A batch while it is planned: the forest of its day, and over it what the changes so far have made of it.
//!
//! A refused change leaves a trace all the same (its unit exists, under its code), so that those that build on it are judged by
//! themselves and are not refused for its sake.

mod ending;
mod identity;
mod placement;

pub use placement::misplacement;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::plan::{Ending, Over, PlannedChange, Spot, Touched};
use super::{Change, Effect, ExternalId, Ground, Judgement, Plan, UnitRef};
use crate::ids::UnitId;
use crate::refusal::{EndingRefusal, InputRefusal, Noun, Refusal};
use crate::text;
use crate::unit::OrgUnit;

/// A unit that the batch touches; boxed, since a table that is kept half empty holds very many of them.
struct Work {
    before: Option<Box<OrgUnit>>,
    /// `None` where it has ended.
    after: Option<Box<OrgUnit>>,
    /// For a unit that begins with the batch: the nearest one above that stands already; `None` where a new root stands above.
    rights_over: Option<UnitId>,
    /// The change that ended it.
    ended_by: Option<usize>,
}

/// Where in the input a value stands.
#[derive(Clone, Copy)]
struct Pointer {
    change: usize,
    verb: &'static str,
    spot: Spot,
}

impl Pointer {
    fn lead(self, refusal: Refusal) -> Refusal {
        self.spot.lead(refusal).within(self.verb).at(self.change).within("changes")
    }
}

pub(super) struct Batch<'a> {
    ground: Ground<'a>,
    works: HashMap<UnitId, Work>,
    order: Vec<UnitId>,
    made: HashMap<Arc<str>, UnitId>,
    made_folded: HashSet<String>,
    /// Units that at some time in the batch came to stand under another one, by that one.
    came_under: HashMap<UnitId, Vec<UnitId>>,
    /// What gave a unit another parent or another kind: judged at the end.
    placed: Vec<(UnitId, Pointer)>,
    /// What last gave a unit another kind, so that its children are judged at the end.
    changed_kind: BTreeMap<UnitId, Pointer>,
    endings: Vec<Ending>,
    holders: HashMap<ExternalId, UnitId>,
    held_before: HashMap<UnitId, Vec<ExternalId>>,
    held: HashMap<UnitId, Vec<ExternalId>>,
    planned: Vec<PlannedChange>,
    refusals: Vec<(usize, Refusal)>,
    index: usize,
    verb: &'static str,
}

impl<'a> Batch<'a> {
    pub(super) fn on(ground: Ground<'a>) -> Self {
        let holders = ground.taken.external_ids.clone();
        let mut held: HashMap<UnitId, Vec<ExternalId>> = HashMap::new();
        for (external_id, unit) in &holders {
            held.entry(*unit).or_default().push(external_id.clone());
        }
        held.values_mut().for_each(|ids| ids.sort());
        Self {
            ground,
            works: HashMap::new(),
            order: Vec::new(),
            made: HashMap::new(),
            made_folded: HashSet::new(),
            came_under: HashMap::new(),
            placed: Vec::new(),
            changed_kind: BTreeMap::new(),
            endings: Vec::new(),
            holders,
            held_before: held.clone(),
            held,
            planned: Vec::new(),
            refusals: Vec::new(),
            index: 0,
            verb: "",
        }
    }

    pub(super) fn plan(mut self, changes: &[Change]) -> Result<Plan, Vec<Refusal>> {
        // What takes back a batch that nothing is left of changes nothing.
        if changes.is_empty() && !self.is_repeated() {
            return Err(vec![Refusal::from(InputRefusal::NothingGiven).by("O5").within("changes")]);
        }
        self.works.reserve(changes.len());
        self.order.reserve(changes.len());
        self.planned.reserve(changes.len());
        for (index, change) in changes.iter().enumerate() {
            (self.index, self.verb) = (index, change.verb());
            match change {
                Change::Establish(change) => self.establish(change),
                Change::Revise(change) => self.revise(change),
                Change::Move(change) => self.relocate(change),
                Change::ChangeKind(change) => self.change_kind(change),
                Change::Merge(change) => self.merge(change),
                Change::Split(change) => self.split(change),
                Change::Dissolve(change) => self.dissolve(change),
                Change::Reopen(change) => self.reopen(change),
                Change::EndAgain(change) => self.end_again(change),
            }
        }
        self.judge_placements();
        self.judge_heirs();
        if self.refusals.is_empty() {
            return Ok(self.outcome());
        }
        self.refusals.sort_by_key(|(change, _)| *change);
        // Children of one kind that a change misplaces are one fault.
        self.refusals.dedup();
        Err(self.refusals.into_iter().map(|(_, refusal)| refusal).collect())
    }

    fn outcome(mut self) -> Plan {
        let mut touched = Vec::with_capacity(self.order.len());
        for unit in &self.order {
            let Some(Work { before, mut after, .. }) = self.works.remove(unit) else { continue };
            let (held_before, held) = (self.held_before.remove(unit).unwrap_or_default(), self.held.remove(unit).unwrap_or_default());
            let external_ids = (held != held_before).then_some(held);
            if external_ids.is_some() || before != after {
                if let (Some(after), Some(before)) = (&mut after, &before) {
                    after.version = before.version.saturating_add(1);
                }
                touched.push(Touched { unit: *unit, before, after, external_ids });
            }
        }
        Plan { day: self.ground.day, touched, changes: self.planned, endings: self.endings }
    }

    /// The active unit that the input points at.
    fn resolve(&mut self, spot: impl Into<Spot>, given: &UnitRef) -> Option<UnitId> {
        let found = self.known(given);
        if let Some(unit) = found.filter(|&unit| self.find(unit).is_some()) {
            return Some(unit);
        }
        let ended_by = found.and_then(|unit| self.works.get(&unit)).and_then(|work| work.ended_by);
        let ended_on = found.and_then(|unit| self.ground.forest.ended(unit)).map(|ended| ended.ended_on);
        let code = found.map_or_else(String::new, |unit| self.code_of(unit));
        let refusal: Refusal = match (ended_by, ended_on) {
            (Some(change), _) => EndingRefusal::EndsInBatch { unit: code, change }.into(),
            (None, Some(on)) => EndingRefusal::HasEnded { unit: code, on }.into(),
            (None, None) => InputRefusal::NotFound { wanted: Noun::OrgUnit, given: given.to_string() }.into(),
        };
        self.refuse_in(spot, refusal);
        None
    }

    /// The unit that the input points at, active or ended.
    fn known(&self, given: &UnitRef) -> Option<UnitId> {
        match given {
            UnitRef::Id(id) => Some(*id),
            UnitRef::Code(code) => text::code(code).ok().and_then(|code| self.by_code(&code)),
            UnitRef::External(external_id) => external_id.normalized().ok().and_then(|id| self.holders.get(&id).copied()),
        }
    }

    fn by_code(&self, code: &str) -> Option<UnitId> {
        let forest = self.ground.forest;
        let standing = || forest.by_code(code).or_else(|| forest.ended_by_code(code).map(|ended| &ended.unit)).map(|unit| unit.id);
        self.made.get(code).copied().or_else(standing)
    }

    /// The unit as the changes so far have left it, if it is active.
    fn find(&self, unit: UnitId) -> Option<&OrgUnit> {
        match self.works.get(&unit) {
            Some(work) => work.after.as_deref(),
            None => self.ground.forest.unit(unit),
        }
    }

    fn code_of(&self, unit: UnitId) -> String {
        let known = self.works.get(&unit).and_then(|work| work.after.as_deref().or(work.before.as_deref()));
        known.map_or_else(|| self.ground.forest.code_of(unit), |unit| unit.code.to_string())
    }

    /// The active unit, to be changed.
    fn work(&mut self, unit: UnitId) -> Option<&mut OrgUnit> {
        if !self.works.contains_key(&unit) {
            let before = Box::new(self.ground.forest.unit(unit)?.clone());
            self.order.push(unit);
            let work = Work { after: Some(before.clone()), before: Some(before), rights_over: None, ended_by: None };
            self.works.insert(unit, work);
        }
        self.works.get_mut(&unit).and_then(|work| work.after.as_deref_mut())
    }

    /// The active units directly below, as the changes so far have left them: in tree order, then in the order in which they came.
    fn children(&self, unit: UnitId) -> Vec<UnitId> {
        let standing = self.ground.forest.children(unit).map(|child| child.id);
        let came = self.came_under.get(&unit).into_iter().flatten().copied();
        let mut seen = HashSet::new();
        let is_child = |child: &UnitId| self.find(*child).is_some_and(|child| child.parent == Some(unit));
        standing.chain(came).filter(is_child).filter(|child| seen.insert(*child)).collect()
    }

    /// Over which unit of the tree before the batch one needs rights to touch this one; `None`: the whole forest.
    fn over(&self, unit: UnitId) -> Option<UnitId> {
        match self.works.get(&unit) {
            Some(Work { before: None, rights_over, .. }) => *rights_over,
            _ => Some(unit),
        }
    }

    /// The right that it takes to put something under a unit, or to take it away from there.
    fn needs(&self, spot: impl Into<Spot>, parent: Option<UnitId>) -> Over {
        Over { at: spot.into(), unit: parent.and_then(|parent| self.over(parent)) }
    }

    fn note(&mut self, asked: Change, effect: Effect, over: Vec<Over>) {
        self.planned.push(PlannedChange { asked, effect, over });
    }

    fn at(&self, spot: impl Into<Spot>) -> Pointer {
        Pointer { change: self.index, verb: self.verb, spot: spot.into() }
    }

    /// Whether changes that nobody asks for now, but that were recorded before, are planned again.
    fn is_repeated(&self) -> bool {
        self.ground.judgement != Judgement::Asked
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push((self.index, refusal.within(self.verb).at(self.index).within("changes")));
    }

    fn refuse_in(&mut self, spot: impl Into<Spot>, refusal: impl Into<Refusal>) {
        let pointer = self.at(spot);
        self.refusals.push((self.index, pointer.lead(refusal.into())));
    }
}
