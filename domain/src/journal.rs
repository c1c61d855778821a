//! What the journal says of one thing that somebody did (J1).

use crate::ids::{
    AppointmentId, CommentId, DirectiveId, GrantId, KindId, ObligationId, PersonId, PrincipalId, ReorganizationId, RequirementId, UnitId,
};

/// What was done; one for each mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The tree was changed.
    Reorganized,
    /// A change to the tree was planned for a later day.
    ReorganizationPlanned,
    /// A planned change to the tree took effect.
    ReorganizationEnacted,
    /// A planned change to the tree was given up.
    ReorganizationCancelled,
    /// A change to the tree was taken back as a mistake.
    ReorganizationAnnulled,
    /// A kind of unit was added to its register or amended.
    OrgUnitKindDefined,
    /// A kind of directive was added to its register or amended.
    DirectiveKindDefined,
    /// An officer was appointed.
    OfficerAppointed,
    /// An appointment was ended.
    AppointmentEnded,
    /// A directive was drafted.
    DirectiveDrafted,
    /// A draft was revised.
    DraftRevised,
    /// A draft was withdrawn.
    DraftWithdrawn,
    /// A draft was opened to comments.
    ConsultationOpened,
    /// A draft was closed to comments.
    ConsultationClosed,
    /// A unit commented on a draft.
    DraftCommented,
    /// A comment was answered.
    CommentAnswered,
    /// A directive was issued, and units were bound by it.
    DirectiveIssued,
    /// A directive was concluded, and what was open lapsed.
    DirectiveConcluded,
    /// A concluded directive was taken up again, and what had lapsed returned.
    DirectiveResumed,
    /// A directive was replaced by another, and what was open was released.
    DirectiveReplaced,
    /// A directive was repealed by another, and what was open was released.
    DirectiveRepealed,
    /// A period of what recurs was opened, and units were bound to it.
    PeriodOpened,
    /// An obligation was acknowledged.
    ObligationAcknowledged,
    /// Work on an obligation began.
    ObligationStarted,
    /// A report on an obligation was submitted.
    ReportSubmitted,
    /// A report on an obligation was accepted.
    ReportAccepted,
    /// A report on an obligation was returned.
    ReportReturned,
    /// An obligation was exempted.
    ObligationExempted,
    /// An obligation was reopened.
    ObligationReopened,
    /// A due date was extended.
    DueDateExtended,
    /// Units that are behind were reminded.
    UnitsUrged,
    /// An obligation passed on to successors.
    ObligationTransferred,
    /// An obligation binds its unit no more.
    ObligationReleased,
    /// An obligation lasts though its unit left.
    ObligationKept,
    /// A unit was bound when the tree changed.
    ObligationBound,
    /// An obligation took over another one.
    ObligationLinked,
    /// A unit came back to an obligation.
    ObligationBoundAgain,
    /// An obligation returned to the state before a mistake.
    ObligationReturned,
    /// A grant ended with its unit.
    GrantEnded,
    /// Somebody logged in.
    LoggedIn,
    /// A session was renewed.
    SessionRefreshed,
    /// A session was ended.
    LoggedOut,
    /// A user was created.
    UserCreated,
    /// A service was created.
    ServiceCreated,
    /// A principal was deactivated.
    PrincipalDeactivated,
    /// A role was granted.
    RoleGranted,
    /// A grant was revoked.
    GrantRevoked,
}

/// What it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A reorganization.
    Reorganization(ReorganizationId),
    /// A unit.
    OrgUnit(UnitId),
    /// A kind of unit.
    OrgUnitKind(KindId),
    /// A kind of directive.
    DirectiveKind(KindId),
    /// A person.
    Person(PersonId),
    /// An appointment.
    Appointment(AppointmentId),
    /// A directive.
    Directive(DirectiveId),
    /// A requirement.
    Requirement(RequirementId),
    /// A comment on a draft.
    Comment(CommentId),
    /// An obligation.
    Obligation(ObligationId),
    /// A principal.
    Principal(PrincipalId),
    /// A grant.
    Grant(GrantId),
}

/// One field, before and after, as texts that a person can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The field's name in the schema.
    pub field: String,
    /// What it was; `None` where it was empty or did not exist.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

/// The field by which an entry names the report that it is about.
pub const LATEST_REPORT: &str = "latestReport";

/// One entry before it has a position: who and when are the transaction's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was done.
    pub action: Action,
    /// To what.
    pub subject: Subject,
    /// For which unit (L8).
    pub on_behalf_of: Option<UnitId>,
    /// The units that it touches.
    pub units: Vec<UnitId>,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// Why, in the words of who did it.
    pub reason: Option<String>,
}

impl Entry {
    /// An entry that touches no unit, changes no field and gives no reason; the other methods add those.
    pub fn new(action: Action, subject: Subject) -> Self {
        Self { action, subject, on_behalf_of: None, units: Vec::new(), changes: Vec::new(), reason: None }
    }

    /// For which unit it was done.
    #[must_use]
    pub fn on_behalf_of(mut self, unit: Option<UnitId>) -> Self {
        self.on_behalf_of = unit;
        self
    }

    /// Units that it touches.
    #[must_use]
    pub fn touching(mut self, units: impl IntoIterator<Item = UnitId>) -> Self {
        self.units.extend(units);
        self
    }

    /// A field that changed; nothing where it did not.
    #[must_use]
    pub fn change(mut self, field: &str, before: Option<String>, after: Option<String>) -> Self {
        if before != after {
            self.changes.push(FieldChange { field: field.into(), before, after });
        }
        self
    }

    /// Why.
    #[must_use]
    pub fn because(mut self, reason: Option<String>) -> Self {
        self.reason = reason;
        self
    }
}
