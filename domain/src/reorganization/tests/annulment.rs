//! What an annulment changes (O5).

use proptest::prelude::*;

use super::course::{active, any_batches, asked, day, few_cases, record, recorded, run};
use super::wish::{Wish, ground_forest};
use super::*;

/// The day on which batches of the random tests are annulled.
const TODAY: usize = 9;

fn annul(now: &Forest, without: &Forest) -> Plan {
    let changes = changes_back(now, without);
    let kinds = fixture::kinds();
    let ground = Ground { day: day(TODAY), forest: now, kinds: &kinds, taken: &Taken::default(), judgement: Judgement::TakenBack };
    plan(ground, &changes).unwrap_or_else(|refusals| panic!("{refusals:#?}\nin {changes:#?}"))
}

proptest! {
    #![proptest_config(few_cases())]

    #[test]
    fn o5_an_annulment_leads_to_the_tree_without_the_batch(wanted in any_batches(), pick in any::<prop::sample::Index>()) {
        let kinds = fixture::kinds();
        let batches = record(&wanted, &kinds)?;
        prop_assume!(!batches.is_empty());
        let left_out = pick.index(batches.len());
        let others: Vec<Recorded> = batches.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, batch)| batch.clone()).collect();
        // A later one that fails without it stands in the way.
        let Ok((_, without)) = run(&others) else { return Ok(()) };
        let (_, now) = run(&batches).unwrap();
        let back = annul(&now, &without);
        let after = back.forest_after(&now, &kinds).unwrap();
        prop_assert_eq!(active(&after), active(&without));
        for unit in now.units().iter().filter(|unit| without.unit(unit.id).is_none()) {
            let ended = after.ended(unit.id).unwrap();
            prop_assert_eq!(ended.ended_on, day(TODAY));
            let before = without.ended(unit.id);
            prop_assert_eq!(&ended.heirs, &before.map(|before| before.heirs.clone()).unwrap_or_default(), "those that it had before");
            let was = before.map(|before| OrgUnit { version: ended.unit.version, ..before.unit.clone() });
            prop_assert_eq!(was.is_none_or(|was| was == ended.unit), true, "and it is remembered as it was");
            prop_assert_eq!(after.standing(unit.id), before.map_or_else(|| after.standing(unit.id), |_| without.standing(unit.id)));
        }
        for ended in now.all_ended().iter().filter(|ended| without.unit(ended.unit.id).is_none()) {
            prop_assert_eq!(after.ended(ended.unit.id), Some(ended), "what is not active again keeps its ending");
        }
        // It is itself a batch of the course from then on.
        let mut batches = batches;
        batches.push(recorded(99, day(TODAY), Judgement::TakenBack, asked(&back)));
        let again = run(&batches).unwrap().1;
        prop_assert_eq!(again.units(), after.units());
    }

    #[test]
    fn o5_from_any_tree_to_any_other_of_the_same_units(some in any_batches(), mut others in any_batches()) {
        let kinds = fixture::kinds();
        for (_, wishes) in &mut others {
            wishes.retain(|wish| !matches!(wish, Wish::Establish { .. }));
        }
        let (_, now) = run(&record(&some, &kinds)?).unwrap();
        let (_, wanted) = run(&record(&others, &kinds)?).unwrap();
        let after = annul(&now, &wanted).forest_after(&now, &kinds).unwrap();
        prop_assert_eq!(active(&after), active(&wanted));
    }
}

#[test]
fn o5_a_batch_that_nothing_is_left_of_is_taken_back_by_no_change() {
    let forest = ground_forest();
    assert_eq!(changes_back(&forest, &forest), []);
    assert_eq!(annul(&forest, &forest).touched, []);
}

/// What taking back the `mistake` does, where `later` batches followed it: the changes, and the tree with its ended units.
fn check_back(mistake: &str, later: &[&str], expected: &Expect) {
    let now = tree_after(&[&[mistake], later].concat());
    let without = tree_after(later);
    let back = annul(&now, &without);
    let (planned, mut text) = (Ok(back), String::new());
    for change in changes_back(&now, &without) {
        let units: Vec<String> = change.refs().into_iter().map(|unit| named(&now, unit)).collect();
        writeln!(text, "{} {}", change.verb(), units.join(" ")).unwrap();
    }
    text.push_str(&render(&now, &planned));
    expected.assert_eq(&text);
}

fn named(forest: &Forest, unit: &UnitRef) -> String {
    let UnitRef::Id(id) = unit else { panic!("changes that are recorded point by ids") };
    forest.code_of(*id)
}

#[test]
fn o5_what_an_annulled_batch_ended_is_active_again_and_what_it_moved_goes_back() {
    check_back(
        "establish so-2 GRASSROOTS_COMMITTEE under huyen\n merge so xa dai into so-2",
        &["revise cb-2 name=A"],
        &expect![[r#"
        reopen so khoi
        move cb-2 so
        move cb-1 so
        reopen dai khoi
        reopen xa huyen
        dissolve so-2
        tinh
          khoi
            so *
              cb-2 `A` *
              cb-1 *
            dai *
          huyen
            xa *
        - so-2 at huyen
    "#]],
    );
}

#[test]
fn o5_what_only_an_annulled_batch_established_ends_without_an_heir() {
    let mistake = "establish h-2 DISTRICT under tinh\n establish so-2 GRASSROOTS_COMMITTEE under h-2\n move cb-1 under so-2";
    check_back(
        mistake,
        &["establish cb-3 CELL under so"],
        &expect![[r#"
        move cb-1 so
        dissolve so-2
        dissolve h-2
        tinh
          khoi
            so
              cb-1 *
              cb-2
              cb-3
            dai
          huyen
            xa
        - h-2 at tinh
        - so-2 at tinh
    "#]],
    );
}

#[test]
fn o5_what_an_annulled_batch_reopened_ends_again_with_the_heir_that_it_had() {
    let (ended, mistake) = (["merge so into xa", "dissolve cb-1"], "reopen so under huyen\n reopen cb-1 under so");
    let (without, now) = (tree_after(&ended), tree_after(&[&ended[..], &[mistake]].concat()));
    let after = annul(&now, &without).forest_after(&now, &fixture::kinds()).unwrap();
    assert_eq!(active(&after), active(&without));
    let place = |unit: &str| after.standing(fixture::id(unit)).map(|place| after.code_of(place));
    assert_eq!((place("so"), place("cb-1")), (Some("xa".into()), Some("xa".into())), "a cell without an heir follows its last parent");
}

#[test]
fn o5_what_an_annulled_batch_reopened_elsewhere_counts_again_where_it_did() {
    let ended = ["establish so-2 GRASSROOTS_COMMITTEE under khoi", "split so so-2=cb-1,cb-2 dai", "merge dai into xa"];
    for (before, mistake, place) in [
        (&ended[..], "reopen so under huyen\n revise so name=A", "khoi"),
        (&["dissolve cb-1\n dissolve cb-2", "merge so into dai", "merge dai into xa"], "reopen so under khoi", "xa"),
    ] {
        let (without, now) = (tree_after(before), tree_after(&[before, &[mistake]].concat()));
        let after = annul(&now, &without).forest_after(&now, &fixture::kinds()).unwrap();
        assert_eq!(active(&after), active(&without));
        let (was, is) = (without.ended(fixture::id("so")).unwrap(), after.ended(fixture::id("so")).unwrap());
        assert_eq!((&was.heirs, &was.unit.name, was.unit.parent), (&is.heirs, &is.unit.name, is.unit.parent));
        assert_eq!(after.standing(fixture::id("so")), Some(fixture::id(place)), "{mistake}");
    }
}

#[test]
fn o5_what_an_annulled_batch_turned_round_turns_back() {
    check_back(
        "kind so BLOC under tinh\n kind khoi GRASSROOTS_COMMITTEE under so name=K\n move cb-1 under khoi\n move cb-2 under khoi\n move dai under so",
        &[],
        &expect![[r#"
        move khoi tinh
        changeKind khoi
        move so khoi
        changeKind so
        move cb-1 so
        move cb-2 so
        move dai khoi
        tinh
          khoi *
            so *
              cb-1 *
              cb-2 *
            dai *
          huyen
            xa
    "#]],
    );
}

#[test]
fn o5_what_an_annulled_batch_revised_goes_back_but_not_what_came_after() {
    check_back(
        "revise so name=A short=S members=4\n kind dai CELL under so",
        &["revise so members=9"],
        &expect![[r#"
        revise so
        move dai khoi
        changeKind dai
        tinh
          khoi
            so *
              cb-1
              cb-2
            dai *
          huyen
            xa
    "#]],
    );
}

#[test]
fn o5_a_root_that_an_annulled_batch_moved_or_ended_is_a_root_again() {
    check_back(
        "establish tw CENTRAL\n move tinh under tw",
        &[],
        &expect![[r#"
        move tinh
        dissolve tw
        tinh *
          khoi
            so
              cb-1
              cb-2
            dai
          huyen
            xa
        - tw nowhere
    "#]],
    );
    check_back(
        "establish tinh-2 PROVINCIAL\n merge tinh into tinh-2",
        &[],
        &expect![[r#"
        reopen tinh
        move khoi tinh
        move huyen tinh
        dissolve tinh-2
        tinh *
          khoi *
            so
              cb-1
              cb-2
            dai
          huyen *
            xa
        - tinh-2 nowhere
    "#]],
    );
}

#[test]
fn o5_an_annulment_may_put_units_back_where_none_may_be_placed_any_more() {
    let now = tree_after(&["merge huyen into khoi"]);
    let back = changes_back(&now, &fixture::forest(TREE));
    assert!(plan_upon(&now, Judgement::Enacted, "2025-07-01", &back).is_err());
    assert!(plan_upon(&now, Judgement::TakenBack, "2025-07-01", &back).is_ok());
}

#[test]
fn o5_a_root_that_ended_below_another_unit_may_be_a_root_again() {
    let without = tree_after(&["establish tw CENTRAL\n establish tinh-2 PROVINCIAL"]);
    let now = tree_after(&["establish tw CENTRAL\n establish tinh-2 PROVINCIAL", "move tinh-2 under tw", "merge tinh-2 into tinh"]);
    let after = annul(&now, &without).forest_after(&now, &fixture::kinds()).unwrap();
    assert_eq!(active(&after), active(&without));
}
