//! How units end: merged, split, dissolved (O6).

use super::*;

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
