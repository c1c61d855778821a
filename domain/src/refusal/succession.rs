//! Reasons that lie in what a reorganization does to obligations (section 6).

use super::{Code, Explain, Locale};

/// Why a reorganization, or a decision of it (S4), is refused. Units are told by their codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuccessionRefusal {
    /// Neither the unit nor one below it ends, is split, or leaves an issuer's subtree with something open.
    NothingToDecide {
        /// The unit that the decision names.
        unit: String,
    },
    /// A directive by which neither the unit nor those below it that end, are split or leave have anything open.
    DirectiveNotConcerned {
        /// The unit that the decision names.
        unit: String,
    },
    /// The same of a requirement.
    RequirementNotConcerned {
        /// The unit that the decision names.
        unit: String,
    },
    /// Obligations pass to successors only.
    NotASuccessor {
        /// The unit that the decision names to take over.
        to: String,
        /// The unit whose obligations it is to take over.
        unit: String,
        /// Those that succeed it.
        successors: Vec<String>,
    },
    /// A successor that stands outside the issuer's subtree gets none (B6).
    SuccessorOutside {
        /// The successor.
        to: String,
        /// The unit whose obligation it is to take over.
        unit: String,
        /// The issuer, or the unit that stands for it.
        issuer: String,
    },
    /// A root with directives in force ends, and nobody would stand for it (C5).
    NobodyForIssuer {
        /// The root.
        unit: String,
    },
}

fn listed(codes: &[String]) -> String {
    codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ")
}

impl SuccessionRefusal {
    fn vi(&self) -> String {
        match self {
            Self::NothingToDecide { unit } => {
                format!(
                    "đợt này không làm `{unit}` hay cấp dưới của nó kết thúc, bị chia, hay rời đi với nhiệm vụ chưa xong: hãy bỏ quyết định này"
                )
            }
            Self::DirectiveNotConcerned { unit } => {
                format!(
                    "`{unit}` và cấp dưới chịu tác động của đợt không có nhiệm vụ nào chưa xong theo văn bản này: hãy bỏ nó khỏi danh sách"
                )
            }
            Self::RequirementNotConcerned { unit } => {
                format!(
                    "`{unit}` và cấp dưới chịu tác động của đợt không có nhiệm vụ nào chưa xong theo yêu cầu này: hãy bỏ nó khỏi danh sách"
                )
            }
            Self::NotASuccessor { to, unit, successors } if successors.is_empty() => {
                format!(
                    "`{to}` không kế tục `{unit}`, vì không đơn vị nào kế tục nó: hãy nêu đơn vị kế tục trong `changes`, hoặc chọn `RELEASE`"
                )
            }
            Self::NotASuccessor { to, unit, successors } => {
                format!("`{to}` không kế tục `{unit}`: hãy chọn trong các đơn vị kế tục: {}", listed(successors))
            }
            Self::SuccessorOutside { to, unit, issuer } => {
                format!(
                    "`{to}` không thuộc `{issuer}`, nơi ban hành, nên không nhận được nhiệm vụ của `{unit}`: hãy nêu riêng văn bản khác"
                )
            }
            Self::NobodyForIssuer { unit } => {
                format!(
                    "`{unit}` còn văn bản đang có hiệu lực mà không đơn vị nào thay nó: hãy nêu đơn vị kế tục duy nhất, hoặc giữ nó khi chia"
                )
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NothingToDecide { unit } => {
                format!(
                    "neither `{unit}` nor a unit below it ends, is split, or leaves with something open by these changes: leave this decision out"
                )
            }
            Self::DirectiveNotConcerned { unit } => {
                format!(
                    "`{unit}` and the units below it that these changes concern have nothing open by this directive: take it off the list"
                )
            }
            Self::RequirementNotConcerned { unit } => {
                format!(
                    "`{unit}` and the units below it that these changes concern have nothing open by this requirement: take it off the list"
                )
            }
            Self::NotASuccessor { to, unit, successors } if successors.is_empty() => {
                format!("`{to}` does not succeed `{unit}`, nobody does: name a successor in `changes`, or choose `RELEASE`")
            }
            Self::NotASuccessor { to, unit, successors } => {
                format!("`{to}` does not succeed `{unit}`: choose one of its successors: {}", listed(successors))
            }
            Self::SuccessorOutside { to, unit, issuer } => {
                format!(
                    "`{to}` does not stand under the issuer `{issuer}` and cannot take over from `{unit}`: name the other directives only"
                )
            }
            Self::NobodyForIssuer { unit } => {
                format!(
                    "directives of `{unit}` are in force, and nobody would stand for it: name a single heir, or let it stay when it is split"
                )
            }
        }
    }
}

impl Explain for SuccessionRefusal {
    fn code(&self) -> Code {
        match self {
            Self::SuccessorOutside { .. } => Code::OutsideIssuer,
            _ => Code::Invalid,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::NobodyForIssuer { .. } => "C5",
            _ => "S4",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}
