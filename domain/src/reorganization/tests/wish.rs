//! Random changes to the usual tree, for the tests that draw batches.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::forest::Ended;

/// A change with units by their numbers: see [`code`].
#[derive(Clone, Debug)]
pub(super) enum Wish {
    Establish {
        code: usize,
        kind: usize,
        parent: Option<usize>,
    },
    Rename {
        unit: usize,
        name: usize,
    },
    Move {
        unit: usize,
        parent: usize,
    },
    ChangeKind {
        unit: usize,
        kind: usize,
        parent: Option<usize>,
    },
    Merge {
        units: Vec<usize>,
        into: usize,
    },
    /// Each part with the children that it names.
    Split {
        unit: usize,
        parts: Vec<(usize, Vec<usize>)>,
    },
    Dissolve {
        unit: usize,
        heir: Option<usize>,
        children_to: Option<usize>,
    },
    Reopen {
        unit: usize,
        parent: Option<usize>,
    },
}

pub(super) const KINDS: [&str; 6] = ["PROVINCIAL", "BLOC", "GRASSROOTS_COMMITTEE", "GRASSROOTS_CELL", "DEPARTMENT_COMMITTEE", "CELL"];
const STANDING: [&str; 8] = ["tinh", "khoi", "so", "cb-1", "cb-2", "dai", "huyen", "xa"];
const ENDED: [&str; 3] = ["cu", "cu-2", "cu-3"];
const CODES: usize = 17;

/// The first are the units of the tree, then those that had ended before, then those that a batch may make.
pub(super) fn code(number: usize) -> String {
    let known = STANDING.iter().chain(&ENDED).nth(number);
    known.map_or_else(|| format!("moi-{number}"), |code| (*code).to_owned())
}

/// The number of a code.
fn number(wanted: &str) -> usize {
    (0..CODES).find(|number| code(*number) == wanted).unwrap()
}

/// The usual tree and three units that had ended before: one with an heir, one without, one with two.
pub(super) fn ground_forest() -> Forest {
    static FOREST: LazyLock<Forest> = LazyLock::new(grow);
    FOREST.clone()
}

fn grow() -> Forest {
    let ended = |code: &str, kind: &str, parent: &str, heirs: &[&str]| Ended {
        unit: fixture::unit(code, kind, Some(fixture::id(parent))),
        ended_on: fixture::day("2010-01-01"),
        heirs: heirs.iter().map(|heir| fixture::id(heir)).collect(),
    };
    fixture::forest(TREE).after(vec![
        ended("cu", "CELL", "so", &["cb-1"]),
        ended("cu-2", "GRASSROOTS_CELL", "khoi", &[]),
        ended("cu-3", "DISTRICT", "tinh", &["huyen", "khoi"]),
    ])
}

pub(super) fn any_wish() -> impl Strategy<Value = Wish> {
    let unit = 0..CODES;
    let maybe = |weight| prop::option::weighted(weight, 0..CODES);
    // Most are new, so that batches are mostly sound and long ones get through.
    let new = prop_oneof![9 => STANDING.len() + ENDED.len()..CODES, 1 => 0..CODES];
    let gone = prop_oneof![1 => STANDING.len()..STANDING.len() + ENDED.len(), 1 => 0..CODES];
    let parts = prop::collection::vec((0..CODES, prop::collection::vec(0..CODES, 0..3)), 1..4);
    prop_oneof![
        6 => (new, 0..KINDS.len(), maybe(0.9)).prop_map(|(code, kind, parent)| Wish::Establish { code, kind, parent }),
        2 => (unit.clone(), 0_usize..3).prop_map(|(unit, name)| Wish::Rename { unit, name }),
        4 => (unit.clone(), unit.clone()).prop_map(|(unit, parent)| Wish::Move { unit, parent }),
        3 => (unit.clone(), 0..KINDS.len(), maybe(0.4)).prop_map(|(unit, kind, parent)| Wish::ChangeKind { unit, kind, parent }),
        3 => (prop::collection::vec(0..CODES, 1..4), unit.clone()).prop_map(|(units, into)| Wish::Merge { units, into }),
        4 => (unit.clone(), any::<bool>(), parts).prop_map(|(unit, stays, mut parts)| {
            parts[0].0 = if stays { unit } else { parts[0].0 };
            Wish::Split { unit, parts }
        }),
        3 => (unit, maybe(0.6), maybe(0.3)).prop_map(|(unit, heir, children_to)| Wish::Dissolve { unit, heir, children_to }),
        3 => (gone, maybe(0.5)).prop_map(|(unit, parent)| Wish::Reopen { unit, parent }),
    ]
}

impl Wish {
    /// The same, where a split deals out the children that its unit has, so that it is likely to be possible; `children_of` answers by code.
    pub(super) fn settled(mut self, children_of: impl Fn(&str) -> Vec<String>) -> Self {
        if let Self::Split { unit, parts } = &mut self {
            let seed: usize = parts.iter().map(|(into, children)| into + children.len()).sum();
            parts.iter_mut().for_each(|(_, children)| children.clear());
            let count = parts.len();
            for (at, child) in children_of(&code(*unit)).iter().enumerate() {
                parts[(seed + at * 7) % count].1.push(number(child));
            }
        }
        self
    }

    pub(super) fn as_change(&self) -> Change {
        let under = |parent: &Option<usize>| parent.map(|parent| format!(" under {}", code(parent))).unwrap_or_default();
        let codes = |units: &[usize], between: &str| units.iter().map(|unit| code(*unit)).collect::<Vec<_>>().join(between);
        change(&match self {
            Self::Establish { code: new, kind, parent } => format!("establish {} {}{}", code(*new), KINDS[*kind], under(parent)),
            Self::Rename { unit, name } => format!("revise {} name=n{name}", code(*unit)),
            Self::Move { unit, parent } => format!("move {} under {}", code(*unit), code(*parent)),
            Self::ChangeKind { unit, kind, parent } => format!("kind {} {}{}", code(*unit), KINDS[*kind], under(parent)),
            Self::Merge { units, into } => format!("merge {} into {}", codes(units, " "), code(*into)),
            Self::Split { unit, parts } => {
                let parts: Vec<String> = parts.iter().map(|(into, children)| format!("{}={}", code(*into), codes(children, ","))).collect();
                format!("split {} {}", code(*unit), parts.join(" "))
            }
            Self::Dissolve { unit, heir, children_to } => {
                let heir = heir.map(|heir| format!(" heir={}", code(heir))).unwrap_or_default();
                let children = children_to.map(|to| format!(" children={}", code(to))).unwrap_or_default();
                format!("dissolve {}{heir}{children}", code(*unit))
            }
            Self::Reopen { unit, parent } => format!("reopen {}{}", code(*unit), under(parent)),
        })
    }
}

/// A batch of as many of the wishes as are possible one after the other, as it would be recorded.
pub(super) fn sound_batch(forest: &Forest, taken: &Taken, day: Day, wishes: &[Wish]) -> Option<Plan> {
    let kinds = fixture::kinds();
    let (mut batch, mut planned) = (Vec::new(), None);
    let mut standing = forest.clone();
    for wish in wishes {
        let children = |unit: &str| {
            let unit = standing.by_code(unit).map(|unit| unit.id);
            unit.into_iter().flat_map(|unit| standing.children(unit)).map(|child| child.code.to_string()).collect()
        };
        batch.push(wish.clone().settled(children).as_change());
        match plan(Ground { day, forest, kinds: &kinds, taken, judgement: Judgement::Asked }, &batch) {
            Ok(plan) => {
                standing = plan.forest_after(forest, &kinds).unwrap();
                planned = Some(plan);
            }
            Err(_) => {
                batch.pop();
            }
        }
    }
    planned
}
