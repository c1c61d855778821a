//! Reasons that lie in a requirement or an indicator of a draft (sections 4, 5 and 7).

use super::{Code, DirectiveRefusal, Explain, Locale, Refusal};

/// Why a requirement is refused before its scope is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementRefusal {
    /// The text cannot be read as a period (B7).
    MalformedPeriod {
        /// As it was given, shortened.
        given: String,
    },
    /// The field is for requirements that recur (B7).
    OnlyRecurring,
    /// The field is for requirements that do not recur (B7).
    NotRecurring,
    /// The period is a year, quarter or month, and the requirement recurs otherwise (B7).
    PeriodOfAnotherLength {
        /// As it was given.
        given: String,
    },
    /// More periods have begun than issuing opens at once (B7).
    TooManyPeriods {
        /// The first of them.
        first: String,
        /// How many have begun.
        count: usize,
        /// How many may.
        limit: usize,
    },
    /// A share outside (0, 1] (L5).
    ShareOutOfRange {
        /// As it was given.
        given: String,
    },
    /// A share of what is never counted (B8, L5).
    NothingToShare,
    /// `after` names a requirement that does not stand before (L5).
    NotEarlier {
        /// As it was given.
        ordinal: u32,
    },
    /// `after` names a standing duty, which never closes (B8).
    AfterStandingDuty {
        /// Its ordinal.
        ordinal: u32,
    },
    /// The text cannot be the key of an indicator (C9).
    MalformedKey {
        /// As it was given, shortened.
        given: String,
    },
    /// A ratio that does not say over what (C9).
    RatioOverNothing,
    /// A ratio over a key that is not another of the same requirement (C9).
    RatioOverUnknown {
        /// As it was given.
        given: String,
    },
    /// `ratioOver` without the aggregation `RATIO` (C9).
    OnlyRatio,
    /// A mean of percentages (C9).
    MeanOfPercentages,
    /// A figure that an exact decimal cannot hold (C9).
    TooManyDigits,
}

impl From<RequirementRefusal> for Refusal {
    fn from(reason: RequirementRefusal) -> Self {
        DirectiveRefusal::Requirement(reason).into()
    }
}

impl RequirementRefusal {
    fn vi(&self) -> String {
        match self {
            Self::MalformedPeriod { given } => format!("không đọc được kỳ `{given}`: hãy viết như `2020`, `2020-Q4` hoặc `2020-12`"),
            Self::OnlyRecurring => "chỉ dùng cho yêu cầu định kỳ: hãy bỏ trường này, hoặc đặt `recurrence`".into(),
            Self::NotRecurring => {
                "yêu cầu định kỳ tính hạn theo kỳ: hãy bỏ trường này và dùng `firstPeriod`, `dueDaysAfterPeriod`, hoặc đặt `recurrence` là `NONE`"
                    .into()
            }
            Self::PeriodOfAnotherLength { given } => format!("kỳ `{given}` không khớp với `recurrence`: hãy nêu kỳ cùng độ dài"),
            Self::TooManyPeriods { first, count, limit } => {
                format!("từ kỳ `{first}` đến nay có `{count}` kỳ, ban hành mở tối đa `{limit}` kỳ: hãy nêu `firstPeriod` muộn hơn trong dự thảo")
            }
            Self::ShareOutOfRange { given } => format!("tỷ lệ `{given}` phải lớn hơn `0` và không quá `1`: hãy viết như `0.8`"),
            Self::NothingToShare => "nhiệm vụ thường xuyên (`informative`) không được tính tỷ lệ: hãy bỏ `gateShare`".into(),
            Self::NotEarlier { ordinal } => format!("`{ordinal}` không phải số thứ tự của một yêu cầu đứng trước: hãy nêu số nhỏ hơn, từ `1`"),
            Self::AfterStandingDuty { ordinal } => {
                format!("yêu cầu `{ordinal}` là nhiệm vụ thường xuyên, không bao giờ kết thúc: hãy bỏ khỏi `after`")
            }
            Self::MalformedKey { given } => {
                format!("`{given}` không dùng làm khóa được: hãy bắt đầu bằng chữ cái, rồi chữ, số, `_`, `-`, `.`, không dấu, tối đa `64` ký tự")
            }
            Self::RatioOverNothing => "chỉ tiêu `RATIO` cần `ratioOver`: hãy nêu khóa của chỉ tiêu làm mẫu số".into(),
            Self::RatioOverUnknown { given } => format!("`{given}` không phải khóa của một chỉ tiêu khác trong cùng yêu cầu: hãy thêm chỉ tiêu đó"),
            Self::OnlyRatio => "`ratioOver` chỉ đi với `RATIO`: hãy bỏ trường này, hoặc đặt `aggregation` là `RATIO`".into(),
            Self::MeanOfPercentages => {
                "không tính trung bình của tỷ lệ phần trăm: hãy dùng `RATIO` và thêm chỉ tiêu làm mẫu số, hoặc đổi đơn vị tính".into()
            }
            Self::TooManyDigits => "số có hơn `28` chữ số: hãy làm tròn hoặc đổi đơn vị tính".into(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::MalformedPeriod { given } => {
                format!("`{given}` cannot be read as a period: write it like `2020`, `2020-Q4` or `2020-12`")
            }
            Self::OnlyRecurring => "only for requirements that recur: leave it out, or set `recurrence`".into(),
            Self::NotRecurring => {
                "a requirement that recurs is due by its periods: use `firstPeriod` and `dueDaysAfterPeriod`, or set `recurrence` to `NONE`"
                    .into()
            }
            Self::PeriodOfAnotherLength { given } => format!("the period `{given}` does not fit `recurrence`: give one of that length"),
            Self::TooManyPeriods { first, count, limit } => format!(
                "`{count}` periods have begun since `{first}`, and issuing opens at most `{limit}`: name a later `firstPeriod` in the draft"
            ),
            Self::ShareOutOfRange { given } => format!("the share `{given}` must be above `0` and at most `1`: write it like `0.8`"),
            Self::NothingToShare => {
                "a standing duty (`informative`) is not counted, so there is no share of it: leave `gateShare` out".into()
            }
            Self::NotEarlier { ordinal } => {
                format!("`{ordinal}` is not the ordinal of an earlier requirement: name a smaller one, from `1`")
            }
            Self::AfterStandingDuty { ordinal } => {
                format!("requirement `{ordinal}` is a standing duty, which never closes: leave it out of `after`")
            }
            Self::MalformedKey { given } => {
                format!("`{given}` cannot be a key: begin with a letter, go on with letters, digits, `_`, `-`, `.`, of ASCII, `64` at most")
            }
            Self::RatioOverNothing => "a `RATIO` needs `ratioOver`: name the key of the figure below the line".into(),
            Self::RatioOverUnknown { given } => format!("`{given}` is not the key of another indicator of this requirement: add that one"),
            Self::OnlyRatio => "`ratioOver` goes only with `RATIO`: leave it out, or set `aggregation` to `RATIO`".into(),
            Self::MeanOfPercentages => {
                "percentages are never averaged: use `RATIO`, with the figure below the line as another indicator, or take another unit of measure"
                    .into()
            }
            Self::TooManyDigits => "a figure of more than `28` digits: round it, or take another unit of measure".into(),
        }
    }
}

impl Explain for RequirementRefusal {
    fn code(&self) -> Code {
        if matches!(self, Self::TooManyPeriods { .. }) { Code::LimitExceeded } else { Code::Invalid }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::MalformedPeriod { .. }
            | Self::OnlyRecurring
            | Self::NotRecurring
            | Self::PeriodOfAnotherLength { .. }
            | Self::TooManyPeriods { .. } => "B7",
            Self::ShareOutOfRange { .. } | Self::NotEarlier { .. } => "L5",
            Self::NothingToShare | Self::AfterStandingDuty { .. } => "B8",
            Self::MalformedKey { .. }
            | Self::RatioOverNothing
            | Self::RatioOverUnknown { .. }
            | Self::OnlyRatio
            | Self::MeanOfPercentages
            | Self::TooManyDigits => "C9",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}
