//! Every write. A command begins (and so takes the writer's turn), loads, lets the domain decide, saves, records and commits.

#![allow(
    clippy::redundant_closure,
    reason = "a variant's constructor is a function of one lifetime, and `take_in_hand` asks for one of every lifetime"
)]

mod accept_reports;
mod acknowledge_obligations;
mod annul_reorganization;
mod answer_comment;
mod appoint_officer;
mod cancel_reorganization;
mod close_consultation;
mod comment_on_draft;
mod conclude_directive;
mod consequences;
mod course_at_hand;
mod create_admin;
mod create_service;
mod create_user;
mod deactivate_principal;
mod decisions_at_hand;
mod define_directive_kind;
mod define_org_unit_kind;
mod directive_at_hand;
mod directive_life;
mod discharge;
mod draft_content;
mod draft_directive;
mod end_appointment;
mod exempt_obligations;
mod extend_due_date;
mod grant_role;
mod import_units;
mod issue_directive;
mod log_in;
mod log_out;
mod obligations_at_hand;
mod open_consultation;
mod open_periods;
mod refresh_session;
mod reopen_obligation;
mod reorganization_entries;
mod reorganize;
mod resume_directive;
mod return_report;
mod revise_draft;
mod revoke_grant;
mod start_obligations;
mod submit_reports;
mod tick;
mod urge_units;
mod withdraw_draft;

pub use accept_reports::{AcceptReports, accept_reports};
pub use acknowledge_obligations::{AcknowledgeObligations, acknowledge_obligations};
pub use annul_reorganization::annul_reorganization;
pub use answer_comment::{AnswerComment, answer_comment};
pub use appoint_officer::{AppointOfficer, Appointee, OfficerAppointed, appoint_officer};
pub use cancel_reorganization::{TakeBack, cancel_reorganization};
pub use close_consultation::close_consultation;
pub use comment_on_draft::{CommentDone, CommentOnDraft, comment_on_draft};
pub use conclude_directive::{ConcludeDirective, Concluded, conclude_directive};
pub use create_admin::{AdminCreated, CreateAdmin, create_admin};
pub use create_service::{ServiceCreated, create_service};
pub use create_user::{CreateUser, UserCreated, create_user};
pub use deactivate_principal::{DeactivatePrincipal, PrincipalDeactivated, deactivate_principal};
pub use decisions_at_hand::{ActionGiven, DecisionGiven};
pub use define_directive_kind::{DefineDirectiveKind, define_directive_kind};
pub use define_org_unit_kind::{DefineOrgUnitKind, KindSaved, define_org_unit_kind};
pub use directive_at_hand::StepGiven;
pub use draft_content::{IndicatorGiven, RelationGiven, RequirementGiven, ScopeGiven};
pub use draft_directive::{DirectiveDone, DraftDirective, draft_directive};
pub use end_appointment::{AppointmentEnded, EndAppointment, end_appointment};
pub use exempt_obligations::{ExemptObligations, exempt_obligations};
pub use extend_due_date::{DueDateExtended, ExtendDueDate, Extended, extend_due_date};
pub use grant_role::{GrantRole, RoleGranted, grant_role};
pub use import_units::{ImportStop, ImportUnits, UnitsImported, import_units};
pub use issue_directive::{IssueDirective, IssuePreview, Issued, issue_directive};
pub use log_in::{LogIn, Session, log_in};
pub use log_out::{LogOut, LoggedOut, log_out};
pub use obligations_at_hand::ObligationsChanged;
pub use open_consultation::open_consultation;
pub use refresh_session::refresh_session;
pub use reopen_obligation::{ReopenObligation, reopen_obligation};
pub use reorganize::{ReorganizationPreview, Reorganize, Reorganized, reorganize};
pub use resume_directive::{ResumeDirective, Resumed, resume_directive};
pub use return_report::{ReturnReport, return_report};
pub use revise_draft::{ReviseDraft, revise_draft};
pub use revoke_grant::{GrantRevoked, RevokeGrant, revoke_grant};
pub use start_obligations::{StartObligations, start_obligations};
pub use submit_reports::{ReportGiven, ReportsSubmitted, SubmitReports, submit_reports};
pub use tick::{DaysOwed, Happened, Outcome, tick};
pub use urge_units::{UnitsUrged, UrgeUnits, urge_units};
pub use withdraw_draft::withdraw_draft;

use chidao_domain::refusal::Refusal;
use chidao_domain::text;

/// Whether a command is carried out or only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is written.
    Real,
    /// The same is decided and nothing is written.
    Preview,
}

/// Characters of a reason at the most.
const REASON_LIMIT: usize = 2_000;

/// A reason that may be left out, in its normal form.
///
/// # Errors
/// As [`text::prose`], at `reason`.
pub(crate) fn reason(given: Option<String>) -> Result<Option<String>, Refusal> {
    given.map(|given| text::prose(&given, REASON_LIMIT)).transpose().map_err(|no| Refusal::from(no).within("reason"))
}
