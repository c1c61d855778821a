//! Batches one after the other, and what a batch does that is recorded late (O5).

use proptest::prelude::*;
use uuid::Uuid;

use super::wish::{Wish, any_wish, ground_forest, sound_batch};
use super::*;
use crate::ids::ReorganizationId;
use crate::refusal::Code;

/// One of the first days of 2021.
pub(super) fn day(number: usize) -> Day {
    fixture::day("2021-01-01") + chrono::Days::new(u64::try_from(number).unwrap())
}

pub(super) fn recorded(number: usize, day: Day, judgement: Judgement, changes: Vec<Change>) -> Recorded {
    let id = ReorganizationId(Uuid::from_u128(u128::try_from(number).unwrap()));
    Recorded { id, title: format!("batch {number}"), day, judgement, changes }
}

pub(super) fn asked(plan: &Plan) -> Vec<Change> {
    plan.changes.iter().map(|change| change.asked.clone()).collect()
}

/// Runs batches from the tree of the random tests.
pub(super) fn run(batches: &[Recorded]) -> Result<(Vec<Stage>, Forest), Contradiction> {
    let kinds = fixture::kinds();
    let mut course = Course::from(ground_forest(), &kinds, HashMap::new());
    for batch in batches {
        match course.run(batch) {
            Ok(()) => {}
            Err(CourseError::Contradiction(no)) => return Err(*no),
            Err(CourseError::NotAForest(no)) => panic!("{no}"),
        }
    }
    Ok(course.into_parts())
}

/// Courses are long: a quarter of the usual number.
pub(super) fn few_cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.div_ceil(4), ..usual }
}

/// Days and wishes of batches in the order of record.
pub(super) fn any_batches() -> impl Strategy<Value = Vec<(usize, Vec<Wish>)>> {
    prop::collection::vec((0_usize..5, prop::collection::vec(any_wish(), 1..16)), 1..8)
}

/// What the forests know, without versions, which count what was recorded.
pub(super) fn active(forest: &Forest) -> Vec<OrgUnit> {
    forest.units().iter().map(|unit| OrgUnit { version: 0, ..unit.clone() }).collect()
}

fn gone(forest: &Forest) -> Vec<(UnitId, Day, Vec<UnitId>, Option<UnitId>)> {
    let mut gone: Vec<_> = forest
        .all_ended()
        .iter()
        .map(|ended| (ended.unit.id, ended.ended_on, ended.heirs.clone(), forest.standing(ended.unit.id)))
        .collect();
    gone.sort();
    gone
}

/// Codes that any batch gave to a unit.
fn codes(batches: &[Recorded]) -> Taken {
    let codes = batches.iter().flat_map(|batch| &batch.changes).filter_map(|change| match change {
        Change::Establish(change) => Some((text::fold(&change.code).into(), change.code.as_str().into())),
        _ => None,
    });
    Taken { codes: codes.collect(), ..Taken::default() }
}

/// Where a batch of that day stands among those that were recorded before it.
fn place_of(batches: &[Recorded], day: Day) -> usize {
    batches.partition_point(|batch| batch.day <= day)
}

/// Records batches in their order, each on its day; those that contradict later ones are left out.
pub(super) fn record(wanted: &[(usize, Vec<Wish>)], kinds: &KindRegister) -> Result<Vec<Recorded>, TestCaseError> {
    let mut batches: Vec<Recorded> = Vec::new();
    for (number, (at, wishes)) in wanted.iter().enumerate() {
        let place = place_of(&batches, day(*at));
        let (_, before) = run(&batches[..place]).unwrap();
        let Some(plan) = sound_batch(&before, &codes(&batches), day(*at), wishes) else { continue };
        let mut corrected = batches.clone();
        corrected.insert(place, recorded(number, day(*at), Judgement::Enacted, asked(&plan)));
        let mut course = Course::from(before.clone(), kinds, HashMap::new());
        course.take(corrected[place].id, plan.clone()).unwrap();
        let failed = corrected[place + 1..].iter().find_map(|batch| course.run(batch).err());
        let by_hand = contradiction_by_hand(before, &corrected[place..], kinds);
        match failed {
            None => {
                prop_assert_eq!(by_hand, None);
                let (stages, after) = run(&corrected).unwrap();
                prop_assert_eq!(after.units(), course.forest().units());
                prop_assert_eq!(gone(&after), gone(course.forest()));
                let plans = |stages: &[Stage]| stages.iter().map(|stage| (stage.id, stage.plan.clone())).collect::<Vec<_>>();
                prop_assert_eq!(plans(&stages[place..]), plans(course.stages()));
                batches = corrected;
            }
            Some(CourseError::Contradiction(no)) => prop_assert_eq!(Some(no.id), by_hand),
            Some(no) => prop_assert!(false, "{}", no),
        }
    }
    Ok(batches)
}

/// The first batch that does not hold, each planned afresh on what those before it leave.
fn contradiction_by_hand(mut forest: Forest, batches: &[Recorded], kinds: &KindRegister) -> Option<ReorganizationId> {
    for batch in batches {
        let ground = Ground { day: batch.day, forest: &forest, kinds, taken: &Taken::default(), judgement: batch.judgement };
        match plan(ground, &batch.changes) {
            Ok(plan) => forest = plan.forest_after(&forest, kinds).unwrap(),
            Err(_) => return Some(batch.id),
        }
    }
    None
}

proptest! {
    #![proptest_config(few_cases())]

    #[test]
    fn o5_a_batch_recorded_late_leaves_what_it_would_have_left_in_its_turn(wanted in any_batches()) {
        let kinds = fixture::kinds();
        let batches = record(&wanted, &kinds)?;
        // As if each had been asked for in its turn: what had become true before is all that may be refused then.
        let mut forest = ground_forest();
        let (stages, after) = run(&batches).unwrap();
        for (batch, stage) in batches.iter().zip(stages) {
            let ground = Ground { day: batch.day, forest: &forest, kinds: &kinds, taken: &Taken::default(), judgement: Judgement::Asked };
            match plan(ground, &batch.changes) {
                Ok(plan) => prop_assert_eq!(&plan, &stage.plan),
                Err(refusals) => prop_assert!(refusals.iter().all(|no| no.rule() == "O5"), "{:?}", refusals),
            }
            forest = stage.plan.forest_after(&forest, &kinds).unwrap();
        }
        prop_assert_eq!(forest.units(), after.units());
    }
}

fn course_of<'a>(kinds: &'a KindRegister, holders: &[(&str, &str)]) -> Course<'a> {
    let holders = holders.iter().map(|(value, unit)| (external_id("x", value), fixture::id(unit))).collect();
    Course::from(fixture::forest(TREE), kinds, holders)
}

/// Runs `batches` (day, judgement, changes) from the usual tree.
fn outcome(batches: &[(usize, Judgement, &str)]) -> Result<Forest, Contradiction> {
    let kinds = fixture::kinds();
    let mut course = course_of(&kinds, &[]);
    for (number, (at, judgement, batch)) in batches.iter().enumerate() {
        match course.run(&recorded(number, day(*at), *judgement, changes(batch))) {
            Ok(()) => {}
            Err(CourseError::Contradiction(no)) => return Err(*no),
            Err(CourseError::NotAForest(no)) => panic!("{no}"),
        }
    }
    Ok(course.into_parts().1)
}

#[test]
fn o5_a_unit_may_begin_and_end_by_two_batches_of_one_day() {
    use Judgement::Enacted;
    let begins = (1, Enacted, "establish so-2 GRASSROOTS_COMMITTEE under khoi\n move cb-1 under so-2");
    let ends = (1, Enacted, "merge so-2 into so");
    let forest = outcome(&[begins, ends]).unwrap();
    let ended = forest.ended(fixture::id("so-2")).unwrap();
    assert_eq!((ended.unit.established_on, ended.ended_on), (day(1), day(1)), "it had no day to live, and its history stays");
    assert_eq!(forest.standing(ended.unit.id), Some(fixture::id("so")));
    let opened =
        outcome(&[begins, ends, (1, Enacted, "reopen so-2\n move cb-1 under so-2"), (1, Enacted, "dissolve so-2 heir=so")]).unwrap();
    assert_eq!(active(&opened), active(&forest));
    assert_eq!(opened.all_ended().len(), 1);
}

#[test]
fn o5_the_batch_that_would_not_hold_is_named() {
    use Judgement::{Asked, Enacted, Planned};
    let no =
        outcome(&[(1, Asked, "merge so into xa"), (2, Enacted, "revise khoi name=K"), (3, Planned, "move so under huyen")]).unwrap_err();
    assert_eq!((&*no.title, no.on, no.id), ("batch 2", day(3), ReorganizationId(Uuid::from_u128(2))));
    assert_eq!(no.why.iter().map(path).collect::<Vec<_>>(), ["changes.0.move.unit"]);
}

#[test]
fn o5_two_planned_batches_that_together_make_a_cycle_or_an_orphan_do_not_hold() {
    use Judgement::{Asked, Planned};
    let cycle = [
        (1, Asked, "kind so BLOC under tinh\n move cb-1 under xa\n move cb-2 under xa"),
        (1, Asked, "kind khoi GRASSROOTS_COMMITTEE under so\n move dai under so"),
    ];
    assert!(outcome(&cycle).is_ok());
    let no = outcome(&[cycle[0], cycle[1], (2, Planned, "kind so GRASSROOTS_COMMITTEE under khoi")]).unwrap_err();
    assert!(no.why.iter().any(|no| no.code() == Code::Cycle), "{no:?}");
    let orphan = outcome(&[(1, Asked, "move cb-1 under xa"), (2, Planned, "dissolve xa")]).unwrap_err();
    assert_eq!(orphan.why.iter().map(|no| no.rule()).collect::<Vec<_>>(), ["O6"]);
}

#[test]
fn o9_planned_batches_pass_external_ids_on_and_enacted_ones_leave_them_alone() {
    let kinds = fixture::kinds();
    let batch = |judgement, text: &str| recorded(0, day(1), judgement, changes(text));
    let pass_on = "revise so ext=\n revise dai ext=x:1";
    let mut course = course_of(&kinds, &[("1", "so")]);
    course.run(&batch(Judgement::Planned, pass_on)).unwrap();
    let renewed: Vec<_> = course.stages()[0].plan.touched.iter().map(|touched| touched.external_ids.clone()).collect();
    assert_eq!(renewed, [Some(vec![]), Some(vec![external_id("x", "1")])]);
    assert!(course.run(&batch(Judgement::Planned, "revise so ext=x:1")).is_err(), "another one has it by then");
    course.run(&batch(Judgement::Planned, "revise dai ext=x:2\n revise so ext=x:1")).unwrap();
    // On days that have passed: whoever has them today, nothing is asked and nothing is changed.
    let mut course = course_of(&kinds, &[("1", "dai")]);
    course.run(&batch(Judgement::Enacted, "revise so ext=x:1 name=A\n establish so-2 GRASSROOTS_COMMITTEE under khoi ext=x:1")).unwrap();
    let plan = &course.stages()[0].plan;
    assert!(plan.touched.iter().all(|touched| touched.external_ids.is_none()));
    let Change::Establish(again) = &plan.changes[1].asked else { panic!("an establishment") };
    assert_eq!(again.external_ids, [external_id("x", "1")], "the record tells what was asked for");
}

#[test]
fn o9_what_a_unit_holds_is_looked_up_though_an_earlier_batch_of_the_course_makes_it() {
    let named = Named::of(&fixture::forest(TREE), &changes("establish so-2 GRASSROOTS_COMMITTEE under khoi\n revise id:so-2 ext="));
    assert_eq!(named.holders, BTreeSet::from([fixture::id("so-2")]));
    let kinds = fixture::kinds();
    let mut course = course_of(&kinds, &[("1", "so-2")]);
    course.run(&recorded(0, day(1), Judgement::Enacted, changes("establish so-2 GRASSROOTS_COMMITTEE under khoi ext=x:1"))).unwrap();
    course.run(&recorded(1, day(2), Judgement::Planned, changes("revise id:so-2 ext="))).unwrap();
    assert_eq!(course.stages()[1].plan.touched[0].external_ids, Some(vec![]), "it is taken away");
}
