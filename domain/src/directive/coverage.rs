//! Coverage: which units below have issued a document of their own to carry a directive out (D7).

use std::collections::{BTreeSet, HashSet};

use crate::forest::Forest;
use crate::ids::UnitId;
use crate::kind::KindCode;

/// Which units are expected to issue a document of their own.
#[derive(Clone, Copy, Debug)]
pub enum Expected<'a> {
    /// Those that the directive, or one that implements it, binds; where none below is bound, those that have units below them.
    Bound(&'a HashSet<UnitId>),
    /// All of these kinds, bound or not.
    OfKinds(&'a BTreeSet<KindCode>),
}

/// How far the documents of lower levels reach. Only active units count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By level below the unit, from the first on; one without expected units counts 0.
    pub levels: Vec<Level>,
    /// The expected units that have issued none, by their places in the forest, in tree order.
    pub missing: Vec<usize>,
    /// Where the chain breaks: those of the missing that have no missing unit above them.
    pub breaks: Vec<usize>,
}

/// The units of one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// How many are expected to issue a document.
    pub expected: usize,
    /// How many of them have.
    pub covered: usize,
}

impl Coverage {
    /// All levels together.
    pub fn whole(&self) -> Level {
        let add = |sum: Level, one: &Level| Level { expected: sum.expected + one.expected, covered: sum.covered + one.covered };
        self.levels.iter().fold(Level::default(), add)
    }
}

impl Level {
    /// Covered over expected, never rounded; `None` where nobody is expected (as C2).
    pub fn rate(self) -> Option<f64> {
        #[allow(clippy::cast_precision_loss, reason = "numbers of units are far below 2^53")]
        let rate = |of: usize| self.covered as f64 / of as f64;
        Some(self.expected).filter(|of| *of > 0).map(rate)
    }
}

/// The coverage of the units below `top`; `issued` holds who has issued a directive that implements the one in question, directly or not. A
/// document of a unit that has ended is its place's (C5).
pub fn coverage(forest: &Forest, top: UnitId, expected: Expected<'_>, issued: &HashSet<UnitId>) -> Coverage {
    let Some(subtree) = forest.subtree(top) else { return Coverage::default() };
    let below = subtree.start + 1..subtree.end;
    let units = forest.units();
    let has_issued: HashSet<UnitId> = issued.iter().map(|unit| forest.stands_for(*unit)).collect();
    let nobody_is_bound = |bound: &HashSet<UnitId>| !units[below.clone()].iter().any(|unit| bound.contains(&unit.id));
    let is_expected: Box<dyn Fn(usize) -> bool> = match expected {
        Expected::OfKinds(kinds) => Box::new(move |place| kinds.contains(&units[place].kind)),
        Expected::Bound(bound) if nobody_is_bound(bound) => Box::new(|place| forest.subtree_at(place).len() > 1),
        Expected::Bound(bound) => Box::new(move |place| bound.contains(&units[place].id)),
    };
    let mut found = Coverage::default();
    // The subtree of the last break ends here: what is missing in it is missing below a missing one.
    let mut broken_until = 0;
    for place in below.filter(|place| is_expected(*place)) {
        let depth = (forest.depth_at(place) - forest.depth_at(subtree.start)) as usize;
        if found.levels.len() < depth {
            found.levels.resize(depth, Level::default());
        }
        let level = &mut found.levels[depth - 1];
        level.expected += 1;
        if has_issued.contains(&units[place].id) {
            level.covered += 1;
            continue;
        }
        found.missing.push(place);
        if place >= broken_until {
            found.breaks.push(place);
            broken_until = forest.subtree_at(place).end;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::{self, id};

    const TREE: &str = "tinh\n  khoi\n    snv\n      snv1\n      snv2\n    stc\n      stc1\n  huyen\n    xa";

    fn set(codes: &str) -> HashSet<UnitId> {
        codes.split_whitespace().map(id).collect()
    }

    /// Expected and covered by level, what is missing, and where the chain breaks.
    fn told(top: &str, expected: Expected<'_>, issued: &str) -> String {
        let forest = fixture::forest(TREE);
        let found = coverage(&forest, id(top), expected, &set(issued));
        let levels: Vec<String> = found.levels.iter().map(|level| format!("{}/{}", level.covered, level.expected)).collect();
        let codes = |places: &[usize]| places.iter().map(|place| forest.units()[*place].code.to_string()).collect::<Vec<_>>().join(" ");
        format!("{} | {} | {}", levels.join(" "), codes(&found.missing), codes(&found.breaks))
    }

    #[test]
    fn d7_of_the_units_that_are_bound_it_tells_who_issued_a_document_and_where_the_chain_breaks() {
        let bound = set("khoi snv stc snv1");
        assert_eq!(told("tinh", Expected::Bound(&bound), "khoi snv1"), "1/1 0/2 1/1 | snv stc | snv stc");
        assert_eq!(told("tinh", Expected::Bound(&bound), "snv"), "0/1 1/2 0/1 | khoi snv1 stc | khoi");
        assert_eq!(told("khoi", Expected::Bound(&bound), "khoi snv stc snv1"), "2/2 1/1 |  | ", "the unit itself is not below itself");
        assert_eq!(told("stc1", Expected::Bound(&bound), ""), " |  | ", "nobody stands below");
    }

    #[test]
    fn d7_where_nobody_is_bound_those_with_units_below_are_meant_or_the_kinds_that_are_asked_for() {
        let bound = set("khoi");
        assert_eq!(told("tinh", Expected::Bound(&HashSet::new()), "khoi stc"), "1/2 1/2 | huyen snv | huyen snv");
        assert_eq!(
            told("huyen", Expected::Bound(&bound), ""),
            " |  | ",
            "who is bound elsewhere binds nobody here, and nobody here leads others"
        );
        let kind = fixture::forest(TREE).unit(id("snv1")).unwrap().kind.clone();
        assert_eq!(told("khoi", Expected::OfKinds(&BTreeSet::from([kind])), "snv2"), "0/0 1/3 | snv1 stc1 | snv1 stc1");
    }

    #[test]
    fn d7_a_rate_over_nobody_is_no_rate() {
        assert_eq!((Level::default().rate(), Level { expected: 4, covered: 1 }.rate()), (None, Some(0.25)));
    }

    proptest! {
        #[test]
        fn d7_breaks_and_levels_agree_with_a_naive_count(bound in proptest::sample::subsequence(vec!["tinh", "khoi", "snv", "snv1", "snv2", "stc", "stc1", "huyen", "xa"], 1..9),
                                                         issued in proptest::sample::subsequence(vec!["tinh", "khoi", "snv", "snv1", "snv2", "stc", "stc1", "huyen", "xa"], 0..9)) {
            let forest = fixture::forest(TREE);
            let (bound, issued) = (set(&bound.join(" ")), set(&issued.join(" ")));
            let found = coverage(&forest, id("tinh"), Expected::Bound(&bound), &issued);
            let below: Vec<UnitId> = forest.units().iter().map(|unit| unit.id).filter(|unit| *unit != id("tinh")).collect();
            let wanted: Vec<UnitId> = if below.iter().any(|unit| bound.contains(unit)) {
                below.iter().copied().filter(|unit| bound.contains(unit)).collect()
            } else {
                below.iter().copied().filter(|unit| forest.children(*unit).next().is_some()).collect()
            };
            let missing: Vec<UnitId> = wanted.iter().copied().filter(|unit| !issued.contains(unit)).collect();
            let breaks: Vec<UnitId> = missing.iter().copied().filter(|unit| !forest.ancestors(*unit).any(|above| missing.contains(&above.id))).collect();
            let ids = |places: &[usize]| places.iter().map(|place| forest.units()[*place].id).collect::<Vec<_>>();
            prop_assert_eq!((ids(&found.missing), ids(&found.breaks)), (missing.clone(), breaks));
            prop_assert_eq!(found.whole(), Level { expected: wanted.len(), covered: wanted.len() - missing.len() });
        }
    }
}
