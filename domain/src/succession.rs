//! What becomes of obligations when the tree changes: succession (kế thừa), release, and late binding (section 6, B4, B6).
//!
//! A batch acts on obligations on one day. What it does follows from two trees of that day, without and with the *whole* batch (S6), from
//! who took over from whom, and from what people decided (S4). The tree itself is planned in [`crate::reorganization`].

mod annulment;
mod attribution;
mod cause;
mod decision;
mod departure;
mod inheritance;
mod late;
mod line;
mod scene;
mod shift;
#[cfg(test)]
mod tests;

pub use annulment::{Annulment, Closed, Follows, Grounded, LinkedBy, Returned, plan_annulment};
pub use attribution::attribute;
pub use cause::Cause;
pub use decision::{Action, Decision};
pub use late::Newcomer;
pub use shift::Shift;

use std::collections::HashMap;

use crate::day::Day;
use crate::ids::{DirectiveId, ObligationId, RequirementId, UnitId};
use crate::obligation::{State, Timing};
use crate::refusal::Refusal;
use crate::reorganization::Judgement;
use crate::scope::{BindingReason, Scope};
use scene::Scene;

/// A requirement of a directive in force, as far as binding goes by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    /// The requirement.
    pub requirement: RequirementId,
    /// Its directive.
    pub directive: DirectiveId,
    /// Who issued it; where that unit has ended, its place stands for it (B6).
    pub issuer: UnitId,
    /// Whom it binds.
    pub scope: Scope,
    /// The period that a late unit gets: the current one of a requirement that recurs, the named one of another, or empty (B7).
    pub period: String,
    /// The last day of that period's obligations; of one that does not recur with the extensions that there were (L4).
    pub due_on: Option<Day>,
    /// Whether units that come into the scope later are bound (B4).
    pub binds_late_units: bool,
    /// The grace of a late unit, in days.
    pub late_grace_days: u32,
}

/// An obligation, in any state, that a change of the tree may concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held<'a> {
    /// It.
    pub id: ObligationId,
    /// Its requirement.
    pub bond: &'a Bond,
    /// The unit that it binds.
    pub unit: UnitId,
    /// The period, or empty (B7).
    pub period: String,
    /// Where it stands.
    pub state: State,
    /// The last day on which a report is on time.
    pub due_on: Option<Day>,
    /// The day on which its latest report came.
    pub reported_on: Option<Day>,
    /// A person decided that it lasts while its unit stands outside the issuer's subtree (S4), or it was taken over from such a one. Once the
    /// unit is back that says no more.
    pub kept: bool,
    /// Why the system closed it, where a succession did.
    pub cause: Option<Cause>,
    /// It was released, and all that had bound its unit was the work of batches that were annulled (O5): it is as if it had never been.
    pub is_void: bool,
}

impl Held<'_> {
    fn waits_in_time(&self) -> bool {
        Timing { state: self.state, due_on: self.due_on, reported_on: self.reported_on, informative: false }.waits_in_time()
    }
}

/// One thing that happens to one obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// It passes on; [`State::Transferred`] (S1–S3).
    Transfer {
        /// It.
        obligation: ObligationId,
        /// The units that have it from now on.
        to: Vec<UnitId>,
        /// Why.
        cause: Cause,
        /// The decision that says so, by its place in the input.
        decision: Option<usize>,
    },
    /// It binds no more; [`State::Released`] (B6, S1, S3, S4).
    Release {
        /// It.
        obligation: ObligationId,
        /// Why.
        cause: Cause,
        /// The decision that says so, by its place in the input.
        decision: Option<usize>,
    },
    /// It lasts though its unit leaves (S4).
    Keep {
        /// It.
        obligation: ObligationId,
        /// The decision that says so, by its place in the input.
        decision: usize,
    },
    /// A unit gets one that it did not have (S1, S2, B4).
    Create(NewObligation),
    /// One that a successor has of its own follows others, too (S1).
    Link {
        /// The successor's.
        obligation: ObligationId,
        /// Those that it follows.
        predecessors: Vec<ObligationId>,
        /// Its last day from now on: never earlier than before.
        due_on: Option<Day>,
    },
    /// A unit gets one that it had only by batches that were annulled ([`Held::is_void`]): that one lives once more.
    Revive {
        /// The unit's.
        obligation: ObligationId,
        /// As it is from now on.
        new: NewObligation,
    },
    /// The unit is back, and takes it up again; [`State::Pending`], for the reason [`BindingReason::Again`] (B4).
    BindAgain {
        /// It.
        obligation: ObligationId,
        /// Its last day from now on: never earlier than before.
        due_on: Option<Day>,
    },
}

/// An obligation that comes into being when the tree changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewObligation {
    /// Its requirement.
    pub requirement: RequirementId,
    /// Its directive.
    pub directive: DirectiveId,
    /// The unit that it binds.
    pub unit: UnitId,
    /// The period, or empty.
    pub period: String,
    /// Where it stands: [`State::Pending`] or [`State::InProgress`].
    pub state: State,
    /// The last day on which a report is on time.
    pub due_on: Option<Day>,
    /// Why: what it follows, or that the unit is late.
    pub reasons: Vec<BindingReason>,
    /// Taken over from one that was kept: it lasts outside the issuer's subtree (S4).
    pub kept: bool,
}

/// Everything that obligations are judged by when the tree changes.
#[derive(Clone, Copy, Debug)]
pub struct Estate<'a> {
    /// The change.
    pub shift: Shift<'a>,
    /// The requirements of directives in force.
    pub bonds: &'a [Bond],
    /// Obligations: what [`Shift`] and [`newcomers`] name.
    pub held: &'a [Held<'a>],
    /// The direct predecessors of units, by every other batch that has taken effect and was not annulled (B4): of [`newcomers`], and on
    /// from there.
    pub predecessors: &'a HashMap<UnitId, Vec<UnitId>>,
}

/// What a batch does to obligations, in the order in which it acts: endings (S1–S3), units that left (B6), units that came (B4). The tree
/// went before (S6).
///
/// For a directive that is resumed (D6), `without` is the tree of the day on which it was concluded, and the endings are all since then.
///
/// # Errors
/// Decisions that cannot be followed (S4), at `decisions`, where somebody asks for them now; recorded ones that do not fit any more have no
/// effect.
pub fn plan_succession(estate: Estate<'_>, decisions: &[Decision], judgement: Judgement) -> Result<Vec<Consequence>, Vec<Refusal>> {
    let scene = Scene::of(estate, decisions);
    if judgement == Judgement::Asked {
        let refusals = decision::judge(&scene);
        if !refusals.is_empty() {
            return Err(refusals);
        }
    }
    let mut done = Vec::new();
    inheritance::plan(&scene, &mut done);
    departure::plan(&scene, judgement, &mut done);
    // Periods that open on this day have been opened, or will be when all batches of the day have acted: then no bond has a period for late
    // units, since the opening itself will bind them (B7).
    late::plan(&scene, &mut done);
    Ok(done)
}

/// Whom a change of the tree brings into scopes (B4), whether or not section 6 leaves them unbound: what the store loads obligations of,
/// and of their predecessors, before it asks for [`plan_succession`].
pub fn newcomers(shift: Shift<'_>, bonds: &[Bond]) -> Vec<Newcomer> {
    late::newcomers(shift, bonds)
}
