//! What a unit is: how it comes into being, what it is called and known by (O2, O9).

use std::collections::HashSet;
use std::sync::Arc;

use super::super::{Change, Effect, Establish, ExternalId, FieldRevision, Judgement, Revise, UnitRef};
use super::{Batch, Work};
use crate::ids::UnitId;
use crate::refusal::{InputRefusal, Noun, Refusal, TreeRefusal};
use crate::text;
use crate::unit::OrgUnit;

impl Batch<'_> {
    pub(super) fn establish(&mut self, change: &Establish) {
        let code = self.new_code(&change.code);
        let name: Arc<str> = self.text("name", &change.name, text::name);
        let short_name = change.short_name.as_ref().map(|given| self.text("shortName", given, text::short_name));
        let member_count = self.member_count(change.member_count);
        self.check_kind(&change.kind);
        let parent = change.parent.as_ref().and_then(|parent| self.resolve("parent", parent));
        if self.find(change.id).is_some() || self.ground.forest.ended(change.id).is_some() {
            self.refuse(InputRefusal::Twice { given: change.id.to_string(), of: Some(Noun::OrgUnit) }.into());
            return;
        }
        let after = OrgUnit {
            id: change.id,
            code: code.clone(),
            version: 1,
            kind: self.ground.kinds.get(&change.kind).map_or_else(|| change.kind.as_str().into(), |kind| kind.code.clone()),
            sort_key: text::sort_key(&name),
            name: name.clone(),
            short_name: short_name.clone(),
            parent,
            member_count,
            established_on: self.ground.day,
        };
        let rights_over = parent.and_then(|parent| self.over(parent));
        self.works.insert(change.id, Work { before: None, after: Some(Box::new(after)), rights_over, ended_by: None });
        self.order.push(change.id);
        self.made.entry(code.clone()).or_insert(change.id);
        // Where a parent was given and not found, its kind is unknown, and there is no placement to judge.
        if parent.is_some() == change.parent.is_some() {
            self.placed.push((change.id, self.at("parent")));
        }
        if let Some(parent) = parent {
            self.came_under.entry(parent).or_default().push(change.id);
        }
        self.hold(change.id, &change.external_ids);
        let asked = Establish {
            id: change.id,
            code: code.to_string(),
            kind: change.kind.clone(),
            name: name.to_string(),
            short_name: short_name.map(|name| name.to_string()),
            member_count: change.member_count,
            parent: parent.map(UnitRef::Id),
            external_ids: normal(&change.external_ids),
        };
        let over = vec![self.needs("parent", parent)];
        self.note(Change::Establish(asked), Effect::Established { unit: change.id, parent }, over);
    }

    pub(super) fn revise(&mut self, change: &Revise) {
        let refusals = self.refusals.len();
        let name: Option<Arc<str>> = change.name.as_ref().map(|given| self.text("name", given, text::name));
        let short_name: Option<Option<Arc<str>>> =
            change.short_name.as_ref().map(|given| given.as_ref().map(|given| self.text("shortName", given, text::short_name)));
        let member_count = change.member_count.map(|given| self.member_count(given));
        let Some(unit) = self.resolve("unit", &change.unit) else { return };
        let asked = Revise {
            unit: UnitRef::Id(unit),
            name: name.as_ref().map(ToString::to_string),
            short_name: short_name.as_ref().map(|name| name.as_ref().map(ToString::to_string)),
            member_count: change.member_count,
            external_ids: change.external_ids.as_deref().map(normal),
        };
        let mut fields = Vec::new();
        let Some(work) = self.work(unit) else { return };
        if let Some(name) = name.filter(|name| *name != work.name) {
            fields.push(FieldRevision::Name { before: work.name.clone(), after: name.clone() });
            work.rename(&name);
        }
        if let Some(after) = short_name.filter(|after| *after != work.short_name) {
            let before = std::mem::replace(&mut work.short_name, after.clone());
            fields.push(FieldRevision::ShortName { before, after });
        }
        if let Some(after) = member_count.filter(|after| *after != work.member_count) {
            let before = std::mem::replace(&mut work.member_count, after);
            fields.push(FieldRevision::MemberCount { before, after });
        }
        let code = work.code.to_string();
        fields.extend(change.external_ids.as_ref().and_then(|given| self.hold(unit, given)));
        if fields.is_empty() && self.refusals.len() == refusals && !self.is_repeated() {
            self.refuse(TreeRefusal::NothingRevised { unit: code }.into());
        }
        let over = vec![self.needs("unit", Some(unit))];
        self.note(Change::Revise(asked), Effect::Revised { unit, fields }, over);
    }

    pub(super) fn check_kind(&mut self, kind: &str) {
        if self.ground.kinds.get(kind).is_none() {
            self.refuse_in("kind", InputRefusal::NotFound { wanted: Noun::OrgUnitKind, given: kind.to_owned() });
        }
    }

    /// A code that no unit has or had (O2), not even one that this batch makes; nor one that differs in case or diacritics only.
    fn new_code(&mut self, given: &str) -> Arc<str> {
        let code: Arc<str> = self.text("code", given, text::code);
        let folded = text::fold(&code);
        let forest = self.ground.forest;
        let in_forest = || forest.by_code(&code).or_else(|| forest.ended_by_code(&code).map(|ended| &ended.unit)).map(|unit| &unit.code);
        let holder = self.ground.taken.codes.get(&*folded).or_else(in_forest).map(ToString::to_string);
        if !self.made_folded.insert(folded) {
            self.refuse_in("code", TreeRefusal::CodeTwice { code: code.to_string() });
        } else if let Some(holder) = holder {
            self.refuse_in("code", TreeRefusal::CodeTaken { code: code.to_string(), holder });
        }
        code
    }

    /// The normal form; where the text is refused, the text as given stands in.
    fn text(&mut self, field: &'static str, given: &str, read: fn(&str) -> Result<String, InputRefusal>) -> Arc<str> {
        match read(given) {
            Ok(normal) => normal.into(),
            Err(no) => {
                self.refuse_in(field, no);
                given.into()
            }
        }
    }

    fn member_count(&mut self, given: Option<i32>) -> Option<u32> {
        let count = given.map(u32::try_from)?;
        if count.is_err() {
            self.refuse_in("memberCount", InputRefusal::OutOfRange { least: "0".into(), most: i32::MAX.to_string() });
        }
        count.ok()
    }

    /// Gives the unit these external ids and no others (O9); answers the revision where that changes them.
    fn hold(&mut self, unit: UnitId, given: &[ExternalId]) -> Option<FieldRevision> {
        if self.ground.judgement == Judgement::Enacted {
            return None;
        }
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
}

/// In normal form and in order; what has none was refused.
fn normal(given: &[ExternalId]) -> Vec<ExternalId> {
    let mut normal: Vec<ExternalId> = given.iter().filter_map(|external_id| external_id.normalized().ok()).collect();
    normal.sort();
    normal
}
