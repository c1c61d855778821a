//! What a batch asks for: changes in order, with units pointed at (O5).

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::forest::Forest;
use crate::ids::UnitId;
use crate::refusal::Refusal;
use crate::text;

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
    /// By an external id that the batch sets or that [`Taken`](super::Taken) knows.
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
    /// A unit becomes one of another kind.
    ChangeKind(ChangeKind),
    /// Units become one (sáp nhập, hợp nhất).
    Merge(Merge),
    /// A unit becomes several (chia, tách).
    Split(Split),
    /// A unit ends (giải thể, kết thúc hoạt động).
    Dissolve(Dissolve),
    /// A unit that had ended is active again.
    Reopen(Reopen),
    /// What an annulled batch had opened again ends as it had ended before; only an annulment asks for it (O5).
    EndAgain(EndAgain),
}

impl Change {
    /// The field of the schema's input that asks for it.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Establish(_) => "establish",
            Self::Revise(_) => "revise",
            Self::Move(_) => "move",
            Self::ChangeKind(_) => "changeKind",
            Self::Merge(_) => "merge",
            Self::Split(_) => "split",
            Self::Dissolve(_) => "dissolve",
            Self::Reopen(_) => "reopen",
            Self::EndAgain(_) => "dissolve",
        }
    }

    /// Everything that it points at.
    pub fn refs(&self) -> Vec<&UnitRef> {
        match self {
            Self::Establish(change) => change.parent.iter().collect(),
            Self::Revise(change) => vec![&change.unit],
            Self::Move(change) => std::iter::once(&change.unit).chain(&change.parent).collect(),
            Self::ChangeKind(change) => std::iter::once(&change.unit).chain(&change.parent).collect(),
            Self::Merge(change) => change.units.iter().chain([&change.into]).collect(),
            Self::Split(change) => {
                let parts = change.into.iter().flat_map(|part| std::iter::once(&part.into).chain(&part.children));
                std::iter::once(&change.unit).chain(parts).collect()
            }
            Self::Dissolve(change) => std::iter::once(&change.unit).chain(&change.heir).chain(&change.children_to).collect(),
            Self::Reopen(change) => std::iter::once(&change.unit).chain(&change.parent).collect(),
            Self::EndAgain(change) => vec![&change.unit],
        }
    }
}

impl Change {
    /// The same, but for the external ids that it gives.
    #[must_use]
    pub fn without_external_ids(mut self) -> Self {
        match &mut self {
            Self::Establish(change) => change.external_ids = Vec::new(),
            Self::Revise(change) => change.external_ids = None,
            _ => {}
        }
        self
    }
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
    /// Under which one; `None` makes it a root, which only taking back an earlier move does.
    pub parent: Option<UnitRef>,
}

/// A unit becomes one of another kind.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeKind {
    /// Which unit.
    pub unit: UnitRef,
    /// The code of its kind from now on.
    pub kind: String,
    /// The unit that it stands under from now on; `None`: as before.
    pub parent: Option<UnitRef>,
}

/// Units become one: each ends, with its children under `into`; `into` stays where it is one of them (absorption, O6).
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// Which units.
    pub units: Vec<UnitRef>,
    /// What they become.
    pub into: UnitRef,
}

/// A unit becomes several: it ends, or stays where it is one of the parts (carving out, O6).
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Which unit.
    pub unit: UnitRef,
    /// What it becomes; at least two.
    pub into: Vec<SplitPart>,
}

/// One part of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitPart {
    /// The unit.
    pub into: UnitRef,
    /// The children of the unit that is split which stand under it from now on.
    pub children: Vec<UnitRef>,
}

/// A unit ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Dissolve {
    /// Which unit.
    pub unit: UnitRef,
    /// Who takes over what it owed (S3).
    pub heir: Option<UnitRef>,
    /// Where its children stand from now on; `None`: under the heir.
    pub children_to: Option<UnitRef>,
}

/// A unit that had ended is active again, under the name and of the kind that it ended with (O6).
#[derive(Clone, Debug, PartialEq)]
pub struct Reopen {
    /// Which unit.
    pub unit: UnitRef,
    /// The unit that it stands under; `None`: the last one, or a root where it was one.
    pub parent: Option<UnitRef>,
}

/// A unit ends as it had ended before a batch that is annulled opened it again: it counts where it did (C5), and nothing passes on.
#[derive(Clone, Debug, PartialEq)]
pub struct EndAgain {
    /// Which unit.
    pub unit: UnitRef,
    /// Who had taken over from it; they may have ended since.
    pub heirs: Vec<UnitId>,
    /// The parent that it had last; it may have ended since.
    pub parent: Option<UnitId>,
}

/// What a batch names: the caller looks it up for [`Taken`](super::Taken) before it plans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The codes of new units.
    pub codes: HashSet<Arc<str>>,
    /// The external ids that changes set or refer by.
    pub external_ids: HashSet<ExternalId>,
    /// The units, active or ended, whose external ids the batch sets.
    pub holders: BTreeSet<UnitId>,
}

impl Named {
    /// Collects from `changes` what can be read, in normal form; what cannot is refused by [`plan()`](super::plan()).
    pub fn of(forest: &Forest, changes: &[Change]) -> Self {
        let mut named = Self::default();
        for change in changes {
            for unit in change.refs() {
                if let UnitRef::External(external_id) = unit {
                    named.set(std::slice::from_ref(external_id));
                }
            }
            match change {
                Change::Establish(change) => {
                    named.codes.extend(text::code(&change.code).map(Arc::from));
                    named.set(&change.external_ids);
                }
                Change::Revise(Revise { unit, external_ids: Some(external_ids), .. }) => {
                    named.set(external_ids);
                    named.holders.extend(holder(forest, unit));
                }
                _ => {}
            }
        }
        named
    }

    fn set(&mut self, external_ids: &[ExternalId]) {
        self.external_ids.extend(external_ids.iter().filter_map(|id| id.normalized().ok()));
    }
}

fn holder(forest: &Forest, unit: &UnitRef) -> Option<UnitId> {
    match unit {
        // An earlier batch of the same course may have made it: the forest need not know it.
        UnitRef::Id(id) => Some(*id),
        UnitRef::Code(code) => {
            let code = text::code(code).ok()?;
            // One that has ended may be reopened by the same batch, and holds what it held.
            forest.by_code(&code).or_else(|| forest.ended_by_code(&code).map(|ended| &ended.unit)).map(|unit| unit.id)
        }
        UnitRef::External(_) => None,
    }
}
