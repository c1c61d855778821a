//! How units end and begin again: every sentence of O6, and where ended units count (C5).

use super::*;

/// What a batch does to the tree that earlier batches left.
fn check_after(earlier: &[&str], batch: &str, expected: &Expect) {
    let forest = tree_after(earlier);
    expected.assert_eq(&render(&forest, &plan_upon(&forest, Judgement::Asked, "2021-02-01", &changes(batch))));
}

/// The endings of a batch: who, how, to whom, and whether it stays.
fn endings(batch: &str) -> Vec<(String, SuccessionKind, Vec<String>, bool)> {
    let (forest, planned) = plan_on("2021-02-01", batch);
    let plan = planned.unwrap();
    let after = plan.forest_after(&forest, &fixture::kinds()).unwrap();
    let codes = |units: &[UnitId]| units.iter().map(|unit| after.code_of(*unit)).collect();
    plan.endings.iter().map(|ending| (after.code_of(ending.unit), ending.kind, codes(&ending.heirs), ending.stays)).collect()
}

fn told(unit: &str, kind: SuccessionKind, heirs: &[&str], stays: bool) -> (String, SuccessionKind, Vec<String>, bool) {
    (unit.to_owned(), kind, heirs.iter().map(|heir| (*heir).to_owned()).collect(), stays)
}

#[test]
fn o6_merged_units_end_and_their_children_go_under_what_they_become() {
    check(
        "2021-02-01",
        "establish so-2 GRASSROOTS_COMMITTEE under khoi
         merge so dai into so-2",
        &expect![[r#"
            tinh
              khoi
                so-2 *
                  cb-1 *
                  cb-2 *
              huyen
                xa
            - dai to so-2 at so-2
            - so to so-2 at so-2
        "#]],
    );
}

#[test]
fn o6_one_of_the_merged_units_may_absorb_the_others() {
    check(
        "2021-02-01",
        "merge dai so into so",
        &expect![[r#"
            tinh
              khoi
                so
                  cb-1
                  cb-2
              huyen
                xa
            - dai to so at so
        "#]],
    );
}

#[test]
fn o6_a_merge_of_a_unit_and_its_parent_ends_both() {
    check(
        "2021-02-01",
        "establish so-2 GRASSROOTS_COMMITTEE under huyen
         merge so cb-1 into so-2",
        &expect![[r#"
            tinh
              khoi
                dai
              huyen
                so-2 *
                  cb-2 *
                xa
            - cb-1 to so-2 at so-2
            - so to so-2 at so-2
        "#]],
    );
}

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
            changes.0.merge.units.0 Cycle O6: `cb-1` stands below `so`, which ends: `move` it out first
            changes.1.merge.units.0 Cycle O6: `cb-2` stands below `khoi`, which ends: `move` it out first
            changes.2.dissolve.heir Cycle O6: `cb-1` stands below `so`, which ends: `move` it out first
            changes.3.dissolve.childrenTo Cycle O6: `so` stands below `khoi`, which ends: `move` it out first
            changes.4.split.into.1.children.0 Cycle O3: `cb-2` is `cb-1` or stands below it: choose another parent
            changes.4.split.into.0.children.0 PlacementNotPermitted O3: `cell` (CELL) may not stand under `cell` (CELL) from `2021-02-01` on: place it under `grassroots_committee` (GRASSROOTS_COMMITTEE), `department_committee` (DEPARTMENT_COMMITTEE)
        "#]],
    );
}

#[test]
fn o6_a_child_that_is_moved_out_first_takes_over() {
    check(
        "2021-02-01",
        "kind cb-1 GRASSROOTS_COMMITTEE under khoi
         merge so into cb-1",
        &expect![[r#"
            tinh
              khoi
                cb-1 *
                  cb-2 *
                dai
              huyen
                xa
            - so to cb-1 at cb-1
        "#]],
    );
}

#[test]
fn o6_a_split_deals_out_the_children() {
    check(
        "2021-02-01",
        "establish so-2 GRASSROOTS_COMMITTEE under khoi
         establish so-3 GRASSROOTS_COMMITTEE under huyen
         split so so-2=cb-2 so-3=cb-1",
        &expect![[r#"
            tinh
              khoi
                so-2 *
                  cb-2 *
                dai
              huyen
                so-3 *
                  cb-1 *
                xa
            - so to so-2, so-3 at khoi
        "#]],
    );
}

#[test]
fn o6_a_split_may_keep_the_unit_and_what_it_does_not_name() {
    check(
        "2021-02-01",
        "establish so-2 GRASSROOTS_COMMITTEE under khoi
         establish so-3 GRASSROOTS_COMMITTEE under khoi
         split so so so-2=cb-2 so-3",
        &expect![[r#"
            tinh
              khoi
                so
                  cb-1
                so-2 *
                  cb-2 *
                so-3 *
                dai
              huyen
                xa
        "#]],
    );
}

#[test]
fn o6_a_part_may_be_a_child_of_the_unit() {
    check(
        "2021-02-01",
        "kind cb-1 DEPARTMENT_COMMITTEE
         split so so cb-1=cb-2",
        &expect![[r#"
            tinh
              khoi
                so
                  cb-1 *
                    cb-2 *
                dai
              huyen
                xa
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
            changes.3.split.into.1.children.1 Invalid -: `cb-1` is named twice: leave one out
            changes.4.split.into.1.into NotFound A5: there is no unit `nobody` that you may see: check it, or ask for the right to read it
            changes.4.split.into.0.children.0 Invalid O6: `dai` does not stand directly under `so`: name children of it only, or `move` that unit
            changes.4.split.into.1.children.1 NotFound A5: there is no unit `nobody` that you may see: check it, or ask for the right to read it
            changes.5.split.into Invalid O6: a split of `so` takes at least two parts: for a single successor use `dissolve` with an `heir`
            changes.6.split.into.1.into Invalid -: `so-2` is named twice: leave one out
            changes.7.split.into.1.into Invalid -: `so` is named twice: leave one out
            changes.8.split.unit NotFound A5: there is no unit `nobody` that you may see: check it, or ask for the right to read it
            changes.8.split.into.1.into NotFound A5: there is no unit `so-9` that you may see: check it, or ask for the right to read it
            changes.9.split.unit Invalid O6: `so-2` begins with this batch and cannot end with it: leave both changes out
        "#]],
    );
}

#[test]
fn o6_children_of_a_dissolved_unit_go_to_its_heir() {
    check(
        "2021-02-01",
        "establish so-2 GRASSROOTS_COMMITTEE under khoi
         dissolve so heir=so-2
         dissolve huyen heir=khoi",
        &expect![[r#"
            tinh
              khoi
                so-2 *
                  cb-1 *
                  cb-2 *
                xa *
                dai
            - huyen to khoi at khoi
            - so to so-2 at so-2
        "#]],
    );
}

#[test]
fn o6_children_of_a_dissolved_unit_go_where_the_change_says() {
    check(
        "2021-02-01",
        "establish so-2 GRASSROOTS_COMMITTEE under huyen
         dissolve so heir=dai children=so-2
         dissolve khoi children=huyen",
        &expect![[r#"
            tinh
              huyen
                so-2 *
                  cb-1 *
                  cb-2 *
                xa
                dai *
            - khoi at tinh
            - so to dai at dai
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
            changes.0.merge.units.1 NotFound A5: there is no unit `nobody` that you may see: check it, or ask for the right to read it
            changes.0.merge.units.2 Invalid -: `so` is named twice: leave one out
            changes.0.merge.into NotFound A5: there is no unit `cb-9` that you may see: check it, or ask for the right to read it
            changes.1.merge.units Invalid -: the list is empty: name at least one item
            changes.2.merge.units Invalid O6: only `so` itself is named: name at least one other unit to merge
            changes.3.dissolve.heir Invalid O6: `so` ends and cannot succeed itself: name another unit
            changes.4.dissolve.childrenTo Invalid O6: `so` ends and cannot succeed itself: name another unit
            changes.5.dissolve.unit NotFound A5: there is no unit `nobody` that you may see: check it, or ask for the right to read it
            changes.6.merge.units.2 NotFound A5: there is no unit `x nobody` that you may see: check it, or ask for the right to read it
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
            changes.0.merge.units.0 PlacementNotPermitted O3: `cell` (CELL) may not stand under `grassroots_cell` (GRASSROOTS_CELL) from `2021-02-01` on: place it under `grassroots_committee` (GRASSROOTS_COMMITTEE), `department_committee` (DEPARTMENT_COMMITTEE)
            changes.1.merge.into NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.2.split.into.1.into NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.3.dissolve.childrenTo NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.4.move.parent NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.5.establish.parent NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.6.dissolve.unit NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.7.reopen.unit NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.8.reopen.unit Invalid O6: `cb-1` is active, there is nothing to reopen: leave this change out
            changes.9.changeKind.unit NotFound O6: `so` ends with change `0` of this batch: put this change before it, or name its successor
            changes.10.revise.unit NotFound O6: `x so` ends with change `0` of this batch: put this change before it, or name its successor
        "#]],
    );
}

#[test]
fn o6_who_takes_over_may_end_later_in_the_batch_with_an_heir() {
    check(
        "2021-02-01",
        "merge dai into so
         merge so into xa",
        &expect![[r#"
            tinh
              khoi
              huyen
                xa
                  cb-1 *
                  cb-2 *
            - dai to so at xa
            - so to xa at xa
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

#[test]
fn o6_a_reopened_unit_takes_the_name_and_kind_that_it_ended_with() {
    check_after(
        &["revise so name=Sở", "merge so into xa", "revise xa name=Xã"],
        "reopen so",
        &expect![[r#"
            tinh
              khoi
                so `Sở` *
                dai
              huyen
                xa `Xã`
                  cb-1
                  cb-2
        "#]],
    );
}

#[test]
fn o6_a_reopened_unit_takes_the_given_parent() {
    check_after(
        &["merge so into xa"],
        "reopen so under huyen",
        &expect![[r#"
            tinh
              khoi
                dai
              huyen
                so *
                xa
                  cb-1
                  cb-2
        "#]],
    );
}

#[test]
fn o6_former_children_do_not_come_back() {
    check_after(
        &["dissolve cb-1", "dissolve so children=xa"],
        "reopen so
         reopen cb-1
         revise so name=A
         merge xa into so",
        &expect![[r#"
            tinh
              khoi
                so `A` *
                  cb-1 *
                  cb-2 *
                dai
              huyen
            - xa to so at so
        "#]],
    );
}

#[test]
fn o6_a_reopened_parent_comes_before_its_child() {
    check_after(
        &["merge so cb-1 into xa"],
        "reopen so
         reopen cb-1
         move cb-2 under so",
        &expect![[r#"
            tinh
              khoi
                so *
                  cb-1 *
                  cb-2 *
                dai
              huyen
                xa
        "#]],
    );
}

#[test]
fn o6_only_a_unit_that_has_ended_is_reopened_under_an_active_parent() {
    check_after(
        &["merge so cb-1 into xa", "dissolve dai"],
        "reopen xa
         reopen cb-1
         reopen cb-1 under so
         reopen nobody
         reopen dai under cb-9
         reopen dai
         reopen dai under huyen",
        &expect![[r#"
            changes.0.reopen.unit Invalid O6: `xa` is active, there is nothing to reopen: leave this change out
            changes.1.reopen.parent Invalid O6: `so`, the last parent of `cb-1`, has ended: name a `parent`
            changes.2.reopen.parent NotFound O6: `so` ended on `2021-01-01`: name its successor, or `reopen` it first
            changes.3.reopen.unit NotFound A5: there is no unit `nobody` that you may see: check it, or ask for the right to read it
            changes.4.reopen.parent NotFound A5: there is no unit `cb-9` that you may see: check it, or ask for the right to read it
            changes.6.reopen.unit Invalid O6: `dai` is active, there is nothing to reopen: leave this change out
        "#]],
    );
}

#[test]
fn o6_a_root_is_reopened_as_a_root() {
    check_after(
        &["establish tw CENTRAL\n establish tinh-2 PROVINCIAL under tw", "merge tinh into tinh-2"],
        "reopen tinh",
        &expect![[r#"
            tw
              tinh-2
                khoi
                  so
                    cb-1
                    cb-2
                  dai
                huyen
                  xa
            tinh *
        "#]],
    );
}

#[test]
fn o2_the_code_of_an_ended_unit_stays_taken() {
    check_after(
        &["merge so into xa"],
        "establish so GRASSROOTS_COMMITTEE under khoi id=so-2
         establish so-3 GRASSROOTS_COMMITTEE under khoi id=so
         establish so-4 GRASSROOTS_COMMITTEE under khoi id=dai",
        &expect![[r#"
            changes.0.establish.code AlreadyExists O2: the code `so` belongs to a unit, active or ended: choose another
            changes.1.establish Invalid -: `08809571-c0ab-1be9-5aa0-733055d2bec7` is named twice: leave one out
            changes.2.establish Invalid -: `a68d55c0-338b-5822-836d-bc7972d60575` is named twice: leave one out
        "#]],
    );
}

#[test]
fn o6_an_ended_unit_is_named_with_the_day_on_which_it_ended() {
    check_after(
        &["revise dai name=D", "merge so into xa"],
        "move so under huyen
         merge dai into so
         establish cb-9 CELL under id:so
         dissolve x:so",
        &expect![[r#"
            changes.0.move.unit NotFound O6: `so` ended on `2021-01-02`: name its successor, or `reopen` it first
            changes.1.merge.into NotFound O6: `so` ended on `2021-01-02`: name its successor, or `reopen` it first
            changes.2.establish.parent NotFound O6: `08809571-c0ab-1be9-5aa0-733055d2bec7` ended on `2021-01-02`: name its successor, or `reopen` it first
            changes.3.dissolve.unit NotFound O6: `x so` ended on `2021-01-02`: name its successor, or `reopen` it first
        "#]],
    );
}

#[test]
fn c5_the_place_is_the_only_heir_else_the_last_parent() {
    check_after(
        &["dissolve cb-1 heir=dai", "dissolve cb-2", "split so xa dai", "merge dai into khoi"],
        "merge khoi into huyen",
        &expect![[r#"
            tinh
              huyen
                xa
            - cb-1 to dai at huyen
            - cb-2 at huyen
            - dai to khoi at huyen
            - khoi to huyen at huyen
            - so to xa, dai at huyen
        "#]],
    );
}

#[test]
fn c5_a_unit_that_takes_over_from_its_parent_and_is_split_with_it_has_a_place() {
    check_after(
        &["dissolve cb-1 heir=khoi", "establish cb-3 CELL under so"],
        "move so under huyen
         dissolve khoi heir=so children=huyen
         split so xa=cb-3,cb-2 dai",
        &expect![[r#"
            tinh
              huyen
                xa
                  cb-2 *
                  cb-3 *
                dai *
            - cb-1 to khoi at tinh
            - khoi to so at tinh
            - so to xa, dai at tinh
        "#]],
    );
}

#[test]
fn c5_a_root_without_an_heir_leads_nowhere() {
    check_after(
        &["establish t1 PROVINCIAL\n establish t2 BLOC under t1"],
        "dissolve t2
         dissolve t1",
        &expect![[r#"
            tinh
              khoi
                so
                  cb-1
                  cb-2
                dai
              huyen
                xa
            - t1 nowhere
            - t2 nowhere
        "#]],
    );
}

#[test]
fn c5_the_place_follows_a_unit_that_is_reopened() {
    check_after(
        &["merge cb-1 into so", "merge so into xa"],
        "reopen so",
        &expect![[r#"
            tinh
              khoi
                so *
                dai
              huyen
                xa
                  cb-2
            - cb-1 to so at so
        "#]],
    );
}

#[test]
fn o6_a_batch_records_who_takes_over_from_whom() {
    let of_all = endings(
        "establish so-2 GRASSROOTS_COMMITTEE under khoi
         establish so-3 GRASSROOTS_COMMITTEE under khoi
         merge cb-1 cb-2 so-2 into so-2
         split so so so-2 so-3
         split so so-3 so-2
         dissolve dai heir=so-3
         dissolve xa",
    );
    let expected = [
        told("cb-1", SuccessionKind::Merge, &["so-2"], false),
        told("cb-2", SuccessionKind::Merge, &["so-2"], false),
        told("so", SuccessionKind::Split, &["so-2", "so-3"], true),
        told("so", SuccessionKind::Split, &["so-3", "so-2"], false),
        told("dai", SuccessionKind::Heir, &["so-3"], false),
        told("xa", SuccessionKind::Heir, &[], false),
    ];
    assert_eq!(of_all, expected);
}

#[test]
fn o6_the_record_tells_where_children_went_but_not_of_units_that_end_with_their_parent() {
    let (_, planned) = plan_on("2021-02-01", "establish so-2 GRASSROOTS_COMMITTEE under huyen\n merge so cb-1 into so-2");
    let unit = fixture::id;
    let moved = Moved { unit: unit("cb-2"), from: Some(unit("so")), to: Some(unit("so-2")) };
    let effect = Effect::Merged { units: vec![unit("so"), unit("cb-1")], into: unit("so-2"), children: vec![moved] };
    assert_eq!(planned.unwrap().changes[1].effect, effect);
}

#[test]
fn o2_a_unit_that_ends_is_kept_as_it_was_before_the_batch() {
    let (forest, planned) = plan_on("2021-02-01", "revise so name=A\n move so under huyen\n move cb-1 under xa\n merge so into xa");
    let plan = planned.unwrap();
    let touched: Vec<_> = plan.touched.iter().map(|touched| (touched.unit, touched.after.is_some())).collect();
    assert_eq!(touched, [("so", false), ("cb-1", true), ("cb-2", true)].map(|(code, stays)| (fixture::id(code), stays)));
    assert_eq!(plan.touched[0].before.as_ref(), forest.unit(fixture::id("so")));
    let after = plan.forest_after(&forest, &fixture::kinds()).unwrap();
    let ended = after.ended(fixture::id("so")).unwrap();
    assert_eq!((&ended.unit, ended.ended_on), (forest.unit(fixture::id("so")).unwrap(), fixture::day("2021-02-01")));
    assert_eq!(after.ended_at(fixture::id("xa")), [fixture::id("so")]);
}

#[test]
fn o2_the_version_of_a_reopened_unit_goes_on() {
    let forest = tree_after(&["revise so name=A", "merge so into xa"]);
    let plan = plan_upon(&forest, Judgement::Asked, "2021-02-01", &changes("reopen so\n revise so name=B")).unwrap();
    let so = after(&plan.touched[0]);
    assert_eq!((so.version, &*so.name, plan.touched[0].before.as_ref()), (3, "B", None));
    assert_eq!(so.established_on, fixture::day(fixture::ESTABLISHED_ON), "it is the same unit");
}

#[test]
fn o9_external_ids_of_an_ended_unit_stay_with_it() {
    let forest = tree_after(&["merge so into xa"]);
    let of = |batch: &str| plan_upon(&forest, Judgement::Asked, "2021-02-01", &changes(batch));
    let refusals = of("revise dai ext=x:so").unwrap_err();
    assert_eq!(path(&refusals[0]), "changes.0.revise.externalIds.0");
    let plan = of("reopen x:so\n revise so ext=\n revise dai ext=x:so").unwrap();
    let held: Vec<_> = plan.touched.iter().map(|touched| touched.external_ids.clone().unwrap().len()).collect();
    assert_eq!(held, [0, 1]);
    let named = Named::of(&forest, &changes("reopen so\n revise so ext=a:1"));
    assert_eq!(named.holders, BTreeSet::from([fixture::id("so")]), "what it holds is looked up, though it has ended");
}

#[test]
fn o5_what_every_kind_of_change_refers_to_is_told_before_it_is_planned() {
    let batch = changes(
        "move a:1 under a:2
         kind a:3 CELL under a:4
         merge a:5 a:6 into a:7
         dissolve a:10 heir=a:11 children=a:12
         reopen a:13 under a:14",
    );
    let part = |into, child| SplitPart { into: unit_ref(into), children: vec![unit_ref(child)] };
    let split = Change::Split(Split { unit: unit_ref("a:8"), into: vec![part("a:9", "a:15"), part("a:16", "a:17")] });
    let named = Named::of(&fixture::forest(TREE), &[batch, vec![split]].concat());
    assert_eq!(named.external_ids, (1..=17).map(|value| external_id("a", &value.to_string())).collect());
}
