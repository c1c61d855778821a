//! What the journal says was done.

use async_graphql::Enum;
use chidao_domain::journal::Action;

/// What was done; one for each mutation (hành động).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Action")]
pub enum JournalAction {
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
