//! Why a unit is bound by a requirement, and why another is not (B5).

use super::binding::reach_words;
use super::{BindingReason, Names, Reach, Scope};
use crate::day::Day;
use crate::directive::{DirectiveStatus, Period};
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::KindCode;
use crate::refusal::Locale;
use crate::succession::Cause;

/// What an explanation needs to know of the directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectiveFacts {
    /// Where it stands in its life.
    pub status: DirectiveStatus,
    /// Its issuer, or the issuer's place where that has ended (B6).
    pub issuer: UnitId,
    /// The day on which the issue was recorded, and its scopes resolved (B3).
    pub bound_on: Option<Day>,
    /// The day on which it ended (D6).
    pub ended_on: Option<Day>,
    /// Of a requirement that recurs, the period that opens next (B7).
    pub next_period: Option<Period>,
}

/// What the unit's obligations on the requirement say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has one that is neither released nor transferred: it is bound, for these reasons.
    Bound(Vec<BindingReason>),
    /// What it had was released (B6, S3, S4).
    Released {
        /// As the closing recorded it.
        reason: Option<String>,
        /// What closed it, where a succession did.
        cause: Option<Cause>,
    },
    /// What it had went to these units (S1, S2).
    Transferred {
        /// Its successors.
        to: Vec<UnitId>,
    },
    /// It never had one.
    Never,
}

/// Whether a unit is bound by a requirement, and why (B5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// It is bound, for these reasons.
    Bound(Vec<BindingReason>),
    /// It is not.
    NotBound(NotBound),
}

/// Why a unit is not bound by a requirement; the first that holds, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotBound {
    /// It had an obligation, which was released.
    Released {
        /// As the closing recorded it.
        reason: Option<String>,
        /// What closed it, where a succession did.
        cause: Option<Cause>,
    },
    /// It had an obligation, which went to its successors.
    Transferred {
        /// These.
        to: Vec<UnitId>,
    },
    /// The unit is not active.
    NotActive,
    /// The unit stands neither at the issuer nor below it (B2).
    OutsideIssuer {
        /// The issuer, or its place.
        issuer: UnitId,
    },
    /// The scope excepts it by name.
    Excepted,
    /// The scope excepts a unit with all below it.
    ExceptedWithSubtree {
        /// The nearest such unit at or above it.
        top: UnitId,
    },
    /// The unit from which the scope reaches has ended (B6).
    AnchorEnded {
        /// That unit.
        anchor: UnitId,
    },
    /// The reach does not come to it.
    OutsideReach {
        /// From where the scope reaches.
        anchor: UnitId,
        /// How far.
        reach: Reach,
    },
    /// The scope admits other kinds.
    KindNotListed {
        /// The unit's own kind.
        kind: KindCode,
        /// Those that it admits.
        admitted: Vec<KindCode>,
    },
    /// The scope covers it, and will bind it when the directive is issued.
    NotIssued,
    /// The scope covers it, but the draft was withdrawn.
    Withdrawn,
    /// The scope covers it, but the directive ended before it came.
    Ended {
        /// When.
        on: Option<Day>,
    },
    /// The scope covers it today, but did not when the scope was resolved.
    CameAfter {
        /// The day on which it was resolved.
        bound_on: Option<Day>,
    },
    /// The scope covers it today, and will bind it when the next period opens (B7).
    NextPeriod {
        /// That period.
        period: Period,
    },
}

/// Why `unit` is bound by a requirement with that scope, or why not, on that day's tree (B5).
pub fn explain(forest: &Forest, scope: &Scope, directive: DirectiveFacts, unit: UnitId, standing: Standing) -> Explanation {
    let why_not = match standing {
        Standing::Bound(reasons) => return Explanation::Bound(reasons),
        Standing::Released { reason, cause } => NotBound::Released { reason, cause },
        Standing::Transferred { to } => NotBound::Transferred { to },
        Standing::Never => not_covered(forest, scope, directive.issuer, unit).unwrap_or_else(|| not_bound_though_covered(directive)),
    };
    Explanation::NotBound(why_not)
}

/// Why the scope does not cover the unit today; `None` where it does. Agrees with [`super::cover`].
fn not_covered(forest: &Forest, scope: &Scope, issuer: UnitId, unit: UnitId) -> Option<NotBound> {
    let Some(at) = forest.unit(unit) else { return Some(NotBound::NotActive) };
    let issuer = forest.stands_for(issuer);
    if !forest.covers(issuer, unit) {
        return Some(NotBound::OutsideIssuer { issuer });
    }
    if scope.except.contains(&unit) {
        return Some(NotBound::Excepted);
    }
    let line = std::iter::once(unit).chain(forest.ancestors(unit).map(|above| above.id));
    if let Some(top) = line.into_iter().find(|above| scope.except_subtrees.contains(above)) {
        return Some(NotBound::ExceptedWithSubtree { top });
    }
    if scope.include.contains(&unit) {
        return None;
    }
    let (anchor, reach) = (scope.anchor, scope.reach);
    if forest.unit(anchor).is_none() {
        return Some(NotBound::AnchorEnded { anchor });
    }
    let is_reached = match reach {
        Reach::Itself => unit == anchor,
        Reach::Children => at.parent == Some(anchor),
        Reach::Descendants => forest.is_below(unit, anchor),
    };
    if !is_reached {
        return Some(NotBound::OutsideReach { anchor, reach });
    }
    (!scope.admits(&at.kind)).then(|| NotBound::KindNotListed { kind: at.kind.clone(), admitted: scope.kinds.clone() })
}

fn not_bound_though_covered(directive: DirectiveFacts) -> NotBound {
    match directive.status {
        DirectiveStatus::Draft | DirectiveStatus::Consulting => NotBound::NotIssued,
        DirectiveStatus::Withdrawn => NotBound::Withdrawn,
        DirectiveStatus::Issued => match directive.next_period {
            Some(period) => NotBound::NextPeriod { period },
            None => NotBound::CameAfter { bound_on: directive.bound_on },
        },
        DirectiveStatus::Concluded | DirectiveStatus::Replaced | DirectiveStatus::Repealed => NotBound::Ended { on: directive.ended_on },
    }
}

impl Explanation {
    /// Whether the unit is bound.
    pub fn is_bound(&self) -> bool {
        matches!(self, Self::Bound(_))
    }

    /// The explanation in words; `unit` is the one it is about.
    pub fn words(&self, unit: UnitId, names: Names<'_>, locale: Locale) -> String {
        let name = (names.unit)(unit);
        match self {
            Self::Bound(reasons) => {
                let why: Vec<String> = reasons.iter().map(|reason| reason.words(names, locale)).collect();
                let why = why.join("; ");
                locale.pick(format!("`{name}` phải thực hiện vì {why}"), format!("`{name}` is bound because it {why}"))
            }
            Self::NotBound(why) => {
                let why = why.words(names, locale);
                locale.pick(format!("`{name}` không phải thực hiện vì {why}"), format!("`{name}` is not bound because {why}"))
            }
        }
    }
}

impl NotBound {
    /// The reason in words: a clause that follows "because".
    pub fn words(&self, names: Names<'_>, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(names),
            Locale::En => self.en(names),
        }
    }

    fn vi(&self, names: Names<'_>) -> String {
        let name = names.unit;
        match self {
            Self::Released { reason, cause: Some(cause) } => {
                format!("nhiệm vụ đã được giải trừ: {}", cause.told(reason.as_deref(), Locale::Vi))
            }
            Self::Released { reason: Some(reason), cause: None } => format!("nhiệm vụ đã được giải trừ: `{reason}`"),
            Self::Released { reason: None, cause: None } => "nhiệm vụ đã được giải trừ".into(),
            Self::Transferred { to } => format!("nhiệm vụ đã chuyển cho {}", listed(to.iter().map(|&unit| name(unit)))),
            Self::NotActive => "đơn vị không hoạt động vào ngày này".into(),
            Self::OutsideIssuer { issuer } => format!("đơn vị không thuộc `{}`, nơi ban hành văn bản", name(*issuer)),
            Self::Excepted => "đơn vị được loại trừ đích danh".into(),
            Self::ExceptedWithSubtree { top } => format!("`{}` được loại trừ cùng tất cả cấp dưới", name(*top)),
            Self::AnchorEnded { anchor } => format!("`{}`, gốc của đối tượng thực hiện, đã kết thúc hoạt động", name(*anchor)),
            Self::OutsideReach { anchor, reach } => {
                format!("đối tượng thực hiện chỉ gồm {}", reach_words(*anchor, *reach, names, Locale::Vi))
            }
            Self::KindNotListed { kind, admitted } => {
                let admitted = listed(admitted.iter().map(|kind| kind_name(kind, names, Locale::Vi)));
                format!("đơn vị là `{}`, mà đối tượng thực hiện chỉ gồm {admitted}", kind_name(kind, names, Locale::Vi))
            }
            Self::NotIssued => "văn bản chưa ban hành; khi ban hành, đơn vị sẽ phải thực hiện".into(),
            Self::Withdrawn => "dự thảo đã được rút lại".into(),
            Self::Ended { on: None } => "văn bản đã hết hiệu lực".into(),
            Self::Ended { on: Some(day) } => format!("văn bản đã hết hiệu lực ngày `{day}`"),
            Self::NextPeriod { period } => {
                format!("các kỳ đã mở không có đơn vị; kỳ `{period}` mở ngày `{}` sẽ giao cho đơn vị", period.first_day())
            }
            Self::CameAfter { bound_on: None } => "đơn vị vào đối tượng thực hiện sau khi văn bản được ban hành".into(),
            Self::CameAfter { bound_on: Some(day) } => {
                format!("đơn vị vào đối tượng thực hiện sau ngày `{day}`, ngày xác định đối tượng")
            }
        }
    }

    fn en(&self, names: Names<'_>) -> String {
        let name = names.unit;
        match self {
            Self::Released { reason, cause: Some(cause) } => {
                format!("its obligation was released: {}", cause.told(reason.as_deref(), Locale::En))
            }
            Self::Released { reason: Some(reason), cause: None } => format!("its obligation was released: `{reason}`"),
            Self::Released { reason: None, cause: None } => "its obligation was released".into(),
            Self::Transferred { to } => format!("its obligation went to {}", listed(to.iter().map(|&unit| name(unit)))),
            Self::NotActive => "it is not active on that day".into(),
            Self::OutsideIssuer { issuer } => format!("it stands neither at the issuer `{}` nor below it", name(*issuer)),
            Self::Excepted => "the scope excepts it by name".into(),
            Self::ExceptedWithSubtree { top } => format!("the scope excepts `{}` with all below it", name(*top)),
            Self::AnchorEnded { anchor } => format!("`{}`, from which the scope reaches, has ended", name(*anchor)),
            Self::OutsideReach { anchor, reach } => {
                format!("the scope reaches only {}", reach_words(*anchor, *reach, names, Locale::En))
            }
            Self::KindNotListed { kind, admitted } => {
                let admitted = listed(admitted.iter().map(|kind| kind_name(kind, names, Locale::En)));
                format!("it is of the kind `{}`, and the scope admits only {admitted}", kind_name(kind, names, Locale::En))
            }
            Self::NotIssued => "the directive is not issued yet; it will be bound when it is".into(),
            Self::Withdrawn => "the draft was withdrawn".into(),
            Self::Ended { on: None } => "the directive has ended".into(),
            Self::Ended { on: Some(day) } => format!("the directive ended on `{day}`"),
            Self::NextPeriod { period } => {
                format!("it is in no period that has opened; `{period}` opens on `{}` and will bind it", period.first_day())
            }
            Self::CameAfter { bound_on: None } => "it came into the scope after the directive was issued".into(),
            Self::CameAfter { bound_on: Some(day) } => {
                format!("it came into the scope after `{day}`, the day on which the scope was resolved")
            }
        }
    }
}

/// The kind's name, or its code where the register does not know it.
fn kind_name(code: &KindCode, names: Names<'_>, locale: Locale) -> String {
    names.kinds.get(code).map_or_else(|| code.to_string(), |kind| kind.name(locale).to_owned())
}

fn listed(names: impl Iterator<Item = String>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
