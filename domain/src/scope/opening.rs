//! Whom a period binds when it opens (B7, B6).

use std::collections::HashSet;

use super::{Covered, Membership, Scope, Through};
use crate::forest::Forest;
use crate::ids::UnitId;

/// The units that a period binds which opens on that day's tree, in tree order: whom the scope covers as far as the place of `issuer`
/// reaches (B1, B2, B7). Where the anchor has ended, the reach goes on for `had_before`: those that had the period before, or whose
/// predecessors had it, as far as they are active (B6).
pub fn cover_period(forest: &Forest, issuer: UnitId, scope: &Scope, had_before: &HashSet<UnitId>) -> Vec<Covered> {
    let bounds = forest.standing(issuer).and_then(|place| forest.subtree(place)).unwrap_or(0..0);
    let (membership, anchor_has_ended) = (Membership::of(forest, scope), goes_by_the_period_before(forest, scope));
    let through = |place: usize| {
        let goes_on = || (anchor_has_ended && had_before.contains(&forest.units()[place].id)).then_some(Through::Reach);
        membership.through(place).or_else(goes_on)
    };
    bounds.filter_map(|place| Some(Covered { unit: forest.units()[place].id, through: through(place)? })).collect()
}

/// Whether [`cover_period`] asks who had the period before.
pub fn goes_by_the_period_before(forest: &Forest, scope: &Scope) -> bool {
    forest.unit(scope.anchor).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{self, id};
    use crate::scope::{BindingReason, Reach};

    const TREE: &str = "
tinh
  khoi
    a
      a1
    b
    c
  dn
    d
";

    fn scope(anchor: &str) -> Scope {
        Scope {
            anchor: id(anchor),
            reach: Reach::Children,
            kinds: Vec::new(),
            include: vec![id("c"), id("d")],
            except: vec![id("a1")],
            except_subtrees: Vec::new(),
            may_be_empty: false,
        }
    }

    /// Whom a period of `khoi` binds, each with its rules.
    fn bound(anchor: &str, had_before: &[&str]) -> Vec<String> {
        let (forest, scope) = (fixture::forest(TREE), scope(anchor));
        let covered = cover_period(&forest, id("khoi"), &scope, &had_before.iter().map(|code| id(code)).collect());
        let rules = |covered: Covered| covered.reasons(&scope).into_iter().map(BindingReason::rule).collect::<Vec<_>>();
        covered.into_iter().map(|covered| format!("{} {:?}", forest.code_of(covered.unit), rules(covered))).collect()
    }

    #[test]
    fn b7_an_opening_resolves_the_scope_anew_as_far_as_the_issuer_reaches() {
        assert_eq!(bound("khoi", &["a1", "gone"]), ["a [Scope]", "b [Scope]", "c [Scope, Included]"], "who had it before is of no matter");
        assert_eq!(bound("dn", &[]), ["c [Included]"], "neither the anchor nor what is included binds outside (B2)");
    }

    #[test]
    fn b6_a_scope_whose_anchor_has_ended_goes_on_for_who_had_the_period_before() {
        let before = ["a1", "b", "c", "d", "gone"];
        assert_eq!(bound("gone", &before), ["a1 [Scope]", "b [Scope]", "c [Included]"], "the active ones in the issuer's subtree");
        assert_eq!(bound("gone", &[]), ["c [Included]"]);
    }
}
