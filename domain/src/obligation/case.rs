//! What the store loads for a decision, and what a decision gives it to save.

use std::sync::Arc;

use super::acceptance::acceptance;
use super::gate::Gate;
use super::life::{Circumstances, Duty, State, Step};
use super::timing::Timing;
use crate::day::Day;
use crate::directive::{Aggregation, Verification};
use crate::forest::Forest;
use crate::ids::{DirectiveId, ObligationId, PrincipalId, ReportId, RequirementId, UnitId};
use crate::succession::Cause;

/// What a requirement says about each of its obligations; loaded once and shared by its cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The requirement.
    pub requirement: RequirementId,
    /// Its directive.
    pub directive: DirectiveId,
    /// The unit that stands for the directive's issuer today (B6).
    pub issuer: UnitId,
    /// The day of the directive.
    pub issued_on: Day,
    /// Whether the directive is `ISSUED` and has not ended (D1).
    pub is_in_force: bool,
    /// Who accepts (L2).
    pub verification: Verification,
    /// Whether it is a standing duty (B8).
    pub informative: bool,
    /// Whether it has an obligation for each period (B7).
    pub recurs: bool,
    /// Whether it asks for a document of the unit's own (L6).
    pub asks_for_document: bool,
    /// The figures that its reports carry (C9).
    pub figures: Vec<AskedFigure>,
}

impl Terms {
    /// Whether an accepted report ends the duty (B8).
    pub fn duty(&self) -> Duty {
        if self.informative && !self.recurs { Duty::Standing } else { Duty::Once }
    }
}

/// A figure that the reports on a requirement carry (L7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedFigure {
    /// The indicator's key.
    pub key: Arc<str>,
    /// How the readings go together.
    pub aggregation: Aggregation,
    /// For `RATIO`: the key of the figure that it is measured against.
    pub ratio_over: Option<Arc<str>>,
    /// Whether every report must carry it.
    pub required: bool,
    /// Whether it may lie below 0.
    pub may_be_negative: bool,
}

/// One obligation as a decision needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// It.
    pub id: ObligationId,
    /// The unit that it binds.
    pub unit: UnitId,
    /// Where it stands.
    pub state: State,
    /// The last day on which a report is on time.
    pub due_on: Option<Day>,
    /// The day on which its latest report came.
    pub reported_on: Option<Day>,
    /// For optimistic locking.
    pub version: i64,
    /// The report that waits, in [`State::Reported`].
    pub waiting: Option<Waiting>,
    /// What must be closed first (L5).
    pub gate: Gate,
    /// What its requirement says.
    pub terms: Arc<Terms>,
    /// Whether a person decided that it lasts outside the issuer's subtree (S4).
    pub kept: bool,
}

/// The report that waits to be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// It.
    pub report: ReportId,
    /// Who entered it.
    pub submitted_by: PrincipalId,
    /// Whether a supervisor entered it for the unit (L3): who did may accept it as well (L2).
    pub on_paper: bool,
}

impl Case {
    /// What its dates say.
    pub fn timing(&self) -> Timing {
        Timing { state: self.state, due_on: self.due_on, reported_on: self.reported_on, informative: self.terms.informative }
    }

    /// What decides where a step leads, on the tree of today.
    pub(super) fn circumstances(&self, forest: &Forest) -> Circumstances {
        let is_kept_outside = self.kept && !forest.covers(self.terms.issuer, self.unit);
        let verification = if is_kept_outside { Verification::Issuer } else { self.terms.verification };
        let acceptance = acceptance(forest, verification, self.unit, self.terms.issuer);
        Circumstances { acceptance, duty: self.terms.duty(), before: None }
    }

    /// The decision that `step` leads to `to`, with the dates as they are.
    pub(super) fn decided(&self, step: Step, to: State) -> Decided {
        Decided {
            obligation: self.id,
            version: self.version,
            step,
            from: self.state,
            to,
            due_on: self.due_on,
            extension: None,
            reported_on: self.reported_on,
            report: None,
            replaces: None,
            reason: None,
            cause: None,
        }
    }
}

/// One step as it is decided, for the store to save and the journal to record (L8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The obligation.
    pub obligation: ObligationId,
    /// Its version when it was loaded.
    pub version: i64,
    /// What is done.
    pub step: Step,
    /// Where it stood.
    pub from: State,
    /// Where it stands now.
    pub to: State,
    /// Its due date now.
    pub due_on: Option<Day>,
    /// The new date that came with the step, for the list of earlier dates (L4).
    pub extension: Option<Extension>,
    /// The day on which its latest report came.
    pub reported_on: Option<Day>,
    /// The report that came, was accepted or was returned.
    pub report: Option<ReportId>,
    /// The report that waited for this obligation and is replaced by the one that came; it may still wait for another (L1).
    pub replaces: Option<ReportId>,
    /// Why, where the step asks for a reason.
    pub reason: Option<String>,
    /// Why the system releases it, where it does.
    pub cause: Option<Cause>,
}

impl Decided {
    /// Whether the report was accepted in the moment in which it came (L2): there is a decision on it without a person.
    pub fn is_accepted_at_once(&self) -> bool {
        self.step == Step::Report && self.to != State::Reported
    }
}

/// A due date that moved (L4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The date before; there was one, since "no date" is later than any.
    pub from: Day,
    /// The date now.
    pub to: Day,
}
