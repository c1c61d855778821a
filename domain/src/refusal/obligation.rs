//! Reasons that lie in the life of an obligation, in a report or in its figures (sections 5 and 7).

use super::{Code, Explain, FigureRefusal, Locale};
use crate::day::Day;
use crate::obligation::{State, Step};

/// Why a step on an obligation is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObligationRefusal {
    /// The table of steps does not list it (L1).
    StepNotAllowed {
        /// Where the obligation stands.
        from: State,
        /// What was tried.
        step: Step,
        /// What people can do from there.
        possible: Vec<Step>,
    },
    /// Earlier requirements are still open for the unit (L5).
    GateClosed {
        /// How many.
        missing: usize,
        /// The number of the first one in its directive, from 1.
        ordinal: u32,
        /// Its title.
        title: String,
    },
    /// Too few of the units below have fulfilled the same requirement in the same period (L5).
    GateBelowClosed {
        /// How many more must.
        missing: usize,
        /// The code of the first that has not, in tree order.
        unit: String,
    },
    /// Who submitted a report does not accept it (L2).
    OwnReport,
    /// The unit has nobody above it any more (L2).
    NobodyAccepts,
    /// The directive of what should be reopened has ended (L1).
    DirectiveEnded,
    /// The unit of what should be reopened no longer stands in the issuer's subtree (L1).
    LeftIssuer,
    /// The unit has ended: what it owed is read where it stands now, and nothing is done to it (O6).
    UnitEnded {
        /// The code of the unit.
        unit: String,
        /// The first day on which it was no longer active.
        on: Day,
    },
    /// A report serves the obligations of one unit (L7).
    OtherUnit,
    /// The requirement asks for a document of the unit's own (L6).
    DocumentMissing,
    /// The document was issued by another unit (L6).
    DocumentOfAnother,
    /// The document has not been issued (L6).
    DocumentNotIssued,
    /// The document ends the directive that asks for it (L6, D6).
    DocumentEndsDirective,
    /// The requirement does not ask for a document, so that issuing one does not discharge it (L6).
    NoDocumentAsked,
    /// Nobody is urged who is not behind (L9).
    NotBehind {
        /// The code of the unit.
        unit: String,
    },
    /// A figure of a report cannot be.
    Figure(FigureRefusal),
    /// A due date never gets earlier (L4).
    NotLater {
        /// The date now; `None` is later than any (T2).
        current: Option<Day>,
    },
    /// Only what is open has a date to extend (L4).
    NotOpen {
        /// Where it stands.
        state: State,
    },
    /// A recurring requirement has no date of its own (L4).
    Recurring,
    /// Only a directive in force has dates to extend (L4).
    NotInForce,
}

impl Explain for ObligationRefusal {
    fn code(&self) -> Code {
        match self {
            Self::StepNotAllowed { .. }
            | Self::NobodyAccepts
            | Self::DirectiveEnded
            | Self::UnitEnded { .. }
            | Self::NotOpen { .. }
            | Self::NotBehind { .. }
            | Self::NotInForce => Code::StepNotAllowed,
            Self::GateClosed { .. } | Self::GateBelowClosed { .. } => Code::GateClosed,
            Self::OwnReport => Code::Forbidden,
            Self::LeftIssuer => Code::OutsideIssuer,
            Self::OtherUnit
            | Self::DocumentMissing
            | Self::DocumentOfAnother
            | Self::DocumentEndsDirective
            | Self::NoDocumentAsked
            | Self::DocumentNotIssued
            | Self::NotLater { .. }
            | Self::Recurring => Code::Invalid,
            Self::Figure(reason) => reason.code(),
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::StepNotAllowed { .. } | Self::DirectiveEnded | Self::LeftIssuer => "L1",
            Self::UnitEnded { .. } => "O6",
            Self::OwnReport | Self::NobodyAccepts => "L2",
            Self::NotLater { .. } | Self::NotOpen { .. } | Self::Recurring | Self::NotInForce => "L4",
            Self::GateClosed { .. } | Self::GateBelowClosed { .. } => "L5",
            Self::DocumentMissing
            | Self::DocumentOfAnother
            | Self::DocumentNotIssued
            | Self::DocumentEndsDirective
            | Self::NoDocumentAsked => "L6",
            Self::OtherUnit => "L7",
            Self::NotBehind { .. } => "L9",
            Self::Figure(reason) => reason.rule(),
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

impl ObligationRefusal {
    fn vi(&self) -> String {
        match self {
            Self::StepNotAllowed { from, step, possible } => {
                let (from, step) = (from.name(Locale::Vi), step.name(Locale::Vi));
                match listed(possible, Locale::Vi) {
                    Some(_) if *possible == [Step::Reopen] => format!(
                        "không thể `{step}` khi nhiệm vụ ở trạng thái `{from}`: nếu phải làm lại, hãy đề nghị cấp xác nhận (`SUPERVISOR`) mở lại"
                    ),
                    Some(possible) => format!(
                        "không thể `{step}` khi nhiệm vụ ở trạng thái `{from}`: hãy chọn một trong {possible}; `viewerCan` cho biết việc mình được làm"
                    ),
                    None => format!("không thể `{step}` khi nhiệm vụ ở trạng thái `{from}`: nhiệm vụ đã kết thúc, hãy bỏ khỏi danh sách"),
                }
            }
            Self::GateClosed { missing, ordinal, title } => {
                format!(
                    "còn `{missing}` nhiệm vụ phải xong trước, đầu tiên là yêu cầu `{ordinal}` `{title}`: hãy hoàn thành các nhiệm vụ đó trước"
                )
            }
            Self::GateBelowClosed { missing, unit } => {
                format!(
                    "còn thiếu `{missing}` đơn vị cấp dưới hoàn thành cùng yêu cầu, đầu tiên là `{unit}`: hãy chờ cấp dưới hoàn thành trước"
                )
            }
            Self::OwnReport => "người gửi báo cáo không được tự xác nhận: hãy để người khác xác nhận".into(),
            Self::NobodyAccepts => "đơn vị không còn cấp trên để xác nhận: hãy để đơn vị gửi lại báo cáo, nhiệm vụ hoàn thành ngay".into(),
            Self::DirectiveEnded => "văn bản chỉ đạo không còn hiệu lực nên không mở lại được: hãy giao bằng văn bản mới".into(),
            Self::LeftIssuer => {
                "đơn vị không còn thuộc cơ quan ban hành nên không mở lại được: hãy giao bằng văn bản của cấp trên hiện nay".into()
            }
            Self::UnitEnded { unit, on } => {
                format!("đơn vị `{unit}` đã kết thúc hoạt động từ `{on}` nên nhiệm vụ chỉ để xem: hãy làm việc với đơn vị kế tục")
            }
            Self::OtherUnit => "nhiệm vụ này của đơn vị khác: hãy gửi báo cáo riêng cho mỗi đơn vị".into(),
            Self::DocumentMissing => "yêu cầu này cần văn bản của chính đơn vị: hãy nêu văn bản đã ban hành ở `directive`".into(),
            Self::NoDocumentAsked => {
                "yêu cầu này không đòi hỏi văn bản nên ban hành văn bản không phải là báo cáo: hãy dùng `submitReports`".into()
            }
            Self::DocumentOfAnother => "văn bản do đơn vị khác ban hành: hãy nêu văn bản của chính đơn vị".into(),
            Self::DocumentEndsDirective => {
                "văn bản này chấm dứt hiệu lực chính văn bản đã giao nhiệm vụ: hãy bỏ nhiệm vụ này khỏi `discharges`; nó sẽ được giải trừ"
                    .into()
            }
            Self::DocumentNotIssued => "văn bản chưa được ban hành: hãy ban hành trước khi báo cáo".into(),
            Self::NotBehind { unit } => format!("`{unit}` không có nhiệm vụ quá hạn nào của văn bản này: hãy bỏ khỏi `units`"),
            Self::Figure(reason) => reason.words(Locale::Vi),
            Self::NotLater { current: Some(day) } => format!("hạn hiện nay là `{day}`: hãy chọn ngày muộn hơn"),
            Self::NotLater { current: None } => "nhiệm vụ không có thời hạn nên không cần gia hạn: hãy bỏ khỏi danh sách".into(),
            Self::NotOpen { state } => {
                let name = state.name(Locale::Vi);
                let reopen = if is_reopened(*state) {
                    "hãy đề nghị cấp xác nhận (`SUPERVISOR`) mở lại trước, hoặc"
                } else {
                    "hãy"
                };
                format!("nhiệm vụ ở trạng thái `{name}` không gia hạn được: {reopen} bỏ khỏi danh sách")
            }
            Self::Recurring => "yêu cầu định kỳ không có hạn chung: hãy gia hạn từng nhiệm vụ ở `obligations`".into(),
            Self::NotInForce => "văn bản chỉ đạo không có hiệu lực nên không gia hạn được: hãy giao bằng văn bản mới".into(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::StepNotAllowed { from, step, possible } => {
                let (from, step) = (from.name(Locale::En), step.name(Locale::En));
                match listed(possible, Locale::En) {
                    Some(_) if *possible == [Step::Reopen] => format!(
                        "`{step}` is not possible while the obligation is `{from}`: where it must be done again, ask a `SUPERVISOR` who verifies it to reopen it"
                    ),
                    Some(possible) => format!(
                        "`{step}` is not possible while the obligation is `{from}`: choose one of {possible}; `viewerCan` says what you may do"
                    ),
                    None => format!("`{step}` is not possible while the obligation is `{from}`: it has ended, leave it out"),
                }
            }
            Self::GateClosed { missing, ordinal, title } => {
                format!(
                    "`{missing}` of the unit's obligations must be closed before, first requirement `{ordinal}` `{title}`: close them first"
                )
            }
            Self::GateBelowClosed { missing, unit } => {
                format!("`{missing}` more of the units below must fulfil the same requirement, first `{unit}`: let them close theirs first")
            }
            Self::OwnReport => "who submitted a report does not accept it: let another person accept it".into(),
            Self::NobodyAccepts => {
                "the unit has nobody above it to accept the report: let the unit submit it again, which closes the obligation".into()
            }
            Self::DirectiveEnded => "the directive is no longer in force, so nothing of it is reopened: issue a new directive".into(),
            Self::LeftIssuer => {
                "the unit no longer stands below the issuer, so nothing is reopened: let a unit that stands above it now issue a directive"
                    .into()
            }
            Self::UnitEnded { unit, on } => {
                format!("the unit `{unit}` ended on `{on}`, and what it owed is only read: turn to the unit that took over from it")
            }
            Self::OtherUnit => "this obligation is another unit's: send one report for each unit".into(),
            Self::DocumentMissing => {
                "the requirement asks for a document of the unit's own: name one that it has issued in `directive`".into()
            }
            Self::NoDocumentAsked => {
                "this requirement asks for no document, so issuing one does not discharge it: report with `submitReports`".into()
            }
            Self::DocumentOfAnother => "the document was issued by another unit: name one of the unit's own".into(),
            Self::DocumentEndsDirective => {
                "the document ends the very directive that asks for it: leave this obligation out of `discharges`, it will be released"
                    .into()
            }
            Self::DocumentNotIssued => "the document has not been issued: issue it before you report".into(),
            Self::NotBehind { unit } => format!("`{unit}` has nothing of this directive that is overdue: leave it out of `units`"),
            Self::Figure(reason) => reason.words(Locale::En),
            Self::NotLater { current: Some(day) } => format!("it is due on `{day}` now: choose a later day"),
            Self::NotLater { current: None } => {
                "it has no due date, which is later than any: leave it out, there is nothing to extend".into()
            }
            Self::NotOpen { state } => {
                let name = state.name(Locale::En);
                let reopen = if is_reopened(*state) { "have a `SUPERVISOR` who verifies it reopen it first, or " } else { "" };
                format!("the obligation is `{name}`, so its date is not extended: {reopen}leave it out")
            }
            Self::Recurring => "a recurring requirement has no due date of its own: extend its obligations in `obligations`".into(),
            Self::NotInForce => "the directive is not in force, so nothing of it is extended: issue a new directive".into(),
        }
    }
}

/// Whether people may open it again (L1).
fn is_reopened(state: State) -> bool {
    matches!(state, State::Fulfilled | State::Exempt)
}

/// The names of the steps, in backticks; `None` where there is none.
fn listed(steps: &[Step], locale: Locale) -> Option<String> {
    let names: Vec<&str> = steps.iter().map(|step| step.name(locale)).collect();
    (!names.is_empty()).then(|| format!("`{}`", names.join("`, `")))
}
