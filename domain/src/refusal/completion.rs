//! Reasons that lie in a question about completion (section 7).

use super::{Code, Explain, Locale};

/// Why a question about completion is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompletionRefusal {
    /// A timeline of more points than the limit allows (C8).
    TooManyPoints {
        /// How many are told.
        limit: usize,
        /// How many there would be.
        count: usize,
    },
    /// A timeline on the trees of its days, where these are more than the limit allows (C8).
    TooManyTrees {
        /// How many are looked at.
        limit: usize,
        /// How many there would be.
        count: usize,
    },
}

impl Explain for CompletionRefusal {
    fn code(&self) -> Code {
        match self {
            Self::TooManyPoints { .. } | Self::TooManyTrees { .. } => Code::LimitExceeded,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::TooManyPoints { .. } | Self::TooManyTrees { .. } => "C8",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

impl CompletionRefusal {
    fn vi(&self) -> String {
        match self {
            Self::TooManyPoints { limit, count } => {
                format!("diễn biến có `{count}` mốc, giới hạn là `{limit}`: hãy chọn `step` dài hơn hoặc khoảng ngày ngắn hơn")
            }
            Self::TooManyTrees { limit, count } => format!(
                "các mốc này thuộc `{count}` cơ cấu tổ chức khác nhau, giới hạn là `{limit}`: hãy chọn `step` dài hơn, khoảng ngày ngắn hơn, \
                 hoặc `structure: NOW`"
            ),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::TooManyPoints { limit, count } => {
                format!("the timeline has `{count}` points, the limit is `{limit}`: take a longer `step` or a shorter range of days")
            }
            Self::TooManyTrees { limit, count } => format!(
                "these points stand on `{count}` different trees, the limit is `{limit}`: take a longer `step`, a shorter range of days, \
                 or `structure: NOW`"
            ),
        }
    }
}
