//! Why a unit is bound (B3, B4, S1).

use super::Reach;
use crate::enumeration::enumeration;
use crate::ids::{ObligationId, UnitId};
use crate::kind::KindRegister;
use crate::refusal::Locale;

enumeration! {
    /// The rule by which a unit is bound.
    pub enum BindingRule {
        /// The reach of the scope covers it (B1).
        Scope,
        /// The scope names it (B1).
        Included,
        /// It came into the scope after the issue (B4).
        Late,
        /// It left, and came back (B4).
        Again,
        /// It took over from a unit that ended or was split (S1, S2).
        Succession,
    }
}

impl BindingRule {
    /// The rule in words, where nobody asks what it went by.
    pub fn words(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::Scope => ("thuộc đối tượng thực hiện", "is in the scope"),
            Self::Included => ("được nêu đích danh trong đối tượng thực hiện", "is named in the scope as included"),
            Self::Late => ("vào đối tượng thực hiện sau ngày ban hành", "came into the scope after the issue"),
            Self::Again => (
                "trở lại sau khi đã rời đi, nên tiếp tục thực hiện nhiệm vụ cũ",
                "came back after it had left, and takes up the same obligation",
            ),
            Self::Succession => (
                "kế thừa nhiệm vụ của đơn vị trước khi sắp xếp tổ chức",
                "took over the obligation of a unit before it in a reorganization",
            ),
        };
        locale.pick(vi, en)
    }
}

/// One reason why a unit is bound, with what the rule went by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BindingReason {
    /// The reach of the scope covers it (B1).
    Scope {
        /// From where the scope reaches.
        anchor: UnitId,
        /// How far.
        reach: Reach,
    },
    /// The scope names it (B1).
    Included,
    /// It came into the scope after the issue (B4).
    Late {
        /// From where the scope reaches.
        anchor: UnitId,
        /// How far.
        reach: Reach,
    },
    /// It left, and came back (B4).
    Again,
    /// It took over from a unit that ended or was split (S1, S2).
    Succession {
        /// The obligation that it took over.
        predecessor: ObligationId,
    },
}

/// How units and kinds are called in words for a person.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// Whose an obligation that was taken over is, where the reader may know.
    pub owner: &'a dyn Fn(ObligationId) -> Option<UnitId>,
    /// The name of a unit, or its path where names are not unique (O2).
    pub unit: &'a dyn Fn(UnitId) -> String,
    /// The names of kinds.
    pub kinds: &'a KindRegister,
}

impl BindingReason {
    /// Its rule.
    pub fn rule(self) -> BindingRule {
        match self {
            Self::Scope { .. } => BindingRule::Scope,
            Self::Included => BindingRule::Included,
            Self::Late { .. } => BindingRule::Late,
            Self::Again => BindingRule::Again,
            Self::Succession { .. } => BindingRule::Succession,
        }
    }

    /// From where and how far the scope reaches, where the rule goes by that.
    pub fn reach(self) -> Option<(UnitId, Reach)> {
        match self {
            Self::Scope { anchor, reach } | Self::Late { anchor, reach } => Some((anchor, reach)),
            Self::Included | Self::Again | Self::Succession { .. } => None,
        }
    }

    /// The obligation that was taken over, where the rule goes by that.
    pub fn predecessor(self) -> Option<ObligationId> {
        match self {
            Self::Succession { predecessor } => Some(predecessor),
            Self::Scope { .. } | Self::Included | Self::Late { .. } | Self::Again => None,
        }
    }

    /// The reason in words (B5).
    pub fn words(self, names: Names<'_>, locale: Locale) -> String {
        match self {
            Self::Scope { anchor, reach } => locale.pick(
                format!("thuộc đối tượng thực hiện: {}", reach_words(anchor, reach, names, locale)),
                format!("is in the scope: {}", reach_words(anchor, reach, names, locale)),
            ),
            Self::Succession { predecessor } => match (names.owner)(predecessor).map(names.unit) {
                Some(before) => locale.pick(
                    format!("kế thừa nhiệm vụ của `{before}` khi sắp xếp tổ chức"),
                    format!("took over the obligation of `{before}` in a reorganization"),
                ),
                None => self.rule().words(locale).to_owned(),
            },
            Self::Included | Self::Again => self.rule().words(locale).to_owned(),
            Self::Late { anchor, reach } => locale.pick(
                format!("vào đối tượng thực hiện sau ngày ban hành: {}", reach_words(anchor, reach, names, locale)),
                format!("came into the scope after the issue: {}", reach_words(anchor, reach, names, locale)),
            ),
        }
    }
}

/// What a reach means, for example "the units directly below `X`".
pub(super) fn reach_words(anchor: UnitId, reach: Reach, names: Names<'_>, locale: Locale) -> String {
    let anchor = (names.unit)(anchor);
    match reach {
        Reach::Itself => locale.pick(format!("chính `{anchor}`"), format!("`{anchor}` itself")),
        Reach::Children => locale.pick(format!("các đơn vị trực thuộc `{anchor}`"), format!("the units directly below `{anchor}`")),
        Reach::Descendants => locale.pick(format!("tất cả đơn vị cấp dưới của `{anchor}`"), format!("all units below `{anchor}`")),
    }
}
