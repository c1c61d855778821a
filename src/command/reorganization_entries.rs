//! What the journal says of a batch: one entry for it, and one for each unit that a change is about, so that every unit's history tells
//! what it was (J1).

use std::collections::HashMap;

use chidao_domain::forest::Forest;
use chidao_domain::ids::UnitId;
use chidao_domain::journal::{Action as Done, Entry, Subject};
use chidao_domain::reorganization::{Effect, Moved, Stage};
use chidao_domain::unit::OrgUnit;

use crate::store::reorganizations::{Reorganization, Status, field_change};
use crate::store::{Fault, Tx};

/// Puts down the batch; units are named by their codes, which people know.
///
/// # Errors
/// A fault of the database.
pub(super) async fn record_entries(tx: &mut Tx, record: &Reorganization, stages: &[Stage], before: &Forest) -> Result<(), Fault> {
    let done = if record.status == Status::Planned { Done::ReorganizationPlanned } else { Done::Reorganized };
    match stages.first() {
        Some(own) => record_done(tx, done, record, own, before).await,
        None => Ok(()),
    }
}

/// Puts down that a planned batch took effect.
///
/// # Errors
/// A fault of the database.
pub(super) async fn record_enacted(tx: &mut Tx, record: &Reorganization, own: &Stage, before: &Forest) -> Result<(), Fault> {
    record_done(tx, Done::ReorganizationEnacted, record, own, before).await
}

async fn record_done(tx: &mut Tx, done: Done, record: &Reorganization, own: &Stage, before: &Forest) -> Result<(), Fault> {
    let touched: Vec<UnitId> = own.plan.touched.iter().map(|touched| touched.unit).collect();
    let batch = Subject::Reorganization(record.id());
    let entry = Entry::new(done, batch).touching(touched).change("title", None, Some(record.title.clone()));
    tx.record(entry.change("effectiveOn", None, Some(record.effective_on.to_string())));
    let after: HashMap<UnitId, &OrgUnit> =
        own.plan.touched.iter().filter_map(|touched| Some((touched.unit, touched.after.as_deref()?))).collect();
    let told = Telling { done, before, after: &after };
    tx.record_all(own.plan.changes.iter().flat_map(|change| told.entries_of(&change.effect))).await
}

struct Telling<'a> {
    done: Done,
    before: &'a Forest,
    after: &'a HashMap<UnitId, &'a OrgUnit>,
}

impl Telling<'_> {
    fn code(&self, unit: UnitId) -> String {
        self.after.get(&unit).map_or_else(|| self.before.code_of(unit), |unit| unit.code.to_string())
    }

    fn about(&self, unit: UnitId) -> Entry {
        Entry::new(self.done, Subject::OrgUnit(unit)).touching([unit])
    }

    fn moved(&self, moved: &Moved) -> Entry {
        self.about(moved.unit).touching(moved.from.into_iter().chain(moved.to)).change(
            "parent",
            moved.from.map(|from| self.code(from)),
            moved.to.map(|to| self.code(to)),
        )
    }

    /// A unit that ended, and those that took over.
    fn ended(&self, unit: UnitId, heirs: &[UnitId]) -> Entry {
        let codes: Vec<String> = heirs.iter().map(|heir| self.code(*heir)).collect();
        let entry = self.about(unit).touching(heirs.iter().copied()).change("active", Some("true".into()), Some("false".into()));
        if codes.is_empty() { entry } else { entry.change("successors", None, Some(codes.join(", "))) }
    }

    fn entries_of(&self, effect: &Effect) -> Vec<Entry> {
        match effect {
            Effect::Established { unit, parent } => {
                let of = |text: fn(&OrgUnit) -> String| self.after.get(unit).map(|unit| text(unit));
                let entry = self.about(*unit).touching(*parent);
                let entry =
                    entry.change("code", None, of(|unit| unit.code.to_string())).change("kind", None, of(|unit| unit.kind.to_string()));
                let entry = entry.change("name", None, of(|unit| unit.name.to_string()));
                vec![entry.change("parent", None, parent.map(|parent| self.code(parent)))]
            }
            Effect::Revised { fields, .. } if fields.is_empty() => Vec::new(),
            Effect::Revised { unit, fields } => {
                let changes = fields.iter().map(field_change);
                vec![changes.fold(self.about(*unit), |entry, (field, before, after)| entry.change(&field, before, after))]
            }
            Effect::Moved(moved) => vec![self.moved(moved)],
            Effect::KindChanged { unit, from, to, moved } => {
                let entry = self.about(*unit).change("kind", Some(from.to_string()), Some(to.to_string()));
                std::iter::once(entry).chain(moved.iter().map(|moved| self.moved(moved))).collect()
            }
            Effect::Merged { units, into, children } => {
                let ended = units.iter().map(|unit| self.ended(*unit, &[*into]));
                let codes: Vec<String> = units.iter().map(|unit| self.code(*unit)).collect();
                let grown = self.about(*into).touching(units.iter().copied()).change("predecessors", None, Some(codes.join(", ")));
                ended.chain([grown]).chain(children.iter().map(|moved| self.moved(moved))).collect()
            }
            Effect::Split { unit, into, children } => {
                let heirs: Vec<UnitId> = into.iter().copied().filter(|part| part != unit).collect();
                let own = if into.contains(unit) {
                    let codes: Vec<String> = heirs.iter().map(|heir| self.code(*heir)).collect();
                    self.about(*unit).touching(heirs.iter().copied()).change("successors", None, Some(codes.join(", ")))
                } else {
                    self.ended(*unit, &heirs)
                };
                let parts =
                    heirs.iter().map(|heir| self.about(*heir).touching([*unit]).change("predecessors", None, Some(self.code(*unit))));
                std::iter::once(own).chain(parts).chain(children.iter().map(|moved| self.moved(moved))).collect()
            }
            Effect::Dissolved { unit, heir, children } => {
                let heirs: Vec<UnitId> = heir.iter().copied().collect();
                let parts =
                    heirs.iter().map(|heir| self.about(*heir).touching([*unit]).change("predecessors", None, Some(self.code(*unit))));
                std::iter::once(self.ended(*unit, &heirs)).chain(parts).chain(children.iter().map(|moved| self.moved(moved))).collect()
            }
            Effect::Reopened { unit, parent } => {
                let entry = self.about(*unit).touching(*parent).change("active", Some("false".into()), Some("true".into()));
                vec![entry.change("parent", None, parent.map(|parent| self.code(parent)))]
            }
        }
    }
}
