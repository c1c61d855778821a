//! A reorganization (sắp xếp tổ chức): one dated, atomic batch of ordered changes to the tree (O5).
//!
//! Planning is pure: from the forest of the batch's day to what would be written, or to everything that stands in the way.
//! Each change sees the tree as the changes before it have left it, so the tree is a forest at every step (O3).

mod batch;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::day::Day;
use crate::forest::{Forest, NotAForest};
use crate::ids::UnitId;
use crate::kind::KindRegister;
use crate::refusal::Refusal;
use crate::text;
use crate::unit::OrgUnit;

/// The name of a thing in somebody else's books (O9).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId {
    /// Whose numbers they are: 1 to [`ExternalId::SCHEME_LIMIT`] characters.
    pub scheme: Arc<str>,
    /// The number: 1 to [`ExternalId::VALUE_LIMIT`] characters.
    pub value: Arc<str>,
}

impl ExternalId {
    /// The most characters of a scheme.
    pub const SCHEME_LIMIT: usize = 64;
    /// The most characters of a value.
    pub const VALUE_LIMIT: usize = 255;

    /// The same in its normal form, in which external ids are stored and compared.
    ///
    /// # Errors
    /// As [`text::line()`], at `scheme` or `value`.
    pub fn normalized(&self) -> Result<Self, Refusal> {
        let scheme = text::line(&self.scheme, Self::SCHEME_LIMIT).map_err(|no| Refusal::from(no).within("scheme"))?;
        let value = text::line(&self.value, Self::VALUE_LIMIT).map_err(|no| Refusal::from(no).within("value"))?;
        Ok(Self { scheme: scheme.into(), value: value.into() })
    }
}

/// How a change points at a unit: one that stands on the batch's day, or one that an earlier change of the batch made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UnitRef {
    /// By id.
    Id(UnitId),
    /// By code; the way to point at a unit that the batch makes.
    Code(Arc<str>),
    /// By an external id that the batch sets or that [`Taken`] knows.
    External(ExternalId),
}

impl fmt::Display for UnitRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Code(code) => f.write_str(code),
            Self::External(ExternalId { scheme, value }) => write!(f, "{scheme} {value}"),
        }
    }
}

/// One change, with texts as they were given.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A unit comes into being.
    Establish(Establish),
    /// What a unit is called, counts or is known by changes.
    Revise(Revise),
    /// A unit gets another parent, with all below it.
    Move(Move),
}

/// A unit comes into being.
#[derive(Clone, Debug, PartialEq)]
pub struct Establish {
    /// Chosen by the caller.
    pub id: UnitId,
    /// Never used before (O2).
    pub code: String,
    /// The code of its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its short name.
    pub short_name: Option<String>,
    /// Party members, not negative.
    pub member_count: Option<i32>,
    /// The unit that it stands under; `None` for a root.
    pub parent: Option<UnitRef>,
    /// All its external ids.
    pub external_ids: Vec<ExternalId>,
}

/// New values for a unit: `None` leaves a value as it is, `Some(None)` takes it away.
#[derive(Clone, Debug, PartialEq)]
pub struct Revise {
    /// Which unit.
    pub unit: UnitRef,
    /// Its name.
    pub name: Option<String>,
    /// Its short name.
    pub short_name: Option<Option<String>>,
    /// Party members, not negative.
    pub member_count: Option<Option<i32>>,
    /// All its external ids from now on.
    pub external_ids: Option<Vec<ExternalId>>,
}

/// A unit gets another parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Which unit.
    pub unit: UnitRef,
    /// Under which one.
    pub parent: UnitRef,
}

/// What a batch names: the caller looks it up for [`Taken`] before it plans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The codes of new units.
    pub codes: HashSet<Arc<str>>,
    /// The external ids that changes set or refer by.
    pub external_ids: HashSet<ExternalId>,
    /// The units of the forest whose external ids the batch sets.
    pub holders: BTreeSet<UnitId>,
}

impl Named {
    /// Collects from `changes` what can be read, in normal form; what cannot is refused by [`plan()`].
    pub fn of(forest: &Forest, changes: &[Change]) -> Self {
        let mut named = Self::default();
        for change in changes {
            match change {
                Change::Establish(change) => {
                    named.codes.extend(text::code(&change.code).map(Arc::from));
                    named.refer(change.parent.as_ref());
                    named.set(&change.external_ids);
                }
                Change::Revise(change) => {
                    named.refer(Some(&change.unit));
                    if let Some(external_ids) = &change.external_ids {
                        named.set(external_ids);
                        named.holders.extend(standing(forest, &change.unit));
                    }
                }
                Change::Move(change) => {
                    named.refer(Some(&change.unit));
                    named.refer(Some(&change.parent));
                }
            }
        }
        named
    }

    fn refer(&mut self, to: Option<&UnitRef>) {
        if let Some(UnitRef::External(external_id)) = to {
            self.set(std::slice::from_ref(external_id));
        }
    }

    fn set(&mut self, external_ids: &[ExternalId]) {
        self.external_ids.extend(external_ids.iter().filter_map(|id| id.normalized().ok()));
    }
}

fn standing(forest: &Forest, unit: &UnitRef) -> Option<UnitId> {
    match unit {
        UnitRef::Id(id) => forest.unit(*id).map(|unit| unit.id),
        UnitRef::Code(code) => text::code(code).ok().and_then(|code| forest.by_code(&code)).map(|unit| unit.id),
        UnitRef::External(_) => None,
    }
}

/// What of [`Named`] is taken, by units of all times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Codes that a unit of any day has or had, by their folded form (O2); those of the forest need not be among them.
    pub codes: HashMap<Arc<str>, Arc<str>>,
    /// Who has which external id: those that are named, and all of [`Named::holders`] (O9).
    pub external_ids: HashMap<ExternalId, UnitId>,
}

/// What a batch stands on.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The batch's day.
    pub day: Day,
    /// The tree of that day, without the batch.
    pub forest: &'a Forest,
    /// The kinds and where they may be placed.
    pub kinds: &'a KindRegister,
    /// Codes and external ids in use.
    pub taken: &'a Taken,
}

/// What a batch would do: one revision for each unit, however many changes touch it (O2).
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The batch's day.
    pub day: Day,
    /// The units that are not as they were before, in the order in which they were first touched.
    pub touched: Vec<Touched>,
    /// The changes as the record tells them, in their order: item `i` is change `i` of the input.
    pub changes: Vec<PlannedChange>,
}

impl Plan {
    /// The tree of the day after the batch.
    ///
    /// # Errors
    /// [`NotAForest`] where `forest` is not the one that the batch was planned on.
    pub fn forest_after(&self, forest: &Forest, kinds: &KindRegister) -> Result<Forest, NotAForest> {
        let after: HashMap<UnitId, &OrgUnit> = self.touched.iter().map(|touched| (touched.after.id, &touched.after)).collect();
        let stayed = forest.units().iter().filter(|unit| !after.contains_key(&unit.id));
        Forest::build(stayed.chain(self.touched.iter().map(|touched| &touched.after)).cloned().collect(), kinds)
    }
}

/// A unit before and after the batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Touched {
    /// `None` where the batch establishes it.
    pub before: Option<OrgUnit>,
    /// As it is from the batch's day on; its version is one higher than before, however many changes touch it.
    pub after: OrgUnit,
    /// All its external ids from now on, sorted; `None` where they stay. Erase those of all units before adding any: one may pass on.
    pub external_ids: Option<Vec<ExternalId>>,
}

/// One change with its references resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedChange {
    /// What happens.
    pub effect: Effect,
    /// Over which units of the tree before the batch one needs rights (A2), with the field of the change that points there: for a unit
    /// that the batch makes, the nearest one above that stands already. `None` is the whole forest: a root is made or leaves its place.
    pub over: Vec<(&'static str, Option<UnitId>)>,
}

/// What one change does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A unit came into being.
    Established {
        /// The new unit.
        unit: UnitId,
        /// Its first parent.
        parent: Option<UnitId>,
    },
    /// A unit got new values.
    Revised {
        /// The unit.
        unit: UnitId,
        /// What is not as before; at least one.
        fields: Vec<FieldRevision>,
    },
    /// A unit got another parent.
    Moved {
        /// The unit.
        unit: UnitId,
        /// The parent before; `None` where it was a root.
        from: Option<UnitId>,
        /// The parent now.
        to: UnitId,
    },
}

/// One value that a revision changes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "`before` and `after` say it")]
pub enum FieldRevision {
    /// The name.
    Name { before: Arc<str>, after: Arc<str> },
    /// The short name.
    ShortName { before: Option<Arc<str>>, after: Option<Arc<str>> },
    /// Party members.
    MemberCount { before: Option<u32>, after: Option<u32> },
    /// All external ids, sorted.
    ExternalIds { before: Vec<ExternalId>, after: Vec<ExternalId> },
}

/// Plans a batch: its changes in their order, on the tree of its day (O2, O3, O5, O9).
///
/// # Errors
/// All that stands in the way, each at its place (`changes.3.establish.parent`); nothing is planned then.
pub fn plan(ground: Ground<'_>, changes: &[Change]) -> Result<Plan, Vec<Refusal>> {
    batch::Batch::on(ground).plan(changes)
}
