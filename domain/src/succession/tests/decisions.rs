//! S4: what a batch decides otherwise.

use expect_test::expect;

use super::{TREE, check};

const BOOKS: &str = "
r of=D
  a Pending
s of=E
  a Pending
";

#[test]
fn s4_to_one_successor_only() {
    check(TREE, BOOKS, "split a into b:a1 c\n decide a transfer c of=D", &expect![[""]]);
}

#[test]
fn s4_released_by_decision() {
    check(TREE, BOOKS, "split a into b:a1 c\n decide a release for=s", &expect![[""]]);
}

#[test]
fn s4_the_first_that_fits_wins() {
    check(TREE, BOOKS, "merge a,b into b\n decide a release of=E\n decide a transfer b", &expect![[""]]);
    check(TREE, BOOKS, "merge a,b into b\n decide a transfer b\n decide a release of=E", &expect![[""]]);
}

#[test]
fn s4_a_unit_above_stands_for_all_below_that_end_are_split_or_leave() {
    check(
        TREE,
        "
r
  a Pending
  a1 Pending
  b Pending
  c Pending
",
        "dissolve a1
         move b under huyen
         split c into c a
         decide khoi release",
        &expect![[""]],
    );
}

#[test]
fn s4_kept_while_the_unit_is_away() {
    check(TREE, "r\n  a Pending\n  a1 Pending\ns\n  a Pending\n", "move a under huyen\n decide a keep of=D for=r", &expect![[""]]);
}

#[test]
fn s4_what_is_kept_lasts_until_the_unit_comes_back() {
    let books = "r\n  a Pending kept\n";
    let away = "move a under huyen\n then\n";
    check(TREE, books, &format!("{away} move a under tinh"), &expect![[""]]);
    check(TREE, books, &format!("{away} move a under khoi"), &expect![[""]]);
    check(TREE, books, &format!("{away} move a under khoi\n then\n move a under huyen"), &expect![[""]]);
}

#[test]
fn s4_what_is_kept_passes_to_successors_outside() {
    let away = "move a under huyen\n then\n";
    check(TREE, "r\n  a InProgress kept\n", &format!("{away} merge a,d into d"), &expect![[""]]);
    check(TREE, "r\n  a InProgress kept\n  b Pending\n", &format!("{away} split a into b d:a1"), &expect![[""]]);
    check(TREE, "r\n  a Pending kept\n", &format!("{away} split a into b d:a1\n decide a transfer d"), &expect![[""]]);
}

#[test]
fn s4_to_keep_has_no_effect_where_nothing_leaves() {
    let plain = super::outcome(TREE, BOOKS, "merge a,b into b");
    assert_eq!(super::outcome(TREE, BOOKS, "merge a,b into b\n decide a keep"), plain);
    assert_eq!(super::outcome(TREE, BOOKS, "merge a,b into b\n decide c keep of=E"), plain, "c is not touched at all");
    assert!(super::outcome(TREE, BOOKS, "merge a into d\n decide a keep").contains("HeirOutside"), "who ends does not leave");
}

#[test]
fn s4_who_stays_in_a_split_keeps_its_own_whatever_is_decided() {
    let batch = "split a into a b c";
    check(TREE, BOOKS, &format!("{batch}\n decide a release of=D\n decide a transfer c"), &expect![[""]]);
    // It leaves as well: that it stays does not bind it outside (B6).
    let batch = format!("{batch}\n move a under huyen\n decide a transfer b of=D\n decide a keep of=E");
    check(TREE, BOOKS, &batch, &expect![[""]]);
}

#[test]
fn s4_a_decision_that_cannot_be_followed_is_refused_where_it_stands() {
    check(
        TREE,
        "
r of=D
  a Pending
  b Pending
s of=E issuer=a
  a Pending
t of=F
  c Pending
",
        "split a into b d:a1
         dissolve c
         decide c release of=D,F for=r,t
         decide a transfer c of=D
         decide a transfer d of=D
         decide c transfer b
         decide huyen release
         decide khoi transfer huyen for=s
         decide b transfer c
         decide a release why= of=E",
        &expect![[""]],
    );
}

#[test]
fn s4_a_unit_that_goes_on_has_no_successors() {
    check(TREE, "r\n  a Pending\n  a1 Pending\n", "move a under huyen\n decide a1 transfer d", &expect![[""]]);
    check(TREE, "r\n  b Pending\n  a Pending\n", "move b under huyen\n merge a into c\n decide khoi transfer c", &expect![[""]]);
}
