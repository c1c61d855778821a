//! A reorganization (sắp xếp tổ chức): one dated, atomic batch of ordered changes to the tree (O5, O6).
//!
//! Planning is pure: from the forest of the batch's day to what would be written, or to everything that stands in the way.
//! Each change sees the tree as the changes before it have left it, so the tree is a forest at every step (O3); whether a kind may stand
//! where it stands is asked of the tree after the whole batch, since no day sees one in between.

mod annulment;
mod batch;
mod change;
mod course;
mod plan;
#[cfg(test)]
mod tests;

pub use annulment::{changes_back, give_external_ids_back};
pub use batch::misplacement;
pub use change::{
    Change, ChangeKind, Dissolve, EndAgain, Establish, ExternalId, Merge, Move, Named, Reopen, Revise, Split, SplitPart, UnitRef,
};
pub use course::{Contradiction, Course, CourseError, Recorded, Stage};
pub use plan::{Effect, Ending, FieldRevision, Moved, Over, Plan, PlannedChange, Spot, SuccessionKind, Touched};

use std::collections::HashMap;
use std::sync::Arc;

use crate::day::Day;
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::KindRegister;
use crate::refusal::Refusal;

/// What of [`Named`] is taken, by units of all times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Codes that a unit of any day has or had, by their folded form (O2); those of the forest need not be among them.
    pub codes: HashMap<Arc<str>, Arc<str>>,
    /// Who has which external id: those that are named, and all of [`Named::holders`] (O9).
    pub external_ids: HashMap<ExternalId, UnitId>,
}

/// How strictly changes are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Judgement {
    /// Somebody asks for them: everything is checked.
    #[default]
    Asked,
    /// They were planned before: that one has become true meanwhile is no fault.
    Planned,
    /// They took effect before. External ids, which have no days, passed on then and are left alone.
    Enacted,
    /// They take back what was a mistake: a placement that was permitted once may come back (O3).
    TakenBack,
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
    /// How strictly.
    pub judgement: Judgement,
}

/// Plans a batch: its changes in their order, on the tree of its day (O2, O3, O5, O6, O9).
///
/// # Errors
/// All that stands in the way, each at its place (`changes.3.establish.parent`); nothing is planned then.
pub fn plan(ground: Ground<'_>, changes: &[Change]) -> Result<Plan, Vec<Refusal>> {
    batch::Batch::on(ground).plan(changes)
}
