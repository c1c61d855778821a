//! Reasons that lie in the tree (section 2).

use super::{Code, Explain, Locale, Refusal};
use crate::day::Day;
use crate::kind::UnitKind;

/// A kind as a refusal names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindName {
    /// For example `GRASSROOTS_CELL`.
    pub code: String,
    /// The Vietnamese name.
    pub vi: String,
    /// The English name.
    pub en: String,
}

impl KindName {
    pub(super) fn words(&self, locale: Locale) -> String {
        format!("`{}` (`{}`)", locale.pick(&self.vi, &self.en), self.code)
    }
}

impl From<&UnitKind> for KindName {
    fn from(kind: &UnitKind) -> Self {
        Self { code: kind.code.to_string(), vi: kind.name_vi.clone(), en: kind.name_en.clone() }
    }
}

/// Where a kind may be placed on one day (O1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permitted {
    /// The kinds that it may stand under.
    pub under: Vec<KindName>,
    /// Whether it may be a root.
    pub as_root: bool,
}

impl Permitted {
    fn vi(&self) -> String {
        let under = self.under.iter().map(|kind| kind.words(Locale::Vi)).collect::<Vec<_>>().join(", ");
        match (self.under.is_empty(), self.as_root) {
            (true, false) => "ngày đó loại này không được đặt ở đâu: hãy chọn loại khác hoặc ngày khác".into(),
            (true, true) => "ngày đó loại này chỉ được làm gốc: hãy bỏ đơn vị cấp trên".into(),
            (false, false) => format!("hãy đặt dưới {under}"),
            (false, true) => format!("hãy đặt dưới {under}, hoặc để làm gốc"),
        }
    }

    fn en(&self) -> String {
        let under = self.under.iter().map(|kind| kind.words(Locale::En)).collect::<Vec<_>>().join(", ");
        match (self.under.is_empty(), self.as_root) {
            (true, false) => "that day the kind may stand nowhere: choose another kind or another day".into(),
            (true, true) => "that day the kind may only be a root: leave the parent out".into(),
            (false, false) => format!("place it under {under}"),
            (false, true) => format!("place it under {under}, or make it a root"),
        }
    }
}

/// A placement that is not permitted (O3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The kind of the unit.
    pub kind: KindName,
    /// The kind of the parent; `None`: the unit would be a root.
    pub parent: Option<KindName>,
    /// The day on which the placement would begin.
    pub on: Day,
    /// Where the kind may stand that day.
    pub permitted: Permitted,
}

impl Placement {
    fn vi(&self) -> String {
        let (kind, on) = (self.kind.words(Locale::Vi), self.on);
        let place = self.parent.as_ref().map_or("làm gốc".into(), |parent| format!("đặt dưới {}", parent.words(Locale::Vi)));
        format!("{kind} không được {place} từ ngày `{on}`: {}", self.permitted.vi())
    }

    fn en(&self) -> String {
        let (kind, on) = (self.kind.words(Locale::En), self.on);
        let place = self.parent.as_ref().map_or("be a root".into(), |parent| format!("stand under {}", parent.words(Locale::En)));
        format!("{kind} may not {place} from `{on}` on: {}", self.permitted.en())
    }
}

/// Why a change to the tree is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum TreeRefusal {
    /// A unit has or had that code, perhaps in other letter case (O2).
    CodeTaken {
        /// The code that is wanted.
        code: String,
        /// The code as the unit bears it: it may differ in letter case or diacritics.
        holder: String,
    },
    /// An earlier change of the same batch establishes a unit with that code (O2).
    CodeTwice {
        /// The code.
        code: String,
    },
    /// Another unit has that external identifier (O9).
    ExternalIdTaken {
        /// Whose numbers they are.
        scheme: String,
        /// The number.
        value: String,
    },
    /// The kind may not stand there on the day on which the placement begins (O1, O3).
    PlacementNotPermitted(Box<Placement>),
    /// A unit would stand under itself, directly or not (O3).
    Cycle {
        /// The code of the unit that is moved.
        unit: String,
        /// The code of the unit that it should stand under.
        parent: String,
    },
    /// A unit is moved to where it stands (O5).
    StandsThere {
        /// The code of the unit.
        unit: String,
        /// The code of its parent.
        parent: String,
    },
    /// A revision that leaves everything as it is (O5).
    NothingRevised {
        /// The code of the unit.
        unit: String,
    },
    /// A batch over the network with more changes than its limit (F6).
    TooManyChanges {
        /// How many are taken.
        limit: usize,
        /// How many came.
        count: usize,
    },
    /// A batch of a later day has been recorded (O5, decision 0009).
    LaterFact {
        /// The title of the later batch.
        title: String,
        /// Its day.
        on: Day,
        /// What would stand in its way; `None` where an earlier version recorded it, and nothing can be put before it.
        why: Option<Box<Refusal>>,
    },
}

impl Explain for TreeRefusal {
    fn code(&self) -> Code {
        match self {
            Self::CodeTaken { .. } | Self::CodeTwice { .. } | Self::ExternalIdTaken { .. } => Code::AlreadyExists,
            Self::PlacementNotPermitted(_) => Code::PlacementNotPermitted,
            Self::Cycle { .. } => Code::Cycle,
            Self::StandsThere { .. } | Self::NothingRevised { .. } => Code::Invalid,
            Self::TooManyChanges { .. } => Code::LimitExceeded,
            Self::LaterFact { .. } => Code::LaterFact,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::CodeTaken { .. } | Self::CodeTwice { .. } => "O2",
            Self::ExternalIdTaken { .. } => "O9",
            Self::PlacementNotPermitted(_) | Self::Cycle { .. } => "O3",
            Self::StandsThere { .. } | Self::NothingRevised { .. } | Self::LaterFact { .. } => "O5",
            Self::TooManyChanges { .. } => "F6",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

impl TreeRefusal {
    fn vi(&self) -> String {
        match self {
            Self::CodeTaken { code, holder } if code != holder => {
                format!("mã `{code}` chỉ khác mã `{holder}` của một đơn vị ở chữ hoa, chữ thường hoặc dấu: hãy chọn mã khác")
            }
            Self::CodeTaken { code, .. } => {
                format!("mã `{code}` đã thuộc về một đơn vị (mã được giữ cả khi đơn vị đã kết thúc hoạt động): hãy chọn mã khác")
            }
            Self::CodeTwice { code } => {
                format!("mã `{code}` được dùng hai lần trong cùng đợt sắp xếp (không phân biệt chữ hoa, chữ thường): hãy chọn mã khác")
            }
            Self::ExternalIdTaken { scheme, value } => {
                format!(
                    "mã ngoài `{scheme}` `{value}` đã thuộc về một đơn vị khác: hãy tra cứu đơn vị đó bằng `externalId`, hoặc nêu mã khác"
                )
            }
            Self::PlacementNotPermitted(placement) => placement.vi(),
            Self::Cycle { unit, parent } => {
                format!("`{parent}` là chính `{unit}` hoặc nằm dưới `{unit}`: hãy chọn đơn vị cấp trên khác")
            }
            Self::StandsThere { unit, parent } => format!("`{unit}` đang trực thuộc `{parent}`: hãy bỏ thay đổi này"),
            Self::NothingRevised { unit } => format!("`{unit}` không có gì thay đổi: hãy nêu giá trị mới, hoặc bỏ thay đổi này"),
            Self::TooManyChanges { limit, count } => {
                format!(
                    "đợt có `{count}` thay đổi, qua mạng nhận tối đa `{limit}`: hãy chia đợt theo từng nhánh, hoặc nhập bảng bằng lệnh \
                     `chidao import units`"
                )
            }
            Self::LaterFact { title, on, why: None } => {
                format!(
                    "đợt sắp xếp `{title}` ngày `{on}` được ghi bởi phiên bản cũ nên không thể chèn trước: hãy chọn ngày `{on}` hoặc sau đó"
                )
            }
            Self::LaterFact { title, on, why: Some(why) } => {
                let why = why.words(Locale::Vi);
                format!(
                    "đợt sắp xếp `{title}` ngày `{on}` sẽ không còn thực hiện được ({why}): hãy sửa các thay đổi này, hoặc thu hồi đợt đó trước"
                )
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::CodeTaken { code, holder } if code != holder => {
                format!("the code `{code}` differs from the code `{holder}` of a unit by letter case or diacritics only: choose another")
            }
            Self::CodeTaken { code, .. } => format!("the code `{code}` belongs to a unit, active or ended: choose another"),
            Self::CodeTwice { code } => format!("the code `{code}` comes twice in this batch, letter case aside: choose another"),
            Self::ExternalIdTaken { scheme, value } => {
                format!("the external id `{scheme}` `{value}` belongs to another unit: look that one up by `externalId`, or give another")
            }
            Self::PlacementNotPermitted(placement) => placement.en(),
            Self::Cycle { unit, parent } => format!("`{parent}` is `{unit}` or stands below it: choose another parent"),
            Self::StandsThere { unit, parent } => format!("`{unit}` stands under `{parent}` already: leave this change out"),
            Self::NothingRevised { unit } => format!("nothing of `{unit}` would change: give a new value, or leave this change out"),
            Self::TooManyChanges { limit, count } => {
                format!(
                    "the batch has `{count}` changes, over the network `{limit}` are taken: split it by subtree, or import a table by \
                     `chidao import units` on the command line"
                )
            }
            Self::LaterFact { title, on, why: None } => {
                format!("the reorganization `{title}` of `{on}` was recorded by an earlier version: choose `{on}` or a later day")
            }
            Self::LaterFact { title, on, why: Some(why) } => {
                let why = why.words(Locale::En);
                format!(
                    "the reorganization `{title}` of `{on}` would not hold any more ({why}): change this batch, or take that one back first"
                )
            }
        }
    }
}
