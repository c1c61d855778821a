//! The planner against a model that keeps a plain list of `(code, kind, parent)` and searches it from end to end.

use proptest::prelude::*;

use super::*;
use crate::refusal::Code;

#[derive(Clone, Debug)]
enum Wish {
    Establish { code: usize, kind: usize, parent: Option<usize> },
    Move { unit: usize, parent: usize },
    Rename { unit: usize, name: usize },
}

const KINDS: [&str; 5] = ["PROVINCIAL", "BLOC", "GRASSROOTS_COMMITTEE", "GRASSROOTS_CELL", "CELL"];
const STANDING: [&str; 8] = ["tinh", "khoi", "so", "cb-1", "cb-2", "dai", "huyen", "xa"];
const CODES: usize = 14;

/// The first are the units of the tree, then those that a batch may make; one of the latter is taken by an ended unit.
fn code(number: usize) -> String {
    STANDING.get(number).map_or_else(|| if number + 1 == CODES { "cu".into() } else { format!("moi-{number}") }, |code| (*code).to_owned())
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let code = 0..CODES;
    // The model's batches are mostly sound, so that long ones get through: half of the placements fit by chance of the weights.
    let new = prop_oneof![9 => STANDING.len()..CODES - 1, 1 => 0..CODES];
    prop_oneof![
        4 => (new, 0..KINDS.len(), prop::option::weighted(0.9, code.clone())).prop_map(|(code, kind, parent)| Wish::Establish { code, kind, parent }),
        4 => (code.clone(), code.clone()).prop_map(|(unit, parent)| Wish::Move { unit, parent }),
        2 => (code, 0_usize..3).prop_map(|(unit, name)| Wish::Rename { unit, name }),
    ]
}

fn as_change(wish: &Wish) -> Change {
    change(&match wish {
        Wish::Establish { code: new, kind, parent } => {
            let under = parent.map(|parent| format!(" under {}", code(parent))).unwrap_or_default();
            format!("establish {} {}{under}", code(*new), KINDS[*kind])
        }
        Wish::Move { unit, parent } => format!("move {} under {}", code(*unit), code(*parent)),
        Wish::Rename { unit, name } => format!("revise {} name=n{name}", code(*unit)),
    })
}

#[derive(Clone)]
struct Row {
    code: String,
    kind: String,
    parent: Option<String>,
    name: String,
}

struct Naive(Vec<Row>);

impl Naive {
    fn of(forest: &Forest) -> Self {
        let code_of = |id: UnitId| forest.unit(id).unwrap().code.to_string();
        let rows = forest.units().iter().map(|unit| Row {
            code: unit.code.to_string(),
            kind: unit.kind.to_string(),
            parent: unit.parent.map(code_of),
            name: unit.name.to_string(),
        });
        Self(rows.collect())
    }

    fn row(&self, code: &str) -> Result<Row, Code> {
        self.0.iter().find(|row| row.code == code).cloned().ok_or(Code::NotFound)
    }

    fn may_stand(kind: &str, parent: Option<&str>, day: Day) -> Result<(), Code> {
        let kinds = fixture::kinds();
        kinds.get(kind).unwrap().may_stand_under(parent, day).then_some(()).ok_or(Code::PlacementNotPermitted)
    }

    /// Does one wish, or tells the code of what stands in the way.
    fn act(&mut self, wish: &Wish, day: Day) -> Result<(), Code> {
        match wish {
            Wish::Establish { code: new, kind, parent } => {
                let new = code(*new);
                if new == "cu" || self.row(&new).is_ok() {
                    return Err(Code::AlreadyExists);
                }
                let parent = parent.map(|parent| self.row(&code(parent))).transpose()?;
                Self::may_stand(KINDS[*kind], parent.as_ref().map(|parent| &*parent.kind), day)?;
                self.0.push(Row { name: new.clone(), code: new, kind: KINDS[*kind].into(), parent: parent.map(|parent| parent.code) });
            }
            Wish::Move { unit, parent } => {
                let (unit, parent) = (self.row(&code(*unit))?, self.row(&code(*parent))?);
                let mut above = Some(parent.code.clone());
                while let Some(code) = above {
                    if code == unit.code {
                        return Err(Code::Cycle);
                    }
                    above = self.row(&code)?.parent;
                }
                if unit.parent.as_ref() == Some(&parent.code) {
                    return Err(Code::Invalid);
                }
                Self::may_stand(&unit.kind, Some(&parent.kind), day)?;
                self.0.iter_mut().find(|row| row.code == unit.code).unwrap().parent = Some(parent.code);
            }
            Wish::Rename { unit, name } => {
                let (unit, name) = (self.row(&code(*unit))?, format!("n{name}"));
                if unit.name == name {
                    return Err(Code::Invalid);
                }
                self.0.iter_mut().find(|row| row.code == unit.code).unwrap().name = name;
            }
        }
        Ok(())
    }

    fn facts(&self) -> BTreeSet<(String, String, Option<String>, String)> {
        self.0.iter().map(|row| (row.code.clone(), row.kind.clone(), row.parent.clone(), row.name.clone())).collect()
    }
}

/// Leaves out wishes that the model refuses, but keeps the first refused one where `keep` says so: long sound batches with one fault.
fn mostly_sound(wishes: Vec<Wish>, keep: Option<usize>, forest: &Forest, day: Day) -> Vec<Wish> {
    let mut naive = Naive::of(forest);
    let kept = wishes.into_iter().enumerate().filter(|(at, wish)| naive.act(wish, day).is_ok() || Some(*at) == keep);
    kept.map(|(_, wish)| wish).collect()
}

fn agrees(wishes: &[Wish]) -> Result<(), TestCaseError> {
    let (forest, kinds, day) = (fixture::forest(TREE), fixture::kinds(), fixture::day("2020-12-04"));
    let taken = taken();
    let batch: Vec<Change> = wishes.iter().map(as_change).collect();
    let planned = plan(Ground { day, forest: &forest, kinds: &kinds, taken: &taken }, &batch);
    let mut naive = Naive::of(&forest);
    let fault = wishes.iter().enumerate().find_map(|(at, wish)| naive.act(wish, day).err().map(|code| (at, code)));
    match (planned, fault) {
        (Ok(plan), None) => {
            let after = plan.forest_after(&forest, &kinds).unwrap();
            prop_assert_eq!(Naive::of(&after).facts(), naive.facts());
            prop_assert_eq!(plan.changes.len(), wishes.len());
            let before = Naive::of(&forest).facts();
            let changed = naive.facts().difference(&before).map(|fact| fact.0.clone()).collect::<BTreeSet<_>>();
            let touched = plan.touched.iter().map(|touched| touched.after.code.to_string()).collect::<BTreeSet<_>>();
            prop_assert_eq!(touched.len(), plan.touched.len(), "one revision for each unit");
            prop_assert_eq!(touched, changed, "and for no unit that is as it was");
        }
        (Err(refusals), Some((at, code))) => {
            let (first, place) = (path(&refusals[0]), format!("changes.{at}."));
            prop_assert!(first.starts_with(&place), "{} is not the first fault, change {}", first, at);
            prop_assert!(refusals.iter().any(|no| path(no).starts_with(&place) && no.code() == code), "not for {:?}", code);
        }
        (planned, fault) => prop_assert!(false, "planned {:?}, model {:?}", planned.map(|plan| plan.touched.len()), fault),
    }
    Ok(())
}

proptest! {
    #[test]
    fn o5_any_batch_is_planned_or_refused_as_the_model_does(wishes in prop::collection::vec(any_wish(), 1..8)) {
        agrees(&wishes)?;
    }

    #[test]
    fn o5_a_long_batch_is_planned_or_refused_as_the_model_does(
        wishes in prop::collection::vec(any_wish(), 1..120),
        keep in prop::option::of(0_usize..120),
    ) {
        let wishes = mostly_sound(wishes, keep, &fixture::forest(TREE), fixture::day("2020-12-04"));
        prop_assume!(!wishes.is_empty());
        agrees(&wishes)?;
    }
}
