//! The row of headings: which column means what.

use super::{BadCell, Faults, Line};
use crate::refusal::{Locale, TableRefusal};
use crate::text;

/// A column that a table of units may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The unit's code.
    Code,
    /// The code or the name of its kind.
    Kind,
    /// Its name.
    Name,
    /// Its short name.
    ShortName,
    /// The code of the unit that it stands under; empty: a root.
    Parent,
    /// Party members.
    MemberCount,
    /// Its names in other systems.
    ExternalIds,
    /// The day from which the row holds: it must be that of the whole table.
    EffectiveOn,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Code, Self::Kind, Self::Name, Self::ShortName, Self::Parent, Self::MemberCount, Self::ExternalIds, Self::EffectiveOn];
    /// Those that every table has; what another one would say stays as it is where it is missing.
    pub const NEEDED: [Self; 4] = [Self::Code, Self::Kind, Self::Name, Self::Parent];

    /// Its heading.
    pub fn name(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::Code => ("mã", "code"),
            Self::Kind => ("loại", "kind"),
            Self::Name => ("tên", "name"),
            Self::ShortName => ("tên viết tắt", "short name"),
            Self::Parent => ("mã cấp trên", "parent code"),
            Self::MemberCount => ("số đảng viên", "member count"),
            Self::ExternalIds => ("mã ngoài", "external ids"),
            Self::EffectiveOn => ("ngày hiệu lực", "effective on"),
        };
        locale.pick(vi, en)
    }

    /// Further headings that mean it; letter case, diacritics, spaces, `_` and `-` are of no matter.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Code => &["mã đơn vị", "unit code"],
            Self::Kind => &["loại đơn vị", "mã loại", "unit kind"],
            Self::Name => &["tên đơn vị", "unit name"],
            Self::ShortName => &["tên tắt", "tên gọi tắt"],
            Self::Parent => &["parent", "cấp trên", "mã đơn vị cấp trên", "đơn vị cấp trên"],
            Self::MemberCount => &["members", "đảng viên", "số lượng đảng viên"],
            Self::ExternalIds => &["external id", "mã hệ thống khác"],
            Self::EffectiveOn => &["hiệu lực từ", "hiệu lực từ ngày"],
        }
    }

    fn of(heading: &str) -> Option<Self> {
        let wanted = key(heading);
        let means = |column: &Self| {
            let names = [column.name(Locale::Vi), column.name(Locale::En)];
            names.iter().chain(column.aliases()).any(|name| key(name) == wanted)
        };
        Self::ALL.into_iter().find(means)
    }
}

fn key(heading: &str) -> String {
    text::fold(heading).chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '-')).collect()
}

/// Which column stands where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headings {
    columns: Vec<(usize, Column)>,
    unread: Vec<String>,
    width: usize,
}

impl Headings {
    /// Reads the row of headings.
    ///
    /// # Errors
    /// Every heading that comes twice, and one refusal for all that are needed and missing.
    pub fn read(line: &Line) -> Result<Self, Faults> {
        let (mut headings, mut bad) = (Self::default(), Faults::default());
        for (at, cell) in &line.cells {
            let shown = cell.shown();
            headings.width = at + 1;
            match Column::of(&shown) {
                Some(column) if headings.has(column) => {
                    bad.add(BadCell { row: Some(line.number), column: Some(column), value: shown, why: TableRefusal::HeadingTwice.into() });
                }
                Some(column) => headings.columns.push((*at, column)),
                None => headings.unread.push(shown),
            }
        }
        let missing: Vec<Column> = Column::NEEDED.into_iter().filter(|column| !headings.has(*column)).collect();
        if !missing.is_empty() {
            let why = TableRefusal::NoHeading { missing }.into();
            bad.add(BadCell { row: Some(line.number), column: None, value: String::new(), why });
        }
        if bad.is_empty() { Ok(headings) } else { Err(bad) }
    }

    /// Whether the table has that column.
    pub fn has(&self, column: Column) -> bool {
        self.columns.iter().any(|(_, known)| *known == column)
    }

    /// The columns that are read, and where in the file each stands, from 0.
    pub fn columns(&self) -> &[(usize, Column)] {
        &self.columns
    }

    /// How many columns of the file have headings: what stands beyond them belongs to none.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The headings of columns that are not read.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }
}
