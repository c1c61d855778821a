//! A unit as it is on one day (O2).

use std::sync::Arc;

use crate::day::Day;
use crate::ids::UnitId;
use crate::kind::KindCode;
use crate::text::{self, SortKey};

/// What is true of a unit (tổ chức đảng, đơn vị) on one day: its revision of that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgUnit {
    /// For ever.
    pub id: UnitId,
    /// Unique for ever, chosen by people.
    pub code: Arc<str>,
    /// Counts the changes, from 1; the same on every day.
    pub version: i32,
    /// The code of its kind.
    pub kind: KindCode,
    /// In NFC.
    pub name: Arc<str>,
    /// In NFC.
    pub short_name: Option<Arc<str>>,
    /// The unit that it stands under; `None` for a root.
    pub parent: Option<UnitId>,
    /// Party members.
    pub member_count: Option<u32>,
    /// The first day of its life.
    pub established_on: Day,
    /// Orders names as a Vietnamese dictionary does (O7).
    pub sort_key: SortKey,
}

impl OrgUnit {
    /// Gives the unit another name, and the place among its siblings that follows from it.
    pub fn rename(&mut self, name: &str) {
        self.name = name.into();
        self.sort_key = text::sort_key(name);
    }
}
