//! Whom a requirement binds (đối tượng thực hiện), and why (section 4).

mod binding;
mod explanation;
mod membership;
mod opening;

#[cfg(test)]
mod tests;

pub use binding::{BindingReason, BindingRule, Names};
pub use explanation::{DirectiveFacts, Explanation, NotBound, Standing, explain};
pub use membership::Membership;
pub use opening::{cover_period, goes_by_the_period_before};

use crate::enumeration::enumeration;
use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::{KindCode, KindRegister};
use crate::places::Places;
use crate::refusal::{Refusal, ScopeRefusal};

enumeration! {
    /// How far a scope reaches from its anchor (B1).
    pub enum Reach {
        /// `SELF`: the anchor alone.
        Itself,
        /// The units directly below: "trực thuộc".
        Children,
        /// All units below, without the anchor.
        Descendants,
    }
}

/// Which units a requirement binds: ((reach from the anchor ∩ kinds) ∪ include) − exceptions (B1). The lists keep the order of the
/// input, so that a refusal can point into them; they mean sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// From where it reaches; by default the issuer.
    pub anchor: UnitId,
    /// How far.
    pub reach: Reach,
    /// Codes of the kinds that the reach admits; empty: any.
    pub kinds: Vec<KindCode>,
    /// Units that are bound whether the reach comes to them or not.
    pub include: Vec<UnitId>,
    /// Units that are not bound.
    pub except: Vec<UnitId>,
    /// Units that are not bound, with all below them.
    pub except_subtrees: Vec<UnitId>,
    /// Whether it may cover nobody.
    pub may_be_empty: bool,
}

/// Which of a scope's two rules cover a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Through {
    /// The reach.
    Reach,
    /// The list of included units.
    Include,
    /// Both: one obligation with two reasons (B3).
    Both,
}

/// A unit that a scope covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Which unit.
    pub unit: UnitId,
    /// By which rules.
    pub through: Through,
}

impl Covered {
    /// Why it is bound when `scope` is resolved (B3).
    pub fn reasons(self, scope: &Scope) -> Vec<BindingReason> {
        let by_reach = BindingReason::Scope { anchor: scope.anchor, reach: scope.reach };
        match self.through {
            Through::Reach => vec![by_reach],
            Through::Include => vec![BindingReason::Included],
            Through::Both => vec![by_reach, BindingReason::Included],
        }
    }
}

impl Scope {
    /// Whether the reach admits units of that kind.
    pub fn admits(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|admitted| **admitted == *kind)
    }
}

/// The units that `scope` covers on that day's tree, in tree order (B1). One pass over what the reach comes to.
pub fn cover(forest: &Forest, scope: &Scope) -> Vec<Covered> {
    let excluded = excluded(forest, scope);
    let units = forest.units();
    let by_reach = reached(forest, scope).filter(|&place| scope.admits(&units[place].kind) && !excluded.contains(place));
    let included: Places = places_of(forest, &scope.include).filter(|&place| !excluded.contains(place)).map(just).collect();
    let mut included = included.iter().peekable();
    let mut covered = Vec::new();
    let mut push = |place: usize, through| covered.push(Covered { unit: units[place].id, through });
    for place in by_reach {
        while let Some(before) = included.next_if(|&named| named < place) {
            push(before, Through::Include);
        }
        let named_too = included.next_if_eq(&place).is_some();
        push(place, if named_too { Through::Both } else { Through::Reach });
    }
    included.for_each(|place| push(place, Through::Include));
    covered
}

/// Whether a directive of `issuer` (or of the place that stands for it, B6) may have that scope on that day's tree (B1, B2). An exception
/// that excludes nothing is no fault: it says what its author wanted to be sure of.
///
/// # Errors
/// Every refusal, with its path from the scope.
pub fn check(forest: &Forest, kinds: &KindRegister, issuer: UnitId, scope: &Scope) -> Result<(), Vec<Refusal>> {
    let mut refusals: Vec<Refusal> = Vec::new();
    refusals.extend(check_unit(forest, issuer, scope.anchor).map(|refusal| refusal.within("anchor")));
    for (at, &unit) in scope.include.iter().enumerate() {
        refusals.extend(check_unit(forest, issuer, unit).map(|refusal| refusal.at(at).within("include")));
    }
    for (at, kind) in scope.kinds.iter().enumerate().filter(|(_, kind)| kinds.get(kind).is_none()) {
        let reason = ScopeRefusal::UnknownKind { code: kind.to_string() };
        refusals.push(Refusal::from(reason).at(at).within("kinds"));
    }
    // Nobody is covered where an anchor is wrong: one mistake, one refusal.
    if refusals.is_empty() && !scope.may_be_empty && cover(forest, scope).is_empty() {
        refusals.push(ScopeRefusal::CoversNobody.into());
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// A unit that a scope names stands at the issuer or below it, today (B2).
fn check_unit(forest: &Forest, issuer: UnitId, unit: UnitId) -> Option<Refusal> {
    if forest.unit(unit).is_none() {
        return Some(ScopeRefusal::NotActive { unit: unit.to_string() }.into());
    }
    let issuer = forest.stands_for(issuer);
    let outside = || ScopeRefusal::OutsideIssuer { unit: forest.code_of(unit), issuer: forest.code_of(issuer) }.into();
    (!forest.covers(issuer, unit)).then(outside)
}

/// From the first to the last place that the reach can come to; none where the anchor is not active (B6).
fn reach_range(forest: &Forest, scope: &Scope) -> std::ops::Range<usize> {
    let subtree = forest.subtree(scope.anchor).unwrap_or(0..0);
    let below = subtree.end.min(subtree.start + 1);
    match scope.reach {
        Reach::Itself => subtree.start..below,
        Reach::Children | Reach::Descendants => below..subtree.end,
    }
}

/// The places that the reach comes to, in tree order.
fn reached<'a>(forest: &'a Forest, scope: &Scope) -> impl Iterator<Item = usize> + use<'a> {
    let reach = scope.reach;
    let range = reach_range(forest, scope);
    let mut next = range.start;
    std::iter::from_fn(move || {
        (next < range.end).then(|| {
            let place = next;
            next = if reach == Reach::Children { forest.subtree_at(place).end } else { place + 1 };
            place
        })
    })
}

fn excluded(forest: &Forest, scope: &Scope) -> Places {
    let subtrees = scope.except_subtrees.iter().filter_map(|&top| forest.subtree(top));
    subtrees.chain(places_of(forest, &scope.except).map(just)).collect()
}

fn places_of(forest: &Forest, units: &[UnitId]) -> impl Iterator<Item = usize> {
    units.iter().filter_map(|&unit| forest.place(unit))
}

/// The range of one place.
fn just(place: usize) -> std::ops::Range<usize> {
    place..place + 1
}
