//! Reasons that lie in how units end and begin again (O6).

use super::{Code, Explain, Locale};
use crate::day::Day;

/// Why a unit cannot end, be split, or be reopened like that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndingRefusal {
    /// An earlier change of the same batch ends the unit.
    EndsInBatch {
        /// The code of the unit.
        unit: String,
        /// The place of that change, from 0.
        change: usize,
    },
    /// The unit had ended before the day of the batch.
    HasEnded {
        /// The code of the unit.
        unit: String,
        /// The first day on which it was no longer active.
        on: Day,
    },
    /// A unit that begins with a batch cannot end with it.
    BeginsInBatch {
        /// The code of the unit.
        unit: String,
    },
    /// Only a unit that has ended can be reopened.
    IsActive {
        /// The code of the unit.
        unit: String,
    },
    /// The last parent of a unit that is reopened has ended.
    ParentEnded {
        /// The code of the unit.
        unit: String,
        /// The code of its last parent.
        parent: String,
    },
    /// Only a planned batch can be cancelled (O5).
    NotPlanned {
        /// What it is called.
        title: String,
        /// Its day.
        on: Day,
    },
    /// Only a batch that holds can be annulled (O5).
    NotEnacted {
        /// What it is called.
        title: String,
    },
    /// An annulment cannot be annulled (O5).
    TakesBack {
        /// What it is called.
        title: String,
    },
    /// A split has at least two parts.
    OnePart {
        /// The code of the unit.
        unit: String,
    },
    /// A merge ends at least one unit besides the one that they become.
    NothingMerged {
        /// The code of the unit.
        unit: String,
    },
    /// A unit that ends can neither take over from itself nor keep its children.
    OwnHeir {
        /// The code of the unit.
        unit: String,
    },
    /// A split places children of the unit that is split.
    NotAChild {
        /// The code of the unit that is named.
        unit: String,
        /// The code of the unit that is split.
        parent: String,
    },
    /// Children of a unit that ends would stand nowhere.
    ChildrenUnplaced {
        /// The code of the unit.
        unit: String,
        /// The codes of its children.
        children: Vec<String>,
    },
    /// The unit that should take the children of one that ends stands below that one itself.
    ReceiverBelow {
        /// The code of the unit that ends.
        unit: String,
        /// The code of the unit below it.
        to: String,
    },
    /// A unit takes over from another and ends in the same batch without an heir.
    HeirLeavesNone {
        /// The code of the unit that takes over.
        heir: String,
        /// The code of the unit that it takes over from.
        unit: String,
    },
}

/// Codes that a refusal lists; it counts the others.
const LISTED: usize = 5;

fn listed(codes: &[String], locale: Locale) -> String {
    let shown: Vec<String> = codes.iter().take(LISTED).map(|code| format!("`{code}`")).collect();
    let shown = shown.join(", ");
    match codes.len().saturating_sub(LISTED) {
        0 => shown,
        more => locale.pick(format!("{shown} và {more} đơn vị khác"), format!("{shown} and {more} more")),
    }
}

impl Explain for EndingRefusal {
    fn code(&self) -> Code {
        match self {
            Self::EndsInBatch { .. } | Self::HasEnded { .. } => Code::NotFound,
            Self::ReceiverBelow { .. } => Code::Cycle,
            Self::NotPlanned { .. } | Self::NotEnacted { .. } | Self::TakesBack { .. } => Code::StepNotAllowed,
            _ => Code::Invalid,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::NotPlanned { .. } | Self::NotEnacted { .. } | Self::TakesBack { .. } => "O5",
            _ => "O6",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

impl EndingRefusal {
    fn vi(&self) -> String {
        match self {
            Self::EndsInBatch { unit, change } => {
                format!("`{unit}` kết thúc ở thay đổi thứ `{change}` của cùng đợt: hãy đặt thay đổi này lên trước, hoặc nêu đơn vị kế tục")
            }
            Self::HasEnded { unit, on } => {
                format!("`{unit}` đã kết thúc hoạt động từ ngày `{on}`: hãy nêu đơn vị kế tục, hoặc mở lại bằng `reopen` trước")
            }
            Self::BeginsInBatch { unit } => {
                format!("`{unit}` mới có trong đợt này nên không thể kết thúc ngay trong đợt: hãy bỏ cả hai thay đổi")
            }
            Self::IsActive { unit } => format!("`{unit}` đang hoạt động nên không cần mở lại: hãy bỏ thay đổi này"),
            Self::ParentEnded { unit, parent } => {
                format!("đơn vị cấp trên cuối cùng `{parent}` của `{unit}` không còn hoạt động: hãy nêu `parent`")
            }
            Self::NotPlanned { title, on } => {
                format!(
                    "đợt sắp xếp `{title}` ngày `{on}` không còn ở trạng thái dự kiến: nếu đã có hiệu lực mà nhầm, hãy thu hồi bằng `annulReorganization`"
                )
            }
            Self::NotEnacted { title } => {
                format!(
                    "đợt sắp xếp `{title}` hiện không có hiệu lực: nếu còn dự kiến, hãy huỷ bằng `cancelReorganization`; đợt đã huỷ hoặc thu hồi thì không cần nữa"
                )
            }
            Self::TakesBack { title } => {
                format!(
                    "`{title}` là việc thu hồi một đợt sắp xếp nên không thể thu hồi: hãy gửi lại đợt sắp xếp đó, và mở lại bằng `reopen` các đơn vị mà đợt đó đã lập"
                )
            }
            Self::OnePart { unit } => {
                format!("chia `{unit}` cần ít nhất hai phần: nếu chỉ có một đơn vị kế tục, hãy dùng `dissolve` với `heir`")
            }
            Self::NothingMerged { unit } => format!("chỉ nêu chính `{unit}`: hãy nêu ít nhất một đơn vị khác để sáp nhập"),
            Self::OwnHeir { unit } => format!("`{unit}` kết thúc nên không thể kế tục chính mình: hãy nêu đơn vị khác"),
            Self::NotAChild { unit, parent } => {
                format!("`{unit}` không trực thuộc `{parent}`: hãy chỉ nêu các đơn vị trực thuộc, hoặc chuyển nó bằng `move`")
            }
            Self::ChildrenUnplaced { unit, children } => {
                let children = listed(children, Locale::Vi);
                format!(
                    "`{unit}` kết thúc nhưng chưa rõ đơn vị trực thuộc sẽ về đâu: {children}; hãy nêu nơi chuyển đến, hoặc chuyển trước"
                )
            }
            Self::ReceiverBelow { unit, to } => {
                format!("`{to}` nằm dưới `{unit}` là đơn vị kết thúc: hãy chuyển `{to}` đi trước bằng `move`")
            }
            Self::HeirLeavesNone { heir, unit } => {
                format!("`{heir}` kế tục `{unit}` rồi kết thúc trong cùng đợt mà không có đơn vị kế tục: hãy nêu `heir`")
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::EndsInBatch { unit, change } => {
                format!("`{unit}` ends with change `{change}` of this batch: put this change before it, or name its successor")
            }
            Self::HasEnded { unit, on } => format!("`{unit}` ended on `{on}`: name its successor, or `reopen` it first"),
            Self::BeginsInBatch { unit } => format!("`{unit}` begins with this batch and cannot end with it: leave both changes out"),
            Self::IsActive { unit } => format!("`{unit}` is active, there is nothing to reopen: leave this change out"),
            Self::ParentEnded { unit, parent } => format!("`{parent}`, the last parent of `{unit}`, has ended: name a `parent`"),
            Self::NotPlanned { title, on } => {
                format!(
                    "the reorganization `{title}` of `{on}` is not planned any more: if it took effect by mistake, use `annulReorganization`"
                )
            }
            Self::NotEnacted { title } => {
                format!(
                    "the reorganization `{title}` is not in effect: use `cancelReorganization` while it is planned; one taken back needs nothing more"
                )
            }
            Self::TakesBack { title } => {
                format!(
                    "`{title}` takes a reorganization back and cannot be annulled: send that one again, and `reopen` the units that it had established"
                )
            }
            Self::OnePart { unit } => {
                format!("a split of `{unit}` takes at least two parts: use `dissolve` with an `heir` for a single successor")
            }
            Self::NothingMerged { unit } => format!("only `{unit}` itself is named: name at least one other unit to merge"),
            Self::OwnHeir { unit } => format!("`{unit}` ends and cannot succeed itself: name another unit"),
            Self::NotAChild { unit, parent } => {
                format!("`{unit}` does not stand directly under `{parent}`: name children of it only, or `move` that unit")
            }
            Self::ChildrenUnplaced { unit, children } => {
                let children = listed(children, Locale::En);
                format!(
                    "`{unit}` ends and the units directly below it would stand nowhere: {children}; say where they go, or move them first"
                )
            }
            Self::ReceiverBelow { unit, to } => format!("`{to}` stands below `{unit}`, which ends: take it out first by `move`"),
            Self::HeirLeavesNone { heir, unit } => {
                format!("`{heir}` takes over from `{unit}` and ends in the same batch without an heir: name an `heir`")
            }
        }
    }
}
