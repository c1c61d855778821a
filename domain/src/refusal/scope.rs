//! Reasons that lie in a scope (section 4).

use super::{Code, Explain, Locale};

/// Why a scope is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeRefusal {
    /// A named unit stands neither at the issuer nor below it (B2).
    OutsideIssuer {
        /// Its code.
        unit: String,
        /// The issuer's code.
        issuer: String,
    },
    /// A named unit is not active on the day (B2).
    NotActive {
        /// As it can be named: an ended unit has no place in the day's tree.
        unit: String,
    },
    /// Nobody is covered, and `mayBeEmpty` is not set (B1).
    CoversNobody,
    /// A kind that the register does not know (O1).
    UnknownKind {
        /// As it was given.
        code: String,
    },
}

impl ScopeRefusal {
    fn vi(&self) -> String {
        match self {
            Self::OutsideIssuer { unit, issuer } => {
                format!("`{unit}` không thuộc `{issuer}`, nơi ban hành: hãy chọn `{issuer}` hoặc một đơn vị cấp dưới của nó")
            }
            Self::NotActive { unit } => format!("`{unit}` không còn hoặc chưa hoạt động: hãy chọn một đơn vị đang hoạt động"),
            Self::CoversNobody => {
                "đối tượng thực hiện không gồm đơn vị nào: hãy xem lại `reach`, `kinds` và các loại trừ, hoặc đặt `mayBeEmpty`".into()
            }
            Self::UnknownKind { code } => format!("không có loại đơn vị `{code}`: hãy chọn một mã trong `orgUnitKinds`"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::OutsideIssuer { unit, issuer } => {
                format!("`{unit}` does not stand under the issuer `{issuer}`: name `{issuer}` or a unit below it")
            }
            Self::NotActive { unit } => format!("`{unit}` is not active: name a unit that is"),
            Self::CoversNobody => "the scope covers nobody: look at `reach`, `kinds` and the exceptions, or set `mayBeEmpty`".into(),
            Self::UnknownKind { code } => format!("no kind of unit has the code `{code}`: use one from `orgUnitKinds`"),
        }
    }
}

impl Explain for ScopeRefusal {
    fn code(&self) -> Code {
        match self {
            Self::OutsideIssuer { .. } => Code::OutsideIssuer,
            Self::NotActive { .. } | Self::CoversNobody => Code::Invalid,
            Self::UnknownKind { .. } => Code::NotFound,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::OutsideIssuer { .. } | Self::NotActive { .. } => "B2",
            Self::CoversNobody => "B1",
            Self::UnknownKind { .. } => "O1",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}
