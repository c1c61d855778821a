//! Who may do what, and what may be seen (section 8). No other place decides on rights.
//!
//! An [`Action`] says what is wanted of what; the table in `action.rs` says which roles that takes; [`decide`] holds both against
//! the grants of a principal.

mod action;
mod journal;
mod need;
mod viewer;

#[cfg(test)]
mod tests;

pub use action::{Action, DirectiveSight, ObligationSight};
pub use journal::{Accounts, JournalSight, journal_sight};
pub use viewer::{
    DirectiveAction, DirectiveMatter, ObligationAction, UnitAction, viewer_can_with_directive, viewer_can_with_obligation,
    viewer_can_with_unit,
};

use crate::day::Day;
use crate::enumeration::enumeration;
use crate::forest::Forest;
use crate::ids::{GrantId, UnitId};
use crate::places::Places;
use crate::refusal::{AccessRefusal, InputRefusal, Locale, Refusal};

enumeration! {
    /// What a grant allows. Each role includes `Viewer`, and none includes another (A2).
    pub enum Role {
        /// Reads.
        Viewer,
        /// Acknowledges, starts and reports.
        Reporter,
        /// Accepts, returns, reopens, exempts and extends; reports for units below.
        Supervisor,
        /// Drafts, consults, issues and ends directives.
        Drafter,
        /// Reorganizes, appoints and grants.
        Admin,
    }
}

impl Role {
    /// What people call who holds it.
    pub fn name(self, locale: Locale) -> &'static str {
        let (vi, en) = match self {
            Self::Viewer => ("người xem", "viewer"),
            Self::Reporter => ("người báo cáo", "reporter"),
            Self::Supervisor => ("người giám sát", "supervisor"),
            Self::Drafter => ("người soạn thảo", "drafter"),
            Self::Admin => ("người quản trị", "administrator"),
        };
        locale.pick(vi, en)
    }

    /// Whether who holds this role may do what takes `wanted` (A2).
    pub fn includes(self, wanted: Self) -> bool {
        self == wanted || wanted == Self::Viewer
    }
}

/// One role over one unit and everything below it, or over the whole forest (A1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Which.
    pub id: GrantId,
    /// What it allows.
    pub role: Role,
    /// Over which unit and all below it; `None`: the whole forest.
    pub unit: Option<UnitId>,
    /// The first day on which it no longer holds: ranges of validity are half-open (T1).
    pub expires_on: Option<Day>,
}

impl Grant {
    /// Whether it holds on `day`.
    pub fn holds_on(&self, day: Day) -> bool {
        self.expires_on.is_none_or(|end| day < end)
    }

    /// Whether it makes an operator (A2).
    pub fn is_operators(&self) -> bool {
        self.role == Role::Admin && self.unit.is_none()
    }

    /// Whether it covers `unit` on that day's tree: an ended one at its place (A1, C5).
    fn covers(&self, forest: &Forest, unit: UnitId) -> bool {
        self.has_not_ended(forest) && self.unit.is_none_or(|top| forest.holds(top, unit))
    }

    /// Whether its unit is active: a grant ends with its unit, and never passes to an heir (A1).
    pub fn has_not_ended(&self, forest: &Forest) -> bool {
        self.unit.is_none_or(|unit| forest.place(unit).is_some())
    }
}

/// The grants of one principal who is signed in and active, as they hold today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants(Vec<Grant>);

impl Grants {
    /// Grants that are known to hold today.
    pub fn new(grants: Vec<Grant>) -> Self {
        Self(grants)
    }

    /// Those of a principal's unrevoked `grants` that hold on `today`, whose tree it is: not expired, over a unit that is active.
    pub fn held_on(today: Day, forest: &Forest, grants: impl IntoIterator<Item = Grant>) -> Self {
        Self(grants.into_iter().filter(|grant| grant.holds_on(today) && grant.has_not_ended(forest)).collect())
    }

    /// Whether the principal may do something to what everybody may know of, for example to the tree. What may be hidden (A5) takes
    /// [`decide`] and [`Decision::or_refuse`] instead.
    ///
    /// # Errors
    /// The [`AccessRefusal`] that says what is missing.
    pub fn check(&self, forest: &Forest, action: Action<'_>) -> Result<(), Refusal> {
        match decide(self, forest, &action) {
            Decision::Allowed { .. } => Ok(()),
            Decision::Forbidden(reason) => Err(reason.into()),
            Decision::Hidden => Err(AccessRefusal::RoleNeededSomewhere { role: Role::Viewer }.into()),
        }
    }

    /// All of them.
    pub fn all(&self) -> &[Grant] {
        &self.0
    }
}

/// What the rules say to an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may be done.
    Allowed {
        /// On whose behalf (L8): the unit that was named, else that of the nearest grant that gives the right; `None` where that grant
        /// is over the whole forest.
        on_behalf_of: Option<UnitId>,
    },
    /// The thing may be known, but this may not be done with it.
    Forbidden(AccessRefusal),
    /// The caller may not even know of the thing (A5).
    Hidden,
}

impl Decision {
    /// Whether it may be done.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// On whose behalf it is done.
    ///
    /// # Errors
    /// The reason why not; for a hidden thing `missing`, which says the same as if it did not exist (A5).
    pub fn or_refuse(self, missing: impl FnOnce() -> InputRefusal) -> Result<Option<UnitId>, Refusal> {
        match self {
            Self::Allowed { on_behalf_of } => Ok(on_behalf_of),
            Self::Forbidden(reason) => Err(reason.into()),
            Self::Hidden => Err(missing().into()),
        }
    }
}

/// Whether a principal with these grants may do `action` on that day's tree (A1–A5).
pub fn decide(grants: &Grants, forest: &Forest, action: &Action<'_>) -> Decision {
    decide_for(grants, forest, action, None)
}

/// The same, on behalf of the unit that the caller named, if any (L8). A named unit must be one from which the right reaches what the
/// action is about (for an acceptance by the superior: the parent or a unit above it), and a grant must give the right there.
pub fn decide_for(grants: &Grants, forest: &Forest, action: &Action<'_>, named: Option<UnitId>) -> Decision {
    if action.sight(forest).met(grants, forest, None).is_none() {
        return Decision::Hidden;
    }
    let need = action.need(forest);
    if let Some(on_behalf_of) = need.met(grants, forest, named) {
        return Decision::Allowed { on_behalf_of };
    }
    Decision::Forbidden(match (named, action) {
        (Some(unit), _) if need.met(grants, forest, None).is_some() => AccessRefusal::NotOnBehalf { unit: forest.code_of(unit) },
        (_, &(Action::GrantRole { role, unit: Some(unit) } | Action::RevokeGrant { role, unit: Some(unit) })) => {
            AccessRefusal::GrantBeyondOwn { role, unit: forest.code_of(unit) }
        }
        _ => need.unmet(forest),
    })
}

/// A unit whose obligations, reports and completion the caller may read (A3). Only this module makes one, so that a query which
/// takes it cannot be asked for another unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Readable(UnitId);

impl Readable {
    /// The unit.
    pub fn unit(self) -> UnitId {
        self.0
    }
}

/// The right to read about `unit` (A3). Units are public, so that a refusal is never hidden (A5).
///
/// # Errors
/// [`AccessRefusal::RoleNeeded`], naming the unit.
pub fn readable(grants: &Grants, forest: &Forest, unit: UnitId) -> Result<Readable, Refusal> {
    grants.check(forest, Action::ReadUnit { unit }).map(|()| Readable(unit))
}

/// The places whose obligations, reports and completion may be read (A3), those of ended units among them
/// ([`Forest::known_at`]), for lists that are filtered inside the query.
pub fn visible_units(grants: &Grants, forest: &Forest) -> Places {
    if grants.all().iter().any(|grant| grant.unit.is_none()) {
        return std::iter::once(0..forest.known_len()).collect();
    }
    forest.with_the_ended(&units_with(grants, forest, Role::Viewer))
}

/// The places of active units over which the caller holds `role` (A1, A2), for lists that are filtered inside the query.
pub fn units_with(grants: &Grants, forest: &Forest, role: Role) -> Places {
    let giving = grants.all().iter().filter(|grant| grant.role.includes(role));
    giving.filter_map(|grant| grant.unit.map_or(Some(0..forest.len()), |top| forest.subtree(top))).collect()
}

/// The places of the units over whose superior the caller holds `role`: whom it may decide for where the superior does (L2).
pub fn units_below(grants: &Grants, forest: &Forest, role: Role) -> Places {
    let held = units_with(grants, forest, role);
    let below = |&place: &usize| forest.parent_at(place).is_some_and(|parent| held.contains(parent));
    held.iter().filter(below).map(|place| place..place + 1).collect()
}

/// The units whose drafts the caller may read while they consult, because it holds a grant there or below (A3); an ended one's where it
/// holds one at its place or below.
pub fn consulting_units(grants: &Grants, forest: &Forest) -> Vec<UnitId> {
    let held = grants.all().iter().filter_map(|grant| grant.unit).filter(|&unit| forest.unit(unit).is_some());
    let line = |unit: UnitId| std::iter::once(unit).chain(forest.ancestors(unit).map(|above| above.id));
    let with_the_ended = |unit: UnitId| std::iter::once(unit).chain(forest.ended_at(unit).iter().copied());
    let mut units: Vec<UnitId> = held.flat_map(line).flat_map(with_the_ended).collect();
    units.sort_unstable();
    units.dedup();
    units
}

/// Only `ADMIN` and `VIEWER` may cover the whole forest (A2).
///
/// # Errors
/// [`AccessRefusal::RoleNeedsUnit`].
pub fn check_grant(role: Role, unit: Option<UnitId>) -> Result<(), AccessRefusal> {
    match (role, unit) {
        (_, Some(_)) | (Role::Admin | Role::Viewer, None) => Ok(()),
        (Role::Reporter | Role::Supervisor | Role::Drafter, None) => Err(AccessRefusal::RoleNeedsUnit { role }),
    }
}

/// Nobody gives a right over a unit (`None`: the whole forest) for longer than they administer it themselves: else `ADMIN` for a day could
/// make itself `ADMIN` for ever (A4). `expires_on` is the first day without the right; `None` is for ever.
///
/// # Errors
/// [`InputRefusal::LaterThan`], with the latest day that may be given.
pub fn check_grant_ends(held: &Grants, forest: &Forest, unit: Option<UnitId>, expires_on: Option<Day>) -> Result<(), InputRefusal> {
    let covers = |own: &&Grant| own.unit.is_none() || unit.is_some_and(|unit| own.covers(forest, unit));
    let own = held.all().iter().filter(|own| own.role == Role::Admin).filter(covers);
    let latest = own.map(|own| own.expires_on.unwrap_or(Day::MAX)).max().unwrap_or(Day::MAX);
    if expires_on.unwrap_or(Day::MAX) <= latest { Ok(()) } else { Err(InputRefusal::LaterThan { latest: latest.to_string() }) }
}

/// Whether an operator stays when a grant is revoked or a principal deactivated: `left` holds the unrevoked grants of all principals that
/// are active then. One that will expire does not count, or the forest would lose its last operator by the calendar (A4).
///
/// # Errors
/// [`AccessRefusal::LastOperator`].
pub fn check_operator_stays<'a>(left: impl IntoIterator<Item = &'a Grant>) -> Result<(), AccessRefusal> {
    let stays = left.into_iter().any(|grant| grant.is_operators() && grant.expires_on.is_none());
    if stays { Ok(()) } else { Err(AccessRefusal::LastOperator) }
}
