//! Where a unit may stand: judged by the day and after the whole batch (O1, O3).

use super::*;

#[test]
fn o3_a_placement_is_judged_as_the_batch_leaves_it() {
    check(
        "2021-02-01",
        "move cb-1 under khoi
         kind cb-1 GRASSROOTS_CELL
         kind so BLOC under tinh
         merge cb-2 into cb-1",
        &expect![[r#"
            tinh
              khoi
                cb-1 *
                dai
              so *
              huyen
                xa
            - cb-2 to cb-1 at cb-1
        "#]],
    );
}

#[test]
fn o3_a_change_of_kind_is_judged_for_the_unit_and_for_its_children() {
    check(
        "2021-02-01",
        "kind so DEPARTMENT_COMMITTEE
         kind huyen GRASSROOTS_COMMITTEE
         kind dai DEPARTMENT_COMMITTEE under xa
         kind cb-1 LAKE
         kind cb-2 CELL
         kind cb-2 CELL under so
         kind tinh BLOC
         kind nobody CELL under cb-9
         kind khoi CENTRAL under so",
        &expect![[r#"
            changes.0.changeKind.kind PlacementNotPermitted O3: `department_committee` (`DEPARTMENT_COMMITTEE`) may not stand under `bloc` (`BLOC`) from `2021-02-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`)
            changes.1.changeKind.kind PlacementNotPermitted O3: `grassroots_committee` (`GRASSROOTS_COMMITTEE`) may not stand under `grassroots_committee` (`GRASSROOTS_COMMITTEE`) from `2021-02-01` on: place it under `provincial` (`PROVINCIAL`), `bloc` (`BLOC`), `district` (`DISTRICT`), `commune` (`COMMUNE`)
            changes.3.changeKind.kind NotFound A5: there is no kind of unit `LAKE`: use a code from `orgUnitKinds`
            changes.4.changeKind.kind Invalid O5: nothing of `cb-2` would change: give a new value, or leave this change out
            changes.5.changeKind.kind Invalid O5: nothing of `cb-2` would change: give a new value, or leave this change out
            changes.6.changeKind.kind PlacementNotPermitted O3: `bloc` (`BLOC`) may not be a root from `2021-02-01` on: place it under `central` (`CENTRAL`), `provincial` (`PROVINCIAL`)
            changes.6.changeKind.kind PlacementNotPermitted O3: `bloc` (`BLOC`) may not stand under `bloc` (`BLOC`) from `2021-02-01` on: place it under `central` (`CENTRAL`), `provincial` (`PROVINCIAL`)
            changes.7.changeKind.unit NotFound A5: there is no unit `nobody`: check the code, letter case included, and the day, or search `orgUnits`
            changes.7.changeKind.parent NotFound A5: there is no unit `cb-9`: check the code, letter case included, and the day, or search `orgUnits`
            changes.8.changeKind.parent Cycle O3: `so` is `khoi` or stands below it: choose another parent
        "#]],
    );
}

#[test]
fn o3_what_a_later_change_places_is_told_there() {
    check(
        "2021-02-01",
        "move cb-1 under khoi
         revise cb-1 name=A
         move cb-1 under tinh
         merge so into dai
         kind xa DEPARTMENT_COMMITTEE
         move xa under dai
         kind dai GRASSROOTS_COMMITTEE
         kind dai CELL",
        &expect![[r#"
            changes.2.move.parent PlacementNotPermitted O3: `cell` (`CELL`) may not stand under `provincial` (`PROVINCIAL`) from `2021-02-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`)
            changes.7.changeKind.kind PlacementNotPermitted O3: `cell` (`CELL`) may not stand under `cell` (`CELL`) from `2021-02-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`)
            changes.7.changeKind.kind PlacementNotPermitted O3: `department_committee` (`DEPARTMENT_COMMITTEE`) may not stand under `cell` (`CELL`) from `2021-02-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`)
            changes.7.changeKind.kind PlacementNotPermitted O3: `cell` (`CELL`) may not stand under `bloc` (`BLOC`) from `2021-02-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`)
        "#]],
    );
}

#[test]
fn o3_what_comes_under_a_unit_after_its_change_of_kind_is_told_where_it_came() {
    check(
        "2021-02-01",
        "kind dai DEPARTMENT_COMMITTEE under so\n move xa under dai",
        &expect![[r#"
        changes.1.move.parent PlacementNotPermitted O3: `grassroots_committee` (`GRASSROOTS_COMMITTEE`) may not stand under `department_committee` (`DEPARTMENT_COMMITTEE`) from `2021-02-01` on: place it under `provincial` (`PROVINCIAL`), `bloc` (`BLOC`), `district` (`DISTRICT`), `commune` (`COMMUNE`)
    "#]],
    );
}

#[test]
fn o3_an_ending_places_children_where_they_may_stand() {
    check(
        "2021-02-01",
        "establish h-2 DISTRICT under tinh
         merge so into dai
         split khoi h-2=dai huyen=
         dissolve huyen children=tinh",
        &expect![[r#"
            changes.1.merge.units.0 PlacementNotPermitted O3: `cell` (`CELL`) may not stand under `grassroots_cell` (`GRASSROOTS_CELL`) from `2021-02-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`)
            changes.3.dissolve.heir Invalid O6: `huyen` takes over from `khoi` and ends in the same batch without an heir: name an `heir`
        "#]],
    );
}

#[test]
fn o3_placements_of_every_change_are_judged_on_the_day_on_which_they_begin() {
    let batches = [
        "move huyen under tinh-2",
        "kind khoi DISTRICT",
        "merge tinh into tinh-2",
        "split tinh tinh=khoi tinh-2=huyen",
        "dissolve tinh children=tinh-2",
        "reopen h-2",
    ];
    let forest = tree_after(&["establish tinh-2 PROVINCIAL\n establish h-2 DISTRICT under tinh-2", "dissolve h-2"]);
    for batch in batches {
        assert!(plan_upon(&forest, Judgement::Asked, "2025-06-30", &changes(batch)).is_ok(), "{batch}");
        let refusals = plan_upon(&forest, Judgement::Asked, "2025-07-01", &changes(batch)).unwrap_err();
        assert_eq!(refusals.iter().map(|no| no.rule()).collect::<Vec<_>>(), ["O3"], "{batch}");
        assert!(plan_upon(&forest, Judgement::Planned, "2025-07-01", &changes(batch)).is_err(), "{batch}: it did not hold before either");
        assert!(plan_upon(&forest, Judgement::TakenBack, "2025-07-01", &changes(batch)).is_ok(), "{batch}: it stood there once");
    }
}

#[test]
fn o3_a_placement_that_nothing_changes_stays_though_its_permission_has_ended() {
    let (day, forest) = ("2025-07-01", fixture::forest(TREE));
    for batch in
        ["revise huyen name=H", "move huyen under tw\n move huyen under tinh", "kind tinh CENTRAL\n kind tinh PROVINCIAL", "dissolve xa"]
    {
        let batch = format!("establish tw CENTRAL\n {batch}");
        assert!(plan_upon(&forest, Judgement::Asked, day, &changes(&batch)).is_ok(), "{batch}");
    }
    assert!(plan_upon(&forest, Judgement::Asked, day, &changes("kind tinh CENTRAL")).is_err(), "the district stands under another kind");
}

#[test]
fn o3_what_ends_in_the_batch_stands_nowhere() {
    assert!(plan_on("2021-02-01", "move cb-1 under khoi\n dissolve cb-1").1.is_ok());
    assert!(plan_on("2021-02-01", "kind huyen CELL under so\n merge huyen into khoi").1.is_ok());
}

#[test]
fn o5_a_planned_change_that_has_become_true_is_no_fault() {
    let forest = fixture::forest(TREE);
    for batch in
        ["move cb-1 under so", "kind so GRASSROOTS_COMMITTEE under khoi", "revise so name=so", "move so under khoi\n move so under huyen"]
    {
        let batch = changes(batch);
        assert!(plan_upon(&forest, Judgement::Asked, "2021-02-01", &batch).is_err(), "{batch:?}");
        for judgement in [Judgement::Planned, Judgement::Enacted, Judgement::TakenBack] {
            let plan = plan_upon(&forest, judgement, "2021-02-01", &batch).unwrap();
            assert_eq!(plan.changes.len(), batch.len());
        }
    }
    let plan = plan_upon(&forest, Judgement::Planned, "2021-02-01", &changes("move cb-1 under so\n revise so name=so")).unwrap();
    assert_eq!(plan.touched, []);
}
