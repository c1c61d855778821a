//! One requirement as it binds one unit in one period: its life, its dates, its gates and the decisions on it (section 5).
//!
//! The rules are functions over values that the store loads ([`Case`]); what they decide ([`Decided`], [`Extended`],
//! [`PlannedReport`]) the store saves. Whether the caller may act for a unit is asked in `access`, not here.

mod acceptance;
mod bulk;
mod case;
mod extension;
mod gate;
mod life;
mod reference;
mod report;
mod timing;
mod urging;

#[cfg(test)]
mod tests;

pub use acceptance::{Acceptance, Verification, acceptance, acceptor, may_accept, overseer};
pub use bulk::{
    holding_up, may_step, plan_accept, plan_acknowledge, plan_exempt, plan_lapse, plan_release, plan_reopen, plan_resume, plan_return,
    plan_start,
};
pub use case::{AskedFigure, Case, Decided, Extension, Terms, Waiting};
pub use extension::{Extended, ExtendedRequirement, extended_due, may_extend, plan_extend, plan_extend_requirement};
pub use gate::{Below, Counted, Earlier, Gate, Share, unmet};
pub use life::{Circumstances, Duty, State, Step, next, steps_from};
pub use reference::ObligationRef;
pub use report::{Document, PlannedReport, ReadingInput, ReportInput, plan_reports};
pub use timing::{Timing, received_on};
pub use urging::{is_behind, plan_urge};
