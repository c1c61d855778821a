//! The register of kinds of unit and the dated rules of which kind may stand under which (O1).

mod definition;

use std::collections::HashMap;
use std::sync::Arc;

pub use definition::{ALWAYS, KindDefined, KindGiven, RuleGiven, define_unit_kind, kind_code, kind_name};

use crate::day::{Day, Validity};
use crate::refusal::Locale;

/// The code of a kind, for example `GRASSROOTS_CELL`; cheap to clone.
pub type KindCode = Arc<str>;

/// One rule: units of a kind may stand under `parent` while `validity` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacementRule {
    /// The kind of the parent; `None` permits being a root.
    pub parent: Option<KindCode>,
    /// The days on which a placement of this sort may begin.
    pub validity: Validity,
}

/// One kind of unit (loại tổ chức đảng).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitKind {
    /// Unique, upper case.
    pub code: KindCode,
    /// The Vietnamese name.
    pub name_vi: String,
    /// The English name.
    pub name_en: String,
    /// Orders kinds from the top of the hierarchy (small) to its bottom; it is not a depth.
    pub rank: i32,
    /// Where a unit of this kind may be placed.
    pub rules: Vec<PlacementRule>,
}

impl UnitKind {
    /// What stands in for a kind that the register does not know.
    pub fn unknown(code: &str) -> Self {
        Self { code: code.into(), name_vi: code.into(), name_en: code.into(), rank: i32::MAX, rules: Vec::new() }
    }

    /// The name in a language.
    pub fn name(&self, locale: Locale) -> &str {
        locale.pick(&self.name_vi, &self.name_en)
    }

    /// Whether a unit of this kind may be placed under a `parent` of that kind (`None`: as a root) on `day` (O1, O3).
    pub fn may_stand_under(&self, parent: Option<&str>, day: Day) -> bool {
        self.rules.iter().any(|rule| rule.parent.as_deref() == parent && rule.validity.holds_on(day))
    }
}

/// All kinds, by rank and then by code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindRegister {
    kinds: Vec<UnitKind>,
    by_code: HashMap<KindCode, usize>,
}

impl KindRegister {
    /// Orders `kinds`; of two with one code the last counts, which the primary key of their table rules out.
    pub fn new(mut kinds: Vec<UnitKind>) -> Self {
        kinds.sort_by(|a, b| (a.rank, &a.code).cmp(&(b.rank, &b.code)));
        let by_code = kinds.iter().enumerate().map(|(at, kind)| (kind.code.clone(), at)).collect();
        Self { kinds, by_code }
    }

    /// All kinds, by rank and then by code.
    pub fn all(&self) -> &[UnitKind] {
        &self.kinds
    }

    /// The kind with that code.
    pub fn get(&self, code: &str) -> Option<&UnitKind> {
        self.by_code.get(code).map(|&at| &self.kinds[at])
    }

    /// The kind's rank; a code that the register does not know stands last.
    pub fn rank(&self, code: &str) -> i32 {
        self.get(code).map_or(i32::MAX, |kind| kind.rank)
    }
}
