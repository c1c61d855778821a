//! What an action takes, and whether grants give it.

use std::cmp::Reverse;

use super::{Grants, Role};
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::refusal::AccessRefusal;

/// What a principal needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Need<'a> {
    /// Nothing but being signed in.
    SignedIn,
    /// The role over the unit: granted there or above.
    Over(Role, UnitId),
    /// Any grant over one of the units.
    OverOneOf(&'a [UnitId]),
    /// Any grant at the unit or below it.
    Under(UnitId),
    /// The role over some unit, whichever.
    Somewhere(Role),
    /// `ADMIN` over the whole forest.
    Operator,
    /// There is no unit above this one that could decide.
    NobodyAbove(UnitId),
    /// One of them; the first that is met counts.
    AnyOf(Vec<Self>),
    /// All of them; the first says on whose behalf.
    AllOf(Vec<Self>),
}

impl Need<'_> {
    /// On whose behalf the grants give it (L8), or `None` where they do not; the inner `None` is a grant over the whole forest.
    pub(super) fn met(&self, grants: &Grants, forest: &Forest, named: Option<UnitId>) -> Option<Option<UnitId>> {
        let held = grants.all();
        match self {
            Self::SignedIn => Some(None),
            Self::Over(role, unit) => over(grants, forest, *role, *unit, named),
            Self::OverOneOf(units) => units.iter().find_map(|&unit| over(grants, forest, Role::Viewer, unit, named)),
            Self::Under(top) => {
                let top = forest.stands_for(*top);
                held.iter().find(|grant| grant.unit.is_some_and(|unit| forest.covers(top, unit))).map(|grant| grant.unit)
            }
            Self::Somewhere(role) => held.iter().find(|grant| grant.role.includes(*role)).map(|grant| grant.unit),
            Self::Operator => held.iter().find(|grant| grant.is_operators()).map(|_| named),
            Self::NobodyAbove(_) => None,
            Self::AnyOf(needs) => needs.iter().find_map(|need| need.met(grants, forest, named)),
            Self::AllOf(needs) => {
                let all: Option<Vec<Option<UnitId>>> = needs.iter().map(|need| need.met(grants, forest, named)).collect();
                all.map(|on_behalf| on_behalf.first().copied().flatten())
            }
        }
    }

    /// The refusal that says what is missing. Of several the first.
    pub(super) fn unmet(&self, forest: &Forest) -> AccessRefusal {
        match self {
            Self::Over(role, unit) => AccessRefusal::RoleNeeded { roles: vec![*role], unit: forest.code_of(*unit) },
            Self::Under(unit) => AccessRefusal::RoleNeeded { roles: vec![Role::Viewer], unit: forest.code_of(*unit) },
            Self::Somewhere(role) => AccessRefusal::RoleNeededSomewhere { role: *role },
            Self::NobodyAbove(unit) => AccessRefusal::NobodyAbove { unit: forest.code_of(*unit) },
            Self::SignedIn | Self::OverOneOf(_) => AccessRefusal::RoleNeededSomewhere { role: Role::Viewer },
            Self::Operator => AccessRefusal::OperatorNeeded,
            Self::AnyOf(needs) | Self::AllOf(needs) => match needs.as_slice() {
                [Self::Over(first, unit), Self::Over(second, same)] if unit == same => {
                    AccessRefusal::RoleNeeded { roles: vec![*first, *second], unit: forest.code_of(*unit) }
                }
                [first, ..] => first.unmet(forest),
                [] => AccessRefusal::OperatorNeeded,
            },
        }
    }
}

/// On whose behalf the role is held over `unit`: of the named unit, else of the nearest grant's (L8).
fn over(grants: &Grants, forest: &Forest, role: Role, unit: UnitId, named: Option<UnitId>) -> Option<Option<UnitId>> {
    let mut giving = grants.all().iter().filter(|grant| grant.role.includes(role));
    if let Some(named) = named {
        let reaches = forest.place(named).is_some() && forest.holds(named, unit);
        return (reaches && giving.any(|grant| grant.covers(forest, named))).then_some(Some(named));
    }
    let depth = |unit: UnitId| forest.place(unit).map(|place| forest.depth_at(place));
    // `None`, the whole forest, is farther than every unit.
    giving.filter(|grant| grant.covers(forest, unit)).min_by_key(|grant| Reverse(grant.unit.and_then(depth))).map(|grant| grant.unit)
}
