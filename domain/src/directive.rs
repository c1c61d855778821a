//! Directives (văn bản chỉ đạo): their life, their lineage and what they ask for (section 3).

mod change;
mod consultation;
mod coverage;
mod life;
mod lineage;
mod period;
mod reference;
mod requirement;
mod rhythm;

#[cfg(test)]
mod tests;

pub use change::{check_may_change, check_target_in_force, decide_end, find_said_twice};
pub use consultation::{check_answer, check_consulted, check_open_to_comments};
pub use coverage::{Coverage, Expected, Level, coverage};
pub use life::{DirectiveStep, WaitingReport, check_issued_on, check_symbol, check_text_may_change, decide_conclusion, take_step};
pub use lineage::{Implements, Target, check_implements, check_target_issued, find_cycle};
pub use period::Period;
pub use reference::{DirectiveRef, SymbolRef};
pub use requirement::{Indicator, Requirement, UnitGoal, check_binding, check_periods_begun, check_requirements};
pub use rhythm::Rhythm;

use crate::enumeration::enumeration;
use crate::refusal::Locale;

enumeration! {
    /// Where a directive stands in its life (D1).
    pub enum DirectiveStatus {
        /// Being written; may change freely.
        Draft,
        /// Units comment on it; its text stands still (D2).
        Consulting,
        /// Given up before it was issued.
        Withdrawn,
        /// In force.
        Issued,
        /// Ended by its issuer's summing up (tổng kết).
        Concluded,
        /// Ended by a directive that replaces it.
        Replaced,
        /// Ended by a directive that repeals it.
        Repealed,
    }

    /// Which body of the issuing unit a directive comes from.
    pub enum IssuingBody {
        /// Đại hội.
        Congress,
        /// Ban chấp hành.
        Committee,
        /// Ban thường vụ.
        StandingCommittee,
    }

    /// How one directive relates to another (D2, D4).
    pub enum RelationKind {
        /// Cụ thể hóa: carries it out at the same level or a lower one.
        Implements,
        /// Sửa đổi.
        Amends,
        /// Bổ sung.
        Supplements,
        /// Thay thế.
        Replaces,
        /// Bãi bỏ.
        Repeals,
    }

    /// What a requirement asks for.
    pub enum RequirementKind {
        /// Học tập, quán triệt.
        Study,
        /// To draw up a document of one's own (L6).
        Document,
        /// Tổ chức thực hiện.
        Implement,
        /// Phong trào thi đua.
        Emulation,
        /// Tuyên truyền.
        Propagate,
        /// To report.
        Report,
        /// Chỉ tiêu.
        Target,
    }

    /// Who accepts a report (L2).
    #[derive(Default)]
    pub enum Verification {
        /// `SELF`: nobody else; the report closes the obligation.
        Itself,
        /// The unit's parent on the day of acceptance, or any unit above it.
        #[default]
        Superior,
        /// The unit that issued the directive, or any unit above it.
        Issuer,
    }

    /// How often a requirement comes back (B7).
    pub enum Recurrence {
        /// Once.
        None,
        /// Every month.
        Monthly,
        /// Every quarter.
        Quarterly,
        /// Every year.
        Yearly,
    }

    /// How the figures of an indicator go together (C9).
    pub enum Aggregation {
        /// The sum.
        Sum,
        /// The mean, never of percentages.
        Mean,
        /// The smallest.
        Min,
        /// The largest.
        Max,
        /// Sum over sum, of the reports that have both.
        Ratio,
    }

    /// On which side of its goal a figure should lie (C9).
    pub enum GoalDirection {
        /// The goal or more.
        AtLeast,
        /// The goal or less.
        AtMost,
    }

    /// How a comment on a draft is answered (D5).
    pub enum CommentDecision {
        /// Tiếp thu.
        Accepted,
        /// Tiếp thu một phần.
        Partly,
        /// Không tiếp thu.
        Declined,
    }
}

impl DirectiveStatus {
    /// What people call the status.
    pub fn name(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::Draft => ("dự thảo", "a draft"),
            Self::Consulting => ("đang lấy ý kiến", "in consultation"),
            Self::Withdrawn => ("đã rút lại", "withdrawn"),
            Self::Issued => ("đã ban hành", "issued"),
            Self::Concluded => ("đã tổng kết", "concluded"),
            Self::Replaced => ("đã được thay thế", "replaced"),
            Self::Repealed => ("đã bị bãi bỏ", "repealed"),
        };
        locale.pick(vi, en)
    }

    /// Whether it has been issued, whatever came after.
    pub fn was_issued(self) -> bool {
        matches!(self, Self::Issued | Self::Concluded | Self::Replaced | Self::Repealed)
    }

    /// Whether it was issued and has ended.
    pub fn has_ended(self) -> bool {
        self.was_issued() && !self.is_in_force()
    }

    /// Whether it binds today.
    pub fn is_in_force(self) -> bool {
        self == Self::Issued
    }
}
