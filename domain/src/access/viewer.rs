//! What the viewer may do with a thing now: the rules of the mutations, asked beforehand (A6).

use super::{Action, DirectiveSight, Grants, ObligationSight, Role, decide};
use crate::directive::{DirectiveStatus, DirectiveStep, take_step};
use crate::enumeration::enumeration;
use crate::forest::Forest;
use crate::ids::UnitId;

enumeration! {
    /// What can be done with a unit.
    pub enum UnitAction {
        /// Read its obligations, reports and completion, and those of all below it.
        ReadCompletion,
        /// Establish a unit under it.
        Establish,
        /// Change its name, short name, member count, external ids.
        Revise,
        /// Move it; the new parent takes the same right.
        Move,
        /// Give it another kind.
        ChangeKind,
        /// End it by merging it into another, which takes the same right.
        Merge,
        /// Divide it and let it stay as one of the parts, each of which takes the same right; to end it by that takes what merging takes.
        Split,
        /// End it, with or without an heir.
        Dissolve,
        /// Bring it back, where it has ended; its parent takes the same right.
        Reopen,
        /// Appoint officers and end appointments.
        Appoint,
        /// Give and revoke grants over it.
        GrantRole,
        /// Draft a directive of it.
        Draft,
    }

    /// What can be done with a directive.
    pub enum DirectiveAction {
        /// Change its text.
        Revise,
        /// Give it up.
        Withdraw,
        /// Ask the units below for comments.
        OpenConsultation,
        /// End the asking.
        CloseConsultation,
        /// Comment on it, on behalf of at least one unit.
        Comment,
        /// Answer a comment that has no answer yet.
        AnswerComment,
        /// Issue it.
        Issue,
        /// Sum it up.
        Conclude,
        /// Take it up again.
        Resume,
        /// Extend the due date of one of its requirements.
        Extend,
    }

    /// What can be done with an obligation.
    pub enum ObligationAction {
        /// Acknowledge it.
        Acknowledge,
        /// Start it.
        Start,
        /// Report on it.
        Report,
        /// Accept the report that waits.
        Accept,
        /// Return the report that waits.
        Return,
        /// Exempt the unit from it.
        Exempt,
        /// Reopen it.
        Reopen,
        /// Give it a later date.
        Extend,
        /// Remind the unit of it.
        Urge,
    }
}

/// What may be done with `unit` (A6).
pub fn viewer_can_with_unit(grants: &Grants, forest: &Forest, unit: UnitId) -> Vec<UnitAction> {
    let parent = forest.unit(unit).and_then(|unit| unit.parent);
    let is_active = forest.place(unit).is_some();
    let may = |wanted: &UnitAction| {
        let action = match wanted {
            UnitAction::ReadCompletion => Action::ReadUnit { unit },
            UnitAction::Establish | UnitAction::Revise | UnitAction::Split => Action::Reorganize { over: Some(unit) },
            UnitAction::Move | UnitAction::ChangeKind | UnitAction::Merge | UnitAction::Dissolve => Action::Reorganize { over: parent },
            UnitAction::Reopen => Action::Reorganize { over: forest.standing(unit) },
            UnitAction::Appoint => Action::Appoint { unit },
            UnitAction::GrantRole => Action::GrantRole { role: Role::Viewer, unit: Some(unit) },
            UnitAction::Draft => Action::Draft { issuer: unit },
        };
        decide(grants, forest, &action).is_allowed()
    };
    // What has ended is read and brought back, and nothing else is done to it (O6).
    let is_for = |wanted: &UnitAction| match wanted {
        UnitAction::ReadCompletion => true,
        UnitAction::Reopen => !is_active,
        _ => is_active,
    };
    UnitAction::ALL.into_iter().filter(is_for).filter(may).collect()
}

/// What there is in a directive to act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectiveMatter {
    /// Whether a comment waits for its answer: each is answered once (D5).
    pub awaits_answer: bool,
    /// Whether a requirement has a date that can be extended (L4): "no date" is later than any (T2).
    pub has_date: bool,
}

/// What may be done with a directive in its status, as far as there is something to do it to (A6, D1, D2).
pub fn viewer_can_with_directive(
    grants: &Grants,
    forest: &Forest,
    directive: DirectiveSight<'_>,
    matter: DirectiveMatter,
) -> Vec<DirectiveAction> {
    let status = directive.status;
    let allows = |step| take_step(status, step).is_ok();
    let allowed = |action| decide(grants, forest, &action).is_allowed();
    let may = |wanted: &DirectiveAction| match wanted {
        DirectiveAction::Revise => status == DirectiveStatus::Draft && allowed(Action::ReviseDraft(directive)),
        DirectiveAction::Withdraw => allows(DirectiveStep::Withdraw) && allowed(Action::WithdrawDraft(directive)),
        DirectiveAction::OpenConsultation => allows(DirectiveStep::OpenConsultation) && allowed(Action::OpenConsultation(directive)),
        DirectiveAction::CloseConsultation => allows(DirectiveStep::CloseConsultation) && allowed(Action::CloseConsultation(directive)),
        DirectiveAction::Comment => status == DirectiveStatus::Consulting && may_comment(grants, forest, directive),
        DirectiveAction::AnswerComment => matter.awaits_answer && allowed(Action::AnswerComment(directive)),
        DirectiveAction::Issue => allows(DirectiveStep::Issue) && allowed(Action::Issue(directive)),
        DirectiveAction::Conclude => allows(DirectiveStep::Conclude) && allowed(Action::Conclude(directive)),
        DirectiveAction::Resume => allows(DirectiveStep::Resume) && allowed(Action::Resume(directive)),
        DirectiveAction::Extend => matter.has_date && status.is_in_force() && allowed(Action::ExtendRequirement(directive)),
    };
    DirectiveAction::ALL.into_iter().filter(may).collect()
}

/// Whether the viewer may comment for at least one of the units that are consulted: the one of a grant below the issuer, or, by a grant
/// from the issuer up, the issuer itself.
fn may_comment(grants: &Grants, forest: &Forest, directive: DirectiveSight<'_>) -> bool {
    let issuer = forest.stands_for(directive.issuer);
    let below = |unit: &UnitId| forest.covers(issuer, *unit);
    let units = grants.all().iter().map(|grant| grant.unit.filter(below).unwrap_or(issuer));
    units.into_iter().any(|unit| decide(grants, forest, &Action::CommentOnDraft { directive, unit }).is_allowed())
}

/// What may be done with an obligation (A6): by right, and by its state, of which `state_allows` tells (L1).
pub fn viewer_can_with_obligation(
    grants: &Grants,
    forest: &Forest,
    obligation: ObligationSight,
    state_allows: impl Fn(ObligationAction) -> bool,
) -> Vec<ObligationAction> {
    let may = |wanted: &ObligationAction| {
        let action = match wanted {
            ObligationAction::Acknowledge => Action::Acknowledge(obligation),
            ObligationAction::Start => Action::Start(obligation),
            ObligationAction::Report => Action::Report(obligation),
            ObligationAction::Accept => Action::Accept(obligation),
            ObligationAction::Return => Action::Return(obligation),
            ObligationAction::Exempt => Action::Exempt(obligation),
            ObligationAction::Reopen => Action::Reopen(obligation),
            ObligationAction::Extend => Action::Extend(obligation),
            ObligationAction::Urge => Action::Urge { unit: obligation.unit },
        };
        state_allows(*wanted) && decide(grants, forest, &action).is_allowed()
    };
    ObligationAction::ALL.into_iter().filter(may).collect()
}
