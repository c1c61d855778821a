mod after_the_end;
mod against_a_naive_model;
mod annulment;
mod course;
mod ending_faults;
mod endings;
mod line;
mod placement;
mod rights;
mod wish;

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;

use expect_test::{Expect, expect};
use line::{change, changes, external_id, unit_ref};

use super::*;
use crate::fixture;
use crate::refusal::Locale;
use crate::text;
use crate::unit::OrgUnit;

/// The tree that most tests start from: a province, two blocs, and what they need.
const TREE: &str = "
tinh
  khoi
    so
      cb-1
      cb-2
    dai GRASSROOTS_CELL
  huyen DISTRICT
    xa";

/// The code `cu` was a unit's that has ended, those of the tree are taken without being named here; `x:so` is the external id of `so`.
fn taken() -> Taken {
    Taken { codes: HashMap::from([("cu".into(), "cu".into())]), external_ids: HashMap::from([(external_id("x", "so"), fixture::id("so"))]) }
}

fn plan_on(day: &str, batch: &str) -> (Forest, Result<Plan, Vec<Refusal>>) {
    let forest = fixture::forest(TREE);
    let planned = plan_upon(&forest, Judgement::Asked, day, &changes(batch));
    (forest, planned)
}

fn plan_upon(forest: &Forest, judgement: Judgement, day: &str, changes: &[Change]) -> Result<Plan, Vec<Refusal>> {
    let (kinds, taken) = (fixture::kinds(), taken());
    plan(Ground { day: fixture::day(day), forest, kinds: &kinds, taken: &taken, judgement }, changes)
}

/// The tree after batches on the first days of 2021, one on each, from the usual one.
fn tree_after(batches: &[&str]) -> Forest {
    batches.iter().enumerate().fold(fixture::forest(TREE), |forest, (at, batch)| {
        let planned = plan_upon(&forest, Judgement::Asked, &format!("2021-01-{:02}", at + 1), &changes(batch));
        planned.unwrap().forest_after(&forest, &fixture::kinds()).unwrap()
    })
}

/// The unit that a touched one has become, where it does not end.
fn after(touched: &Touched) -> &OrgUnit {
    touched.after.as_ref().unwrap()
}

fn path(refusal: &Refusal) -> String {
    refusal.path().iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

/// The tree after the batch, with what a unit has beside its place, or the refusals.
fn render(forest: &Forest, planned: &Result<Plan, Vec<Refusal>>) -> String {
    let mut text = String::new();
    match planned {
        Ok(plan) => {
            let after = plan.forest_after(forest, &fixture::kinds()).unwrap();
            for (place, unit) in after.units().iter().enumerate() {
                let indent = "  ".repeat(after.depth_at(place) as usize);
                let name = Some(&unit.name).filter(|name| **name != unit.code).map(|name| format!(" `{name}`")).unwrap_or_default();
                let mark = if plan.touched.iter().any(|touched| touched.unit == unit.id) { " *" } else { "" };
                writeln!(text, "{indent}{}{name}{mark}", unit.code).unwrap();
            }
            write_ended(&mut text, &after);
        }
        Err(refusals) => {
            for no in refusals {
                writeln!(text, "{} {:?} {}: {}", path(no), no.code(), no.rule(), no.words(Locale::En)).unwrap();
            }
        }
    }
    text
}

/// What has ended, by code: its heirs, and where it counts.
fn write_ended(text: &mut String, forest: &Forest) {
    let mut ended: Vec<_> = forest.all_ended().iter().collect();
    ended.sort_by_key(|ended| &ended.unit.code);
    for ended in ended {
        let heirs: Vec<String> = ended.heirs.iter().map(|heir| forest.code_of(*heir)).collect();
        let heirs = if heirs.is_empty() { String::new() } else { format!(" to {}", heirs.join(", ")) };
        let place = forest.standing(ended.unit.id).map_or("nowhere".to_owned(), |place| format!("at {}", forest.code_of(place)));
        writeln!(text, "- {}{heirs} {place}", ended.unit.code).unwrap();
    }
}

fn check(day: &str, batch: &str, expected: &Expect) {
    let (forest, planned) = plan_on(day, batch);
    expected.assert_eq(&render(&forest, &planned));
}

/// The same, on the tree that earlier batches left.
fn check_after(earlier: &[&str], batch: &str, expected: &Expect) {
    let forest = tree_after(earlier);
    expected.assert_eq(&render(&forest, &plan_upon(&forest, Judgement::Asked, "2021-02-01", &changes(batch))));
}

#[test]
fn o5_a_batch_acts_in_order_and_refers_to_what_it_made() {
    check(
        "2020-12-04",
        "establish so-2 GRASSROOTS_COMMITTEE under khoi ext=y:2
         establish cb-3 CELL under y:2
         move id:cb-1 under so-2
         move cb-2 under so-2
         revise x:so name=Sở members=40",
        &expect![[r#"
            tinh
              khoi
                so-2 *
                  cb-1 *
                  cb-2 *
                  cb-3 *
                so `Sở` *
                dai
              huyen
                xa
        "#]],
    );
}

#[test]
fn o5_a_whole_tree_is_one_batch() {
    check(
        "2020-12-04",
        "establish tw CENTRAL
         establish tinh-2 PROVINCIAL under tw
         establish khoi-2 BLOC under tinh-2
         move tinh under tw",
        &expect![[r"
            tw *
              tinh *
                khoi
                  so
                    cb-1
                    cb-2
                  dai
                huyen
                  xa
              tinh-2 *
                khoi-2 *
        "]],
    );
}

#[test]
fn o5_all_that_stands_in_the_way_is_told_with_its_place() {
    check(
        "2025-07-01",
        "establish cu GRASSROOTS_CELL under khoi
         establish moi GRASSROOTS_CELL under khoi
         establish moi CELL under so id=moi-2
         establish xa-2 COMMUNE under huyen
         establish h-2 DISTRICT under tinh
         establish goc CELL
         establish la LAKE under tinh
         establish duoi-la CELL under la
         move khoi under cb-1
         move so under so
         move so under khoi
         move nobody under cu-2
         revise cb-2
         revise dai name=\u{202E}dai short= members=-1
         establish ngoai CELL under so ext=x:so,y:1,y:1
         establish mo-coi CELL under chua-co
         establish chua-co CELL under mo-coi",
        &expect![[r#"
            changes.0.establish.code AlreadyExists O2: the code `cu` belongs to a unit, active or ended: choose another
            changes.2.establish.code AlreadyExists O2: the code `moi` comes twice in this batch, letter case aside: choose another
            changes.3.establish.parent PlacementNotPermitted O3: `commune` (`COMMUNE`) may not stand under `district` (`DISTRICT`) from `2025-07-01` on: place it under `provincial` (`PROVINCIAL`)
            changes.4.establish.parent PlacementNotPermitted O3: `district` (`DISTRICT`) may not stand under `provincial` (`PROVINCIAL`) from `2025-07-01` on: that day the kind may stand nowhere: choose another kind or another day
            changes.5.establish.parent PlacementNotPermitted O3: `cell` (`CELL`) may not be a root from `2025-07-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`)
            changes.6.establish.kind NotFound A5: there is no kind of unit `LAKE`: use a code from `orgUnitKinds`
            changes.8.move.parent Cycle O3: `cb-1` is `khoi` or stands below it: choose another parent
            changes.9.move.parent Cycle O3: `so` is `so` or stands below it: choose another parent
            changes.10.move.parent Invalid O5: `so` stands under `khoi` already: leave this change out
            changes.11.move.unit NotFound A5: there is no unit `nobody`: check the code, letter case included, and the day, or search `orgUnits`
            changes.11.move.parent NotFound A5: there is no unit `cu-2`: check the code, letter case included, and the day, or search `orgUnits`
            changes.12.revise Invalid O5: nothing of `cb-2` would change: give a new value, or leave this change out
            changes.13.revise.name Invalid F2: holds the forbidden character `U+202E` at position `0`: remove it
            changes.13.revise.shortName Invalid F2: the text is empty: write something
            changes.13.revise.memberCount Invalid F5: give a value from `0` to `2147483647`
            changes.14.establish.externalIds.0 AlreadyExists O9: the external id `x` `so` belongs to another unit: look that one up by `externalId`, or give another
            changes.14.establish.externalIds.2 Invalid O9: `y 1` is named twice: leave one out
            changes.15.establish.parent NotFound A5: there is no unit `chua-co`: check the code, letter case included, and the day, or search `orgUnits`
            changes.16.establish.parent PlacementNotPermitted O3: `cell` (`CELL`) may not stand under `cell` (`CELL`) from `2025-07-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`)
        "#]],
    );
}

#[test]
fn o2_one_revision_for_each_unit_however_often_it_is_touched() {
    let (forest, planned) = plan_on(
        "2020-12-04",
        "revise so name=A
         move cb-1 under so
         revise so short=S",
    );
    assert!(planned.is_err(), "{}", render(&forest, &planned));
    let (_, planned) = plan_on(
        "2020-12-04",
        "revise cb-1 name=A
         revise so name=Sở
         revise cb-1 name=B short=S members=9
         establish so-2 GRASSROOTS_COMMITTEE under khoi
         move cb-1 under so-2
         revise so name=so",
    );
    let plan = planned.unwrap();
    let touched: Vec<_> = plan.touched.iter().map(|touched| (&*after(touched).code, touched.before.is_some())).collect();
    assert_eq!(touched, [("cb-1", true), ("so-2", false)], "in order of first touch, and not `so`, which is as it was");
    let cell = &plan.touched[0];
    let (cell_after, so_after) = (after(cell), after(&plan.touched[1]));
    assert_eq!(cell.before.as_ref().map(|unit| (&*unit.name, unit.parent)), Some(("cb-1", Some(fixture::id("so")))));
    assert_eq!((&*cell_after.name, cell_after.short_name.as_deref(), cell_after.member_count), ("B", Some("S"), Some(9)));
    assert_eq!(cell_after.parent, Some(fixture::id("so-2")));
    assert_eq!(cell_after.sort_key, text::sort_key("B"), "the place among siblings follows the name");
    assert_eq!((cell_after.version, so_after.version), (2, 1));
    assert_eq!(so_after.established_on, fixture::day("2020-12-04"));
    assert_eq!(plan.changes.len(), 6, "the record tells every change");
}

#[test]
fn o5_what_is_left_out_stays_and_what_is_taken_away_goes() {
    let (_, planned) = plan_on("2020-12-04", "revise so short=S members=40\n revise so name=Sở\n revise so short=- members=0");
    let plan = planned.unwrap();
    let after = after(&plan.touched[0]);
    assert_eq!((&*after.name, &after.short_name, after.member_count), ("Sở", &None, Some(0)));
    let Effect::Revised { fields, .. } = &plan.changes[2].effect else { panic!("a revision") };
    let short = FieldRevision::ShortName { before: Some("S".into()), after: None };
    assert_eq!(*fields, [short, FieldRevision::MemberCount { before: Some(40), after: Some(0) }]);
}

#[test]
fn o3_placement_is_judged_on_the_day_on_which_it_begins() {
    assert!(plan_on("2025-06-30", "establish h-2 DISTRICT under tinh").1.is_ok());
    assert!(plan_on("2025-07-01", "establish h-2 DISTRICT under tinh").1.is_err());
    assert!(plan_on("2025-06-30", "establish x-2 COMMUNE under tinh").1.is_err());
    assert!(plan_on("2025-07-01", "establish x-2 COMMUNE under tinh").1.is_ok());
    assert!(plan_on("2025-07-01", "revise huyen name=H").1.is_ok(), "a placement whose permission has ended stays");
    assert!(plan_on("2025-07-01", "establish xa-9 GRASSROOTS_CELL under huyen").1.is_ok());
}

#[test]
fn o9_an_external_id_passes_from_unit_to_unit_and_is_held_by_one() {
    let (_, planned) = plan_on("2020-12-04", "revise so ext=\n revise dai ext=x:so,a:1");
    let plan = planned.unwrap();
    assert_eq!(plan.touched[0].external_ids, Some(vec![]));
    assert_eq!(plan.touched[1].external_ids, Some(vec![external_id("a", "1"), external_id("x", "so")]));
    let (_, planned) = plan_on("2020-12-04", "revise dai ext=x:so");
    let refusals = planned.unwrap_err();
    assert_eq!(path(&refusals[0]), "changes.0.revise.externalIds.0");
    assert_eq!(refusals.len(), 1, "not that nothing is revised, too");
    assert!(plan_on("2020-12-04", "revise so ext=x:so").1.is_err(), "the same ids are nothing new");
    let (_, planned) = plan_on("2020-12-04", "revise so members=3 ext=x:so");
    assert_eq!(planned.unwrap().touched[0].external_ids, None);
}

#[test]
fn o5_an_empty_batch_is_refused() {
    let (_, planned) = plan_on("2020-12-04", "");
    assert_eq!(path(&planned.unwrap_err()[0]), "changes");
}

#[test]
fn o2_a_code_is_taken_in_every_unicode_form_and_a_text_is_kept_in_nfc() {
    let (forest, kinds) = (fixture::forest(TREE), fixture::kinds());
    let mut taken = taken();
    taken.codes.insert("dang".into(), "ĐẢNG".into());
    let ground = Ground { day: fixture::day("2020-12-04"), forest: &forest, kinds: &kinds, taken: &taken, judgement: Judgement::Asked };
    for again in ["ĐA\u{309}NG", "đảng", "Dang"] {
        let refusals = plan(ground, &changes(&format!("establish {again} CELL under so"))).unwrap_err();
        assert_eq!(path(&refusals[0]), "changes.0.establish.code");
        assert_eq!(refusals[0].words(Locale::En).contains("`ĐẢNG` of a unit"), again != "ĐA\u{309}NG", "{again}: {}", refusals[0]);
    }
    let refusals = plan(ground, &changes("establish moi CELL under so\n establish MOI CELL under so")).unwrap_err();
    assert_eq!(path(&refusals[0]), "changes.1.establish.code");
    let batch = changes("establish ĐA\u{309} CELL under so name=Đa\u{309}ng\n revise ĐẢ members=1");
    let done = plan(ground, &batch).unwrap();
    assert_eq!((&*after(&done.touched[0]).code, &*after(&done.touched[0]).name), ("ĐẢ", "Đảng"));
}

#[test]
fn o5_what_a_batch_names_is_told_before_it_is_planned() {
    let forest = fixture::forest(TREE);
    let batch = changes(
        "establish ĐA\u{309} CELL under x:1 ext=y:1
         revise so ext=z:1
         revise id:dai ext=
         revise cb-1 name=B
         move z:2 under so",
    );
    let named = Named::of(&forest, &batch);
    assert_eq!(named.codes, HashSet::from(["ĐẢ".into()]));
    let external_ids = [("x", "1"), ("y", "1"), ("z", "1"), ("z", "2")].map(|(scheme, value)| external_id(scheme, value));
    assert_eq!(named.external_ids, HashSet::from(external_ids));
    assert_eq!(named.holders, BTreeSet::from([fixture::id("so"), fixture::id("dai")]));
}

#[test]
fn o5_fifty_thousand_changes_are_planned_in_one_batch() {
    let (forest, kinds) = (Forest::default(), fixture::kinds());
    let mut batch = changes("establish tinh PROVINCIAL\n establish khoi BLOC under tinh");
    let rest = (0..49_998).map(|at| match at % 10 {
        0 => change(&format!("establish u{at} GRASSROOTS_COMMITTEE under khoi")),
        ordinal => change(&format!("establish u{at} CELL under u{}", at - ordinal)),
    });
    batch.extend(rest);
    let ground =
        Ground { day: fixture::day("2020-12-04"), forest: &forest, kinds: &kinds, taken: &Taken::default(), judgement: Judgement::Asked };
    let done = plan(ground, &batch).unwrap();
    assert_eq!((done.touched.len(), done.changes.len()), (50_000, 50_000));
    let after = done.forest_after(&forest, &kinds).unwrap();
    assert_eq!(after.subtree(fixture::id("khoi")).map(|places| places.len()), Some(49_999));
    // The 400th change is wrong: nothing is planned, and the path names it.
    batch[399] = change("establish u397 CELL under khoi");
    let refusals = plan(ground, &batch).unwrap_err();
    assert_eq!(refusals.iter().map(path).collect::<Vec<_>>(), ["changes.399.establish.parent"]);
}

#[test]
fn o6_twenty_thousand_endings_are_planned_in_one_batch() {
    let kinds = fixture::kinds();
    let committees = (0..20_000).map(|at| fixture::unit(&format!("u{at}"), "GRASSROOTS_COMMITTEE", Some(fixture::id("khoi"))));
    let cells = (0..20_000).map(|at| fixture::unit(&format!("c{at}"), "CELL", Some(fixture::id(&format!("u{at}")))));
    let units = fixture::units("tinh\n  khoi").into_iter().chain(committees).chain(cells).collect();
    let forest = Forest::build(units, &kinds).unwrap();
    // Each takes over from the one before it, and is split or ends in its turn.
    let batch: Vec<Change> = (0..19_998)
        .map(|at| match at % 3 {
            0 => change(&format!("merge u{at} into u{}", at + 1)),
            1 => change(&format!("dissolve u{at} heir=u{}", at + 1)),
            _ => change(&format!("split u{at} u{at} u{}", at + 1)),
        })
        .collect();
    let done = plan(
        Ground { day: fixture::day("2020-12-04"), forest: &forest, kinds: &kinds, taken: &Taken::default(), judgement: Judgement::Asked },
        &batch,
    )
    .unwrap();
    let after = done.forest_after(&forest, &kinds).unwrap();
    assert_eq!((after.len(), after.all_ended().len(), done.endings.len()), (26_670, 13_332, 19_998));
    assert_eq!(after.standing(fixture::id("u3")), Some(fixture::id("u5")));
}
