//! S1–S3, S5, S6: units that end or are split.

use expect_test::expect;

use super::{TREE, check};

#[test]
fn s1_open_obligations_of_merged_units_become_one_with_the_latest_date() {
    check(
        TREE,
        "
r
  a Acknowledged due=2025-10-01
  b Pending due=2025-11-01
s
  a Pending
",
        "establish n GRASSROOTS_COMMITTEE under khoi
         merge a,b into n",
        &expect![[r#"
            `r a` passes to n (Merged)
            `r b` passes to n (Merged)
            `s a` passes to n (Merged)
            new `r n`: Pending, due 2025-11-01, after `r a`, after `r b`
            new `s n`: Pending, due 2025-12-31, after `s a`
        "#]],
    );
}

#[test]
fn s1_no_date_is_the_latest() {
    check(
        TREE,
        "r\n  a Pending due=-\n  b Pending\n",
        "merge a,b into b",
        &expect![[r#"
        `r a` passes to b (Merged)
        `r b` follows `r a`: no date
    "#]],
    );
}

#[test]
fn s1_who_takes_over_goes_on_with_what_was_begun() {
    for state in ["Pending", "Acknowledged", "InProgress", "Reported", "Returned"] {
        let books = format!("r\n  a {state}\n  b Acknowledged\n");
        let text = super::outcome(TREE, &books, "establish n GRASSROOTS_COMMITTEE under khoi\n merge a,b into n");
        let begun = matches!(state, "InProgress" | "Reported" | "Returned");
        assert_eq!(text.contains("new `r n`: InProgress"), begun, "{state}: {text}");
        assert_eq!(text.contains("new `r n`: Pending"), !begun, "{state}: {text}");
    }
}

#[test]
fn s1_a_report_that_waits_and_was_in_time_gives_a_grace() {
    check(
        TREE,
        "
in-time grace=20 due=2025-06-30
  a Reported reported=2025-06-30
  b Pending due=2025-07-02
too-late grace=20 due=2025-06-30
  a Reported reported=2025-07-01
not-waiting grace=20 due=2025-06-30
  a Returned reported=2025-06-01
own-date-is-later grace=20 due=2025-06-30
  a Reported reported=2025-06-30
  b Pending due=2025-09-01
own-has-none grace=20 due=-
  b Pending
  a Reported reported=2025-06-30 due=2025-06-30
",
        "merge a,b into b",
        &expect![[r#"
            `in-time a` passes to b (Merged)
            `too-late a` passes to b (Merged)
            `not-waiting a` passes to b (Merged)
            `own-date-is-later a` passes to b (Merged)
            `own-has-none a` passes to b (Merged)
            `in-time b` follows `in-time a`: due 2025-07-21
            new `too-late b`: InProgress, due 2025-06-30, after `too-late a`
            new `not-waiting b`: InProgress, due 2025-06-30, after `not-waiting a`
            `own-date-is-later b` follows `own-date-is-later a`: due 2025-09-01
            `own-has-none b` follows `own-has-none a`: no date
        "#]],
    );
}

#[test]
fn s1_an_open_one_of_the_successor_is_linked_and_a_closed_one_releases() {
    check(
        TREE,
        "
r
  a InProgress due=2026-01-31
  b Pending
fulfilled
  a Pending
  b Fulfilled
exempt
  a Pending
  b Exempt
gone
  a Pending
  b Transferred
",
        "merge a,b into b",
        &expect![[r#"
            `r a` passes to b (Merged)
            `fulfilled a` is released (HeirClosed)
            `exempt a` is released (HeirClosed)
            `gone a` is released (HeirClosed)
            `r b` follows `r a`: due 2026-01-31
        "#]],
    );
}

#[test]
fn s1_periods_are_apart() {
    check(
        TREE,
        "
r period=2025-07
  a Pending period=2025-05
  a Pending period=2025-06
  b Fulfilled period=2025-05
  b Pending period=2025-07
",
        "merge a,b into b",
        &expect![[r#"
            `r a 2025-05` is released (HeirClosed)
            `r a 2025-06` passes to b (Merged)
            new `r b 2025-06`: Pending, due 2025-12-31, after `r a 2025-06`
        "#]],
    );
}

#[test]
fn s1_a_successor_outside_the_issuers_subtree_gets_none() {
    check(
        TREE,
        "
r
  a Pending
p issuer=tinh
  a Pending
",
        "merge a into d",
        &expect![[r#"
            `r a` is released (HeirOutside)
            `p a` passes to d (Merged)
            new `p d`: Pending, due 2025-12-31, after `p a`
        "#]],
    );
}

#[test]
fn s2_each_part_gets_one_that_is_open() {
    check(
        TREE,
        "
r
  a InProgress
both-closed
  a Pending
  b Fulfilled
  c Exempt
one-closed
  a Pending
  b Fulfilled
",
        "split a into b:a1 c",
        &expect![[r#"
            `r a` passes to b, c (SplitUp)
            `both-closed a` is released (HeirClosed)
            `one-closed a` passes to c (SplitUp)
            new `r b`: InProgress, due 2025-12-31, after `r a`
            new `r c`: InProgress, due 2025-12-31, after `r a`
            new `one-closed c`: Pending, due 2025-12-31, after `one-closed a`
        "#]],
    );
}

#[test]
fn s2_a_part_outside_gets_none_and_the_others_do() {
    check(
        TREE,
        "r\n  a Pending\n",
        "split a into d:a1 c",
        &expect![[r#"
        `r a` passes to c (SplitUp)
        new `r c`: Pending, due 2025-12-31, after `r a`
    "#]],
    );
}

#[test]
fn s2_who_stays_keeps_its_own_and_each_other_part_gets_a_linked_one() {
    check(
        TREE,
        "
r
  a Reported due=2025-06-30 reported=2025-06-30
done
  a Fulfilled
other-is-done
  a Pending
  b Fulfilled
",
        "establish n GRASSROOTS_COMMITTEE under khoi
         split a into a n:a1 b",
        &expect![[r#"
            new `r n`: InProgress, due 2025-07-31, after `r a`
            new `r b`: InProgress, due 2025-07-31, after `r a`
            new `other-is-done n`: Pending, due 2025-12-31, after `other-is-done a`
        "#]],
    );
}

#[test]
fn s3_a_dissolved_unit_leaves_what_is_open_to_its_heir() {
    check(
        TREE,
        "r\n  a Pending\n  b Pending\ns\n  a Returned\n",
        "dissolve a heir b",
        &expect![[r#"
        `r a` passes to b (Inherited)
        `s a` passes to b (Inherited)
        `r b` follows `r a`: due 2025-12-31
        new `s b`: InProgress, due 2025-12-31, after `s a`
    "#]],
    );
}

#[test]
fn s3_without_an_heir_what_is_open_is_released() {
    check(
        TREE,
        "r\n  a Pending\n  b Pending\n  a1 Pending\n",
        "dissolve a children b",
        &expect![[r#"
        `r a` is released (NoHeir)
    "#]],
    );
}

#[test]
fn s5_what_is_closed_stays_with_the_unit_that_closed_it() {
    check(
        TREE,
        "
r
  a Fulfilled
s
  a Exempt
t
  a Released cause=Decided
u
  a Lapsed
",
        "merge a,b into b",
        &expect![[r#"
            nothing happens
        "#]],
    );
}

#[test]
fn s6_a_chain_is_followed_to_an_active_unit() {
    check(
        TREE,
        "
r
  a Pending
  b Fulfilled
s
  a Pending
  b InProgress
",
        "merge a,b into b
         merge b,c into c",
        &expect![[r#"
            `r a` passes to c (Merged)
            `s a` passes to c (Merged)
            `s b` passes to c (Merged)
            new `r c`: Pending, due 2025-12-31, after `r a`
            new `s c`: InProgress, due 2025-12-31, after `s a`, after `s b`
        "#]],
    );
}

#[test]
fn s6_endings_act_in_their_order() {
    let books = "r\n  a Pending\n  b Pending\n";
    check(
        TREE,
        books,
        "merge a,b into b\n split b into b c",
        &expect![[r#"
        `r a` passes to b, c (Merged)
        `r b` follows `r a`: due 2025-12-31
        new `r c`: Pending, due 2025-12-31, after `r a`, after `r b`
    "#]],
    );
    check(
        TREE,
        books,
        "split b into b c\n merge a,b into b",
        &expect![[r#"
        `r a` passes to b (Merged)
        `r b` follows `r a`: due 2025-12-31
        new `r c`: Pending, due 2025-12-31, after `r b`
    "#]],
    );
    check(
        TREE,
        "r\n  b Pending\n",
        "split b into b c\n dissolve b heir a",
        &expect![[r#"
        `r b` passes to c, a (Inherited)
        new `r c`: Pending, due 2025-12-31, after `r b`
        new `r a`: Pending, due 2025-12-31, after `r b`
    "#]],
    );
}

#[test]
fn s6_what_is_closed_again_by_an_earlier_batch_is_not_touched() {
    check(
        TREE,
        "r\n  a Transferred\n  b Pending\n",
        "merge a,b into b\n then\n dissolve b heir c",
        &expect![[r#"
        `r b` passes to c (Inherited)
        new `r c`: Pending, due 2025-12-31, after `r b`
    "#]],
    );
}

#[test]
fn s6_a_correction_follows_a_successor_that_a_later_batch_has_ended() {
    use super::*;
    let after = |forest: &Forest, batch: &str| shifted(forest, &batch.lines().map(|line| change(line.trim())).collect::<Vec<_>>());
    // In April `b` went into `c`. In June it becomes known that in March `a` had gone into `b`, and `d` had been carved out of `c`.
    let (april, march) = ("dissolve b heir c", "merge a,b into b\n split c into c d");
    let forest = fixture::forest(TREE);
    let (without, _) = after(&forest, april);
    let (corrected, endings) = after(&forest, march);
    let (with, _) = after(&corrected, april);
    let shift = Shift { day: day(TODAY), without: &without, with: &with, endings: &endings };
    let books = Books::read("r issuer=tinh\n  a Pending\n  c InProgress\n");
    let estate = Estate { shift, bonds: &books.bonds, held: &books.held(), predecessors: &HashMap::new() };
    let done = plan_succession(estate, &[], Judgement::Asked).unwrap();
    let told = done.iter().map(|one| told(&books, &with, one)).collect::<Vec<_>>().join("\n");
    expect![[r#"
        `r a` passes to c (Merged)
        `r c` follows `r a`: due 2025-12-31
        new `r d`: InProgress, due 2025-12-31, after `r c`"#]]
    .assert_eq(&told);
}
