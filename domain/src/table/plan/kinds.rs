//! Which kind a cell means.

use std::collections::HashMap;

use crate::kind::{KindRegister, UnitKind};
use crate::text;

/// Kinds by code, or by a name that no other kind has; letter case and diacritics aside.
pub(super) struct KindFinder<'a>(HashMap<String, Option<&'a UnitKind>>);

impl<'a> KindFinder<'a> {
    pub(super) fn of(kinds: &'a KindRegister) -> Self {
        let mut known: HashMap<String, Option<&UnitKind>> = HashMap::new();
        for kind in kinds.all() {
            for name in [&kind.name_vi, &kind.name_en] {
                let slot = known.entry(text::fold(name)).or_insert(Some(kind));
                *slot = slot.filter(|other| other.code == kind.code);
            }
        }
        known.extend(kinds.all().iter().map(|kind| (text::fold(&kind.code), Some(kind))));
        Self(known)
    }

    pub(super) fn find(&self, given: &str) -> Option<&'a UnitKind> {
        self.0.get(&text::fold(given)).copied().flatten()
    }
}
