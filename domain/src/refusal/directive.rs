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
    /// Another directive has that external identifier (O9).
    ExternalIdTaken {
        /// Whose numbers they are.
        scheme: String,
        /// The number.
        value: String,
        /// The name of the directive that has it, where the caller may read that one (A5).
        holder: Option<String>,
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
    /// It would change itself (D2).
    ChangesItself,
    /// Its issuer is neither the issuer of what it changes nor above that (D2).
    NotAboveTarget {
        /// The name of what it would change.
        target: String,
        /// The code of that one's issuer.
        target_issuer: String,
        /// The code of its own issuer.
        issuer: String,
    },
    /// What it changes is not in force (D2).
    TargetNotInForce {
        /// Its name.
        target: String,
        /// The status that it has.
        status: DirectiveStatus,
    },
    /// One of its requirements does not hold together.
    Requirement(RequirementRefusal),
}

impl DirectiveRefusal {
    fn vi(&self) -> String {
        match self {
            Self::StepNotAllowed { from, step } => {
                let (from, step) = (from.name(Locale::Vi), step_words(*step, Locale::Vi));
                format!("văn bản ở trạng thái `{from}` nên không thể {step}: hãy đọc lại văn bản; `viewerCan` cho biết những việc được làm")
            }
            Self::TextStandsStill { status: DirectiveStatus::Consulting } => {
                "nội dung giữ nguyên trong khi lấy ý kiến: hãy kết thúc lấy ý kiến (`closeConsultation`) trước khi sửa".into()
            }
            Self::TextStandsStill { status } => {
                format!("văn bản ở trạng thái `{}` nên nội dung không còn thay đổi: hãy soạn thảo văn bản khác", status.name(Locale::Vi))
            }
            Self::NotConsulting { status } => {
                let way_out = comment_words(*status, Locale::Vi);
                format!("văn bản ở trạng thái `{}`, chỉ góp ý được trong thời gian lấy ý kiến: {way_out}", status.name(Locale::Vi))
            }
            Self::NotConsulted { unit, issuer } => {
                format!("`{unit}` không thuộc `{issuer}` nên không được lấy ý kiến: hãy góp ý thay một đơn vị thuộc `{issuer}`")
            }
            Self::AnsweredBefore => "ý kiến này đã được trả lời và câu trả lời được lưu giữ: hãy đọc `answer`".into(),
            Self::ReportsWait { waiting } => {
                format!(
                    "còn `{}` báo cáo chờ xác nhận: hãy để cấp có thẩm quyền xác nhận hoặc trả lại trước: {}",
                    waiting.len(),
                    named(waiting, "yêu cầu")
                )
            }
            Self::SymbolNeeded => "thiếu số và ký hiệu: hãy nêu `symbol`; chỉ văn bản của đại hội được ban hành không số".into(),
            Self::SymbolTaken { symbol, holder } => {
                format!("số và ký hiệu `{symbol}` đã dùng cho `{holder}`, cùng loại, cùng nơi ban hành, cùng nhiệm kỳ: hãy lấy số khác")
            }
            Self::ExternalIdTaken { scheme, value, holder: Some(holder) } => {
                format!("mã ngoài `{scheme}` `{value}` đã thuộc về văn bản `{holder}`: hãy nêu mã khác")
            }
            Self::ExternalIdTaken { scheme, value, holder: None } => {
                format!("mã ngoài `{scheme}` `{value}` đã được dùng: hãy kiểm tra lại tại hệ thống cấp mã `{scheme}`, hoặc nêu mã khác")
            }
            Self::LineageCycle { path } => {
                format!("các văn bản cụ thể hóa lẫn nhau thành vòng: {}; hãy bỏ một quan hệ cụ thể hóa", chain(path))
            }
            Self::TargetNotIssued { target, status } => {
                format!("`{target}` ở trạng thái `{}`: {}", status.name(Locale::Vi), wait_words(*status, Locale::Vi))
            }
            Self::NotBelowTarget { target, target_issuer, issuer } => format!(
                "`{issuer}` không thuộc `{target_issuer}`, nơi ban hành `{target}`: hãy để `{target_issuer}` hoặc cấp dưới cụ thể hóa, hoặc bỏ quan hệ này"
            ),
            Self::ChangesItself => "văn bản không thể sửa đổi, bổ sung, thay thế hay bãi bỏ chính mình: hãy bỏ quan hệ này".into(),
            Self::NotAboveTarget { target, target_issuer, issuer } => format!(
                "`{target}` do `{target_issuer}` ban hành, mà `{issuer}` không phải là cấp trên: hãy để `{target_issuer}` hoặc cấp trên của nó sửa đổi, thay thế, bãi bỏ, hoặc bỏ quan hệ này"
            ),
            Self::TargetNotInForce { target, status } => {
                format!("`{target}` ở trạng thái `{}`: {}", status.name(Locale::Vi), force_words(*status, Locale::Vi))
            }
            Self::Requirement(reason) => reason.words(Locale::Vi),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::StepNotAllowed { from, step } => {
                let (from, step) = (from.name(Locale::En), step_words(*step, Locale::En));
                format!("a directive that is `{from}` cannot be {step}: read it again, `viewerCan` says what you may do with it")
            }
            Self::TextStandsStill { status: DirectiveStatus::Consulting } => {
                "the text stands still while units are consulted: close the consultation (`closeConsultation`) before you revise it".into()
            }
            Self::TextStandsStill { status } => {
                format!("the text of a directive that is `{}` no longer changes: draft another directive", status.name(Locale::En))
            }
            Self::NotConsulting { status } => {
                let way_out = comment_words(*status, Locale::En);
                format!("the directive is `{}`, and takes comments only while its units are consulted: {way_out}", status.name(Locale::En))
            }
            Self::NotConsulted { unit, issuer } => {
                format!("`{unit}` does not stand under `{issuer}` and is not consulted: comment for a unit under `{issuer}`")
            }
            Self::AnsweredBefore => "the comment has been answered, and the answer is kept: read its `answer`".into(),
            Self::ReportsWait { waiting } => {
                let (count, named) = (waiting.len(), named(waiting, "requirement"));
                let wait = if count == 1 { "report waits" } else { "reports wait" };
                format!("`{count}` {wait} for a decision: let those who verify decide first: {named}")
            }
            Self::SymbolNeeded => "the symbol is missing: give `symbol`; only a congress may issue without one".into(),
            Self::SymbolTaken { symbol, holder } => {
                format!("the symbol `{symbol}` is taken by `{holder}`, of the same kind, issuing body and term: take another number")
            }
            Self::ExternalIdTaken { scheme, value, holder: Some(holder) } => {
                format!("the external id `{scheme}` `{value}` belongs to the directive `{holder}`: give another")
            }
            Self::ExternalIdTaken { scheme, value, holder: None } => {
                format!(
                    "the external id `{scheme}` `{value}` is taken: check it in the system that gives numbers of `{scheme}`, or give another"
                )
            }
            Self::LineageCycle { path } => {
                format!("the directives would implement each other in a circle: {}; leave one `IMPLEMENTS` out", chain(path))
            }
            Self::TargetNotIssued { target, status } => {
                format!("`{target}` is `{}` and was not issued: {}", status.name(Locale::En), wait_words(*status, Locale::En))
            }
            Self::NotBelowTarget { target, target_issuer, issuer } => format!(
                "`{issuer}` does not stand under `{target_issuer}`, the issuer of `{target}`: let `{target_issuer}` or a unit below it implement it, or leave it out of `relations`"
            ),
            Self::ChangesItself => "a directive cannot amend, supplement, replace or repeal itself: leave this relation out".into(),
            Self::NotAboveTarget { target, target_issuer, issuer } => format!(
                "`{target_issuer}` issued `{target}`, and `{issuer}` does not stand above it: let `{target_issuer}` or a unit above it change that, or leave it out of `relations`"
            ),
            Self::TargetNotInForce { target, status } => {
                format!("`{target}` is `{}` and not in force: {}", status.name(Locale::En), force_words(*status, Locale::En))
            }
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
            Self::SymbolTaken { .. } | Self::ExternalIdTaken { .. } => Code::AlreadyExists,
            Self::TargetNotInForce { .. } => Code::StepNotAllowed,
            Self::LineageCycle { .. } | Self::ChangesItself => Code::Cycle,
            Self::NotBelowTarget { .. } | Self::NotAboveTarget { .. } | Self::NotConsulted { .. } => Code::OutsideIssuer,
            Self::SymbolNeeded | Self::TargetNotIssued { .. } => Code::Invalid,
            Self::Requirement(reason) => reason.code(),
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::ExternalIdTaken { .. } => "O9",
            Self::StepNotAllowed { .. } => "D1",
            Self::TextStandsStill { .. } | Self::ChangesItself | Self::NotAboveTarget { .. } | Self::TargetNotInForce { .. } => "D2",
            Self::SymbolNeeded | Self::SymbolTaken { .. } => "D3",
            Self::LineageCycle { .. } | Self::TargetNotIssued { .. } | Self::NotBelowTarget { .. } => "D4",
            Self::NotConsulting { .. } | Self::NotConsulted { .. } | Self::AnsweredBefore => "D5",
            Self::ReportsWait { .. } => "D6",
            Self::Requirement(reason) => reason.rule(),
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

/// What helps whom a directive takes no comment from.
fn comment_words(status: DirectiveStatus, locale: Locale) -> &'static str {
    match status {
        DirectiveStatus::Draft => locale
            .pick("hãy chờ cơ quan ban hành lấy ý kiến (`openConsultation`)", "wait until the issuer consults them (`openConsultation`)"),
        _ => locale.pick("hãy trao đổi trực tiếp với cơ quan ban hành", "turn to the issuer itself"),
    }
}

/// What helps where a target was not issued: one that was given up never will be.
fn wait_words(status: DirectiveStatus, locale: Locale) -> &'static str {
    match status {
        DirectiveStatus::Withdrawn => locale.pick("hãy bỏ quan hệ cụ thể hóa với văn bản này", "leave it out of `relations`"),
        _ => {
            locale.pick("hãy chờ văn bản này được ban hành, hoặc bỏ quan hệ cụ thể hóa", "wait until it is, or leave it out of `relations`")
        }
    }
}

/// What helps where a target is not in force.
fn force_words(status: DirectiveStatus, locale: Locale) -> &'static str {
    match status {
        DirectiveStatus::Draft | DirectiveStatus::Consulting => {
            locale.pick("hãy chờ văn bản này được ban hành, hoặc bỏ quan hệ này", "wait until it is issued, or leave it out of `relations`")
        }
        DirectiveStatus::Concluded => locale.pick(
            "hãy tiếp tục thực hiện văn bản này trước (`resumeDirective`), hoặc bỏ quan hệ này",
            "resume it first (`resumeDirective`), or leave it out of `relations`",
        ),
        _ => locale.pick("hãy bỏ quan hệ này", "leave it out of `relations`"),
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
