//! Reasons that lie in a table of units (O11).

use super::{Code, Explain, KindName, Locale};
use crate::day::Day;
use crate::table::Column;

/// Why a table, a row or a cell is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum TableRefusal {
    /// Nothing but headings, or not even those.
    NoRows,
    /// The first row lacks columns that are needed.
    NoHeading {
        /// Which.
        missing: Vec<Column>,
    },
    /// Two columns mean the same.
    HeadingTwice,
    /// A value to the right of the last heading: often a separator inside a text without quotes.
    BeyondHeadings {
        /// The value.
        given: String,
    },
    /// A number of members that is none.
    NotACount {
        /// The largest that is taken.
        most: i32,
    },
    /// A date that is none.
    NotADate,
    /// A workbook has taken a text for a date.
    BecameADate,
    /// A formula without a value.
    NotComputed,
    /// External ids are written `scheme:value; scheme:value`.
    MalformedExternalId {
        /// The item.
        given: String,
    },
    /// No such kind in the register (O1).
    UnknownKind {
        /// All that there are.
        known: Vec<KindName>,
    },
    /// The same, where an earlier row lists them.
    UnknownKindToo {
        /// That row.
        row: u32,
    },
    /// The code comes twice, letter case and diacritics aside (O2).
    CodeTwice {
        /// The row that had it before.
        earlier: u32,
    },
    /// The external id comes twice (O9).
    ExternalIdTwice {
        /// The row that had it before.
        earlier: u32,
    },
    /// Neither in the table nor in the tree.
    UnknownParent {
        /// The day of the tree.
        on: Day,
    },
    /// A parent that would end, because the table does not have it.
    ParentLeftOut,
    /// Units would stand under themselves (O3).
    Cycle {
        /// Their codes, each under the next, and the last under the first.
        line: Vec<String>,
    },
    /// The code is that of a unit that has ended.
    CodeOfEnded {
        /// Since when it is no longer active.
        on: Day,
    },
    /// The code is that of a unit that begins after the day of the import.
    CodeOfLater {
        /// Its first day.
        since: Day,
    },
    /// The row is of another day than the import.
    OtherDay {
        /// The day of the import.
        on: Day,
    },
}

impl Explain for TableRefusal {
    fn code(&self) -> Code {
        match self {
            Self::CodeTwice { .. } | Self::ExternalIdTwice { .. } | Self::CodeOfEnded { .. } | Self::CodeOfLater { .. } => {
                Code::AlreadyExists
            }
            Self::UnknownKind { .. } | Self::UnknownKindToo { .. } | Self::UnknownParent { .. } => Code::NotFound,
            Self::Cycle { .. } => Code::Cycle,
            Self::NoRows
            | Self::NoHeading { .. }
            | Self::HeadingTwice
            | Self::BeyondHeadings { .. }
            | Self::NotACount { .. }
            | Self::NotADate
            | Self::BecameADate
            | Self::NotComputed
            | Self::MalformedExternalId { .. }
            | Self::ParentLeftOut
            | Self::OtherDay { .. } => Code::Invalid,
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::UnknownKind { .. } | Self::UnknownKindToo { .. } => "O1",
            Self::CodeTwice { .. } | Self::CodeOfEnded { .. } | Self::CodeOfLater { .. } => "O2",
            Self::Cycle { .. } => "O3",
            Self::ExternalIdTwice { .. } | Self::MalformedExternalId { .. } => "O9",
            _ => "O11",
        }
    }

    fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::Vi => self.vi(),
            Locale::En => self.en(),
        }
    }
}

/// Codes on a circle that are told; more would not help to find the fault.
const TOLD: usize = 12;

fn circle(line: &[String]) -> String {
    let more = if line.len() > TOLD { ", `…`" } else { "" };
    let codes: Vec<String> = line.iter().take(TOLD).map(|code| format!("`{code}`")).collect();
    format!("{}{more}", codes.join(", "))
}

fn kinds(known: &[KindName], locale: Locale) -> String {
    known.iter().map(|kind| kind.words(locale)).collect::<Vec<_>>().join(", ")
}

fn headings(missing: &[Column], locale: Locale) -> String {
    missing.iter().map(|column| format!("`{}`", column.name(locale))).collect::<Vec<_>>().join(", ")
}

impl TableRefusal {
    fn vi(&self) -> String {
        match self {
            Self::NoRows => "bảng không có dòng nào: hãy ghi tên cột ở dòng đầu, và mỗi đơn vị một dòng ở các dòng sau".into(),
            Self::NoHeading { missing } => {
                format!("dòng đầu phải là tên cột, và còn thiếu cột {}: hãy thêm cột đó", headings(missing, Locale::Vi))
            }
            Self::HeadingTwice => "cột này có hai lần: hãy bỏ một cột".into(),
            Self::BeyondHeadings { given } => {
                format!(
                    "giá trị `{given}` nằm ngoài cột cuối cùng có tên: hãy đặt văn bản có dấu phân cách trong dấu ngoặc kép, hoặc đặt tên cột"
                )
            }
            Self::NotACount { most } => format!("không phải số nguyên từ `0` đến `{most}`: hãy chỉ viết chữ số, hoặc để trống"),
            Self::NotADate => "không phải ngày: hãy viết như `01/07/2025` hoặc `2025-07-01`".into(),
            Self::BecameADate => "bảng tính đã đổi giá trị này thành ngày: hãy định dạng cột là văn bản rồi nhập lại".into(),
            Self::NotComputed => "công thức bị lỗi: hãy sửa công thức hoặc nhập giá trị".into(),
            Self::MalformedExternalId { given } => {
                format!("`{given}` không có dạng `hệ-thống:giá-trị`: hãy viết như vậy, và cách nhau bằng dấu chấm phẩy")
            }
            Self::UnknownKind { known } => format!("không có loại đơn vị này: hãy chọn trong {}", kinds(known, Locale::Vi)),
            Self::UnknownKindToo { row } => format!("cũng không có loại đơn vị này: hãy chọn trong các loại được nêu ở dòng `{row}`"),
            Self::CodeTwice { earlier } => {
                format!("mã này đã có ở dòng `{earlier}` (không phân biệt chữ hoa, chữ thường và dấu): hãy bỏ một dòng hoặc đổi mã")
            }
            Self::ExternalIdTwice { earlier } => format!("mã ngoài này đã có ở dòng `{earlier}`: hãy bỏ ở một dòng"),
            Self::UnknownParent { on } => {
                format!("không có đơn vị nào mang mã này trong bảng hoặc trong cây tổ chức ngày `{on}`: hãy thêm dòng đó hoặc sửa mã")
            }
            Self::ParentLeftOut => {
                "đơn vị này không có trong bảng nên sẽ bị giải thể (`--dissolve-missing`): hãy thêm dòng đó hoặc chọn cấp trên khác".into()
            }
            Self::Cycle { line } => {
                format!(
                    "các đơn vị này nằm dưới chính mình, mỗi đơn vị dưới đơn vị kế tiếp: {}; hãy đổi cấp trên của một đơn vị",
                    circle(line)
                )
            }
            Self::CodeOfEnded { on } => format!(
                "mã này thuộc về một đơn vị đã kết thúc hoạt động từ ngày `{on}`: hãy nhập với `--reopen-ended` để lập lại đơn vị đó, hoặc chọn mã khác"
            ),
            Self::CodeOfLater { since } => format!(
                "mã này thuộc về một đơn vị chỉ có từ ngày `{since}`: hãy nhập bảng với `--effective-on` là ngày đó hoặc sau đó, hoặc chọn mã khác"
            ),
            Self::OtherDay { on } => {
                format!("cả bảng có hiệu lực từ một ngày, là ngày `{on}`: hãy tách dòng này sang bảng khác, hoặc sửa `--effective-on`")
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NoRows => "the table has no rows: write the headings into the first one, and a unit into each further one".into(),
            Self::NoHeading { missing } => {
                format!("the first row must have the headings, and lacks {}: add them", headings(missing, Locale::En))
            }
            Self::HeadingTwice => "the column comes twice: leave one out".into(),
            Self::BeyondHeadings { given } => {
                format!(
                    "the value `{given}` stands beyond the last heading: put texts with separators in quotes, or give the column a heading"
                )
            }
            Self::NotACount { most } => format!("not a whole number from `0` to `{most}`: write digits only, or leave it empty"),
            Self::NotADate => "not a date: write it like `2025-07-01` or `01/07/2025`".into(),
            Self::BecameADate => "the spreadsheet has made a date of it: format the column as text and type it again".into(),
            Self::NotComputed => "the formula failed: mend it, or type the value".into(),
            Self::MalformedExternalId { given } => {
                format!("`{given}` does not read as `scheme:value`: write it so, with semicolons between several")
            }
            Self::UnknownKind { known } => format!("there is no such kind: choose one of {}", kinds(known, Locale::En)),
            Self::UnknownKindToo { row } => format!("there is no such kind either: choose from those that row `{row}` lists"),
            Self::CodeTwice { earlier } => {
                format!("row `{earlier}` has that code already, letter case and diacritics aside: leave one out, or change the code")
            }
            Self::ExternalIdTwice { earlier } => format!("row `{earlier}` has that external id already: leave it out of one"),
            Self::UnknownParent { on } => {
                format!("no unit has that code, neither in the table nor in the tree of `{on}`: add its row, or mend the code")
            }
            Self::ParentLeftOut => {
                "the table does not have that unit, so it would be dissolved (`--dissolve-missing`): add its row, or choose another parent"
                    .into()
            }
            Self::Cycle { line } => {
                format!("these units would stand under themselves, each under the next: {}; give one another parent", circle(line))
            }
            Self::CodeOfEnded { on } => {
                format!(
                    "the code is that of a unit that ended on `{on}`: import with `--reopen-ended` to bring it back, or choose another code"
                )
            }
            Self::CodeOfLater { since } => {
                format!(
                    "the code is that of a unit that exists from `{since}` on only: import the table with `--effective-on` that day or a later one, or choose another code"
                )
            }
            Self::OtherDay { on } => {
                format!("a table holds from one day, and that is `{on}`: put the row into another table, or change `--effective-on`")
            }
        }
    }
}
