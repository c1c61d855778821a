//! B4 and B6: units that come and go.

use expect_test::expect;

use super::{TREE, check};

#[test]
fn b4_a_new_unit_in_the_scope_is_bound_with_a_grace() {
    check(
        TREE,
        "
all grace=30
  a Pending
soon grace=30 due=2025-07-05
none due=-
children reach=Children
of-a anchor=a reach=Children
province issuer=tinh anchor=huyen
",
        "establish n CELL under a",
        &expect![[r#"
            new `all n`: Pending, due 2025-12-31, Late
            new `soon n`: Pending, due 2025-07-31, Late
            new `none n`: Pending, no date, Late
            new `of-a n`: Pending, due 2025-12-31, Late
        "#]],
    );
}

#[test]
fn b4_not_after_the_date_and_not_where_it_says_so() {
    check(
        TREE,
        "
on-the-day due=2025-07-01
passed due=2025-06-30
closed-to-late late=no
",
        "establish n CELL under a",
        &expect![[r#"
            new `on-the-day n`: Pending, due 2025-07-31, Late
        "#]],
    );
}

#[test]
fn b4_who_moves_or_becomes_of_another_kind_may_come_into_the_scope() {
    check(
        TREE,
        "r anchor=b\n  c Pending\n",
        "move a under b",
        &expect![[r#"
        new `r a`: Pending, due 2025-12-31, Late
        new `r a1`: Pending, due 2025-12-31, Late
    "#]],
    );
    check(
        TREE,
        "r issuer=tinh kinds=CELL\n",
        "kind c CELL",
        &expect![[r#"
        new `r c`: Pending, due 2025-12-31, Late
    "#]],
    );
    check(TREE, "r\n", "move a under b", &expect![["nothing happens\n"]]);
    check(
        TREE,
        "r subtrees=a include=a1,c\n",
        "move a1 under b\n move c under b",
        &expect![[r#"
        new `r a1`: Pending, due 2025-12-31, Late, Included
    "#]],
    );
}

#[test]
fn b4_who_is_included_is_late_too_when_it_begins_again() {
    let tree = TREE;
    check(
        tree,
        "r reach=Itself include=a1 period=2025-07\n",
        "dissolve a1\n then\n reopen a1 under b",
        &expect![[r#"
        new `r a1 2025-07`: Pending, due 2025-12-31, Included
    "#]],
    );
}

#[test]
fn b4_the_whole_batch_is_compared_not_its_steps() {
    check(TREE, "r anchor=a\n  a1 Pending\n", "move a1 under b\n move a1 under a", &expect![["nothing happens\n"]]);
}

#[test]
fn b4_a_successor_is_not_bound_anew_where_a_predecessor_ever_had_it() {
    check(
        TREE,
        "
done
  a Fulfilled
released
  b Released cause=Decided
never
  c Pending
other-period period=2025-07
  a Fulfilled period=2025-06
",
        "establish n GRASSROOTS_COMMITTEE under khoi
         merge a,b into n",
        &expect![[r#"
            new `never n`: Pending, due 2025-12-31, Late
            new `other-period n 2025-07`: Pending, due 2025-12-31, Late
        "#]],
    );
    check(
        TREE,
        "r anchor=c\n  a Fulfilled\n",
        "merge a,b into b
         then
         split b into b d
         then
         move d under c",
        &expect![["nothing happens\n"]],
    );
}

#[test]
fn b4_who_comes_back_takes_the_same_obligation_up_again() {
    check(
        TREE,
        "
left late=no due=2025-01-31 anchor=c reach=Itself
  a Released cause=Left due=2025-02-28
in-time
  a Released cause=Left due=2025-07-01
  a1 Released cause=NoHeir due=-
decided
  a Released cause=Decided
closed
  a Released cause=HeirClosed
outside
  a Released cause=HeirOutside
annulled
  a Released cause=Annulled
gone
  a Transferred cause=Merged
",
        "move a under huyen
         then
         move a under b",
        &expect![[r#"
            `left a` is bound again: due 2025-07-31
            `in-time a` is bound again: due 2025-07-01
            `in-time a1` is bound again: no date
            new `decided a1`: Pending, due 2025-12-31, Late
            new `closed a1`: Pending, due 2025-12-31, Late
            new `outside a1`: Pending, due 2025-12-31, Late
            new `annulled a1`: Pending, due 2025-12-31, Late
            new `gone a1`: Pending, due 2025-12-31, Late
        "#]],
    );
}

#[test]
fn b4_a_reopened_unit_takes_up_what_was_released_without_an_heir() {
    let books = "
alone
  a Released cause=NoHeir due=2025-03-01
heir
  a Transferred cause=Inherited
outside
  a Released cause=HeirOutside
new
";
    check(
        TREE,
        books,
        "dissolve a children b\n then\n reopen a under khoi",
        &expect![[r#"
        `alone a` is bound again: due 2025-07-31
        new `new a`: Pending, due 2025-12-31, Late
    "#]],
    );
    check(TREE, books, "dissolve a children b\n then\n reopen a under huyen", &expect![["nothing happens\n"]]);
}

#[test]
fn b6_who_leaves_the_issuers_subtree_is_released_from_what_is_open() {
    check(
        TREE,
        "
r
  a Reported
  a1 Pending
  b Pending
done
  a Fulfilled
  a1 Exempt
province issuer=tinh
  a Pending
",
        "move a under huyen",
        &expect![[r#"
            `r a` is released (Left)
            `r a1` is released (Left)
        "#]],
    );
}

#[test]
fn b6_who_leaves_the_scope_but_not_the_subtree_stays_bound() {
    check(TREE, "r anchor=a kinds=CELL\n  a1 Pending\n", "move a1 under b", &expect![["nothing happens\n"]]);
}

#[test]
fn b6_the_place_of_an_issuer_that_has_ended_stands_for_it() {
    let books = "
r
  a Pending
  b Pending
  d Released cause=Left
";
    check(
        TREE,
        books,
        "dissolve khoi heir huyen children tinh\n move a under huyen",
        &expect![[r#"
        `r b` is released (Left)
        `r d` is bound again: due 2025-12-31
    "#]],
    );
    // Without an heir its last parent stands for it.
    check(
        TREE,
        books,
        "dissolve khoi children huyen",
        &expect![[r#"
        `r d` is bound again: due 2025-12-31
    "#]],
    );
}

#[test]
fn b6_a_scope_whose_anchor_has_ended_covers_nobody_anew() {
    let books = "
of-a anchor=a issuer=tinh
of-khoi issuer=tinh anchor=khoi
";
    check(
        TREE,
        books,
        "dissolve a heir b\n then\n establish n CELL under b",
        &expect![[r#"
        new `of-khoi n`: Pending, due 2025-12-31, Late
    "#]],
    );
}

#[test]
fn b4_a_scope_binds_only_as_far_as_the_issuers_place_reaches() {
    // The anchor has left: who comes under it is bound when it is back.
    let books = "r anchor=a reach=Children\n";
    let away = "move a under huyen\n then\n establish n CELL under a";
    check(TREE, books, away, &expect![["nothing happens\n"]]);
    check(
        TREE,
        books,
        &format!("{away}\n then\n move a under khoi"),
        &expect![[r#"
        new `r a1`: Pending, due 2025-12-31, Late
        new `r n`: Pending, due 2025-12-31, Late
    "#]],
    );
    // The issuer's place has come to the anchor.
    check(
        TREE,
        books,
        &format!("{away}\n then\n dissolve khoi heir huyen"),
        &expect![[r#"
        new `r a1`: Pending, due 2025-12-31, Late
        new `r n`: Pending, due 2025-12-31, Late
    "#]],
    );
}

#[test]
fn c5_somebody_stands_for_every_issuer() {
    use super::*;
    let forest = fixture::forest(&format!("{TREE}\ntinh-2 PROVINCIAL"));
    let told = |batch: &str| {
        let batch: Vec<Change> = batch.lines().map(|line| change(line.trim())).collect();
        let (with, endings) = shifted(&forest, &batch);
        let shift = Shift { day: day(TODAY), without: &forest, with: &with, endings: &endings };
        let refusals = shift.check_issuers(&[id("khoi"), id("tinh"), id("tinh"), id("never")]).err().unwrap_or_default();
        refusals.iter().map(|no| format!("{:?} {}", no.rule(), no.words(Locale::En))).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(told("dissolve khoi children tinh"), "");
    assert_eq!(told("dissolve tinh heir tinh-2"), "");
    assert_eq!(told("split tinh into tinh tinh-2"), "");
    assert!(told("dissolve tinh children tinh-2").starts_with("\"C5\" directives of `tinh` are in force"));
    assert!(told("establish tinh-3 PROVINCIAL\n split tinh into tinh-2:khoi,huyen tinh-3").contains("`tinh`"));
    let fallen = told("dissolve tinh children tinh-2\n dissolve khoi children tinh-2");
    assert!(fallen.contains("`khoi`") && fallen.contains("`tinh`"), "its last parent has ended, too: {fallen}");
}
