//! Who accepts a report (L2). Which unit it is follows from the tree of the day; whether the caller may act for that unit
//! is asked in `access`.

pub use crate::directive::Verification;
use crate::forest::Forest;
use crate::ids::UnitId;

/// Whether a report waits for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Acceptance {
    /// Another unit accepts it.
    #[default]
    ByAnother,
    /// Nobody does: the report closes the obligation.
    AtOnce,
}

/// The unit that accepts the reports of `unit`; any unit above it may do so as well ([`may_accept`]). `None`: nobody, so that
/// the report closes the obligation (L2). Where the one who should accept is the unit itself, the next unit above does. For an
/// `issuer` that has ended its place decides (B6).
///
/// A unit that does not stand in the forest is verified by the issuer: what has no parent because it left must not close itself.
pub fn acceptor(forest: &Forest, verification: Verification, unit: UnitId, issuer: UnitId) -> Option<UnitId> {
    let issuer = forest.stands_for(issuer);
    match verification {
        Verification::Itself => None,
        Verification::Superior if forest.place(unit).is_none() => Some(issuer).filter(|&issuer| issuer != unit),
        Verification::Superior => parent(forest, unit),
        Verification::Issuer if issuer == unit => parent(forest, unit),
        Verification::Issuer => Some(issuer),
    }
}

/// The unit that returns reports and reopens (L2): the one that accepts, and where the unit verifies itself, its superior.
pub fn overseer(forest: &Forest, verification: Verification, unit: UnitId, issuer: UnitId) -> Option<UnitId> {
    let verification = match verification {
        Verification::Itself => Verification::Superior,
        other => other,
    };
    acceptor(forest, verification, unit, issuer)
}

/// Whether `candidate` may decide where `wanted` should: it is that unit or stands above it (L2).
pub fn may_accept(forest: &Forest, candidate: UnitId, wanted: UnitId) -> bool {
    forest.covers(candidate, wanted)
}

/// Whether a report of `unit` waits for another unit or closes the obligation at once (L2).
pub fn acceptance(forest: &Forest, verification: Verification, unit: UnitId, issuer: UnitId) -> Acceptance {
    match acceptor(forest, verification, unit, issuer) {
        Some(_) => Acceptance::ByAnother,
        None => Acceptance::AtOnce,
    }
}

fn parent(forest: &Forest, unit: UnitId) -> Option<UnitId> {
    forest.ancestors(unit).next().map(|above| above.id)
}
