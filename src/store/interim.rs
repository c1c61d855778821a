//! Codes that the directives slice brings; this file goes when that is merged.
use chidao_domain::directive::{Aggregation, DirectiveStatus, GoalDirection, Recurrence, RequirementKind, Verification};

use crate::store::code::codes;

codes!("kind of requirement", RequirementKind {
    Study => "STUDY", Document => "DOCUMENT", Implement => "IMPLEMENT", Emulation => "EMULATION", Propagate => "PROPAGATE",
    Report => "REPORT", Target => "TARGET",
});
codes!("verification", Verification { Itself => "SELF", Superior => "SUPERIOR", Issuer => "ISSUER" });
codes!("recurrence", Recurrence { None => "NONE", Monthly => "MONTHLY", Quarterly => "QUARTERLY", Yearly => "YEARLY" });
codes!("aggregation", Aggregation { Sum => "SUM", Mean => "MEAN", Min => "MIN", Max => "MAX", Ratio => "RATIO" });
codes!("goal direction", GoalDirection { AtLeast => "AT_LEAST", AtMost => "AT_MOST" });
codes!("status of a directive", DirectiveStatus {
    Draft => "DRAFT", Consulting => "CONSULTING", Withdrawn => "WITHDRAWN", Issued => "ISSUED", Concluded => "CONCLUDED",
    Replaced => "REPLACED", Repealed => "REPEALED",
});
