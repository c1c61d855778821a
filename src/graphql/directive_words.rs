//! The enumerations of directives as clients spell them.

use async_graphql::Enum;
use chidao_domain::access::DirectiveAction as DomainAction;
use chidao_domain::directive as domain;
use chidao_domain::scope;

/// Where a directive stands in its life (trạng thái văn bản).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::DirectiveStatus")]
pub enum DirectiveStatus {
    /// Being written; may change freely (dự thảo).
    Draft,
    /// Units comment on it; its text stands still (lấy ý kiến).
    Consulting,
    /// Given up before it was issued (rút lại).
    Withdrawn,
    /// In force (đã ban hành).
    Issued,
    /// Summed up by its issuer (tổng kết).
    Concluded,
    /// Ended by a directive that replaces it (được thay thế).
    Replaced,
    /// Ended by a directive that repeals it (bị bãi bỏ).
    Repealed,
}

/// Which body of a unit issues (cơ quan ban hành).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::IssuingBody")]
pub enum IssuingBody {
    /// Đại hội.
    Congress,
    /// Ban chấp hành.
    #[default]
    Committee,
    /// Ban thường vụ.
    StandingCommittee,
}

/// How one directive relates to another (quan hệ giữa các văn bản).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::RelationKind")]
pub enum RelationKind {
    /// It carries the other out, at the same level or a lower one (cụ thể hóa).
    Implements,
    /// It changes what the other says, which stays in force (sửa đổi).
    Amends,
    /// It adds to what the other says, which stays in force (bổ sung).
    Supplements,
    /// It takes the place of the other, which ends with it (thay thế).
    Replaces,
    /// It ends the other (bãi bỏ).
    Repeals,
}

/// What a requirement asks for (loại yêu cầu).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::RequirementKind")]
pub enum RequirementKind {
    /// To study it (học tập, quán triệt).
    Study,
    /// To draw up a document of one's own (xây dựng văn bản).
    Document,
    /// To carry it out (tổ chức thực hiện).
    Implement,
    /// To launch emulation (phong trào thi đua).
    Emulation,
    /// To spread it (tuyên truyền).
    Propagate,
    /// To report (báo cáo).
    Report,
    /// To reach a target (chỉ tiêu).
    Target,
}

/// Who accepts a report (thẩm quyền xác nhận).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Verification")]
pub enum Verification {
    /// Nobody else: the report closes the obligation.
    #[graphql(name = "SELF")]
    Itself,
    /// The unit's parent on the day of acceptance, or any unit above it.
    #[default]
    Superior,
    /// The unit that issued the directive, or any unit above it.
    Issuer,
}

/// How often a requirement comes back (định kỳ).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Recurrence")]
pub enum Recurrence {
    /// Once.
    #[default]
    None,
    /// Every month (hằng tháng).
    Monthly,
    /// Every quarter (hằng quý).
    Quarterly,
    /// Every year (hằng năm).
    Yearly,
}

/// How far a scope reaches from its anchor (phạm vi).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "scope::Reach")]
pub enum Reach {
    /// The anchor alone.
    #[graphql(name = "SELF")]
    Itself,
    /// The units directly below (trực thuộc).
    Children,
    /// All units below, without the anchor (toàn bộ cấp dưới).
    Descendants,
}

/// How the figures of an indicator go together (cách tổng hợp).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Aggregation")]
pub enum Aggregation {
    /// The sum (tổng).
    Sum,
    /// The mean, never of percentages (bình quân).
    Mean,
    /// The smallest (nhỏ nhất).
    Min,
    /// The largest (lớn nhất).
    Max,
    /// Sum over sum, of the reports that have both (tỷ lệ).
    Ratio,
}

/// On which side of its goal a figure should lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::GoalDirection")]
pub enum GoalDirection {
    /// The goal or more (ít nhất).
    AtLeast,
    /// The goal or less (nhiều nhất).
    AtMost,
}

/// The rule by which a unit is bound (căn cứ ràng buộc).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "scope::BindingRule")]
pub enum BindingRule {
    /// The reach of the scope covers it.
    Scope,
    /// The scope names it.
    Included,
    /// It came into the scope after the issue.
    Late,
    /// It left, and came back.
    Again,
    /// It took over from a unit that ended or was split.
    Succession,
}

/// How a comment on a draft is answered (kết quả tiếp thu ý kiến).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CommentDecision")]
pub enum CommentDecision {
    /// Tiếp thu.
    Accepted,
    /// Tiếp thu một phần.
    Partly,
    /// Không tiếp thu.
    Declined,
}

/// What can be done with a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "DomainAction")]
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
    /// Take it up again after it was summed up.
    Resume,
    /// Extend the due date of one of its requirements.
    Extend,
}
