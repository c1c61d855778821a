//! What can be wanted, and the table of what it takes (A2, A3, A4, L2, L3).

use super::Role;
use super::need::Need;
use crate::directive::{DirectiveStatus, Verification};
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::obligation::overseer;

/// What reading a directive depends on (A3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectiveSight<'a> {
    /// Where it stands in its life.
    pub status: DirectiveStatus,
    /// Its issuer; where that has ended, its place stands for it (B6).
    pub issuer: UnitId,
    /// The units that it concerns (A3): those that it or a directive implementing it binds, the issuers of such directives, those that
    /// commented on it; of one that binds nobody, all below its issuer. One that the caller may read about is enough.
    pub concerned: &'a [UnitId],
}

/// What rights over an obligation depend on (L2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObligationSight {
    /// The unit that is bound; one that has ended is read at its place (C5).
    pub unit: UnitId,
    /// The issuer of its directive; where that has ended, its place stands for it (B6).
    pub issuer: UnitId,
    /// Who accepts.
    pub verification: Verification,
    /// Whether a person decided that it lasts outside the issuer's subtree (S4).
    pub kept: bool,
}

impl ObligationSight {
    /// Whether it lasts though its unit stands outside the issuer's subtree: the issuer verifies it, and its line reads it (S4).
    fn is_kept_outside(self, forest: &Forest) -> bool {
        self.kept && !forest.holds(forest.stands_for(self.issuer), self.unit)
    }

    /// What reading it takes (A3, S4).
    fn read(self, forest: &Forest) -> Need<'static> {
        let own = Need::Over(Role::Viewer, self.unit);
        if self.kept { Need::AnyOf(vec![own, Need::Over(Role::Viewer, forest.stands_for(self.issuer))]) } else { own }
    }
}

/// One thing that a principal may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Names and places of units, kinds, officers, reorganizations; the registers; oneself.
    ReadTree,
    /// The list of persons: officers of units, which are as public as the units.
    ReadPeople,
    /// The journal, filtered to what touches units that may be read.
    ReadJournal,
    /// A kind of unit or of directive in its register.
    DefineKind,
    /// A change to the tree at one place (O5): the unit that is revised, the parent of a new unit, each of both parents of a move. Where the
    /// same batch made the place, the nearest unit above it that stands in the forest.
    Reorganize {
        /// The place; `None`: among the roots, for a new root and for a root that moves.
        over: Option<UnitId>,
    },
    /// Appoints an officer, or ends an appointment.
    Appoint {
        /// In which unit.
        unit: UnitId,
    },
    /// Users, services and their grants.
    ReadPrincipals,
    /// A user or a service; it may do nothing until it is granted something.
    CreatePrincipal,
    /// Takes all rights from a principal.
    DeactivatePrincipal {
        /// The units of the grants that it holds; `None`: the whole forest.
        grants: &'a [Option<UnitId>],
    },
    /// Gives a role (A4).
    GrantRole {
        /// Which.
        role: Role,
        /// Over what; `None`: the whole forest.
        unit: Option<UnitId>,
    },
    /// Takes a role away (A4).
    RevokeGrant {
        /// Which.
        role: Role,
        /// Over what; `None`: the whole forest.
        unit: Option<UnitId>,
    },
    /// A directive, with its requirements, comments and history.
    ReadDirective(DirectiveSight<'a>),
    /// A new draft.
    Draft {
        /// Of which unit.
        issuer: UnitId,
    },
    /// Another text for a draft.
    ReviseDraft(DirectiveSight<'a>),
    /// Gives a draft up.
    WithdrawDraft(DirectiveSight<'a>),
    /// Asks the units below for comments.
    OpenConsultation(DirectiveSight<'a>),
    /// Ends the asking.
    CloseConsultation(DirectiveSight<'a>),
    /// A unit's remark on a draft (D5).
    CommentOnDraft {
        /// The draft.
        directive: DirectiveSight<'a>,
        /// The unit that remarks.
        unit: UnitId,
    },
    /// The issuer's answer to a remark (D5).
    AnswerComment(DirectiveSight<'a>),
    /// Issues a draft.
    Issue(DirectiveSight<'a>),
    /// Sums a directive up (D6).
    Conclude(DirectiveSight<'a>),
    /// To take a concluded directive up again (D6).
    Resume(DirectiveSight<'a>),
    /// Obligations, reports, completion, bindings and their explanation, of a unit and of all below it (A3).
    ReadUnit {
        /// The unit.
        unit: UnitId,
    },
    /// The completion of a directive without a unit: of every unit that it binds (C3, C11).
    ReadDirectiveCompletion(DirectiveSight<'a>),
    /// One obligation, with its reports and history.
    ReadObligation(ObligationSight),
    /// Acknowledges.
    Acknowledge(ObligationSight),
    /// Starts.
    Start(ObligationSight),
    /// Reports today.
    Report(ObligationSight),
    /// Enters a report that came on paper, with the day on which it came (L3).
    ReportOnPaper(ObligationSight),
    /// To remind a unit that is behind (L9).
    Urge {
        /// The unit.
        unit: UnitId,
    },
    /// Reports by issuing a directive (L6).
    Discharge(ObligationSight),
    /// Accepts a report.
    Accept(ObligationSight),
    /// Returns a report.
    Return(ObligationSight),
    /// Reopens a closed obligation.
    Reopen(ObligationSight),
    /// Exempts a unit.
    Exempt(ObligationSight),
    /// Gives a unit a later date.
    Extend(ObligationSight),
    /// Gives every unit that a requirement binds a later date.
    ExtendRequirement(DirectiveSight<'a>),
}

impl<'a> Action<'a> {
    /// The table of rights: what each action takes (A2). What may be known of at all is [`Action::sight`].
    pub(super) fn need(&self, forest: &Forest) -> Need<'a> {
        use Role::{Admin, Drafter, Reporter, Supervisor, Viewer};
        match *self {
            Self::ReadTree | Self::ReadPeople | Self::ReadJournal => Need::SignedIn,
            Self::DefineKind => Need::Operator,
            Self::Reorganize { over } => over_or_operator(over),
            Self::Appoint { unit } => Need::Over(Admin, unit),
            Self::ReadPrincipals | Self::CreatePrincipal => Need::Somewhere(Admin),
            // Who holds nothing stands under nobody but the operator.
            Self::DeactivatePrincipal { grants: [] } => Need::Operator,
            Self::DeactivatePrincipal { grants } => {
                Need::AllOf(std::iter::once(Need::Somewhere(Admin)).chain(grants.iter().map(|&unit| over_or_operator(unit))).collect())
            }
            Self::GrantRole { unit, .. } | Self::RevokeGrant { unit, .. } => over_or_operator(unit),
            Self::ReadDirective(directive) => read(forest, directive),
            Self::Draft { issuer } => Need::Over(Drafter, issuer),
            Self::ReviseDraft(directive)
            | Self::WithdrawDraft(directive)
            | Self::OpenConsultation(directive)
            | Self::CloseConsultation(directive)
            | Self::AnswerComment(directive)
            | Self::Issue(directive)
            | Self::Conclude(directive)
            | Self::Resume(directive) => Need::Over(Drafter, forest.stands_for(directive.issuer)),
            // A unit speaks through its reporters, which every unit has, or through those who write its documents.
            Self::CommentOnDraft { unit, .. } => Need::AnyOf(vec![Need::Over(Reporter, unit), Need::Over(Drafter, unit)]),
            Self::ReadUnit { unit } => Need::Over(Viewer, unit),
            Self::ReadDirectiveCompletion(directive) => Need::Over(Viewer, forest.stands_for(directive.issuer)),
            Self::ReadObligation(obligation) => obligation.read(forest),
            Self::Acknowledge(obligation) | Self::Start(obligation) => Need::Over(Reporter, obligation.unit),
            Self::Report(ObligationSight { unit, .. }) => Need::AnyOf(vec![Need::Over(Reporter, unit), over_superior(forest, unit)]),
            Self::ReportOnPaper(ObligationSight { unit, .. }) | Self::Urge { unit } => over_superior(forest, unit),
            // Issuing and reporting are one act (L6): who may issue for the unit need not be its reporter too.
            Self::Discharge(ObligationSight { unit, .. }) => Need::AnyOf(vec![Need::Over(Reporter, unit), Need::Over(Drafter, unit)]),
            Self::Accept(obligation) | Self::Return(obligation) | Self::Reopen(obligation) => {
                let ObligationSight { unit, issuer, .. } = obligation;
                let verification = if obligation.is_kept_outside(forest) { Verification::Issuer } else { obligation.verification };
                overseer(forest, verification, unit, issuer).map_or(Need::NobodyAbove(unit), |above| Need::Over(Supervisor, above))
            }
            Self::Exempt(ObligationSight { issuer, .. })
            | Self::Extend(ObligationSight { issuer, .. })
            | Self::ExtendRequirement(DirectiveSight { issuer, .. }) => Need::Over(Supervisor, forest.stands_for(issuer)),
        }
    }

    /// What it takes to know of the thing that the action is about (A5): units are public, directives and obligations are not.
    pub(super) fn sight(&self, forest: &Forest) -> Need<'a> {
        match *self {
            Self::ReadTree
            | Self::ReadPeople
            | Self::ReadJournal
            | Self::DefineKind
            | Self::Reorganize { .. }
            | Self::Appoint { .. }
            | Self::ReadPrincipals
            | Self::CreatePrincipal
            | Self::DeactivatePrincipal { .. }
            | Self::GrantRole { .. }
            | Self::RevokeGrant { .. }
            | Self::Draft { .. }
            | Self::ReadUnit { .. }
            | Self::Urge { .. } => Need::SignedIn,
            Self::ReadDirective(directive)
            | Self::ReviseDraft(directive)
            | Self::WithdrawDraft(directive)
            | Self::OpenConsultation(directive)
            | Self::CloseConsultation(directive)
            | Self::CommentOnDraft { directive, .. }
            | Self::AnswerComment(directive)
            | Self::Issue(directive)
            | Self::Conclude(directive)
            | Self::Resume(directive)
            | Self::ReadDirectiveCompletion(directive)
            | Self::ExtendRequirement(directive) => read(forest, directive),
            Self::ReadObligation(obligation)
            | Self::Acknowledge(obligation)
            | Self::Start(obligation)
            | Self::Report(obligation)
            | Self::ReportOnPaper(obligation)
            | Self::Discharge(obligation)
            | Self::Accept(obligation)
            | Self::Return(obligation)
            | Self::Reopen(obligation)
            | Self::Exempt(obligation)
            | Self::Extend(obligation) => obligation.read(forest),
        }
    }
}

/// Issued directives are read from the issuer up, and from the units that they bind up; drafts from the issuer up, and by all below
/// while they are consulted (A3). A grant covers what stands below it (A1), so "from … up" is a grant over that unit.
fn read<'a>(forest: &Forest, directive: DirectiveSight<'a>) -> Need<'a> {
    let by_issuer = Need::Over(Role::Viewer, forest.stands_for(directive.issuer));
    match directive.status {
        DirectiveStatus::Draft | DirectiveStatus::Withdrawn => by_issuer,
        DirectiveStatus::Consulting => Need::AnyOf(vec![by_issuer, Need::Under(directive.issuer)]),
        DirectiveStatus::Issued | DirectiveStatus::Concluded | DirectiveStatus::Replaced | DirectiveStatus::Repealed => {
            Need::AnyOf(vec![by_issuer, Need::OverOneOf(directive.concerned)])
        }
    }
}

/// `ADMIN` there; over the whole forest that is the operator.
fn over_or_operator<'a>(unit: Option<UnitId>) -> Need<'a> {
    unit.map_or(Need::Operator, |unit| Need::Over(Role::Admin, unit))
}

/// `SUPERVISOR` of a unit strictly above (L3).
fn over_superior<'a>(forest: &Forest, unit: UnitId) -> Need<'a> {
    superior(forest, unit).map_or(Need::NobodyAbove(unit), |above| Need::Over(Role::Supervisor, above))
}

fn superior(forest: &Forest, unit: UnitId) -> Option<UnitId> {
    forest.unit(unit)?.parent
}
