//! Which entries of the journal a principal reads (A3).

use super::{Action, Grants, visible_units};
use crate::forest::Forest;
use crate::places::Places;

/// What an entry must be about, or touch, to be read. One's own acts on accounts are always read.
///
/// Entries about units, reorganizations, persons and appointments say names and places only, and everybody reads those. Entries about
/// directives, requirements, comments and obligations are read by who may read about at least one unit that they touch: a draft touches
/// its issuer, an issued directive the units that it binds too. Entries about principals and grants are for administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalSight {
    /// Entries about work must touch one of these places.
    pub units: Places,
    /// Whose accounts are read about.
    pub accounts: Accounts,
}

/// Whose accounts are read about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accounts {
    /// Everybody's.
    All,
    /// One's own.
    Own,
}

/// What these grants let one read of the journal on that day's tree.
pub fn journal_sight(grants: &Grants, forest: &Forest) -> JournalSight {
    let administers = grants.check(forest, Action::ReadPrincipals).is_ok();
    JournalSight { units: visible_units(grants, forest), accounts: if administers { Accounts::All } else { Accounts::Own } }
}
