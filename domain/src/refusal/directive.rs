//! Reasons that lie in a directive: its life, its lineage (section 3).

use super::{Code, Explain, Locale, RequirementRefusal};
use crate::directive::{DirectiveStatus, DirectiveStep, WaitingReport};

/// How many waiting reports a refusal names; it counts all.
const NAMED: usize = 10;

/// Why something is refused to a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectiveRefusal {
    /// The life of a directive has no such step (D1).
    StepNotAllowed {
        /// The status that it has.
        from: DirectiveStatus,
        /// The step that was wanted.
        step: DirectiveStep,
    },
    /// Its text may not change in that status (D2).
    TextStandsStill {
        /// The status that it has.
        status: DirectiveStatus,
    },
    /// Units are not consulted now (D1, D5).
    NotConsulting {
        /// The status that it has.
        status: DirectiveStatus,
    },
    /// The unit is not among those that are consulted (D5).
    NotConsulted {
        /// Its code.
        unit: String,
        /// The issuer's code.
        issuer: String,
    },
    /// The comment has an answer, which is kept (D5).
    AnsweredBefore,
    /// Reports wait for a decision (D6).
    ReportsWait {
        /// All of them.
        waiting: Vec<WaitingReport>,
    },
    /// Only a congress may issue without a symbol (D3).
    SymbolNeeded,
    /// Another directive of the issuing body, kind and term has that symbol, perhaps in another notation (D3).
    SymbolTaken {
        /// As it was given.
        symbol: String,
        /// The directive that has it: the symbol as that one writes it, and its title.
        holder: String,
    },
    /// It would implement itself, directly or not (D4).
    LineageCycle {
        /// The names on the cycle, the first again at the end.
        path: Vec<String>,
    },
    /// What it implements was not issued (D4).
    TargetNotIssued {
        /// Its name.
        target: String,
        /// The status that it has.
        status: DirectiveStatus,
    },
    /// Its issuer is neither the issuer of what it implements nor below that (D4).
    NotBelowTarget {
        /// The name of what it would implement.
        target: String,
        /// The code of that one's issuer.
        target_issuer: String,
        /// The code of its own issuer.
        issuer: String,
    },
    /// One of its requirements does not hold together.
    Requirement(RequirementRefusal),
}

impl DirectiveRefusal {
    fn vi(&self) -> String {
        match self {
            Self::StepNotAllowed { from, step } => {
                let (from, step) = (status_word(*from), step_words(*step, Locale::Vi));
                format!("văn bản đang là `{from}` nên không thể {step}: hãy đọc lại văn bản và các việc ở `viewerCan`")
            }
            Self::TextStandsStill { status: DirectiveStatus::Consulting } => {
                "nội dung giữ nguyên trong khi lấy ý kiến: hãy kết thúc lấy ý kiến (`closeConsultation`) trước khi sửa".into()
            }
            Self::TextStandsStill { status } => {
                format!("văn bản đang là `{}` nên nội dung không còn thay đổi: hãy soạn một văn bản khác", status_word(*status))
            }
            Self::NotConsulting { status } => {
                format!("văn bản đang là `{}`: chỉ góp ý được khi đang lấy ý kiến (`CONSULTING`)", status_word(*status))
            }
            Self::NotConsulted { unit, issuer } => {
                format!("`{unit}` không thuộc `{issuer}` nên không được lấy ý kiến: hãy góp ý thay một đơn vị thuộc `{issuer}`")
            }
            Self::AnsweredBefore => "ý kiến này đã được trả lời và câu trả lời được lưu giữ: hãy đọc `answer`".into(),
            Self::ReportsWait { waiting } => {
                format!("còn `{}` báo cáo chờ duyệt: hãy duyệt hoặc trả lại trước: {}", waiting.len(), named(waiting, "yêu cầu"))
            }
            Self::SymbolNeeded => "cần có số và ký hiệu; chỉ văn bản của đại hội (`CONGRESS`) được ban hành không số".into(),
            Self::SymbolTaken { symbol, holder } => {
                format!("số và ký hiệu `{symbol}` đã dùng cho `{holder}`, cùng loại, cùng nơi ban hành, cùng nhiệm kỳ: hãy lấy số khác")
            }
            Self::LineageCycle { path } => {
                format!("các văn bản cụ thể hóa lẫn nhau thành vòng: {}; hãy bỏ một quan hệ `IMPLEMENTS`", chain(path))
            }
            Self::TargetNotIssued { target, status } => {
                format!("`{target}` đang là `{}`, chưa ban hành: hãy đợi ban hành rồi mới cụ thể hóa", status_word(*status))
            }
            Self::NotBelowTarget { target, target_issuer, issuer } => format!(
                "`{issuer}` không thuộc `{target_issuer}`, nơi ban hành `{target}`: chỉ `{target_issuer}` và cấp dưới mới cụ thể hóa được"
            ),
            Self::Requirement(reason) => reason.words(Locale::Vi),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::StepNotAllowed { from, step } => {
                let (from, step) = (status_word(*from), step_words(*step, Locale::En));
                format!("a directive that is `{from}` cannot be {step}: read it again, and see `viewerCan`")
            }
            Self::TextStandsStill { status: DirectiveStatus::Consulting } => {
                "the text stands still while units are consulted: close the consultation (`closeConsultation`) before you revise it".into()
            }
            Self::TextStandsStill { status } => {
                format!("the text of a directive that is `{}` no longer changes: draft another directive", status_word(*status))
            }
            Self::NotConsulting { status } => {
                format!("the directive is `{}`: it takes comments only while it is `CONSULTING`", status_word(*status))
            }
            Self::NotConsulted { unit, issuer } => {
                format!("`{unit}` does not stand under `{issuer}` and is not consulted: comment for a unit under `{issuer}`")
            }
            Self::AnsweredBefore => "the comment has been answered, and the answer is kept: read its `answer`".into(),
            Self::ReportsWait { waiting } => {
                format!("`{}` reports wait for a decision: accept or return them first: {}", waiting.len(), named(waiting, "requirement"))
            }
            Self::SymbolNeeded => "give a symbol: only a congress (`CONGRESS`) may issue without one".into(),
            Self::SymbolTaken { symbol, holder } => {
                format!("the symbol `{symbol}` is taken by `{holder}`, of the same kind, issuing body and term: take another number")
            }
            Self::LineageCycle { path } => {
                format!("the directives would implement each other in a circle: {}; leave one `IMPLEMENTS` out", chain(path))
            }
            Self::TargetNotIssued { target, status } => {
                format!("`{target}` is `{}` and was not issued: wait until it is", status_word(*status))
            }
            Self::NotBelowTarget { target, target_issuer, issuer } => format!(
                "`{issuer}` does not stand under `{target_issuer}`, the issuer of `{target}`: only `{target_issuer}` and units below it implement it"
            ),
            Self::Requirement(reason) => reason.words(Locale::En),
        }
    }
}

impl Explain for DirectiveRefusal {
    fn code(&self) -> Code {
        match self {
            Self::StepNotAllowed { .. } | Self::TextStandsStill { .. } | Self::NotConsulting { .. } | Self::ReportsWait { .. } => {
                Code::StepNotAllowed
            }
            Self::AnsweredBefore => Code::Conflict,
            Self::SymbolTaken { .. } => Code::AlreadyExists,
            Self::LineageCycle { .. } => Code::Cycle,
            Self::NotBelowTarget { .. } | Self::NotConsulted { .. } => Code::OutsideIssuer,
            Self::SymbolNeeded | Self::TargetNotIssued { .. } => Code::Invalid,
            Self::Requirement(reason) => reason.code(),
        }
    }

    fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::StepNotAllowed { .. } => "D1",
            Self::TextStandsStill { .. } => "D2",
            Self::SymbolNeeded | Self::SymbolTaken { .. } => "D3",
            Self::LineageCycle { .. } | Self::TargetNotIssued { .. } | Self::NotBelowTarget { .. } => "D4",
            Self::NotConsulting { .. } | Self::NotConsulted { .. } | Self::AnsweredBefore => "D5",
            Self::ReportsWait { .. } => "D6",
            Self::Requirement(reason) => return reason.rule(),
        })
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

/// A status as clients know it.
fn status_word(status: DirectiveStatus) -> &'static str {
    match status {
        DirectiveStatus::Draft => "DRAFT",
        DirectiveStatus::Consulting => "CONSULTING",
        DirectiveStatus::Withdrawn => "WITHDRAWN",
        DirectiveStatus::Issued => "ISSUED",
        DirectiveStatus::Concluded => "CONCLUDED",
        DirectiveStatus::Replaced => "REPLACED",
        DirectiveStatus::Repealed => "REPEALED",
    }
}

/// A step, as the end of "it cannot be …".
fn step_words(step: DirectiveStep, locale: Locale) -> &'static str {
    let (vi, en) = match step {
        DirectiveStep::OpenConsultation => ("lấy ý kiến", "opened for consultation"),
        DirectiveStep::CloseConsultation => ("kết thúc lấy ý kiến", "closed to consultation"),
        DirectiveStep::Issue => ("ban hành", "issued"),
        DirectiveStep::Withdraw => ("rút lại", "withdrawn"),
        DirectiveStep::Conclude => ("tổng kết", "concluded"),
        DirectiveStep::Replace => ("thay thế", "replaced"),
        DirectiveStep::Repeal => ("bãi bỏ", "repealed"),
        DirectiveStep::Resume => ("tiếp tục thực hiện", "resumed"),
    };
    locale.pick(vi, en)
}

fn chain(path: &[String]) -> String {
    path.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ")
}

/// The first of them, each as its unit and the ordinal of its requirement.
fn named(waiting: &[WaitingReport], requirement: &str) -> String {
    let mut names: Vec<String> =
        waiting.iter().take(NAMED).map(|report| format!("`{}` ({requirement} `{}`)", report.unit, report.ordinal)).collect();
    if waiting.len() > NAMED {
        names.push("…".into());
    }
    names.join(", ")
}
