//! Reasons that lie in the figures of a report (L7, C9).

use super::{Code, Explain, Locale, ObligationRefusal, Refusal};

/// Why a figure of a report is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FigureRefusal {
    /// No requirement of the report has such an indicator (L7).
    UnknownIndicator {
        /// The key that was given.
        key: String,
        /// The keys that there are.
        known: Vec<String>,
    },
    /// A figure that every report must carry is not there (L7).
    ReadingMissing {
        /// Its key.
        key: String,
    },
    /// A ratio comes without the figure that it is measured against (C9).
    HalfARatio {
        /// The key of the ratio.
        key: String,
        /// The key of the figure that is missing.
        over: String,
    },
    /// A figure is too long to be added up exactly (C9).
    TooManyDigits,
    /// What a ratio is measured against is never negative (C9).
    NegativeBase {
        /// Its key.
        key: String,
    },
    /// What is counted is never negative (C9).
    NegativeCount {
        /// Its key.
        key: String,
    },
    /// Something is measured against nothing (C9).
    RatioOverZero {
        /// The key of the ratio.
        key: String,
        /// The key of the figure that is 0.
        over: String,
    },
}

impl From<FigureRefusal> for ObligationRefusal {
    fn from(reason: FigureRefusal) -> Self {
        Self::Figure(reason)
    }
}

impl From<FigureRefusal> for Refusal {
    fn from(reason: FigureRefusal) -> Self {
        ObligationRefusal::from(reason).into()
    }
}

impl Explain for FigureRefusal {
    fn code(&self) -> Code {
        Code::Invalid
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::UnknownIndicator { .. } | Self::ReadingMissing { .. } => "L7",
            Self::HalfARatio { .. }
            | Self::TooManyDigits
            | Self::NegativeBase { .. }
            | Self::NegativeCount { .. }
            | Self::RatioOverZero { .. } => "C9",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

impl FigureRefusal {
    fn vi(&self) -> String {
        match self {
            Self::UnknownIndicator { key, known } if known.is_empty() => {
                format!("các yêu cầu này không có chỉ tiêu nào, kể cả `{key}`: hãy bỏ số liệu này")
            }
            Self::UnknownIndicator { key, known } => format!("không có chỉ tiêu `{key}`: hãy dùng một trong `{}`", known.join("`, `")),
            Self::ReadingMissing { key } => format!("thiếu số liệu bắt buộc `{key}`: hãy bổ sung"),
            Self::HalfARatio { key, over } => format!("tỷ lệ `{key}` cần cả số liệu `{over}`: hãy bổ sung"),
            Self::TooManyDigits => "số liệu có quá nhiều chữ số: hãy dùng tối đa `18` chữ số phần nguyên và `10` chữ số thập phân".into(),
            Self::NegativeCount { key } => {
                format!(
                    "`{key}` là số đếm nên không được âm: hãy nhập từ `0` trở lên, hoặc đề nghị nơi ban hành cho phép số âm (`mayBeNegative`)"
                )
            }
            Self::RatioOverZero { key, over } => {
                format!("tỷ lệ `{key}` không tính được khi `{over}` bằng `0`: hãy nhập `{over}` lớn hơn `0`, hoặc nhập `0` cho `{key}`")
            }
            Self::NegativeBase { key } => format!("`{key}` là mẫu số của một tỷ lệ nên không được âm: hãy nhập từ `0` trở lên"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::UnknownIndicator { key, known } if known.is_empty() => {
                format!("these requirements have no indicators, so not `{key}`: leave the reading out")
            }
            Self::UnknownIndicator { key, known } => format!("there is no indicator `{key}`: use one of `{}`", known.join("`, `")),
            Self::ReadingMissing { key } => format!("the required reading `{key}` is missing: add it"),
            Self::HalfARatio { key, over } => format!("the ratio `{key}` needs `{over}` as well: add it"),
            Self::TooManyDigits => "too many digits: give at most `18` before the decimal point and `10` after it".into(),
            Self::NegativeCount { key } => {
                format!("`{key}` is counted, and never negative: give `0` or more, or ask the issuer for an indicator with `mayBeNegative`")
            }
            Self::RatioOverZero { key, over } => {
                format!("the ratio `{key}` cannot be measured against nothing: give a `{over}` above `0`, or give `0` for `{key}`")
            }
            Self::NegativeBase { key } => format!("a ratio is measured against `{key}`, which is never negative: give `0` or more"),
        }
    }
}
