//! The life of a directive: which step leads from which status to which (D1, D2, D6).

use super::{DirectiveStatus, IssuingBody};
use crate::day::Day;
use crate::enumeration::enumeration;
use crate::refusal::{DirectiveRefusal, InputRefusal, Refusal};

enumeration! {
    /// A step in the life of a directive (D1).
    pub enum DirectiveStep {
        /// Units may comment from now on.
        OpenConsultation,
        /// Back to a draft that may change.
        CloseConsultation,
        /// Comes into being as a document and binds.
        Issue,
        /// Given up before it is issued.
        Withdraw,
        /// Summed up by the issuer (tổng kết).
        Conclude,
        /// Another directive takes its place.
        Replace,
        /// Another directive ends it.
        Repeal,
        /// Taken up again by the issuer after it was concluded.
        Resume,
    }
}

/// The status that `step` leads to (D1).
///
/// # Errors
/// [`DirectiveRefusal::StepNotAllowed`] for every pair that the table does not list.
pub fn take_step(from: DirectiveStatus, step: DirectiveStep) -> Result<DirectiveStatus, DirectiveRefusal> {
    use {DirectiveStatus as Status, DirectiveStep as Step};
    match (from, step) {
        (Status::Draft, Step::OpenConsultation) => Ok(Status::Consulting),
        (Status::Consulting, Step::CloseConsultation) => Ok(Status::Draft),
        (Status::Draft | Status::Consulting, Step::Issue) => Ok(Status::Issued),
        (Status::Draft | Status::Consulting, Step::Withdraw) => Ok(Status::Withdrawn),
        (Status::Issued, Step::Conclude) => Ok(Status::Concluded),
        (Status::Issued, Step::Replace) => Ok(Status::Replaced),
        (Status::Issued, Step::Repeal) => Ok(Status::Repealed),
        (Status::Concluded, Step::Resume) => Ok(Status::Issued),
        _ => Err(DirectiveRefusal::StepNotAllowed { from, step }),
    }
}

/// Whether text, requirements and relations may be revised: of a draft only (D2).
///
/// # Errors
/// [`DirectiveRefusal::TextStandsStill`] in every other status.
pub fn check_text_may_change(status: DirectiveStatus) -> Result<(), DirectiveRefusal> {
    if status == DirectiveStatus::Draft { Ok(()) } else { Err(DirectiveRefusal::TextStandsStill { status }) }
}

/// A report that waits for a decision while its directive is to be concluded (D6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingReport {
    /// The code of the unit that reported.
    pub unit: String,
    /// The ordinal of the requirement that it reported on.
    pub ordinal: u32,
}

/// Whether a directive may be concluded now (D6); `waiting` holds the reports that hold it up
/// ([`holding_up`](crate::obligation::holding_up)).
///
/// # Errors
/// The step is not allowed (D1), or reports wait: all of them are named.
pub fn decide_conclusion(from: DirectiveStatus, waiting: Vec<WaitingReport>) -> Result<DirectiveStatus, DirectiveRefusal> {
    let to = take_step(from, DirectiveStep::Conclude)?;
    if waiting.is_empty() { Ok(to) } else { Err(DirectiveRefusal::ReportsWait { waiting }) }
}

/// The day of issue is not later than the day on which the issue is recorded (B3).
///
/// # Errors
/// [`InputRefusal::LaterThan`] at `issuedOn`.
pub fn check_issued_on(issued_on: Day, today: Day) -> Result<(), Refusal> {
    if issued_on <= today {
        return Ok(());
    }
    Err(Refusal::from(InputRefusal::LaterThan { latest: today.to_string() }).by("B3").within("issuedOn"))
}

/// Only a congress may issue without a symbol (D3).
///
/// # Errors
/// [`DirectiveRefusal::SymbolNeeded`] at `symbol`.
pub fn check_symbol(body: IssuingBody, symbol: Option<&str>) -> Result<(), Refusal> {
    if body == IssuingBody::Congress || symbol.is_some_and(|symbol| !symbol.trim().is_empty()) {
        return Ok(());
    }
    Err(Refusal::from(DirectiveRefusal::SymbolNeeded).within("symbol"))
}
