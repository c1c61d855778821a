//! What stands in the way of an ending, and where it is told (O6).

use super::*;

#[test]
fn o6_who_takes_over_stands_not_below_a_unit_that_ends() {
    check(
        "2021-02-01",
        "merge so into cb-1
         merge khoi dai into cb-2
         dissolve so heir=cb-1
         dissolve khoi heir=dai children=so
         split so cb-1=cb-2 cb-2=cb-1",
        &expect![[r#"
            changes.0.merge.units.0 Cycle O6: `cb-1` stands below `so`, which ends: take it out first by `move`
            changes.1.merge.units.0 Cycle O6: `cb-2` stands below `khoi`, which ends: take it out first by `move`
            changes.2.dissolve.heir Cycle O6: `cb-1` stands below `so`, which ends: take it out first by `move`
            changes.3.dissolve.childrenTo Cycle O6: `so` stands below `khoi`, which ends: take it out first by `move`
            changes.4.split.into.1.children.0 Cycle O3: `cb-2` is `cb-1` or stands below it: choose another parent
            changes.4.split.into.0.children.0 PlacementNotPermitted O3: `cell` (`CELL`) may not stand under `cell` (`CELL`) from `2021-02-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`)
        "#]],
    );
}

#[test]
fn o6_every_fault_of_a_split_has_its_place() {
    check(
        "2021-02-01",
        "establish so-2 GRASSROOTS_COMMITTEE under khoi
         establish so-3 GRASSROOTS_COMMITTEE under khoi
         split so so-2=cb-1 so-3
         split so so-2=cb-1 so-3=cb-2,cb-1
         split so so-2=dai,cb-1 nobody=cb-2,nobody
         split so so-2=cb-1,cb-2
         split so so-2=cb-1 so-2=cb-2
         split so so so=cb-1
         split nobody so-2 so-9
         split so-2 so-3 dai",
        &expect![[r#"
            changes.2.split.into Invalid O6: `so` ends and the units directly below it would stand nowhere: `cb-2`; say where they go, or move them first
            changes.3.split.into.1.children.1 Invalid F6: `cb-1` is named twice: leave one out
            changes.4.split.into.1.into NotFound A5: there is no unit `nobody`: check the code, letter case included, and the day, or search `orgUnits`
            changes.4.split.into.0.children.0 Invalid O6: `dai` does not stand directly under `so`: name children of it only, or `move` that unit
            changes.4.split.into.1.children.1 NotFound A5: there is no unit `nobody`: check the code, letter case included, and the day, or search `orgUnits`
            changes.5.split.into Invalid O6: a split of `so` takes at least two parts: use `dissolve` with an `heir` for a single successor
            changes.6.split.into.1.into Invalid F6: `so-2` is named twice: leave one out
            changes.7.split.into.1.into Invalid F6: `so` is named twice: leave one out
            changes.8.split.unit NotFound A5: there is no unit `nobody`: check the code, letter case included, and the day, or search `orgUnits`
            changes.8.split.into.1.into NotFound A5: there is no unit `so-9`: check the code, letter case included, and the day, or search `orgUnits`
            changes.9.split.unit Invalid O6: `so-2` begins with this batch and cannot end with it: leave both changes out
        "#]],
    );
}

#[test]
fn o6_children_that_are_left_unplaced_are_refused() {
    check(
        "2021-02-01",
        "dissolve so
         dissolve khoi
         move cb-1 under xa
         move cb-2 under xa
         dissolve so
         dissolve dai",
        &expect![[r#"
            changes.0.dissolve.childrenTo Invalid O6: `so` ends and the units directly below it would stand nowhere: `cb-1`, `cb-2`; say where they go, or move them first
            changes.1.dissolve.childrenTo Invalid O6: `khoi` ends and the units directly below it would stand nowhere: `so`, `dai`; say where they go, or move them first
        "#]],
    );
}

#[test]
fn o6_every_fault_of_an_ending_has_its_place() {
    check(
        "2021-02-01",
        "merge so nobody so into cb-9
         merge into so
         merge so into so
         dissolve so heir=so
         dissolve so heir=dai children=so
         dissolve nobody heir=cb-9 children=cu-9
         merge dai x:so x:nobody into khoi",
        &expect![[r#"
            changes.0.merge.units.1 NotFound A5: there is no unit `nobody`: check the code, letter case included, and the day, or search `orgUnits`
            changes.0.merge.units.2 Invalid F6: `so` is named twice: leave one out
            changes.0.merge.into NotFound A5: there is no unit `cb-9`: check the code, letter case included, and the day, or search `orgUnits`
            changes.1.merge.units Invalid F6: the list is empty: name at least one item
            changes.2.merge.units Invalid O6: only `so` itself is named: name at least one other unit to merge
            changes.3.dissolve.heir Invalid O6: `so` ends and cannot succeed itself: name another unit
            changes.4.dissolve.childrenTo Invalid O6: `so` ends and cannot succeed itself: name another unit
            changes.5.dissolve.unit NotFound A5: there is no unit `nobody`: check the code, letter case included, and the day, or search `orgUnits`
            changes.6.merge.units.2 NotFound A5: there is no unit `x nobody`: check the code, letter case included, and the day, or search `orgUnits`
        "#]],
    );
}

#[test]
fn o6_what_a_batch_ends_is_named_by_no_later_change_of_it() {
    check(
        "2021-02-01",
        "merge so into dai
         merge dai into so
         split khoi khoi so=dai
         dissolve huyen heir=dai children=so
         move xa under so
         establish cb-9 CELL under so
         dissolve so
         reopen so
         reopen cb-1 under so
         kind so BLOC
         revise x:so name=A",
        &expect![[r#"
            changes.0.merge.units.0 PlacementNotPermitted O3: `cell` (`CELL`) may not stand under `grassroots_cell` (`GRASSROOTS_CELL`) from `2021-02-01` on: place it under `grassroots_committee` (`GRASSROOTS_COMMITTEE`), `department_committee` (`DEPARTMENT_COMMITTEE`)
            changes.1.merge.into NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.2.split.into.1.into NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.3.dissolve.childrenTo NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.4.move.parent NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.5.establish.parent NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.6.dissolve.unit NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.7.reopen.unit NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.8.reopen.unit Invalid O6: `cb-1` is active, there is nothing to reopen: leave this change out
            changes.9.changeKind.unit NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.10.revise.unit NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
        "#]],
    );
}

#[test]
fn o6_who_takes_over_and_ends_without_an_heir_is_refused() {
    check(
        "2021-02-01",
        "merge dai into so
         merge cb-1 into cb-2
         dissolve cb-2
         dissolve so children=xa",
        &expect![[r#"
            changes.2.dissolve.heir Invalid O6: `cb-2` takes over from `cb-1` and ends in the same batch without an heir: name an `heir`
            changes.3.dissolve.heir Invalid O6: `so` takes over from `dai` and ends in the same batch without an heir: name an `heir`
        "#]],
    );
}

#[test]
fn o6_a_unit_that_begins_with_a_batch_does_not_end_with_it() {
    check_after(
        &["dissolve cb-1"],
        "establish so-2 GRASSROOTS_COMMITTEE under khoi
         merge dai so-2 into so
         dissolve so-2
         split so-2 so dai
         reopen cb-1
         dissolve cb-1
         split so-2 so-2 dai",
        &expect![[r#"
            changes.1.merge.units.1 Invalid O6: `so-2` begins with this batch and cannot end with it: leave both changes out
            changes.2.dissolve.unit Invalid O6: `so-2` begins with this batch and cannot end with it: leave both changes out
            changes.3.split.unit Invalid O6: `so-2` begins with this batch and cannot end with it: leave both changes out
            changes.5.dissolve.unit Invalid O6: `cb-1` begins with this batch and cannot end with it: leave both changes out
        "#]],
    );
}
