//! A batch while it is planned: the forest of its day, and over it what the changes so far have made of it.
//!
//! A refused change leaves a trace all the same (its unit exists, under its code), so that those that build on it are judged by
//! themselves and are not refused for its sake.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Change, Effect, Establish, ExternalId, FieldRevision, Ground, Move, Plan, PlannedChange, Revise, Touched, UnitRef};
use crate::ids::UnitId;
use crate::refusal::{InputRefusal, KindName, Noun, Permitted, Placement, Refusal, TreeRefusal};
use crate::text;
use crate::unit::OrgUnit;

/// A unit that the batch touches.
struct Work {
    before: Option<OrgUnit>,
    after: OrgUnit,
    /// For a unit that the batch makes: the nearest one above that stands already; `None` where a new root stands above.
    rights_over: Option<UnitId>,
}

pub(super) struct Batch<'a> {
    ground: Ground<'a>,
    works: HashMap<UnitId, Work>,
    order: Vec<UnitId>,
    made: HashMap<Arc<str>, UnitId>,
    made_folded: HashSet<String>,
    holders: HashMap<ExternalId, UnitId>,
    held_before: HashMap<UnitId, Vec<ExternalId>>,
    held: HashMap<UnitId, Vec<ExternalId>>,
    planned: Vec<PlannedChange>,
    refusals: Vec<Refusal>,
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
        if changes.is_empty() {
            return Err(vec![Refusal::from(InputRefusal::NothingGiven).by("O5").within("changes")]);
        }
        for (index, change) in changes.iter().enumerate() {
            self.index = index;
            match change {
                Change::Establish(change) => self.establish(change),
                Change::Revise(change) => self.revise(change),
                Change::Move(change) => self.relocate(change),
            }
        }
        if self.refusals.is_empty() { Ok(self.outcome()) } else { Err(self.refusals) }
    }

    fn outcome(mut self) -> Plan {
        let mut touched = Vec::with_capacity(self.order.len());
        for unit in &self.order {
            let Some(Work { before, mut after, .. }) = self.works.remove(unit) else { continue };
            let (held_before, held) = (self.held_before.remove(unit).unwrap_or_default(), self.held.remove(unit).unwrap_or_default());
            let external_ids = (held != held_before).then_some(held);
            if external_ids.is_some() || before.as_ref() != Some(&after) {
                after.version = before.as_ref().map_or(1, |before| before.version.saturating_add(1));
                touched.push(Touched { before, after, external_ids });
            }
        }
        Plan { day: self.ground.day, touched, changes: self.planned }
    }

    fn establish(&mut self, change: &Establish) {
        self.verb = "establish";
        let code = self.new_code(&change.code);
        let name: Arc<str> = self.text("name", &change.name, text::name);
        let short_name = change.short_name.as_ref().map(|given| self.text("shortName", given, text::short_name));
        let member_count = self.member_count(change.member_count);
        if self.ground.kinds.get(&change.kind).is_none() {
            self.refuse(Refusal::from(InputRefusal::NotFound { wanted: Noun::OrgUnitKind, given: change.kind.clone() }).within("kind"));
        }
        let parent = change.parent.as_ref().and_then(|parent| self.resolve("parent", parent));
        // Where a parent was given and not found, its kind is unknown, and there is no placement to judge.
        if parent.is_some() == change.parent.is_some() {
            self.check_placement(&change.kind, parent);
        }
        if self.find(change.id).is_some() {
            self.refuse(InputRefusal::Twice { given: change.id.to_string(), of: Some(Noun::OrgUnit) }.into());
            return;
        }
        let after = OrgUnit {
            id: change.id,
            code: code.clone(),
            version: 1,
            kind: change.kind.as_str().into(),
            sort_key: text::sort_key(&name),
            name,
            short_name,
            parent,
            member_count,
            established_on: self.ground.day,
        };
        let rights_over = parent.and_then(|parent| self.over(parent));
        self.works.insert(change.id, Work { before: None, after, rights_over });
        self.order.push(change.id);
        self.made.entry(code).or_insert(change.id);
        self.hold(change.id, &change.external_ids);
        self.planned.push(PlannedChange { effect: Effect::Established { unit: change.id, parent }, over: vec![("parent", rights_over)] });
    }

    fn revise(&mut self, change: &Revise) {
        self.verb = "revise";
        let refusals = self.refusals.len();
        let name: Option<Arc<str>> = change.name.as_ref().map(|given| self.text("name", given, text::name));
        let short_name =
            change.short_name.as_ref().map(|given| given.as_ref().map(|given| self.text("shortName", given, text::short_name)));
        let member_count = change.member_count.map(|given| self.member_count(given));
        let Some(unit) = self.resolve("unit", &change.unit) else { return };
        let mut fields = Vec::new();
        let Some(work) = self.work(unit) else { return };
        if let Some(name) = name.filter(|name| *name != work.after.name) {
            fields.push(FieldRevision::Name { before: work.after.name.clone(), after: name.clone() });
            work.after.rename(&name);
        }
        if let Some(after) = short_name.filter(|after| *after != work.after.short_name) {
            let before = std::mem::replace(&mut work.after.short_name, after.clone());
            fields.push(FieldRevision::ShortName { before, after });
        }
        if let Some(after) = member_count.filter(|after| *after != work.after.member_count) {
            let before = std::mem::replace(&mut work.after.member_count, after);
            fields.push(FieldRevision::MemberCount { before, after });
        }
        let code = work.after.code.to_string();
        fields.extend(change.external_ids.as_ref().and_then(|given| self.hold(unit, given)));
        if fields.is_empty() && self.refusals.len() == refusals {
            self.refuse(TreeRefusal::NothingRevised { unit: code }.into());
        }
        let over = vec![("unit", self.over(unit))];
        self.planned.push(PlannedChange { effect: Effect::Revised { unit, fields }, over });
    }

    fn relocate(&mut self, change: &Move) {
        self.verb = "move";
        let (unit, parent) = (self.resolve("unit", &change.unit), self.resolve("parent", &change.parent));
        let (Some(unit), Some(to)) = (unit, parent) else { return };
        let (Some(moved), Some(above)) = (self.find(unit), self.find(to)) else { return };
        let (kind, from) = (moved.kind.clone(), moved.parent);
        let (code, parent) = (moved.code.to_string(), above.code.to_string());
        if std::iter::successors(Some(to), |&at| self.find(at).and_then(|unit| unit.parent)).any(|at| at == unit) {
            return self.refuse(Refusal::from(TreeRefusal::Cycle { unit: code, parent }).within("parent"));
        }
        if from == Some(to) {
            return self.refuse(Refusal::from(TreeRefusal::StandsThere { unit: code, parent }).within("parent"));
        }
        self.check_placement(&kind, Some(to));
        let over = vec![("unit", from.and_then(|from| self.over(from))), ("parent", self.over(to))];
        if let Some(work) = self.work(unit) {
            work.after.parent = Some(to);
        }
        self.planned.push(PlannedChange { effect: Effect::Moved { unit, from, to }, over });
    }

    /// A code that no unit has or had (O2), not even one that this batch makes; nor one that differs in case or diacritics only.
    fn new_code(&mut self, given: &str) -> Arc<str> {
        let code: Arc<str> = self.text("code", given, text::code);
        let folded = text::fold(&code);
        let in_forest = || self.ground.forest.by_code(&code).map(|unit| &unit.code);
        let holder = self.ground.taken.codes.get(&*folded).or_else(in_forest).map(ToString::to_string);
        if !self.made_folded.insert(folded) {
            self.refuse(Refusal::from(TreeRefusal::CodeTwice { code: code.to_string() }).within("code"));
        } else if let Some(holder) = holder {
            self.refuse(Refusal::from(TreeRefusal::CodeTaken { code: code.to_string(), holder }).within("code"));
        }
        code
    }

    /// The normal form; where the text is refused, the text as given stands in.
    fn text(&mut self, field: &'static str, given: &str, read: fn(&str) -> Result<String, InputRefusal>) -> Arc<str> {
        match read(given) {
            Ok(normal) => normal.into(),
            Err(no) => {
                self.refuse(Refusal::from(no).within(field));
                given.into()
            }
        }
    }

    fn member_count(&mut self, given: Option<i32>) -> Option<u32> {
        let count = given.map(u32::try_from)?;
        if count.is_err() {
            let range = InputRefusal::OutOfRange { least: "0".into(), most: i32::MAX.to_string() };
            self.refuse(Refusal::from(range).within("memberCount"));
        }
        count.ok()
    }

    /// O1, O3: the kind may stand there on the day on which the placement begins.
    fn check_placement(&mut self, kind: &str, parent: Option<UnitId>) {
        let kinds = self.ground.kinds;
        let Some(kind) = kinds.get(kind) else { return };
        let above = parent.map(|parent| self.find(parent).and_then(|unit| kinds.get(&unit.kind)));
        // The kind of the parent was refused where the parent is established.
        if above == Some(None) {
            return;
        }
        let above = above.flatten();
        let on = self.ground.day;
        if kind.may_stand_under(above.map(|above| &*above.code), on) {
            return;
        }
        let under = kinds.all().iter().filter(|above| kind.may_stand_under(Some(&above.code), on)).map(KindName::from).collect();
        let permitted = Permitted { under, as_root: kind.may_stand_under(None, on) };
        let placement = Placement { kind: kind.into(), parent: above.map(KindName::from), on, permitted };
        self.refuse(Refusal::from(TreeRefusal::PlacementNotPermitted(Box::new(placement))).within("parent"));
    }

    /// Gives the unit these external ids and no others (O9); answers the revision where that changes them.
    fn hold(&mut self, unit: UnitId, given: &[ExternalId]) -> Option<FieldRevision> {
        let before = self.held.remove(&unit).unwrap_or_default();
        for external_id in &before {
            self.holders.remove(external_id);
        }
        let mut after = Vec::with_capacity(given.len());
        let mut seen = HashSet::new();
        for (index, external_id) in given.iter().enumerate() {
            match self.free(external_id, &mut seen) {
                Ok(external_id) => after.push(external_id),
                Err(no) => self.refuse(no.at(index).within("externalIds")),
            }
        }
        after.sort();
        self.holders.extend(after.iter().map(|external_id| (external_id.clone(), unit)));
        self.held.insert(unit, after.clone());
        (before != after).then_some(FieldRevision::ExternalIds { before, after })
    }

    fn free(&self, given: &ExternalId, seen: &mut HashSet<ExternalId>) -> Result<ExternalId, Refusal> {
        let external_id = given.normalized()?;
        let ExternalId { scheme, value } = &external_id;
        if self.holders.contains_key(&external_id) {
            return Err(TreeRefusal::ExternalIdTaken { scheme: scheme.to_string(), value: value.to_string() }.into());
        }
        if !seen.insert(external_id.clone()) {
            return Err(Refusal::from(InputRefusal::Twice { given: format!("{scheme} {value}"), of: None }).by("O9"));
        }
        Ok(external_id)
    }

    fn resolve(&mut self, field: &'static str, given: &UnitRef) -> Option<UnitId> {
        let found = match given {
            UnitRef::Id(id) => Some(*id),
            UnitRef::Code(code) => text::code(code).ok().and_then(|code| self.by_code(&code)),
            UnitRef::External(external_id) => external_id.normalized().ok().and_then(|id| self.holders.get(&id).copied()),
        };
        let standing = found.filter(|&unit| self.find(unit).is_some());
        if standing.is_none() {
            let unknown = InputRefusal::NotFound { wanted: Noun::OrgUnit, given: given.to_string() };
            self.refuse(Refusal::from(unknown).within(field));
        }
        standing
    }

    fn by_code(&self, code: &str) -> Option<UnitId> {
        self.made.get(code).copied().or_else(|| self.ground.forest.by_code(code).map(|unit| unit.id))
    }

    /// The unit as the changes so far have left it.
    fn find(&self, unit: UnitId) -> Option<&OrgUnit> {
        self.works.get(&unit).map(|work| &work.after).or_else(|| self.ground.forest.unit(unit))
    }

    /// The unit, to be changed.
    fn work(&mut self, unit: UnitId) -> Option<&mut Work> {
        if !self.works.contains_key(&unit) {
            let before = self.ground.forest.unit(unit)?.clone();
            self.order.push(unit);
            self.works.insert(unit, Work { after: before.clone(), before: Some(before), rights_over: None });
        }
        self.works.get_mut(&unit)
    }

    /// Which unit of the tree before the batch one needs rights over to touch this one; `None`: the whole forest.
    fn over(&self, unit: UnitId) -> Option<UnitId> {
        match self.works.get(&unit) {
            Some(Work { before: None, rights_over, .. }) => *rights_over,
            _ => Some(unit),
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push(refusal.within(self.verb).at(self.index).within("changes"));
    }
}
