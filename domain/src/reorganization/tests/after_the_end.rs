//! Units that have ended: where they count (C5), what stays theirs, and how they begin again (O6).

use super::*;

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
            changes.3.reopen.unit NotFound A5: there is no unit `nobody`: check the code, letter case included, and the day, or search `orgUnits`
            changes.4.reopen.parent NotFound A5: there is no unit `cb-9`: check the code, letter case included, and the day, or search `orgUnits`
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
            changes.1.establish Invalid F6: `08809571-c0ab-1be9-5aa0-733055d2bec7` is named twice: leave one out
            changes.2.establish Invalid F6: `a68d55c0-338b-5822-836d-bc7972d60575` is named twice: leave one out
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
            changes.2.establish.parent NotFound O6: `so` ended on `2021-01-02`: name its successor, or `reopen` it first
            changes.3.dissolve.unit NotFound O6: `so` ended on `2021-01-02`: name its successor, or `reopen` it first
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
fn o2_a_unit_that_ends_is_kept_as_it_was_before_the_batch() {
    let (forest, planned) = plan_on("2021-02-01", "revise so name=A\n move so under huyen\n move cb-1 under xa\n merge so into xa");
    let plan = planned.unwrap();
    let touched: Vec<_> = plan.touched.iter().map(|touched| (touched.unit, touched.after.is_some())).collect();
    assert_eq!(touched, [("so", false), ("cb-1", true), ("cb-2", true)].map(|(code, stays)| (fixture::id(code), stays)));
    assert_eq!(plan.touched[0].before.as_deref(), forest.unit(fixture::id("so")));
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
fn c5_the_last_of_several_endings_says_who_the_heir_is() {
    check_after(
        &["merge so into xa", "reopen so\n establish so-2 GRASSROOTS_COMMITTEE under huyen"],
        "split so so so-2
         dissolve so
         split dai dai xa
         dissolve dai heir=so-2",
        &expect![[r#"
            tinh
              khoi
              huyen
                so-2
                xa
                  cb-1
                  cb-2
            - dai to so-2 at so-2
            - so at khoi
        "#]],
    );
}
