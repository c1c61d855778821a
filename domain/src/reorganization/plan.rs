//! What a batch would do, as the core hands it to be written.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Change, ExternalId};
use crate::day::Day;
use crate::enumeration::enumeration;
use crate::forest::{Ended, Forest, NotAForest};
use crate::ids::UnitId;
use crate::kind::{KindCode, KindRegister};
use crate::refusal::Refusal;
use crate::unit::OrgUnit;

/// What a batch would do: one revision for each unit, however many changes touch it (O2).
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The batch's day.
    pub day: Day,
    /// The units that are not as they were before, in the order in which they were first touched.
    pub touched: Vec<Touched>,
    /// The changes as the record tells them, in their order: item `i` is change `i` of the input.
    pub changes: Vec<PlannedChange>,
    /// Who takes over from whom, in the order of the changes (O6).
    pub endings: Vec<Ending>,
}

impl Plan {
    /// The tree of the day after the batch.
    ///
    /// # Errors
    /// [`NotAForest`] where `forest` is not the one that the batch was planned on.
    pub fn forest_after(&self, forest: &Forest, kinds: &KindRegister) -> Result<Forest, NotAForest> {
        let touched: HashMap<UnitId, &Touched> = self.touched.iter().map(|touched| (touched.unit, touched)).collect();
        let stayed = forest.units().iter().filter(|unit| !touched.contains_key(&unit.id));
        let after = self.touched.iter().filter_map(|touched| touched.after.as_deref());
        let units = stayed.chain(after).cloned().collect();
        let earlier = forest.all_ended().iter().filter(|ended| !touched.contains_key(&ended.unit.id)).cloned();
        // A unit may be split and end afterwards: its last ending counts (C5).
        let heirs: HashMap<UnitId, &[UnitId]> = self.endings.iter().map(|ending| (ending.unit, &*ending.heirs)).collect();
        let ended = self.touched.iter().filter(|touched| touched.after.is_none()).filter_map(|touched| {
            let unit = touched.before.as_deref()?.clone();
            let heirs = heirs.get(&unit.id).map(|heirs| heirs.to_vec()).unwrap_or_default();
            Some(Ended { unit, ended_on: self.day, heirs })
        });
        Ok(Forest::build(units, kinds)?.after(earlier.chain(ended).collect()))
    }

    /// Who takes over from a unit that the batch ends.
    pub fn heirs_of(&self, unit: UnitId) -> &[UnitId] {
        self.endings.iter().rfind(|ending| ending.unit == unit).map_or(&[], |ending| ending.heirs.as_slice())
    }

    /// The ids that a change gives to new units.
    pub fn established(&self) -> impl Iterator<Item = UnitId> {
        self.changes.iter().filter_map(|change| match change.effect {
            Effect::Established { unit, .. } => Some(unit),
            _ => None,
        })
    }
}

/// A unit before and after the batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Touched {
    /// Which.
    pub unit: UnitId,
    /// `None` where it was not active: the batch establishes or reopens it.
    pub before: Option<Box<OrgUnit>>,
    /// As it is from the batch's day on, its version one higher than before, however many changes touch it; `None` where it ends.
    pub after: Option<Box<OrgUnit>>,
    /// All its external ids from now on, sorted; `None` where they stay. Erase those of all units before adding any: one may pass on.
    pub external_ids: Option<Vec<ExternalId>>,
}

/// One change with its references resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedChange {
    /// What was asked for, pointing by ids only and with texts in their normal form: it can be planned again on another tree.
    pub asked: Change,
    /// What happens.
    pub effect: Effect,
    /// Over which units of the tree before the batch one needs rights (A2).
    pub over: Vec<Over>,
}

/// Where in a change the input points at a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A field, such as `parent`.
    Field(&'static str),
    /// An item of a field that is a list, such as `units.1`.
    Item(&'static str, usize),
    /// What a part of a split becomes: `into.1.into`.
    Part(usize),
    /// A child that a part of a split names: `into.1.children.2`.
    PartChild(usize, usize),
}

impl Spot {
    /// The refusal of what stands there, seen from the change.
    #[must_use]
    pub fn lead(self, refusal: Refusal) -> Refusal {
        match self {
            Self::Field(field) => refusal.within(field),
            Self::Item(field, item) => refusal.at(item).within(field),
            Self::Part(part) => refusal.within("into").at(part).within("into"),
            Self::PartChild(part, child) => refusal.at(child).within("children").at(part).within("into"),
        }
    }
}

impl From<&'static str> for Spot {
    fn from(field: &'static str) -> Self {
        Self::Field(field)
    }
}

/// A unit that one needs `ADMIN` over, and where the input points at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over {
    /// Where in the change.
    pub at: Spot,
    /// For a unit that begins with the batch: the nearest one above that stands already. `None` is the whole forest: a root is made, ends, or
    /// leaves its place.
    pub unit: Option<UnitId>,
}

enumeration! {
    /// How one unit takes over from another (O6).
    pub enum SuccessionKind {
        /// Units became one.
        Merge,
        /// A unit became several.
        Split,
        /// A unit ended, and left what it owed to an heir.
        Heir,
    }
}

/// A unit that ends or is split, and who takes over from it (O6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The unit.
    pub unit: UnitId,
    /// How.
    pub kind: SuccessionKind,
    /// Its successors, without itself, in the order in which they were named; empty: it leaves no heir.
    pub heirs: Vec<UnitId>,
    /// Whether it stays: it is one of the parts that it is split into.
    pub stays: bool,
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
        /// What is not as before; empty where all of it had become true before.
        fields: Vec<FieldRevision>,
    },
    /// A unit got another parent.
    Moved(Moved),
    /// A unit became one of another kind.
    KindChanged {
        /// The unit.
        unit: UnitId,
        /// Its kind before.
        from: KindCode,
        /// Its kind now.
        to: KindCode,
        /// Where it moved, if it did.
        moved: Option<Moved>,
    },
    /// Units became one.
    Merged {
        /// Those that ended.
        units: Vec<UnitId>,
        /// What they became.
        into: UnitId,
        /// Their children, which stand under it now.
        children: Vec<Moved>,
    },
    /// A unit became several.
    Split {
        /// The unit.
        unit: UnitId,
        /// What it became; the unit itself is among them where it stays.
        into: Vec<UnitId>,
        /// Its children, which stand under the parts now.
        children: Vec<Moved>,
    },
    /// A unit ended.
    Dissolved {
        /// The unit.
        unit: UnitId,
        /// Who took over.
        heir: Option<UnitId>,
        /// Its children, which stand elsewhere now.
        children: Vec<Moved>,
    },
    /// A unit is active again.
    Reopened {
        /// The unit.
        unit: UnitId,
        /// Its parent.
        parent: Option<UnitId>,
    },
}

/// A unit that got another parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The unit.
    pub unit: UnitId,
    /// The parent before; `None` where it was a root.
    pub from: Option<UnitId>,
    /// The parent now; `None` where it is a root.
    pub to: Option<UnitId>,
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
