//! Over which units of the tree before the batch a change takes rights (A2).

use super::*;

/// What each change takes, as `PATH over UNIT`, where `*` is the whole forest.
fn over(forest: &Forest, batch: &str) -> Vec<String> {
    let plan = plan_upon(forest, Judgement::Asked, "2021-02-01", &changes(batch)).unwrap();
    let told = |over: &Over| {
        let place = over.at.lead(crate::refusal::InputRefusal::NothingGiven.into());
        format!("{} over {}", path(&place), over.unit.map_or("*".to_owned(), |unit| forest.code_of(unit)))
    };
    plan.changes.iter().map(|change| change.over.iter().map(told).collect::<Vec<_>>().join(", ")).collect()
}

#[test]
fn a2_each_change_tells_over_which_standing_units_it_needs_rights() {
    let over = over(
        &fixture::forest(TREE),
        "establish tw CENTRAL
         establish tinh-2 PROVINCIAL under tw
         establish so-2 GRASSROOTS_COMMITTEE under khoi
         establish cb-3 CELL under so-2
         move cb-1 under so-2
         move cb-3 under so
         move tinh under tw
         revise cb-3 name=B
         revise cb-2 name=B",
    );
    let expected = [
        "parent over *",
        "parent over *",
        "parent over khoi",
        "parent over khoi",
        "unit over so, parent over khoi",
        "unit over khoi, parent over so",
        "unit over *, parent over *",
        "unit over khoi",
        "unit over cb-2",
    ];
    assert_eq!(over, expected);
}

#[test]
fn a2_a_unit_that_ends_leaves_its_place_and_who_takes_over_is_named_too() {
    let over = over(
        &fixture::forest(TREE),
        "establish so-2 GRASSROOTS_COMMITTEE under huyen
         kind cb-1 GRASSROOTS_CELL under khoi
         kind so-2 BLOC under tinh
         kind so-2 GRASSROOTS_COMMITTEE under huyen
         merge so cb-2 dai into so-2
         split so-2 so-2 xa
         split xa khoi so-2",
    );
    let expected = [
        "parent over huyen",
        "unit over so, parent over khoi",
        "unit over huyen, parent over tinh",
        "unit over tinh, parent over huyen",
        "into over huyen, units.0 over khoi, units.1 over so, units.2 over khoi",
        "unit over huyen, into.0.into over huyen, into.1.into over xa",
        "unit over huyen, into.0.into over khoi, into.1.into over huyen",
    ];
    assert_eq!(over, expected);
}

#[test]
fn a2_a_dissolution_takes_rights_over_the_parent_the_heir_and_who_takes_the_children() {
    let over = over(&fixture::forest(TREE), "dissolve so heir=xa children=xa\n dissolve dai\n dissolve huyen heir=khoi");
    assert_eq!(over, ["unit over khoi, heir over xa, childrenTo over xa", "unit over khoi", "unit over tinh, heir over khoi"]);
}

#[test]
fn a2_who_ends_a_root_needs_the_whole_forest() {
    let forest = tree_after(&["establish tinh-2 PROVINCIAL"]);
    assert_eq!(over(&forest, "merge tinh into tinh-2"), ["into over tinh-2, units.0 over *"]);
    assert_eq!(over(&forest, "dissolve tinh-2"), ["unit over *"]);
    assert_eq!(
        over(&forest, "establish tinh-3 PROVINCIAL\n split tinh tinh=khoi tinh-3=huyen")[1],
        "unit over tinh, into.0.into over tinh, into.1.into over *"
    );
    assert_eq!(over(&forest, "kind tinh-2 CENTRAL"), ["unit over *"]);
}

#[test]
fn a2_a_reopened_unit_leaves_the_place_at_which_it_counted() {
    let forest = tree_after(&["merge so cb-1 into xa", "establish tinh-2 PROVINCIAL", "dissolve tinh-2"]);
    let over = over(&forest, "reopen so under huyen\n reopen cb-1\n revise cb-1 name=A\n establish cb-9 CELL under so\n reopen tinh-2");
    let expected = [
        "unit over xa, parent over huyen",
        "unit over xa, parent over huyen",
        "unit over huyen",
        "parent over huyen",
        "unit over *, parent over *",
    ];
    assert_eq!(over, expected);
}
