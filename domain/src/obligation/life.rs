//! The states of an obligation and the steps between them (L1).

use super::acceptance::Acceptance;
use crate::enumeration::enumeration;
use crate::refusal::{Locale, ObligationRefusal};

enumeration! {
    /// Where an obligation stands (L1): ten states, open ones first.
    pub enum State {
        /// Bound, and nothing has been done: chờ tiếp nhận.
        Pending,
        /// The unit has read it: đã tiếp nhận.
        Acknowledged,
        /// The unit works on it, or it is a standing duty that has been reported on (B8): đang thực hiện.
        InProgress,
        /// A report waits to be accepted: đã báo cáo.
        Reported,
        /// The report came back, or what was fulfilled is open again: trả lại.
        Returned,
        /// Done: hoàn thành.
        Fulfilled,
        /// Excused by decision: được miễn.
        Exempt,
        /// No longer binds the unit (B6): không còn ràng buộc.
        Released,
        /// Passed on to a successor (section 6): đã chuyển giao.
        Transferred,
        /// Open when its directive was concluded (D6): hết hiệu lực khi chưa xong.
        Lapsed,
    }
}

impl State {
    /// Whether something is still to be done (L1).
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Acknowledged | Self::InProgress | Self::Reported | Self::Returned)
    }

    /// Whether nothing is to be done any more (L1).
    pub fn is_closed(self) -> bool {
        !self.is_open()
    }

    /// Whether the accepted report of an obligation in this state gives a figure (C9): a standing duty (B8) is never
    /// fulfilled, so what was accepted on it counts until it is excused, released or transferred.
    pub fn gives_figure(self, duty: Duty) -> bool {
        match duty {
            Duty::Once => self == Self::Fulfilled,
            Duty::Standing => self.is_open() || self == Self::Lapsed,
        }
    }

    /// What people call the state.
    pub fn name(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::Pending => ("chờ tiếp nhận", "pending"),
            Self::Acknowledged => ("đã tiếp nhận", "acknowledged"),
            Self::InProgress => ("đang thực hiện", "in progress"),
            Self::Reported => ("đã báo cáo", "reported"),
            Self::Returned => ("trả lại", "returned"),
            Self::Fulfilled => ("hoàn thành", "fulfilled"),
            Self::Exempt => ("được miễn", "exempt"),
            Self::Released => ("không còn ràng buộc", "released"),
            Self::Transferred => ("đã chuyển giao", "transferred"),
            Self::Lapsed => ("hết hiệu lực khi chưa xong", "lapsed"),
        };
        locale.pick(vi, en)
    }
}

/// Whether an accepted report ends the duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Duty {
    /// It does.
    #[default]
    Once,
    /// It does not: an informative requirement that does not recur is never done (B8).
    Standing,
}

enumeration! {
    /// What is done to an obligation (L1): thirteen steps, those of people first.
    pub enum Step {
        /// Tiếp nhận.
        Acknowledge,
        /// Bắt đầu thực hiện.
        Start,
        /// Báo cáo; replaces a report that waits.
        Report,
        /// Xác nhận báo cáo.
        Accept,
        /// Trả lại báo cáo.
        Return,
        /// Miễn thực hiện.
        Exempt,
        /// Mở lại.
        Reopen,
        /// By the system: the unit left, or the directive was replaced or repealed (B6, D6, S3).
        Release,
        /// By the system: the unit ended and has successors (S1, S2).
        Transfer,
        /// By the system: the directive was concluded (D6).
        Lapse,
        /// By the system: the unit came back (B4).
        BindAgain,
        /// By the system: the reorganization that closed it was a mistake (O5).
        Annul,
        /// By the system: the directive was resumed (D6).
        Resume,
    }
}

impl Step {
    /// The steps that people take; the system takes the others.
    pub const BY_PEOPLE: [Self; 7] = [Self::Acknowledge, Self::Start, Self::Report, Self::Accept, Self::Return, Self::Exempt, Self::Reopen];

    /// What people call the step.
    pub fn name(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::Acknowledge => ("tiếp nhận", "acknowledge"),
            Self::Start => ("bắt đầu thực hiện", "start"),
            Self::Report => ("báo cáo", "report"),
            Self::Accept => ("xác nhận báo cáo", "accept"),
            Self::Return => ("trả lại báo cáo", "return"),
            Self::Exempt => ("miễn thực hiện", "exempt"),
            Self::Reopen => ("mở lại", "reopen"),
            Self::Release => ("chấm dứt ràng buộc", "release"),
            Self::Transfer => ("chuyển giao", "transfer"),
            Self::Lapse => ("kết thúc khi chưa xong", "lapse"),
            Self::BindAgain => ("giao lại", "bind again"),
            Self::Annul => ("hủy việc đã đóng", "annul"),
            Self::Resume => ("tiếp tục", "resume"),
        };
        locale.pick(vi, en)
    }
}

/// What decides where a step leads, besides the state that it starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether a report closes the obligation at once (L2).
    pub acceptance: Acceptance,
    /// Whether an accepted report ends the duty (B8).
    pub duty: Duty,
    /// The state before the system closed it, for [`Step::Annul`] and [`Step::Resume`].
    pub before: Option<State>,
}

/// Where `step` leads from `from`: the table of L1. What it does not list is refused.
///
/// # Errors
/// [`ObligationRefusal::StepNotAllowed`], with what is possible instead.
pub fn next(from: State, step: Step, circumstances: Circumstances) -> Result<State, ObligationRefusal> {
    target(from, step, circumstances).ok_or_else(|| ObligationRefusal::StepNotAllowed { from, step, possible: steps_from(from) })
}

/// The steps that people can take from a state, were they allowed to (L1); A6 asks for the rights as well.
pub fn steps_from(from: State) -> Vec<Step> {
    Step::BY_PEOPLE.into_iter().filter(|&step| target(from, step, Circumstances::default()).is_some()).collect()
}

fn target(from: State, step: Step, circumstances: Circumstances) -> Option<State> {
    use State::{Acknowledged, Exempt, Fulfilled, InProgress, Lapsed, Pending, Released, Reported, Returned, Transferred};
    let done = match circumstances.duty {
        Duty::Once => Fulfilled,
        Duty::Standing => InProgress,
    };
    Some(match (from, step) {
        (Pending, Step::Acknowledge) => Acknowledged,
        (Pending | Acknowledged | Returned, Step::Start) => InProgress,
        (open, Step::Report) if open.is_open() => match circumstances.acceptance {
            Acceptance::AtOnce => done,
            Acceptance::ByAnother => Reported,
        },
        (Reported, Step::Accept) => done,
        (Reported, Step::Return) | (Fulfilled, Step::Reopen) => Returned,
        (open, Step::Exempt) if open.is_open() => Exempt,
        (Exempt, Step::Reopen) | (Released, Step::BindAgain) => Pending,
        (open, Step::Release) if open.is_open() => Released,
        (open, Step::Transfer) if open.is_open() => Transferred,
        (open, Step::Lapse) if open.is_open() => Lapsed,
        (Released | Transferred, Step::Annul) | (Lapsed, Step::Resume) => circumstances.before.filter(|state| state.is_open())?,
        _ => return None,
    })
}
