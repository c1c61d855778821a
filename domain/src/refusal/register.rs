//! Reasons that lie in the registers of kinds (O1, D3).

use super::{Code, Explain, Locale};
use crate::day::Day;

/// Why a kind is not defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterRefusal {
    /// No code of a kind.
    MalformedCode {
        /// As it was given, shortened.
        given: String,
    },
    /// A definition that leaves everything as it is.
    NothingDefined {
        /// The code.
        code: String,
    },
    /// A rule would end before a placement that is planned under it.
    RuleInUse {
        /// The code of the unit that would be placed.
        unit: String,
        /// The day on which the placement begins.
        on: Day,
    },
}

impl Explain for RegisterRefusal {
    fn code(&self) -> Code {
        match self {
            Self::MalformedCode { .. } | Self::NothingDefined { .. } => Code::Invalid,
            Self::RuleInUse { .. } => Code::LaterFact,
        }
    }

    fn rule(&self) -> &'static str {
        "O1"
    }

    fn words(&self, locale: Locale) -> String {
        match self {
            Self::MalformedCode { given } => locale.pick(
                format!("mã `{given}` không đúng dạng: hãy dùng chữ hoa không dấu, chữ số và `_`, bắt đầu bằng chữ, tối đa `64` ký tự"),
                format!("the code `{given}` does not have the form: use capitals, digits and `_`, a letter first, `64` characters at most"),
            ),
            Self::NothingDefined { code } => locale.pick(
                format!("`{code}` không có gì thay đổi: hãy nêu giá trị mới"),
                format!("nothing of `{code}` would change: give a new value"),
            ),
            Self::RuleInUse { unit, on } => locale.pick(
                format!("`{unit}` được đặt theo quy định này từ ngày `{on}`: hãy chọn ngày muộn hơn, hoặc huỷ đợt sắp xếp đó trước"),
                format!("`{unit}` is placed by this rule from `{on}` on: choose a later day, or cancel that reorganization first"),
            ),
        }
    }
}
