//! The planner against a model that keeps a plain list of units, active and ended, and searches it from end to end.

mod naive;

use naive::Naive;
use proptest::prelude::*;

use super::wish::{Wish, any_wish, ground_forest};
use super::*;
use crate::refusal::{Code, EndingRefusal, RefusalKind};

const DAY: &str = "2020-12-04";

/// Leaves out wishes that the model refuses, so that long batches get through; but keeps one where `keep` says so.
fn mostly_sound(wishes: Vec<Wish>, keep: Option<usize>, forest: &Forest) -> Vec<Wish> {
    let mut wishes: Vec<(usize, Wish)> = wishes.into_iter().enumerate().collect();
    loop {
        let mut naive = Naive::of(forest);
        let mut kept = Vec::new();
        for (at, wish) in wishes {
            let wish = wish.settled(|unit| naive.children(unit));
            if naive.act(kept.len(), &wish).is_ok() || Some(at) == keep {
                kept.push((at, wish));
            }
        }
        // What is misplaced for a while may stay, where a later change mends it.
        let faults: Vec<usize> = naive.faults().into_iter().map(|(change, _)| change).collect();
        let before = kept.len();
        let sound = kept.into_iter().enumerate().filter(|(change, (at, _))| !faults.contains(change) || Some(*at) == keep);
        wishes = sound.map(|(_, wish)| wish).collect();
        if wishes.len() == before {
            return wishes.into_iter().map(|(_, wish)| wish).collect();
        }
    }
}

/// Whether a refusal is one of those that are judged after the whole batch.
fn comes_last(refusal: &Refusal) -> bool {
    matches!(refusal.kind(), RefusalKind::Ending(EndingRefusal::HeirLeavesNone { .. })) || refusal.code() == Code::PlacementNotPermitted
}

fn change_of(refusal: &Refusal) -> usize {
    refusal.path()[1].to_string().parse().unwrap()
}

fn agrees(wishes: &[Wish]) -> Result<(), TestCaseError> {
    let forest = ground_forest();
    let batch: Vec<Change> = wishes.iter().map(Wish::as_change).collect();
    let planned = plan_upon(&forest, Judgement::Asked, DAY, &batch);
    let mut naive = Naive::of(&forest);
    let fault = wishes.iter().enumerate().find_map(|(at, wish)| naive.act(at, wish).err().map(|code| (at, code)));
    match (planned, fault) {
        (Ok(plan), None) => {
            prop_assert_eq!(naive.faults(), vec![]);
            agrees_with(&forest, &plan, &naive)?;
            prop_assert_eq!(plan.changes.len(), wishes.len());
            let asked: Vec<Change> = plan.changes.iter().map(|change| change.asked.clone()).collect();
            for judgement in [Judgement::Asked, Judgement::Planned] {
                let again = plan_upon(&forest, judgement, DAY, &asked);
                prop_assert_eq!(again.as_ref(), Ok(&plan), "what is recorded can be planned again");
            }
        }
        (Err(refusals), Some((at, code))) => {
            let first = refusals.iter().find(|no| !comes_last(no)).map(change_of);
            prop_assert_eq!(first, Some(at), "{:?}", refusals);
            prop_assert!(refusals.iter().any(|no| change_of(no) == at && no.code() == code), "{:?} not for {:?}", refusals, code);
        }
        (Err(refusals), None) => {
            // Several children of one kind that a change misplaces are told once.
            let distinct = |faults: &mut dyn Iterator<Item = (usize, Code)>| -> BTreeSet<(usize, String)> {
                faults.map(|(change, code)| (change, format!("{code:?}"))).collect()
            };
            let told = distinct(&mut refusals.iter().map(|no| (change_of(no), no.code())));
            let faults = distinct(&mut naive.faults().into_iter());
            prop_assert_eq!(told, faults);
        }
        (Ok(_), fault) => prop_assert!(false, "planned, but the model refuses {:?}", fault),
    }
    Ok(())
}

fn agrees_with(forest: &Forest, plan: &Plan, naive: &Naive) -> Result<(), TestCaseError> {
    let after = plan.forest_after(forest, &fixture::kinds()).unwrap();
    let (before, now) = (Naive::of(forest), Naive::of(&after));
    prop_assert_eq!(now.facts(), naive.facts());
    for ended in after.all_ended() {
        if let Some(place) = naive.place(&ended.unit.code) {
            prop_assert_eq!(after.standing(ended.unit.id).map(|place| after.code_of(place)), place, "place of {}", ended.unit.code);
        }
    }
    let changed: BTreeSet<String> = naive.facts().difference(&before.facts()).map(|fact| fact.0.clone()).collect();
    let touched: BTreeSet<String> = plan.touched.iter().map(|touched| after.code_of(touched.unit)).collect();
    prop_assert_eq!(touched.len(), plan.touched.len(), "one revision for each unit");
    prop_assert_eq!(touched, changed, "and for no unit that is as it was");
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
        let wishes = mostly_sound(wishes, keep, &ground_forest());
        prop_assume!(!wishes.is_empty());
        agrees(&wishes)?;
    }
}
